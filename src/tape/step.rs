//! The steps of a tape, as values.

use crate::front::keys::key::Key;
use jiff::Timestamp;
use std::path::PathBuf;
use std::time::Duration;

/// A parsed tape.
#[derive(Debug, Clone, PartialEq)]
pub struct Tape {
    /// Where it came from.
    pub path: PathBuf,
    /// What is set before the first key.
    pub head: Head,
    /// What happens, in order.
    pub steps: Vec<Placed>,
}

/// The `Set` lines.
#[derive(Debug, Clone, PartialEq)]
pub struct Head {
    /// Columns and rows.
    pub size: (u16, u16),
    /// Wall time at the start.
    pub clock: Timestamp,
    /// Keymap name, or its file.
    pub keymap: String,
    /// `Some(true)` wide, `Some(false)` narrow, `None` runs in both.
    pub wide: Option<bool>,
    /// Fixtures folder, built in if not given.
    pub fixtures: Option<PathBuf>,
    /// Generated people.
    pub people: usize,
    /// Seed of the population and of every jitter.
    pub seed: u64,
    /// Lines are told instead of a screen drawn; the screen is what stands at
    /// the end of them.
    pub plain: bool,
    /// Why it cannot be played against real processes.
    pub only_virtual: Option<String>,
}

impl Default for Head {
    fn default() -> Self {
        Self {
            size: (80, 24),
            // 2026-11-20 09:12 in Japan: a Friday, as on the sample screens.
            clock: Timestamp::constant(1_795_133_520, 0),
            keymap: "receipt".to_owned(),
            wide: None,
            fixtures: None,
            people: 0,
            seed: 7,
            plain: false,
            only_virtual: None,
        }
    }
}

/// A step and where it stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Placed {
    /// File it stands in (another one after `Source`).
    pub path: PathBuf,
    /// Line, from 1.
    pub line: usize,
    /// The step.
    pub step: Step,
}

/// What a text must match.
#[derive(Debug, Clone)]
pub enum Pattern {
    /// This text, on one row.
    Text(String),
    /// This expression, on the whole screen (rows joined by line ends).
    Regex(regex::Regex),
}

impl PartialEq for Pattern {
    fn eq(&self, other: &Self) -> bool {
        self.to_string() == other.to_string()
    }
}

impl std::fmt::Display for Pattern {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Text(text) => write!(f, "\"{text}\""),
            Self::Regex(regex) => {
                let text = regex.as_str();
                write!(f, "/{}/", text.strip_prefix("(?m)").unwrap_or(text))
            }
        }
    }
}

/// Rows (or columns) from–to, from 0, both included.
pub type Rows = Option<(usize, usize)>;

/// One step.
#[derive(Debug, Clone, PartialEq)]
pub enum Step {
    /// A key, so many times.
    Key(Key, usize),
    /// Characters one by one.
    Type(String),
    /// One committed composition of an input method: characters at once.
    Ime(String),
    /// One bracketed paste.
    Paste(String),
    /// Virtual time goes on.
    Sleep(Duration),
    /// Runs until this is on the screen.
    Wait(Pattern),
    /// Must be on the screen.
    Expect(Pattern),
    /// Must not be on the screen.
    Refute(Pattern),
    /// The cursor's cell, from 0.
    Cursor(u16, u16),
    /// Exact rows.
    Screen {
        /// Name for people.
        name: String,
        /// Which rows.
        rows: Rows,
        /// Which columns of them.
        cols: Rows,
        /// Expected rows, without bars.
        expected: Vec<String>,
    },
    /// Roles, one letter a column.
    Styles {
        /// Which rows.
        rows: Rows,
        /// Expected rows, without bars.
        expected: Vec<String>,
    },
    /// A switch of the central system: key and value of `simulator set`.
    Central(Vec<(String, String)>),
    /// A card is put on the reader.
    CardInsert(String),
    /// The card is taken away.
    CardRemove,
    /// Every command to a card takes so long.
    CardSlow(Duration),
    /// The reader is unplugged.
    ReaderUnplug,
    /// The reader is plugged in.
    ReaderPlug,
    /// The login keys of a demo account.
    Login(String),
    /// The desk service ends in order and is started again.
    RestartDesk,
    /// The desk service is killed and started again.
    KillDesk,
    /// The front end goes away without a word, and another one attaches.
    DropLine,
    /// Another size.
    Resize(u16, u16),
    /// Goes on at another front end of the same desk (from 1).
    Terminal(usize),
}
