//! A whole office of real processes: the stand-in over TLS, a desk service
//! with its socket, and the means to talk to both.

use madoguchi::domain::secret::Secret;
use madoguchi::link::message::{Status, Ticket, ToDesk, ToFront, VERSION};
use madoguchi::link::{FrontEnd, socket};
use std::fmt::Write as _;
use std::io::{BufRead, BufReader};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::mpsc::channel;
use std::time::Duration;

/// No condition takes longer than this, even on a busy machine.
const LIMIT: Duration = Duration::from_secs(40);

pub struct Office {
    pub home: tempfile::TempDir,
    central: Child,
    desk: Option<Child>,
}

fn program(home: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_madoguchi"));
    command
        .current_dir(home)
        .env_clear()
        .env("HOME", home)
        .env("LANG", "C.UTF-8")
        .env("MADOGUCHI_LOG", "trace")
        .stdin(Stdio::null());
    command
}

impl Office {
    /// The stand-in runs, the desk service too, and settings join them.
    pub fn open() -> Self {
        Self::open_with("", "")
    }

    /// The same, with more lines in the section of the desk, and more sections.
    pub fn open_with(desk: &str, sections: &str) -> Self {
        let home = tempfile::tempdir().unwrap();
        let mut central = program(home.path())
            .args([
                "simulator",
                "central",
                "--listen",
                "127.0.0.1:0",
                "--data",
                "central",
            ])
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        // What it prints is what the settings need.
        let out = BufReader::new(central.stdout.take().unwrap());
        let mut settings = String::from("data = \"data\"\n");
        for line in out.lines().map(Result::unwrap) {
            if line.starts_with('[') || (settings.contains('[') && line.contains(" = ")) {
                settings.push_str(&line);
                settings.push('\n');
            }
            if line.starts_with("extensions") {
                break;
            }
        }
        let _ = write!(
            settings,
            "[desk]\nautostart = false\n{desk}[outage]\ngood-probes = 1\n{sections}"
        );
        std::fs::write(home.path().join("madoguchi.toml"), settings).unwrap();
        let mut office = Self {
            home,
            central,
            desk: None,
        };
        office.start_desk();
        office
    }

    pub fn start_desk(&mut self) {
        let child = program(self.home.path())
            .args(["desk", "--foreground", "--config", "madoguchi.toml"])
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        self.desk = Some(child);
    }

    /// A second desk service with other settings.
    pub fn desk_with(&self, settings: &str) -> Child {
        program(self.home.path())
            .args(["desk", "--foreground", "--config", settings])
            .stderr(Stdio::piped())
            .spawn()
            .unwrap()
    }

    pub fn kill_desk(&mut self) {
        let mut desk = self.desk.take().unwrap();
        desk.kill().unwrap();
        desk.wait().unwrap();
    }

    /// Ends the desk service as a person does; its exit code.
    pub fn stop_desk(&mut self) -> Option<i32> {
        let mut desk = self.desk.take().unwrap();
        let id = rustix::process::Pid::from_raw(desk.id().cast_signed()).unwrap();
        rustix::process::kill_process(id, rustix::process::Signal::TERM).unwrap();
        desk.wait().unwrap().code()
    }

    pub fn data(&self) -> PathBuf {
        self.home.path().join("data")
    }

    /// All that was logged so far.
    pub fn logs(&self) -> String {
        let files = std::fs::read_dir(self.data().join("log")).unwrap();
        files
            .map(|file| std::fs::read_to_string(file.unwrap().path()).unwrap())
            .collect()
    }

    /// `madoguchi …` with these settings and, for logins, this password.
    pub fn command(&self, args: &[&str], password: &str) -> Output {
        let file = self.home.path().join("password");
        let _ = std::fs::remove_file(&file);
        std::fs::OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(&file)
            .and_then(|mut f| std::io::Write::write_all(&mut f, password.as_bytes()))
            .unwrap();
        program(self.home.path())
            .args(args)
            .args(["--config", "madoguchi.toml"])
            .env("MADOGUCHI_PASSWORD_FILE", &file)
            .output()
            .unwrap()
    }

