use super::{read, write};
use crate::central::call::Fault;
use crate::domain::entitlement::{
    DiseaseCertificate, ElderlyCertificate, Eligibility, Entitlement, GivenDate, LimitCertificate,
    Remark, Validity,
};
use crate::domain::person::Sex;
use crate::text::clean::clean;
use jiff::civil::{Date, date};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;

/// A made-up face result, in the order in which real ones come: none.
const FACE: &str = include_str!("face-result.xml");

#[test]
fn dom_58_a_shuffled_document_is_read_with_its_spaces() {
    let answer = read(FACE.as_bytes()).unwrap();
    assert_eq!(answer.validity, Validity::Valid);
    assert_eq!(answer.check_date, date(2026, 11, 20));
    assert_eq!(answer.remark.unwrap().code, "N0001");
    assert_eq!(
        answer.entitlements.len(),
        2,
        "insurance and 医療扶助 side by side"
    );
    let one = &answer.entitlements[0];
    assert_eq!(one.insurer_number, "990010");
    assert_eq!(one.symbol, "見本&12");
    assert_eq!(one.name, "架空　●子");
    assert_eq!(one.branch, "", "an empty element is an absent one");
    assert_eq!(one.valid_to, GivenDate::NotGiven, "DOM-60");
    assert_eq!(one.diseases.len(), 2);
    assert_eq!(one.diseases[1].self_pay, "20000");
    assert_eq!(answer.entitlements[1].card_class, "A1");
}

#[test]
fn out_56_the_document_says_what_it_is() {
    let answer = read(FACE.as_bytes()).unwrap();
    let text = write(&answer, "0110113719", "D1-0001");
    assert!(
        text.starts_with("<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"no\"?>\n<XmlMsg>")
    );
    assert!(text.contains("<InsurerNumber>  990010</InsurerNumber>"));
    assert!(text.contains("<MedicalInstitutionCode>0110113719</MedicalInstitutionCode>"));
    assert!(text.contains("<ArbitraryFileIdentifier>D1-0001</ArbitraryFileIdentifier>"));
    assert_eq!(text.matches("<ResultList>").count(), 1);
    assert_eq!(read(text.as_bytes()), Ok(answer));
}

fn garbled(document: &str, part: &str) {
    match read(document.as_bytes()) {
        Err(Fault::Garbled(why)) => assert!(why.contains(part), "{why}"),
        other => panic!("{part}: {other:?}"),
    }
}

#[test]
fn f_32_hostile_documents_are_refused() {
    let dtd = "<!DOCTYPE XmlMsg [<!ENTITY a \"aaaa\"><!ENTITY b SYSTEM \"file:///etc/passwd\">]>";
    garbled(&format!("{dtd}<XmlMsg>&a;</XmlMsg>"), "DTD");
    garbled("<XmlMsg>&a;</XmlMsg>", "実体参照");
    garbled("<XmlMsg a=\"1\"/>", "属性");
    garbled(&"<a>".repeat(100_000), "深すぎる");
    garbled(&" ".repeat(5 * 1024 * 1024), "4 MiB");
    garbled(
        "<?xml version=\"1.0\" encoding=\"Shift_JIS\"?><XmlMsg/>",
        "文字コード",
    );
    for document in [
        "",
        "<XmlMsg>",
        "<XmlMsg></a>",
        "<XmlMsg/>x",
        "<a/>",
        "{}",
        "<XmlMsg>&#0;",
    ] {
        assert!(
            matches!(read(document.as_bytes()), Err(Fault::Garbled(_))),
            "{document}"
        );
    }
    assert!(read(b"<XmlMsg>\xFF</XmlMsg>").is_err());
}

#[test]
fn no_member_counts_twice() {
    let valid = "<QualificationValidity>1</QualificationValidity>";
    assert!(FACE.contains(valid));
    let twice = FACE.replace(
        valid,
        &format!("{valid}<QualificationValidity>2</QualificationValidity>"),
    );
    garbled(&twice, "二つ");
    garbled(
        &FACE.replace("<CharacterCodeIdentifier>0", "<CharacterCodeIdentifier>1"),
        "識別",
    );
}

#[test]
fn a_refusal_keeps_its_code() {
    let document = "<XmlMsg><MessageHeader><SegmentOfResult>9</SegmentOfResult>\
        <ErrorCode>E1</ErrorCode><ErrorMessage>だめ</ErrorMessage></MessageHeader></XmlMsg>";
    assert_eq!(
        read(document.as_bytes()),
        Err(Fault::Refused {
            code: "E1".to_owned(),
            message: "だめ".to_owned()
        })
    );
}

