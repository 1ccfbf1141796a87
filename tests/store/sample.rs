//! A record for the store's tests and benchmarks.

use jiff::Timestamp;
use madoguchi::store::record::{Record, What};

pub fn moment() -> Timestamp {
    Timestamp::from_second(1_795_132_361).unwrap()
}

/// A note as JSON, so that a field added to notes with a default does not
/// touch this test.
pub fn record(number: u64) -> Record {
    let note = serde_json::json!({
        "id": format!("20261120-{number:07}"),
        "revision": 1, "desk": "窓口1", "taken_by": "003",
        "taken": "2026-11-20T00:00:00Z", "during_outage": true,
        "content": {
            "name": format!("試験 {number}"), "kana": "シケン ダイ",
            "birth_date": "1954-03-01", "sex": "Female",
            "address": "東京都千代田区霞が関", "insurer_name": "",
            "visit_date": "2026-11-20", "insurance": null, "limit_consent": false,
            "reference": "", "telephone": "", "evidence": "", "burden": "", "remark": "",
        },
        "earlier": [], "state": "Noted", "attempts": 0, "tried": [], "history": [],
    });
    Record {
        at: moment(),
        by: "003".to_owned(),
        desk: "窓口1".to_owned(),
        origin: String::new(),
        ends: None,
        what: What::Note(Box::new(serde_json::from_value(note).unwrap())),
        anchors: None,
    }
}
