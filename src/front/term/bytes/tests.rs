use super::*;
use proptest::prelude::*;

const fn ms(n: u64) -> Duration {
    Duration::from_millis(n)
}

fn plain(code: Code) -> Msg {
    Msg::Key(Key::plain(code))
}

fn typed(c: char) -> Msg {
    plain(Code::Char(c))
}

fn esc() -> Msg {
    plain(Code::Esc)
}

fn told(out: &[Msg]) -> Vec<Msg> {
    let garbled = |msg: &&Msg| **msg != Msg::Garbled;
    out.iter().filter(garbled).cloned().collect()
}

/// What comes of pieces that arrive `apart`.
fn pieces(parts: &[&[u8]], apart: Duration) -> Vec<Msg> {
    let mut bytes = Bytes::new(HOLD_SSH);
    let mut out = Vec::new();
    let mut now = ms(0);
    for part in parts {
        bytes.feed(now, part, &mut out);
        now += apart;
    }
    if bytes.due().is_some() {
        bytes.expire(&mut out);
    }
    out
}

/// Every key that we know, as terminals send it.
fn keys() -> Vec<(Vec<u8>, Key)> {
    let mut keys: Vec<(&str, Key)> = [
        ("\x1b[A", Code::Up),
        ("\x1bOB", Code::Down),
        ("\x1b[C", Code::Right),
        ("\x1bOD", Code::Left),
        ("\x1b[H", Code::Home),
        ("\x1bOF", Code::End),
        ("\x1b[1~", Code::Home),
        ("\x1b[7~", Code::Home),
        ("\x1b[4~", Code::End),
        ("\x1b[8~", Code::End),
        ("\x1b[2~", Code::Insert),
        ("\x1b[3~", Code::Delete),
        ("\x1b[5~", Code::PageUp),
        ("\x1b[6~", Code::PageDown),
        ("\x1b[Z", Code::BackTab),
        // xterm, Tera Term's PF1 to PF4 and its pad with NumLock.
        ("\x1bOP", Code::F(1)),
        ("\x1bOQ", Code::F(2)),
        ("\x1bOR", Code::F(3)),
        ("\x1bOS", Code::F(4)),
        // PuTTY, Tera Term.
        ("\x1b[11~", Code::F(1)),
        ("\x1b[14~", Code::F(4)),
        ("\x1b[15~", Code::F(5)),
        ("\x1b[17~", Code::F(6)),
        ("\x1b[18~", Code::F(7)),
        ("\x1b[19~", Code::F(8)),
        ("\x1b[20~", Code::F(9)),
        ("\x1b[21~", Code::F(10)),
        ("\x1b[23~", Code::F(11)),
        ("\x1b[24~", Code::F(12)),
        // The Linux console.
        ("\x1b[[A", Code::F(1)),
        ("\x1b[[E", Code::F(5)),
        // In one byte, as a terminal with 8-bit controls sends it.
        ("\u{9b}15~", Code::F(5)),
        ("\u{9b}A", Code::Up),
        // The ten-key pad in application mode.
        ("\x1bOM", Code::Enter),
        ("\x1bOj", Code::Char('*')),
        ("\x1bOk", Code::Char('+')),
        ("\x1bOm", Code::Char('-')),
        ("\x1bOn", Code::Char('.')),
        ("\x1bOo", Code::Char('/')),
        ("\x1bOX", Code::Char('=')),
        ("山", Code::Char('山')),
        ("𠮷", Code::Char('𠮷')),
        ("ﾞ", Code::Char('ﾞ')),
        ("é", Code::Char('é')),
    ]
    .into_iter()
    .map(|(bytes, code)| (bytes, Key::plain(code)))
    .collect();
    let right = Key::plain(Code::Right);
    keys.extend([
        (
            "\x1b[1;5C",
            Key {
                ctrl: true,
                ..right
            },
        ),
        ("\x1b[1;3C", Key { alt: true, ..right }),
        ("\x1b\x1b[C", Key { alt: true, ..right }),
        (
            "\x1bO5C",
            Key {
                ctrl: true,
                ..right
            },
        ),
        ("\x1b1", Key::alt('1')),
        ("\x1bx", Key::alt('x')),
        // Left so by another program: never asked for.
        ("\x1b[97u", Key::plain(Code::Char('a'))),
        ("\x1b[97;5u", Key::ctrl('a')),
        ("\x1b[13;2u", Key::plain(Code::Enter)),
        ("\x1b[9;2u", Key::plain(Code::BackTab)),
        ("\x1b[27;5;100~", Key::ctrl('d')),
        ("\x1b[104;5u", Key::plain(Code::Backspace)),
    ]);
    let mut all: Vec<(Vec<u8>, Key)> = keys
        .into_iter()
        .map(|(bytes, key)| (bytes.as_bytes().to_vec(), key))
        .collect();
    for digit in 0..10u8 {
        let key = Key::plain(Code::Char(char::from(b'0' + digit)));
        all.push((vec![ESC, b'O', b'p' + digit], key));
    }
    all.push((b"\x9b24~".to_vec(), Key::plain(Code::F(12))));
    all
}

