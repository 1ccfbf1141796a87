//! Wrapping at any cluster boundary, with 禁則.

/// `text` in lines of at most `columns`; nothing is lost.
pub fn wrap(text: &str, columns: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let head = super::cells::cut(rest, columns.max(2));
        lines.push(head.to_owned());
        rest = rest.get(head.len()..).unwrap_or_default();
    }
    lines
}
