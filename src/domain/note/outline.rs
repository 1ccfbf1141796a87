//! What listing, filtering, counting and planning need of a note, small
//! enough that a desk holds a hundred thousand of them; the note itself is
//! fetched when something is done to it.

mod days;

use self::days::{day, moment};
use super::{Block, Group, Need, Note, NoteId, NoteState, Parts, Way, Ways};
use crate::domain::entitlement::Validity;
use crate::domain::failure::withheld;
use crate::domain::person::Sex;
use crate::domain::time::clock_text;
use crate::text::fold::{katakana, name_key};
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// The word of the column 状態 for a note that is resolved as valid.
pub const VALID: &str = "解決 有効";

/// A note's id as a number, in the order of day, letter and number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct NoteKey(u64);

impl NoteKey {
    /// The key of `id`. One that is not built like ours (an imported ledger)
    /// gets a key behind all others.
    pub fn of(id: &NoteId) -> Self {
        Self(ours(id).unwrap_or_else(|| 1 << 63 | fnv(id.0.as_bytes()) >> 1))
    }

    /// The keys of all ids of `day`, and of those that are not built like
    /// ours.
    pub fn of_day(day: Date) -> [std::ops::RangeInclusive<Self>; 2] {
        let day = day_number(day) << 32;
        [
            Self(day)..=Self(day | u64::from(u32::MAX)),
            Self(1 << 63)..=Self(u64::MAX),
        ]
    }

    /// The key as a bare number.
    pub fn number(self) -> u64 {
        self.0
    }
}

/// Day, letter, number and how many digits it is written with, so that no two
/// texts have one key.
fn ours(id: &NoteId) -> Option<u64> {
    let Parts {
        day,
        letter,
        number,
        width,
    } = id.parts()?;
    let day = day_number(day);
    let letter = letter.map_or(0, |letter| u64::from(letter) - u64::from('A') + 1);
    Some(day << 32 | letter << 27 | u64::from(number) << 3 | width as u64)
}

/// 20261120.
fn day_number(day: Date) -> u64 {
    u64::from(day.year().unsigned_abs()) * 10_000
        + u64::from(day.month().unsigned_abs()) * 100
        + u64::from(day.day().unsigned_abs())
}

/// FNV-1a.
fn fnv(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xCBF2_9CE4_8422_2325, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01B3)
    })
}

/// A note's state without what it carries.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Stage {
    /// 控えた.
    Noted,
    /// 照会待ち.
    Waiting {
        /// Not before this moment.
        #[serde(with = "moment::maybe")]
        not_before: Option<Timestamp>,
    },
    /// 保留.
    Blocked(Block),
    /// 照会中.
    Asking {
        /// By which way.
        way: Way,
    },
    /// 要確認: so many fit.
    Candidates(u8),
    /// 要確認: a fall-back found one.
    Confirm,
    /// 要確認: more than 5 fit.
    TooMany,
    /// 要確認: nobody fits.
    NotFound,
    /// 要確認: the branch is missing.
    SeveralBranches,
    /// 要確認: refused with this code.
    Refused {
        /// Its code.
        code: Box<str>,
    },
    /// 要確認: no usable answer.
    Unanswered,
    /// 解決.
    Resolved {
        /// The answer says valid.
        valid: bool,
    },
    /// 解決: a person made sure that nobody fits.
    Absent,
    /// 完了.
    Settled,
    /// 取消.
    Cancelled,
}

impl Stage {
    /// Of a state.
    pub fn of(state: &NoteState) -> Self {
        match state {
            NoteState::Noted => Self::Noted,
            NoteState::Waiting { not_before } => Self::Waiting {
                not_before: *not_before,
            },
            NoteState::Blocked(block) => Self::Blocked(*block),
            NoteState::Asking { way } => Self::Asking { way: *way },
            NoteState::NeedsPerson(need) => match need {
                Need::Confirm { .. } => Self::Confirm,
                Need::Candidates { list, .. } => {
                    Self::Candidates(u8::try_from(list.len()).unwrap_or(u8::MAX))
                }
                Need::TooMany => Self::TooMany,
                Need::NotFound => Self::NotFound,
                Need::SeveralBranches => Self::SeveralBranches,
                Need::Refused { code, .. } => Self::Refused {
                    code: code.as_str().into(),
                },
                Need::Unanswered => Self::Unanswered,
            },
            NoteState::Resolved(resolution) if resolution.is_absent() => Self::Absent,
            NoteState::Resolved(resolution) => Self::Resolved {
                valid: matches!(
                    resolution.answer.validity,
                    Validity::Valid | Validity::ValidUnregistered
                ),
            },
            NoteState::Settled(_) => Self::Settled,
            NoteState::Cancelled { .. } => Self::Cancelled,
        }
    }

