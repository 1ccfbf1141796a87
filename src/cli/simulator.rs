//! `madoguchi simulator`: the stand-ins for the central system, as a server,
//! and for cards, on a virtual reader.

mod card;

use super::settings::paths;
use super::{Common, Fail, Outcome, print};
use crate::link::reason;
use crate::simulator::control;
use crate::simulator::core::Core;
use crate::simulator::fixtures::Fixtures;
use crate::simulator::people::generate;
use crate::simulator::server::{Ready, serve};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use tokio::signal::unix::{SignalKind, signal};

/// What can be set, for the help.
const SETTINGS: &str = "\
設定できるもの:
  outage=on|off            接続を断る
  blackhole=on|off         受けて返事をしない
  delay=3s|500ms|0         返事を遅らせる
  status=503|off           この HTTP 状態で返す（400 から 599）
  retry-after=30|文|off    そのときの Retry-After
  cutoff=on|off            返事の途中で切る
  garbage=on|off           返事でないものを返す
  answer=WORD|off          返事を変える
      lost 行って返事だけなくす、slow-head・slow-body 一文字ずつ、big 終わらない、
      gzip 圧縮、twice 二度、swapped 前の問いの返事、stranger 別の患者の返事、
      types 型の誤り、unknown 知らない資格の符号、control 制御文字
  expire-tokens=now        今あるログインを終わらせる
  outage-function=2026-11-20..2026-11-25|off   緊急時の機能の期間
  notice=文                お知らせを出す
  lock=ID、unlock=ID       アカウントをロックする、解除する";

/// What can be done with it.
#[derive(Debug, clap::Subcommand)]
pub enum Command {
    /// 模擬の中央システムを動かす（接続先と証明書の場所を出す）
    Central(Central),
    /// 動いている模擬の中央システムに障害や期間を設定する
    #[command(after_help = SETTINGS)]
    Set(Set),
    /// 作り物のカードを仮想の読取機（vpcd）に置く
    #[command(after_help = card::HELP)]
    Card(card::Args),
}

/// A stand-in to run.
#[derive(Debug, clap::Args)]
pub struct Central {
    /// 待ち受けるアドレス（ポート 0 は空いているもの）
    #[arg(long, default_value = "127.0.0.1:8443", value_name = "ADDR")]
    listen: SocketAddr,
    /// 人・アカウントのファイルのフォルダー（なければ組み込みの見本）
    #[arg(long, value_name = "DIR")]
    fixtures: Option<PathBuf>,
    /// 見本のほかに作る人の数
    #[arg(long, default_value_t = 0, value_name = "N", value_parser = clap::value_parser!(u32).range(0..=200_000))]
    people: u32,
    /// 乱数の種
    #[arg(long, default_value_t = 7, value_name = "N")]
    seed: u64,
}

/// What to set on a running one.
#[derive(Debug, clap::Args)]
pub struct Set {
    /// outage=on、delay=3s、status=503、answer=swapped、outage-function=2026-11-20..2026-11-25 など
    #[arg(required = true, value_name = "KEY=VALUE")]
    settings: Vec<String>,
}

/// Runs a command of the stand-in.
pub fn run(common: &Common, command: Command) -> Outcome {
    let state = common
        .data
        .clone()
        .unwrap_or_else(paths::data)
        .join("simulator");
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()?;
    match command {
        Command::Central(args) => runtime.block_on(central(&args, &state)),
        Command::Card(args) => runtime.block_on(card::run(&args)),
        Command::Set(args) => {
            let sent =
                runtime.block_on(control::send(&state.join(control::SOCKET), &args.settings));
            sent.map(|()| 0).map_err(|untaken| match untaken {
                control::Untaken::Wrong(why) => Fail::usage(why),
                control::Untaken::Away(why) => Fail::unreachable(why),
            })
        }
    }
}

async fn central(args: &Central, state: &Path) -> Outcome {
    let fixtures = match &args.fixtures {
        Some(dir) => Fixtures::load(dir).map_err(|error| Fail::usage(error.to_string()))?,
        None => Fixtures::built_in(),
    };
    let population = generate(args.people as usize, args.seed);
    let core = Core::new(fixtures, population, args.seed);
    let (known, code) = (core.people(), core.facility().code.clone());
    let mut ends = [
        signal(SignalKind::terminate())?,
        signal(SignalKind::interrupt())?,
    ];
    let engine = Arc::new(Mutex::new(core));
    let running = serve(args.listen, state, engine, super::clock(true))
        .await
        .map_err(|error| {
            Fail::unreachable(format!("{} で待ち受けられません（{}）。別のアドレスかポートを --listen で指定してください。", args.listen, reason(&error)))
        })?;
    print(&introduction(running.ready(), known, &code))?;
    let [terminate, interrupt] = &mut ends;
    tokio::select! {
        _ = terminate.recv() => Ok(0),
        _ = interrupt.recv() => Ok(0),
        ended = running.wait() => {
            ended?;
            Ok(0)
        }
    }
}

/// The address, and what the settings of a desk need.
fn introduction(ready: &Ready, people: usize, code: &str) -> String {
    format!(
        "模擬の中央システムが動いています（{people} 人）。Ctrl+C で終わります。\n\
         address = \"{}\"\n\
         \n\
         # 窓口の設定に書く内容\n\
         [facility]\n\
         name = \"サンプル医療機関\"\n\
         code = \"{code}\"\n\
         \n\
         [central]\n\
         url = \"https://localhost:{}\"\n\
         ca = \"{}\"\n\
         certificate = \"{}\"\n\
         key = \"{}\"\n\
         extensions = true\n",
        ready.address,
        ready.address.port(),
        ready.ca.display(),
        ready.certificate.display(),
        ready.key.display(),
    )
}
