use super::*;
use jiff::civil::date;
use proptest::prelude::*;

const TODAY: Date = date(2026, 11, 20);

fn birth(text: &str) -> DateReading {
    read_date(text, Some(Era::Showa), Purpose::Birth, TODAY)
}

#[test]
fn dom_22_all_ways_of_writing_one_date() {
    for text in [
        "S29.3.26",
        "s29/3/26",
        "昭和29年3月26日",
        "昭和29年3月26日生",
        "昭29.3.26",
        "3290326",
        "1954/3/26",
        "1954-03-26",
        "19540326",
        "290326",
        "29.3.26",
        "S290326",
        "S29-03-26",
        "Ｓ２９．３．２６",
        "１９５４０３２６",
        "３２９０３２６",
        "昭和２９年３月２６日",
        " 昭和 29年 3月 26日 ",
        "㍼29.3.26",
        "1954年3月26日",
        "1954.03.26",
        "1954ー3ー26",
        "3-29-3-26",
    ] {
        let DateReading::Day {
            day,
            converted,
            doubt,
            ..
        } = birth(text)
        else {
            panic!("{text}: {:?}", birth(text));
        };
        assert_eq!(day, date(1954, 3, 26), "{text}");
        assert_eq!((converted, doubt), (None, None), "{text}");
    }
}

#[test]
fn dom_23_eras_and_first_years() {
    for (text, day) in [
        ("M45.7.29", date(1912, 7, 29)),
        ("1450729", date(1912, 7, 29)),
        ("T15.12.24", date(1926, 12, 24)),
        ("2151224", date(1926, 12, 24)),
        ("昭和元年12月31日", date(1926, 12, 31)),
        ("平成元年1月8日", date(1989, 1, 8)),
        ("4010108", date(1989, 1, 8)),
        ("令元.5.1", date(2019, 5, 1)),
        ("5010501", date(2019, 5, 1)),
        ("r8/11/20", date(2026, 11, 20)),
    ] {
        assert_eq!(birth(text).day(), Some(day), "{text}");
    }
    let heisei = read_date("020304", Some(Era::Heisei), Purpose::Birth, TODAY);
    assert_eq!(heisei.day(), Some(date(1990, 3, 4)));
}

#[test]
fn dom_24_days_of_two_eras_need_no_notice() {
    for (text, day) in [
        ("M45.7.30", date(1912, 7, 30)),
        ("T1.7.30", date(1912, 7, 30)),
        ("T15.12.25", date(1926, 12, 25)),
        ("S1.12.25", date(1926, 12, 25)),
    ] {
        assert!(
            matches!(birth(text), DateReading::Day { day: d, converted: None, .. } if d == day),
            "{text}"
        );
    }
}

#[test]
fn dom_24_a_boundary_day_is_shown_in_the_era_as_written() {
    for (text, shown) in [
        ("M45.7.30", "明治45年7月30日  1912-07-30"),
        ("T1.7.30", "大正元年7月30日  1912-07-30"),
        ("19120730", "大正元年7月30日  1912-07-30"),
        ("T15.12.25", "大正15年12月25日  1926-12-25"),
        ("S1.12.25", "昭和元年12月25日  1926-12-25"),
        ("S64.1.8", "平成元年1月8日  1989-01-08"),
    ] {
        let DateReading::Day { day, era, .. } = birth(text) else {
            panic!("{text}");
        };
        let said = describe_in(era, day, TODAY);
        assert!(said.starts_with(shown), "{text}: {said}");
    }
}

#[test]
fn dom_24_what_is_before_our_calendar_is_refused_with_the_reason() {
    for text in [
        "M1.1.1",
        "M5.12.31",
        "1050101",
        "1868/1/24",
        "18500101",
        "M010101",
    ] {
        assert_eq!(
            birth(text),
            DateReading::Wrong("明治6年より前の日付は入れられません。".to_owned()),
            "{text}"
        );
    }
    assert_eq!(birth("M6.1.1").day(), Some(date(1873, 1, 1)));
}

#[test]
fn dom_25_outside_its_era_is_converted_with_a_notice() {
    for (text, day, notice) in [
        (
            "S64.1.8",
            date(1989, 1, 8),
            "昭和64年1月8日は平成元年1月8日に直しました。",
        ),
        (
            "H31.5.1",
            date(2019, 5, 1),
            "平成31年5月1日は令和元年5月1日に直しました。",
        ),
        (
            "H1.1.7",
            date(1989, 1, 7),
            "平成元年1月7日は昭和64年1月7日に直しました。",
        ),
        (
            "T15.12.26",
            date(1926, 12, 26),
            "大正15年12月26日は昭和元年12月26日に直しました。",
        ),
    ] {
        let DateReading::Day {
            day: read,
            converted,
            ..
        } = birth(text)
        else {
            panic!("{text}");
        };
        assert_eq!((read, converted.as_deref()), (day, Some(notice)), "{text}");
    }
}

