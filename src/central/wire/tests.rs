use super::entitlement::{entitlement, result_info, strip_insurer};
use super::message::ResultInfo;
use super::{HttpResponse, decode, encode, path};
use crate::central::call::{Answer, Call, Fault};
use crate::domain::entitlement::{Eligibility, GivenDate, Validity};
use crate::domain::insurance::{InsuranceNumbers, LookupQuery};
use crate::domain::secret::Secret;
use jiff::civil::date;
use proptest::prelude::*;
use serde_json::{Value, json};

const OURS: &str = "0110113719";

fn call() -> Call {
    Call::Lookup {
        token: Secret::new("t".to_owned()),
        id: "D1-0001".to_owned(),
        query: LookupQuery {
            insurance: InsuranceNumbers {
                insurer: "990010".to_owned(),
                symbol: "見本12".to_owned(),
                number: "345678".to_owned(),
                branch: "02".to_owned(),
            },
            birth_date: date(1952, 4, 15),
            limit_consent: true,
            check_date: date(2026, 11, 20),
        },
    }
}

/// A valid answer to [`call`], members out of order, unknown ones among them.
fn answer() -> Value {
    json!({"XmlMsg": {
        "MessageBody": {
            "ResultList": [{"ResultOfQualificationConfirmation": {
                "Sex1": "2", "Name": "架空　●子", "NameKana": "ｶｸｳ ｲﾂｺ", "InsurerNumber": "  990010",
                "InsuredCardSymbol": "見本12", "InsuredIdentificationNumber": "345678",
                "InsuredCardClassification": "01", "Birthdate": "19520415", "InsurerName": "架空市",
                "SomethingNew": {"a": [1, 2]},
            }}],
            "QualificationConfirmSearchInfo": {
                "Birthdate": "19520415", "InsurerNumber": "  990010", "InsuredCardSymbol": "見本12",
                "InsuredIdentificationNumber": "345678", "InsuredBranchNumber": "02",
                "LimitApplicationCertificateRelatedConsFlg": "1",
            },
            "QualificationValidity": "1", "ProcessingResultStatus": "1", "PrescriptionIssueSelect": "2",
        },
        "MessageHeader": {
            "SegmentOfResult": "1", "ArbitraryFileIdentifier": "D1-0001", "CharacterCodeIdentifier": "0",
            "ProcessExecutionTime": "20261120091502", "QualificationConfirmationDate": "20261120",
            "MedicalInstitutionCode": OURS, "ReferenceClassification": "2",
        },
    }})
}

fn reads(body: &Value) -> Result<Eligibility, Fault> {
    reads_bytes(200, body.to_string().as_bytes())
}

fn reads_bytes(status: u16, body: &[u8]) -> Result<Eligibility, Fault> {
    let response = HttpResponse {
        status,
        retry_after: Some("7"),
        date: None,
        body,
    };
    match decode(&call(), OURS, response)? {
        Answer::Checked(checked) => Ok(*checked),
        other => panic!("{other:?}"),
    }
}

/// [`answer`] with one member set, or removed by null-less `None`.
fn with(pointer: &str, value: Option<Value>) -> Value {
    let mut message = answer();
    let (group, member) = pointer.rsplit_once('/').unwrap();
    let group = message
        .pointer_mut(&format!("/XmlMsg/{group}"))
        .and_then(Value::as_object_mut)
        .unwrap();
    match value {
        Some(value) => group.insert(member.to_owned(), value),
        None => group.remove(member),
    };
    message
}

fn set(pointer: &str, value: &str) -> Value {
    with(pointer, Some(json!(value)))
}

#[test]
fn dom_21_a_question_carries_every_item_in_the_published_shape() {
    let sent = encode(&call(), OURS);
    assert_eq!(sent.path, path::LOOKUP);
    let body: Value = serde_json::from_str(sent.body.reveal()).unwrap();
    assert_eq!(
        body,
        json!({"XmlMsg": {
            "MessageHeader": {
                "QualificationConfirmationDate": "20261120", "MedicalInstitutionCode": OURS,
                "ArbitraryFileIdentifier": "D1-0001",
            },
            "MessageBody": {"QualificationConfirmSearchInfo": {
                "InsurerNumber": "  990010", "InsuredCardSymbol": "見本12",
                "InsuredIdentificationNumber": "345678", "InsuredBranchNumber": "02",
                "Birthdate": "19520415", "LimitApplicationCertificateRelatedConsFlg": "1",
            }},
        }})
    );
}

