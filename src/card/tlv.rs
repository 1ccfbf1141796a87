//! Tagged objects as cards write them: BER, with lengths that need not be the
//! shortest (section 4.1). Nothing here is believed further than its buffer.

/// An object's frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Header {
    /// The tag's bytes as one number: `30`, `FF20`.
    pub tag: u32,
    /// Bytes before the content.
    pub skip: usize,
    /// Bytes of the content, as the object says.
    pub length: usize,
}

/// Reads the frame of the object that `bytes` begin with; `None` for filler,
/// a torn frame, a tag of more than three bytes or an open length.
pub fn header(bytes: &[u8]) -> Option<Header> {
    let (tag, rest) = tag(bytes)?;
    let (&first, rest) = rest.split_first()?;
    let (length, rest) = match first {
        0x00..=0x7F => (usize::from(first), rest),
        0x81..=0x84 => {
            let (length, rest) = rest.split_at_checked(usize::from(first & 0x7F))?;
            let number = length
                .iter()
                .fold(0u32, |sum, byte| sum << 8 | u32::from(*byte));
            (usize::try_from(number).ok()?, rest)
        }
        _ => return None,
    };
    Some(Header {
        tag,
        skip: bytes.len() - rest.len(),
        length,
    })
}

fn tag(bytes: &[u8]) -> Option<(u32, &[u8])> {
    let (&first, mut rest) = bytes.split_first()?;
    let mut tag = u32::from(first);
    if matches!(first, 0x00) {
        return None;
    }
    if first & 0x1F == 0x1F {
        for more in 0.. {
            let (&next, behind) = rest.split_first()?;
            // FF FF is filler, and no tag here is longer than three bytes.
            if more == 2 || next == 0xFF {
                return None;
            }
            tag = tag << 8 | u32::from(next);
            rest = behind;
            if next & 0x80 == 0 {
                break;
            }
        }
    }
    Some((tag, rest))
}

/// Length of the whole object that `bytes` begin with, frame included.
pub fn whole(bytes: &[u8]) -> Option<usize> {
    let header = header(bytes)?;
    header.skip.checked_add(header.length)
}

/// The object that `bytes` begin with: its tag and its content, as far as it
/// is there.
pub fn object(bytes: &[u8]) -> Option<(u32, &[u8])> {
    let header = header(bytes)?;
    let content = bytes.get(header.skip..)?;
    Some((header.tag, content.get(..header.length).unwrap_or(content)))
}

/// The objects of a content one after the other; ends at filler or at a torn
/// frame.
pub fn objects(mut bytes: &[u8]) -> impl Iterator<Item = (u32, &[u8])> {
    std::iter::from_fn(move || {
        let one = object(bytes)?;
        bytes = whole(bytes)
            .and_then(|length| bytes.get(length..))
            .unwrap_or_default();
        Some(one)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn lengths_in_every_form() {
        for (bytes, tag, skip, length) in [
            (&b"\x30\x03abc"[..], 0x30, 2, 3),
            (b"\x30\x81\x03abc", 0x30, 3, 3),
            (b"\x30\x82\x00\x03abc", 0x30, 4, 3),
            (b"\x30\x83\x00\x00\x03abc", 0x30, 5, 3),
            (b"\x30\x84\x00\x00\x00\x03abc", 0x30, 6, 3),
            (b"\xFF\x20\x5C", 0xFF20, 3, 0x5C),
            (b"\xFF\x20\x82\x00\x9F", 0xFF20, 5, 0x9F),
            (b"\xDF\x22\x81\x8F", 0xDF22, 4, 0x8F),
            (b"\x7F\x21\x82\x01\x00", 0x7F21, 5, 256),
            (b"\xDF\x81\x22\x01", 0xDF_8122, 4, 1),
        ] {
            let expected = Header { tag, skip, length };
            assert_eq!(header(bytes), Some(expected), "{bytes:02X?}");
        }
    }

    #[test]
    fn what_is_no_frame() {
        for bytes in [
            &b""[..],
            b"\xFF\xFF\xFF\xFF",
            b"\x00\x00",
            b"\x30",
            b"\x30\x80",
            b"\x30\x82\x01",
            b"\x30\x85\x00\x00\x00\x00\x01",
            b"\xDF",
            b"\xDF\x81\x82\x03\x01",
        ] {
            assert_eq!(header(bytes), None, "{bytes:02X?}");
        }
    }

    #[test]
    fn a_row_ends_at_filler() {
        let row: Vec<_> = objects(b"\xDF\x22\x01a\xDF\x23\x81\x01b\xFF\xFF\xFF").collect();
        assert_eq!(row, [(0xDF22, &b"a"[..]), (0xDF23, b"b")]);
        let torn: Vec<_> = objects(b"\xDF\x22\x09ab").collect();
        assert_eq!(torn, [(0xDF22, &b"ab"[..])]);
    }

    proptest! {
        #[test]
        fn any_bytes_come_to_an_end(bytes in any::<Vec<u8>>()) {
            prop_assert!(objects(&bytes).count() <= bytes.len());
        }
    }
}
