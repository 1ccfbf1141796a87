//! The panes: one module each, with its own state, update and view.
//!
//! Every pane's `State` has:
//! - `opened(&mut self, cx: &mut Cx<'_>)`: it came to the top, at first or
//!   because the panes above it were closed; asks for what it shows;
//! - `input(&mut self, cx: &mut Cx<'_>, input: Input)`: a key's meaning, a
//!   character, a paste. `Back` and `Leave` reach the pane, which ends its
//!   inner mode (an edit, a question) or calls `cx.go(Go::Back)`. The
//!   commands that open other panes never reach it, unless [`Pane::claims`]
//!   says so;
//! - `hear(&mut self, cx: &mut Cx<'_>, message: &ToFront)`: what the desk
//!   service said (answers to tickets this pane gave out; anything else is
//!   ignored). Every pane hears everything, also below others;
//! - `view(&self, known: &Known, now: Now, canvas: &mut Canvas<'_>)`: draws,
//!   and cannot change anything;
//! - `hint(&self, known: &Known) -> String`: the one sentence that says what
//!   to do next, shown while there is no other message;
//! - `typing(&self) -> bool`: whether characters go into a field just now, so
//!   that keys which type something are not taken for commands.

pub mod candidates;
pub mod card;
pub mod case;
pub mod checklist;
mod cleared;
pub mod declaration;
mod focus;
mod frame;
mod held;
pub mod help;
pub mod ladder;
pub mod ledger;
pub mod locks;
pub mod login;
pub mod lookup;
pub mod menu;
pub mod note;
pub mod notices;
pub mod outage;
pub mod paper;
mod place;
pub mod result;
pub mod settling;

pub use self::place::Place;

#[cfg(test)]
mod whole;

use self::card::{Below, FromCard, cards};
use super::app::{Cx, Input, Known};
use super::canvas::Canvas;
use super::keys::command::Command;
use super::keys::{Context, Keymap};
use crate::domain::draft::Draft;
use crate::domain::note::NoteId;
use crate::domain::time::Now;
use crate::front::wording::hold::Anew;
use crate::link::message::{Ticket, ToFront};
use std::time::Duration;

