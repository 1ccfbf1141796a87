//! `madoguchi keymap`: the built-in keymaps, the check of one's own, and the
//! map in use on paper.

use super::settings::{find_keymap, paths};
use super::{Common, Fail, Outcome, print, say};
use crate::front::keys::{Keymap, NAMES, print as paper};
use std::path::Path;

/// What can be done with keymaps.
#[derive(Debug, clap::Subcommand)]
pub enum Command {
    /// 組み込みの割り当ての名前を出す
    List,
    /// 自分の割り当てを確かめる
    Check {
        /// TOML ファイル（書かなければ ~/.config/madoguchi/keymap.toml）
        #[arg(value_name = "FILE")]
        file: Option<String>,
    },
    /// 割り当てを全部出す（書かなければ、いま使うもの）
    Show {
        /// receipt、tenkey、letters、または TOML ファイル
        #[arg(value_name = "NAME")]
        name: Option<String>,
    },
    /// 割り当ての説明書（man の形式）を出す
    Man {
        /// receipt、tenkey、letters、または TOML ファイル
        #[arg(value_name = "NAME")]
        name: Option<String>,
    },
}

/// Runs it.
pub fn run(common: &Common, command: &Command) -> Outcome {
    match command {
        Command::List => print(&NAMES.map(|name| format!("{name}\n")).concat()),
        Command::Check { file } => {
            let own = paths::keymap().map(|path| path.display().to_string());
            let file = file.clone().or(own).ok_or_else(|| {
                Fail::usage("どのファイルか分かりません。FILE を書いてください。")
            })?;
            find_keymap(&file, Path::new(".")).map_err(Fail::usage)?;
            print(&format!("{file} に誤りはありません。\n"))
        }
        Command::Show { name } => print(&paper::text(&named(common, name.as_deref())?)),
        Command::Man { name } => print(&paper::man(&named(common, name.as_deref())?)),
    }
}

/// The one that is named, else the one that the screen would have.
fn named(common: &Common, name: Option<&str>) -> Result<Keymap, Fail> {
    if let Some(name) = name {
        return find_keymap(name, Path::new(".")).map_err(Fail::usage);
    }
    let of_the_desk = || {
        let loaded = super::settings::load(common.config.as_deref(), common.data.as_deref());
        loaded.map(|settings| settings.keymap).unwrap_or_default()
    };
    let desk = of_the_desk();
    let own = common.keymap(desk.name())?;
    if let Some(wrong) = &own.wrong {
        say(wrong);
    }
    Ok(own.keymap.unwrap_or(desk))
}

/// A person's own keymap.
#[derive(Debug, Default)]
pub struct Own {
    /// It, if there is one that holds.
    pub keymap: Option<Keymap>,
    /// What is wrong with it, with file and line, and what is used instead: it
    /// keeps nobody from work.
    pub wrong: Option<String>,
}

/// A person's own keymap; `instead` is the name of the one that holds where
/// that one is wrong.
pub fn own(instead: &str) -> Own {
    let Some(path) = paths::keymap().filter(|path| path.exists()) else {
        return Own::default();
    };
    match find_keymap(&path.display().to_string(), Path::new(".")) {
        Ok(keymap) => Own {
            keymap: Some(keymap),
            wrong: None,
        },
        Err(why) => Own {
            keymap: None,
            wrong: Some(format!(
                "{why}\n代わりに {instead} を使います。直したら madoguchi keymap check で確かめてください。"
            )),
        },
    }
}

/// What [`Own::wrong`] says, where there is one line for it.
pub fn one_line(wrong: &str) -> String {
    let lines: Vec<&str> = wrong.lines().map(str::trim).collect();
    lines.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_wrong_fits_where_there_is_one_line() {
        assert_eq!(
            one_line("直すところ。\n    a.toml:3: 次\n代わりに"),
            "直すところ。 a.toml:3: 次 代わりに"
        );
    }
}
