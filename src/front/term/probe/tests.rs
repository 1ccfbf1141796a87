use super::*;
use proptest::prelude::*;

fn heard(pieces: &[&[u8]]) -> (Option<Widths>, Vec<u8>) {
    let mut probe = Probe::of(9, Duration::ZERO);
    let mut rest = Vec::new();
    for piece in pieces {
        rest.extend(probe.feed(piece));
    }
    rest.extend(probe.left());
    (probe.widths(), rest)
}

const NARROW: Widths = Widths {
    ambiguous: Ambiguous::Narrow,
    lines_differ: false,
};
const WIDE: Widths = Widths {
    ambiguous: Ambiguous::Wide,
    lines_differ: false,
};

#[test]
fn b3_the_question_is_not_in_row_1_and_takes_itself_away() {
    let text = String::from_utf8(question(1)).unwrap();
    assert!(text.contains("\x1b[2H▽\x1b[6n\r─\x1b[6n\r   "), "{text:?}");
}

#[test]
fn b3_answers() {
    for (bytes, widths) in [
        ("\x1b[10;2R\x1b[10;2R", Some(NARROW)),
        ("\x1b[10;3R\x1b[10;3R", Some(WIDE)),
        (
            "\x1b[10;3R\x1b[10;2R",
            Some(Widths {
                lines_differ: true,
                ..WIDE
            }),
        ),
        (
            "\x1b[10;2R\x1b[10;3R",
            Some(Widths {
                lines_differ: true,
                ..NARROW
            }),
        ),
        ("\x1b[10;2R", None),
        ("\x1b[10;1R\x1b[10;2R", None),
        ("\x1b[10;80R\x1b[10;2R", None),
        ("", None),
    ] {
        assert_eq!(
            heard(&[bytes.as_bytes()]),
            (widths, Vec::new()),
            "{bytes:?}"
        );
    }
    // Shift+F3, and an answer to somebody else's question, are not ours.
    let strange = b"\x1b[1;2R\x1b[24;80R\x1b[R\x1b[;2R\x1b[10R".as_slice();
    assert_eq!(heard(&[strange]), (None, strange.to_vec()));
}

#[test]
fn keys_of_the_same_moment_are_kept() {
    let (widths, rest) = heard(&[b"\x1b[20~0\x1b", b"[10;", b"3Rx\x1b[10;3", b"R\x1b", b"OP"]);
    assert_eq!(widths, Some(WIDE));
    assert_eq!(rest, b"\x1b[20~0x\x1bOP");
}

proptest! {
    /// However the bytes are torn: the same answer, nothing
    /// lost.
    #[test]
    fn torn_anywhere_is_the_same(
        parts in prop::collection::vec(prop::sample::select(vec![
            "\x1b[10;2R", "\x1b[10;3R", "\x1b[1;2R", "0", "山", "\x1b[15~", "\x1b[200~a\x1b[201~", "\r", "\x1bx",
        ]), 0..8),
        cuts in prop::collection::vec(0_usize..80, 0..6),
    ) {
        let bytes = parts.concat().into_bytes();
        let mut at: Vec<usize> = cuts.into_iter().map(|c| c.min(bytes.len())).collect();
        at.sort_unstable();
        at.push(bytes.len());
        let mut from = 0;
        let mut pieces = Vec::new();
        for to in at {
            pieces.push(&bytes[from..to]);
            from = to;
        }
        prop_assert_eq!(heard(&pieces), heard(&[&bytes]));
    }

    #[test]
    fn any_bytes_end(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = heard(&[&bytes]);
    }
}
