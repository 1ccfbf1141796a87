//! The form widget: fields one below the other, filled in the order of the
//! paper in the hand (DOM-19, DOM-20). Knows how to type and to move; what
//! the texts mean is said by `domain::form`.

mod chain;
mod entry;
#[cfg(test)]
mod tests;
mod view;

pub use entry::{Entry, Kind, Mark};
pub use view::Layout;

use super::app::Input;
use super::keys::command::Command;
use super::wording;
use crate::domain::card::Presence;
use crate::domain::draft::Draft;
use crate::domain::field::{Field, Problem};
use crate::domain::form::{Values, feedback, settled};
use crate::domain::number::holds_personal_number;
use chain::within_a_run;
use jiff::civil::Date;
use std::collections::BTreeSet;

/// What an input did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Did {
    /// Nothing of the form's.
    Nothing,
    /// Another field has the focus.
    Moved,
    /// A text changed.
    Changed,
    /// The form is to be run.
    Run,
    /// Not taken, and why.
    Refused(String),
}

/// What stands in a form as a card had it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Carded {
    /// Which fields.
    pub fields: BTreeSet<Field>,
    /// Which card, while it is known (a draft does not say).
    pub presence: Option<Presence>,
}

/// Fields, the focus, and what is wrong with them.
#[derive(Debug, Clone)]
pub struct Form {
    entries: Vec<Entry>,
    focus: usize,
    /// The focus moved on by itself: an Enter typed out of habit right behind
    /// it is not meant for the next field (DOM-20).
    moved_by_itself: bool,
    /// Fields that one uninterrupted run of keys went through.
    chain: Vec<usize>,
    problems: Vec<Problem>,
    /// The card that something here was taken over from.
    card: Option<Presence>,
    /// Once all of these are filled, those need not be.
    instead: (&'static [Field], &'static [Field]),
}

impl Form {
    /// A form with the focus in its first field.
    pub fn new(entries: Vec<Entry>) -> Self {
        Self {
            entries,
            focus: 0,
            moved_by_itself: false,
            chain: vec![0],
            problems: Vec::new(),
            card: None,
            instead: (&[], &[]),
        }
    }

    /// Once all of `given` are filled, `spared` need not be, and say so.
    #[must_use]
    pub fn sparing(mut self, given: &'static [Field], spared: &'static [Field]) -> Self {
        self.instead = (given, spared);
        self
    }

    /// Whether a field need not be filled because others are.
    pub fn spares(&self, field: Field) -> bool {
        let (given, spared) = self.instead;
        spared.contains(&field) && given.iter().all(|field| !self.text(*field).is_empty())
    }

    /// The field with the focus.
    pub fn focus(&self) -> Field {
        self.entries[self.focus].field
    }

    /// Puts the focus on a field.
    pub fn focus_on(&mut self, field: Field) {
        if let Some(at) = self.index(field) {
            self.leave();
            self.focus = at;
            self.moved_by_itself = false;
            self.break_chain();
        }
    }

    /// The same, the cursor before what it holds: a long text is read from
    /// its beginning.
    pub fn focus_at_start(&mut self, field: Field) {
        self.focus_on(field);
        if let Some(at) = self.index(field) {
            self.entries[at].line.home();
        }
    }

    /// The text of a field, empty if there is no such field.
    pub fn text(&self, field: Field) -> &str {
        self.index(field)
            .map_or("", |at| self.entries[at].line.text())
    }

    /// Puts a text into a field.
    pub fn set(&mut self, field: Field, text: &str) {
        if let Some(at) = self.index(field) {
            self.entries[at].put(text);
        }
    }

    /// Puts in what was read from a card.
    pub fn take(&mut self, presence: Presence, field: Field, text: &str) {
        self.card = Some(presence);
        if let Some(at) = self.index(field) {
            let entry = &mut self.entries[at];
            entry.put(text);
            entry.from_card = !text.is_empty() && entry.line.text() == text;
            self.problems.retain(|p| p.field != field);
        }
    }

    /// Fields that stand as the card had them.
    pub fn from_card(&self) -> BTreeSet<Field> {
        let carded = self.entries.iter().filter(|e| e.from_card);
        carded.map(|e| e.field).collect()
    }

    /// The same, and which card.
    pub fn carded(&self) -> Carded {
        Carded {
            fields: self.from_card(),
            presence: self.card,
        }
    }

    /// What came from another form stands as the card had it there.
    pub fn carry_marks(&mut self, carded: &Carded) {
        self.mark_from_card(&carded.fields);
        self.card = carded.presence;
    }

    /// Which of these fields are here and empty.
    pub fn lacks(&self, fields: &[Field]) -> Vec<Field> {
        let empty = |field: &Field| {
            self.index(*field)
                .is_some_and(|at| self.entries[at].line.text().trim().is_empty())
        };
        fields.iter().copied().filter(empty).collect()
    }

    /// Whether there is such a field.
    pub fn has(&self, field: Field) -> bool {
        self.index(field).is_some()
    }

    /// Says of fields that they stand as the card had them.
    pub fn mark_from_card(&mut self, fields: &BTreeSet<Field>) {
        for entry in &mut self.entries {
            entry.from_card = fields.contains(&entry.field) && !entry.line.is_empty();
        }
    }

