//! The form widget: fields one below the other, filled in the order of the
//! paper in the hand (DOM-19, DOM-20). Knows how to type and to move; what
//! the texts mean is said by `domain::form`.

mod chain;
mod entry;
#[cfg(test)]
mod tests;
mod typing;
mod view;

pub use entry::{Entry, Kind, Mark};
pub use view::Layout;

use crate::domain::card::Presence;
use crate::domain::draft::Draft;
use crate::domain::field::{Field, Problem};
use crate::domain::form::{Values, feedback, settled};
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
}
