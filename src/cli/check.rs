//! `madoguchi check`: the morning check. Every point is looked at, whatever
//! the others say.

mod spill;
mod store;

use super::card::{advice, code};
use super::client::Client;
use super::settings::Settings;
use super::{Common, Outcome, print, print_json};
use crate::card;
use crate::central::call::{Call, Central, Fault};
use crate::central::webapi::{WebApi, inspect};
use crate::clock::Clock;
use crate::domain::time::{clock_text, slash_date};
use crate::link::message::Status;
use crate::link::socket;
use crate::store::audit::anchor::{self, kept::Kept};
use jiff::Timestamp;
use serde_json::json;
use std::time::Duration;

/// Days before the end of the certificate from which it is said.
const SOON: i32 = 30;

/// Longest wait for a word of the desk service.
const PATIENCE: Duration = Duration::from_secs(5);

/// What the check takes.
#[derive(Debug, clap::Args)]
#[command(after_help = "終了コード: 0 すべてよい、1 見るところがある（△ ×）、2 設定に誤りがある")]
pub struct Args {
    /// JSON で出す
    #[arg(long)]
    pub json: bool,
}

/// One point of the check.
struct Point {
    name: &'static str,
    label: &'static str,
    verdict: Verdict,
    text: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Verdict {
    Good,
    Look,
    Bad,
}

impl Verdict {
    fn mark(self) -> &'static str {
        match self {
            Self::Good => "○",
            Self::Look => "△",
            Self::Bad => "×",
        }
    }

    fn code(self) -> &'static str {
        match self {
            Self::Good => "good",
            Self::Look => "look",
            Self::Bad => "bad",
        }
    }
}

/// Looks at everything. Exit code 0: all good; 1: something needs a person;
/// settings that are wrong end before with 2.
pub fn run(common: &Common, args: &Args) -> Outcome {
    let settings = common.settings()?;
    let clock = Clock::start();
    let now = clock.now().wall;
    let asked = ask(&settings);
    let points = [
        keymap(&settings),
        service(&settings, asked.as_ref()),
        store::point_of(&settings, asked.as_ref()),
        spill::point_of(&settings, asked.as_ref()),
        key(&settings),
        audit(&settings),
        reader(),
        certificate(&settings, now),
        line(&settings, clock)?,
        time(now),
    ];
    let worst = points.iter().map(|p| p.verdict).max();
    if args.json {
        let all: Vec<_> = points
            .iter()
            .map(|p| json!({ "name": p.name, "verdict": p.verdict.code(), "text": p.text }))
            .collect();
        print_json(&json!({ "points": all }))?;
    } else {
        let lines: Vec<String> = points
            .iter()
            .map(|p| format!("{} {}  {}\n", p.verdict.mark(), p.label, p.text))
            .collect();
        print(&lines.concat())?;
    }
    Ok(u8::from(worst != Some(Verdict::Good)))
}

fn point(
    name: &'static str,
    label: &'static str,
    verdict: Verdict,
    text: impl Into<String>,
) -> Point {
    Point {
        name,
        label,
        verdict,
        text: text.into(),
    }
}

/// What the running desk service says of itself; `None` if none runs.
fn ask(settings: &Settings) -> Option<Result<Asked, String>> {
    let holder = socket::running(&settings.places.data)?;
    let status = socket::connect(&settings.places.data)
        .map_err(|error| error.to_string())
        .and_then(|end| Client::greet(end, PATIENCE).map_err(|fail| fail.text))
        .and_then(|mut client| {
            client
                .wait_for(|status| !status.store_opening)
                .map_err(|fail| fail.text)
        });
    Some(status.map(|status| Asked { holder, status }))
}

/// A desk service that answered.
struct Asked {
    holder: String,
    status: Status,
}

fn keymap(settings: &Settings) -> Point {
    let (verdict, text) = match &settings.keymap_wrong {
        Some(wrong) => (Verdict::Look, super::keymap::one_line(wrong)),
        None => (Verdict::Good, settings.keymap.name().to_owned()),
    };
    point("keymap", "キー割り当て", verdict, text)
}

fn service(settings: &Settings, asked: Option<&Result<Asked, String>>) -> Point {
    let (name, label) = ("desk", "窓口サービス");
    match asked {
        Some(Ok(Asked { holder, .. })) => point(
            name,
            label,
            Verdict::Good,
            format!("動いています（プロセス {holder}）"),
        ),
        Some(Err(why)) => point(name, label, Verdict::Bad, why.as_str()),
        None => match socket::usable(&settings.places.data) {
            Err(error) => point(name, label, Verdict::Bad, error.to_string()),
            Ok(()) if settings.autostart => point(
                name,
                label,
                Verdict::Good,
                "動いていません（画面を開くと始まります）",
            ),
            Ok(()) => point(
                name,
                label,
                Verdict::Bad,
                "動いていません。systemctl start madoguchi-desk で始めてください。",
            ),
        },
    }
}

fn key(settings: &Settings) -> Point {
    let (name, label) = ("key", "保存先の鍵");
    match super::key::tried(settings) {
        Ok((chosen, None)) => point(name, label, Verdict::Good, chosen),
        Ok((_, Some(doubt))) => point(name, label, Verdict::Look, doubt),
        Err(why) => point(name, label, Verdict::Bad, why),
    }
}

