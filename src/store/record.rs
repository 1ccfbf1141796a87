//! What is written: one record per thing that happened, a note's change and
//! its audit line in one (design: Journal first).

mod error;
mod loaded;

pub use error::StoreError;
pub use loaded::{Loaded, Progress};

use super::audit::anchor::kept::Noted;
use super::remark::Loss;
use crate::domain::card::{KeyKind, Kind};
use crate::domain::entitlement::Eligibility;
use crate::domain::insurance::InsuranceNumbers;
use crate::domain::note::{Group, Note, NoteId};
use crate::domain::opening::Opening;
use crate::domain::outcome::Outcome;
use crate::domain::staff::Credential;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// One journal record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    /// Wall time.
    pub at: Timestamp,
    /// ユーザID, or empty for the desk itself.
    pub by: String,
    /// The desk's name.
    #[serde(default)]
    pub desk: String,
    /// Where the person's terminal is, as far as known (SEC-29): the address
    /// of the other end of SSH; empty at the machine itself.
    #[serde(default)]
    pub origin: String,
    /// The mark of the draft that ends with this note: it must not be offered
    /// again, whatever is killed behind this record.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ends: Option<u64>,
    /// What happened.
    pub what: What,
    /// What the store says of its anchors, in the first record after each.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub anchors: Option<Noted>,
}

/// What happened. Carries no patient data except inside [`What::Note`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum What {
    /// A note was taken, changed or moved to another state: its whole new
    /// form.
    Note(Box<Note>),
    /// What the desk keeps of an ユーザID, in its new form.
    Staff(Box<Credential>),
    /// The checklist of how the outage function gets opened, in its new form
    /// (DOM-75).
    Opening(Box<Opening>),
    /// A possible loss was told, or read by a person (REL-5).
    Loss(Box<Loss>),
    /// A paper was printed to a file.
    Printed {
        /// `declaration`, `report`.
        kind: String,
        /// File name.
        file: String,
    },
    /// A note was opened by a person (DOM-47).
    Viewed(NoteId),
    /// A person took a note over from another who had it open.
    TakenOver {
        /// Which.
        id: NoteId,
        /// ユーザID of the one before.
        from: String,
    },
    /// A person opened the ledger, or turned to other groups of it.
    Listed {
        /// The groups; empty for all.
        groups: Vec<Group>,
        /// Narrowed by a text, which is not written down.
        narrowed: bool,
    },
    /// A look-up by a person: insurer number only, masked number.
    LookedUp {
        /// 方法2 or 方法3.
        method: crate::domain::note::Method,
        /// The verdict's code, or what went wrong.
        outcome: String,
        /// Whose, as far as a line may say.
        numbers: Masked,
        /// One of the candidates was opened.
        #[serde(default)]
        chosen: bool,
    },
    /// 照会番号 registered.
    Registered {
        /// Whose.
        numbers: Masked,
    },
    /// A result was written to a file.
    Downloaded {
        /// File name.
        file: String,
        /// Whose.
        numbers: Masked,
    },
    /// A person asked for something and did not get it.
    Refused {
        /// What was asked for: the code of the action.
        action: String,
        /// The note, or empty.
        note: String,
        /// The failure's word.
        why: String,
    },
    /// A person looked at what the card says without a PIN.
    CardViewed {
        /// What lies there.
        kind: Kind,
    },
    /// The four were asked of a card, or a signature: with which key, and how
    /// that ended. Nothing of what it holds.
    CardUsed {
        /// A signature instead of the four.
        prove: bool,
        /// Which key.
        key: KeyKind,
        /// `ok`, or the trouble's word.
        outcome: String,
        /// Tries the key has left, as far as known.
        left: Option<u8>,
    },
    /// A person asked whose card it is among today's notes.
    CardNotes {
        /// How many fit.
        notes: u64,
    },
    /// A person started or stopped the sync.
    Sync {
        /// Started.
        run: bool,
    },
    /// A person saw who is locked out.
    LocksListed,
    /// The audit lines were read out to a file or a screen.
    AuditExported,
    /// The same at the machine itself, with no desk service that could have
    /// known who it was.
    AuditExportedHere {
        /// Number of the user of the operating system.
        uid: u32,
        /// Their login name, or empty.
        name: String,
    },
    /// The journal was held against itself: what the command reported.
    AuditVerified {
        /// How much was wrong, as it says.
        findings: u64,
    },
    /// Login, its outcome.
    Login {
        /// ユーザID as typed.
        user: String,
        /// `ok`, `wrong-password`, `locked`, `forced` …
        outcome: String,
    },
    /// Logged off.
    Logout {
        /// `asked`, `idle`, `elsewhere`, `hang-up`.
        why: String,
    },
    /// The line changed: `down`, `up`.
    Line {
        /// The new state.
        state: String,
        /// Since when it is down, so that a restart does not count the outage
        /// anew.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        since: Option<Timestamp>,
    },
    /// Notes were read out of the ledger, for another machine (SEC-33).
    NotesExported {
        /// How many the ledger had.
        notes: u64,
    },
    /// A page of notes from another ledger was taken in.
    NotesImported {
        /// So many were written.
        taken: u64,
        /// So many were here already.
        here: u64,
    },
    /// What had waited in the spill is in the journal, and what of it was
    /// missing (REL-4).
    SpillTaken {
        /// The spill's files.
        files: Vec<SpillFile>,
        /// The journal had ended with this record when a file was begun, and
        /// does not have it any more as it was.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        end: Option<u64>,
    },
    /// The desk service started.
    Started {
        /// Program version.
        version: String,
    },
    /// The desk service was ended in order.
    Stopped,
}

