//! 券面事項: name, address, birth date and sex as the card holds them.

use crate::text::fold::is_private;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// Something about a text that a person has to hold against the card's face.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Flag {
    /// The card has no such part.
    Missing,
    /// Not UTF-8: shown as far as it can be read.
    NotUtf8,
    /// A character outside the basic plane (𠮷).
    Rare,
    /// A private-use character (外字).
    Private,
    /// A substitute mark (■ 〓 ● ？).
    Substitute,
    /// Control characters were taken out.
    Cleaned,
    /// A code or date that means nothing, or says that it is unknown.
    Unknown,
}

impl Flag {
    /// Whether a character may stand for another that the card could not hold.
    pub fn is_substitute(c: char) -> bool {
        matches!(c, '■' | '□' | '〓' | '●' | '？' | '?')
    }

    /// What has to be held against the face wherever the text stands.
    pub fn doubt(text: &str) -> Option<Self> {
        let lost = |c| Self::is_substitute(c) || c == char::REPLACEMENT_CHARACTER;
        if text.chars().any(is_private) {
            Some(Self::Private)
        } else {
            text.chars().any(lost).then_some(Self::Substitute)
        }
    }
}

/// A text of the card.
#[derive(Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Item {
    /// As it can be shown: cleaned, never normalised.
    pub text: String,
    /// What is to be held against the face.
    pub flags: Vec<Flag>,
}

/// 生年月日.
#[derive(Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Birth {
    /// The eight characters as the card has them, cleaned.
    pub raw: String,
    /// The day, if they are one.
    pub date: Option<Date>,
    /// What is to be held against the face.
    pub flags: Vec<Flag>,
}

/// 性別: `1` 男, `2` 女, `9` 適用不能, `0` 不明 (JIS X 0303).
#[derive(Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Gender {
    /// As the card has it, cleaned.
    pub raw: String,
    /// What the forms call it.
    pub sex: Option<crate::domain::person::Sex>,
    /// What is to be held against the face.
    pub flags: Vec<Flag>,
}

/// The four of the card; there is no kana on it.
#[derive(Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Four {
    /// 氏名.
    pub name: Item,
    /// 住所.
    pub address: Item,
    /// 生年月日.
    pub birth: Birth,
    /// 性別.
    pub gender: Gender,
}

impl std::fmt::Debug for Four {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Four(…)")
    }
}
