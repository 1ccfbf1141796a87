//! Wrapping at any cluster boundary, with 禁則.

use super::cells::cluster_cells;
use unicode_segmentation::UnicodeSegmentation;

/// Never at the head of a line.
const NO_START: &str = "、。，．,.・：；:;？！?!゛゜ヽヾゝゞ々ー）)］]｝}〕〉》」』】〟’”…‥\
ぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮヵヶ｡､｣ｰｧｨｩｪｫｬｭｮｯﾞﾟ％%";
/// Never at the end of a line.
const NO_END: &str = "（([［｛{〔〈《「『【〝‘“｢￥¥＃#";

/// `text` in lines of at most `columns` (at least 2); nothing is lost, so the
/// lines joined are the text again. Each `\n` ends a line. Runs of ASCII
/// (numbers, dates, addresses) stay together if they fit.
pub fn wrap(text: &str, columns: usize) -> Vec<String> {
    let columns = columns.max(2);
    let mut lines = Vec::new();
    if text.is_empty() {
        return lines;
    }
    for paragraph in text.split('\n') {
        let clusters: Vec<&str> = paragraph.graphemes(true).collect();
        let mut start = 0;
        while start < clusters.len() {
            let end = line_end(&clusters, start, columns);
            lines.push(clusters.get(start..end).unwrap_or_default().concat());
            start = end;
        }
        if clusters.is_empty() {
            lines.push(String::new());
        }
    }
    lines
}

fn line_end(clusters: &[&str], start: usize, columns: usize) -> usize {
    let mut used = 0;
    let mut full = start;
    for cluster in clusters.iter().skip(start) {
        used += cluster_cells(cluster);
        if used > columns {
            break;
        }
        full += 1;
    }
    // A single cluster wider than the line stands alone.
    let full = full.max(start + 1);
    if full >= clusters.len() {
        return clusters.len();
    }
    (start + 1..=full)
        .rev()
        .find(|&at| may_break(clusters, at))
        .unwrap_or(full)
}

fn may_break(clusters: &[&str], at: usize) -> bool {
    let (Some(before), Some(after)) = (clusters.get(at - 1), clusters.get(at)) else {
        return true;
    };
    let word = |cluster: &str| cluster.bytes().all(|b| b.is_ascii_graphic());
    !(after.starts_with(|c| NO_START.contains(c))
        || before.starts_with(|c| NO_END.contains(c))
        || word(before) && word(after))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::cells::cells;
    use proptest::prelude::*;

    #[test]
    fn kinsoku() {
        for (text, columns, lines) in [
            ("あいうえお", 4, vec!["あい", "うえ", "お"]),
            ("あい、うえ", 4, vec!["あ", "い、", "うえ"]),
            ("あ「いう」", 4, vec!["あ", "「い", "う」"]),
            ("サーバー", 4, vec!["サー", "バー"]),
            ("番号06139000です", 10, vec!["番号", "06139000で", "す"]),
            ("0613900006139000", 10, vec!["0613900006", "139000"]),
            ("一\n\n二", 10, vec!["一", "", "二"]),
            ("", 10, vec![]),
        ] {
            assert_eq!(wrap(text, columns), lines, "{text}");
        }
    }

    proptest! {
        #[test]
        fn loses_nothing_and_fits(text in "[あ-んー、。「」a-z0-9 ｶﾞ山]{0,60}", columns in 2usize..30) {
            let lines = wrap(&text, columns);
            prop_assert_eq!(lines.concat(), text);
            for line in lines {
                prop_assert!(cells(&line) <= columns || line.graphemes(true).count() == 1);
            }
        }

        #[test]
        fn any_text_survives(text in any::<String>(), columns in 0usize..30) {
            let joined: String = wrap(&text, columns).concat();
            prop_assert_eq!(joined, text.replace('\n', ""));
        }
    }
}
