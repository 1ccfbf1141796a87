//! `madoguchi notes`: the ledger for scripts and for hands without a screen.

mod add;
mod bundle;
mod progress;
mod show;
mod transfer;

use super::client::{Client, Who, session};
use super::settings::Settings;
use super::{Common, Fail, Outcome, json, print, print_json};
use crate::domain::note::{Group, Note, NoteId};
use crate::front::wording;
use crate::link::message::{LedgerFilter, LedgerRow, ToDesk, ToFront};
use add::{Add, content};
use serde_json::{Value, json};
use show::{line, tell};

/// Rows asked for at once.
const PAGE: usize = 200;

/// A note that is kept, but not in the ledger yet.
const SPILLED: &str =
    "保存先に書けないので、予備のファイルに控えました。保存先が戻ると、控え帳に入ります。";

/// What can be done with notes.
#[derive(Debug, clap::Subcommand)]
pub enum Command {
    /// 控えの一覧
    List(List),
    /// 控えを 1 件
    Show(Show),
    /// 控えを取る
    Add(Box<Add>),
    /// 控えを取り消す
    Cancel(Cancel),
    /// 未照会の控えを今すぐ照会する
    Sync(Sync),
    /// 控え帳を書き出す（別の機械へ移す、戻す）
    Export(transfer::Export),
    /// 書き出した控え帳を取り込む
    Import(transfer::Import),
}

/// Which notes to list.
#[derive(Debug, clap::Args)]
pub struct List {
    #[command(flatten)]
    who: Who,
    /// この状態だけ（何度でも）
    #[arg(long, value_name = "GROUP", value_parser = group)]
    group: Vec<Group>,
    /// 氏名・カナ・番号・生年月日にこの文字を含むものだけ
    #[arg(
        long,
        default_value = "",
        hide_default_value = true,
        value_name = "TEXT"
    )]
    text: String,
    /// 氏名を隠さずに出す（書かなければ一部だけ。JSON はいつも全部）
    #[arg(long)]
    names: bool,
    /// JSON で出す（氏名も隠さずに全部）
    #[arg(long)]
    json: bool,
}

/// Which note to show.
#[derive(Debug, clap::Args)]
pub struct Show {
    #[command(flatten)]
    who: Who,
    /// 控えの番号（20261120-0007 など）
    #[arg(value_name = "ID")]
    id: String,
    /// JSON で出す
    #[arg(long)]
    json: bool,
}

/// Which note to cancel, and why.
#[derive(Debug, clap::Args)]
pub struct Cancel {
    #[command(flatten)]
    who: Who,
    /// 控えの番号
    #[arg(value_name = "ID")]
    id: String,
    /// 理由
    #[arg(long, value_name = "TEXT")]
    reason: String,
    /// JSON で出す
    #[arg(long)]
    json: bool,
}

/// A sync.
#[derive(Debug, clap::Args)]
pub struct Sync {
    #[command(flatten)]
    who: Who,
    /// JSON で出す
    #[arg(long)]
    json: bool,
}

fn group(text: &str) -> Result<Group, String> {
    Group::ALL
        .into_iter()
        .find(|group| json::group(*group) == text || group.label() == text)
        .ok_or_else(|| "その状態はありません。".to_owned())
}

impl Command {
    /// Whether a script reads what comes out.
    pub fn as_json(&self) -> bool {
        match self {
            Self::List(args) => args.json,
            Self::Show(args) => args.json,
            Self::Add(args) => args.json,
            Self::Cancel(args) => args.json,
            Self::Sync(args) => args.json,
            Self::Export(args) => args.json,
            Self::Import(args) => args.json,
        }
    }
}

