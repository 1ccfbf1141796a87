//! 複数の資格該当者: one to five people fit what was noted, and a person
//! decides which (OUT-40 to 44). Nothing is chosen beforehand; whoever is
//! looked at stands beside the note, item by item; who shares reading and birth
//! date with somebody else is read back first (DOM-40).

mod anew;
mod layout;
#[cfg(test)]
mod tests;

use super::{Pane, result};
use crate::domain::account::{Right, who_may};
use crate::domain::entitlement::{Candidate, Eligibility};
use crate::domain::failure::Failure;
use crate::domain::field::Field;
use crate::domain::likeness::{Item, Person, Sought, side_by_side};
use crate::domain::note::{Need, Note, NoteId, NoteState, Way};
use crate::domain::person::OutageQuery;
use crate::domain::readback::{Proof, ReadBack};
use crate::domain::time::Now;
use crate::front::app::{Cx, Go, Input, Known, Tone};
use crate::front::canvas::Canvas;
use crate::front::keys::Context;
use crate::front::keys::command::Command;
use crate::front::sheet::Scroll;
use crate::front::wording;
use crate::front::wording::hold::Anew;
use crate::link::message::{Ticket, ToDesk, ToFront};
use crate::text::fold;
use std::collections::BTreeSet;

/// What the choice is for.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Purpose {
    Search,
    Note { id: NoteId, revision: u32, way: Way },
}

/// How far the decision is.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Step {
    Looking,
    /// The one that is looked at: is it the patient?
    Deciding,
    /// Somebody else shares reading and birth date.
    ReadingBack(Box<ReadBack>),
    /// None of them is the patient.
    Nobody,
}

/// The pane.
#[derive(Debug)]
pub struct State {
    sought: Sought,
    /// What of it stands as the card had it.
    carded: Option<String>,
    purpose: Purpose,
    list: Vec<Person>,
    chosen: Option<usize>,
    step: Step,
    scroll: Scroll,
    waiting: Option<Ticket>,
    /// 該当なし is being recorded.
    ending: bool,
    /// The note is looked up anew: somebody else had it open.
    anew: Option<(Ticket, Anew)>,
}

impl State {
    /// The note they are chosen for.
    pub fn works_on(&self) -> Option<&NoteId> {
        match &self.purpose {
            Purpose::Note { id, .. } => Some(id),
            Purpose::Search => None,
        }
    }

    /// The candidates of a search at the desk.
    pub fn for_search(query: &OutageQuery, list: &[Candidate]) -> Self {
        let list = list.iter().map(Person::from).collect();
        Self::new(Sought::from(query), Purpose::Search, list)
    }

    /// The candidates of a note, or the one whom a fall-back found; `None` if
    /// nobody is to be chosen there.
    pub fn for_note(note: &Note) -> Option<Self> {
        let (way, list): (Way, Vec<Person>) = match &note.state {
            NoteState::NeedsPerson(Need::Candidates { way, list }) => {
                (*way, list.iter().map(Person::from).collect())
            }
            NoteState::NeedsPerson(Need::Confirm { way, answer }) => {
                (*way, Person::named_by(answer).into_iter().collect())
            }
            _ => return None,
        };
        let purpose = Purpose::Note {
            id: note.id.clone(),
            revision: note.revision,
            way,
        };
        let state = Self::new(Sought::from(&note.content), purpose, list);
        Some(state.carded(&note.content.from_card))
    }

    /// Says which of what was sought stands as the card had it; the rest was
    /// typed.
    #[must_use]
    pub fn carded(self, fields: &BTreeSet<Field>) -> Self {
        Self {
            carded: wording::carded(fields),
            ..self
        }
    }

    fn new(sought: Sought, purpose: Purpose, list: Vec<Person>) -> Self {
        Self {
            sought,
            carded: None,
            purpose,
            list,
            chosen: None,
            step: Step::Looking,
            scroll: Scroll::default(),
            waiting: None,
            ending: false,
            anew: None,
        }
    }

    /// The table of the keymap that holds now.
    pub fn context(&self) -> Context {
        match self.step {
            Step::Looking => Context::Candidates,
            Step::ReadingBack(_) => Context::ReadBack,
            Step::Deciding | Step::Nobody => Context::Ask,
        }
    }

    /// Nothing is typed here.
    pub fn typing(&self) -> bool {
        false
    }

    /// Whether only one was found, by asking otherwise than was noted.
    pub fn confirms(&self) -> bool {
        self.list.len() == 1
    }

    /// It came to the top.
    pub fn opened(&mut self, _cx: &mut Cx<'_>) {
        self.take(Step::Looking);
    }

