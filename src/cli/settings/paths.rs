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

/// Where the settings may be, most particular first.
pub fn candidates(file: Option<&Path>) -> Vec<PathBuf> {
    if let Some(file) = file {
        return vec![file.to_owned()];
    }
    let own = variable("XDG_CONFIG_HOME").or_else(|| home().map(|h| h.join(".config")));
    own.into_iter()
        .chain([PathBuf::from("/etc")])
        .map(|dir| dir.join("madoguchi").join("madoguchi.toml"))
        .collect()
}

/// The store's key where no setting names another: beside the person's own
/// settings, never in the desk's folder.
pub fn key() -> PathBuf {
    if rustix::process::geteuid().is_root() && variable("XDG_CONFIG_HOME").is_none() {
        return PathBuf::from("/etc/madoguchi/store.key");
    }
    variable("XDG_CONFIG_HOME")
        .or_else(|| home().map(|h| h.join(".config")))
        .unwrap_or_else(|| PathBuf::from("."))
        .join("madoguchi")
        .join("store.key")
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

/// A path of a file: below that file's folder, or at home with `~/`.
pub fn resolve(base: &Path, written: &str) -> PathBuf {
    match (written.strip_prefix("~/"), home()) {
        (Some(rest), Some(home)) => home.join(rest),
        _ => base.join(written),
    }
}
