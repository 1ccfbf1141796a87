//! Notes that somebody else has open.

use super::reach;
use crate::domain::account::AccountKind;
use crate::domain::draft::Draft;
use crate::domain::failure::Failure;
use crate::domain::field::Field;
use crate::domain::hold::Holder;
use crate::domain::note::{Need, NoteId, NoteState};
use crate::front::app::support::Seat;
use crate::front::app::{Effect, Msg, outline};
use crate::front::keys::Context;
use crate::front::trial::{hint_fits, noted};
use crate::front::wording;
use crate::link::message::{ToDesk, ToFront};
use crate::text::glyphs::Ambiguous;

fn id() -> NoteId {
    NoteId("20261120-0002".to_owned())
}

fn other() -> Holder {
    Holder {
        user: "002".to_owned(),
        name: "佐藤".to_owned(),
        place: "窓口2".to_owned(),
        since: "2026-11-20T09:05:00+09:00".parse().unwrap(),
    }
}

/// Logged in again with half a correction, as the desk kept it.
fn resumed(holder: Option<Box<Holder>>) -> Seat {
    let mut seat = Seat::new();
    seat.holder = holder;
    let draft = Draft {
        pane: "note".to_owned(),
        note: Some((id(), 1)),
        fields: [
            (Field::Name, "新橋太郎"),
            (Field::BirthDate, "S29.3.26"),
            (Field::Sex, "1"),
            (Field::Address, "東京都港区"),
            (Field::CheckDate, "2026/11/20"),
        ]
        .map(|(field, text)| (field, text.to_owned()))
        .into(),
        focus: Some(Field::Name),
        ..Draft::default()
    };
    seat.log_in(AccountKind::MedicalViewer, Some(draft));
    seat
}

fn saves(seat: &Seat) -> bool {
    let save = |m: &ToDesk| matches!(m, ToDesk::SaveNote { .. });
    seat.said.iter().any(save)
}

/// What stands on the message line while nothing else is said, and the row of
/// keys below it.
const THEIRS: &str = "見るだけ: 窓口2 の 佐藤さん が開いています。";
const TAKES: &str = "F12 で引き継げます。";
const LABEL: &str = "F12 引き継ぐ";

#[test]
fn a_correction_that_is_theirs_says_so_until_it_is_free() {
    let mut seat = resumed(None);
    let own = "F12 で控え 20261120-0002 を訂正します。";
    seat.type_in("甲");
    assert!(seat.flat().contains(own), "{}", seat.text());
    seat.holder = Some(Box::new(other()));
    let by = Box::new(other());
    seat.hear(ToFront::TakenOver { id: id(), by });
    // What was said at once goes with the next letter; whose it is stays.
    seat.type_in("乙").said.clear();
    for _ in 0..2 {
        let text = seat.flat();
        assert!(text.contains(&format!("{THEIRS}{TAKES}")), "{text}");
        assert!(text.contains(LABEL), "{text}");
        assert!(!text.contains("訂正します"), "{text}");
        let told = outline(&seat.app, seat.now).hint;
        assert_eq!(told, format!("{THEIRS}{TAKES}"));
        // Asked for again, quietly: still theirs.
        seat.hear(ToFront::LedgerChanged);
    }
    // F12 does what is said, and a second one pressed too soon does nothing.
    seat.press("F12").press("F12");
    assert!(seat.flat().contains("引き継ぎますか？"), "{}", seat.text());
    assert!(!saves(&seat), "{:?}", seat.said);
    let took = |seat: &Seat| matches!(seat.held.last(), Some(ToDesk::HoldNote { take: true, .. }));
    assert!(!took(&seat));
    seat.sleep(1000).press("Esc").type_in("丙");
    assert!(seat.flat().contains(THEIRS), "{}", seat.text());
    seat.holder = None;
    seat.hear(ToFront::LedgerChanged);
    // Pressed to take it over, it does not correct what has just become free.
    seat.press("F12");
    assert!(!saves(&seat), "{:?}", seat.said);
    seat.sleep(1000).type_in("丁");
    let text = seat.flat();
    assert!(text.contains(own) && !text.contains(THEIRS), "{text}");
    assert!(!text.contains(LABEL), "{text}");
    seat.press("F12");
    assert!(saves(&seat), "{:?}", seat.said);
}

