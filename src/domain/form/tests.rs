use super::*;
use crate::domain::person::Sex;
use crate::text::cells::cells;
use jiff::civil::date;
use proptest::prelude::*;

const TODAY: Date = date(2026, 11, 20);
/// The sample of the official explanation of the check digit.
const PERSONAL: &str = "123456789018";

fn values(kind: FormKind, texts: &[(Field, &str)]) -> Values {
    let mut values = Values::initial(kind, TODAY);
    for (field, text) in texts {
        values.set(*field, text);
    }
    values
}

fn card(texts: &[(Field, &str)]) -> LookupForm {
    let mut form = values(
        FormKind::Lookup,
        &[
            (Field::InsurerNumber, "06139000"),
            (Field::Symbol, "９０００"),
            (Field::Number, "１０００１"),
            (Field::Branch, "1"),
            (Field::BirthDate, "S29.3.26"),
        ],
    );
    for (field, text) in texts {
        form.set(*field, text);
    }
    LookupForm(form)
}

fn four(texts: &[(Field, &str)]) -> OutageForm {
    let mut form = values(
        FormKind::Outage,
        &[
            (Field::Name, "新橋太郎"),
            (Field::BirthDate, "290326"),
            (Field::Sex, "1"),
            (Field::Address, "東京都"),
        ],
    );
    for (field, text) in texts {
        form.set(*field, text);
    }
    OutageForm(form)
}

fn complaints<T: std::fmt::Debug>(result: Result<T, Vec<Problem>>) -> Vec<Field> {
    result
        .unwrap_err()
        .into_iter()
        .map(|problem| problem.field)
        .collect()
}

#[test]
fn dom_21_a_card_as_typed() {
    let query = card(&[]).check(TODAY).unwrap();
    assert_eq!(query.insurance.insurer, "06139000");
    assert_eq!(query.insurance.symbol, "9000");
    assert_eq!(query.insurance.number, "10001");
    assert_eq!(query.insurance.branch, "01", "DOM-14");
    assert_eq!(query.birth_date, date(1954, 3, 26));
    assert!(!query.limit_consent);
    assert_eq!(query.check_date, TODAY, "OUT-38");
    let query = card(&[
        (Field::InsurerNumber, "6139000"),
        (Field::Symbol, " 札あ10 "),
        (Field::Branch, ""),
        (Field::LimitConsent, "１"),
        (Field::CheckDate, "2026-11-01"),
    ])
    .check(TODAY)
    .unwrap();
    assert_eq!(query.insurance.insurer, "06139000", "DOM-11");
    assert_eq!(query.insurance.symbol, "札あ10", "DOM-12");
    assert_eq!(query.insurance.branch, "", "DOM-14: blank is not 00");
    assert!(query.limit_consent);
    assert_eq!(query.check_date, date(2026, 11, 1), "FIX-9");
}

#[test]
fn dom_21_what_is_missing_is_named_in_order() {
    let empty = LookupForm::default().check(TODAY);
    assert_eq!(
        complaints(empty),
        [
            Field::InsurerNumber,
            Field::Number,
            Field::BirthDate,
            Field::CheckDate
        ]
    );
    for (field, text) in [
        (Field::InsurerNumber, "0613"),
        (Field::InsurerNumber, "0613900x"),
        (Field::Branch, "123"),
        (Field::Branch, "a"),
        (Field::BirthDate, "S29.2.30"),
        (Field::BirthDate, "S29.3"),
        (Field::LimitConsent, "2"),
        (Field::CheckDate, "2026/13/01"),
    ] {
        assert_eq!(
            complaints(card(&[(field, text)]).check(TODAY)),
            [field],
            "{text}"
        );
    }
}

#[test]
fn dom_9_a_failed_check_digit_warns_and_never_blocks() {
    let form = card(&[(Field::InsurerNumber, "06159000")]);
    assert!(form.check(TODAY).is_ok());
    let doubts = form.doubts(TODAY);
    assert_eq!(doubts.len(), 1);
    assert_eq!(doubts[0].field, Field::InsurerNumber);
    assert!(doubts[0].text.contains("06139000"), "{}", doubts[0].text);
    for number in ["77777777", "77777779", "019904"] {
        assert!(card(&[(Field::InsurerNumber, number)]).check(TODAY).is_ok());
    }
    assert!(card(&[]).doubts(TODAY).is_empty());
}