#[test]
fn b5_every_key_whole_and_torn_at_every_place() {
    for (bytes, key) in keys() {
        let want = [Msg::Key(key)];
        assert_eq!(pieces(&[&bytes], ms(0)), want, "{bytes:02x?}");
        for at in 1..bytes.len() {
            let (a, b) = bytes.split_at(at);
            assert_eq!(pieces(&[a, b], ms(20)), want, "{a:02x?} {b:02x?}");
        }
        let single: Vec<&[u8]> = bytes.chunks(1).collect();
        assert_eq!(pieces(&single, ms(20)), want, "{bytes:02x?} byte by byte");
    }
}

#[test]
fn b5_a_key_behind_anything_is_still_that_key() {
    let f12 = b"\x1b[24~";
    let before: [&[u8]; 12] = [
        b"\x80",
        b"\xb1",
        b"\xe5",
        b"\xe5\xb1",
        b"\xf0\x9f",
        b"\xff\xfe",
        b"\x1b[1",
        b"\x1b[?62;22",
        b"\x1b[[",
        b"\x1bO",
        b"\x9b",
        b"\x1b]0;title",
    ];
    for first in before {
        for apart in [ms(0), ms(20)] {
            let out = pieces(&[first, f12], apart);
            assert_eq!(
                out.last(),
                Some(&plain(Code::F(12))),
                "{first:02x?}: {out:?}"
            );
        }
    }
}

#[test]
fn b5_stray_bytes_are_told_and_take_no_key_with_them() {
    for byte in 0x80..=0xffu8 {
        for key in [b'x', b'Q', b'S', b'7', b'\r', 0x7f] {
            let out = pieces(&[&[byte], &[key]], ms(0));
            // 0x9b and a digit are the beginning of a key.
            if byte == CSI && key == b'7' {
                continue;
            }
            assert_eq!(told(&out), [Msg::Key(control(key))], "{byte:02x}");
            assert!(out.contains(&Msg::Garbled), "{byte:02x}");
        }
        // Behind a moment everything is a key.
        let out = pieces(&[&[byte], b"7"], ms(600));
        assert_eq!(out.last(), Some(&typed('7')), "{byte:02x}");
    }
}

