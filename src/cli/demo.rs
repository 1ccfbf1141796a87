//! `madoguchi demo`: everything in one process. The stand-in for the central
//! system, a desk service with a store that is thrown away, a simulated card
//! reader, and a front end.

use super::front::{fit, options, show_to};
use super::settings::{Places, Screens, Settings, Theme};
use super::{Common, Fail, Outcome, crash};
use crate::card::job::{Hand, NoHand};
use crate::central::call::{Capabilities, Central};
use crate::clock::Clock;
use crate::desk::event::Config;
use crate::desk::shell::{Parts, ReaderSink, Service};
use crate::front::keys::Keymap;
use crate::front::run::{NoDesk, Witness};
use crate::link::{FrontEnd, channel, reason};
use crate::simulator::card::hand;
use crate::simulator::core::Core;
use crate::simulator::embedded::Embedded;
use crate::simulator::fixtures::Fixtures;
use crate::simulator::people::generate;
use crate::simulator::seam::{Engine, Setting};
use crate::store::KeySource;
use crate::tape::record::Against;
use jiff::ToSpan;
use rustix::fs::{FlockOperation, flock};
use rustix::process::{Pid, test_kill_process};
use std::fs::{DirBuilder, File};
use std::io;
use std::os::unix::fs::{DirBuilderExt, MetadataExt};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// Days the outage function stays open after a demonstrated outage.
const OPEN_DAYS: i64 = 5;

/// Begins the name of a demo's folder; its process id follows.
const PREFIX: &str = "madoguchi-demo-";

/// A file in it.
const LOCK: &str = "demo.lock";

/// What a command to the demo's cards takes: a quick reader.
const CARD_DELAY: Duration = Duration::from_millis(10);

/// The usual seed.
const SEED: u64 = 7;

/// What the demo takes.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// 乱数の種（同じ種なら同じ人びと）
    #[arg(long, default_value_t = SEED, value_name = "N")]
    seed: u64,
    /// 見本のほかに作る人の数
    #[arg(long, default_value_t = 0, value_name = "N", value_parser = clap::value_parser!(u32).range(0..=200_000))]
    people: u32,
    /// ハイコントラスト（設定の [theme] contrast = "high" と同じ）
    #[arg(long)]
    contrast: bool,
    /// 画面を描かず、1 行ずつ文で出す（画面読み上げ・点字ディスプレイ・行単位の端末）
    #[arg(long)]
    pub(super) plain: bool,
}

impl Default for Args {
    fn default() -> Self {
        Self {
            seed: SEED,
            people: 0,
            contrast: false,
            plain: false,
        }
    }
}

impl Args {
    /// For a recorder: the people there are.
    pub fn against(&self) -> Against {
        Against::Demo {
            people: self.people as usize,
            seed: self.seed,
        }
    }
}

/// Shows the demo until it is ended.
pub fn run(common: &Common, args: &Args) -> Outcome {
    run_to(common, args, None)
}

/// The same, and somebody looks on.
pub fn run_to(common: &Common, args: &Args, witness: Option<&mut dyn Witness>) -> Outcome {
    // Its own store and central system; how the screen looks is for the settings.
    let settings = match &common.config {
        Some(_) => Some(common.settings()?),
        None => None,
    };
    let theme = theme(common, args, settings.as_ref());
    fit(theme.plain)?;
    let keymap = match &settings {
        Some(settings) => (settings.keymap.clone(), settings.keymap_wrong.clone()),
        None => keymap(common)?,
    };
    let clock = super::clock(true);
    let stage = Arc::new(Mutex::new(Stage {
        clock,
        seed: args.seed,
        people: args.people,
        screens: settings.map(|settings| settings.screens),
        core: None,
        folder: None,
        key: None,
        held: None,
        service: None,
    }));
    let opened = Arc::clone(&stage);
    let connect = Box::new(move || {
        let mut stage = opened.lock().unwrap_or_else(PoisonError::into_inner);
        stage.connect()
    });
    let outcome = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        show_to(options(keymap, theme), clock, connect, witness)
    }));
    stage
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .strike();
    outcome.unwrap_or(Ok(1))
}

