//! The audit lines as a table for a spreadsheet: UTF-8, a header row, and no
//! cell that a spreadsheet would take for a formula (SEC-26).

use crate::domain::time::{clock_seconds_text, jst, slash_date};
use crate::store::audit::line::{Line, action_label, result_label};

/// The header row.
pub const HEAD: &str =
    "番号,日時,窓口,ユーザID,操作,控え,結果,保険者番号,被保険者番号,端末,ハッシュ\n";

/// One line of the table.
pub fn row(line: &Line) -> String {
    let at = format!(
        "{} {}",
        slash_date(jst(line.at).date()),
        clock_seconds_text(line.at)
    );
    let cells = [
        line.seq.to_string().as_str(),
        at.as_str(),
        line.desk.as_str(),
        line.user.as_str(),
        action_label(&line.action),
        line.note.as_str(),
        result_label(&line.result).as_str(),
        line.numbers.insurer.as_str(),
        line.numbers.number.as_str(),
        line.origin.as_str(),
        line.hash.as_str(),
    ]
    .map(cell);
    cells.join(",") + "\n"
}

/// A cell that means nothing but its text.
pub fn cell(text: &str) -> String {
    let text = crate::text::clean::clean(text);
    let formula = text.starts_with(['=', '+', '-', '@', '\t', '\r', '＝', '＋', '－', '＠']);
    let safe = if formula { format!("'{text}") } else { text };
    if safe.contains([',', '"', '\n', '\r']) {
        format!("\"{}\"", safe.replace('"', "\"\""))
    } else {
        safe
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sec26_no_cell_is_a_formula() {
        for (text, cell_) in [
            ("003", "003"),
            ("=1+1", "'=1+1"),
            ("+81", "'+81"),
            ("-2", "'-2"),
            ("@x", "'@x"),
            ("＝SUM(A1)", "'＝SUM(A1)"),
            ("a,b", "\"a,b\""),
            ("say \"x\"", "\"say \"\"x\"\"\""),
            ("=a,\"b\"", "\"'=a,\"\"b\"\"\""),
            ("", ""),
        ] {
            assert_eq!(cell(text), cell_, "{text}");
        }
        for text in ["\t=1", "\r=1", "\u{1b}[2J=1"] {
            let cell = cell(text);
            assert!(!cell.starts_with(['=', '\t', '\r', '\u{1b}']), "{cell:?}");
        }
    }
}
