//! The command line: one file per subcommand, and the settings.
//!
//! Exit codes: 0 done, 1 the answer is no or something needs a person, 2 wrong
//! usage or settings, 3 unreachable (desk, central, reader), 4 store trouble.

mod audit;
mod card;
mod check;
mod client;
mod crash;
mod demo;
mod desk;
mod front;
mod harden;
mod json;
mod key;
mod keymap;
mod log;
mod lookup;
mod notes;
mod password;
mod play;
mod record;
pub mod settings;
mod simulator;
mod staff;
mod words;

use crate::clock::Clock;
use crate::link::reason;
use crate::store::record::StoreError;
use clap::{FromArgMatches, Parser, Subcommand};
use settings::{Settings, SettingsError};
use std::ffi::OsString;
use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;

/// オンライン資格確認の窓口。障害のときは控え、復旧したら照会します。
#[derive(Debug, Parser)]
#[command(name = "madoguchi", version)]
struct Cli {
    #[command(flatten)]
    common: Common,
    /// 画面を描かず、1 行ずつ文で出す（画面読み上げ・点字ディスプレイ・行単位の端末）
    #[arg(long)]
    plain: bool,
    #[command(subcommand)]
    command: Option<Command>,
}

/// What every command takes.
#[derive(Debug, Clone, Default, clap::Args)]
struct Common {
    /// 設定ファイル
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    /// 窓口のデータのフォルダー
    #[arg(long, global = true, value_name = "DIR")]
    data: Option<PathBuf>,
    /// キー割り当て（receipt、tenkey、letters、またはファイル）
    #[arg(long, global = true, value_name = "NAME")]
    keymap: Option<String>,
    #[arg(skip)]
    plain: bool,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// 模擬の中央システムで試す（控えは残りません）
    Demo(demo::Args),
    /// 窓口サービスだけを動かす
    Desk(desk::Args),
    /// 模擬の中央システム
    #[command(subcommand)]
    Simulator(simulator::Command),
    /// 控え帳
    #[command(subcommand, after_help = json::NOTES)]
    Notes(notes::Command),
    /// 保険証・資格確認書の番号で照会する
    #[command(after_help = json::LOOKUP)]
    Lookup(lookup::Args),
    /// 読取機とカード: 何が置かれているか、電子証明書、券面の 4 情報
    #[command(subcommand, after_help = card::HELP)]
    Card(card::Command),
    /// 保存先の鍵
    #[command(subcommand)]
    Key(key::Command),
    /// 朝の点検: 保存先・読取機・回線・証明書・時計・キー割り当て
    Check(check::Args),
    /// 操作の記録: 検証・書き出し
    #[command(subcommand)]
    Audit(audit::Command),
    /// この端末でのログインのロック（管理アカウント）
    #[command(subcommand)]
    Staff(staff::Command),
    /// テープ（台本のキーと画面）を走らせる
    Play(play::Args),
    /// 画面での操作を、作り物の名前と番号でテープに録る
    Record(record::Args),
    /// キー割り当て
    #[command(subcommand)]
    Keymap(keymap::Command),
    /// 設定
    #[command(subcommand)]
    Settings(SettingsCommand),
}

impl Command {
    /// Whether its screen is to be told in lines.
    fn told(&self) -> bool {
        match self {
            Self::Demo(args) => args.plain,
            Self::Record(args) => args.stage.plain,
            _ => false,
        }
    }
}

#[derive(Debug, Subcommand)]
enum SettingsCommand {
    /// 説明つきの見本を出す
    Sample,
    /// 設定ファイルを確かめる
    Check,
}

/// Why a command did not do what was asked: an exit code and a sentence.
#[derive(Debug)]
struct Fail {
    code: u8,
    /// The same for scripts: a word that stays.
    word: &'static str,
    text: String,
}

impl Fail {
    /// The answer is no, or something needs a person.
    fn no(text: impl Into<String>) -> Self {
        Self::new(1, text)
    }

    /// Wrong usage or settings.
    fn usage(text: impl Into<String>) -> Self {
        Self::new(2, text)
    }

    /// The desk, the central system or the reader cannot be reached.
    fn unreachable(text: impl Into<String>) -> Self {
        Self::new(3, text)
    }

    /// The store, or the folder it lies in, cannot be used.
    fn store(text: impl Into<String>) -> Self {
        Self::new(4, text)
    }