/// Runs it.
pub fn run(common: &Common, command: Command) -> Outcome {
    let settings = common.settings()?;
    match command {
        Command::List(args) => {
            let filter = LedgerFilter {
                follow: false,
                groups: args.group,
                text: args.text,
            };
            let rows = ledger(&settings, &args.who, |client| rows(client, &filter))?;
            if args.json {
                let rows: Vec<Value> = rows.iter().map(json::row).collect();
                print_json(&json!({ "notes": rows }))
            } else {
                let hidden = settings.screens.hide_names && !args.names;
                let line = |row| line(row, hidden);
                print(&rows.iter().map(line).collect::<String>())
            }
        }
        Command::Show(args) => {
            let (note, standing) = ledger(&settings, &args.who, |client| {
                let note = open(client, args.id)?;
                let standing = standing(&settings, client, &note);
                Ok((note, standing))
            })?;
            tell(&note, &standing, args.json)
        }
        Command::Add(args) => {
            let content = Box::new(content(
                &args,
                super::clock(settings.simulated()).now().today(),
            )?);
            let note = session(&settings, &args.who, |client| {
                note(client.ask(|ticket| ToDesk::SaveNote {
                    ticket,
                    content,
                    replaces: None,
                    trial: false,
                    card: None,
                })?)
            })?;
            tell(&note, &[], args.json)
        }
        Command::Cancel(args) => {
            let note = ledger(&settings, &args.who, |client| {
                let open = open(client, args.id)?;
                note(client.ask(|ticket| ToDesk::CancelNote {
                    ticket,
                    id: open.id,
                    revision: open.revision,
                    reason: args.reason,
                })?)
            })?;
            tell(&note, &[], args.json)
        }
        Command::Export(args) => transfer::export(&settings, &args),
        Command::Import(args) => transfer::import(&settings, &args),
        Command::Sync(args) => {
            let json = args.json;
            let notes = ledger(&settings, &args.who, |client| sync(client, !json))?;
            let open: usize = [
                Group::Open,
                Group::Asking,
                Group::NeedsPerson,
                Group::Blocked,
            ]
            .iter()
            .map(|group| notes.get(group).copied().unwrap_or(0))
            .sum();
            if args.json {
                print_json(&json!({ "notes": json::counts(&notes) }))?;
            } else {
                let counts: Vec<String> = notes
                    .iter()
                    .map(|(group, n)| format!("{} {n} 件", group.label()))
                    .collect();
                print(&format!("{}\n", counts.join("、")))?;
            }
            Ok(u8::from(open > 0))
        }
    }
}

/// A session that reads or changes the ledger: a store that cannot be used is
/// told as such, never as a ledger without notes.
fn ledger<T>(
    settings: &Settings,
    who: &Who,
    work: impl FnOnce(&mut Client) -> Result<T, Fail>,
) -> Result<T, Fail> {
    session(settings, who, |client| {
        client.ledger()?;
        work(client)
    })
}

fn rows(client: &mut Client, filter: &LedgerFilter) -> Result<Vec<LedgerRow>, Fail> {
    let mut all = Vec::new();
    loop {
        let answer = client.ask(|ticket| ToDesk::Ledger {
            ticket,
            filter: filter.clone(),
            offset: all.len(),
            limit: PAGE,
        })?;
        let ToFront::Page { page, .. } = answer else {
            return Err(Fail::no("思わぬ返事でした。"));
        };
        let last = page.rows.is_empty();
        all.extend(page.rows);
        if last || all.len() >= page.matching {
            return Ok(all);
        }
    }
}

fn note(answer: ToFront) -> Result<Note, Fail> {
    match answer {
        ToFront::Noted { note, spilled, .. } => {
            if spilled {
                super::say(SPILLED);
            }
            Ok(*note)
        }
        _ => Err(Fail::no("思わぬ返事でした。")),
    }
}

/// Why a note stands where it is, as far as the desk's state says it.
fn standing(settings: &Settings, client: &Client, note: &Note) -> Vec<String> {
    let period = client.status.as_ref().and_then(|status| status.period);
    let today = super::clock(settings.simulated()).now().today();
    wording::explained(note, period, today, &[])
}

fn open(client: &mut Client, id: String) -> Result<Note, Fail> {
    note(client.ask(|ticket| ToDesk::OpenNote {
        ticket,
        id: NoteId(id),
    })?)
}

/// Starts a sync and waits until it has nothing more to do.
fn sync(client: &mut Client, show: bool) -> Result<std::collections::BTreeMap<Group, usize>, Fail> {
    client.say(ToDesk::Sync { run: true });
    // The answer to a question comes after the sync has begun.
    rows(client, &LedgerFilter::default())?;
    let progress::Ended { status, stopped } = progress::follow(client, show)?;
    if stopped {
        return Err(Fail::no(
            "照会を止めました。残りは notes sync か控え帳から続けられます。",
        ));
    }
    if status.line.down() {
        return Err(Fail::unreachable(
            "回線が障害中です。復旧したら自動で照会します。",
        ));
    }
    Ok(status.notes)
}