    /// Whether moving on jumps over a field, since there is nothing to fill in
    /// (DOM-15: 後期高齢者 have no 記号).
    pub fn skip(&mut self, field: Field, skipped: bool) {
        if let Some(at) = self.index(field) {
            self.entries[at].skipped = skipped;
            if skipped && at == self.focus && self.moved_by_itself {
                self.chain.pop();
                self.forward();
                self.chain.push(self.focus);
            }
        }
    }

    /// Whether a field moves on by itself, and at how many characters.
    pub fn moves_at(&mut self, field: Field, characters: Option<usize>) {
        if let Some(at) = self.index(field) {
            self.entries[at].moves_at = characters;
        }
    }

    /// All texts as typed, but for what looks like a 個人番号 that is being
    /// typed over several fields (DOM-44).
    pub fn values(&self) -> Values {
        let withheld = self.suspects();
        Values::new(
            self.entries
                .iter()
                .enumerate()
                .filter(|(at, _)| !withheld.contains(at))
                .map(|(_, e)| (e.field, e.line.text().to_owned()))
                .collect(),
        )
    }

    /// What has to be made sure of: about the field with the focus first, then
    /// from the top.
    pub fn advice(&self, today: Date) -> Option<String> {
        let of = |entry: &Entry| settled(entry.field, entry.line.text(), today).advice;
        let focus = &self.entries[self.focus];
        let here = match self.problem(focus.field) {
            Some(problem) => Some(problem.text.clone()),
            None => feedback(focus.field, focus.line.text(), today).advice,
        };
        here.map(|advice| (focus.field, advice))
            .or_else(|| {
                self.entries
                    .iter()
                    .enumerate()
                    .filter(|(at, _)| *at != self.focus)
                    .find_map(|(_, e)| of(e).map(|advice| (e.field, advice)))
            })
            .map(|(field, advice)| format!("{}: {advice}", field.label()))
    }

    /// What keeps the form from being taken although nothing is missing, as
    /// the check says it; of the field that is being typed no more than its
    /// name.
    pub fn kept_by<T>(&self, checked: Result<T, Vec<Problem>>) -> Option<String> {
        let problem = checked.err()?.into_iter().next()?;
        let label = problem.field.label();
        Some(if problem.field == self.focus() {
            format!("{label} を入れてください。")
        } else {
            format!("{label}: {}", problem.text)
        })
    }

    /// Whether everything is as it was at first.
    pub fn is_pristine(&self) -> bool {
        self.entries.iter().all(|e| e.line.text() == e.initial)
    }

    /// Back to the initial values (OUT-47).
    pub fn clear(&mut self) {
        for entry in &mut self.entries {
            entry.propose();
        }
        self.problems.clear();
        self.card = None;
        self.focus = 0;
        self.moved_by_itself = false;
        self.break_chain();
    }

    /// Whether the field with the focus has nothing more to take back.
    pub fn is_undone(&self) -> bool {
        !self.entries[self.focus].line.can_undo()
    }

    /// Puts back what stood here before クリア. What was typed since is kept
    /// in its place, if anything was: no key loses an input.
    pub fn restore(&mut self, before: Self) -> Option<Self> {
        let since = std::mem::replace(self, before);
        (!since.is_pristine()).then_some(since)
    }

    /// Empties one field to its initial value.
    pub fn reset(&mut self, field: Field) {
        if let Some(at) = self.index(field) {
            self.entries[at].propose();
        }
    }

    /// What is wrong, field by field; the focus goes to the first.
    pub fn set_problems(&mut self, problems: Vec<Problem>) {
        if let Some(first) = problems.first() {
            self.focus_on(first.field);
        }
        self.problems = problems;
    }

    /// What is wrong with a field.
    pub fn problem(&self, field: Field) -> Option<&Problem> {
        self.problems.iter().find(|p| p.field == field)
    }

    /// As a draft under a pane's name, or nothing if nothing was typed.
    pub fn draft(&self, pane: &str) -> Option<Draft> {
        (!self.is_pristine()).then(|| {
            let mut fields = self.values().into_fields();
            fields.retain(|_, text| !text.is_empty());
            Draft {
                from_card: self.from_card(),
                pane: pane.to_owned(),
                note: None,
                fields,
                focus: Some(self.focus()),
                others: Vec::new(),
            }
        })
    }

    /// The texts of a draft, and its focus (DOM-53).
    pub fn resume(&mut self, draft: &Draft) {
        for entry in &mut self.entries {
            let text = draft.fields.get(&entry.field).cloned().unwrap_or_default();
            entry.put(&text);
        }
        self.mark_from_card(&draft.from_card);
        if let Some(field) = draft.focus {
            self.focus_on(field);
        }
    }

    fn index(&self, field: Field) -> Option<usize> {
        self.entries.iter().position(|e| e.field == field)
    }