    fn new(code: u8, text: impl Into<String>) -> Self {
        let word = match code {
            2 => "usage",
            3 => "unreachable",
            4 => "store",
            _ => "no",
        };
        Self {
            code,
            word,
            text: text.into(),
        }
    }

    /// The same with a closer word.
    fn called(mut self, word: &'static str) -> Self {
        self.word = word;
        self
    }
}

impl From<SettingsError> for Fail {
    fn from(error: SettingsError) -> Self {
        Self::usage(error.to_string())
    }
}

impl From<StoreError> for Fail {
    fn from(error: StoreError) -> Self {
        Self::store(match error {
            // A command does not wait for its turn, as the desk service does.
            StoreError::InUse { dir, holder } => in_use(&dir, &holder),
            error => error.to_string(),
        })
    }
}

fn in_use(dir: &str, holder: &str) -> String {
    format!(
        "ほかのプロセス（{holder}）が保存先 {dir} を使っています。そちらを終えてから、もう一度実行してください。"
    )
}

impl From<io::Error> for Fail {
    fn from(error: io::Error) -> Self {
        Self::no(format!(
            "読み書きの誤りで続けられません（{}）。",
            reason(&error)
        ))
    }
}

/// Exit code of a command that ran to its end.
type Outcome = Result<u8, Fail>;

impl Common {
    fn settings(&self) -> Result<Settings, Fail> {
        let mut settings = settings::load(self.config.as_deref(), self.data.as_deref())?;
        let own = self.keymap(settings.keymap.name())?;
        if let Some(keymap) = own.keymap {
            settings.keymap = keymap;
        }
        if let Some(wrong) = &own.wrong {
            say(wrong);
        }
        settings.keymap_wrong = own.wrong;
        for warning in &settings.warnings {
            say(&format!("{}:{warning}", settings.file.display()));
        }
        Ok(settings)
    }

    /// The keymap of the command line, else the person's own; `instead` is
    /// what holds where that one is wrong.
    fn keymap(&self, instead: &str) -> Result<keymap::Own, Fail> {
        let Some(name) = &self.keymap else {
            return Ok(keymap::own(instead));
        };
        settings::find_keymap(name, std::path::Path::new("."))
            .map(|keymap| keymap::Own {
                keymap: Some(keymap),
                wrong: None,
            })
            .map_err(|why| Fail::usage(format!("--keymap: {why}")))
    }
}

/// Runs the program.
pub fn main() -> ExitCode {
    harden::process();
    crash::install();
    let parsed = short(std::env::args_os().skip(1)).map_or_else(parse, Ok);
    let cli = match parsed {
        Ok(cli) => cli,
        Err(error) => return words::explain(&error),
    };
    let as_json = cli.as_json();
    match run(cli) {
        Ok(code) => ExitCode::from(code),
        Err(fail) => {
            if as_json {
                // One document, whatever happened.
                let _ = print_json(&json::failure(fail.word, &fail.text));
            }
            say(&fail.text);
            ExitCode::from(fail.code)
        }
    }
}

impl Cli {
    /// Whether a script reads what comes out.
    fn as_json(&self) -> bool {
        match &self.command {
            Some(Command::Notes(command)) => command.as_json(),
            Some(Command::Lookup(args)) => args.json,
            Some(Command::Card(command)) => command.as_json(),
            Some(Command::Check(args)) => args.json,
            Some(Command::Audit(command)) => command.as_json(),
            Some(Command::Staff(command)) => command.as_json(),
            _ => false,
        }
    }
}

/// The screen's own command lines, read without the machinery for all the
/// others, which takes longer than the first frame does, and memory for as
/// long as the screen stands.
fn short(mut args: impl Iterator<Item = OsString>) -> Option<Cli> {
    let (mut common, mut command) = (Common::default(), None);
    while let Some(word) = args.next() {
        let word = word.into_string().ok()?;
        if word == "demo" && command.is_none() {
            command = Some(Command::Demo(demo::Args::default()));
            continue;
        }
        let (name, value) = match word.split_once('=') {
            Some((name, value)) => (name, OsString::from(value)),
            None => (word.as_str(), args.next()?),
        };
        if value.is_empty() || value.to_str().is_none_or(|value| value.starts_with('-')) {
            return None;
        }
        let twice = match name {
            "--config" => common.config.replace(value.into()).is_some(),
            "--data" => common.data.replace(value.into()).is_some(),
            "--keymap" => common.keymap.replace(value.into_string().ok()?).is_some(),
            _ => return None,
        };
        if twice {
            return None;
        }
    }
    Some(Cli {
        common,
        plain: false,
        command,
    })
}

