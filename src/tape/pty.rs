//! The same tape against real processes: the stand-in over TLS, the desk
//! service, and the front end in a pseudo-terminal.
//!
//! Time is real here, so tapes that let much of it pass are skipped by name.

mod keys;
mod seat;

use super::grid::Grid;
use super::own;
use super::stage::{Done, Stage, Trouble};
use super::step::Head;
use crate::front::keys::Keymap;
use crate::front::keys::key::Key;
use seat::Seat;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

/// Longer sleeps need a virtual clock.
pub const LONGEST_SLEEP: Duration = Duration::from_secs(5);
/// A `Wait` gives up after this.
const LONGEST_WAIT: Duration = Duration::from_secs(20);
/// An `Expect` may take this long to come true: the desk answers when it can.
const SOON: Duration = Duration::from_secs(5);
/// Sets the clock the processes show; for tapes only.
pub const CLOCK_VARIABLE: &str = "MADOGUCHI_CLOCK";

/// Real processes of one tape; ended when dropped.
pub struct Processes {
    program: PathBuf,
    head: Head,
    folder: tempfile::TempDir,
    central: Option<Child>,
    desk: Option<Child>,
    seats: Vec<Seat>,
    current: usize,
    settings: String,
}

impl Processes {
    /// Starts everything with `program`, the madoguchi binary.
    pub fn start(program: &Path, head: &Head) -> Result<Self, String> {
        let folder =
            tempfile::tempdir().map_err(|e| format!("作業フォルダーを作れません（{e}）"))?;
        let mut processes = Self {
            program: program.to_owned(),
            head: head.clone(),
            folder,
            central: None,
            desk: None,
            seats: Vec::new(),
            current: 0,
            settings: String::new(),
        };
        processes.start_central()?;
        processes.write_settings()?;
        processes.start_desk()?;
        processes.open_seat()?;
        Ok(processes)
    }

    fn state(&self) -> PathBuf {
        self.folder.path().join("state")
    }

    fn settings_file(&self) -> PathBuf {
        self.folder.path().join("madoguchi.toml")
    }

    fn command(&self) -> Command {
        let mut command = Command::new(&self.program);
        command
            .env_clear()
            .env("PATH", "/usr/bin:/bin")
            .env("HOME", self.folder.path())
            .env("LANG", "C.UTF-8")
            .env(CLOCK_VARIABLE, self.head.clock.to_string())
            .stdin(Stdio::null())
            .stderr(Stdio::null());
        command
    }

    fn start_central(&mut self) -> Result<(), String> {
        let mut command = self.command();
        command
            .args(["simulator", "central", "--listen", "127.0.0.1:0", "--data"])
            .arg(self.state());
        command.args([
            "--people",
            &self.head.people.to_string(),
            "--seed",
            &self.head.seed.to_string(),
        ]);
        if let Some(dir) = &self.head.fixtures {
            command.arg("--fixtures").arg(dir);
        }
        let mut child = command
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|e| format!("模擬の中央システムを始められません（{e}）"))?;
        // What the stand-in prints below the mark is the desk's settings.
        let mut settings = String::new();
        if let Some(out) = child.stdout.take() {
            let mut wanted = false;
            for line in BufReader::new(out).lines().map_while(Result::ok) {
                wanted |= line.starts_with("[facility]");
                if wanted {
                    settings.push_str(&line);
                    settings.push('\n');
                }
                if line.starts_with("extensions") {
                    break;
                }
            }
        }
        self.central = Some(child);
        self.settings = settings;
        if self.settings.is_empty() {
            Err("模擬の中央システムがすぐ終わりました".into())
        } else {
            Ok(())
        }
    }

    fn write_settings(&self) -> Result<(), String> {
        use std::os::unix::fs::OpenOptionsExt;
        let password = self.folder.path().join("password");
        let keymap = own::keymap(&self.head.keymap)?;
        let keymap = if Keymap::builtin(keymap.name()).is_some() {
            keymap.name().to_owned()
        } else {
            // The settings lie elsewhere.
            std::path::absolute(keymap.name())
                .map_err(|e| format!("キー割り当ての場所が分かりません（{e}）"))?
                .display()
                .to_string()
        };
        let text = format!(
            "keymap = {}\n{}\n[central.account]\nuser = \"A0001\"\npassword-file = \"{}\"\n\
             [desk]\nname = \"受付1\"\nautostart = false\n[theme]\nambiguous = \"{}\"\n\
             [outage]\nprobe-seconds = 5\njitter-seconds = 0\n",
            toml::Value::String(keymap),
            self.settings,
            password.display(),
            if self.head.wide == Some(true) {
                "wide"
            } else {
                "narrow"
            },
        );
        let save = |path: &Path, text: &str| {
            std::fs::OpenOptions::new()
                .write(true)
                .create(true)
                .truncate(true)
                .mode(0o600)
                .open(path)
                .and_then(|mut file| std::io::Write::write_all(&mut file, text.as_bytes()))
                .map_err(|e| format!("設定を書けません（{e}）"))
        };
        save(&password, "Onshi*A0001*api")?;
        save(&self.settings_file(), &text)
    }

    fn start_desk(&mut self) -> Result<(), String> {
        let mut command = self.command();
        command
            .args(["desk", "--foreground", "--config"])
            .arg(self.settings_file());
        command.arg("--data").arg(self.folder.path().join("desk"));
        let child = command
            .stdout(Stdio::null())
            .spawn()
            .map_err(|e| format!("窓口サービスを始められません（{e}）"))?;
        self.desk = Some(child);
        Ok(())
    }

    fn open_seat(&mut self) -> Result<(), String> {
        let seat = self.new_seat(self.head.size)?;
        self.seats.push(seat);
        Ok(())
    }

    fn new_seat(&self, size: (u16, u16)) -> Result<Seat, String> {
        let mut command = portable_pty::CommandBuilder::new(&self.program);
        command.env_clear();
        for (name, value) in [
            ("TERM", "xterm-256color"),
            ("LANG", "C.UTF-8"),
            ("PATH", "/usr/bin:/bin"),
        ] {
            command.env(name, value);
        }
        command.env("HOME", self.folder.path());
        command.env(CLOCK_VARIABLE, self.head.clock.to_string());
        command.arg("--config");
        command.arg(self.settings_file());
        command.arg("--data");
        command.arg(self.folder.path().join("desk"));
        if self.head.plain {
            command.arg("--plain");
        }
        let seat = Seat::open(command, size)?;
        // A person types when there is a screen to look at.
        let drawn = |grid: &Grid| grid.rows.iter().any(|row| row.contains("窓口"));
        let first = seat.until(SOON, &mut |grid| drawn(grid));
        if drawn(&first) {
            Ok(seat)
        } else {
            Err(format!("最初の画面が出ません\n{}", first.framed()))
        }
    }

    fn seat(&mut self) -> &mut Seat {
        &mut self.seats[self.current]
    }

    fn write(&mut self, bytes: &[u8]) -> Done {
        self.seat().write(bytes).map_err(Trouble::Failed)
    }
}

