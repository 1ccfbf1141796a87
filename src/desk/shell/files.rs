//! Results as files in the download folder (OUT-56).

use crate::link::reason;
use crate::text::clean::clean;
use std::fs::{DirBuilder, File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

/// Files of one name in one folder.
const MOST: u32 = 1000;

/// Writes a result under a name that is not taken yet, synced. Returns the
/// path, or what went wrong and what to do.
pub fn save(folder: &Path, name: &str, bytes: &[u8]) -> Result<String, String> {
    write(folder, name, bytes)
        .map(|path| clean(&path.display().to_string()))
        .map_err(|error| trouble(folder, &error))
}

fn write(folder: &Path, name: &str, bytes: &[u8]) -> io::Result<PathBuf> {
    DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(folder)?;
    let (path, mut file) = create(folder, name)?;
    let written = file.write_all(bytes).and_then(|()| file.sync_all());
    if let Err(error) = written {
        let _ = std::fs::remove_file(&path);
        return Err(error);
    }
    Ok(path)
}

fn create(folder: &Path, name: &str) -> io::Result<(PathBuf, File)> {
    let name = Path::new(name)
        .file_name()
        .ok_or(io::ErrorKind::InvalidInput)?;
    let name = Path::new(name);
    let stem = name.file_stem().unwrap_or_default().to_string_lossy();
    let ending = name
        .extension()
        .map(|e| format!(".{}", e.to_string_lossy()))
        .unwrap_or_default();
    for n in 1..=MOST {
        let path = if n == 1 {
            folder.join(name)
        } else {
            folder.join(format!("{stem}-{n}{ending}"))
        };
        let opened = OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(&path);
        match opened {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(error),
            Ok(file) => return Ok((path, file)),
        }
    }
    Err(io::ErrorKind::AlreadyExists.into())
}

fn trouble(folder: &Path, error: &io::Error) -> String {
    let folder = clean(&folder.display().to_string());
    match error.kind() {
        io::ErrorKind::PermissionDenied => format!(
            "ダウンロード先 {folder} に書けません（権限がありません）。設定の downloads を確かめてください。"
        ),
        io::ErrorKind::StorageFull => format!(
            "ダウンロード先 {folder} の空きがありません。不要なファイルを移してから、もう一度保存してください。"
        ),
        _ => format!(
            "ダウンロード先 {folder} に書けません（{}）。",
            reason(error)
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    #[test]
    fn a_name_that_is_taken_is_never_written_over() {
        let dir = tempfile::tempdir().unwrap();
        let folder = dir.path().join("out");
        let first = write(&folder, "a.xml", b"1").unwrap();
        let second = write(&folder, "a.xml", b"2").unwrap();
        assert_eq!(first, folder.join("a.xml"));
        assert_eq!(second, folder.join("a-2.xml"));
        assert_eq!(std::fs::read(first).unwrap(), b"1");
        let mode = std::fs::metadata(second).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }

    #[test]
    fn a_name_cannot_leave_the_folder() {
        let dir = tempfile::tempdir().unwrap();
        let folder = dir.path().join("out");
        let path = write(&folder, "../../x.xml", b"1").unwrap();
        assert_eq!(path, folder.join("x.xml"));
        assert!(write(&folder, "..", b"1").is_err());
    }
}
