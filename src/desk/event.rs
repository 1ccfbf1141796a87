//! What can happen to the desk service, and what it can want done.

use super::staff::WorkId;
use super::verifier::Cost;
use crate::card::job::{Job, Report};
use crate::central::call::{Answer, Call, Fault};
use crate::domain::draft::Draft;
use crate::domain::paper::Format;
use crate::domain::secret::Secret;
use crate::domain::staff::Policy;
use crate::link::message::{FrontId, ToDesk, ToFront};
use crate::store::record::{Loaded, Progress, Record, StoreError};
use crate::store::remark::Remark;
use crate::store::spill::News;
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// A question to the central system on its way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct CallId(pub u64);

/// A record on its way to the disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct WriteId(pub u64);

/// Something that happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// A front end connected.
    Attached {
        /// Its number.
        front: FrontId,
    },
    /// A front end went away.
    Detached {
        /// Its number.
        front: FrontId,
    },
    /// A front end said something.
    Said {
        /// Who.
        front: FrontId,
        /// What.
        message: ToDesk,
    },
    /// A question was answered, or not.
    Answered {
        /// Which.
        call: CallId,
        /// How.
        result: Result<Answer, Fault>,
    },
    /// The store is open, or cannot be.
    Opened(Result<Loaded, StoreError>),
    /// The store is still being opened, and this far.
    Progress(Progress),
    /// A record is on disk (fsynced), or not.
    Written {
        /// Which.
        write: WriteId,
        /// How.
        result: Result<(), StoreError>,
    },
    /// A record is on disk in the spill, because the journal cannot be
    /// written.
    Spilled {
        /// Which.
        write: WriteId,
    },
    /// What the store says of its spill; comes before what depends on it.
    Spill(News),
    /// A file was written, or not.
    FileSaved {
        /// Which.
        write: WriteId,
        /// Its path, or what went wrong.
        result: Result<String, String>,
    },
    /// The store has something to say to people (one sentence).
    Remark(Remark),
    /// What [`Action::Verify`] came to.
    Verified {
        /// Which.
        work: WorkId,
        /// Whether the password is the right one.
        fits: bool,
    },
    /// What [`Action::Hash`] came to.
    Hashed {
        /// Which.
        work: WorkId,
        /// PHC string; nothing if it could not be made.
        verifier: Option<String>,
    },
    /// The reader changed, a card was looked at, or a reading has ended.
    Card(Report),
    /// The time asked for with [`Action::WakeAt`] has come.
    Woke,
    /// The service is about to end in order.
    Stopping,
}

/// Something to be done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Action {
    /// Tell one front end.
    Tell {
        /// Whom.
        front: FrontId,
        /// What.
        message: ToFront,
    },
    /// End the connection to a front end after what was told it.
    Close {
        /// Which.
        front: FrontId,
    },
    /// Ask the central system; answered by [`Event::Answered`].
    Ask {
        /// Under this number.
        call: CallId,
        /// What.
        what: Call,
    },
    /// Write a record; answered by [`Event::Written`] when it is on disk.
    Write {
        /// Under this number.
        write: WriteId,
        /// What.
        record: Box<Record>,
    },
    /// Keep or drop a draft; not answered.
    KeepDraft {
        /// ユーザID.
        user: String,
        /// The draft, or nothing.
        draft: Option<Draft>,
    },
    /// Write a result file (XML) into the download folder; answered by
    /// [`Event::FileSaved`].
    SaveFile {
        /// Under this number.
        write: WriteId,
        /// File name, without folder.
        name: String,
        /// The answer to write.
        answer: Box<crate::domain::entitlement::Eligibility>,
    },
    /// Compare a password with a verifier, off this thread; the same work if
    /// there is none (SEC-2). Answered by [`Event::Verified`].
    Verify {
        /// Under this number.
        work: WorkId,
        /// The password.
        password: Secret,
        /// PHC string.
        verifier: Option<String>,
        /// What the work without a verifier costs.
        cost: Cost,
    },
    /// Make a verifier, off this thread. Answered by [`Event::Hashed`].
    Hash {
        /// Under this number.
        work: WorkId,
        /// The password.
        password: Secret,
        /// What it costs.
        cost: Cost,
    },
    /// Write a paper into the download folder; answered by
    /// [`Event::FileSaved`].
    SavePaper {
        /// Under this number.
        write: WriteId,
        /// File name, without folder.
        name: String,
        /// The paper.
        paper: Box<crate::domain::paper::Paper>,
        /// As what kind of file.
        format: Format,
    },
    /// Ask something of the card; answered by [`Event::Card`].
    Card(Job),
    /// Demo only: put a card on the simulated reader, or take it away.
    DemoCard {
        /// Its name.
        card: Option<String>,
    },
    /// Demo only: switch the stand-in's outage.
    DemoOutage {
        /// On or off.
        on: bool,
    },
    /// Wake me at this moment (monotonic, since the start). Replaces any
    /// earlier wish; `None` takes it back.
    WakeAt(Option<Duration>),
}

