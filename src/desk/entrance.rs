//! What a front end says, made fit before anything else looks at it: cleaned,
//! of bounded length, without a 個人番号. The forms see to the same; a script
//! on the link need not have used them (SEC-34, DOM-44).

use crate::domain::declaration::Sheet;
use crate::domain::draft::{self, Draft};
use crate::domain::field::{Field, Problem};
use crate::domain::form::{complaint, limit};
use crate::domain::insurance::InsuranceNumbers;
use crate::domain::note::NoteContent;
use crate::domain::number::{holds_personal_number, is_late_elderly};
use crate::domain::person::OutageQuery;
use crate::link::message::{LedgerFilter, Print, SettlingStep, ToDesk};
use crate::text::clean::{clean, clean_limited};
use jiff::civil::Date;

/// Folding makes some texts longer (㍿ becomes four letters): so many times
/// the limit of a field is taken.
const FOLDED: usize = 4;

/// Bytes of a candidate's key; the central system's own limit of a text.
const LONGEST_KEY: usize = 16 * 1024;

/// Characters of a pane's name.
const LONGEST_PANE: usize = 16;

/// What a card has; all else was typed, whatever is said.
const FROM_CARD: [Field; 4] = [Field::Name, Field::BirthDate, Field::Sex, Field::Address];

/// Characters of a terminal's address.
const LONGEST_ORIGIN: usize = 64;

/// Characters of a notice's id that are looked at.
const LONGEST_ID: usize = 200;

/// Cleans `message`; what cannot be taken as it is comes back, by field.
pub(super) fn inspect(message: &mut ToDesk) -> Vec<Problem> {
    let mut door = Door::default();
    match message {
        ToDesk::Login { user, password, .. } => {
            door.text(Field::User, user);
            if password.reveal().chars().count() > most(Field::Password) {
                door.refuse(Field::Password, "長すぎます。短くしてください。");
            }
        }
        ToDesk::Lookup { query, .. } => {
            door.card(&mut query.insurance);
            door.day(Field::BirthDate, query.birth_date);
            door.day(Field::CheckDate, query.check_date);
        }
        ToDesk::Search { query, .. } => door.four(query),
        ToDesk::Choose {
            key, check_date, ..
        } => {
            door.key(key);
            door.day(Field::CheckDate, *check_date);
        }
        ToDesk::ResolveNote { key, .. } => door.key(key),
        ToDesk::Register {
            insurance,
            reference,
            ..
        } => {
            door.insurance(insurance);
            door.value(Field::Reference, reference);
        }
        ToDesk::NoteStep {
            step: SettlingStep::Register { reference },
            ..
        } => {
            door.value(Field::Reference, reference);
            if reference.trim().is_empty() {
                door.refuse(Field::Reference, "空です。番号を入れてください。");
            }
        }
        ToDesk::SettleNote { leaving, .. } => {
            leaving.sort_unstable();
            leaving.dedup();
        }
        ToDesk::SaveNote { content, .. } => door.note(content),
        ToDesk::Print {
            what: Print::Declaration(sheet),
            ..
        } => door.sheet(sheet),
        ToDesk::CancelNote { reason, .. } => door.value(Field::Reason, reason),
        ToDesk::FollowNote { reason, day, .. } => {
            if !reason.trim().is_empty() {
                door.value(Field::Reason, reason);
            }
            if let Some(day) = day {
                door.day(Field::CheckDate, *day);
            }
        }
        ToDesk::Ledger { filter, .. } => door.filter(filter),
        ToDesk::Draft(draft) => {
            tidy(draft);
            draft.others.truncate(draft::MOST);
            for other in &mut draft.others {
                tidy(other);
                other.others.clear();
            }
        }
        ToDesk::Unlock { user, .. } => door.text(Field::User, user),
        ToDesk::NoticeRead { id } => *id = clean_limited(id, LONGEST_ID),
        ToDesk::CardNotes {
            name, birth_date, ..
        } => {
            door.text(Field::Name, name);
            if let Some(day) = birth_date {
                door.day(Field::BirthDate, *day);
            }
        }
        ToDesk::DemoCard { card: Some(card) } => *card = clean_limited(card, LONGEST_ID),
        ToDesk::Hello { origin, .. } => *origin = clean_limited(origin, LONGEST_ORIGIN),
        ToDesk::Logout
        | ToDesk::Active { .. }
        // The answer came from the central system, cleaned there.
        | ToDesk::Download { .. }
        | ToDesk::RetryNote { .. }
        | ToDesk::HoldNote { .. }
        | ToDesk::ReleaseNote { .. }
        | ToDesk::AbsentNote { .. }
        | ToDesk::NoteStep { .. }
        | ToDesk::OpenNote { .. }
        | ToDesk::Export { .. }
        // Looked through note by note when they are placed.
        | ToDesk::Import { .. }
        | ToDesk::Opening { .. }
        | ToDesk::TickOpening { .. }
        | ToDesk::NewOpening { .. }
        | ToDesk::Print {
            what: Print::Report,
            ..
        }
        | ToDesk::DropDraft
        | ToDesk::Notices { .. }
        | ToDesk::Locks { .. }
        | ToDesk::ProbeNow
        | ToDesk::Sync { .. }
        | ToDesk::Audit { .. }
        | ToDesk::Journal { .. }
        | ToDesk::Card { .. }
        | ToDesk::ReadCard { .. }
        | ToDesk::ProveCard { .. }
        | ToDesk::DropCard
        | ToDesk::DemoCard { card: None }
        | ToDesk::DemoOutage { .. } => {}
    }
    door.problems
}

