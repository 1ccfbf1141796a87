//! What can be wrong with the lines, in words and for scripts.

use crate::domain::note::NoteId;
use crate::store::walk::{Finding, Flaw};
use crate::store::whose;
use std::fmt;

/// Something wrong, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wrong {
    /// The segment's file name.
    pub segment: String,
    /// Bytes from its beginning.
    pub offset: u64,
    /// The record, or the number the next one should have.
    pub seq: u64,
    /// What.
    pub what: What,
    /// The notes whose newest record it is about, as far as that can be known.
    pub notes: Vec<NoteId>,
}

/// What is wrong there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum What {
    /// The content is not what was written.
    Content,
    /// The content is blanked, and no record says that it was done in order.
    Erased,
    /// Bytes that are no record.
    Unreadable {
        /// How many.
        bytes: u64,
    },
    /// An unfinished record in front of others.
    Torn {
        /// How many bytes.
        bytes: u64,
    },
    /// This record and those up to `to` are not there.
    Missing {
        /// The last of them.
        to: u64,
    },
    /// It stands behind a record that was written after it, or again.
    Order {
        /// That record.
        after: u64,
    },
    /// It stands in front of a record that was written before it.
    Early {
        /// That record.
        before: u64,
    },
    /// It, or the record before it, was changed or put in.
    Link,
    /// The file bears another name than it was given.
    Segment,
    /// It is not the record that was noted down as the end of that day.
    Anchor,
    /// The end is gone: this record and those up to `to` were there.
    Cut {
        /// The last that was noted down.
        to: u64,
    },
    /// The anchors' file is not there, though there are records.
    NoAnchors,
    /// A line of the anchors' file is not what was written.
    AnchorLine {
        /// Its number, from 1.
        line: u64,
    },
    /// This record says that records of a spill's file, which had been
    /// acknowledged, were missing when it was taken in.
    SpillLost {
        /// How many.
        records: u64,
    },
    /// This record says that the journal had ended with another one when the
    /// spill was begun.
    SpillEnd {
        /// That record.
        end: u64,
    },
    /// A file of the spill that waits lacks records that were acknowledged.
    SpillMissing {
        /// How many.
        records: u64,
    },
    /// In a file of the spill that waits is something that was not written.
    SpillBad {
        /// Bytes.
        bytes: u64,
    },
    /// A file of the spill that waits has no tally.
    SpillUntold,
    /// A file of the spill that waits has tallies, and none of them is as it
    /// was written.
    SpillTally,
    /// There is a tally of a file of the spill, and no such file.
    SpillAlone,
    /// A folder of the spill does not open with the key.
    SpillClosed,
    /// The anchors' file has fewer lines than this record says.
    AnchorsCut {
        /// So many it had.
        told: u64,
        /// So many it has.
        left: u64,
    },
}

impl Wrong {
    /// What the walk found behind record `last`.
    pub(super) fn from_walk(finding: Finding, last: u64) -> Self {
        let (seq, what) = match finding.flaw {
            Flaw::Content { seq } => (seq, What::Content),
            Flaw::Erased { seq } => (seq, What::Erased),
            Flaw::Unreadable { bytes } => (last + 1, What::Unreadable { bytes }),
            Flaw::Torn { bytes } => (last + 1, What::Torn { bytes }),
            Flaw::Missing { from, to } => (from, What::Missing { to }),
            Flaw::Order { seq, after } => (seq, What::Order { after }),
            Flaw::Link { seq } => (seq, What::Link),
        };
        Self {
            segment: finding.segment,
            offset: finding.offset,
            seq,
            what,
            notes: Vec::new(),
        }
    }

    /// A word for scripts, which stays.
    pub fn code(&self) -> &'static str {
        match self.what {
            What::Content => "content",
            What::Erased => "erased",
            What::Unreadable { .. } => "unreadable",
            What::Torn { .. } => "torn",
            What::Missing { .. } => "missing",
            What::Order { .. } | What::Early { .. } => "order",
            What::Link => "link",
            What::Segment => "segment",
            What::Anchor => "anchor",
            What::Cut { .. } => "cut",
            What::NoAnchors => "no-anchors",
            What::AnchorLine { .. } => "anchor-line",
            What::AnchorsCut { .. } => "anchors-cut",
            What::SpillLost { .. } => "spill-lost",
            What::SpillEnd { .. } => "spill-end",
            What::SpillMissing { .. } => "spill-missing",
            What::SpillBad { .. } => "spill-bad",
            What::SpillUntold => "spill-untold",
            What::SpillTally => "spill-tally",
            What::SpillAlone => "spill-alone",
            What::SpillClosed => "spill-closed",
        }
    }

    /// The first and the last record it is about.
    pub fn range(&self) -> (u64, u64) {
        match self.what {
            What::Missing { to } | What::Cut { to } => (self.seq, to),
            _ => (self.seq, self.seq),
        }
    }
}

