//! The steps of opening a store: what sled remembers, what the journal has
//! beyond it, and what a person is told about the difference.

use super::guard::{Sick, guarded};
use super::payload;
use super::record::{Record, StoreError, What};
use super::seal::Seal;
use super::view::{Drafts, Notes, View};
use super::walk::{Cursor, Finding, Flaw, Item, Walk, segments};
use super::{cure, journal, trouble};
use crate::domain::note::NoteId;
use jiff::Timestamp;
use std::path::Path;

/// The folder of sled inside the store.
pub const STATE: &str = "state";
/// Findings told one by one before only their number is told.
const TOLD: usize = 20;

/// What the journal's end told at opening.
pub struct Read {
    /// All notes.
    pub notes: Notes,
    /// Whose record was read.
    pub changed: Vec<NoteId>,
    /// How many records were read.
    pub records: u64,
    /// What is wrong.
    pub findings: Vec<Finding>,
    /// The last record.
    pub last: Cursor,
}

/// What sled holds: the drafts, and the notes with the record they follow, if
/// all is whole.
pub fn recall(
    view: Option<&mut View>,
    remarks: &mut Vec<String>,
) -> (Drafts, Option<(Cursor, Notes)>) {
    let Some(view) = view else {
        return (Drafts::new(), None);
    };
    let drafts = match view.drafts() {
        Ok((drafts, 0)) => drafts,
        Ok((drafts, lost)) => {
            remarks.push(format!("入力途中の控え {lost} 件が読めませんでした。"));
            drafts
        }
        Err(_) => {
            remarks.push("入力途中の控えが読めませんでした。".to_owned());
            Drafts::new()
        }
    };
    (drafts, view.load().ok().flatten())
}

/// Takes over into sled what it had not yet when the program ended.
pub fn make_up(
    dir: &Path,
    view: Option<View>,
    read: &Read,
    remarks: &mut Vec<String>,
) -> Option<View> {
    let mut view = view?;
    if read.records > 0 {
        remarks.push(format!(
            "前回は途中で終わったようです。記録から {} 件を補いました。控えは失われていません。",
            read.records
        ));
    }
    let changed: Vec<_> = read
        .changed
        .iter()
        .filter_map(|id| read.notes.get(id))
        .collect();
    match view.follow(&changed, &read.last) {
        Ok(()) => Some(view),
        Err(sick) => {
            remarks.push(without_sled(dir, &sick));
            None
        }
    }
}

/// Applies what the walk passes to `notes`.
pub fn read(seal: &Seal, mut walk: Walk, mut notes: Notes) -> Result<Read, StoreError> {
    let mut changed = Vec::new();
    let mut findings = Vec::new();
    let mut records = 0;
    while let Some(item) = walk.step()? {
        match item {
            Item::Flaw(finding) => findings.push(finding),
            // A record that stands behind a newer one would bring back an old
            // state; the walk has named it.
            Item::Record {
                in_order: false, ..
            }
            | Item::Erased { .. } => {}
            Item::Record {
                header, payload, ..
            } => {
                records += 1;
                match payload::open_record::<Record>(seal, &header, &payload) {
                    Ok(record) => {
                        if let What::Note(note) = record.what {
                            changed.push(note.id.clone());
                            notes.insert(note.id.clone(), *note);
                        }
                    }
                    Err(_) => findings.push(Finding {
                        segment: walk.last().segment.clone(),
                        offset: walk.last().start,
                        flaw: Flaw::Content { seq: header.seq },
                    }),
                }
            }
        }
    }
    changed.sort();
    changed.dedup();
    Ok(Read {
        notes,
        changed,
        records,
        findings,
        last: walk.last().clone(),
    })
}

/// Makes sled anew from what the journal holds.
pub fn rebuild(
    dir: &Path,
    seal: &Seal,
    view: Option<View>,
    read: &Read,
    drafts: &Drafts,
    now: Timestamp,
    remarks: &mut Vec<String>,
) -> Option<View> {
    let mut view = view?;
    let state = dir.join(STATE);
    let attempt = || {
        if view.is_new().unwrap_or(false) {
            if read.last.seq > 0 {
                remarks.push(format!(
                    "現在の状態を記録 {} 件から作り直しました。",
                    read.records
                ));
            }
        } else {
            let _ = guarded(|| {
                drop(view);
                Ok(())
            });
            remarks.push(cure::set_aside(&state, now)?);
            view = View::open(&state, seal)?;
        }
        view.fill(&read.notes, drafts, &read.last)?;
        Ok(view)
    };
    match attempt() {
        Ok(view) => Some(view),
        Err(sick) => {
            remarks.push(without_sled(dir, &sick));
            None
        }
    }
}

/// Names what is wrong with the journal, and cuts an unfinished record off its
/// end.
pub fn tell(folder: &Path, findings: &[Finding], remarks: &mut Vec<String>) -> std::io::Result<()> {
    let newest = segments(folder)?.pop();
    for (i, finding) in findings.iter().enumerate() {
        if let Flaw::Torn { bytes } = finding.flaw
            && newest.as_ref() == Some(&finding.segment)
        {
            journal::cut(folder, &finding.segment, finding.offset)?;
            remarks.push(format!(
                "記録の終わりが書きかけだったので、{bytes} バイトを切り取りました（「控えました」と表示する前の記録です）。"
            ));
        } else if i < TOLD {
            remarks.push(finding.to_string());
        }
    }
    if findings.len() > TOLD {
        remarks.push(format!(
            "記録に壊れたところが全部で {} か所あります。",
            findings.len()
        ));
    }
    Ok(())
}

pub fn without_sled(dir: &Path, sick: &Sick) -> String {
    let why = match sick {
        Sick::System(error) => trouble::from_io(dir, error).to_string(),
        Sick::Damaged => "現在の状態の控え（state）が壊れています。".to_owned(),
    };
    format!(
        "{why}記録（journal）だけで続けます。控えは残りますが、入力途中のものは再起動すると消えます。"
    )
}

/// A remark if other users of this machine can look into the journal (SEC-22).
pub fn too_open(folder: &Path) -> Option<String> {
    use std::os::unix::fs::PermissionsExt;
    let mode = std::fs::metadata(folder).ok()?.permissions().mode();
    (mode & 0o077 != 0).then(|| {
        format!(
            "{} はほかの利用者にも開かれています。chmod 700 で閉じてください。",
            trouble::shown(folder)
        )
    })
}
