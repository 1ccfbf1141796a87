//! Tests.

use super::*;
use crate::card::apdu::{BLOCK, By, Command, Content, Nth};
use crate::domain::card::KeyKind;
use crate::domain::secret::Secret;
use proptest::prelude::*;

const KEY_KINDS: [KeyKind; 3] = [KeyKind::Face, KeyKind::Pin, KeyKind::Authentication];

fn at(app: Option<App>, file: Option<u8>) -> Permit {
    Permit {
        app,
        file,
        more: None,
    }
}

/// Every state a permit can be in but for offered bytes.
fn states() -> Vec<Permit> {
    let apps = App::ALL.into_iter().map(Some).chain([None]);
    let files = || (0..=0x1F).map(Some).chain([None]);
    apps.flat_map(|app| files().map(move |file| at(app, file)))
        .collect()
}

#[test]
fn section_2_6_is_refused_in_every_state() {
    let aid = |last: u8| {
        let mut aid = vec![0x00, 0xA4, 0x04, 0x0C, 0x0A];
        aid.extend(b"\xD3\x92\x10\x00\x31\x00\x01\x01\x04");
        aid.push(last);
        aid
    };
    let verify = |p2: u8, digits: &[u8]| {
        let mut raw = vec![0x00, 0x20, 0x00, p2, digits.len() as u8];
        raw.extend(digits);
        raw
    };
    let forbidden = [
        ("住基AP", aid(0x01)),
        ("card face", aid(0x02)),
        (
            "a part of a name",
            vec![0, 0xA4, 4, 0x0C, 3, 0xD3, 0x92, 0x10],
        ),
        (
            "issuer domain",
            b"\x00\xA4\x04\x0C\x07\xA0\0\0\x01\x51\0\0".to_vec(),
        ),
        ("master file", vec![0, 0xA4, 0, 0]),
        (
            "change reference data",
            b"\x00\x24\x01\x80\x041234".to_vec(),
        ),
        ("change key", b"\x80\x32\x00\x80\x041234".to_vec()),
        ("number file by short id", vec![0, 0xB0, 0x81, 0, 0]),
        ("hashes by short id", vec![0, 0xB0, 0x83, 0, 0]),
        (
            "signature key by short id",
            b"\x80\x2A\x00\x9A\x33".to_vec(),
        ),
        ("照合番号A by short id", verify(0x94, b"123456789012")),
        ("照合番号A of the face", verify(0x93, b"123456789012")),
        ("signature password", verify(0x9B, b"ABCDEF")),
        (
            "the 12 digits as the selected key",
            verify(0x80, b"123456789012"),
        ),
        ("the card's own PIN", verify(0x9C, b"1234")),
        ("extended read", vec![0, 0xB0, 0, 0, 0, 0, 0]),
        ("another channel", vec![1, 0xB0, 0x86, 0, 0]),
        ("get data", vec![0, 0xCA, 0, 0, 0]),
        ("write", vec![0, 0xD6, 0, 0, 1, 0]),
    ];
    for (what, raw) in &forbidden {
        for state in states() {
            assert!(!state.allows(raw), "{what} in {state:?}");
        }
    }
    for (app, file) in [
        (App::Text, 0x01),
        (App::Text, 0x03),
        (App::Text, 0x14),
        (App::Text, 0x05),
        (App::Text, 0x13),
        (App::Jpki, 0x01),
        (App::Jpki, 0x1A),
        (App::Jpki, 0x1B),
        (App::Common, 0x1C),
    ] {
        let select = [0, 0xA4, 2, 0x0C, 2, 0, file];
        assert!(!at(Some(app), None).allows(&select), "{app:?} {file:02X}");
        // Even if it were selected.
        let there = at(Some(app), Some(file));
        for raw in [
            vec![0, 0xB0, 0, 0, 0],
            vec![0, 0x20, 0, 0x80],
            verify(0x80, b"1234"),
            verify(0x80, b"12345678901234"),
        ] {
            assert!(!there.allows(&raw), "{app:?} {file:02X} {raw:02X?}");
        }
    }
}

#[test]
fn a_key_is_tried_only_in_its_own_form() {
    let verify = |digits: &[u8]| {
        let mut raw = vec![0x00, 0x20, 0x00, 0x80, digits.len() as u8];
        raw.extend(digits);
        raw
    };
    let pin = at(Some(App::Text), Some(0x11));
    let face = at(Some(App::Text), Some(0x15));
    assert!(pin.allows(&verify(b"1234")) && face.allows(&verify(b"60070420334321")));
    assert!(!face.allows(&verify(b"1234")) && !pin.allows(&verify(b"60070420334321")));
    for bad in [&b"123"[..], b"12345", b"12a4", b"", b"123\n"] {
        assert!(!pin.allows(&verify(bad)), "{bad:?}");
    }
    // A length that lies.
    assert!(!pin.allows(b"\x00\x20\x00\x80\x0412345"));
    assert!(!at(Some(App::Jpki), Some(0x11)).allows(&verify(b"1234")));
}

#[test]
fn what_did_not_end_well_leaves_nothing_selected() {
    let select = Command::Select(App::Text).bytes();
    let mut permit = Permit::default();
    permit.saw(&select, 0x9000);
    permit.saw(&Command::Key(KeyKind::Pin).bytes(), 0x9000);
    assert_eq!(permit, at(Some(App::Text), Some(0x11)));
    permit.saw(&Command::File(Content::Four).bytes(), 0x6A82);
    assert_eq!(permit, at(Some(App::Text), None));
    permit.saw(&select, 0x6A82);
    assert_eq!(permit, Permit::default());
    let read = [0, 0xB0, 0x82, 0, 0];
    assert!(!permit.allows(&read));
    permit.saw(&select, 0x9000);
    assert!(permit.allows(&read));
    assert!(!permit.allows(&[0, 0xC0, 0, 0, 0x10]));
    permit.saw(&read, 0x6110);
    assert!(permit.allows(&[0, 0xC0, 0, 0, 0x10]) && !permit.allows(&[0, 0xC0, 0, 0, 0x11]));
}

