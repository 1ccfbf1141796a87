use super::*;
use crate::domain::entitlement::{Entitlement, GivenDate, Validity};
use crate::domain::insurance::{InsuranceNumbers, LookupQuery};
use crate::domain::person::{OutageQuery, Sex};
use crate::domain::secret::Secret;
use jiff::civil::date;

const HERE: &str = "0110113719";

fn at(text: &str) -> Now {
    Now {
        wall: text.parse().unwrap(),
        mono: Duration::from_secs(100),
    }
}

fn now() -> Now {
    at("2026-11-20T00:12:41Z")
}

fn core() -> Core {
    Core::new(Fixtures::built_in(), Vec::new(), 7)
}

fn open_core() -> Core {
    let mut core = core();
    core.open_function(now(), date(2026, 11, 20), date(2026, 11, 25));
    core
}

fn answer(reaction: Reaction) -> Reply {
    match reaction {
        Reaction::Answer { reply, .. } => reply,
        other => panic!("not an answer: {other:?}"),
    }
}

fn try_login(core: &mut Core, user: &str, password: &str, force: bool) -> Result<String, Code> {
    let request = Request::Login {
        user: user.to_owned(),
        password: Secret::new(password.to_owned()),
        force,
    };
    match answer(core.handle(now(), None, request)) {
        Ok(Good::LoggedIn { token }) => Ok(token.reveal().to_owned()),
        Ok(other) => panic!("{other:?}"),
        Err(bad) => Err(bad.code),
    }
}

fn login(core: &mut Core, user: &str) -> String {
    let password = match user {
        "A0001" => "Onshi*A0001*api".to_owned(),
        "R0001" => "Onshi*R0001*link".to_owned(),
        "F0001" => "Onshi*F0001*face".to_owned(),
        user => format!("Onshi*{user}*{user}"),
    };
    try_login(core, user, &password, false).unwrap()
}

fn ask(core: &mut Core, token: &str, request: Request) -> Reply {
    answer(core.handle(now(), Some(token), request))
}

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

fn card(numbers: [&str; 4], birth: &str) -> LookupQuery {
    let [insurer, symbol, number, branch] = numbers.map(str::to_owned);
    LookupQuery {
        insurance: InsuranceNumbers {
            insurer,
            symbol,
            number,
            branch,
        },
        birth_date: day(birth),
        limit_consent: false,
        check_date: date(2026, 11, 20),
    }
}

fn lookup(query: LookupQuery) -> Request {
    Request::Lookup {
        institution: HERE.to_owned(),
        id: "q-1".to_owned(),
        query,
    }
}

fn look_up(query: LookupQuery) -> Result<Eligibility, Code> {
    let mut core = core();
    let token = login(&mut core, "002");
    match ask(&mut core, &token, lookup(query)) {
        Ok(Good::Checked(answer)) => Ok(*answer),
        Ok(other) => panic!("{other:?}"),
        Err(bad) => Err(bad.code),
    }
}

fn four(
    name: &str,
    kana: &str,
    birth: &str,
    sex: Sex,
    address: &str,
    insurer: &str,
) -> OutageQuery {
    OutageQuery {
        name: name.to_owned(),
        kana: kana.to_owned(),
        birth_date: day(birth),
        sex,
        address: address.to_owned(),
        insurer_name: insurer.to_owned(),
        check_date: date(2026, 11, 20),
    }
}

fn search(query: OutageQuery) -> Request {
    Request::Search {
        institution: HERE.to_owned(),
        id: "s-1".to_owned(),
        query,
    }
}

fn find(query: OutageQuery) -> Found {
    let mut core = open_core();
    let token = login(&mut core, "003");
    match ask(&mut core, &token, search(query)) {
        Ok(Good::Found(found)) => found,
        other => panic!("{other:?}"),
    }
}

fn hits(found: &Found) -> &'static str {
    match found {
        Found::None => "0",
        Found::One(_) => "1",
        Found::Several(list) => ["", "", "2", "3", "4", "5"][list.len()],
        Found::TooMany => ">5",
    }
}

fn first(answer: &Eligibility) -> &Entitlement {
    &answer.entitlements[0]
}

mod logins {
    use super::*;

    #[test]
    fn sec_2_whatever_is_wrong_the_answer_is_the_same() {
        let mut core = core();
        for (user, password) in [
            ("002", "wrong"),
            ("nobody", "Onshi*002*002"),
            ("", ""),
            ("020", "wrong"),
            ("022", "wrong"),
            ("002", "onshi*002*002"),
            ("002", "Onshi*002*002 "),
        ] {
            assert_eq!(
                try_login(&mut core, user, password, false),
                Err(Code::WrongPassword),
                "{user} {password}"
            );
        }
    }

