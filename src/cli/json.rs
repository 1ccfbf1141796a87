//! What scripts read: one JSON document a command, with names and words that
//! stay when the program behind them changes.
//!
//! | Field | Values |
//! | --- | --- |
//! | `state` of a note | `open`, `asking`, `blocked`, `needs-person`, `resolved`, `settled`, `cancelled` |
//! | `state_label` | the Japanese word of the ledger |
//! | `need` (state `needs-person`) | `candidates`, `too-many`, `not-found`, `several-branches`, `refused`, `unanswered` |
//! | `block` (state `blocked`) | `function-closed`, `no-right`, `no-capability`, `no-login`, `not-during-outage` |
//! | `method` | `card` (方法2), `four` (方法3) |
//! | `validity`, `validity_code` | `valid` 1, `invalid` 2, `invalid-newer` 3, `not-found` 4, `several` 5, `valid-unregistered` 6, `unknown` with the code as received |
//! | `sex` | `male`, `female`, `unset`; `null` where none was given |
//! | dates | `"2020-01-01"`; `null` where none was given; as received where it is none |
//! | moments | `"2026-11-20T03:15:00Z"` |
//! | failure | `{"error": {"code": …, "message": …}}`, with the exit code of the command |

use crate::domain::entitlement::{
    Candidate, DiseaseCertificate, ElderlyCertificate, Eligibility, Entitlement, GivenDate,
    LimitCertificate, Validity,
};
use crate::domain::insurance::InsuranceNumbers;
use crate::domain::note::{
    Block, Follow, Group, Method, Need, Note, NoteContent, NoteState, Resolution, Way,
};
use crate::domain::person::Sex;
use crate::link::message::LedgerRow;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// The end of `notes --help`.
pub const NOTES: &str = "\
--json では氏名も隠さずに出ます（画面と list の行は一部だけ）。
--json の値:
  state       open（未照会） asking（照会中） blocked（保留） needs-person（要確認）
              resolved（解決） settled（完了） cancelled（取消）
  need        candidates、too-many、not-found、several-branches、refused、unanswered
  block       function-closed、no-right、no-capability、no-login、not-during-outage
  method      card（方法2） four（方法3）
  sex         male、female、unset、null（記載なし）
  日付        \"2020-01-01\"、null（記載なし）
  失敗        {\"error\": {\"code\": …, \"message\": …}}
終了コード: 0 できた、1 答えが否か人の手が要る、2 書き方か設定の誤り、
            3 つながらない、4 保存先の誤り
";

/// The end of `lookup --help`.
pub const LOOKUP: &str = "\
--json の値:
  validity    valid（有効） invalid（無効） invalid-newer（無効・新しい資格あり）
              not-found（該当資格なし） several（複数該当）
              valid-unregistered（有効・未登録） unknown（有効とも無効とも言えない）
  validity_code  受け取ったままの番号
  sex         male、female、unset、null（記載なし）
  日付        \"2020-01-01\"、null（記載なし）、日付でないものは受け取ったまま
  失敗        {\"error\": {\"code\": …, \"message\": …}}
終了コード: 0 有効、1 有効と言えない、2 書き方か設定の誤り、3 つながらない、4 保存先の誤り
";

/// What did not happen.
pub fn failure(word: &str, message: &str) -> Value {
    json!({ "error": { "code": word, "message": message } })
}

/// A group of notes.
pub fn group(group: Group) -> &'static str {
    match group {
        Group::Open => "open",
        Group::Blocked => "blocked",
        Group::Asking => "asking",
        Group::NeedsPerson => "needs-person",
        Group::Resolved => "resolved",
        Group::Settled => "settled",
        Group::Cancelled => "cancelled",
    }
}

/// How many notes there are in each group; all groups are there.
pub fn counts(notes: &BTreeMap<Group, usize>) -> Value {
    let count = |group| notes.get(&group).copied().unwrap_or(0);
    Group::ALL
        .into_iter()
        .map(|one| (group(one).to_owned(), json!(count(one))))
        .collect::<Map<_, _>>()
        .into()
}

/// One row of the ledger.
pub fn row(row: &LedgerRow) -> Value {
    json!({
        "id": row.id.0,
        "revision": row.revision,
        "taken": row.taken,
        "name": row.name,
        "birth_date": row.birth_date,
        "sex": row.sex.map(sex),
        "state": group(row.group),
        "state_label": row.state,
        "follow": row.follow,
        "next": row.next,
    })
}

/// A note with its history.
pub fn note(note: &Note) -> Value {
    let mut value = json!({
        "id": note.id.0,
        "revision": note.revision,
        "desk": note.desk,
        "taken_by": note.taken_by,
        "taken": note.taken,
        "during_outage": note.during_outage,
        "state": group(note.state.group()),
        "state_label": note.state.label(),
        "content": content(&note.content),
        "earlier": note.earlier.iter().map(content).collect::<Vec<_>>(),
        "attempts": note.attempts,
        "tried": note.tried.iter().copied().map(way).collect::<Vec<_>>(),
        "follow": note.follow.as_ref().map(follow),
        "looks": note.looks.iter().map(resolution).collect::<Vec<_>>(),
        "history": note.history.iter().map(|step| json!({
            "at": step.at, "by": step.by, "text": step.text,
        })).collect::<Vec<_>>(),
    });
    if let (Some(to), Value::Object(more)) = (value.as_object_mut(), state(&note.state)) {
        to.extend(more);
    }
    value
}

/// What a state carries beyond its word.
fn state(state: &NoteState) -> Value {
    match state {
        NoteState::Noted => json!({}),
        NoteState::Waiting { not_before } => json!({ "not_before": not_before }),
        NoteState::Blocked(why) => json!({ "block": block(*why) }),
        NoteState::Asking { way: how } => {
            json!({ "method": method(how.method()), "way": way(*how) })
        }
        NoteState::NeedsPerson(why) => need(why),
        NoteState::Resolved(how) | NoteState::Settled(how) => {
            json!({ "resolution": resolution(how) })
        }
        NoteState::Cancelled { by, at, reason } => {
            json!({ "cancelled": { "by": by, "at": at, "reason": reason } })
        }
    }
}

fn block(why: Block) -> &'static str {
    match why {
        Block::FunctionClosed => "function-closed",
        Block::NoRight => "no-right",
        Block::NoCapability => "no-capability",
        Block::NoLogin => "no-login",
        Block::NotDuringOutage => "not-during-outage",
    }
}

