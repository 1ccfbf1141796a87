//! `madoguchi notes`: the ledger for scripts and for hands without a screen.

mod progress;

use super::client::{Client, Who, session};
use super::lookup::{Numbers, date};
use super::settings::Settings;
use super::{Common, Fail, Outcome, json, print, print_json};
use crate::domain::entry::Purpose;
use crate::domain::note::{Group, Note, NoteContent, NoteId};
use crate::domain::person::Sex;
use crate::domain::time::{jst, slash_date};
use crate::link::message::{LedgerFilter, LedgerRow, ToDesk, ToFront};
use crate::text::{cells, clean, fold};
use jiff::civil::Date;
use serde_json::{Value, json};
use std::fmt::Write as _;

/// Rows asked for at once.
const PAGE: usize = 200;

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
    /// JSON で出す
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

/// A note to take.
#[derive(Debug, clap::Args)]
pub struct Add {
    #[command(flatten)]
    who: Who,
    #[command(flatten)]
    numbers: Numbers,
    /// 氏名
    #[arg(long, default_value = "", hide_default_value = true)]
    name: String,
    /// 氏名（カナ）
    #[arg(long, default_value = "", hide_default_value = true)]
    kana: String,
    /// 生年月日
    #[arg(long, value_name = "DATE")]
    birth_date: String,
    /// 性別: 1 男、2 女、3 未設定
    #[arg(long, value_name = "1|2|3", value_parser = ["1", "2", "3"])]
    sex: Option<String>,
    /// 住所
    #[arg(long, default_value = "", hide_default_value = true)]
    address: String,
    /// 保険者名
    #[arg(long, default_value = "", hide_default_value = true)]
    insurer_name: String,
    /// 受診した日（書かなければ今日）
    #[arg(long, value_name = "DATE")]
    visit_date: Option<String>,
    /// 限度額情報の提供に同意している
    #[arg(long)]
    limit_consent: bool,
    /// 照会番号
    #[arg(long, default_value = "", hide_default_value = true)]
    reference: String,
    /// 電話
    #[arg(long, default_value = "", hide_default_value = true)]
    telephone: String,
    /// 見せたもの
    #[arg(long, default_value = "", hide_default_value = true)]
    evidence: String,
    /// 負担
    #[arg(long, default_value = "", hide_default_value = true)]
    burden: String,
    /// 覚え書き
    #[arg(long, default_value = "", hide_default_value = true)]
    remark: String,
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
                print(&rows.iter().map(line).collect::<String>())
            }
        }
        Command::Show(args) => {
            let note = ledger(&settings, &args.who, |client| open(client, args.id))?;
            tell(&note, args.json)
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
                })?)
            })?;
            tell(&note, args.json)
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
            tell(&note, args.json)
        }
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
        client.store()?;
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
        ToFront::Noted { note, .. } => Ok(*note),
        _ => Err(Fail::no("思わぬ返事でした。")),
    }
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

fn content(args: &Add, today: Date) -> Result<NoteContent, Fail> {
    let text = |text: &str| clean::clean(text).trim().to_owned();
    Ok(NoteContent {
        name: text(&args.name),
        kana: fold::katakana(&text(&args.kana)),
        birth_date: date("--birth-date", &args.birth_date, Purpose::Birth, today)?,
        sex: args.sex.as_deref().and_then(Sex::from_code),
        address: text(&args.address),
        insurer_name: text(&args.insurer_name),
        visit_date: match &args.visit_date {
            Some(text) => date("--visit-date", text, Purpose::Check, today)?,
            None => today,
        },
        insurance: args.numbers.read(),
        limit_consent: args.limit_consent,
        reference: text(&args.reference),
        telephone: text(&args.telephone),
        evidence: text(&args.evidence),
        burden: text(&args.burden),
        remark: text(&args.remark),
        evidence_code: String::new(),
        declaration: None,
    })
}

fn tell(note: &Note, as_json: bool) -> Outcome {
    if as_json {
        return print_json(&json!({ "note": json::note(note) }));
    }
    let mut out = String::new();
    let content = &note.content;
    let sex = content.sex.map_or("", Sex::label);
    let numbers = content
        .insurance
        .as_ref()
        .map(|n| format!("{} / {} / {} / {}", n.insurer, n.symbol, n.number, n.branch));
    let birth = slash_date(content.birth_date);
    let visit = slash_date(content.visit_date);
    for (label, value) in [
        ("控え", note.id.0.as_str()),
        ("状態", note.state.label().as_str()),
        ("氏名", content.name.as_str()),
        ("氏名(カナ)", content.kana.as_str()),
        ("生年月日", birth.as_str()),
        ("性別", sex),
        ("住所", content.address.as_str()),
        ("保険者名", content.insurer_name.as_str()),
        ("保険証の番号", numbers.as_deref().unwrap_or("")),
        ("資格確認日", visit.as_str()),
        ("照会番号", content.reference.as_str()),
        ("電話", content.telephone.as_str()),
        ("見せたもの", content.evidence.as_str()),
        ("負担", content.burden.as_str()),
        ("覚え書き", content.remark.as_str()),
    ] {
        if !value.is_empty() {
            let _ = writeln!(out, "{label}: {}", clean::clean(value));
        }
    }
    for step in &note.history {
        let at = jst(step.at);
        let _ = writeln!(
            out,
            "  {} {:02}:{:02} {} {}",
            slash_date(at.date()),
            at.hour(),
            at.minute(),
            step.by,
            step.text
        );
    }
    print(&out)
}

fn line(row: &LedgerRow) -> String {
    let taken = jst(row.taken);
    let padded = |text: &str, width: usize| {
        let text = cells::cut(text, width).to_owned();
        let blanks = width.saturating_sub(cells::cells(&text));
        text + &" ".repeat(blanks)
    };
    format!(
        "{}  {:02}:{:02}  {}  {}  {}  {}\n",
        row.id,
        taken.hour(),
        taken.minute(),
        padded(&row.name, 20),
        slash_date(row.birth_date),
        padded(&row.state, 12),
        row.next
    )
}
