//! `madoguchi play`: tapes.

use super::settings::find_keymap;
use super::{Common, Fail, Outcome, print, say};
use crate::tape::play::{Outcome as Went, Purpose, play};
use crate::tape::pty::Processes;
use crate::tape::stage::Stage;
use crate::tape::step::Tape;
use crate::tape::world::World;
use crate::tape::{parse, update};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// Which tapes, and how.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// テープのファイルかフォルダー
    #[arg(required = true, value_name = "TAPE")]
    tapes: Vec<PathBuf>,
    /// 期待の画面を、今の画面に書き直す
    #[arg(long, conflicts_with = "pty")]
    update: bool,
    /// 仮想の時計でなく、本物のプロセスと擬似端末で走らせる
    #[arg(long)]
    pty: bool,
    /// 違いと最後の画面をこのフォルダーに書く
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
}

/// Plays them one after the other; 1 if any failed, 2 if one cannot be read.
pub fn run(common: &Common, args: &Args) -> Outcome {
    let keymap = keymap(common)?;
    if let Some(dir) = &args.out {
        std::fs::create_dir_all(dir)?;
    }
    let (mut passed, mut failed, mut skipped, mut broken) = (0, 0, 0, 0);
    for path in collect(&args.tapes)? {
        let mut tape = match parse::read(&path) {
            Ok(tape) => tape,
            Err(error) => {
                // One bad tape keeps no other from being played.
                broken += 1;
                say(&error.to_string());
                continue;
            }
        };
        if let Some(keymap) = &keymap {
            tape.head.keymap.clone_from(keymap);
        }
        let went = match one(&tape, args) {
            Ok(went) => went,
            Err(fail) => {
                broken += 1;
                say(&fail.text);
                continue;
            }
        };
        for (name, went) in went {
            match went {
                Went::Passed => {
                    passed += 1;
                    print(&format!("合格    {name}\n"))?;
                }
                Went::Skipped(why) => {
                    skipped += 1;
                    print(&format!("飛ばす  {name}（{why}）\n"))?;
                }
                Went::Failed(text) => {
                    failed += 1;
                    print(&format!("違う    {name}\n{text}\n"))?;
                    if let (Some(dir), Some(stem)) = (&args.out, path.file_stem()) {
                        std::fs::write(dir.join(stem).with_extension("txt"), &text)?;
                    }
                }
            }
        }
    }
    let unread = if broken > 0 {
        format!("、{broken} 読めない")
    } else {
        String::new()
    };
    print(&format!(
        "{passed} 合格、{failed} 違い、{skipped} 飛ばした{unread}\n"
    ))?;
    Ok(if broken > 0 { 2 } else { u8::from(failed > 0) })
}

/// The keymap of the command line goes before that of the tape.
fn keymap(common: &Common) -> Result<Option<String>, Fail> {
    let Some(name) = &common.keymap else {
        return Ok(None);
    };
    find_keymap(name, Path::new("."))
        .map(|keymap| Some(keymap.name().to_owned()))
        .map_err(|why| Fail::usage(format!("--keymap: {why}")))
}

/// A tape in each width policy it is for.
fn one(tape: &Tape, args: &Args) -> Result<Vec<(String, Went)>, Fail> {
    let name = tape.path.display().to_string();
    if args.pty
        && let Some(why) = &tape.head.only_virtual
    {
        return Ok(vec![(name, Went::Skipped(why.clone()))]);
    }
    if args.pty {
        let program = std::env::current_exe()?;
        let mut stage = Processes::start(&program, &tape.head).map_err(Fail::no)?;
        return Ok(vec![(name, go(tape, &mut stage, Purpose::Check).0)]);
    }
    let wide_alone = tape.head.wide == Some(true);
    let mut stage = World::new(&tape.head, wide_alone).map_err(|why| unplayable(tape, &why))?;
    if args.update {
        let (went, rewrites) = go(tape, &mut stage, Purpose::Update);
        let files: BTreeSet<&Path> = rewrites.iter().map(|r| r.path.as_path()).collect();
        for file in files {
            let text = std::fs::read_to_string(file)?;
            let new = update::rewrite(&text, file, &rewrites);
            if new != text {
                std::fs::write(file, new)?;
            }
        }
        return Ok(vec![(name, went)]);
    }
    let mut all = vec![(name.clone(), go(tape, &mut stage, Purpose::Check).0)];
    if tape.head.wide.is_none() {
        let mut stage = World::new(&tape.head, true).map_err(|why| unplayable(tape, &why))?;
        all.push((
            format!("{name}（全角幅）"),
            go(tape, &mut stage, Purpose::OtherWidth).0,
        ));
    }
    Ok(all)
}

fn unplayable(tape: &Tape, why: &str) -> Fail {
    Fail::usage(format!("{}: {why}", tape.path.display()))
}

fn go(
    tape: &Tape,
    stage: &mut dyn Stage,
    purpose: Purpose,
) -> (Went, Vec<crate::tape::play::Rewrite>) {
    play(tape, stage, purpose)
}

/// The tapes themselves, those of folders in the order of their names.
fn collect(paths: &[PathBuf]) -> Result<Vec<PathBuf>, Fail> {
    let mut all = Vec::new();
    for path in paths {
        if !path.is_dir() {
            all.push(path.clone());
            continue;
        }
        let mut inside = Vec::new();
        for entry in std::fs::read_dir(path)? {
            inside.push(entry?.path());
        }
        inside.retain(|p| p.extension().is_some_and(|e| e == "tape"));
        inside.sort();
        all.extend(inside);
    }
    if all.is_empty() {
        Err(Fail::usage("テープ（.tape のファイル）がありません。"))
    } else {
        Ok(all)
    }
}
