//! マイナンバーカード: what lies on the reader, the key that opens the four on
//! it, and what was read, offered to the form below. Nothing is read without a
//! key that a person typed for it, and nothing read goes anywhere before F12.

pub mod cards;
mod choices;
mod hearing;
mod offer;
#[cfg(test)]
mod tests;
mod typed;
mod view;

pub use offer::FromCard;

use super::Place;
use crate::domain::card::{Certificate, Glance, Kind, Presence, Trouble};
use crate::domain::field::Field;
use crate::domain::form::Values;
use crate::domain::note::NoteId;
use crate::domain::reader::ReaderState;
use crate::domain::time::Now;
use crate::front::app::{Cx, Go, Input, Known, Tone};
use crate::front::form::{Carded, Did};
use crate::front::keys::Context;
use crate::front::keys::command::Command;
use crate::front::sheet::Scroll;
use crate::front::wording::{self, card};
use crate::link::message::{Ticket, ToDesk};
use jiff::civil::Date;
use offer::Offer;
use std::time::Duration;
use typed::{Mode, Slot, Typed, Wish};

/// A reading that takes no longer says nothing of itself.
const QUICK: Duration = Duration::from_millis(500);

/// The form that the card is read for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Below {
    /// Which.
    pub place: Place,
    /// What it holds.
    pub values: Values,
    /// What of it a card had so.
    pub carded: Carded,
    /// The note that it corrects, and what that holds.
    pub corrects: Option<(NoteId, Values)>,
}

/// What the card says without a PIN, as far as it is shown.
#[derive(Debug)]
struct Shown {
    presence: Presence,
    certificate: Option<Certificate>,
    expiry: Option<Date>,
    /// Only where a key asked for it.
    serial: Option<String>,
}

#[derive(Debug, Default)]
enum Step {
    #[default]
    Typing,
    Reading {
        ticket: Ticket,
        wish: Wish,
        /// The card that is meant; without one, the next that is put down.
        presence: Option<Presence>,
        /// A card lies there since then (monotonic).
        since: Option<Duration>,
    },
    /// Few tries are left: shall it be tried?
    Few {
        wish: Wish,
        presence: Presence,
        trouble: Trouble,
        left: u8,
    },
    Offer(Box<Offer>),
    /// It signed.
    Proved(Presence),
}

/// The pane.
#[derive(Debug, Default)]
pub struct State {
    typed: Typed,
    step: Step,
    below: Option<Below>,
    shown: Option<Shown>,
    /// The card that lay there when the pane last heard.
    lay: Option<Presence>,
    /// Asked what the card says without a PIN, and whether for its serial.
    looking: Option<(Ticket, bool)>,
    /// How far down what was read is shown.
    scroll: Scroll,
    /// A note of today is being fetched.
    opening: Option<Ticket>,
    today: Date,
}

/// The card on the reader.
pub(super) fn glance(known: &Known) -> Option<&Glance> {
    match known.status.as_ref().map(|status| &status.reader) {
        Some(ReaderState::CardPresent { glance, .. }) => glance.as_ref(),
        _ => None,
    }
}

/// Whether a card lies there whose four can be read.
pub fn readable(known: &Known) -> bool {
    glance(known).is_some_and(|glance| {
        glance.trouble.is_none() && matches!(glance.kind, Some(Kind::MyNumber | Kind::MyNumberBare))
    })
}

impl State {
    /// Which form lies below; told whenever the pane comes to the top.
    pub fn lies_over(&mut self, below: Option<Below>, today: Date) {
        self.today = today;
        if let Some(below) = &below {
            // A date of another card opens no other patient's.
            let carded = below.carded.fields.contains(&Field::BirthDate);
            let birth = below.values.get(Field::BirthDate);
            self.typed.offer_birth(if carded { "" } else { birth });
        }
        if let Step::Offer(offer) = &mut self.step {
            offer.compare(below.as_ref(), today);
        }
        self.below = below;
    }

    /// The reading that is under way.
    pub fn wish(&self) -> Option<Ticket> {
        match &self.step {
            Step::Reading { ticket, .. } => Some(*ticket),
            _ => None,
        }
    }

    /// What goes over without being held against the form: nothing there is
    /// another's, or could be.
    pub fn fitting(&self) -> Option<FromCard> {
        match &self.step {
            Step::Offer(offer) if offer.fits() => Some(offer.taken()),
            _ => None,
        }
    }

    /// The table of the keymap that holds here.
    pub fn context(&self) -> Context {
        match &self.step {
            Step::Few { .. } => Context::Ask,
            Step::Offer(offer) if offer.asks => Context::Ask,
            Step::Offer(_) => Context::Offer,
            _ => Context::Card,
        }
    }

