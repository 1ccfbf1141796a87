//! Taking the spill into the journal: each record once, whatever is killed in
//! between, and no note over another one. What is missing is told, and put on
//! record with what was there.

mod files;
mod holes;

use super::reckon::{How, Lost, listed};
use super::{Spill, log};
use crate::domain::note::merge::{Placed, place};
use crate::domain::note::{Note, NoteId};
use crate::store::disk::Store;
use crate::store::record::{Record, SpillFile, StoreError, What};
use crate::store::remark::Remark;
use jiff::Timestamp;
use std::collections::{BTreeMap, BTreeSet};

/// Records written with one wait for the disk.
const GROUP: usize = 64;

/// What came of it.
#[derive(Debug, Default)]
pub struct Taken {
    /// Notes as they are now in the ledger.
    pub notes: BTreeMap<NoteId, Note>,
}

/// Takes in everything that waits, then takes the files away. After an error
/// everything still waits: what is in the journal by then is found there the
/// next time.
pub fn take_in(
    store: &mut Store,
    spill: &mut Spill,
    now: Timestamp,
    remarks: &mut Vec<Remark>,
) -> Result<Taken, StoreError> {
    let mut taken = Taken::default();
    let before = former(store, spill)?;
    let mut records: Vec<Record> = Vec::new();
    let mut renamed: BTreeMap<NoteId, NoteId> = BTreeMap::new();
    for record in without(spill.pending(), before.records) {
        let What::Note(note) = record.what else {
            records.push(record);
            continue;
        };
        let (former, at, by) = (note.id.clone(), record.at, record.by.clone());
        let placed = place(*note, &by, at, |id| match taken.notes.get(id) {
            Some(note) => Ok(Some(note.clone())),
            None => store.note(id),
        })?;
        let note = match placed {
            Placed::Here(_) => continue,
            Placed::New(note) | Placed::Newer(note) => note,
            Placed::Renamed(note) => {
                renamed.insert(former, note.id.clone());
                note
            }
        };
        taken.notes.insert(note.id.clone(), (*note).clone());
        records.push(Record {
            what: What::Note(note),
            ..record
        });
    }
    let mut long: Vec<Record> = Vec::new();
    for group in records.chunks(GROUP) {
        let results = store.commit(group.to_vec());
        for (record, result) in group.iter().zip(results) {
            match result {
                // Also one behind a longer form of the same note.
                Err(StoreError::TooLong) => match store.commit(vec![record.clone()]).pop() {
                    Some(Err(StoreError::TooLong)) | None => long.push(record.clone()),
                    Some(result) => drop(result?),
                },
                result => drop(result?),
            }
        }
        store.catch_up();
    }
    let files = files::of(spill, &before.files);
    if let Some(line) = line(spill, &files, before.end, now) {
        store.append(&line)?;
    }
    // What the journal had of a file needs no other word on it.
    let taken_now = |name: &str| files.iter().any(|(file, _)| file.name == name);
    for (name, doubt) in std::mem::take(&mut spill.doubts) {
        if taken_now(&name) || !before.files.contains_key(&name) {
            remarks.push(doubt);
        }
    }
    let lost: Vec<Lost> = (files.iter())
        .filter(|(file, _)| file.lost > 0)
        .map(|(file, how)| files::lost(spill, file, *how))
        .collect();

    for record in &long {
        let named = match &record.what {
            What::Note(note) => {
                // Its newest form may have gone in all the same.
                match store.note(&note.id)? {
                    Some(held) => taken.notes.insert(held.id.clone(), held),
                    None => taken.notes.remove(&note.id),
                };
                format!("控え {}", note.id)
            }
            _ => "記録".to_owned(),
        };
        remarks.push(Remark::loss(format!(
            "予備のファイルの{named} は、長すぎて控え帳に入れられません。予備のファイル（spill-….kept）を残しました。管理者に知らせ、紙の控えから短くして入れ直してください。"
        )));
    }
    for (former, id) in renamed {
        remarks.push(Remark::known(format!(
            "予備のファイルの控え {former} は、その番号を別の控えが使っているので、{id} として控え帳に入れました。"
        )));
    }
    if !taken.notes.is_empty() {
        remarks.push(Remark::known(format!(
            "予備のファイルの控え {} 件を控え帳に入れました。",
            taken.notes.len()
        )));
    }
    remarks.extend(lost.iter().map(Lost::remark));
    if let Some(seq) = before.end {
        remarks.push(Remark::loss(format!(
            "予備のファイルを書き始めたとき、記録は {seq} までありました。その記録がないか、書き換えられています。紙の控えと照らし、管理者に知らせてください。"
        )));
    }
    let all = spill.lost();
    let named: BTreeSet<&NoteId> = all.iter().flat_map(|lost| &lost.notes).collect();
    spill.give_up(named.iter().copied().cloned().collect());
    let mut holes = holes::below(spill.pending(), |id| store.holds(id));
    holes.retain(|id| !named.contains(id));
    let (refused, holes): (Vec<_>, Vec<_>) =
        (holes.into_iter()).partition(|id| spill.was_refused(id));
    if !refused.is_empty() {
        remarks.push(Remark::known(format!(
            "控え帳で抜けている番号{}は、どこにも書けず「紙に控えてください」とお断りした控えのものです。失われた控えはありません。",
            listed(&refused)
        )));
    }
    if !holes.is_empty() {
        remarks.push(Remark::loss(format!(
            "予備に控えていた間の番号に抜けがあります{}。控えが失われたのかどうかは分かりません。紙の控えと照らしてください。",
            listed(&holes)
        )));
    }
    spill.empty(!long.is_empty(), remarks);
    Ok(taken)
}

