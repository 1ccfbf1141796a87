//! What the lines around a pane say.

use crate::domain::account::AccountKind;
use crate::domain::card::{Expiry, Glance, Kind, Presence, Trouble, Validity};
use crate::domain::line::LineState;
use crate::domain::note::Group;
use crate::domain::reader::ReaderState;
use crate::front::app::Msg;
use crate::front::app::support::{Seat, status, welcome};
use crate::link::message::{Status, ToDesk, ToFront};
use crate::text::glyphs::Ambiguous;
use jiff::civil::date;
use std::collections::BTreeMap;

#[test]
fn a_demo_outage_can_be_ended_from_the_login() {
    let mut seat = Seat::new();
    let mut demo = welcome(seat.now);
    demo.demo = true;
    seat.app.known.welcome = Some(demo);
    seat.hear(down(BTreeMap::new()));
    assert!(
        seat.text().contains("で障害を終わらせます"),
        "{}",
        seat.text()
    );
    seat.press("C-y");
    assert!(seat.said.contains(&ToDesk::DemoOutage { on: false }));
}

fn down(notes: BTreeMap<Group, usize>) -> ToFront {
    ToFront::Status(Box::new(Status {
        line: LineState::Down {
            since: "2026-11-20T09:08:00+09:00".parse().unwrap(),
            next_probe: "2026-11-20T09:12:11+09:00".parse().unwrap(),
        },
        notes,
        ..status()
    }))
}

#[test]
fn the_state_line_shortens_its_words_before_it_drops_the_reader() {
    let mut seat = Seat::inside(AccountKind::General);
    let mut stand_in = welcome(seat.now);
    stand_in.simulated = true;
    seat.app.known.welcome = Some(stand_in);
    for count in [1, 12, 123] {
        seat.hear(down(BTreeMap::from([(Group::Open, count)])));
        let row = seat.screen().remove(1);
        assert!(row.contains("読取機"), "{row}");
        assert!(row.contains(&format!("未照会 {count}")), "{row}");
        assert!(row.contains("お知らせ 0"), "{row}");
        assert!(row.ends_with("[模擬]"), "{row}");
    }
}

/// What is to be known of the card that lies there is on the state line as
/// long as it does, in an outage with notes too (DOM-83, DOM-85).
#[test]
fn the_state_line_keeps_what_is_to_be_known_of_the_card() {
    let lying = |kind, validity, expires, trouble| ReaderState::CardPresent {
        reader: "R".to_owned(),
        glance: Some(Glance {
            presence: Presence(1),
            kind,
            validity,
            trouble,
            expires,
        }),
    };
    let my = Some(Kind::MyNumber);
    let day = date(2026, 12, 1);
    let good = Some(Validity::Good);
    let (soon, ended) = (
        Validity::Soon { until: day },
        Validity::Ended { ended: day },
    );
    let cases = [
        (lying(my, good, None, None), "マイナ", ""),
        (lying(my, Some(soon), None, None), "マイナ", " 期限!"),
        (lying(my, Some(ended), None, None), "マイナ", " 期限切"),
        (
            lying(my, good, Some(Expiry::Soon { until: day }), None),
            "マイナ",
            " 期限!",
        ),
        (
            lying(my, good, Some(Expiry::Ended { ended: day }), None),
            "マイナ",
            " 期限切",
        ),
        (lying(my, None, None, None), "マイナ", " 証明なし"),
        (
            lying(Some(Kind::Mute), None, None, Some(Trouble::Mute)),
            "読めず",
            " 置直し",
        ),
        (
            lying(None, None, None, Some(Trouble::Slow)),
            "返事なし",
            " 置直し",
        ),
        (lying(None, None, None, Some(Trouble::InUse)), "使用中", ""),
    ];
    for count in [1, 12, 123] {
        for (reader, word, sign) in &cases {
            let mut seat = Seat::inside(AccountKind::General);
            let mut stand_in = welcome(seat.now);
            stand_in.simulated = true;
            seat.app.known.welcome = Some(stand_in);
            let ToFront::Status(mut status) = down(BTreeMap::from([(Group::Open, count)])) else {
                unreachable!()
            };
            status.reader = reader.clone();
            seat.hear(ToFront::Status(status));
            let row = seat.screen().remove(1);
            assert!(row.contains(&format!("読取機 {word}{sign} ")), "{row}");
            assert!(row.contains(&format!("控え {count} (")), "{row}");
            assert!(row.contains("お知らせ 0"), "{row}");
        }
    }
}

#[test]
fn the_facility_is_never_cut_on_the_title_line() {
    let mut seat = Seat::inside(AccountKind::MedicalViewer);
    let mut long = welcome(seat.now);
    long.facility = "サンプル医療法人総合病院".to_owned();
    seat.app.known.welcome = Some(long);
    for key in ["F2", "F3", "F6"] {
        seat.press("C-x").press(key);
        let row = seat.screen().remove(0);
        assert!(row.contains("サンプル医療法人総合病院"), "{row}");
        assert!(!row.contains('~') && row.contains("09:12"), "{row}");
    }
}

#[test]
fn out_11_nothing_of_the_ledger_is_promised_to_a_master_account() {
    let mut seat = Seat::inside(AccountKind::Master);
    seat.hear(down(BTreeMap::from([(Group::Open, 3)])));
    let text = seat.text();
    for word in ["控え", "保険証", "障害時"] {
        assert!(!text.contains(word), "{word}: {text}");
    }
}

#[test]
fn a_silent_desk_is_said_after_ten_seconds_and_no_more_once_it_speaks() {
    let mut seat = Seat::inside(AccountKind::General);
    seat.press("F6").sleep(9_900);
    assert!(!seat.text().contains("返事をしません"));
    seat.sleep(200);
    assert!(
        seat.text().contains("窓口サービスが返事をしません"),
        "{}",
        seat.text()
    );
    seat.hear(ToFront::Status(Box::new(status())));
    assert!(!seat.text().contains("返事をしません"), "{}", seat.text());
    let mut seat = Seat::unlinked(Ambiguous::Narrow);
    seat.send(Msg::Woke).sleep(10_000);
    assert!(seat.text().contains("返事をしません"), "{}", seat.text());
}

#[test]
fn what_is_not_known_of_the_ledger_is_not_told_as_nothing() {
    let mut seat = Seat::inside(AccountKind::General);
    seat.hear(ToFront::Status(Box::new(Status {
        store_trouble: Some("保存先の空きがありません。".to_owned()),
        ..status()
    })));
    let text = seat.text();
    assert!(!text.contains("控え 0"), "{text}");
    assert!(!text.contains("0 件"), "{text}");
    assert!(
        text.contains("控え帳を開けません。保存先の空きがありません。"),
        "{text}"
    );
    seat.press("F2");
    assert!(
        seat.flat().contains("控え帳を開けません。"),
        "{}",
        seat.text()
    );
}
