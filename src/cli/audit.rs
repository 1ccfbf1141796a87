//! `madoguchi audit`: the lines of who did what, held against themselves,
//! read out, and their end noted down.
//!
//! The journal is read beside a running desk service and never changed. What
//! is read out is itself a line, written before anything comes out.

mod csv;
mod export;
mod witness;

use super::client::Client;
use super::settings::{KeyChoice, Settings};
use super::{Common, Fail, Outcome, key, print, print_json};
use crate::link::message::{AuditUse, ToDesk};
use crate::link::socket;
use crate::store::audit::anchor::kept::Kept;
use crate::store::audit::anchor::{Anchor, grouped, hex};
use crate::store::audit::{Elsewhere, Report, Waits, What, Wrong, examine, verify as verify_all};
use crate::store::keys;
use crate::store::seal::Seal;
use crate::store::spill::check::{self, Waiting};
use serde_json::json;
use std::fmt::Write as _;
use std::path::PathBuf;
use std::time::Duration;

/// Findings told one by one before only their number is told.
const TOLD: usize = 20;

/// Longest wait for a word of the desk service.
const PATIENCE: Duration = Duration::from_secs(10);

/// What can be done with the lines.
#[derive(Debug, clap::Subcommand)]
pub enum Command {
    /// 操作の記録に、書き換え・欠け・差し込み・入れ替えがないか確かめる
    #[command(
        after_help = "終了コード: 0 異常なし、1 異常あり、4 保存先を読めないか、設定の鍵で中身を確かめられない。\n窓口サービスが動いていても使えます。鍵がなくても、記録のつながりは確かめます（鍵なしで確かめるときは --no-key）。\n記録と照合用の控え（保存先の隣の store.anchors）の両方を、前のある時のものに戻されたときは、別の場所の控え（--anchors）か紙の値（--head、madoguchi audit anchor で出す）と照らさないと分かりません。"
    )]
    Verify(Verify),
    /// 操作の記録を CSV か JSON で書き出す（管理者。書き出したことも記録に残ります）
    Export(export::Args),
    /// 記録の終わりの値を出す（紙などに控え、あとで verify --head で照らす）
    Anchor {
        /// JSON で出す
        #[arg(long)]
        json: bool,
    },
}

/// What to hold the lines against.
#[derive(Debug, clap::Args)]
pub struct Verify {
    /// 別の場所に写しておいた照合用の控え（保存先の隣のものに加えて照らす）
    #[arg(long, value_name = "FILE")]
    anchors: Option<PathBuf>,
    /// 紙に控えた値（番号:値。値は 16 桁以上。何度でも）
    #[arg(long, value_name = "NUMBER:HASH", value_parser = head)]
    head: Vec<Anchor>,
    /// 中身を開かず、つながりだけを確かめる（鍵が要らない）
    #[arg(long)]
    no_key: bool,
    /// JSON で出す
    #[arg(long)]
    json: bool,
}

fn head(text: &str) -> Result<Anchor, String> {
    Anchor::typed(text)
        .ok_or_else(|| "番号:値 の形で、値は 16 進数の 16 桁以上を書いてください".to_owned())
}

impl Command {
    /// Whether a script reads what comes out.
    pub fn as_json(&self) -> bool {
        match self {
            Self::Verify(args) => args.json,
            Self::Export(args) => args.json,
            Self::Anchor { json } => *json,
        }
    }
}

/// Runs it.
pub fn run(common: &Common, command: &Command) -> Outcome {
    let settings = common.settings()?;
    let dir = &settings.places.store;
    if !dir.is_dir() {
        return Err(Fail::store(format!(
            "保存先 {} がありません。--data か設定を確かめてください。",
            dir.display()
        )));
    }
    match command {
        Command::Verify(args) => verify(&settings, args),
        Command::Export(args) => export::run(&settings, args),
        Command::Anchor { json } => {
            let report = examine(dir, &[], None, |_, _| {})?;
            tell_head(&report, *json)
        }
    }
}

