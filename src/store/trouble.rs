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
            what: words(error),
        },
    }
}

/// The system's refusal in a few words; what is not known has its number.
fn words(error: &Error) -> String {
    let words = match error.kind() {
        ErrorKind::NotFound => "ありません",
        ErrorKind::NotADirectory => "フォルダーではありません",
        ErrorKind::IsADirectory => "ファイルではなくフォルダーです",
        ErrorKind::AlreadyExists => "同じ名前のものがもうあります",
        ErrorKind::FileTooLarge => "大きすぎます",
        ErrorKind::InvalidFilename => "名前が長すぎるか、使えない名前です",
        ErrorKind::OutOfMemory => "メモリーが足りません",
        _ => {
            return match error.raw_os_error() {
                Some(5) => "ディスクの読み書きに失敗しました".to_owned(),
                Some(23 | 24) => "開いているファイルが多すぎます".to_owned(),
                Some(40) => "リンクがたどれません".to_owned(),
                Some(number) => format!("システムの誤り {number}"),
                None => crate::text::clean::clean(&error.to_string()),
            };
        }
    };
    words.to_owned()
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
            (5, "ディスクの読み書きに失敗しました"),
            (20, "フォルダーではありません"),
        ] {
            let said = from_io(dir, &Error::from_raw_os_error(number)).to_string();
            assert!(said.contains(sign), "{number}: {said}");
        }
    }
}
