//! One field of a form: what may be typed into it and how it is folded.

use crate::domain::card::Flag;
use crate::domain::field::Field;
use crate::domain::form::{limit, rule};
use crate::front::wording;
use crate::text::field::LineField;
use crate::text::fold;

/// What a field takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Any text, kept as typed.
    Text,
    /// A reading: becomes full-width katakana (OUT-27, DOM-29).
    Kana,
    /// Digits; full-width ones are turned (DOM-29).
    Digits,
    /// Mostly half-width: numbers that may hold letters or kanji (DOM-12).
    Code,
    /// A date in any usual writing (DOM-22).
    Date,
    /// One of a few, by its digit.
    Choice(&'static [(char, &'static str)]),
}

/// Must it be filled (OUT-21)?
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    /// May stay empty.
    Free,
    /// `*`
    Required,
    /// ※1
    Either1,
    /// ※2
    Either2,
}

/// A field with its text.
#[derive(Debug, Clone)]
pub struct Entry {
    pub(super) field: Field,
    pub(super) mark: Mark,
    pub(super) kind: Kind,
    pub(super) line: LineField,
    pub(super) initial: String,
    pub(super) rule: &'static str,
    pub(super) width: usize,
    pub(super) gap: bool,
    pub(super) skipped: bool,
    /// Holds what was proposed, not typed: the first key replaces it as a
    /// whole (OUT-38).
    pub(super) proposed: bool,
    /// Stands as the card had it.
    pub(super) from_card: bool,
    /// Moves on by itself at so many characters (DOM-20).
    pub(super) moves_at: Option<usize>,
    limit: usize,
}

impl Entry {
    /// An empty field.
    pub fn new(field: Field, mark: Mark, kind: Kind) -> Self {
        let (width, limit) = match kind {
            Kind::Text | Kind::Kana => (30, limit(field)),
            Kind::Code => (14, limit(field)),
            Kind::Digits => (14, limit(field)),
            // `昭和29年12月26日` and the cursor.
            Kind::Date => (18, limit(field)),
            Kind::Choice(_) => (14, 1),
        };
        Self {
            field,
            mark,
            kind,
            line: LineField::with_limit("", limit),
            initial: String::new(),
            rule: rule(field),
            width,
            gap: false,
            skipped: false,
            proposed: false,
            from_card: false,
            moves_at: matches!(kind, Kind::Choice(_)).then_some(1),
            limit,
        }
    }

    /// What stands behind the field while it is empty.
    #[must_use]
    pub fn rule(self, rule: &'static str) -> Self {
        Self { rule, ..self }
    }

    /// What it holds at first and after クリア.
    #[must_use]
    pub fn initial(mut self, text: &str) -> Self {
        text.clone_into(&mut self.initial);
        self.propose();
        self
    }

    /// Full at so many characters.
    #[must_use]
    pub fn limit(mut self, limit: usize) -> Self {
        self.limit = limit;
        let text = self.line.text().to_owned();
        self.put(&text);
        self
    }

    /// Moves on by itself when full (DOM-20).
    #[must_use]
    pub fn moving_on(self) -> Self {
        Self {
            moves_at: Some(self.limit),
            ..self
        }
    }

    /// Columns of the value.
    #[must_use]
    pub fn width(self, width: usize) -> Self {
        Self { width, ..self }
    }

    /// With an empty row above.
    #[must_use]
    pub fn apart(self) -> Self {
        Self { gap: true, ..self }
    }

    pub(super) fn is_choice(&self) -> bool {
        matches!(self.kind, Kind::Choice(_))
    }

    /// Whether it is full, so that the next field is meant by the next key.
    pub(super) fn is_complete(&self) -> bool {
        self.moves_at
            .is_some_and(|at| self.line.text().chars().count() >= at)
    }

    pub(super) fn put(&mut self, text: &str) {
        self.from_card &= self.line.text() == text;
        self.line = LineField::with_limit(text, self.limit);
        self.proposed = self.is_proposable() && text == self.initial;
    }