#[test]
fn b5_text_in_another_code_freezes_nothing() {
    // 山田太郎 in Shift_JIS and EUC-JP, ﾔﾏﾀﾞ in half-width Shift_JIS.
    let texts: [&[u8]; 3] = [
        b"\x8e\x52\x93\x63\x91\xbe\x98\x59",
        b"\xbb\xb3\xc5\xc4\xc2\xc0\xcf\xba",
        b"\xd4\xcf\xc0\xde",
    ];
    for text in texts {
        let mut bytes = Bytes::new(HOLD);
        let mut out = Vec::new();
        bytes.feed(ms(0), text, &mut out);
        bytes.feed(ms(1), b"\x1b[24~", &mut out);
        assert_eq!(bytes.due(), None);
        assert!(out.contains(&Msg::Garbled));
        assert_eq!(out.last(), Some(&plain(Code::F(12))));
    }
}

#[test]
fn sec_37_answers_of_the_terminal_are_no_text() {
    for answer in [
        "\x1b[24;80R",
        "\x1b[1;2R",
        "\x1b[?62;22c",
        "\x1b[>0;276;0c",
        "\x1b[?2026;2$y",
        "\x1b[15;2~",
        "\x1b[I",
        "\x1b[O",
        "\x1b[<0;12;3M",
        "\x1b[E",
        "\x1b[99~",
        "\x1b[?1;2;3;4;6;9;15;22;28;29;42;44;52c",
        "\x1b]0;title\x07",
        "\x1b]11;rgb:ffff/0000/0000\x1b\\",
        "\x1bP>|tmux 3.3a\x1b\\",
        "\x1b_apc\x1b\\",
        "\x1b^pm\x1b\\",
        "\x1bXsos\x1b\\",
        "\x1b]\x07",
        // A key that is let go.
        "\x1b[97;1:3u",
        "\x1b[1;1:3A",
        // With the window manager's keys.
        "\x1b[1;9A",
    ] {
        let bytes = answer.as_bytes();
        assert_eq!(pieces(&[bytes, b"x"], ms(0)), [typed('x')], "{answer:?}");
        for at in 1..bytes.len() {
            let (a, b) = bytes.split_at(at);
            let out = pieces(&[a, b, b"x"], ms(10));
            assert_eq!(out, [typed('x')], "{answer:?} at {at}");
        }
    }
}

#[test]
fn sec_37_a_string_without_an_end_does_not_eat_the_keys_for_ever() {
    let mut bytes = Bytes::new(HOLD);
    let mut out = Vec::new();
    for begin in [&b"\x1b]"[..], b"\x1b[1"] {
        bytes.feed(ms(0), begin, &mut out);
        // Somebody types, a key each 100 ms.
        for at in 1..=40 {
            bytes.feed(ms(at * 100), b"0", &mut out);
        }
        assert!(out.iter().filter(|m| **m == typed('0')).count() >= 19);
        out.clear();
    }
    bytes.feed(ms(0), b"\x1b_", &mut out);
    bytes.feed(ms(1), &[b'x'; 10_000], &mut out);
    assert!(out.len() >= 1_000, "{}", out.len());
}

#[test]
fn b5_backspace_and_enter_in_all_their_ways() {
    for (bytes, code) in [
        (&b"\x7f"[..], Code::Backspace),
        (b"\x08", Code::Backspace),
        (b"\r", Code::Enter),
        (b"\n", Code::Enter),
        (b"\x1bOM", Code::Enter),
        (b"\t", Code::Tab),
    ] {
        assert_eq!(pieces(&[bytes], ms(0)), [plain(code)], "{bytes:02x?}");
    }
    assert_eq!(pieces(&[b"\x04"], ms(0)), [Msg::Key(Key::ctrl('d'))]);
    assert_eq!(pieces(&[b"\x00"], ms(0)), [Msg::Key(Key::ctrl(' '))]);
    let back = Key {
        alt: true,
        ..Key::plain(Code::Backspace)
    };
    assert_eq!(pieces(&[b"\x1b\x7f"], ms(0)), [Msg::Key(back)]);
}

