//! A journal record as a line of the audit log: who did what to which note,
//! and how it went. Of a patient it says nothing but the note's id, the
//! insurer and the end of a number (SEC-27).

use super::Content;
use super::anchor::hex;
use crate::domain::card::KeyKind;
use crate::domain::entitlement::Validity;
use crate::domain::note::{Method, Need, Note, NoteId, NoteState};
use crate::domain::outcome::Outcome;
use crate::store::frame::Header;
use crate::store::record::{Masked, What};
use jiff::Timestamp;
use std::collections::HashMap;

/// Digits of the hash that a line shows.
const HASH: usize = 16;

/// Characters of a text that comes from outside.
const LONGEST: usize = 64;

/// One line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Number of the record.
    pub seq: u64,
    /// Wall time.
    pub at: Timestamp,
    /// The desk's name.
    pub desk: String,
    /// ユーザID, or empty for the desk itself.
    pub user: String,
    /// Where the terminal was, as far as known.
    pub origin: String,
    /// What was done; [`action_label`] says it in words.
    pub action: String,
    /// The note, or empty.
    pub note: String,
    /// How it went; [`result_label`] says it in words.
    pub result: String,
    /// Whose numbers.
    pub numbers: Masked,
    /// The first digits of the chain's hash of this record.
    pub hash: String,
}

/// How a note stood in the record before.
struct Before {
    revision: u32,
    state: &'static str,
    outage: bool,
}

/// Turns records into lines; the records of a note are told apart by how it
/// stood before, so all are to be shown to it, in order.
#[derive(Default)]
pub struct Teller {
    notes: HashMap<NoteId, Before>,
}

impl Teller {
    /// The line of a record.
    pub fn line(&mut self, header: &Header, content: Content) -> Line {
        let mut line = Line {
            seq: header.seq,
            at: Timestamp::from_microsecond(header.at).unwrap_or_default(),
            desk: String::new(),
            user: String::new(),
            origin: String::new(),
            action: "unreadable".to_owned(),
            note: String::new(),
            result: String::new(),
            numbers: Masked::default(),
            hash: hex(&header.link()).chars().take(HASH).collect(),
        };
        let record = match content {
            Content::Is(record) => *record,
            Content::Erased => {
                "erased".clone_into(&mut line.action);
                return line;
            }
            Content::Sealed | Content::Bad => return line,
        };
        line.desk = record.desk;
        line.user = record.by;
        line.origin = record.origin;
        let (action, result) = match record.what {
            What::Note(note) => {
                line.note.clone_from(&note.id.0);
                if let Some(insurance) = &note.content.insurance {
                    line.numbers = Masked::of(insurance);
                }
                self.note(&note)
            }
            What::Viewed(id) => {
                line.note = id.0;
                ("note-view", word(Outcome::Ok))
            }
            What::TakenOver { id, from } => {
                line.note = id.0;
                let from = if from.is_empty() {
                    word(Outcome::Ok)
                } else {
                    from
                };
                ("note-take-over", from)
            }
            What::Listed { groups, narrowed } => {
                let groups = groups.iter().map(|group| group.label());
                let narrowed = narrowed.then_some("絞り込み");
                let shown: Vec<_> = groups.chain(narrowed).collect();
                let all = if shown.is_empty() {
                    Outcome::All.code()
                } else {
                    ""
                };
                ("ledger", all.to_owned() + &shown.join("・"))
            }
            What::LookedUp {
                method,
                outcome,
                numbers,
                chosen,
            } => {
                line.numbers = numbers;
                let action = match method {
                    _ if chosen => "choose",
                    Method::Four => "search",
                    Method::Card => "lookup",
                };
                (action, verdict(&outcome))
            }
            What::Registered { numbers } => {
                line.numbers = numbers;
                ("register", word(Outcome::Ok))
            }
            What::Downloaded { file, numbers } => {
                line.numbers = numbers;
                ("download", file)
            }
            What::Printed { kind: _, file } => ("print", file),
            What::Opening(_) => ("opening", word(Outcome::Ok)),
            What::Loss(loss) => {
                let action = if loss.read { "loss-read" } else { "loss-told" };
                let first = loss.text.lines().next().unwrap_or_default();
                (action, first.to_owned())
            }
            What::Refused { action, note, why } => {
                line.note = note;
                line.action = action;
                line.result = short(&why);
                return line;
            }
            What::CardViewed { kind } => ("card-view", kind.label().to_owned()),
            What::CardUsed {
                prove,
                key,
                outcome,
                left,
            } => {
                let action = if prove { "card-prove" } else { "card-read" };
                (action, used(key, &outcome, left))
            }
            What::CardNotes { notes } => ("card-notes", format!("notes-{notes}")),
            What::LocksListed => ("locks", word(Outcome::Ok)),
            // Who was let in again; who did it stays in the column.
            What::Login { user, outcome } if outcome == Outcome::Unlocked.code() => {
                ("unlock", user)
            }
            What::Login { user, outcome } => {
                line.user = user;
                ("login", outcome)
            }
            What::Logout { why } => ("logout", why),
            What::Sync { run: true } => ("sync-start", word(Outcome::Ok)),
            What::Sync { run: false } => ("sync-stop", word(Outcome::Ok)),
            What::NotesExported { notes } => ("notes-export", notes.to_string()),
            What::NotesImported { taken, here } => {
                ("notes-import", format!("{taken} 件、重複 {here} 件"))
            }
            What::AuditExported => ("audit-export", word(Outcome::Ok)),
            What::AuditExportedHere { uid, name } => {
                let name = short(&name);
                (
                    "audit-export",
                    format!("この機械の OS の利用者 {name}（uid {uid}）"),
                )
            }
            What::AuditVerified { findings: 0 } => ("audit-verify", word(Outcome::Clean)),
            What::AuditVerified { findings } => ("audit-verify", format!("findings-{findings}")),
            What::Staff(kept) => {
                line.user = kept.user;
                ("staff", String::new())
            }
            What::Line { state, .. } => ("line", state),
            What::SpillTaken { files, .. } => {
                let lost: u64 = files.iter().map(|file| file.lost).sum();
                let ok = || "ok".to_owned();
                let result = (lost > 0).then(|| format!("lost-{lost}"));
                ("spill-taken", result.unwrap_or_else(ok))
            }
            What::Started { version } => ("desk-start", version),
            What::Stopped => ("desk-stop", word(Outcome::Ok)),
        };
        action.clone_into(&mut line.action);
        line.result = short(&result);
        line
    }

