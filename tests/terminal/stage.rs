//! The real program in a pseudo-terminal, with nothing of this machine's
//! surroundings, and an emulator that shows what it drew.

use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};
use std::io::{Read, Write};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::Duration;

/// No condition takes longer than this, even on a busy machine.
const LIMIT: Duration = Duration::from_secs(40);

pub struct Stage {
    pub home: tempfile::TempDir,
    pub raw: Vec<u8>,
    child: Box<dyn Child + Send + Sync>,
    master: Box<dyn MasterPty + Send>,
    writer: Box<dyn Write + Send>,
    bytes: Receiver<Vec<u8>>,
    parser: vt100::Parser,
    modes: String,
    deaf: Arc<AtomicBool>,
}

impl Stage {
    /// `madoguchi` with these arguments and variables.
    pub fn open(home: tempfile::TempDir, args: &[&str], variables: &[(&str, &str)]) -> Self {
        let program = env!("CARGO_BIN_EXE_madoguchi");
        Self::open_program(home, program, args, variables)
    }

    pub fn open_program(
        home: tempfile::TempDir,
        program: &str,
        args: &[&str],
        variables: &[(&str, &str)],
    ) -> Self {
        let size = PtySize {
            rows: 24,
            cols: 80,
            pixel_width: 0,
            pixel_height: 0,
        };
        let pair = native_pty_system().openpty(size).unwrap();
        let modes = format!("{:?}", pair.master.get_termios());
        let mut command = CommandBuilder::new(program);
        command.args(args);
        command.env_clear();
        command.cwd(home.path());
        for name in ["HOME", "TMPDIR"] {
            command.env(name, home.path());
        }
        command.env("PATH", "/usr/bin:/bin");
        command.env("TERM", "xterm-256color");
        command.env("LANG", "C.UTF-8");
        for (name, value) in variables {
            command.env(name, value);
        }
        let child = pair.slave.spawn_command(command).unwrap();
        drop(pair.slave);
        let mut reader = pair.master.try_clone_reader().unwrap();
        let writer = pair.master.take_writer().unwrap();
        let (tx, bytes) = channel();
        let deaf = Arc::new(AtomicBool::new(false));
        let ignored = Arc::clone(&deaf);
        std::thread::spawn(move || {
            let mut buffer = [0; 8192];
            while !ignored.load(Ordering::SeqCst)
                && let Ok(n @ 1..) = reader.read(&mut buffer)
            {
                if tx.send(buffer[..n].to_vec()).is_err() {
                    return;
                }
            }
        });
        Self {
            home,
            raw: Vec::new(),
            child,
            master: pair.master,
            writer,
            bytes,
            parser: vt100::Parser::new(24, 80, 0),
            modes,
            deaf,
        }
    }

    pub fn send(&mut self, keys: &[u8]) {
        self.writer.write_all(keys).unwrap();
        self.writer.flush().unwrap();
    }

    pub fn screen(&self) -> String {
        self.parser.screen().contents()
    }

    fn take(&mut self, limit: Duration) -> Result<(), RecvTimeoutError> {
        let bytes = self.bytes.recv_timeout(limit)?;
        self.parser.process(&bytes);
        self.raw.extend(bytes);
        Ok(())
    }

    /// Takes what comes next.
    pub fn more(&mut self) {
        if let Err(error) = self.take(LIMIT) {
            panic!("nothing more ({error}):\n{}", self.screen());
        }
    }

    /// Takes what comes within a moment.
    pub fn moment(&mut self, moment: Duration) {
        while self.take(moment).is_ok() {}
    }

    /// Waits until the screen shows all of `words`.
    pub fn shows(&mut self, words: &[&str]) {
        self.until(&format!("{words:?}"), |screen| {
            words.iter().all(|word| screen.contains(word))
        });
    }

    pub fn until(&mut self, what: &str, fits: impl Fn(&str) -> bool) {
        while !fits(&self.screen()) {
            if let Err(error) = self.take(LIMIT) {
                panic!("no {what} ({error}):\n{}", self.screen());
            }
        }
    }

    pub fn resize(&mut self, cols: u16, rows: u16) {
        self.resize_unseen(cols, rows);
        self.parser.screen_mut().set_size(rows, cols);
    }

    /// Something else writes over the screen.
    pub fn scribble(&mut self, bytes: &[u8]) {
        self.parser.process(bytes);
    }

