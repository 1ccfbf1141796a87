//! Help and usage errors in Japanese.

use super::{json, print, print_json, say};
use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Arg, ArgAction, Command};
use std::process::ExitCode;

const TEMPLATE: &str = "{about-with-newline}\n使い方: {usage}\n\n{all-args}{after-help}";

/// How the values of some options are written.
const FORMS: &[(&str, &str)] = &[
    (
        "--listen",
        "アドレスとポートを書いてください（例: 127.0.0.1:8443、ポート 0 は空いているもの）。",
    ),
    ("--people", "0 から 200000 までの数を書いてください。"),
    ("--seed", "0 以上の数を書いてください。"),
    ("--confirm", "残り回数の 1 か 2 を書いてください。"),
    (
        "--group",
        "open、blocked、asking、needs-person、resolved、settled、cancelled のどれかを書いてください。",
    ),
];

/// The same command with Japanese headings.
pub fn japanese(command: Command) -> Command {
    let root = command.get_version().is_some();
    let mut command = command
        .help_template(TEMPLATE)
        .subcommand_help_heading("命令")
        .subcommand_value_name("命令")
        .disable_help_subcommand(true)
        .disable_help_flag(true)
        .disable_version_flag(true)
        .next_help_heading("指定")
        .mut_args(|arg| arg.help_heading("指定"))
        .arg(
            Arg::new("help")
                .short('h')
                .long("help")
                .action(ArgAction::Help)
                .help_heading("指定")
                .help("使い方を出して終わる"),
        );
    if root {
        command = command.arg(
            Arg::new("version")
                .short('V')
                .long("version")
                .action(ArgAction::Version)
                .help_heading("指定")
                .help("版を出して終わる"),
        );
    }
    command.mut_subcommands(japanese)
}

/// Prints what was asked for, or what is wrong with the command line.
pub fn explain(error: &clap::Error) -> ExitCode {
    if let ErrorKind::DisplayHelp
    | ErrorKind::DisplayVersion
    | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand = error.kind()
    {
        let text = error.render().to_string().replace("[OPTIONS]", "[指定]");
        if error.kind() == ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand {
            say(text.trim_end());
            return ExitCode::from(2);
        }
        return print(&text).map_or(ExitCode::from(1), ExitCode::from);
    }
    let sentence = sentence(error);
    if std::env::args_os().any(|arg| arg == "--json") {
        let _ = print_json(&json::failure("usage", &sentence));
    }
    say(&sentence);
    say("使い方は madoguchi --help で出ます。");
    ExitCode::from(2)
}

fn sentence(error: &clap::Error) -> String {
    let context = |kind| error.get(kind).map(text).unwrap_or_default();
    let invalid = context(ContextKind::InvalidArg);
    let value = context(ContextKind::InvalidValue);
    let near = [
        ContextKind::SuggestedArg,
        ContextKind::SuggestedSubcommand,
        ContextKind::SuggestedValue,
    ]
    .into_iter()
    .find_map(|kind| error.get(kind))
    .map(|name| format!("「{}」のことですか。", text(name)))
    .unwrap_or_default();
    match error.kind() {
        ErrorKind::InvalidSubcommand => {
            let name = context(ContextKind::InvalidSubcommand);
            format!("「{name}」という命令はありません。{near}")
        }
        ErrorKind::UnknownArgument => format!("「{invalid}」という指定はありません。{near}"),
        ErrorKind::MissingRequiredArgument => format!("{invalid} が要ります。"),
        ErrorKind::MissingSubcommand => "続きの命令が要ります。".to_owned(),
        ErrorKind::ArgumentConflict => {
            let prior = context(ContextKind::PriorArg);
            format!("{invalid} は {prior} といっしょには使えません。")
        }
        ErrorKind::InvalidValue | ErrorKind::ValueValidation if value.is_empty() => {
            format!("{invalid} に値が要ります。")
        }
        ErrorKind::InvalidValue | ErrorKind::ValueValidation => {
            let form = FORMS
                .iter()
                .find(|(name, _)| invalid.starts_with(name))
                .map_or("", |(_, form)| form);
            format!("{invalid} に「{value}」は使えません。{near}{form}")
        }
        _ => format!("命令の書き方に誤りがあります。{invalid}"),
    }
}

fn text(value: &ContextValue) -> String {
    let text = match value {
        ContextValue::Strings(all) => all.join("、"),
        other => other.to_string(),
    };
    crate::text::clean::clean(&text)
}