    /// On to another step, from its beginning.
    fn take(&mut self, step: Step) {
        self.step = step;
        self.scroll = Scroll::default();
    }

    /// The one that is looked at, item by item.
    fn items(&self) -> Option<Vec<Item>> {
        let person = self.list.get(self.chosen?)?;
        Some(side_by_side(&self.sought, person))
    }

    /// A key's meaning, a character, a paste.
    pub fn input(&mut self, cx: &mut Cx<'_>, input: Input) {
        if self.waiting.is_some() {
            if let Input::Command(Command::Back | Command::Leave) = input {
                cx.go(Go::Back);
            }
            return;
        }
        match (&self.step, input) {
            (Step::Looking, Input::Command(Command::Back | Command::Leave)) => cx.go(Go::Back),
            (_, Input::Command(Command::Back | Command::Leave)) => self.take(Step::Looking),
            (Step::Deciding, Input::Command(Command::Submit)) => self.choose(cx, None),
            (Step::Nobody, Input::Command(Command::Submit)) => self.absent(cx),
            (Step::ReadingBack(_), Input::Char(c)) => self.proven(cx, c),
            (Step::ReadingBack(_), Input::Command(Command::Submit | Command::Next)) => {
                cx.say(Tone::Warning, "何で見分けたか、番号で答えてください。");
            }
            (Step::Looking, Input::Command(Command::Submit | Command::Next)) => {
                if let Some(refusal) = cx.known.refused(Right::OutageSearch) {
                    cx.say(Tone::Warning, refusal.to_string());
                } else if self.chosen.is_some() {
                    cx.hush();
                    self.take(Step::Deciding);
                } else {
                    cx.say(
                        Tone::Warning,
                        "まだ選ばれていません。番号か上下の矢印で選んでください。",
                    );
                }
            }
            (Step::Looking, Input::Command(command)) => self.moved(cx.known, command),
            (_, Input::Command(command)) => {
                let rows = layout::rows(self, cx.known);
                self.scroll.moved(command, rows, cx.known.page());
            }
            (Step::Looking, Input::Char(c)) => self.picked(cx, c),
            (Step::Deciding | Step::Nobody, Input::Char('0'..='9')) => {
                cx.say(Tone::Warning, wording::NO_DIGIT);
            }
            _ => {}
        }
    }

    fn moved(&mut self, known: &Known, command: Command) {
        let Some(last) = self.list.len().checked_sub(1) else {
            return;
        };
        let chosen = match (command, self.chosen) {
            (Command::Down, None) | (Command::Home, _) => 0,
            (Command::Down, Some(n)) => (n + 1).min(last),
            (Command::Up | Command::Previous, None) | (Command::End, _) => last,
            (Command::Up | Command::Previous, Some(n)) => n.saturating_sub(1),
            (Command::PageUp | Command::PageDown, _) => {
                let rows = layout::rows(self, known);
                self.scroll.moved(command, rows, known.page());
                return;
            }
            _ => return,
        };
        self.scroll = Scroll::default();
        self.chosen = Some(chosen);
    }

    /// Whether whoever is logged in here may end the note as 該当なし.
    fn may_end(&self, known: &Known) -> bool {
        matches!(self.purpose, Purpose::Note { .. }) && known.refused(Right::Decide).is_none()
    }

    /// A row by its number.
    fn picked(&mut self, cx: &mut Cx<'_>, c: char) {
        if fold::digit(c) == Some('0') && self.may_end(cx.known) {
            cx.hush();
            self.take(Step::Nobody);
        } else if let Some(n) = numbered(c, self.list.len()) {
            self.scroll = Scroll::default();
            self.chosen = Some(n);
            cx.hush();
        } else {
            let none = if self.may_end(cx.known) {
                "、いないときは 0"
            } else {
                ""
            };
            let text = format!("1 から {} の番号か矢印で選びます{none}。", self.list.len());
            cx.say(Tone::Warning, text);
        }
    }

    /// By what the patient was told from the others.
    fn proven(&mut self, cx: &mut Cx<'_>, c: char) {
        let Step::ReadingBack(asked) = &self.step else {
            return;
        };
        let way = numbered(c, asked.ways.len()).and_then(|n| asked.ways.get(n));
        if let Some((proof, _)) = way {
            let proof = *proof;
            self.choose(cx, Some(proof));
        } else {
            let text = format!("1 から {} の番号で答えてください。", asked.ways.len());
            cx.say(Tone::Warning, text);
        }
    }