fn need(why: &Need) -> Value {
    match why {
        Need::Candidates { way: how, list } => json!({
            "need": "candidates",
            "way": way(*how),
            "candidates": list.iter().map(candidate).collect::<Vec<_>>(),
        }),
        Need::Confirm { way: how, answer } => json!({
            "need": "confirm",
            "way": way(*how),
            "answer": eligibility(answer),
        }),
        Need::TooMany => json!({ "need": "too-many" }),
        Need::NotFound => json!({ "need": "not-found" }),
        Need::SeveralBranches => json!({ "need": "several-branches" }),
        Need::Refused { code, message } => json!({
            "need": "refused",
            "refusal": { "code": code, "message": message },
        }),
        Need::Unanswered => json!({ "need": "unanswered" }),
    }
}

fn candidate(one: &Candidate) -> Value {
    json!({
        "name": one.name,
        "kana": one.kana,
        "birth_date": date(&one.birth_date),
        "sex": one.sex.map(sex),
        "address": one.address,
        "insurer_name": one.insurer_name,
    })
}

fn resolution(how: &Resolution) -> Value {
    json!({
        "answer": eligibility(&how.answer),
        "method": method(how.way.method()),
        "way": way(how.way),
        "at": how.at,
        "confirmed_by": how.confirmed_by,
    })
}

fn method(how: Method) -> &'static str {
    match how {
        Method::Card => "card",
        Method::Four => "four",
    }
}

fn way(how: Way) -> &'static str {
    match how {
        Way::Card => "card",
        Way::Noted => "noted",
        Way::KanaAlone => "kana-alone",
        Way::SexUnset => "sex-unset",
        Way::Municipality => "municipality",
        Way::Town => "town",
    }
}

