use super::*;
use jiff::civil::date;

fn rules() -> Rules {
    read(BUILTIN).unwrap()
}

fn standing_of(code: &str, day: Date) -> Standing {
    let rules = rules();
    let found = rules.evidence.iter().find(|e| e.code == code).unwrap();
    found.standing(day)
}

#[test]
fn dom_70_the_ladder_as_shipped() {
    let rules = rules();
    let codes: Vec<_> = rules
        .evidence
        .iter()
        .map(|e| (e.code.as_str(), e.card, e.visit))
        .collect();
    assert_eq!(
        codes[..5],
        [
            ("portal", Card::With, Visit::Any),
            ("notice", Card::With, Visit::Any),
            ("oral", Card::With, Visit::Again),
            ("declaration", Card::With, Visit::First),
            ("certificate", Card::Without, Visit::Any),
        ]
    );
    let declares: Vec<_> = rules.evidence.iter().filter(|e| e.declares).collect();
    assert_eq!(declares.len(), 1);
    assert_eq!(declares[0].label, crate::domain::form::DECLARATION);
}

#[test]
fn the_digits_of_a_note_and_the_ladder_mean_the_same() {
    let rules = rules();
    for (digit, label) in crate::domain::form::EVIDENCE.iter().skip(1) {
        let at: usize = digit.parse().unwrap();
        assert_eq!(rules.evidence[at - 1].label, *label, "{digit}");
    }
    assert_eq!(rules.code_of("なし"), "none");
    assert_eq!(rules.code_of("資格確認書"), "certificate");
    assert_eq!(rules.code_of("社員証"), "");
}

#[test]
fn dom_88_89_dates_at_the_edges() {
    let day = date;
    for (code, on, expected) in [
        ("card", day(2025, 10, 1), Standing::Holds),
        (
            "card",
            day(2025, 10, 2),
            Standing::EndsSoon(day(2025, 12, 1)),
        ),
        (
            "card",
            day(2025, 12, 1),
            Standing::EndsSoon(day(2025, 12, 1)),
        ),
        ("card", day(2025, 12, 2), Standing::Over(day(2025, 12, 1))),
        (
            "expired-card",
            day(2024, 12, 1),
            Standing::NotYet(day(2024, 12, 2)),
        ),
        ("expired-card", day(2024, 12, 2), Standing::Holds),
        (
            "expired-card",
            day(2026, 3, 31),
            Standing::EndsSoon(day(2026, 3, 31)),
        ),
        (
            "expired-card",
            day(2026, 4, 1),
            Standing::Over(day(2026, 3, 31)),
        ),
        (
            "notice-alone",
            day(2026, 4, 1),
            Standing::Over(day(2026, 3, 31)),
        ),
        (
            "certificate",
            day(2024, 12, 1),
            Standing::NotYet(day(2024, 12, 2)),
        ),
        ("certificate", day(2030, 1, 1), Standing::Holds),
        ("portal", day(2026, 11, 20), Standing::Holds),
    ] {
        assert_eq!(standing_of(code, on), expected, "{code} {on}");
    }
}

#[test]
fn dom_89_what_else_there_is_to_know() {
    let rules = rules();
    let old = date(1951, 7, 31);
    let to_old = "後期高齢者には資格確認書が届いています。手元にないか聞いてください。";
    assert_eq!(rules.remarks_on(date(2026, 7, 31), Some(old)), [to_old]);
    assert_eq!(
        rules.remarks_on(date(2026, 7, 30), Some(old)),
        [""; 0],
        "75 tomorrow"
    );
    assert_eq!(rules.remarks_on(date(2026, 7, 31), None), [""; 0]);
    // Nobody knows what holds then.
    assert_eq!(
        rules.remarks_on(date(2026, 8, 1), Some(old)),
        ["この一覧は 2026/1/31 現在です。新しい通知がないか確かめてください。"]
    );
}

#[test]
fn a_wrong_file_is_told_with_its_line() {
    let good = "as-of = 2026-01-31\nreview-by = 2026-07-31\n[[evidence]]\ncode = \"a\"\nlabel = \"い\"\ntext = \"い\"\ncard = \"with\"\nvisit = \"any\"\n";
    assert!(read(good).is_ok());
    for (text, told) in [
        (
            String::new(),
            "1 行目: as-of がありません。書いてください。",
        ),
        (
            good.replace("card = \"with\"", "card = \"mit\""),
            "7 行目: card: 「mit」は使えません。使える値: with、without",
        ),
        (
            good.replace("code =", "cod ="),
            "4 行目: 「cod」という名前はありません。「code」のことですか。",
        ),
        (
            good.replace("code = \"a\"", "code = \"あ\""),
            "4 行目: code は半角の小文字・数字・- で書いてください。",
        ),
        (
            good.replace("label = \"い\"\n", ""),
            "3 行目: label がありません。書いてください。",
        ),
        (
            format!("{good}until = 2026-13-01\n"),
            "9 行目: TOML として読めません。名前 = \"値\" の形か、引用符が閉じているか確かめてください。",
        ),
        (
            format!("{good}until = \"来年\"\n"),
            "9 行目: until: 日付を 2026-03-31 の形で書いてください。",
        ),
        (
            format!("{good}from = 2026-04-01\nuntil = 2026-03-31\n"),
            "10 行目: until が from より前です。",
        ),
        (
            "as-of = 2026-01-31\nreview-by = 2026-07-31\n".to_owned(),
            "1 行目: [[evidence]] が一つもありません。",
        ),
        (
            "as-of = 2026-01-31\nreview-by = 2026-07-31\nevidence = 1\n".to_owned(),
            "3 行目: [[evidence]] の形で書いてください。",
        ),
        (
            good.replace("[[evidence]]", "[[evidence"),
            "3 行目: TOML として読めません。名前 = \"値\" の形か、引用符が閉じているか確かめてください。",
        ),
    ] {
        assert_eq!(read(&text).unwrap_err().to_string(), told);
    }
}
