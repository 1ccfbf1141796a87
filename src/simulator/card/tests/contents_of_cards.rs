//! What stands on people's cards and on others.

use super::*;

#[test]
fn section_4_3_the_worked_example() {
    let mut machine = card("hanako");
    select(&mut machine, TEXT);
    file(&mut machine, "0015");
    assert_eq!(rack().facts("hanako").unwrap().face, "60070420334321");
    assert_eq!(word(&mut machine, &format!("002000800E{FACE_KEY}")), 0x9000);
    file(&mut machine, "0002");
    let expected = "FF205CDF2108000E00200050005BDF220FE8A9A6E9A893E38080E88AB1E5AD90DF232DE69DB1E4BAACE983BDE58D83E4BBA3E794B0E58CBAE99C9EE3818CE996A2EFBC91EFBC8DEFBC92EFBC8DEFBC93DF24083139383530373034DF250132";
    let content = content(&mut machine);
    let (object, filler) = content.split_at(95);
    assert_eq!(object, bytes(expected));
    assert!(filler.len() >= 2 && filler.iter().all(|byte| *byte == 0xFF));
}

#[test]
fn section_4_5_keys_from_the_face() {
    for (name, key) in [
        ("hanako", "60070420334321"),
        ("showa-end", "64010720326401"),
        ("heisei-first", "01010820320101"),
        ("reiwa-first", "01050120290105"),
        ("unknown-day", "30000020333000"),
    ] {
        assert_eq!(rack().facts(name).unwrap().face, key);
    }
}

#[test]
fn section_6_2_what_lies_there() {
    // SELECT JPKI, SELECT text, and the token's name.
    for (name, jpki, text, token) in [
        ("hanako", 0x9000, 0x9000, "JPKIAPICCTOKEN2"),
        ("menkyo", 0x9000, 0x9000, "JPKIAPICCTOKEN2"),
        ("bare", 0x6A82, 0x9000, ""),
        ("android", 0x9000, 0x6A82, "JPKIAPGPSETOKEN"),
        ("iphone", 0x9000, 0x6A82, "JPKIAPIOSTOKEN"),
        ("juki", 0x9000, 0x6A82, "JPKIAPICCTOKEN"),
        ("stranger", 0x9000, 0x6A82, "JPKIAPXXXTOKEN9"),
        ("licence", 0x6A82, 0x6A82, ""),
        ("residence", 0x6A82, 0x6A82, ""),
        ("bank", 0x6A82, 0x6A82, ""),
        ("other", 0x6A82, 0x6A82, ""),
        ("transport", 0x6E00, 0x6E00, ""),
    ] {
        let mut machine = card(name);
        assert_eq!(select(&mut machine, TEXT), text, "{name}");
        assert_eq!(select(&mut machine, JPKI), jpki, "{name}");
        if !token.is_empty() {
            file(&mut machine, "0006");
            let content = content(&mut machine);
            assert_eq!(content.len(), 160);
            assert_eq!(content[..32], *format!("{token:<32}").as_bytes());
        }
    }
    assert!(!card("mute").answers());
    assert_eq!(card("mute").step(&bytes("00A40000")), Turn::Gone);
    assert_eq!(ask(&mut card("transport"), "FFCA000000").len(), 10);
    let mut menkyo = card("menkyo");
    assert_eq!(
        select(&mut menkyo, "A0000002310100000000000000000000"),
        0x9000
    );
    for (name, aid) in [
        ("licence", "A0000002310100000000000000000000"),
        ("licence", "A0000002480300000000000000000000"),
        ("residence", "D392F0004F0200000000000000000000"),
        ("bank", "325041592E5359532E4444463031"),
        ("bank", "315041592E5359532E4444463031"),
    ] {
        assert_eq!(select(&mut card(name), aid), 0x9000, "{name}");
    }
}

#[test]
fn section_6_3_a_phone_asks_for_the_pin_first() {
    for name in ["android", "iphone"] {
        play(
            name,
            &[
                SELECT_JPKI,
                ("00B08A0004", 0x6982),
                ("0020009804 31323334", 0x9000),
                ("00B08A0004", 0x9000),
            ],
        );
    }
}