    /// Holds its initial value again.
    pub(super) fn propose(&mut self) {
        let initial = self.initial.clone();
        self.put(&initial);
    }

    fn is_proposable(&self) -> bool {
        self.kind == Kind::Date && !self.initial.is_empty()
    }

    /// Empties it; can be undone.
    pub(super) fn empty(&mut self) {
        self.proposed = false;
        self.line.clear();
    }

    /// What is proposed gives way to what is typed.
    fn make_way(&mut self) {
        if self.proposed {
            self.empty();
        }
    }

    /// Empties it without a way back.
    pub(super) fn forget(&mut self) {
        self.put("");
    }

    /// Puts one character where the cursor is, folded as the field needs it.
    pub(super) fn insert(&mut self, c: char) -> Result<(), String> {
        let c = match self.kind {
            Kind::Text | Kind::Kana => c,
            Kind::Code | Kind::Date => fold::narrow_char(c),
            Kind::Digits => match fold::digit(c) {
                Some(digit) => digit,
                None if c.is_ascii() => return Err(wording::digits_only(self.field)),
                None => return Err(wording::INPUT_METHOD_ON.to_owned()),
            },
            Kind::Choice(options) => {
                let c = fold::narrow_char(c);
                if !options.iter().any(|(key, _)| *key == c) {
                    return Err(wording::one_of(self.field, options));
                }
                self.line.set(c.encode_utf8(&mut [0; 4]));
                return Ok(());
            }
        };
        self.make_way();
        if !self.line.insert(c) && self.line.is_full() {
            return Err(wording::full(self.field, self.limit));
        }
        Ok(())
    }

    pub(super) fn paste(&mut self, text: &str) -> Result<(), String> {
        let text = text.trim();
        if self.is_choice() {
            return match text.chars().next() {
                Some(c) => self.insert(c),
                None => Ok(()),
            };
        }
        self.make_way();
        if self.line.paste(&self.folded(text)) {
            Ok(())
        } else {
            Err(wording::full(self.field, self.limit))
        }
    }

    /// A pasted text as the field takes it, before it is cut.
    pub(super) fn folded(&self, text: &str) -> String {
        match self.kind {
            Kind::Text | Kind::Choice(_) => text.to_owned(),
            Kind::Kana => fold::katakana(text),
            Kind::Code | Kind::Date => fold::narrow(text),
            Kind::Digits => text.chars().filter_map(fold::digit).collect(),
        }
    }

    /// The next or previous of a choice.
    pub(super) fn turn(&mut self, forward: bool) {
        let Kind::Choice(options) = self.kind else {
            return;
        };
        let at = options
            .iter()
            .position(|(key, _)| self.line.text().starts_with(*key));
        let n = options.len();
        let to = match (at, forward) {
            (None, true) => 0,
            (None, false) => n - 1,
            (Some(at), true) => (at + 1) % n,
            (Some(at), false) => (at + n - 1) % n,
        };
        if let Some((key, _)) = options.get(to) {
            self.line.set(key.encode_utf8(&mut [0; 4]));
        }
    }

    /// On leaving: a reading becomes katakana as a whole, since half-width
    /// voiced marks come as keys of their own (DOM-31).
    pub(super) fn tidy(&mut self) {
        if self.kind == Kind::Kana {
            let folded = fold::katakana(self.line.text());
            if folded != self.line.text() {
                self.line.set(&folded);
            }
        }
    }

    /// The value as it stands on the screen when the field has no focus.
    pub(super) fn shown(&self) -> String {
        match self.kind {
            Kind::Choice(options) => options
                .iter()
                .find(|(key, _)| self.line.text().starts_with(*key))
                .map(|(key, name)| format!("{key} {name}"))
                .unwrap_or_default(),
            _ => fold::shown(self.line.text()),
        }
    }

    /// What a person has to hold against the face of the card it came from.
    pub(super) fn doubt(&self) -> Option<Flag> {
        self.from_card.then(|| Flag::doubt(self.line.text()))?
    }
}