#[test]
fn dom_15_late_elderly_have_no_symbol_and_no_branch() {
    let late = [
        (Field::InsurerNumber, "39131156"),
        (Field::Number, "01234567"),
        (Field::Symbol, ""),
        (Field::Branch, ""),
    ];
    assert!(card(&late).check(TODAY).is_ok());
    let wrong = card(&[(Field::InsurerNumber, "39131156")]);
    assert_eq!(
        complaints(wrong.check(TODAY)),
        [Field::Symbol, Field::Branch]
    );
}

#[test]
fn dom_25_doubtful_birth_dates_ask() {
    for text in ["2026/11/21", "1905/1/1", "S64.1.8"] {
        let form = card(&[(Field::BirthDate, text)]);
        assert!(form.check(TODAY).is_ok(), "{text}");
        assert_eq!(form.doubts(TODAY).len(), 1, "{text}");
    }
}

#[test]
fn out_50_the_worked_example() {
    let query = four(&[
        (Field::BirthDate, "昭和29年3月26日"),
        (Field::CheckDate, "2021/01/19"),
    ])
    .check(TODAY)
    .unwrap();
    assert_eq!(query.name, "新橋太郎");
    assert_eq!(query.birth_date, date(1954, 3, 26));
    assert_eq!(query.sex, Sex::Male);
    assert_eq!(query.address, "東京都");
    assert_eq!(query.check_date, date(2021, 1, 19));
}

#[test]
fn out_23_to_25_required_fields() {
    let empty = OutageForm::default().check(TODAY);
    assert_eq!(
        complaints(empty),
        [
            Field::Name,
            Field::BirthDate,
            Field::Sex,
            Field::Address,
            Field::CheckDate
        ]
    );
    assert!(
        four(&[(Field::Name, ""), (Field::Kana, "しんばし")])
            .check(TODAY)
            .is_ok()
    );
    assert!(
        four(&[(Field::Address, ""), (Field::InsurerName, "サンプル")])
            .check(TODAY)
            .is_ok()
    );
    assert_eq!(
        complaints(four(&[(Field::Name, "　")]).check(TODAY)),
        [Field::Name]
    );
    assert_eq!(
        complaints(four(&[(Field::Address, " ")]).check(TODAY)),
        [Field::Address]
    );
    assert_eq!(
        complaints(four(&[(Field::Sex, "4")]).check(TODAY)),
        [Field::Sex]
    );
}

#[test]
fn out_27_kana_only() {
    for (typed, taken) in [
        ("しんばし", "シンバシ"),
        ("ｼﾝﾊﾞｼ ﾀﾛｳ", "シンバシ タロウ"),
        ("シンバシ　タロウ", "シンバシ　タロウ"),
        ("ジョン・スミス", "ジョン・スミス"),
    ] {
        let query = four(&[(Field::Kana, typed)]).check(TODAY).unwrap();
        assert_eq!(query.kana, taken);
    }
    for typed in ["新橋", "シンバシ1", "shinbashi"] {
        let problems = four(&[(Field::Name, ""), (Field::Kana, typed)]).check(TODAY);
        assert_eq!(complaints(problems), [Field::Kana], "{typed}");
    }
}

#[test]
fn out_31_sex_by_digit_or_word() {
    for (text, sex) in [
        ("1", Sex::Male),
        ("２", Sex::Female),
        ("3", Sex::Unset),
        ("女", Sex::Female),
        ("未設定", Sex::Unset),
    ] {
        assert_eq!(four(&[(Field::Sex, text)]).check(TODAY).unwrap().sex, sex);
    }
}

#[test]
fn out_36_fragments() {
    let query = four(&[(Field::Address, "　東京都　 港区 ")])
        .check(TODAY)
        .unwrap();
    assert_eq!(query.address, "東京都 港区");
}

fn note(texts: &[(Field, &str)]) -> NoteForm {
    NoteForm(values(FormKind::Note, texts))
}

#[test]
fn out_4_a_note_of_the_basic_four() {
    let content = note(&[
        (Field::Kana, "しんばし"),
        (Field::BirthDate, "290326"),
        (Field::Sex, "1"),
        (Field::Address, "東京都"),
        (Field::Reference, "ａ-４７１１"),
        (Field::Telephone, "０３－００００－００００"),
        (Field::Evidence, "2"),
        (Field::Burden, "3"),
        (Field::Remark, " 杖をお持ち "),
    ])
    .check(TODAY)
    .unwrap();
    assert_eq!(content.kana, "シンバシ");
    assert_eq!(content.insurance, None);
    assert_eq!(content.visit_date, TODAY);
    assert_eq!(content.reference, "a-4711");
    assert_eq!(content.telephone, "03-0000-0000");
    assert_eq!(content.evidence, "資格情報のお知らせ");
    assert_eq!(content.burden, "3割");
    assert_eq!(content.remark, "杖をお持ち");
    assert!(content.four_query().is_some() && content.card_query().is_none());
}

