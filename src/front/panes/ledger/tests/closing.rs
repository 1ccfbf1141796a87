//! Notes that are asked again, worked off, and a store in trouble.

use super::*;
use crate::domain::spill::Spilled;

#[test]
fn rel_13_a_resolved_note_is_not_opened_for_correction() {
    let mut desk = Desk::new(vec![note(1, resolved())]);
    for key in ["F3", "F5", "F8"] {
        desk.press(&[key]);
        assert_eq!(desk.answer(), [], "{key}");
        assert!(desk.trial.said().contains("「解決」なので"), "{key}");
    }
    let mut desk = Desk::new(vec![note(1, NoteState::Noted)]);
    desk.press(&["F3"]);
    desk.noted(&note(1, resolved()));
    assert!(desk.trial.went.is_none(), "resolved meanwhile");
    assert!(desk.trial.said().contains("訂正できません"));
}

#[test]
fn asking_again_says_what_will_come_of_it() {
    use crate::domain::note::Block;
    let down = LineState::Down {
        since: "2026-11-20T09:00:00+09:00".parse().unwrap(),
        next_probe: "2026-11-20T09:12:30+09:00".parse().unwrap(),
    };
    let waiting = NoteState::Waiting { not_before: None };
    for (line, state, says) in [
        (
            None,
            NoteState::Blocked(Block::NoRight),
            "閲覧か管理でログイン",
        ),
        (Some(down), waiting.clone(), "戻りしだい"),
        (None, waiting, "を照会します。"),
    ] {
        let mut desk = Desk::new(vec![note(1, NoteState::Noted)]);
        if let (Some(line), Some(status)) = (line, &mut desk.trial.known.status) {
            status.line = line;
        }
        desk.press(&["F5"]);
        desk.noted(&note(1, state));
        assert!(desk.trial.said().contains(says), "{}", desk.trial.said());
    }
}

#[test]
fn nothing_to_ask_for_is_said_and_nothing_is_sent() {
    let mut desk = Desk::new(three());
    desk.press(&["F7"]);
    assert_eq!(desk.answer(), []);
    let said = desk.trial.said();
    assert!(said.contains("照会を待つ控えはありません"), "{said}");
    assert!(said.contains("要確認の 2 件"), "{said}");
}

#[test]
fn a_store_in_trouble_is_not_an_empty_ledger() {
    let mut desk = Desk::new(Vec::new());
    if let Some(status) = &mut desk.trial.known.status {
        status.store_trouble = Some("ディスクがいっぱいです。".to_owned());
        status.spill = Some(Spilled {
            unknown: true,
            ..Spilled::default()
        });
    }
    let text = desk.text();
    assert!(text.contains("控え帳を開けません。"), "{text}");
    assert!(text.contains("ディスクがいっぱいです。"), "{text}");
    assert!(!text.contains("まだありません"), "{text}");
}

#[test]
fn a_ledger_that_is_read_but_not_written_says_what_was_not_found() {
    let mut desk = Desk::new(three());
    if let Some(status) = &mut desk.trial.known.status {
        status.store_trouble = Some("読み取り専用です。".to_owned());
        status.spill = Some(Spilled::default());
    }
    desk.press(&["z", "z"]);
    desk.answer();
    let text = desk.text();
    assert!(text.contains("に合う控えはありません"), "{text}");
    assert!(!text.contains("開けません"), "{text}");
}

#[test]
fn a_ten_key_clerk_works_the_list_without_leaving_the_pad() {
    let mut desk = Desk::new(three());
    desk.trial.known.keymap = crate::front::keys::Keymap::builtin("tenkey").unwrap();
    desk.press(&["Insert"]);
    assert!(matches!(desk.answer().as_slice(), [ToDesk::Ledger { .. }]));
    desk.press(&["Delete"]);
    assert_eq!(desk.pane.context(), Context::Reason);
    desk.press(&["PageUp", "1"]);
    assert_eq!(desk.pane.search.text(), "1");
    desk.press(&["-"]);
    assert!(matches!(desk.trial.went, Some(Go::Back)));
}

#[test]
fn only_resolved_notes_are_settled() {
    let mut desk = Desk::new(three());
    desk.press(&["F10"]);
    assert!(desk.trial.said().contains("「該当なし」"));
    assert_eq!(desk.pane.context(), Context::Ledger);
}

