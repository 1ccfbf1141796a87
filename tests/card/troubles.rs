//! Other programs, services that die, cards that do not answer.

use super::desk::{Desk, card as machine, face, facts, is_of, put};
use super::service::{Service, until};
use madoguchi::card;
use madoguchi::domain::card::Trouble;
use madoguchi::domain::reader::ReaderState;
use madoguchi::simulator::card::Manner;
use pcsc::{Context, Disposition, Protocols, Scope, ShareMode};
use std::ffi::CString;
use std::path::Path;
use std::time::{Duration, Instant};

fn reader(context: &Context) -> CString {
    until("a reader", || {
        let names = context.list_readers_owned().ok()?;
        names.into_iter().next()
    })
}

/// Another program's connection to the card.
fn other(context: &Context, mode: ShareMode) -> pcsc::Card {
    let reader = reader(context);
    until("the other program has the card", || {
        context.connect(&reader, mode, Protocols::ANY).ok()
    })
}

pub fn in_use(service: &mut Service<'_>) {
    let _there = put(service, machine("hanako"));
    let context = Context::establish(Scope::User).unwrap();
    let held = other(&context, ShareMode::Exclusive);
    let mut desk = Desk::open(None);
    assert_eq!(desk.trouble(), Trouble::InUse);
    let presence = desk.glance().unwrap().presence;
    let id = desk.read(Some(presence), face("hanako"), None);
    // Let go of, it is read: nobody has to ask again.
    held.disconnect(Disposition::LeaveCard).ok().unwrap();
    desk.done(id).unwrap();
    assert!(is_of(&desk.seen(), &facts("hanako")));
    assert_eq!(desk.glance().unwrap().trouble, None);
    // And we do not keep it either.
    let held = other(&context, ShareMode::Exclusive);
    held.disconnect(Disposition::UnpowerCard).ok().unwrap();
}

pub fn held(service: &mut Service<'_>) {
    let _there = put(service, machine("hanako"));
    let context = Context::establish(Scope::User).unwrap();
    let mut held = other(&context, ShareMode::Shared);
    let transaction = held.transaction().unwrap();
    let mut desk = Desk::open(None);
    // The service makes us wait, without end and without a word.
    assert_eq!(desk.trouble(), Trouble::InUse);
    transaction.end(Disposition::LeaveCard).ok().unwrap();
    held.disconnect(Disposition::LeaveCard).ok().unwrap();
    assert!(is_of(&desk.seen(), &facts("hanako")));
}

pub fn restarted(service: &mut Service<'_>) {
    let mut desk = Desk::open(None);
    for crash in [false, true] {
        desk.waits();
        let slow = Manner {
            delay: Duration::from_millis(20),
            ..Manner::default()
        };
        let there = desk.put(service, machine("hanako").with(slow));
        let id = desk.read(None, face("hanako"), None);
        until("in the middle of it", || {
            (there.machine().log().len() > 4).then_some(())
        });
        if crash {
            service.kill();
        } else {
            service.stop();
        }
        let trouble = desk.done(id).unwrap_err();
        assert!(
            matches!(trouble, Trouble::NoReader | Trouble::Lifted),
            "{trouble:?}"
        );
        desk.state("no service", |state| *state == ReaderState::NoService);
        there.pull();
        service.resume();
        desk.waits();
        let there = desk.put(service, machine("ichinose"));
        assert!(is_of(&desk.seen(), &facts("ichinose")));
        let (_, _, left) = desk.four(None, face("ichinose"), None).unwrap();
        assert_eq!(left, Some(10));
        there.pull();
    }
    desk.waits();
}

pub fn slow(service: &mut Service<'_>) {
    let mut desk = Desk::open(None);
    desk.waits();
    let still = Manner {
        delay: Duration::from_secs(12),
        ..Manner::default()
    };
    let there = put(service, machine("hanako").with(still));
    let id = desk.read(None, face("hanako"), None);
    assert_eq!(desk.done(id), Err(Trouble::Slow));
    assert_eq!(desk.trouble(), Trouble::Slow);
    // The thread stands; the others do not.
    let id = desk.read(None, face("hanako"), None);
    assert_eq!(desk.done(id), Err(Trouble::Slow));
    // Nor does the end of the program wait for it.
    let took = desk.close();
    assert!(took < Duration::from_millis(1500), "{took:?}");
    drop(there);
}

pub fn idle(service: &mut Service<'_>) {
    let mut desk = Desk::open(None);
    desk.waits();
    let there = desk.put(service, machine("hanako"));
    desk.seen();
    quiet("with a card");
    there.pull();
    desk.waits();
    quiet("without a card");
    service.stop();
    desk.state("no service", |state| *state == ReaderState::NoService);
    quiet("without the service");
}

/// However long the service has been away, and also where there was none when
/// the desk began, it is found within 3 s.
pub fn late(service: &mut Service<'_>) {
    service.stop();
    for there_before in [false, true] {
        let mut desk = Desk::open(None);
        if there_before {
            desk.waits();
            service.kill();
        }
        desk.state("no service", |state| *state == ReaderState::NoService);
        rest("nobody looks for it any more");
        service.resume();
        let begun = Instant::now();
        desk.waits();
        let took = begun.elapsed();
        assert!(took < Duration::from_secs(3), "{took:?}");
    }
}

/// A service that stands: who asks it is told so, and the end of the program
/// does not wait for it.
pub fn hangs(service: &mut Service<'_>) {
    let mut desk = Desk::open(None);
    desk.waits();
    service.freeze(true);
    let begun = Instant::now();
    assert_eq!(card::status(), Err(ReaderState::Unknown));
    let took = begun.elapsed();
    assert!(took < card::PATIENCE + Duration::from_secs(1), "{took:?}");
    let took = desk.close();
    service.freeze(false);
    assert!(took < Duration::from_millis(1500), "{took:?}");
}

/// Longer than any pause of the reader's threads.
const WINDOW: Duration = Duration::from_secs(12);

/// The reader's threads come to rest, and then none of them wakes up in one
/// unbroken window.
fn quiet(when: &str) {
    rest(when);
    let before = switches();
    assert_eq!(before.len(), 3, "{when}: {before:?}");
    std::thread::park_timeout(WINDOW);
    assert_eq!(switches(), before, "{when}");
}

/// Waits until none has woken up for as long as what follows a change takes.
fn rest(when: &str) {
    let mut before = switches();
    until(when, || {
        std::thread::park_timeout(Duration::from_millis(2500));
        let now = switches();
        let rests = now == before;
        before = now;
        rests.then_some(())
    });
}

/// How often each thread of the reader gave the processor up of its own.
fn switches() -> Vec<(String, u64)> {
    let tasks = std::fs::read_dir("/proc/self/task").unwrap();
    let mut found: Vec<(String, u64)> = tasks
        .filter_map(|task| {
            let dir = task.ok()?.path();
            let name = read(&dir, "comm")?;
            let name = name.trim().to_owned();
            if !["card", "card-talk", "card-watch"].contains(&name.as_str()) {
                return None;
            }
            let status = read(&dir, "status")?;
            let line = status
                .lines()
                .find_map(|line| line.strip_prefix("voluntary_ctxt_switches:"))?;
            Some((name, line.trim().parse().ok()?))
        })
        .collect();
    found.sort();
    found
}

fn read(dir: &Path, file: &str) -> Option<String> {
    std::fs::read_to_string(dir.join(file)).ok()
}