fn words() -> impl Strategy<Value = String> {
    "[ 　a-zA-Z0-9<>&\"'ｱ-ﾝﾞﾟァ-ヶ一-龠●・-]{0,12}".prop_map(|text| {
        let text = clean(&text);
        if text.trim().is_empty() {
            String::new()
        } else {
            text
        }
    })
}

fn some_words() -> impl Strategy<Value = String> {
    words().prop_map(|text| {
        if text.is_empty() {
            "01".to_owned()
        } else {
            text
        }
    })
}

fn day() -> impl Strategy<Value = Date> {
    (1868_i16..2100, 1_i8..=12, 1_i8..=28).prop_map(|(year, month, day)| date(year, month, day))
}

fn given() -> impl Strategy<Value = GivenDate> {
    prop_oneof![
        Just(GivenDate::NotGiven),
        day().prop_map(GivenDate::Day),
        "[0-9]{4}0000".prop_map(GivenDate::Raw),
    ]
}

fn sex() -> impl Strategy<Value = Option<Sex>> {
    option::of(prop::sample::select(Sex::ALL.to_vec()))
}

fn certificates() -> impl Strategy<
    Value = (
        Option<ElderlyCertificate>,
        Option<LimitCertificate>,
        Vec<DiseaseCertificate>,
    ),
> {
    let elderly =
        (given(), given(), given(), some_words()).prop_map(|(issued, from, to, burden)| {
            ElderlyCertificate {
                issued,
                from,
                to,
                burden,
            }
        });
    let limit = (some_words(), words(), given(), given(), given(), given()).prop_map(
        |(class, income_class, issued, from, to, long_term)| LimitCertificate {
            class,
            income_class,
            issued,
            from,
            to,
            long_term,
        },
    );
    let disease = (some_words(), given(), given(), given(), words()).prop_map(
        |(category, issued, from, to, self_pay)| DiseaseCertificate {
            category,
            issued,
            from,
            to,
            self_pay,
        },
    );
    (option::of(elderly), option::of(limit), vec(disease, 0..3))
}

fn entitlement() -> impl Strategy<Value = Entitlement> {
    let numbers = prop_oneof![Just(String::new()), "[0-9]{6}", "[1-9][0-9]{7}"];
    (
        (numbers, vec(words(), 18)),
        vec(given(), 6),
        (sex(), sex()),
        certificates(),
    )
        .prop_map(|((insurer_number, words), dates, sexes, certificates)| {
            let mut words = words.into_iter();
            let mut word = || words.next().unwrap();
            let mut dates = dates.into_iter();
            let mut date = || dates.next().unwrap();
            Entitlement {
                reference_number: word(),
                insurer_number,
                insurer_name: word(),
                symbol: word(),
                number: word(),
                branch: word(),
                name: word(),
                kana: word(),
                other_name: word(),
                other_kana: word(),
                sex: sexes.0,
                sex_back: sexes.1,
                birth_date: date(),
                card_class: word(),
                burden: word(),
                valid_from: date(),
                valid_to: date(),
                acquired: date(),
                lost: date(),
                issued: date(),
                loss_reason: word(),
                relation: word(),
                insured_name: word(),
                postal_code: word(),
                address: word(),
                preschool: word(),
                elderly: certificates.0,
                limit: certificates.1,
                diseases: certificates.2,
            }
        })
}

fn eligibility() -> impl Strategy<Value = Eligibility> {
    let validity = prop::sample::select(vec!["1", "2", "3", "4", "5", "7", "x"]);
    let remark = (some_words(), words()).prop_map(|(code, message)| Remark { code, message });
    (
        validity,
        vec(entitlement(), 1..3),
        day(),
        "[0-9]{14}",
        option::of(remark),
    )
        .prop_map(
            |(validity, entitlements, check_date, executed, remark)| Eligibility {
                validity: Validity::from_code(validity),
                entitlements,
                check_date,
                executed,
                remark,
            },
        )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn what_is_written_is_read_back(answer in eligibility()) {
        let text = write(&answer, "0110113719", "D1-0001");
        prop_assert_eq!(read(text.as_bytes()), Ok(answer));
    }

    #[test]
    fn any_text_is_read_without_panic(text in "[<>/&;#!\\[\\]a-z0-9 \"=?-]{0,200}") {
        let _ = read(text.as_bytes());
    }
}