impl fmt::Display for Wrong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            segment,
            offset,
            seq,
            ..
        } = self;
        let records = match self.range() {
            (from, to) if from == to => format!("記録 {from}"),
            (from, to) => format!("記録 {from}～{to}"),
        };
        match self.what {
            What::Content => write!(f, "{records} の中身が、書いたときのものではありません")?,
            What::Erased => write!(
                f,
                "{records} の中身が消されています（消したという記録がありません）"
            )?,
            What::Unreadable { bytes } => {
                write!(f, "{records} のところの {bytes} バイトが読めません")?;
            }
            What::Torn { bytes } => {
                write!(f, "{records} のところに書きかけの {bytes} バイトがあります")?;
            }
            What::Missing { .. } => write!(f, "{records} がありません")?,
            What::Order { after } if after == *seq => write!(f, "{records} が二つあります")?,
            What::Order { after } => {
                write!(f, "{records} が、あとの記録（{after}）のうしろにあります")?;
            }
            What::Early { before } => {
                write!(f, "{records} が、前の記録（{before}）よりも前にあります")?;
            }
            What::Link => write!(
                f,
                "{records} か、その前の記録が、書き換えられたか差し込まれています"
            )?,
            What::Segment => write!(f, "{records} のファイルの名前が変わっています")?,
            What::Anchor => write!(f, "{records} が、控えておいた値と合いません")?,
            What::Cut { .. } if segment.is_empty() => {
                write!(
                    f,
                    "{records} がありません（保存先の journal に、記録のファイルがないか、読める記録が 1 件も残っていません）。"
                )?;
                return f.write_str(&whose::said(&self.notes));
            }
            What::Cut { .. } => write!(f, "{records} が終わりから切り取られています")?,
            What::NoAnchors => {
                return write!(
                    f,
                    "照合用の控え {segment} がありません（消されたか、移されています）。"
                );
            }
            What::AnchorLine { line } => {
                return write!(
                    f,
                    "照合用の控え {segment} の {line} 行目が、書いたときのものではありません。"
                );
            }
            What::SpillLost { records: lost } => {
                write!(
                    f,
                    "予備のファイル {segment} を控え帳に入れたとき、「控えました」と表示した記録 {lost} 件が失われていました（{records} に書いてあります）。"
                )?;
                return f.write_str(&whose::said(&self.notes));
            }
            What::SpillEnd { end } => {
                return write!(
                    f,
                    "予備のファイルを書き始めたときにあった記録 {end} が、控え帳に入れたときにはありませんでした（{records} に書いてあります）。"
                );
            }
            What::SpillMissing { records: lost } => {
                write!(
                    f,
                    "まだ控え帳に入れていない予備のファイル {segment} から、「控えました」と表示した記録 {lost} 件が失われています。"
                )?;
                return f.write_str(&whose::said(&self.notes));
            }
            What::SpillBad { bytes } => {
                return write!(
                    f,
                    "まだ控え帳に入れていない予備のファイル {segment} の {offset} バイト目から {bytes} バイトが、書いたときのものではありません。"
                );
            }
            What::SpillUntold => {
                return write!(
                    f,
                    "まだ控え帳に入れていない予備のファイル {segment} の照合用の一覧（.tally）がありません。終わりから切り取られていても分かりません。"
                );
            }
            What::SpillTally => {
                return write!(
                    f,
                    "まだ控え帳に入れていない予備のファイル {segment} の照合用の一覧（.tally）が、書いたときのものではありません。終わりから切り取られていても分かりません。"
                );
            }
            What::SpillAlone => {
                return write!(
                    f,
                    "予備のファイル {segment} の照合用の一覧（.tally）だけがあり、ファイルがありません。消されたか、予備の場所の設定（spill）にない場所にあります。紙の控えと照らしてください。"
                );
            }
            What::SpillClosed => {
                return write!(f, "予備の場所 {segment} の記録が、設定の鍵では読めません。");
            }
            What::AnchorsCut { told, left } => {
                return write!(
                    f,
                    "照合用の控え {segment} に、{records} のときは {told} 行ありましたが、{left} 行しかありません。"
                );
            }
        }
        write!(f, "（{segment} の {offset} バイト目）。")?;
        f.write_str(&whose::said(&self.notes))
    }
}
