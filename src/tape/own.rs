//! What a tape's head names by a file: keymaps and folders of invented people,
//! looked for from where the tape lies.

use crate::front::keys::{Keymap, NAMES};
use crate::link::reason;
use crate::simulator::card::Rack;
use crate::simulator::fixtures::Fixtures;
use jiff::civil::date;
use std::io::Read;
use std::path::{Path, PathBuf};

/// `Set Fixtures` of the people that are in the program itself.
pub const BUILT_IN: &str = "built-in";
/// A keymap is no longer.
const LONGEST: u64 = 256 * 1024;

/// A keymap by its name, or by its file.
///
/// # Errors
/// There is none, or what is wrong with it, line by line.
pub fn keymap(name: &str) -> Result<Keymap, String> {
    if let Some(keymap) = Keymap::builtin(name) {
        return Ok(keymap);
    }
    if !is_file(name) {
        let names = NAMES.join("、");
        return Err(format!(
            "キー割り当て {name} はありません（{names}、または \"own.toml\" のようなファイル）"
        ));
    }
    let unread = |why: &str| format!("キー割り当て {name} が読めません（{why}）");
    let file = std::fs::File::open(name).map_err(|e| unread(&reason(&e)))?;
    let mut text = String::new();
    file.take(LONGEST + 1)
        .read_to_string(&mut text)
        .map_err(|e| unread(&reason(&e)))?;
    if text.len() as u64 > LONGEST {
        return Err(unread("大きすぎます"));
    }
    Keymap::load(&text, name).map_err(|errors| {
        let lines: Vec<String> = errors.iter().map(|e| format!("\n    {e}")).collect();
        format!("キー割り当てに直すところがあります。{}", lines.concat())
    })
}

/// `Set Keymap`: a name as it is, a file from where the tape lies.
pub(super) fn set_keymap(written: String, tape: &Path) -> Result<String, String> {
    let name = if Keymap::builtin(&written).is_none() && is_file(&written) {
        beside(tape, &written).display().to_string()
    } else {
        written
    };
    keymap(&name).map(|_| name)
}

/// `Set Fixtures`: the people of the program, or a folder from where the tape
/// lies.
pub(super) fn set_fixtures(written: &str, tape: &Path) -> Result<Option<PathBuf>, String> {
    if written == BUILT_IN {
        return Ok(None);
    }
    let folder = beside(tape, written);
    Fixtures::load(&folder).map_err(|e| e.to_string())?;
    // Whether it can be read does not depend on the day.
    Rack::load(&folder, date(2026, 11, 20)).map_err(|e| e.to_string())?;
    Ok(Some(folder))
}

/// How a recorded tape names the keymap `name` that it was recorded with.
pub(super) fn named_from(tape: &Path, name: &str) -> String {
    if Keymap::builtin(name).is_some() {
        return name.to_owned();
    }
    let whole = |path: &Path| path.canonicalize().or_else(|_| std::path::absolute(path));
    let folder = match tape.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    let Ok(file) = whole(Path::new(name)) else {
        return name.to_owned();
    };
    let near = whole(folder)
        .ok()
        .and_then(|folder| file.strip_prefix(folder).ok());
    near.unwrap_or(&file).display().to_string()
}

fn is_file(name: &str) -> bool {
    name.contains(['/', '.'])
}

fn beside(tape: &Path, written: &str) -> PathBuf {
    tape.parent().unwrap_or(Path::new("")).join(written)
}
