//! Taking the spill into the journal: each record once, whatever is killed in
//! between, and no note over another one.

use super::Spill;
use crate::domain::note::merge::{Placed, place};
use crate::domain::note::{Note, NoteId};
use crate::store::disk::Store;
use crate::store::record::{Record, StoreError, What};
use crate::store::remark::Remark;
use std::collections::BTreeMap;

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
    remarks: &mut Vec<Remark>,
) -> Result<Taken, StoreError> {
    let mut taken = Taken::default();
    let written = already(store, spill.pending())?;
    let mut records: Vec<Record> = Vec::new();
    let mut renamed: BTreeMap<NoteId, NoteId> = BTreeMap::new();
    for record in without(spill.pending(), written) {
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
    spill.empty(!long.is_empty(), remarks);
    Ok(taken)
}

/// Which of `pending` a former attempt has written, by the text of the
/// record.
fn already(store: &Store, pending: &[Record]) -> Result<Vec<Record>, StoreError> {
    let mut found = Vec::new();
    if let Some(earliest) = pending.iter().map(|record| record.at).min() {
        store.since(earliest, |mut record| {
            // The store's own word on its anchors is no part of it.
            record.anchors = None;
            if pending.contains(&record) {
                found.push(record);
            }
        })?;
    }
    Ok(found)
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