/// The store's key; `None` if it would have to be typed, which nobody is asked
/// for where it can be done without.
fn seal(settings: &Settings, asks: bool) -> Result<Option<Seal>, Fail> {
    if !asks && settings.key == KeyChoice::Passphrase {
        return Ok(None);
    }
    let source = key::source(settings)?;
    Ok(Some(keys::seal(&settings.places.store, &source)?))
}

fn verify(settings: &Settings, args: &Verify) -> Outcome {
    let dir = &settings.places.store;
    let (seal, keyless) = if args.no_key {
        (None, None)
    } else {
        match seal(settings, false) {
            Ok(seal) => (seal, None),
            // The chain can be held together all the same.
            Err(fail) => (None, Some(fail.text)),
        }
    };
    let copy = args.anchors.as_ref().map(|file| {
        let shown = file.display();
        let kept = Kept::load(file, seal.as_ref())
            .map_err(|_| Fail::usage(format!("照合用の控え {shown} を読めません。")))?;
        kept.ok_or_else(|| Fail::usage(format!("照合用の控え {shown} がありません。")))
    });
    let copy = copy.transpose()?;
    // Examined first: what is taken in meanwhile is found in the journal.
    let spill = spill(settings, seal.is_some());
    // Asked before the files are read: both grow.
    let witness = witness::of(settings, seal.as_ref());
    let elsewhere = Elsewhere {
        copy: copy.as_ref(),
        heads: &args.head,
        witness: witness.as_deref(),
        spill: spill.as_ref(),
    };
    let report = verify_all(dir, seal.as_ref(), &elsewhere)?;
    let noted = note(settings, report.wrong.len() as u64);
    if args.json {
        print_json(&document(&report, keyless.as_deref(), spill.is_some()))?;
    } else {
        let mut text = words(&report);
        if let Some(spill) = &spill {
            text.push_str(&waiting(spill, &report));
        }
        if let Some(why) = &keyless {
            let _ = writeln!(
                text,
                "設定の鍵を使えないので、中身と、照合用の控えの印は確かめていません。{why}"
            );
        } else if !report.opened {
            text.push_str("中身は開かずに確かめました。照合用の控えの印は確かめていません。\n");
        }
        if !noted {
            text.push_str("窓口サービスが動いていないので、検証したことは記録に残していません。\n");
        }
        print(&text)?;
    }
    // Contents that should have been checked and were not are no "異常なし".
    Ok(match (report.wrong.is_empty(), keyless) {
        (false, _) => 1,
        (true, Some(_)) => 4,
        (true, None) => 0,
    })
}

/// What waits beside the store; opened where the store's key is at hand.
fn spill(settings: &Settings, keyed: bool) -> Option<Waiting> {
    let source = keyed.then(|| key::source(settings).ok()).flatten();
    let source = source.map(|source| key::actual(settings, source));
    check::examine(&settings.places.spill, source.as_ref())
}

/// What waits is no part of the journal yet.
fn waiting(spill: &Waiting, report: &Report) -> String {
    let Waits { folders, records } = &report.waits;
    let places = folders.join("、");
    if *records == 0 {
        return String::new();
    }
    if !report.opened {
        return format!(
            "予備の場所 {places} に、記録が {records} 件あります（検査値とつながりだけを確かめました。もう控え帳に入っているかは、鍵がないので確かめていません）。\n"
        );
    }
    let checked = if spill.flaws.iter().any(|(_, flaw)| flaw.of_tally()) {
        "封・検査値・つながりを確かめました。照合用の一覧には、確かめられないものがあります"
    } else {
        "封・検査値・つながりと、照合用の一覧は確かめました"
    };
    format!(
        "予備の場所 {places} に、まだ控え帳に入れていない記録が {records} 件あります（{checked}。控え帳に入るまで、操作の記録としては照合できません）。\n"
    )
}