fn parse() -> Result<Cli, clap::Error> {
    words::japanese(<Cli as clap::CommandFactory>::command())
        .try_get_matches()
        .and_then(|matches| Cli::from_arg_matches(&matches))
}

fn run(cli: Cli) -> Outcome {
    let common = Common {
        plain: cli.plain || cli.command.as_ref().is_some_and(Command::told),
        ..cli.common
    };
    match cli.command {
        None => front::run(&common),
        Some(Command::Demo(args)) => demo::run(&common, &args),
        Some(Command::Desk(args)) => desk::run(&common, &args),
        Some(Command::Simulator(command)) => simulator::run(&common, command),
        Some(Command::Notes(command)) => notes::run(&common, command),
        Some(Command::Lookup(args)) => lookup::run(&common, &args),
        Some(Command::Card(command)) => card::run(&common, &command),
        Some(Command::Key(command)) => key::run(&common, &command),
        Some(Command::Check(args)) => check::run(&common, &args),
        Some(Command::Audit(command)) => audit::run(&common, &command),
        Some(Command::Staff(command)) => staff::run(&common, command),
        Some(Command::Play(args)) => play::run(&common, &args),
        Some(Command::Record(args)) => record::run(&common, &args),
        Some(Command::Keymap(command)) => keymap::run(&common, &command),
        Some(Command::Settings(SettingsCommand::Sample)) => print(settings::SAMPLE),
        Some(Command::Settings(SettingsCommand::Check)) => {
            let settings = common.settings()?;
            let wrongs = settings.files();
            if !wrongs.is_empty() {
                let path = settings.file.display();
                return Err(Fail::usage(format!(
                    "設定ファイル {path} の書き方に誤りはありませんが、使えないファイルがあります。\n  {}",
                    wrongs.join("\n  ")
                )));
            }
            print(&format!(
                "{} に誤りはありません。\n",
                settings.file.display()
            ))
        }
    }
}

/// The clock. Tapes against real processes set where it starts; with a real
/// central system nothing can.
fn clock(simulated: bool) -> Clock {
    let set = std::env::var(crate::tape::pty::CLOCK_VARIABLE).ok();
    match set.and_then(|text| text.parse().ok()) {
        Some(wall) if simulated => Clock::starting_at(wall),
        _ => Clock::start(),
    }
}

/// Writes to standard output; a reader that has gone is no failure.
fn print(text: &str) -> Outcome {
    let mut out = io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(error.into()),
        _ => Ok(0),
    }
}

/// One JSON document on standard output.
fn print_json(value: &serde_json::Value) -> Outcome {
    print(&format!("{value:#}\n"))
}

/// A message for a person, on standard error.
fn say(text: &str) {
    let _ = writeln!(io::stderr(), "{text}");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_short_way_means_the_same_as_the_long_one() {
        for args in [
            &[][..],
            &["demo"],
            &["--config", "a b.toml"],
            &["--config=a.toml", "--data", "データ", "--keymap=tenkey"],
            &["--keymap", "letters", "demo"],
            &["demo", "--data", "d"],
        ] {
            let given = || args.iter().map(OsString::from);
            let short = short(given()).unwrap();
            let named = std::iter::once(OsString::from("madoguchi")).chain(given());
            let long = Cli::try_parse_from(named).unwrap();
            assert_eq!(format!("{short:?}"), format!("{long:?}"));
        }
        for args in [
            &["demo", "--seed"][..],
            &["demo", "--seed", "3"],
            &["demo", "demo"],
            &["desk"],
            &["--help"],
            &["--config"],
            &["--config="],
            &["--config", "--data"],
            &["--config", "a", "--config", "b"],
            &["--conf", "a"],
        ] {
            assert!(short(args.iter().map(OsString::from)).is_none(), "{args:?}");
        }
    }

    #[test]
    fn the_command_line_holds_together() {
        words::japanese(<Cli as clap::CommandFactory>::command()).debug_assert();
    }
}
