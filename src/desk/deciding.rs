//! What a person decides about a note that an answer left open: who of the
//! candidates, nobody, when to look again (OUT-44, DOM-40, DOM-91).

use super::book::Entry;
use super::lookups::{Question, checked};
use super::state::{Asker, Desk, Purpose};
use crate::central::call::{Answer, Call, Fault};
use crate::domain::entitlement::Eligibility;
use crate::domain::failure::Failure;
use crate::domain::field::{Field, Problem};
use crate::domain::note::{Change, Need, NoteId, NoteState, decided};
use crate::domain::readback::Proof;
use crate::link::message::{FrontId, Ticket};
use crate::store::record::Masked;

impl Desk {
    /// A person chose a candidate: its entitlement is opened in that person's
    /// name (OUT-44), and the answer resolves the note.
    pub(super) fn resolve_note(
        &mut self,
        front: FrontId,
        ticket: Ticket,
        id: NoteId,
        revision: u32,
        key: String,
        read_back: Option<Proof>,
    ) {
        if let Some(failure) = self.store_failure() {
            return self.fail(front, ticket, failure);
        }
        let note = match self.whole(&id) {
            Err(failure) => return self.fail(front, ticket, failure),
            Ok(note) => note,
        };
        let listed = matches!(&note.state, NoteState::NeedsPerson(Need::Candidates { list, .. })
            if list.iter().any(|candidate| candidate.key == key));
        let found = matches!(&note.state, NoteState::NeedsPerson(Need::Confirm { .. }));
        if note.revision != revision {
            return self.fail(front, ticket, Failure::Stale);
        }
        let found = found && key.is_empty();
        if !listed && !found {
            let state = self.book.get(&id).map(Entry::label).unwrap_or_default();
            return self.fail(front, ticket, Failure::WrongState { state });
        }
        // DOM-40: asked here, for the screen does not know the other notes.
        if let Some(asked) = self.doubles(&note, &key)
            && !read_back.is_some_and(|proof| asked.takes(proof))
        {
            return self.fail(front, ticket, Failure::ReadBack(Box::new(asked)));
        }
        if found {
            // Who was found is in the note: nothing is asked again.
            if let Some(asker) = self.asker(front, ticket) {
                self.person_wishes(asker, &id, revision, Change::Accept { read_back });
            }
            return;
        }
        let (check_date, birth_date) = (note.content.visit_date, note.content.birth_date);
        let Some((asker, token)) = self.admit_search(front, ticket) else {
            return;
        };
        let what = Call::Choose {
            token,
            id: id.0.clone(),
            key: key.clone(),
            check_date,
        };
        let purpose = Purpose::Confirm {
            asker,
            id,
            revision,
            key,
            read_back,
            check_date,
            birth_date,
        };
        self.ask(what, purpose);
    }

    /// A person made sure that nobody fits.
    pub(super) fn absent_note(
        &mut self,
        front: FrontId,
        ticket: Ticket,
        id: &NoteId,
        revision: u32,
    ) {
        let Some(asker) = self.asker(front, ticket) else {
            return;
        };
        let visit = match self.whole(id) {
            Ok(note) => note.content.visit_date,
            Err(failure) => return self.reply_failed(&asker, failure),
        };
        let answer = Box::new(Eligibility::absent(visit));
        self.person_wishes(asker, id, revision, Change::Absent { answer });
    }

    /// A person set the day of the next look, or dropped it.
    pub(super) fn follow_note(
        &mut self,
        front: FrontId,
        ticket: Ticket,
        id: &NoteId,
        revision: u32,
        day: Option<jiff::civil::Date>,
        reason: &str,
    ) {
        let Some(asker) = self.asker(front, ticket) else {
            return;
        };
        let problem = |field, text: &str| {
            let text = text.to_owned();
            vec![Problem { field, text }]
        };
        let reason = reason.trim().to_owned();
        let problems = match day {
            None if reason.is_empty() => {
                problem(Field::Reason, "再照会をやめる理由を入れてください。")
            }
            Some(day) if day < self.now.today() => {
                problem(Field::CheckDate, "今日より前の日は選べません。")
            }
            _ => Vec::new(),
        };
        if !problems.is_empty() {
            return self.reply_failed(&asker, Failure::Input { problems });
        }
        self.person_wishes(asker, id, revision, Change::Follow { day, reason });
    }

    pub(super) fn confirmation_answered(
        &mut self,
        asker: Asker,
        id: &NoteId,
        revision: u32,
        (key, read_back): (String, Option<Proof>),
        days: (jiff::civil::Date, jiff::civil::Date),
        result: Result<Answer, Fault>,
    ) {
        let answer = checked(result, days.0, Some(days.1)).and_then(|answer| {
            if decided(&answer) {
                Ok(answer)
            } else {
                let what = "選んだ人の資格が返りません".to_owned();
                Err(Fault::Garbled(what))
            }
        });
        match answer {
            Ok(answer) => {
                let change = Change::Confirm {
                    key,
                    answer,
                    read_back,
                };
                self.person_wishes(asker, id, revision, change);
            }
            Err(fault) => {
                self.question_failed(&asker, Question::Choice, Masked::default(), fault);
            }
        }
    }
}
