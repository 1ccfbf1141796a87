use super::*;
use crate::domain::insurance::InsuranceNumbers;
use crate::domain::note::NoteId;
use jiff::Timestamp;
use jiff::civil::date;
use proptest::prelude::*;

fn note(content: NoteContent) -> Note {
    let id = NoteId("20261120-0001".to_owned());
    let at = Timestamp::UNIX_EPOCH;
    Note::take(id, "窓口".to_owned(), "003", at, true, content)
}

fn content() -> NoteContent {
    NoteContent {
        name: "高橋一郎".to_owned(),
        kana: "タカハシイチロウ".to_owned(),
        sex: Some(Sex::Male),
        address: "東京都港区".to_owned(),
        ..NoteContent::bare(date(1990, 11, 30), date(2026, 11, 20))
    }
}

fn labels(change: fn(&mut NoteContent)) -> Vec<String> {
    let mut content = content();
    change(&mut content);
    proposals(&note(content))
        .into_iter()
        .map(|proposal| proposal.label)
        .collect()
}

#[test]
fn what_is_proposed_says_exactly_what_changes() {
    type Case = (&'static str, fn(&mut NoteContent), &'static str);
    let cases: [Case; 19] = [
        ("DOM-35", |_| {}, "氏名 高橋一郎 → 髙橋一郎"),
        ("DOM-35", |c| c.name = "渡邊".to_owned(), "氏名 渡邊 → 渡辺"),
        ("DOM-35", |c| c.name = "渡邊".to_owned(), "氏名 渡邊 → 渡邉"),
        (
            "links",
            |c| c.name = "一之瀬薫".to_owned(),
            "氏名 一之瀬薫 → 一ノ瀬薫",
        ),
        (
            "links",
            |c| c.name = "一ノ瀬薫".to_owned(),
            "氏名 一ノ瀬薫 → 一之瀬薫",
        ),
        (
            "links",
            |c| c.name = "井の上".to_owned(),
            "氏名 井の上 → 井ノ上",
        ),
        (
            "links",
            |c| c.name = "三ヶ尻".to_owned(),
            "氏名 三ヶ尻 → 三ケ尻",
        ),
        ("the 氏名 alone", |_| {}, "カナを外し、氏名 高橋一郎 だけで"),
        (
            "DOM-31",
            |c| c.kana = "スズキ".to_owned(),
            "カナ スズキ → スヅキ",
        ),
        (
            "DOM-31",
            |c| c.kana = "オオノ".to_owned(),
            "カナ オオノ → オーノ",
        ),
        ("OUT-32", |_| {}, "性別 男 → 女"),
        ("OUT-32", |_| {}, "性別 男 → 未設定"),
        (
            "the era",
            |c| c.birth_date = date(1988, 1, 7),
            "生年月日 昭和63年1月7日 → 大正",
        ),
        (
            "the era",
            |c| c.birth_date = date(1998, 4, 5),
            "生年月日 平成10年4月5日 → 昭和10年4月5日",
        ),
        (
            "day and month",
            |c| c.birth_date = date(1998, 4, 5),
            "生年月日 平成10年4月5日 → 平成10年5月4日",
        ),
        (
            "DOM-4",
            |c| c.insurance = Some(card("06139001", "10001", "")),
            "保険者番号 06139001 → 06139000（検証番号が合う）",
        ),
        (
            "DOM-17",
            |c| c.insurance = Some(card("06139000", "5", "")),
            "番号 5 → 3",
        ),
        (
            "DOM-14",
            |c| c.insurance = Some(card("06139000", "2", "01")),
            "枝番 01 → なし",
        ),
        (
            "OUT-36",
            |c| c.insurer_name = "東京新橋".to_owned(),
            "住所を外し、保険者名 東京新橋 だけで",
        ),
    ];
    for (case, change, label) in cases {
        let labels = labels(change);
        if label.ends_with("大正") {
            // 大正 has no year 63: not proposed.
            assert!(!labels.iter().any(|l| l.contains(label)), "{labels:?}");
        } else {
            assert!(
                labels.iter().any(|l| l == label),
                "{case} {label} {labels:?}"
            );
        }
    }
}

fn card(insurer: &str, number: &str, branch: &str) -> InsuranceNumbers {
    InsuranceNumbers {
        insurer: insurer.to_owned(),
        symbol: String::new(),
        number: number.to_owned(),
        branch: branch.to_owned(),
    }
}

