//! The login, the draft, the idle clock and the link.

use crate::domain::account::AccountKind;
use crate::domain::draft::Draft;
use crate::domain::failure::Failure;
use crate::domain::field::Field;
use crate::front::app::support::{Seat, staff, welcome};
use crate::front::app::{Effect, Msg};
use crate::link::message::{LogoutReason, ToDesk, ToFront};
use crate::text::glyphs::Ambiguous;
use std::collections::BTreeMap;

#[test]
fn idle_activity_is_told_at_once_then_every_ten_seconds_with_a_last_one() {
    let mut seat = Seat::inside(AccountKind::General);
    seat.sleep(60_000);
    seat.said.clear();
    seat.press("Down");
    assert_eq!(seat.said, [ToDesk::Active { ago_ms: 0 }]);
    seat.said.clear();
    seat.sleep(2_000).press("Down");
    seat.sleep(3_000).press("Up");
    assert_eq!(seat.said, []);
    seat.sleep(5_000);
    assert_eq!(seat.said, [ToDesk::Active { ago_ms: 5_000 }]);
    seat.said.clear();
    seat.sleep(60_000).sleep(60_000);
    assert_eq!(seat.said, [], "nobody at the keys: the idle time counts");
}

#[test]
fn drafts_follow_150_ms_behind_and_at_once_between_fields() {
    let mut seat = Seat::inside(AccountKind::General);
    seat.press("F2");
    seat.said.clear();
    seat.type_in("新");
    assert!(!seat.said.iter().any(|m| matches!(m, ToDesk::Draft(_))));
    seat.sleep(150);
    let drafts: Vec<_> = seat.said.iter().filter_map(draft_of).collect();
    assert_eq!(drafts.len(), 1);
    assert_eq!(drafts[0].fields[&Field::Name], "新");
    seat.said.clear();
    seat.type_in("橋").press("Enter");
    let drafts: Vec<_> = seat.said.iter().filter_map(draft_of).collect();
    assert_eq!(drafts.last().unwrap().fields[&Field::Name], "新橋");
    assert_eq!(drafts.last().unwrap().focus, Some(Field::Kana));
}

fn draft_of(message: &ToDesk) -> Option<&Draft> {
    match message {
        ToDesk::Draft(draft) => Some(draft),
        _ => None,
    }
}

#[test]
fn dom_53_a_draft_of_last_time_is_offered_where_it_was() {
    let mut seat = Seat::new();
    seat.log_in(
        AccountKind::General,
        Some(Draft {
            from_card: std::collections::BTreeSet::new(),
            pane: "note".to_owned(),
            note: None,
            fields: BTreeMap::from([(Field::Name, "新橋".to_owned())]),
            focus: Some(Field::Name),
            others: Vec::new(),
        }),
    );
    let text = seat.text();
    assert!(text.contains("4情報の控え"), "{text}");
    assert!(text.contains("新橋"), "{text}");
    assert!(text.contains("前の入力の続き"), "{text}");
    assert!(seat.said.is_empty(), "the desk has this draft already");
}

#[test]
fn back_keeps_what_was_typed_and_leave_drops_it() {
    let mut seat = Seat::inside(AccountKind::General);
    seat.press("F2").type_in("新橋").sleep(200).press("F1");
    assert!(seat.text().contains("メニュー"));
    seat.press("F2");
    assert!(
        seat.text()
            .contains("書きかけの控え（新〇〇 09:12 に中断）があります"),
        "{}",
        seat.text()
    );
    seat.type_in("1");
    assert!(
        seat.text().contains("※1氏名         新橋"),
        "{}",
        seat.text()
    );
    seat.press("Esc");
    assert!(
        seat.text().contains("入力を捨てて戻りますか？"),
        "{}",
        seat.text()
    );
    seat.press("Esc");
    assert!(seat.text().contains("新橋"), "{}", seat.text());
    seat.press("Esc").type_in("1");
    assert!(seat.text().contains("窓口  メニュー"), "{}", seat.text());
    seat.press("F2");
    assert!(!seat.text().contains("新橋"));
    assert!(seat.said.contains(&ToDesk::DropDraft));
}

