//! What earlier runs left in the spill: read, held against what is known of
//! it, and told where something is wrong.

use super::log::{self, Content};
use super::place::{self, Drafts, Left};
use super::reckon::{self, Lost, There};
use super::{Spill, tally, trouble};
use crate::store::record::StoreError;
use crate::store::remark::Remark;
use std::path::Path;

/// What lies in the folders, each with the folder's number.
#[derive(Default)]
struct Found {
    left: Vec<(usize, Left)>,
    told: Vec<(usize, tally::Found)>,
}

impl Spill {
    /// Looks for what earlier runs left; a sentence to `remarks` for what
    /// cannot be read. Whether anything new was found.
    pub fn look(&mut self, remarks: &mut Vec<Remark>) -> bool {
        let before = (self.pending.len(), self.drafts.len());
        let mut found = Found::default();
        for number in 0..self.candidates.len() {
            self.look_in(number, &mut found, remarks);
        }
        self.learn(&found);
        loop {
            let mut elsewhere = reckon::elsewhere(&self.account, &self.there);
            elsewhere.retain(|dir, _| !self.candidates.contains(dir));
            if elsewhere.is_empty() {
                break;
            }
            for (dir, names) in elsewhere {
                // Whatever follows: they are not gone.
                let unread = names.into_iter().map(|name| (name, There::Unread));
                self.there.extend(unread);
                self.candidates.push(dir);
                self.look_in(self.candidates.len() - 1, &mut found, remarks);
            }
            self.learn(&found);
        }
        let Found { left, told } = found;
        let lost = self.lost();
        for (number, left) in left {
            let name = log::name(&left.path);
            let beside = |(at, found): &&(usize, tally::Found)| *at == number && found.name == name;
            let sound = if told.iter().filter(beside).any(|(_, found)| found.whole) {
                Told::Beside
            } else if told
                .iter()
                .any(|(_, found)| found.name == name && found.whole)
            {
                Told::Elsewhere
            } else {
                Told::Nowhere
            };
            let lost = lost.iter().any(|lost| lost.name == name);
            let complaint = complaint(&left.path, &left.content, sound, lost);
            if left.content.bad.is_empty() {
                // Killed while the files went, the tally went first.
                self.doubts.extend(complaint.map(|remark| (name, remark)));
            } else {
                remarks.extend(complaint);
            }
            if (!left.content.bad.is_empty() || left.content.torn > 0)
                && let Some(place) = self.places.get_mut(&number)
            {
                place.damaged(left.path);
            }
            let records = left.content.records.into_iter();
            self.pending.extend(records.map(|(_, record)| record));
        }
        // Killed between a note and the end of its draft.
        for record in &self.pending {
            if let Some(mark) = record.ends
                && let Some(draft) = self.drafts.get_mut(&record.by)
            {
                *draft = draft.take().and_then(|draft| draft.without(mark));
            }
        }
        before != (self.pending.len(), self.drafts.len())
    }

    /// Looks into one of the folders.
    fn look_in(&mut self, number: usize, into: &mut Found, remarks: &mut Vec<Remark>) {
        let Some(dir) = self.candidates.get(number) else {
            return;
        };
        let (given, refused) = (place::given(dir), place::refused(dir));
        let empty = !place::left_behind(dir);
        let logs = log::all(dir).unwrap_or_default();
        self.refused_before(refused);
        self.given(given);
        if empty {
            return;
        }
        for path in logs {
            self.there.entry(log::name(&path)).or_insert(There::Unread);
        }
        let first = !self.places.contains_key(&number);
        let place = match self.at(number, false) {
            Ok(place) => place,
            Err(error) => return remarks.push(unread(&error)),
        };
        let tallies = place.tallies().into_iter();
        into.told.extend(tallies.map(|tally| (number, tally)));
        let found = place.find();
        let drafts = if first {
            place.drafts(remarks)
        } else {
            Drafts::new()
        };
        for (user, draft) in drafts {
            self.drafts.entry(user).or_insert(draft);
        }
        match found {
            Ok(found) => (into.left).extend(found.into_iter().map(|left| (number, left))),
            Err(error) => remarks.push(unread(&error)),
        }
    }

    /// Takes note of all that was found.
    fn learn(&mut self, found: &Found) {
        for (_, found) in &found.told {
            tally::learn(&mut self.account, &found.name, found.known.clone());
        }
        for (_, left) in &found.left {
            self.know(left);
        }
    }

    /// Takes note of a file that was found, and of what it knows of others.
    fn know(&mut self, left: &Left) {
        let name = log::name(&left.path);
        self.there.insert(name.clone(), There::read(&left.content));
        let folder = (left.path.parent()).map_or_else(String::new, trouble::shown);
        tally::learn(&mut self.account, &name, left.content.known(folder));
        let Some(head) = &left.content.head else {
            return;
        };
        for (name, known) in &head.before {
            tally::learn(&mut self.account, name, known.clone());
        }
        if let Some(end) = &head.journal
            && !self.ends.contains(end)
        {
            self.ends.push(end.clone());
        }
    }

    /// Records that were acknowledged and are nowhere, as far as anything
    /// knows of them.
    pub fn lost(&self) -> Vec<Lost> {
        let mut lost = reckon::lost(&self.account, &self.there);
        lost.retain(|lost| !self.done.contains(&lost.name));
        lost
    }

    /// The same, as it is told.
    pub fn lost_remarks(&self) -> Vec<Remark> {
        self.lost().iter().map(Lost::remark).collect()
    }
}

fn unread(error: &StoreError) -> Remark {
    Remark::loss(format!("予備のファイルが読めません。{error}"))
}

/// Where a whole tally of a file is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Told {
    Beside,
    /// It may lack the last records: a save succeeds without it.
    Elsewhere,
    Nowhere,
}

/// What a person is told of a damaged file. Without a tally (`told`) nobody
/// knows what was acknowledged. `lost`: that something is missing is told
/// apart.
fn complaint(path: &Path, content: &Content, told: Told, lost: bool) -> Option<Remark> {
    let name = trouble::shown(path);
    let good = content.records.len();
    if let Some((at, _)) = content.bad.first() {
        let count = content.bad.len();
        return Some(Remark::loss(format!(
            "予備のファイル {name} の {count} か所（{at} バイト目など）が壊れています。読めた {good} 件は控え帳に入れ、ファイルは残します。紙の控えがあれば確かめてください。"
        )));
    }
    if content.torn == 0 {
        return (told == Told::Nowhere && good > 0).then(|| {
            Remark::loss(format!(
                "予備のファイル {name} の照合用の一覧（.tally）がないか、読めません。終わりから切り取られていても分かりません。読めた {good} 件は控え帳に入れます。紙の控えと照らしてください。"
            ))
        });
    }
    let torn = content.torn;
    let unknown = if lost {
        ""
    } else {
        "「控えました」と表示した記録かどうかは分かりません。紙の控えと照らしてください。"
    };
    Some(match told {
        Told::Beside if !lost => Remark::known(format!(
            "予備のファイル {name} の終わりの {torn} バイトが書きかけです（照合用の一覧では、「控えました」と表示する前の記録です）。読めた {good} 件は控え帳に入れ、ファイルは残します。"
        )),
        _ => Remark::loss(format!(
            "予備のファイル {name} の終わりの {torn} バイトが途中で切れています。{unknown}読めた {good} 件は控え帳に入れ、ファイルは残します。"
        )),
    })
}
