//! What the ledger has already of what comes from beside it.

use super::Store;
use crate::domain::note::{NoteId, NoteKey};
use crate::store::audit::anchor;
use crate::store::payload;
use crate::store::record::{Record, StoreError};
use crate::store::walk::{Item, Walk};
use jiff::Timestamp;

impl Store {
    /// Whether the ledger has a note of that number.
    pub fn holds(&self, id: &NoteId) -> bool {
        self.library.register().place(NoteKey::of(id)).is_some()
    }

    /// Hands every good record that was made at `earliest` or later to `see`,
    /// and takes those `ends` out (number and hash) that the chain goes
    /// through.
    pub fn since(
        &self,
        earliest: Timestamp,
        ends: &mut Vec<(u64, String)>,
        mut see: impl FnMut(Record),
    ) -> Result<(), StoreError> {
        let mut walk = Walk::all(&self.dir)?;
        while let Some(item) = walk.step()? {
            let last = walk.last();
            ends.retain(|(seq, head)| *seq != last.seq || *head != anchor::hex(&last.head));
            if let Item::Record {
                header, payload, ..
            } = item
                && header.at >= earliest.as_microsecond()
                && let Ok(record) = payload::open_record(&self.seal, &header, &payload)
            {
                see(record);
            }
        }
        Ok(())
    }
}