    /// The group of this stage.
    pub fn group(&self) -> Group {
        match self {
            Self::Noted | Self::Waiting { .. } => Group::Open,
            Self::Blocked(_) => Group::Blocked,
            Self::Asking { .. } => Group::Asking,
            Self::Candidates(_)
            | Self::Confirm
            | Self::TooMany
            | Self::NotFound
            | Self::SeveralBranches
            | Self::Refused { .. }
            | Self::Unanswered => Group::NeedsPerson,
            Self::Resolved { .. } | Self::Absent => Group::Resolved,
            Self::Settled => Group::Settled,
            Self::Cancelled => Group::Cancelled,
        }
    }

    /// Whether it may be asked for, as far as the note itself goes.
    pub fn open(&self) -> bool {
        matches!(self, Self::Noted | Self::Waiting { .. } | Self::Blocked(_))
    }

    /// The short word of the ledger's column 状態.
    pub fn label(&self) -> String {
        match self {
            Self::Candidates(count) => format!("候補 {count} 件"),
            Self::Confirm => "1 件、確認".to_owned(),
            Self::TooMany => "6 件以上".to_owned(),
            Self::NotFound => "該当なし".to_owned(),
            Self::SeveralBranches => "枝番が要る".to_owned(),
            Self::Refused { .. } => "受付されず".to_owned(),
            Self::Unanswered => "返事なし".to_owned(),
            Self::Resolved { valid: true } => VALID.to_owned(),
            Self::Resolved { valid: false } => "解決 無効".to_owned(),
            Self::Absent => "解決 なし".to_owned(),
            other => other.group().label().to_owned(),
        }
    }
}

/// One note in outline.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outline {
    /// Its id.
    pub id: NoteId,
    /// Its revision.
    pub revision: u32,
    /// Failed tries since the last change of content.
    pub attempts: u32,
    /// When it was taken.
    #[serde(with = "moment")]
    pub taken: Timestamp,
    /// 生年月日.
    #[serde(with = "day")]
    pub birth_date: Date,
    /// 性別.
    pub sex: Option<Sex>,
    /// Taken while the line was down (OUT-17).
    pub during_outage: bool,
    /// 住所 is given.
    pub address: bool,
    /// 保険者名 is given.
    pub insurer_name: bool,
    /// The ways it can be asked by.
    pub can: Ways,
    /// The ways that were answered without a result.
    pub tried: Ways,
    /// When it is looked up again although it is resolved (DOM-91).
    #[serde(with = "day::maybe")]
    pub follow: Option<Date>,
    /// The state.
    pub stage: Stage,
    /// Name, or kana where there is no name.
    pub name: Box<str>,
    /// Name and kana as the filter compares them, a line each.
    pub folded: Box<str>,
    /// The visit.
    #[serde(with = "day")]
    pub visit: Date,
    /// The beginning of [`super::NoteContent::card_mark`]; 0 without one.
    pub card: u64,
}

impl Note {
    /// The note in outline.
    pub fn outline(&self) -> Outline {
        let content = &self.content;
        let name = if content.name.is_empty() {
            &content.kana
        } else {
            &content.name
        };
        Outline {
            id: self.id.clone(),
            revision: self.revision,
            attempts: self.attempts,
            taken: self.taken,
            birth_date: content.birth_date,
            sex: content.sex,
            during_outage: self.during_outage,
            address: !content.address.is_empty(),
            insurer_name: !content.insurer_name.is_empty(),
            can: Ways::of(content, self.during_outage),
            tried: self.tried.iter().copied().collect(),
            follow: self.follow.as_ref().map(|follow| follow.day),
            stage: Stage::of(&self.state),
            name: name.as_str().into(),
            folded: format!("{}\n{}", fold(&content.name), fold(&content.kana)).into(),
            visit: content.visit_date,
            card: card_number(&content.card_mark),
        }
    }
}

