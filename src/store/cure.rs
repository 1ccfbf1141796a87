//! Opening sled's folder whatever state it is in: what it trips over is moved
//! aside, never thrown away (REL-5).
//!
//! Sled 0.34.7 takes a half-written snapshot for the newest one, and after a
//! power cut its snapshot may be newer than its log: both keep it from opening
//! for ever, although the log alone is enough.

use super::guard::Sick;
use super::remark::Remark;
use super::seal::Seal;
use super::view::View;
use crate::domain::time::jst;
use jiff::Timestamp;
use std::io;
use std::path::{Path, PathBuf};

/// Opens the state in `folder`; a sentence is added to `remarks` for whatever
/// had to be moved aside.
pub fn open(
    folder: &Path,
    seal: &Seal,
    now: Timestamp,
    remarks: &mut Vec<Remark>,
) -> Result<View, Sick> {
    rename_snapshots(folder, |name| name.ends_with(".generating"))?;
    match View::open(folder, seal) {
        Err(Sick::Damaged) => {}
        done => return done,
    }
    rename_snapshots(folder, |_| true)?;
    match View::open(folder, seal) {
        Err(Sick::Damaged) => {}
        done => return done,
    }
    let aside = set_aside(folder, now)?;
    // They lay there alone.
    remarks.push(Remark::loss(format!(
        "{aside}入力途中の控えがあったときは、失われています。入れ直してください。"
    )));
    View::open(folder, seal)
}

/// Moves the whole folder aside under a dated name and says so.
pub fn set_aside(folder: &Path, now: Timestamp) -> Result<String, Sick> {
    let at = jst(now);
    let stamp = format!(
        "{:04}{:02}{:02}-{:02}{:02}{:02}",
        at.year(),
        at.month(),
        at.day(),
        at.hour(),
        at.minute(),
        at.second()
    );
    let base = folder
        .file_name()
        .map(|name| name.to_string_lossy().into_owned())
        .unwrap_or_default();
    let mut number = 1;
    let name = loop {
        let name = match number {
            1 => format!("{base}.{stamp}"),
            n => format!("{base}.{stamp}-{n}"),
        };
        if std::fs::symlink_metadata(folder.with_file_name(&name)).is_err() {
            break name;
        }
        number += 1;
    };
    std::fs::rename(folder, folder.with_file_name(&name))?;
    Ok(format!(
        "現在の状態の控え（{base}）が使えなかったので、{name} に移し、記録から作り直しました。"
    ))
}

/// Gives snapshots a name that sled does not look at.
fn rename_snapshots(folder: &Path, which: impl Fn(&str) -> bool) -> io::Result<()> {
    let entries = match std::fs::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        entries => entries?,
    };
    let mut found: Vec<(PathBuf, String)> = Vec::new();
    for entry in entries {
        let entry = entry?;
        if let Ok(name) = entry.file_name().into_string()
            && name.starts_with("snap.")
            && which(&name)
        {
            found.push((entry.path(), name));
        }
    }
    for (path, name) in found {
        std::fs::rename(&path, path.with_file_name(format!("aside.{name}")))?;
    }
    Ok(())
}
