//! Look-ups by insurance card.

use super::*;

#[test]
fn table() {
    use Validity::{Invalid, InvalidNewer, NotFound, Several, Valid, ValidUnregistered};
    let cases = [
        (
            "screens",
            ["06139000", "9000", "10001", "01"],
            "1954-03-26",
            Valid,
        ),
        (
            "OUT-63 kanji and kana",
            ["019901", "札あ10", "1001", "01"],
            "1975-06-15",
            Valid,
        ),
        (
            "DOM-11 no leading zero",
            ["19901", "札あ10", "1001", "01"],
            "1975-06-15",
            Valid,
        ),
        (
            "DOM-11 filled with zeros",
            ["00019901", "札あ10", "1001", "01"],
            "1975-06-15",
            Valid,
        ),
        (
            "DOM-11 filled with spaces",
            ["  019901", "札あ10", "1001", "01"],
            "1975-06-15",
            Valid,
        ),
        (
            "DOM-12 full width",
            ["019901", "札あ１０", "1001", "01"],
            "1975-06-15",
            Valid,
        ),
        (
            "DOM-12 a hyphen",
            ["019901", "札-あ 10", "1001", "01"],
            "1975-06-15",
            Valid,
        ),
        (
            "other symbol",
            ["019901", "札い10", "1001", "01"],
            "1975-06-15",
            NotFound,
        ),
        (
            "symbol missing",
            ["019901", "", "1001", "01"],
            "1975-06-15",
            NotFound,
        ),
        (
            "DOM-9 wrong check digit",
            ["019904", "函国", "45", "00"],
            "1969-11-03",
            Valid,
        ),
        (
            "DOM-13 zeros as stored",
            ["06139018", "7100", "0012345", "00"],
            "1991-05-05",
            Valid,
        ),
        (
            "INC-3 zeros left out",
            ["06139018", "7100", "12345", "00"],
            "1991-05-05",
            NotFound,
        ),
        (
            "INC-3 zeros too many",
            ["06139018", "7100", "00067890", "00"],
            "1992-06-06",
            NotFound,
        ),
        (
            "DOM-13 without zeros",
            ["06139018", "7100", "67890", "00"],
            "1992-06-06",
            Valid,
        ),
        (
            "wrong birth date",
            ["06139000", "9000", "10001", "01"],
            "1954-03-27",
            NotFound,
        ),
        (
            "wrong branch",
            ["06139000", "9000", "10001", "02"],
            "1954-03-26",
            NotFound,
        ),
        (
            "DOM-14 branch of one digit",
            ["06139000", "9000", "10001", "1"],
            "1954-03-26",
            Valid,
        ),
        (
            "DOM-14 no branch",
            ["06139000", "9000", "10001", ""],
            "1954-03-26",
            Valid,
        ),
        (
            "DOM-16 family by branch",
            ["06239024", "1500・は", "3300", "02"],
            "2016-08-08",
            Valid,
        ),
        (
            "DOM-16 family by birth date",
            ["06239024", "1500は", "3300", ""],
            "1984-07-20",
            Valid,
        ),
        (
            "twins without branch",
            ["06239024", "1500・は", "3300", ""],
            "2016-08-08",
            Several,
        ),
        (
            "DOM-15",
            ["39139902", "", "12345678", ""],
            "1940-01-15",
            Valid,
        ),
        (
            "DOM-15 zeros",
            ["39139902", "", "00123456", ""],
            "1945-09-30",
            Valid,
        ),
        (
            "ended 01",
            ["06139000", "8000", "1", "00"],
            "1950-10-10",
            Invalid,
        ),
        (
            "ended 02",
            ["139907", "港国", "8002", "00"],
            "1961-02-02",
            Invalid,
        ),
        (
            "ended 99",
            ["06139000", "8000", "3", "00"],
            "1979-03-03",
            Invalid,
        ),
        (
            "INC-5 newer",
            ["06139000", "8000", "4", "00"],
            "1983-04-04",
            InvalidNewer,
        ),
        (
            "the newer",
            ["06139018", "7200", "444", "00"],
            "1983-04-04",
            Valid,
        ),
        (
            "ADM-167",
            ["12139903", "", "0000018", ""],
            "1959-09-19",
            Valid,
        ),
        (
            "ADM-172",
            ["12139903", "", "0000026", ""],
            "1960-10-20",
            ValidUnregistered,
        ),
        (
            "ADM-171",
            ["12139903", "", "0000042", ""],
            "1963-03-23",
            Invalid,
        ),
        (
            "DOM-17 misread",
            ["06139018", "7400", "58613", "00"],
            "1974-04-24",
            NotFound,
        ),
        ("nothing at all", ["", "", "", ""], "1974-04-24", NotFound),
    ];
    for (case, numbers, birth, wanted) in cases {
        let answer = look_up(card(numbers, birth)).unwrap();
        assert_eq!(answer.validity, wanted, "{case}");
        let none = matches!(wanted, NotFound | Several);
        assert_eq!(answer.entitlements.is_empty(), none, "{case}");
        assert_eq!(answer.executed, "20261120091241", "{case}");
    }
}

