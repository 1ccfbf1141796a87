use super::State;
use crate::domain::entitlement::Candidate;
use crate::domain::failure::Failure;
use crate::domain::line::LineState;
use crate::domain::note::{
    Group, Need, Note, NoteContent, NoteId, NoteState, Resolution, Step, Way,
};
use crate::domain::person::Sex;
use crate::domain::reader::ReaderState;
use crate::front::app::{Go, Input};
use crate::front::keys::Context;
use crate::front::panes::Pane;
use crate::front::trial::{Trial, body, hint_fits, survives};
use crate::link::message::{LedgerPage, LedgerRow, Status, SyncState, ToDesk, ToFront};
use jiff::civil::date;

mod closing;

fn note(number: u32, state: NoteState) -> Note {
    Note {
        id: NoteId(format!("20261120-{number:04}")),
        revision: 1,
        desk: "窓口1".to_owned(),
        taken_by: "002".to_owned(),
        taken: "2026-11-20T09:41:00+09:00".parse().unwrap(),
        during_outage: true,
        content: NoteContent {
            name: String::new(),
            kana: "サトウ　ハナコ".to_owned(),
            birth_date: date(1988, 1, 7),
            sex: Some(Sex::Female),
            address: "東京都".to_owned(),
            insurer_name: String::new(),
            visit_date: date(2026, 11, 20),
            insurance: None,
            limit_consent: false,
            reference: String::new(),
            telephone: "03-0000-0000".to_owned(),
            evidence: String::new(),
            burden: String::new(),
            remark: String::new(),
            evidence_code: String::new(),
            from_card: std::collections::BTreeSet::new(),
            card_mark: String::new(),
            declaration: None,
        },
        earlier: Vec::new(),
        state,
        attempts: 1,
        tried: Vec::new(),
        follow: None,
        trial: None,
        looks: Vec::new(),
        blocked: Vec::new(),
        settling: crate::domain::settling::Settling::default(),
        history: vec![Step {
            at: "2026-11-20T10:05:12+09:00".parse().unwrap(),
            by: String::new(),
            text: "カナ・昭63.01.07・女・東京都で 6 件以上".to_owned(),
        }],
    }
}

fn row(note: &Note, next: &str) -> LedgerRow {
    LedgerRow {
        id: note.id.clone(),
        revision: note.revision,
        taken: note.taken,
        name: if note.content.name.is_empty() {
            note.content.kana.clone()
        } else {
            note.content.name.clone()
        },
        birth_date: note.content.birth_date,
        sex: note.content.sex,
        follow: None,
        group: note.state.group(),
        state: note.state.label(),
        next: next.to_owned(),
        held: None,
        block: None,
    }
}

fn status(sync: SyncState) -> Status {
    Status {
        line: LineState::Up { recovered: None },
        reader: ReaderState::NoReader,
        notes: [(Group::NeedsPerson, 2), (Group::Resolved, 29)]
            .into_iter()
            .collect(),
        planned: 0,
        unread_notices: 0,
        losses: 0,
        headline: None,
        period: None,
        period_known: true,
        sync,
        store_trouble: None,
        store_opening: false,
        store_progress: None,
        spill: None,
    }
}

struct Desk {
    trial: Trial,
    pane: State,
    notes: Vec<Note>,
}

impl Desk {
    /// Opened on these notes.
    fn new(notes: Vec<Note>) -> Self {
        let mut desk = Self {
            trial: Trial::new(),
            pane: State::default(),
            notes,
        };
        desk.trial.known.status = Some(status(SyncState::Idle));
        desk.trial.with(|cx| desk.pane.opened(cx));
        desk.answer();
        desk
    }

