//! The settings file: found, read strictly, and checked as a whole, so that a
//! mistake is said with its line before anything starts.

pub mod paths;
mod sections;
pub mod table;

pub use sections::find_keymap;

use crate::central::webapi::Connection;
use crate::desk::event::Config;
use crate::desk::verifier::Cost;
use crate::domain::evidence::Rules;
use crate::domain::note::Schedule;
use crate::domain::paper::Format;
use crate::domain::secret::Secret;
use crate::domain::staff::Policy;
use crate::front::keys::Keymap;
use crate::link::reason;
use crate::text::glyphs::Ambiguous;
use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};
use std::time::Duration;
use table::{Table, Wrong};
use toml::de::DeTable;

/// The commented sample, as shipped.
pub const SAMPLE: &str = include_str!("../../packaging/madoguchi.toml");

/// Settings files above this size are not settings.
const LIMIT: u64 = 256 * 1024;

/// Everything that can be set.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The file they come from.
    pub file: PathBuf,
    /// Folders.
    pub places: Places,
    /// Keys.
    pub keymap: Keymap,
    /// What is wrong with the person's own, which is not used then.
    pub keymap_wrong: Option<String>,
    /// Looks.
    pub theme: Theme,
    /// 施設名.
    pub facility: String,
    /// 医療機関コード.
    pub code: String,
    /// The desk's name.
    pub desk: String,
    /// Part of the name of the desk's own reader.
    pub reader: Option<String>,
    /// Whether a front end starts a desk service when none runs.
    pub autostart: bool,
    /// Where the store's key comes from.
    pub key: KeyChoice,
    /// The central system.
    pub connection: Connection,
    /// The desk's own account: user id and the file with its password.
    pub account: Option<(String, PathBuf)>,
    /// Several screens at one desk, and who looks at them.
    pub screens: Screens,
    /// How the desk service works.
    pub working: Working,
    /// What may be shown instead of an eligibility check.
    pub rules: Rules,
    /// As what kind of file papers are printed.
    pub paper: Format,
    /// How much goes into the log.
    pub log_level: &'static str,
    /// What is odd without being wrong, for the person who starts it.
    pub warnings: Vec<Wrong>,
}

/// Which key the store has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KeyChoice {
    /// A file of its own.
    File(PathBuf),
    /// A systemd credential, by name.
    Credential(String),
    /// Typed by a person at every start of the desk service.
    Passphrase,
}

/// Where things are kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Places {
    /// The desk's own folder: socket, and by default all below.
    pub data: PathBuf,
    /// The store.
    pub store: PathBuf,
    /// Where records go when the store cannot take them; first is best.
    pub spill: Vec<PathBuf>,
    /// Results saved as files.
    pub downloads: PathBuf,
    /// The log.
    pub logs: PathBuf,
}

impl Places {
    /// Everything below one folder.
    pub fn below(data: PathBuf) -> Self {
        let store = data.join("store");
        Self {
            spill: paths::spill(None, &store),
            store,
            downloads: data.join("downloads"),
            logs: data.join("log"),
            data,
        }
    }
}

/// How the front end looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Theme {
    /// `None`: unless `NO_COLOR` or the terminal's name says otherwise.
    pub colour: Option<bool>,
    /// High contrast.
    pub contrast: bool,
    /// Lines to be read aloud instead of a screen.
    pub plain: bool,
    /// How wide the terminal draws ambiguous characters; `None`: it is asked.
    pub ambiguous: Option<Ambiguous>,
    /// ASCII rules and marks.
    pub ascii: bool,
}

/// Several screens at one desk, and who looks at them; see [`Config`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Screens {
    /// How long a note waits for whoever lost the line.
    pub hold: Duration,
    /// Lists show names in part.
    pub hide_names: bool,
    /// A screen blanked for this long asks for the password.
    pub blank: Duration,
    /// Address of a terminal to the name of its desk.
    pub names: BTreeMap<String, String>,
}

