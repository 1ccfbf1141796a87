//! What is left to do with a resolved note before it is settled (完了), who
//! did which of it and when (OUT-18, OUT-56, OUT-81, DOM-73).

use super::entitlement::{Entitlement, Validity};
use super::insurance::InsuranceNumbers;
use super::note::{Note, NoteState, Resolution};
use super::time::{clock_text, jst};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// One thing to do, in the order of work.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Item {
    /// 資格を確かめた: a person has read the answer.
    Seen,
    /// 照会番号 registered (OUT-81 to 85).
    Reference,
    /// The result written to an XML file (OUT-56).
    File,
    /// 申立書 destroyed (DOM-73).
    Declaration,
}

impl Item {
    /// All, in the order of work.
    pub const ALL: [Self; 4] = [Self::Seen, Self::Reference, Self::File, Self::Declaration];

    /// What is to be done.
    pub fn label(self) -> &'static str {
        match self {
            Self::Seen => "資格の内容を確かめる",
            Self::Reference => "照会番号を登録する",
            Self::File => "XML ファイルに保存する",
            Self::Declaration => "申立書を廃棄する",
        }
    }

    /// The same in a word, for lists.
    pub fn short(self) -> &'static str {
        match self {
            Self::Seen => "内容の確認",
            Self::Reference => "照会番号",
            Self::File => "XML ファイル",
            Self::Declaration => "申立書の廃棄",
        }
    }

    /// What a note's history says of it.
    pub fn told(self) -> &'static str {
        match self {
            Self::Seen => "資格の内容を確かめました",
            Self::Reference => "照会番号を登録しました",
            Self::File => "XML ファイルに保存しました",
            Self::Declaration => "申立書を廃棄しました",
        }
    }

    /// Whether it is what a person says was done: said once, and taken back
    /// if it was said by mistake. The desk itself knows of the others, which
    /// may be done again.
    pub fn is_said(self) -> bool {
        matches!(self, Self::Seen | Self::Declaration)
    }
}

/// Who did it, and when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tick {
    /// When.
    pub at: Timestamp,
    /// ユーザID.
    pub by: String,
}

impl Tick {
    /// Who and when, in words.
    pub fn told(&self) -> String {
        let day = jst(self.at).date();
        let clock = clock_text(self.at);
        format!("{} {}/{} {clock}", self.by, day.month(), day.day())
    }

    /// Why it is not done once more.
    pub fn already(&self) -> String {
        format!("もう済んでいます（{}）。", self.told())
    }
}

/// What has been done with a note since it was resolved.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Settling(BTreeMap<Item, Tick>);

impl Settling {
    /// Who did `item` and when, if anybody did.
    pub fn done(&self, item: Item) -> Option<&Tick> {
        self.0.get(&item)
    }

    /// `item` has been done; the first time stays.
    pub fn tick(&mut self, item: Item, at: Timestamp, by: &str) {
        self.0.entry(item).or_insert_with(|| Tick {
            at,
            by: by.to_owned(),
        });
    }

    /// `item` has not been done after all.
    pub fn untick(&mut self, item: Item) {
        self.0.remove(&item);
    }
}

fn resolution(note: &Note) -> Option<&Resolution> {
    match &note.state {
        NoteState::Resolved(resolution) | NoteState::Settled(resolution) => Some(resolution),
        _ => None,
    }
}

/// The entitlement that names an insurer: whose 照会番号 it would be.
pub fn insured(note: &Note) -> Option<&Entitlement> {
    resolution(note)?
        .answer
        .entitlements
        .iter()
        .find(|found| !found.insurer_number.is_empty())
}

/// The numbers a 照会番号 is registered for.
pub fn numbers(note: &Note) -> Option<InsuranceNumbers> {
    let found = insured(note)?;
    Some(InsuranceNumbers {
        insurer: found.insurer_number.clone(),
        symbol: found.symbol.clone(),
        number: found.number.clone(),
        branch: found.branch.clone(),
    })
}

/// What there is to do with a resolved note, in the order of work. An
/// entitlement that is not valid is neither registered nor taken over; a
/// 申立書 is destroyed only where one was taken.
pub fn due(note: &Note) -> Vec<Item> {
    let Some(resolution) = resolution(note) else {
        return Vec::new();
    };
    let valid = matches!(
        resolution.answer.validity,
        Validity::Valid | Validity::ValidUnregistered
    );
    let takes_over = valid && insured(note).is_some();
    let declared = note.content.evidence.contains("申立書");
    Item::ALL
        .into_iter()
        .filter(|item| match item {
            Item::Seen => true,
            Item::Reference | Item::File => takes_over,
            Item::Declaration => declared && valid,
        })
        .collect()
}

/// What of it has not been done.
pub fn left(note: &Note) -> Vec<Item> {
    due(note)
        .into_iter()
        .filter(|item| note.settling.done(*item).is_none())
        .collect()
}

/// The items in words, for a sentence.
pub fn list(items: &[Item]) -> String {
    let words: Vec<&str> = items.iter().map(|item| item.short()).collect();
    words.join("、")
}
