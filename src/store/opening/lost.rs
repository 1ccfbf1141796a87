//! What is known of records that the journal no longer has — a disk that
//! confirmed what it had not written, a file cut or removed: sled, the index
//! and the anchors may know of more. What sled still holds of it goes back
//! into the journal before sled is touched.

use super::{Opened, Reading, newest, trim};
use crate::domain::note::merge::{Placed, place};
use crate::domain::note::{Note, NoteId, NoteKey, Step};
use crate::domain::time::jst;
use crate::store::audit::anchor::{self, kept::Kept};
use crate::store::index::Register;
use crate::store::journal::Journal;
use crate::store::record::{Record, StoreError, What};
use crate::store::remark::Remark;
use crate::store::shelf::{Place, read_note};
use crate::store::view::{self, View};
use crate::store::walk::{Walk, segments};
use crate::store::{payload, trouble};
use jiff::Timestamp;
use std::collections::BTreeMap;

/// Records written with one wait for the disk.
const GROUP: usize = 64;
/// Numbers of notes that one sentence names.
const NAMED: usize = 10;

/// How far the journal reached, by what stands beside it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Known {
    /// Of the last record that is known.
    pub seq: u64,
    /// Sled knows of it, and so of all numbers that were given out.
    sled: bool,
    /// Who says so.
    by: &'static str,
}

impl Known {
    /// Asks sled, the index and the anchors.
    pub(super) fn of(reading: &Reading, view: Option<&View>, index: Option<&Register>) -> Self {
        let state = view.and_then(|view| {
            let cursor = view.following().ok()??;
            // Of another store, if nothing in it can be opened.
            view.ours().then_some(cursor.seq)
        });
        let index = index.map(|index| index.cursor.seq);
        [
            (state, "状態の控え（state）"),
            (index, "索引（index）"),
            (anchored(reading), "操作の記録の照合用の控え"),
        ]
        .into_iter()
        .filter_map(|(seq, by)| seq.map(|seq| (seq, by)))
        .fold(Self::default(), |known, (seq, by)| {
            if seq > known.seq {
                let sled = state == Some(seq);
                Self { seq, sled, by }
            } else {
                known
            }
        })
    }
}

/// The number of the newest anchor, unless it is of another store that lay
/// here before: what comes before an anchor is older than it.
fn anchored(reading: &Reading) -> Option<u64> {
    let kept = Kept::load(&anchor::path(reading.dir), Some(reading.seal)).ok()??;
    let newest = kept.anchors.into_iter().max_by_key(|anchor| anchor.seq)?;
    let ours = match super::newest(reading.dir).ok()? {
        None => !reading.made,
        Some(last) => newest.at?.as_microsecond() >= last.at,
    };
    ours.then_some(newest.seq)
}

