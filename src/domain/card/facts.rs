//! What a card says of itself without a PIN.

use super::Presence;
use super::trouble::Trouble;
use crate::domain::time::jst;
use jiff::civil::Date;
use jiff::{Timestamp, ToSpan};
use serde::{Deserialize, Serialize};
use std::fmt;

/// What a signed challenge proves, and what not (section 5.3).
pub const PROOF: &str = "分かるのは「このカードの中の鍵で、正しい暗証番号が打たれた」ことだけです。電子証明書の発行元と、失効していないかと、資格があるかは分かりません。";

/// The sentence about a マイナンバーカード that shows no certificate.
pub const NO_CERTIFICATE: &str =
    "このカードには利用者証明用の電子証明書がありません。資格は資格確認書などで確かめてください。";

/// What lies on the reader, by what its applications answered; never by the
/// ATR alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// マイナンバーカード.
    MyNumber,
    /// マイナンバーカード without (working) 公的個人認証AP.
    MyNumberBare,
    /// Android phone (DOM-90): its certificate takes the PIN.
    Android,
    /// iPhone (DOM-90).
    Iphone,
    /// 住民基本台帳カード: not taken since 2018-12-21.
    Juki,
    /// 運転免許証.
    Licence,
    /// 在留カード or 特別永住者証明書.
    Residence,
    /// Bank or credit card.
    Bank,
    /// 交通系 and other memory cards (FeliCa, MIFARE).
    Memory,
    /// A smart card that is none of these.
    Other,
    /// A JPKI token whose name nobody knows.
    UnknownToken,
    /// No answer: upside down, damaged, not a smart card, lifted too early.
    Mute,
}

/// 利用者証明用電子証明書, without its serial number: nothing here tells whose
/// it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Certificate {
    /// Valid from.
    pub not_before: Timestamp,
    /// Valid until; 23:59:59 of its last day in Japan.
    pub not_after: Timestamp,
    /// Of the test hierarchy (O=JPKI-TEST).
    pub test: bool,
}

/// How a certificate stands today, in Japan time (DOM-85, DOM-86).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Validity {
    /// Valid for more than three months.
    Good,
    /// Ends on this day, within three months: it can be renewed.
    Soon {
        /// Its last day.
        until: Date,
    },
    /// Ended, but the 資格 alone can be confirmed until this day (DOM-86).
    Grace {
        /// Its last day was this.
        ended: Date,
        /// The last day of the third month after it.
        until: Date,
    },
    /// Ended for good.
    Ended {
        /// Its last day was this.
        ended: Date,
    },
    /// Not valid yet: the clock or the card is wrong.
    Early {
        /// Its first day.
        from: Date,
    },
}

impl Validity {
    /// How `certificate` stands on `today` in Japan.
    pub fn of(certificate: &Certificate, today: Date) -> Self {
        let first = jst(certificate.not_before).date();
        let last = jst(certificate.not_after).date();
        let three = 3.months();
        if today < first {
            Self::Early { from: first }
        } else if today <= last {
            if today < last.saturating_sub(three) {
                Self::Good
            } else {
                Self::Soon { until: last }
            }
        } else {
            // From the first day of the month: 3 months after 11-30 are to
            // end on 02-28, and 3 months after 02-28 on 05-31.
            let until = last.first_of_month().saturating_add(three).last_of_month();
            if today <= until {
                Self::Grace { ended: last, until }
            } else {
                Self::Ended { ended: last }
            }
        }
    }
}

/// The card's own expiry, where something is to be done about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Expiry {
    /// Ends on this day, within three months.
    Soon {
        /// Its last day.
        until: Date,
    },
    /// Its last day was this.
    Ended {
        /// That day.
        ended: Date,
    },
}

impl Expiry {
    /// How a card whose last day is `last` stands on `today`; nothing where
    /// that is long from now.
    pub fn of(last: Date, today: Date) -> Option<Self> {
        if today > last {
            Some(Self::Ended { ended: last })
        } else {
            (today >= last.saturating_sub(3.months())).then_some(Self::Soon { until: last })
        }
    }
}

/// The sentence for staff.
impl fmt::Display for Expiry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Soon { until } => write!(
                f,
                "カードの有効期限は {} です。市区町村の窓口での更新を勧めてください。",
                day(until)
            ),
            Self::Ended { ended } => write!(
                f,
                "カードの有効期限が {} に切れています。市区町村の窓口での更新を勧めてください。",
                day(ended)
            ),
        }
    }
}

/// What every screen is told of the card that lies there: nothing that tells
/// whose it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Glance {
    /// Which stay.
    pub presence: Presence,
    /// What it is; `None` while it is being looked at.
    pub kind: Option<Kind>,
    /// How its certificate stands; `None` without one, or not looked yet.
    pub validity: Option<Validity>,
    /// Why it could not be looked at.
    pub trouble: Option<Trouble>,
    /// The card's own expiry, once it is near or past.
    #[serde(default)]
    pub expires: Option<Expiry>,
}

