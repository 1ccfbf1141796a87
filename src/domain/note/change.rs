//! How a note changes: what each state allows, what a change leaves behind.
//! A note is resolved once (REL-13), and nothing is done to a revision that is
//! no longer there (REL-14).

mod allowed;

use super::answered::verdict;
use super::{Block, Need, Note, NoteContent, NoteId, NoteState, Schedule, Step, Way};
use crate::domain::entitlement::Eligibility;
use crate::domain::failure::Failure;
use crate::domain::plan::Outcome;
use crate::domain::readback::Proof;
use crate::domain::settling::{self, Item, Settling};
use crate::domain::time::jst;
use jiff::Timestamp;
use jiff::civil::Date;

/// Earlier contents a note carries along. All of them are in the journal; a
/// note that grew without end would no longer fit into one of its records.
const MOST_EARLIER: usize = 50;

/// Something to be done to a note.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// New content by a person; the note begins anew.
    Edit(Box<NoteContent>),
    /// A proposal to be asked with: the note goes back to what it holds if
    /// nobody is found so.
    Try(Box<NoteContent>),
    /// Cancelled by a person.
    Cancel {
        /// Why.
        reason: String,
    },
    /// A person wants it asked again.
    Retry,
    /// Something of the check list was done (DOM-73, OUT-56, OUT-84).
    Tick {
        /// What.
        item: Item,
        /// More about it, without patient data; may be empty.
        detail: String,
    },
    /// It was ticked by mistake.
    Untick {
        /// What.
        item: Item,
    },
    /// A person worked it off.
    Settle {
        /// What is left undone, as the person was told: [`settling::left`].
        leaving: Vec<Item>,
    },
    /// A person chose a candidate, and this is its answer.
    Confirm {
        /// The candidate's key.
        key: String,
        /// The answer.
        answer: Box<Eligibility>,
        /// What was read back, where another person shares reading and birth
        /// date (DOM-40).
        read_back: Option<Proof>,
    },
    /// A person confirmed the one whom a fall-back found.
    Accept {
        /// What was read back, where another person shares reading and birth
        /// date (DOM-40).
        read_back: Option<Proof>,
    },
    /// A person made sure that nobody fits: なし.
    Absent {
        /// What stands for the answer: nobody, on the day of the visit.
        answer: Box<Eligibility>,
    },
    /// A person set the day of the next look, or dropped it (DOM-91).
    Follow {
        /// The day; none: not again.
        day: Option<Date>,
        /// Why.
        reason: String,
    },
    /// The day of the next look has come.
    LookAgain,
    /// The line was down when it failed: the tries do not count.
    Forgive,
    /// The desk is about to ask for it, by this way.
    Ask(Way),
    /// The question has come to this.
    Answer {
        /// By which way it was asked.
        way: Way,
        /// What came of it.
        outcome: Outcome,
        /// Not before this moment again, for [`Outcome::Retry`].
        not_before: Option<Timestamp>,
        /// What went out for it, a line each.
        steps: Vec<Step>,
    },
    /// A person took it over from another who had it open: a line, and
    /// nothing else of it changes.
    TakenOver {
        /// ユーザID of the one before.
        from: String,
    },
    /// What keeps it from being asked for, since when: lines, and nothing else
    /// of it changes.
    Kept(Vec<(Timestamp, Block)>),
    /// A question went out for it, and its answer counts no longer: lines, and
    /// nothing else of it changes.
    Unused(Vec<Step>),
    /// The line was down already when it was taken (OUT-17).
    WasOutage,
    /// Asked for too often without an answer.
    GiveUp,
    /// What became of the question is not known (restart): it is asked again.
    Requeue,
    /// The question has not gone out: it waits again.
    PutBack,
}

