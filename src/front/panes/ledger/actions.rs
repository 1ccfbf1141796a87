//! What can be done with the chosen note, and what is asked before it is done.

use super::{Mode, State, TEXT_LIMIT, Waiting, Which};
use crate::domain::field::Field;
use crate::domain::note::{Group, NoteId};
use crate::domain::number::holds_personal_number;
use crate::front::app::{Cx, Tone};
use crate::link::message::{LedgerRow, SyncState, ToDesk};
use crate::text::field::LineField;

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
        if waiting == Waiting::Edit
            && matches!(
                row.group,
                Group::Resolved | Group::Settled | Group::Cancelled
            )
        {
            let text = format!(
                "この控えは「{}」なので、訂正できません。",
                row.group.label()
            );
            cx.say(Tone::Warning, text);
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
        if matches!(
            row.group,
            Group::Resolved | Group::Settled | Group::Cancelled
        ) {
            let text = format!(
                "この控えは「{}」なので、取り消せません。",
                row.group.label()
            );
            cx.say(Tone::Warning, text);
            return;
        }
        self.mode = Mode::Reason {
            which: Which::of(&row),
            field: LineField::with_limit("", TEXT_LIMIT),
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
        } else if holds_personal_number(&reason) {
            let text =
                format!("{label}: 個人番号（マイナンバー）は控えられません。消してください。");
            cx.say(Tone::Error, text);
        } else {
            // An earlier complaint would hide the question.
            cx.hush();
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
        let ticket = cx.ticket();
        cx.send(ToDesk::CancelNote {
            ticket,
            id: which.id,
            revision: which.revision,
            reason,
        });
        self.waiting = Some((ticket, Waiting::Cancel));
    }

    pub(super) fn begin_settle(&mut self, cx: &mut Cx<'_>) {
        let Some(row) = self.chosen(cx) else { return };
        if row.group == Group::Resolved {
            self.mode = Mode::Settling {
                which: Which::of(&row),
            };
        } else {
            let text = format!(
                "完了にできるのは「解決」の控えです。この控えは「{}」です。",
                row.state
            );
            cx.say(Tone::Warning, text);
        }
    }

    pub(super) fn settle(&mut self, cx: &mut Cx<'_>) {
        let Mode::Settling { which } = std::mem::take(&mut self.mode) else {
            return;
        };
        let ticket = cx.ticket();
        cx.send(ToDesk::SettleNote {
            ticket,
            id: which.id,
            revision: which.revision,
        });
        self.waiting = Some((ticket, Waiting::Settle));
    }

    pub(super) fn sync(cx: &mut Cx<'_>) {
        let status = cx.known.status.as_ref();
        let running = status.is_some_and(|s| matches!(s.sync, SyncState::Running { .. }));
        cx.send(ToDesk::Sync { run: !running });
        let text = match status {
            _ if running => "一括照会を止めます。照会中のものは返事を待ちます。",
            Some(s) if !s.line.usable() => {
                "回線が戻っていません。戻りしだい、控えを順に照会します。"
            }
            _ => "控えを順に照会します。",
        };
        cx.say(Tone::Hint, text);
    }
}