#[test]
fn dom_25_impossible_dates_are_refused_with_the_reason() {
    for (text, reason) in [
        ("S29.2.30", "昭和29年2月30日はありません（28日まで）。"),
        ("290230", "昭和29年2月30日はありません（28日まで）。"),
        ("19540230", "1954年2月30日はありません（28日まで）。"),
        ("R6.2.30", "令和6年2月30日はありません（29日まで）。"),
        ("S29.13", "13月はありません。"),
        ("S0.1.1", "年は1から入れてください。元年は1年です。"),
        ("S29x", "日付に使えない文字「x」があります。"),
        ("29S.3.26", "日付に使えない文字「S」があります。"),
        ("195403260", "数字が多すぎます。西暦なら8桁です。"),
        ("S29.3.26.1", "年・月・日の3つに分けて入れてください。"),
        ("6.29.3.26", "元号の数字は1から5です（3が昭和）。"),
    ] {
        assert_eq!(birth(text), DateReading::Wrong(reason.to_owned()), "{text}");
    }
}

#[test]
fn dom_25_doubts_ask() {
    let doubt = |text| match birth(text) {
        DateReading::Day { doubt, .. } => doubt,
        other => panic!("{text}: {other:?}"),
    };
    let future = doubt("2026/11/21").unwrap();
    assert_eq!(future, Doubt::Future);
    assert!(future.to_string().contains("未来"), "{future}");
    let old = doubt("1905/1/1").unwrap();
    assert_eq!(old, Doubt::Age(121));
    assert!(old.to_string().contains("満121歳"), "{old}");
    assert_eq!(doubt("1906/11/21"), None);
    assert_eq!(doubt("2026/11/20"), None);
}

#[test]
fn dom_26_while_typing() {
    for text in [
        "1",
        "19",
        "195",
        "1954",
        "19540",
        "195403",
        "1954032",
        "3",
        "32903",
        "S",
        "S2",
        "S29",
        "S29.",
        "S29.3",
        "S29.3.",
        "S29032",
        "昭",
        "昭和",
        "昭和29年3月",
        "1954-",
        "1954/3",
        "20",
        "200001",
        "2000010",
    ] {
        assert_eq!(birth(text), DateReading::Incomplete, "{text}");
    }
    assert_eq!(birth(" "), DateReading::Empty);
    assert_eq!(
        describe(date(1954, 3, 26), TODAY),
        "昭和29年3月26日  1954-03-26  満72歳"
    );
    assert_eq!(
        describe(date(2026, 12, 1), TODAY),
        "令和8年12月1日  2026-12-01"
    );
}

#[test]
fn fix_9_check_date() {
    let check = |text| read_date(text, None, Purpose::Check, TODAY);
    for text in [
        "20201010",
        "2020/10/10",
        "2020-10-10",
        "2020.10.10",
        "R2.10.10",
    ] {
        assert_eq!(check(text).day(), Some(date(2020, 10, 10)), "{text}");
    }
    assert_eq!(check("202010"), DateReading::Incomplete);
    assert!(matches!(check("20.10.10"), DateReading::Wrong(_)));
    assert!(matches!(check("20201310"), DateReading::Wrong(_)));
}

proptest! {
    #[test]
    fn what_is_shown_can_be_typed_again(days in 0i32..56_000) {
        let day = date(1873, 1, 1).saturating_add(jiff::Span::new().days(days));
        for text in [era::long(day), era::dotted(day), era::letters(day), era::western(day)] {
            let reading = birth(&text);
            prop_assert_eq!(reading.day(), Some(day), "{}", text);
            let converted = matches!(reading, DateReading::Day { converted: Some(_), .. });
            prop_assert!(!converted, "{} converted", text);
        }
    }

    #[test]
    fn no_beginning_of_a_good_date_is_called_wrong(days in 0i32..56_000) {
        let day = date(1873, 1, 1).saturating_add(jiff::Span::new().days(days));
        let compact = era::western(day).replace('-', "");
        for text in [era::long(day), era::letters(day), era::western(day), compact] {
            for end in 1..=text.chars().count() {
                let head: String = text.chars().take(end).collect();
                let wrong = matches!(birth(&head), DateReading::Wrong(_));
                prop_assert!(!wrong, "{} of {}", head, text);
            }
        }
    }

    #[test]
    fn any_text_is_read_without_panic(text in any::<String>()) {
        let _ = birth(&text);
    }
}
