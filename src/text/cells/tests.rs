use super::*;
use proptest::prelude::*;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

/// Where the renderer puts what comes behind `text` as it is shown.
fn drawn(text: &str) -> usize {
    let text = &display(text);
    let mut buffer = Buffer::empty(Rect::new(0, 0, 2000, 1));
    usize::from(buffer.set_string_end(text))
}

trait End {
    fn set_string_end(&mut self, text: &str) -> u16;
}

impl End for Buffer {
    fn set_string_end(&mut self, text: &str) -> u16 {
        self.set_stringn(0, 0, text, usize::MAX, Style::new()).0
    }
}

#[test]
fn b1_guard_a_voiced_mark_takes_one_column() {
    let mut buffer = Buffer::empty(Rect::new(0, 0, 8, 1));
    buffer.set_string(0, 0, "ｶﾞ|", Style::new());
    assert_eq!(buffer[(2, 0)].symbol(), "|");
}

#[test]
fn dom_49_known_widths() {
    for (text, columns) in [
        ("", 0),
        ("abc", 3),
        ("山田太郎", 8),
        ("ﾔﾏﾀﾞ ﾀﾛｳ", 8),
        ("ﾊﾞ", 2),
        ("ﾟ", 1),
        ("か\u{3099}", 2),
        ("\u{845B}\u{E0100}", 2),
        ("𠮷髙﨑", 6),
        ("\u{E000}", 2),
        ("\u{F0001}", 2),
        ("1\u{FE0F}\u{20E3}", 1),
        ("🇯🇵", 4),
        ("👨\u{200D}👩", 4),
        ("👍🏽", 2),
        ("\u{3099}か", 4),
        ("〇", 2),
        ("●", 1),
        ("❤\u{FE0F}", 1),
        ("\u{200B}", 0),
        ("\u{3000}", 2),
        ("a\u{1B}b", 2),
    ] {
        assert_eq!(cells(text), columns, "{text:?}");
        assert_eq!(drawn(text), columns, "{text:?} as drawn");
    }
}

#[test]
fn cut_and_fit() {
    assert_eq!(cut("山田太郎", 7), "山田太");
    assert_eq!(cut("ﾀﾞﾅ", 2), "ﾀﾞ");
    assert_eq!(cut("ﾀﾞﾅ", 1), "");
    assert_eq!(fit("山田太郎", 7), "山田太~");
    assert_eq!(fit("山田太郎", 6), "山田~ ");
    assert_eq!(fit("山田", 6), "山田  ");
    assert_eq!(fit("山田", 0), "");
}

fn hard() -> impl Strategy<Value = String> {
    let part = prop_oneof![
        any::<char>().prop_map(String::from),
        prop::sample::select(vec![
            "ｶ",
            "ﾞ",
            "ﾟ",
            "か",
            "\u{3099}",
            "\u{301}",
            "葛",
            "\u{E0100}",
            "\u{FE0F}",
            "👨",
            "\u{200D}",
            "👩",
            "🇯",
            "🇵",
            "1\u{20E3}",
            "●",
            "─",
            "\u{E123}",
            "\u{1B}[31m",
            "\r\n",
            "ー",
            "山",
        ])
        .prop_map(str::to_owned),
    ];
    prop::collection::vec(part, 0..24).prop_map(|parts| parts.concat())
}

proptest! {
    #[test]
    fn measured_as_drawn(text in hard()) {
        prop_assert_eq!(cells(&text), drawn(&text));
    }

    #[test]
    fn fit_fits_exactly(text in hard(), columns in 0usize..40) {
        prop_assert_eq!(cells(&fit(&text, columns)), columns);
    }

    #[test]
    fn cut_is_the_longest_fitting_beginning(text in hard(), columns in 0usize..40) {
        let head = cut(&text, columns);
        prop_assert!(text.starts_with(head));
        prop_assert!(cells(head) <= columns);
    }
}

/// What is measured without a table is what the table says, and never joins
/// its neighbour.
#[test]
fn plain_characters_are_clusters_of_their_own() {
    let all: Vec<char> = ('\0'..=char::MAX).filter(|c| plain(*c).is_some()).collect();
    assert!(all.len() > 20_000);
    for pair in all.windows(2) {
        let text: String = pair.iter().collect();
        let joined: Vec<&str> = text.graphemes(true).collect();
        assert_eq!(joined.len(), 2, "{text:?}");
        assert_eq!(Some(cluster_cells(joined[0])), plain(pair[0]), "{text:?}");
        for (before, after) in [("ー", ""), ("", "ー"), ("1", ""), ("", "1")] {
            let text = format!("{before}{}{after}", pair[0]);
            assert_eq!(text.graphemes(true).count(), 2, "{text:?}");
        }
    }
}