#[test]
fn dom_15_absent_items_are_left_out() {
    let mut call = call();
    if let Call::Lookup { query, .. } = &mut call {
        query.insurance.symbol.clear();
        query.insurance.branch.clear();
    }
    let sent = encode(&call, OURS);
    assert!(!sent.body.reveal().contains("Symbol"));
    assert!(!sent.body.reveal().contains("Branch"));
}

#[test]
fn an_answer_is_read_in_any_order() {
    let checked = reads(&answer()).unwrap();
    assert_eq!(checked.validity, Validity::Valid);
    assert_eq!(checked.executed, "20261120091502");
    let one = &checked.entitlements[0];
    assert_eq!(one.insurer_number, "990010");
    assert_eq!(one.name, "架空　●子");
    assert_eq!(one.valid_to, GivenDate::NotGiven, "DOM-60");
}

#[test]
fn wire_17_2_the_outcome_matrix() {
    for (validity, want) in [
        ("1", Validity::Valid),
        ("2", Validity::Invalid),
        ("3", Validity::InvalidNewer),
        ("4", Validity::NotFound),
        ("5", Validity::Several),
        ("6", Validity::Unknown("6".to_owned())),
        ("7", Validity::Unknown("7".to_owned())),
        ("01", Validity::Unknown("01".to_owned())),
    ] {
        let checked = reads(&set("MessageBody/QualificationValidity", validity)).unwrap();
        assert_eq!(checked.validity, want);
    }
    let mut assistance = set("MessageBody/QualificationValidity", "6");
    assistance["XmlMsg"]["MessageBody"]["ResultList"][0]["ResultOfQualificationConfirmation"]["InsuredCardClassification"] =
        json!("A1");
    assert_eq!(
        reads(&assistance).unwrap().validity,
        Validity::ValidUnregistered
    );
}

#[test]
fn wire_17_2_nothing_but_three_ones_is_valid() {
    let segment = |value: &str| set("MessageHeader/SegmentOfResult", value);
    let status = |value: &str| set("MessageBody/ProcessingResultStatus", value);
    for message in [
        segment("2"),
        segment("9"),
        segment("3"),
        segment(""),
        status("2"),
        status("0"),
        status(""),
        set("MessageBody/QualificationValidity", ""),
        with("MessageHeader/SegmentOfResult", None),
        with("MessageBody/ProcessingResultStatus", None),
        with("MessageBody/QualificationValidity", None),
        with("MessageBody/QualificationValidity", Some(Value::Null)),
        with("MessageBody/QualificationValidity", Some(json!(1))),
        with("MessageBody/ResultList", Some(json!([]))),
        with("MessageBody/ResultList", None),
    ] {
        assert!(
            matches!(reads(&message), Err(Fault::Garbled(_))),
            "{message}"
        );
    }
}

#[test]
fn wire_5_2_refusals_carry_code_and_cleaned_text() {
    let mut person = set("MessageBody/ProcessingResultStatus", "2");
    person["XmlMsg"]["MessageBody"]["ProcessingResultCode"] = json!("X1");
    person["XmlMsg"]["MessageBody"]["ProcessingResultMessage"] = json!("だめ\u{1b}[2J");
    let refused = |code: &str, message: &str| {
        Err(Fault::Refused {
            code: code.to_owned(),
            message: message.to_owned(),
        })
    };
    assert_eq!(reads(&person), refused("X1", "だめ"));

    let mut request = json!({"XmlMsg": {"MessageHeader": {
        "SegmentOfResult": "9", "ErrorCode": "E9", "ErrorMessage": "受付不可"}}});
    assert_eq!(reads(&request), refused("E9", "受付不可"));
    request["XmlMsg"]["MessageHeader"]["ErrorCode"] = json!("SIM0112E");
    assert_eq!(reads(&request), Err(Fault::NotAllowed));
}

#[test]
fn dom_64_a_remark_may_come_with_success() {
    let mut message = set("MessageBody/ProcessingResultMessage", "証明書の期限が近い");
    message["XmlMsg"]["MessageBody"]["ProcessingResultCode"] = json!("N1");
    let remark = reads(&message).unwrap().remark.unwrap();
    assert_eq!(
        (remark.code.as_str(), remark.message.as_str()),
        ("N1", "証明書の期限が近い")
    );
}

