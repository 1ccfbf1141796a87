use super::*;
use proptest::prelude::*;

#[test]
fn dom_3_vectors() {
    for (number, check) in [
        ("33120015", Check::Good),
        ("06139000", Check::Good),
        ("02199990", Check::Good),
        ("01040013", Check::Good),
        ("019904", Check::Bad),
        ("019901", Check::Good),
        ("77777777", Check::UnknownByRule),
        ("77777779", Check::UnknownByRule),
        ("０６１３９０００", Check::Good),
        ("6139000", Check::Good),
        ("  019901", Check::Good),
        ("00019901", Check::Good),
        ("0613", Check::Incomplete),
        ("0613900", Check::Incomplete),
        ("0613900x", Check::Incomplete),
        ("061390000", Check::Incomplete),
        ("", Check::Incomplete),
    ] {
        assert_eq!(insurer_check(number), check, "{number}");
    }
    assert_eq!(check_digit("0613900"), Some('0'));
    assert_eq!(check_digit("7777777"), Some('9'));
    assert_eq!(check_digit("a"), None);
}

#[test]
fn dom_8_institution_codes() {
    for (code, check) in [
        ("0110113719", Check::Good),
        ("1510110016", Check::Good),
        ("1540330014", Check::Good),
        ("1234567890", Check::Bad),
        ("1710110216", Check::Bad),
        ("011011371", Check::Incomplete),
    ] {
        assert_eq!(institution_check(code), check, "{code}");
    }
}

#[test]
fn dom_5_6_what_the_digits_say() {
    for (number, label) in [
        ("06139000", Some("組合健保・東京")),
        ("01040013", Some("協会けんぽ・宮城")),
        ("33120015", Some("警察共済・千葉")),
        ("39131156", Some("後期高齢者医療・東京")),
        ("019901", Some("国保・北海道")),
        ("6139000", Some("組合健保・東京")),
        ("05139000", None),
        ("06489000", None),
        ("0613", None),
    ] {
        assert_eq!(insurer_label(number).as_deref(), label, "{number}");
    }
    assert_eq!(prefecture("13"), Some("東京"));
    assert_eq!(prefecture("00"), None);
    assert_eq!(prefecture("+1"), None);
}

#[test]
fn dom_4_corrections() {
    assert!(insurer_corrections("06319000").contains(&"06139000".to_owned()));
    assert!(insurer_corrections("06139000").is_empty());
    assert!(insurer_corrections("0613").is_empty());
    assert!(insurer_corrections("77777777").is_empty());
}

#[test]
fn dom_11_padding() {
    for (given, shown) in [
        ("19901", "019901"),
        ("  019901", "019901"),
        ("00019901", "019901"),
        ("6139000", "06139000"),
        ("0613", "0613"),
        ("0", "0"),
        ("06１３-9000", "06139000"),
        ("0613900", "0613900"),
    ] {
        assert_eq!(insurer_shown(given), shown, "{given}");
    }
}

#[test]
fn dom_13_zero_forms() {
    assert_eq!(number_forms("06139000", "10001"), ["10001", "0010001"]);
    assert_eq!(number_forms("06139000", "0010001"), ["0010001", "10001"]);
    assert_eq!(number_forms("39131156", "123"), ["123", "00000123"]);
    assert_eq!(number_forms("06139000", "あ1"), ["あ1"]);
    assert_eq!(number_forms("06139000", "000"), ["000", "0", "0000000"]);
}

#[test]
fn dom_14_branch() {
    assert_eq!(branch_filled("1"), "01");
    assert_eq!(branch_filled("０１"), "01");
    assert_eq!(branch_filled(""), "");
    assert_eq!(branch_filled(" "), "");
}

/// A number with the official check digit, made for tests.
fn personal(body: &str) -> String {
    let sum: u32 = body
        .chars()
        .rev()
        .zip([2, 3, 4, 5, 6, 7, 2, 3, 4, 5, 6])
        .filter_map(|(c, weight)| Some(c.to_digit(10)? * weight))
        .sum();
    let check = match sum % 11 {
        0 | 1 => 0,
        rest => 11 - rest,
    };
    format!("{body}{check}")
}

#[test]
fn dom_44_published_sample() {
    // The sample of the official explanation of the check digit.
    assert!(holds_personal_number("123456789018"));
    assert!(!holds_personal_number("123456789012"));
    assert!(!holds_personal_number("12345678901"));
    assert!(!holds_personal_number("1234567890180"));
    assert!(!holds_personal_number("06139000 9000 10001"));
    assert!(!holds_personal_number("03-1234-5678"));
}

proptest! {
    #[test]
    fn dom_4_every_wrong_digit_is_found(body in "[0-9]{7}", at in 0usize..8, by in 1u32..10) {
        let number = format!("{body}{}", check_digit(&body).unwrap());
        let wrong: String = number
            .chars()
            .enumerate()
            .map(|(i, c)| {
                let digit = c.to_digit(10).unwrap();
                char::from_digit(if i == at { (digit + by) % 10 } else { digit }, 10).unwrap()
            })
            .collect();
        prop_assert!(passes(&number));
        prop_assert!(!passes(&wrong));
        let eight = !number.starts_with("00") && !wrong.starts_with("00");
        if eight && insurer_check(&wrong) == Check::Bad && insurer_label(&number).is_some() {
            prop_assert!(insurer_corrections(&wrong).contains(&number));
        }
    }

    #[test]
    fn dom_4_corrections_pass(number in "[0-9]{8}") {
        for candidate in insurer_corrections(&number) {
            prop_assert!(passes(&candidate));
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(10_000))]

    #[test]
    fn sec_16_every_spelling_is_found(body in "[0-9]{11}", around in "[あ-ん]{0,3}") {
        let number = personal(&body);
        let wide: String = number
            .chars()
            .map(|c| char::from_u32(c as u32 + 0xFEE0).unwrap())
            .collect();
        let grouped = |text: &str, mark: &str| {
            let chars: Vec<char> = text.chars().collect();
            let groups: Vec<String> = chars.chunks(4).map(|chunk| chunk.iter().collect()).collect();
            groups.join(mark)
        };
        for text in [
            number.clone(),
            wide.clone(),
            grouped(&number, " "),
            grouped(&number, "-"),
            grouped(&wide, "　"),
            grouped(&wide, "－"),
            grouped(&number, "\u{200B}"),
        ] {
            let text = format!("{around}{text}{around}");
            prop_assert!(holds_personal_number(&text), "{}", body);
        }
    }
}

#[test]
fn dom_4_the_likeliest_correction_is_first_and_exists() {
    for (wrong, right) in [
        ("01139907", "01139906"),
        ("06139005", "06139000"),
        ("019904", "019901"),
    ] {
        let found = insurer_corrections(wrong);
        assert_eq!(found.first().map(String::as_str), Some(right), "{found:?}");
        for candidate in &found {
            assert!(insurer_label(candidate).is_some(), "{wrong}: {candidate}");
        }
    }
    // A 3 read as 5 comes right behind the check digit (DOM-17).
    let found = insurer_corrections("06159000");
    assert_eq!(
        found.get(1).map(String::as_str),
        Some("06139000"),
        "{found:?}"
    );
}

#[test]
fn dom_15_numbers_of_the_late_elderly_are_personal() {
    assert!(no_family("39131156").is_some());
    assert!(no_family("06139000").is_none() && no_family("").is_none());
}
