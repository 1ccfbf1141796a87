//! What can be wrong with a journal, in words.

use super::whose;
use crate::domain::note::NoteId;
use std::fmt;

/// Something wrong with the journal, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The segment's file name.
    pub segment: String,
    /// Bytes from its beginning.
    pub offset: u64,
    /// What.
    pub flaw: Flaw,
    /// The notes whose newest record it was, as far as that can be known.
    pub notes: Vec<NoteId>,
}

/// What can be wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flaw {
    /// The content does not fit its hash, or cannot be read.
    Content {
        /// Of this record.
        seq: u64,
    },
    /// The content is blanked. Retention (SEC-24) may do that one day and will
    /// then say so in a later record; nothing does yet, so none is in order.
    Erased {
        /// Of this record.
        seq: u64,
    },
    /// Bytes that are no record.
    Unreadable {
        /// How many.
        bytes: u64,
    },
    /// An unfinished record at the end of a segment.
    Torn {
        /// How many bytes.
        bytes: u64,
    },
    /// Records that should be here.
    Missing {
        /// First.
        from: u64,
        /// Last.
        to: u64,
    },
    /// A record that belongs before the one in front of it.
    Order {
        /// This record.
        seq: u64,
        /// The one in front of it.
        after: u64,
    },
    /// The record in front is not the one this record was written behind.
    Link {
        /// This record.
        seq: u64,
    },
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            segment, offset, ..
        } = self;
        match self.flaw {
            Flaw::Content { seq } => write!(
                f,
                "記録 {seq} の中身が壊れています（{segment} の {offset} バイト目から）。"
            ),
            Flaw::Erased { seq } => write!(
                f,
                "記録 {seq} の中身が消されています（{segment} の {offset} バイト目から）。"
            ),
            Flaw::Unreadable { bytes } => write!(
                f,
                "{segment} の {offset} バイト目から {bytes} バイトが読めません。"
            ),
            Flaw::Torn { bytes } => write!(
                f,
                "{segment} の終わりに、書きかけの記録（{bytes} バイト）があります。"
            ),
            Flaw::Missing { from, to } if from == to => write!(
                f,
                "記録 {from} がありません（{segment} の {offset} バイト目の前）。"
            ),
            Flaw::Missing { from, to } => write!(
                f,
                "記録 {from}～{to} がありません（{segment} の {offset} バイト目の前）。"
            ),
            Flaw::Order { seq, after } => write!(
                f,
                "記録 {seq} が記録 {after} のうしろにあります（{segment} の {offset} バイト目）。"
            ),
            Flaw::Link { seq } => write!(
                f,
                "記録 {seq} とその前の記録のつながりが合いません（{segment} の {offset} バイト目）。"
            ),
        }?;
        f.write_str(&whose::said(&self.notes))
    }
}
