//! The question about notes that were put aside: each can be told from the
//! others and chosen, and the row says what its keys do.

use super::super::support::Seat;
use crate::domain::account::AccountKind;
use crate::front::app::Msg;
use crate::front::keys::NAMES;

/// So many notes of people of nearly the same name.
fn begun(seat: &mut Seat, count: usize) {
    for n in 0..count {
        seat.press("F2");
        if n > 0 {
            // The same digit, however many there are.
            seat.type_in("8");
        }
        seat.type_in("長曽我部信");
        seat.type_in(["一", "二", "三", "四", "五", "六", "七", "八", "九", "十"][n % 10]);
        seat.press("Down").press("Down");
        seat.type_in(&format!("S29.3.{}", n + 1)).press("Enter");
        seat.sleep(60_000).press("F1");
    }
    seat.press("F2");
}

#[test]
fn notes_of_one_name_are_told_apart_by_birth_date_and_time() {
    for size in [(80, 24), (60, 16)] {
        let mut seat = Seat::inside(AccountKind::General);
        seat.send(Msg::Resize {
            width: size.0,
            height: size.1,
        });
        begun(&mut seat, 3);
        let rows = seat.picture(size.0, size.1).0;
        for (n, (birth, at)) in [("03.03", "09:15"), ("03.02", "09:14"), ("03.01", "09:13")]
            .into_iter()
            .enumerate()
        {
            let line = format!("{} 長曽我〇〇", n + 1);
            let row = rows.iter().find(|row| row.contains(&line));
            let row = row.unwrap_or_else(|| panic!("{line}\n{rows:#?}"));
            assert!(row.contains(&format!("昭29.{birth}生")), "{row}");
            assert!(row.contains(at), "{row}");
        }
        assert!(
            rows.iter().any(|row| row.contains("8 新しく控える")),
            "{rows:#?}"
        );
        assert!(rows.iter().any(|row| row.contains("0 やめる")), "{rows:#?}");
        seat.type_in("2");
        assert!(seat.text().contains("長曽我部信二"), "{}", seat.text());
    }
}

#[test]
fn more_than_eight_can_all_be_reached() {
    let mut seat = Seat::inside(AccountKind::General);
    seat.send(Msg::Resize {
        width: 60,
        height: 16,
    });
    begun(&mut seat, 10);
    for stop in [0, 1] {
        for _ in 0..stop {
            seat.type_in("9");
        }
        let rows = seat.picture(60, 16).0;
        assert!(rows.concat().contains("0 やめる"), "{rows:#?}");
        assert!(rows.concat().contains("8 新しく控える"), "{rows:#?}");
    }
    // On the second page the third: the one begun first.
    seat.type_in("3");
    let text = seat.text();
    assert!(text.contains("長曽我部信一"), "{text}");
}

#[test]
fn the_row_says_what_the_keys_mean_under_each_question() {
    for name in NAMES {
        let row = |seat: &Seat| seat.screen()[22..].concat();
        let mut seat = Seat::inside(AccountKind::General);
        begun(&mut seat, 1);
        seat.keymap(name);
        let one = row(&seat);
        assert!(
            one.contains("続ける") && one.contains("やめる"),
            "{name}: {one}"
        );
        assert!(
            !one.contains("はい") && !one.contains("いいえ"),
            "{name}: {one}"
        );
        let mut seat = Seat::inside(AccountKind::General);
        begun(&mut seat, 2);
        seat.keymap(name);
        let two = row(&seat);
        assert!(
            !two.contains("はい") && !two.contains("続ける"),
            "{name}: {two}"
        );
        assert!(two.contains("やめる"), "{name}: {two}");
        seat.press("0").press("C-x").press("F11");
        seat.keymap(name);
    }
}
