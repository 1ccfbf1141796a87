//! How many columns a text takes, as it is shown. Measuring and drawing use
//! this alone.
#![allow(clippy::disallowed_methods)]

use super::fold::display;
use std::borrow::Cow;
use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

/// Columns of `text`.
pub fn cells(text: &str) -> usize {
    if text.bytes().all(|b| matches!(b, b' '..=b'~')) {
        return text.len();
    }
    display(text).graphemes(true).map(drawn_cells).sum()
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
    let mut used = 0;
    for (at, cluster) in text.grapheme_indices(true) {
        used += cluster_cells(cluster);
        if used > columns {
            return text.get(..at).unwrap_or_default();
        }
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
