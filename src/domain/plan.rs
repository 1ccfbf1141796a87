//! The plan after recovery, as data: which notes may be asked for now and by
//! which method, which must wait and why, and what an answer means for a note.

use super::entitlement::{Eligibility, Found, Validity};
use super::note::{
    Block, Group, Method, Need, Note, NoteId, Outline, Resolution, Stage, Way, Ways, decided,
};
use jiff::civil::Date;
use std::time::Duration;

/// Longest wait before the next try (REL-15).
pub const LONGEST_WAIT: Duration = Duration::from_secs(10 * 60);

/// The world the notes are asked in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct World {
    /// Today in Japan.
    pub today: Date,
    /// Whether the outage function is open today; `None`: not known yet.
    pub open: Option<bool>,
    /// The connection can look up by insurance numbers.
    pub lookup: bool,
    /// The connection can search by 4情報.
    pub search: bool,
    /// Someone (or the desk's own account) can ask by 方法2.
    pub card_login: bool,
    /// A medical-viewer or administrator is logged in (OUT-9).
    pub four_login: bool,
    /// Failed tries before a person has to look.
    pub attempts: u32,
    /// Fall-backs are asked after nobody was found (`sync.fallbacks`).
    pub fallbacks: bool,
}

/// What may happen to one note now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Ask.
    Ask(Way),
    /// It cannot be asked for as things are.
    Block(Block),
    /// Not known yet whether it may be asked for.
    Hold,
    /// Asked for too often without an answer.
    GiveUp,
    /// Its day has come (DOM-91): it is to be opened again.
    LookAgain,
    /// Its day has come, and it cannot be asked for as things are.
    Wait,
    /// Nothing is to be done: closed, under way, or a person's turn.
    Nothing,
}

/// One question to be asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Operation {
    /// For which note.
    pub id: NoteId,
    /// For which revision of it.
    pub revision: u32,
    /// How.
    pub way: Way,
}

/// What is to be done, in the order of the notes.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Plan {
    /// What may be asked now.
    pub operations: Vec<Operation>,
    /// What cannot, and why.
    pub blocks: Vec<(NoteId, Block)>,
    /// What is for a person now, with its revision.
    pub exhausted: Vec<(NoteId, u32)>,
    /// What waits for knowledge about the world, or for the world to change.
    pub held: Vec<NoteId>,
    /// Resolved notes to be opened again, with their revision.
    pub again: Vec<(NoteId, u32)>,
}

/// The plan for `notes` in `world`.
pub fn plan<'a>(notes: impl IntoIterator<Item = &'a Outline>, world: &World) -> Plan {
    let mut plan = Plan::default();
    for note in notes {
        match decide(note, world) {
            Verdict::Ask(way) => plan.operations.push(Operation {
                id: note.id.clone(),
                revision: note.revision,
                way,
            }),
            Verdict::Block(block) => plan.blocks.push((note.id.clone(), block)),
            Verdict::GiveUp => plan.exhausted.push((note.id.clone(), note.revision)),
            Verdict::Hold | Verdict::Wait => plan.held.push(note.id.clone()),
            Verdict::LookAgain => plan.again.push((note.id.clone(), note.revision)),
            Verdict::Nothing => {}
        }
    }
    plan
}

/// What may happen to `note` in `world`.
pub fn decide(note: &Outline, world: &World) -> Verdict {
    if !note.stage.open() {
        return look_again(note, world);
    }
    let verdict = match ways(note, world).iter().next() {
        None if note.can.is_empty() => Verdict::Block(Block::NotDuringOutage),
        // Everything that is left is impossible here.
        None => Verdict::Block(Block::NoCapability),
        Some(Way::Card) => card(world),
        Some(way) => four(way, world),
    };
    match verdict {
        Verdict::Ask(_) if note.attempts >= world.attempts => Verdict::GiveUp,
        verdict => verdict,
    }
}

/// A resolved note whose day has come (DOM-91). It is left as it is while it
/// cannot be asked for.
fn look_again(note: &Outline, world: &World) -> Verdict {
    let due = note.follow.is_some_and(|day| day <= world.today);
    if !due || note.stage.group() != Group::Resolved {
        return Verdict::Nothing;
    }
    let again = Outline {
        stage: Stage::Waiting { not_before: None },
        tried: Ways::default(),
        attempts: 0,
        ..note.clone()
    };
    match decide(&again, world) {
        Verdict::Ask(_) => Verdict::LookAgain,
        _ => Verdict::Wait,
    }
}

fn card(world: &World) -> Verdict {
    if world.card_login {
        Verdict::Ask(Way::Card)
    } else {
        Verdict::Block(Block::NoLogin)
    }
}

fn four(way: Way, world: &World) -> Verdict {
    match (world.open, world.four_login) {
        (Some(false), _) => Verdict::Block(Block::FunctionClosed),
        (_, false) => Verdict::Block(Block::NoRight),
        (None, true) => Verdict::Hold,
        (Some(true), true) => Verdict::Ask(way),
    }
}