impl Reading<'_> {
    /// Writes what sled holds and the journal does not into the journal. Sled
    /// stays as it is: killed in between, the same is found once more, and
    /// what is back by then is left alone.
    pub(super) fn bring_back(&mut self, view: &View, known: &Known) -> Result<(), StoreError> {
        let journal = self.dir.join("journal");
        let lost = view::missing(&view.tree(), self.seal, &journal, &mut || true);
        let Ok(lost) = lost else { return Ok(()) };
        let end = newest(self.dir).ok().flatten().map_or(0, |head| head.seq);
        // Sled then has nothing that the journal lacks: the journal is not read
        // twice.
        if lost.is_empty() && (known.seq < end || !known.sled) {
            return Ok(());
        }
        let failed = |error: std::io::Error| trouble::from_io(self.dir, &error);
        let (dir, now) = (self.dir, self.now);
        let mut opened = Opened::default();
        self.read(&mut opened, Walk::all(dir)?, 0, &mut |_, _, _| Ok(()))?;
        let register = &opened.register;
        let last = register.cursor.clone();

        let mut back = Restored::default();
        let here = |id: &NoteId| {
            let place = register.place(NoteKey::of(id))?;
            Some((place, read_note(&journal, self.seal, id, place)?))
        };
        for (there, note) in lost {
            back.put(there, note, &here, now);
        }
        let mut what: Vec<What> = Vec::new();
        if known.sled && known.seq > last.seq {
            let others = view.others().unwrap_or_default();
            let held = register.staff();
            what.extend(
                (others.staff.into_iter().filter(|one| !held.contains(one)))
                    .map(|one| What::Staff(Box::new(one))),
            );
            let opening = (others.opening).filter(|opening| register.opening() != Some(opening));
            what.extend(opening.map(|opening| What::Opening(Box::new(opening))));
            let outage = others.outage;
            what.extend((outage != register.outage()).then(|| What::line(outage)));
            let told = register.losses();
            what.extend(
                (others
                    .losses
                    .into_iter()
                    .filter(|loss| !told.contains(loss)))
                .map(|loss| What::Loss(Box::new(loss))),
            );
        }
        let ids: Vec<NoteId> = back.notes.keys().cloned().collect();
        what.extend((back.notes.into_values()).map(|note| What::Note(Box::new(note))));
        if what.is_empty() {
            return Ok(());
        }

        let acknowledged = known.seq > last.seq;
        trim(&journal, &opened.findings, acknowledged, self.remarks).map_err(failed)?;
        self.gap(known, last.seq);
        let names = segments(&journal).map_err(failed)?;
        let mut end = Journal::open(dir, last, names.last().map(String::as_str))?;
        end.leave_out(known.seq);
        let records: Vec<Record> = (what.into_iter())
            .map(|what| Record {
                at: now,
                by: String::new(),
                desk: String::new(),
                origin: String::new(),
                ends: None,
                anchors: None,
                what,
            })
            .collect();
        for group in records.chunks(GROUP) {
            let first = end.next_seq();
            let entries: Result<Vec<_>, _> = (group.iter().zip(first..))
                .map(|(record, seq)| Ok((now, payload::close_record(self.seal, seq, record)?)))
                .collect();
            let entries = entries.map_err(|_: payload::Unreadable| StoreError::TooLong)?;
            end.commit(&entries)?;
        }
        if !ids.is_empty() {
            self.remarks.push(Remark::known(format!(
                "記録になく、状態の控え（state）に残っていた控え {} 件（{}）を、記録に書き戻しました。内容を確かめてください。",
                ids.len(),
                listed(&ids)
            )));
        }
        Ok(())
    }

    /// Says which records are gone from the journal's end.
    fn gap(&mut self, known: &Known, last: u64) {
        let (from, to, by) = (last + 1, known.seq, known.by);
        if to > last {
            let records = if from == to {
                format!("{from}")
            } else {
                format!("{from}～{to}")
            };
            self.remarks.push(Remark::loss(format!(
                "記録 {records} が失われています（{by}では、記録 {to} までありました）。停電かディスクの故障、またはファイルの削除が考えられます。管理者に知らせてください。"
            )));
        }
    }

    /// Names the notes that the index alone knows in their newest form. They
    /// stay in the ledger as what cannot be read.
    pub(super) fn name_unread(&mut self, opened: &mut Opened, index: &Register) {
        let ids = opened.register.keep_unread(index);
        if !ids.is_empty() {
            self.remarks.push(Remark::loss(format!(
                "控え {} 件（{}）の記録が壊れているか消されていて、読めません。紙の控えやバックアップと照らし、管理者に知らせてください。",
                ids.len(),
                listed(&ids)
            )));
        }
    }

    /// Names what is gone for good, and keeps its numbers from being given
    /// out once more (REL-11).
    pub(super) fn name_lost(
        &mut self,
        opened: &mut Opened,
        known: &Known,
        former: Option<&Register>,
    ) {
        let last = opened.register.cursor.seq;
        self.gap(known, last);
        if let Some(former) = former {
            let gone = former
                .outlines()
                .into_iter()
                .map(|outline| outline.id.clone());
            let gone: Vec<NoteId> = gone
                .filter(|id| opened.register.place(NoteKey::of(id)).is_none())
                .collect();
            if !gone.is_empty() {
                self.remarks.push(Remark::loss(format!(
                    "控え {} 件（{}）は、番号しか残っていません。紙の控えから入れ直してください。",
                    gone.len(),
                    listed(&gone)
                )));
            }
            opened.given.extend(gone);
        }
        if known.seq > last && !known.sled {
            // As many notes as records may have been taken today.
            let date = jst(self.now).date();
            let day = format!("{:04}{:02}{:02}", date.year(), date.month(), date.day());
            let ids = opened.register.outlines();
            let numbers =
                (ids.iter().map(|outline| &outline.id).chain(&opened.given)).filter_map(|id| {
                    id.0.strip_prefix(&day)?
                        .strip_prefix('-')?
                        .parse::<u64>()
                        .ok()
                });
            let next = numbers.max().unwrap_or(0) + (known.seq - last);
            opened.given.push(NoteId(format!("{day}-{next:04}")));
        }
    }
}

/// Notes on their way back.
#[derive(Default)]
struct Restored {
    notes: BTreeMap<NoteId, Note>,
}

impl Restored {
    /// A note of sled's with the place its record had; `here` is what the
    /// journal has under a number.
    fn put(
        &mut self,
        there: Place,
        note: Note,
        here: &dyn Fn(&NoteId) -> Option<(Place, Note)>,
        now: Timestamp,
    ) {
        let back = match here(&note.id) {
            None => note,
            Some((place, ours)) if same(&ours, &note) => {
                if place.seq > there.seq {
                    return;
                }
                note
            }
            Some(_) => {
                let find = |id: &NoteId| {
                    let back = self.notes.get(id).cloned();
                    Ok::<_, ()>(back.or_else(|| Some(here(id)?.1)))
                };
                match place(note, "", now, find) {
                    Ok(Placed::New(note) | Placed::Newer(note) | Placed::Renamed(note)) => *note,
                    Ok(Placed::Here(_)) | Err(()) => return,
                }
            }
        };
        self.notes.insert(back.id.clone(), back_again(back, now));
    }
}

/// Whether both are forms of one note.
fn same(one: &Note, other: &Note) -> bool {
    (&one.desk, &one.taken_by, one.taken) == (&other.desk, &other.taken_by, other.taken)
}

/// The note with the line that says where it comes from.
pub fn back_again(mut note: Note, at: Timestamp) -> Note {
    note.history.push(Step {
        at,
        by: String::new(),
        text: "記録が失われていたので、状態の控えから書き戻しました。".to_owned(),
    });
    note
}

/// A few numbers, and that there are more.
fn listed(ids: &[NoteId]) -> String {
    let shown: Vec<&str> = ids.iter().take(NAMED).map(|id| id.0.as_str()).collect();
    let more = if ids.len() > NAMED { " ほか" } else { "" };
    format!("{}{more}", shown.join("、"))
}
