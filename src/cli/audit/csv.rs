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
    use crate::domain::note::{Change, Group, Method, Note, NoteId};
    use crate::store::audit::Content;
    use crate::store::audit::line::Teller;
    use crate::store::frame::{Header, Sealed};
    use crate::store::record::{Masked, Record, What};
    use crate::store::remark::Loss;

    const CANARIES: [&str; 9] = [
        "カナリア",
        "金糸雀",
        "番地",
        "07012345678",
        "98765432",
        "記号鳥",
        "19540326",
        "本人談",
        "PT-001",
    ];

    fn note(number: &str) -> Note {
        let content = serde_json::json!({
            "name": "金糸雀　太郎", "kana": "カナリア タロウ", "birth_date": "1954-03-26",
            "sex": "Male", "address": "東京都千代田区番地", "insurer_name": "金糸雀組合",
            "visit_date": "2026-11-20", "limit_consent": false, "reference": "PT-001",
            "insurance": {
                "insurer": "06139000", "symbol": "記号鳥", "number": number, "branch": "01"
            },
            "telephone": "07012345678", "evidence": "本人談", "burden": "", "remark": "本人談",
        });
        Note::take(
            NoteId("20261120-0001".to_owned()),
            "窓口1".to_owned(),
            "003",
            at(),
            true,
            serde_json::from_value(content).unwrap(),
        )
    }

    fn at() -> jiff::Timestamp {
        "2026-11-20T00:12:41Z".parse().unwrap()
    }

    /// What a day leaves behind, as a table.
    fn table(number: &str) -> String {
        let note = note(number);
        let revised = note
            .changed(1, Change::Edit(Box::new(note.content.clone())), "003", at())
            .unwrap();
        let reason = "金糸雀さんは来ない".to_owned();
        let cancelled = revised
            .changed(2, Change::Cancel { reason }, "003", at())
            .unwrap();
        let id = note.id.clone();
        let numbers = Masked::of(note.content.insurance.as_ref().unwrap());
        let login = |outcome: &str| What::Login {
            user: "003".to_owned(),
            outcome: outcome.to_owned(),
        };
        let loss = |read| {
            let text = "記録 3 が失われています。\n足りないものは入れ直してください。".to_owned();
            What::Loss(Box::new(Loss {
                at: at(),
                text,
                read,
            }))
        };
        let whats = [
            What::Started {
                version: "0.1.0".to_owned(),
            },
            login("wrong-password"),
            login("ok"),
            What::Note(Box::new(note)),
            What::Note(Box::new(revised)),
            What::Viewed(id.clone()),
            What::Listed {
                groups: vec![Group::Open],
                narrowed: true,
            },
            What::LookedUp {
                method: Method::Card,
                outcome: "1".to_owned(),
                numbers: numbers.clone(),
                chosen: false,
            },
            What::LookedUp {
                method: Method::Four,
                outcome: "1".to_owned(),
                numbers: numbers.clone(),
                chosen: true,
            },
            What::AuditVerified { findings: 0 },
            What::AuditVerified { findings: 2 },
            loss(false),
            loss(true),
            What::AuditExportedHere {
                uid: 1000,
                name: "=ichi".to_owned(),
            },
            What::Registered { numbers },
            What::Refused {
                action: "note-settle".to_owned(),
                note: id.0,
                why: "not-allowed".to_owned(),
            },
            What::Note(Box::new(cancelled)),
            What::AuditExported,
            What::Logout {
                why: "idle".to_owned(),
            },
            What::Stopped,
        ];
        let mut teller = Teller::default();
        let mut out = HEAD.to_owned();
        for (seq, what) in (1..).zip(whats) {
            let by = match what {
                What::Started { .. } | What::Stopped => "",
                What::Loss(ref loss) if !loss.read => "",
                _ => "003",
            };
            let record = Record {
                at: at(),
                by: by.to_owned(),
                desk: "=窓口,1".to_owned(),
                origin: "192.0.2.9".to_owned(),
                ends: None,
                what,
                anchors: None,
            };
            let payload = Sealed {
                hash: [7; 32],
                bytes: Vec::new(),
            };
            let header = Header::of(seq, at().as_microsecond(), &payload, [0; 32]);
            let line = teller.line(&header, Content::Is(Box::new(record)));
            assert_eq!(line.hash.len(), 16);
            // The hash is of no use in a golden text.
            out += &row(&Line {
                hash: "0".repeat(16),
                ..line
            });
        }
        out
    }

    #[test]
    fn a_day_as_a_table() {
        insta::assert_snapshot!(table("98765432"));
    }

    proptest::proptest! {
        #[test]
        fn n9_sec27_no_line_holds_anything_of_a_patient(number in "[0-9]{3,12}") {
            // That is who did it all.
            proptest::prop_assume!(number != "003");
            let table = table(&number);
            for canary in CANARIES {
                proptest::prop_assert!(!table.contains(canary), "{canary}: {table}");
            }
            let masked = table.contains(&format!(",{number},")) || table.contains(&format!("*{number}"));
            proptest::prop_assert!(!masked, "{number}: {table}");
        }
    }

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
