//! The way of a note to the disk: checked, sent, and said to be kept when it is.

use super::State;
use crate::domain::failure::Failure;
use crate::domain::form::{NoteForm, has_digits};
use crate::front::app::{Cx, Go, Tone};
use crate::front::wording;
use crate::link::message::{ToDesk, ToFront};

impl State {
    pub(super) fn save(&mut self, cx: &mut Cx<'_>) {
        if let Some(text) = self.uncorrectable() {
            return cx.say(Tone::Error, text);
        }
        let values = self.values();
        match NoteForm(values).check(cx.now.today()) {
            Ok(content) if self.odd_name(&content.name) => {
                cx.say(Tone::Warning, wording::ODD_NAME);
                self.odd_name = Some(content.name);
            }
            Ok(mut content) => {
                cx.hush();
                let carded = self.form.carded();
                content.from_card = carded.fields;
                self.form.set_problems(Vec::new());
                self.cleared = None;
                let ticket = cx.ticket();
                self.saving = Some(ticket);
                cx.send(ToDesk::SaveNote {
                    ticket,
                    card: carded.presence.filter(|_| !content.from_card.is_empty()),
                    content: Box::new(content),
                    replaces: self.replaces.clone(),
                    trial: false,
                });
            }
            Err(problems) => {
                if let Some(first) = problems.first() {
                    cx.say(Tone::Error, first.to_string());
                }
                self.form.set_problems(problems);
            }
        }
    }

    /// Whether the 氏名 has digits and nobody has said that it is so.
    fn odd_name(&self, name: &str) -> bool {
        has_digits(name) && self.odd_name.as_deref() != Some(name)
    }

    /// The note is on disk, or is not.
    pub fn hear(&mut self, cx: &mut Cx<'_>, message: &ToFront) {
        if self.reading.is_some() && message.ticket() == self.reading {
            self.reading = None;
            if let ToFront::Noted { note, .. } = message {
                self.read(cx, note);
            }
            return;
        }
        let Some(saving) = self.saving else {
            return;
        };
        match message {
            ToFront::Noted {
                ticket,
                note,
                spilled,
            } if *ticket == saving => {
                self.saving = None;
                self.left = true;
                let said = match (self.replaces.is_some(), *spilled) {
                    (true, false) => {
                        let next = wording::to_start(cx.known).unwrap_or_default();
                        format!("控え {} を訂正しました。{next}", note.id)
                    }
                    (true, true) => {
                        format!("控え {} を訂正しました（予備のファイルに）。", note.id)
                    }
                    (false, false) => format!("控えました  {}", note.id),
                    (false, true) => format!(
                        "控えました（予備のファイルに）  {}  控え帳が戻ると入ります。",
                        note.id
                    ),
                };
                cx.say(Tone::Good, said);
                cx.go(Go::Finished);
            }
            ToFront::Failed { ticket, failure } if *ticket == saving => {
                self.saving = None;
                if let Failure::Input { problems } = failure {
                    self.form.set_problems(problems.clone());
                }
                cx.say(Tone::Error, failure.to_string());
                if matches!(failure, Failure::Stale | Failure::WrongState { .. }) {
                    self.read_again(cx);
                }
            }
            _ => {}
        }
    }
}
