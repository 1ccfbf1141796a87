//! One width function (tui-craft B.1): nothing that draws measures, pads or
//! cuts by anything else, and our own words hold no sign whose width a
//! terminal decides.

use super::{report, sources};
use madoguchi::text::glyphs::is_ambiguous;
use regex::Regex;

/// Ways to measure that count something else than columns.
const OTHER_MEASURES: &[(&str, &str)] = &[
    (r"UnicodeWidth|width_cjk|unicode_width", "use text::cells"),
    (
        r"\b(Span|Line|Text)::(raw|styled|from)\b|ratatui::(text|widgets)",
        "draw with Canvas::put",
    ),
    (
        r"\{[a-z_0-9.]*:[^}]?[<>^]\S*\}|\{[a-z_0-9.]*:[1-9][0-9]*\}|\{[a-z_0-9.]*:[a-z]+\$\}",
        "padding counts characters; use text::cells::fit",
    ),
    (r"graphemes\(|char_indices\(\)\s*\.nth", "use text::cells"),
];

/// Where characters are counted: limits of what may be typed, never places.
const LIMITS: &[&str] = &[
    "src/front/form/chain.rs",
    "src/front/form/entry.rs",
    "src/front/form/typing.rs",
    "src/front/panes/lookup.rs",
    "src/front/panes/card/offer.rs",
    "src/front/panes/card/typed.rs",
    "src/front/panes/login.rs",
    "src/front/panes/login/view.rs",
    "src/front/plain/outline.rs",
];

/// Where an ambiguous sign stands for itself.
const SIGNS: &[(&str, &str)] = &[
    ("src/front/term/probe.rs", "what is asked about"),
    (
        "src/front/plain/outline.rs",
        "the rule that is not read aloud",
    ),
    (
        "src/front/panes/result/layout.rs",
        "what the central system puts for a lost letter",
    ),
    (
        "src/front/keys/load.rs",
        "the form of a settings line, told on the command line",
    ),
];

/// The code of a file without its tests and without comments.
fn code(text: &str) -> Vec<(usize, &str)> {
    let whole = text.split("\n#[cfg(test)]\nmod tests {").next();
    let lines = whole.unwrap_or_default().lines().enumerate();
    lines
        .filter(|(_, line)| !line.trim_start().starts_with("//"))
        .map(|(n, line)| (n + 1, line.split(" // ").next().unwrap_or_default()))
        .collect()
}

#[test]
fn b1_the_screen_measures_with_one_function() {
    let others: Vec<(Regex, &str)> = OTHER_MEASURES
        .iter()
        .map(|(pattern, instead)| (Regex::new(pattern).unwrap(), *instead))
        .collect();
    let mut faults = Vec::new();
    for file in sources() {
        let drawn = file.path.starts_with("src/front/") && !file.is_test();
        if !drawn {
            continue;
        }
        for (n, line) in code(&file.text) {
            for (pattern, instead) in &others {
                if pattern.is_match(line) {
                    faults.push(format!("{}:{n}: {instead}: {}", file.path, line.trim()));
                }
            }
            if line.contains("chars().count()") && !LIMITS.contains(&file.path.as_str()) {
                faults.push(format!(
                    "{}:{n}: counts characters: {}",
                    file.path,
                    line.trim()
                ));
            }
        }
    }
    report(&faults);
}

/// `unicode-width` is the one version that measures as the renderer draws.
#[test]
fn b1_the_tables_are_pinned() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let manifest = std::fs::read_to_string(root.join("Cargo.toml")).unwrap();
    assert!(manifest.contains("unicode-width = \"=0.2.2\""));
    let lock = std::fs::read_to_string(root.join("Cargo.lock")).unwrap();
    let locked: Vec<&str> = lock
        .split("[[package]]")
        .filter(|package| package.contains("name = \"unicode-width\"\n"))
        .filter_map(|package| package.lines().find(|line| line.starts_with("version")))
        .collect();
    assert!(locked.contains(&"version = \"0.2.2\""), "{locked:?}");
    assert!(!locked.contains(&"version = \"0.2.3\""), "{locked:?}");
}

#[test]
fn b3_our_own_words_hold_no_ambiguous_sign() {
    let mut faults = Vec::new();
    for file in sources() {
        let drawn = file.path.starts_with("src/front/") && !file.is_test();
        let excused = SIGNS.iter().any(|(path, _)| *path == file.path);
        if !drawn || excused {
            continue;
        }
        for (n, line) in code(&file.text) {
            if let Some(c) = line.chars().find(|&c| is_ambiguous(c)) {
                faults.push(format!("{}:{n}: {c}; take it from text::glyphs", file.path));
            }
        }
    }
    report(&faults);
}