    /// Answers a question for a window, if there is one; what was asked.
    fn answer(&mut self) -> Vec<ToDesk> {
        let sent = self.trial.sent();
        for message in &sent {
            if let ToDesk::Ledger {
                ticket,
                filter,
                offset,
                limit,
            } = message
            {
                let all: Vec<LedgerRow> = self
                    .notes
                    .iter()
                    .map(|n| row(n, "住所を足す"))
                    .filter(|r| filter.groups.is_empty() || filter.groups.contains(&r.group))
                    .filter(|r| r.name.contains(&filter.text))
                    .collect();
                let page = LedgerPage {
                    offset: *offset,
                    matching: all.len(),
                    total: self.notes.len(),
                    rows: all.into_iter().skip(*offset).take(*limit).collect(),
                };
                let ticket = *ticket;
                self.hear(&ToFront::Page {
                    ticket,
                    page: Box::new(page),
                });
            }
        }
        sent
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

    fn hear(&mut self, message: &ToFront) {
        self.trial.with(|cx| self.pane.hear(cx, message));
    }

    /// Answers the question given out last with a note.
    fn noted(&mut self, note: &Note) {
        let ticket = self.trial.ticket();
        self.hear(&ToFront::Noted {
            ticket,
            note: Box::new(note.clone()),
            spilled: false,
        });
    }

    fn rows(&self) -> Vec<String> {
        body(|canvas| self.pane.view(&self.trial.known, self.trial.now, canvas))
    }

    fn text(&self) -> String {
        self.rows().join("\n")
    }

    /// The id of the note with the mark.
    fn chosen(&self) -> String {
        self.pane.window.chosen().map(|r| r.id.0.clone()).unwrap()
    }
}

fn three() -> Vec<Note> {
    let mut first = note(1, NoteState::NeedsPerson(Need::NotFound));
    first.content.name = "高橋　一郎".to_owned();
    vec![
        first,
        note(2, NoteState::NeedsPerson(Need::TooMany)),
        note(3, NoteState::Noted),
    ]
}

fn resolved() -> NoteState {
    NoteState::Resolved(Box::new(Resolution {
        answer: crate::domain::entitlement::Eligibility {
            validity: crate::domain::entitlement::Validity::Invalid,
            entitlements: Vec::new(),
            check_date: date(2026, 11, 20),
            executed: String::new(),
            remark: None,
        },
        way: Way::Noted,
        at: "2026-11-20T10:05:12+09:00".parse().unwrap(),
        confirmed_by: None,
    }))
}

fn candidates(count: usize) -> NoteState {
    let list = (0..count)
        .map(|n| Candidate {
            key: n.to_string(),
            name: "佐藤　花子".to_owned(),
            kana: String::new(),
            birth_date: crate::domain::entitlement::GivenDate::NotGiven,
            sex: None,
            address: String::new(),
            insurer_name: String::new(),
        })
        .collect();
    NoteState::NeedsPerson(Need::Candidates {
        way: Way::Noted,
        list,
    })
}

#[test]
fn the_list_at_80_by_24() {
    let mut desk = Desk::new(three());
    desk.press(&["Down"]);
    let rows = desk.rows();
    assert_eq!(
        rows.iter().take(6).collect::<Vec<_>>(),
        [
            "  絞り込み: すべて    検索:  氏名・カナ・番号・生年月日の一部             3 件",
            "  ────────────────────────────────────────────────────────────────────────────",
            "  受付    氏名              生年月日          状態        次にすること",
            "  09:41   高橋　一郎        昭63.01.07 女     該当なし    住所を足す",
            "> 09:41   サトウ　ハナコ    昭63.01.07 女     6 件以上    住所を足す",
            "  09:41   サトウ　ハナコ    昭63.01.07 女     未照会      住所を足す",
        ]
    );
    assert_eq!(
        rows.last().unwrap(),
        " 要確認 2  保留 0  照会中 0  未照会 0  解決 29  完了 0  取消 0"
    );
}

#[test]
fn an_empty_ledger_says_what_to_do() {
    let text = Desk::new(Vec::new()).text();
    assert!(text.contains("控えはまだありません"), "{text}");
    assert!(text.contains("F2 で 4情報を控える"), "{text}");
}

#[test]
fn opening_a_note_leads_where_its_state_says() {
    let mut desk = Desk::new(three());
    desk.press(&["Down", "F12"]);
    assert!(matches!(
        desk.answer().as_slice(),
        [ToDesk::OpenNote { .. }]
    ));
    let opened = desk.notes[1].clone();
    desk.noted(&opened);
    assert!(matches!(desk.trial.went, Some(Go::Push(Pane::Case(_)))));

    let mut open = opened.clone();
    open.state = NoteState::Waiting { not_before: None };
    desk.press(&["F12"]);
    desk.noted(&open);
    let text = desk.text();
    for says in [
        "20261120-0002  11/20 09:41 受付 002",
        "電話 03-0000-0000",
        "10:05:12 カナ・昭63.01.07・女・東京都で 6 件以上",
    ] {
        assert!(text.contains(says), "{says}\n{text}");
    }

    let mut choice = opened.clone();
    choice.state = candidates(2);
    desk.press(&["F12"]);
    desk.noted(&choice);
    assert!(matches!(
        desk.trial.went,
        Some(Go::Push(Pane::Candidates(_)))
    ));

    let mut resolved = opened;
    resolved.state = NoteState::Resolved(Box::new(Resolution {
        answer: crate::domain::entitlement::Eligibility {
            validity: crate::domain::entitlement::Validity::Invalid,
            entitlements: Vec::new(),
            check_date: date(2026, 11, 20),
            executed: String::new(),
            remark: None,
        },
        way: Way::Noted,
        at: desk.trial.now.wall,
        confirmed_by: None,
    }));
    desk.press(&["F12"]);
    desk.noted(&resolved);
    assert!(matches!(desk.trial.went, Some(Go::Push(Pane::Result(_)))));

    desk.press(&["F3"]);
    desk.noted(&choice);
    assert!(matches!(desk.trial.went, Some(Go::Push(Pane::Note(_)))));
}

#[test]
fn filters_by_group_and_by_what_is_typed() {
    let mut desk = Desk::new(three());
    desk.press(&["F6"]);
    let sent = desk.answer();
    assert!(matches!(sent.as_slice(), [ToDesk::Ledger { filter, .. }]
            if filter.groups == [Group::NeedsPerson, Group::Resolved]));
    assert!(desk.text().contains("絞り込み: 自分の番"));
    desk.press(&["F6"]);
    let sent = desk.answer();
    assert!(
        matches!(sent.as_slice(), [ToDesk::Ledger { filter, .. }] if filter.groups == [Group::NeedsPerson])
    );
    assert!(desk.text().contains("3 件中 2 件"));
    for _ in 1..Group::ALL.len() {
        desk.press(&["F6"]);
        desk.answer();
    }
    assert!(desk.text().contains("この絞り込みに合う控えはありません"));
    desk.press(&["F6"]);
    let sent = desk.answer();
    assert!(matches!(sent.as_slice(), [ToDesk::Ledger { filter, .. }]
            if filter.follow && filter.groups.is_empty()));
    assert!(desk.text().contains("絞り込み: 再照会の予定"));
    desk.press(&["F6"]);
    desk.answer();
    assert!(desk.text().contains("絞り込み: すべて"));
    desk.press(&["高", "橋"]);
    desk.answer();
    desk.answer();
    let text = desk.text();
    assert!(
        text.contains("検索: 高橋") && text.contains("3 件中 1 件"),
        "{text}"
    );
    desk.press(&["Esc"]);
    desk.answer();
    assert!(desk.trial.went.is_none(), "the first Esc ends the search");
    assert!(!desk.text().contains("件中"));
}

#[test]
fn the_chosen_note_stays_chosen_when_the_ledger_changes() {
    let mut desk = Desk::new(three());
    desk.press(&["Down"]);
    assert_eq!(desk.chosen(), "20261120-0002");
    desk.notes.insert(0, note(9, NoteState::Noted));
    desk.hear(&ToFront::LedgerChanged);
    desk.answer();
    assert_eq!(desk.chosen(), "20261120-0002");
    // Many changes while one window is on its way make one more question.
    for _ in 0..10 {
        desk.hear(&ToFront::LedgerChanged);
    }
    assert_eq!(desk.answer().len(), 1);
    assert_eq!(desk.answer().len(), 1);
    assert_eq!(desk.answer().len(), 0);
}

#[test]
fn a_long_ledger_is_read_window_by_window() {
    let mut desk = Desk::new((0..1000).map(|n| note(n, NoteState::Noted)).collect());
    desk.press(&["End"]);
    desk.answer();
    assert_eq!(desk.chosen(), "20261120-0999");
    assert!(desk.text().contains('>'));
    desk.press(&["PageUp", "Up"]);
    desk.answer();
    assert_eq!(desk.chosen(), "20261120-0991");
    desk.press(&["Home"]);
    desk.answer();
    assert_eq!(desk.chosen(), "20261120-0000");
}

#[test]
fn cancelling_asks_why_and_once_more() {
    let mut desk = Desk::new(three());
    desk.press(&["F8"]);
    assert_eq!(desk.pane.context(), Context::Reason);
    desk.press(&["Enter"]);
    assert!(desk.trial.said().contains("理由"));
    desk.press(&["帰", "宅", "Enter"]);
    assert!(desk.text().contains("取消の理由  帰宅"));
    desk.press(&["Enter"]);
    assert_eq!(desk.answer(), [], "Enter alone cancels nothing");
    desk.press(&["F12"]);
    let sent = desk.answer();
    assert!(
        matches!(sent.as_slice(), [ToDesk::CancelNote { reason, revision: 1, .. }] if reason == "帰宅"),
        "{sent:?}"
    );
    let cancelled = desk.notes[0].clone();
    desk.noted(&cancelled);
    assert!(desk.trial.said().contains("取り消しました"));

    desk.press(&["F8", "x", "Esc"]);
    assert_eq!(desk.pane.context(), Context::Ledger);
    desk.press(&["F8", "y", "F1", "F8"]);
    assert!(desk.text().contains("取消の理由  y"), "F1 loses nothing");
}

#[test]
fn dom_44_the_personal_number_goes_as_soon_as_it_is_typed() {
    let digits: Vec<String> = "123456789018".chars().map(String::from).collect();
    let digits: Vec<&str> = digits.iter().map(String::as_str).collect();
    for keys in [&["F8"][..], &[]] {
        let mut desk = Desk::new(three());
        desk.press(keys);
        desk.press(&digits);
        desk.answer();
        assert!(desk.trial.said().contains("個人番号"), "{keys:?}");
        assert!(!desk.text().contains("9018"), "{}", desk.text());
    }
}

#[test]
fn asked_once_more_the_outcome_is_said_though_the_row_looks_as_before() {
    let not_found = NoteState::NeedsPerson(Need::NotFound);
    let mut desk = Desk::new(vec![note(7, not_found.clone())]);
    desk.press(&["F5"]);
    desk.answer();
    let waiting = note(7, NoteState::Waiting { not_before: None });
    desk.notes = vec![waiting.clone()];
    desk.noted(&waiting);
    desk.answer();
    assert!(
        desk.trial.said().contains("を照会します"),
        "{}",
        desk.trial.said()
    );
    desk.notes = vec![note(7, not_found)];
    desk.hear(&ToFront::LedgerChanged);
    desk.answer();
    assert_eq!(
        desk.trial.said(),
        "控え 20261120-0007: もう一度照会しました。該当なし"
    );
    desk.trial.message = None;
    desk.hear(&ToFront::LedgerChanged);
    desk.answer();
    assert_eq!(desk.trial.said(), "", "once");
}

#[test]
fn an_empty_list_says_one_thing_about_why() {
    // No note at all; nothing in the group; nothing that is searched.
    let mut desk = Desk::new(Vec::new());
    desk.press(&["x"]);
    desk.answer();
    let hint = desk.pane.hint(&desk.trial.known);
    assert_eq!(hint, "{note} で 4情報を控えます。");
    assert!(
        desk.text().contains("控えはまだありません"),
        "{}",
        desk.text()
    );
    let mut desk = Desk::new(vec![note(7, NoteState::Noted)]);
    desk.press(&["F6"]);
    desk.answer();
    let hint = desk.pane.hint(&desk.trial.known);
    assert_eq!(hint, "{filter} で絞り込みを切り替えます。");
    desk.press(&["x"]);
    desk.answer();
    let hint = desk.pane.hint(&desk.trial.known);
    assert_eq!(
        hint,
        "{leave} で検索をやめ、{filter} で絞り込みを切り替えます。"
    );
}

#[test]
fn no_key_is_named_that_a_login_checked_by_the_desk_alone_does_not_have() {
    let state = State::default();
    assert!(state.list_hint(true, false).contains("{note}"));
    let mut desk = Desk::new(three());
    let hint = |desk: &Desk, decides| desk.pane.list_hint(decides, true);
    for _ in 0..3 {
        assert!(hint(&desk, false).contains("{submit}"));
        for refused in ["{cancel}", "{retry}", "{settle}", "{sync}"] {
            assert!(
                !hint(&desk, false).contains(refused),
                "{}",
                hint(&desk, false)
            );
        }
        desk.press(&["Down"]);
    }
}
