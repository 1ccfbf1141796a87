//! An sshd of our own: own host key, own authorized key, own port; ended with
//! everything that came over it by its process id.

use super::stage::Stage;
use std::fs::{OpenOptions, Permissions};
use std::io::Write;
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

/// A program of the system, wherever administrators' programs lie.
fn program(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path)
        .chain(["/usr/sbin".into(), "/sbin".into()])
        .map(|dir| dir.join(name))
        .find(|path| path.is_file())
}

/// What stands in the way of running it.
pub fn lacks() -> Option<String> {
    if !rustix::process::geteuid().is_root() {
        return Some("not root: sshd cannot be started".to_owned());
    }
    for (name, package) in [
        ("sshd", "openssh-server"),
        ("ssh", "openssh-client"),
        ("ssh-keygen", "openssh-client"),
    ] {
        if program(name).is_none() {
            return Some(format!("{name} is not installed ({package})"));
        }
    }
    None
}

pub struct Server {
    sshd: Child,
    pub address: SocketAddr,
    folder: PathBuf,
}

fn secret(path: &Path, text: &str) {
    let mut file = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)
        .unwrap();
    file.write_all(text.as_bytes()).unwrap();
}

fn key(path: &Path) {
    let done = Command::new(program("ssh-keygen").unwrap())
        .args(["-q", "-t", "ed25519", "-N", "", "-f"])
        .arg(path)
        .status()
        .unwrap();
    assert!(done.success());
}

impl Server {
    /// In a folder of its own below `home`.
    pub fn start(home: &Path) -> Self {
        let folder = home.join("ssh");
        std::fs::create_dir(&folder).unwrap();
        std::fs::set_permissions(&folder, Permissions::from_mode(0o700)).unwrap();
        key(&folder.join("host"));
        key(&folder.join("clerk"));
        let allowed = std::fs::read_to_string(folder.join("clerk.pub")).unwrap();
        secret(&folder.join("authorized"), &allowed);
        // Where sshd separates its privileges; there without a system manager
        // only if somebody makes it.
        std::fs::create_dir_all("/run/sshd").unwrap();
        let taken = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = taken.local_addr().unwrap();
        drop(taken);
        let shown = folder.display();
        let config = format!(
            "Port {port}\nListenAddress 127.0.0.1\nHostKey {shown}/host\n\
             AuthorizedKeysFile {shown}/authorized\nStrictModes no\nUsePAM no\n\
             PasswordAuthentication no\nKbdInteractiveAuthentication no\n\
             PermitRootLogin prohibit-password\nAcceptEnv LANG LC_*\nPidFile none\n\
             PrintMotd no\nPrintLastLog no\nPermitUserRC no\nX11Forwarding no\n\
             AllowTcpForwarding no\nMaxStartups 50\n",
            port = address.port(),
        );
        secret(&folder.join("sshd_config"), &config);
        let sshd = Command::new(program("sshd").unwrap())
            .arg("-D")
            .arg("-E")
            .arg(folder.join("log"))
            .arg("-f")
            .arg(folder.join("sshd_config"))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let server = Self {
            sshd,
            address,
            folder,
        };
        super::stage::wait_until("sshd listens", || TcpStream::connect(address).is_ok());
        server
    }

    /// A terminal with `madoguchi` behind SSH: from the address `from`, over
    /// whatever listens at `to`.
    pub fn screen(&self, home: &Path, from: &str, to: SocketAddr) -> Stage {
        let key = self.folder.join("clerk").display().to_string();
        let port = to.port().to_string();
        let binary = env!("CARGO_BIN_EXE_madoguchi");
        let there = format!(
            "cd {} && exec {binary} --config madoguchi.toml",
            home.display()
        );
        let options = [
            "-tt",
            "-F",
            "/dev/null",
            "-p",
            &port,
            "-i",
            &key,
            "-b",
            from,
            "-o",
            "BatchMode=yes",
            "-o",
            "IdentitiesOnly=yes",
            "-o",
            "StrictHostKeyChecking=no",
            "-o",
            "UserKnownHostsFile=/dev/null",
            "-o",
            "LogLevel=ERROR",
            "-o",
            "SetEnv=LANG=C.UTF-8",
            "root@127.0.0.1",
            &there,
        ];
        let ssh = program("ssh").unwrap().display().to_string();
        let own = tempfile::tempdir().unwrap();
        let mut stage = Stage::open_program(own, &ssh, &options, &[]);
        stage.until("the login", |screen| {
            assert!(
                !screen.contains("Permission denied"),
                "{screen}\n{}",
                self.log()
            );
            screen.contains("ログイン") && screen.contains("サンプル医療機関")
        });
        stage
    }

    fn log(&self) -> String {
        std::fs::read_to_string(self.folder.join("log")).unwrap_or_default()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.sshd.kill();
        let _ = self.sshd.wait();
    }
}
