//! How many columns a text takes, as it is shown. Measuring and drawing use
//! this alone.
#![allow(clippy::disallowed_methods)]

use super::fold::display;
use std::borrow::Cow;
use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

/// Columns of `text`.
pub fn cells(text: &str) -> usize {
    let plain: Option<usize> = text.chars().map(plain).sum();
    plain.unwrap_or_else(|| display(text).graphemes(true).map(drawn_cells).sum())
}

/// Columns of a character that is a cluster of its own whatever stands beside
/// it, if it is one of those nearly every text is made of: no table is asked.
fn plain(c: char) -> Option<usize> {
    match c {
        ' '..='~' | '\u{2500}'..='\u{257f}' | '\u{ff61}'..='\u{ff9d}' => Some(1),
        '\u{3000}'..='\u{3029}'
        | '\u{3041}'..='\u{3096}'
        | '\u{30a1}'..='\u{30fc}'
        | '\u{4e00}'..='\u{9fff}'
        | '\u{ff01}'..='\u{ff5e}' => Some(2),
        _ => None,
    }
}

/// The clusters of `text`, each with its columns.
pub fn clusters(text: &str) -> impl Iterator<Item = (&str, usize)> {
    let simple = text.chars().all(|c| plain(c).is_some());
    let (alone, joined) = if simple { (text, "") } else { ("", text) };
    let alone = alone.char_indices().filter_map(move |(at, c)| {
        let cluster = alone.get(at..at + c.len_utf8())?;
        Some((cluster, plain(c)?))
    });
    let joined = joined.graphemes(true);
    alone.chain(joined.map(|cluster| (cluster, cluster_cells(cluster))))
}

/// Columns of one grapheme cluster, as it is shown ([`display`]).
pub fn cluster_cells(cluster: &str) -> usize {
    match display(cluster) {
        Cow::Borrowed(whole) => drawn_cells(whole),
        Cow::Owned(parts) => parts.graphemes(true).map(drawn_cells).sum(),
    }
}

/// Columns of a cluster that is drawn as it is. One with a control character
/// is never drawn and takes none.
fn drawn_cells(cluster: &str) -> usize {
    if cluster.contains(char::is_control) {
        return 0;
    }
    // unicode-width 0.2.2 counts half-width voiced marks (ﾊﾞ) as nothing;
    // terminals and the renderer give each a column (DOM-49).
    let voiced = cluster
        .chars()
        .filter(|c| matches!(c, '\u{FF9E}' | '\u{FF9F}'))
        .count();
    cluster.width() + voiced
}

/// The longest beginning of `text` that fits `columns`, cut between clusters.
pub fn cut(text: &str, columns: usize) -> &str {
    let (mut used, mut at) = (0, 0);
    for (cluster, width) in clusters(text) {
        used += width;
        if used > columns {
            return text.get(..at).unwrap_or_default();
        }
        at += cluster.len();
    }
    text
}

/// `text` in exactly `columns`: padded with spaces, or cut with a visible mark
/// (`~`). Never for names, numbers and insurers: those are not cut at all.
pub fn fit(text: &str, columns: usize) -> String {
    let width = cells(text);
    if width <= columns {
        return format!("{text}{}", " ".repeat(columns - width));
    }
    let head = cut(text, columns.saturating_sub(1));
    let rest = columns.saturating_sub(cells(head) + 1);
    format!(
        "{head}{}{}",
        if columns > 0 { "~" } else { "" },
        " ".repeat(rest)
    )
}

#[cfg(test)]
mod tests;