/// The desk service's times and numbers; see [`Config`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Working {
    idle: Duration,
    probe_every: Duration,
    probe_jitter: Duration,
    probes_to_recover: u32,
    slow_after: Duration,
    at_once: usize,
    attempts: u32,
    confirm: bool,
    per_second: u32,
    fallbacks: bool,
    follow_up: Schedule,
    recognise: bool,
    challenge: bool,
    simulated: bool,
    staff: Policy,
    cost: Cost,
}

/// Why there are no settings.
#[derive(Debug)]
pub enum SettingsError {
    /// No file in any of the usual places.
    Missing {
        /// Where it was looked for.
        looked: Vec<PathBuf>,
    },
    /// The file cannot be read.
    Unreadable {
        /// Which.
        path: PathBuf,
        /// Why.
        why: String,
    },
    /// The file is wrong.
    Wrong {
        /// Which.
        path: PathBuf,
        /// All that is wrong with it.
        wrongs: Vec<Wrong>,
    },
}

impl fmt::Display for SettingsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing { looked } => {
                writeln!(f, "設定ファイルがありません。次の場所を探しました:")?;
                for path in looked {
                    writeln!(f, "  {}", path.display())?;
                }
                writeln!(
                    f,
                    "見本は madoguchi settings sample で出ます。上のどれかに置き、施設名・医療機関コード・接続先を書いてください:"
                )?;
                if let Some((path, folder)) = looked
                    .first()
                    .and_then(|path| path.parent().map(|dir| (path, dir)))
                {
                    writeln!(
                        f,
                        "  mkdir -p {} && madoguchi settings sample > {}",
                        folder.display(),
                        path.display()
                    )?;
                }
                write!(
                    f,
                    "設定なしで試すには madoguchi demo を実行してください（模擬の中央システムで動きます）。"
                )
            }
            Self::Unreadable { path, why } => {
                write!(f, "設定ファイル {} を読めません（{why}）。", path.display())
            }
            Self::Wrong { path, wrongs } => {
                write!(f, "設定ファイルに直すところがあります。")?;
                for wrong in wrongs {
                    write!(f, "\n  {}:{wrong}", path.display())?;
                }
                Ok(())
            }
        }
    }
}

/// Finds, reads and checks the settings. `file` and `data` come from the
/// command line.
pub fn load(file: Option<&Path>, data: Option<&Path>) -> Result<Settings, SettingsError> {
    let looked = paths::candidates(file);
    let Some(path) = looked.iter().find(|path| file.is_some() || path.exists()) else {
        return Err(SettingsError::Missing { looked });
    };
    let text = read(path)?;
    parse(&text, path, data).map_err(|wrongs| SettingsError::Wrong {
        path: path.clone(),
        wrongs,
    })
}

fn read(path: &Path) -> Result<String, SettingsError> {
    use std::io::Read;
    let unreadable = |why: String| SettingsError::Unreadable {
        path: path.to_owned(),
        why,
    };
    let file = std::fs::File::open(path).map_err(|error| unreadable(reason(&error)))?;
    let mut text = String::new();
    match file.take(LIMIT + 1).read_to_string(&mut text) {
        Ok(n) if n as u64 <= LIMIT => Ok(text),
        Ok(_) => Err(unreadable("大きすぎます".to_owned())),
        Err(error) => Err(unreadable(reason(&error))),
    }
}

/// Reads settings from their text.
pub fn parse(text: &str, path: &Path, data: Option<&Path>) -> Result<Settings, Vec<Wrong>> {
    let document = DeTable::parse(text).map_err(|error| {
        let span = error.span().unwrap_or_default();
        let (line, column) = table::position(text, span.start);
        let there = text.get(span).unwrap_or_default();
        vec![Wrong {
            line,
            column,
            text: table::sentence(error.message(), there),
        }]
    })?;
    let mut wrongs = Vec::new();
    let mut warnings = Vec::new();
    let settings = sections::all(
        Table::root(text, document.get_ref()),
        path,
        data,
        &mut wrongs,
        &mut warnings,
    );
    wrongs.sort_by_key(|wrong| (wrong.line, wrong.column));
    match settings {
        Some(settings) if wrongs.is_empty() => Ok(Settings {
            warnings,
            ..settings
        }),
        _ => Err(wrongs),
    }
}

