//! What stands behind a field on a screen that has no room for it there.

use super::{card, type_in};
use crate::domain::field::Field;
use crate::front::form::{Form, Layout};
use crate::text::glyphs::Ambiguous;
use jiff::civil::date;

#[test]
fn dom_26_on_a_narrow_screen_the_year_and_the_age_are_seen() {
    let today = date(2026, 11, 20);
    let rows = |form: &Form| {
        let (rows, _) = crate::front::trial::rows(60, 10, Ambiguous::Narrow, |canvas| {
            let layout = Layout {
                top: 0,
                height: 10,
                value: 16,
            };
            form.view(canvas, layout, today);
        });
        rows
    };
    for (typed, whole, left) in [
        (
            "S29.12.26",
            "昭和29年12月26日  1954-12-26  満71歳",
            "1954-12-26 満71歳",
        ),
        (
            "19541226",
            "昭和29年12月26日  1954-12-26  満71歳",
            "昭和29年12月26日 満71歳",
        ),
        (
            "2026/12/26",
            "未来の日付  令和8年12月26日  2026-12-26",
            "未来の日付~",
        ),
        (
            "M38.10.12",
            "120歳超え  明治38年10月12日  1905-10-12",
            "120歳超え~",
        ),
        // Set right: in what era it is has to be seen.
        (
            "H31.5.1",
            "令和元年5月1日  2019-05-01  満7歳",
            "令和元年5月1日~",
        ),
    ] {
        let mut form = card();
        form.focus_on(Field::BirthDate);
        type_in(&mut form, typed);
        let drawn = rows(&form);
        let own = drawn.iter().position(|row| row.contains(typed)).unwrap();
        assert!(drawn[own + 1].contains(whole), "{drawn:#?}");
        form.focus_on(Field::CheckDate);
        let drawn = rows(&form);
        assert!(drawn[own].trim_end().ends_with(left), "{drawn:#?}");
    }
}