impl Note {
    /// A new note.
    pub fn take(
        id: NoteId,
        desk: String,
        by: &str,
        at: Timestamp,
        during_outage: bool,
        content: NoteContent,
    ) -> Self {
        let mut note = Self {
            id,
            revision: 1,
            desk,
            taken_by: by.to_owned(),
            taken: at,
            during_outage,
            content,
            earlier: Vec::new(),
            state: NoteState::Noted,
            attempts: 0,
            tried: Vec::new(),
            trial: None,
            follow: None,
            looks: Vec::new(),
            blocked: Vec::new(),
            settling: Settling::default(),
            history: Vec::new(),
        };
        note.step(at, by, "控えました。");
        if note.content.declaration.is_some() {
            note.declared(at, by);
        }
        note
    }

    /// DOM-73, DOM-74: what follows from the paper at the facility.
    fn declared(&mut self, at: Timestamp, by: &str) {
        self.step(
            at,
            by,
            "申立書を預かりました。支払いの確認まで保管し、番号が分かったら聞きます。",
        );
        self.step(
            at,
            by,
            "請求の順: ①後で分かった番号 ②旧資格の番号 ③不詳（番号は必要な桁数の7、摘要欄に住所・事業所名・連絡先）。",
        );
    }

    /// The note after `change`, made by `by` (empty: the desk itself) to
    /// `revision`. [`Failure::Stale`] if that is not the present revision,
    /// [`Failure::WrongState`] if the state does not allow it.
    pub fn changed(
        &self,
        revision: u32,
        change: Change,
        by: &str,
        at: Timestamp,
    ) -> Result<Self, Failure> {
        if revision != self.revision {
            return Err(Failure::Stale);
        }
        if let Change::Tick { item, .. } = change
            && item.is_said()
            && let Some(tick) = self.settling.done(item)
        {
            let why = tick.already();
            return Err(Failure::NotNow { why });
        }
        if !self.allows(&change) {
            return Err(Failure::WrongState {
                state: self.state.label(),
            });
        }
        let mut note = self.clone();
        match change {
            Change::Edit(content) => note.edit(*content, by, at),
            Change::Try(content) => note.try_with(*content, by, at),
            Change::Cancel { reason } => {
                note.end_trial(Need::NotFound, at);
                note.step(at, by, &format!("取り消しました（{reason}）。"));
                note.state = NoteState::Cancelled {
                    by: by.to_owned(),
                    at,
                    reason,
                };
            }
            Change::Retry => {
                note.begin_again();
                note.state = NoteState::Waiting { not_before: None };
                note.step(at, by, "もう一度照会します。");
            }
            Change::Tick { item, detail } => {
                note.settling.tick(item, at, by);
                let detail = if detail.is_empty() {
                    detail
                } else {
                    format!("（{detail}）")
                };
                note.step(at, by, &format!("{}{detail}。", item.told()));
            }
            Change::Untick { item } => {
                note.settling.untick(item);
                note.step(
                    at,
                    by,
                    &format!("「{}」の済を取り消しました。", item.short()),
                );
            }
            Change::Settle { leaving } => {
                if let NoteState::Resolved(resolution) = note.state {
                    note.state = NoteState::Settled(resolution);
                }
                note.follow = None;
                let text = if leaving.is_empty() {
                    "完了にしました。".to_owned()
                } else {
                    format!("完了にしました（残し: {}）。", settling::list(&leaving))
                };
                note.step(at, by, &text);
            }
            Change::Confirm {
                answer, read_back, ..
            } => {
                let way = note.found_by();
                note.told_apart(read_back, by, at);
                let text = format!("候補から選びました。{}", verdict(&answer));
                note.step(at, by, &text);
                note.resolve(*answer, way, at, Some(by.to_owned()));
            }
            Change::Accept { read_back } => {
                note.told_apart(read_back, by, at);
                if let NoteState::NeedsPerson(Need::Confirm { way, answer }) = note.state.clone() {
                    let text = format!("本人と確かめました。{}", verdict(&answer));
                    note.step(at, by, &text);
                    note.resolve(*answer, way, at, Some(by.to_owned()));
                }
            }
            Change::Absent { answer } => {
                let way = note.found_by();
                note.end_trial(Need::NotFound, at);
                note.step(at, by, "該当する資格がない（なし）と確かめました。");
                note.resolve(*answer, way, at, Some(by.to_owned()));
            }
            Change::Follow { day, reason } => note.set_follow(day, &reason, by, at),
            Change::LookAgain => note.look_again(at),
            Change::Forgive => {
                note.attempts = 0;
                note.state = NoteState::Waiting { not_before: None };
                note.step(at, by, "障害中の照会は数えず、もう一度照会します。");
            }
            Change::Ask(way) => {
                if !std::mem::take(&mut note.blocked).is_empty() {
                    note.step(at, "", "保留が解けました。");
                }
                note.state = NoteState::Asking { way };
                // It goes out later; whether it did is told with its answer.
                note.step(at, "", &format!("照会の順番待ち（{}）。", way.label()));
            }
            Change::Answer {
                way,
                outcome,
                not_before,
                steps,
            } => {
                for step in steps {
                    note.told(step);
                }
                note.answer(way, outcome, not_before, by, at);
            }
            Change::TakenOver { from } => {
                note.step(at, by, &format!("{from} から引き継ぎました。"));
            }
            Change::Kept(blocks) => note.keep_from_asking(&blocks),
            Change::Unused(steps) => {
                for step in steps {
                    note.told(step);
                }
                note.step(at, by, "返事は使いませんでした（訂正・取消のため）。");
            }
            Change::WasOutage => {
                note.during_outage = true;
                note.step(at, by, "障害中に控えたものと分かりました。");
            }
            Change::GiveUp => {
                note.state = NoteState::NeedsPerson(Need::Unanswered);
                let text = format!("{} 回照会しても返事がありません。", note.attempts);
                note.step(at, by, &text);
                note.end_trial(Need::Unanswered, at);
            }
            Change::Requeue => {
                note.state = NoteState::Waiting { not_before: None };
                note.step(
                    at,
                    by,
                    "照会中か順番待ちの間に途切れました。届いたかどうかは分かりません。もう一度照会します。",
                );
            }
            Change::PutBack => {
                note.state = NoteState::Waiting { not_before: None };
                note.step(at, by, "照会は出ていません。順番待ちから戻しました。");
            }
        }
        Ok(note)
    }

