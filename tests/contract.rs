//! The real client against the real stand-in, over TLS on loopback: what is
//! answered, and what becomes of every way a line can fail. No sleeps.
#![allow(clippy::unwrap_used, reason = "helpers of tests are tests")]

#[path = "contract/faults.rs"]
mod faults;
#[path = "contract/stage.rs"]
mod stage;
#[path = "contract/tls.rs"]
mod tls;

use jiff::civil::date;
use madoguchi::central::call::{Answer, Call, Capabilities, Central, Fault};
use madoguchi::central::webapi::{Connection, WebApi};
use madoguchi::domain::account::AccountKind;
use madoguchi::domain::entitlement::{Eligibility, Found, Validity};
use madoguchi::domain::person::Sex;
use madoguchi::domain::secret::Secret;
use madoguchi::simulator::seam::Setting;
use stage::{
    OURS, Stage, TODAY, card, card_of, fault, login, login_call, lookup, password, search,
};

async fn checked(client: &WebApi, call: Call) -> Eligibility {
    match client.ask(call).await {
        Ok(Answer::Checked(checked)) => *checked,
        other => panic!("{other:?}"),
    }
}

async fn found(client: &WebApi, call: Call) -> Found {
    match client.ask(call).await {
        Ok(Answer::Found(found)) => found,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn adm_220_each_kind_of_account_logs_in_with_its_rights() {
    let stage = Stage::open().await;
    let client = stage.client();
    for (user, kind) in [
        ("000", AccountKind::Master),
        ("001", AccountKind::Administrator),
        ("002", AccountKind::General),
        ("003", AccountKind::MedicalViewer),
        ("A0001", AccountKind::WebApi),
    ] {
        match client.ask(login_call(user, &password(user), false)).await {
            Ok(Answer::LoggedIn { staff, .. }) => {
                assert_eq!((staff.user.as_str(), staff.kind), (user, kind));
            }
            other => panic!("{other:?}"),
        }
    }
}

#[tokio::test]
async fn qg_37_logins_that_are_refused_say_why() {
    let stage = Stage::open().await;
    let client = stage.client();
    for (user, password, want) in [
        ("002", "wrong", Fault::WrongPassword),
        ("no-one", "wrong", Fault::WrongPassword),
        ("021", "Onshi*021*021", Fault::Locked),
        ("020", "Onshi*020*020", Fault::Inactive),
        ("022", "Onshi*022*022", Fault::Inactive),
    ] {
        assert_eq!(
            fault(&client, login_call(user, password, false)).await,
            want
        );
    }
    let first = login(&client, "002").await;
    let again = login_call("002", "Onshi*002*002", false);
    assert_eq!(fault(&client, again).await, Fault::AlreadyLoggedIn);
    let forced = client.ask(login_call("002", "Onshi*002*002", true)).await;
    let Ok(Answer::LoggedIn { token, .. }) = forced else {
        panic!("{forced:?}");
    };
    assert_eq!(
        fault(&client, lookup(&first, card())).await,
        Fault::Unauthorized
    );
    assert!(client.ask(lookup(&token, card())).await.is_ok());
    stage.set(Setting::Lock("003".to_owned())).await;
    let locked = login_call("003", "Onshi*003*003", false);
    assert_eq!(fault(&client, locked).await, Fault::Locked);
}

#[tokio::test]
async fn a_logout_ends_the_session() {
    let stage = Stage::open().await;
    let client = stage.client();
    let token = login(&client, "002").await;
    let logout = Call::Logout {
        token: token.clone(),
    };
    assert_eq!(client.ask(logout).await, Ok(Answer::LoggedOut));
    assert_eq!(
        fault(&client, lookup(&token, card())).await,
        Fault::Unauthorized
    );
    login(&client, "002").await;
}

#[tokio::test]
async fn dom_59_look_ups_give_every_verdict() {
    let stage = Stage::open().await;
    let client = stage.client();
    let token = login(&client, "002").await;
    for (query, want) in [
        (card(), Validity::Valid),
        (
            card_of(["06139000", "8000", "1", "00"], date(1950, 10, 10)),
            Validity::Invalid,
        ),
        (
            card_of(["06139000", "8000", "4", "00"], date(1983, 4, 4)),
            Validity::InvalidNewer,
        ),
        (
            card_of(["01139906", "21700023", "1234", "00"], date(1980, 2, 28)),
            Validity::NotFound,
        ),
        (
            card_of(["06239024", "1500・は", "3300", ""], date(2016, 8, 8)),
            Validity::Several,
        ),
        (
            card_of(["12139903", "", "0000026", ""], date(1960, 10, 20)),
            Validity::ValidUnregistered,
        ),
        // Six digits travel with two spaces in front (oqs-wire 18.3).
        (
            card_of(["139907", "港国", "3003", "00"], date(1972, 12, 12)),
            Validity::Valid,
        ),
    ] {
        let asked = query.insurance.insurer.clone();
        let checked = checked(&client, lookup(&token, query)).await;
        assert_eq!(checked.validity, want, "{asked}");
        assert_eq!(checked.check_date, TODAY);
        assert!(checked.executed.starts_with("20261120"));
        if let Some(one) = checked.entitlements.first() {
            assert_eq!(one.insurer_number, asked);
        }
    }
    let one = checked(&client, lookup(&token, card()))
        .await
        .entitlements
        .remove(0);
    assert_eq!(
        (one.name.as_str(), one.kana.as_str()),
        ("一ノ瀬　薫", "ｲﾁﾉｾ ｶｵﾙ")
    );
}

#[tokio::test]
async fn adm_163_what_is_withheld_is_refused_with_a_code_of_our_own() {
    let stage = Stage::open().await;
    let client = stage.client();
    let token = login(&client, "002").await;
    let query = card_of(["06139018", "7300", "902", "00"], date(1987, 7, 27));
    match fault(&client, lookup(&token, query)).await {
        Fault::Refused { code, message } => {
            assert!(code.starts_with("SIM"));
            assert!(!message.contains("秘匿"));
        }
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn out_39_to_46_searches_find_none_one_several_or_too_many() {
    let stage = Stage::open().await;
    stage.open_function().await;
    let client = stage.client();
    let token = login(&client, "003").await;
    let ask = |name: &str, birth, sex, address: &str| search(&token, name, birth, sex, address);

    let none = ask("誰も　いない", date(1980, 2, 29), Sex::Female, "東京都");
    assert_eq!(found(&client, none).await, Found::None);

    let one = ask("一ノ瀬　薫", date(1980, 2, 29), Sex::Female, "東京都");
    match found(&client, one).await {
        Found::One(checked) => assert_eq!(checked.validity, Validity::Valid),
        other => panic!("{other:?}"),
    }

    let two = ask("新橋太郎", date(1954, 3, 26), Sex::Male, "東京都");
    let Found::Several(list) = found(&client, two).await else {
        panic!("OUT-50 is two people");
    };
    assert_eq!(list.len(), 2);
    let minato = list
        .iter()
        .find(|one| one.address.contains("港区"))
        .unwrap();
    let chosen = checked(
        &client,
        Call::Choose {
            token: token.clone(),
            id: "D1-0003".to_owned(),
            key: minato.key.clone(),
            check_date: TODAY,
        },
    )
    .await;
    assert_eq!(chosen.entitlements[0].other_name, "新橋　他太郎");

    let five = ask("五条　花子", date(1970, 5, 5), Sex::Female, "東京都");
    assert!(matches!(found(&client, five).await, Found::Several(list) if list.len() == 5));
    let six = ask("佐藤　花子", date(1988, 1, 7), Sex::Female, "東京都");
    assert_eq!(found(&client, six).await, Found::TooMany);
}

#[tokio::test]
async fn out_5_out_10_the_search_is_for_some_people_on_some_days() {
    let stage = Stage::open().await;
    let client = stage.client();
    let viewer = login(&client, "003").await;
    let general = login(&client, "002").await;
    let ask = |token| search(token, "一ノ瀬薫", date(1980, 2, 29), Sex::Female, "東京都");
    assert_eq!(fault(&client, ask(&viewer)).await, Fault::FunctionClosed);
    stage.open_function().await;
    assert!(client.ask(ask(&viewer)).await.is_ok());
    assert_eq!(fault(&client, ask(&general)).await, Fault::NotAllowed);
    let choose = Call::Choose {
        token: viewer,
        id: "D1-0003".to_owned(),
        key: "made-up".to_owned(),
        check_date: TODAY,
    };
    assert!(matches!(
        fault(&client, choose).await,
        Fault::Refused { .. }
    ));
}

#[tokio::test]
async fn dom_63_a_registered_reference_number_comes_back() {
    let stage = Stage::open().await;
    let client = stage.client();
    let token = login(&client, "002").await;
    let register = |number: &str| Call::Register {
        token: token.clone(),
        insurance: {
            let mut insurance = card().insurance;
            number.clone_into(&mut insurance.number);
            insurance
        },
        reference: "P000123".to_owned(),
    };
    assert_eq!(client.ask(register("1234")).await, Ok(Answer::Registered));
    let checked = checked(&client, lookup(&token, card())).await;
    assert_eq!(checked.entitlements[0].reference_number, "P000123");
    assert!(matches!(
        fault(&client, register("9999")).await,
        Fault::Refused { code, .. } if code.starts_with("SIM")
    ));
}

#[tokio::test]
async fn out_6_notices_tell_the_period() {
    let stage = Stage::open().await;
    let client = stage.client();
    let token = login(&client, "002").await;
    let ask = || {
        client.ask(Call::Notices {
            token: token.clone(),
        })
    };
    let Ok(Answer::Notices { notices, period }) = ask().await else {
        panic!("notices");
    };
    assert_eq!((notices.len(), period), (2, None));
    stage.open_function().await;
    let Ok(Answer::Notices { notices, period }) = ask().await else {
        panic!("notices");
    };
    assert_eq!(notices.len(), 3);
    assert!(period.is_some_and(|period| period.contains(TODAY)));
    assert_eq!(notices[0].opens, period, "newest first");
}

#[tokio::test]
async fn sec_44_the_stand_in_says_that_it_is_one() {
    let stage = Stage::open().await;
    let alive = stage.client().ask(Call::Probe).await;
    assert_eq!(alive, Ok(Answer::Alive { simulated: true }));
}

#[tokio::test]
async fn a_connection_without_extensions_can_look_up_and_no_more() {
    let stage = Stage::open().await;
    let client = WebApi::new(Connection {
        extensions: false,
        ..stage.connection()
    });
    let lookup_only = Capabilities {
        lookup: true,
        search: false,
        notices: false,
        register: false,
    };
    assert_eq!(client.capabilities(), lookup_only);
    let alive = client.ask(Call::Probe).await;
    assert_eq!(alive, Ok(Answer::Alive { simulated: false }));
    let person = client
        .ask(Call::Login {
            user: "003".to_owned(),
            password: Secret::new("Onshi*003*003".to_owned()),
            force: false,
        })
        .await;
    assert!(
        matches!(&person, Ok(Answer::LoggedIn { staff, .. }) if staff.kind == AccountKind::General),
        "the kind is not told: no more rights than this connection can serve"
    );
    let token = login(&client, "A0001").await;
    assert!(client.ask(lookup(&token, card())).await.is_ok());
    let notices = Call::Notices { token };
    assert!(matches!(
        fault(&client, notices).await,
        Fault::Refused { .. }
    ));
}

#[tokio::test]
async fn another_institution_is_refused() {
    let stage = Stage::open().await;
    let client = WebApi::new(Connection {
        institution_code: OURS.replace('7', "8"),
        ..stage.connection()
    });
    let token = login(&client, "002").await;
    assert_eq!(
        fault(&client, lookup(&token, card())).await,
        Fault::WrongInstitution
    );
}

#[tokio::test]
async fn a_token_that_is_none_is_refused() {
    let stage = Stage::open().await;
    let client = stage.client();
    for token in ["made-up", "", "line\nend", "日本"] {
        let token = Secret::new(token.to_owned());
        assert_eq!(
            fault(&client, lookup(&token, card())).await,
            Fault::Unauthorized
        );
    }
}
