use super::place::folder;
use super::*;
use crate::link::message::{ToDesk, ToFront, VERSION};

const SOON: Duration = Duration::from_secs(10);

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap()
}

fn data() -> (tempfile::TempDir, PathBuf) {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().to_owned();
    (dir, path)
}

fn pair(listener: &Listener, data: &Path) -> (FrontEnd, DeskEnd) {
    let front = connect(data).unwrap();
    let desk = runtime()
        .block_on(async { accept(&listener.for_tokio()?).await })
        .unwrap();
    (front, desk)
}

#[test]
fn messages_go_both_ways_and_the_end_is_seen() {
    let (_keep, data) = data();
    let listener = Listener::bind(&data).unwrap();
    let (front, desk) = pair(&listener, &data);
    front
        .tx
        .send(ToDesk::Hello {
            version: VERSION,
            origin: String::new(),
        })
        .unwrap();
    assert_eq!(
        desk.rx.recv_timeout(SOON).unwrap(),
        ToDesk::Hello {
            version: VERSION,
            origin: String::new()
        }
    );
    desk.tx.send(ToFront::LedgerChanged).unwrap();
    desk.tx.send(ToFront::Mismatch { version: 9 }).unwrap();
    drop(desk);
    // What was said before the end still arrives.
    assert_eq!(front.rx.recv_timeout(SOON).unwrap(), ToFront::LedgerChanged);
    assert_eq!(
        front.rx.recv_timeout(SOON).unwrap(),
        ToFront::Mismatch { version: 9 }
    );
    assert!(front.rx.recv_timeout(SOON).is_err());
}

#[test]
fn a_second_service_is_told_who_runs() {
    let (_keep, data) = data();
    let _listener = Listener::bind(&data).unwrap();
    let error = Listener::bind(&data).unwrap_err();
    let text = error.to_string();
    assert!(text.contains(&std::process::id().to_string()), "{text}");
    assert_eq!(running(&data), Some(std::process::id().to_string()));
}

#[test]
fn a_left_over_socket_does_not_stop_the_next_service() {
    let (_keep, data) = data();
    private_folder(&folder(&data)).unwrap();
    // What a killed service leaves: the file, with nobody behind it.
    drop(UnixListener::bind(socket_path(&folder(&data))).unwrap());
    assert!(connect(&data).is_err());
    assert_eq!(running(&data), None);
    let listener = Listener::bind(&data).unwrap();
    let _pair = pair(&listener, &data);
}

#[test]
fn sec_22_the_socket_is_private_and_an_open_folder_is_refused() {
    let (_keep, data) = data();
    let listener = Listener::bind(&data).unwrap();
    let mode = |path: &Path| fs::symlink_metadata(path).unwrap().mode() & 0o777;
    assert_eq!(mode(&folder(&data)), 0o700);
    assert_eq!(mode(&socket_path(&folder(&data))), 0o600);
    drop(listener);
    fs::set_permissions(folder(&data), Permissions::from_mode(0o755)).unwrap();
    assert!(matches!(
        Listener::bind(&data),
        Err(SocketError::NotPrivate { .. })
    ));
    assert!(matches!(
        connect(&data),
        Err(SocketError::NotPrivate { .. })
    ));
}

#[test]
fn bytes_that_are_no_message_end_only_that_connection() {
    let (_keep, data) = data();
    let listener = Listener::bind(&data).unwrap();
    let mut stray = UnixStream::connect(socket_path(&folder(&data))).unwrap();
    stray.write_all(b"GET / HTTP/1.1\r\n\r\n").unwrap();
    let first = runtime()
        .block_on(async { accept(&listener.for_tokio()?).await })
        .unwrap();
    assert!(first.rx.recv_timeout(SOON).is_err());
    let (front, desk) = pair(&listener, &data);
    front.tx.send(ToDesk::Logout).unwrap();
    assert_eq!(desk.rx.recv_timeout(SOON).unwrap(), ToDesk::Logout);
}
