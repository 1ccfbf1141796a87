//! The search by 4情報.

use super::*;

#[test]
fn out_50_as_printed() {
    let mut query = four("新橋太郎", "", "1954-03-26", Sex::Male, "東京都", "");
    query.check_date = date(2021, 1, 19);
    let Found::Several(list) = find(query) else {
        panic!("not several");
    };
    let places: Vec<_> = list.iter().map(|c| c.address.as_str()).collect();
    assert_eq!(places.len(), 2);
    assert!(places[0].starts_with("東京都港区"));
    assert!(places[1].starts_with("東京都足立区"));
    assert_eq!(list[0].name, "新橋　太郎");
    assert_eq!(list[0].kana, "ｼﾝﾊﾞｼ ﾀﾛｳ");
}

#[test]
fn table() {
    use Sex::{Female, Male, Unset};
    let cases = [
        (
            "OUT-26 spaces",
            four("新橋 太郎", "", "1954-03-26", Male, "東京都", ""),
            "2",
        ),
        (
            "OUT-26 exact",
            four("新橋太", "", "1954-03-26", Male, "東京都", ""),
            "0",
        ),
        (
            "OUT-27",
            four("", "シンバシタロウ", "1954-03-26", Male, "東京都", ""),
            "2",
        ),
        (
            "OUT-27 spaces",
            four("", "シンバシ　タロウ", "1954-03-26", Male, "東京都", ""),
            "2",
        ),
        (
            "OUT-28 both",
            four(
                "新橋太郎",
                "シンバシジロウ",
                "1954-03-26",
                Male,
                "東京都",
                "",
            ),
            "0",
        ),
        (
            "OUT-33 part",
            four("新橋太郎", "", "1954-03-26", Male, "足立区", ""),
            "1",
        ),
        (
            "OUT-36 words",
            four("新橋太郎", "", "1954-03-26", Male, "東京都　港区", ""),
            "1",
        ),
        (
            "OUT-36 words apart",
            four("新橋太郎", "", "1954-03-26", Male, "5丁目 東京", ""),
            "1",
        ),
        (
            "OUT-36 one word wrong",
            four("新橋太郎", "", "1954-03-26", Male, "東京都 北区", ""),
            "0",
        ),
        (
            "full-width digits",
            four("新橋太郎", "", "1954-03-26", Male, "５丁目", ""),
            "1",
        ),
        (
            "OUT-34",
            four("新橋太郎", "", "1954-03-26", Male, "", "新橋サンプル"),
            "1",
        ),
        (
            "OUT-35",
            four("新橋太郎", "", "1954-03-26", Male, "足立区", "新橋"),
            "0",
        ),
        (
            "OUT-32 other sex",
            four("新橋太郎", "", "1954-03-26", Female, "東京都", ""),
            "0",
        ),
        (
            "OUT-32 unset",
            four("未設定", "", "1993-03-13", Male, "豊島区", ""),
            "0",
        ),
        (
            "OUT-32 unset found",
            four("未設定", "", "1993-03-13", Unset, "豊島区", ""),
            "1",
        ),
        (
            "OUT-40 five",
            four("五条花子", "", "1970-05-05", Female, "東京都", ""),
            "5",
        ),
        (
            "OUT-39 six",
            four("佐藤花子", "", "1988-01-07", Female, "東京都", ""),
            ">5",
        ),
        (
            "OUT-39 narrowed",
            four("佐藤花子", "", "1988-01-07", Female, "東京都 世田谷区", ""),
            "1",
        ),
        (
            "OUT-43 no address",
            four("無住所子", "", "1978-08-18", Female, "東京都", ""),
            "0",
        ),
        (
            "OUT-43 by insurer",
            four("無住所子", "", "1978-08-18", Female, "", "第二サンプル"),
            "1",
        ),
        (
            "ADM-163",
            four("秘匿守", "", "1987-07-27", Female, "東京都", ""),
            "0",
        ),
        (
            "ADM-163 by insurer",
            four("", "ヒトクマモル", "1987-07-27", Female, "", "サンプル"),
            "0",
        ),
        (
            "ADM-176 hidden address",
            four("非公表子", "", "1985-05-25", Female, "葛飾区", ""),
            "0",
        ),
        (
            "ADM-176 by insurer",
            four("非公表子", "", "1985-05-25", Female, "", "サンプル"),
            "1",
        ),
        (
            "DOM-42 no kana",
            four("", "ムフリガナ", "1982-02-12", Male, "東京都", ""),
            "0",
        ),
        (
            "DOM-42 by name",
            four("無振仮名", "", "1982-02-12", Male, "東京都", ""),
            "1",
        ),
        (
            "DOM-40",
            four("山川あゆみ", "", "1995-09-15", Female, "大阪府", ""),
            "1",
        ),
        (
            "DOM-40 both",
            four("山川あゆみ", "", "1995-09-15", Female, "", "サンプル"),
            "2",
        ),
    ];
    for (case, query, wanted) in cases {
        assert_eq!(hits(&find(query)), wanted, "{case}");
    }
}

