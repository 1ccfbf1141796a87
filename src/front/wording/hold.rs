//! Sentences about a note that somebody else has open.

use crate::domain::hold::Holder;
use crate::domain::note::{Note, NoteId};
use crate::domain::time::clock_text;

/// Who has it, and what can be done about it; `keys` says by which.
pub fn held(id: &NoteId, by: &Holder, keys: &str) -> String {
    let (who, since) = (by.who(), clock_text(by.since));
    format!("{who} が控え {id} を {since} から開いています。引き継ぎますか？  {keys}")
}

/// The answers to it.
pub const TAKE_OR_LOOK: &str = "{submit} か 1 引き継ぐ  {leave} か 0 見るだけ";

/// It is this person's now.
pub fn taken(id: &NoteId) -> String {
    format!("控え {id} を引き継ぎました。相手の画面にも出ています。")
}

/// The other person has closed it.
pub fn free(id: &NoteId) -> String {
    format!("控え {id} が空きました。ここで続けられます。内容が変わっていないか確かめてください。")
}

/// Why a note is looked up anew.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Anew {
    /// Somebody else has let it go.
    Free,
    /// It was taken over from somebody else.
    Taken,
    /// What was wanted of it was refused.
    Refused,
}

/// What is said of a note that was looked up: nothing where it is as it was
/// and a sentence stands already. `stays`: its state is the same.
pub fn anew(why: Anew, note: &Note, same: bool, stays: bool) -> Option<String> {
    match (same, stays) {
        (true, _) => (why == Anew::Free).then(|| free(&note.id)),
        (false, true) => Some(format!(
            "控え {} は、ほかの画面で変わりました。今の内容を出しています。",
            note.id
        )),
        (false, false) => Some(moved_on(note)),
    }
}

/// The other person has done with it what this one was about to do.
pub fn moved_on(note: &Note) -> String {
    let (id, state) = (&note.id, note.state.label());
    format!("控え {id} は、ほかの画面で「{state}」になりました。")
}

/// Somebody else has taken it.
pub fn lost(id: &NoteId, by: &Holder, typed: bool) -> String {
    let kept = if typed {
        "入力は下書きに残っています。"
    } else {
        ""
    };
    let (who, at) = (by.who(), clock_text(by.since));
    format!("{who} が {at} に控え {id} を引き継ぎました。{kept}ここでは見るだけです。")
}

/// It is only looked at.
pub fn looking(id: &NoteId, by: &Holder) -> String {
    format!("控え {id} は見るだけです。{} が開いています。", by.who())
}

/// As long as it is: whose it is, and what can be done about it. `takes` if a
/// key takes it over from here; else every change asks for that.
pub fn theirs(by: &Holder, takes: bool) -> String {
    let how = if takes {
        "{submit} で引き継げます。"
    } else {
        "変えるときに引き継げます。"
    };
    format!("見るだけ: {} が開いています。{how}", by.who())
}

/// What the key is called that takes it over.
pub const TAKE: &str = "引き継ぐ";

/// In a row of the ledger.
pub fn row(by: &Holder) -> String {
    format!("使用中 {}", by.person())
}

/// Of the chosen row.
pub fn chosen(by: &Holder) -> String {
    let (who, since) = (by.who(), clock_text(by.since));
    format!("{who} が {since} から開いています。{{submit}} で見ます。")
}