    pub fn signal_desk(&self, signal: rustix::process::Signal) {
        let id = self.desk.as_ref().unwrap().id();
        let id = rustix::process::Pid::from_raw(id.cast_signed()).unwrap();
        rustix::process::kill_process(id, signal).unwrap();
    }

    /// `madoguchi …` as it is given.
    pub fn bare(&self, args: &[&str]) -> Output {
        program(self.home.path()).args(args).output().unwrap()
    }

    /// `simulator set`.
    pub fn set(&self, setting: &str) {
        let out = program(self.home.path())
            .args(["simulator", "set", setting, "--data", "central"])
            .output()
            .unwrap();
        assert!(out.status.success(), "{out:?}");
    }

    /// A front end without a screen, welcomed.
    pub fn front(&self) -> Front {
        Self::front_at(&self.data())
    }

    /// The same at another data folder.
    pub fn front_at(data: &Path) -> Front {
        let (_keep, never) = channel::<()>();
        for _ in 0..2000 {
            if let Ok(end) = socket::connect(data) {
                let mut front = Front {
                    end,
                    tickets: 0,
                    status: None,
                };
                front.say(ToDesk::Hello {
                    version: VERSION,
                    origin: String::new(),
                });
                front.hear("the welcome", |m| {
                    matches!(m, ToFront::Welcome(_)).then_some(())
                });
                return front;
            }
            let _ = never.recv_timeout(Duration::from_millis(10));
        }
        panic!("no desk service");
    }
}

impl Drop for Office {
    fn drop(&mut self) {
        for child in [Some(&mut self.central), self.desk.as_mut()]
            .into_iter()
            .flatten()
        {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

pub struct Front {
    end: FrontEnd,
    tickets: u64,
    pub status: Option<Status>,
}

impl Front {
    pub fn say(&self, message: ToDesk) {
        self.end.tx.send(message).unwrap();
    }

    pub fn hear<T>(&mut self, what: &str, pick: impl Fn(&ToFront) -> Option<T>) -> T {
        loop {
            let Ok(message) = self.end.rx.recv_timeout(LIMIT) else {
                panic!("no {what}; last status: {:?}", self.status);
            };
            if let ToFront::Status(status) = &message {
                self.status = Some((**status).clone());
            }
            if let Some(found) = pick(&message) {
                return found;
            }
        }
    }

    pub fn ask(&mut self, question: impl FnOnce(Ticket) -> ToDesk) -> ToFront {
        self.tickets += 1;
        let ticket = Ticket(self.tickets);
        self.say(question(ticket));
        self.hear("answer", |m| {
            (m.ticket() == Some(ticket)).then(|| m.clone())
        })
    }

    pub fn login(&mut self, user: &str) -> ToFront {
        self.ask(|ticket| ToDesk::Login {
            ticket,
            user: user.to_owned(),
            password: Secret::new(password(user)),
            force: false,
        })
    }

    /// Logs in even where a killed desk service left a login behind.
    pub fn enter(&mut self, user: &str) {
        let answer = self.ask(|ticket| ToDesk::Login {
            ticket,
            user: user.to_owned(),
            password: Secret::new(password(user)),
            force: true,
        });
        assert!(matches!(answer, ToFront::LoggedIn { .. }), "{answer:?}");
    }

    pub fn wait_for(&mut self, what: &str, fits: impl Fn(&Status) -> bool) {
        if self.status.as_ref().is_some_and(&fits) {
            return;
        }
        self.hear(what, |m| match m {
            ToFront::Status(status) => fits(status).then_some(()),
            _ => None,
        });
    }

    /// Whether the connection has ended, after what was said before.
    pub fn ended(&self) -> bool {
        loop {
            match self.end.rx.recv_timeout(LIMIT) {
                Ok(_) => {}
                Err(end) => return end == std::sync::mpsc::RecvTimeoutError::Disconnected,
            }
        }
    }
}

pub fn password(user: &str) -> String {
    format!("Onshi*{user}*{user}")
}