impl Settings {
    /// Whether cards may be asked for a signature.
    pub fn challenge(&self) -> bool {
        self.working.challenge
    }

    /// Whether the other side is the stand-in (it alone has its functions).
    pub fn simulated(&self) -> bool {
        self.working.simulated
    }

    /// What is wrong with the files these settings name: one sentence each.
    pub fn files(&self) -> Vec<String> {
        let connection = &self.connection;
        let mut wrongs = Vec::new();
        for (key, path) in [
            ("central.ca", &connection.ca),
            ("central.certificate", &connection.certificate),
            ("central.key", &connection.key),
        ] {
            // What is no plain file might keep its reader waiting.
            let other = std::fs::metadata(path).is_ok_and(|meta| !meta.is_file());
            if other {
                let path = path.display();
                wrongs.push(format!("{key}: {path} は普通のファイルではありません。"));
            } else if let Err(error) = std::fs::File::open(path).and_then(|mut file| {
                let mut one = [0];
                std::io::Read::read(&mut file, &mut one)
            }) {
                let why = reason(&error);
                wrongs.push(format!("{key}: {} を読めません（{why}）。", path.display()));
            }
        }
        if wrongs.is_empty()
            && let Err(trouble) = crate::central::webapi::inspect(connection)
        {
            wrongs.push(format!("central: {}", trouble.advice()));
        }
        if let Some((_, file)) = &self.account
            && let Err(why) = password(file)
        {
            wrongs.push(format!("central.account.password-file: {why}"));
        }
        wrongs
    }

    /// The desk service's part. Reads the password file of the desk's own
    /// account.
    pub fn config(&self) -> Result<Config, String> {
        let machine = match &self.account {
            None => None,
            Some((user, file)) => Some((user.clone(), password(file)?)),
        };
        let working = &self.working;
        Ok(Config {
            desk: self.desk.clone(),
            facility: self.facility.clone(),
            institution_code: self.code.clone(),
            machine,
            simulated: working.simulated,
            idle: working.idle,
            hold: self.screens.hold,
            screens: self.screens.names.clone(),
            hide_names: self.screens.hide_names,
            blank: self.screens.blank,
            staff: working.staff,
            cost: working.cost,
            probe_every: working.probe_every,
            probe_jitter: working.probe_jitter,
            probes_to_recover: working.probes_to_recover,
            slow_after: working.slow_after,
            sync_at_once: working.at_once,
            sync_attempts: working.attempts,
            sync_confirm: working.confirm,
            rules: self.rules.clone(),
            paper: self.paper,
            sync_per_second: working.per_second,
            sync_fallbacks: working.fallbacks,
            follow_up: working.follow_up.clone(),
            recognise: working.recognise,
            challenge: working.challenge,
            seed: fastrand::u64(..),
            ..Config::default()
        })
    }
}

/// The password in a file of its own: its first line. Refused if others can
/// read it (SEC-22).
pub fn password(file: &Path) -> Result<Secret, String> {
    use std::os::unix::fs::MetadataExt;
    let shown = file.display();
    let unreadable = |error: &std::io::Error| {
        format!(
            "パスワードのファイル {shown} を読めません（{}）。",
            reason(error)
        )
    };
    let meta = std::fs::metadata(file).map_err(|error| unreadable(&error))?;
    if meta.mode() & 0o077 != 0 {
        return Err(format!(
            "パスワードのファイル {shown} をほかの人も読めます。chmod 600 {shown} してください。"
        ));
    }
    if !meta.is_file() || meta.len() > LIMIT {
        return Err(format!(
            "パスワードのファイル {shown} は普通のファイルではないか、大きすぎます。"
        ));
    }
    let text =
        zeroize::Zeroizing::new(std::fs::read_to_string(file).map_err(|error| unreadable(&error))?);
    let first = text.lines().next().unwrap_or("");
    if first.is_empty() {
        return Err(format!("パスワードのファイル {shown} が空です。"));
    }
    Ok(Secret::new(first.to_owned()))
}

#[cfg(test)]
mod tests;
