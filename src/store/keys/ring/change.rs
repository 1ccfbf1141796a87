//! Keys that change: a further data key, another source around them, and the
//! former ones dropped.

use super::stretch::{Stretch, around};
use super::{By, Ring, Wrap, fresh};
use crate::store::keys::{KeySource, KeyTrouble, Material};

/// Former places of a key that are remembered.
const MOST_FORMER: usize = 8;

impl Ring {
    /// Notes down that the key was moved from these files; whether that is
    /// new. Not yet written.
    pub(in crate::store::keys) fn moved_from(&mut self, former: &[String]) -> bool {
        let opened = self.opened;
        let Some(wrap) = self.file.wraps.iter_mut().find(|wrap| wrap.id == opened) else {
            return false;
        };
        let news: Vec<String> = (former.iter())
            .filter(|from| **from != wrap.place && !wrap.former.contains(from))
            .cloned()
            .collect();
        let new = !news.is_empty();
        wrap.former.extend(news);
        (wrap.former).drain(..wrap.former.len().saturating_sub(MOST_FORMER));
        new
    }

    /// A further data key; it seals from now on.
    pub(crate) fn add_data_key(&mut self) -> Result<(), KeyTrouble> {
        let id = self.data_key().wrapping_add(1).max(1);
        self.data.push((id, fresh()?));
        self.seal_wraps()
    }

    /// Adds a wrap for another source, as the newest; of the others only the
    /// one that opened stays.
    pub(in crate::store::keys) fn wrap(
        &mut self,
        material: &Material,
        source: &KeySource,
    ) -> Result<(), KeyTrouble> {
        let opened = self.opened;
        let (by, place) = source.place();
        let before = self.file.wraps.iter().find(|wrap| wrap.id == opened);
        let mut former = before.map_or_else(Vec::new, |wrap| wrap.former.clone());
        if let (By::File, from) = self.source.place() {
            former.push(from);
        }
        former.retain(|from| *from != place);
        former.dedup();
        former.drain(..former.len().saturating_sub(MOST_FORMER));
        let id = (self.file.wraps.iter().map(|wrap| wrap.id).max())
            .map_or(1, |id| id.wrapping_add(1).max(1));
        self.file.wraps.retain(|wrap| wrap.id == opened);
        self.around.retain(|(id, _)| *id == opened);
        let stretch = match material {
            Material::Key(_) => None,
            Material::Words(_) => Some(Stretch::usual()?),
        };
        let key = around(&self.file.store, stretch.as_ref(), material)?;
        self.around.push((id, key.ok_or(KeyTrouble::NoRandom)?));
        self.file.wraps.push(Wrap {
            id,
            by,
            place,
            former,
            stretch,
            sealed: Vec::new(),
        });
        self.seal_wraps()
    }

    /// Wraps the data keys for another source and no other; a further data
    /// key seals from now on. Not yet written.
    pub(in crate::store::keys) fn move_to(
        &mut self,
        material: &Material,
        source: &KeySource,
    ) -> Result<(), KeyTrouble> {
        self.wrap(material, source)?;
        if let Some(newest) = self.file.wraps.pop() {
            self.opened = newest.id;
            self.around.retain(|(id, _)| *id == newest.id);
            self.file.wraps = vec![newest];
        }
        self.source = source.clone();
        self.add_data_key()
    }

    /// Leaves the newest wrap and the newest data key alone.
    pub(crate) fn drop_old(&mut self) -> Result<(), KeyTrouble> {
        if let Some(newest) = self.file.wraps.pop() {
            self.opened = newest.id;
            self.around.retain(|(id, _)| *id == newest.id);
            self.file.wraps = vec![newest];
        }
        if let Some(newest) = self.data.pop() {
            self.data = vec![newest];
        }
        self.seal_wraps()
    }
}