/// A draft is never refused: it is kept without what may not be kept.
fn tidy(draft: &mut Draft) {
    draft.pane = clean_limited(&draft.pane, LONGEST_PANE);
    draft.fields.retain(|field, text| {
        *text = clean_limited(text, most(*field));
        *field != Field::Password && !holds_personal_number(text)
    });
    (draft.from_card).retain(|field| FROM_CARD.contains(field));
}

fn most(field: Field) -> usize {
    FOLDED * limit(field)
}

#[derive(Default)]
struct Door {
    problems: Vec<Problem>,
}

impl Door {
    fn refuse(&mut self, field: Field, text: &str) {
        let text = text.to_owned();
        self.problems.push(Problem { field, text });
    }

    fn text(&mut self, field: Field, text: &mut String) {
        if text.chars().count() > most(field) {
            self.refuse(field, "長すぎます。短くしてください。");
            return;
        }
        *text = clean(text);
        if holds_personal_number(text) {
            self.refuse(
                field,
                "個人番号（マイナンバー）は控えも送信もできません。消してください。",
            );
        }
    }

    /// As [`Door::text`], with the rule of the form's field.
    fn value(&mut self, field: Field, text: &mut String) {
        let before = self.problems.len();
        self.text(field, text);
        if self.problems.len() == before
            && let Some(why) = complaint(field, text)
        {
            self.refuse(field, &why);
        }
    }

    /// Dates have four digits of a year wherever they go from here.
    fn day(&mut self, field: Field, day: Date) {
        if !(1000..=9999).contains(&day.year()) {
            self.refuse(field, "日付を見直してください。");
        }
    }

    fn key(&mut self, key: &str) {
        if key.len() > LONGEST_KEY {
            self.refuse(
                Field::Name,
                "選んだ候補を読めません。検索し直してください。",
            );
        }
    }

    fn insurance(&mut self, numbers: &mut InsuranceNumbers) {
        self.value(Field::InsurerNumber, &mut numbers.insurer);
        self.value(Field::Symbol, &mut numbers.symbol);
        self.value(Field::Number, &mut numbers.number);
        self.value(Field::Branch, &mut numbers.branch);
    }

    /// The numbers of a question: what must be there, what cannot be
    /// (DOM-15).
    fn card(&mut self, numbers: &mut InsuranceNumbers) {
        self.insurance(numbers);
        for (field, text) in [
            (Field::InsurerNumber, &numbers.insurer),
            (Field::Number, &numbers.number),
        ] {
            if text.trim().is_empty() {
                self.refuse(field, "入れてください。");
            }
        }
        self.elderly(numbers);
    }

    fn elderly(&mut self, numbers: &InsuranceNumbers) {
        if is_late_elderly(&numbers.insurer) {
            if !numbers.symbol.is_empty() {
                self.refuse(
                    Field::Symbol,
                    "39 の番号に記号はありません。消してください。",
                );
            }
            if !numbers.branch.is_empty() {
                self.refuse(
                    Field::Branch,
                    "39 の番号に枝番はありません。消してください。",
                );
            }
        }
    }

    fn four(&mut self, query: &mut OutageQuery) {
        self.value(Field::Name, &mut query.name);
        self.value(Field::Kana, &mut query.kana);
        self.day(Field::BirthDate, query.birth_date);
        self.value(Field::Address, &mut query.address);
        self.value(Field::InsurerName, &mut query.insurer_name);
        self.day(Field::CheckDate, query.check_date);
        if query.name.is_empty() && query.kana.is_empty() {
            self.refuse(Field::Name, "氏名か氏名(カナ)が要ります。");
        }
        if query.address.is_empty() && query.insurer_name.is_empty() {
            self.refuse(Field::Address, "住所か保険者名が要ります。");
        }
    }

    fn note(&mut self, content: &mut NoteContent) {
        self.value(Field::Name, &mut content.name);
        self.value(Field::Kana, &mut content.kana);
        self.day(Field::BirthDate, content.birth_date);
        self.value(Field::Address, &mut content.address);
        self.value(Field::InsurerName, &mut content.insurer_name);
        self.day(Field::CheckDate, content.visit_date);
        if let Some(insurance) = &mut content.insurance {
            self.insurance(insurance);
            let insurance = insurance.clone();
            self.elderly(&insurance);
        }
        self.value(Field::Reference, &mut content.reference);
        self.value(Field::Telephone, &mut content.telephone);
        self.value(Field::Evidence, &mut content.evidence);
        self.value(Field::Burden, &mut content.burden);
        self.value(Field::Remark, &mut content.remark);
        self.text(Field::Evidence, &mut content.evidence_code);
        (content.from_card).retain(|field| FROM_CARD.contains(field));
        if let Some(declaration) = &mut content.declaration {
            self.value(Field::Employer, &mut declaration.employer);
        }
    }

    fn sheet(&mut self, sheet: &mut Sheet) {
        self.value(Field::Name, &mut sheet.name);
        self.value(Field::Kana, &mut sheet.kana);
        self.day(Field::BirthDate, sheet.birth_date);
        self.value(Field::Address, &mut sheet.address);
        self.value(Field::Telephone, &mut sheet.telephone);
        self.value(Field::InsurerName, &mut sheet.insurer_name);
        self.value(Field::Employer, &mut sheet.employer);
        self.value(Field::Burden, &mut sheet.burden);
        self.day(Field::CheckDate, sheet.visit_date);
    }

    fn filter(&mut self, filter: &mut LedgerFilter) {
        self.text(Field::Filter, &mut filter.text);
        filter.groups.sort_unstable();
        filter.groups.dedup();
    }
}