/// The line of what was taken in and what was not there; none if the journal
/// has it already.
fn line(
    spill: &Spill,
    files: &[(SpillFile, How)],
    end: Option<u64>,
    now: Timestamp,
) -> Option<Record> {
    if files.is_empty() {
        return None;
    }
    // Behind all it speaks of, so that it is found with them.
    let newest = spill.pending().iter().map(|record| record.at).max();
    Some(Record {
        at: newest.map_or(now, |newest| newest.max(now)),
        by: String::new(),
        desk: String::new(),
        origin: String::new(),
        ends: None,
        what: What::SpillTaken {
            files: files.iter().map(|(file, _)| file.clone()).collect(),
            end,
        },
        anchors: None,
    })
}

/// What the journal has of it.
#[derive(Default)]
struct Former {
    /// Records that a former attempt has written, by their text.
    records: Vec<Record>,
    /// Files that were taken in before, each as its newest line says.
    files: BTreeMap<String, SpillFile>,
    /// An end of the journal that the spill tells of and that is not there.
    end: Option<u64>,
}

fn former(store: &Store, spill: &Spill) -> Result<Former, StoreError> {
    let mut former = Former::default();
    let pending = spill.pending();
    let begun = |name: &String| Timestamp::from_microsecond(log::begun(name)?).ok();
    let times = pending.iter().map(|record| record.at);
    let Some(earliest) = times.chain(spill.account.keys().filter_map(begun)).min() else {
        return Ok(former);
    };
    let mut ends = spill.ends.clone();
    store.since(earliest, &mut ends, |mut record| {
        if let What::SpillTaken { files, .. } = record.what {
            let named = files.into_iter().map(|file| (file.name.clone(), file));
            former.files.extend(named);
            return;
        }
        // The store's own word on its anchors is no part of it.
        record.anchors = None;
        if pending.contains(&record) {
            former.records.push(record);
        }
    })?;
    former.end = ends.into_iter().map(|(seq, _)| seq).max();
    Ok(former)
}

/// `pending` without as many of each record as are in `written`.
fn without(pending: &[Record], mut written: Vec<Record>) -> Vec<Record> {
    let mut left = Vec::new();
    for record in pending {
        match written.iter().position(|one| one == record) {
            Some(place) => drop(written.swap_remove(place)),
            None => left.push(record.clone()),
        }
    }
    left
}
