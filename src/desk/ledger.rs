//! Windows of the ledger (控え帳): filter, rows, and what to do next.

use super::book::{Entry, fold};
use super::state::Desk;
use crate::domain::account::{Access, Right, access};
use crate::domain::entitlement::Validity;
use crate::domain::failure::withheld;
use crate::domain::note::{Group, Need, Note, NoteContent, NoteState};
use crate::domain::plan::{self, Verdict};
use crate::domain::time::clock_text;
use crate::link::message::{FrontId, LedgerFilter, LedgerPage, LedgerRow, Ticket, ToFront};

/// Rows of one window at most, whatever is asked for.
const MOST_ROWS: usize = 500;

impl Desk {
    pub(super) fn show_ledger(
        &mut self,
        front: FrontId,
        ticket: Ticket,
        filter: &LedgerFilter,
        offset: usize,
        limit: usize,
    ) {
        if let Some(failure) = self.store_failure() {
            return self.fail(front, ticket, failure);
        }
        let page = self.page(filter, offset, limit.min(MOST_ROWS));
        let page = Box::new(page);
        self.tell(front, ToFront::Page { ticket, page });
    }

    fn page(&self, filter: &LedgerFilter, offset: usize, limit: usize) -> LedgerPage {
        let text = fold(&filter.text);
        let down = !self.line.line().usable();
        let mut page = LedgerPage {
            offset,
            matching: 0,
            total: self.book.len(),
            rows: Vec::new(),
        };
        if text.is_empty() && filter.groups.len() <= 1 {
            // Counted without being gone through.
            let window = offset..offset.saturating_add(limit);
            page.matching = match filter.groups.first() {
                Some(group) => self.book.count(*group),
                None => self.book.len(),
            };
            page.rows = match filter.groups.first() {
                Some(group) => self
                    .book
                    .group(*group)
                    .skip(window.start)
                    .take(limit)
                    .filter_map(|id| self.book.get(id))
                    .map(|entry| row(entry, down))
                    .collect(),
                None => self
                    .book
                    .all()
                    .skip(window.start)
                    .take(limit)
                    .map(|entry| row(entry, down))
                    .collect(),
            };
            return page;
        }
        for entry in self.book.all() {
            let fits = filter.groups.is_empty() || filter.groups.contains(&entry.group());
            if fits && entry.holds(&text) {
                if page.matching >= offset && page.rows.len() < limit {
                    page.rows.push(row(entry, down));
                }
                page.matching += 1;
            }
        }
        page
    }
}

fn row(entry: &Entry, down: bool) -> LedgerRow {
    let note = &entry.note;
    let content = &note.content;
    let name = if content.name.is_empty() {
        &content.kana
    } else {
        &content.name
    };
    let state = entry.state();
    LedgerRow {
        id: note.id.clone(),
        revision: note.revision,
        taken: note.taken,
        name: name.clone(),
        birth_date: content.birth_date,
        sex: content.sex,
        follow: note.follow.as_ref().map(|follow| follow.day),
        group: entry.group(),
        state: state.label(),
        next: next(&state, content, down),
    }
}

/// The words of the column 次にすること.
fn next(state: &NoteState, content: &NoteContent, down: bool) -> String {
    let text = match state {
        NoteState::Noted | NoteState::Waiting { .. } if down => "復旧を待つ",
        NoteState::Waiting {
            not_before: Some(at),
        } => return format!("{} に再照会", clock_text(*at)),
        NoteState::Noted | NoteState::Waiting { .. } => "自動で照会します",
        NoteState::Blocked(block) => block.advice(),
        NoteState::Asking { .. } => "返事を待つ",
        NoteState::NeedsPerson(need) => return advice(need, content),
        NoteState::Resolved(resolution) => match resolution.answer.validity {
            Validity::Valid | Validity::ValidUnregistered => "確かめて完了へ",
            Validity::NotFound => "なし: 患者に確認",
            _ => "無効: 患者に確認",
        },
        NoteState::Settled(_) | NoteState::Cancelled { .. } => "",
    };
    text.to_owned()
}

fn advice(need: &Need, content: &NoteContent) -> String {
    match need {
        Need::Candidates { .. } => "候補から選ぶ",
        Need::Confirm { .. } => "本人か確かめる",
        // OUT-36: a fragment of either narrows the search.
        Need::TooMany if content.address.is_empty() => "住所を足す",
        Need::TooMany if content.insurer_name.is_empty() => "住所か保険者名を足す",
        Need::TooMany => "住所を詳しくする",
        // OUT-32: the insurer may have registered another 性別.
        Need::NotFound => "氏名と性別を見直す",
        Need::SeveralBranches => "枝番を足す",
        Need::Refused { code, .. } if withheld(code) => return format!("原本で確かめる {code}"),
        Need::Refused { code, .. } if !code.is_empty() => {
            return format!("訂正か再照会 {code}");
        }
        Need::Refused { .. } => "訂正か再照会",
        Need::Unanswered => "再照会する",
    }
    .to_owned()
}

impl Desk {
    /// Everyone who may see the ledger asks for it again.
    pub(super) fn ledger_changed(&mut self, but: Option<FrontId>) {
        let fronts: Vec<FrontId> = self
            .fronts
            .iter()
            .filter(|(front, state)| {
                Some(**front) != but
                    && state.session.as_ref().is_some_and(|session| {
                        access(session.staff.kind, Right::Ledger) == Access::Allowed
                    })
            })
            .map(|(front, _)| *front)
            .collect();
        for front in fronts {
            self.tell(front, ToFront::LedgerChanged);
        }
    }

    /// How many notes are still open in some way.
    pub(super) fn unclosed(&self) -> usize {
        [
            Group::Open,
            Group::Blocked,
            Group::Asking,
            Group::NeedsPerson,
        ]
        .into_iter()
        .map(|group| self.book.count(group))
        .sum()
    }

    /// Why a note cannot be asked for now, and what changes that.
    pub(super) fn not_askable(&self, note: &Note) -> Option<String> {
        let open = matches!(note.state, NoteState::Noted | NoteState::Waiting { .. });
        if !open && !matches!(note.state, NoteState::NeedsPerson(_)) {
            return None;
        }
        if !self.line.line().usable() {
            let why = if open {
                "回線の障害中です。復旧すると自動で照会します。"
            } else {
                "回線の障害中です。復旧してから再照会してください。"
            };
            return Some(why.to_owned());
        }
        let mut again = note.clone();
        again.attempts = 0;
        again.tried.clear();
        again.state = NoteState::Waiting { not_before: None };
        match plan::decide(&again, &self.world()) {
            Verdict::Block(block) => {
                Some(format!("保留中です。次にすること: {}。", block.advice()))
            }
            _ => None,
        }
    }
}
