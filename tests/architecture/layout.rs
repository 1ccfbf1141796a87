//! Names of ours in `build/front.ld`: a room that was renamed would be
//! scattered over the program again, and nothing would say so.

use std::path::Path;

/// What the linker script names that is not there, or is written wrongly.
pub fn strangers(root: &Path) -> Vec<String> {
    let script = std::fs::read_to_string(root.join("build/front.ld")).expect("the linker script");
    let patterns = script.split(|c: char| c.is_whitespace() || "()".contains(c));
    let ours: Vec<(&str, Vec<String>)> = patterns
        .filter(|pattern| pattern.starts_with(".text"))
        .filter_map(|pattern| Some((pattern, path(pattern)?)))
        .collect();
    assert!(ours.len() > 20, "the script was not read");
    ours.into_iter()
        .filter(|(_, path)| !exists(&root.join("src"), path))
        .map(|(pattern, path)| format!("build/front.ld: {pattern}: no {}", path.join("::")))
        .collect()
}

/// The path behind `madoguchi`: `9madoguchi5front…` with lengths, or
/// `madoguchi..front…` with dots. A wrong length makes a name that is not there.
fn path(pattern: &str) -> Option<Vec<String>> {
    let (before, mut rest) = pattern.split_once("madoguchi")?;
    let mut path = Vec::new();
    if !before.ends_with('9') {
        let dotted = rest.split('*').next().unwrap_or_default();
        return Some(dotted.split("..").skip(1).map(str::to_owned).collect());
    }
    loop {
        let name = rest.trim_start_matches(|c: char| c.is_ascii_digit());
        let digits = rest.len() - name.len();
        let Ok(length) = rest.get(..digits)?.parse() else {
            break;
        };
        path.push(name.chars().take(length).collect());
        rest = name.get(length..).unwrap_or_default();
    }
    if !rest.starts_with('*') {
        path.push(format!("<{rest}>"));
    }
    Some(path)
}

/// Modules as far as there are files, then one item of the last.
fn exists(src: &Path, path: &[String]) -> bool {
    let mut folder = src.to_owned();
    let mut file = None;
    let mut names = path.iter();
    for name in names.by_ref() {
        let module = folder.join(format!("{name}.rs"));
        if module.is_file() {
            file = Some(module);
            folder.push(name);
            continue;
        }
        let Some(text) = file.as_ref().and_then(|f| std::fs::read_to_string(f).ok()) else {
            return false;
        };
        let item = |kind| {
            let head = format!("{kind} {name}");
            text.match_indices(&head).any(|(at, _)| {
                let after = text
                    .get(at + head.len()..)
                    .and_then(|rest| rest.chars().next());
                !after.is_some_and(|c| c.is_alphanumeric() || c == '_')
            })
        };
        return ["fn", "struct", "enum"].into_iter().any(item) && names.next().is_none();
    }
    file.is_some()
}

#[test]
fn a_name_that_is_not_there_is_seen() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    for (pattern, there) in [
        (".text*9madoguchi5front*", true),
        (".text*9madoguchi4front*", false),
        (".text*9madoguchi5frond*", false),
        (".text*9madoguchi3cli3run*", true),
        (".text*9madoguchi3cli3rum*", false),
        (".text*9madoguchi3cli3ru*", false),
        (".text*madoguchi..domain..draft..Draft*5clone*", true),
        (".text*madoguchi..domain..draft..Drafts*5clone*", false),
    ] {
        let path = path(pattern).unwrap();
        assert_eq!(exists(&src, &path), there, "{pattern}");
    }
}