    pub(super) fn replace(&mut self, content: NoteContent) {
        if self.earlier.len() >= MOST_EARLIER {
            self.earlier.remove(0);
        }
        self.earlier
            .push(std::mem::replace(&mut self.content, content));
        self.revision = self.revision.saturating_add(1);
    }

    fn edit(&mut self, content: NoteContent, by: &str, at: Timestamp) {
        self.replace(content);
        self.trial = None;
        self.begin_again();
        self.follow = None;
        self.state = NoteState::Noted;
        let text = format!("内容を直しました（第 {} 版）。", self.revision);
        self.step(at, by, &text);
        let before = self.earlier.last().and_then(|c| c.declaration.as_ref());
        if before.is_none() && self.content.declaration.is_some() {
            self.declared(at, by);
        }
    }

    fn told_apart(&mut self, read_back: Option<Proof>, by: &str, at: Timestamp) {
        if let Some(proof) = read_back {
            let text = format!("同じカナ・生年月日の人と{}で見分けました。", proof.label());
            self.step(at, by, &text);
        }
    }

    /// By which way what a person decides about was found.
    fn found_by(&self) -> Way {
        match &self.state {
            NoteState::NeedsPerson(Need::Candidates { way, .. } | Need::Confirm { way, .. }) => {
                *way
            }
            _ => self.tried.last().copied().unwrap_or(Way::Noted),
        }
    }

    /// The note with its next look-up day, if it has just been resolved in a
    /// way that may change (DOM-91).
    #[must_use]
    pub fn followed(mut self, schedule: &Schedule, at: Timestamp) -> Self {
        self.plan_follow(schedule, at, jst(at).date());
        self
    }

    pub(super) fn begin_again(&mut self) {
        self.attempts = 0;
        self.tried.clear();
    }
}

#[cfg(test)]
mod tests;
