use super::*;
use proptest::prelude::*;

const fn ms(n: u64) -> Duration {
    Duration::from_millis(n)
}

fn plain(code: Code) -> Msg {
    Msg::Key(Key::plain(code))
}

fn esc() -> Msg {
    plain(Code::Esc)
}

/// Feeds a lone Esc and then the text, one character a millisecond.
fn torn(rest: &str) -> Vec<Msg> {
    let mut guard = Guard::new(HOLD);
    let mut out = Vec::new();
    guard.feed(ms(0), esc(), &mut out);
    for (c, at) in rest.chars().zip(1..) {
        guard.feed(ms(at), plain(Code::Char(c)), &mut out);
    }
    if guard.due().is_some() {
        guard.expire(&mut out);
    }
    out
}

#[test]
fn torn_keys_are_whole_again() {
    for (rest, code) in [
        ("[15~", Code::F(5)),
        ("[17~", Code::F(6)),
        ("[21~", Code::F(10)),
        ("[24~", Code::F(12)),
        ("[11~", Code::F(1)),
        ("[[A", Code::F(1)),
        ("[[E", Code::F(5)),
        ("OP", Code::F(1)),
        ("OS", Code::F(4)),
        ("OM", Code::Enter),
        ("Op", Code::Char('0')),
        ("Oy", Code::Char('9')),
        ("On", Code::Char('.')),
        ("[A", Code::Up),
        ("OD", Code::Left),
        ("[H", Code::Home),
        ("[4~", Code::End),
        ("[3~", Code::Delete),
        ("[6~", Code::PageDown),
        ("[Z", Code::BackTab),
    ] {
        assert_eq!(torn(rest), [plain(code)], "ESC {rest}");
    }
    assert_eq!(
        torn("[1;5C"),
        [Msg::Key(Key {
            code: Code::Right,
            ctrl: true,
            alt: false
        })]
    );
}

#[test]
fn sec_37_answers_of_the_terminal_are_no_text() {
    for rest in ["[24;80R", "[?62;22c", "[>0;276;0c", "[?2026;2$y", "[15;2~"] {
        assert_eq!(torn(rest), [], "ESC {rest}");
    }
}

#[test]
fn sec_37_strings_of_the_terminal_are_no_text() {
    let alt = |c| Msg::Key(Key::alt(c));
    let bell = Msg::Key(Key::ctrl('g'));
    // Whole (the letter comes with Alt), and torn behind the Esc.
    for (begin, ends) in [
        (vec![alt(']')], vec![alt('\\')]),
        (vec![alt(']')], vec![bell]),
        (vec![alt('P')], vec![esc(), plain(Code::Char('\\'))]),
        (vec![esc(), plain(Code::Char(']'))], vec![alt('\\')]),
    ] {
        let mut guard = Guard::new(HOLD);
        let mut out = Vec::new();
        let body = "11;rgb:ffff/0000/0000"
            .chars()
            .map(|c| plain(Code::Char(c)));
        let all = begin.into_iter().chain(body).chain(ends);
        for (msg, at) in all.zip(0..) {
            guard.feed(ms(at), msg, &mut out);
        }
        assert_eq!(guard.due(), None);
        guard.feed(ms(99), plain(Code::Char('x')), &mut out);
        assert_eq!(out, [plain(Code::Char('x'))]);
    }
}

#[test]
fn sec_37_a_string_without_an_end_does_not_eat_the_keys_for_ever() {
    let x = || plain(Code::Char('x'));
    let mut guard = Guard::new(HOLD);
    let mut out = Vec::new();
    guard.feed(ms(0), Msg::Key(Key::alt(']')), &mut out);
    // Somebody types, a key each 100 ms.
    for at in 1..=40 {
        guard.feed(ms(at * 100), x(), &mut out);
    }
    assert!(
        out.iter().filter(|msg| **msg == x()).count() >= 20,
        "{out:?}"
    );

    let mut guard = Guard::new(HOLD);
    let mut out = Vec::new();
    guard.feed(ms(0), Msg::Key(Key::alt('_')), &mut out);
    for _ in 0..10_000 {
        guard.feed(ms(1), x(), &mut out);
    }
    assert!(out.len() >= 1_000, "{}", out.len());
}

#[test]
fn sec_37_a_string_without_content_is_nothing() {
    let mut guard = Guard::new(HOLD);
    let mut out = Vec::new();
    guard.feed(ms(0), Msg::Key(Key::alt(']')), &mut out);
    guard.feed(ms(0), Msg::Key(Key::ctrl('g')), &mut out);
    assert_eq!((out, guard.due()), (vec![], None));
}

#[test]
fn a_letter_with_alt_is_a_key_when_nothing_follows_at_once() {
    let mut guard = Guard::new(HOLD);
    let mut out = Vec::new();
    guard.feed(ms(0), Msg::Key(Key::alt('P')), &mut out);
    guard.feed(ms(40), plain(Code::Char('1')), &mut out);
    assert_eq!(out, [Msg::Key(Key::alt('P')), plain(Code::Char('1'))]);
}

#[test]
fn a_lone_esc_is_esc_after_the_hold() {
    let mut guard = Guard::new(HOLD);
    let mut out = Vec::new();
    guard.feed(ms(0), esc(), &mut out);
    assert_eq!(out, []);
    assert_eq!(guard.due(), Some(ms(25)));
    guard.expire(&mut out);
    assert_eq!(out, [esc()]);
    assert_eq!(guard.due(), None);
}

#[test]
fn esc_and_a_bracket_typed_later_are_two_keys() {
    let mut guard = Guard::new(HOLD);
    let mut out = Vec::new();
    guard.feed(ms(0), esc(), &mut out);
    guard.feed(ms(26), plain(Code::Char('[')), &mut out);
    assert_eq!(out, [esc(), plain(Code::Char('['))]);
}

#[test]
fn a_torn_paste_is_a_paste() {
    assert_eq!(torn("[200~山田"), [Msg::Paste("山田".to_owned())]);
}

proptest! {
    /// Nothing is held for ever, and without an Esc nothing is changed.
    #[test]
    fn keys_pass_through(text in "[a-zA-Z0-9\\[\\]~;ア]{0,20}", esc_first in any::<bool>()) {
        let mut guard = Guard::new(HOLD);
        let mut out = Vec::new();
        let keys: Vec<Msg> = text.chars().map(|c| plain(Code::Char(c))).collect();
        for (key, at) in keys.iter().zip(0..) {
            if esc_first {
                // 30 ms apart: a person, not a torn sequence.
                guard.feed(ms(at * 60), esc(), &mut out);
            }
            guard.feed(ms(at * 60 + 30), key.clone(), &mut out);
        }
        prop_assert_eq!(guard.due(), None);
        let chars: Vec<Msg> = out.into_iter().filter(|m| *m != esc()).collect();
        prop_assert_eq!(chars, keys);
    }
}

#[test]
fn a_torn_paste_without_end_does_not_fill_the_memory() {
    let text = format!("[200~{}", "x".repeat(200_000));
    let out = torn(&text);
    let [Msg::Paste(kept)] = out.as_slice() else {
        panic!("no paste");
    };
    assert!(kept.len() <= 64 * 1024 + 1, "{}", kept.len());
}
