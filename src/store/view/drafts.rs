//! The drafts in sled: what people were typing, kept until it is a note.

use super::{View, unwrap, wrap};
use crate::domain::draft::Draft;
use crate::store::guard::{Sick, guarded};
use crate::store::payload;
use crate::store::record::Record;
use crate::store::seal::{Kind, Seal};

/// Drafts by ユーザID.
pub type Drafts = Vec<(String, Draft)>;

impl View {
    /// All drafts, and how many could not be read.
    pub fn drafts(&self) -> Result<(Drafts, usize), Sick> {
        guarded(|| {
            let mut drafts = Drafts::new();
            let mut lost = 0;
            for pair in &self.drafts {
                let (key, value) = pair?;
                let draft = unwrap(&value)
                    .and_then(|b| payload::open(&self.seal, Kind::Draft(&key), b).ok());
                match draft {
                    Some(draft) => drafts.push(draft),
                    None => lost += 1,
                }
            }
            drafts.sort_by(|(a, _): &(String, Draft), (b, _)| a.cmp(b));
            Ok((drafts, lost))
        })
    }

    /// Ends the drafts that new records name. Before [`View::follow`]: what of
    /// it a kill takes away, the next opening makes up for.
    pub fn end_drafts<'a>(&self, new: impl Iterator<Item = &'a Record>) -> Result<(), Sick> {
        for record in new {
            let Some(mark) = record.ends else { continue };
            let key = draft_key(&self.seal, &record.by);
            let kept = guarded(|| Ok(self.drafts.get(key)?))?;
            let kept = (kept.as_deref().and_then(unwrap)).and_then(|content| {
                payload::open::<(String, Draft)>(&self.seal, Kind::Draft(&key), content).ok()
            });
            if let Some((user, draft)) = kept {
                self.keep_draft(&user, draft.without(mark).as_ref())?;
            }
        }
        Ok(())
    }

    /// Takes over drafts from another state.
    pub fn keep_all(&self, drafts: &Drafts) -> Result<(), Sick> {
        drafts
            .iter()
            .try_for_each(|(user, draft)| self.keep_draft(user, Some(draft)))
    }

    /// Keeps or drops a draft; on disk only after [`View::sync`].
    pub fn keep_draft(&self, user: &str, draft: Option<&Draft>) -> Result<(), Sick> {
        guarded(|| {
            let key = draft_key(&self.seal, user);
            match draft {
                Some(draft) => {
                    let value = wrap(&self.seal, Kind::Draft(&key), &(user, draft))?;
                    self.drafts.insert(key, value)?
                }
                None => self.drafts.remove(key)?,
            };
            Ok(())
        })
    }
}

/// Drafts lie under a keyed name, so that the files do not tell who works
/// here.
fn draft_key(seal: &Seal, user: &str) -> [u8; 16] {
    seal.name("draft", user)
}
