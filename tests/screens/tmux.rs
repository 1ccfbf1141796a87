//! A real tmux with a server of its own.

use super::{Place, Terminal};
use std::path::PathBuf;
use std::process::Command;

pub struct Tmux {
    home: PathBuf,
}

impl Tmux {
    pub fn open(place: &Place, (cols, rows): (u16, u16)) -> Self {
        let home = place.folder();
        std::fs::write(
            home.join("conf"),
            "set -g status off\nset -sg escape-time 10\nset -g default-terminal tmux-256color\n",
        )
        .unwrap();
        let this = Self { home: home.clone() };
        let command = format!("{} demo", crate::PROGRAM);
        let (width, height) = (cols.to_string(), rows.to_string());
        this.run(&[
            "-f",
            "conf",
            "new-session",
            "-d",
            "-x",
            &width,
            "-y",
            &height,
            &command,
        ]);
        this
    }

    fn run(&self, args: &[&str]) -> String {
        let mut command = Command::new("tmux");
        command.env_clear().current_dir(&self.home);
        command.env("PATH", "/usr/bin:/bin").env("LANG", "C.UTF-8");
        command
            .env("TERM", "xterm-256color")
            .env("SHELL", "/bin/sh");
        for name in ["HOME", "TMPDIR", "TMUX_TMPDIR"] {
            command.env(name, &self.home);
        }
        command.env("MADOGUCHI_FRAME", self.home.join("frame"));
        let out = command.args(["-u", "-L", "screens"]).args(args).output();
        let out = out.unwrap();
        let why = String::from_utf8_lossy(&out.stderr).into_owned();
        assert!(out.status.success(), "tmux {args:?}: {why}");
        String::from_utf8(out.stdout).unwrap()
    }
}

impl Terminal for Tmux {
    fn send(&mut self, keys: &str) {
        // As bytes, unchanged: tmux's own names for keys are not needed.
        std::fs::write(self.home.join("keys"), keys).unwrap();
        self.run(&["load-buffer", "-b", "keys", "keys"]);
        self.run(&["paste-buffer", "-r", "-d", "-b", "keys"]);
    }

    fn screen(&mut self) -> String {
        self.run(&["capture-pane", "-p"])
    }

    fn tells_halves(&self) -> bool {
        false
    }
}

impl Drop for Tmux {
    fn drop(&mut self) {
        let mut command = Command::new("tmux");
        command.env("TMUX_TMPDIR", &self.home);
        let _ = command.args(["-L", "screens", "kill-server"]).output();
    }
}
