//! The settings file: found, read strictly, and checked as a whole, so that a
//! mistake is said with its line before anything starts.

pub mod paths;
pub mod table;

use crate::central::webapi::{Connection, Timeouts};
use crate::desk::event::Config;
use crate::domain::number::{Check, institution_check};
use crate::domain::secret::Secret;
use crate::front::keys::{Keymap, NAMES};
use crate::text::glyphs::Ambiguous;
use std::fmt;
use std::path::{Path, PathBuf};
use std::time::Duration;
use table::{Table, Wrong, nearest};
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
    /// The central system.
    pub connection: Connection,
    /// The desk's own account: user id and the file with its password.
    pub account: Option<(String, PathBuf)>,
    /// How the desk service works.
    pub working: Working,
    /// How much goes into the log.
    pub log_level: &'static str,
    /// What is odd without being wrong, for the person who starts it.
    pub warnings: Vec<Wrong>,
}

/// Where things are kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Places {
    /// The desk's own folder: socket, and by default all below.
    pub data: PathBuf,
    /// The store.
    pub store: PathBuf,
    /// Results saved as files.
    pub downloads: PathBuf,
    /// The log.
    pub logs: PathBuf,
}

impl Places {
    /// Everything below one folder.
    pub fn below(data: PathBuf) -> Self {
        Self {
            store: data.join("store"),
            downloads: data.join("downloads"),
            logs: data.join("log"),
            data,
        }
    }
}

/// How the front end looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Theme {
    /// `None`: unless `NO_COLOR` says otherwise.
    pub colour: Option<bool>,
    /// How wide the terminal draws ambiguous characters.
    pub ambiguous: Ambiguous,
    /// ASCII rules and marks.
    pub ascii: bool,
}

impl Default for Theme {
    fn default() -> Self {
        Self {
            colour: None,
            ambiguous: Ambiguous::Narrow,
            ascii: false,
        }
    }
}

/// The desk service's times and numbers; see [`Config`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Working {
    idle: Duration,
    probe_every: Duration,
    probe_jitter: Duration,
    probes_to_recover: u32,
    slow_after: Duration,
    at_once: usize,
    attempts: u32,
    confirm: bool,
    simulated: bool,
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
    let file = std::fs::File::open(path).map_err(|error| {
        unreadable(match error.kind() {
            std::io::ErrorKind::NotFound => "ありません".to_owned(),
            std::io::ErrorKind::PermissionDenied => "権限がありません".to_owned(),
            _ => error.to_string(),
        })
    })?;
    let mut text = String::new();
    match file.take(LIMIT + 1).read_to_string(&mut text) {
        Ok(n) if n as u64 <= LIMIT => Ok(text),
        Ok(_) => Err(unreadable("大きすぎます".to_owned())),
        Err(error) if error.kind() == std::io::ErrorKind::InvalidData => {
            Err(unreadable("文字コードが UTF-8 ではありません".to_owned()))
        }
        Err(error) => Err(unreadable(error.to_string())),
    }
}

