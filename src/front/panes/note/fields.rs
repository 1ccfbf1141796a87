//! The fields of a note, and a note's content as the texts of them.

use crate::domain::era;
use crate::domain::field::Field;
use crate::domain::note::NoteContent;
use crate::domain::time::slash_date;
use crate::front::form::{Entry, Form, Kind, Mark};
use crate::front::wording;
use jiff::civil::Date;

/// Empty; 資格確認日 is `today`, the day of the visit.
pub(super) fn form(today: Date) -> Form {
    const NUMBERS: &[Field] = &[Field::InsurerNumber, Field::Number];
    use Field::{
        Address, BirthDate, Branch, Burden, CheckDate, Evidence, InsurerName, InsurerNumber, Kana,
        LimitConsent, Name, Number, Reference, Remark, Sex, Symbol, Telephone,
    };
    Form::new(vec![
        Entry::new(Name, Mark::Either1, Kind::Text).rule("姓と名の間の空白は自由"),
        Entry::new(Kana, Mark::Either1, Kind::Kana).rule("ひらがなもカタカナになります"),
        Entry::new(BirthDate, Mark::Required, Kind::Date),
        Entry::new(Sex, Mark::Required, Kind::Choice(wording::SEXES)),
        Entry::new(Address, Mark::Either2, Kind::Text).rule("市区町村名までで足ります"),
        Entry::new(InsurerName, Mark::Either2, Kind::Text),
        Entry::new(CheckDate, Mark::Required, Kind::Date)
            .initial(&slash_date(today))
            .rule("受診した日"),
        Entry::new(InsurerNumber, Mark::Free, Kind::Digits)
            .limit(8)
            .moving_on()
            .rule("保険証があれば。先にこちらで照会します")
            .apart(),
        Entry::new(Symbol, Mark::Free, Kind::Code),
        Entry::new(Number, Mark::Free, Kind::Code),
        Entry::new(Branch, Mark::Free, Kind::Digits)
            .limit(2)
            .moving_on(),
        Entry::new(Reference, Mark::Free, Kind::Code),
        Entry::new(Telephone, Mark::Free, Kind::Code),
        Entry::new(Evidence, Mark::Free, Kind::Text).width(14),
        Entry::new(Burden, Mark::Free, Kind::Code),
        Entry::new(Remark, Mark::Free, Kind::Text),
        Entry::new(LimitConsent, Mark::Free, Kind::Choice(wording::CONSENT)),
    ])
    .sparing(NUMBERS, &[Sex, Address, InsurerName])
}

/// A note's content as field texts.
pub(super) fn texts(content: &NoteContent) -> Vec<(Field, String)> {
    let insurance = content.insurance.clone().unwrap_or_default();
    vec![
        (Field::Name, content.name.clone()),
        (Field::Kana, content.kana.clone()),
        (Field::BirthDate, era::letters(content.birth_date)),
        (
            Field::Sex,
            content
                .sex
                .map(|sex| sex.code().to_owned())
                .unwrap_or_default(),
        ),
        (Field::Address, content.address.clone()),
        (Field::InsurerName, content.insurer_name.clone()),
        (Field::CheckDate, slash_date(content.visit_date)),
        (Field::InsurerNumber, insurance.insurer),
        (Field::Symbol, insurance.symbol),
        (Field::Number, insurance.number),
        (Field::Branch, insurance.branch),
        (Field::Reference, content.reference.clone()),
        (Field::Telephone, content.telephone.clone()),
        (Field::Evidence, content.evidence.clone()),
        (Field::Burden, content.burden.clone()),
        (Field::Remark, content.remark.clone()),
        (
            Field::LimitConsent,
            if content.limit_consent { "1" } else { "" }.to_owned(),
        ),
    ]
}
