use super::State;
use crate::domain::notice::Notice;
use crate::domain::time::Period;
use crate::front::app::Input;
use crate::front::keys::command::Command;
use crate::front::trial::{Trial, body, survives};
use crate::link::message::{ToDesk, ToFront};
use jiff::civil::date;

fn opened(notices: Vec<Notice>) -> (Trial, State) {
    let mut trial = Trial::new();
    let mut pane = State::default();
    trial.with(|cx| pane.opened(cx));
    let ticket = trial.ticket();
    assert_eq!(trial.sent(), [ToDesk::Notices { ticket }]);
    let answer = ToFront::Notices {
        ticket,
        notices,
        unread: Vec::new(),
    };
    trial.with(|cx| pane.hear(cx, &answer));
    (trial, pane)
}

fn notices() -> Vec<Notice> {
    vec![
        Notice {
            id: "2".to_owned(),
            at: "2026-11-20T08:50:00+09:00".parse().unwrap(),
            title: "緊急時医療情報・資格確認機能の開放について".to_owned(),
            body: "システム障害の復旧に伴い、開放しました。\n\n詳しくはポータルへ。".to_owned(),
            opens: Some(Period {
                from: date(2026, 11, 20),
                to: date(2026, 11, 25),
            }),
        },
        Notice {
            id: "1".to_owned(),
            at: "2026-11-01T08:00:00+09:00".parse().unwrap(),
            title: "保守のお知らせ".to_owned(),
            body: "深夜に止まります。".to_owned(),
            opens: None,
        },
    ]
}

#[test]
fn out_6_list_text_and_period() {
    let (mut trial, mut pane) = opened(notices());
    let text = body(|c| pane.view(&trial.known, trial.now, c)).join("\n");
    for says in [
        "> 11/20 08:50  緊急時医療情報・資格確認機能の開放について",
        "  11/01 08:00  保守のお知らせ",
        "2026/11/20 から 2026/11/25 まで  今日は使えます",
        "システム障害の復旧に伴い、開放しました。",
        "詳しくはポータルへ。",
    ] {
        assert!(text.contains(says), "{says}\n{text}");
    }
    trial.with(|cx| pane.input(cx, Input::Command(Command::Down)));
    let text = body(|c| pane.view(&trial.known, trial.now, c)).join("\n");
    assert!(text.contains("深夜に止まります。") && !text.contains("今日は使えます"));
    survives(|c| pane.view(&trial.known, trial.now, c));
}

#[test]
fn none_is_said() {
    let (trial, pane) = opened(Vec::new());
    let text = body(|c| pane.view(&trial.known, trial.now, c)).join("\n");
    assert!(text.contains("お知らせはありません"));
}

#[test]
fn out_6_what_comes_while_it_is_open_is_fetched_once() {
    let (mut trial, mut pane) = opened(notices());
    let mut status = crate::front::app::support::status();
    for (unread, asks) in [(0, 0), (1, 1), (1, 0), (0, 0), (2, 1)] {
        status.unread_notices = unread;
        let message = ToFront::Status(Box::new(status.clone()));
        trial.with(|cx| pane.hear(cx, &message));
        let asked = trial.sent();
        assert_eq!(asked.len(), asks, "{unread} unread");
        if asks == 1 {
            let ticket = trial.ticket();
            let answer = ToFront::Notices {
                ticket,
                notices: notices(),
                unread: Vec::new(),
            };
            trial.with(|cx| pane.hear(cx, &answer));
        }
    }
}

#[test]
fn only_what_has_been_on_the_screen_is_read() {
    let (mut trial, mut pane) = opened(notices());
    trial.with(|cx| pane.opened(cx));
    let ticket = trial.ticket();
    trial.sent();
    let answer = ToFront::Notices {
        ticket,
        notices: notices(),
        unread: vec!["2".to_owned(), "1".to_owned()],
    };
    trial.with(|cx| pane.hear(cx, &answer));
    let read = |id: &str| ToDesk::NoticeRead { id: id.to_owned() };
    assert_eq!(trial.sent(), [read("2")]);
    let text = body(|c| pane.view(&trial.known, trial.now, c)).join("\n");
    assert!(text.contains("11/01 08:00  [未読] 保守"), "{text}");
    assert!(!text.contains("[未読] 緊急"), "{text}");
    trial.with(|cx| pane.input(cx, Input::Command(Command::Down)));
    assert_eq!(trial.sent(), [read("1")]);
    trial.with(|cx| pane.input(cx, Input::Command(Command::Up)));
    assert_eq!(trial.sent(), []);
}
