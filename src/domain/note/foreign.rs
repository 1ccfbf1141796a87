//! A note from outside (an export of another machine) before anything is done
//! with it: cleaned, of bounded size, without a 個人番号 (DOM-44, SEC-34).

use super::{Note, NoteState, decided};
use crate::domain::number::holds_personal_number;
use crate::text::clean::clean;
use jiff::ToSpan;
use jiff::civil::Date;
use serde_json::Value;

/// Bytes of one note as JSON; fits a journal record.
pub const LONGEST: usize = 768 * 1024;
/// Characters of one text in it.
const LONGEST_TEXT: usize = 4000;
/// Changes of content nobody reaches by hand, and tries no setting allows.
const MOST_REVISIONS: u32 = 1_000_000;
/// Days the clock of another machine may be ahead.
const AHEAD: i32 = 31;

/// The note as it may be taken in, or why not (one Japanese sentence, which
/// repeats nothing of the note but its number). The same for the same note
/// whenever it comes, so that it is known again.
pub fn admit(note: &Note, today: Date) -> Result<Note, String> {
    let shown = id(note, today)?;
    let refuse = |why: &str| Err(format!("控え {shown}: {why}"));
    let Ok(mut value) = serde_json::to_value(note) else {
        return refuse("読めません。");
    };
    if value.to_string().len() > LONGEST {
        return refuse("大きすぎます。");
    }
    for part in ["content", "earlier", "history"] {
        if value.get(part).is_some_and(personal) {
            return refuse("個人番号（マイナンバー）のような番号があります。取り込めません。");
        }
    }
    if !tidy(&mut value) {
        return refuse("長すぎる項目があります。");
    }
    let Ok(mut note) = serde_json::from_value::<Note>(value) else {
        return refuse("読めません。");
    };
    let days = |day: Date| (1000..=9999).contains(&day.year());
    if !days(note.content.birth_date) || !days(note.content.visit_date) {
        return refuse("日付が正しくありません。");
    }
    let counted = |number: u32| number <= MOST_REVISIONS;
    if note.revision == 0 || !counted(note.revision) || !counted(note.attempts) {
        return refuse("版か照会の回数が正しくありません。");
    }
    match &note.state {
        NoteState::Resolved(resolution) | NoteState::Settled(resolution)
            if !decided(&resolution.answer) =>
        {
            refuse("解決とありますが、資格の返事がありません。")
        }
        // Nobody waits for that question here, and what blocked it was the
        // world of the other machine.
        NoteState::Asking { .. } | NoteState::Blocked(_) => {
            note.state = NoteState::Waiting { not_before: None };
            Ok(note)
        }
        _ => Ok(note),
    }
}

/// The number of the note, if it may stand among ours (REL-11).
fn id(note: &Note, today: Date) -> Result<String, String> {
    let Some(parts) = note.id.parts() else {
        return Err("控えの番号が正しくありません。".to_owned());
    };
    if parts.day > today.saturating_add(AHEAD.days()) {
        let why = "番号の日付が先すぎます。この端末の時計を確かめてください。";
        return Err(format!("控え {}: {why}", note.id));
    }
    Ok(note.id.0.clone())
}

fn personal(value: &Value) -> bool {
    match value {
        Value::String(text) => holds_personal_number(text),
        Value::Array(list) => list.iter().any(personal),
        Value::Object(map) => map.values().any(personal),
        _ => false,
    }
}

