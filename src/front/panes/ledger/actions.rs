//! What can be done with the chosen note, and what is asked before it is done.

use super::{Mode, State, Waiting, Which};
use crate::domain::field::Field;
use crate::domain::note::{Group, Note, NoteId, NoteState};
use crate::domain::time::clock_seconds_text;
use crate::front::app::{Cx, Tone};
use crate::front::edit;
use crate::front::sheet::Scroll;
use crate::link::message::{LedgerRow, Status, SyncState, ToDesk};

impl State {
    /// The chosen row, or a word that there is none.
    fn chosen(&self, cx: &mut Cx<'_>) -> Option<LedgerRow> {
        let row = self.window.chosen();
        if row.is_none() {
            cx.say(Tone::Hint, "控えが選ばれていません。");
        }
        row.cloned()
    }

    pub(super) fn open(&mut self, cx: &mut Cx<'_>, waiting: Waiting) {
        let Some(row) = self.chosen(cx) else { return };
        if waiting == Waiting::Edit && closed(row.group) {
            cx.say(Tone::Warning, uncorrectable(row.group));
            return;
        }
        self.ask_note(cx, row.id, waiting);
    }

    pub(super) fn ask_note(&mut self, cx: &mut Cx<'_>, id: NoteId, waiting: Waiting) {
        let ticket = cx.ticket();
        cx.send(ToDesk::OpenNote { ticket, id });
        self.waiting = Some((ticket, waiting));
    }

    pub(super) fn retry(&mut self, cx: &mut Cx<'_>) {
        let Some(row) = self.chosen(cx) else { return };
        if row.group == Group::Asking {
            cx.say(Tone::Hint, "この控えは照会中です。返事を待ってください。");
            return;
        }
        if closed(row.group) {
            let text = format!(
                "この控えは「{}」なので、もう照会しません。",
                row.group.label()
            );
            cx.say(Tone::Warning, text);
            return;
        }
        let ticket = cx.ticket();
        cx.send(ToDesk::RetryNote {
            ticket,
            id: row.id,
            revision: row.revision,
        });
        self.waiting = Some((ticket, Waiting::Retry));
    }

    pub(super) fn begin_cancel(&mut self, cx: &mut Cx<'_>) {
        let Some(row) = self.chosen(cx) else { return };
        if closed(row.group) {
            let text = format!(
                "この控えは「{}」なので、取り消せません。",
                row.group.label()
            );
            cx.say(Tone::Warning, text);
            return;
        }
        let field = match self.typed.take() {
            Some((id, field)) if id == row.id => field,
            _ => edit::line(Field::Reason, ""),
        };
        self.mode = Mode::Reason {
            which: Which::of(&row),
            field,
        };
    }

    pub(super) fn reason_given(&mut self, cx: &mut Cx<'_>) {
        let Mode::Reason { which, field } = &self.mode else {
            return;
        };
        let reason = field.text().trim().to_owned();
        let label = Field::Reason.label();
        if reason.is_empty() {
            let text =
                format!("{label}: 空です。取り消すわけを入れてください（例: 来院せず帰宅）。");
            cx.say(Tone::Warning, text);
        } else {
            // An earlier complaint would hide the question.
            cx.hush();
            self.scroll = Scroll::default();
            self.mode = Mode::Cancelling {
                which: which.clone(),
                reason,
            };
        }
    }

    pub(super) fn cancel(&mut self, cx: &mut Cx<'_>) {
        let Mode::Cancelling { which, reason } = std::mem::take(&mut self.mode) else {
            return;
        };
        self.scroll = Scroll::default();
        // Kept, in case it is refused.
        self.typed = Some((which.id.clone(), edit::line(Field::Reason, &reason)));
        let ticket = cx.ticket();
        cx.send(ToDesk::CancelNote {
            ticket,
            id: which.id,
            revision: which.revision,
            reason,
        });
        self.waiting = Some((ticket, Waiting::Cancel));
    }

