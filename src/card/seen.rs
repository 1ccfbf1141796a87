//! What was seen of the readers, and which of them is the desk's.

use serde::Serialize;
use std::ffi::CString;

/// One reader as it is now.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct ReaderInfo {
    /// Its name, cleaned.
    pub name: String,
    /// A card lies on it.
    pub card: bool,
    /// Answer to reset of that card; empty without one.
    #[serde(skip)]
    pub atr: Vec<u8>,
    /// The name as the service takes it.
    #[serde(skip)]
    pub address: CString,
    /// Insertions and removals the service has counted there.
    #[serde(skip)]
    pub count: u32,
}

impl ReaderInfo {
    /// Whether this is the same card on the same reader, as far as the
    /// service knows.
    pub fn same_stay(&self, other: &Self) -> bool {
        self.card && other.card && self.address == other.address && self.count == other.count
    }

    /// A slot for the reader's own security module, in which a card may lie
    /// for ever (section 8.1).
    fn is_module_slot(&self) -> bool {
        self.name
            .split(|c: char| !c.is_ascii_alphanumeric())
            .any(|word| word.eq_ignore_ascii_case("SAM"))
    }

    fn fits(&self, part: &str) -> bool {
        self.name.to_lowercase().contains(&part.to_lowercase())
    }
}

/// The desk's reader. `preferred` is a part of its name, compared without
/// case; as long as no reader fits, any reader will do, slots for security
/// modules last. Among several it is the one on which a card was put last, so
/// that a card left lying on the other slot does not stand in the way; then
/// one with a card, then the first. `before` is what was seen the last time,
/// and `held` the reader whose card must not be left now.
pub fn choose<'a>(
    now: &'a [ReaderInfo],
    before: &[ReaderInfo],
    held: Option<&ReaderInfo>,
    current: Option<&ReaderInfo>,
    preferred: Option<&str>,
) -> Option<&'a ReaderInfo> {
    let same = |held: Option<&ReaderInfo>| {
        held.and_then(|held| now.iter().find(|reader| reader.same_stay(held)))
    };
    if let Some(reader) = same(held) {
        return Some(reader);
    }
    let wished = preferred.filter(|part| !part.is_empty());
    let all: Vec<&ReaderInfo> = now.iter().collect();
    let fitting = |test: &dyn Fn(&ReaderInfo) -> bool| -> Vec<&'a ReaderInfo> {
        now.iter().filter(|reader| test(reader)).collect()
    };
    let mut among = wished.map_or_else(Vec::new, |part| fitting(&|reader| reader.fits(part)));
    if among.is_empty() {
        among = fitting(&|reader| !reader.is_module_slot());
    }
    if among.is_empty() {
        among = all;
    }
    let new =
        |reader: &&&ReaderInfo| reader.card && !before.iter().any(|old| old.same_stay(reader));
    let still = same(current).filter(|reader| among.iter().any(|one| one == reader));
    among
        .iter()
        .find(new)
        .copied()
        .or(still)
        .or_else(|| among.iter().find(|reader| reader.card).copied())
        .or_else(|| among.first().copied())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A reader by its name; `*` behind it: with a card, and as many stars as
    /// the service has counted.
    fn readers(names: &[&str]) -> Vec<ReaderInfo> {
        names
            .iter()
            .map(|text| {
                let name = text.trim_end_matches('*');
                let count = text.len() - name.len();
                ReaderInfo {
                    name: name.to_owned(),
                    card: count > 0,
                    address: CString::new(name).unwrap(),
                    count: count as u32,
                    ..ReaderInfo::default()
                }
            })
            .collect()
    }

    #[test]
    fn the_reader_of_the_desk() {
        const A: &str = "ACS ACR39U 00 00";
        const A1: &str = "ACS ACR39U 00 00*";
        const B: &str = "Sony RC-S300 01 00";
        const B1: &str = "Sony RC-S300 01 00*";
        const SAM: &str = "ACS ACR1252 1S CL Reader [ACR1252 1S CL Reader SAM] 01 00*";
        const PICC: &str = "ACS ACR1252 1S CL Reader [ACR1252 1S CL Reader PICC] 00 00";
        type Row = (
            &'static str,
            &'static [&'static str],
            Option<&'static str>,
            Option<&'static str>,
        );
        let cases: [Row; 13] = [
            ("none", &[], None, None),
            ("none, one wished for", &[], Some("Sony"), None),
            ("one", &[A], None, Some(A)),
            ("one with card", &[A1], None, Some(A)),
            ("two: the card counts", &[A, B1], None, Some(B)),
            ("two without card: the first", &[A, B], None, Some(A)),
            (
                "wished for, other has card",
                &[A1, B],
                Some("sony"),
                Some(B),
            ),
            ("wished for and card", &[A1, B1], Some("RC-S300"), Some(B)),
            ("wished for is absent", &[A1], Some("Sony"), Some(A)),
            ("empty wish", &[A], Some(""), Some(A)),
            (
                "a module in its slot is no card",
                &[SAM, PICC],
                None,
                Some(PICC),
            ),
            (
                "unless it is asked for",
                &[SAM, PICC],
                Some("SAM"),
                Some(SAM),
            ),
            ("or all there is", &[SAM], None, Some(SAM)),
        ];
        for (name, now, preferred, expected) in cases {
            let now = readers(now);
            let chosen = choose(&now, &[], None, None, preferred);
            let expected = expected.map(|name| name.trim_end_matches('*'));
            assert_eq!(chosen.map(|r| r.name.as_str()), expected, "{name}");
        }
    }

    #[test]
    fn the_card_put_there_last_counts_unless_another_is_being_read() {
        let pick = |now: &[&str], before: &[&str], held: Option<usize>, current: Option<usize>| {
            let (now, before) = (readers(now), readers(before));
            let chosen = choose(
                &now,
                &before,
                held.map(|i| &before[i]),
                current.map(|i| &before[i]),
                None,
            );
            chosen.map(|reader| reader.name.clone()).unwrap()
        };
        // The staff's own card lies in A all day.
        assert_eq!(pick(&["A*", "B*"], &["A*", "B"], None, Some(0)), "B");
        // It stays with B, whatever stands first in the list.
        assert_eq!(pick(&["A*", "B*"], &["A*", "B*"], None, Some(1)), "B");
        // B was taken away: A again.
        assert_eq!(pick(&["A*", "B"], &["A*", "B*"], None, Some(1)), "A");
        // A is being read: it is not left for B.
        assert_eq!(pick(&["A*", "B*"], &["A*", "B"], Some(0), Some(0)), "A");
        // Its card was taken away and put back: nothing to hold to.
        assert_eq!(pick(&["A***", "B*"], &["A*", "B*"], Some(0), Some(0)), "A");
        assert_eq!(pick(&["A", "B*"], &["A*", "B*"], Some(0), Some(0)), "B");
    }
}
