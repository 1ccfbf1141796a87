//! 4情報の控え: what a desk writes down while nothing can be looked up (OUT-4).
//! Taken as soon as the four are there; numbers on a card are tried first
//! after recovery. Said to be kept only when it is on disk (REL-1).

mod carded;
mod correction;
mod fields;
mod hint;
mod keep;
#[cfg(test)]
mod tests;

use crate::domain::draft::Draft;
use crate::domain::field::Field;
use crate::domain::form::Values;
use crate::domain::note::{Group, NoteId};
use crate::domain::time::Now;
use crate::front::app::{Cx, Go, Input, Known, Tone};
use crate::front::canvas::Canvas;
use crate::front::form::{Did, Form, Layout};
use crate::front::keys::command::Command;
use crate::front::wording;
use crate::link::message::Ticket;
use fields::form;
use jiff::civil::Date;

/// What can be taken back.
#[derive(Debug)]
struct Before {
    form: Form,
    declared: Values,
    /// Another person's card makes a new note of a correction.
    replaces: Option<(NoteId, u32)>,
    opened_with: Values,
    opened_declared: Values,
}

/// The note pane.
#[derive(Debug)]
pub struct State {
    form: Form,
    saving: Option<Ticket>,
    /// The note and revision being changed.
    replaces: Option<(NoteId, u32)>,
    /// What the declaration adds and no field here shows (DOM-72).
    declared: Values,
    /// What it held when it was opened: nothing typed since is no draft.
    opened_with: Values,
    /// The same of `declared`.
    opened_declared: Values,
    /// Holds what another pane handed over: kept even if nothing is added.
    handed: bool,
    /// The form below handed it over, and starts anew when this is kept.
    took_over: bool,
    /// The panes that handed it over are closed: it is nowhere else.
    alone: bool,
    /// Asked for what the corrected note holds: a draft does not say.
    reading: Option<Ticket>,
    /// A draft of a correction was resumed, and the note is to be read.
    unread: bool,
    /// The note took an end meanwhile: what was typed can only be read.
    closed: Option<(NoteId, Group)>,
    /// What stood here before クリア or another person's card, until the form
    /// is sent or left.
    cleared: Option<Box<Before>>,
    left: bool,
    /// A 氏名 with digits that was said to be so.
    odd_name: Option<String>,
    today: Date,
}

impl State {
    /// An empty note; 資格確認日 is today, the day of the visit.
    pub fn new(today: Date) -> Self {
        Self::with(form(today), today)
    }

    fn with(form: Form, today: Date) -> Self {
        let opened_with = form.values();
        Self {
            form,
            saving: None,
            replaces: None,
            declared: Values::default(),
            opened_with,
            opened_declared: Values::default(),
            handed: false,
            took_over: false,
            alone: false,
            reading: None,
            unread: false,
            closed: None,
            cleared: None,
            left: false,
            odd_name: None,
            today,
        }
    }

    /// With what another form holds: nothing is typed twice.
    pub fn from_form(today: Date, values: &Values) -> Self {
        let mut form = form(today);
        for (field, text) in values.fields() {
            if !text.trim().is_empty() {
                form.set(*field, text);
            }
        }
        let mut state = Self::with(form, today);
        state.handed = true;
        state.took_over = true;
        state.declared = declared(values);
        state.focus_first_gap();
        state
    }

    /// What comes back from the ladder or the declaration.
    pub fn receive(&mut self, values: &Values) {
        for (field, text) in values.fields() {
            self.form.set(*field, text);
        }
        self.declared = declared(values);
        self.handed = true;
        self.focus_first_gap();
    }

    /// All texts, also those without a field here.
    pub fn values(&self) -> Values {
        let mut values = self.form.values();
        for (field, text) in self.declared.fields() {
            values.set(*field, text);
        }
        values
    }

    /// As it was typed.
    pub fn resume(&mut self, draft: &Draft) {
        self.form.resume(draft);
        if draft.note.is_some() {
            // Until the note has been read, クリア goes back to this.
            self.replaces.clone_from(&draft.note);
            self.opened_with = self.form.values();
            self.handed = true;
            self.unread = true;
        }
        self.resume_declared(draft);
    }

    /// A correction, opened anew, goes on with what had been typed. False if
    /// the note has changed since.
    pub fn go_on(&mut self, draft: &Draft) -> bool {
        self.form.resume(draft);
        self.resume_declared(draft);
        draft.note == self.replaces
    }

    fn resume_declared(&mut self, draft: &Draft) {
        self.declared = declared(&Values::new(draft.fields.clone()));
    }

    /// Whether it took over what the form below holds.
    pub fn took_over(&self) -> bool {
        self.took_over
    }

