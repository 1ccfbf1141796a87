//! Whose card it is among today's notes, by what was read of it, or by a mark
//! where returning cards are recognised.

use super::super::ledger::row;
use super::super::state::Desk;
use crate::domain::card::Presence;
use crate::domain::name::{Agreement, Named, compare};
use crate::domain::note::outline::card_number;
use crate::domain::note::{NoteContent, NoteId, Outline};
use crate::domain::secret::Secret;
use crate::link::message::{FrontId, LedgerPage, Ticket, ToFront};
use crate::store::record::What;
use hmac::{Hmac, Mac};
use jiff::civil::Date;
use sha2::Sha256;

/// Cards whose mark is kept for a note that may be taken of them.
const MOST_HANDED: usize = 64;

/// A card whose four a front end has.
pub(in crate::desk) struct Handed {
    front: FrontId,
    presence: Presence,
    /// Its mark, once it has told its number.
    mark: Option<String>,
}

/// Rows of one answer at most.
const MOST_ROWS: usize = 100;

impl Desk {
    /// The store's own key, taken over only where cards are recognised.
    pub(in crate::desk) fn card_key(&mut self, key: Secret) {
        if self.config.recognise {
            self.card.key = key;
        }
    }

    /// Today's notes of the person whose card it is. Names agree as far as no
    /// character that can be read speaks against it: a person looks at the
    /// rows anyway.
    pub(in crate::desk) fn card_notes(
        &mut self,
        front: FrontId,
        ticket: Ticket,
        presence: Option<Presence>,
        name: &str,
        birth_date: Option<Date>,
    ) {
        let Some(asker) = self.asker(front, ticket) else {
            return;
        };
        if let Some(failure) = self.store_failure() {
            return self.reply_failed(&asker, failure);
        }
        let mark = presence.and_then(|presence| self.mark_of(presence));
        let number = mark.as_deref().map_or(0, card_number);
        let today = self.now.today();
        let wait = self.awaited();
        let fits = |outline: &Outline| {
            outline.visit == today
                && ((number != 0 && outline.card == number)
                    || (Some(outline.birth_date) == birth_date && same(name, &outline.name)))
        };
        let mut matching = 0;
        let mut rows = Vec::new();
        for entry in self.book.taken_on(today) {
            if fits(&entry.outline) {
                matching += 1;
                if rows.len() < MOST_ROWS {
                    rows.push(row(entry, wait, today));
                }
            }
        }
        let page = LedgerPage {
            offset: 0,
            matching,
            total: self.book.len(),
            rows,
        };
        let what = What::CardNotes {
            notes: matching as u64,
        };
        let page = Box::new(page);
        self.audit_then(asker, what, ToFront::Page { ticket, page });
    }

    /// Marks a note with the card that it was taken from, if cards are
    /// recognised. A later change of the note that takes nothing from a card
    /// keeps the mark as long as it is of the same person, and something in it
    /// stands as the card had it.
    pub(in crate::desk) fn mark_card(
        &mut self,
        front: FrontId,
        content: &mut NoteContent,
        changes: Option<&NoteId>,
        card: Option<Presence>,
    ) {
        content.card_mark.clear();
        if !self.config.recognise || content.from_card.is_empty() {
            return;
        }
        if let Some(presence) = card {
            let handed = self.mark_handed(front, presence);
            let mark = handed.or_else(|| self.mark_of(presence));
            content.card_mark = mark.unwrap_or_default();
        } else if let Some(before) = changes.and_then(|id| self.book.note(id)) {
            let same = before.content.name == content.name
                && before.content.birth_date == content.birth_date;
            if same {
                content.card_mark.clone_from(&before.content.card_mark);
            }
        }
    }

    /// The four of a card go to a front end: a note taken of them has the
    /// card's mark, although the patient has it back by then.
    pub(super) fn handed(&mut self, front: FrontId, presence: Presence) {
        if !self.config.recognise {
            return;
        }
        let mark = self.mark_of(presence);
        let handed = &mut self.card.handed;
        handed.retain(|one| (one.front, one.presence) != (front, presence));
        if handed.len() == MOST_HANDED {
            handed.remove(0);
        }
        handed.push(Handed {
            front,
            presence,
            mark,
        });
    }

    /// The card that was read before it was looked at has told its number.
    pub(super) fn mark_late(&mut self, presence: Presence) {
        let waits = |one: &Handed| one.presence == presence && one.mark.is_none();
        if self.card.handed.iter().any(waits) {
            let mark = self.mark_of(presence);
            for one in self.card.handed.iter_mut().filter(|one| waits(one)) {
                one.mark.clone_from(&mark);
            }
        }
    }

    /// Marks are of a login, and go with it.
    pub(in crate::desk) fn forget_handed(&mut self, front: FrontId) {
        self.card.handed.retain(|one| one.front != front);
    }

    fn mark_handed(&self, front: FrontId, presence: Presence) -> Option<String> {
        let of = |one: &&Handed| (one.front, one.presence) == (front, presence);
        self.card.handed.iter().find(of)?.mark.clone()
    }

    /// The mark of the card that lies there, if it is this one.
    fn mark_of(&self, presence: Presence) -> Option<String> {
        let serial = &self.seen(presence)?.serial;
        let key = &self.card.key;
        if !self.config.recognise || key.is_empty() || serial.is_empty() {
            return None;
        }
        let mut mac = <Hmac<Sha256> as Mac>::new_from_slice(key.reveal().as_bytes()).ok()?;
        mac.update(serial.as_bytes());
        let bytes = mac.finalize().into_bytes();
        let digits = bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]);
        digits
            .map(|digit| char::from_digit(digit.into(), 16))
            .collect()
    }
}

fn same(name: &str, noted: &str) -> bool {
    let named = |name| Named { name, kana: "" };
    compare(named(name), named(noted)) <= Agreement::Unreadable
}