/// What the card said without a PIN, whole. Its serial number is a lasting
/// mark of a person: shown when asked for, never kept (section 5.2).
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seen {
    /// Which stay.
    pub presence: Presence,
    /// What it is.
    pub kind: Kind,
    /// The token's name as the card spells it, cleaned; empty without one.
    pub token: String,
    /// The user-authentication certificate.
    pub certificate: Option<Certificate>,
    /// Its serial number, decimal; empty without one.
    pub serial: String,
    /// The card's own expiry (共通カードAP), if it says one.
    pub expiry: Option<Date>,
}

impl fmt::Debug for Seen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Seen")
            .field("presence", &self.presence)
            .field("kind", &self.kind)
            .field("certificate", &self.certificate)
            .finish_non_exhaustive()
    }
}

/// The sentence for staff: how it stands, what it means, what to do next.
impl fmt::Display for Validity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Good => f.write_str("電子証明書は有効期間内です。"),
            Self::Soon { until } => write!(
                f,
                "電子証明書は {} までです。患者さんに、市区町村の窓口での更新を勧めてください。",
                day(until)
            ),
            Self::Grace { ended, until } => write!(
                f,
                "電子証明書は {} に切れています。{} までは資格だけ確認できます（薬剤などの情報は出ません）。更新を勧めてください。",
                day(ended),
                day(until)
            ),
            Self::Ended { ended } => write!(
                f,
                "電子証明書は {} に切れ、資格の確認に使えません。資格確認書などで確かめ、更新を勧めてください。",
                day(ended)
            ),
            Self::Early { from } => write!(
                f,
                "電子証明書は {} から有効です。この端末の日付が合っているか確かめてください。",
                day(from)
            ),
        }
    }
}

/// `2027/1/15`.
fn day(date: Date) -> String {
    format!("{}/{}/{}", date.year(), date.month(), date.day())
}

impl Seen {
    /// The sentence about the card's own expiry, once it is near or past.
    pub fn expiry_note(&self, today: Date) -> Option<String> {
        Some(Expiry::of(self.expiry?, today)?.to_string())
    }
}

impl Kind {
    /// The sentence for staff: what lies there, and what to do next.
    pub fn sentence(self) -> &'static str {
        match self {
            Self::MyNumber => "マイナンバーカードです。",
            Self::MyNumberBare => {
                "電子証明書の使えないマイナンバーカードです。氏名などは券面の番号で読めます。資格は資格確認書などで確かめてください。"
            }
            Self::Android | Self::Iphone => {
                "スマートフォンが置かれています。氏名などは読めません。資格の確認は専用の読取機で受けてください。初めての受診ではカードも持ってきてもらいます。"
            }
            Self::Juki => {
                "住民基本台帳カードです。もう使えません（電子証明書は 2018 年 12 月に終わりました）。資格確認書などを見せてもらってください。"
            }
            Self::Licence => {
                "運転免許証です。ここでは読めません。マイナンバーカードを置いてもらってください。"
            }
            Self::Residence => {
                "在留カードです。ここでは読めません。マイナンバーカードか資格確認書を見せてもらってください。"
            }
            Self::Bank => {
                "銀行かクレジットのカードです。ここでは何も読みません。マイナンバーカードを置いてもらってください。"
            }
            Self::Memory => {
                "交通系などのカードです。マイナンバーカードではありません。マイナンバーカードを置いてもらってください。"
            }
            Self::Other => {
                "マイナンバーカードではない IC カードです。マイナンバーカードを置いてもらってください。"
            }
            Self::UnknownToken => {
                "種類の分からないカードです。読めません。資格確認書などで確かめ、続くときは問い合わせてください。"
            }
            Self::Mute => {
                "カードを読めません。裏表を確かめ、ケースから出して、置き直してください。"
            }
        }
    }

    /// In words.
    pub fn label(self) -> &'static str {
        match self {
            Self::MyNumber => "マイナンバーカード",
            Self::MyNumberBare => "電子証明書の使えないマイナンバーカード",
            Self::Android => "スマートフォン（Android）",
            Self::Iphone => "スマートフォン（iPhone）",
            Self::Juki => "住民基本台帳カード",
            Self::Licence => "運転免許証",
            Self::Residence => "在留カード",
            Self::Bank => "銀行・クレジットのカード",
            Self::Memory => "交通系などのカード",
            Self::Other => "ほかの IC カード",
            Self::UnknownToken => "種類の分からないカード",
            Self::Mute => "読めないカード",
        }
    }
}

#[cfg(test)]
mod tests;
