//! What can be done about a note that waits for a person or is blocked.

use crate::domain::field::Field;
use crate::domain::narrow::{Narrowing, narrowings};
use crate::domain::note::{Block, Need, Note, NoteState};
use crate::domain::proposal::{Proposal, proposals};

/// Something to do, chosen by its digit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Way {
    /// A ready correction.
    Apply(Box<Proposal>),
    /// The correction form, at a field.
    Correct(Narrowing),
    /// Someone else logs in (OUT-12).
    Relogin,
    /// The procedure that has the outage function opened (DOM-75).
    Procedure,
    /// Ask again.
    Retry,
}

impl Way {
    /// Whether it settles what becomes of the note
    /// ([`crate::domain::account::Right::Decide`]).
    pub(super) fn decides(&self) -> bool {
        matches!(self, Self::Retry)
    }

    /// What it does.
    pub(super) fn label(&self) -> String {
        match self {
            Self::Apply(proposal) => proposal.label.clone(),
            Self::Correct(narrowing) => match &narrowing.value {
                Some(value) => format!("{}: {value}", narrowing.label),
                None => narrowing.label.clone(),
            },
            Self::Relogin => "ログインし直す（入力は残ります）".to_owned(),
            Self::Procedure => "機能を開いてもらう手順へ".to_owned(),
            Self::Retry => "そのままもう一度照会する".to_owned(),
        }
    }
}

fn correct(field: Field, label: &str) -> Way {
    Way::Correct(Narrowing {
        field,
        label: label.to_owned(),
        one_in: 1,
        value: None,
    })
}

/// The ways of a note, in order; `None` if it is not a person's turn here.
pub(super) fn of(note: &Note) -> Option<Vec<Way>> {
    Some(match &note.state {
        NoteState::NeedsPerson(need) => match need {
            Need::Candidates { .. } | Need::Confirm { .. } => return None,
            Need::NotFound => proposals(note)
                .into_iter()
                .map(|p| Way::Apply(Box::new(p)))
                .collect(),
            Need::TooMany => narrowings(&note.content)
                .into_iter()
                .map(Way::Correct)
                .collect(),
            Need::SeveralBranches => vec![correct(Field::Branch, "枝番を足す")],
            Need::Refused { .. } | Need::Unanswered => vec![Way::Retry],
        },
        NoteState::Blocked(block) => blocked(*block, note),
        _ => return None,
    })
}

fn blocked(block: Block, note: &Note) -> Vec<Way> {
    let mut ways = Vec::new();
    if matches!(block, Block::NoRight | Block::NoLogin) {
        ways.push(Way::Relogin);
    }
    if block == Block::FunctionClosed {
        ways.push(Way::Procedure);
    }
    if note.content.card_query().is_none() && block != Block::NoLogin {
        ways.push(correct(
            Field::InsurerNumber,
            "保険証の番号を足す（方法2 で照会）",
        ));
    }
    ways
}

/// Whether asking again could come to anything: what is blocked is refused,
/// but for a note whose numbers were asked for before and can be again.
pub(super) fn may_retry(note: &Note) -> bool {
    match note.state {
        NoteState::Blocked(Block::NoLogin) => false,
        NoteState::Blocked(_) => note.content.card_query().is_some() && !note.tried.is_empty(),
        _ => !note.state.closed(),
    }
}

/// Whether a person may end it as 該当なし.
pub(super) fn may_end(note: &Note) -> bool {
    matches!(note.state, NoteState::NeedsPerson(Need::NotFound))
}
