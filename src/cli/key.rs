//! `madoguchi key`: the key around the store, as the settings choose it.

use super::settings::{KeyChoice, Settings};
use super::{Common, Fail, Outcome, password, print, say};
use crate::clock::Clock;
use crate::domain::secret::Secret;
use crate::store::keys::{self, KeySource};
use crate::store::rotate::{Done, Step, rotate};
use crate::store::spill;
use std::io::IsTerminal;
use std::path::{Path, PathBuf};

const CHANGING: &str = "鍵の入れ替えが途中です。窓口サービスを止めて、madoguchi key rotate をもう一度実行してください。";

/// What can be done with it.
#[derive(Debug, clap::Subcommand)]
pub enum Command {
    /// 新しい鍵を 1 つ作って出す（systemd-creds などへ渡す。端末には出しません）
    New,
    /// どの鍵で閉じているかを確かめる
    Status,
    /// 鍵を入れ替え、すべてを封じ直す（窓口サービスを止めてから）
    Rotate(Rotate),
}

/// Where the new key is to be; nothing: in its old place.
#[derive(Debug, clap::Args)]
#[group(multiple = false)]
#[allow(clippy::struct_field_names, reason = "named as the options are")]
pub struct Rotate {
    /// 新しい鍵のファイル（なければ作ります）
    #[arg(long, value_name = "FILE")]
    to_key_file: Option<PathBuf>,
    /// 合言葉に変える（端末で聞きます）
    #[arg(long)]
    to_passphrase: bool,
    /// systemd の資格情報に変える（その名前で渡されているとき）
    #[arg(long, value_name = "NAME")]
    to_credential: Option<String>,
}

/// Runs it.
pub fn run(common: &Common, command: &Command) -> Outcome {
    match command {
        Command::New => new(),
        Command::Status => status(&common.settings()?),
        Command::Rotate(to) => change(&common.settings()?, to),
    }
}

/// Where the key comes from; a passphrase is asked for, and tried at once.
pub fn source(settings: &Settings) -> Result<KeySource, Fail> {
    Ok(match &settings.key {
        KeyChoice::File(path) => KeySource::File(path.clone()),
        KeyChoice::Credential(name) => KeySource::Credential(name.clone()),
        KeyChoice::Passphrase => {
            let dir = &settings.places.store;
            if matches!(keys::not_yet(dir), Ok(true)) {
                return password::new_passphrase().map(KeySource::Passphrase);
            }
            let source = KeySource::Passphrase(password::passphrase("保存先の合言葉")?);
            keys::open(dir, &source)?;
            source
        }
    })
}

/// Where the key lies in truth, if a change of keys has moved it.
pub fn actual(settings: &Settings, source: KeySource) -> KeySource {
    match keys::open(&settings.places.store, &source) {
        Ok(Some((ring, _))) => ring.source().clone(),
        _ => source,
    }
}

/// A passphrase for the desk service that a front end starts; nothing where
/// another key is chosen.
pub fn words(settings: &Settings) -> Result<Option<Secret>, Fail> {
    if settings.key != KeyChoice::Passphrase {
        return Ok(None);
    }
    let words = if matches!(keys::not_yet(&settings.places.store), Ok(true)) {
        password::new_passphrase()?
    } else {
        password::passphrase("保存先の合言葉")?
    };
    Ok(Some(words))
}

/// The key chosen, in words, and what is doubtful about it.
pub fn choice(settings: &Settings) -> (String, Option<String>) {
    match &settings.key {
        KeyChoice::Credential(name) => (format!("資格情報 {name}"), None),
        KeyChoice::Passphrase => ("合言葉".to_owned(), None),
        KeyChoice::File(path) => {
            let text = format!("鍵のファイル {}", path.display());
            (text, beside(path, settings))
        }
    }
}

/// What is doubtful about a key file that lies where the data lie.
fn beside(path: &Path, settings: &Settings) -> Option<String> {
    let folder = [&settings.places.data, &settings.places.store]
        .into_iter()
        .find(|folder| inside(path, folder))?;
    Some(format!(
        "鍵のファイル {} が、封じたデータと同じフォルダー {} にあります。いっしょに写されると封の意味がありません。madoguchi key rotate --to-key-file で別の場所に移してください。",
        path.display(),
        folder.display()
    ))
}

