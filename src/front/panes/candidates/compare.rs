//! What of a candidate differs from what was asked (DOM-32): shown, never
//! decided.

use super::Asked;
use crate::domain::entitlement::{Candidate, GivenDate};
use crate::domain::name::{self, Named};
use crate::domain::person::Sex;
use crate::text::fold;

/// Which items differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Differences {
    /// What to say about the name; empty if it agrees.
    pub name: &'static str,
    pub birth: bool,
    pub sex: bool,
    pub address: bool,
    pub insurer: bool,
}

impl Differences {
    pub(super) fn any(self) -> bool {
        !self.name.is_empty() || self.birth || self.sex || self.address || self.insurer
    }
}

pub(super) fn differences(asked: &Asked, found: &Candidate) -> Differences {
    let agreement = name::compare(
        Named {
            name: &asked.name,
            kana: &asked.kana,
        },
        Named {
            name: &found.name,
            kana: &found.kana,
        },
    );
    Differences {
        name: if agreement.is_silent() {
            ""
        } else {
            agreement.label()
        },
        birth: match &found.birth_date {
            GivenDate::Day(day) => *day != asked.birth_date,
            GivenDate::NotGiven | GivenDate::Raw(_) => true,
        },
        sex: match (asked.sex, found.sex) {
            (None | Some(Sex::Unset), _) => false,
            (Some(asked), found) => found != Some(asked),
        },
        address: !holds_all(&asked.address, &found.address),
        insurer: !holds_all(&asked.insurer_name, &found.insurer_name),
    }
}

/// Whether every fragment that was asked for is there (OUT-36). A blank that
/// the insurer has not sent differs from nothing (OUT-43).
fn holds_all(fragments: &str, text: &str) -> bool {
    let text = fold::name_key(text);
    text.is_empty()
        || fragments
            .split([' ', '\u{3000}'])
            .map(fold::name_key)
            .all(|part| text.contains(&part))
}
