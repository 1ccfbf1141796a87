//! The part of the journal that an opening does not read, examined while the
//! desk is at work: on a thread that gives way to everything else and only
//! reads. What it finds is told, and a note whose newest record is damaged is
//! written anew from sled.

use super::Store;
use crate::domain::note::{NoteId, NoteKey};
use crate::store::opening::back_again;
use crate::store::record::{Record, What};
use crate::store::seal::Seal;
use crate::store::shelf::Place;
use crate::store::verify;
use crate::store::view;
use crate::store::walk::{Finding, Flaw};
use crate::store::whose;
use jiff::Timestamp;
use rustix::process::setpriority_process;
use std::path::Path;
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::thread::JoinHandle;
use std::time::Duration;

/// As low as a thread can ask for.
const NICE: i32 = 19;
/// After so many records it rests for a moment.
const STRETCH: u64 = 64;
const REST: Duration = Duration::from_millis(2);

/// What came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Examined {
    /// What is wrong with the journal.
    pub findings: Vec<Finding>,
    /// Notes in sled whose record the journal does not have as it was
    /// written.
    pub damaged: Vec<(Place, NoteId)>,
}

/// The thread; ended and waited for when it is dropped.
pub(super) struct Examining {
    /// The thread ends when it is gone.
    stop: Option<Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Drop for Examining {
    fn drop(&mut self) {
        self.stop = None;
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

impl Store {
    /// Examines what the opening has not read; `tell` hears of it if anything
    /// is wrong.
    pub fn examine(&mut self, tell: impl FnOnce(Examined) + Send + 'static) {
        let upto = self.journal.last().seq;
        if self.all_read || upto == 0 || self.journal.failed().is_some() {
            return;
        }
        let (dir, seal) = (self.dir.clone(), self.seal.clone());
        let tree = self.view.as_ref().map(view::View::tree);
        let library = self.library.clone();
        let (stop, stopped) = channel::<()>();
        let thread = std::thread::Builder::new()
            .name("examine".to_owned())
            .spawn(move || {
                let _ = setpriority_process(None, NICE);
                let mut passed = 0;
                let mut go_on = || {
                    passed += 1;
                    let rest = if passed % STRETCH == 0 {
                        REST
                    } else {
                        Duration::ZERO
                    };
                    matches!(stopped.recv_timeout(rest), Err(RecvTimeoutError::Timeout))
                };
                if let Some(mut examined) = examined(&dir, &seal, tree, upto, &mut go_on) {
                    whose::name(&mut examined.findings, &library.register());
                    tell(examined);
                }
            });
        self.examining = thread.ok().map(|thread| Examining {
            stop: Some(stop),
            thread: Some(thread),
        });
    }

    /// Writes the notes anew whose newest record is damaged, as far as sled
    /// has them; returns them as they are now.
    pub fn mend(&mut self, damaged: &[(Place, NoteId)], now: Timestamp) -> Vec<NoteId> {
        let Some(tree) = self.view.as_ref().map(view::View::tree) else {
            return Vec::new();
        };
        let mut mended = Vec::new();
        for (place, id) in damaged {
            // Changed meanwhile: then the journal has it.
            let newest = self.library.register().place(NoteKey::of(id));
            if newest.is_some_and(|newest| newest.seq > place.seq) {
                continue;
            }
            let held = view::fetch(&tree, &self.seal, id).filter(|(there, _)| there == place);
            let Some((_, note)) = held else { continue };
            let record = Record {
                at: now,
                by: String::new(),
                desk: String::new(),
                origin: String::new(),
                ends: None,
                anchors: None,
                what: What::Note(Box::new(back_again(note, now))),
            };
            if self.append(&record).is_err() {
                break;
            }
            mended.push(id.clone());
        }
        mended
    }
}

/// The journal up to record `upto`, and sled held against it; `None` if
/// nothing is wrong, or it was ended before.
fn examined(
    dir: &Path,
    seal: &Seal,
    tree: Option<sled::Tree>,
    upto: u64,
    go_on: &mut dyn FnMut() -> bool,
) -> Option<Examined> {
    let mut findings = verify::until(dir, seal, upto, go_on).ok()??;
    // The end is written meanwhile.
    findings.retain(|finding| !matches!(finding.flaw, Flaw::Torn { .. }));
    if findings.is_empty() {
        return None;
    }
    let journal = dir.join("journal");
    let missing = tree.map(|tree| view::missing(&tree, seal, &journal, go_on));
    let damaged = (missing.and_then(Result::ok).into_iter().flatten())
        .filter(|(place, _)| place.seq <= upto)
        .map(|(place, note)| (place, note.id))
        .collect();
    Some(Examined { findings, damaged })
}
