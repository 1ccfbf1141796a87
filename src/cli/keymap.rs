//! `madoguchi keymap`: the built-in keymaps, and the check of one's own.

use super::settings::find_keymap;
use super::{Fail, Outcome, print};
use crate::front::keys::NAMES;
use std::path::Path;

/// What can be done with keymaps.
#[derive(Debug, clap::Subcommand)]
pub enum Command {
    /// 組み込みの割り当ての名前を出す
    List,
    /// 自分の割り当てを確かめる
    Check {
        /// TOML ファイル
        #[arg(value_name = "FILE")]
        file: String,
    },
}

/// Runs it.
pub fn run(command: &Command) -> Outcome {
    match command {
        Command::List => print(&NAMES.map(|name| format!("{name}\n")).concat()),
        Command::Check { file } => {
            find_keymap(file, Path::new(".")).map_err(Fail::usage)?;
            print(&format!("{file} に誤りはありません。\n"))
        }
    }
}