/// The same for the source that a store has in truth.
fn doubt(source: &KeySource, settings: &Settings) -> Option<String> {
    match source {
        KeySource::File(path) => beside(path, settings),
        _ => None,
    }
}

/// Whether the key chosen opens the store, as far as that can be tried
/// without a person: in words, what is doubtful, or what is wrong.
pub fn tried(settings: &Settings) -> Result<(String, Option<String>), String> {
    let dir = &settings.places.store;
    let (chosen, doubt) = choice(settings);
    if keys::not_yet(dir).map_err(|error| error.to_string())? {
        return Ok((chosen, doubt));
    }
    let source = match &settings.key {
        KeyChoice::File(path) => KeySource::File(path.clone()),
        KeyChoice::Credential(name) if std::env::var_os("CREDENTIALS_DIRECTORY").is_some() => {
            KeySource::Credential(name.clone())
        }
        KeyChoice::Credential(_) => {
            let text = format!(
                "{chosen}（systemd が窓口サービスにだけ渡すので、合うかはここでは確かめられません）"
            );
            return Ok((text, doubt));
        }
        KeyChoice::Passphrase => {
            let text = format!("{chosen}（入れないと、合うかは確かめられません）");
            return Ok((text, doubt));
        }
    };
    let opened = keys::open(dir, &source).map_err(|error| error.to_string())?;
    let told = opened.and_then(|(ring, remark)| {
        let changing = ring.changing().then(|| CHANGING.to_owned());
        remark
            .or(changing)
            .or_else(|| self::doubt(ring.source(), settings))
    });
    Ok((chosen, told.or(doubt)))
}

/// Whether a file lies in a folder or below it, also by another name of it.
fn inside(path: &Path, folder: &Path) -> bool {
    let whole = |path: &Path| std::fs::canonicalize(path).ok();
    let above = path.parent().and_then(whole);
    path.starts_with(folder)
        || above
            .zip(whole(folder))
            .is_some_and(|(path, folder)| path.starts_with(folder))
}

fn new() -> Outcome {
    if std::io::stdout().is_terminal() {
        return Err(Fail::usage(
            "鍵は端末に出しません。渡す先につないでください。例:\n  madoguchi key new | systemd-creds encrypt --name=madoguchi-store - /etc/credstore.encrypted/madoguchi-store",
        ));
    }
    let KeySource::Held(key) = KeySource::held()? else {
        return Err(Fail::no("鍵を作れません。"));
    };
    print(&keys::key_text(&key))
}

fn status(settings: &Settings) -> Outcome {
    let dir = &settings.places.store;
    let (chosen, doubt) = choice(settings);
    let mut fine = doubt.is_none();
    let mut lines = Vec::new();
    if keys::not_yet(dir)? {
        lines.push(format!("設定の鍵: {chosen}"));
        lines.extend(doubt);
        lines.push(format!(
            "保存先 {}: まだありません（最初に使うとき、この鍵で作ります）",
            dir.display()
        ));
    } else {
        // What opens nothing ends here, with the reason.
        let (ring, remark) = keys::open(dir, &source(settings)?)?
            .ok_or_else(|| Fail::store("保存先に鍵束がありません。"))?;
        let opens = match remark {
            None => "開きます",
            Some(_) => "開きません",
        };
        lines.push(format!("設定の鍵で{opens}: {chosen}"));
        lines.extend(doubt);
        lines.push(format!(
            "保存先 {}: データの鍵 第 {} 代",
            dir.display(),
            ring.data_key()
        ));
        let doubt = self::doubt(ring.source(), settings).filter(|text| !lines.contains(text));
        fine &= remark.is_none() && !ring.changing() && doubt.is_none();
        lines.extend(remark);
        lines.extend(doubt);
        if ring.changing() {
            lines.push(CHANGING.to_owned());
        }
    }
    lines.push(String::new());
    print(&lines.join("\n"))?;
    Ok(u8::from(!fine))
}

