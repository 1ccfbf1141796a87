//! What front ends are told of the desk without asking.

use crate::domain::evidence::Rules;
use crate::domain::line::LineState;
use crate::domain::note::Group;
use crate::domain::notice::Notice;
use crate::domain::paper::Format;
use crate::domain::reader::ReaderState;
use crate::domain::spill::Spilled;
use crate::domain::time::{Now, Period};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What a front end learns first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Welcome {
    /// [`super::VERSION`].
    pub version: u32,
    /// The desk's name.
    pub desk: String,
    /// 施設名.
    pub facility: String,
    /// 医療機関コード.
    pub institution_code: String,
    /// The stand-in answers, not the real system: a fixed 模擬 mark (SEC-44).
    pub simulated: bool,
    /// `madoguchi demo`: the outage can be switched from the menu.
    pub demo: bool,
    /// The connection has a search by 4情報; the public WebAPI has none.
    pub search: bool,
    /// Cards may be asked to sign a challenge here.
    #[serde(default)]
    pub challenge: bool,
    /// What may be shown instead of an eligibility check, and until when.
    pub rules: Box<Rules>,
    /// As what kind of file papers are printed, unless a person says
    /// otherwise.
    pub paper: Format,
    /// Minutes without a key after which it logs off (QG-14).
    pub idle_minutes: u64,
    /// Lists show names in part until opened (DOM-45).
    #[serde(default)]
    pub hide_names: bool,
    /// Seconds after which a blanked screen asks for the password (SEC-10).
    #[serde(default)]
    pub blank_seconds: u64,
    /// Notes are asked for only when a person starts it (`sync.confirm`).
    pub sync_confirm: bool,
    /// The desk service's clock.
    pub now: Now,
}

/// What is true now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Status {
    /// The line.
    pub line: LineState,
    /// The card reader.
    pub reader: ReaderState,
    /// Number of notes in each group.
    pub notes: BTreeMap<Group, usize>,
    /// How many of the resolved ones wait for the day of their next look
    /// (DOM-91), and for nobody.
    pub planned: usize,
    /// Unread notices.
    pub unread_notices: usize,
    /// Of those, how many tell that notes may be lost.
    #[serde(default)]
    pub losses: usize,
    /// The newest notice that opens the outage function, for the menu.
    pub headline: Option<Notice>,
    /// The period of the outage function, if announced.
    pub period: Option<Period>,
    /// Whether the central system has been asked for it yet.
    pub period_known: bool,
    /// How far the sync is.
    pub sync: SyncState,
    /// The store cannot take notes: what to do. `None` when all is well.
    pub store_trouble: Option<String>,
    /// The store is still being opened.
    pub store_opening: bool,
    /// How many records of how many, while the ledger is made anew.
    #[serde(default)]
    pub store_progress: Option<(u64, u64)>,
    /// Where notes go while the store cannot take them, and how many wait
    /// there; `None` when all is well.
    #[serde(default)]
    pub spill: Option<Spilled>,
}

impl Status {
    /// Notes of one group.
    pub fn count(&self, group: Group) -> usize {
        self.notes.get(&group).copied().unwrap_or(0)
    }

    /// Notes whose question is not answered yet.
    pub fn unresolved(&self) -> usize {
        Group::ALL
            .into_iter()
            .filter(|g| !matches!(g, Group::Settled | Group::Cancelled | Group::Resolved))
            .map(|group| self.count(group))
            .sum()
    }

    /// Resolved notes that a person has to settle.
    pub fn to_settle(&self) -> usize {
        self.count(Group::Resolved).saturating_sub(self.planned)
    }
}

/// The sync after recovery.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum SyncState {
    /// Nothing to do.
    Idle,
    /// Waiting for a person to start it (`sync.confirm`).
    AwaitingConfirm {
        /// Notes that would be asked for.
        notes: usize,
    },
    /// Running.
    Running {
        /// Notes done since it began.
        done: usize,
        /// Notes of this run.
        total: usize,
        /// Notes a minute in this run, if known.
        per_minute: Option<u64>,
        /// Seconds left, if known.
        seconds_left: Option<u64>,
    },
    /// A person stopped it, and answers are still to come.
    Stopping {
        /// Questions on the line.
        notes: usize,
    },
}

/// Why a front end is logged out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum LogoutReason {
    /// Asked for.
    Asked,
    /// 30 minutes idle (QG-14); the draft is kept.
    Idle,
    /// The same person logged in elsewhere by force (QG-37); the draft is
    /// kept.
    Elsewhere,
    /// The desk service was started again.
    Restarted,
    /// The central system is back: a login that only the desk has checked is
    /// to be checked there. Nothing is lost.
    Recovered,
    /// The central system says that the account is locked or not valid any
    /// more (SEC-12); the draft is kept.
    Barred,
}

/// An ユーザID that is locked at this desk.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LockedUser {
    /// ユーザID as it was typed.
    pub user: String,
    /// Whose it is; empty if nobody of that ID has been logged in here.
    pub name: String,
    /// Since when.
    pub since: Timestamp,
    /// Minutes until the desk lets go by itself.
    pub minutes: u64,
}