#[test]
fn rel_14_the_answer_to_another_question_is_refused() {
    let info = "MessageBody/QualificationConfirmSearchInfo";
    for message in [
        set("MessageHeader/ArbitraryFileIdentifier", "D1-0002"),
        with("MessageHeader/ArbitraryFileIdentifier", None),
        set("MessageHeader/MedicalInstitutionCode", "0110113720"),
        set("MessageHeader/QualificationConfirmationDate", "20261121"),
        set(&format!("{info}/InsurerNumber"), "  990028"),
        set(&format!("{info}/InsuredCardSymbol"), "見本13"),
        set(&format!("{info}/InsuredIdentificationNumber"), "345679"),
        set(&format!("{info}/InsuredBranchNumber"), "01"),
        set(&format!("{info}/Birthdate"), "19520416"),
        with(info, None),
        set(
            "MessageBody/ResultList/0/ResultOfQualificationConfirmation/Birthdate",
            "19520416",
        ),
    ] {
        assert!(
            matches!(reads(&message), Err(Fault::Garbled(_))),
            "{message}"
        );
    }
    let padded = set(&format!("{info}/InsurerNumber"), "00990010");
    assert!(reads(&padded).is_ok(), "zeros instead of spaces (18.3)");
}

#[test]
fn f_43_wrong_types_are_garbled_and_not_told_by_content() {
    let name = "MessageBody/ResultList/0/ResultOfQualificationConfirmation/Name";
    for wrong in [json!(5), json!(["a"]), json!({"a": "b"}), json!(true)] {
        assert!(matches!(
            reads(&with(name, Some(wrong))),
            Err(Fault::Garbled(_))
        ));
    }
    let long = reads(&set(name, &"9".repeat(1_000_000)));
    assert!(matches!(long, Err(Fault::Garbled(_))));
    let deep = "[".repeat(100_000);
    for body in [
        "",
        "null",
        "{}",
        "[]",
        "\u{feff}",
        "{\"XmlMsg\":\"秘密\"}",
        &deep,
    ] {
        let Err(Fault::Garbled(what)) = reads_bytes(200, body.as_bytes()) else {
            panic!("{body}");
        };
        assert!(!what.contains("秘密"));
    }
    assert!(
        reads_bytes(
            200,
            br#"{"XmlMsg":{"MessageHeader":{"ErrorCode":"\ud800"}}}"#
        )
        .is_err()
    );
    assert!(reads_bytes(200, b"{\"XmlMsg\":\"\xff\xfe\"}").is_err());
}

#[test]
fn f_42_text_of_answers_holds_no_control_characters() {
    let name = "MessageBody/ResultList/0/ResultOfQualificationConfirmation/Name";
    let checked = reads(&set(name, "山\u{1b}]0;x\u{7}田\u{9b}\u{202e}\u{200b}\n")).unwrap();
    let name = &checked.entitlements[0].name;
    assert!(!name.chars().any(char::is_control), "{name:?}");
    assert!(!name.contains(['\u{202e}', '\u{200b}']), "{name:?}");
}

#[test]
fn f_33_statuses_that_are_no_answer() {
    for status in [301, 404, 429, 500, 503] {
        let got = reads_bytes(status, b"<html>");
        let retry_after = Some(std::time::Duration::from_secs(7));
        let want = Fault::Status {
            status,
            retry_after,
        };
        assert_eq!(got, Err(want));
    }
    assert_eq!(reads_bytes(401, b""), Err(Fault::Unauthorized));
}

#[test]
fn wire_19_5_disease_lists_are_read_wrapped_and_bare() {
    let fields =
        json!({"SpecificDiseasesDiseaseCategory": "1", "SpecificDiseasesSelfPay": "10000"});
    let wrapped = json!({"SpecificDiseasesCertificateInfo": fields});
    for list in [json!([fields, wrapped]), json!([wrapped, fields])] {
        let info: ResultInfo =
            serde_json::from_value(json!({"SpecificDiseasesCertificateList": list})).unwrap();
        let read = entitlement(&info);
        assert_eq!(read.diseases.len(), 2);
        assert_eq!(read.diseases[0], read.diseases[1]);
        assert_eq!(read.diseases[0].self_pay, "10000");
        assert_eq!(entitlement(&result_info(&read)), read);
    }
}

