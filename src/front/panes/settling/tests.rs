use super::State;
use crate::domain::entitlement::{Eligibility, Entitlement, GivenDate, Validity};
use crate::domain::failure::Failure;
use crate::domain::note::{Follow, Note, NoteState};
use crate::domain::settling::Item;
use crate::front::app::Go;
use crate::front::keys::Context;
use crate::front::trial::{Trial, body, hint_fits, noted, resolution, survives};
use crate::front::wording::hold::Anew;
use crate::link::message::{SettlingStep, ToDesk, ToFront};
use jiff::civil::date;

fn note(validity: Validity) -> Note {
    let mut note = noted(NoteState::Resolved(resolution(Eligibility {
        validity,
        entitlements: vec![Entitlement {
            insurer_number: "06139000".to_owned(),
            symbol: "9000".to_owned(),
            number: "10001".to_owned(),
            branch: "01".to_owned(),
            name: "新橋　太郎".to_owned(),
            birth_date: GivenDate::Day(date(1954, 3, 26)),
            ..Entitlement::default()
        }],
        check_date: date(2026, 11, 20),
        executed: String::new(),
        remark: None,
    })));
    note.content.evidence = "申立書".to_owned();
    note.content.reference = "4711".to_owned();
    note
}

struct Desk {
    trial: Trial,
    pane: State,
    note: Note,
}

impl Desk {
    fn new(note: Note) -> Self {
        Self {
            trial: Trial::new(),
            pane: State::new(&note).unwrap(),
            note,
        }
    }

    /// Presses keys; the hint fits after each.
    fn press(&mut self, keys: &[&str]) {
        for key in keys {
            hint_fits(self.pane.context(), &self.pane.hint(&self.trial.known));
            let (context, typing) = (self.pane.context(), self.pane.typing());
            let input = self.trial.input(context, typing, key);
            self.trial.with(|cx| self.pane.input(cx, input));
        }
    }

    /// The note was asked for, and is so now.
    fn looked_up(&mut self, now: &Note) {
        assert!(matches!(
            self.trial.sent().as_slice(),
            [ToDesk::OpenNote { .. }]
        ));
        let message = ToFront::Noted {
            ticket: self.trial.ticket(),
            note: Box::new(now.clone()),
            spilled: false,
        };
        self.trial.with(|cx| self.pane.hear(cx, &message));
    }

    /// The desk service did it.
    fn done(&mut self, item: Item) {
        let ticket = self.trial.ticket();
        self.note.settling.tick(item, self.trial.now.wall, "003");
        let note = Box::new(self.note.clone());
        let message = ToFront::Noted {
            ticket,
            note,
            spilled: false,
        };
        self.trial.with(|cx| self.pane.hear(cx, &message));
    }

    fn text(&self) -> String {
        body(|canvas| self.pane.view(&self.trial.known, self.trial.now, canvas)).join("\n")
    }
}