macro_rules! panes {
    ($($(#[$doc:meta])* $variant:ident = $module:ident;)*) => {
        /// Any pane.
        #[derive(Debug)]
        pub enum Pane { $($(#[$doc])* $variant(Box<$module::State>),)* }

        impl Pane {
            /// It came to the top.
            pub fn opened(&mut self, cx: &mut Cx<'_>) {
                match self { $(Self::$variant(state) => state.opened(cx),)* }
            }

            /// A key's meaning, a character, a paste.
            pub fn input(&mut self, cx: &mut Cx<'_>, input: Input) {
                match self { $(Self::$variant(state) => state.input(cx, input),)* }
            }

            /// What the desk service said.
            pub fn hear(&mut self, cx: &mut Cx<'_>, message: &ToFront) {
                match self { $(Self::$variant(state) => state.hear(cx, message),)* }
            }

            /// Draws.
            pub fn view(&self, known: &Known, now: Now, canvas: &mut Canvas<'_>) {
                match self { $(Self::$variant(state) => state.view(known, now, canvas),)* }
            }

            /// What to do next.
            pub fn hint(&self, known: &Known) -> String {
                match self { $(Self::$variant(state) => state.hint(known),)* }
            }

            /// Whether characters go into a field just now.
            pub fn typing(&self) -> bool {
                match self { $(Self::$variant(state) => state.typing(),)* }
            }
        }
    };
}

panes! {
    /// ログイン.
    Login = login;
    /// メニュー.
    Menu = menu;
    /// 資格情報照会（被保険者証）.
    Lookup = lookup;
    /// 4情報の控え.
    Note = note;
    /// 資格情報照会（システム障害時）.
    Outage = outage;
    /// 資格情報確認.
    Result = result;
    /// 控えの確認.
    Case = case;
    /// 控えの完了.
    Settling = settling;
    /// 控え帳.
    Ledger = ledger;
    /// 複数の資格該当者.
    Candidates = candidates;
    /// お知らせ.
    Notices = notices;
    /// ロックの解除.
    Locks = locks;
    /// ヘルプ.
    Help = help;
    /// 負担の段.
    Ladder = ladder;
    /// 被保険者資格申立書.
    Declaration = declaration;
    /// 印刷.
    Paper = paper;
    /// 機能の開放.
    Opening = checklist;
    /// マイナンバーカード.
    Card = card;
    /// カードの実演.
    Cards = cards;
}

impl Pane {
    /// Whether it is rows that scroll: none of them may lie under the sentence
    /// below.
    pub fn scrolls(&self) -> bool {
        use Pane::{Candidates, Case, Help, Notices, Paper, Result, Settling};
        matches!(
            self,
            Candidates(_) | Case(_) | Help(_) | Notices(_) | Paper(_) | Result(_) | Settling(_)
        )
    }

    /// Whether, where not all of it has room, it shows what holds the focus.
    pub fn follows(&self) -> bool {
        use Pane::{Cards, Declaration, Ladder, Login, Lookup, Menu, Note, Opening, Outage};
        matches!(
            self,
            Login(_)
                | Menu(_)
                | Lookup(_)
                | Note(_)
                | Outage(_)
                | Ladder(_)
                | Declaration(_)
                | Opening(_)
                | Cards(_)
        )
    }

    /// Opened empty.
    pub fn fresh(place: Place, now: Now) -> Self {
        match place {
            Place::Lookup => Self::Lookup(Box::new(lookup::State::new(now.today()))),
            Place::Note => Self::Note(Box::new(note::State::new(now.today()))),
            Place::Outage => Self::Outage(Box::new(outage::State::new(now.today()))),
            Place::Ledger => Self::Ledger(Box::default()),
            Place::Notices => Self::Notices(Box::default()),
            Place::Ladder => Self::Ladder(Box::new(ladder::State::new(now.today()))),
            Place::Declaration => Self::Declaration(Box::new(declaration::State::new(now.today()))),
            Place::Opening => Self::Opening(Box::default()),
            Place::Locks => Self::Locks(Box::default()),
            Place::Card => Self::Card(Box::default()),
        }
    }

    /// Opened with what had been typed (DOM-53).
    pub fn resume(place: Place, draft: &Draft, now: Now) -> Self {
        let mut pane = Self::fresh(place, now);
        match &mut pane {
            Self::Lookup(state) => state.resume(draft),
            Self::Note(state) => state.resume(draft),
            Self::Outage(state) => state.resume(draft),
            Self::Ladder(state) => state.resume(draft),
            Self::Declaration(state) => state.resume(draft),
            _ => {}
        }
        pane
    }

    /// Help for the pane in that context.
    pub fn help(keymap: &Keymap, context: Context) -> Self {
        Self::Help(Box::new(help::State::new(keymap, context)))
    }

    /// Where it is, if it is one of those that open from anywhere.
    pub fn place(&self) -> Option<Place> {
        match self {
            Self::Lookup(_) => Some(Place::Lookup),
            // A correction belongs to its note: it is no place for a new one.
            Self::Note(state) if state.corrects().is_none() => Some(Place::Note),
            Self::Outage(_) => Some(Place::Outage),
            Self::Ledger(_) => Some(Place::Ledger),
            Self::Notices(_) => Some(Place::Notices),
            Self::Ladder(_) => Some(Place::Ladder),
            Self::Declaration(_) => Some(Place::Declaration),
            Self::Opening(_) => Some(Place::Opening),
            Self::Locks(_) => Some(Place::Locks),
            Self::Card(_) => Some(Place::Card),
            _ => None,
        }
    }

    /// The note that is corrected here.
    pub fn corrects(&self) -> Option<&NoteId> {
        match self {
            Self::Note(state) => state.corrects(),
            _ => None,
        }
    }

    /// The note that is open here to be changed: nobody else does so
    /// meanwhile.
    pub fn works_on(&self) -> Option<&NoteId> {
        match self {
            Self::Case(state) => Some(state.works_on()),
            Self::Candidates(state) => state.works_on(),
            Self::Settling(state) => Some(state.works_on()),
            Self::Ledger(state) => state.works_on(),
            _ => self.corrects(),
        }
    }

    /// Somebody else had its note open. Whether the pane finds out what has
    /// become of it, and says so also when that is nothing.
    pub fn freed(&mut self, cx: &mut Cx<'_>, why: Anew) -> bool {
        match self {
            Self::Candidates(state) => state.freed(cx, why),
            Self::Case(state) => state.freed(cx, why),
            Self::Settling(state) => state.freed(cx, why),
            Self::Note(state) => {
                state.read_again(cx);
                false
            }
            _ => false,
        }
    }

    /// When it looks different by itself, if nothing happens before
    /// (monotonic).
    pub fn due(&self, now: Now) -> Option<Duration> {
        match self {
            Self::Login(state) => state.due(now),
            Self::Card(state) => state.due(now),
            _ => None,
        }
    }

    /// Whether a question to the central system is under way, whose answer
    /// has to find this pane again.
    pub fn asking(&self) -> bool {
        match self {
            Self::Lookup(state) => state.asking(),
            Self::Outage(state) => state.asking(),
            _ => false,
        }
    }

    /// Whether digits choose what stands here, so that they answer no
    /// question over it.
    pub fn numbered(&self) -> bool {
        matches!(
            self,
            Self::Settling(_) | Self::Case(_) | Self::Candidates(_)
        )
    }

    /// The table of the keymap that holds here.
    pub fn context(&self) -> Context {
        match self {
            Self::Login(state) if state.asks() => Context::Ask,
            Self::Login(_) => Context::Login,
            Self::Menu(_) => Context::Menu,
            Self::Lookup(state) if state.failed() => Context::Failed,
            Self::Lookup(_) => Context::Lookup,
            Self::Note(_) => Context::Note,
            Self::Outage(_) => Context::Outage,
            Self::Result(state) => state.context(),
            Self::Case(state) => state.context(),
            Self::Settling(state) => state.context(),
            Self::Ledger(state) => state.context(),
            Self::Candidates(state) => state.context(),
            Self::Notices(_) => Context::Notices,
            Self::Locks(_) => Context::Locks,
            Self::Help(_) => Context::Help,
            Self::Ladder(_) => Context::Ladder,
            Self::Declaration(_) => Context::Declaration,
            Self::Paper(_) => Context::Paper,
            Self::Opening(_) => Context::Opening,
            Self::Card(state) => state.context(),
            Self::Cards(_) => Context::Cards,
        }
    }

    /// Whether the pane itself handles a command that otherwise would open
    /// another pane: a form hands what is typed to the note (F2).
    pub fn claims(&self, command: Command) -> bool {
        match (self, command) {
            (Self::Login(state), Command::Back) => state.asks(),
            (Self::Lookup(state), Command::Note) => !state.is_pristine(),
            (Self::Outage(state), Command::Note) => !state.is_pristine(),
            (Self::Lookup(_), Command::Lookup)
            | (Self::Outage(_), Command::Outage)
            | (Self::Note(_), Command::Note)
            | (Self::Card(_), Command::Card)
            | (Self::Ladder(_), Command::Ladder) => true,
            _ => false,
        }
    }

    /// The reading from a card that is under way.
    pub fn wish(&self) -> Option<Ticket> {
        match self {
            Self::Card(state) => state.wish(),
            _ => None,
        }
    }

    /// What a card can be read for: a form, and what it holds.
    pub fn for_card(&self) -> Option<Below> {
        let (place, values, carded) = match self {
            Self::Lookup(state) => (Place::Lookup, state.values(), state.carded()),
            Self::Outage(state) => (Place::Outage, state.values(), state.carded()),
            Self::Note(state) => (Place::Note, state.values(), state.carded()),
            _ => return None,
        };
        let corrects = match self {
            Self::Note(state) => state.stored(),
            _ => None,
        };
        Some(Below {
            place,
            values,
            carded,
            corrects,
        })
    }

    /// Whether a card could fill something in here.
    pub fn wants_card(&self) -> bool {
        match self {
            Self::Lookup(state) => state.wants_card(),
            Self::Outage(state) => state.wants_card(),
            Self::Note(state) => state.wants_card(),
            _ => false,
        }
    }

    /// Takes over what was read.
    pub fn take_card(&mut self, cx: &mut Cx<'_>, from: &FromCard) {
        match self {
            Self::Lookup(state) => state.take_card(cx, from),
            Self::Outage(state) => state.take_card(cx, from),
            Self::Note(state) => state.take_card(cx, from),
            _ => {}
        }
    }
}
