use super::State;
use crate::domain::account::{AccountKind, Staff};
use crate::domain::failure::Failure;
use crate::domain::field::Field;
use crate::domain::note::{Block, Need, Note, NoteState};
use crate::domain::person::Sex;
use crate::front::app::Go;
use crate::front::keys::Context;
use crate::front::keys::command::Command;
use crate::front::panes::Pane;
use crate::front::trial::{Trial, body, hint_fits, noted, survives};
use crate::front::wording::hold::Anew;
use crate::link::message::{LedgerPage, LedgerRow, Ticket, ToDesk, ToFront};

struct Desk {
    trial: Trial,
    pane: State,
}

impl Desk {
    fn new(state: NoteState) -> Self {
        Self::of(&noted(state))
    }

    fn of(note: &Note) -> Self {
        Self {
            trial: Trial::new(),
            pane: State::new(note).unwrap(),
        }
    }

    /// Presses keys; the hint fits after each.
    fn press(&mut self, keys: &[&str]) {
        for key in keys {
            hint_fits(self.pane.context(), &self.pane.hint(&self.trial.known));
            let input = self.trial.input(self.pane.context(), false, key);
            self.trial.with(|cx| self.pane.input(cx, input));
        }
    }

    fn text(&self) -> String {
        body(|canvas| self.pane.view(&self.trial.known, self.trial.now, canvas)).join("\n")
    }
}

#[test]
fn out_32_a_proposal_is_applied_by_its_digit_and_asked_again() {
    let mut desk = Desk::new(NoteState::NeedsPerson(Need::NotFound));
    let text = desk.text();
    assert!(
        text.contains("検索条件に入力された情報が存在しません"),
        "{text}"
    );
    assert!(
        text.contains("0 どれでもない。該当なしと確かめた"),
        "{text}"
    );
    let row = text
        .lines()
        .find(|row| row.contains("性別 男 → 女"))
        .unwrap();
    let digit = row.trim_start().chars().next().unwrap().to_string();
    desk.press(&["Enter", "F12"]);
    assert_eq!(desk.trial.sent(), [], "only a number applies");
    desk.press(&[&digit]);
    let sent = desk.trial.sent();
    let [
        ToDesk::SaveNote {
            content,
            replaces: Some((_, 1)),
            ..
        },
    ] = sent.as_slice()
    else {
        panic!("{sent:?}");
    };
    assert_eq!(content.sex, Some(Sex::Female));
    desk.press(&[&digit]);
    assert_eq!(desk.trial.sent(), [], "applied once");
    let note = Box::new(noted(NoteState::Noted));
    let ticket = desk.trial.ticket();
    let message = ToFront::Noted {
        ticket,
        note,
        spilled: false,
    };
    desk.trial.with(|cx| desk.pane.hear(cx, &message));
    assert!(
        desk.trial.said().contains("性別 男 → 女"),
        "{}",
        desk.trial.said()
    );
    assert!(matches!(desk.trial.went, Some(Go::Back)));
}

#[test]
fn dom_91_it_ends_here_only_after_a_question() {
    let mut desk = Desk::new(NoteState::NeedsPerson(Need::NotFound));
    desk.press(&["0"]);
    assert_eq!(desk.pane.context(), Context::Ask);
    desk.press(&["Enter"]);
    assert_eq!(desk.trial.sent(), [], "Enter decides nothing");
    desk.press(&["Esc", "0", "F12"]);
    assert!(matches!(
        desk.trial.sent().as_slice(),
        [ToDesk::AbsentNote { revision: 1, .. }]
    ));
}

