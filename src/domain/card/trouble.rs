//! Why a card was not read.

use super::facts::Kind;
use super::key::KeyKind;
use crate::domain::outcome::Outcome;
use serde::{Deserialize, Serialize};
use std::fmt;

/// Why a card was not read. Whatever it was, everything read so far is gone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Trouble {
    /// No card lies on the reader, or another one than was meant.
    NoCard,
    /// Taken away, or changed for another, while it was read.
    Lifted,
    /// Another program uses the reader.
    InUse,
    /// The reader service or the reader went away.
    NoReader,
    /// The card gave no answer within ten seconds.
    Slow,
    /// Upside down, damaged, or not a smart card.
    Mute,
    /// A card that has no four to give.
    WrongKind {
        /// What it is.
        kind: Kind,
    },
    /// The key did not fit; so many tries are left, at 0 this was the last.
    WrongKey {
        /// Which.
        key: KeyKind,
        /// Tries left; `None` if the card does not count them.
        left: Option<u8>,
    },
    /// The key has not the form such a key has; nothing was sent.
    BadKey {
        /// Which.
        key: KeyKind,
    },
    /// So few tries are left that a person has to say that it shall be tried.
    FewTries {
        /// Which.
        key: KeyKind,
        /// Tries left.
        left: u8,
    },
    /// No tries were left, and none was made: only the municipal office can help.
    Blocked {
        /// Which.
        key: KeyKind,
    },
    /// The card answered what nobody expects.
    Odd {
        /// The command's name, without data.
        step: String,
        /// The status word.
        status: u16,
    },
    /// What it holds cannot be read as the four or as a certificate.
    Garbled {
        /// Which file.
        file: String,
    },
    /// The signature does not belong to the certificate on the card.
    Unproved,
    /// Another reading is under way.
    Busy,
    /// The desk took the wish back: the pane was left, the login ended.
    Dropped,
    /// The card gave no answer within ten seconds to a reading with this key:
    /// a try may have been used.
    SlowKey {
        /// Which.
        key: KeyKind,
    },
}

impl Trouble {
    /// Whether the card has said how a key stands after it was tried.
    pub fn is_of_key(&self) -> bool {
        matches!(self, Self::WrongKey { .. } | Self::Blocked { .. })
    }

    /// A word for scripts and audit lines, which stays.
    pub fn word(&self) -> &'static str {
        self.outcome().code()
    }

    /// The same, with words.
    pub fn outcome(&self) -> Outcome {
        match self {
            Self::NoCard => Outcome::NoCard,
            Self::Lifted => Outcome::CardLifted,
            Self::InUse => Outcome::ReaderInUse,
            Self::NoReader => Outcome::NoReader,
            Self::Slow | Self::SlowKey { .. } => Outcome::CardSlow,
            Self::Mute => Outcome::CardMute,
            Self::WrongKind {
                kind: Kind::MyNumber | Kind::MyNumberBare,
            } => Outcome::CardNoCertificate,
            Self::WrongKind { .. } => Outcome::CardWrongKind,
            Self::WrongKey { .. } => Outcome::CardWrongKey,
            Self::BadKey { .. } => Outcome::CardBadKey,
            Self::FewTries { .. } => Outcome::CardFewTries,
            Self::Blocked { .. } => Outcome::CardBlocked,
            Self::Odd { .. } => Outcome::CardOdd,
            Self::Garbled { .. } => Outcome::CardGarbled,
            Self::Unproved => Outcome::CardUnproved,
            Self::Busy => Outcome::CardBusy,
            Self::Dropped => Outcome::CardDropped,
        }
    }
}

/// The sentence for staff: what happened, what to do next.
impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = match self {
            Self::NoCard => "カードがありません。読取機に置いてください。",
            Self::Lifted => {
                "読み終わる前にカードが動きました。読んだ内容は捨てました。もう一度置いてください。"
            }
            Self::InUse => {
                "ほかのプログラムが読取機を使っています。終わってから、もう一度行ってください。"
            }
            Self::NoReader => "読取機がありません。USB の線を確かめてください。",
            Self::Slow => "カードから返事がありません。カードを離して、もう一度置いてください。",
            Self::SlowKey { key } => {
                return write!(
                    f,
                    "{}{}を 1 回試したことになっているかもしれません。",
                    Self::Slow,
                    key.label()
                );
            }
            Self::Mute => Kind::Mute.sentence(),
            Self::WrongKind { kind } => kind.sentence(),
            Self::WrongKey { key, left: Some(0) } => {
                return write!(
                    f,
                    "{}が違いました。これで使えなくなりました。{}",
                    key.label(),
                    key.blocked()
                );
            }
            Self::WrongKey {
                key,
                left: Some(left),
            } => {
                return write!(
                    f,
                    "{}が違います。残り {left} 回です。{}",
                    key.label(),
                    key.check()
                );
            }
            Self::WrongKey { key, left: None } => {
                return write!(f, "{}が違います。{}", key.label(), key.check());
            }
            Self::BadKey { key } => {
                return write!(
                    f,
                    "{}の形が違います。カードには送っていません。{}",
                    key.label(),
                    key.check()
                );
            }
            Self::FewTries { key, left } => {
                return write!(
                    f,
                    "{}はあと {left} 回しか試せません。使い切ると、市区町村の窓口でしか直せません。{}",
                    key.label(),
                    key.check()
                );
            }
            Self::Blocked { key } => {
                return write!(
                    f,
                    "{}は使えなくなっています。{}{}",
                    key.label(),
                    key.perhaps(),
                    key.blocked()
                );
            }
            Self::Odd { step, status } => {
                return write!(
                    f,
                    "カードの返事が分かりません（{step} {status:04X}）。置き直してください。続くときは手で入れてください。"
                );
            }
            Self::Garbled { file } => {
                return write!(
                    f,
                    "カードの内容を読めません（{file}）。カードの券面を見て、手で入れてください。"
                );
            }
            Self::Unproved => {
                "カードの署名が、そのカードの証明書と合いません。本物のカードか、券面を見て確かめてください。"
            }
            Self::Busy => {
                "ほかの人がこの読取機で読んでいます。終わってから、もう一度行ってください。"
            }
            Self::Dropped => "カードの読み取りをやめました。",
        };
        f.write_str(text)
    }
}
