//! What was seen of the readers, and what it means for the desk.

use crate::domain::reader::ReaderState;
use serde::Serialize;
use std::time::Duration;

/// One reader as it is now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ReaderInfo {
    /// Its name.
    pub name: String,
    /// A card lies on it.
    pub card: bool,
    /// Answer to reset of that card, in hex digits; empty without one.
    pub atr: String,
}

/// The state of the desk's reader. `preferred` is a part of its name, compared
/// without case; as long as no reader fits, any reader will do: one with a
/// card before one without.
pub fn state(readers: &[ReaderInfo], preferred: Option<&str>) -> ReaderState {
    let chosen = preferred
        .filter(|part| !part.is_empty())
        .and_then(|part| {
            let part = part.to_lowercase();
            let fits = |reader: &&ReaderInfo| reader.name.to_lowercase().contains(&part);
            pick(readers.iter().filter(fits))
        })
        .or_else(|| pick(readers.iter()));
    match chosen {
        None => ReaderState::NoReader,
        Some(ReaderInfo {
            name, card: true, ..
        }) => ReaderState::CardPresent {
            reader: name.clone(),
            glance: None,
        },
        Some(ReaderInfo { name, .. }) => ReaderState::Waiting {
            reader: name.clone(),
        },
    }
}

/// A reader with a card, else the first.
fn pick<'a>(mut readers: impl Iterator<Item = &'a ReaderInfo>) -> Option<&'a ReaderInfo> {
    let first = readers.next()?;
    if first.card {
        return Some(first);
    }
    Some(readers.find(|reader| reader.card).unwrap_or(first))
}

/// How long to wait before looking for the service again. A service that ran
/// a moment ago is being restarted and must be found within 3 s (REL-19); one
/// that was never there is looked for ever less often.
pub fn pause(tries: u32, was_there: bool) -> Duration {
    let longest = if was_there && tries < 60 { 2 } else { 15 };
    Duration::from_millis(250)
        .saturating_mul(1 << tries.min(8))
        .min(Duration::from_secs(longest))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reader(name: &str, card: bool) -> ReaderInfo {
        ReaderInfo {
            name: name.to_owned(),
            card,
            atr: String::new(),
        }
    }

    #[test]
    fn the_reader_of_the_desk() {
        let waiting = |name: &str| ReaderState::Waiting {
            reader: name.to_owned(),
        };
        let present = |name: &str| ReaderState::CardPresent {
            reader: name.to_owned(),
            glance: None,
        };
        let a = |card| reader("ACS ACR39U 00 00", card);
        let b = |card| reader("Sony RC-S300 01 00", card);
        let cases: [(&str, Vec<ReaderInfo>, Option<&str>, ReaderState); 10] = [
            ("none", vec![], None, ReaderState::NoReader),
            (
                "none, one wished for",
                vec![],
                Some("Sony"),
                ReaderState::NoReader,
            ),
            ("one", vec![a(false)], None, waiting("ACS ACR39U 00 00")),
            (
                "one with card",
                vec![a(true)],
                None,
                present("ACS ACR39U 00 00"),
            ),
            (
                "two: the card counts",
                vec![a(false), b(true)],
                None,
                present("Sony RC-S300 01 00"),
            ),
            (
                "two without card: the first",
                vec![a(false), b(false)],
                None,
                waiting("ACS ACR39U 00 00"),
            ),
            (
                "wished for, other has card",
                vec![a(true), b(false)],
                Some("sony"),
                waiting("Sony RC-S300 01 00"),
            ),
            (
                "wished for and card",
                vec![a(true), b(true)],
                Some("RC-S300"),
                present("Sony RC-S300 01 00"),
            ),
            (
                "wished for is absent",
                vec![a(true)],
                Some("Sony"),
                present("ACS ACR39U 00 00"),
            ),
            (
                "empty wish",
                vec![a(false)],
                Some(""),
                waiting("ACS ACR39U 00 00"),
            ),
        ];
        for (name, readers, preferred, expected) in cases {
            assert_eq!(state(&readers, preferred), expected, "{name}");
        }
    }

    #[test]
    fn rel19_a_restarted_service_is_found_within_three_seconds() {
        for tries in 0..60 {
            assert!(pause(tries, true) <= Duration::from_secs(3));
        }
        assert_eq!(pause(0, false), Duration::from_millis(250));
        assert!(pause(3, false) > pause(2, false));
        assert_eq!(pause(u32::MAX, true), Duration::from_secs(15));
        assert_eq!(pause(u32::MAX, false), Duration::from_secs(15));
    }
}