    /// Handles a key, a character or a paste.
    pub fn input(&mut self, input: &Input) -> Did {
        let by_itself = std::mem::take(&mut self.moved_by_itself);
        if let Input::Command(command) = input
            && !within_a_run(*command)
        {
            if let Some(refused) = self.refuse_chain() {
                return refused;
            }
            self.break_chain();
        }
        match input {
            Input::Char(c) => self.typed(|entry| entry.insert(*c)),
            // A field shorter than the number would take its first digits.
            Input::Paste(text)
                if holds_personal_number(text)
                    || holds_personal_number(&self.entries[self.focus].folded(text)) =>
            {
                Did::Refused(wording::personal_number(self.entries[self.focus].field))
            }
            Input::Paste(text) => self.typed(|entry| entry.paste(text)),
            Input::Command(command) => match command {
                Command::Submit => {
                    self.leave();
                    Did::Run
                }
                Command::Next if by_itself => Did::Nothing,
                Command::Next if self.focus + 1 == self.entries.len() => {
                    self.leave();
                    Did::Run
                }
                Command::Next => self.forward(),
                Command::Down => self.go(self.focus + 1),
                Command::Up | Command::Previous => self.back(),
                Command::Backspace => self.backspace(),
                Command::ClearField => self.typed(|entry| {
                    entry.empty();
                    Ok(())
                }),
                Command::Undo => self.typed(|entry| {
                    entry.proposed = false;
                    entry.line.undo();
                    Ok(())
                }),
                Command::Delete => self.typed(|entry| {
                    if entry.is_choice() || entry.proposed {
                        entry.empty();
                    } else {
                        entry.line.delete();
                    }
                    Ok(())
                }),
                Command::Left | Command::Right if self.entries[self.focus].is_choice() => {
                    // Turning is looking: the field is left by Enter.
                    let entry = &mut self.entries[self.focus];
                    entry.turn(*command == Command::Right);
                    entry.from_card = false;
                    let field = entry.field;
                    self.problems.retain(|p| p.field != field);
                    Did::Changed
                }
                command => self.within(*command),
            },
        }
    }

    /// Moves the cursor inside the field.
    fn within(&mut self, command: Command) -> Did {
        let entry = &mut self.entries[self.focus];
        let line = &mut entry.line;
        match command {
            Command::Left => {
                line.left();
            }
            Command::Right => {
                line.right();
            }
            Command::WordLeft => {
                line.word_left();
            }
            Command::WordRight => {
                line.word_right();
            }
            Command::Home => line.home(),
            Command::End => line.end(),
            Command::PageUp => return self.go(0),
            Command::PageDown => return self.go(self.entries.len() - 1),
            _ => return Did::Nothing,
        }
        entry.proposed = false;
        Did::Moved
    }

    /// Changes the text of the field with the focus, and sees to what follows
    /// from that.
    fn typed(&mut self, change: impl FnOnce(&mut Entry) -> Result<(), String>) -> Did {
        let entry = &mut self.entries[self.focus];
        let before = entry.line.text().to_owned();
        let field = entry.field;
        let taken = change(entry);
        // The 個人番号 must not be noted anywhere, not even in a draft or in
        // the field's own undo (DOM-44).
        if holds_personal_number(entry.line.text()) {
            entry.forget();
            return Did::Refused(wording::personal_number(field));
        }
        if let Err(why) = taken {
            return Did::Refused(why);
        }
        if !self.may_become_a_date()
            && let Some(refused) = self.refuse_chain()
        {
            return refused;
        }
        let entry = &self.entries[self.focus];
        if entry.line.text() == before {
            return Did::Nothing;
        }
        self.problems.retain(|p| p.field != field);
        self.entries[self.focus].from_card = false;
        let entry = &self.entries[self.focus];
        let grew = entry.line.text().chars().count() > before.chars().count();
        if (entry.is_choice() || grew) && entry.is_complete() && self.focus + 1 < self.entries.len()
        {
            self.go_on();
        }
        Did::Changed
    }

    fn backspace(&mut self) -> Did {
        let entry = &mut self.entries[self.focus];
        if (entry.is_choice() || entry.proposed) && !entry.line.is_empty() {
            return self.typed(|entry| {
                entry.empty();
                Ok(())
            });
        }
        if entry.line.at_start() || entry.is_choice() {
            self.break_chain();
            let moved = self.back();
            self.break_chain();
            return moved;
        }
        self.typed(|entry| {
            entry.line.backspace();
            Ok(())
        })
    }

    /// The next field that there is something to fill in.
    fn forward(&mut self) -> Did {
        let next = (self.focus + 1..self.entries.len())
            .find(|at| !self.entries[*at].skipped)
            .unwrap_or(self.entries.len() - 1);
        self.go(next)
    }

    fn back(&mut self) -> Did {
        match (0..self.focus).rev().find(|at| !self.entries[*at].skipped) {
            Some(at) => self.go(at),
            None => Did::Nothing,
        }
    }

    fn go(&mut self, to: usize) -> Did {
        let to = to.min(self.entries.len() - 1);
        self.leave();
        if to == self.focus {
            return Did::Nothing;
        }
        self.focus = to;
        self.entries[to].line.end();
        self.break_chain();
        Did::Moved
    }

    fn leave(&mut self) {
        self.entries[self.focus].tidy();
    }
}