fn change(settings: &Settings, to: &Rotate) -> Outcome {
    let dir = &settings.places.store;
    if keys::not_yet(dir)? {
        return Err(Fail::no(format!(
            "保存先 {} はまだありません。入れ替える鍵がありません。",
            dir.display()
        )));
    }
    if let Some(waiting) = spill::waiting(&settings.places.spill) {
        return Err(Fail::no(format!(
            "予備の場所 {} に、まだ取り込んでいない控えがあります。窓口サービスを一度動かして取り込んでから、もう一度実行してください（読めないものなら、そのフォルダーを別の場所に移してから）。",
            waiting.display()
        )));
    }
    // Before anything is asked for.
    crate::store::free(dir)?;
    let source = source(settings)?;
    let target = if let Some(file) = &to.to_key_file {
        Some(KeySource::File(std::path::absolute(file)?))
    } else if let Some(name) = &to.to_credential {
        Some(KeySource::Credential(name.clone()))
    } else if to.to_passphrase {
        Some(KeySource::Passphrase(password::new_passphrase()?))
    } else {
        None
    };
    let mut told = 0;
    let done = rotate(
        dir,
        &source,
        target.as_ref(),
        Clock::start().now().wall,
        &mut |step| {
            if let Step::Journal { done, total } = step
                && *total > 4 << 20
            {
                let tenth = done * 10 / total;
                if tenth > told {
                    told = tenth;
                    say(&format!("封じ直しています… {}%", tenth * 10));
                }
            }
            Ok(())
        },
    )?;
    spill::renew(&settings.places.spill, dir, &done.source);
    print(&report(&done, dir))?;
    if let Some(doubt) = doubt(&done.source, settings) {
        say(&doubt);
    }
    Ok(u8::from(done.closed > 0 || done.damaged > 0))
}

/// What happened, and what is left for the person to do.
fn report(done: &Done, dir: &Path) -> String {
    let mut out = String::new();
    let mut line = |text: String| {
        out.push_str(&text);
        out.push('\n');
    };
    for remark in &done.remarks {
        line(remark.text.clone());
    }
    if done.resumed {
        line("途中だった鍵の入れ替えを終えました。".to_owned());
    }
    line(format!(
        "鍵を入れ替えました。記録 {} 件を封じ直しました。記録の番号とつながりは変わっていません。",
        done.records
    ));
    if done.closed > 0 {
        line(format!(
            "壊れていて開けなかった記録が {} 件あります。そのまま残しました。",
            done.closed
        ));
    }
    if done.damaged > 0 {
        line(format!(
            "壊れている記録が {} か所あり、そのまま残しました。",
            done.damaged
        ));
    }
    let keeps = done.closed > 0 || done.damaged > 0;
    match (&done.source, done.moved) {
        (KeySource::File(path), false) if keeps => line(format!(
            "{} は新しい鍵です。控えを別の媒体に取ってください。",
            path.display()
        )),
        (KeySource::File(path), false) => line(format!(
            "{} は新しい鍵です。控えを別の媒体に取り、前の鍵の控えは捨ててください。",
            path.display()
        )),
        (KeySource::File(path), true) => line(format!(
            "設定を次のように直してください。控えを別の媒体に取ってください。\n  [key]\n  file = \"{}\"",
            path.display()
        )),
        (KeySource::Credential(name), true) => line(format!(
            "設定を次のように直してください。\n  [key]\n  credential = \"{name}\""
        )),
        (KeySource::Passphrase(_), true) => line(
            "設定を次のように直してください。合言葉を忘れると、だれにも開けません。\n  [key]\n  passphrase = true"
                .to_owned(),
        ),
        _ => line("データの鍵だけが新しくなりました（外の鍵は同じです）。".to_owned()),
    }
    if keeps {
        line(keep(&done.former, done.moved));
    } else if done.moved
        && let KeySource::File(path) = &done.former
    {
        line(format!(
            "前の鍵のファイル {} はもう使いません。消してください。",
            path.display()
        ));
    }
    let aside = std::fs::read_dir(dir).map_or(0, |entries| {
        entries
            .flatten()
            .filter(|entry| entry.file_name().to_string_lossy().starts_with("state.2"))
            .count()
    });
    if aside > 0 && keeps {
        line(format!(
            "前に移しておいた state.… が {aside} 個あります。壊れている記録の中身が残っているかもしれません。直すまで消さないでください。"
        ));
    } else if aside > 0 {
        line(format!(
            "前に移しておいた state.… が {aside} 個あります。前の鍵で封じたもので、もう開けません。消してかまいません。"
        ));
    }
    out
}