/// Whether the newest anchor of the audit lines still holds: one look at one
/// place; `audit verify` walks them all.
fn audit(settings: &Settings) -> Point {
    let (name, label) = ("audit", "操作の記録");
    let dir = &settings.places.store;
    let newest = match Kept::load(&anchor::path(dir), None) {
        Ok(Some(kept)) if kept.bad() == 0 => kept.anchors.into_iter().max_by_key(|a| a.seq),
        Ok(None) => None,
        Ok(Some(_)) | Err(_) => {
            let text = "照合用の控えを読めません。madoguchi audit verify で確かめてください。";
            return point(name, label, Verdict::Bad, text);
        }
    };
    let Some(newest) = newest else {
        let none = crate::store::walk::segments(&dir.join("journal"));
        if none.is_ok_and(|names| names.is_empty()) {
            let text = "記録はまだありません";
            return point(name, label, Verdict::Good, text);
        }
        let text = "照合用の控え（保存先の隣の store.anchors）がありません。madoguchi audit verify で確かめてください。";
        return point(name, label, Verdict::Bad, text);
    };
    if newest.seq == 0 {
        let text = "照合用の控えは、きょう始めたところです（日の終わりと終了のときに足します）";
        return point(name, label, Verdict::Good, text);
    }
    match anchor::stands(dir, &newest) {
        Ok(true) => point(
            name,
            label,
            Verdict::Good,
            format!("記録 {} まで、照合用の控えのとおりあります", newest.seq),
        ),
        Ok(false) | Err(_) => point(
            name,
            label,
            Verdict::Bad,
            format!(
                "記録 {} が照合用の控えと合いません。madoguchi audit verify で場所を確かめてください。",
                newest.seq
            ),
        ),
    }
}

fn reader() -> Point {
    let (name, label) = ("reader", "読取機");
    match card::status() {
        Ok(readers) => {
            let names: Vec<String> = readers
                .iter()
                .map(|r| crate::text::clean::clean(&r.name))
                .collect();
            point(name, label, Verdict::Good, names.join("、"))
        }
        Err(state) => {
            let text = format!("{}（{}）", advice(&state), code(&state));
            point(name, label, Verdict::Look, text)
        }
    }
}

fn certificate(settings: &Settings, now: Timestamp) -> Point {
    let (name, label) = ("certificate", "電子証明書");
    match inspect(&settings.connection) {
        Ok(until) => {
            let days = (until.duration_since(now).as_hours() / 24) as i32;
            let day = slash_date(crate::domain::time::jst(until).date());
            let verdict = if days < SOON {
                Verdict::Look
            } else {
                Verdict::Good
            };
            let advice = if days < SOON {
                "。更新の手続きをしてください"
            } else {
                ""
            };
            point(
                name,
                label,
                verdict,
                format!("{day} まで（あと {days} 日）{advice}"),
            )
        }
        Err(trouble) => point(name, label, Verdict::Bad, trouble.advice()),
    }
}

fn line(settings: &Settings, clock: Clock) -> Result<Point, std::io::Error> {
    let (name, label) = ("line", "回線");
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let central = WebApi::new(settings.connection.clone());
    let before = clock.now().mono;
    Ok(match runtime.block_on(central.ask(Call::Probe)) {
        Ok(_) => {
            let took = clock.now().mono.saturating_sub(before).as_millis();
            point(
                name,
                label,
                Verdict::Good,
                format!("つながります（{took} ミリ秒）"),
            )
        }
        Err(fault) => point(name, label, Verdict::Bad, words(fault)),
    })
}

fn words(fault: Fault) -> String {
    match fault {
        Fault::Unreachable(cause) => format!("つながりません。{}", cause.advice()),
        Fault::Status { status, .. } => {
            format!("中央システムが混んでいるか止まっています（{status}）。")
        }
        Fault::NoAnswer => "返事を受け取れませんでした。".to_owned(),
        Fault::Garbled(what) => format!("返事を読めません（{what}）。接続先を確かめてください。"),
        Fault::Refused { code, message } => {
            format!("受け付けられませんでした。{message}（{code}）")
        }
        _ => {
            "つながりましたが、断られました。接続先と医療機関コードを確かめてください。".to_owned()
        }
    }
}

fn time(now: Timestamp) -> Point {
    let (name, label) = ("clock", "時計");
    let shown = format!(
        "{} {}",
        slash_date(crate::domain::time::jst(now).date()),
        clock_text(now)
    );
    // Made by the usual time services when they have set the clock.
    let synchronised = [
        "/run/systemd/timesync/synchronized",
        "/run/chrony/chronyd.pid",
        "/run/ntpd.pid",
    ]
    .iter()
    .any(|path| std::path::Path::new(path).exists());
    if synchronised {
        return point(name, label, Verdict::Good, shown);
    }
    let text = format!("{shown}（合わせるサービスが見当たりません。正しいか確かめてください）");
    point(name, label, Verdict::Look, text)
}