    fn choose(&mut self, cx: &mut Cx<'_>, read_back: Option<Proof>) {
        self.take(Step::Looking);
        let Some(person) = self.chosen.and_then(|n| self.list.get(n)) else {
            return;
        };
        let ticket = cx.ticket();
        let key = person.row.key.clone();
        cx.send(match &self.purpose {
            Purpose::Search => ToDesk::Choose {
                ticket,
                key,
                check_date: self.sought.check_date,
                read_back,
            },
            Purpose::Note { id, revision, .. } => ToDesk::ResolveNote {
                ticket,
                id: id.clone(),
                revision: *revision,
                key,
                read_back,
            },
        });
        self.waiting = Some(ticket);
        cx.say(Tone::Hint, "資格情報を取り寄せています。");
    }

    fn absent(&mut self, cx: &mut Cx<'_>) {
        self.take(Step::Looking);
        if let Purpose::Note { id, revision, .. } = &self.purpose {
            let ticket = cx.ticket();
            cx.send(ToDesk::AbsentNote {
                ticket,
                id: id.clone(),
                revision: *revision,
            });
            self.waiting = Some(ticket);
            self.ending = true;
        }
    }

    /// What the desk service said.
    pub fn hear(&mut self, cx: &mut Cx<'_>, message: &ToFront) {
        if let Some((ticket, why)) = self.anew
            && message.ticket() == Some(ticket)
        {
            return self.renewed(cx, why, message);
        }
        if self.waiting.is_none() || message.ticket() != self.waiting {
            return;
        }
        self.waiting = None;
        let ending = std::mem::take(&mut self.ending);
        match message {
            ToFront::LookedUp { answer, .. } => looked_up(cx, answer),
            ToFront::Noted { note, .. } if ending => {
                let text = format!("控え {} を該当なしとして解決しました。", note.id);
                cx.say(Tone::Good, text);
                cx.go(Go::Back);
            }
            ToFront::Noted { note, .. } => {
                if let Some(result) = result::State::of_note(note) {
                    cx.say(Tone::Good, format!("控え {} を解決しました。", note.id));
                    cx.go(Go::Replace(Pane::Result(Box::new(result))));
                } else {
                    let text = format!("控え {}: {}", note.id, note.state.label());
                    cx.say(Tone::Warning, text);
                    cx.go(Go::Back);
                }
            }
            ToFront::Failed {
                failure: Failure::ReadBack(asked),
                ..
            } => {
                cx.hush();
                self.take(Step::ReadingBack(asked.clone()));
            }
            ToFront::Failed { failure, .. } => {
                cx.say(Tone::Error, failure.to_string());
                if matches!(failure, Failure::Stale | Failure::WrongState { .. }) {
                    self.freed(cx, Anew::Refused);
                }
            }
            _ => {}
        }
    }

    /// Draws.
    pub fn view(&self, known: &Known, _now: Now, canvas: &mut Canvas<'_>) {
        layout::draw(self, known, canvas);
    }

    /// What to do next.
    pub fn hint(&self, known: &Known) -> String {
        match (&self.step, self.chosen) {
            _ if self.ending => "該当なしとして記録しています。".to_owned(),
            _ if self.waiting.is_some() => "資格情報を取り寄せています。".to_owned(),
            (Step::Deciding, _) => {
                "この人に決めますか。{submit} で決め、{leave} で選び直します。".to_owned()
            }
            (Step::ReadingBack(asked), _) => format!(
                "何で見分けましたか。1 から {} の番号。{{leave}} で選び直します。",
                asked.ways.len()
            ),
            (Step::Nobody, _) => "該当なしにしますか。{submit} はい、{leave} いいえ。".to_owned(),
            (Step::Looking, _) if known.refused(Right::OutageSearch).is_some() => {
                let who = match known.offline {
                    Some(_) => "復旧してパスワードを入れ直してから。".to_owned(),
                    None => format!(
                        "{} アカウントの人です。",
                        who_may(Right::OutageSearch, None)
                    ),
                };
                format!("番号で並べて見られます。決めるのは、{who}")
            }
            (Step::Looking, None) => "番号か上下の矢印で選んでください。".to_owned(),
            (Step::Looking, Some(_)) => {
                "{next} か {submit} で内容を確かめます。まだ決まりません。".to_owned()
            }
        }
    }
}

/// The place in a list that a digit of any width stands for.
fn numbered(c: char, len: usize) -> Option<usize> {
    let digit = fold::digit(c).and_then(|d| d.to_digit(10))?;
    (digit as usize).checked_sub(1).filter(|n| *n < len)
}

fn looked_up(cx: &mut Cx<'_>, answer: &Eligibility) {
    let result = result::State::new(answer.clone(), result::Origin::Search);
    cx.go(Go::Replace(Pane::Result(Box::new(result))));
}
