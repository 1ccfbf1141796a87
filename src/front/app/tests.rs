use super::support::{Seat, staff, status, welcome};
use super::{Effect, Msg};
use crate::domain::account::AccountKind;
use crate::domain::draft::Draft;
use crate::domain::failure::Failure;
use crate::domain::field::Field;
use crate::domain::line::LineState;
use crate::domain::note::Group;
use crate::domain::notice::Notice;
use crate::domain::time::Period;
use crate::link::message::{LogoutReason, Status, ToDesk, ToFront};
use crate::text::glyphs::Ambiguous;
use jiff::civil::date;
use proptest::prelude::*;
use std::collections::BTreeMap;

fn in_outage(seat: &mut Seat) {
    let since = "2026-11-20T09:08:00+09:00".parse().unwrap();
    seat.hear(ToFront::Status(Box::new(Status {
        line: LineState::Down {
            since,
            next_probe: "2026-11-20T09:12:11+09:00".parse().unwrap(),
        },
        notes: BTreeMap::from([(Group::Open, 12)]),
        ..status()
    })));
}

#[test]
fn menu_looks_as_designed() {
    let mut seat = Seat::inside(AccountKind::MedicalViewer);
    seat.hear(ToFront::Status(Box::new(Status {
        notes: BTreeMap::from([(Group::NeedsPerson, 1), (Group::Open, 2)]),
        unread_notices: 1,
        period: Some(Period {
            from: date(2026, 11, 20),
            to: date(2026, 11, 25),
        }),
        ..status()
    })));
    insta::assert_snapshot!(seat.text(), @r#"
     窓口  メニュー                       サンプル医療機関  003 医療情報閲覧  09:12
     回線 正常    読取機 カード待ち    控え 3 件 (要確認 1)    お知らせ 1
    ────────────────────────────────────────────────────────────────────────────────

     > 1  保険証・資格確認書で照会            7  お知らせ  未読 1 件
       4  4情報を控える                       8  ヘルプ
       5  緊急時医療情報・資格確認機能        0  ログアウト
          └ 資格情報照会（システム障害時）
            11/20 から 11/25 まで使えます
       6  控え帳  3 件











     番号か矢印で選び、Enter で開きます。
    F1 終了      F2 控える    F3 保険証    F4 -         F5 -         F6 控え帳
    F7 障害時    F8 ガイド    F9 画面隠す  F10 お知らせ F11 ﾛｸﾞｱｳﾄ   F12 開く
    "#);
}

#[test]
fn out_6_the_opening_stands_on_the_menu_and_sec_44_the_stand_in_is_marked() {
    let mut seat = Seat::inside(AccountKind::General);
    let now = seat.now;
    seat.hear(ToFront::Status(Box::new(Status {
        headline: Some(Notice {
            id: "n1".to_owned(),
            at: "2026-11-20T08:50:00+09:00".parse().unwrap(),
            title: "システム障害の復旧に伴い、緊急時医療情報・資格確認機能を開放しました（11/25 まで）。".to_owned(),
            body: String::new(),
            opens: None,
        }),
        ..status()
    })));
    let mut demo = welcome(now);
    demo.simulated = true;
    demo.demo = true;
    seat.app.known.welcome = Some(demo);
    let text = seat.text();
    assert!(
        text.contains("お知らせ  11/20 08:50  システム障害の復旧"),
        "{text}"
    );
    assert!(text.contains("[模擬]"), "{text}");
    assert!(text.contains("9  障害の実演（いま正常）"), "{text}");
    seat.type_in("9");
    assert!(seat.said.contains(&ToDesk::DemoOutage { on: true }));
}

#[test]
fn keymaps_without_function_keys_show_none() {
    let mut seat = Seat::inside(AccountKind::General);
    seat.app.options.keymap = crate::front::keys::Keymap::builtin("letters").unwrap();
    let rows = seat.screen();
    assert!(
        !rows[22].contains("F1") && !rows[23].contains("F12"),
        "{rows:?}"
    );
    assert!(rows[22].contains("終了"), "{rows:?}");
}

#[test]
fn login_looks_as_designed() {
    let seat = Seat::new();
    insta::assert_snapshot!(seat.text(), @r#"
     窓口  ログイン                                         サンプル医療機関  09:12
     回線 正常    読取機 カード待ち
    ────────────────────────────────────────────────────────────────────────────────

       オンライン資格確認等システム

       サンプル医療機関  医療機関コード 0110113719  窓口1


     > ユーザID

       パスワード









     ユーザIDとパスワードを入れて Enter を押してください。
    F1 終了      F2 -         F3 -         F4 -         F5 -         F6 -
    F7 -         F8 -         F9 画面隠す  F10 -        F11 -        F12 ログイン
    "#);
    assert_eq!(seat.cursor(), Some((18, 9)));
}

#[test]
fn note_looks_as_designed() {
    let mut seat = Seat::inside(AccountKind::General);
    in_outage(&mut seat);
    seat.press("F2")
        .press("Enter")
        .type_in("しんばしたろう")
        .press("Enter");
    seat.type_in("3290326")
        .press("Enter")
        .type_in("1")
        .type_in("東京都港区");
    insta::assert_snapshot!(seat.text(), @r#"
     窓口  4情報の控え                            サンプル医療機関  003 一般  09:12
     回線 障害 09:08 から 4 分 読取機 カード待ち 控え 12 件 (未照会 12) お知らせ 0
    ────────────────────────────────────────────────────────────────────────────────
     ※1氏名                                         姓と名の間の空白は自由
     ※1氏名(カナ)   シンバシタロウ
      *生年月日     3290326         昭和29年3月26日  1954-03-26  満72歳
      *性別         1 男            1 男  2 女  3 未設定
    >※2住所         東京都港区
     ※2保険者名                                     名前の目立つ部分（一部でよい）
      *資格確認日   2026/11/20      今日

       保険者番号                   保険証があれば。先にこちらで照会します
       記号                         カードにないときは空のまま
       番号                         カードのとおり
       枝番                         カードに記載があるときだけ
       照会番号                     この施設の患者番号など
       電話                         折り返しの電話番号
       見せたもの                   1 ﾏｲﾅﾎﾟｰﾀﾙ 2 お知らせ 3 口頭 4 申立書 0 なし
       負担                         1 から 3 割、10 は全額
       覚え書き

     そろいました。F12 で控えます。
    F1 戻る      F2 -         F3 -         F4 -         F5 -         F6 控え帳
    F7 -         F8 クリア    F9 画面隠す  F10 -        F11 -        F12 控える
    "#);
}

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
            pane: "note".to_owned(),
            note: None,
            fields: BTreeMap::from([(Field::Name, "新橋".to_owned())]),
            focus: Some(Field::Name),
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
    assert!(seat.text().contains("新橋"), "{}", seat.text());
    seat.press("Esc").press("F2");
    assert!(!seat.text().contains("新橋"));
    assert!(seat.said.contains(&ToDesk::DropDraft));
}

#[test]
fn input_method_left_on_in_the_menu() {
    let mut seat = Seat::inside(AccountKind::General);
    seat.type_in("あ");
    assert!(seat.text().contains("日本語入力がオンです"));
    seat.type_in("４");
    assert!(seat.text().contains("4情報の控え"), "{}", seat.text());
}

#[test]
fn sec_36_a_paste_never_submits_and_goes_into_the_field_alone() {
    let mut seat = Seat::inside(AccountKind::General);
    seat.send(Msg::Paste("4\n".to_owned()));
    assert!(seat.text().contains("メニュー"), "a paste is no key");
    seat.press("F2");
    seat.send(Msg::Paste("新橋\r\n太郎\u{1b}[31m\n".to_owned()));
    assert!(seat.text().contains("新橋 太郎"), "{}", seat.text());
    assert!(
        !seat
            .said
            .iter()
            .any(|m| matches!(m, ToDesk::SaveNote { .. }))
    );
}

#[test]
fn out_10_and_12_a_general_account_sees_the_menu_is_refused_and_offered_the_login() {
    let mut seat = Seat::inside(AccountKind::General);
    seat.type_in("5");
    let text = seat.text();
    assert!(text.contains("一般 アカウントでは使えません"), "{text}");
    assert!(text.contains("F12 を押すとログイン"), "{text}");
    seat.press("F12");
    assert!(seat.said.contains(&ToDesk::Logout));
    seat.hear(ToFront::LoggedOut(LogoutReason::Asked));
    assert!(seat.text().contains("医療情報閲覧か管理のユーザID"));
}

#[test]
fn out_11_a_master_account_does_not_see_what_it_may_not() {
    let seat = Seat::inside(AccountKind::Master);
    let text = seat.text();
    assert!(!text.contains("緊急時医療情報"), "{text}");
    assert!(!text.contains("4情報を控える"), "{text}");
    assert!(text.contains("ログアウト"), "{text}");
}

#[test]
fn qg_14_idle_log_off_says_why_and_keeps_nothing_on_the_screen() {
    let mut seat = Seat::inside(AccountKind::General);
    seat.press("F2").type_in("新橋").sleep(200);
    seat.hear(ToFront::IdleWarning { seconds: 60 });
    assert!(seat.text().contains("あと 60 秒"));
    seat.hear(ToFront::LoggedOut(LogoutReason::Idle));
    let text = seat.text();
    assert!(text.contains("30 分操作がなかった"), "{text}");
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
        failure: Failure::WrongPassword,
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
        failure: Failure::Broken,
    });
    assert!(!seat.text().contains("内部の誤り"));
    seat.send(Msg::LinkBack);
    assert!(matches!(seat.said.last(), Some(ToDesk::Hello { .. })));
    let now = seat.now;
    seat.hear(ToFront::Welcome(Box::new(welcome(now))));
    assert!(seat.text().contains("もう一度ログイン"), "{}", seat.text());
    seat.type_in("pw").press("Enter");
    let ticket = seat.ticket();
    seat.hear(ToFront::LoggedIn {
        ticket,
        staff: staff("003", AccountKind::General),
        draft: None,
    });
    assert!(seat.text().contains("新橋"), "{}", seat.text());
}