/// Every command there is, by the bytes it is sent as; digits and hash zero.
fn everything() -> Vec<(Option<App>, Option<u8>, Vec<u8>)> {
    let mut all: Vec<(Option<App>, Option<u8>, Vec<u8>)> = App::ALL
        .into_iter()
        .map(|app| (None, None, Command::Select(app).bytes().to_vec()))
        .collect();
    for (app, content) in [
        (App::Jpki, Content::Token),
        (App::Jpki, Content::Certificate),
        (App::Text, Content::Four),
    ] {
        let read = |by, offset, most| Command::Read {
            content,
            by,
            offset,
            most,
        };
        let id = Some(content.id());
        all.push((Some(app), None, Command::File(content).bytes().to_vec()));
        all.push((Some(app), None, read(By::Short, 0, 40).bytes().to_vec()));
        for offset in [0, 256, 0x7FFF] {
            let raw = read(By::Selected, offset, BLOCK).bytes().to_vec();
            all.push((Some(app), id, raw));
        }
    }
    for key in KEY_KINDS {
        let (app, digits) = match key {
            KeyKind::Face => (App::Text, "00000000000000"),
            KeyKind::Pin => (App::Text, "0000"),
            KeyKind::Authentication => (App::Jpki, "0000"),
        };
        let digits = &Secret::new(digits.to_owned());
        let id = Some(crate::card::apdu::key_id(key));
        all.push((Some(app), None, Command::Key(key).bytes().to_vec()));
        for (by, file) in [(By::Short, None), (By::Selected, id)] {
            let tries = Command::Tries { key, by };
            let verify = Command::Verify { key, by, digits };
            all.push((Some(app), file, tries.bytes().to_vec()));
            all.push((Some(app), file, verify.bytes().to_vec()));
        }
    }
    let common = Some(App::Common);
    all.push((common, None, Command::CardInfo.bytes().to_vec()));
    let jpki = Some(App::Jpki);
    all.push((jpki, None, Command::SigningKey.bytes().to_vec()));
    let sign = Command::Sign(&[0; 32]).bytes().to_vec();
    all.push((jpki, Some(0x17), sign));
    all
}

/// With what may differ set to zero: Le of reads, offsets, digits, hash.
fn plain(raw: &[u8]) -> Vec<u8> {
    let mut raw = raw.to_vec();
    let short = raw.get(2).is_some_and(|p1| p1 & 0x80 != 0);
    match raw.get(1) {
        Some(0xB0) if raw.len() == 5 => {
            raw[3] = 0;
            raw[4] = 0;
            if !short {
                raw[2] = 0;
            }
        }
        Some(0xB2) if raw.len() == 5 => raw[4] = 0,
        Some(0x20) => raw.iter_mut().skip(5).for_each(|b| {
            if b.is_ascii_digit() {
                *b = b'0';
            }
        }),
        Some(0x2A) if raw.len() == 57 => raw[24..56].fill(0),
        _ => {}
    }
    raw
}

#[test]
fn everything_that_can_be_said_passes_where_it_belongs() {
    for (app, file, raw) in everything() {
        assert!(at(app, file).allows(&raw), "{app:?} {file:?} {raw:02X?}");
        let elsewhere = at(Some(App::Licence(Nth::One)), file);
        let select = raw.starts_with(&[0, 0xA4, 4]);
        assert_eq!(elsewhere.allows(&raw), select, "{raw:02X?}");
    }
}

/// Bytes near the list: a listed command with some bytes changed.
fn near() -> impl Strategy<Value = Vec<u8>> {
    let change = (any::<proptest::sample::Index>(), any::<u8>());
    let changes = proptest::collection::vec(change, 0..4);
    (
        proptest::sample::select(everything()),
        changes,
        any::<bool>(),
    )
        .prop_map(|((_, _, mut raw), changes, shorter)| {
            for (place, byte) in changes {
                let place = place.index(raw.len());
                raw[place] = byte;
            }
            if shorter {
                raw.pop();
            }
            raw
        })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn nothing_passes_but_the_list(
        raw in prop_oneof![near(), proptest::collection::vec(any::<u8>(), 0..64)],
        state in proptest::sample::select(states()),
    ) {
        if state.allows(&raw) {
            let listed = everything().into_iter().any(|(app, file, bytes)| {
                plain(&raw) == plain(&bytes)
                    && (app.is_none() || app == state.app)
                    && (file.is_none() || file == state.file)
            });
            prop_assert!(listed, "{state:?} {raw:02X?}");
        }
    }

    #[test]
    fn any_story_ends_within_the_list(
        story in proptest::collection::vec((near(), prop_oneof![Just(0x9000u16), Just(0x6A82), any::<u16>()]), 0..20),
    ) {
        let mut permit = Permit::default();
        for (raw, status) in story {
            if permit.allows(&raw) {
                permit.saw(&raw, status);
            }
            let allowed = |file| READABLE.iter().any(|(app, id)| permit.app == Some(*app) && *id == file)
                || SIGNING.iter().any(|(app, id)| permit.app == Some(*app) && *id == file)
                || KEYS.iter().any(|(app, id, _)| permit.app == Some(*app) && *id == file);
            prop_assert!(permit.file.is_none_or(allowed), "{permit:?}");
        }
    }
}