    /// Opens what is left to do with a resolved note.
    pub(super) fn settle(&mut self, cx: &mut Cx<'_>) {
        let Some(row) = self.chosen(cx) else { return };
        if row.group == Group::Resolved {
            self.ask_note(cx, row.id, Waiting::Settle);
        } else {
            let text = format!(
                "完了にできるのは「解決」の控えです。この控えは「{}」です。",
                row.state
            );
            cx.say(Tone::Warning, text);
        }
    }

    /// Starts or stops the sync, and says what will come of it.
    pub(super) fn sync(cx: &mut Cx<'_>) {
        let (run, text) = match cx.known.status.as_ref() {
            Some(status) => sync(status),
            None => (Some(true), "控えを順に照会します。".to_owned()),
        };
        if let Some(run) = run {
            cx.send(ToDesk::Sync { run });
        }
        cx.say(Tone::Hint, text);
    }
}

fn closed(group: Group) -> bool {
    matches!(group, Group::Resolved | Group::Settled | Group::Cancelled)
}

/// Why a note cannot be corrected any more.
pub(super) fn uncorrectable(group: Group) -> String {
    let next = if group == Group::Resolved {
        "{submit} で結果を見られます。"
    } else {
        "要るときは {note} で控え直してください。"
    };
    format!(
        "この控えは「{}」なので、訂正できません。{next}",
        group.label()
    )
}

/// What happens to a note that is to be asked for again.
pub(super) fn asked_again(status: Option<&Status>, note: &Note) -> (Tone, String) {
    let id = &note.id;
    let down = status.is_some_and(|s| !s.line.usable());
    match &note.state {
        NoteState::Blocked(block) => (
            Tone::Warning,
            format!(
                "控え {id} は今は照会できません（保留）。次にすること: {}。",
                block.advice()
            ),
        ),
        NoteState::Noted | NoteState::Waiting { .. } if down => (
            Tone::Hint,
            format!("回線が戻っていません。戻りしだい、控え {id} を照会します。"),
        ),
        NoteState::Waiting {
            not_before: Some(at),
        } => (
            Tone::Hint,
            format!(
                "控え {id} は {} を過ぎたら照会します。",
                clock_seconds_text(*at)
            ),
        ),
        NoteState::Noted | NoteState::Waiting { .. } => (
            Tone::Hint,
            format!("控え {id} を照会します。結果は一覧の「状態」に出ます。"),
        ),
        state => (Tone::Hint, format!("控え {id}: {}", state.label())),
    }
}

/// What to tell the desk service, if there is anything to do, and the clerk.
fn sync(status: &Status) -> (Option<bool>, String) {
    let count = |group| status.notes.get(&group).copied().unwrap_or(0);
    let waiting = match status.sync {
        SyncState::Running { .. } => {
            let text = "一括照会を止めます。照会中のものは返事を待ちます。";
            return (Some(false), text.to_owned());
        }
        SyncState::AwaitingConfirm { notes } => notes,
        SyncState::Idle | SyncState::Stopping { .. } => count(Group::Open),
    };
    let (blocked, asking) = (count(Group::Blocked), count(Group::Asking));
    match (waiting, blocked) {
        (0, 0) if asking > 0 => (
            None,
            format!("{asking} 件を照会中です。返事を待ってください。"),
        ),
        (0, 0) => {
            let person = match count(Group::NeedsPerson) {
                0 => String::new(),
                n => format!("要確認の {n} 件は、開いて確かめるか {{retry}} で再照会します。"),
            };
            (None, format!("照会を待つ控えはありません。{person}"))
        }
        _ if !status.line.usable() => (
            Some(true),
            "回線が戻っていません。戻りしだい、控えを順に照会します。".to_owned(),
        ),
        _ if status.store_trouble.is_some() => (
            Some(true),
            "保存先に書けません。保存先が戻りしだい、控えを順に照会します。".to_owned(),
        ),
        (0, held) => (
            Some(true),
            format!(
                "照会できる控えはありません。保留の {held} 件は「次にすること」のとおりにすると照会します。"
            ),
        ),
        (n, _) => (Some(true), format!("控え {n} 件を順に照会します。")),
    }
}
