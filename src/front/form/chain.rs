//! The 個人番号 typed over several fields: a field that moves on when it is
//! full parts the twelve digits before any field holds them all (DOM-44,
//! SEC-16).

use super::{Did, Form, Kind};
use crate::domain::field::Field;
use crate::domain::number::{holds_personal_number, is_known_insurer};
use crate::front::keys::command::Command;
use crate::front::wording;

/// Digits from which a bare run in a date field is a date, or is none.
const DATE: usize = 6;
/// No date is written with such a year.
const LATEST: u32 = 2200;

/// Whether a run of keys goes on after `command`: it edits where the cursor is.
pub(super) fn within_a_run(command: Command) -> bool {
    matches!(
        command,
        Command::Backspace
            | Command::Delete
            | Command::ClearField
            | Command::Undo
            | Command::Left
            | Command::Right
            | Command::WordLeft
            | Command::WordRight
            | Command::Home
            | Command::End
    )
}

impl Form {
    /// The run of keys begins anew where the focus is.
    pub(super) fn break_chain(&mut self) {
        self.chain = vec![self.focus];
    }

    /// The focus moves on by itself. A 保険者番号 that checks out is one: the
    /// digits behind it are another number, else every ninth 記号 of four
    /// digits would be taken for the end of a 個人番号.
    pub(super) fn go_on(&mut self) {
        let left = &self.entries[self.focus];
        let through = left.field == Field::InsurerNumber && is_known_insurer(left.line.text());
        let chain = std::mem::take(&mut self.chain);
        self.forward();
        self.moved_by_itself = true;
        if !through {
            self.chain = chain;
            self.chain.push(self.focus);
        }
    }

    /// The fields over which something like a 個人番号 stands now.
    pub(super) fn suspects(&self) -> &[usize] {
        let texts: Vec<&str> = self
            .chain
            .iter()
            .filter_map(|at| self.entries.get(*at))
            .map(|entry| entry.line.text())
            .collect();
        if self.chain.len() > 1 && !self.is_dated() && holds_personal_number(&texts.join(" ")) {
            &self.chain
        } else {
            &[]
        }
    }

    /// Whether the run has come to a date with its signs: `1940/1/1`.
    fn is_dated(&self) -> bool {
        let entry = &self.entries[self.focus];
        let text = entry.line.text();
        let year: String = text.chars().take_while(char::is_ascii_digit).collect();
        entry.kind == Kind::Date
            && year.len() < text.len()
            && year.parse::<u32>().is_ok_and(|year| year < LATEST)
    }

    /// A date field of a few digits: with the next one it is a date, and no
    /// end of a 個人番号. What stands there is withheld until then.
    pub(super) fn may_become_a_date(&self) -> bool {
        let entry = &self.entries[self.focus];
        entry.kind == Kind::Date && entry.line.text().chars().count() < DATE
    }

    /// Takes a 個人番号 out of every field it went to, without a way back.
    pub(super) fn refuse_chain(&mut self) -> Option<Did> {
        let fields = self.suspects().to_vec();
        let first = *fields.first()?;
        for at in fields {
            let entry = &mut self.entries[at];
            entry.forget();
            let field = entry.field;
            self.problems.retain(|problem| problem.field != field);
        }
        self.focus = first;
        self.moved_by_itself = false;
        self.break_chain();
        let field = self.entries[first].field;
        Some(Did::Refused(wording::personal_number_over(field)))
    }
}
