//! Tables of requests and answers, named after the requirements.

mod cards;
mod faults;
mod logins;
mod notices;
mod references;
mod searches;

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
