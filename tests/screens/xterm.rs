//! A real xterm on an X server of its own. The pseudo-terminal is ours: xterm
//! shows what the program writes to it (`-S`), we type into the same end, and
//! what is on its screen it prints to a file when told to (`CSI i`).

use super::{Place, Terminal, patiently};
use rustix::fd::{AsFd, OwnedFd};
use rustix::pty::OpenptFlags;
use std::fs::File;
use std::io::{Read, Write};
use std::os::fd::AsRawFd;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

pub struct Xterm {
    home: PathBuf,
    typing: File,
    printing: File,
    children: Vec<Child>,
}

impl Xterm {
    pub fn open(place: &Place, (cols, rows): (u16, u16), options: &[&str]) -> Self {
        let home = place.folder();
        let (server, display) = server(&home);
        let mut this = Self::on(&home, &display, (cols, rows), options);
        this.children.push(server);
        let mut program = Command::new("setsid");
        program.args(["--ctty", "--wait", crate::PROGRAM, "demo"]);
        program.env_clear().current_dir(&home);
        program.env("PATH", "/usr/bin:/bin").env("LANG", "C.UTF-8");
        program.env("TERM", "xterm-256color");
        program.env("MADOGUCHI_FRAME", home.join("frame"));
        for name in ["HOME", "TMPDIR"] {
            program.env(name, &home);
        }
        let end = || Stdio::from(this.printing.try_clone().unwrap());
        program.stdin(end()).stdout(end()).stderr(end());
        let child = program.spawn().unwrap();
        this.children.insert(0, child);
        this
    }

    fn on(home: &PathBuf, display: &str, (cols, rows): (u16, u16), options: &[&str]) -> Self {
        let master = rustix::pty::openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
        rustix::pty::grantpt(&master).unwrap();
        rustix::pty::unlockpt(&master).unwrap();
        let name = rustix::pty::ptsname(&master, Vec::new()).unwrap();
        let name = name.into_string().unwrap();
        let mut printing = File::options().read(true).write(true).open(&name).unwrap();
        let size = rustix::termios::Winsize {
            ws_row: rows,
            ws_col: cols,
            ws_xpixel: 0,
            ws_ypixel: 0,
        };
        rustix::termios::tcsetwinsize(&printing, size).unwrap();
        // The one end that xterm inherits.
        let inherited: OwnedFd = rustix::io::dup(&master).unwrap();
        let printed = home.join("printed");
        let mut xterm = Command::new("xterm");
        xterm.env_clear().env("PATH", "/usr/bin:/bin");
        xterm.env("LANG", "C.UTF-8").env("HOME", home);
        xterm.args([
            "-display",
            display,
            "-u8",
            "-geometry",
            &format!("{cols}x{rows}"),
        ]);
        xterm.args([
            "-xrm",
            "*printAttributes: 0",
            "-xrm",
            "*printerAutoClose: true",
        ]);
        xterm.args([
            "-xrm",
            &format!("*printerCommand: cat > {}", printed.display()),
        ]);
        xterm.args(options);
        let tail = name.rsplit('/').next().unwrap();
        xterm.arg(format!("-S{tail}/{}", inherited.as_raw_fd()));
        xterm
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        let child = xterm.spawn().unwrap();
        drop(inherited);
        // It begins by telling the number of its window, as a line.
        let mut line = Vec::new();
        while !line.ends_with(b"\n") {
            let mut byte = [0];
            assert_eq!(printing.read(&mut byte).unwrap(), 1);
            line.push(byte[0]);
        }
        Self {
            home: home.clone(),
            typing: File::from(master),
            printing,
            children: vec![child],
        }
    }
}

/// An X server on a display that it chooses itself.
fn server(home: &std::path::Path) -> (Child, String) {
    let told = home.join("display");
    let file = File::create(&told).unwrap();
    rustix::io::fcntl_setfd(file.as_fd(), rustix::io::FdFlags::empty()).unwrap();
    let fd = file.as_raw_fd().to_string();
    let child = Command::new("Xvfb")
        .args([
            "-displayfd",
            &fd,
            "-screen",
            "0",
            "1600x1200x24",
            "-nolisten",
            "tcp",
        ])
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let display = patiently("a display", || {
        let text = std::fs::read_to_string(&told).ok()?;
        text.ends_with('\n').then(|| format!(":{}", text.trim()))
    });
    (child, display)
}

impl Terminal for Xterm {
    fn send(&mut self, keys: &str) {
        self.typing.write_all(keys.as_bytes()).unwrap();
    }

    fn screen(&mut self) -> String {
        let printed = self.home.join("printed");
        let _ = std::fs::remove_file(&printed);
        self.printing.write_all(b"\x1b[i").unwrap();
        patiently("a printed screen", || {
            let text = std::fs::read_to_string(&printed).ok()?;
            text.ends_with(['\n', '\x0c']).then_some(text)
        })
    }

    fn tells_halves(&self) -> bool {
        true
    }
}

impl Drop for Xterm {
    fn drop(&mut self) {
        for child in &mut self.children {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}
