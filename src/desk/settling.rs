//! Working a resolved note off: 照会番号, XML file, 申立書. Each step is done
//! by the desk service and written into the note, so that it is known after a
//! restart who did it and when (OUT-56, OUT-81 to 85, DOM-73).

use super::event::Action;
use super::state::{Asker, Desk, Purpose, Writing};
use crate::central::call::{Answer, Call, Fault};
use crate::domain::account::Right;
use crate::domain::failure::Failure;
use crate::domain::note::{Change, Note, NoteId, NoteState};
use crate::domain::settling::{self, Item};
use crate::link::message::{FrontId, SettlingStep, Ticket};
use crate::store::record::{Masked, What};
use std::sync::Arc;

impl Desk {
    pub(super) fn note_step(
        &mut self,
        front: FrontId,
        ticket: Ticket,
        id: &NoteId,
        revision: u32,
        step: SettlingStep,
    ) {
        if let Some(failure) = self.store_failure() {
            return self.fail(front, ticket, failure);
        }
        let note = match self.resolved(id, revision) {
            Ok(note) => note,
            Err(failure) => return self.fail(front, ticket, failure),
        };
        match step {
            SettlingStep::Seen => self.tick(front, ticket, &note, Item::Seen),
            SettlingStep::DeclarationDestroyed => {
                self.tick(front, ticket, &note, Item::Declaration);
            }
            SettlingStep::Undone { item } => {
                self.change_note(front, ticket, id, revision, Change::Untick { item });
            }
            SettlingStep::Register { reference } => {
                self.register_for(front, ticket, &note, reference);
            }
            SettlingStep::Download => self.save_answer(front, ticket, &note),
        }
    }

    /// 完了, with what is left undone as the person was told (DOM-73).
    pub(super) fn settle_note(
        &mut self,
        front: FrontId,
        ticket: Ticket,
        id: &NoteId,
        revision: u32,
        leaving: Vec<Item>,
    ) {
        let left = self
            .whole(id)
            .ok()
            .filter(|note| matches!(note.state, NoteState::Resolved(_)))
            .map(|note| settling::left(&note));
        if let Some(left) = left
            && left != leaving
        {
            let why = if left.is_empty() {
                "ほかの人がその間に進めました。開き直してください。".to_owned()
            } else {
                format!("済んでいないものがあります: {}。", settling::list(&left))
            };
            return self.fail(front, ticket, Failure::NotNow { why });
        }
        self.change_note(front, ticket, id, revision, Change::Settle { leaving });
    }

    /// The note, if it is resolved and the one on the screen.
    fn resolved(&mut self, id: &NoteId, revision: u32) -> Result<Arc<Note>, Failure> {
        let note = self.whole(id)?;
        if note.revision != revision {
            Err(Failure::Stale)
        } else if matches!(note.state, NoteState::Resolved(_) | NoteState::Settled(_)) {
            Ok(note)
        } else {
            let state = note.state.label();
            Err(Failure::WrongState { state })
        }
    }

    fn tick(&mut self, front: FrontId, ticket: Ticket, note: &Note, item: Item) {
        if let Some(asker) = self.asker(front, ticket) {
            self.step_done(asker, &note.id, note.revision, item, String::new());
        }
    }

    pub(super) fn step_done(
        &mut self,
        asker: Asker,
        id: &NoteId,
        revision: u32,
        item: Item,
        detail: String,
    ) {
        let change = Change::Tick { item, detail };
        self.person_wishes(asker, id, revision, change);
    }

    fn register_for(&mut self, front: FrontId, ticket: Ticket, note: &Note, reference: String) {
        let Some(insurance) = settling::numbers(note) else {
            let why = "照会番号を付ける資格がありません。".to_owned();
            return self.fail(front, ticket, Failure::NotNow { why });
        };
        let can = self.config.capabilities.register;
        let Some((asker, token)) = self.admit(front, ticket, can) else {
            return;
        };
        let numbers = Masked::of(&insurance);
        let what = Call::Register {
            token,
            insurance,
            reference,
        };
        let purpose = Purpose::RegisterNote {
            asker,
            id: note.id.clone(),
            revision: note.revision,
            numbers,
        };
        self.ask(what, purpose);
    }

    pub(super) fn note_registered(
        &mut self,
        asker: Asker,
        id: &NoteId,
        revision: u32,
        numbers: Masked,
        result: Result<Answer, Fault>,
    ) {
        match result {
            Ok(Answer::Registered) => {
                self.audit_at(asker.front, &asker.user, What::Registered { numbers });
                self.step_done(asker, id, revision, Item::Reference, String::new());
            }
            Ok(_) => {
                let what = "登録の返事ではありません".to_owned();
                self.reply_failed(&asker, Failure::Garbled { what });
            }
            Err(fault) => {
                let failure = self.asked_failure(&asker, Right::Lookup, fault);
                self.reply_failed(&asker, failure);
            }
        }
    }

    fn save_answer(&mut self, front: FrontId, ticket: Ticket, note: &Note) {
        let (NoteState::Resolved(resolution) | NoteState::Settled(resolution)) = &note.state else {
            return;
        };
        let Some(asker) = self.asker(front, ticket) else {
            return;
        };
        let answer = Box::new(resolution.answer.clone());
        let numbers = Masked::found(&answer);
        let write = self.write_id(Writing::File {
            asker,
            numbers,
            note: Some((note.id.clone(), note.revision)),
        });
        let name = self.file_name(write);
        self.out.push(Action::SaveFile {
            write,
            name,
            answer,
        });
    }
}
