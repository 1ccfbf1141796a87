//! The notes that were put aside, as a question: which is which, and what a
//! digit chooses.

use super::super::App;
use super::super::shelf::Left;
use crate::domain::entry::{Purpose, read_date};
use crate::domain::era::{self, Era};
use crate::domain::name::half;
use crate::domain::time::{clock_seconds_text, clock_text, jst};
use crate::text::{cells, fold};
use jiff::Timestamp;
use jiff::civil::Date;

/// Notes at a time; 9 goes on to the others.
const PAGE: usize = 7;

/// The digit that opens a new one, however many are put aside: a learned digit
/// never opens another patient's note.
const NEW: usize = PAGE + 1;

/// What a digit means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Pick {
    /// That note, counted from the newest.
    Note(usize),
    /// A new one.
    New,
    /// The next of the list.
    More,
    /// Nothing.
    None,
}

/// What the digit `n` means among `count` notes on that page.
pub(super) fn pick(count: usize, page: usize, n: usize) -> Pick {
    let from = page % count.div_ceil(PAGE).max(1) * PAGE;
    match n {
        NEW => Pick::New,
        9 if count > PAGE => Pick::More,
        n if (1..=PAGE.min(count - from)).contains(&n) => Pick::Note(from + n - 1),
        _ => Pick::None,
    }
}

impl App {
    /// The words of the question; lines break between choices alone.
    pub(super) fn asked_aside(&self) -> String {
        let left = self.shelf.notes();
        let notes = self.entries(&left);
        // Behind the mark, before the edge.
        let width = self.known.room.0.saturating_sub(3);
        let new = format!("{NEW} 新しく控える（書きかけは残します）");
        let stop = "0 やめる".to_owned();
        let lines = match notes.as_slice() {
            [one] => packed(
                &[
                    format!("書きかけの控え（{one}）があります。1 続ける"),
                    new,
                    stop,
                ],
                width,
            ),
            [first, second] => packed(
                &[
                    format!("書きかけの控えがあります。続けるのは 1 {first}"),
                    format!("2 {second}"),
                    new,
                    stop,
                ],
                width,
            ),
            notes => {
                let pages = notes.len().div_ceil(PAGE);
                let page = self.aside_page % pages.max(1);
                let mut lines = vec![match pages {
                    0 | 1 => "書きかけの控えがあります。どれを続けますか。".to_owned(),
                    _ => format!(
                        "書きかけの控えが {} 件あります（{}/{pages}）。どれを続けますか。",
                        notes.len(),
                        page + 1
                    ),
                }];
                let shown = notes.iter().skip(page * PAGE).take(PAGE);
                lines.extend(
                    shown
                        .enumerate()
                        .map(|(n, note)| format!("{} {note}", n + 1)),
                );
                let mut last = vec![new];
                if pages > 1 {
                    last.push("9 ほかの控え".to_owned());
                }
                last.push(stop);
                lines.extend(packed(&last, width));
                lines
            }
        };
        let between = if self.known.plain { "  " } else { "\n" };
        lines.join(between)
    }

    /// Every note in words; those that would read the same tell the second.
    fn entries(&self, left: &[Left]) -> Vec<String> {
        let brief: Vec<String> = left
            .iter()
            .map(|left| self.entry(left, clock_text))
            .collect();
        let alike = |entry| brief.iter().filter(|other| *other == entry).count() > 1;
        let entries = brief.iter().zip(left);
        entries
            .map(|(entry, left)| {
                if alike(entry) {
                    self.entry(left, clock_seconds_text)
                } else {
                    entry.clone()
                }
            })
            .collect()
    }

    /// Whom it is about, and which of theirs it is.
    fn entry(&self, left: &Left, clock: fn(Timestamp) -> String) -> String {
        let hidden = self.known.hides_names();
        let mut facts = vec![match left.name.as_str() {
            "" => "氏名なし".to_owned(),
            name if hidden => half(name),
            name => fold::shown(name),
        }];
        let today = left.at.map_or(Date::MAX, |at| jst(at).date());
        let birth = left.birth.trim();
        if !birth.is_empty() {
            let day = read_date(birth, Some(Era::Showa), Purpose::Birth, today).day();
            facts.push(day.map_or_else(|| fold::shown(birth), era::dotted) + "生");
        }
        if let Some(at) = left.at {
            facts.push(format!("{} に中断", clock(at)));
        }
        facts.join(" ")
    }
}

/// Choices in lines of at most `width` columns, none of them broken before
/// the next.
fn packed(choices: &[String], width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for choice in choices {
        match lines.last_mut() {
            Some(line) if cells::cells(line) + 2 + cells::cells(choice) <= width => {
                line.push_str("  ");
                line.push_str(choice);
            }
            _ => lines.push(choice.clone()),
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_note_has_a_digit_on_some_page() {
        for count in 1..=30_usize {
            let mut met = BTreeSet::new();
            for page in 0..count.div_ceil(PAGE) {
                let picks: Vec<Pick> = (1..=9).map(|n| pick(count, page, n)).collect();
                assert_eq!(picks[NEW - 1], Pick::New, "{count}");
                let new = picks.iter().filter(|pick| **pick == Pick::New).count();
                assert_eq!(new, 1, "{count}");
                met.extend(picks.iter().filter_map(|pick| match pick {
                    Pick::Note(n) => Some(*n),
                    _ => None,
                }));
            }
            assert_eq!(
                met.into_iter().collect::<Vec<_>>(),
                (0..count).collect::<Vec<_>>()
            );
        }
    }
}