    /// Other words on the function row; none for what does nothing.
    pub fn relabel(&self, command: Command) -> Option<&'static str> {
        if let Step::Offer(offer) = &self.step {
            if offer.asks && command == Command::Leave && !offer.swaps() {
                return Some("戻る");
            }
            return (command == Command::Submit && self.below.is_none()).then_some("");
        }
        match (command, self.typed.mode) {
            (Command::OtherKey, Mode::Pin | Mode::Prove) => Some("券面番号"),
            (Command::Submit, Mode::Prove) if self.context() == Context::Card => Some("署名"),
            _ => None,
        }
    }

    /// The field that characters go into; what opens a card is
    /// [`Field::Password`], and its name beside it.
    pub fn field(&self) -> (Field, &'static str) {
        let slot = self.typed.focus;
        let field = match slot {
            Slot::Birth => Field::BirthDate,
            Slot::Year | Slot::Code | Slot::Pin => Field::Password,
        };
        let name = match self.typed.mode {
            Mode::Prove => "利用者証明用の暗証番号",
            Mode::Face | Mode::Pin => slot.label(),
        };
        (field, name)
    }

    /// Whether characters go into a field.
    pub fn typing(&self) -> bool {
        matches!(self.step, Step::Typing)
    }

    /// When a reading has taken long enough to say so.
    pub fn due(&self, now: Now) -> Option<Duration> {
        match self.step {
            Step::Reading {
                since: Some(since), ..
            } => Some(since + QUICK).filter(|due| *due > now.mono),
            _ => None,
        }
    }

    /// A reading ends where it is covered by another pane.
    pub fn opened(&mut self, cx: &mut Cx<'_>) {
        self.today = cx.now.today();
        if matches!(self.step, Step::Reading { .. }) {
            self.step = Step::Typing;
            cx.say(Tone::Warning, Trouble::Dropped.to_string());
        }
        self.follow(cx);
        self.find_notes(cx);
    }

    /// A key.
    #[expect(clippy::needless_pass_by_value, reason = "as every pane takes it")]
    pub fn input(&mut self, cx: &mut Cx<'_>, input: Input) {
        self.today = cx.now.today();
        let back = matches!(input, Input::Command(Command::Back | Command::Leave));
        if let Input::Command(command) = input
            && !matches!(self.step, Step::Offer(_))
            && self.turned(cx.known, cx.now, command)
        {
            return;
        }
        match &self.step {
            Step::Few { .. } => self.answer(cx, &input),
            Step::Reading { .. } if back => {
                self.step = Step::Typing;
                cx.say(Tone::Hint, Trouble::Dropped.to_string());
            }
            Step::Reading { .. } => {}
            Step::Offer(offer) if offer.asks => self.exchange(cx, &input),
            _ if back => {
                cx.hush();
                cx.go(Go::Back);
            }
            Step::Offer(_) => self.choose(cx, &input),
            Step::Proved(_) => {
                if matches!(input, Input::Command(Command::Submit | Command::Next)) {
                    self.step = Step::Typing;
                    self.typed.turn(Mode::Face);
                } else if let Input::Command(command) = input {
                    self.command(cx, command);
                }
            }
            Step::Typing => {
                if let Input::Command(command) = input
                    && self.command(cx, command)
                {
                    return;
                }
                let typed = matches!(input, Input::Char(_) | Input::Paste(_));
                if typed && self.card_first(cx.known) {
                    return cx.say(Tone::Warning, card::CARD_FIRST);
                }
                match self.typed.input(&input) {
                    Did::Run => self.run(cx),
                    Did::Changed => cx.hush(),
                    Did::Refused(why) => cx.say(Tone::Warning, why),
                    Did::Moved | Did::Nothing => {}
                }
            }
        }
    }

    /// What belongs to the pane and to no field.
    fn command(&mut self, cx: &mut Cx<'_>, command: Command) -> bool {
        match command {
            Command::Card => {}
            Command::OtherKey => {
                let to = match self.typed.mode {
                    Mode::Face => Mode::Pin,
                    Mode::Pin | Mode::Prove => Mode::Face,
                };
                self.turn(cx, to);
            }
            Command::Prove if !proves(cx.known) => cx.say(Tone::Warning, card::NO_PROOF),
            Command::Prove => self.turn(cx, Mode::Prove),
            Command::Serial => self.ask_serial(cx),
            Command::Clear => {
                cx.hush();
                let mode = self.typed.mode;
                self.typed = Typed::default();
                self.typed.turn(mode);
            }
            _ => return false,
        }
        true
    }

    fn turn(&mut self, cx: &mut Cx<'_>, to: Mode) {
        cx.hush();
        self.step = Step::Typing;
        self.scroll = Scroll::default();
        self.typed.turn(to);
    }

    /// Sends the key, if there is one; a card of another kind is not asked.
    fn run(&mut self, cx: &mut Cx<'_>) {
        if let Some(advice) = self.hindrance(cx.known) {
            return cx.say(Tone::Error, advice);
        }
        if self.card_first(cx.known) {
            return cx.say(Tone::Warning, card::CARD_FIRST);
        }
        match self.typed.take(cx.now.today()) {
            Ok(wish) => {
                cx.hush();
                let presence = glance(cx.known).map(|glance| glance.presence);
                self.ask(cx, wish, presence, None);
            }
            Err((slot, why)) => {
                self.typed.focus = slot;
                cx.say(Tone::Error, why);
            }
        }
    }

    /// A PIN is typed while the card it is for lies there (SEC-17): the next
    /// one may be another patient's.
    fn card_first(&self, known: &Known) -> bool {
        self.typed.mode != Mode::Face && glance(known).is_none()
    }

    /// What lies there cannot be read by this key: it need not be typed.
    fn hindrance(&self, known: &Known) -> Option<String> {
        let status = known.status.as_ref()?;
        match &status.reader {
            ReaderState::CardPresent {
                glance: Some(glance),
                ..
            } => match (&glance.trouble, glance.kind) {
                (Some(trouble), _) => Some(trouble.to_string()),
                (None, Some(Kind::MyNumberBare)) if self.typed.mode == Mode::Prove => {
                    card::other_kind(Kind::MyNumberBare).map(str::to_owned)
                }
                (None, Some(Kind::MyNumberBare)) => None,
                (None, Some(kind)) => card::other_kind(kind).map(str::to_owned),
                (None, None) => None,
            },
            state @ (ReaderState::NoService | ReaderState::NoReader) => card::advice(state),
            _ => None,
        }
    }

    fn ask(
        &mut self,
        cx: &mut Cx<'_>,
        wish: Wish,
        presence: Option<Presence>,
        confirmed: Option<u8>,
    ) {
        let ticket = cx.ticket();
        cx.send(match &wish {
            Wish::Read(key) => ToDesk::ReadCard {
                ticket,
                presence,
                key: key.clone(),
                confirmed,
            },
            Wish::Prove(pin) => ToDesk::ProveCard {
                ticket,
                presence,
                pin: pin.clone(),
                confirmed,
            },
        });
        self.step = Step::Reading {
            ticket,
            wish,
            presence,
            since: glance(cx.known).is_some().then_some(cx.now.mono),
        };
    }

    /// The serial number is shown for a key pressed for it, and kept no longer
    /// than the card lies there (section 5.2).
    fn ask_serial(&mut self, cx: &mut Cx<'_>) {
        if glance(cx.known).is_none_or(|glance| glance.kind.is_none()) {
            return cx.say(Tone::Warning, Trouble::NoCard.to_string());
        }
        cx.hush();
        self.look(cx, true);
    }

    fn look(&mut self, cx: &mut Cx<'_>, serial: bool) {
        let ticket = cx.ticket();
        cx.send(ToDesk::Card { ticket, serial });
        self.looking = Some((ticket, serial));
    }

    /// What to do next.
    pub fn hint(&self, known: &Known) -> String {
        match &self.step {
            Step::Few { .. } => wording::YES_OR_NO.to_owned(),
            Step::Offer(offer) if offer.asks => offer.question(),
            Step::Reading { presence: None, .. } => card::WAITING_HINT.to_owned(),
            Step::Reading { .. } => "{leave} で読み取りをやめます。".to_owned(),
            Step::Proved(_) => "{submit} で券面の番号の入力に戻ります。".to_owned(),
            Step::Offer(_) => match self.below.as_ref().map(|below| below.place) {
                None => "使い道を番号で選んでください。{back} で使わずに戻ります。".to_owned(),
                Some(place) => format!(
                    "見比べて、{{submit}} で{}に取り込みます。{{back}} で使わずに戻ります。",
                    named(place)
                ),
            },
            Step::Typing => {
                if let Some(advice) = self.hindrance(known) {
                    return advice;
                }
                if self.card_first(known) {
                    return card::CARD_FIRST.to_owned();
                }
                let put = if glance(known).is_some() {
                    ""
                } else {
                    "カードは先でも後でも置けます。"
                };
                match self.typed.mode {
                    Mode::Face => {
                        format!("券面の 3 つの番号を入れ、{{submit}} で読みます。{put}")
                    }
                    Mode::Pin => "打ち終わったら {submit} で読みます。".to_owned(),
                    Mode::Prove => "打ち終わったら {submit} で署名します。".to_owned(),
                }
            }
        }
    }
}

/// The form, in a word.
fn named(place: Place) -> &'static str {
    match place {
        Place::Lookup => "保険証の照会",
        Place::Outage => "障害時の検索",
        _ => "控え",
    }
}

/// Whether this desk lets a card sign.
fn proves(known: &Known) -> bool {
    known
        .welcome
        .as_ref()
        .is_some_and(|welcome| welcome.challenge)
}