    #[test]
    fn five_wrong_passwords_lock_known_and_unknown_ids_alike() {
        for user in ["003", "nobody"] {
            let mut core = core();
            let told: Vec<_> = (0..6)
                .map(|_| try_login(&mut core, user, "wrong", false).unwrap_err())
                .collect();
            assert_eq!(told[..4], [Code::WrongPassword; 4], "{user}");
            assert_eq!(told[4..], [Code::Locked; 2], "{user}");
        }
        let mut core = core();
        for _ in 0..5 {
            let _ = try_login(&mut core, "003", "wrong", false);
        }
        let right = "Onshi*003*003";
        assert_eq!(try_login(&mut core, "003", right, false), Err(Code::Locked));
        core.set_text(now(), "unlock", "003").unwrap();
        assert!(try_login(&mut core, "003", right, false).is_ok());
    }

    #[test]
    fn a_right_password_starts_the_count_anew() {
        let mut core = core();
        for _ in 0..3 {
            for _ in 0..4 {
                let _ = try_login(&mut core, "003", "wrong", false);
            }
            assert!(try_login(&mut core, "003", "Onshi*003*003", true).is_ok());
        }
    }

    #[test]
    fn adm_221_inactive_locked_and_out_of_period() {
        let mut core = core();
        for (user, wanted) in [
            ("020", Code::Inactive),
            ("021", Code::Locked),
            ("022", Code::Inactive),
            ("023", Code::Inactive),
        ] {
            let password = format!("Onshi*{user}*{user}");
            assert_eq!(
                try_login(&mut core, user, &password, false),
                Err(wanted),
                "{user}"
            );
        }
    }

    #[test]
    fn qg_37_a_second_login_asks_and_force_ends_the_first() {
        let mut core = core();
        let first = login(&mut core, "003");
        let password = "Onshi*003*003";
        assert_eq!(
            try_login(&mut core, "003", password, false),
            Err(Code::AlreadyLoggedIn)
        );
        assert!(ask(&mut core, &first, Request::Account).is_ok());
        let second = try_login(&mut core, "003", password, true).unwrap();
        assert_ne!(first, second);
        let ended = ask(&mut core, &first, Request::Account).unwrap_err();
        assert_eq!(ended.code, Code::Unauthorized);
        assert!(ask(&mut core, &second, Request::Account).is_ok());
        assert_eq!(
            ask(&mut core, &second, Request::Logout),
            Ok(Good::LoggedOut)
        );
        assert!(try_login(&mut core, "003", password, false).is_ok());
    }

