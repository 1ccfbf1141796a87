//! What the operating system says, in the words of [`StoreError`].

use super::record::StoreError;
use std::io::{Error, ErrorKind};
use std::path::Path;

/// The folder's name as it may be shown.
pub fn shown(dir: &Path) -> String {
    crate::text::clean::clean(&dir.display().to_string())
}

/// What went wrong with the store in `dir`.
pub fn from_io(dir: &Path, error: &Error) -> StoreError {
    let dir = shown(dir);
    match error.kind() {
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => StoreError::Full { dir },
        ErrorKind::PermissionDenied => StoreError::Permission { dir },
        ErrorKind::ReadOnlyFilesystem => StoreError::ReadOnly { dir },
        _ => StoreError::Io {
            dir,
            what: crate::text::clean::clean(&error.to_string()),
        },
    }
}

/// Something else than the operating system's own errors.
pub fn other(dir: &Path, what: &str) -> StoreError {
    StoreError::Io {
        dir: shown(dir),
        what: what.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_systems_errors_by_kind() {
        let dir = Path::new("/somewhere");
        for (number, sign) in [
            (28, "空きがありません"),
            (122, "空きがありません"),
            (13, "権限がありません"),
            (1, "権限がありません"),
            (30, "読み取り専用"),
            (5, "誤りが起きました"),
        ] {
            let said = from_io(dir, &Error::from_raw_os_error(number)).to_string();
            assert!(said.contains(sign), "{number}: {said}");
        }
    }
}