#[test]
fn dates_that_are_no_dates_are_kept_as_received() {
    for (wire, want) in [
        ("20260229", GivenDate::Raw("20260229".to_owned())),
        ("2026022", GivenDate::Raw("2026022".to_owned())),
        ("99999999", GivenDate::Raw("99999999".to_owned())),
        ("20240229", GivenDate::Day(date(2024, 2, 29))),
        ("        ", GivenDate::NotGiven),
        ("", GivenDate::NotGiven),
    ] {
        let info: ResultInfo =
            serde_json::from_value(json!({"InsuredCardExpirationDate": wire})).unwrap();
        assert_eq!(entitlement(&info).valid_to, want);
    }
}

#[test]
fn insurer_numbers_lose_their_padding_only() {
    for (wire, want) in [
        ("  990010", "990010"),
        ("00990010", "990010"),
        ("06990014", "06990014"),
        ("990010", "990010"),
        ("", ""),
    ] {
        assert_eq!(strip_insurer(wire), want);
    }
}

#[test]
fn sec_2_login_answers() {
    let user = "002".to_owned();
    let call = Call::Login {
        user,
        password: Secret::new("x".to_owned()),
        force: true,
    };
    let sent = encode(&call, OURS);
    assert_eq!(sent.path, path::LOGIN);
    assert_eq!(
        sent.body.reveal(),
        r#"{"userId":"002","password":"x","force":"1"}"#
    );
    assert!(!format!("{sent:?}").contains("\"x\""));
    let login = |status, body: &str| {
        super::decode::login(HttpResponse {
            status,
            retry_after: None,
            date: None,
            body: body.as_bytes(),
        })
    };
    let token = login(
        200,
        r#"{"status":"0","result":{"accessToken":"a","idToken":"b.c"}}"#,
    );
    assert_eq!(token.unwrap().reveal(), "b.c");
    assert_eq!(login(401, ""), Err(Fault::WrongPassword));
    assert_eq!(
        login(403, r#"{"status":"9","code":"SIM0102E","msg":"m"}"#),
        Err(Fault::Locked)
    );
    for body in [
        "{}",
        r#"{"result":{}}"#,
        r#"{"result":{"idToken":""}}"#,
        r#"{"result":{"idToken":"a\r\nX: y"}}"#,
    ] {
        assert!(matches!(login(200, body), Err(Fault::Garbled(_))), "{body}");
    }
}

proptest! {
    #[test]
    fn any_bytes_are_an_answer_or_a_fault(bytes in proptest::collection::vec(any::<u8>(), 0..300), status in 100_u16..600) {
        let _ = reads_bytes(status, &bytes);
    }

    /// One byte wrong on the way never makes "valid" out of anything else.
    #[test]
    fn a_damaged_refusal_is_never_valid(at in any::<prop::sample::Index>(), byte in any::<u8>()) {
        for refusal in [
            set("MessageBody/ProcessingResultStatus", "2"),
            set("MessageHeader/SegmentOfResult", "9"),
        ] {
            let mut bytes = refusal.to_string().into_bytes();
            let at = at.index(bytes.len());
            let digit = bytes[at].is_ascii_digit();
            bytes[at] = byte;
            // A changed digit may be the very status; all else must not matter.
            prop_assert!(digit || !matches!(reads_bytes(200, &bytes), Ok(read) if read.validity == Validity::Valid));
        }
    }
}

#[test]
fn an_answer_that_would_not_fit_into_the_journal_is_no_answer() {
    let result = answer()["XmlMsg"]["MessageBody"]["ResultList"][0].clone();
    let with = |results: Vec<Value>| {
        let mut body = answer();
        body["XmlMsg"]["MessageBody"]["ResultList"] = Value::Array(results);
        body
    };
    assert!(reads(&with(vec![result.clone(); 32])).is_ok());
    for results in [
        vec![result.clone(); 33],
        vec![json!({"ResultOfQualificationConfirmation": {}}); 1_000],
    ] {
        assert!(matches!(reads(&with(results)), Err(Fault::Garbled(_))));
    }
    let mut long = answer();
    long["XmlMsg"]["MessageBody"]["Unknown"] = json!(vec!["x".repeat(1_000); 300]);
    assert!(matches!(reads(&long), Err(Fault::Garbled(_))));
    let mut diseases = result;
    diseases["ResultOfQualificationConfirmation"]["SpecificDiseasesCertificateList"] = json!(vec![
            json!({"SpecificDiseasesCertificateInfo": {"SpecificDiseasesSelfPay": "1"}});
            33
        ]);
    assert!(matches!(
        reads(&with(vec![diseases])),
        Err(Fault::Garbled(_))
    ));
}
