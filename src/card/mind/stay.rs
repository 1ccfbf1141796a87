//! One stay of a card on the reader: what is known of it, and when it is
//! tried again.

use crate::card::reading::{Look, Mark};
use crate::card::seen::ReaderInfo;
use crate::domain::card::{Expiry, Glance, Kind, Presence, Trouble, Validity};
use jiff::civil::Date;
use std::time::Duration;

/// Another program may let go of the card within a moment.
const IN_USE: &[u64] = &[1000; 9];
/// By how much such a pause may be shorter or longer (ms): programs that wait
/// for each other shall not meet again and again.
pub const JITTER: u64 = 300;
/// A card that does not answer may not lie well yet.
const MUTE: &[u64] = &[1000; 2];
/// Another card may lie there already; a card taken away is told by the
/// service within 400 ms (section 8.2).
const BROKEN: &[u64] = &[0, 50, 100, 250, 500, 500];

/// When something may be asked of the card.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Again {
    /// At any time.
    Now,
    /// Not before.
    At(Duration),
    /// Not before something happens.
    Never,
}

impl Again {
    /// Whether the time has come.
    pub fn is_now(self, now: Duration) -> bool {
        match self {
            Self::Now => true,
            Self::At(at) => at <= now,
            Self::Never => false,
        }
    }

    /// The time it waits for.
    pub fn at(self) -> Option<Duration> {
        match self {
            Self::At(at) => Some(at),
            Self::Now | Self::Never => None,
        }
    }
}

/// A stay.
#[derive(Debug)]
pub struct Stay {
    /// Its number.
    pub presence: Presence,
    /// Where the card lies.
    pub reader: ReaderInfo,
    /// Nothing more is to be asked of it without a job.
    pub looked: bool,
    /// When it may be asked.
    pub again: Again,
    /// Whose card it is, by which a silent change of cards shows.
    pub mark: Option<Mark>,
    kind: Option<Kind>,
    validity: Option<Validity>,
    expires: Option<Expiry>,
    trouble: Option<Trouble>,
    tries: usize,
    /// How often another program kept it since it was seen last.
    kept: u32,
    /// It follows one that was broken off: it may be gone already, without
    /// the service having noticed.
    doubtful: bool,
}

impl Stay {
    /// A card that was just put there.
    pub fn new(presence: Presence, reader: ReaderInfo) -> Self {
        Self {
            presence,
            reader,
            looked: false,
            again: Again::Now,
            kind: None,
            validity: None,
            expires: None,
            trouble: None,
            mark: None,
            tries: 0,
            kept: 0,
            doubtful: false,
        }
    }

    /// What every screen may know.
    pub fn glance(&self) -> Glance {
        Glance {
            presence: self.presence,
            kind: self.kind,
            validity: self.validity,
            trouble: self.trouble.clone(),
            expires: self.expires,
        }
    }

    /// It was looked at.
    pub fn seen(&mut self, look: &Look, today: Date) {
        let certificate = look.certificate.as_ref();
        self.kind = Some(look.kind);
        self.validity = certificate.map(|certificate| Validity::of(certificate, today));
        self.expires = look.expiry.and_then(|last| Expiry::of(last, today));
        self.trouble = None;
        self.looked = true;
        self.tries = 0;
        self.kept = 0;
        self.doubtful = false;
        self.again = Again::Now;
    }

    /// Looking at it ended for good.
    pub fn failed(&mut self, trouble: Trouble) {
        self.trouble = Some(trouble);
        self.looked = true;
        self.again = Again::Now;
    }

    /// It was not reached at all; whether it will be tried again. `jitter`, at
    /// most twice [`JITTER`], is where in its room a pause ends.
    pub fn hindered(&mut self, now: Duration, trouble: Trouble, jitter: u64) -> bool {
        if let Again::At(_) = self.again {
            return true;
        }
        let pauses = match trouble {
            Trouble::InUse => IN_USE,
            Trouble::Mute if !self.doubtful => MUTE,
            _ => BROKEN,
        };
        let mut pause = pauses.get(self.tries).copied();
        self.tries += 1;
        if trouble == Trouble::InUse {
            pause = pause.map(|pause| pause - JITTER + jitter);
            self.kept += 1;
        }
        self.again = pause.map_or(Again::Never, |pause| {
            Again::At(now + Duration::from_millis(pause))
        });
        let goes_on = pause.is_some();
        let told = match trouble {
            // One who lets go at once is not worth a word: it is tried again.
            Trouble::InUse => self.kept > 1,
            Trouble::Mute => !self.doubtful || !goes_on,
            _ => !goes_on,
        };
        if told && trouble == Trouble::Mute {
            self.kind = Some(Kind::Mute);
        }
        if told {
            self.trouble = Some(trouble);
        }
        goes_on
    }

    /// An answer was broken off: what was known is void, and this is another
    /// stay.
    pub fn renew(&mut self, presence: Presence, now: Duration, trouble: Trouble, jitter: u64) {
        *self = Self {
            tries: self.tries,
            doubtful: true,
            ..Self::new(presence, self.reader.clone())
        };
        self.hindered(now, trouble, jitter);
    }

    /// The service said something of the reader without the card having
    /// moved: another program may be done.
    pub fn event(&mut self) {
        if self.is_kept() {
            self.afresh();
        }
    }

    /// Whether another program has it, as far as is known.
    fn is_kept(&self) -> bool {
        self.kept > 0 || self.trouble == Some(Trouble::InUse)
    }

    /// May be tried at once, whatever stood in the way; as often as before
    /// where another program did, or the card lay badly. One that may be gone
    /// is not tried for ever, however often somebody asks.
    pub fn afresh(&mut self) {
        if self.is_kept() || self.trouble == Some(Trouble::Mute) {
            self.tries = 0;
        }
        self.again = Again::Now;
    }

    /// Is what was seen still so? Another card ends the stay (section 8.6).
    pub fn look_again(&mut self) {
        self.afresh();
        self.tries = 0;
        self.kept = 0;
        self.looked = false;
        self.trouble = None;
    }

    /// The thread that stood is free again.
    pub fn freed(&mut self) {
        self.look_again();
    }

    /// Whether this is whose card it was before in this stay.
    pub fn is_same(&mut self, mark: Option<Mark>) -> bool {
        match (&self.mark, mark) {
            (_, None) => true,
            (Some(known), Some(mark)) => *known == mark,
            (None, mark) => {
                self.mark = mark;
                true
            }
        }
    }
}