    /// The cells as they look, without the clock, and the cursor.
    pub fn picture(&self) -> (Vec<String>, (u16, u16)) {
        let screen = self.parser.screen();
        let (rows, cols) = screen.size();
        let look = |y: u16, x: u16| {
            let cell = screen.cell(y, x)?;
            let text = cell.contents();
            let seen = !text.trim().is_empty() || cell.inverse() || cell.underline();
            let clock = y == 0 && x + 6 >= cols;
            (seen && !clock).then(|| {
                let how = (cell.bold(), cell.inverse(), cell.underline());
                format!("{x}{text}{how:?}{:?}", cell.fgcolor())
            })
        };
        let row = |y| (0..cols).filter_map(|x| look(y, x)).collect();
        ((0..rows).map(row).collect(), screen.cursor_position())
    }

    /// Takes what comes within a moment without looking at it: the emulator
    /// has sizes that it cannot be.
    pub fn unseen(&mut self, moment: Duration) {
        while let Ok(bytes) = self.bytes.recv_timeout(moment) {
            self.raw.extend(bytes);
        }
    }

    /// The size for the program alone.
    pub fn resize_unseen(&mut self, cols: u16, rows: u16) {
        let size = PtySize {
            rows,
            cols,
            pixel_width: 0,
            pixel_height: 0,
        };
        self.master.resize(size).unwrap();
    }

    /// Whether the program's screen stands, and not the shell's.
    pub fn alternate(&self) -> bool {
        self.parser.screen().alternate_screen()
    }

    /// The line modes as they are now, and as they were before it all.
    pub fn line_modes(&self) -> (String, String) {
        (
            format!("{:?}", self.master.get_termios()),
            self.modes.clone(),
        )
    }

    /// The process on the terminal.
    pub fn id(&self) -> u32 {
        self.child.process_id().unwrap()
    }

    pub fn signal(&self, signal: rustix::process::Signal) {
        kill(self.child.process_id().unwrap(), signal);
    }

    /// Waits for the end; the exit code, after all its bytes were taken.
    pub fn end(&mut self) -> u32 {
        loop {
            match self.take(LIMIT) {
                Ok(()) => {}
                Err(RecvTimeoutError::Disconnected) => break,
                Err(RecvTimeoutError::Timeout) => panic!("does not end:\n{}", self.screen()),
            }
        }
        self.child.wait().unwrap().exit_code()
    }

    /// Nothing the program writes is read any more.
    pub fn stop_reading(&mut self) {
        self.deaf.store(true, Ordering::SeqCst);
    }

    /// The exit code, if the program has ended.
    pub fn ended(&mut self) -> Option<u32> {
        self.child.try_wait().unwrap().map(|end| end.exit_code())
    }

    /// The line's modes are as they were.
    pub fn assert_line_modes(&self) {
        let after = format!("{:?}", self.master.get_termios());
        assert_eq!(after, self.modes, "line modes");
    }

    /// Every mode is as it was, and the terminal got every sequence that
    /// takes back what was set.
    pub fn assert_restored(&self) {
        self.assert_line_modes();
        let text = String::from_utf8_lossy(&self.raw);
        for (set, taken_back) in [
            ("\x1b[?1049h", "\x1b[?1049l"),
            ("\x1b[?2004h", "\x1b[?2004l"),
            ("\x1b[?25l", "\x1b[?25h"),
        ] {
            let back = text.rfind(taken_back);
            assert!(back.is_some(), "{taken_back:?} missing");
            assert!(back > text.rfind(set), "{set:?} after the end");
        }
        assert!(!self.parser.screen().alternate_screen());
    }
}

impl Drop for Stage {
    fn drop(&mut self) {
        let _ = self.child.kill();
    }
}

pub fn kill(id: u32, signal: rustix::process::Signal) {
    let id = rustix::process::Pid::from_raw(id.cast_signed()).unwrap();
    let _ = rustix::process::kill_process(id, signal);
}

/// Waits until `done`, looking again and again without burning the machine.
pub fn wait_until(what: &str, mut done: impl FnMut() -> bool) {
    let (_keep, never) = channel::<()>();
    for _ in 0..4000 {
        if done() {
            return;
        }
        let _ = never.recv_timeout(Duration::from_millis(10));
    }
    panic!("never: {what}");
}

/// The names in a folder that begin with `prefix`.
pub fn names(folder: &Path, prefix: &str) -> Vec<String> {
    std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
        .filter(|name| name.starts_with(prefix))
        .collect()
}
