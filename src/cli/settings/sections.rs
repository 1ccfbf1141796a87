//! The settings, section by section.

use super::table::{Table, Wrong, nearest};
use super::{KeyChoice, Places, Screens, Settings, Theme, Working, paths, read};
use crate::central::webapi::{Connection, Timeouts};
use crate::desk::verifier::Cost;
use crate::domain::evidence::{self, Rules};
use crate::domain::note::Schedule;
use crate::domain::number::{Check, institution_check};
use crate::domain::paper::Format;
use crate::domain::staff::Policy;
use crate::front::keys::{Keymap, NAMES};
use crate::text::glyphs::Ambiguous;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// The whole file; nothing if something needed is missing or wrong.
pub(super) fn all(
    mut root: Table<'_>,
    path: &Path,
    data: Option<&Path>,
    wrongs: &mut Vec<Wrong>,
    warnings: &mut Vec<Wrong>,
) -> Option<Settings> {
    let base = paths::whole(path.parent().unwrap_or(Path::new(".")));
    let base = base.as_path();
    let places = places(&mut root, base, data, wrongs);
    let keymap = keymap(&mut root, base, wrongs);

    let rules = rules(&mut root, base, wrongs);
    let formats = [("pdf", Format::Pdf), ("text", Format::Text)];
    let paper = root.word("paper", &formats, wrongs).unwrap_or_default();

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
    let hold = desk.seconds("hold-seconds", 120, 5..3601, wrongs);
    let hide_names = desk.flag("hide-names", true, wrongs);
    let blank = desk.seconds("blank-seconds", 60, 0..1801, wrongs);
    desk.finish(wrongs);
    let screens = root.table("screens", wrongs).strings(wrongs);
    let screens = Screens {
        hold,
        hide_names,
        blank,
        names: screens.into_iter().collect(),
    };

    let key = key(&mut root, base, wrongs);
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
        key,
        connection: connection?,
        account,
        screens,
        working,
        log_level,
        rules: rules?,
        paper,
        warnings: Vec::new(),
        keymap_wrong: None,
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
    let spill = folder("spill");
    let data = data
        .map(paths::whole)
        .or(written)
        .unwrap_or_else(paths::data);
    let usual = Places::below(data);
    let store = store.unwrap_or(usual.store);
    Places {
        spill: paths::spill(spill, &store),
        store,
        downloads: downloads.unwrap_or(usual.downloads),
        logs: logs.unwrap_or(usual.logs),
        data: usual.data,
    }
}

/// One of the three ways, and no two; usually a file beside the settings.
fn key(root: &mut Table<'_>, base: &Path, wrongs: &mut Vec<Wrong>) -> KeyChoice {
    let mut key = root.table("key", wrongs);
    let file = key.string("file", wrongs);
    let credential = key.string("credential", wrongs);
    let passphrase = key.flag("passphrase", false, wrongs);
    let why = "file、credential、passphrase のうち 1 つだけを書いてください。";
    let choice = match (&file, &credential) {
        (Some(file), Some(_)) => {
            key.refuse("file", file, why, wrongs);
            KeyChoice::Passphrase
        }
        (Some(at), None) | (None, Some(at)) if passphrase => {
            key.refuse("passphrase", at, why, wrongs);
            KeyChoice::Passphrase
        }
        (Some(file), None) => KeyChoice::File(paths::resolve(base, &file.value)),
        (None, Some(name)) => {
            if name.value.is_empty() || name.value.contains('/') || name.value.starts_with('.') {
                let why =
                    "LoadCredentialEncrypted= に書いた名前を書いてください（パスではありません）。";
                key.refuse("credential", name, why, wrongs);
            }
            KeyChoice::Credential(name.value.clone())
        }
        (None, None) if passphrase => KeyChoice::Passphrase,
        (None, None) => KeyChoice::File(base.join("store.key")),
    };
    key.finish(wrongs);
    choice
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

/// The rules of what may be shown, the site's own or those shipped.
fn rules(root: &mut Table<'_>, base: &Path, wrongs: &mut Vec<Wrong>) -> Option<Rules> {
    let Some(file) = root.string("rules", wrongs) else {
        return Some(Rules::default());
    };
    let path = paths::resolve(base, &file.value);
    let found = read(&path)
        .map_err(|error| error.to_string().replace("設定ファイル", "資格の規則"))
        .and_then(|text| {
            evidence::read(&text).map_err(|error| format!("{} の {error}", path.display()))
        });
    match found {
        Ok(rules) => Some(rules),
        Err(why) => {
            root.refuse("rules", &file, &why, wrongs);
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
    let contrast = [("normal", false), ("high", true)];
    let widths = [
        ("auto", None),
        ("narrow", Some(Ambiguous::Narrow)),
        ("wide", Some(Ambiguous::Wide)),
    ];
    let glyphs = [("unicode", false), ("ascii", true)];
    let made = Theme {
        colour: theme.word("colour", &colour, wrongs).flatten(),
        contrast: theme
            .word("contrast", &contrast, wrongs)
            .unwrap_or_default(),
        plain: theme.flag("plain", false, wrongs),
        ambiguous: theme.word("ambiguous", &widths, wrongs).flatten(),
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
    let per_second = sync.number("per-second", 0, 0..101, wrongs) as u32;
    let fallbacks = sync.flag("fallbacks", true, wrongs);
    sync.finish(wrongs);
    let mut follow = root.table("follow-up", wrongs);
    let days = follow.numbers("days", &[5, 10], 1..181, wrongs);
    let month_end = follow.flag("month-end", true, wrongs);
    follow.finish(wrongs);
    let follow_up = Schedule {
        days: days
            .into_iter()
            .filter_map(|day| u16::try_from(day).ok())
            .collect(),
        month_end,
    };
    let mut card = root.table("card", wrongs);
    let recognise = card.flag("recognise", false, wrongs);
    let challenge = card.flag("challenge", false, wrongs);
    card.finish(wrongs);
    let mut staff = root.table("staff", wrongs);
    let policy = Policy {
        lock_after: staff.number("lock-after", 5, 3..11, wrongs) as u32,
        release_after: Duration::from_secs(
            60 * staff.number("release-minutes", 30, 5..1441, wrongs),
        ),
        offline_days: staff.number("offline-days", 14, 0..91, wrongs) as u32,
    };
    let cost = Cost {
        memory: 1024 * staff.number("hash-memory-mib", 19, 19..1025, wrongs) as u32,
        passes: staff.number("hash-passes", 2, 2..11, wrongs) as u32,
    };
    staff.finish(wrongs);
    Working {
        idle,
        probe_every,
        probe_jitter: probe_jitter.min(probe_every),
        probes_to_recover,
        slow_after,
        at_once,
        attempts,
        confirm,
        per_second,
        fallbacks,
        follow_up,
        recognise,
        challenge,
        simulated,
        staff: policy,
        cost,
    }
}
