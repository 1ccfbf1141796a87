//! What the numbers of the face are made of: the year of the era, unless a
//! person says that the face gives the western one.

use super::*;

fn sent(birth: &str) -> String {
    let mut seat = at_card();
    seat.insert(1).type_in(birth).press("Enter");
    seat.type_in("20334321").press("F12");
    let key = seat.said.iter().find_map(|m| match m {
        ToDesk::ReadCard { key, .. } => Some(key.clone()),
        _ => None,
    });
    let digits = key.and_then(|key| key.digits());
    digits.map_or_else(String::new, |digits| digits.reveal().to_owned())
}

#[test]
fn a_western_date_is_sent_in_its_era_unless_a_person_says_so() {
    for (typed, digits) in [
        ("S60.7.4", "60070420334321"),
        ("1985.7.4", "60070420334321"),
        ("19850704", "60070420334321"),
        ("W1985.7.4", "85070420334321"),
        ("w19850704", "85070420334321"),
    ] {
        assert_eq!(sent(typed), digits, "{typed}");
    }
    let mut seat = at_card();
    seat.type_in("1985.7.4");
    assert!(
        seat.text().contains("昭和60年7月4日で照合。西暦なら頭にW"),
        "{}",
        seat.text()
    );
    let mut seat = at_card();
    seat.type_in("W1985.7.4");
    assert!(
        seat.text().contains("西暦 1985 年の券面として"),
        "{}",
        seat.text()
    );
}

#[test]
fn an_unknown_day_is_told_before_anything_is_sent() {
    for typed in [
        "S60.7.0",
        "S60.00.00",
        "19850700",
        "600000",
        "昭和60年0月0日",
    ] {
        let mut seat = at_card();
        seat.insert(1).type_in(typed);
        assert!(
            seat.text().contains("番号では読めません。F7 で暗証番号"),
            "{typed} {}",
            seat.text()
        );
        seat.press("F12");
        assert!(
            seat.flat().contains("F7 で患者さんの暗証番号で"),
            "{typed} {}",
            seat.text()
        );
        assert_eq!(seat.readings(), 0, "{typed}");
    }
    for typed in ["S60.10.10", "19851010", "20000101", "S20.10.30"] {
        assert_ne!(sent(typed), "", "{typed}");
    }
}

#[test]
fn a_birth_date_after_today_is_not_sent() {
    for typed in ["H99.1.1", "2030-01-01", "W2026.11.21"] {
        assert_eq!(sent(typed), "", "{typed}");
    }
    assert_eq!(sent("2026-11-20"), "08112020334321");
    let mut seat = at_card();
    seat.insert(1).type_in("H99.1.1").press("Enter");
    seat.type_in("20334321").press("F12");
    let text = seat.flat();
    assert!(
        text.contains("未来の日付です。カードには送っていません"),
        "{text}"
    );
}
