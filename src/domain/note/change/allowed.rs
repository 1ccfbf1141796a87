//! What may be done to a note in which state.

use super::super::answered::decided;
use super::Change;
use crate::domain::entitlement::Validity;
use crate::domain::note::{Need, Note, NoteState};
use crate::domain::settling;

impl Note {
    pub(super) fn allows(&self, change: &Change) -> bool {
        use NoteState::{Asking, Blocked, NeedsPerson, Noted, Resolved, Waiting};
        match (change, &self.state) {
            // Two contents of one revision could not be told apart (REL-14).
            (Change::Edit(_), state) => !state.closed() && self.revision < u32::MAX,
            (Change::Try(_), state) => {
                matches!(state, NeedsPerson(Need::NotFound)) && self.revision < u32::MAX - 1
            }
            (Change::Cancel { .. } | Change::WasOutage, state) => !state.closed(),
            (Change::Retry, Noted | Waiting { .. } | Blocked(_) | NeedsPerson(_))
            | (Change::Follow { .. }, Resolved(_))
            | (Change::Tick { .. }, Resolved(_) | NoteState::Settled(_))
            | (Change::Ask(_) | Change::GiveUp, Noted | Waiting { .. } | Blocked(_))
            | (Change::Forgive, Waiting { .. })
            | (Change::Accept { .. }, NeedsPerson(Need::Confirm { .. }))
            | (Change::Requeue | Change::PutBack, Asking { .. })
            | (Change::TakenOver { .. } | Change::Unused(_), _) => true,
            // Another change may have taken the same lines along.
            (Change::Kept(blocks), _) => blocks
                .iter()
                .any(|(_, block)| !self.blocked.contains(block)),
            (Change::Untick { item }, Resolved(_)) => {
                item.is_said() && self.settling.done(*item).is_some()
            }
            (Change::LookAgain, Resolved(_)) => self.follow.is_some(),
            (Change::Settle { leaving }, Resolved(_)) => *leaving == settling::left(self),
            (Change::Confirm { key, answer, .. }, NeedsPerson(Need::Candidates { list, .. })) => {
                decided(answer) && list.iter().any(|candidate| candidate.key == *key)
            }
            // Nobody was found, or none of those who were is the patient.
            (
                Change::Absent { answer },
                NeedsPerson(Need::NotFound | Need::Candidates { .. } | Need::Confirm { .. }),
            ) => answer.validity == Validity::NotFound,
            (Change::Answer { way, .. }, Asking { way: asked }) => way == asked,
            _ => false,
        }
    }
}