/// The ways left for a note in outline, in their order: 方法2 first where there
/// are numbers, then 方法3 as noted, then the fall-backs.
pub fn ways(note: &Outline, world: &World) -> Ways {
    left(note.can, note.tried, world)
}

/// [`Way::Town`] follows only on too many, see [`judge`].
fn left(can: Ways, tried: Ways, world: &World) -> Ways {
    can.without(tried)
        .iter()
        .filter(|way| match way.method() {
            Method::Card => world.lookup,
            Method::Four => world.search,
        })
        .filter(|way| world.fallbacks || !way.is_fallback())
        .filter(|way| *way != Way::Town || tried.has(Way::Municipality))
        .collect()
}

/// What came back for a note.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reply {
    /// To 方法2.
    Checked(Box<Eligibility>),
    /// To 方法3.
    Found(Found),
    /// Refused, with code and text.
    Refused {
        /// Its code.
        code: String,
        /// Its text.
        message: String,
    },
    /// No usable answer: nothing is known about the patient (REL-12).
    Failed {
        /// Retry-After.
        retry_after: Option<Duration>,
        /// What happened, a Japanese phrase without full stop.
        what: String,
    },
    /// Not asked in a way that counts: the login had ended, the function was
    /// closed.
    Turned {
        /// What happened, as above.
        what: String,
    },
}

/// What a reply means for the note.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// Decided, valid or invalid.
    Resolve(Box<Eligibility>),
    /// A person's turn.
    Person(Need),
    /// This way is through without a result; the next one is tried.
    NextWay(Need),
    /// Ask again later; counts as a try.
    Retry {
        /// Not earlier than after this long, if the central system said so.
        retry_after: Option<Duration>,
        /// What happened.
        what: String,
    },
    /// Ask again when the world allows; does not count.
    Again {
        /// What happened.
        what: String,
    },
}

/// What `reply`, asked by `way`, means for `note`. Never decides who a person
/// is: only a unique hit by what was noted resolves.
pub fn judge(note: &Note, way: Way, reply: Reply, world: &World) -> Outcome {
    let can = Ways::of(&note.content, note.during_outage);
    let tried = note.tried.iter().copied().chain([way]).collect();
    let after = |need: Need, next: fn(Way) -> bool| {
        if left(can, tried, world).iter().any(next) {
            Outcome::NextWay(need)
        } else {
            Outcome::Person(need)
        }
    };
    let miss = |need: Need| match after(need, |next| next != Way::Town) {
        // The municipality has them, the town not: it is still too many.
        Outcome::Person(Need::NotFound) if way == Way::Town => Outcome::Person(Need::TooMany),
        // A person has decided so before, and it is still so (DOM-91).
        Outcome::Person(Need::NotFound) if note.looks.last().is_some_and(Resolution::is_absent) => {
            Outcome::Resolve(Box::new(Eligibility::absent(note.content.visit_date)))
        }
        outcome => outcome,
    };
    let many = || match way {
        // Only what was shortened can be lengthened again (OUT-39).
        Way::Municipality => {
            if can.has(Way::Town) {
                Outcome::NextWay(Need::TooMany)
            } else {
                Outcome::Person(Need::TooMany)
            }
        }
        _ => Outcome::Person(Need::TooMany),
    };
    let unique = |answer: Box<Eligibility>| match &answer.validity {
        _ if decided(&answer) && way.is_fallback() => {
            Outcome::Person(Need::Confirm { way, answer })
        }
        _ if decided(&answer) => Outcome::Resolve(answer),
        Validity::Several => miss(Need::SeveralBranches),
        Validity::Unknown(code) => Outcome::Person(Need::Refused {
            code: code.clone(),
            message: "この資格有効性は読めません。公式の画面で確かめてください。".to_owned(),
        }),
        _ => miss(Need::NotFound),
    };
    match reply {
        Reply::Checked(answer) => unique(answer),
        Reply::Found(Found::One(answer)) => unique(answer),
        Reply::Found(Found::None) => miss(Need::NotFound),
        Reply::Found(Found::TooMany) => many(),
        Reply::Found(Found::Several(list)) => match list.len() {
            0 => miss(Need::NotFound),
            1..=5 => Outcome::Person(Need::Candidates { way, list }),
            _ => many(),
        },
        Reply::Refused { code, message } => Outcome::Person(Need::Refused { code, message }),
        Reply::Failed { retry_after, what } => Outcome::Retry { retry_after, what },
        Reply::Turned { what } => Outcome::Again { what },
    }
}

/// How long to wait after `attempts` failed tries: full jitter over 1, 4, 16 …
/// seconds (REL-12), never sooner than the central system asked, never longer
/// than [`LONGEST_WAIT`]. `roll` is a random number.
pub fn backoff(attempts: u32, retry_after: Option<Duration>, roll: u64) -> Duration {
    let ceiling = Duration::from_secs(4u64.saturating_pow(attempts.min(8))).min(LONGEST_WAIT);
    let span = u64::try_from(ceiling.as_millis()).unwrap_or(u64::MAX - 1);
    let wait = Duration::from_millis(roll % (span + 1));
    wait.max(retry_after.unwrap_or_default()).min(LONGEST_WAIT)
}

#[cfg(test)]
mod tests;