/// Leaves a line of it, if a desk service is there to write one: a store that
/// is examined is not opened, which would mend it first.
fn note(settings: &Settings, findings: u64) -> bool {
    if socket::running(&settings.places.data).is_none() {
        return false;
    }
    let asked = socket::connect(&settings.places.data)
        .map_err(|error| Fail::unreachable(error.to_string()))
        .and_then(|end| Client::greet(end, PATIENCE))
        .and_then(|mut client| {
            let done = AuditUse::Verify { findings };
            client.ask(|ticket| ToDesk::Audit { ticket, done })
        });
    asked.is_ok()
}

fn words(report: &Report) -> String {
    let mut text = String::new();
    let Report {
        records,
        last,
        held,
        ..
    } = report;
    if report.wrong.is_empty() {
        let _ = writeln!(text, "操作の記録 {records} 件に異常はありません。");
    } else {
        let _ = writeln!(
            text,
            "操作の記録に異常が {} か所あります。",
            report.wrong.len()
        );
        for wrong in report.wrong.iter().take(TOLD) {
            let _ = writeln!(text, "  {wrong}");
        }
        if report.wrong.len() > TOLD {
            let _ = writeln!(text, "  ほか {} か所", report.wrong.len() - TOLD);
        }
        if let Some(from) = report.lost_from {
            let _ = if from > 1 {
                writeln!(
                    text,
                    "記録 {} までは確かです。記録 {from} から先は、そのままでは信じられません。",
                    from - 1
                )
            } else {
                writeln!(text, "確かだと言える記録はありません。")
            };
        }
        text.push_str(
            "保存先と照合用の控えを別の媒体に写し、システム業者と責任者に知らせてください。\n",
        );
    }
    if report.unfinished > 0 {
        let _ = writeln!(
            text,
            "終わりに書きかけの {} バイトがあります（書いている途中か、停電のあとです）。",
            report.unfinished
        );
    }
    if *held > 0 {
        let _ = writeln!(text, "記録 {held} まで、照合用の控えと合っています。");
    }
    // A finding may say already that the end is gone.
    let cut = |wrong: &Wrong| matches!(wrong.what, What::Cut { .. });
    let from = (*held).max(report.known) + 1;
    if !report.end && from <= *last {
        let _ = writeln!(
            text,
            "記録 {from} から後は照合できません（終わりから切り取られていても分かりません）。"
        );
    } else if !report.end && !report.wrong.iter().any(cut) {
        let _ = writeln!(
            text,
            "記録 {last} のあとにまだ記録があったかどうかは、照合できません（終わりの値を控えずに、窓口サービスが終わっています）。"
        );
    }
    if *last > 0 {
        let _ = writeln!(text, "終わりの値 {last}:{}", grouped(&report.head));
    }
    text
}

fn document(report: &Report, keyless: Option<&str>, spill: bool) -> serde_json::Value {
    let wrong: Vec<_> = report
        .wrong
        .iter()
        .map(|wrong| {
            let (from, to) = wrong.range();
            let ids: Vec<&str> = wrong.notes.iter().map(|id| id.0.as_str()).collect();
            json!({
                "what": wrong.code(), "segment": wrong.segment, "offset": wrong.offset,
                "from": from, "to": to, "text": wrong.to_string(), "notes": ids,
            })
        })
        .collect();
    json!({
        "records": report.records,
        "unfinished": report.unfinished,
        "opened": report.opened,
        "key-trouble": keyless,
        "last": report.last,
        "head": hex(&report.head),
        "anchors": report.anchors,
        "anchors-checked": report.opened,
        "anchored-to": report.held,
        "known-to": report.known,
        "end-checked": report.end,
        "lost-from": report.lost_from,
        "waiting": spill.then(|| json!({
            "folders": report.waits.folders, "records": report.waits.records,
        })),
        "findings": wrong,
    })
}

fn tell_head(report: &Report, as_json: bool) -> Outcome {
    if report.last == 0 {
        return Err(Fail::no("記録がまだありません。"));
    }
    if as_json {
        return print_json(&json!({ "last": report.last, "head": hex(&report.head) }));
    }
    let head = grouped(&report.head);
    print(&format!("{}:{head}\n", report.last))
}