/// A file of the spill, as it was when it was taken in.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct SpillFile {
    /// Its name.
    pub name: String,
    /// Records that were there, then or before.
    pub read: u64,
    /// Records that had been acknowledged and were not.
    pub lost: u64,
    /// Their numbers in the file, from and to; none where something else
    /// stood in their place.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rows: Vec<(u64, u64)>,
    /// The notes among those, as many times as they were lost.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<NoteId>,
    /// The number in the file of each of these.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub at: Vec<u64>,
}

impl SpillFile {
    /// The last record of the file that is accounted for.
    pub fn last(&self) -> u64 {
        if self.changed() {
            self.read.max(self.lost)
        } else {
            self.read.saturating_add(self.lost)
        }
    }

    /// Something else stood in the place of what was acknowledged.
    pub fn changed(&self) -> bool {
        self.lost > 0 && self.rows.is_empty()
    }

    /// Whether the journal has the record of this number.
    pub fn has(&self, number: u64) -> bool {
        let lost = |(from, to): &(u64, u64)| (*from..=*to).contains(&number);
        (1..=self.last()).contains(&number) && !self.rows.iter().any(lost)
    }
}

/// The numbers of an insurance card as far as an audit line may carry them:
/// enough to find the line again, too little to be of use to anybody else.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Masked {
    /// 保険者番号.
    pub insurer: String,
    /// 番号: `****` and its end, at most half of it and four characters.
    pub number: String,
}

impl Masked {
    /// What may be said of `insurance`.
    pub fn of(insurance: &InsuranceNumbers) -> Self {
        Self::new(&insurance.insurer, &insurance.number)
    }

    /// What may be said of an answer: the numbers of the first entitlement.
    pub fn found(answer: &Eligibility) -> Self {
        answer
            .entitlements
            .first()
            .map_or_else(Self::default, |one| {
                Self::new(&one.insurer_number, &one.number)
            })
    }

    fn new(insurer: &str, number: &str) -> Self {
        let length = number.chars().count();
        let shown = (length / 2).min(4);
        let end: String = number.chars().skip(length - shown).collect();
        let insurer = insurer.chars().filter(char::is_ascii_digit).take(8);
        Self {
            insurer: insurer.collect(),
            number: if length == 0 {
                String::new()
            } else {
                format!("****{end}")
            },
        }
    }
}

impl What {
    /// The line is down since then, or is well again.
    pub fn line(since: Option<Timestamp>) -> Self {
        let state = match since {
            Some(_) => Outcome::Down,
            None => Outcome::Up,
        };
        Self::Line {
            state: state.code().to_owned(),
            since,
        }
    }

    /// Whether the present state depends on it; the others are audit lines
    /// alone.
    pub fn is_kept(&self) -> bool {
        matches!(
            self,
            Self::Note(_) | Self::Staff(_) | Self::Opening(_) | Self::Loss(_) | Self::Line { .. }
        )
    }
}