    fn note(&mut self, note: &Note) -> (&'static str, String) {
        let (state, result) = state(&note.state);
        let now = Before {
            revision: note.revision,
            state,
            outage: note.during_outage,
        };
        let before = self.notes.insert(note.id.clone(), now);
        let confirmed = matches!(&note.state,
            NoteState::Resolved(resolution) if resolution.confirmed_by.is_some());
        let action = match before {
            None => "note-take",
            Some(before) if before.revision < note.revision => "note-edit",
            Some(before) if !before.outage && note.during_outage => "note-outage",
            Some(before) if before.state == state => "note-change",
            Some(before) if state == "waiting" && before.state == "asking" => "note-wait",
            Some(_) => match state {
                "resolved" if confirmed => "note-confirm",
                "resolved" => "note-resolve",
                "settled" => "note-settle",
                "cancelled" => "note-cancel",
                "asking" => "note-ask",
                "needs-person" => "note-person",
                "waiting" => "note-retry",
                _ => "note-change",
            },
        };
        (action, result)
    }
}

/// The state's code, and what is to be said of it.
fn state(state: &NoteState) -> (&'static str, String) {
    match state {
        NoteState::Noted => ("noted", word(Outcome::Ok)),
        NoteState::Waiting { .. } => ("waiting", word(Outcome::Waiting)),
        NoteState::Blocked(_) => ("blocked", word(Outcome::Blocked)),
        NoteState::Asking { way } => ("asking", way.label().to_owned()),
        NoteState::NeedsPerson(need) => (
            "needs-person",
            match need {
                Need::Candidates { list, .. } => format!("several-{}", list.len()),
                Need::Confirm { .. } => word(Outcome::Confirm),
                Need::TooMany => word(Outcome::TooMany),
                Need::NotFound => word(Outcome::None),
                Need::SeveralBranches => word(Outcome::SeveralBranches),
                Need::Refused { .. } => word(Outcome::Refused),
                Need::Unanswered => word(Outcome::NoAnswer),
            },
        ),
        NoteState::Resolved(resolution) => ("resolved", verdict(resolution.answer.validity.code())),
        NoteState::Settled(resolution) => ("settled", verdict(resolution.answer.validity.code())),
        NoteState::Cancelled { .. } => ("cancelled", word(Outcome::Ok)),
    }
}

fn word(outcome: Outcome) -> String {
    outcome.code().to_owned()
}

