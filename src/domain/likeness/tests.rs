use super::*;
use jiff::civil::date;

fn sought() -> Sought {
    Sought {
        name: "新橋太郎".to_owned(),
        kana: "シンバシタロウ".to_owned(),
        birth_date: date(1954, 3, 26),
        sex: Some(Sex::Male),
        address: "東京都".to_owned(),
        insurer_name: String::new(),
        number: "10001".to_owned(),
        check_date: date(2026, 11, 20),
    }
}

fn found() -> Person {
    Person {
        row: Candidate {
            key: "A".to_owned(),
            name: "新橋　太郎".to_owned(),
            kana: "ｼﾝﾊﾞｼ ﾀﾛｳ".to_owned(),
            birth_date: GivenDate::Day(date(1954, 3, 26)),
            sex: Some(Sex::Male),
            address: "東京都港区〇〇5丁目500-1".to_owned(),
            insurer_name: "東京新橋サンプル保険者".to_owned(),
        },
        number: "0010001".to_owned(),
    }
}

type Case = (
    &'static str,
    fn(&mut Sought, &mut Person),
    &'static str,
    Level,
);

#[test]
fn dom_31_to_35_how_each_item_agrees() {
    let cases: [Case; 22] = [
        ("DOM-33", |_, _| {}, "氏名", Level::Spacing),
        ("half-width kana", |_, _| {}, "カナ", Level::Spacing),
        (
            "",
            |s, _| s.name = "新橋　太郎".to_owned(),
            "氏名",
            Level::Same,
        ),
        (
            "DOM-35",
            |s, p| {
                s.name = "高橋".to_owned();
                p.row.name = "髙橋".to_owned();
            },
            "氏名",
            Level::Variants,
        ),
        (
            "DOM-34",
            |_, p| p.row.name = "●橋　太郎".to_owned(),
            "氏名",
            Level::Unreadable,
        ),
        (
            "kanji differ",
            |_, p| p.row.name = "心橋　太郎".to_owned(),
            "氏名",
            Level::Reading,
        ),
        (
            "DOM-39",
            |_, p| {
                p.row.name = "大門　太郎".to_owned();
                p.row.kana = "ﾀﾞｲﾓﾝ ﾀﾛｳ".to_owned();
            },
            "氏名",
            Level::Different,
        ),
        (
            "DOM-31",
            |s, p| {
                s.kana = "スズキ".to_owned();
                p.row.kana = "ｽヅｷ".to_owned();
            },
            "カナ",
            Level::Variants,
        ),
        ("DOM-42", |_, p| p.row.kana.clear(), "カナ", Level::NotSent),
        ("", |s, _| s.kana.clear(), "カナ", Level::NotNoted),
        ("", |_, _| {}, "生年月日", Level::Same),
        (
            "",
            |_, p| p.row.birth_date = GivenDate::Day(date(1954, 3, 27)),
            "生年月日",
            Level::Different,
        ),
        (
            "",
            |_, p| p.row.birth_date = GivenDate::NotGiven,
            "生年月日",
            Level::NotSent,
        ),
        (
            "",
            |_, p| p.row.sex = Some(Sex::Female),
            "性別",
            Level::Different,
        ),
        (
            "OUT-32",
            |s, _| s.sex = Some(Sex::Unset),
            "性別",
            Level::NotNoted,
        ),
        (
            "OUT-43",
            |_, p| p.row.address.clear(),
            "住所",
            Level::NotSent,
        ),
        (
            "OUT-36",
            |s, _| s.address = "港区 東京都".to_owned(),
            "住所",
            Level::Part,
        ),
        ("OUT-36", |_, _| {}, "住所", Level::Part),
        (
            "in full",
            |s, _| s.address = "東京都 港区〇〇5丁目 500-1".to_owned(),
            "住所",
            Level::Spacing,
        ),
        (
            "in full",
            |s, p| s.address.clone_from(&p.row.address),
            "住所",
            Level::Same,
        ),
        (
            "",
            |s, _| s.address = "大阪府".to_owned(),
            "住所",
            Level::Different,
        ),
        ("DOM-13", |_, _| {}, "番号", Level::Spacing),
    ];
    for (case, change, label, level) in cases {
        let (mut one, mut other) = (sought(), found());
        change(&mut one, &mut other);
        let items = side_by_side(&one, &other);
        let item = items.iter().find(|item| item.label == label).unwrap();
        assert_eq!(item.level, level, "{case} {label} {item:?}");
    }
}

#[test]
fn dom_32_only_the_first_two_levels_pass_silently() {
    let mut sought = sought();
    assert_eq!(
        differences(&side_by_side(&sought, &found())),
        1,
        "a part of the 住所"
    );
    sought.address = found().row.address;
    assert_eq!(differences(&side_by_side(&sought, &found())), 0);
    let mut other = found();
    other.row.name = "●橋　太郎".to_owned();
    other.row.address.clear();
    assert_eq!(differences(&side_by_side(&sought, &other)), 2);
}

#[test]
fn dom_40_in_what_the_candidates_differ_from_each_other() {
    type Change = fn(&mut Person);
    let cases: [(Change, &[&str]); 5] = [
        (|_| {}, &[]),
        (|p| p.row.kana = "シンバシタロウ".to_owned(), &[]),
        (|p| p.row.address.clear(), &[]),
        (|p| p.row.address = "東京都足立区".to_owned(), &["住所"]),
        (
            |p| {
                p.row.name = "大門　太郎".to_owned();
                p.row.sex = Some(Sex::Female);
            },
            &["氏名", "性別"],
        ),
    ];
    for (change, labels) in cases {
        let mut other = found();
        change(&mut other);
        assert_eq!(apart(&[found(), other]), labels);
    }
    assert!(apart(&[found()]).is_empty());
}
