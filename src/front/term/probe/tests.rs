use super::*;
use crate::front::keys::key::{Code, Key};
use proptest::prelude::*;

fn heard(pieces: &[&[u8]]) -> (Option<Widths>, Vec<u8>) {
    let mut answers = Answers::to(9);
    let mut rest = Vec::new();
    for piece in pieces {
        answers.feed(piece, &mut rest);
    }
    rest.extend(answers.left());
    (answers.widths(), rest)
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

fn keys(pieces: &[&[u8]]) -> Vec<Msg> {
    let mut typed = Typed::default();
    let mut out: Vec<Msg> = pieces.iter().flat_map(|p| typed.feed(p)).collect();
    out.extend(typed.end());
    out
}

fn plain(code: Code) -> Msg {
    Msg::Key(Key::plain(code))
}

#[test]
fn typed_bytes_are_keys() {
    let char = |c| plain(Code::Char(c));
    for (pieces, want) in [
        (
            &[b"0\r\t".as_slice()][..],
            vec![char('0'), plain(Code::Enter), plain(Code::Tab)],
        ),
        (
            &["山".as_bytes(), &[0xe7, 0x94], &[0xb0]],
            vec![char('山'), char('田')],
        ),
        (
            &[b"\x08\x7f\x0c"],
            vec![
                plain(Code::Backspace),
                plain(Code::Backspace),
                Msg::Key(Key::ctrl('l')),
            ],
        ),
        (
            &[b"\x1bx\x1b]"],
            vec![Msg::Key(Key::alt('x')), Msg::Key(Key::alt(']'))],
        ),
        (
            &[b"\x1b[20~"],
            "\x1b[20~"
                .chars()
                .map(|c| {
                    if c == '\x1b' {
                        plain(Code::Esc)
                    } else {
                        char(c)
                    }
                })
                .collect(),
        ),
        (&[b"\x1b"], vec![plain(Code::Esc)]),
        (
            &[b"a\x1b[2", b"00~\xe5\xb1\xb1\r1\x1b[20", b"1~b"],
            vec![char('a'), Msg::Paste("山\r1".to_owned()), char('b')],
        ),
        (&[b"\x1b[200~1"], vec![Msg::Paste("1".to_owned())]),
        (&[&[0xff, 0xe3, b'a', 0xe3]], vec![char('a')]),
    ] {
        assert_eq!(keys(pieces), want, "{pieces:?}");
    }
}

proptest! {
    /// However the bytes are torn: the same keys, the same answer, nothing
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
        prop_assert_eq!(keys(&pieces), keys(&[&bytes]));
    }

    #[test]
    fn any_bytes_end(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = heard(&[&bytes]);
        let _ = keys(&[&bytes]);
    }
}
