//! Tag, length and value as the applications of the card write them: two-byte
//! tags, lengths also longer than they need be (section 4.1).

/// How lengths are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Lengths {
    /// As short as can be.
    #[default]
    Least,
    /// Two bytes at once where one does not do: what real cards write.
    Real,
    /// `82 xx xx` whatever the length.
    Wide,
}

impl Lengths {
    fn write(self, length: usize, to: &mut Vec<u8>) {
        let [_, .., high, low] = length.to_be_bytes();
        match (self, length) {
            (Self::Least | Self::Real, ..=0x7F) => to.push(low),
            (Self::Least, ..=0xFF) => to.extend([0x81, low]),
            _ => to.extend([0x82, high, low]),
        }
    }

    /// One object.
    pub(super) fn object(self, tag: u16, value: &[u8]) -> Vec<u8> {
        let mut bytes = tag.to_be_bytes().to_vec();
        self.write(value.len(), &mut bytes);
        bytes.extend(value);
        bytes
    }

    /// An object of parts that begins with the table of where each part's tag
    /// stands, counted from the first byte of the file. `None`: the part is
    /// missing, and so is its place in the table (0000).
    pub(super) fn table(self, tag: u16, index: u16, parts: &[(u16, Option<Vec<u8>>)]) -> Vec<u8> {
        let parts: Vec<Option<Vec<u8>>> = parts
            .iter()
            .map(|(tag, value)| value.as_ref().map(|value| self.object(*tag, value)))
            .collect();
        let body: usize = parts.iter().flatten().map(Vec::len).sum();
        let mut table = self.object(index, &vec![0; parts.len() * 2]);
        let mut outer = tag.to_be_bytes().to_vec();
        self.write(table.len() + body, &mut outer);
        let mut at = outer.len() + table.len();
        let first = table.len() - parts.len() * 2;
        table.truncate(first);
        for part in &parts {
            let place = if part.is_some() { at } else { 0 };
            table.extend(u16::try_from(place).unwrap_or(u16::MAX).to_be_bytes());
            at += part.as_ref().map_or(0, Vec::len);
        }
        outer.extend(table);
        outer.extend(parts.into_iter().flatten().flatten());
        outer
    }
}

/// The file: what it holds, then filler up to a multiple of `block`, at least
/// two bytes of it (section 3.1).
pub(super) fn filled(mut bytes: Vec<u8>, block: usize) -> Vec<u8> {
    let size = (bytes.len() + 2).next_multiple_of(block);
    bytes.resize(size, 0xFF);
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn section_4_1_lengths() {
        let rows = [
            (Lengths::Least, 0x7F, vec![0xDF, 0x22, 0x7F]),
            (Lengths::Least, 0x80, vec![0xDF, 0x22, 0x81, 0x80]),
            (Lengths::Least, 0x100, vec![0xDF, 0x22, 0x82, 0x01, 0x00]),
            (Lengths::Real, 0x7F, vec![0xDF, 0x22, 0x7F]),
            (Lengths::Real, 0x9F, vec![0xDF, 0x22, 0x82, 0x00, 0x9F]),
            (Lengths::Wide, 0x08, vec![0xDF, 0x22, 0x82, 0x00, 0x08]),
        ];
        for (lengths, count, head) in rows {
            let object = lengths.object(0xDF22, &vec![7; count]);
            assert!(object.starts_with(&head), "{object:02X?}");
            assert_eq!(object.len(), head.len() + count);
        }
    }

    #[test]
    fn section_4_1_places_point_at_tags_for_every_length() {
        for lengths in [Lengths::Least, Lengths::Wide] {
            for count in [0, 1, 90, 127, 128, 200, 255, 256, 600] {
                let parts = [
                    (0xDF22, Some(vec![b'a'; count])),
                    (0xDF23, None),
                    (0xDF24, Some(b"19850704".to_vec())),
                    (0xDF25, Some(b"2".to_vec())),
                ];
                let bytes = lengths.table(0xFF20, 0xDF21, &parts);
                let index = bytes.windows(2).position(|it| it == [0xDF, 0x21]).unwrap();
                let skip = if lengths == Lengths::Wide { 5 } else { 3 };
                for (number, (tag, value)) in parts.iter().enumerate() {
                    let at = index + skip + number * 2;
                    let place = usize::from(u16::from_be_bytes([bytes[at], bytes[at + 1]]));
                    match value {
                        Some(_) => assert_eq!(bytes[place..place + 2], tag.to_be_bytes()),
                        None => assert_eq!(place, 0),
                    }
                }
            }
        }
    }

    #[test]
    fn section_3_1_filler_follows() {
        for length in 0..200 {
            let file = filled(vec![1; length], 64);
            assert_eq!(file.len() % 64, 0);
            assert!(file[length..].len() >= 2 && file[length..].iter().all(|byte| *byte == 0xFF));
        }
    }
}
