//! A command APDU taken apart (ISO 7816-4), and the status words of section 3.2.

pub(super) const DONE: u16 = 0x9000;
pub(super) const WRONG: u16 = 0x63C0;
pub(super) const WRONG_LENGTH: u16 = 0x6700;
pub(super) const NO_CHANNEL: u16 = 0x6881;
pub(super) const NO_MESSAGING: u16 = 0x6882;
pub(super) const NOT_THIS_FILE: u16 = 0x6981;
pub(super) const NOT_VERIFIED: u16 = 0x6982;
pub(super) const BLOCKED_ISO: u16 = 0x6983;
pub(super) const BLOCKED: u16 = 0x6984;
pub(super) const CONDITIONS: u16 = 0x6985;
pub(super) const NO_FILE: u16 = 0x6986;
pub(super) const BAD_DATA: u16 = 0x6A80;
pub(super) const NOT_SUPPORTED: u16 = 0x6A81;
pub(super) const NOT_FOUND: u16 = 0x6A82;
pub(super) const NO_RECORD: u16 = 0x6A83;
pub(super) const BAD_PARAMETERS: u16 = 0x6A86;
pub(super) const OUTSIDE: u16 = 0x6B00;
pub(super) const BAD_INS: u16 = 0x6D00;
pub(super) const BAD_CLA: u16 = 0x6E00;
pub(super) const ODD: u16 = 0x6F00;

/// A command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Command<'a> {
    pub(super) cla: u8,
    pub(super) ins: u8,
    pub(super) p1: u8,
    pub(super) p2: u8,
    pub(super) data: &'a [u8],
    /// Bytes of answer asked for, 1 to 65536.
    pub(super) le: Option<usize>,
    /// Lengths of more than one byte.
    pub(super) extended: bool,
}

impl<'a> Command<'a> {
    /// `None` is 6700: no header, or lengths that do not fit.
    pub(super) fn parse(bytes: &'a [u8]) -> Option<Self> {
        let (&[cla, ins, p1, p2], body) = bytes.split_first_chunk::<4>()?;
        let (data, le, extended) = body_of(body)?;
        Some(Self {
            cla,
            ins,
            p1,
            p2,
            data,
            le,
            extended,
        })
    }
}

fn body_of(body: &[u8]) -> Option<(&[u8], Option<usize>, bool)> {
    match body {
        [] => Some((&[], None, false)),
        [le] => Some((&[], Some(short(*le)), false)),
        [0, high, low] => Some((&[], Some(long(*high, *low)), true)),
        [0, high, low, rest @ ..] => {
            let length = usize::from(u16::from_be_bytes([*high, *low]));
            match rest.split_at_checked(length)? {
                (_, _) if length == 0 => None,
                (data, []) => Some((data, None, true)),
                (data, [high, low]) => Some((data, Some(long(*high, *low)), true)),
                _ => None,
            }
        }
        [length, rest @ ..] => match rest.split_at_checked(usize::from(*length))? {
            (data, []) => Some((data, None, false)),
            (data, [le]) => Some((data, Some(short(*le)), false)),
            _ => None,
        },
    }
}

fn short(le: u8) -> usize {
    match le {
        0 => 256,
        le => usize::from(le),
    }
}

fn long(high: u8, low: u8) -> usize {
    match u16::from_be_bytes([high, low]) {
        0 => 65536,
        le => usize::from(le),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn iso_7816_the_cases_of_a_command() {
        type Parts = Option<(usize, Option<usize>, bool)>;
        let rows: [(&[u8], Parts); 12] = [
            (&[], None),
            (&[0, 0xB0, 0], None),
            (&[0, 0x20, 0, 0x80], Some((0, None, false))),
            (&[0, 0xB0, 0, 0, 0], Some((0, Some(256), false))),
            (&[0, 0xB0, 0, 0, 4], Some((0, Some(4), false))),
            (&[0, 0xA4, 2, 12, 2, 0, 6], Some((2, None, false))),
            (&[0, 0xA4, 2, 12, 2, 0, 6, 0], Some((2, Some(256), false))),
            (&[0, 0xA4, 2, 12, 3, 0, 6], None),
            (&[0, 0xA4, 2, 12, 2, 0, 6, 0, 0], None),
            (&[0, 0xB0, 0, 0, 0, 0, 0], Some((0, Some(65536), true))),
            (&[0, 0xB0, 0, 0, 0, 4, 0], Some((0, Some(1024), true))),
            (&[0, 0xA4, 2, 12, 0, 0, 2, 0, 6], Some((2, None, true))),
        ];
        for (bytes, parts) in rows {
            let found = Command::parse(bytes).map(|it| (it.data.len(), it.le, it.extended));
            assert_eq!(found, parts, "{bytes:02X?}");
        }
    }
}
