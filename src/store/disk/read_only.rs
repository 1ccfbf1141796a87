//! A store on a disk that is read-only (F-05): everything can be read, nothing
//! is touched, and every write is refused with the reason.

use super::Store;
use crate::store::journal::Journal;
use crate::store::keys::{KeyTrouble, Ring, at};
use crate::store::lock::Lock;
use crate::store::opening::{Reading, found};
use crate::store::record::{Loaded, Progress, StoreError};
use crate::store::remark::Remark;
use crate::store::shelf::{Library, Shelf};
use crate::store::whose;
use jiff::Timestamp;
use std::path::Path;
use std::sync::Arc;

impl Store {
    pub(super) fn open_read_only(
        dir: &Path,
        opened: Option<(Ring, Option<String>)>,
        now: Timestamp,
        tell: &mut dyn FnMut(Progress),
    ) -> Result<(Self, Loaded), StoreError> {
        let lock = Lock::take_read_only(dir)?;
        let Some((ring, remark)) = opened else {
            return Err(KeyTrouble::NoKeys { dir: at(dir) }.into());
        };
        let (seal, source) = (ring.seal(), ring.source().clone());
        let former = ring.former().to_vec();
        let mut remarks: Vec<Remark> = remark.map(Remark::known).into_iter().collect();
        let reading = Reading {
            dir,
            seal: &seal,
            now,
            remarks: &mut remarks,
            tell,
            writable: false,
            made: false,
        };
        let mut opened = reading.run()?;
        whose::name(&mut opened.findings, &opened.register);
        remarks.extend(found(&opened.findings));
        let last = opened.register.cursor.clone();
        let (outlines, staff) = (opened.register.outlines(), opened.register.staff());
        let opening = opened.register.opening().cloned();
        let (losses, outage) = (opened.register.losses(), opened.register.outage());
        let card_key = seal.card_key();
        let library = Arc::new(Library::new(dir, &seal, opened.register, None));
        let store = Self {
            dir: dir.to_owned(),
            journal: Journal::read_only(dir, last),
            view: None,
            library: library.clone(),
            behind: Vec::new(),
            doubtful: false,
            beyond_index: 0,
            indexing: None,
            all_read: opened.all_read,
            examining: None,
            unflushed: 0,
            remarks: Vec::new(),
            seal,
            source,
            former,
            anchors: None,
            lock,
        };
        let loaded = Loaded {
            waiting: Vec::new(),
            outlines,
            shelf: Some(Shelf::new(library)),
            drafts: Vec::new(),
            staff,
            opening,
            losses,
            outage,
            card_key,
            given: opened.given,
            remarks,
        };
        Ok((store, loaded))
    }
}