#[test]
fn taken_over_it_is_corrected_by_another_f12_only() {
    let mut seat = resumed(None);
    seat.holder = Some(Box::new(other()));
    let by = Box::new(other());
    seat.hear(ToFront::TakenOver { id: id(), by });
    seat.type_in("甲").press("F12").sleep(1000).said.clear();
    seat.press("F12").press("F12");
    assert!(seat.flat().contains("を引き継ぎました"), "{}", seat.text());
    assert!(!saves(&seat), "{:?}", seat.said);
    seat.sleep(1000).press("F12");
    assert!(saves(&seat), "{:?}", seat.said);
}

#[test]
fn what_became_free_behind_the_question_is_not_said_to_be_theirs() {
    let mut seat = resumed(Some(Box::new(other())));
    seat.holder = None;
    seat.hear(ToFront::LedgerChanged).sleep(1000);
    assert!(seat.flat().contains("引き継ぎますか？"), "{}", seat.text());
    seat.press("Esc");
    assert!(seat.flat().contains("が空きました"), "{}", seat.text());
    seat.type_in("甲");
    assert!(!seat.flat().contains("見るだけ"), "{}", seat.text());
}

#[test]
fn a_take_over_that_fails_leaves_it_theirs() {
    let mut seat = resumed(Some(Box::new(other())));
    seat.sleep(1000).press("Esc").type_in("甲");
    // The desk service says nothing of it yet.
    let (now, mut effects) = (seat.now, Vec::new());
    seat.app.take_hold(now, id(), &mut effects);
    let Some(Effect::Send(ToDesk::HoldNote { ticket, .. })) = effects.pop() else {
        panic!("it is asked for");
    };
    let failure = Failure::Busy;
    seat.hear(ToFront::Failed { ticket, failure }).press("Esc");
    assert!(seat.flat().contains(THEIRS), "{}", seat.text());
}

type Opens = fn(&mut Seat);

#[test]
fn every_pane_that_works_on_a_note_says_whose_it_is_at_every_size() {
    let panes: [(&str, Opens, bool); 7] = [
        ("case", |seat| reach::case_of(seat, Need::NotFound), false),
        ("candidates", reach::choosing, true),
        ("choosing", |s| press(reach::choosing, s, &["5"]), true),
        (
            "deciding",
            |s| press(reach::choosing, s, &["5", "F12"]),
            true,
        ),
        ("settling", reach::settle, true),
        ("follow", |s| press(reach::settle, s, &["F4"]), true),
        ("cancelling", |s| press(ledger, s, &["F8"]), true),
    ];
    for (name, open, takes) in panes {
        for (policy, size) in sizes() {
            let mut seat = Seat::with(policy);
            seat.log_in(AccountKind::MedicalViewer, None);
            let (width, height) = size;
            seat.send(Msg::Resize { width, height });
            open(&mut seat);
            seat.sleep(500);
            let shown = |seat: &Seat| {
                let rows = seat.picture(width, height).0;
                rows.concat().replace(' ', "")
            };
            let before = shown(&seat);
            assert!(!before.contains("佐藤"), "{name} {size:?}: {before}");
            let noted = NoteId("20261120-0007".to_owned());
            let by = Box::new(other());
            seat.holder = Some(by.clone());
            seat.hear(ToFront::TakenOver { id: noted, by }).press("Esc");
            let text = shown(&seat);
            let theirs = THEIRS.replace(' ', "");
            assert!(text.contains(&theirs), "{name} {size:?}: {text}");
            assert_eq!(text.contains("F12引き"), takes, "{name} {size:?}: {text}");
            assert_eq!(text.contains("F12で引き継げます"), takes, "{name}: {text}");
            assert_eq!(
                text.contains("変えるときに引き継げ"),
                !takes,
                "{name}: {text}"
            );
            seat.said.clear();
            seat.press("F12");
            let text = shown(&seat);
            assert_eq!(text.contains("引き継ぎますか"), takes, "{name}: {text}");
            assert!(seat.said.is_empty(), "{name}: {:?}", seat.said);
            if takes {
                seat.sleep(1000).press("F12").sleep(9000);
                assert!(shown(&seat).contains("を引き継ぎました"), "{name}");
            } else {
                seat.holder = None;
                seat.hear(ToFront::LedgerChanged);
            }
            seat.press("Up");
            let text = shown(&seat);
            assert!(!text.contains("見るだけ"), "{name} {size:?}: {text}");
        }
    }
}

#[test]
fn whose_it_is_takes_one_line_in_every_keymap() {
    for context in [Context::Note, Context::Settling, Context::Ask] {
        hint_fits(context, &wording::hold::theirs(&other(), true));
    }
    hint_fits(Context::Case, &wording::hold::theirs(&other(), false));
}