#[test]
fn dom_45_one_key_blanks_and_any_key_shows() {
    let mut seat = Seat::inside(AccountKind::General);
    seat.press("F2").type_in("新橋").press("F9");
    assert!(!seat.text().contains("新橋"));
    assert_eq!(seat.cursor(), None);
    seat.press("x");
    assert!(seat.text().contains("新橋"));
    assert!(!seat.text().contains("新橋x"), "the key only shows");
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
fn quitting_asks_only_while_something_is_typed() {
    let mut seat = Seat::inside(AccountKind::General);
    seat.press("F2").type_in("新").press("F1").press("F1");
    assert!(seat.text().contains("終了しますか"), "{}", seat.text());
    seat.type_in("1");
    assert!(seat.effects.contains(&Effect::Quit));
    let mut seat = Seat::inside(AccountKind::General);
    seat.press("F1");
    assert!(seat.effects.contains(&Effect::Quit));
    assert!(seat.said.contains(&ToDesk::Logout), "no QG-37 next time");
}

#[test]
fn the_clock_wakes_at_the_minute_and_only_when_shown() {
    let mut seat = Seat::inside(AccountKind::General);
    seat.sleep(20_000);
    seat.sleep(5_000);
    let minute = seat.now.mono + std::time::Duration::from_secs(35);
    seat.press("F9");
    assert!(!seat.effects.contains(&Effect::WakeAt(Some(minute))));
    seat.press("x");
    seat.sleep(15_000);
    assert!(seat.text().contains("09:12"));
    seat.sleep(20_000);
    assert!(seat.text().contains("09:13"));
}

#[test]
fn too_small_a_screen_says_so() {
    let seat = Seat::inside(AccountKind::General);
    let (rows, cursor) = seat.picture(39, 24);
    assert!(rows[0].contains("小さすぎ"));
    assert_eq!(cursor, None);
}

#[test]
fn b3_wide_ambiguous_terminals_get_ascii_rules_and_a_filler() {
    let mut seat = Seat::with(Ambiguous::Wide);
    seat.log_in(AccountKind::General, None);
    let rows = seat.screen();
    assert!(rows[2].starts_with("-----"), "{}", rows[2]);
    seat.press("F2").type_in("新橋●郎").press("Enter");
    assert!(seat.text().contains("新橋● 郎"), "{}", seat.text());
    assert!(!seat.text().contains('※'));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn dom_51_no_size_panics(width in 0u16..500, height in 0u16..200, pane in 0usize..6, wide in any::<bool>()) {
        let mut seat = Seat::with(if wide { Ambiguous::Wide } else { Ambiguous::Narrow });
        seat.log_in(AccountKind::MedicalViewer, None);
        if let Some(key) = ["F2", "F3", "F6", "F8", "F10"].get(pane) {
            seat.press(key).type_in("新橋●太郎ｼﾝﾊﾞｼ");
        }
        let (rows, cursor) = seat.picture(width, height);
        prop_assert_eq!(rows.len(), usize::from(height));
        if let Some((x, y)) = cursor {
            prop_assert!(x < width && y < height);
        }
    }

    #[test]
    fn no_sequence_of_keys_panics(keys in proptest::collection::vec(any_key(), 0..60)) {
        let mut seat = Seat::inside(AccountKind::Administrator);
        for key in keys {
            seat.send(Msg::Key(key));
            seat.sleep(40);
            seat.screen();
        }
    }
}

fn any_key() -> impl Strategy<Value = crate::front::keys::key::Key> {
    use crate::front::keys::key::{Code, Key};
    prop_oneof![
        (1u8..=12).prop_map(|n| Key::plain(Code::F(n))),
        any::<char>().prop_map(|c| Key::plain(Code::Char(c))),
        proptest::char::range('0', '9').prop_map(|c| Key::plain(Code::Char(c))),
        proptest::char::range('a', 'z').prop_map(Key::ctrl),
        prop::sample::select(vec![
            Code::Enter,
            Code::Tab,
            Code::BackTab,
            Code::Esc,
            Code::Backspace,
            Code::Delete,
            Code::Left,
            Code::Right,
            Code::Up,
            Code::Down,
            Code::Home,
            Code::End,
            Code::PageUp,
            Code::PageDown,
        ])
        .prop_map(Key::plain),
    ]
}
