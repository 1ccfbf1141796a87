//! 券面事項 (text AP, EF 0002) from its bytes: what is there is kept as it is
//! written and flagged where a person has to look, and nothing in it is worth
//! an end (section 4).

use super::tlv;
use crate::domain::card::{Birth, Flag, Four, Gender, Item};
use crate::domain::person::Sex;
use crate::text::clean::strip;
use jiff::civil::Date;

/// The tag's number, whatever its class and form: `FF20` and `DF20` are both
/// the whole file.
const WHOLE: u32 = 0x20;
const OFFSETS: u32 = 0x21;
const NAME: u32 = 0x22;
const ADDRESS: u32 = 0x23;
const BIRTH: u32 = 0x24;
const GENDER: u32 = 0x25;

/// First day of the civil registers' calendar: no card gives an earlier one.
const EARLIEST: Date = jiff::civil::date(1868, 1, 25);

/// Reads the four; `None` if the bytes are not that file, or hold none of its
/// parts.
pub fn parse(bytes: &[u8]) -> Option<Four> {
    let (tag, content) = tlv::object(bytes)?;
    if number(tag) != Some(WHOLE) {
        return None;
    }
    let parts = Parts { bytes, content };
    let known = [NAME, ADDRESS, BIRTH, GENDER];
    if known.iter().all(|tag| parts.get(*tag).is_none()) {
        return None;
    }
    Some(Four {
        name: item(parts.get(NAME)),
        address: item(parts.get(ADDRESS)),
        birth: birth(parts.get(BIRTH)),
        gender: gender(parts.get(GENDER)),
    })
}

/// The second byte of a two-byte tag of the private class.
fn number(tag: u32) -> Option<u32> {
    (matches!(tag >> 8, 0xFF | 0xDF)).then_some(tag & 0xFF)
}

struct Parts<'a> {
    bytes: &'a [u8],
    content: &'a [u8],
}

impl<'a> Parts<'a> {
    /// A part where the row has it, else where the offset table says.
    fn get(&self, wanted: u32) -> Option<&'a [u8]> {
        tlv::objects(self.content)
            .find(|(tag, _)| number(*tag) == Some(wanted))
            .map(|(_, content)| content)
            .or_else(|| self.by_table(wanted))
    }

    fn by_table(&self, wanted: u32) -> Option<&'a [u8]> {
        let (_, table) =
            tlv::objects(self.content).find(|(tag, _)| number(*tag) == Some(OFFSETS))?;
        let row = usize::try_from(wanted.checked_sub(NAME)?).ok()? * 2;
        let offset: [u8; 2] = table.get(row..row + 2)?.try_into().ok()?;
        let from = self.bytes.get(usize::from(u16::from_be_bytes(offset))..)?;
        let (tag, content) = tlv::object(from)?;
        (number(tag) == Some(wanted)).then_some(content)
    }
}

/// Text as it can be shown, and its flags. Never normalised: to their bearer
/// 神 U+FA19 and 神 U+795E are not the same letter (section 4.4).
fn text(bytes: &[u8]) -> (String, Vec<Flag>) {
    let utf8 = std::str::from_utf8(bytes);
    let raw = String::from_utf8_lossy(bytes);
    let shown = strip(&raw);
    let lost = |c: char| c == char::REPLACEMENT_CHARACTER;
    let flags = [
        (Flag::Missing, bytes.is_empty()),
        (Flag::NotUtf8, utf8.is_err()),
        (Flag::Rare, raw.chars().any(is_rare)),
        (Flag::Private, raw.chars().any(is_private)),
        (
            Flag::Substitute,
            raw.chars()
                .any(|c| Flag::is_substitute(c) || utf8.is_ok() && lost(c)),
        ),
        (
            Flag::Cleaned,
            shown.chars().count() != raw.chars().count() || raw.contains('\t'),
        ),
    ];
    let flags = flags.into_iter().filter(|(_, is)| *is);
    (shown, flags.map(|(flag, _)| flag).collect())
}

fn is_private(c: char) -> bool {
    matches!(c, '\u{E000}'..='\u{F8FF}' | '\u{F0000}'..)
}

fn is_rare(c: char) -> bool {
    c > '\u{FFFF}' && !is_private(c)
}

fn item(part: Option<&[u8]>) -> Item {
    let (text, flags) = text(part.unwrap_or_default());
    Item { text, flags }
}

fn birth(part: Option<&[u8]>) -> Birth {
    let bytes = part.unwrap_or_default();
    let (raw, mut flags) = text(bytes);
    let date = day(bytes);
    if date.is_none() && !flags.contains(&Flag::Missing) {
        flags.push(Flag::Unknown);
    }
    Birth { raw, date, flags }
}

/// Eight digits that are a day; month or day `00` and blanks say that it is
/// not known (section 4.2).
fn day(bytes: &[u8]) -> Option<Date> {
    let digits: [u8; 8] = bytes.try_into().ok()?;
    let number = |from: &[u8]| {
        from.iter().try_fold(0i16, |sum, byte| {
            byte.is_ascii_digit()
                .then(|| sum * 10 + i16::from(byte - b'0'))
        })
    };
    let (year, rest) = digits.split_first_chunk::<4>()?;
    let (month, day) = rest.split_at(2);
    let date = Date::new(
        number(year)?,
        i8::try_from(number(month)?).ok()?,
        i8::try_from(number(day)?).ok()?,
    );
    date.ok().filter(|date| *date >= EARLIEST)
}

/// `1` and `2` are what the forms have too; 適用不能 and 不明 are for a person
/// to decide.
fn gender(part: Option<&[u8]>) -> Gender {
    let bytes = part.unwrap_or_default();
    let (raw, mut flags) = text(bytes);
    let sex = match bytes {
        b"1" => Some(Sex::Male),
        b"2" => Some(Sex::Female),
        _ => None,
    };
    if sex.is_none() && !flags.contains(&Flag::Missing) {
        flags.push(Flag::Unknown);
    }
    Gender { raw, sex, flags }
}

#[cfg(test)]
mod tests;
