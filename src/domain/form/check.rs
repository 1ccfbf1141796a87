//! Whole forms to queries and notes.

use super::value::{self, problem, refusal};
use super::{FormKind, Values};
use crate::domain::declaration::{Declaration, Sheet};
use crate::domain::entry::{DateReading, Purpose, read_date};
use crate::domain::era::Era;
use crate::domain::field::{Field, Problem};
use crate::domain::insurance::{InsuranceNumbers, LookupQuery};
use crate::domain::note::NoteContent;
use crate::domain::number::{Check, insurer_check, insurer_corrections, is_late_elderly};
use crate::domain::person::{OutageQuery, Sex};
use jiff::civil::Date;

const FILL: &str = "入れてください。";
/// Stands in a value that is never used, for there are problems.
const NO_DAY: Date = Date::ZERO;

/// Collects problems while values are taken.
struct Checker<'a> {
    values: &'a Values,
    today: Date,
    problems: Vec<Problem>,
}

impl<'a> Checker<'a> {
    fn new(values: &'a Values, today: Date) -> Self {
        Self {
            values,
            today,
            problems: Vec::new(),
        }
    }

    fn complain(&mut self, field: Field, text: &str) {
        self.problems.push(problem(field, text));
    }

    fn take<T: Default>(&mut self, field: Field, read: fn(&str) -> value::Taken<T>) -> T {
        read(self.values.get(field)).unwrap_or_else(|text| {
            self.problems.push(problem(field, text));
            T::default()
        })
    }

    fn plain(&self, field: Field) -> String {
        value::plain(self.values.get(field))
    }

    fn fragments(&self, field: Field) -> String {
        value::fragments(self.values.get(field))
    }

    fn day(&mut self, field: Field, purpose: Purpose) -> Date {
        match value::day(self.values.get(field), purpose, self.today) {
            Ok(Some(day)) => day,
            Ok(None) => {
                self.complain(field, FILL);
                NO_DAY
            }
            Err(text) => {
                self.problems.push(problem(field, text));
                NO_DAY
            }
        }
    }

    fn insurance(&mut self) -> InsuranceNumbers {
        let numbers = InsuranceNumbers {
            insurer: self.take(Field::InsurerNumber, value::insurer),
            symbol: value::symbol(self.values.get(Field::Symbol)),
            number: value::number(self.values.get(Field::Number)),
            branch: self.take(Field::Branch, value::branch),
        };
        if is_late_elderly(&numbers.insurer) {
            if !numbers.symbol.is_empty() {
                self.complain(
                    Field::Symbol,
                    "39 の番号に記号はありません。消してください。",
                );
            }
            if !numbers.branch.is_empty() {
                self.complain(
                    Field::Branch,
                    "39 の番号に枝番はありません。消してください。",
                );
            }
        }
        numbers
    }

    /// 氏名 or 氏名(カナ) (OUT-24).
    fn names(&mut self) -> (String, String) {
        let (name, kana) = (self.plain(Field::Name), self.take(Field::Kana, value::kana));
        if name.is_empty() && self.values.get(Field::Kana).trim().is_empty() {
            self.complain(Field::Name, "氏名か氏名(カナ)が要ります。");
        }
        (name, kana)
    }

    /// 住所 or 保険者名 (OUT-25), unless not `needed`.
    fn places(&mut self, needed: bool) -> (String, String) {
        let (address, insurer) = (
            self.fragments(Field::Address),
            self.fragments(Field::InsurerName),
        );
        if needed && address.is_empty() && insurer.is_empty() {
            self.complain(Field::Address, "住所か保険者名が要ります。");
        }
        (address, insurer)
    }

    fn sex(&mut self, needed: bool) -> Option<Sex> {
        let before = self.problems.len();
        let sex = self.take(Field::Sex, value::sex);
        if needed && sex.is_none() && self.problems.len() == before {
            self.complain(Field::Sex, FILL);
        }
        sex
    }

    /// The value if there is nothing to put right; else the problems in the
    /// order of the form's fields. A 個人番号 in any field hides what else is
    /// wrong with that field (DOM-44).
    fn done<T>(mut self, kind: FormKind, value: T) -> Result<T, Vec<Problem>> {
        for (&field, text) in self.values.fields() {
            if let Some(text) = refusal(text) {
                self.problems.retain(|problem| problem.field != field);
                self.problems.push(problem(field, text));
            }
        }
        if self.problems.is_empty() {
            return Ok(value);
        }
        let place = |field| kind.fields().iter().position(|&f| f == field);
        self.problems
            .sort_by_key(|problem| place(problem.field).unwrap_or(usize::MAX));
        Err(self.problems)
    }
}

