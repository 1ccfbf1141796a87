//! Word of what comes into being where a socket will lie.

use crate::card::bell::Bell;
use std::ffi::OsString;
use std::os::fd::{AsFd, OwnedFd};
use std::path::Path;

/// The innermost folder there is on the way to a socket, and the next name on
/// that way.
pub struct Folder {
    watch: OwnedFd,
    name: OsString,
}

#[cfg(target_os = "linux")]
impl Folder {
    /// Watches from now on; nothing if the system refuses.
    pub fn of(socket: &Path) -> Option<Self> {
        use rustix::fs::inotify::{CreateFlags, WatchFlags, add_watch, init};

        let comes = WatchFlags::CREATE | WatchFlags::MOVED_TO | WatchFlags::ATTRIB;
        let goes = WatchFlags::DELETE_SELF | WatchFlags::MOVE_SELF;
        // A folder may come into being between two looks, but not for ever.
        for _ in 0..16 {
            for inner in socket.ancestors() {
                let (Some(folder), Some(name)) = (inner.parent(), inner.file_name()) else {
                    break;
                };
                let watch = init(CreateFlags::NONBLOCK | CreateFlags::CLOEXEC).ok()?;
                if add_watch(&watch, folder, comes | goes | WatchFlags::ONLYDIR).is_err() {
                    continue;
                }
                if inner != socket && inner.is_dir() {
                    break;
                }
                let name = name.to_owned();
                return Some(Self { watch, name });
            }
        }
        None
    }

    /// Sleeps until something happens to that name or to the folder itself, or
    /// until the bell rings; whether something happened.
    pub fn wait(&mut self, bell: &Bell) -> bool {
        loop {
            let rang = bell.wait(Some(self.watch.as_fd()), None);
            if self.stirs() {
                return true;
            }
            if rang {
                return false;
            }
        }
    }

    fn stirs(&self) -> bool {
        use rustix::fs::inotify::Reader;
        use rustix::io::Errno;
        use std::mem::MaybeUninit;

        let mut room = [MaybeUninit::uninit(); 1024];
        let mut events = Reader::new(&self.watch, &mut room);
        let mut stirs = false;
        loop {
            match events.next() {
                // Without a name: the folder itself, or more than was kept.
                Ok(event) => {
                    stirs |= event
                        .file_name()
                        .is_none_or(|name| name.to_bytes() == self.name.as_encoded_bytes());
                }
                Err(Errno::INTR) => {}
                Err(Errno::AGAIN) => return stirs,
                Err(_) => return true,
            }
        }
    }
}

#[cfg(not(target_os = "linux"))]
impl Folder {
    /// Nothing tells of a socket here.
    pub fn of(_: &Path) -> Option<Self> {
        None
    }

    /// Never asked.
    pub fn wait(&mut self, bell: &Bell) -> bool {
        bell.wait(Some(self.watch.as_fd()), None) && self.name.is_empty()
    }
}
