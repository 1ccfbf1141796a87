//! Notes (控え): what the desk wrote down during an outage, and every state
//! between noted and closed (design: Notes).

mod answered;
mod block;
mod change;
mod follow;
pub mod foreign;
mod history;
mod id;
pub mod merge;
pub mod outline;
mod trial;
mod way;

pub use answered::decided;
pub use block::{Block, Explanation};
pub use change::Change;
pub use follow::{Follow, Schedule};
pub use id::{NoteId, Parts};
pub use outline::{NoteKey, Outline, Stage};
pub use way::{Way, Ways};

use super::declaration::Declaration;
use super::entitlement::{Candidate, Eligibility};
use super::field::Field;
use super::insurance::{InsuranceNumbers, LookupQuery};
use super::person::{OutageQuery, Sex};
use super::settling::Settling;
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// What was noted, checked and folded. Empty strings are fields not given.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NoteContent {
    /// 氏名.
    pub name: String,
    /// 氏名(カナ), full-width katakana.
    pub kana: String,
    /// 生年月日.
    pub birth_date: Date,
    /// 性別; may be missing while there are insurance numbers to ask with.
    pub sex: Option<Sex>,
    /// 住所.
    pub address: String,
    /// 保険者名.
    pub insurer_name: String,
    /// The visit, which becomes 資格確認日 (OUT-38).
    pub visit_date: Date,
    /// 方法2, tried first when present.
    pub insurance: Option<InsuranceNumbers>,
    /// 限度額情報 asked for with 方法2.
    pub limit_consent: bool,
    /// 照会番号 (patient number of the desk).
    pub reference: String,
    /// Telephone.
    pub telephone: String,
    /// What the patient showed (DOM-70).
    pub evidence: String,
    /// Burden ratio taken.
    pub burden: String,
    /// Free remark.
    pub remark: String,
    /// The code of `evidence` in the rules; empty for free words.
    #[serde(default)]
    pub evidence_code: String,
    /// What the 被保険者資格申立書 at the facility adds to the above; `None`
    /// if there is no such paper (DOM-72, DOM-73).
    #[serde(default)]
    pub declaration: Option<Declaration>,
    /// Fields that stand as the マイナンバーカード had them; all others were
    /// typed.
    #[serde(default)]
    pub from_card: BTreeSet<Field>,
    /// Keyed hash of the card's certificate serial, hex, where the settings
    /// let returning cards be recognised; empty otherwise.
    #[serde(default)]
    pub card_mark: String,
}

impl NoteContent {
    /// The question by insurance numbers, if the note has them.
    pub fn card_query(&self) -> Option<LookupQuery> {
        let insurance = self.insurance.clone()?;
        if insurance.insurer.is_empty() || insurance.number.is_empty() {
            return None;
        }
        Some(LookupQuery {
            insurance,
            birth_date: self.birth_date,
            limit_consent: self.limit_consent,
            check_date: self.visit_date,
        })
    }

    /// What 4情報 lack to be asked with (OUT-23 to 25); empty if nothing.
    pub fn lacking_for_four(&self) -> Vec<&'static str> {
        [
            (
                self.name.is_empty() && self.kana.is_empty(),
                "氏名か氏名(カナ)",
            ),
            (self.sex.is_none(), "性別"),
            (
                self.address.is_empty() && self.insurer_name.is_empty(),
                "住所か保険者名",
            ),
        ]
        .into_iter()
        .filter_map(|(lacks, what)| lacks.then_some(what))
        .collect()
    }

    /// What is not as it was before no longer stands as the card had it.
    pub fn forget_card_where_changed(&mut self, before: &Self) {
        let same = [
            (Field::Name, self.name == before.name),
            (Field::BirthDate, self.birth_date == before.birth_date),
            (Field::Sex, self.sex == before.sex),
            (Field::Address, self.address == before.address),
        ];
        for (field, same) in same {
            if !same {
                self.from_card.remove(&field);
            }
        }
    }

    /// The question by 4情報, if the note has what OUT-23 to 25 require.
    pub fn four_query(&self) -> Option<OutageQuery> {
        let sex = self.sex?;
        let named = !self.name.is_empty() || !self.kana.is_empty();
        let placed = !self.address.is_empty() || !self.insurer_name.is_empty();
        (named && placed).then(|| OutageQuery {
            name: self.name.clone(),
            kana: self.kana.clone(),
            birth_date: self.birth_date,
            sex,
            address: self.address.clone(),
            insurer_name: self.insurer_name.clone(),
            check_date: self.visit_date,
        })
    }
}

#[cfg(test)]
impl NoteContent {
    /// Nothing but the two dates.
    pub(crate) fn bare(birth_date: Date, visit_date: Date) -> Self {
        Self {
            name: String::new(),
            kana: String::new(),
            birth_date,
            sex: None,
            address: String::new(),
            insurer_name: String::new(),
            visit_date,
            insurance: None,
            limit_consent: false,
            reference: String::new(),
            telephone: String::new(),
            evidence: String::new(),
            burden: String::new(),
            remark: String::new(),
            evidence_code: String::new(),
            from_card: BTreeSet::new(),
            card_mark: String::new(),
            declaration: None,
        }
    }
}

/// Which of the official methods answered (OUT-13).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Method {
    /// 方法2: insurance numbers.
    Card,
    /// 方法3: 4情報.
    Four,
}

impl Method {
    /// 方法2 or 方法3.
    pub fn label(self) -> &'static str {
        match self {
            Self::Card => "方法2",
            Self::Four => "方法3",
        }
    }
}

