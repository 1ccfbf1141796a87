//! `madoguchi`: the front end on this desk. Starts the desk service if none
//! runs, as tmux does.

use super::settings::{KeyChoice, Settings, Theme};
use super::{Common, Fail, Outcome, crash, key, log};
use crate::clock::Clock;
use crate::desk::shell::THRIFT;
use crate::domain::secret::Secret;
use crate::front::app::{App, AppOptions};
use crate::front::canvas;
use crate::front::keys::Keymap;
use crate::front::run::{self, Connect, End, NoDesk, Witness};
use crate::front::term::{bytes, modes};
use crate::link::{reason, socket};
use crate::text::glyphs::Ambiguous;
use std::fs::File;
use std::io::{self, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

/// The front end of this desk.
pub fn run(common: &Common) -> Outcome {
    run_to(common, None)
}

/// The same, and somebody looks on.
pub fn run_to(common: &Common, witness: Option<&mut dyn Witness>) -> Outcome {
    let settings = common.settings();
    let plain = common.plain || settings.as_ref().is_ok_and(|s| s.theme.plain);
    fit(plain)?;
    let mut settings = settings?;
    settings.theme.plain = plain;
    crash::report_to(settings.places.logs.clone());
    let keymap = (settings.keymap.clone(), settings.keymap_wrong.take());
    let options = options(keymap, settings.theme);
    // Asked for before the screen takes the terminal; a running service has it.
    let words = if settings.autostart && socket::running(&settings.places.data).is_none() {
        key::words(&settings)?
    } else {
        None
    };
    let connect = connect(&settings, words);
    show_to(
        options,
        super::clock(settings.simulated()),
        connect,
        witness,
    )
}

/// Whether the screen can be shown here at all.
pub fn fit(plain: bool) -> Result<(), Fail> {
    if !io::stdin().is_terminal() || !io::stdout().is_terminal() {
        return Err(Fail::usage(
            "画面は端末でだけ出せます。端末から始めるか、スクリプトからは madoguchi notes や madoguchi lookup を使ってください。",
        ));
    }
    let variable = |name| std::env::var(name).ok();
    let console = modes::console(variable("SSH_CONNECTION").is_some());
    if let Some(why) = modes::unfit(variable("TERM").as_deref(), plain, console) {
        return Err(Fail::usage(why));
    }
    let [all, ctype, lang] = ["LC_ALL", "LC_CTYPE", "LANG"].map(variable);
    match modes::unfit_locale([all.as_deref(), ctype.as_deref(), lang.as_deref()]) {
        Some(why) => Err(Fail::usage(why)),
        None => Ok(()),
    }
}

/// How the front end looks and listens; `wrong` is what has to be said of the
/// keymap that should have been.
pub fn options((keymap, wrong): (Keymap, Option<String>), theme: Theme) -> AppOptions {
    let term = std::env::var("TERM").ok();
    let refused = std::env::var_os("NO_COLOR").is_some_and(|v| !v.is_empty());
    let coloured = !refused && modes::coloured(term.as_deref());
    AppOptions {
        keymap,
        theme: canvas::Theme {
            colour: theme.colour.unwrap_or(coloured),
            contrast: theme.contrast,
        },
        // Until the terminal has answered: what is right either way.
        ambiguous: theme.ambiguous.unwrap_or(Ambiguous::Wide),
        // A terminal that is told lines is asked nothing.
        asks: theme.ambiguous.is_none() && !theme.plain,
        ascii: theme.ascii,
        plain: theme.plain,
        news: wrong.as_deref().map(super::keymap::one_line),
    }
}

/// Runs the screen to its end.
pub fn show_to(
    options: AppOptions,
    clock: Clock,
    connect: Connect,
    witness: Option<&mut dyn Witness>,
) -> Outcome {
    let remote = std::env::var_os("SSH_CONNECTION").is_some();
    let hold = if remote { bytes::HOLD_SSH } else { bytes::HOLD };
    let end = run::run(App::new(options), clock, hold, connect, witness);
    modes::restore();
    match end {
        Ok(End::Quit) => Ok(0),
        Ok(End::Signal(signal)) => Ok(128 + u8::try_from(signal).unwrap_or(0)),
        Ok(End::HangUp) => Ok(129),
        Ok(End::Broken) => Ok(1),
        Ok(End::NoDesk(NoDesk { why, code, .. })) => Err(Fail::new(
            code,
            format!("窓口サービスにつながりません。{why}"),
        )),
        Err(error) => Err(Fail::no(format!(
            "端末に書けません（{}）。",
            reason(&error)
        ))),
    }
}

fn connect(settings: &Settings, words: Option<Secret>) -> Connect {
    let mut starter = Starter {
        words,
        ..Starter::new(settings)
    };
    let (logs, level) = (settings.places.logs.clone(), settings.log_level);
    let mut logging = None;
    Box::new(move || {
        // After the first frame: the log is nothing to wait for.
        logging.get_or_insert_with(|| log::start(&logs, "front", level));
        starter.connect()
    })
}

/// Finds the desk service, or starts one.
pub struct Starter {
    data: PathBuf,
    config: PathBuf,
    autostart: bool,
    /// The store is closed with a passphrase.
    asks: bool,
    /// It, if a person was asked.
    words: Option<Secret>,
    child: Option<Child>,
    /// What it says before it ends.
    said: Option<PathBuf>,
}

impl Starter {
    /// For the desk of these settings.
    pub fn new(settings: &Settings) -> Self {
        Self {
            data: settings.places.data.clone(),
            config: settings.file.clone(),
            autostart: settings.autostart,
            asks: settings.key == KeyChoice::Passphrase,
            words: None,
            child: None,
            said: None,
        }
    }

    /// Whether another try makes sense: a service runs or is being started.
    pub fn may_come(&self) -> bool {
        self.child.is_some() || socket::running(&self.data).is_some()
    }

    /// One try.
    pub fn connect(&mut self) -> Result<crate::link::FrontEnd, NoDesk> {
        let lasting = |why| NoDesk {
            why,
            code: 4,
            last: true,
        };
        let why = match socket::connect(&self.data) {
            Ok(front) => return Ok(front),
            Err(error) if error.lasting() => return Err(lasting(error.to_string())),
            Err(error) => error.to_string(),
        };
        if let Some(failed) = self.failed() {
            return Err(failed);
        }
        if !self.autostart {
            return Err(NoDesk::now(format!(
                "{why} サービスが動いているか確かめてください（systemctl status madoguchi-desk）。"
            )));
        }
        if self.asks && self.words.is_none() && socket::running(&self.data).is_none() {
            return Err(NoDesk {
                why: "窓口サービスが動いていません。保存先は合言葉で閉じられています。端末で madoguchi desk --foreground を始めて、合言葉を入れてください。".to_owned(),
                code: 3,
                last: true,
            });
        }
        if self.child.is_none() && socket::running(&self.data).is_none() {
            tracing::info!("no desk service; starting one");
            self.start().map_err(lasting)?;
        }
        Err(NoDesk::now(why))
    }

    /// What a service that we started said before it ended.
    fn failed(&mut self) -> Option<NoDesk> {
        let ended = self.child.as_mut()?.try_wait().ok()??;
        self.child = None;
        if ended.success() {
            return None;
        }
        let said = self.said.as_ref();
        let said = said.and_then(|file| std::fs::read_to_string(file).ok());
        let said = said.unwrap_or_default();
        let said = said.trim();
        tracing::warn!(status = %ended, "desk service ended");
        // Wrong settings and a folder that cannot be used stay so; that
        // another service was faster does not.
        let code = ended.code().and_then(|code| u8::try_from(code).ok());
        let last = matches!(code, Some(2 | 4));
        (!said.is_empty()).then(|| NoDesk {
            why: said.to_owned(),
            code: code.filter(|_| last).unwrap_or(3),
            last,
        })
    }

    fn start(&mut self) -> Result<(), String> {
        let folder = socket::workable(&self.data).map_err(|error| error.to_string())?;
        self.spawn(&folder.join("desk.err")).map_err(|error| {
            format!(
                "データのフォルダー {} から窓口サービスを始められません（{}）。フォルダーの権限と空きを確かめてください。",
                self.data.display(),
                reason(&error)
            )
        })
    }

    fn spawn(&mut self, said: &Path) -> io::Result<()> {
        let words = File::create(said)?;
        self.said = Some(said.to_owned());
        let mut child = Command::new(program())
            .arg("desk")
            .arg("--detached")
            .arg("--config")
            .arg(std::path::absolute(&self.config)?)
            .arg("--data")
            .arg(std::path::absolute(&self.data)?)
            .current_dir("/")
            .env(THRIFT.0, THRIFT.1)
            .stdin(match self.words {
                Some(_) => Stdio::piped(),
                None => Stdio::null(),
            })
            .stdout(Stdio::null())
            .stderr(words)
            .spawn()?;
        let pipe = child.stdin.take();
        self.child = Some(child);
        if let (Some(mut pipe), Some(words)) = (pipe, &self.words) {
            // A pipe: no other process can read it (SEC-18).
            pipe.write_all(words.reveal().as_bytes())?;
            pipe.write_all(b"\n")?;
        }
        Ok(())
    }
}

/// This program, also after its file was replaced by an update.
fn program() -> PathBuf {
    let own = std::env::current_exe().unwrap_or_else(|_| PathBuf::from("madoguchi"));
    let text = own.to_string_lossy().into_owned();
    match text.strip_suffix(" (deleted)") {
        Some(replaced) => Path::new(replaced).to_owned(),
        None => own,
    }
}