#[test]
fn a_lone_esc_is_esc_after_the_hold() {
    let mut bytes = Bytes::new(HOLD);
    let mut out = Vec::new();
    bytes.feed(ms(0), b"\x1b", &mut out);
    assert_eq!(out, []);
    assert_eq!(bytes.due(), Some(ms(25)));
    bytes.expire(&mut out);
    assert_eq!(out, [esc()]);
    assert_eq!(bytes.due(), None);
    // A person's two keys, and a held one that repeats.
    assert_eq!(pieces(&[b"\x1b", b"1"], ms(60)), [esc(), typed('1')]);
    assert_eq!(
        pieces(&[b"\x1b", b"[x"], ms(120)),
        [esc(), typed('['), typed('x')]
    );
    assert_eq!(pieces(&[b"\x1b", b"\x1b"], ms(40)), [esc(), esc()]);
    assert_eq!(pieces(&["\x1b山".as_bytes()], ms(0)), [esc(), typed('山')]);
}

#[test]
fn a_letter_with_alt_is_a_key_when_nothing_follows_at_once() {
    let alt_p = Msg::Key(Key::alt('P'));
    assert_eq!(pieces(&[b"\x1bP"], ms(0)), std::slice::from_ref(&alt_p));
    assert_eq!(pieces(&[b"\x1bP", b"1"], ms(120)), [alt_p, typed('1')]);
    assert_eq!(pieces(&[b"\x1bO"], ms(0)), [Msg::Key(Key::alt('O'))]);
}

#[test]
fn sec_36_a_paste_is_text_wherever_it_is_torn() {
    let whole = "\x1b[200~山田\r太郎\x1b[20~\x1b[201~\r".as_bytes();
    let want = [
        Msg::Paste("山田\r太郎\x1b[20~".to_owned()),
        plain(Code::Enter),
    ];
    for at in 1..whole.len() {
        let (a, b) = whole.split_at(at);
        assert_eq!(pieces(&[a, b], ms(20)), want, "at {at}");
        // A line that stalls in the middle: no Enter of it is a key.
        if at >= 6 && at < whole.len() - 1 {
            let out = pieces(&[a, b], ms(4_000));
            let kept: Vec<Msg> = out.into_iter().filter(|m| *m != Msg::Pasting).collect();
            assert_eq!(kept, want, "stalled at {at}");
        }
    }
}

#[test]
fn a_paste_without_an_end_is_a_paste_and_does_not_fill_the_memory() {
    let mut bytes = Bytes::new(HOLD);
    let mut out = Vec::new();
    bytes.feed(ms(0), b"\x1b[200~", &mut out);
    bytes.feed(ms(1), &b"x".repeat(200_000), &mut out);
    assert_eq!(bytes.due(), Some(ms(1) + STALL));
    bytes.feed(ms(6_000), b"y", &mut out);
    let [Msg::Paste(kept), y] = out.as_slice() else {
        panic!("no paste");
    };
    assert_eq!((kept.len(), y), (LONGEST_PASTE, &typed('y')));
    // One that is too long still ends where it ends.
    out.clear();
    bytes.feed(ms(7_000), b"\x1b[200~", &mut out);
    bytes.feed(ms(7_001), &b"x".repeat(70_000), &mut out);
    bytes.feed(ms(7_002), b"\x1b[201~z", &mut out);
    assert_eq!(out.last(), Some(&typed('z')));
}

#[test]
fn b5_a_paste_whose_end_is_lost_ends_with_the_next_key_that_types_nothing() {
    for key in [
        &b"\x1b"[..],
        b"\x1b[24~",
        b"\x1b[A",
        b"\x1bOP",
        b"\x1b[[A",
        b"\x15",
    ] {
        let mut bytes = Bytes::new(HOLD);
        let mut out = Vec::new();
        bytes.feed(ms(0), "\x1b[200~山".as_bytes(), &mut out);
        bytes.feed(ms(1_000), b"7", &mut out);
        // It is said that keys go into a paste.
        assert_eq!(out, [Msg::Pasting]);
        bytes.feed(ms(2_000), key, &mut out);
        if key == b"\x1b" {
            bytes.expire(&mut out);
        }
        // The key ends it and does no more: nobody has seen the text yet.
        assert_eq!(out[1..], [Msg::Paste("山7".to_owned())], "{key:02x?}");
        assert_eq!(bytes.due(), None);
        out.clear();
        bytes.feed(ms(2_600), b"\x1b[24~", &mut out);
        assert_eq!(out, [plain(Code::F(12))]);
    }
}