#[test]
fn the_person_of_the_screen_is_told_in_full() {
    let answer = look_up(card(["06139000", "9000", "10001", "01"], "1954-03-26")).unwrap();
    let e = first(&answer);
    assert_eq!(e.name, "新橋　太郎");
    assert_eq!(e.kana, "ｼﾝﾊﾞｼ ﾀﾛｳ");
    assert_eq!(e.other_name, "新橋　他太郎");
    assert_eq!(e.insurer_name, "東京新橋サンプル保険者");
    assert_eq!(e.valid_from, GivenDate::Day(date(2020, 1, 1)));
    assert_eq!(e.valid_to, GivenDate::NotGiven);
    assert_eq!(e.postal_code, "151-1234");
    assert_eq!(e.address, "東京都港区〇〇5丁目500-1");
    assert_eq!(e.relation, "1");
    assert_eq!(e.card_class, "01");
}

#[test]
fn the_day_asked_about_decides() {
    let numbers = ["06139000", "8000", "4", "00"];
    for (check, wanted, lost) in [
        (
            "2012-03-31",
            Validity::Invalid,
            GivenDate::Day(date(2026, 4, 1)),
        ),
        ("2012-04-01", Validity::Valid, GivenDate::NotGiven),
        ("2026-03-31", Validity::Valid, GivenDate::NotGiven),
        (
            "2026-04-01",
            Validity::InvalidNewer,
            GivenDate::Day(date(2026, 4, 1)),
        ),
    ] {
        let mut query = card(numbers, "1983-04-04");
        query.check_date = day(check);
        let answer = look_up(query).unwrap();
        assert_eq!(answer.validity, wanted, "{check}");
        assert_eq!(first(&answer).lost, lost, "{check}");
        let reason = if lost == GivenDate::NotGiven {
            ""
        } else {
            "03"
        };
        assert_eq!(first(&answer).loss_reason, reason, "{check}");
        assert_eq!(answer.check_date, day(check));
    }
}

#[test]
fn limit_is_told_only_with_consent_and_while_it_holds() {
    let numbers = ["01139906", "21700023", "5678", "00"];
    for (consent, check, wanted) in [
        (false, "2026-11-20", None),
        (true, "2026-11-20", Some("A03")),
        (true, "2026-08-31", None),
    ] {
        let mut query = card(numbers, "1990-10-10");
        query.limit_consent = consent;
        query.check_date = day(check);
        let answer = look_up(query).unwrap();
        let told = first(&answer).limit.as_ref();
        assert_eq!(
            told.map(|l| l.income_class.as_str()),
            wanted,
            "{consent} {check}"
        );
    }
}

#[test]
fn elderly_certificate_and_burden() {
    let answer = look_up(card(["139907", "港国", "7070", "00"], "1955-05-20")).unwrap();
    assert_eq!(first(&answer).elderly.as_ref().unwrap().burden, "020");
    assert_eq!(first(&answer).burden, "");
    let answer = look_up(card(["39139902", "", "12345678", ""], "1940-01-15")).unwrap();
    assert_eq!(first(&answer).burden, "010", "DOM-62");
    assert_eq!(first(&answer).branch, "", "DOM-15");
}

