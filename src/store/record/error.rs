//! What the store could not do, in the words of the screen.

use crate::store::keys::KeyTrouble;

/// What the store could not do; the text says what happened and what to do.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// Another process has it open.
    #[error(
        "ほかのプロセス（{holder}）が保存先 {dir} を使っています。そちらを終えると、窓口サービスは自動で続きます。"
    )]
    InUse {
        /// The folder.
        dir: String,
        /// Process id and program, as far as known.
        holder: String,
    },
    /// No permission.
    #[error(
        "保存先 {dir} に書けません（権限がありません）。フォルダーの持ち主と権限を確かめてください。"
    )]
    Permission {
        /// The folder.
        dir: String,
    },
    /// Full disk.
    #[error("保存先 {dir} の空きがありません。ほかの大きなファイルを移してから、続けてください。")]
    Full {
        /// The folder.
        dir: String,
    },
    /// Mounted read-only (F-05).
    #[error("保存先 {dir} は読み取り専用です。ディスクの状態を確かめ、書けるようにしてください。")]
    ReadOnly {
        /// The folder.
        dir: String,
    },
    /// Written by a newer program (REL-7).
    #[error(
        "保存先 {dir} は新しい版（形式 {found}）で作られています。この版（形式 {known}）では開けません。"
    )]
    Newer {
        /// The folder.
        dir: String,
        /// Its format.
        found: u32,
        /// Ours.
        known: u32,
    },
    /// Written by a version that was never released.
    #[error(
        "保存先 {dir} は試作版（形式 {found}、封じていない）のものです。この版（形式 {known}）では開けません。フォルダーを別の場所に移してから始めてください。"
    )]
    Older {
        /// The folder.
        dir: String,
        /// Its format.
        found: u32,
        /// Ours.
        known: u32,
    },
    /// Its key is missing, or is another one.
    #[error(transparent)]
    Key(#[from] KeyTrouble),
    /// It vanished while it was in use, or another one lies there (F-09).
    #[error(
        "動いている間に、保存先 {dir} が消えたか入れ替えられました。元のディスクかフォルダーを戻してください。今あるものを使うときは、窓口サービスを始め直してください。"
    )]
    Replaced {
        /// The folder.
        dir: String,
    },
    /// The journal has become shorter while it was in use.
    #[error(
        "動いている間に、保存先 {dir} の記録のファイルが短くなりました。窓口サービスを始め直し、madoguchi audit verify で確かめてください。"
    )]
    Shortened {
        /// The folder.
        dir: String,
    },
    /// A record over the journal's limit.
    #[error("記録が長すぎます。内容を短くしてください。")]
    TooLong,
    /// Neither the store nor anything beside it takes a record.
    #[error("紙に控えてください（予備の場所にも書けません）。{why}")]
    Nowhere {
        /// What is wrong with the store.
        why: String,
    },
    /// The key is missing or another one, so nothing is written anywhere.
    #[error("紙に控えてください（鍵が元に戻るまで、控えは予備の場所にも保存しません）。{why}")]
    Locked {
        /// What is wrong with the key.
        why: String,
    },
    /// Anything else of the operating system.
    #[error("保存先 {dir} で誤りが起きました（{what}）。")]
    Io {
        /// The folder.
        dir: String,
        /// What.
        what: String,
    },
}