pub(super) fn lookup(values: &Values, today: Date) -> Result<LookupQuery, Vec<Problem>> {
    let mut form = Checker::new(values, today);
    let insurance = form.insurance();
    for field in [Field::InsurerNumber, Field::Number] {
        if values.get(field).trim().is_empty() {
            form.complain(field, FILL);
        }
    }
    let query = LookupQuery {
        insurance,
        birth_date: form.day(Field::BirthDate, Purpose::Birth),
        limit_consent: form.take(Field::LimitConsent, value::consent),
        check_date: form.day(Field::CheckDate, Purpose::Check),
    };
    form.done(FormKind::Lookup, query)
}

pub(super) fn outage(values: &Values, today: Date) -> Result<OutageQuery, Vec<Problem>> {
    let mut form = Checker::new(values, today);
    let (name, kana) = form.names();
    let birth_date = form.day(Field::BirthDate, Purpose::Birth);
    let sex = form.sex(true).unwrap_or(Sex::Unset);
    let (address, insurer_name) = form.places(true);
    let query = OutageQuery {
        name,
        kana,
        birth_date,
        sex,
        address,
        insurer_name,
        check_date: form.day(Field::CheckDate, Purpose::Check),
    };
    form.done(FormKind::Outage, query)
}

pub(super) fn note(values: &Values, today: Date) -> Result<NoteContent, Vec<Problem>> {
    let mut form = Checker::new(values, today);
    let insurance = form.insurance();
    let by_card = !insurance.insurer.is_empty() && !insurance.number.is_empty();
    let (name, kana) = form.names();
    let (address, insurer_name) = form.places(!by_card);
    let content = NoteContent {
        name,
        kana,
        birth_date: form.day(Field::BirthDate, Purpose::Birth),
        sex: form.sex(!by_card),
        address,
        insurer_name,
        visit_date: form.day(Field::CheckDate, Purpose::Check),
        insurance: (insurance != InsuranceNumbers::default()).then_some(insurance),
        limit_consent: form.take(Field::LimitConsent, value::consent),
        reference: form.take(Field::Reference, value::reference),
        telephone: form.take(Field::Telephone, value::telephone),
        evidence: form.take(Field::Evidence, value::evidence),
        burden: form.take(Field::Burden, value::burden),
        remark: form.plain(Field::Remark),
        evidence_code: String::new(),
        from_card: std::collections::BTreeSet::new(),
        card_mark: String::new(),
        declaration: None,
    };
    // The paper is there if it is what was shown (DOM-70).
    let declaration = (content.evidence == value::DECLARATION).then(|| Declaration {
        cover: form.take(Field::Cover, value::cover),
        employer: form.plain(Field::Employer),
    });
    let evidence_code = value::evidence_code(&content.evidence);
    let content = NoteContent {
        evidence_code: evidence_code.to_owned(),
        from_card: std::collections::BTreeSet::new(),
        card_mark: String::new(),
        declaration,
        ..content
    };
    form.done(FormKind::Note, content)
}

pub(super) fn declaration(values: &Values, today: Date) -> Result<Sheet, Vec<Problem>> {
    let mut form = Checker::new(values, today);
    let (name, kana) = form.names();
    let sheet = Sheet {
        name,
        kana,
        birth_date: form.day(Field::BirthDate, Purpose::Birth),
        sex: form.sex(false),
        address: form.fragments(Field::Address),
        telephone: form.take(Field::Telephone, value::telephone),
        cover: form.take(Field::Cover, value::cover),
        insurer_name: form.fragments(Field::InsurerName),
        employer: form.plain(Field::Employer),
        burden: form.take(Field::Burden, value::burden),
        visit_date: form.day(Field::CheckDate, Purpose::Check),
    };
    form.done(FormKind::Declaration, sheet)
}

/// What is unusual but allowed: a failed check digit (DOM-9), a converted or
/// unlikely date (DOM-25).
pub(super) fn doubts(values: &Values, kind: FormKind, today: Date) -> Vec<Problem> {
    kind.fields()
        .iter()
        .filter_map(|&field| {
            let text = values.get(field);
            let doubt = match field {
                Field::InsurerNumber if insurer_check(text) == Check::Bad => {
                    Some(bad_insurer(text))
                }
                Field::BirthDate => unusual(text, Some(Era::Showa), Purpose::Birth, today),
                Field::CheckDate => unusual(text, None, Purpose::Check, today),
                _ => None,
            };
            doubt.map(|text| problem(field, text))
        })
        .collect()
}

fn bad_insurer(text: &str) -> String {
    let candidates = insurer_corrections(text);
    if candidates.is_empty() {
        "検証番号が合いません。カードと見比べてください。".to_owned()
    } else {
        format!(
            "検証番号が合いません。カードと見比べてください（1字違い: {}）。",
            candidates.join(" ")
        )
    }
}

fn unusual(text: &str, era: Option<Era>, purpose: Purpose, today: Date) -> Option<String> {
    match read_date(text, era, purpose, today) {
        DateReading::Day {
            converted, doubt, ..
        } => doubt.map(|doubt| doubt.to_string()).or(converted),
        _ => None,
    }
}
