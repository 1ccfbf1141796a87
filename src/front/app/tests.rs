mod answers;
mod aside;
mod blank;
mod bytes;
mod fields;
mod flow;
mod holds;
mod lines;
mod losses;
mod reach;
mod session;
mod small;
mod wake;

use super::support::{Seat, status, welcome};
use super::{Effect, Msg};
use crate::domain::account::AccountKind;
use crate::domain::line::LineState;
use crate::domain::note::Group;
use crate::domain::notice::Notice;
use crate::domain::time::Period;
use crate::link::message::{LogoutReason, Status, ToDesk, ToFront, Welcome};
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

     > 1  保険証・資格確認書で照会            6  控え帳  3 件
       2  保険証がないとき・負担の段          7  お知らせ  未読 1 件
       3  機能の開放（手順・利用報告書）      8  ヘルプ
       4  4情報を控える                       c  マイナンバーカードを読む
       5  緊急時医療情報・資格確認機能        0  ログアウト
          └ 資格情報照会（システム障害時）
            11/20 から 11/25 まで使えます










     番号か矢印で選び、Enter で開きます。
    F1 終了      F2 控える    F3 保険証    F4 カード    F5 -         F6 控え帳
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


    >  ユーザID                                 半角の英数字

       パスワード                               大文字と小文字は別の字です









     ユーザIDとパスワードを入れて Enter を押してください。
    F1 終了      F2 -         F3 -         F4 -         F5 -         F6 -
    F7 -         F8 -         F9 画面隠す  F10 -        ^G ヘルプ    F12 ログイン
    "#);
    assert_eq!(seat.cursor(), Some((18, 9)));
}

#[test]
fn dom_73_what_waits_to_be_settled_is_counted_within_the_width() {
    type Case = (&'static [(Group, usize)], LineState, &'static str);
    let settling = |notes: &[(Group, usize)], line| Status {
        line,
        notes: notes.iter().copied().collect(),
        planned: 2,
        unread_notices: 3,
        ..status()
    };
    let up = || LineState::Up { recovered: None };
    let down = || LineState::Down {
        since: "2026-11-20T09:08:00+09:00".parse().unwrap(),
        next_probe: "2026-11-20T09:12:11+09:00".parse().unwrap(),
    };
    let cases: [Case; 4] = [
        (&[(Group::Resolved, 7)], up(), "控え 0 完了待ち 5"),
        (
            &[(Group::Resolved, 7), (Group::NeedsPerson, 2)],
            up(),
            "控え 2 件 (要確認 2) 完了待ち 5",
        ),
        (&[(Group::Resolved, 7)], down(), "控え 0 完了待ち 5"),
        (
            &[(Group::Resolved, 129), (Group::Open, 104)],
            down(),
            "控え 104 (未照会 104)",
        ),
    ];
    for ambiguous in [Ambiguous::Narrow, Ambiguous::Wide] {
        for (notes, line, says) in &cases {
            let mut seat = Seat::inside(AccountKind::MedicalViewer);
            seat.app.options.ambiguous = ambiguous;
            seat.hear(ToFront::Status(Box::new(settling(notes, line.clone()))));
            let text = seat.text();
            let row = text.lines().nth(1).unwrap();
            assert!(row.contains(says), "{ambiguous:?} {row}");
            assert!(row.contains("お知らせ 3"), "{ambiguous:?} {row}");
            assert!(text.contains("完了待ち"), "{text}");
        }
        let mut seat = Seat::inside(AccountKind::MedicalViewer);
        seat.hear(ToFront::Status(Box::new(settling(cases[0].0, up()))));
        assert!(
            seat.text().contains("控え帳  0 件  完了待ち 5 件"),
            "{}",
            seat.text()
        );
    }
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
      *生年月日     3290326             昭和29年3月26日  1954-03-26  満72歳
      *性別         1 男            1 男  2 女  3 未設定
    >※2住所         東京都港区
     ※2保険者名                                     名前の目立つ部分（一部でよい）
      *資格確認日   2026/11/20          今日

       保険者番号                   保険証があれば。先にこちらで照会します
       記号                         カードにないときは空のまま
       番号                         カードのとおり
       枝番                         カードに記載があるときだけ
       照会番号                     この施設の患者番号など
       電話                         折り返しの電話番号
       見せたもの                   0なし 1ﾏｲﾅﾎﾟ 2お知らせ 3口頭 4申立書 5確認書
       負担                         0 から 3（割）
       覚え書き                                     ほかに伝えること
       限度額情報                   0 同意しない  1 同意する
     そろいました。F12 で控えます。
    F1 戻る      F2 -         F3 -         F4 カード    F5 負担の段  F6 控え帳
    F7 -         F8 クリア    F9 画面隠す  F10 -        ^G ヘルプ    F12 控える
    "#);
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
    assert!(
        seat.text().contains("新橋 太郎") && !seat.text().contains("31m"),
        "{}",
        seat.text()
    );
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
    assert!(rows[0].contains("狭すぎ"));
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

#[test]
fn out_5_f7_says_whether_it_is_closed_unknown_or_not_offered() {
    let press = |search: bool, period_known: bool| {
        let mut seat = Seat::unlinked(Ambiguous::Narrow);
        let welcome = Welcome {
            search,
            ..welcome(seat.now)
        };
        seat.hear(ToFront::Welcome(Box::new(welcome)));
        seat.hear(ToFront::Status(Box::new(Status {
            period_known,
            ..status()
        })));
        seat.log_in(AccountKind::MedicalViewer, None);
        seat.press("F7").flat()
    };
    assert!(press(true, true).contains("今日は開いていません"));
    assert!(press(true, false).contains("利用期間をまだ確かめられていません"));
    assert!(press(false, false).contains("この接続では使えない機能です"));
}