/// Why a person has to look.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Need {
    /// 1 to 5 people fit: choose one (OUT-40).
    Candidates {
        /// By which way they were found.
        way: Way,
        /// Who fits.
        list: Vec<Candidate>,
    },
    /// A fall-back found exactly one person: is it the patient?
    Confirm {
        /// By which way.
        way: Way,
        /// Who was found.
        answer: Box<Eligibility>,
    },
    /// More than 5 fit: add a condition (OUT-39).
    TooMany,
    /// Nobody fits (OUT-46).
    NotFound,
    /// Several family members fit the insurance numbers: add the branch.
    SeveralBranches,
    /// The central system refused, with its code and text.
    Refused {
        /// Its code.
        code: String,
        /// Its text.
        message: String,
    },
    /// No usable answer after all retries; the fate is unknown (REL-12).
    Unanswered,
}

/// The state of a note.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum NoteState {
    /// 控えた: on disk, the line is down or unknown.
    Noted,
    /// 照会待ち.
    Waiting {
        /// Not before this moment (backoff, Retry-After).
        not_before: Option<Timestamp>,
    },
    /// 保留: cannot be asked now.
    Blocked(Block),
    /// 照会中.
    Asking {
        /// By which way.
        way: Way,
    },
    /// 要確認.
    NeedsPerson(Need),
    /// 解決.
    Resolved(Box<Resolution>),
    /// 完了: 照会番号 registered, file taken over, 申立書 destroyed.
    Settled(Box<Resolution>),
    /// 取消.
    Cancelled {
        /// ユーザID.
        by: String,
        /// When.
        at: Timestamp,
        /// Why.
        reason: String,
    },
}

/// How a note was resolved. Written once for each question (REL-13).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Resolution {
    /// The answer as it was received.
    pub answer: Eligibility,
    /// By which way; one that is a fall-back was confirmed by a person.
    pub way: Way,
    /// When.
    pub at: Timestamp,
    /// ユーザID of the person who chose or confirmed, if a person did.
    pub confirmed_by: Option<String>,
}

impl Note {
    /// Cards are not recognised by it any more.
    pub fn forget_card_mark(&mut self) {
        let contents = std::iter::once(&mut self.content).chain(&mut self.earlier);
        contents.for_each(|content| content.card_mark.clear());
    }
}

/// The groups the ledger counts and filters by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Group {
    /// 未照会: noted or waiting.
    Open,
    /// 保留.
    Blocked,
    /// 照会中.
    Asking,
    /// 要確認.
    NeedsPerson,
    /// 解決.
    Resolved,
    /// 完了.
    Settled,
    /// 取消.
    Cancelled,
}

impl Group {
    /// All, in the order of work.
    pub const ALL: [Self; 7] = [
        Self::NeedsPerson,
        Self::Blocked,
        Self::Asking,
        Self::Open,
        Self::Resolved,
        Self::Settled,
        Self::Cancelled,
    ];

    /// The Japanese name.
    pub fn label(self) -> &'static str {
        match self {
            Self::Open => "未照会",
            Self::Blocked => "保留",
            Self::Asking => "照会中",
            Self::NeedsPerson => "要確認",
            Self::Resolved => "解決",
            Self::Settled => "完了",
            Self::Cancelled => "取消",
        }
    }
}

impl NoteState {
    /// The group of this state.
    pub fn group(&self) -> Group {
        match self {
            Self::Noted | Self::Waiting { .. } => Group::Open,
            Self::Blocked(_) => Group::Blocked,
            Self::Asking { .. } => Group::Asking,
            Self::NeedsPerson(_) => Group::NeedsPerson,
            Self::Resolved(_) => Group::Resolved,
            Self::Settled(_) => Group::Settled,
            Self::Cancelled { .. } => Group::Cancelled,
        }
    }

    /// Whether nothing more will happen to the note's question.
    pub fn closed(&self) -> bool {
        matches!(
            self,
            Self::Resolved(_) | Self::Settled(_) | Self::Cancelled { .. }
        )
    }

    /// The short word of the ledger's column 状態.
    pub fn label(&self) -> String {
        Stage::of(self).label()
    }
}

/// One line of a note's history: what happened, for people.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// When.
    pub at: Timestamp,
    /// ユーザID, or empty if the desk did it by itself.
    pub by: String,
    /// One short Japanese sentence.
    pub text: String,
}

/// A note with all that happened to it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Note {
    /// Its id.
    pub id: NoteId,
    /// Raised by every change of the content; an answer counts only for the
    /// revision that was asked with (REL-14).
    pub revision: u32,
    /// The desk's name.
    pub desk: String,
    /// ユーザID of who took it.
    pub taken_by: String,
    /// When it was taken.
    pub taken: Timestamp,
    /// Taken while the line was down: only then 方法3 is allowed (OUT-17).
    pub during_outage: bool,
    /// The present content.
    pub content: NoteContent,
    /// Earlier contents, oldest first.
    pub earlier: Vec<NoteContent>,
    /// The state.
    pub state: NoteState,
    /// Failed tries since the last change of content.
    pub attempts: u32,
    /// Ways that were answered without a result since the last change of
    /// content; the plan goes on to the next one.
    #[serde(default)]
    pub tried: Vec<Way>,
    /// A proposal is being asked with. The content it came from is the last of
    /// `earlier`; these are the ways that one had been asked by.
    #[serde(default)]
    pub trial: Option<Vec<Way>>,
    /// When it is looked up again although it is resolved (DOM-91).
    #[serde(default)]
    pub follow: Option<Follow>,
    /// What it was resolved as before it was looked up again, oldest first.
    #[serde(default)]
    pub looks: Vec<Resolution>,
    /// What has kept it from being asked for since it was last, as its history
    /// says: each reason once.
    #[serde(default)]
    pub blocked: Vec<Block>,
    /// What was done with it since it was resolved.
    #[serde(default)]
    pub settling: Settling,
    /// What happened, oldest first.
    pub history: Vec<Step>,
}