    /// From the ladder or the declaration, which are closed by now.
    pub fn from_closed(today: Date, values: &Values) -> Self {
        Self {
            alone: true,
            ..Self::from_form(today, values)
        }
    }

    /// Whether the record is on its way to the disk.
    pub fn saving(&self) -> bool {
        self.saving.is_some()
    }

    /// Whether it holds something that is nowhere else: what was handed over
    /// stands in the form below as well.
    pub fn begun(&self) -> bool {
        let handed = self.took_over && !self.alone;
        let only_handed = handed && self.form.values() == self.opened_with;
        !only_handed && self.draft().is_some()
    }

    /// What is typed and not kept yet.
    pub fn draft(&self) -> Option<Draft> {
        if self.left || (!self.handed && self.form.values() == self.opened_with) {
            return None;
        }
        let mut draft = self.form.draft("note")?;
        draft.note.clone_from(&self.replaces);
        for (field, text) in self.declared.fields() {
            draft.fields.insert(*field, text.clone());
        }
        Some(draft)
    }

    fn focus_first_gap(&mut self) {
        let empty = |field| self.form.text(field).is_empty();
        let gap = if empty(Field::Name) && empty(Field::Kana) {
            Field::Name
        } else if empty(Field::BirthDate) {
            Field::BirthDate
        } else if empty(Field::Sex) {
            Field::Sex
        } else {
            Field::Address
        };
        self.form.focus_at_start(gap);
    }

    /// The field that characters go into.
    pub fn field(&self) -> Field {
        self.form.focus()
    }

    /// Always in a field.
    pub fn typing(&self) -> bool {
        true
    }

    /// A key.
    pub fn input(&mut self, cx: &mut Cx<'_>, input: Input) {
        self.today = cx.now.today();
        if self.saving.is_some() {
            // A moment: the record is being synced. Keys must not change what
            // is on its way to the disk.
            return;
        }
        match input {
            Input::Command(Command::Note) => {}
            Input::Command(Command::Back) => {
                self.cleared = None;
                cx.go(Go::Back);
            }
            Input::Command(Command::Leave) => {
                self.left = true;
                self.cleared = None;
                cx.go(Go::Back);
            }
            Input::Command(Command::Clear) => {
                self.clear(cx);
            }
            Input::Command(Command::Undo) if self.cleared.is_some() && self.form.is_undone() => {
                self.take_back();
                cx.hush();
            }
            input => match self.form.input(&input) {
                Did::Run => self.save(cx),
                Did::Changed => cx.hush(),
                Did::Refused(why) => cx.say(Tone::Warning, why),
                Did::Moved | Did::Nothing => {}
            },
        }
    }

    fn before(&self) -> Before {
        Before {
            form: self.form.clone(),
            declared: self.declared.clone(),
            replaces: self.replaces.clone(),
            opened_with: self.opened_with.clone(),
            opened_declared: self.opened_declared.clone(),
        }
    }

    /// What stood here before takes its place again.
    fn take_back(&mut self) {
        let Some(before) = self.cleared.take() else {
            return;
        };
        let mut since = self.before();
        self.declared = before.declared;
        self.replaces = before.replaces;
        self.opened_with = before.opened_with;
        self.opened_declared = before.opened_declared;
        self.cleared = self.form.restore(before.form).map(|form| {
            since.form = form;
            Box::new(since)
        });
    }

    /// OUT-47; a correction goes back to what the note holds. Can be taken
    /// back until the note is kept.
    fn clear(&mut self, cx: &mut Cx<'_>) {
        let before = self.before();
        self.form.clear();
        self.declared = Values::default();
        let changed = if self.replaces.is_some() {
            for (field, text) in self.opened_with.fields() {
                self.form.set(*field, text);
            }
            self.declared.clone_from(&self.opened_declared);
            before.form.values() != self.form.values() || before.declared != self.declared
        } else {
            !before.form.is_pristine() || before.declared != self.declared
        };
        if changed {
            cx.say(Tone::Hint, wording::cleared(&cx.known.keymap));
            self.cleared = Some(Box::new(before));
        } else {
            cx.hush();
        }
    }

    /// Draws.
    pub fn view(&self, _known: &Known, now: Now, canvas: &mut Canvas<'_>) {
        let layout = Layout {
            top: 0,
            height: canvas.height(),
            value: 16,
        };
        self.form.view(canvas, layout, now.today());
    }
}

/// Of all texts, those the declaration adds.
fn declared(values: &Values) -> Values {
    let mut out = Values::default();
    for field in [Field::Cover, Field::Employer] {
        let text = values.get(field);
        if !text.is_empty() {
            out.set(field, text);
        }
    }
    out
}
