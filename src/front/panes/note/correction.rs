//! The correction of a note that is kept: what it holds is read, and an end it
//! took meanwhile is told.

use super::fields::{form, texts};
use super::{State, declared};
use crate::domain::declaration::Cover;
use crate::domain::field::Field;
use crate::domain::form::Values;
use crate::domain::note::{Note, NoteContent, NoteId};
use crate::front::app::{Cx, Tone};
use crate::front::wording;
use crate::link::message::ToDesk;
use jiff::civil::Date;

impl State {
    /// A correction that comes back from the declaration without its pane.
    pub fn corrected(today: Date, values: &Values, replaces: (NoteId, u32)) -> Self {
        let mut state = Self::from_form(today, values);
        state.took_over = false;
        state.replaces = Some(replaces);
        state.unread = true;
        state
    }

    /// The note and revision that is corrected.
    pub fn replaced(&self) -> Option<(NoteId, u32)> {
        self.replaces.clone()
    }

    /// To correct a note (a new revision).
    pub fn edit(note: &Note) -> Self {
        let content = &note.content;
        let mut form = form(content.visit_date);
        for (field, text) in texts(content) {
            form.set(field, &text);
        }
        form.mark_from_card(&content.from_card);
        let mut state = Self::with(form, content.visit_date);
        state.replaces = Some((note.id.clone(), note.revision));
        state.declared = declared_in(content);
        state.opened_declared.clone_from(&state.declared);
        state
    }

    /// A correction begins at `field`, filled with `value` if there is one.
    pub fn begin_at(&mut self, field: Field, value: Option<&str>) {
        if let Some(value) = value {
            self.form.set(field, value);
        }
        self.form.focus_on(field);
    }

    /// The note that is corrected.
    pub fn corrects(&self) -> Option<&NoteId> {
        self.replaces.as_ref().map(|(id, _)| id)
    }

    /// Reads the note whose correction goes on.
    pub fn opened(&mut self, cx: &mut Cx<'_>) {
        if let Some(id) = self.corrects().cloned()
            && std::mem::take(&mut self.unread)
        {
            let ticket = cx.ticket();
            cx.send(ToDesk::OpenNote { ticket, id });
            self.reading = Some(ticket);
        }
    }

    /// Somebody else had the note open, or has changed it.
    pub fn read_again(&mut self, cx: &mut Cx<'_>) {
        if self.saving.is_none() {
            self.unread = true;
            self.opened(cx);
        }
    }

    /// The note as it is now: what クリア goes back to.
    pub(super) fn read(&mut self, cx: &mut Cx<'_>, note: &Note) {
        let mut form = form(note.content.visit_date);
        for (field, text) in texts(&note.content) {
            form.set(field, &text);
        }
        self.opened_with = form.values();
        self.opened_declared = declared_in(&note.content);
        let now = (note.id.clone(), note.revision);
        if note.state.closed() {
            self.replaces = Some(now);
            self.closed = Some((note.id.clone(), note.state.group()));
            if let Some(text) = self.uncorrectable() {
                cx.say(Tone::Error, text);
            }
            return;
        }
        if self.replaces.as_ref() != Some(&now) {
            self.replaces = Some(now);
            cx.say(Tone::Warning, wording::CORRECTED_MEANWHILE);
        }
    }

    /// Why the note cannot be corrected any more, and where to go on.
    pub(super) fn uncorrectable(&self) -> Option<String> {
        let (id, group) = self.closed.as_ref()?;
        (self.corrects() == Some(id)).then(|| wording::ended_meanwhile(id, *group))
    }
}

/// What a note's declaration adds to it.
fn declared_in(content: &NoteContent) -> Values {
    let mut out = Values::default();
    if let Some(declaration) = &content.declaration {
        let cover = declaration.cover.map_or("", Cover::digit);
        out.set(Field::Cover, cover);
        out.set(Field::Employer, &declaration.employer);
    }
    declared(&out)
}