impl Outline {
    /// Its key.
    pub fn key(&self) -> NoteKey {
        NoteKey::of(&self.id)
    }

    /// Appends everything the filter looks at: name, kana, id and birth date,
    /// with and without their signs (a ten-key pad searches with digits
    /// alone), a line each.
    pub fn searched(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(self.folded.as_bytes());
        out.push(b'\n');
        out.extend_from_slice(self.id.0.as_bytes());
        out.push(b'\n');
        out.extend(self.id.0.bytes().filter(|b| *b != b'-'));
        let date = self.birth_date;
        let year = date.year().unsigned_abs();
        let (month, day) = (date.month().unsigned_abs(), date.day().unsigned_abs());
        let digit = |number: u16| b'0' + (number % 10) as u8;
        for sign in [Some(b'/'), Some(b'-'), None] {
            out.push(b'\n');
            out.extend([year / 1000, year / 100, year / 10, year].map(digit));
            out.extend(sign);
            out.extend([month / 10, month].map(|n| digit(n.into())));
            out.extend(sign);
            out.extend([day / 10, day].map(|n| digit(n.into())));
        }
        out.push(b'\n');
    }

    /// The words of the column 次にすること in `stage` (a world that blocks
    /// it may show another than its own); `down`: the line is.
    pub fn next(&self, stage: &Stage, down: bool) -> String {
        let text = match stage {
            Stage::Noted | Stage::Waiting { .. } if down => "復旧を待つ",
            Stage::Waiting {
                not_before: Some(at),
            } => return format!("{} に再照会", clock_text(*at)),
            Stage::Noted | Stage::Waiting { .. } => "自動で照会します",
            Stage::Blocked(block) => block.advice(),
            Stage::Asking { .. } => "返事を待つ",
            Stage::Candidates(_) => "候補から選ぶ",
            Stage::Confirm => "本人か確かめる",
            // OUT-36: a fragment of either narrows the search.
            Stage::TooMany if !self.address => "住所を足す",
            Stage::TooMany if !self.insurer_name => "住所か保険者名を足す",
            Stage::TooMany => "住所を詳しくする",
            // Asked by the numbers alone: no name has been looked at.
            Stage::NotFound if self.tried.by_card_alone() => "番号と生年月日を確認",
            // OUT-32: the insurer may have registered another 性別.
            Stage::NotFound => "氏名と性別を見直す",
            Stage::SeveralBranches => "枝番を足す",
            Stage::Refused { code } if withheld(code) => return format!("原本で確かめる {code}"),
            Stage::Refused { code } if !code.is_empty() => return format!("訂正か再照会 {code}"),
            Stage::Refused { .. } => "訂正か再照会",
            Stage::Unanswered => "再照会する",
            Stage::Resolved { valid: true } => "確かめて完了へ",
            Stage::Resolved { valid: false } | Stage::Absent if self.follow.is_some() => {
                return self.follow.map_or_else(String::new, again);
            }
            Stage::Resolved { valid: false } => "無効: 患者に確認",
            Stage::Absent => "なし: 患者に確認",
            Stage::Settled | Stage::Cancelled => "",
        };
        text.to_owned()
    }
}

/// The first 16 digits of a card's mark as a number; 0 if there are none.
pub fn card_number(mark: &str) -> u64 {
    let digits = mark.get(..16).unwrap_or_default();
    u64::from_str_radix(digits, 16).unwrap_or_default()
}

fn again(day: Date) -> String {
    format!("{}/{} に再照会", day.month(), day.day())
}

/// A text as the filter compares it.
pub fn fold(text: &str) -> String {
    katakana(&name_key(text)).to_lowercase()
}

#[cfg(test)]
mod tests;
