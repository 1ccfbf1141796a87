//! `madoguchi simulator card`: an invented card on a virtual reader, changed
//! by hand.

use crate::cli::{Fail, Outcome, print};
use crate::link::reason;
use crate::simulator::card::vpcd::{Attached, attach};
use crate::simulator::card::{DEFAULT, Machine, Rack, Trip};
use crate::simulator::fixtures::nearest;
use crate::text::clean::clean;
use std::collections::BTreeMap;
use std::fmt::Write;
use std::io::BufRead;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

/// What can be typed while it runs, for the help.
pub const HELP: &str = "\
動いている間に打てるもの:
  card NAME   別のカードに替える（ひと息に入れ替わる）
  remove      カードを離す
  card        離したカードを戻す
  asked       カードが受けた命令の数と、触れてはいけないものに触れた命令
  list        カードの一覧
  quit        終わる（Ctrl+C でも）

用意するもの（Debian）:
  sudo apt-get install pcscd vsmartcard-vpcd
  vpcd の口は既定で 127.0.0.1:35963 です。";

/// How often a lost slot is looked for.
const AGAIN: Duration = Duration::from_secs(1);

/// A card to put down.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// カードの名前（--list で一覧）
    #[arg(long, default_value = DEFAULT, value_name = "NAME")]
    card: String,
    /// vpcd の口
    #[arg(long, default_value = "127.0.0.1:35963", value_name = "ADDR")]
    vpcd: SocketAddr,
    /// 1 命令にかける時間（ミリ秒）
    #[arg(long, value_name = "MS", value_parser = clap::value_parser!(u16).range(0..=60_000))]
    delay: Option<u16>,
    /// カードのファイルのフォルダー（その中の cards を読む。なければ組み込みの見本）
    #[arg(long, value_name = "DIR")]
    fixtures: Option<PathBuf>,
    /// カードの一覧を出して終わる
    #[arg(long)]
    list: bool,
}

/// Runs until it is ended.
pub async fn run(args: &Args) -> Outcome {
    let today = crate::cli::clock(true).now().today();
    let rack = match &args.fixtures {
        Some(dir) => Rack::load(dir, today).map_err(|error| Fail::usage(error.to_string()))?,
        None => Rack::built_in(today),
    };
    if args.list {
        return print(&list(&rack));
    }
    let mut ends = [
        signal(SignalKind::terminate())?,
        signal(SignalKind::interrupt())?,
    ];
    let mut table = Table {
        rack,
        slot: args.vpcd,
        delay: args
            .delay
            .map(|delay| Duration::from_millis(u64::from(delay))),
        drawer: BTreeMap::new(),
        lying: None,
        last: args.card.clone(),
        lost: false,
    };
    if !table.knows(&args.card) {
        return Err(Fail::usage(table.unknown(&args.card)));
    }
    let first = table.put(&args.card).map_err(|error| {
        Fail::unreachable(format!(
            "{} の vpcd につながりません（{}）。pcscd と vsmartcard-vpcd を入れて動かし、口を --vpcd で指定してください。",
            args.vpcd,
            reason(&error)
        ))
    })?;
    print(&first)?;
    print("card NAME で替え、remove で離し、quit か Ctrl+C で終わります。\n")?;
    let mut lines = typed();
    let [terminate, interrupt] = &mut ends;
    let mut again = tokio::time::interval(AGAIN);
    let mut open = true;
    loop {
        let said = tokio::select! {
            _ = terminate.recv() => break,
            _ = interrupt.recv() => break,
            line = lines.recv(), if open => match line {
                Some(line) if matches!(line.trim(), "quit" | "exit" | "q") => break,
                Some(line) => table.obey(&line),
                None => {
                    open = false;
                    String::new()
                }
            },
            _ = again.tick() => table.look(),
        };
        print(&said)?;
    }
    print(&table.take())
}

/// Lines from standard input; a thread of its own waits for them and ends
/// with the process.
fn typed() -> UnboundedReceiver<String> {
    let (sender, receiver) = unbounded_channel();
    std::thread::spawn(move || {
        for line in std::io::stdin().lock().lines().map_while(Result::ok) {
            if sender.send(line).is_err() {
                break;
            }
        }
    });
    receiver
}

fn list(rack: &Rack) -> String {
    let width = rack.names().map(str::len).max().unwrap_or_default();
    let mut text = String::new();
    for name in rack.names() {
        let about = rack.facts(name).map(|facts| facts.about);
        let _ = writeln!(
            text,
            "{name:<width$}  {}",
            clean(&about.unwrap_or_default())
        );
    }
    text
}

/// The cards that were used, and the one that lies there.
struct Table {
    rack: Rack,
    slot: SocketAddr,
    delay: Option<Duration>,
    /// Cards that were taken away: their tries stay as they are.
    drawer: BTreeMap<String, Machine>,
    lying: Option<Attached>,
    last: String,
    /// The slot is gone, and its coming back is waited for.
    lost: bool,
}

impl Table {
    fn knows(&self, name: &str) -> bool {
        self.rack.names().any(|known| known == name)
    }

    fn unknown(&self, name: &str) -> String {
        let hint = nearest(name, self.rack.names())
            .map(|near| format!("「{near}」ではありませんか。"))
            .unwrap_or_default();
        format!(
            "「{}」というカードはありません。{hint}使えるカード:\n{}",
            clean(name),
            list(&self.rack)
        )
    }

