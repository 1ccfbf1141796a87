//! `madoguchi record`: the front end, and a tape of what is done in it.

use super::{Common, Fail, Outcome, demo, front, print};
use crate::front::run::Witness;
use crate::tape::record::{Against, Recorder};
use std::fs::{File, OpenOptions};
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

/// Where to, and of what.
#[derive(Debug, clap::Args)]
#[group(skip)]
pub struct Args {
    /// 書き先のファイル（すでにあれば始めません）
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// 本物の窓口でなく、実演を録る
    #[arg(long)]
    demo: bool,
    #[command(flatten)]
    pub(super) stage: demo::Args,
}

/// Shows the front end until it is ended, then writes the tape.
pub fn run(common: &Common, args: &Args) -> Outcome {
    // Nobody should find out at the end that it cannot be written.
    front::fit(common.plain)?;
    let mut file = create(&args.file)?;
    let against = if args.demo {
        args.stage.against()
    } else {
        Against::Desk
    };
    let mut recorder = Recorder::new(against);
    let outcome = show(common, args, &mut recorder);
    let cast = recorder.cast(&args.file);
    if cast.steps == 0 {
        remove(&args.file);
        let file = args.file.display();
        print(&format!(
            "何も打たれなかったので、{file} は書きませんでした。\n"
        ))?;
        return outcome;
    }
    let written = file
        .write_all(cast.text.as_bytes())
        .and_then(|()| file.sync_all());
    if let Err(error) = written {
        remove(&args.file);
        return Err(unwritten(&args.file, &error));
    }
    print(&told(&args.file, cast.steps, cast.plays))?;
    outcome
}

fn show(common: &Common, args: &Args, recorder: &mut dyn Witness) -> Outcome {
    if args.demo {
        demo::run_to(common, &args.stage, Some(recorder))
    } else {
        front::run_to(common, Some(recorder))
    }
}

fn told(file: &Path, steps: usize, plays: usize) -> String {
    let file = file.display();
    let rest = if plays == steps {
        format!("madoguchi play {file} でそのまま走ります。")
    } else {
        format!(
            "実演の世界で同じになるのは {plays} 手目までです。その先は # をつけて書いてあります。"
        )
    };
    format!(
        "{file} に {steps} 手を書きました。{rest}\n人に渡す前に、一度読んで確かめてください。\n"
    )
}

/// Nobody should find an empty tape, or half of one, and take it for a whole.
fn remove(file: &Path) {
    drop(std::fs::remove_file(file));
}

fn create(path: &Path) -> Result<File, Fail> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true).mode(0o600);
    options.open(path).map_err(|error| unwritten(path, &error))
}

fn unwritten(path: &Path, error: &std::io::Error) -> Fail {
    let path = path.display();
    if error.kind() == std::io::ErrorKind::AlreadyExists {
        Fail::usage(format!(
            "{path} はもうあります。別の名前にしてください（上書きはしません）。"
        ))
    } else {
        let why = crate::link::reason(error);
        Fail::usage(format!("{path} に書けません（{why}）。"))
    }
}
