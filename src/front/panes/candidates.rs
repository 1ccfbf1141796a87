//! 複数の資格該当者: two to five people fit the 4情報, and a person decides
//! which (OUT-40 to 44). Nothing is chosen beforehand, and what is chosen is
//! read back once before it counts.

mod compare;
mod layout;
#[cfg(test)]
mod tests;

use super::{Pane, result};
use crate::domain::entitlement::Candidate;
use crate::domain::note::{Note, NoteId};
use crate::domain::person::{OutageQuery, Sex};
use crate::domain::time::Now;
use crate::front::app::{Cx, Go, Input, Known, Tone};
use crate::front::canvas::Canvas;
use crate::front::keys::Context;
use crate::front::keys::command::Command;
use crate::link::message::{Ticket, ToDesk, ToFront};
use crate::text::fold;
use jiff::civil::Date;

/// Who was looked for, to show what differs.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Asked {
    name: String,
    kana: String,
    birth_date: Date,
    sex: Option<Sex>,
    address: String,
    insurer_name: String,
    check_date: Date,
}

/// What the choice is for.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Purpose {
    Search,
    Note { id: NoteId, revision: u32 },
}

/// The pane.
#[derive(Debug)]
pub struct State {
    asked: Asked,
    purpose: Purpose,
    list: Vec<Candidate>,
    chosen: Option<usize>,
    /// The chosen one is being read back.
    asking: bool,
    waiting: Option<Ticket>,
}

impl State {
    /// The candidates of a search at the desk.
    pub fn for_search(query: &OutageQuery, list: &[Candidate]) -> Self {
        let asked = Asked {
            name: query.name.clone(),
            kana: query.kana.clone(),
            birth_date: query.birth_date,
            sex: Some(query.sex),
            address: query.address.clone(),
            insurer_name: query.insurer_name.clone(),
            check_date: query.check_date,
        };
        Self::new(asked, Purpose::Search, list)
    }

    /// The candidates of a note.
    pub fn for_note(note: &Note, list: &[Candidate]) -> Self {
        let content = &note.content;
        let asked = Asked {
            name: content.name.clone(),
            kana: content.kana.clone(),
            birth_date: content.birth_date,
            sex: content.sex,
            address: content.address.clone(),
            insurer_name: content.insurer_name.clone(),
            check_date: content.visit_date,
        };
        let purpose = Purpose::Note {
            id: note.id.clone(),
            revision: note.revision,
        };
        Self::new(asked, purpose, list)
    }

    fn new(asked: Asked, purpose: Purpose, list: &[Candidate]) -> Self {
        Self {
            asked,
            purpose,
            list: list.to_vec(),
            chosen: None,
            asking: false,
            waiting: None,
        }
    }

    /// The table of the keymap that holds now.
    pub fn context(&self) -> Context {
        if self.asking {
            Context::Ask
        } else {
            Context::Candidates
        }
    }

    /// Nothing is typed here.
    pub fn typing(&self) -> bool {
        false
    }

    /// It came to the top.
    pub fn opened(&mut self, _cx: &mut Cx<'_>) {
        self.asking = false;
    }

    /// A key's meaning, a character, a paste.
    #[expect(
        clippy::needless_pass_by_value,
        reason = "every pane has the same signature"
    )]
    pub fn input(&mut self, cx: &mut Cx<'_>, input: Input) {
        if self.waiting.is_some() {
            if let Input::Command(Command::Back | Command::Leave) = input {
                cx.go(Go::Back);
            }
            return;
        }
        match input {
            Input::Command(Command::Back | Command::Leave) if self.asking => self.asking = false,
            Input::Command(Command::Submit) if self.asking => self.choose(cx),
            _ if self.asking => {}
            Input::Command(Command::Back | Command::Leave) => cx.go(Go::Back),
            Input::Command(Command::Submit | Command::Next) => {
                if self.chosen.is_some() {
                    self.asking = true;
                } else {
                    cx.say(
                        Tone::Warning,
                        "まだ選ばれていません。番号か上下の矢印で選んでください。",
                    );
                }
            }
            Input::Command(command) => self.moved(command),
            Input::Char(c) => self.picked(cx, c),
            Input::Paste(_) => {}
        }
    }

    fn moved(&mut self, command: Command) {
        let Some(last) = self.list.len().checked_sub(1) else {
            return;
        };
        self.chosen = Some(match (command, self.chosen) {
            (Command::Down, None) | (Command::Home | Command::PageUp, _) => 0,
            (Command::Down, Some(n)) => (n + 1).min(last),
            (Command::Up | Command::Previous, None) | (Command::End | Command::PageDown, _) => last,
            (Command::Up | Command::Previous, Some(n)) => n.saturating_sub(1),
            _ => return,
        });
    }

    /// A row by its number.
    fn picked(&mut self, cx: &mut Cx<'_>, c: char) {
        let digit = fold::digit(c).and_then(|d| d.to_digit(10));
        if let Some(n) = digit.and_then(|d| (d as usize).checked_sub(1))
            && n < self.list.len()
        {
            self.chosen = Some(n);
        } else {
            let text = format!("1 から {} の番号か矢印で選びます。", self.list.len());
            cx.say(Tone::Warning, text);
        }
    }

    fn choose(&mut self, cx: &mut Cx<'_>) {
        self.asking = false;
        let Some(candidate) = self.chosen.and_then(|n| self.list.get(n)) else {
            return;
        };
        let ticket = cx.ticket();
        let key = candidate.key.clone();
        cx.send(match &self.purpose {
            Purpose::Search => ToDesk::Choose {
                ticket,
                key,
                check_date: self.asked.check_date,
            },
            Purpose::Note { id, revision } => ToDesk::ResolveNote {
                ticket,
                id: id.clone(),
                revision: *revision,
                key,
                read_back: None,
            },
        });
        self.waiting = Some(ticket);
        cx.say(Tone::Hint, "資格情報を取り寄せています。");
    }

    /// What the desk service said.
    pub fn hear(&mut self, cx: &mut Cx<'_>, message: &ToFront) {
        if self.waiting.is_none() || message.ticket() != self.waiting {
            return;
        }
        self.waiting = None;
        match message {
            ToFront::LookedUp { answer, .. } => {
                let result = result::State::new((**answer).clone(), result::Origin::Search);
                cx.go(Go::Replace(Pane::Result(Box::new(result))));
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
            ToFront::Failed { failure, .. } => cx.say(Tone::Error, failure.to_string()),
            _ => {}
        }
    }

    /// Draws.
    pub fn view(&self, _known: &Known, _now: Now, canvas: &mut Canvas<'_>) {
        layout::draw(self, canvas);
    }

    /// What to do next.
    pub fn hint(&self, _known: &Known) -> String {
        if self.waiting.is_some() {
            "資格情報を取り寄せています。".to_owned()
        } else if self.asking {
            "この人に決めますか。{submit} で決め、{leave} で選び直します。".to_owned()
        } else if self.chosen.is_none() {
            "番号か上下の矢印で選んでください。".to_owned()
        } else {
            "{next} か {submit} で内容を確かめます。まだ決まりません。".to_owned()
        }
    }
}
