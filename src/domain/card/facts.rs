//! What a card says of itself without a PIN.

use super::Presence;
use super::trouble::Trouble;
use crate::domain::time::jst;
use jiff::civil::Date;
use jiff::{Timestamp, ToSpan};
use serde::{Deserialize, Serialize};

/// What a signed challenge proves, and what not (section 5.3).
pub const PROOF: &str = "このカードのチップが証明書の鍵を持つことと、暗証番号が合うことを確かめました。証明書が失効していないことと、保険の資格は確かめていません。";

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

impl std::fmt::Debug for Seen {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Seen")
            .field("presence", &self.presence)
            .field("kind", &self.kind)
            .field("certificate", &self.certificate)
            .finish_non_exhaustive()
    }
}

impl Kind {
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