#[test]
fn out_16_insurance_numbers_spare_sex_and_address() {
    let by_card = [
        (Field::Name, "新橋太郎"),
        (Field::BirthDate, "290326"),
        (Field::InsurerNumber, "06139000"),
        (Field::Number, "10001"),
    ];
    let content = note(&by_card).check(TODAY).unwrap();
    assert!(content.card_query().is_some() && content.four_query().is_none());
    assert_eq!(
        complaints(note(&by_card[..3]).check(TODAY)),
        [Field::Sex, Field::Address]
    );
    assert_eq!(
        complaints(note(&by_card[1..]).check(TODAY)),
        [Field::Name],
        "a name all the same"
    );
}

#[test]
fn nothing_is_typed_twice() {
    let form = card(&[(Field::LimitConsent, "1")]);
    let carried = form.0.carried(FormKind::Note, TODAY);
    assert_eq!(carried.get(Field::LimitConsent), "1");
    assert_eq!(carried.get(Field::InsurerNumber), "06139000");
    assert_eq!(carried.get(Field::BirthDate), "S29.3.26");
    assert_eq!(carried.get(Field::CheckDate), "2026/11/20");
    assert_eq!(carried.get(Field::Name), "");
}

#[test]
fn dom_44_refused_in_every_field() {
    for kind in [
        FormKind::Lookup,
        FormKind::Outage,
        FormKind::Note,
        FormKind::Declaration,
    ] {
        for &field in kind.fields() {
            for text in [PERSONAL, "1234-5678-9018", "１２３４　５６７８　９０１８"] {
                let form = values(kind, &[(field, text)]);
                let problems = match kind {
                    FormKind::Lookup => LookupForm(form).check(TODAY).map(drop),
                    FormKind::Outage => OutageForm(form).check(TODAY).map(drop),
                    FormKind::Note => NoteForm(form).check(TODAY).map(drop),
                    FormKind::Declaration => DeclarationForm(form).check(TODAY).map(drop),
                }
                .unwrap_err();
                let about: Vec<_> = problems.iter().filter(|p| p.field == field).collect();
                assert_eq!(about.len(), 1, "{field:?}");
                assert!(about[0].text.contains("個人番号"), "{field:?}");
            }
            assert_eq!(
                feedback(field, PERSONAL, TODAY).tone,
                Tone::Bad,
                "{field:?}"
            );
        }
    }
}

#[test]
fn out_21_marks_and_rules() {
    for (kind, marks) in [
        (FormKind::Lookup, vec!["*", "", "*", "", "*", "", "*"]),
        (
            FormKind::Outage,
            vec!["※1", "※1", "*", "*", "※2", "※2", "*"],
        ),
    ] {
        let given: Vec<_> = kind.fields().iter().map(|f| required(kind, *f)).collect();
        assert_eq!(given, marks);
    }
    let alone = [Field::User, Field::Password, Field::Reason, Field::Filter];
    let kinds = [
        FormKind::Lookup,
        FormKind::Outage,
        FormKind::Note,
        FormKind::Declaration,
    ];
    let every = kinds.iter().flat_map(|kind| kind.fields()).chain(&alone);
    for &field in every {
        assert!(
            !rule(field).is_empty(),
            "{field:?} says nothing of what it wants"
        );
    }
    for &field in FormKind::Note.fields() {
        // 80 columns less the label, the value's sixteen columns and gaps.
        assert!(cells(rule(field)) <= 48, "{field:?}");
        assert!(limit(field) > 0);
    }
}

proptest! {
    #[test]
    fn no_text_makes_a_form_panic(text in any::<String>()) {
        for kind in [FormKind::Lookup, FormKind::Outage, FormKind::Note] {
            for &field in kind.fields() {
                let form = values(kind, &[(field, &text)]);
                let _ = LookupForm(form.clone()).check(TODAY);
                let _ = OutageForm(form.clone()).check(TODAY);
                let _ = NoteForm(form.clone()).check(TODAY);
                let _ = NoteForm(form).doubts(TODAY);
                let _ = feedback(field, &text, TODAY);
            }
        }
    }
}