/// Cleans every text; `false` if one is too long.
fn tidy(value: &mut Value) -> bool {
    match value {
        Value::String(text) => {
            *text = clean(text);
            text.chars().count() <= LONGEST_TEXT
        }
        Value::Array(list) => list.iter_mut().all(tidy),
        Value::Object(map) => map.values_mut().all(tidy),
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::note::{Block, NoteContent, NoteId, Way};
    use jiff::Timestamp;
    use jiff::civil::date;

    fn note() -> Note {
        let content = NoteContent::bare(date(1954, 3, 26), date(2026, 11, 20));
        let id = NoteId("20261120-0001".to_owned());
        Note::take(
            id,
            "窓口".to_owned(),
            "003",
            Timestamp::UNIX_EPOCH,
            true,
            content,
        )
    }

    fn admitted(note: &Note) -> Result<Note, String> {
        admit(note, date(2026, 11, 20))
    }

    #[test]
    fn a_good_note_is_taken_as_it_is() {
        assert_eq!(admitted(&note()), Ok(note()));
    }

    #[test]
    fn dom_44_sec_34_what_may_not_come_in() {
        let with = |change: fn(&mut Note)| {
            let mut note = note();
            change(&mut note);
            admitted(&note)
        };
        for refused in [
            with(|note| note.content.remark = "番号は 1234-5678-9018".to_owned()),
            with(|note| note.history[0].text = "123456789018".to_owned()),
            with(|note| {
                let mut content = note.content.clone();
                content.telephone = "123456789018".to_owned();
                note.earlier.push(content);
            }),
            with(|note| note.content.name = "あ".repeat(5000)),
            with(|note| note.id.0 = "../../x".to_owned()),
            with(|note| note.id.0 = "\u{1b}[2J".to_owned()),
            with(|note| note.revision = 0),
        ] {
            let why = refused.unwrap_err();
            assert!(!why.contains("9018") && !why.contains('\u{1b}'), "{why}");
        }
        let cleaned = with(|note| note.content.name = "試\u{1b}[31m験\u{202e}".to_owned());
        assert!(
            !cleaned
                .unwrap()
                .content
                .name
                .contains(['\u{1b}', '\u{202e}'])
        );
    }

    #[test]
    fn rel_11_only_what_is_built_like_ours_and_of_bounded_counts() {
        let with = |change: fn(&mut Note)| {
            let mut note = note();
            change(&mut note);
            admitted(&note).is_ok()
        };
        for (change, expected) in [
            (
                |note: &mut Note| note.id.0 = "20261120-4294967295".to_owned(),
                false,
            ),
            (
                |note: &mut Note| note.id.0 = "20261120-00000001".to_owned(),
                false,
            ),
            (
                |note: &mut Note| note.id.0 = "20261120-9999999".to_owned(),
                true,
            ),
            (
                |note: &mut Note| note.id.0 = "20261120-S001".to_owned(),
                true,
            ),
            (
                |note: &mut Note| note.id.0 = "20261320-0001".to_owned(),
                false,
            ),
            (
                |note: &mut Note| note.id.0 = "20261221-0001".to_owned(),
                true,
            ),
            (
                |note: &mut Note| note.id.0 = "20261222-0001".to_owned(),
                false,
            ),
            (
                |note: &mut Note| note.id.0 = "99991231-0001".to_owned(),
                false,
            ),
            (|note: &mut Note| note.id.0 = "abc".to_owned(), false),
            (|note: &mut Note| note.revision = u32::MAX, false),
            (|note: &mut Note| note.revision = 1_000_000, true),
            (|note: &mut Note| note.attempts = u32::MAX, false),
        ] as [(fn(&mut Note), bool); 12]
        {
            let mut shown = note();
            change(&mut shown);
            let what = (shown.id, shown.revision, shown.attempts);
            assert_eq!(with(change), expected, "{what:?}");
        }
    }

    #[test]
    fn rel_12_what_waited_for_another_world_is_asked_for_here() {
        for state in [
            NoteState::Asking { way: Way::Card },
            NoteState::Blocked(Block::NoLogin),
        ] {
            let mut note = note();
            note.state = state;
            let taken = admitted(&note).unwrap();
            assert_eq!(taken.state, NoteState::Waiting { not_before: None });
            // Known again, however often and whenever it comes.
            assert_eq!(admit(&note, date(2026, 11, 25)), Ok(taken));
        }
    }
}
