use super::*;
use jiff::civil::date;

#[test]
fn rel_14_no_count_comes_round() {
    let content = NoteContent::bare(date(1954, 3, 26), date(2026, 11, 20));
    let at = Timestamp::UNIX_EPOCH;
    let id = NoteId("20261120-0001".to_owned());
    let edit = Change::Edit(Box::new(content.clone()));
    let mut note = Note::take(id, "窓口".to_owned(), "003", at, true, content);
    note.revision = u32::MAX;
    note.attempts = u32::MAX;
    let refused = note.changed(u32::MAX, edit, "003", at);
    assert!(matches!(refused, Err(Failure::WrongState { .. })));
    let asked = (note.changed(u32::MAX, Change::Ask(Way::Noted), "", at)).unwrap();
    let outcome = Outcome::Retry {
        retry_after: None,
        what: String::new(),
    };
    let answer = Change::Answer {
        way: Way::Noted,
        outcome,
        not_before: None,
        steps: Vec::new(),
    };
    let failed = asked.changed(u32::MAX, answer, "", at).unwrap();
    assert_eq!(failed.attempts, u32::MAX);
}

#[test]
fn a_note_does_not_grow_without_end() {
    let content = NoteContent::bare(date(1954, 3, 26), date(2026, 11, 20));
    let at = Timestamp::UNIX_EPOCH;
    let id = NoteId("20261120-0001".to_owned());
    let mut note = Note::take(id, "窓口".to_owned(), "003", at, true, content);
    for n in 0..400 {
        let mut content = note.content.clone();
        content.remark = n.to_string();
        note = note
            .changed(note.revision, Change::Edit(Box::new(content)), "003", at)
            .unwrap();
    }
    assert_eq!(note.revision, 401);
    assert_eq!(note.history.len(), 300);
    assert_eq!(note.history[0].text, "控えました。");
    assert_eq!(note.history[299].text, "内容を直しました（第 401 版）。");
    assert_eq!(note.earlier.len(), 50);
    assert_eq!(note.earlier[49].remark, "398");
}