fn press(open: Opens, seat: &mut Seat, keys: &[&str]) {
    open(seat);
    for key in keys {
        seat.sleep(500).press(key);
    }
}

fn ledger(seat: &mut Seat) {
    reach::ledger(seat, &noted(NoteState::Noted));
}

fn sizes() -> impl Iterator<Item = (Ambiguous, (u16, u16))> {
    let policies = [Ambiguous::Narrow, Ambiguous::Wide];
    (policies.into_iter()).flat_map(|policy| reach::SIZES.map(|size| (policy, size)))
}

#[test]
fn a_correction_that_comes_back_takes_its_note_up_again() {
    let mut seat = resumed(None);
    assert!(
        seat.text().contains("訂正 20261120-0002"),
        "{}",
        seat.text()
    );
    let asked =
        |m: &ToDesk| matches!(m, ToDesk::HoldNote { id: held, take: false, .. } if *held == id());
    assert_eq!(seat.held.iter().filter(|m| asked(m)).count(), 1);
    // Left, it is let go.
    seat.press("F1");
    assert_eq!(seat.held.last(), Some(&ToDesk::ReleaseNote { id: id() }));
}

#[test]
fn whoever_else_has_it_is_named_and_f12_takes_it_over_once_it_can_have_been_read() {
    let mut seat = resumed(Some(Box::new(other())));
    let text = seat.flat();
    let said = "窓口2 の 佐藤さん が控え 20261120-0002 を 09:05 から開いています。引き継ぎますか？";
    assert!(text.contains(said), "{text}");
    // Pressed for the pane before.
    seat.press("F12").press("Enter");
    assert!(
        !seat
            .held
            .iter()
            .any(|m| matches!(m, ToDesk::HoldNote { take: true, .. }))
    );
    assert!(seat.flat().contains("引き継ぎますか？"));
    seat.sleep(1000).press("F12");
    assert!(matches!(
        seat.held.last(),
        Some(ToDesk::HoldNote { take: true, .. })
    ));
    assert!(seat.flat().contains("を引き継ぎました"), "{}", seat.text());
    assert!(seat.text().contains("新橋太郎"));
}

#[test]
fn only_looked_at_it_stays_as_typed_and_is_said_to_be_free_again() {
    let mut seat = resumed(Some(Box::new(other())));
    seat.sleep(1000).press("Esc");
    assert!(
        seat.flat()
            .contains("見るだけです。窓口2 の 佐藤さん が開いています"),
        "{}",
        seat.text()
    );
    assert!(seat.text().contains("新橋太郎"));
    // Every change of the ledger is a reason to ask again, quietly.
    seat.hear(ToFront::LedgerChanged);
    assert!(!seat.flat().contains("引き継ぎますか"), "{}", seat.text());
    seat.holder = None;
    seat.hear(ToFront::LedgerChanged);
    assert!(seat.flat().contains("が空きました"), "{}", seat.text());
}

#[test]
fn a_note_taken_over_says_by_whom_and_what_was_typed_stays() {
    let mut seat = resumed(None);
    seat.type_in("甲").sleep(200);
    seat.holder = Some(Box::new(other()));
    let by = Box::new(other());
    seat.hear(ToFront::TakenOver { id: id(), by });
    let text = seat.flat();
    assert!(text.contains("窓口2 の 佐藤さん が 09:05 に控え 20261120-0002 を引き継ぎました。入力は下書きに残っています"), "{text}");
    assert!(text.contains("甲"), "{text}");
    // A change that the desk would refuse is not sent: the question is asked.
    seat.said.clear();
    seat.press("Home").type_in("乙").press("F12");
    assert!(!saves(&seat), "{:?}", seat.said);
    assert!(seat.flat().contains("引き継ぎますか？"), "{}", seat.text());
    // The question is blanked like all else.
    seat.press("F9");
    assert!(!seat.flat().contains("佐藤"), "{}", seat.text());
}

#[test]
fn a_correction_that_was_overtaken_reads_the_note_again_and_keeps_what_was_typed() {
    let mut seat = resumed(None);
    seat.type_in("甲").press("F12");
    assert!(matches!(seat.said.last(), Some(ToDesk::SaveNote { .. })));
    let ticket = seat.ticket();
    let failure = Failure::Stale;
    seat.hear(ToFront::Failed { ticket, failure });
    assert!(matches!(seat.said.last(), Some(ToDesk::OpenNote { .. })));
    assert!(seat.text().contains("甲"), "{}", seat.text());
    assert!(seat.flat().contains("先に変えました"), "{}", seat.text());
}
