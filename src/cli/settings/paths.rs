//! Where settings and data are kept.

use std::path::{Path, PathBuf};

fn variable(name: &str) -> Option<PathBuf> {
    std::env::var_os(name)
        .filter(|v| !v.is_empty())
        .map(PathBuf::from)
}

fn home() -> Option<PathBuf> {
    variable("HOME")
}

fn own() -> Option<PathBuf> {
    variable("XDG_CONFIG_HOME").or_else(|| home().map(|h| h.join(".config")))
}

/// Where a person's own keymap is looked for.
pub fn keymap() -> Option<PathBuf> {
    own().map(|dir| dir.join("madoguchi").join("keymap.toml"))
}

/// Where the settings may be, most particular first.
pub fn candidates(file: Option<&Path>) -> Vec<PathBuf> {
    if let Some(file) = file {
        return vec![file.to_owned()];
    }
    own()
        .into_iter()
        .chain([PathBuf::from("/etc")])
        .map(|dir| dir.join("madoguchi").join("madoguchi.toml"))
        .collect()
}

/// The desk's folder where no setting names one: the system's for the system
/// administrator, else the person's own.
pub fn data() -> PathBuf {
    if rustix::process::geteuid().is_root() && variable("XDG_DATA_HOME").is_none() {
        return PathBuf::from("/var/lib/madoguchi");
    }
    variable("XDG_DATA_HOME")
        .or_else(|| home().map(|h| h.join(".local").join("share")))
        .unwrap_or_else(|| PathBuf::from("."))
        .join("madoguchi")
}

/// Where records go when the store cannot take them: the folder of the
/// settings, else one beside the store; after that this person's own state,
/// and last what outlives a restart of any machine. Never a folder in memory:
/// what is said to be kept must outlive a power cut.
pub fn spill(written: Option<PathBuf>, store: &Path) -> Vec<PathBuf> {
    let store = std::path::absolute(store).unwrap_or_else(|_| store.to_owned());
    let beside = || {
        let mut name = store.file_name().unwrap_or_default().to_owned();
        name.push("-spill");
        store.with_file_name(name)
    };
    // One folder a store, whoever else uses the same place.
    let mark = crc32fast::hash(store.as_os_str().as_encoded_bytes());
    let state = variable("XDG_STATE_HOME")
        .or_else(|| home().map(|home| home.join(".local").join("state")))
        .map(|dir| dir.join("madoguchi").join(format!("spill-{mark:08x}")));
    let user = rustix::process::geteuid().as_raw();
    let last = PathBuf::from(format!("/var/tmp/madoguchi-{user}-{mark:08x}"));
    let mut all = vec![written.unwrap_or_else(beside)];
    all.extend(state);
    all.push(last);
    all
}

/// A folder by one name, from wherever a command is run: absolute, and
/// without links and `..` where it is there.
pub fn whole(folder: &Path) -> PathBuf {
    let folder = if folder.as_os_str().is_empty() {
        Path::new(".")
    } else {
        folder
    };
    std::fs::canonicalize(folder)
        .or_else(|_| std::path::absolute(folder))
        .unwrap_or_else(|_| folder.to_owned())
}

/// A path of a file: below that file's folder, or at home with `~/`.
pub fn resolve(base: &Path, written: &str) -> PathBuf {
    match (written.strip_prefix("~/"), home()) {
        (Some(rest), Some(home)) => home.join(rest),
        _ => base.join(written),
    }
}