    fn obey(&mut self, line: &str) -> String {
        let mut words = line.split_whitespace();
        match (words.next(), words.next(), words.next()) {
            (None, ..) => String::new(),
            (Some("card"), name, None) => {
                let name = name.unwrap_or(&self.last).to_owned();
                if !self.knows(&name) {
                    return self.unknown(&name);
                }
                self.put(&name).unwrap_or_else(|error| {
                    format!(
                        "カードを置けません（{}）。vpcd が動いているか確かめてください。\n",
                        reason(&error)
                    )
                })
            }
            (Some("remove"), None, _) => self.take(),
            (Some("list"), None, _) => list(&self.rack),
            (Some("asked"), None, _) => self.asked(),
            _ => "打てるのは card NAME、remove、asked、list、quit です。\n".to_owned(),
        }
    }

    /// Puts a card down, in place of the one that lies there.
    fn put(&mut self, name: &str) -> std::io::Result<String> {
        // The same card again has first to be in the hand.
        if self
            .lying
            .as_ref()
            .is_some_and(|it| it.machine().name() == name)
        {
            self.take();
        }
        let kept = self.drawer.remove(name);
        let Some(mut machine) = kept.or_else(|| self.rack.named(name)) else {
            return Ok(self.unknown(name));
        };
        if let Some(delay) = self.delay {
            machine.manner_mut().delay = delay;
        }
        let attached = match self.lying.take() {
            Some(other) => other.swap(self.slot, machine).map(|(gone, attached)| {
                self.drawer.insert(gone.name().to_owned(), gone);
                attached
            }),
            None => attach(self.slot, machine),
        }?;
        self.lying = Some(attached);
        name.clone_into(&mut self.last);
        self.lost = false;
        let about = self.rack.facts(name).map(|facts| facts.about);
        Ok(format!(
            "カード {name} を {} に置きました。{}\n",
            self.slot,
            clean(&about.unwrap_or_default())
        ))
    }

    fn take(&mut self) -> String {
        let Some(attached) = self.lying.take() else {
            return "カードはありません。\n".to_owned();
        };
        let machine = attached.pull();
        let said = format!("カード {} を離しました。\n", machine.name());
        self.drawer.insert(machine.name().to_owned(), machine);
        said
    }

    /// Whether the card still lies there; if the service went away, whether
    /// it is back.
    fn look(&mut self) -> String {
        if self.lost {
            let last = self.last.clone();
            return self.put(&last).unwrap_or_default();
        }
        if !self.lying.as_ref().is_some_and(Attached::ended) {
            return String::new();
        }
        let left = self
            .lying
            .as_ref()
            .is_some_and(|it| !it.machine().lies_there());
        let said = self.take();
        if left {
            return format!("{said}（このカードは自分から離れます）\n");
        }
        self.lost = true;
        "vpcd との線が切れました。つながるのを待っています。\n".to_owned()
    }

    fn asked(&self) -> String {
        let Some(attached) = &self.lying else {
            return "カードはありません。\n".to_owned();
        };
        let machine = attached.machine();
        let mut said = format!("{} 命令を受けました。\n", machine.log().len());
        for asked in machine.trips() {
            let what = asked.trip.map(Trip::label).unwrap_or_default();
            let [cla, ins, p1, p2] = [asked.cla, asked.ins, asked.p1, asked.p2];
            let _ = writeln!(
                said,
                "触れてはいけないもの: {what}（{cla:02X} {ins:02X} {p1:02X} {p2:02X}）"
            );
        }
        said
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn table(slot: SocketAddr) -> Table {
        Table {
            rack: Rack::built_in(date(2026, 11, 20)),
            slot,
            delay: None,
            drawer: BTreeMap::new(),
            lying: None,
            last: DEFAULT.to_owned(),
            lost: false,
        }
    }

    #[test]
    fn a_wrong_name_is_answered_with_the_nearest_and_the_list() {
        let mut table = table("127.0.0.1:9".parse().unwrap());
        let said = table.obey("card tarou");
        assert!(said.starts_with("「tarou」というカードはありません。「taro」ではありませんか。"));
        assert!(said.contains("\nhanako "));
        assert!(!table.obey("card \u{1b}[2J").contains('\u{1b}'));
        let help = "打てるのは card NAME、remove、asked、list、quit です。\n";
        assert_eq!(table.obey("eject"), help);
        assert_eq!(table.obey("remove now"), help);
        assert_eq!(table.obey("  "), "");
        assert_eq!(table.obey("remove"), "カードはありません。\n");
        assert_eq!(table.obey("asked"), "カードはありません。\n");
    }

    #[test]
    fn cards_are_changed_and_their_tries_stay() {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let mut table = table(address);
        assert!(table.obey("card hanako").starts_with("カード hanako を"));
        {
            let mut machine = table.lying.as_ref().unwrap().machine();
            machine.power_on();
            machine.step(&[0x00, 0xA4, 0x04, 0x0C, 0x07, 0xA0, 0, 0, 1, 0x51, 0, 0]);
        }
        assert_eq!(table.obey("asked"), "1 命令を受けました。\n");
        assert!(table.obey("card taro").starts_with("カード taro を"));
        assert_eq!(table.obey("asked"), "0 命令を受けました。\n");
        assert_eq!(table.obey("remove"), "カード taro を離しました。\n");
        assert!(table.obey("card hanako").starts_with("カード hanako を"));
        assert_eq!(table.obey("asked"), "1 命令を受けました。\n");
        assert!(table.obey("card").starts_with("カード hanako を"));
        drop(listener);
    }
}
