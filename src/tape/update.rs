//! Writes the screens of a run into the tape (`play --update`).

use super::play::Rewrite;
use std::path::Path;

/// `text` with the bodies of the blocks at the given lines replaced. Rows that
/// were left open (`{*}`) and still fit are kept as they are.
pub fn rewrite(text: &str, path: &Path, rewrites: &[Rewrite]) -> String {
    let mut out = String::new();
    let mut lines = text.lines().enumerate();
    while let Some((at, line)) = lines.next() {
        out.push_str(line);
        out.push('\n');
        // The last run counts: a sourced file may have been played twice.
        let Some(new) = rewrites
            .iter()
            .rev()
            .find(|r| r.path == path && r.line == at + 1)
        else {
            continue;
        };
        let old: Vec<&str> = lines
            .by_ref()
            .map(|(_, row)| row)
            .take_while(|row| row.trim() != "End")
            .collect();
        for (index, row) in new.rows.iter().enumerate() {
            let kept = old.get(index).filter(|old| {
                old.trim_start()
                    .strip_prefix('|')
                    .and_then(|body| body.trim_end().strip_suffix("{*}|"))
                    .is_some_and(|head| row.starts_with(head))
            });
            if let Some(old) = kept {
                out.push_str(old);
            } else {
                out.push('|');
                out.push_str(row);
                out.push('|');
            }
            out.push('\n');
        }
        out.push_str("End\n");
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_body_of_the_block_changes() {
        let text = "F1\nScreen \"a\"\n|old|\n|op{*}|\nEnd\nF2\n";
        let new = Rewrite {
            path: "t".into(),
            line: 2,
            rows: vec!["new".into(), "open".into()],
        };
        assert_eq!(
            rewrite(text, Path::new("t"), std::slice::from_ref(&new)),
            "F1\nScreen \"a\"\n|new|\n|op{*}|\nEnd\nF2\n"
        );
        assert_eq!(rewrite(text, Path::new("other"), &[new]), text);
    }
}