fn follow(follow: &Follow) -> Value {
    json!({ "day": follow.day, "set_by": follow.set_by })
}

fn content(content: &NoteContent) -> Value {
    json!({
        "name": content.name,
        "kana": content.kana,
        "birth_date": content.birth_date,
        "sex": content.sex.map(sex),
        "address": content.address,
        "insurer_name": content.insurer_name,
        "visit_date": content.visit_date,
        "insurance": content.insurance.as_ref().map(insurance),
        "limit_consent": content.limit_consent,
        "reference_number": content.reference,
        "telephone": content.telephone,
        "evidence": content.evidence,
        "burden": content.burden,
        "remark": content.remark,
    })
}

fn insurance(numbers: &InsuranceNumbers) -> Value {
    json!({
        "insurer_number": numbers.insurer,
        "symbol": numbers.symbol,
        "number": numbers.number,
        "branch": numbers.branch,
    })
}

/// An answered check.
pub fn eligibility(answer: &Eligibility) -> Value {
    json!({
        "validity": validity(&answer.validity),
        "validity_code": answer.validity.code(),
        "check_date": answer.check_date,
        "executed": answer.executed,
        "remark": answer.remark.as_ref().map(|remark| json!({
            "code": remark.code, "message": remark.message,
        })),
        "entitlements": answer.entitlements.iter().map(entitlement).collect::<Vec<_>>(),
    })
}

fn validity(validity: &Validity) -> &'static str {
    match validity {
        Validity::Valid => "valid",
        Validity::Invalid => "invalid",
        Validity::InvalidNewer => "invalid-newer",
        Validity::NotFound => "not-found",
        Validity::Several => "several",
        Validity::ValidUnregistered => "valid-unregistered",
        Validity::Unknown(_) => "unknown",
    }
}

fn entitlement(e: &Entitlement) -> Value {
    json!({
        "reference_number": e.reference_number,
        "insurer_number": e.insurer_number,
        "insurer_name": e.insurer_name,
        "symbol": e.symbol,
        "number": e.number,
        "branch": e.branch,
        "name": e.name,
        "kana": e.kana,
        "other_name": e.other_name,
        "other_kana": e.other_kana,
        "sex": e.sex.map(sex),
        "sex_back": e.sex_back.map(sex),
        "birth_date": date(&e.birth_date),
        "card_class": e.card_class,
        "burden": e.burden,
        "valid_from": date(&e.valid_from),
        "valid_to": date(&e.valid_to),
        "acquired": date(&e.acquired),
        "lost": date(&e.lost),
        "issued": date(&e.issued),
        "loss_reason": e.loss_reason,
        "relation": e.relation,
        "insured_name": e.insured_name,
        "postal_code": e.postal_code,
        "address": e.address,
        "preschool": e.preschool,
        "elderly": e.elderly.as_ref().map(elderly),
        "limit": e.limit.as_ref().map(limit),
        "diseases": e.diseases.iter().map(disease).collect::<Vec<_>>(),
    })
}

fn elderly(c: &ElderlyCertificate) -> Value {
    json!({
        "issued": date(&c.issued),
        "valid_from": date(&c.from),
        "valid_to": date(&c.to),
        "burden": c.burden,
    })
}

fn limit(c: &LimitCertificate) -> Value {
    json!({
        "class": c.class,
        "income_class": c.income_class,
        "issued": date(&c.issued),
        "valid_from": date(&c.from),
        "valid_to": date(&c.to),
        "long_term": date(&c.long_term),
    })
}

fn disease(c: &DiseaseCertificate) -> Value {
    json!({
        "category": c.category,
        "issued": date(&c.issued),
        "valid_from": date(&c.from),
        "valid_to": date(&c.to),
        "self_pay": c.self_pay,
    })
}

fn sex(sex: Sex) -> &'static str {
    match sex {
        Sex::Male => "male",
        Sex::Female => "female",
        Sex::Unset => "unset",
    }
}

fn date(given: &GivenDate) -> Value {
    match given {
        GivenDate::NotGiven => Value::Null,
        GivenDate::Day(day) => json!(day),
        GivenDate::Raw(text) => json!(text),
    }
}

#[cfg(test)]
mod tests;
