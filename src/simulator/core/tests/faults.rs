//! Faults, settings and the log.

use super::*;

type Shows = fn(&Reaction) -> bool;

#[test]
fn each_fault_shows_and_goes_again() {
    let cases: [(&str, &str, &str, Shows); 6] = [
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
        retry_after: Some("7".to_owned()),
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
        ("retry-after=30", Setting::RetryAfter(Some("30".to_owned()))),
        ("retry-after=-1", Setting::RetryAfter(Some("-1".to_owned()))),
        ("retry-after=off", Setting::RetryAfter(None)),
        ("answer=swapped", Setting::Answer(Some(Mangle::Swapped))),
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
        ("retry-after=すぐ", "秒数"),
        ("answer=swaped", "「swapped」ではありませんか"),
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