#[test]
fn asking_again_and_a_stale_revision() {
    let mut desk = Desk::new(three());
    desk.press(&["F5"]);
    let ticket = desk.trial.ticket();
    assert!(matches!(
        desk.answer().as_slice(),
        [ToDesk::RetryNote { .. }]
    ));
    desk.hear(&ToFront::Failed {
        ticket,
        failure: Failure::Stale,
    });
    assert!(desk.trial.said().contains("ほかの人が先に変えました"));
    assert!(matches!(desk.answer().as_slice(), [ToDesk::Ledger { .. }]));
}

#[test]
fn the_sync_is_shown_started_and_stopped() {
    let mut desk = Desk::new(three());
    desk.trial.known.status = Some(status(SyncState::AwaitingConfirm { notes: 12 }));
    assert!(desk.text().contains("12 件あります。F7 で一括照会"));
    desk.press(&["F7"]);
    assert_eq!(desk.answer(), [ToDesk::Sync { run: true }]);
    desk.trial.known.status = Some(status(SyncState::Running {
        per_minute: None,
        done: 8,
        total: 37,
        seconds_left: Some(20),
    }));
    assert!(desk.text().contains("照会中 8/37  残り約 20 秒"));
    desk.press(&["F7"]);
    assert_eq!(desk.answer(), [ToDesk::Sync { run: false }]);
    desk.trial.known.status = Some(status(SyncState::Stopping { notes: 8 }));
    let text = desk.text();
    assert!(text.contains("止めています（返事待ち 8 件）"), "{text}");
    assert!(!text.contains("F7 で止めます"), "{text}");
}

#[test]
fn nothing_panics_at_small_sizes() {
    let mut desk = Desk::new(three());
    for keys in [&[][..], &["F8"], &["a", "Enter"]] {
        desk.press(keys);
        survives(|canvas| desk.pane.view(&desk.trial.known, desk.trial.now, canvas));
    }
}

#[test]
fn a_note_kept_while_the_ledger_opens_is_asked_for() {
    let mut desk = Desk::new(Vec::new());
    let kept = note(1, NoteState::Noted);
    desk.notes.push(kept.clone());
    let message = ToFront::Noted {
        ticket: crate::link::message::Ticket(9999),
        note: Box::new(kept),
        spilled: false,
    };
    desk.trial.with(|cx| desk.pane.hear(cx, &message));
    let asked = desk.answer();
    assert!(matches!(asked[..], [ToDesk::Ledger { .. }]), "{asked:?}");
    let shown = body(|c| desk.pane.view(&desk.trial.known, desk.trial.now, c)).join("\n");
    assert!(shown.contains("サトウ　ハナコ"), "{shown}");
}

#[test]
fn a_search_without_a_hit_says_how_to_end_it() {
    let mut desk = Desk::new(three());
    for c in "ｘｙ".chars() {
        desk.trial.with(|cx| desk.pane.input(cx, Input::Char(c)));
    }
    desk.answer();
    let text = desk.text();
    let says = "「ｘｙ」に合う控えはありません。Backspace で検索を消せます。";
    assert!(text.contains(says), "{text}");
    assert!(!text.contains("F6 で"), "no group is filtered\n{text}");
    desk.press(&["F6"]);
    desk.answer();
    let text = desk.text();
    assert!(text.contains("F6 で絞り込みを"), "{text}");
}

#[test]
fn after_one_is_settled_the_next_to_work_off_is_chosen() {
    let mut desk = Desk::new(vec![
        note(1, resolved()),
        note(2, NoteState::Waiting { not_before: None }),
        note(3, resolved()),
    ]);
    desk.press(&["F10"]);
    let first = desk.notes[0].clone();
    desk.noted(&first);
    assert!(matches!(desk.trial.went, Some(Go::Push(Pane::Settling(_)))));
    if let NoteState::Resolved(resolution) = desk.notes[0].state.clone() {
        desk.notes[0].state = NoteState::Settled(resolution);
    }
    desk.trial.with(|cx| desk.pane.opened(cx));
    desk.answer();
    desk.press(&["F10"]);
    assert!(matches!(
        desk.answer().as_slice(),
        [ToDesk::OpenNote { id, .. }] if *id == desk.notes[2].id
    ));
}
