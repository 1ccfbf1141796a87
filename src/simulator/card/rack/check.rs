//! Rows made sure of, with the line of what is wrong; and the values they
//! stand for.

use super::Texts;
use crate::domain::era::Era;
use crate::simulator::card::key::Key;
use crate::simulator::card::rows::{Make, Row, Rows};
use crate::simulator::fixtures::{FixtureError, Source};
use jiff::civil::Date;
use std::collections::BTreeSet;

/// This card, contactless (section 6.1).
const CONTACTLESS: &str = "3B 88 80 01 00 00 41 E0 B3 81 A1 00 3B";

/// All rows of all files.
pub(super) fn rows(texts: &Texts) -> Result<Vec<Row>, FixtureError> {
    keys(texts)?;
    let mut rows: Vec<Row> = Vec::new();
    let mut names = BTreeSet::new();
    for (file, text) in &texts.cards {
        let source = Source { file, text };
        let found: Rows = source.rows()?;
        for row in found.card {
            check(&source, &row, texts.authentication.len())?;
            if !names.insert(row.name.get_ref().clone()) {
                return Err(source.error(
                    Some(row.name.span()),
                    &format!(
                        "「{}」という名前のカードが 2 枚あります。",
                        row.name.get_ref()
                    ),
                ));
            }
            rows.push(row);
        }
    }
    Ok(rows)
}

fn keys(texts: &Texts) -> Result<(), FixtureError> {
    let [first, second] = &texts.authorities;
    let named = (1..)
        .map(|number| format!("authentication-{number}.pem"))
        .zip(&texts.authentication)
        .chain([
            ("signature.pem".to_owned(), &texts.signature),
            ("ca-authentication.pem".to_owned(), first),
            ("ca-signature.pem".to_owned(), second),
        ]);
    // What is built in has been looked at by a test.
    let known = Texts::built_in();
    for (name, text) in named {
        let built_in = known.authentication.contains(text)
            || known.authorities.contains(text)
            || known.signature == *text;
        if !built_in && !Key::new(text).works() {
            return Err(FixtureError::new(
                &format!("cards/keys/{name}"),
                None,
                "RSA の秘密鍵（PKCS#8 の PEM）として読めません。",
            ));
        }
    }
    Ok(())
}

fn check(source: &Source<'_>, row: &Row, keys: usize) -> Result<(), FixtureError> {
    let name = row.name.get_ref();
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    if name.is_empty() || !name.bytes().all(plain) {
        return Err(source.error(
            Some(row.name.span()),
            "カードの名前は英小文字・数字・ハイフンで書いてください。",
        ));
    }
    for text in [&row.atr, &row.full_name_hex, &row.serial]
        .into_iter()
        .flatten()
    {
        if bytes_of(text.get_ref()).is_none() {
            return Err(source.error(Some(text.span()), "16 進数の並びではありません。"));
        }
    }
    if let Some(serial) = &row.serial
        && !(1..=20).contains(&bytes_of(serial.get_ref()).unwrap_or_default().len())
    {
        return Err(source.error(Some(serial.span()), "発行番号は 1 から 20 バイトです。"));
    }
    if let Some(key) = &row.key
        && !(1..=keys).contains(key.get_ref())
    {
        return Err(source.error(Some(key.span()), &format!("鍵は 1 から {keys} までです。")));
    }
    Ok(())
}

/// Pairs of hexadecimal digits, blanks between them allowed.
fn bytes_of(text: &str) -> Option<Vec<u8>> {
    let digits: Vec<u32> = text
        .chars()
        .filter(|letter| *letter != ' ')
        .map(|letter| letter.to_digit(16))
        .collect::<Option<_>>()?;
    let (pairs, rest) = digits.as_chunks::<2>();
    rest.is_empty().then(|| {
        let byte = |[high, low]: &[u32; 2]| u8::try_from(high * 16 + low).unwrap_or_default();
        pairs.iter().map(byte).collect()
    })
}

/// Serial number of the user-authentication certificate.
pub(super) fn serial(row: &Row) -> Vec<u8> {
    let own = row.serial.as_ref().and_then(|it| bytes_of(it.get_ref()));
    own.unwrap_or_else(|| vec![0x01, 0x00, 0x01])
}

/// A name that is no text.
pub(super) fn raw_name(row: &Row) -> Option<Vec<u8>> {
    bytes_of(row.full_name_hex.as_ref()?.get_ref())
}

/// Answer to reset; where the row says none, one of its kind (section 6.1).
pub(super) fn atr(row: &Row) -> Vec<u8> {
    if let Some(own) = row.atr.as_ref().and_then(|it| bytes_of(it.get_ref())) {
        return own;
    }
    let usual = match row.kind {
        Make::Juki => "3B E0 00 FF 81 31 FE 45 14",
        Make::Licence => "3B 88 80 01 00 00 00 00 91 81 C1 00 D8",
        Make::Residence | Make::Other => "3B 80 80 01 01",
        Make::Bank => "3B 65 00 00 20 63 CB 68 00",
        Make::Transport => "3B 8F 80 01 80 4F 0C A0 00 00 03 06 11 00 3B 00 00 00 00 42",
        // Longer than one can be: the reader's driver gives up, and the
        // service says that the card is mute.
        Make::Mute => return vec![0; 40],
        _ => CONTACTLESS,
    };
    bytes_of(usual).unwrap_or_default()
}

/// 照合番号B (section 4.5): birth date with the year of its era, year of
/// expiry, security code; empty without them.
pub(super) fn face(row: &Row) -> String {
    if let Some(face) = &row.face {
        return face.clone();
    }
    let made = || {
        let birth: Date = Date::strptime("%Y%m%d", row.birth.as_deref()?).ok()?;
        let year = birth.year() - Era::of(birth)?.first_year() + 1;
        Some(format!(
            "{year:02}{:02}{:02}{:04}{}",
            birth.month(),
            birth.day(),
            row.expiry?.year(),
            row.code.as_deref()?
        ))
    };
    made().unwrap_or_default()
}