/// What is to be kept while something is left that the former key sealed: a
/// copy of the store from before opens with it alone.
fn keep(former: &KeySource, moved: bool) -> String {
    let what = match former {
        KeySource::File(path) if moved => format!("前の鍵のファイル {} ", path.display()),
        KeySource::File(_) => "前の鍵の控え".to_owned(),
        KeySource::Credential(name) if moved => format!("前の資格情報 {name} "),
        KeySource::Passphrase(_) if moved => "前の合言葉".to_owned(),
        _ => "この鍵".to_owned(),
    };
    format!(
        "{what}と、前に取った保存先の控えは、まだ捨てないでください。残した記録を取り戻すには、その両方が要ります。madoguchi check で場所を確かめてください。"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn done(source: KeySource, moved: bool) -> Done {
        Done {
            source,
            former: KeySource::File(PathBuf::from("/k/a")),
            moved,
            resumed: false,
            records: 3,
            closed: 0,
            damaged: 0,
            remarks: Vec::new(),
        }
    }

    #[test]
    fn the_report_says_what_to_write_into_the_settings() {
        let dir = tempfile::tempdir().unwrap();
        let file = |name: &str| KeySource::File(PathBuf::from(name));
        let words = KeySource::Passphrase(Secret::new("ひみつ".to_owned()));
        for (to, moved, says) in [
            (file("/k/a"), false, "前の鍵の控えは捨ててください"),
            (file("/k/b"), true, "file = \"/k/b\""),
            (
                KeySource::Credential("c".to_owned()),
                true,
                "credential = \"c\"",
            ),
            (words, true, "passphrase = true"),
        ] {
            let text = report(&done(to, moved), dir.path());
            assert!(text.contains(says) && text.contains("3 件"), "{text}");
            assert_eq!(text.contains("/k/a はもう使いません"), moved, "{text}");
            assert!(!text.contains("ひみつ"));
        }
    }

    #[test]
    fn the_former_key_is_kept_while_something_damaged_is_left() {
        let dir = tempfile::tempdir().unwrap();
        std::fs::create_dir(dir.path().join("state.20261120")).unwrap();
        for (to, moved, keeps) in [
            ("/k/a", false, "前の鍵の控えと、"),
            ("/k/b", true, "前の鍵のファイル /k/a と、"),
        ] {
            for (closed, damaged) in [(0, 2), (1, 0)] {
                let done = Done {
                    closed,
                    damaged,
                    ..done(KeySource::File(PathBuf::from(to)), moved)
                };
                let text = report(&done, dir.path());
                assert!(text.contains(keeps), "{text}");
                assert_eq!(
                    text.contains("壊れている記録が 2 か所あり、そのまま残しました"),
                    damaged > 0,
                    "{text}"
                );
                for wrong in ["捨ててください", "消してください", "かまいません"]
                {
                    assert!(!text.contains(wrong), "{text}");
                }
            }
        }
    }

    #[test]
    fn a_key_beside_the_data_is_doubted() {
        let dir = tempfile::tempdir().unwrap();
        let folder = dir.path().join("data");
        std::fs::create_dir_all(folder.join("k")).unwrap();
        std::os::unix::fs::symlink(folder.join("k"), dir.path().join("elsewhere")).unwrap();
        assert!(inside(&folder.join("k/store.key"), &folder));
        assert!(inside(&dir.path().join("elsewhere/store.key"), &folder));
        assert!(!inside(&dir.path().join("store.key"), &folder));
        assert!(!inside(&dir.path().join("data2/store.key"), &folder));
    }
}
