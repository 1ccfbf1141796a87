use super::fronts::MOST_FRONTS;
use super::*;
use crate::card::job::{NoHand, Report};
use crate::central::call::{Call, Capabilities, Pending};
use crate::domain::reader::ReaderState;
use crate::domain::secret::Secret;
use crate::link::FrontEnd;
use crate::link::channel;
use crate::link::message::{Status, Ticket, ToDesk, VERSION};

const SOON: Duration = Duration::from_secs(20);

/// A central system whose every question breaks.
struct Breaking;

impl Central for Breaking {
    fn capabilities(&self) -> Capabilities {
        Capabilities::ALL
    }

    fn ask(&self, _: Call) -> Pending {
        Box::pin(async { panic!("on purpose") })
    }
}

fn service(dir: &tempfile::TempDir) -> Service {
    Service::start(Parts {
        config: Config::default(),
        central: Arc::new(Breaking),
        store: dir.path().join("store"),
        key: KeySource::held().unwrap(),
        spill: Vec::new(),
        downloads: dir.path().join("downloads"),
        clock: Clock::start(),
        reader: Box::new(|report| {
            report(Report::State(ReaderState::NoService));
            Box::new(NoHand)
        }),
        demo_outage: None,
        complain: None,
        listener: None,
    })
    .unwrap()
}

fn attach(service: &Service) -> FrontEnd {
    let (front, desk) = channel::pair();
    assert!(service.attach(desk));
    front
}

fn wait<T>(front: &FrontEnd, mut pick: impl FnMut(ToFront) -> Option<T>) -> T {
    loop {
        let message = front.rx.recv_timeout(SOON).expect("an answer in time");
        if let Some(found) = pick(message) {
            return found;
        }
    }
}

fn status(message: ToFront) -> Option<Status> {
    match message {
        ToFront::Status(status) => Some(*status),
        _ => None,
    }
}

#[test]
fn a_front_end_is_welcomed_and_told_the_state() {
    let dir = tempfile::tempdir().unwrap();
    let service = service(&dir);
    let front = attach(&service);
    front
        .tx
        .send(ToDesk::Hello {
            version: VERSION,
            origin: String::new(),
        })
        .unwrap();
    wait(&front, |m| matches!(m, ToFront::Welcome(_)).then_some(()));
    wait(&front, |m| {
        status(m).filter(|s| !s.store_opening && s.reader == ReaderState::NoService)
    });
    assert!(service.stop());
    // The end of the service is the end of the connection.
    while front.rx.recv_timeout(SOON).is_ok() {}
}

#[test]
fn rel_24_a_question_that_breaks_is_answered() {
    let dir = tempfile::tempdir().unwrap();
    let service = service(&dir);
    let front = attach(&service);
    front
        .tx
        .send(ToDesk::Hello {
            version: VERSION,
            origin: String::new(),
        })
        .unwrap();
    front
        .tx
        .send(ToDesk::Login {
            ticket: Ticket(1),
            user: "003".to_owned(),
            password: Secret::new("x".to_owned()),
            force: false,
        })
        .unwrap();
    wait(&front, |m| {
        matches!(
            m,
            ToFront::Failed {
                ticket: Ticket(1),
                ..
            }
        )
        .then_some(())
    });
    assert!(service.stop());
}

#[test]
fn a_front_end_that_does_not_read_is_dropped_and_others_go_on() {
    let dir = tempfile::tempdir().unwrap();
    let service = service(&dir);
    // A queue of one message, and many answers that nobody takes.
    let (to_desk, rx) = std::sync::mpsc::channel();
    let (tx, from_desk) = std::sync::mpsc::sync_channel(1);
    to_desk
        .send(ToDesk::Hello {
            version: VERSION,
            origin: String::new(),
        })
        .unwrap();
    for n in 0..200 {
        let ticket = Ticket(n);
        to_desk.send(ToDesk::Notices { ticket }).unwrap();
    }
    assert!(service.attach(DeskEnd { tx, rx }));
    let other = attach(&service);
    other
        .tx
        .send(ToDesk::Hello {
            version: VERSION,
            origin: String::new(),
        })
        .unwrap();
    wait(&other, |m| matches!(m, ToFront::Welcome(_)).then_some(()));
    // The service hangs up: after what was queued the connection ends.
    let end = loop {
        if let Err(end) = from_desk.recv_timeout(SOON) {
            break end;
        }
    };
    assert_eq!(end, std::sync::mpsc::RecvTimeoutError::Disconnected);
    other
        .tx
        .send(ToDesk::Notices { ticket: Ticket(7) })
        .unwrap();
    wait(&other, |m| {
        matches!(
            m,
            ToFront::Failed {
                ticket: Ticket(7),
                ..
            }
        )
        .then_some(())
    });
    assert!(service.stop());
}

#[test]
fn so_many_front_ends_and_no_more() {
    let dir = tempfile::tempdir().unwrap();
    let service = service(&dir);
    let fronts: Vec<FrontEnd> = (0..MOST_FRONTS).map(|_| attach(&service)).collect();
    let (tx, turned_away) = std::sync::mpsc::sync_channel(1);
    let (_to_desk, rx) = std::sync::mpsc::channel();
    assert!(service.attach(DeskEnd { tx, rx }));
    assert_eq!(
        turned_away.recv_timeout(SOON).unwrap_err(),
        std::sync::mpsc::RecvTimeoutError::Disconnected
    );
    // Those that were there are still heard.
    let first = fronts.first().unwrap();
    first
        .tx
        .send(ToDesk::Hello {
            version: VERSION,
            origin: String::new(),
        })
        .unwrap();
    wait(first, |m| matches!(m, ToFront::Welcome(_)).then_some(()));
    assert!(service.stop());
}
