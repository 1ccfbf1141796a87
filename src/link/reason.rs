//! What the operating system refused, as a word for a person.

use std::io::{self, ErrorKind};

/// Why a file, folder or address could not be used: a short Japanese phrase
/// for the brackets of a message. What is not known has its number, for whom
/// the message is read out to.
pub fn reason(error: &io::Error) -> String {
    let words = match error.kind() {
        ErrorKind::NotFound => "ありません",
        ErrorKind::PermissionDenied => "権限がありません",
        ErrorKind::IsADirectory => "ファイルではなくフォルダーです",
        ErrorKind::NotADirectory => "フォルダーではありません",
        ErrorKind::AlreadyExists => "同じ名前のものがもうあります",
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => "空きがありません",
        ErrorKind::ReadOnlyFilesystem => "読み取り専用です",
        ErrorKind::FileTooLarge => "大きすぎます",
        ErrorKind::InvalidFilename => "名前が長すぎるか、使えない名前です",
        ErrorKind::ResourceBusy | ErrorKind::ExecutableFileBusy | ErrorKind::AddrInUse => {
            "ほかのプログラムが使っています"
        }
        ErrorKind::AddrNotAvailable => "この機械のアドレスではありません",
        ErrorKind::ConnectionRefused => "待ち受けているプログラムがありません",
        ErrorKind::ConnectionReset | ErrorKind::ConnectionAborted | ErrorKind::BrokenPipe => {
            "相手が切りました"
        }
        ErrorKind::TimedOut | ErrorKind::WouldBlock => "時間内に返事がありません",
        ErrorKind::InvalidData => "文字コードが UTF-8 ではありません",
        ErrorKind::UnexpectedEof => "途中で終わっています",
        ErrorKind::OutOfMemory => "メモリーが足りません",
        _ => {
            return match error.raw_os_error() {
                Some(5) => "ディスクの読み書きに失敗しました".to_owned(),
                Some(23 | 24) => "開いているファイルが多すぎます".to_owned(),
                Some(40) => "リンクがたどれません".to_owned(),
                Some(number) => format!("システムの誤り {number}"),
                None => "原因は分かりません".to_owned(),
            };
        }
    };
    words.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_word_of_the_operating_system_reaches_a_screen() {
        for number in 1..=133 {
            let said = reason(&io::Error::from_raw_os_error(number));
            let rest = said.replace("UTF-8", "");
            assert!(
                !rest.chars().any(|c| c.is_ascii_alphabetic()) && !said.is_empty(),
                "{number}: {said}"
            );
        }
        for (number, want) in [
            (2, "ありません"),
            (13, "権限がありません"),
            (20, "フォルダーではありません"),
            (21, "ファイルではなくフォルダーです"),
            (28, "空きがありません"),
            (30, "読み取り専用です"),
            (98, "ほかのプログラムが使っています"),
        ] {
            assert_eq!(reason(&io::Error::from_raw_os_error(number)), want);
        }
        assert_eq!(reason(&io::Error::other("odd")), "原因は分かりません");
    }
}
