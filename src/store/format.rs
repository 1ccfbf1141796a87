//! The format file: which version of the store lies in a folder (REL-7).

use super::files;
use super::frame::FORMAT;
use super::record::StoreError;
use super::remark::Remark;
use super::trouble;
use std::io::ErrorKind;
use std::path::Path;

const NAME: &str = "format";

fn line(version: u32) -> String {
    let text = format!("madoguchi store {version}");
    format!("{text} {:08x}\n", crc32fast::hash(text.as_bytes()))
}

/// The version a format file names; `None` if it is damaged. The checksum
/// keeps a flipped digit from locking the desk out of its store.
fn read(text: &str) -> Option<u32> {
    let version = text.split(' ').nth(2)?.parse().ok()?;
    (text == line(version)).then_some(version)
}

/// Refuses a store of another format, touching nothing.
pub fn look(dir: &Path) -> Result<(), StoreError> {
    let known = u32::from(FORMAT);
    let text = files::read_small(&dir.join(NAME), 200).ok();
    let text = text.and_then(|bytes| String::from_utf8(bytes).ok());
    match text.as_deref().and_then(read) {
        Some(found) if found > known => Err(newer(dir, found)),
        Some(found) if found < known => Err(older(dir, found)),
        _ => Ok(()),
    }
}

/// Checks the format of the store in `dir`, writing ours where there is none
/// yet or where it cannot be read; then a remark is returned.
pub fn check(dir: &Path) -> Result<Option<Remark>, StoreError> {
    let path = dir.join(NAME);
    let known = u32::from(FORMAT);
    let text = match files::read_small(&path, 200) {
        Ok(bytes) => String::from_utf8(bytes).ok(),
        Err(error) if error.kind() == ErrorKind::NotFound => {
            files::replace(&path, line(known).as_bytes())
                .map_err(|error| trouble::from_io(dir, &error))?;
            return Ok(None);
        }
        Err(error) => return Err(trouble::from_io(dir, &error)),
    };
    look(dir)?;
    if text.as_deref().and_then(read).is_some() {
        return Ok(None);
    }
    files::replace(&path, line(known).as_bytes()).map_err(|error| trouble::from_io(dir, &error))?;
    Ok(Some(Remark::known(
        "保存先の形式のファイル（format）が壊れていたので、書き直しました。",
    )))
}

/// The error for a store of an older format `found`.
pub fn older(dir: &Path, found: u32) -> StoreError {
    StoreError::Older {
        dir: trouble::shown(dir),
        found,
        known: u32::from(FORMAT),
    }
}

/// The error for a store of a newer format `found`.
pub fn newer(dir: &Path, found: u32) -> StoreError {
    StoreError::Newer {
        dir: trouble::shown(dir),
        found,
        known: u32::from(FORMAT),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rel7_newer_and_older_are_refused_and_left_alone() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join(NAME);
        let ours = u32::from(FORMAT);
        std::fs::write(&path, line(ours + 1)).unwrap();
        assert!(matches!(
            check(dir.path()),
            Err(StoreError::Newer { found, known, .. }) if (found, known) == (ours + 1, ours)
        ));
        assert_eq!(std::fs::read_to_string(&path).unwrap(), line(ours + 1));
        std::fs::write(&path, line(1)).unwrap();
        assert!(matches!(
            check(dir.path()),
            Err(StoreError::Older { found: 1, .. })
        ));
    }

    #[test]
    fn missing_is_written_and_damage_is_healed_with_a_remark() {
        let dir = tempfile::tempdir().unwrap();
        assert_eq!(check(dir.path()), Ok(None));
        assert_eq!(check(dir.path()), Ok(None));
        for bad in [
            "",
            "madoguchi store 9 00000000\n",
            "\u{1b}",
            "madoguchi store 1",
        ] {
            std::fs::write(dir.path().join(NAME), bad).unwrap();
            assert!(check(dir.path()).unwrap().is_some(), "{bad:?}");
            assert_eq!(check(dir.path()), Ok(None));
        }
    }
}
