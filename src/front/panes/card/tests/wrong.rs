//! Fields of the key that hold what no card has.

use super::{Seat, at_card};

#[test]
fn what_is_not_a_number_of_the_face_is_not_sent() {
    for (keys, told) in [
        (&["F12"][..], "生年月日: 入れてください"),
        (&["S", "6", "0", "F12"], "生年月日: "),
        (
            &["S", "6", "0", ".", "7", ".", "4", "Enter", "3", "3", "F12"],
            "西暦 4 桁",
        ),
        (
            &[
                "S", "6", "0", ".", "7", ".", "4", "Enter", "2", "0", "3", "3", "1", "F12",
            ],
            "数字 4 桁",
        ),
    ] {
        let mut seat = at_card();
        for key in keys {
            seat.press(key);
        }
        assert!(seat.flat().contains(told), "{told}: {}", seat.text());
        assert_eq!(seat.readings(), 0);
    }
}

#[test]
fn a_birth_date_that_its_era_does_not_have_is_said_on_its_line_and_not_sent() {
    for (typed, day) in [("S99.5.8", "令和6年5月8日"), ("H31.5.1", "令和1年5月1日")] {
        let mut seat = at_card();
        seat.type_in(typed);
        assert!(
            seat.flat().contains("にその日はありません（"),
            "{}",
            seat.text()
        );
        let told = day.replace("令和1年", "令和元年");
        assert!(seat.flat().contains(&told), "{}", seat.text());
        seat.press("Enter");
        assert!(seat.flat().contains(&told), "left: {}", seat.text());
        seat.press("Up");
        seat.press("Enter").type_in("20332468").press("F12");
        assert_eq!(seat.readings(), 0, "{typed}");
        let day = day.replace("令和1年", "令和元年");
        assert!(seat.flat().contains(&day), "{}", seat.text());
    }
    let mut seat = at_card();
    seat.type_in("H1.1.8").press("Enter").type_in("20332468");
    seat.press("F12");
    assert_eq!(seat.readings(), 1, "{}", seat.text());
}

#[test]
fn dom_20_the_enter_behind_a_year_that_moved_on_by_itself_confirms_that_move() {
    let told = |seat: &Seat| seat.flat().contains("セキュリティコード: 数字 4 桁");
    for key in ["Enter", "Tab"] {
        let mut seat = at_card();
        seat.insert(1).type_in("S60.7.4").press("Enter");
        seat.type_in("2033").press(key);
        assert!(!told(&seat), "{key}: {}", seat.text());
        seat.type_in("2468").press("F12");
        assert_eq!(seat.readings(), 1, "{key}: {}", seat.text());
    }
    // Only the one: the next is meant for the field.
    let mut seat = at_card();
    seat.insert(1).type_in("S60.7.4").press("Enter");
    seat.type_in("2033").press("Enter").press("Enter");
    assert!(told(&seat), "{}", seat.text());
    // And none behind a move of the clerk's own.
    let mut seat = at_card();
    seat.insert(1).type_in("S60.7.4").press("Enter");
    seat.type_in("2033").press("Up").press("Down");
    seat.press("Enter");
    assert!(told(&seat), "{}", seat.text());
    // What reads still goes with the last digit's Enter.
    let mut seat = at_card();
    seat.insert(1).type_in("S60.7.4").press("Enter");
    seat.type_in("20332468").press("Enter");
    assert_eq!(seat.readings(), 1, "{}", seat.text());
}

#[test]
fn dom_25_a_doubtful_birth_date_says_so_on_its_line() {
    for (typed, word) in [
        ("R60.7.4", "未来の日付"),
        ("2078.7.4", "未来の日付"),
        ("M30.7.4", "120歳超え"),
        ("W1897.7.4", "120歳超え"),
    ] {
        let mut seat = at_card();
        seat.insert(1).type_in(typed);
        // Behind it, or below it where there is no room.
        let rows = seat.screen();
        let mut own = rows.iter().skip_while(|row| !row.contains("> 生年月日"));
        assert!(
            own.by_ref().take(2).any(|row| row.contains(word)),
            "{typed}: {}",
            seat.text()
        );
        seat.press("Enter");
        let rows = seat.screen();
        let row = rows.iter().find(|row| row.starts_with("  生年月日"));
        assert!(
            row.is_some_and(|row| row.contains(word)),
            "left {typed}: {}",
            seat.text()
        );
    }
}

#[test]
fn a_field_that_was_left_half_filled_says_what_is_wrong() {
    let mut seat = at_card();
    seat.type_in("S60.7").press("Enter");
    let row = |seat: &Seat, label: &str| {
        let rows = seat.screen();
        let row = rows.iter().find(|row| row.contains(label));
        row.cloned().unwrap_or_default()
    };
    assert!(seat.text().contains("日付が途中です"), "{}", seat.text());
    seat.type_in("20");
    let year = row(&seat, "有効期限の年");
    assert!(
        !year.contains("入れてください"),
        "it is being typed: {year}"
    );
    seat.press("Enter");
    let year = row(&seat, "有効期限の年");
    assert!(year.contains("西暦 4 桁で入れてください"), "{year}");
    seat.type_in("12").press("Up");
    let code = row(&seat, "セキュリティコード");
    assert!(code.contains("数字 4 桁を入れてください"), "{code}");
}