#[test]
fn qg_14_idle_log_off_says_why_and_keeps_nothing_on_the_screen() {
    let mut seat = Seat::inside(AccountKind::General);
    seat.press("F2").type_in("新橋").sleep(200);
    seat.hear(ToFront::IdleWarning { seconds: 60 });
    assert!(seat.text().contains("あと 60 秒"));
    seat.hear(ToFront::LoggedOut(LogoutReason::Idle));
    let text = seat.text();
    assert!(text.contains("15 分操作がなかった"), "{text}");
    assert!(!text.contains("新橋"));
    seat.log_in(AccountKind::General, None);
    seat.press("F2");
    assert!(
        !seat.text().contains("新橋"),
        "the draft is the desk's to offer"
    );
}

#[test]
fn qg_37_force_is_asked_with_the_words_of_the_guide() {
    let mut seat = Seat::new();
    seat.type_in("003")
        .press("Enter")
        .type_in("x")
        .press("Enter");
    let ticket = seat.ticket();
    seat.hear(ToFront::Failed {
        ticket,
        failure: Failure::AlreadyLoggedIn,
    });
    assert!(seat.text().contains("強制的にログインしますか？"));
    seat.type_in("1");
    assert!(matches!(
        seat.said.last(),
        Some(ToDesk::Login { force: true, user, .. }) if user == "003"
    ));
}

#[test]
fn sec_2_a_wrong_password_keeps_the_user_and_never_shows_the_password() {
    let mut seat = Seat::new();
    seat.type_in("003").press("Enter").type_in("hidden9");
    assert!(seat.text().contains("*******"));
    seat.press("Enter");
    let ticket = seat.ticket();
    seat.hear(ToFront::Failed {
        ticket,
        failure: Failure::WrongPassword { wait: 1 },
    });
    let text = seat.text();
    assert!(text.contains("ユーザIDかパスワードが違います"), "{text}");
    assert!(text.contains("003") && !text.contains("***"), "{text}");
    assert!(!format!("{:?}", seat.app).contains("hidden9"));
}

#[test]
fn a_lost_desk_is_said_answers_open_tickets_and_keeps_the_text() {
    let mut seat = Seat::inside(AccountKind::General);
    seat.press("F2").type_in("新橋").press("Enter");
    seat.press("Enter")
        .type_in("3290326")
        .press("Enter")
        .type_in("1");
    seat.type_in("東京都").press("F12");
    assert!(
        seat.said
            .iter()
            .any(|m| matches!(m, ToDesk::SaveNote { .. }))
    );
    // Behind the draft it ends, with the last key before 控える.
    let at = |kind: fn(&ToDesk) -> bool| seat.said.iter().rposition(kind);
    let draft = at(|m| matches!(m, ToDesk::Draft(_)));
    assert!(draft < at(|m| matches!(m, ToDesk::SaveNote { .. })));
    let draft = draft.and_then(|at| draft_of(&seat.said[at]));
    assert_eq!(draft.unwrap().fields[&Field::Address], "東京都");
    let late = seat.ticket();
    seat.send(Msg::LinkLost);
    let text = seat.flat();
    assert!(text.contains("窓口サービス 停止"), "{text}");
    assert!(text.contains("届いたかどうかは分かりません"), "{text}");
    assert!(text.contains("新橋"));
    // Asked while nobody is there: answered at once, nothing is sent.
    let before = seat.said.len();
    seat.press("F12");
    assert_eq!(seat.said.len(), before);
    // An answer to a ticket that is closed changes nothing (DOM-68).
    seat.hear(ToFront::Failed {
        ticket: late,
        failure: Failure::UnknownNote,
    });
    assert!(!seat.text().contains("その控えはありません"));
    seat.send(Msg::LinkBack);
    assert!(matches!(seat.said.last(), Some(ToDesk::Hello { .. })));
    let now = seat.now;
    seat.hear(ToFront::Welcome(Box::new(welcome(now))));
    assert!(seat.text().contains("もう一度ログイン"), "{}", seat.text());
    // Nothing that was said of the form stands over the login, and what
    // passes goes by itself.
    assert!(!seat.flat().contains("届いたかどうか"), "{}", seat.text());
    assert!(seat.text().contains("窓口サービスが戻りました"));
    seat.sleep(10_000);
    assert!(!seat.text().contains("窓口サービスが戻りました"));
    seat.type_in("pw").press("Enter");
    let ticket = seat.ticket();
    seat.hear(ToFront::LoggedIn {
        ticket,
        staff: staff("003", AccountKind::General),
        draft: None,
        offline: None,
    });
    assert!(seat.text().contains("新橋"), "{}", seat.text());
}