#[test]
fn dom_73_each_step_is_one_key_and_stands_there_with_who_did_it() {
    let mut desk = Desk::new(note(Validity::Valid));
    let text = desk.text();
    for says in [
        "○ この資格は有効です。",
        "1 [  ] 資格の内容を確かめる",
        "2 [  ] 照会番号を登録する                    番号 4711",
        "3 [  ] XML ファイルに保存する",
        "4 [  ] 申立書を廃棄する",
    ] {
        assert!(text.contains(says), "{says}\n{text}");
    }
    desk.press(&["1"]);
    desk.done(Item::Seen);
    assert!(desk.text().contains("1 [済] 資格の内容を確かめる"));
    assert!(desk.text().contains("09:12:00 003"), "{}", desk.text());
    // The number that was noted is there already: nothing is typed twice.
    desk.press(&["2", "Enter"]);
    desk.done(Item::Reference);
    desk.press(&["3"]);
    desk.done(Item::File);
    desk.press(&["4", "F12"]);
    desk.done(Item::Declaration);
    let sent = desk.trial.sent();
    let steps: Vec<SettlingStep> = sent
        .into_iter()
        .map(|message| match message {
            ToDesk::NoteStep { step, .. } => step,
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(
        steps,
        [
            SettlingStep::Seen,
            SettlingStep::Register {
                reference: "4711".to_owned()
            },
            SettlingStep::Download,
            SettlingStep::DeclarationDestroyed,
        ]
    );
    desk.press(&["Enter"]);
    assert_eq!(desk.trial.sent(), [], "Enter decides nothing");
    desk.press(&["F12"]);
    assert!(matches!(
        desk.trial.sent().as_slice(),
        [ToDesk::SettleNote { leaving, .. }] if leaving.is_empty()
    ));
    desk.done(Item::Seen);
    assert!(matches!(desk.trial.went, Some(Go::Back)));
}

#[test]
fn what_is_left_undone_is_said_and_confirmed() {
    let mut desk = Desk::new(note(Validity::Valid));
    desk.press(&["1"]);
    desk.done(Item::Seen);
    desk.trial.sent();
    desk.press(&["F12"]);
    assert_eq!(desk.pane.context(), Context::Ask);
    let text = desk.text();
    assert!(
        text.contains("残っているもの: 照会番号、XML ファイル、申立書の廃棄"),
        "{text}"
    );
    desk.press(&["Enter"]);
    assert_eq!(desk.trial.sent(), [], "Enter decides nothing");
    desk.press(&["Esc"]);
    assert_eq!(desk.pane.context(), Context::Settling);
    desk.press(&["F12", "F12"]);
    assert!(matches!(
        desk.trial.sent().as_slice(),
        [ToDesk::SettleNote { leaving, .. }]
            if *leaving == [Item::Reference, Item::File, Item::Declaration]
    ));
}

#[test]
fn an_invalid_entitlement_is_neither_registered_nor_taken_over() {
    let desk = Desk::new(note(Validity::Invalid));
    let text = desk.text();
    assert!(text.contains("この資格は無効です。"), "{text}");
    assert!(!text.contains("照会番号を登録する"), "{text}");
}

#[test]
fn a_registration_that_fails_keeps_what_was_typed() {
    let mut desk = Desk::new(note(Validity::Valid));
    desk.press(&["2", "5", "F12"]);
    let ticket = desk.trial.ticket();
    let failure = Failure::NoAnswer;
    let message = ToFront::Failed { ticket, failure };
    desk.trial.with(|cx| desk.pane.hear(cx, &message));
    assert_eq!(desk.trial.said(), Failure::NoAnswer.to_string());
    desk.press(&["2"]);
    assert!(desk.text().contains("47115"), "{}", desk.text());
}

#[test]
fn nothing_panics_at_small_sizes() {
    let mut desk = Desk::new(note(Validity::Valid));
    for keys in [&[][..], &["F12"], &["Esc", "2"]] {
        desk.press(keys);
        survives(|canvas| desk.pane.view(&desk.trial.known, desk.trial.now, canvas));
    }
}

#[test]
fn dom_91_the_day_of_the_next_look_is_set_or_dropped_with_a_reason() {
    let mut desk = Desk::new(note(Validity::Invalid));
    desk.press(&["F4"]);
    assert_eq!(desk.pane.context(), Context::Reason);
    desk.press(&["2", "0", "2", "6", "1", "1", "1", "9", "Enter"]);
    assert!(
        desk.trial.said().contains("今日より前"),
        "{}",
        desk.trial.said()
    );
    desk.press(&["Backspace", "Backspace", "2", "5"]);
    assert!(
        desk.text().contains("次に照会する日   20261125"),
        "{}",
        desk.text()
    );
    desk.press(&["Enter"]);
    assert!(matches!(
        desk.trial.sent().as_slice(),
        [ToDesk::FollowNote { day: Some(day), .. }] if *day == date(2026, 11, 25)
    ));
    let ticket = desk.trial.ticket();
    let mut followed = desk.note.clone();
    followed.follow = Some(Follow {
        day: date(2026, 11, 25),
        set_by: "003".to_owned(),
    });
    let message = ToFront::Noted {
        ticket,
        note: Box::new(followed),
        spilled: false,
    };
    desk.trial.with(|cx| desk.pane.hear(cx, &message));
    assert!(
        desk.text().contains("次の照会 2026/11/25"),
        "{}",
        desk.text()
    );
    desk.press(&["F4"]);
    for _ in 0..10 {
        desk.press(&["Backspace"]);
    }
    desk.press(&["Enter", "Enter"]);
    assert!(
        desk.trial.said().contains("再照会しない理由"),
        "{}",
        desk.trial.said()
    );
    desk.press(&["x", "Enter"]);
    assert!(matches!(
        desk.trial.sent().as_slice(),
        [ToDesk::FollowNote { day: None, reason, .. }] if reason == "x"
    ));
}

#[test]
fn dom_73_a_declaration_is_destroyed_after_a_question_once_and_taken_back() {
    let mut desk = Desk::new(note(Validity::Valid));
    desk.press(&["4"]);
    assert_eq!(desk.pane.context(), Context::Ask);
    assert!(
        desk.text().contains("支払いを確かめるまで保管"),
        "{}",
        desk.text()
    );
    desk.press(&["Enter", "4", "Esc"]);
    assert_eq!(desk.trial.sent(), [], "not by the digit, not by Enter");
    desk.press(&["4", "F12"]);
    desk.done(Item::Declaration);
    assert_eq!(desk.trial.sent().len(), 1);
    desk.press(&["1"]);
    desk.done(Item::Seen);
    desk.trial.sent();
    for digit in ["1", "4"] {
        desk.press(&[digit, digit]);
        assert_eq!(desk.trial.sent(), [], "{digit} is done already");
        assert!(
            desk.trial
                .said()
                .contains("もう済んでいます（003 11/20 09:12）"),
            "{}",
            desk.trial.said()
        );
    }
    // The one whose number was pressed last, not the one said last.
    desk.press(&["1", "F8"]);
    assert!(
        desk.text().contains("「内容の確認」の済を取り消しますか"),
        "{}",
        desk.text()
    );
    desk.press(&["Esc", "4", "F8", "Enter"]);
    assert_eq!(desk.trial.sent(), [], "Enter decides nothing");
    desk.press(&["F12"]);
    assert!(matches!(
        desk.trial.sent().as_slice(),
        [ToDesk::NoteStep {
            step: SettlingStep::Undone {
                item: Item::Declaration
            },
            ..
        }]
    ));
}

#[test]
fn nothing_to_take_back_is_said() {
    let mut desk = Desk::new(note(Validity::Valid));
    desk.press(&["F8"]);
    assert_eq!(desk.pane.context(), Context::Settling);
    assert!(
        desk.trial.said().contains("取り消せる済はありません"),
        "{}",
        desk.trial.said()
    );
}

#[test]
fn what_was_typed_is_there_again_whichever_way_it_was_left() {
    for leave in ["F1", "Esc"] {
        let mut desk = Desk::new(note(Validity::Valid));
        desk.press(&["2", "5", leave, "2"]);
        assert!(desk.text().contains("47115"), "{leave}\n{}", desk.text());
        desk.press(&[leave, "F4", "2", "0", leave, "F4"]);
        assert!(
            desk.text().contains("次に照会する日   20"),
            "{leave}\n{}",
            desk.text()
        );
        desk.press(&["Backspace", "Backspace"]);
        assert!(
            desk.text().contains("例 20261125"),
            "{leave}\n{}",
            desk.text()
        );
        desk.press(&["Enter", "x", "y", leave, "F4", "Enter"]);
        assert!(
            desk.text().contains("再照会しない理由 xy"),
            "{leave}\n{}",
            desk.text()
        );
    }
}

#[test]
fn what_another_screen_has_settled_is_not_left_open_here() {
    let open = note(Validity::Valid);
    let settled = Note {
        state: NoteState::Noted,
        ..open.clone()
    };
    for (now, said, left) in [
        (&open, "が空きました", false),
        (&settled, "ほかの画面で「未照会」になりました", true),
    ] {
        let mut desk = Desk::new(open.clone());
        assert!(desk.trial.with(|cx| desk.pane.freed(cx, Anew::Free)));
        desk.looked_up(now);
        assert!(desk.trial.said().contains(said), "{}", desk.trial.said());
        assert_eq!(matches!(desk.trial.went, Some(Go::Back)), left);
    }
}

#[test]
fn what_was_ticked_elsewhere_is_seen_after_a_take_over_and_after_a_refusal() {
    let open = note(Validity::Valid);
    let mut ticked = open.clone();
    ticked.revision += 1;
    let refusal = Failure::NotNow {
        why: "もう済んでいます。".to_owned(),
    };
    for refused in [false, true] {
        for (now, said) in [
            (&open, refused.then_some("もう済んで")),
            (&ticked, Some("今の内容を出して")),
        ] {
            let mut desk = Desk::new(open.clone());
            if refused {
                desk.press(&["1"]);
                desk.trial.sent();
                let message = ToFront::Failed {
                    ticket: desk.trial.ticket(),
                    failure: refusal.clone(),
                };
                desk.trial.with(|cx| desk.pane.hear(cx, &message));
            } else {
                assert!(desk.trial.with(|cx| desk.pane.freed(cx, Anew::Taken)));
            }
            desk.looked_up(now);
            match said {
                Some(said) => assert!(desk.trial.said().contains(said), "{}", desk.trial.said()),
                None => assert_eq!(desk.trial.message, None),
            }
            assert!(desk.trial.went.is_none());
        }
    }
}
