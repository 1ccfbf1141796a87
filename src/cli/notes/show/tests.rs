use super::{line, words};
use crate::domain::note::{Block, Group, NoteId, NoteState};
use crate::front::trial::noted;
use crate::front::wording;
use crate::link::message::LedgerRow;
use jiff::civil::date;

const LONG: &str = "寿限無寿限無五劫擦切海砂利水魚水行末雲来末風来末";

fn row(name: &str) -> LedgerRow {
    LedgerRow {
        id: NoteId("20261120-0007".to_owned()),
        revision: 1,
        taken: "2026-11-20T00:12:00Z".parse().unwrap(),
        name: name.to_owned(),
        birth_date: date(1954, 3, 26),
        sex: None,
        follow: None,
        group: Group::Open,
        state: "未照会".to_owned(),
        next: "復旧を待つ".to_owned(),
        held: None,
        block: None,
    }
}

#[test]
fn dom_52_a_row_cuts_no_name() {
    let all = line(&row(LONG), false);
    assert!(all.contains(&format!("{LONG}  1954")), "{all}");
    assert!(all.ends_with("復旧を待つ\n"), "{all}");
}

#[test]
fn dom_45_a_row_has_names_in_part_and_gaiji_as_one_sign() {
    let hidden = line(&row("作物　\u{e000}子"), true);
    assert!(hidden.contains("作物　〇〇"), "{hidden}");
    let whole = line(&row("作物　\u{e000}子"), false);
    assert!(whole.contains("作物　〓子"), "{whole}");
    assert!(!whole.contains("U+"), "{whole}");
}

#[test]
fn an_opened_note_tells_the_code_of_gaiji_and_draws_none() {
    let mut note = noted(NoteState::Noted);
    note.content.name = "作物\u{e000}子".to_owned();
    note.content.address = "見本町\u{f0001}番".to_owned();
    let text = words(&note, &[]);
    assert!(text.contains("氏名: 作物〓子\n"), "{text}");
    assert!(text.contains("住所: 見本町〓番\n"), "{text}");
    assert!(text.contains("文字コード: U+E000、U+F0001"), "{text}");
    assert!(!text.contains('\u{e000}'), "{text}");
}

#[test]
fn a_blocked_note_says_why_and_what_unblocks_it() {
    let note = noted(NoteState::Blocked(Block::NoRight));
    let standing = wording::explained(&note, None, date(2026, 11, 20), &[]);
    let text = words(&note, &standing);
    assert!(text.contains("状態: 保留\n  保留: 4情報での照会"), "{text}");
    assert!(text.contains("ログインしてください"), "{text}");
}