    #[test]
    fn a_machine_may_log_in_again() {
        let mut core = core();
        let first = login(&mut core, "A0001");
        let second = login(&mut core, "A0001");
        assert!(ask(&mut core, &first, Request::Account).is_ok());
        match ask(&mut core, &second, Request::Account) {
            Ok(Good::Account(staff)) => assert_eq!(staff.kind, AccountKind::WebApi),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn tokens_end_by_time_and_by_fault() {
        let mut core = core();
        core.set_token_life(Duration::from_mins(30));
        let token = login(&mut core, "002");
        let mut later = now();
        later.mono += Duration::from_mins(30);
        let reply = answer(core.handle(later, Some(&token), Request::Account));
        assert_eq!(reply.unwrap_err().code, Code::Unauthorized);
        let token = try_login(&mut core, "002", "Onshi*002*002", true).unwrap();
        core.set_text(now(), "expire-tokens", "now").unwrap();
        let reply = ask(&mut core, &token, Request::Account);
        assert_eq!(reply.unwrap_err().code, Code::Unauthorized);
        for token in [None, Some(""), Some("SIM-0")] {
            let reply = answer(core.handle(now(), token, Request::Notices));
            assert_eq!(reply.unwrap_err().code, Code::Unauthorized);
        }
    }

    #[test]
    fn tokens_are_the_same_for_the_same_seed() {
        assert_eq!(login(&mut core(), "002"), login(&mut core(), "002"));
        let other = login(&mut Core::new(Fixtures::built_in(), Vec::new(), 8), "002");
        assert_ne!(login(&mut core(), "002"), other);
    }
}

mod cards {
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
}

mod searches {
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
}

mod references {
    use super::*;

    fn register(core: &mut Core, token: &str, numbers: [&str; 4], reference: &str) -> Reply {
        let request = Request::Register {
            institution: HERE.to_owned(),
            insurance: card(numbers, "1954-03-26").insurance,
            reference: reference.to_owned(),
        };
        ask(core, token, request)
    }

    fn told(core: &mut Core, token: &str, query: LookupQuery) -> String {
        match ask(core, token, lookup(query)) {
            Ok(Good::Checked(answer)) => first(&answer).reference_number.clone(),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn out_81_to_85_registered_updated_removed() {
        let mut core = core();
        let token = login(&mut core, "002");
        let numbers = ["06139000", "9000", "10001", "01"];
        let query = || card(numbers, "1954-03-26");
        assert_eq!(told(&mut core, &token, query()), "");
        for reference in ["1234567890", "P-0002", ""] {
            let reply = register(&mut core, &token, numbers, reference);
            assert_eq!(reply, Ok(Good::Registered));
            assert_eq!(told(&mut core, &token, query()), reference);
        }
    }

    #[test]
    fn dom_63_it_belongs_to_one_entitlement() {
        let mut core = core();
        let token = login(&mut core, "002");
        let cases = [
            (
                "family without branch",
                ["06239024", "1500・は", "3300", ""],
                "1",
                false,
            ),
            (
                "one of the family",
                ["06239024", "1500・は", "3300", "02"],
                "2",
                true,
            ),
            ("nobody", ["06239024", "1500・は", "3301", "00"], "3", false),
            ("withheld", ["06139018", "7300", "902", "00"], "4", false),
        ];
        for (case, numbers, reference, wanted) in cases {
            let reply = register(&mut core, &token, numbers, reference);
            assert_eq!(reply.is_ok(), wanted, "{case}");
        }
        let sister = card(["06239024", "1500・は", "3300", "03"], "2016-08-08");
        assert_eq!(told(&mut core, &token, sister), "");
        let known = card(["34139907", "公立東京", "555", "00"], "1981-11-11");
        assert_eq!(told(&mut core, &token, known), "1234567890", "OUT-82");
        let long = "9".repeat(51);
        let bad = register(
            &mut core,
            &token,
            ["06139000", "9000", "10001", "01"],
            &long,
        );
        assert_eq!(bad.unwrap_err().code, Code::BadRequest);
    }
}

mod faults {
    use super::*;

    #[test]
    fn each_fault_shows_and_goes_again() {
        let cases: [(&str, &str, &str, fn(&Reaction) -> bool); 6] = [
            ("outage", "on", "off", |r| *r == Reaction::Refuse),
            ("blackhole", "on", "off", |r| *r == Reaction::BlackHole),
            ("delay", "3s", "0", |r| {
                matches!(r, Reaction::Answer { after, reply: Ok(Good::Alive) }
                    if *after == Duration::from_secs(3))
            }),
            ("status", "503", "off", |r| {
                matches!(r, Reaction::Status { status: 503, .. })
            }),
            ("cutoff", "on", "off", |r| {
                matches!(r, Reaction::CutOff { .. })
            }),
            ("garbage", "on", "off", |r| {
                matches!(r, Reaction::Garbage { .. })
            }),
        ];
        for (key, on, off, shows) in cases {
            let mut core = core();
            core.set_text(now(), key, on).unwrap();
            assert_eq!(core.refusing(), key == "outage");
            let reaction = core.handle(now(), None, Request::Probe);
            assert!(shows(&reaction), "{key}: {reaction:?}");
            core.set_text(now(), key, off).unwrap();
            let well = Reaction::Answer {
                after: Duration::ZERO,
                reply: Ok(Good::Alive),
            };
            assert_eq!(core.handle(now(), None, Request::Probe), well, "{key}");
        }
    }

    #[test]
    fn retry_after_goes_with_the_status() {
        let mut core = core();
        core.set_text(now(), "status", "429").unwrap();
        core.set_text(now(), "retry-after", "7").unwrap();
        let wanted = Reaction::Status {
            after: Duration::ZERO,
            status: 429,
            retry_after: Some(7),
        };
        assert_eq!(core.handle(now(), None, Request::Probe), wanted);
    }

    #[test]
    fn rel_14_the_log_tells_what_arrived_and_what_was_done() {
        let mut core = core();
        let token = login(&mut core, "002");
        let query = card(["06139000", "9000", "10001", "01"], "1954-03-26");
        core.set_text(now(), "outage", "on").unwrap();
        core.handle(now(), Some(&token), lookup(query.clone()));
        core.set_text(now(), "outage", "off").unwrap();
        core.set_text(now(), "blackhole", "on").unwrap();
        core.handle(now(), Some(&token), lookup(query.clone()));
        core.set_text(now(), "blackhole", "off").unwrap();
        core.handle(now(), Some(&token), lookup(query));
        let log: Vec<_> = core
            .asked()
            .map(|a| (a.kind, a.id.as_str(), a.user.as_str(), a.done))
            .collect();
        assert_eq!(
            log,
            [
                ("login", "", "002", true),
                ("lookup", "q-1", "002", false),
                ("lookup", "q-1", "002", true),
            ]
        );
    }

    #[test]
    fn settings_are_read_strictly() {
        let period = Period {
            from: date(2026, 11, 20),
            to: date(2026, 11, 25),
        };
        for (pair, wanted) in [
            ("outage=on", Setting::Outage(true)),
            ("delay=500ms", Setting::Delay(Duration::from_millis(500))),
            ("delay=2m", Setting::Delay(Duration::from_mins(2))),
            ("delay=off", Setting::Delay(Duration::ZERO)),
            ("status=off", Setting::Status(None)),
            ("retry-after=30", Setting::RetryAfter(Some(30))),
            (
                "outage-function=2026-11-20..2026-11-25",
                Setting::OutageFunction(Some(period)),
            ),
            ("outage-function=off", Setting::OutageFunction(None)),
            ("notice=a=b", Setting::Notice("a=b".to_owned())),
            ("lock=003", Setting::Lock("003".to_owned())),
        ] {
            assert_eq!(setting::parse_pair(pair), Ok(wanted), "{pair}");
        }
        for (pair, wanted) in [
            ("outag=on", "「outage」ではありませんか"),
            ("outage-functon=off", "「outage-function」ではありませんか"),
            ("zzzzzzzzzz=1", "使えるのは"),
            ("outage=yes", "on か off"),
            ("delay=3", "3s"),
            ("delay=2h", "3s"),
            ("delay=99999999999999999m", "1 時間"),
            ("status=200", "400 から 599"),
            ("retry-after=soon", "秒数"),
            ("expire-tokens=on", "now"),
            ("outage-function=2026-11-25..2026-11-20", "前です"),
            ("outage-function=2026-11-31..2026-12-01", "の形"),
            ("notice=", "文がありません"),
            ("outage", "KEY=VALUE"),
        ] {
            let told = setting::parse_pair(pair).unwrap_err();
            assert!(told.contains(wanted), "{pair}: {told}");
        }
        let told = core().set_text(now(), "lock", "A00001").unwrap_err();
        assert!(told.contains("「A0001」ではありませんか"), "{told}");
    }

    #[test]
    fn locking_ends_the_session() {
        let mut core = core();
        let token = login(&mut core, "003");
        core.set_text(now(), "lock", "003").unwrap();
        let bad = ask(&mut core, &token, Request::Account).unwrap_err();
        assert_eq!(bad.code, Code::Unauthorized);
    }
}

mod notices {
    use super::*;

    fn read(core: &mut Core, user: &str) -> Result<(Vec<Notice>, Option<Period>), Code> {
        let token = login(core, user);
        match ask(core, &token, Request::Notices) {
            Ok(Good::Notices { notices, period }) => Ok((notices, period)),
            Ok(other) => panic!("{other:?}"),
            Err(bad) => Err(bad.code),
        }
    }

    #[test]
    fn out_6_opening_is_announced_once_and_first() {
        let mut core = core();
        let (before, period) = read(&mut core, "002").unwrap();
        assert_eq!(period, None);
        for _ in 0..2 {
            core.open_function(now(), date(2026, 11, 20), date(2026, 11, 25));
        }
        let (after, period) = read(&mut core, "000").unwrap();
        assert_eq!(after.len(), before.len() + 1);
        assert_eq!(after[0].opens, period);
        assert_eq!(period.unwrap().to, date(2026, 11, 25));
        assert!(after[0].body.contains("11/25 まで"));
        assert!(after.is_sorted_by(|a, b| a.at >= b.at));
        core.set_text(now(), "outage-function", "off").unwrap();
        assert_eq!(read(&mut core, "003").unwrap().1, None);
    }

    #[test]
    fn a_notice_is_cleaned_and_machines_other_than_webapi_have_none() {
        let mut core = core();
        core.set_text(now(), "notice", "停電\u{1b}[2Jのお知らせ")
            .unwrap();
        let (notices, _) = read(&mut core, "A0001").unwrap();
        assert!(notices[0].body.contains("停電"));
        assert!(!notices[0].body.contains('\u{1b}'));
        assert_eq!(read(&mut core, "F0001"), Err(Code::NotAllowed));
    }
}
