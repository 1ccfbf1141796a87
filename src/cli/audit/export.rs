//! `madoguchi audit export`: the lines, chosen by day, person and note.

use super::super::client::{Who, session};
use super::super::lookup::date;
use super::super::settings::Settings;
use super::super::{Fail, Outcome, clock, key, print};
use super::{csv, seal};
use crate::domain::entry::Purpose;
use crate::domain::time::jst;
use crate::front::run::origin;
use crate::link::message::{AuditUse, ToDesk};
use crate::link::{reason, socket};
use crate::store::Store;
use crate::store::audit::line::{Line, Teller};
use crate::store::audit::{examine, opener};
use crate::store::record::{Record, What};
use jiff::civil::Date;
use serde_json::json;
use std::fs::OpenOptions;
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::PathBuf;

/// What to read out, and where to.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// この日から（日本の日付）
    #[arg(long, value_name = "DATE")]
    from: Option<String>,
    /// この日まで
    #[arg(long, value_name = "DATE")]
    to: Option<String>,
    /// このユーザIDの行だけ
    #[arg(long, value_name = "ID")]
    user: Option<String>,
    /// この控えの行だけ
    #[arg(long, value_name = "ID")]
    note: Option<String>,
    /// 書き出す人（管理）のユーザID。窓口サービスが動いているときに要る（動いていないときは使えない）
    #[arg(long = "as", value_name = "ID")]
    who: Option<String>,
    /// ほかでログイン中でも強制的にログインする
    #[arg(long)]
    force: bool,
    /// 画面ではなくこのファイルに書く（本人だけが読める）
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// JSON で出す
    #[arg(long)]
    pub json: bool,
}

/// Which lines.
struct Wanted<'a> {
    from: Option<Date>,
    to: Option<Date>,
    user: Option<&'a str>,
    note: Option<&'a str>,
}

impl Wanted<'_> {
    fn fits(&self, line: &Line) -> bool {
        let day = jst(line.at).date();
        self.from.is_none_or(|from| from <= day)
            && self.to.is_none_or(|to| day <= to)
            && self.user.is_none_or(|user| user == line.user)
            && self.note.is_none_or(|note| note == line.note)
    }
}

/// Reads the lines out, after that has become a line itself.
pub fn run(settings: &Settings, args: &Args) -> Outcome {
    let today = clock(settings.simulated()).now().today();
    let day = |option: &str, text: &Option<String>| {
        text.as_ref()
            .map(|text| date(option, text, Purpose::Check, today))
            .transpose()
    };
    let wanted = Wanted {
        from: day("--from", &args.from)?,
        to: day("--to", &args.to)?,
        user: args.user.as_deref(),
        note: args.note.as_deref(),
    };
    if let (Some(from), Some(to)) = (wanted.from, wanted.to)
        && to < from
    {
        return Err(Fail::usage("--to が --from より前です。"));
    }
    // A passphrase is asked for before anything is written down.
    let seal = seal(settings, true)?
        .ok_or_else(|| Fail::store("鍵がないので、記録の中身を読めません。"))?;
    permit(settings, args)?;
    let open = opener(&seal);
    let mut teller = Teller::default();
    let mut lines = Vec::new();
    let report = examine(
        &settings.places.store,
        &[],
        Some(&open),
        |header, content| {
            let line = teller.line(header, content);
            if wanted.fits(&line) {
                lines.push(line);
            }
        },
    )?;
    let text = if args.json {
        let all: Vec<_> = lines.iter().map(document).collect();
        format!("{:#}\n", json!({ "lines": all }))
    } else {
        let rows: String = lines.iter().map(csv::row).collect();
        format!("{}{rows}", csv::HEAD)
    };
    match &args.out {
        None => print(&text)?,
        Some(file) => {
            save(file, &text)?;
            super::super::say(&format!(
                "{} 行を {} に書きました。",
                lines.len(),
                file.display()
            ));
            0
        }
    };
    if report.wrong.is_empty() {
        return Ok(0);
    }
    super::super::say(
        "操作の記録に異常があります。madoguchi audit verify で場所を確かめてください。",
    );
    Ok(1)
}

/// The desk service lets an administrator. Where none runs, nobody can be
/// asked who they are: the line names the user of the operating system.
fn permit(settings: &Settings, args: &Args) -> Result<(), Fail> {
    if socket::running(&settings.places.data).is_some() {
        let user = args.who.clone().ok_or_else(|| {
            Fail::usage("窓口サービスが動いています。管理のユーザIDを --as で指定してください。")
        })?;
        let who = Who::new(user, args.force);
        return session(settings, &who, |client| {
            client.ledger()?;
            let done = AuditUse::Export;
            client
                .ask(|ticket| ToDesk::Audit { ticket, done })
                .map(drop)
                .map_err(|fail| match fail.word {
                    "not-allowed" => Fail::no(
                        "操作の記録を書き出せるのは、管理とマスタのアカウントだけです。--as のユーザIDを確かめてください。",
                    )
                    .called("not-allowed"),
                    _ => fail,
                })
        });
    }
    if args.who.is_some() {
        return Err(Fail::usage(
            "窓口サービスが動いていないので、--as の人を確かめられません。--as なしで実行すると、この機械の OS の利用者として記録に残します。",
        ));
    }
    let now = clock(settings.simulated()).now().wall;
    let source = key::source(settings)?;
    let (store, _) = Store::open(&settings.places.store, &source, now)?;
    let mut store = store.keep_anchors();
    let uid = rustix::process::getuid().as_raw();
    store.append(&Record {
        at: now,
        by: String::new(),
        desk: settings.desk.clone(),
        origin: origin(),
        ends: None,
        what: What::AuditExportedHere {
            uid,
            name: login_name(uid).unwrap_or_default(),
        },
        anchors: None,
    })?;
    store.end();
    for remark in store.take_remarks() {
        super::super::say(&remark.text);
    }
    Ok(())
}

/// The name of a user of this machine, where its own list has it; the
/// environment could say anything.
fn login_name(uid: u32) -> Option<String> {
    let users = std::fs::read_to_string("/etc/passwd").ok()?;
    users.lines().find_map(|line| {
        let mut parts = line.split(':');
        let name = parts.next()?;
        (parts.nth(1)?.parse() == Ok(uid)).then(|| crate::text::clean::clean(name))
    })
}

fn save(file: &std::path::Path, text: &str) -> Result<(), Fail> {
    let written = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(file)
        .and_then(|mut out| {
            out.write_all(text.as_bytes())?;
            out.sync_all()
        });
    written.map_err(|error| {
        let why = if error.kind() == std::io::ErrorKind::AlreadyExists {
            "もうあります。別の名前にしてください".to_owned()
        } else {
            reason(&error)
        };
        Fail::no(format!("{} に書けません（{why}）。", file.display()))
    })
}

fn document(line: &Line) -> serde_json::Value {
    json!({
        "seq": line.seq,
        "at": jst(line.at).strftime("%Y-%m-%dT%H:%M:%S%.6f+09:00").to_string(),
        "desk": line.desk,
        "user": line.user,
        "origin": line.origin,
        "action": line.action,
        "note": line.note,
        "result": line.result,
        "insurer": line.numbers.insurer,
        "number": line.numbers.number,
        "hash": line.hash,
    })
}