fn theme(common: &Common, args: &Args, settings: Option<&Settings>) -> Theme {
    let theme = settings.map(|settings| settings.theme).unwrap_or_default();
    Theme {
        plain: common.plain || theme.plain,
        contrast: args.contrast || theme.contrast,
        ..theme
    }
}

/// The keymap, and what is wrong with the person's own.
fn keymap(common: &Common) -> Result<(Keymap, Option<String>), Fail> {
    let own = common.keymap("receipt")?;
    let keymap = own.keymap.or_else(|| Keymap::builtin("receipt"));
    let keymap = keymap.ok_or_else(|| Fail::usage("キー割り当てがありません。"))?;
    Ok((keymap, own.wrong))
}

/// The desk's settings in the demo: what concerns the screen as `screens` has
/// it, the rest as it is shown to people.
fn config(screens: Option<&Screens>) -> Config {
    let usual = Config::default();
    Config {
        desk: "窓口1".to_owned(),
        simulated: true,
        demo: true,
        challenge: true,
        capabilities: Capabilities::ALL,
        hide_names: screens.map_or(usual.hide_names, |screens| screens.hide_names),
        blank: screens.map_or(usual.blank, |screens| screens.blank),
        ..usual
    }
}

/// What stands behind the demo's screen; put up after the first frame.
struct Stage {
    clock: Clock,
    seed: u64,
    people: u32,
    /// Of the settings, if they were named.
    screens: Option<Screens>,
    core: Option<Arc<Mutex<Core>>>,
    folder: Option<PathBuf>,
    key: Option<KeySource>,
    /// Locked for as long as this demo lives.
    held: Option<File>,
    service: Option<Service>,
}

impl Stage {
    fn connect(&mut self) -> Result<FrontEnd, NoDesk> {
        if self.service.is_none() {
            self.service = Some(self.start().map_err(|error| NoDesk {
                why: format!(
                    "一時フォルダー {} に実演の控え帳を作れません（{}）。TMPDIR に書けるフォルダーを入れてください。",
                    std::env::temp_dir().display(),
                    reason(&error)
                ),
                code: 4,
                last: true,
            })?);
        }
        let (front, end) = channel::pair();
        if self.service.as_ref().is_some_and(|s| s.attach(end)) {
            return Ok(front);
        }
        // It broke: the next try starts it again, with the same store.
        if let Some(broken) = self.service.take() {
            broken.wait();
        }
        Err(NoDesk::now("窓口サービスが止まりました。".to_owned()))
    }

    fn start(&mut self) -> io::Result<Service> {
        let core = self.core();
        let folder = self.folder()?;
        let places = Places::below(folder);
        crash::report_to(places.logs);
        let facility = {
            let core = core.lock().unwrap_or_else(PoisonError::into_inner);
            core.facility().clone()
        };
        let engine: Arc<Mutex<dyn Engine>> = core.clone();
        let central: Arc<dyn Central> = Arc::new(Embedded::new(engine, self.clock, &facility.code));
        let clock = self.clock;
        Service::start(Parts {
            config: Config {
                facility: facility.name,
                institution_code: facility.code,
                seed: self.seed,
                ..config(self.screens.as_ref())
            },
            central,
            store: places.store,
            key: self.key()?,
            // The demo's store is thrown away; so is what it cannot take.
            spill: Vec::new(),
            downloads: places.downloads,
            clock,
            reader: Box::new(move |report| reader(report, clock)),
            demo_outage: Some(Box::new(move |on| switch(&core, clock, on))),
            complain: None,
            listener: None,
        })
    }

    fn core(&mut self) -> Arc<Mutex<Core>> {
        let (seed, people) = (self.seed, self.people);
        let core = self.core.get_or_insert_with(|| {
            let fixtures = Fixtures::built_in();
            let population = generate(people as usize, seed);
            Arc::new(Mutex::new(Core::new(fixtures, population, seed)))
        });
        Arc::clone(core)
    }

    /// Held in memory alone, across a restart of the service: what a killed
    /// demo leaves behind opens for nobody.
    fn key(&mut self) -> io::Result<KeySource> {
        if let Some(key) = &self.key {
            return Ok(key.clone());
        }
        let key = KeySource::held().map_err(io::Error::other)?;
        self.key = Some(key.clone());
        Ok(key)
    }