#[test]
fn hard_names() {
    let fixtures = Fixtures::built_in();
    assert!(fixtures.names.len() > 10);
    for hard in &fixtures.names {
        let person = fixtures
            .people
            .iter()
            .find(|p| p.id == hard.person)
            .unwrap();
        let ask = |name: &str| {
            let birth = person.birth_date.to_string();
            hits(&find(four(name, "", &birth, person.sex, "", "サンプル")))
        };
        for name in &hard.typed {
            assert_eq!(ask(name), "1", "{}: {name}", hard.person);
        }
        for name in &hard.missed {
            assert_eq!(ask(name), "0", "{}: {name}", hard.person);
        }
    }
}

#[test]
fn out_45_one_hit_is_the_result_itself() {
    let Found::One(answer) = find(four(
        "一ノ瀬薫",
        "",
        "1980-02-29",
        Sex::Female,
        "東京都",
        "",
    )) else {
        panic!("not one");
    };
    assert_eq!(answer.validity, Validity::Valid);
    assert_eq!(first(&answer).number, "1234");
    let Found::One(answer) = find(four("移四郎", "", "1983-04-04", Sex::Male, "墨田区", ""))
    else {
        panic!("not one");
    };
    assert_eq!(first(&answer).number, "444", "the entitlement that holds");
    let Found::One(answer) = find(four("終一", "", "1950-10-10", Sex::Male, "台東区", ""))
    else {
        panic!("not one");
    };
    assert_eq!(answer.validity, Validity::Invalid);
}

#[test]
fn out_9_to_12_who_may_search() {
    for (user, wanted) in [
        ("000", Some(Code::NotAllowed)),
        ("001", None),
        ("002", Some(Code::NotAllowed)),
        ("003", None),
        ("A0001", Some(Code::NotAllowed)),
        ("R0001", Some(Code::NotAllowed)),
    ] {
        let mut core = open_core();
        let token = login(&mut core, user);
        let query = four("新橋太郎", "", "1954-03-26", Sex::Male, "東京都", "");
        let told = ask(&mut core, &token, search(query))
            .err()
            .map(|bad| bad.code);
        assert_eq!(told, wanted, "{user}");
    }
}

#[test]
fn out_5_only_inside_the_period() {
    for (moment, wanted) in [
        ("2026-11-19T14:59:59Z", Some(Code::FunctionClosed)),
        ("2026-11-19T15:00:00Z", None),
        ("2026-11-25T14:59:59Z", None),
        ("2026-11-25T15:00:00Z", Some(Code::FunctionClosed)),
    ] {
        let mut core = open_core();
        let token = login(&mut core, "003");
        let query = four("新橋太郎", "", "1954-03-26", Sex::Male, "東京都", "");
        let reply = answer(core.handle(at(moment), Some(&token), search(query)));
        assert_eq!(reply.err().map(|bad| bad.code), wanted, "{moment}");
    }
    let mut closed = core();
    let token = login(&mut closed, "003");
    let query = four("新橋太郎", "", "1954-03-26", Sex::Male, "東京都", "");
    let bad = ask(&mut closed, &token, search(query)).unwrap_err();
    assert_eq!(bad.code, Code::FunctionClosed, "closed unless opened");
}

#[test]
fn out_23_to_25_conditions_are_required() {
    let mut core = open_core();
    let token = login(&mut core, "003");
    for query in [
        four("", " ", "1954-03-26", Sex::Male, "東京都", ""),
        four("新橋太郎", "", "1954-03-26", Sex::Male, "", "　"),
    ] {
        let bad = ask(&mut core, &token, search(query)).unwrap_err();
        assert_eq!(bad.code, Code::BadRequest);
    }
}

#[test]
fn out_44_a_candidate_is_opened_by_its_key_and_by_no_other() {
    let mut core = open_core();
    let token = login(&mut core, "003");
    let query = four("新橋太郎", "", "1954-03-26", Sex::Male, "東京都", "");
    let Ok(Good::Found(Found::Several(list))) = ask(&mut core, &token, search(query)) else {
        panic!("not several");
    };
    let choose = |core: &mut Core, key: &str| {
        let request = Request::Choose {
            institution: HERE.to_owned(),
            id: "c-1".to_owned(),
            key: key.to_owned(),
            check_date: date(2021, 1, 19),
        };
        ask(core, &token, request)
    };
    for (candidate, number) in list.iter().zip(["10001", "20002"]) {
        match choose(&mut core, &candidate.key) {
            Ok(Good::Checked(answer)) => assert_eq!(first(&answer).number, number),
            other => panic!("{other:?}"),
        }
    }
    let flipped: String = list[0].key.chars().rev().collect();
    for key in ["", "1", "0000000000000000", flipped.as_str(), "鍵"] {
        let bad = choose(&mut core, key).unwrap_err();
        assert_eq!(bad.code, Code::NoSuchEntitlement, "{key}");
    }
    assert_ne!(list[0].key, list[1].key);
}

#[test]
fn a_key_of_someone_withheld_opens_nothing() {
    let mut core = open_core();
    let token = login(&mut core, "003");
    let people = Fixtures::built_in().people;
    let place = people.iter().position(|p| p.id == "withheld").unwrap();
    let request = Request::Choose {
        institution: HERE.to_owned(),
        id: String::new(),
        key: keys::seal(7, u32::try_from(place).unwrap()),
        check_date: date(2026, 11, 20),
    };
    let bad = ask(&mut core, &token, request).unwrap_err();
    assert_eq!(bad.code, Code::NoSuchEntitlement);
}