#[test]
fn dom_27_preschool() {
    use crate::simulator::people::preschool;
    for (check, birth, wanted) in [
        ("2024-03-31", "2017-04-02", true),
        ("2024-03-31", "2017-04-01", false),
        ("2024-04-01", "2018-04-02", true),
        ("2024-04-01", "2018-04-01", false),
    ] {
        assert_eq!(preschool(day(birth), day(check)), wanted, "{check} {birth}");
    }
    for (numbers, birth, wanted) in [
        (["06139000", "9100", "301", "01"], "2020-04-02", "1"),
        (["06139000", "9100", "302", "01"], "2020-04-01", ""),
    ] {
        let answer = look_up(card(numbers, birth)).unwrap();
        assert_eq!(first(&answer).preschool, wanted, "{birth}");
    }
}

#[test]
fn adm_176_what_must_not_be_told_is_not() {
    let withheld = card(["06139018", "7300", "902", "00"], "1987-07-27");
    assert_eq!(look_up(withheld.clone()), Err(Code::Withheld));
    let mut core = core();
    let token = login(&mut core, "002");
    let bad = ask(&mut core, &token, lookup(withheld)).unwrap_err();
    assert!(!bad.message.contains("本人"), "{}", bad.message);
    let answer = look_up(card(["06139018", "7300", "901", "00"], "1985-05-25")).unwrap();
    assert_eq!(answer.validity, Validity::Valid);
    assert_eq!(first(&answer).address, "");
    assert_eq!(first(&answer).postal_code, "");
    let assisted = card(["12139903", "", "0000067", ""], "1988-08-28");
    assert_eq!(look_up(assisted), Err(Code::Withheld));
}

#[test]
fn adm_169_insurance_and_assistance_come_together() {
    for (numbers, classes) in [
        (["06139000", "9300", "777", "00"], ["01", "A1"]),
        (["12139903", "", "0000034", ""], ["A1", "01"]),
    ] {
        let answer = look_up(card(numbers, "1980-02-28")).unwrap();
        assert_eq!(answer.validity, Validity::Valid);
        let told: Vec<_> = answer
            .entitlements
            .iter()
            .map(|e| e.card_class.as_str())
            .collect();
        assert_eq!(told, classes);
    }
}

#[test]
fn who_may_look_up() {
    for (user, wanted) in [
        ("000", Some(Code::NotAllowed)),
        ("009", Some(Code::NotAllowed)),
        ("001", None),
        ("002", None),
        ("003", None),
        ("A0001", None),
        ("R0001", None),
        ("F0001", Some(Code::NotAllowed)),
    ] {
        let mut core = core();
        let token = login(&mut core, user);
        let query = card(["06139000", "9000", "10001", "01"], "1954-03-26");
        let told = ask(&mut core, &token, lookup(query))
            .err()
            .map(|bad| bad.code);
        assert_eq!(told, wanted, "{user}");
    }
}

#[test]
fn the_institution_must_be_the_one_of_the_account() {
    let mut core = open_core();
    let token = login(&mut core, "003");
    let institution = "1510110016".to_owned();
    let query = card(["06139000", "9000", "10001", "01"], "1954-03-26");
    for request in [
        Request::Lookup {
            institution: institution.clone(),
            id: String::new(),
            query: query.clone(),
        },
        Request::Search {
            institution: institution.clone(),
            id: String::new(),
            query: four("新橋太郎", "", "1954-03-26", Sex::Male, "東京都", ""),
        },
        Request::Choose {
            institution: institution.clone(),
            id: String::new(),
            key: String::new(),
            check_date: date(2026, 11, 20),
        },
        Request::Register {
            institution,
            insurance: query.insurance,
            reference: "1".to_owned(),
        },
    ] {
        let bad = ask(&mut core, &token, request).unwrap_err();
        assert_eq!(bad.code, Code::WrongInstitution);
    }
}