#[test]
fn adm_22_log_out_asks_first() {
    let mut seat = Seat::inside(AccountKind::General);
    seat.type_in("0");
    assert!(seat.text().contains("ログアウトします。よろしいですか？"));
    seat.type_in("0");
    assert!(!seat.said.contains(&ToDesk::Logout));
    seat.type_in("01");
    assert!(seat.said.contains(&ToDesk::Logout));
}

#[test]
fn quitting_asks_and_says_what_goes_with_it() {
    let mut seat = Seat::inside(AccountKind::General);
    seat.press("F2").type_in("新").press("F1").press("F1");
    assert!(seat.text().contains("終了しますか"), "{}", seat.text());
    seat.type_in("1");
    assert!(seat.effects.contains(&Effect::Quit));
    let mut seat = Seat::inside(AccountKind::General);
    seat.press("F1");
    assert!(!seat.effects.contains(&Effect::Quit));
    assert!(
        seat.text().contains("終了しますか？  F12 か 1 はい"),
        "{}",
        seat.text()
    );
    seat.type_in("0").press("F1").type_in("1");
    assert!(seat.effects.contains(&Effect::Quit));
    assert!(seat.said.contains(&ToDesk::Logout), "no QG-37 next time");
    let mut seat = Seat::inside(AccountKind::General);
    let mut demo = welcome(seat.now);
    demo.demo = true;
    seat.app.known.welcome = Some(demo);
    seat.press("F1");
    assert!(
        seat.text().contains("実演の控えは残りません"),
        "{}",
        seat.text()
    );
    let mut seat = Seat::new();
    seat.press("F1");
    assert!(seat.effects.contains(&Effect::Quit), "nobody is logged in");
}

#[test]
fn a_login_typed_before_the_desk_answers_waits_for_it() {
    let mut seat = Seat::unlinked(Ambiguous::Narrow);
    seat.type_in("003")
        .press("Enter")
        .type_in("secret")
        .press("Enter");
    assert_eq!(seat.said, [], "nobody is there to be asked");
    seat.hear(ToFront::Welcome(Box::new(welcome(seat.now))));
    assert!(
        matches!(seat.said.as_slice(), [ToDesk::Login { user, .. }] if user == "003"),
        "asked once, as soon as somebody is"
    );
}

#[test]
fn what_was_wrong_before_the_screen_came_stands_until_it_is_put_away() {
    let mut seat = Seat::new();
    seat.app.news = Some(crate::front::wording::until_put_away(
        "keymap.toml 3 行目: 「cler」というコマンドはありません。 代わりに receipt を使います。",
    ));
    let said = |seat: &Seat| seat.flat().contains("「cler」というコマンドはありません");
    seat.send(Msg::Woke);
    assert!(said(&seat), "{}", seat.text());
    assert!(seat.flat().contains("Esc で消します"), "{}", seat.text());
    seat.log_in(AccountKind::General, None);
    assert!(said(&seat), "{}", seat.text());
    seat.press("F2").type_in("新").press("Down");
    assert!(said(&seat), "{}", seat.text());
    seat.press("Esc");
    assert!(!said(&seat), "{}", seat.text());
    assert!(seat.text().contains("新"), "the form stands as it was");
    seat.press("Down").press("F1");
    assert!(!said(&seat), "{}", seat.text());
}
