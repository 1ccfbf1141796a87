//! What can be wrong with a key, in words: which key, where, and what to do.

use crate::store::trouble::shown;
use std::path::Path;

/// Why a store's keys cannot be had. Nothing has been changed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum KeyTrouble {
    /// The key file is not there.
    #[error(
        "鍵のファイル {path} がありません。{dir}はこの鍵がないと開けません（何も変えていません）。控えておいた鍵のファイルを戻すか、設定の [key] の file を確かめてください。"
    )]
    Missing {
        /// Which.
        path: String,
        /// The store's folder, or the spill's ([`at`]).
        dir: String,
    },
    /// The key file cannot be read or made.
    #[error("鍵のファイル {path} を使えません（{why}）。場所と持ち主と権限を確かめてください。")]
    Unreadable {
        /// Which.
        path: String,
        /// The system's words.
        why: String,
    },
    /// Others can read the key file (SEC-22).
    #[error(
        "鍵のファイル {path} をほかの人も読めます。chmod 600 {path} してください（それまで保存先は開きません）。"
    )]
    TooOpen {
        /// Which.
        path: String,
    },
    /// A key does not belong beside what it opens.
    #[error(
        "鍵のファイル {path} は保存先の中です。いっしょに写されると封の意味がないので、保存先の外の場所を選んでください。"
    )]
    Inside {
        /// Which.
        path: String,
    },
    /// It holds no key.
    #[error(
        "{what} は鍵ではありません（madoguchi key new で作った 1 行か、32 バイトちょうどのもの）。置き換わっていないか確かめてください。"
    )]
    NoKey {
        /// Which file or credential.
        what: String,
    },
    /// systemd handed over no such credential.
    #[error(
        "資格情報 {name} が渡されていません。systemd の単位に LoadCredentialEncrypted={name}:… を書き、systemctl で始めてください（設定の [key] の credential）。"
    )]
    NoCredential {
        /// Its name.
        name: String,
    },
    /// Another key than the store's.
    #[error(
        "{source_shown} は{dir} の鍵ではありません（何も変えていません）。ここは {expected} で閉じられています。"
    )]
    Wrong {
        /// The source that was tried.
        source_shown: String,
        /// The store's folder, or the spill's ([`at`]).
        dir: String,
        /// What the store says of its key.
        expected: String,
    },
    /// Another passphrase than the store's, which is closed with one.
    #[error(
        "合言葉が違います。{dir} はこの合言葉では開きません（何も変えていません）。大文字と小文字、日本語入力が入っていないかを確かめて、もう一度入れてください。"
    )]
    WrongWords {
        /// The store's folder, or the spill's ([`at`]).
        dir: String,
    },
    /// The `keys` file is gone.
    #[error(
        "{dir} の鍵束（keys、keys.spare）がありません（何も変えていません）。バックアップから戻してください。これがないと、鍵があっても開けません。"
    )]
    NoKeys {
        /// The store's folder, or the spill's ([`at`]).
        dir: String,
    },
    /// The `keys` file is damaged, and its spare too.
    #[error(
        "{dir} の鍵束（keys、keys.spare）が両方とも壊れています（何も変えていません）。バックアップから戻してください。"
    )]
    Damaged {
        /// The store's folder, or the spill's ([`at`]).
        dir: String,
    },
    /// The system has no random numbers, or no memory for Argon2id.
    #[error("鍵を作れません（システムの乱数か記憶が足りません）。もう一度始めてください。")]
    NoRandom,
}

impl KeyTrouble {
    /// With the store's folder, where it was not known yet.
    #[must_use]
    pub fn of(self, dir: &Path) -> Self {
        match self {
            Self::Missing { path, .. } => Self::Missing {
                path,
                dir: format!("{} ", at(dir)),
            },
            other => other,
        }
    }

    /// The same of a folder beside the store.
    #[must_use]
    pub fn beside(mut self) -> Self {
        if let Self::Missing { dir, .. }
        | Self::Wrong { dir, .. }
        | Self::WrongWords { dir }
        | Self::NoKeys { dir }
        | Self::Damaged { dir } = &mut self
            && let Some(rest) = dir.strip_prefix(STORE)
        {
            *dir = format!("予備の場所{rest}");
        }
        self
    }
}

const STORE: &str = "保存先";

/// A store's folder as these sentences name it.
pub fn at(dir: &Path) -> String {
    format!("{STORE} {}", shown(dir))
}