#[test]
fn one_of_each_kind_comes_before_the_second_of_any() {
    let labels = labels(|c| c.kana = "スズキ".to_owned());
    let kinds: Vec<&str> = labels
        .iter()
        .take(5)
        .map(|label| label.split(' ').next().unwrap())
        .collect();
    assert_eq!(
        kinds,
        ["氏名", "カナを外し、氏名", "カナ", "性別", "生年月日"],
        "{labels:?}"
    );
}

#[test]
fn the_likeliest_comes_first_and_no_more_than_one_digit_chooses() {
    let shown = |name: &str, kana: &str| {
        let mut content = content();
        content.name = name.to_owned();
        content.kana = kana.to_owned();
        let all = proposals(&note(content)).into_iter();
        all.map(|p| p.label).collect::<Vec<_>>()
    };
    let cases: [(&str, &str, &[&str]); 4] = [
        (
            "一之瀬薫",
            "イチノセカオル",
            &[
                "氏名 一之瀬薫 → 一ノ瀬薫",
                "カナを外し、氏名 一之瀬薫 だけで",
            ],
        ),
        // At the end or the beginning of a name it links nothing.
        ("弘之", "", &["性別 男 → 女"]),
        ("ノブ", "", &["性別 男 → 女"]),
        ("", "スズキ", &["カナ スズキ → スヅキ", "性別 男 → 女"]),
    ];
    for (name, kana, first) in cases {
        let labels = shown(name, kana);
        assert!(labels.len() <= MOST);
        let begin: Vec<&str> = labels.iter().take(first.len()).map(|l| &**l).collect();
        assert_eq!(begin, first, "{labels:?}");
    }
}

#[test]
fn what_a_fall_back_or_an_earlier_content_asked_is_not_proposed_again() {
    let mut tried = note(content());
    tried.tried = vec![Way::Noted, Way::KanaAlone, Way::SexUnset];
    let labels: Vec<String> = proposals(&tried).into_iter().map(|p| p.label).collect();
    // Asked by the kana alone, without the 氏名.
    assert!(!labels.iter().any(|l| l.starts_with("氏名")), "{labels:?}");
    assert!(
        !labels.contains(&"性別 男 → 未設定".to_owned()),
        "{labels:?}"
    );
    let first = proposals(&tried).remove(0);
    let again = tried
        .changed(
            1,
            crate::domain::note::Change::Edit(Box::new(first.content.clone())),
            "003",
            Timestamp::UNIX_EPOCH,
        )
        .unwrap();
    let old = &content();
    let repeated = proposals(&again)
        .iter()
        .any(|p| p.content.name == old.name && p.content.sex == old.sex && p.content == *old);
    assert!(!repeated);
}

proptest! {
    /// Never the same question, never more than one digit chooses from, never
    /// something a note may not hold, never a 個人番号.
    #[test]
    fn proposals_are_always_new_and_valid(
        name in "[高髙橋斎齋藤邊〇一 a-z]{0,8}",
        kana in "[ア-ン][ア-ンー]{0,8}",
        year in 1930i16..2026,
        month in 1i8..=12,
        day in 1i8..=28,
        sex in proptest::option::of(0usize..3),
        address in "(東京都|東京都港区|大阪府堺市北区一丁目|)",
        insurer in "(06139000|06139001|138057|)",
        number in "[0-9]{0,12}",
        branch in "(|01)",
        symbol in "[0-9]{0,4}",
    ) {
        let content = NoteContent {
            name: name.trim().to_owned(),
            kana,
            sex: sex.map(|n| Sex::ALL[n]),
            address,
            insurance: (!insurer.is_empty() && !number.is_empty()).then_some(InsuranceNumbers {
                insurer,
                symbol,
                number,
                branch,
            }),
            ..NoteContent::bare(date(year, month, day), date(2026, 11, 20))
        };
        let note = note(content.clone());
        let all = proposals(&note);
        prop_assert!(all.len() <= MOST);
        let mut seen: Vec<&NoteContent> = Vec::new();
        for proposal in &all {
            let new = &proposal.content;
            prop_assert_ne!(new, &content);
            prop_assert!(!seen.contains(&new), "twice: {}", proposal.label);
            seen.push(new);
            prop_assert!(new.card_query().is_some() || new.four_query().is_some());
            prop_assert!(new.birth_date <= new.visit_date);
            for text in [&new.name, &new.kana, &new.address] {
                prop_assert!(!holds_personal_number(text));
            }
            if let Some(card) = &new.insurance {
                prop_assert!(!holds_personal_number(&card.number));
            }
            prop_assert!(!proposal.label.is_empty());
            // Everything else stays.
            prop_assert_eq!(&new.reference, &content.reference);
            prop_assert_eq!(new.visit_date, content.visit_date);
        }
    }
}