#[test]
fn out_39_the_best_addition_opens_the_correction_at_its_field() {
    let mut note = noted(NoteState::NeedsPerson(Need::TooMany));
    note.content.remark = "世田谷区から".to_owned();
    let mut desk = Desk::of(&note);
    let text = desk.text();
    assert!(
        text.contains("1 住所に市区町村を足す: 東京都世田谷区"),
        "{text}"
    );
    desk.press(&["1"]);
    let Some(Go::Push(Pane::Note(form))) = &desk.trial.went else {
        panic!("{:?}", desk.trial.went);
    };
    assert_eq!(form.corrects(), Some(&note.id));
    assert_eq!(
        form.draft().unwrap().fields[&Field::Address],
        "東京都世田谷区"
    );
}

#[test]
fn a_block_says_why_and_which_key_leads_out() {
    for (block, says, key) in [
        (Block::NoRight, "ログインし直す", "1"),
        (Block::NotDuringOutage, "保険証の番号を足す", "1"),
    ] {
        let mut desk = Desk::new(NoteState::Blocked(block));
        let text = desk.text();
        assert!(text.contains("保留: "), "{text}");
        assert!(text.contains(says), "{text}");
        desk.press(&[key]);
        match (&desk.trial.went, block) {
            (Some(Go::Relogin(Command::Ledger)), Block::NoRight)
            | (Some(Go::Push(Pane::Note(_))), Block::NotDuringOutage) => {}
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn what_does_not_end_by_asking_offers_no_new_question() {
    let mut note = noted(NoteState::Blocked(Block::NotDuringOutage));
    // Numbers that nobody can be asked for with.
    if let Some(insurance) = &mut note.content.insurance {
        insurance.number.clear();
    }
    let mut asked = noted(NoteState::Blocked(Block::NoRight));
    asked.content.insurance = Some(crate::domain::insurance::InsuranceNumbers {
        insurer: "01234567".to_owned(),
        number: "10001".to_owned(),
        ..crate::domain::insurance::InsuranceNumbers::default()
    });
    let mut untried = asked.clone();
    asked.tried = vec![crate::domain::note::Way::Card];
    untried.tried.clear();
    for (note, offered) in [
        (&note, false),
        (&untried, false),
        (&asked, true),
        (&noted(NoteState::NeedsPerson(Need::Unanswered)), true),
    ] {
        let desk = Desk::of(note);
        let hint = desk.pane.hint(&desk.trial.known);
        assert!(offered || !hint.contains("{retry}"), "{hint}");
        assert_eq!(desk.pane.withholds(Command::Retry), !offered, "{hint}");
        assert!(!desk.pane.withholds(Command::Edit));
    }
}

#[test]
fn nothing_panics_at_small_sizes() {
    for state in [
        NoteState::NeedsPerson(Need::NotFound),
        NoteState::NeedsPerson(Need::TooMany),
        NoteState::NeedsPerson(Need::Unanswered),
        NoteState::Blocked(Block::FunctionClosed),
    ] {
        let desk = Desk::new(state);
        survives(|canvas| desk.pane.view(&desk.trial.known, desk.trial.now, canvas));
    }
}

fn answer(desk: &mut Desk, note: &Note) {
    let message = ToFront::Noted {
        ticket: desk.trial.ticket(),
        note: Box::new(note.clone()),
        spilled: false,
    };
    desk.trial.with(|cx| desk.pane.hear(cx, &message));
}

#[test]
fn a_wrong_number_names_the_numbers_there_are() {
    let mut desk = Desk::new(NoteState::NeedsPerson(Need::NotFound));
    let most = desk.pane.ways.len();
    desk.press(&["9"]);
    assert_eq!(
        desk.trial.said(),
        format!("1 から {most}、または 0 の番号で選びます。")
    );
    let mut desk = Desk::new(NoteState::NeedsPerson(Need::Unanswered));
    desk.press(&["9"]);
    assert_eq!(desk.trial.said(), "1 から 1 の番号で選びます。");
}

#[test]
fn a_correction_comes_back_here_and_the_note_is_read_again() {
    let mut desk = Desk::new(NoteState::NeedsPerson(Need::NotFound));
    desk.trial.with(|cx| desk.pane.opened(cx));
    assert_eq!(desk.trial.sent(), [], "it is here already");
    desk.press(&["F3"]);
    assert!(matches!(desk.trial.went, Some(Go::Push(Pane::Note(_)))));
    desk.trial.with(|cx| desk.pane.opened(cx));
    assert!(matches!(
        desk.trial.sent().as_slice(),
        [ToDesk::OpenNote { .. }]
    ));
    let mut note = noted(NoteState::Waiting { not_before: None });
    answer(&mut desk, &note);
    assert!(
        desk.text().contains("いまの状態: 未照会"),
        "{}",
        desk.text()
    );
    assert!(!desk.text().contains("0 どれでもない"), "{}", desk.text());
    desk.press(&["0", "1"]);
    assert_eq!(
        desk.trial.sent(),
        [],
        "nothing to choose while it is asked for"
    );
    // The answer has come: the list below says so.
    note.state = NoteState::NeedsPerson(Need::NotFound);
    let row = LedgerRow {
        id: note.id.clone(),
        revision: 1,
        taken: note.taken,
        name: String::new(),
        birth_date: note.content.birth_date,
        sex: None,
        follow: None,
        group: note.state.group(),
        state: note.state.label(),
        next: String::new(),
        held: None,
        block: None,
    };
    let page = ToFront::Page {
        ticket: Ticket(99),
        page: Box::new(LedgerPage {
            offset: 0,
            matching: 1,
            total: 1,
            rows: vec![row],
        }),
    };
    desk.trial.with(|cx| desk.pane.hear(cx, &page));
    assert!(matches!(
        desk.trial.sent().as_slice(),
        [ToDesk::OpenNote { .. }]
    ));
    answer(&mut desk, &note);
    assert!(desk.text().contains("0 どれでもない"), "{}", desk.text());
    desk.trial.with(|cx| desk.pane.hear(cx, &page));
    assert_eq!(desk.trial.sent(), [], "nothing has changed");
}

/// The same pane for a login that only the desk has checked.
fn offline(state: NoteState) -> Desk {
    let mut desk = Desk::new(state);
    desk.trial.known.staff = Some(Staff {
        user: "003".to_owned(),
        name: "受付 花子".to_owned(),
        kind: AccountKind::MedicalViewer,
    });
    desk.trial.known.offline = Some(desk.trial.now.wall);
    desk
}

#[test]
fn offline_nothing_is_offered_that_the_desk_would_refuse() {
    let mut desk = offline(NoteState::NeedsPerson(Need::Unanswered));
    let text = desk.text();
    assert!(!text.contains("もう一度照会する"), "{text}");
    assert!(
        text.contains("オフラインのログインでできるのは、控え・訂正と控え帳"),
        "{text}"
    );
    assert!(!desk.pane.hint(&desk.trial.known).contains("{retry}"));
    desk.press(&["1", "0"]);
    assert_eq!(desk.trial.sent(), []);

    let mut desk = offline(NoteState::NeedsPerson(Need::NotFound));
    let text = desk.text();
    assert!(!text.contains("該当なしと確かめた"), "{text}");
    assert!(
        text.contains("性別 男 → 女"),
        "correcting is noting: {text}"
    );
    desk.press(&["0"]);
    assert_eq!(desk.pane.context(), Context::Case);
    assert!(!desk.trial.said().contains('0'), "{}", desk.trial.said());
    desk.press(&["1"]);
    assert!(matches!(
        desk.trial.sent().as_slice(),
        [ToDesk::SaveNote { .. }]
    ));
}

#[test]
fn gaiji_are_one_sign_with_their_code_beside() {
    let mut note = noted(NoteState::NeedsPerson(Need::NotFound));
    note.content.name = "作物\u{e000}子".to_owned();
    let text = Desk::of(&note).text();
    assert!(text.contains("作物〓子"), "{text}");
    assert!(text.contains("文字コード: U+E000"), "{text}");
}

#[test]
fn what_helps_is_said_by_the_ways_that_were_asked() {
    use crate::domain::insurance::InsuranceNumbers;
    use crate::domain::note::Way;
    let mut note = noted(NoteState::NeedsPerson(Need::NotFound));
    note.tried = vec![Way::Card];
    note.during_outage = true;
    note.content.sex = None;
    note.content.address.clear();
    note.content.insurer_name.clear();
    note.content.insurance = Some(InsuranceNumbers {
        insurer: "06139018".to_owned(),
        symbol: "7100".to_owned(),
        number: "12345".to_owned(),
        branch: "00".to_owned(),
    });
    let text = Desk::of(&note).text().replace([' ', '\n'], "");
    assert!(
        text.contains("番号・枝番と生年月日を見直してください"),
        "{text}"
    );
    assert!(
        text.contains("性別、住所か保険者名を足すと4情報でも探せます"),
        "{text}"
    );
    assert!(!text.contains("髙・高"), "{text}");
    assert_eq!(
        note.outline().next(&note.outline().stage, false),
        "番号と生年月日を確認"
    );
    // OUT-17: not for one that was not taken in an outage.
    note.during_outage = false;
    let text = Desk::of(&note).text().replace([' ', '\n'], "");
    assert!(!text.contains("4情報でも探せます"), "{text}");
    // Asked by name: as before.
    note.tried = vec![Way::Card, Way::Noted];
    let text = Desk::of(&note).text().replace([' ', '\n'], "");
    assert!(text.contains("髙・高"), "{text}");
    assert_eq!(
        note.outline().next(&note.outline().stage, false),
        "氏名と性別を見直す"
    );
}

#[test]
fn where_a_person_starts_the_sync_the_next_step_is_named() {
    use crate::front::app::support;
    let mut desk = Desk::new(NoteState::NeedsPerson(Need::NotFound));
    desk.pane.note.state = NoteState::Noted;
    let known = &mut desk.trial.known;
    known.status = Some(support::status());
    let mut welcome = support::welcome(desk.trial.now);
    welcome.sync_confirm = true;
    known.welcome = Some(welcome);
    let hint = desk.pane.hint(known);
    assert_eq!(hint, "F5 で今すぐ照会、F6 控え帳の F7 で一括。");
    hint_fits(Context::Case, &hint);
    if let Some(welcome) = &mut known.welcome {
        welcome.sync_confirm = false;
    }
    assert!(
        desk.pane
            .hint(&desk.trial.known)
            .contains("照会を待っています")
    );
}

#[test]
fn what_another_screen_has_done_with_it_is_said_and_shown() {
    let note = noted(NoteState::NeedsPerson(Need::NotFound));
    let ended = Note {
        state: NoteState::Noted,
        ..note.clone()
    };
    for (now, said) in [
        (&note, "が空きました"),
        (&ended, "ほかの画面で「未照会」になりました"),
    ] {
        // Let go by the other, or found out by being refused.
        for refused in [false, true] {
            let mut desk = Desk::of(&note);
            if refused {
                desk.press(&["F5"]);
                desk.trial.sent();
                let ticket = desk.trial.ticket();
                let failure = Failure::Stale;
                let message = ToFront::Failed { ticket, failure };
                desk.trial.with(|cx| desk.pane.hear(cx, &message));
            } else {
                assert!(desk.trial.with(|cx| desk.pane.freed(cx, Anew::Free)));
            }
            assert!(matches!(
                desk.trial.sent().as_slice(),
                [ToDesk::OpenNote { id, .. }] if *id == note.id
            ));
            let message = ToFront::Noted {
                ticket: desk.trial.ticket(),
                note: Box::new(now.clone()),
                spilled: false,
            };
            desk.trial.with(|cx| desk.pane.hear(cx, &message));
            // Nothing has come of it: the refusal stays to be read.
            let said = if refused && *now == note {
                "ほかの人が先に変えました"
            } else {
                said
            };
            assert!(desk.trial.said().contains(said), "{}", desk.trial.said());
        }
    }
}