/// What the desk service is told at its start.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Config {
    /// The desk's name.
    pub desk: String,
    /// 施設名.
    pub facility: String,
    /// 医療機関コード.
    pub institution_code: String,
    /// The desk's own account (WebAPI用), for look-ups by 方法2 when nobody is
    /// logged in: user id and password.
    pub machine: Option<(String, Secret)>,
    /// Connected to the stand-in.
    pub simulated: bool,
    /// `madoguchi demo`.
    pub demo: bool,
    /// Idle log-off after this long (QG-14: 30 minutes).
    pub idle: Duration,
    /// A note whose holder's line is gone stays held for this long.
    pub hold: Duration,
    /// What the desks are called whose terminals come from these addresses.
    pub screens: std::collections::BTreeMap<String, String>,
    /// Lists show names in part until opened (DOM-45).
    pub hide_names: bool,
    /// A screen blanked for this long asks for the password (SEC-10).
    pub blank: Duration,
    /// Warn this long before it (QG-46: 60 s).
    pub idle_warning: Duration,
    /// Waits, locks and days of offline login.
    pub staff: Policy,
    /// What a verifier costs.
    pub cost: Cost,
    /// Between probes during an outage, before jitter (REL-15: 15 s).
    pub probe_every: Duration,
    /// Jitter of the probes, each way (REL-15: 5 s).
    pub probe_jitter: Duration,
    /// Good probes in a row that end an outage (REL-15: 3).
    pub probes_to_recover: u32,
    /// Between the probes that confirm a recovery.
    pub confirm_every: Duration,
    /// An answer later than this makes the line 遅い.
    pub slow_after: Duration,
    /// How often notices are fetched while someone is logged in.
    pub notices_every: Duration,
    /// Questions on their way at once during a sync.
    pub sync_at_once: usize,
    /// Tries for one note before a person has to look.
    pub sync_attempts: u32,
    /// Questions a second at most; 0: as many as are answered (REL-16).
    pub sync_per_second: u32,
    /// Ask in looser ways after nobody was found.
    pub sync_fallbacks: bool,
    /// The follow-up's days (DOM-91).
    pub follow_up: crate::domain::note::Schedule,
    /// What may be shown instead of an eligibility check (DOM-70, DOM-88).
    pub rules: crate::domain::evidence::Rules,
    /// As what kind of file papers are printed.
    pub paper: Format,
    /// Returning cards are recognised by a keyed hash of their certificate's
    /// serial number; off: nothing of it is computed or kept.
    pub recognise: bool,
    /// Cards may be asked to sign a challenge.
    pub challenge: bool,
    /// Wait for one key before a sync begins.
    pub sync_confirm: bool,
    /// What the connection can do.
    pub capabilities: crate::central::call::Capabilities,
    /// Seed of the jitter; fixed in tapes.
    pub seed: u64,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            desk: "窓口".to_owned(),
            facility: String::new(),
            institution_code: String::new(),
            machine: None,
            simulated: false,
            demo: false,
            idle: Duration::from_secs(30 * 60),
            idle_warning: Duration::from_secs(60),
            hold: Duration::from_secs(120),
            hide_names: true,
            blank: Duration::from_secs(60),
            screens: std::collections::BTreeMap::new(),
            staff: Policy::default(),
            cost: Cost::LEAST,
            probe_every: Duration::from_secs(15),
            probe_jitter: Duration::from_secs(5),
            probes_to_recover: 3,
            confirm_every: Duration::from_secs(2),
            slow_after: Duration::from_secs(3),
            notices_every: Duration::from_secs(5 * 60),
            sync_at_once: 8,
            sync_attempts: 5,
            sync_per_second: 0,
            sync_fallbacks: true,
            follow_up: crate::domain::note::Schedule::default(),
            rules: crate::domain::evidence::Rules::default(),
            paper: Format::Pdf,
            recognise: false,
            challenge: false,
            sync_confirm: false,
            capabilities: crate::central::call::Capabilities::ALL,
            seed: 0,
        }
    }
}