impl Stage for Processes {
    fn key(&mut self, key: Key) -> Done {
        let bytes = keys::bytes(key);
        self.write(&bytes)?;
        if bytes == b"\x1b" {
            // A lone Esc is held for a moment: what follows at once would be
            // taken for the rest of a torn sequence.
            self.seat().pause(Duration::from_millis(150));
        }
        Ok(())
    }

    fn characters(&mut self, text: &str, _at_once: bool) -> Done {
        self.write(text.as_bytes())
    }

    fn paste(&mut self, text: &str) -> Done {
        self.write(format!("\x1b[200~{text}\x1b[201~").as_bytes())
    }

    fn sleep(&mut self, time: Duration) -> Done {
        if time > LONGEST_SLEEP {
            return Err(Trouble::Cannot(format!(
                "{} 秒進めるので、仮想の時計が要ります",
                time.as_secs()
            )));
        }
        self.seat().pause(time);
        Ok(())
    }

    fn wait(&mut self, right: &mut dyn FnMut(&Grid) -> bool) -> Result<bool, Trouble> {
        let grid = self.seat().until(LONGEST_WAIT, right);
        Ok(right(&grid))
    }

    fn screen(&mut self, right: &mut dyn FnMut(&Grid) -> bool) -> Grid {
        self.seat().until(SOON, right)
    }

    fn central(&mut self, key: &str, value: &str) -> Done {
        let mut command = self.command();
        command
            .args(["simulator", "set", &format!("{key}={value}"), "--data"])
            .arg(self.state());
        let done = command
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .output()
            .map_err(|e| Trouble::Failed(format!("simulator set を走らせられません（{e}）")))?;
        if done.status.success() {
            Ok(())
        } else {
            Err(Trouble::Failed(
                String::from_utf8_lossy(&done.stderr).trim().to_owned(),
            ))
        }
    }

    fn card(&mut self, _card: Option<&str>) -> Done {
        Err(no_reader())
    }

    fn slow_card(&mut self, _delay: Duration) -> Done {
        Err(no_reader())
    }

    fn reader(&mut self, _plugged: bool) -> Done {
        Err(no_reader())
    }

    fn restart_desk(&mut self, kill: bool) -> Done {
        if let Some(mut desk) = self.desk.take() {
            end(&mut desk, kill);
        }
        self.start_desk().map_err(Trouble::Failed)
    }

    fn drop_line(&mut self) -> Done {
        let size = self.seat().size();
        let fresh = self.new_seat(size).map_err(Trouble::Failed)?;
        // The old one goes with its terminal, without a word.
        self.seats[self.current] = fresh;
        Ok(())
    }

    fn resize(&mut self, width: u16, height: u16) -> Done {
        self.seat().resize(width, height).map_err(Trouble::Failed)
    }

    fn terminal(&mut self, number: usize) -> Done {
        while self.seats.len() < number {
            self.open_seat().map_err(Trouble::Failed)?;
        }
        self.current = number - 1;
        Ok(())
    }

    fn last(&self) -> Vec<String> {
        Vec::new()
    }
}

/// The service that is played with has no simulated reader, and a tape may not
/// depend on what lies on a real one.
fn no_reader() -> Trouble {
    Trouble::Cannot("読取機を使うテープです（本物の窓口サービスに模擬読取機はありません）".into())
}

/// Ends a process and waits until it is gone.
fn end(child: &mut Child, kill: bool) {
    let process = rustix::process::Pid::from_child(child);
    if kill || rustix::process::kill_process(process, rustix::process::Signal::TERM).is_err() {
        let _ = child.kill();
    }
    let _ = child.wait();
}

impl Drop for Processes {
    fn drop(&mut self) {
        self.seats.clear();
        for child in [self.desk.as_mut(), self.central.as_mut()]
            .into_iter()
            .flatten()
        {
            end(child, true);
        }
    }
}
