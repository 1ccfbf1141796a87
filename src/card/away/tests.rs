use super::*;
use std::os::unix::net::UnixListener;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};

/// Longer than anything here takes.
const LIMIT: Duration = Duration::from_secs(30);

/// Waits as the watch does, once it has been away for long; word of each end
/// of its sleep.
fn asleep(socket: PathBuf) -> (Arc<Bell>, Receiver<usize>) {
    let bell = Arc::new(Bell::new().unwrap());
    let (tell, told) = channel();
    let mut away = Away::of(socket);
    away.tries = SOON.len();
    away.folder = Folder::of(&away.socket);
    assert!(away.folder.is_some());
    let heard = Arc::clone(&bell);
    std::thread::spawn(move || {
        loop {
            away.wait(&heard);
            if tell.send(away.tries).is_err() {
                return;
            }
        }
    });
    (bell, told)
}

#[test]
fn rel19_every_pause_ends_within_three_seconds_where_nothing_tells() {
    assert!(SOON.iter().all(|pause| *pause <= 3000));
    assert!(REGULAR <= Duration::from_secs(3));
}

#[test]
fn rel19_a_service_is_found_however_late_it_comes() {
    for folder_is_there in [true, false] {
        let home = tempfile::tempdir().unwrap();
        let folder = home.path().join("pcscd");
        if folder_is_there {
            std::fs::create_dir(&folder).unwrap();
        }
        let (_bell, told) = asleep(folder.join("pcscd.comm"));
        if !folder_is_there {
            std::fs::create_dir(&folder).unwrap();
            assert_eq!(told.recv_timeout(LIMIT), Ok(0), "the folder was made");
        }
        let _listens = UnixListener::bind(folder.join("pcscd.comm")).unwrap();
        told.recv_timeout(LIMIT).unwrap();
    }
}

#[test]
fn what_else_happens_there_wakes_nobody() {
    let home = tempfile::tempdir().unwrap();
    let (bell, told) = asleep(home.path().join("pcscd").join("pcscd.comm"));
    for name in ["other", "pcscd.pid", "pcsc"] {
        std::fs::write(home.path().join(name), name).unwrap();
    }
    let quiet = told.recv_timeout(Duration::from_secs(1));
    assert_eq!(quiet, Err(RecvTimeoutError::Timeout));
    // The bell does, and it sleeps on.
    bell.ring();
    assert_eq!(told.recv_timeout(LIMIT), Ok(SOON.len()));
}

#[test]
fn a_socket_left_behind_is_no_service() {
    let home = tempfile::tempdir().unwrap();
    let socket = home.path().join("pcscd.comm");
    drop(UnixListener::bind(&socket).unwrap());
    assert!(socket.exists());
    let (_bell, told) = asleep(socket.clone());
    let quiet = told.recv_timeout(REGULAR + Duration::from_secs(1));
    assert_eq!(quiet, Err(RecvTimeoutError::Timeout));
    // Begun again, a service puts another in its place.
    std::fs::remove_file(&socket).unwrap();
    let _listens = UnixListener::bind(&socket).unwrap();
    assert_eq!(told.recv_timeout(LIMIT), Ok(0));
}

#[test]
fn a_service_that_takes_nobody_is_asked_again() {
    let home = tempfile::tempdir().unwrap();
    let socket = home.path().join("pcscd.comm");
    let _listens = UnixListener::bind(&socket).unwrap();
    let (_bell, told) = asleep(socket);
    for _ in 0..2 {
        assert_eq!(told.recv_timeout(LIMIT), Ok(SOON.len()));
    }
}
