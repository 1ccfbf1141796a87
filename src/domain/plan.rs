//! The plan after recovery, as data: which notes may be asked for now and by
//! which method, which must wait and why, and what an answer means for a note.

use super::entitlement::{Eligibility, Found, Validity};
use super::note::outline::Methods;
use super::note::{Block, Method, Need, Note, NoteId, Outline, decided};
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
}

/// What may happen to one note now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Ask.
    Ask(Method),
    /// It cannot be asked for as things are.
    Block(Block),
    /// Not known yet whether it may be asked for.
    Hold,
    /// Asked for too often without an answer.
    GiveUp,
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
    pub method: Method,
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
    /// What waits for knowledge about the world.
    pub held: Vec<NoteId>,
}

/// The plan for `notes` in `world`.
pub fn plan<'a>(notes: impl IntoIterator<Item = &'a Outline>, world: &World) -> Plan {
    let mut plan = Plan::default();
    for note in notes {
        match decide(note, world) {
            Verdict::Ask(method) => plan.operations.push(Operation {
                id: note.id.clone(),
                revision: note.revision,
                method,
            }),
            Verdict::Block(block) => plan.blocks.push((note.id.clone(), block)),
            Verdict::GiveUp => plan.exhausted.push((note.id.clone(), note.revision)),
            Verdict::Hold => plan.held.push(note.id.clone()),
            Verdict::Nothing => {}
        }
    }
    plan
}

/// What may happen to `note` in `world`.
pub fn decide(note: &Outline, world: &World) -> Verdict {
    if !note.stage.open() {
        return Verdict::Nothing;
    }
    let methods = methods(note);
    let verdict = match methods.first() {
        None => Verdict::Block(Block::NotDuringOutage),
        Some(Method::Card) if world.lookup => card(world),
        // 方法2 is impossible here; 方法3 may still be.
        Some(Method::Card) if methods.len() == 1 => Verdict::Block(Block::NoCapability),
        Some(_) => four(world),
    };
    match verdict {
        Verdict::Ask(_) if note.attempts >= world.attempts => Verdict::GiveUp,
        verdict => verdict,
    }
}

fn card(world: &World) -> Verdict {
    if world.card_login {
        Verdict::Ask(Method::Card)
    } else {
        Verdict::Block(Block::NoLogin)
    }
}

fn four(world: &World) -> Verdict {
    if !world.search {
        return Verdict::Block(Block::NoCapability);
    }
    match (world.open, world.four_login) {
        (Some(false), _) => Verdict::Block(Block::FunctionClosed),
        (_, false) => Verdict::Block(Block::NoRight),
        (None, true) => Verdict::Hold,
        (Some(true), true) => Verdict::Ask(Method::Four),
    }
}

/// The methods left for a note: 方法2 first where there are numbers, 方法3
/// only for a note taken during an outage (OUT-17).
pub fn methods(note: &Outline) -> Vec<Method> {
    left(note.can, note.tried, note.during_outage)
}

fn left(can: Methods, tried: Methods, during_outage: bool) -> Vec<Method> {
    [(Method::Card, true), (Method::Four, during_outage)]
        .into_iter()
        .filter(|(method, allowed)| *allowed && can.has(*method) && !tried.has(*method))
        .map(|(method, _)| method)
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
    /// This method is through without a result; the next one is tried.
    NextMethod(Need),
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

/// What `reply`, asked by `method`, means for `note`. Never decides who a
/// person is: only a unique hit resolves.
pub fn judge(note: &Note, method: Method, reply: Reply) -> Outcome {
    let tried = note.tried.iter().copied().collect();
    let methods = left(note.content.methods(), tried, note.during_outage);
    let miss = |need: Need| {
        if methods.iter().any(|left| *left != method) {
            Outcome::NextMethod(need)
        } else {
            Outcome::Person(need)
        }
    };
    let unique = |answer: Box<Eligibility>| match &answer.validity {
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
        Reply::Found(Found::TooMany) => Outcome::Person(Need::TooMany),
        Reply::Found(Found::Several(list)) => match list.len() {
            0 => miss(Need::NotFound),
            1..=5 => Outcome::Person(Need::Candidates(list)),
            _ => Outcome::Person(Need::TooMany),
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
