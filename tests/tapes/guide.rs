//! The examples of the guide to tapes, played as they stand there.

use super::run_tape;
use libtest_mimic::{Failed, Trial};
use madoguchi::tape::parse;
use std::path::{Path, PathBuf};

fn guide() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/tapes/README.md")
}

/// The blocks marked `tape`, with the line each begins at.
fn examples(text: &str) -> Vec<(usize, String)> {
    let mut all = Vec::new();
    let mut open: Option<(usize, String)> = None;
    for (at, line) in text.lines().enumerate() {
        match (&mut open, line) {
            // Empty lines, so that a failure names the line of the guide.
            (None, "```tape") => open = Some((at + 1, "\n".repeat(at + 1))),
            (Some(_), "```") => all.extend(open.take()),
            (Some((_, body)), line) => {
                body.push_str(line);
                body.push('\n');
            }
            (None, _) => {}
        }
    }
    all
}

/// One trial an example and width, and one that no word was left out.
pub fn trials() -> Vec<Trial> {
    let text = std::fs::read_to_string(guide()).expect("the guide");
    let examples = examples(&text);
    let mut trials = vec![Trial::test("guide: every word of the language", {
        let examples = examples.clone();
        move || every_word(&examples)
    })];
    for (line, body) in examples {
        for wide in [false, true] {
            let body = body.clone();
            let kind = if wide { "wide" } else { "narrow" };
            trials.push(Trial::test(
                format!("guide: line {line} ({kind})"),
                move || {
                    let tape =
                        parse::parse(&body, &guide()).map_err(|e| Failed::from(e.to_string()))?;
                    run_tape(&tape, wide, false)
                },
            ));
        }
    }
    trials
}

fn every_word(examples: &[(usize, String)]) -> Result<(), Failed> {
    let used: Vec<&str> = examples
        .iter()
        .flat_map(|(_, body)| body.lines())
        .flat_map(|line| {
            line.split('#')
                .next()
                .unwrap_or_default()
                .split_whitespace()
        })
        .collect();
    let stands = |word: &str| match word {
        "F1" => used.iter().any(|w| w.starts_with('F') && w.len() <= 3),
        "Ctrl+X" | "Alt+X" => used
            .iter()
            .any(|w| w.starts_with(word.trim_end_matches('X'))),
        word => used.contains(&word),
    };
    let words = parse::WORDS
        .iter()
        .chain(parse::SET_WORDS)
        .chain(parse::CENTRAL_WORDS);
    let missing: Vec<&&str> = words.filter(|word| !stands(word)).collect();
    if missing.is_empty() {
        Ok(())
    } else {
        Err(Failed::from(format!("not in the guide: {missing:?}")))
    }
}