#[test]
fn b5_a_paste_whose_end_is_lost_ends_in_time_however_somebody_types() {
    let mut bytes = Bytes::new(HOLD);
    let mut out = Vec::new();
    bytes.feed(ms(0), b"\x1b[200~", &mut out);
    for at in 1..=15 {
        bytes.feed(ms(at * 1_000), b"0", &mut out);
    }
    assert!(out.contains(&Msg::Paste("0".repeat(9))), "{out:?}");
    assert_eq!(out.last(), Some(&typed('0')));
}

#[test]
fn sec_36_a_line_end_alone_behind_a_pause_is_still_of_the_paste() {
    let out = pieces(&[b"\x1b[200~a", b"\r", b"b\x1b", b"[201~"], ms(400));
    let kept: Vec<&Msg> = out.iter().filter(|m| **m != Msg::Pasting).collect();
    assert_eq!(kept, [&Msg::Paste("a\rb".to_owned())]);
}

#[test]
fn b5_a_mouse_report_of_the_old_kind_types_nothing() {
    for report in [&b"\x1b[M !!"[..], b"\x1b[M#5Q", b"\x1b[M \xf0\xff"] {
        for at in 1..report.len() {
            let (a, b) = report.split_at(at);
            let out = pieces(&[a, b, b"x"], ms(10));
            assert_eq!(out, [typed('x')], "{report:02x?} at {at}");
        }
    }
    // One that is torn takes no key with it.
    let out = pieces(&[b"\x1b[M ", b"\x1b[24~"], ms(0));
    assert_eq!(out, [plain(Code::F(12))]);
}

#[test]
fn b3_where_the_cursor_stands_is_kept_for_who_asked() {
    let mut bytes = Bytes::new(HOLD);
    let mut out = Vec::new();
    bytes.feed(ms(0), b"\x1b[21;3R\x1b[21;2Rx", &mut out);
    assert_eq!(out, [typed('x')]);
    assert_eq!(bytes.reports(), [(21, 3), (21, 2)]);
    for _ in 0..100 {
        bytes.feed(ms(1), b"\x1b[1;1R", &mut out);
    }
    assert!(bytes.reports().len() <= REPORTS + 1);
}

proptest! {
    /// Whatever bytes come, cut anywhere: nothing panics, nothing is held for
    /// ever, and a key behind a moment is understood.
    #[test]
    fn any_bytes(parts in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..12), 0..12)) {
        let mut bytes = Bytes::new(HOLD);
        let mut out = Vec::new();
        let mut now = ms(0);
        for part in &parts {
            bytes.feed(now, part, &mut out);
            if let Some(due) = bytes.due() {
                prop_assert!(due <= now + STALL);
            }
            now += ms(7);
        }
        now += STALL + ms(1);
        bytes.feed(now, b"\x1b[24~", &mut out);
        prop_assert_eq!(out.last(), Some(&plain(Code::F(12))));
        prop_assert_eq!(bytes.due(), None);
    }

    /// Text comes through letter by letter, wherever a line cuts it.
    #[test]
    fn text_passes_through(text in "[a-zA-Z0-9 \\[\\]~;アﾞ山𠮷]{0,20}", cut in 1usize..5) {
        let parts: Vec<&[u8]> = text.as_bytes().chunks(cut).collect();
        let out = pieces(&parts, ms(3));
        let keys: Vec<Msg> = text.chars().map(typed).collect();
        prop_assert_eq!(out, keys);
    }
}