    fn folder(&mut self) -> io::Result<PathBuf> {
        if let Some(folder) = &self.folder {
            return Ok(folder.clone());
        }
        clear_away(&std::env::temp_dir());
        let name = format!("{PREFIX}{}-{:08x}", std::process::id(), fastrand::u32(..));
        let folder = std::env::temp_dir().join(name);
        // Fails if it is there: nobody can prepare it for us (SEC-22).
        DirBuilder::new().mode(0o700).create(&folder)?;
        self.folder = Some(folder.clone());
        let lock = File::create_new(folder.join(LOCK))?;
        flock(&lock, FlockOperation::NonBlockingLockExclusive)?;
        self.held = Some(lock);
        Ok(folder)
    }

    fn strike(&mut self) {
        if let Some(service) = self.service.take() {
            service.stop();
        }
        if let Some(folder) = self.folder.take() {
            let _ = std::fs::remove_dir_all(folder);
        }
    }
}

/// Removes what demos of this user left that were killed. One that lives holds
/// its lock; one that has no lock yet has a living process in its name.
fn clear_away(place: &Path) {
    let own = rustix::process::geteuid().as_raw();
    let Ok(entries) = std::fs::read_dir(place) else {
        return;
    };
    for entry in entries.flatten() {
        let name = entry.file_name();
        let Some(rest) = name.to_str().and_then(|name| name.strip_prefix(PREFIX)) else {
            continue;
        };
        // Of the entry itself, not of what a link leads to.
        let ours = entry
            .metadata()
            .is_ok_and(|meta| meta.is_dir() && meta.uid() == own);
        if ours && dead(&entry.path(), rest) {
            let _ = std::fs::remove_dir_all(entry.path());
        }
    }
}

fn dead(folder: &Path, rest: &str) -> bool {
    match File::open(folder.join(LOCK)) {
        Ok(lock) => flock(&lock, FlockOperation::NonBlockingLockExclusive).is_ok(),
        Err(error) if error.kind() == io::ErrorKind::NotFound => rest
            .split('-')
            .next()
            .and_then(|id| id.parse().ok())
            .and_then(Pid::from_raw)
            .is_some_and(|id| test_kill_process(id) == Err(rustix::io::Errno::SRCH)),
        Err(_) => false,
    }
}

/// The reader of the demo: its cards are those of the fixtures.
fn reader(report: ReaderSink, clock: Clock) -> Box<dyn Hand> {
    match hand::start(report, Arc::new(move || clock.now()), CARD_DELAY) {
        Ok(reader) => Box::new(reader),
        Err(error) => {
            tracing::warn!(%error, "no simulated reader");
            Box::new(NoHand)
        }
    }
}

/// The demonstrated outage; when it ends the outage function is opened, as
/// the real system does.
fn switch(core: &Mutex<Core>, clock: Clock, on: bool) {
    let now = clock.now();
    let mut core = core.lock().unwrap_or_else(PoisonError::into_inner);
    if let Err(why) = core.set(now, Setting::Outage(on)) {
        tracing::warn!(%why, "outage not switched");
    }
    if !on {
        let today = now.today();
        core.open_function(now, today, today.saturating_add(OPEN_DAYS.days()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::settings::{SAMPLE, parse};
    use crate::text::glyphs::Ambiguous;

    #[test]
    fn settings_that_are_named_decide_how_the_screen_looks() {
        let (common, args) = (Common::default(), Args::default());
        assert_eq!(theme(&common, &args, None), Theme::default());
        assert!(config(None).hide_names);

        let looks = "[theme]\ncontrast = \"high\"\nambiguous = \"wide\"\nglyphs = \"ascii\"\n";
        let text = SAMPLE.replacen("[theme]\n", looks, 1);
        let settings = parse(&text, Path::new("/etc/madoguchi/madoguchi.toml"), None);
        let mut settings = settings.unwrap();
        let looks = theme(&common, &args, Some(&settings));
        assert!(looks.contrast && looks.ascii && !looks.plain);
        assert_eq!(looks.ambiguous, Some(Ambiguous::Wide));
        settings.screens.hide_names = false;
        settings.screens.blank = Duration::from_secs(5);
        let desk = config(Some(&settings.screens));
        assert!(!desk.hide_names && desk.demo);
        assert_eq!(desk.blank, Duration::from_secs(5));
    }
}
