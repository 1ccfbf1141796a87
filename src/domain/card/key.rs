//! What opens the four: numbers from the card's face, or its holder's PIN.

use crate::domain::secret::Secret;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// At so many tries left or fewer a person has to say that it shall be tried.
pub const LEAST_TRIES: u8 = 2;

/// Which key, without its value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum KeyKind {
    /// 照合番号B: opens the four and never the 個人番号 (section 2.3).
    Face,
    /// 券面事項入力補助用の暗証番号, 4 digits.
    Pin,
    /// 利用者証明用の暗証番号, 4 digits; for the challenge alone.
    Authentication,
}

/// The three numbers on the face that make 照合番号B (section 4.5).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Face {
    /// 生年月日 of the holder.
    pub birth: Date,
    /// 有効期限の年, Gregorian.
    pub expiry_year: i16,
    /// セキュリティコード, 4 digits, below the photograph.
    pub code: Secret,
}

/// A key and its value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Key {
    /// 照合番号B.
    Face(Face),
    /// 券面事項入力補助用の暗証番号.
    Pin(Secret),
}

impl Key {
    /// Which key.
    pub fn kind(&self) -> KeyKind {
        match self {
            Self::Face(_) => KeyKind::Face,
            Self::Pin(_) => KeyKind::Pin,
        }
    }
}

impl KeyKind {
    /// In words.
    pub fn label(self) -> &'static str {
        match self {
            Self::Face => "照合番号B（生年月日・有効期限の年・セキュリティコード）",
            Self::Pin => "券面事項入力補助用の暗証番号",
            Self::Authentication => "利用者証明用の暗証番号",
        }
    }

    /// What to look at after a wrong one.
    pub fn check(self) -> &'static str {
        match self {
            Self::Face => "券面の生年月日と有効期限、写真の下の 4 桁を確かめてください。",
            Self::Pin | Self::Authentication => "患者さんに確かめてください。",
        }
    }
}
