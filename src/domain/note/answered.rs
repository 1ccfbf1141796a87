//! What an answer makes of a note: resolved, a person's turn, the next way, or
//! another try.

use super::{Need, Note, NoteState, Resolution, Way};
use crate::domain::entitlement::{Eligibility, Validity};
use crate::domain::plan::Outcome;
use crate::domain::time::clock_text;
use jiff::Timestamp;

impl Note {
    pub(super) fn answer(
        &mut self,
        way: Way,
        outcome: Outcome,
        not_before: Option<Timestamp>,
        by: &str,
        at: Timestamp,
    ) {
        let label = way.label();
        match outcome {
            // What a fall-back found never resolves by itself.
            Outcome::Resolve(answer) if way.is_fallback() => {
                self.person(way, Need::Confirm { way, answer }, by, at);
            }
            Outcome::Resolve(answer) => {
                let text = format!("{label}で照会: {}", verdict(&answer));
                self.step(at, by, &text);
                // Known to be nobody, and still so: as a person decided.
                let confirmed = (answer.validity == Validity::NotFound)
                    .then(|| self.looks.last().and_then(|look| look.confirmed_by.clone()))
                    .flatten();
                self.resolve(*answer, way, at, confirmed);
            }
            Outcome::Person(need) => self.person(way, need, by, at),
            Outcome::NextWay(need) => {
                let text = format!(
                    "{label}で照会: {}。次の方法で照会します。",
                    NoteState::NeedsPerson(need).label()
                );
                self.tried.push(way);
                self.state = NoteState::Waiting { not_before: None };
                self.step(at, by, &text);
            }
            Outcome::Retry { what, .. } => {
                self.attempts = self.attempts.saturating_add(1);
                self.state = NoteState::Waiting { not_before };
                let again = not_before.map_or_else(String::new, |at| {
                    format!("{} 以降に照会し直します。", clock_text(at))
                });
                self.step(at, by, &format!("{label}で照会: {what}。{again}"));
            }
            Outcome::Again { what } => {
                self.state = NoteState::Waiting { not_before: None };
                self.step(at, by, &format!("{label}で照会: {what}。"));
            }
        }
    }

    fn person(&mut self, way: Way, need: Need, by: &str, at: Timestamp) {
        let state = NoteState::NeedsPerson(need);
        let text = format!("{}で照会: {}。", way.label(), state.label());
        // What a guess was refused for stays to be seen; that it found nobody
        // says nothing that the note did not say before.
        let left = match &state {
            NoteState::NeedsPerson(Need::NotFound | Need::TooMany | Need::SeveralBranches) => {
                Some(Need::NotFound)
            }
            NoteState::NeedsPerson(need @ (Need::Refused { .. } | Need::Unanswered)) => {
                Some(need.clone())
            }
            _ => None,
        };
        if matches!(state, NoteState::NeedsPerson(Need::NotFound)) {
            // What helps depends on what was asked with.
            self.tried.push(way);
        }
        self.state = state;
        self.step(at, by, &text);
        if let Some(need) = left {
            self.end_trial(need, at);
        }
    }

    pub(super) fn resolve(
        &mut self,
        answer: Eligibility,
        way: Way,
        at: Timestamp,
        confirmed_by: Option<String>,
    ) {
        self.trial = None;
        self.state = NoteState::Resolved(Box::new(Resolution {
            answer,
            way,
            at,
            confirmed_by,
        }));
    }
}

/// Whether the answer says what the person's entitlement is, valid or not.
pub fn decided(answer: &Eligibility) -> bool {
    matches!(
        answer.validity,
        Validity::Valid | Validity::Invalid | Validity::InvalidNewer | Validity::ValidUnregistered
    )
}

pub(super) fn verdict(answer: &Eligibility) -> &'static str {
    match answer.validity {
        Validity::Valid => "有効な資格です。",
        Validity::ValidUnregistered => "有効（未登録）な資格です。",
        Validity::Invalid => "無効な資格です。",
        Validity::InvalidNewer => "無効な資格です（新しい資格あり）。",
        Validity::NotFound => "該当なしのままです。",
        Validity::Several | Validity::Unknown(_) => "決まりません。",
    }
}