/// A verdict's code as a word; anything else as it is.
fn verdict(outcome: &str) -> String {
    for (validity, word) in [
        (Validity::Valid, Outcome::Valid),
        (Validity::Invalid, Outcome::Invalid),
        (Validity::InvalidNewer, Outcome::InvalidNewer),
        (Validity::NotFound, Outcome::None),
        (Validity::Several, Outcome::Several),
        (Validity::ValidUnregistered, Outcome::ValidUnregistered),
    ] {
        if validity.code() == outcome {
            return word.code().to_owned();
        }
    }
    outcome.to_owned()
}

/// Kind of key, outcome, and tries left: `face:ok:10`.
fn used(key: KeyKind, outcome: &str, left: Option<u8>) -> String {
    let key = match key {
        KeyKind::Face => "face",
        KeyKind::Pin => "pin",
        KeyKind::Authentication => "auth",
    };
    let left = left.map_or_else(String::new, |left| format!(":{left}"));
    format!("{key}:{outcome}{left}")
}

/// What [`used`] made, in words.
fn used_label(result: &str) -> Option<String> {
    let mut parts = result.split(':');
    let key = match parts.next()? {
        "face" => "照合番号B",
        "pin" => "入力補助用の暗証番号",
        "auth" => "利用者証明用の暗証番号",
        _ => return None,
    };
    let outcome = result_label(parts.next()?);
    let left = (parts.next()).map_or_else(String::new, |left| format!("、残り {left} 回"));
    Some(format!("{outcome}（{key}{left}）"))
}

fn short(text: &str) -> String {
    text.chars().take(LONGEST).collect()
}

/// What was done, in words; an unknown code as it is.
pub fn action_label(action: &str) -> &str {
    match action {
        "login" => "ログイン",
        "logout" => "ログアウト",
        "unlock" => "ロック解除",
        "lookup" => "番号で照会",
        "search" => "4情報で照会",
        "choose" => "候補を開く",
        "register" => "照会番号の登録",
        "download" => "ファイルに保存",
        "print" => "印刷",
        "ledger" => "控え帳を見る",
        "note-view" => "控えを見る",
        "note-take-over" => "控えを引き継ぐ",
        "note-take" => "控える",
        "note-edit" => "控えを直す",
        "note-cancel" => "控えを取り消す",
        "note-confirm" => "候補を選んで決める",
        "note-retry" => "もう一度照会する",
        "note-settle" => "完了にする",
        "note-ask" => "控えの照会を送る",
        "note-wait" => "控えの照会を待つ",
        "note-person" => "控えが要確認になる",
        "note-resolve" => "控えが解決する",
        "note-outage" => "障害中の控えと分かる",
        "note-absent" => "候補にいないとする",
        "note-follow" => "次に見る日を変える",
        "note-change" => "控えが変わる",
        "card-view" => "カードを見る",
        "card-read" => "カードの 4 情報を読む",
        "card-prove" => "カードに署名させる",
        "card-notes" => "カードの人の控えを探す",
        "opening" => "利用申出の手順",
        "locks" => "ロックの一覧を見る",
        "sync" => "照会の開始・停止",
        "sync-start" => "照会を始める",
        "sync-stop" => "照会を止める",
        "export" => "控えの書き出し",
        "import" => "控えの取り込み",
        "key-rotate" => "鍵の交換",
        "notes-export" => "控えの書き出し",
        "notes-import" => "控えの取り込み",
        "audit-export" => "操作の記録の書き出し",
        "audit-verify" => "操作の記録の検証（命令の報告）",
        "loss-told" => "失われた可能性の知らせ",
        "loss-read" => "失われた可能性の知らせを読む",
        "spill-taken" => "予備の記録を入れる",
        "staff" => "職員の情報の更新",
        "line" => "回線",
        "desk-start" => "窓口サービスの開始",
        "desk-stop" => "窓口サービスの終了",
        "unreadable" => "読めない記録",
        "erased" => "消された記録",
        other => other,
    }
}

/// How it went, in words; an unknown code as it is.
pub fn result_label(result: &str) -> String {
    if let Some(count) = result.strip_prefix("several-")
        && count.bytes().all(|b| b.is_ascii_digit())
    {
        return format!("候補 {count} 件");
    }
    if let Some(count) = result.strip_prefix("findings-") {
        return format!("異常 {count} か所と報告");
    }
    if let Some(count) = result.strip_prefix("lost-") {
        return format!("{count} 件の記録が失われている");
    }
    if let Some(count) = result.strip_prefix("notes-") {
        return format!("控え {count} 件");
    }
    if let Some(words) = used_label(result) {
        return words;
    }
    Outcome::of(result)
        .map_or(result, |outcome| outcome.words())
        .to_owned()
}
