//! Tests.

use super::*;
use jiff::civil::date;
use proptest::prelude::*;

/// Section 4.3, all 95 bytes.
const EXAMPLE: &str = "FF205CDF2108000E00200050005BDF220FE8A9A6E9A893E38080E88AB1E5AD90DF232DE69DB1E4BAACE983BDE58D83E4BBA3E794B0E58CBAE99C9EE3818CE996A2EFBC91EFBC8DEFBC92EFBC8DEFBC93DF24083139383530373034DF250132";

fn hex(text: &str) -> Vec<u8> {
    let digits: Vec<u8> = text
        .chars()
        .map(|c| c.to_digit(16).unwrap() as u8)
        .collect();
    digits.chunks(2).map(|two| two[0] << 4 | two[1]).collect()
}

/// How a length is written.
#[derive(Debug, Clone, Copy)]
enum Form {
    Shortest,
    Two,
}

fn object(tag: &[u8], content: &[u8], form: Form) -> Vec<u8> {
    let mut out = tag.to_vec();
    match (form, content.len()) {
        (Form::Shortest, len @ 0..0x80) => out.push(len as u8),
        (Form::Shortest, len @ 0x80..0x100) => out.extend([0x81, len as u8]),
        (_, len) => {
            out.push(0x82);
            out.extend((len as u16).to_be_bytes());
        }
    }
    out.extend(content);
    out
}

/// The file without an offset table, of the parts given.
fn file(parts: &[(u8, &[u8])], form: Form) -> Vec<u8> {
    let content: Vec<u8> = parts
        .iter()
        .flat_map(|(tag, content)| object(&[0xDF, *tag], content, form))
        .collect();
    object(&[0xFF, 0x20], &content, form)
}

