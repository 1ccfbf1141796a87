//! Notes as lines of text.

use crate::cli::{Outcome, json, print, print_json};
use crate::domain::name::half;
use crate::domain::note::Note;
use crate::domain::person::Sex;
use crate::domain::time::{jst, slash_date};
use crate::front::wording;
use crate::link::message::LedgerRow;
use crate::text::{cells, clean, fold};
use serde_json::json;
use std::fmt::Write as _;

/// One note, with its history.
/// `standing` says why it stands where it is and what helps.
pub fn tell(note: &Note, standing: &[String], as_json: bool) -> Outcome {
    if as_json {
        return print_json(&json!({ "note": json::note(note) }));
    }
    print(&words(note, standing))
}

fn words(note: &Note, standing: &[String]) -> String {
    let mut out = String::new();
    let content = &note.content;
    let sex = content.sex.map_or("", Sex::label);
    let numbers = content
        .insurance
        .as_ref()
        .map(|n| format!("{} / {} / {} / {}", n.insurer, n.symbol, n.number, n.branch));
    let birth = slash_date(content.birth_date);
    let visit = slash_date(content.visit_date);
    for (label, value) in [
        ("控え", note.id.0.as_str()),
        ("状態", note.state.label().as_str()),
        ("氏名", content.name.as_str()),
        ("氏名(カナ)", content.kana.as_str()),
        ("生年月日", birth.as_str()),
        ("性別", sex),
        ("住所", content.address.as_str()),
        ("保険者名", content.insurer_name.as_str()),
        ("保険証の番号", numbers.as_deref().unwrap_or("")),
        ("資格確認日", visit.as_str()),
        ("照会番号", content.reference.as_str()),
        ("電話", content.telephone.as_str()),
        ("見せたもの", content.evidence.as_str()),
        ("負担", content.burden.as_str()),
        ("覚え書き", content.remark.as_str()),
        (
            "限度額情報",
            if content.limit_consent {
                "同意する"
            } else {
                ""
            },
        ),
    ] {
        if !value.is_empty() {
            let _ = writeln!(out, "{label}: {}", fold::shown(&clean::clean(value)));
        }
        if label == "状態" {
            for sentence in standing {
                let _ = writeln!(out, "  {}", fold::shown(&clean::clean(sentence)));
            }
        }
    }
    if let Some(codes) = wording::private_of(content) {
        let _ = writeln!(out, "{codes}");
    }
    for step in &note.history {
        let at = jst(step.at);
        let _ = writeln!(
            out,
            "  {} {:02}:{:02} {} {}",
            slash_date(at.date()),
            at.hour(),
            at.minute(),
            step.by,
            fold::shown(&step.text)
        );
    }
    out
}

/// One row of the ledger. What is longer than its column moves the rest of the
/// row: nothing is cut.
pub fn line(row: &LedgerRow, hidden: bool) -> String {
    let name = fold::shown(&row.name);
    let name = if hidden { half(&name) } else { name };
    let next = match &row.held {
        Some(by) => format!("{} が開いています", by.who()),
        None => row.next.clone(),
    };
    let taken = jst(row.taken);
    let padded = |text: &str, width: usize| {
        let blanks = width.saturating_sub(cells::cells(text));
        format!("{text}{}", " ".repeat(blanks))
    };
    format!(
        "{}  {:02}:{:02}  {}  {}  {}  {}\n",
        row.id,
        taken.hour(),
        taken.minute(),
        padded(&name, 20),
        slash_date(row.birth_date),
        padded(&row.state, 12),
        next
    )
}

#[cfg(test)]
mod tests;
