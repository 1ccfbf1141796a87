//! `cards/*.toml` as they are written.

use crate::simulator::card::manner::{Manner, Removal};
use jiff::civil::Date;
use serde::Deserialize;
use std::time::Duration;
use toml::Spanned;

/// A file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct Rows {
    #[serde(default)]
    pub(super) card: Vec<Row>,
}

/// What a card is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Default)]
#[serde(rename_all = "kebab-case")]
pub enum Make {
    /// マイナンバーカード.
    #[default]
    MyNumber,
    /// The same without JPKI.
    Bare,
    /// マイナ免許証: JPKI and the licence on one card.
    WithLicence,
    /// Phone.
    Android,
    /// Phone.
    Iphone,
    /// Old 住民基本台帳カード.
    Juki,
    /// 運転免許証.
    Licence,
    /// 在留カード.
    Residence,
    /// Bank card, T=0 only.
    Bank,
    /// 交通系 (FeliCa).
    Transport,
    /// A smart card with nothing we know.
    Other,
    /// JPKI with a token name nobody knows.
    Stranger,
    /// No answer.
    Mute,
}

/// When the certificates end, seen from today.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Default)]
#[serde(rename_all = "kebab-case")]
pub enum Ends {
    /// On a birthday in three years.
    #[default]
    Good,
    /// In sixty days.
    Soon,
    /// Today.
    Today,
    /// Forty days ago: within the three months.
    Grace,
    /// A hundred and fifty days ago.
    Ended,
    /// Begins in ten days.
    Early,
    /// No certificate: the file is empty.
    None,
    /// No certificate: the file is not there.
    Missing,
    /// The file holds no certificate.
    Garbled,
}

/// A card.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct Row {
    pub(super) name: Spanned<String>,
    pub(super) about: String,
    #[serde(default)]
    pub(super) kind: Make,
    pub(super) atr: Option<Spanned<String>>,
    /// 氏名; `full-name-hex` for bytes that are no text.
    pub(super) full_name: Option<String>,
    pub(super) full_name_hex: Option<Spanned<String>>,
    pub(super) address: Option<String>,
    /// Eight characters.
    pub(super) birth: Option<String>,
    pub(super) sex: Option<String>,
    /// Of the user-authentication certificate, hexadecimal.
    pub(super) serial: Option<Spanned<String>>,
    /// Which of the authentication keys, from 1.
    pub(super) key: Option<Spanned<usize>>,
    #[serde(default)]
    pub(super) certificate: Ends,
    #[serde(default)]
    pub(super) test_hierarchy: bool,
    /// Of the card itself.
    pub(super) expiry: Option<Date>,
    /// Security code below the photograph.
    pub(super) code: Option<String>,
    /// 照合番号B, where the birth date does not make it.
    pub(super) face: Option<String>,
    #[serde(default)]
    pub(super) pins: Pins,
    #[serde(default)]
    pub(super) tries: Tries,
    /// Every length as `82 xx xx`.
    #[serde(default)]
    pub(super) wide: bool,
    #[serde(default)]
    pub(super) manner: MannerRow,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub(super) struct Pins {
    pub(super) authentication: String,
    pub(super) signature: String,
    pub(super) text: String,
}

impl Default for Pins {
    fn default() -> Self {
        Self {
            authentication: "1234".to_owned(),
            signature: "ABC123".to_owned(),
            text: "5678".to_owned(),
        }
    }
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub(super) struct Tries {
    pub(super) authentication: u8,
    pub(super) signature: u8,
    pub(super) text: u8,
    pub(super) face: u8,
}

impl Tries {
    pub(super) const MOST: Self = Self {
        authentication: 3,
        signature: 5,
        text: 3,
        face: 10,
    };
}

impl Default for Tries {
    fn default() -> Self {
        Self::MOST
    }
}

#[derive(Debug, Clone, Copy, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub(super) struct MannerRow {
    delay_ms: u16,
    most: Option<u16>,
    drowsy: bool,
    extended: bool,
    forgetful: bool,
    iso: bool,
    exact: bool,
    fetched: bool,
    lifted_during: Option<u32>,
    lifted_after: Option<u32>,
}

impl From<MannerRow> for Manner {
    fn from(row: MannerRow) -> Self {
        Self {
            delay: Duration::from_millis(u64::from(row.delay_ms)),
            most: row.most.filter(|most| *most > 0),
            drowsy: row.drowsy,
            extended: row.extended,
            forgetful: row.forgetful,
            iso: row.iso,
            exact: row.exact,
            fetched: row.fetched,
            removal: row
                .lifted_during
                .map(Removal::During)
                .or(row.lifted_after.map(Removal::After)),
            ..Self::default()
        }
    }
}
