//! A note from outside (an export of another machine) before anything is done
//! with it: cleaned, of bounded size, without a 個人番号 (DOM-44, SEC-34).

use super::{Change, Note, NoteState, decided};
use crate::domain::number::holds_personal_number;
use crate::text::clean::clean;
use jiff::Timestamp;
use jiff::civil::Date;
use serde_json::Value;

/// Bytes of one note as JSON; fits a journal record.
pub const LONGEST: usize = 768 * 1024;
/// Characters of one text in it.
const LONGEST_TEXT: usize = 4000;
/// Characters of an id.
const LONGEST_ID: usize = 32;

/// The note as it may be taken in, or why not (one Japanese sentence, which
/// repeats nothing of the note but its number).
pub fn admit(note: &Note, by: &str, at: Timestamp) -> Result<Note, String> {
    let shown = id(note)?;
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
    let Ok(note) = serde_json::from_value::<Note>(value) else {
        return refuse("読めません。");
    };
    let days = |day: Date| (1000..=9999).contains(&day.year());
    if !days(note.content.birth_date) || !days(note.content.visit_date) || note.revision == 0 {
        return refuse("日付か版が正しくありません。");
    }
    match &note.state {
        NoteState::Resolved(resolution) | NoteState::Settled(resolution)
            if !decided(&resolution.answer) =>
        {
            refuse("解決とありますが、資格の返事がありません。")
        }
        // Nobody waits for that question here.
        NoteState::Asking { .. } => note
            .changed(note.revision, Change::Requeue, by, at)
            .or_else(|_| refuse("状態が正しくありません。")),
        _ => Ok(note),
    }
}

fn id(note: &Note) -> Result<String, String> {
    let id = &note.id.0;
    let plain = id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    if plain && (1..=LONGEST_ID).contains(&id.len()) {
        Ok(id.clone())
    } else {
        Err("控えの番号が正しくありません。".to_owned())
    }
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
    use crate::domain::note::{NoteContent, NoteId, Way};
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
        admit(note, "001", Timestamp::UNIX_EPOCH)
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
    fn rel_12_a_question_under_way_elsewhere_is_asked_again_here() {
        let mut note = note();
        note.state = NoteState::Asking { way: Way::Card };
        let taken = admitted(&note).unwrap();
        assert!(matches!(taken.state, NoteState::Waiting { .. }));
    }
}