fn parts<'a>(name: &'a [u8], address: &'a [u8], birth: &'a [u8]) -> [(u8, &'a [u8]); 4] {
    [(0x22, name), (0x23, address), (0x24, birth), (0x25, b"1")]
}

fn named(name: &[u8]) -> Item {
    let row = parts(name, "東京都".as_bytes(), b"19850704");
    parse(&file(&row, Form::Shortest)).unwrap().name
}

fn born(birth: &[u8]) -> Birth {
    let row = parts("試験".as_bytes(), "東京都".as_bytes(), birth);
    parse(&file(&row, Form::Shortest)).unwrap().birth
}

#[test]
fn section_4_3_the_worked_example() {
    let mut bytes = hex(EXAMPLE);
    assert_eq!(bytes.len(), 95);
    let four = parse(&bytes).unwrap();
    assert_eq!(four.name.text, "試験　花子");
    assert_eq!(four.address.text, "東京都千代田区霞が関１－２－３");
    assert_eq!(four.birth.raw, "19850704");
    assert_eq!(four.birth.date, Some(date(1985, 7, 4)));
    assert_eq!(four.gender.raw, "2");
    assert_eq!(four.gender.sex, Some(Sex::Female));
    assert!(four.name.flags.is_empty() && four.address.flags.is_empty());
    assert!(four.birth.flags.is_empty() && four.gender.flags.is_empty());
    bytes.extend([0xFF; 200]);
    assert_eq!(parse(&bytes).unwrap(), four, "filler");
    assert_eq!(format!("{four:?}"), "Four(…)");
}

#[test]
fn lengths_of_every_form_and_long_names() {
    let long = "長".repeat(60);
    let longer = "町".repeat(300);
    for form in [Form::Shortest, Form::Two] {
        let row = parts(long.as_bytes(), longer.as_bytes(), b"19850704");
        let four = parse(&file(&row, form)).unwrap();
        assert_eq!(four.name.text, long);
        assert_eq!(four.address.text, longer);
        assert_eq!(four.birth.date, Some(date(1985, 7, 4)));
    }
}

#[test]
fn a_part_that_the_row_hides_is_found_by_the_table() {
    // A broken frame in the middle of the row: what lies behind is only found
    // by the offsets.
    let mut bytes = hex(EXAMPLE);
    bytes[0x20 + 2] = 0x85;
    let four = parse(&bytes).unwrap();
    assert_eq!(four.name.text, "試験　花子");
    assert_eq!(four.address.flags, [Flag::Missing]);
    assert_eq!(four.birth.date, Some(date(1985, 7, 4)));
    assert_eq!(four.gender.sex, Some(Sex::Female));
    // A table that points anywhere does no harm.
    let mut bytes = hex(EXAMPLE);
    bytes[6..14].fill(0xFF);
    assert_eq!(parse(&bytes), parse(&hex(EXAMPLE)));
}

#[test]
fn what_is_missing_is_said() {
    let four = parse(&file(&[(0x22, "花子".as_bytes())], Form::Shortest)).unwrap();
    assert_eq!(four.name.text, "花子");
    assert_eq!(four.address.flags, [Flag::Missing]);
    assert_eq!(four.birth.flags, [Flag::Missing]);
    assert_eq!(four.gender.flags, [Flag::Missing]);
    assert_eq!(named(b"").flags, [Flag::Missing]);
    for nothing in [
        &b""[..],
        &[0xFF; 256],
        &[0; 64],
        b"\xFF\x20\x00",
        b"\xFF\x10\x0F\xDF\x22\x01a",
        b"\x30\x03\xDF\x22\x00",
        b"\xFF\x20\x03\xDF\x26\x00",
    ] {
        assert_eq!(parse(nothing), None, "{nothing:02X?}");
    }
}

#[test]
fn section_4_4_characters() {
    for (name, flags) in [
        ("髙﨑　花子", &[][..]),
        ("\u{FA19}田\u{FA10}", &[]),
        ("𠮷田　太郎", &[Flag::Rare]),
        ("葛\u{E0100}城", &[Flag::Rare]),
        ("\u{E000}田", &[Flag::Private]),
        ("\u{F8FF}田", &[Flag::Private]),
        ("\u{F0001}田", &[Flag::Private]),
        ("\u{100001}田", &[Flag::Private]),
        ("■田", &[Flag::Substitute]),
        ("〓田", &[Flag::Substitute]),
        ("●田", &[Flag::Substitute]),
        ("？田", &[Flag::Substitute]),
        ("か\u{3099}", &[]),
        ("ALICE　SMITH", &[]),
    ] {
        let item = named(name.as_bytes());
        assert_eq!(item.text, name, "never normalised");
        assert_eq!(item.flags, flags, "{name}");
    }
}

#[test]
fn what_could_steer_a_terminal_is_taken_out_and_said() {
    let item = named("\u{1B}[31m花\u{202E}子\u{200B}".as_bytes());
    assert_eq!(item.text, "花子");
    assert_eq!(item.flags, [Flag::Cleaned]);
    assert_eq!(named("花\t子".as_bytes()).text, "花 子");
    assert_eq!(named("花子\0\0".as_bytes()).flags, [Flag::Cleaned]);
}

#[test]
fn what_is_not_utf8_is_shown_as_far_as_it_goes() {
    let item = named(b"\x8E\x8E\x8C\xB1\xE8\xA9\xA6");
    assert!(item.text.ends_with('試') && item.text.contains('〓'));
    assert_eq!(item.flags, [Flag::NotUtf8]);
    assert_eq!(named("\u{FFFD}田".as_bytes()).flags, [Flag::Substitute]);
    // The other parts are there all the same.
    let row = parts(b"\xFF\xFE", "東京都".as_bytes(), b"19850704");
    let four = parse(&file(&row, Form::Shortest)).unwrap();
    assert_eq!(four.address.text, "東京都");
}

#[test]
fn section_4_2_dates() {
    for (raw, expected) in [
        (&b"19850704"[..], Some(date(1985, 7, 4))),
        (b"20240229", Some(date(2024, 2, 29))),
        (b"20230229", None),
        (b"19850700", None),
        (b"19850000", None),
        (b"1985    ", None),
        (b"        ", None),
        (b"00000000", None),
        (b"00010101", None),
        (b"1985070", None),
        (b"198507041", None),
        (b"S6007040", None),
    ] {
        let birth = born(raw);
        assert_eq!(birth.date, expected, "{raw:?}");
        assert_eq!(birth.raw.as_bytes(), raw);
        let flags: &[Flag] = if expected.is_some() {
            &[]
        } else {
            &[Flag::Unknown]
        };
        assert_eq!(birth.flags, flags, "{raw:?}");
    }
}

#[test]
fn section_4_2_codes_of_sex() {
    for (raw, sex) in [
        ("1", Some(Sex::Male)),
        ("2", Some(Sex::Female)),
        ("9", None),
        ("0", None),
        ("3", None),
        ("X", None),
        ("男", None),
    ] {
        let bytes = file(&[(0x25, raw.as_bytes())], Form::Shortest);
        let gender = parse(&bytes).unwrap().gender;
        assert_eq!((gender.raw.as_str(), gender.sex), (raw, sex));
        assert_eq!(gender.flags.contains(&Flag::Unknown), sex.is_none());
    }
}

proptest! {
    #[test]
    fn no_bytes_are_too_much(bytes in any::<Vec<u8>>()) {
        let _ = parse(&bytes);
    }

    #[test]
    fn no_changed_file_is_too_much(
        changes in proptest::collection::vec((0usize..95, any::<u8>()), 0..6),
        cut in 0usize..=95,
    ) {
        let mut bytes = hex(EXAMPLE);
        for (place, byte) in changes {
            bytes[place] = byte;
        }
        bytes.truncate(cut);
        if let Some(four) = parse(&bytes) {
            for text in [&four.name.text, &four.address.text, &four.birth.raw, &four.gender.raw] {
                prop_assert!(!text.contains(crate::text::clean::is_harmful));
            }
        }
    }

    #[test]
    fn any_text_comes_back(name in "[ -~ぁ-ん一-龠]{1,200}", address in "[ぁ-ん一-龠０-９]{1,300}") {
        for form in [Form::Shortest, Form::Two] {
            let row = parts(name.as_bytes(), address.as_bytes(), b"20010203");
            let four = parse(&file(&row, form)).unwrap();
            prop_assert_eq!(&four.name.text, &name);
            prop_assert_eq!(&four.address.text, &address);
        }
    }
}
