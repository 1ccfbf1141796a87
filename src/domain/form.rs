//! Forms: raw texts of fields, checked into queries and notes, and what a
//! field says of itself while it is filled (OUT-21 to 38).

mod check;
mod feedback;
mod value;

pub use feedback::{Feedback, Tone, away, feedback, settled};
pub use value::{BURDENS, DECLARATION, EVIDENCE, has_digits};

use super::declaration::Sheet;
use super::field::{Field, Problem};
use super::insurance::LookupQuery;
use super::note::NoteContent;
use super::person::OutageQuery;
use super::time::slash_date;
use jiff::civil::Date;
use std::collections::BTreeMap;

/// Which form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FormKind {
    /// 資格情報照会（被保険者証）
    Lookup,
    /// 資格情報照会（システム障害時）
    Outage,
    /// 4情報の控え
    Note,
    /// 被保険者資格申立書
    Declaration,
}

impl FormKind {
    /// Its fields, in the order of entry (OUT-22, DOM-20).
    pub fn fields(self) -> &'static [Field] {
        use Field::{
            Address, BirthDate, Branch, Burden, CheckDate, Cover, Employer, Evidence, InsurerName,
            InsurerNumber, Kana, LimitConsent, Name, Number, Reference, Remark, Sex, Symbol,
            Telephone,
        };
        match self {
            Self::Lookup => &[
                InsurerNumber,
                Symbol,
                Number,
                Branch,
                BirthDate,
                LimitConsent,
                CheckDate,
            ],
            Self::Outage => &[Name, Kana, BirthDate, Sex, Address, InsurerName, CheckDate],
            Self::Note => &[
                Name,
                Kana,
                BirthDate,
                Sex,
                Address,
                InsurerName,
                CheckDate,
                InsurerNumber,
                Symbol,
                Number,
                Branch,
                Reference,
                Telephone,
                Evidence,
                Burden,
                Remark,
                LimitConsent,
            ],
            Self::Declaration => &[
                Name,
                Kana,
                BirthDate,
                Sex,
                Address,
                Telephone,
                Cover,
                InsurerName,
                Employer,
                Burden,
                CheckDate,
            ],
        }
    }
}

/// The mark in front of a label: `*` must be filled, `※1` and `※2` one of two
/// (OUT-21, OUT-23 to 25), or nothing.
pub fn required(kind: FormKind, field: Field) -> &'static str {
    use Field::{
        Address, BirthDate, CheckDate, InsurerName, InsurerNumber, Kana, Name, Number, Sex,
    };
    match (kind, field) {
        (FormKind::Lookup, InsurerNumber | Number) => "*",
        (_, BirthDate | CheckDate) => "*",
        (FormKind::Outage | FormKind::Note | FormKind::Declaration, Sex) => "*",
        (FormKind::Outage | FormKind::Note | FormKind::Declaration, Name | Kana) => "※1",
        (FormKind::Outage | FormKind::Note | FormKind::Declaration, Address | InsurerName) => "※2",
        _ => "",
    }
}

/// What a field wants, shown while it is empty.
pub fn rule(field: Field) -> &'static str {
    match field {
        Field::User => "半角の英数字",
        Field::Password => "大文字と小文字は別の字です",
        Field::InsurerNumber => "8桁、国保は6桁",
        Field::Symbol => "カードにないときは空のまま",
        Field::Number => "カードのとおり",
        Field::Branch => "カードに記載があるときだけ",
        Field::BirthDate => "S29.3.26  290326(昭和)  19540326",
        Field::LimitConsent => "0 同意しない  1 同意する",
        Field::CheckDate => "西暦8桁  20261120",
        Field::Name => "姓と名の間の空白は自由",
        Field::Kana => "ひらがなもカタカナになります",
        Field::Sex => "1 男  2 女  3 未設定",
        Field::Address => "市区町村名（一部でよい）",
        Field::InsurerName => "名前の目立つ部分（一部でよい）",
        Field::Reference => "この施設の患者番号など",
        Field::Telephone => "折り返しの電話番号",
        Field::Evidence => "0なし 1ﾏｲﾅﾎﾟ 2お知らせ 3口頭 4申立書 5確認書",
        Field::Burden => "0 から 3（割）",
        Field::Remark => "ほかに伝えること",
        Field::Cover => "1 社保  2 国保  3 後期  0 わからない",
        Field::Employer => "勤め先。わかれば",
        Field::Reason => "あとで読む人に分かるように",
        Field::Filter => "氏名・カナ・番号・生年月日の一部",
    }
}