/// Reads settings from their text.
pub fn parse(text: &str, path: &Path, data: Option<&Path>) -> Result<Settings, Vec<Wrong>> {
    let document = DeTable::parse(text).map_err(|error| {
        let (line, column) = table::position(text, error.span().map_or(0, |s| s.start));
        let what = error.message().replace('\n', " ");
        vec![Wrong {
            line,
            column,
            text: format!("TOML として読めません（{what}）。"),
        }]
    })?;
    let mut wrongs = Vec::new();
    let mut warnings = Vec::new();
    let settings = all(
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

fn all(
    mut root: Table<'_>,
    path: &Path,
    data: Option<&Path>,
    wrongs: &mut Vec<Wrong>,
    warnings: &mut Vec<Wrong>,
) -> Option<Settings> {
    let base = path.parent().unwrap_or(Path::new("."));
    let places = places(&mut root, base, data, wrongs);
    let keymap = keymap(&mut root, base, wrongs);

    let mut facility = root.table("facility", wrongs);
    let name = facility.needed("name", "施設名", wrongs);
    let code = facility.needed("code", "医療機関コード（10 桁）", wrongs);
    if let Some(code) = &code {
        if code.value.len() != 10 || !code.value.bytes().all(|b| b.is_ascii_digit()) {
            facility.refuse("code", code, "数字 10 桁で書いてください。", wrongs);
        } else if institution_check(&code.value) == Check::Bad {
            let why = "検証番号が合いません。番号を確かめてください（このままでも動きます）。";
            facility.refuse("code", code, why, warnings);
        }
    }
    facility.finish(wrongs);

    let mut desk = root.table("desk", wrongs);
    let desk_name = desk.string("name", wrongs);
    let reader = desk.string("reader", wrongs);
    let autostart = desk.flag("autostart", true, wrongs);
    let idle = Duration::from_secs(60 * desk.number("idle-minutes", 30, 1..31, wrongs));
    desk.finish(wrongs);

    let mut central = root.table("central", wrongs);
    let code_text = code.as_ref().map(|c| c.value.clone()).unwrap_or_default();
    let (connection, simulated) = connection(&mut central, base, code_text, wrongs);
    let account = account(&mut central, base, wrongs);
    central.finish(wrongs);

    let theme = theme(&mut root, wrongs);
    let working = working(&mut root, idle, simulated, wrongs);
    let mut log = root.table("log", wrongs);
    let levels = ["info", "error", "warn", "debug"].map(|level| (level, level));
    let log_level = log.word("level", &levels, wrongs).unwrap_or("info");
    log.finish(wrongs);
    root.finish(wrongs);

    Some(Settings {
        file: path.to_owned(),
        places,
        keymap: keymap?,
        theme,
        facility: name?.value,
        code: code?.value,
        desk: desk_name.map_or_else(|| "窓口".to_owned(), |n| n.value),
        reader: reader.map(|r| r.value).filter(|r| !r.is_empty()),
        autostart,
        connection: connection?,
        account,
        working,
        log_level,
        warnings: Vec::new(),
    })
}

fn places(
    root: &mut Table<'_>,
    base: &Path,
    data: Option<&Path>,
    wrongs: &mut Vec<Wrong>,
) -> Places {
    let mut folder = |key| {
        root.string(key, wrongs)
            .map(|at| paths::resolve(base, &at.value))
    };
    let written = folder("data");
    let (store, downloads, logs) = (folder("store"), folder("downloads"), folder("logs"));
    let data = data
        .map(Path::to_owned)
        .or(written)
        .unwrap_or_else(paths::data);
    let usual = Places::below(data);
    Places {
        store: store.unwrap_or(usual.store),
        downloads: downloads.unwrap_or(usual.downloads),
        logs: logs.unwrap_or(usual.logs),
        data: usual.data,
    }
}

fn keymap(root: &mut Table<'_>, base: &Path, wrongs: &mut Vec<Wrong>) -> Option<Keymap> {
    let Some(name) = root.string("keymap", wrongs) else {
        return Keymap::builtin("receipt");
    };
    match find_keymap(&name.value, base) {
        Ok(keymap) => Some(keymap),
        Err(why) => {
            root.refuse("keymap", &name, &why, wrongs);
            None
        }
    }
}

/// A keymap by its name or file.
pub fn find_keymap(name: &str, base: &Path) -> Result<Keymap, String> {
    if let Some(keymap) = Keymap::builtin(name) {
        return Ok(keymap);
    }
    if !name.contains(['/', '.']) {
        let near = nearest(name, &NAMES)
            .map(|n| format!("「{n}」のことですか。"))
            .unwrap_or_default();
        return Err(format!(
            "「{name}」という割り当てはありません。{near}使える名前: {}、または TOML ファイルの場所。",
            NAMES.join("、")
        ));
    }
    let path = paths::resolve(base, name);
    let text =
        read(&path).map_err(|error| error.to_string().replace("設定ファイル", "キー割り当て"))?;
    Keymap::load(&text, &path.display().to_string()).map_err(|errors| {
        let lines: Vec<String> = errors.iter().map(|e| format!("\n    {e}")).collect();
        format!("キー割り当てに直すところがあります。{}", lines.concat())
    })
}

fn connection(
    central: &mut Table<'_>,
    base: &Path,
    institution_code: String,
    wrongs: &mut Vec<Wrong>,
) -> (Option<Connection>, bool) {
    let url = central.needed("url", "中央システムの接続先（https://…）", wrongs);
    let search = central.string("search-url", wrongs);
    for (key, at) in [("url", &url), ("search-url", &search)] {
        if let Some(at) = at
            && !plain_https(&at.value)
        {
            let why =
                "https://ホスト名[:ポート] の形で書いてください（その後ろのパスは要りません）。";
            central.refuse(key, at, why, wrongs);
        }
    }
    let mut file = |key, what| {
        central
            .needed(key, what, wrongs)
            .map(|at| paths::resolve(base, &at.value))
    };
    let ca = file("ca", "接続先を確かめる認証局の証明書（PEM）の場所");
    let certificate = file("certificate", "この端末の電子証明書（PEM）の場所");
    let key = file("key", "電子証明書の鍵（PEM）の場所");
    let extensions = central.flag("extensions", false, wrongs);
    let tls12 = central.flag("tls12", false, wrongs);
    let usual = Timeouts::default();
    let timeouts = Timeouts {
        connect: central.seconds("connect-seconds", usual.connect.as_secs(), 1..61, wrongs),
        silence: central.seconds("silence-seconds", usual.silence.as_secs(), 1..121, wrongs),
        whole: central.seconds("whole-seconds", usual.whole.as_secs(), 1..301, wrongs),
    };
    let made = || {
        Some(Connection {
            url: url?.value,
            search_url: search.map(|s| s.value),
            ca: ca?,
            certificate: certificate?,
            key: key?,
            institution_code,
            extensions,
            tls12,
            timeouts,
        })
    };
    (made(), extensions)
}

fn plain_https(url: &str) -> bool {
    url.strip_prefix("https://").is_some_and(|rest| {
        let rest = rest.strip_suffix('/').unwrap_or(rest);
        !rest.is_empty() && !rest.contains(['/', '?', '#', '@', ' '])
    })
}

fn account(
    central: &mut Table<'_>,
    base: &Path,
    wrongs: &mut Vec<Wrong>,
) -> Option<(String, PathBuf)> {
    let mut account = central.table("account", wrongs);
    let found = if account.present() {
        let user = account.needed("user", "窓口自身の（WebAPI用）ユーザID", wrongs);
        let file = account.needed(
            "password-file",
            "そのパスワードだけを書いたファイルの場所",
            wrongs,
        );
        user.zip(file)
            .map(|(user, file)| (user.value, paths::resolve(base, &file.value)))
    } else {
        None
    };
    account.finish(wrongs);
    found
}

fn theme(root: &mut Table<'_>, wrongs: &mut Vec<Wrong>) -> Theme {
    let mut theme = root.table("theme", wrongs);
    let colour = [
        ("auto", None),
        ("always", Some(true)),
        ("never", Some(false)),
    ];
    let widths = [("narrow", Ambiguous::Narrow), ("wide", Ambiguous::Wide)];
    let glyphs = [("unicode", false), ("ascii", true)];
    let made = Theme {
        colour: theme.word("colour", &colour, wrongs).flatten(),
        ambiguous: theme.word("ambiguous", &widths, wrongs).unwrap_or_default(),
        ascii: theme.word("glyphs", &glyphs, wrongs).unwrap_or(false),
    };
    theme.finish(wrongs);
    made
}

fn working(
    root: &mut Table<'_>,
    idle: Duration,
    simulated: bool,
    wrongs: &mut Vec<Wrong>,
) -> Working {
    let mut outage = root.table("outage", wrongs);
    let probe_every = outage.seconds("probe-seconds", 15, 5..301, wrongs);
    let probe_jitter = outage.seconds("jitter-seconds", 5, 0..61, wrongs);
    let probes_to_recover = outage.number("good-probes", 3, 1..11, wrongs) as u32;
    let slow_after = outage.seconds("slow-seconds", 3, 1..31, wrongs);
    outage.finish(wrongs);
    let mut sync = root.table("sync", wrongs);
    let at_once = sync.number("at-once", 8, 1..17, wrongs) as usize;
    let attempts = sync.number("attempts", 5, 1..21, wrongs) as u32;
    let confirm = sync.flag("confirm", false, wrongs);
    sync.finish(wrongs);
    Working {
        idle,
        probe_every,
        probe_jitter: probe_jitter.min(probe_every),
        probes_to_recover,
        slow_after,
        at_once,
        attempts,
        confirm,
        simulated,
    }
}

impl Settings {
    /// Whether the other side is the stand-in (it alone has its functions).
    pub fn simulated(&self) -> bool {
        self.working.simulated
    }

    /// The desk service's part. Reads the password file of the desk's own
    /// account.
    pub fn config(&self) -> Result<Config, String> {
        let machine = match &self.account {
            None => None,
            Some((user, file)) => Some((user.clone(), password(file)?)),
        };
        let working = self.working;
        Ok(Config {
            desk: self.desk.clone(),
            facility: self.facility.clone(),
            institution_code: self.code.clone(),
            machine,
            simulated: working.simulated,
            idle: working.idle,
            probe_every: working.probe_every,
            probe_jitter: working.probe_jitter,
            probes_to_recover: working.probes_to_recover,
            slow_after: working.slow_after,
            sync_at_once: working.at_once,
            sync_attempts: working.attempts,
            sync_confirm: working.confirm,
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
    let meta = std::fs::metadata(file)
        .map_err(|error| format!("パスワードのファイル {shown} を読めません（{error}）。"))?;
    if meta.mode() & 0o077 != 0 {
        return Err(format!(
            "パスワードのファイル {shown} をほかの人も読めます。chmod 600 {shown} してください。"
        ));
    }
    let text = zeroize::Zeroizing::new(
        std::fs::read_to_string(file)
            .map_err(|error| format!("パスワードのファイル {shown} を読めません（{error}）。"))?,
    );
    let first = text.lines().next().unwrap_or("");
    if first.is_empty() {
        return Err(format!("パスワードのファイル {shown} が空です。"));
    }
    Ok(Secret::new(first.to_owned()))
}

#[cfg(test)]
mod tests;
