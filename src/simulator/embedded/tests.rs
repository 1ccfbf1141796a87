use super::*;
use crate::domain::entitlement::Validity;
use crate::domain::insurance::{InsuranceNumbers, LookupQuery};
use crate::simulator::core::Core;
use crate::simulator::fixtures::Fixtures;
use crate::simulator::seam::Setting;
use jiff::civil::date;

const OURS: &str = "0110113719";

fn now() -> Now {
    Now {
        wall: "2026-11-20T00:12:00Z".parse().unwrap(),
        mono: Duration::from_secs(100),
    }
}

fn login() -> Call {
    Call::Login {
        user: "002".to_owned(),
        password: Secret::new("Onshi*002*002".to_owned()),
        force: true,
    }
}

fn lookup(token: &Secret) -> Call {
    Call::Lookup {
        token: token.clone(),
        id: "D1-0001".to_owned(),
        query: LookupQuery {
            insurance: InsuranceNumbers {
                insurer: "01139906".to_owned(),
                symbol: "21700023".to_owned(),
                number: "1234".to_owned(),
                branch: "00".to_owned(),
            },
            birth_date: date(1980, 2, 29),
            limit_consent: false,
            check_date: date(2026, 11, 20),
        },
    }
}

fn stage() -> (Core, Secret) {
    let mut core = Core::new(Fixtures::built_in(), Vec::new(), 7);
    let (after, answer) = ask_now(&mut core, now(), &login(), OURS);
    assert_eq!(after, Duration::ZERO);
    match answer {
        Some(Ok(Answer::LoggedIn { token, .. })) => (core, token),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_call_goes_through_the_wire_and_back_at_once() {
    let (mut core, token) = stage();
    match ask_now(&mut core, now(), &lookup(&token), OURS) {
        (Duration::ZERO, Some(Ok(Answer::Checked(checked)))) => {
            assert_eq!(checked.validity, Validity::Valid);
            assert_eq!(checked.executed, "20261120091200");
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn faults_are_the_same_values_as_over_a_line() {
    let (mut core, token) = stage();
    let refused = Fault::Unreachable(Unreachable::Refused);
    let busy = Fault::Status {
        status: 503,
        retry_after: Some(Duration::from_secs(20)),
    };
    core.set(now(), Setting::RetryAfter(Some("20".to_owned())))
        .unwrap();
    for (on, off, want) in [
        (Setting::Outage(true), Setting::Outage(false), Some(refused)),
        (
            Setting::Status(Some(503)),
            Setting::Status(None),
            Some(busy),
        ),
        (
            Setting::CutOff(true),
            Setting::CutOff(false),
            Some(Fault::NoAnswer),
        ),
        (Setting::BlackHole(true), Setting::BlackHole(false), None),
    ] {
        core.set(now(), on).unwrap();
        for call in [lookup(&token), login(), Call::Probe] {
            let (_, answer) = ask_now(&mut core, now(), &call, OURS);
            assert_eq!(answer, want.clone().map(Err));
        }
        core.set(now(), off).unwrap();
    }
    core.set(now(), Setting::Garbage(true)).unwrap();
    let (_, answer) = ask_now(&mut core, now(), &lookup(&token), OURS);
    assert!(matches!(answer, Some(Err(Fault::Garbled(_)))));
}

#[test]
fn waits_are_values_and_a_login_is_two_requests() {
    let (mut core, token) = stage();
    let delay = Duration::from_secs(3);
    core.set(now(), Setting::Delay(delay)).unwrap();
    assert_eq!(ask_now(&mut core, now(), &lookup(&token), OURS).0, delay);
    assert_eq!(ask_now(&mut core, now(), &login(), OURS).0, delay * 2);
}

#[tokio::test]
async fn the_demo_asks_in_process() {
    let (core, token) = stage();
    let engine: Arc<Mutex<dyn Engine>> = Arc::new(Mutex::new(core));
    let clock = Clock::starting_at(now().wall);
    let central = Embedded::new(engine, clock, OURS);
    assert_eq!(central.capabilities(), Capabilities::ALL);
    assert!(matches!(
        central.ask(lookup(&token)).await,
        Ok(Answer::Checked(_))
    ));
}