/// Most characters a field takes. Numbers have room for spaces and hyphens
/// that a paste may bring, names for marks.
pub fn limit(field: Field) -> usize {
    match field {
        Field::User => 8,
        Field::Password => 64,
        Field::InsurerNumber => 12,
        Field::Symbol | Field::Number => 20,
        Field::Branch => 4,
        Field::LimitConsent | Field::Sex => 3,
        Field::BirthDate | Field::CheckDate => 24,
        Field::Name | Field::Kana | Field::InsurerName => 80,
        Field::Address | Field::Reason => 120,
        Field::Reference => 50,
        Field::Telephone => 20,
        Field::Evidence => 60,
        // `10割`, as a note keeps it.
        Field::Burden => 3,
        Field::Cover => 5,
        Field::Employer => 80,
        Field::Remark => 200,
        Field::Filter => 40,
    }
}

/// What keeps a text from being the value of a field, whoever wrote it: too
/// long, or not of the field's kind.
pub fn complaint(field: Field, text: &str) -> Option<String> {
    if text.chars().count() > limit(field) {
        return Some(format!("{}文字までです。", limit(field)));
    }
    value::complaint(field, text)
}

/// Raw texts as typed, by field. An absent field is an empty one.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Values(BTreeMap<Field, String>);

impl Values {
    /// Over texts as a draft keeps them.
    pub fn new(fields: BTreeMap<Field, String>) -> Self {
        Self(fields)
    }

    /// Initial values: the dates of today where the form has them (OUT-30,
    /// OUT-38).
    pub fn initial(kind: FormKind, today: Date) -> Self {
        let mut values = Self::default();
        for &field in kind.fields() {
            let text = match field {
                Field::CheckDate => slash_date(today),
                Field::LimitConsent if kind == FormKind::Lookup => "0".to_owned(),
                _ => continue,
            };
            values.set(field, &text);
        }
        values
    }

    /// The text of a field.
    pub fn get(&self, field: Field) -> &str {
        self.0.get(&field).map_or("", String::as_str)
    }

    /// Sets the text of a field.
    pub fn set(&mut self, field: Field, text: &str) {
        self.0.insert(field, text.to_owned());
    }

    /// The texts, for a draft.
    pub fn fields(&self) -> &BTreeMap<Field, String> {
        &self.0
    }

    /// The texts themselves.
    pub fn into_fields(self) -> BTreeMap<Field, String> {
        self.0
    }

    /// Takes the texts that another form shares with `kind`, so that nothing
    /// is typed twice (a failed look-up becomes a note). 加入医療保険種別 and
    /// 事業所名 go along, though a note shows no field for them.
    #[must_use]
    pub fn carried(&self, kind: FormKind, today: Date) -> Self {
        let mut values = Self::initial(kind, today);
        let unseen = match kind {
            FormKind::Note => &[Field::Cover, Field::Employer][..],
            _ => &[],
        };
        for &field in kind.fields().iter().chain(unseen) {
            let text = self.get(field);
            if !text.trim().is_empty() {
                values.set(field, text);
            }
        }
        values
    }
}

/// 資格情報照会（被保険者証） as typed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LookupForm(pub Values);

/// 資格情報照会（システム障害時） as typed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct OutageForm(pub Values);

/// 被保険者資格申立書 as typed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct DeclarationForm(pub Values);

/// 4情報の控え as typed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct NoteForm(pub Values);

impl LookupForm {
    /// The query, or every field that keeps it from being one, in order.
    pub fn check(&self, today: Date) -> Result<LookupQuery, Vec<Problem>> {
        check::lookup(&self.0, today)
    }

    /// What to make sure of before asking; never a refusal (DOM-9, DOM-25).
    pub fn doubts(&self, today: Date) -> Vec<Problem> {
        check::doubts(&self.0, FormKind::Lookup, today)
    }
}

impl OutageForm {
    /// The query, or every field that keeps it from being one, in order.
    pub fn check(&self, today: Date) -> Result<OutageQuery, Vec<Problem>> {
        check::outage(&self.0, today)
    }

    /// What to make sure of before asking; never a refusal (DOM-9, DOM-25).
    pub fn doubts(&self, today: Date) -> Vec<Problem> {
        check::doubts(&self.0, FormKind::Outage, today)
    }
}

impl DeclarationForm {
    /// The paper, or every field that keeps it from being one, in order. All
    /// but the name and the birth date may stay empty: the patient fills in
    /// what they know (DOM-72).
    pub fn check(&self, today: Date) -> Result<Sheet, Vec<Problem>> {
        check::declaration(&self.0, today)
    }
}

impl NoteForm {
    /// The note, or every field that keeps it from being one, in order. Name
    /// or kana and the birth date are always needed; sex, and address or
    /// insurer name, unless the insurance numbers can be asked with (方法2).
    pub fn check(&self, today: Date) -> Result<NoteContent, Vec<Problem>> {
        check::note(&self.0, today)
    }

    /// What to make sure of before noting; never a refusal (DOM-9, DOM-25).
    pub fn doubts(&self, today: Date) -> Vec<Problem> {
        check::doubts(&self.0, FormKind::Note, today)
    }
}

#[cfg(test)]
mod tests;
