//! Tests.

use super::*;
use jiff::civil::date;
use jiff::tz::offset;
use proptest::prelude::*;

fn ending(last: Date) -> Certificate {
    let moment = |day: Date, h, m, s| {
        let at = day.at(h, m, s, 0);
        offset(9).to_timestamp(at).unwrap()
    };
    Certificate {
        not_before: moment(date(2021, 7, 4), 12, 0, 0),
        not_after: moment(last, 23, 59, 59),
        test: true,
    }
}

fn stands(last: Date, today: Date) -> Validity {
    Validity::of(&ending(last), today)
}

#[test]
fn dom_86_three_months_after_the_end_of_the_month() {
    // Last day, last day on which the 資格 alone can be confirmed.
    for (ended, until) in [
        (date(2026, 7, 4), date(2026, 10, 31)),
        (date(2026, 7, 1), date(2026, 10, 31)),
        (date(2026, 7, 31), date(2026, 10, 31)),
        (date(2026, 8, 31), date(2026, 11, 30)),
        (date(2026, 11, 20), date(2027, 2, 28)),
        (date(2026, 11, 30), date(2027, 2, 28)),
        (date(2027, 11, 30), date(2028, 2, 29)),
        (date(2027, 2, 28), date(2027, 5, 31)),
        (date(2028, 2, 29), date(2028, 5, 31)),
        (date(2026, 10, 1), date(2027, 1, 31)),
        (date(2026, 12, 31), date(2027, 3, 31)),
    ] {
        let grace = Validity::Grace { ended, until };
        assert_eq!(stands(ended, ended), Validity::Soon { until: ended });
        assert_eq!(stands(ended, ended.tomorrow().unwrap()), grace, "{ended}");
        assert_eq!(stands(ended, until), grace, "{ended}");
        assert_eq!(
            stands(ended, until.tomorrow().unwrap()),
            Validity::Ended { ended },
            "{ended}"
        );
    }
}

#[test]
fn dom_85_a_warning_from_three_months_before() {
    // Last day, first day of the warning.
    for (until, from) in [
        (date(2026, 7, 4), date(2026, 4, 4)),
        (date(2026, 5, 31), date(2026, 2, 28)),
        (date(2028, 5, 31), date(2028, 2, 29)),
        (date(2028, 5, 29), date(2028, 2, 29)),
        (date(2026, 12, 31), date(2026, 9, 30)),
        (date(2027, 2, 28), date(2026, 11, 28)),
        (date(2027, 1, 1), date(2026, 10, 1)),
    ] {
        assert_eq!(stands(until, from), Validity::Soon { until }, "{until}");
        assert_eq!(
            stands(until, from.yesterday().unwrap()),
            Validity::Good,
            "{until}"
        );
    }
}

#[test]
fn dates_are_those_of_japan() {
    // 14:59:59Z is 23:59:59 in Japan; one second later is the next day there.
    let mut cert = ending(date(2026, 7, 4));
    assert_eq!(cert.not_after.to_string(), "2026-07-04T14:59:59Z");
    let day = date(2026, 7, 5);
    assert!(matches!(
        Validity::of(&cert, day),
        Validity::Grace { ended, .. } if ended == date(2026, 7, 4)
    ));
    cert.not_after = "2026-07-04T15:00:00Z".parse().unwrap();
    assert_eq!(Validity::of(&cert, day), Validity::Soon { until: day });
    cert.not_before = "2026-07-03T15:00:00Z".parse().unwrap();
    assert_eq!(
        Validity::of(&cert, date(2026, 7, 3)),
        Validity::Early {
            from: date(2026, 7, 4)
        }
    );
    assert_eq!(
        Validity::of(&cert, date(2026, 7, 4)),
        Validity::Soon { until: day }
    );
}

#[test]
fn each_state_says_what_to_do() {
    let day = date(2026, 7, 4);
    let until = date(2026, 10, 31);
    for (state, words) in [
        (Validity::Good, &["有効期間内"][..]),
        (Validity::Soon { until: day }, &["2026/7/4 まで", "更新"]),
        (
            Validity::Grace { ended: day, until },
            &["2026/10/31 まで", "資格だけ", "薬剤", "更新"],
        ),
        (Validity::Ended { ended: day }, &["2026/7/4", "資格確認書"]),
        (
            Validity::Early { from: day },
            &["2026/7/4", "日付が合っているか"],
        ),
    ] {
        let text = state.to_string();
        assert!(words.iter().all(|word| text.contains(word)), "{text}");
        assert!(text.ends_with('。'));
    }
}

#[test]
fn every_kind_has_a_sentence_of_its_own() {
    let kinds = [
        Kind::MyNumber,
        Kind::MyNumberBare,
        Kind::Android,
        Kind::Juki,
        Kind::Licence,
        Kind::Residence,
        Kind::Bank,
        Kind::Memory,
        Kind::Other,
        Kind::UnknownToken,
        Kind::Mute,
    ];
    let all: std::collections::BTreeSet<&str> = kinds.iter().map(|kind| kind.sentence()).collect();
    assert_eq!(all.len(), kinds.len());
    for kind in kinds.into_iter().filter(|kind| *kind != Kind::MyNumber) {
        assert!(kind.sentence().ends_with("ください。") || kind == Kind::Android);
    }
}

#[test]
fn the_cards_own_expiry() {
    let mut seen = Seen {
        presence: Presence(1),
        kind: Kind::MyNumber,
        token: String::new(),
        certificate: None,
        serial: "19088743".to_owned(),
        expiry: Some(date(2033, 7, 4)),
    };
    assert_eq!(seen.expiry_note(date(2033, 4, 3)), None);
    let near = seen.expiry_note(date(2033, 4, 4)).unwrap();
    assert!(near.contains("2033/7/4 です"), "{near}");
    let over = seen.expiry_note(date(2033, 7, 5)).unwrap();
    assert!(over.contains("切れています"), "{over}");
    assert!(!format!("{seen:?}").contains("19088743"));
    seen.expiry = None;
    assert_eq!(seen.expiry_note(date(2033, 7, 5)), None);
}

proptest! {
    #[test]
    fn a_certificate_only_grows_older(end in 0i32..40_000, day in -2000i32..42_000) {
        let base = date(2021, 7, 4);
        let at = |days: i32| base.saturating_add(jiff::Span::new().days(days));
        let rank = |v: Validity| match v {
            Validity::Early { .. } => 0,
            Validity::Good => 1,
            Validity::Soon { .. } => 2,
            Validity::Grace { .. } => 3,
            Validity::Ended { .. } => 4,
        };
        let today = rank(stands(at(end), at(day)));
        let tomorrow = rank(stands(at(end), at(day + 1)));
        prop_assert!(today <= tomorrow);
    }
}
