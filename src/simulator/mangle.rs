//! Answers that come otherwise than they should (`set answer=…`): what is done
//! to their text is here, what is done to their bytes in the server.

use crate::simulator::fixtures::nearest;
use serde_json::Value;

/// What is done to an answer on its way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mangle {
    /// Carried out, and the connection ends without a word (F-35).
    Lost,
    /// The head comes a byte at a time, for ever (F-17).
    SlowHead,
    /// The body does (F-17).
    SlowBody,
    /// A body without end (F-31).
    Big,
    /// Said to be packed, as a bomb would be (F-31).
    Gzip,
    /// The answer comes twice (F-37).
    Twice,
    /// The answer to the question before (F-38).
    Swapped,
    /// The same, under this question's id (F-39).
    Stranger,
    /// Numbers, lists and nothing where texts belong (F-43).
    Types,
    /// A verdict nobody knows (F-43).
    Unknown,
    /// Control characters, bidi and no end in the texts (F-42).
    Control,
}

/// All, by the word that sets them.
const WORDS: [(&str, Mangle); 11] = [
    ("lost", Mangle::Lost),
    ("slow-head", Mangle::SlowHead),
    ("slow-body", Mangle::SlowBody),
    ("big", Mangle::Big),
    ("gzip", Mangle::Gzip),
    ("twice", Mangle::Twice),
    ("swapped", Mangle::Swapped),
    ("stranger", Mangle::Stranger),
    ("types", Mangle::Types),
    ("unknown", Mangle::Unknown),
    ("control", Mangle::Control),
];

/// Reads the value of `answer=`.
pub fn parse(value: &str) -> Result<Option<Mangle>, String> {
    if value == "off" {
        return Ok(None);
    }
    if let Some((_, mangle)) = WORDS.iter().find(|(word, _)| *word == value) {
        return Ok(Some(*mangle));
    }
    let words = || WORDS.iter().map(|(word, _)| *word);
    Err(match nearest(value, words()) {
        Some(near) => {
            format!("answer に「{value}」はありません。「{near}」ではありませんか。")
        }
        None => format!(
            "answer は {} か off です（「{value}」は使えません）。",
            words().collect::<Vec<_>>().join("、")
        ),
    })
}

/// Answers to questions about people, as they were last given: id and body.
#[derive(Debug, Default)]
pub struct Before(Option<(String, String)>);

impl Before {
    /// The text that leaves instead of `body`, the answer to the question
    /// `id`; questions that are about nobody have none and keep theirs.
    pub fn change(&mut self, mangle: Mangle, id: &str, body: String) -> String {
        if id.is_empty() {
            return body;
        }
        let before = self.0.replace((id.to_owned(), body.clone()));
        match (mangle, before) {
            (Mangle::Swapped, Some((_, other))) => other,
            (Mangle::Stranger, Some((theirs, other))) => other.replace(&theirs, id),
            (Mangle::Types | Mangle::Unknown | Mangle::Control, _) => rewritten(mangle, &body),
            _ => body,
        }
    }
}

fn rewritten(mangle: Mangle, body: &str) -> String {
    let Ok(mut value) = serde_json::from_str::<Value>(body) else {
        return body.to_owned();
    };
    let mut turn = 0;
    walk(&mut value, "", &mut |key, text| {
        turn += 1;
        match mangle {
            Mangle::Unknown if key == "QualificationValidity" => Value::from("77"),
            Mangle::Control if key.contains("Name") || key.contains("Address") => {
                Value::from(format!(
                    "\u{1b}[2J\u{202e}{text}\u{9b}31m\u{200b}\u{7}\u{2066}{}",
                    "長".repeat(4000)
                ))
            }
            Mangle::Types if key != "ArbitraryFileIdentifier" => match turn % 3 {
                0 => Value::Null,
                1 => Value::from(1e300),
                _ => Value::from(vec![text.to_owned()]),
            },
            _ => Value::from(text),
        }
    });
    value.to_string()
}

/// Every text, under the key it stands at.
fn walk(value: &mut Value, key: &str, change: &mut impl FnMut(&str, &str) -> Value) {
    match value {
        Value::Object(map) => {
            for (key, value) in map.iter_mut() {
                walk(value, key, change);
            }
        }
        Value::Array(list) => {
            for value in list {
                walk(value, key, change);
            }
        }
        Value::String(text) => {
            let new = change(key, text);
            *value = new;
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_is_read_or_the_nearest_named() {
        for (word, mangle) in WORDS {
            assert_eq!(parse(word), Ok(Some(mangle)));
        }
        assert_eq!(parse("off"), Ok(None));
        assert!(parse("swaped").unwrap_err().contains("「swapped」"));
        assert!(parse("zzzzzzzz").unwrap_err().contains("slow-body"));
    }

    #[test]
    fn f38_f39_the_answer_before_comes_with_its_id_or_with_ours() {
        let mut before = Before::default();
        let body = |id: &str, name: &str| format!("{{\"id\":\"{id}\",\"Name\":\"{name}\"}}");
        let first = before.change(Mangle::Swapped, "q-1", body("q-1", "a"));
        assert_eq!(first, body("q-1", "a"), "there is none before the first");
        let second = before.change(Mangle::Swapped, "q-2", body("q-2", "b"));
        assert_eq!(second, body("q-1", "a"));
        let third = before.change(Mangle::Stranger, "q-3", body("q-3", "c"));
        assert_eq!(third, body("q-3", "b"));
        let probe = before.change(Mangle::Swapped, "", "{}".to_owned());
        assert_eq!(probe, "{}");
    }
}
