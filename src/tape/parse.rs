//! Reads a tape file. Errors name file, line and the nearest known word.

mod file;
mod tokens;
mod values;

use super::own;
use super::step::{Head, Placed, Step, Tape};
use std::path::{Path, PathBuf};
use std::time::Duration;
use tokens::Tokens;
pub use values::{duration, key};
use values::{number, size};

/// A tape that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}{}: {text}", .path.display(), if *.line == 0 { String::new() } else { format!(" の {line} 行目") })]
pub struct TapeError {
    /// File.
    pub path: PathBuf,
    /// Line, from 1.
    pub line: usize,
    /// What is wrong, in Japanese.
    pub text: String,
}

/// How deep `Source` may nest.
const DEEPEST_SOURCE: usize = 8;
/// Steps of one tape.
const MOST_STEPS: usize = 20_000;
/// A `Sleep` is no longer: every minute of it is gone through.
const LONGEST_SLEEP: Duration = Duration::from_secs(31 * 24 * 3600);

/// Every word a step begins with.
pub const WORDS: &[&str] = &[
    "Set",
    "Type",
    "Ime",
    "Paste",
    "Sleep",
    "Wait",
    "Expect",
    "Refute",
    "Screen",
    "Styles",
    "Cursor",
    "Central",
    "Card",
    "Reader",
    "Login",
    "Restart",
    "Kill",
    "Drop",
    "Resize",
    "Source",
    "Terminal",
    "Enter",
    "Tab",
    "Shift+Tab",
    "Escape",
    "Space",
    "Backspace",
    "Delete",
    "Insert",
    "Up",
    "Down",
    "Left",
    "Right",
    "Home",
    "End",
    "PageUp",
    "PageDown",
    "F1",
    "Ctrl+X",
    "Alt+X",
    "Press",
];

/// What `Set` sets.
pub const SET_WORDS: &[&str] = &[
    "Size",
    "Clock",
    "Keymap",
    "Ambiguous",
    "Fixtures",
    "People",
    "Seed",
    "Plain",
    "Virtual",
];

/// What `Central` does.
pub const CENTRAL_WORDS: &[&str] = &[
    "outage",
    "recover",
    "function",
    "slow",
    "answer",
    "notice",
    "blackhole",
    "garbage",
    "cutoff",
    "expire",
    "set",
];

/// Reads the tape at `path`.
pub fn read(path: &Path) -> Result<Tape, TapeError> {
    let mut tape = Tape {
        path: path.to_owned(),
        head: Head::default(),
        steps: Vec::new(),
    };
    read_into(&mut tape, path, 0)?;
    if tape.steps.is_empty() {
        return Err(TapeError {
            path: path.to_owned(),
            line: 0,
            text:
                "手が一つもありません。書きかけか、途中で切れたファイルではないか確かめてください"
                    .to_owned(),
        });
    }
    Ok(tape)
}

/// Reads a tape from text; `path` is for messages and for `Source`.
pub fn parse(text: &str, path: &Path) -> Result<Tape, TapeError> {
    let mut tape = Tape {
        path: path.to_owned(),
        head: Head::default(),
        steps: Vec::new(),
    };
    parse_into(&mut tape, text, path, 0)?;
    Ok(tape)
}

fn read_into(tape: &mut Tape, path: &Path, depth: usize) -> Result<(), TapeError> {
    let text = file::text(path)?;
    parse_into(tape, &text, path, depth)
}

fn parse_into(tape: &mut Tape, text: &str, path: &Path, depth: usize) -> Result<(), TapeError> {
    // Some editors put a mark of the coding in front.
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut lines = text.lines().enumerate();
    while let Some((at, line)) = lines.next() {
        let fail = |text: String| TapeError {
            path: path.to_owned(),
            line: at + 1,
            text,
        };
        let mut tokens = Tokens::new(line).map_err(&fail)?;
        while let Some(word) = tokens.word() {
            let step = match word.as_str() {
                "Set" => {
                    if !tape.steps.is_empty() && depth == 0 {
                        return Err(fail("Set は最初の操作より前に置きます".into()));
                    }
                    set(&mut tape.head, &mut tokens, path).map_err(&fail)?;
                    continue;
                }
                "Source" => {
                    if depth >= DEEPEST_SOURCE {
                        return Err(fail(
                            "Source が深すぎます（自分を読み込んでいませんか）".into(),
                        ));
                    }
                    let name = tokens.text_or_word().map_err(&fail)?;
                    let file = path.parent().unwrap_or(Path::new(".")).join(name);
                    read_into(tape, &file, depth + 1)?;
                    continue;
                }
                "Screen" | "Styles" => {
                    let name = if word == "Screen" {
                        tokens.text().unwrap_or_default()
                    } else {
                        String::new()
                    };
                    let rows = tokens.rows().map_err(&fail)?;
                    let cols = if word == "Screen" {
                        tokens.cols().map_err(&fail)?
                    } else {
                        None
                    };
                    let mut expected = Vec::new();
                    loop {
                        let Some((_, row)) = lines.next() else {
                            return Err(fail(format!("{word} に End がありません")));
                        };
                        if row.trim() == "End" {
                            break;
                        }
                        expected.push(bare_row(row).ok_or_else(|| {
                            fail(format!("{word} の行は | で始めて | で閉じます: {row}"))
                        })?);
                    }
                    if word == "Screen" {
                        Step::Screen {
                            name,
                            rows,
                            cols,
                            expected,
                        }
                    } else {
                        Step::Styles { rows, expected }
                    }
                }
                _ => simple(&word, &mut tokens).map_err(&fail)?,
            };
            if tape.steps.len() >= MOST_STEPS {
                return Err(fail(format!(
                    "手が {MOST_STEPS} を超えました（Source が同じファイルを読み直していませんか）"
                )));
            }
            tape.steps.push(Placed {
                path: path.to_owned(),
                line: at + 1,
                step,
            });
        }
    }
    Ok(())
}

fn bare_row(row: &str) -> Option<String> {
    row.trim_start()
        .strip_prefix('|')?
        .trim_end()
        .strip_suffix('|')
        .map(str::to_owned)
}

fn set(head: &mut Head, tokens: &mut Tokens, path: &Path) -> Result<(), String> {
    let key = tokens.need_word("Set の後に項目名")?;
    match key.as_str() {
        "Size" => head.size = size(&tokens.need_word("大きさ（80x24）")?)?,
        "Clock" => {
            let text = tokens.text_or_word()?;
            head.clock = text.parse().map_err(|_| {
                format!("時刻として読めません: {text}（例 2026-11-20T09:12:00+09:00）")
            })?;
        }
        "Keymap" => head.keymap = own::set_keymap(tokens.text_or_word()?, path)?,
        "Ambiguous" => {
            head.wide = match tokens.need_word("narrow か wide")?.as_str() {
                "narrow" => Some(false),
                "wide" => Some(true),
                "both" => None,
                other => return Err(format!("Ambiguous は narrow か wide です: {other}")),
            }
        }
        "Fixtures" => head.fixtures = own::set_fixtures(&tokens.text_or_word()?, path)?,
        "People" => head.people = number(&tokens.need_word("人数")?)?,
        "Seed" => head.seed = number(&tokens.need_word("種")?)?,
        "Plain" => {
            head.plain = match tokens.need_word("on か off")?.as_str() {
                "on" => true,
                "off" => false,
                other => return Err(format!("Plain は on か off です: {other}")),
            }
        }
        "Virtual" => head.only_virtual = Some(tokens.text_or_word()?),
        other => {
            return Err(format!(
                "Set {other} はありません{}",
                nearest(other, SET_WORDS)
            ));
        }
    }
    Ok(())
}

fn simple(word: &str, tokens: &mut Tokens) -> Result<Step, String> {
    Ok(match word {
        "Type" => Step::Type(tokens.text_or_word()?),
        "Ime" => Step::Ime(tokens.text_or_word()?),
        "Paste" => Step::Paste(tokens.text_or_word()?),
        "Sleep" => {
            let time = duration(&tokens.need_word("長さ（30s）")?)?;
            if time > LONGEST_SLEEP {
                return Err("Sleep は 31 日（744h）までです".into());
            }
            Step::Sleep(time)
        }
        "Wait" => Step::Wait(tokens.pattern()?),
        "Expect" => Step::Expect(tokens.pattern()?),
        "Refute" => Step::Refute(tokens.pattern()?),
        "Cursor" => Step::Cursor(
            number(&tokens.need_word("桁")?)?,
            number(&tokens.need_word("行")?)?,
        ),
        "Central" => Step::Central(central(tokens)?),
        "Card" => match tokens.need_word("insert か remove か slow")?.as_str() {
            "insert" => Step::CardInsert(tokens.text_or_word()?),
            "remove" => Step::CardRemove,
            "slow" => Step::CardSlow(duration(&tokens.need_word("長さ（25ms）")?)?),
            other => {
                return Err(format!(
                    "Card は insert NAME か remove か slow 25ms です: {other}"
                ));
            }
        },
        "Reader" => match tokens.need_word("unplug か plug")?.as_str() {
            "unplug" => Step::ReaderUnplug,
            "plug" => Step::ReaderPlug,
            other => return Err(format!("Reader は unplug か plug です: {other}")),
        },
        "Login" => Step::Login(tokens.text_or_word()?),
        "Restart" => tokens.exactly("desk").map(|()| Step::RestartDesk)?,
        "Kill" => tokens.exactly("desk").map(|()| Step::KillDesk)?,
        "Drop" => tokens.exactly("line").map(|()| Step::DropLine)?,
        "Resize" => {
            let (w, h) = size(&tokens.need_word("大きさ（100x30）")?)?;
            Step::Resize(w, h)
        }
        "Terminal" => Step::Terminal(number::<usize>(&tokens.need_word("番号")?)?.max(1)),
        "Press" => {
            let name = tokens.text_or_word()?;
            let name = name.replace("C-", "Ctrl+").replace("A-", "Alt+");
            let key = key(&name).ok_or_else(|| format!("知らないキーです: {name}"))?;
            Step::Key(key, tokens.count()?)
        }
        _ => match key(word) {
            Some(key) => Step::Key(key, tokens.count()?),
            None => {
                return Err(format!(
                    "知らない言葉です: {word}{}。ここには Type、Enter、Expect などの言葉を書きます（一覧は tests/tapes/README.md）",
                    nearest(word, WORDS)
                ));
            }
        },
    })
}

fn central(tokens: &mut Tokens) -> Result<Vec<(String, String)>, String> {
    let pair = |k: &str, v: &str| vec![(k.to_owned(), v.to_owned())];
    Ok(match tokens.need_word("outage、recover など")?.as_str() {
        "outage" => pair("outage", "on"),
        "recover" => [
            "outage=off",
            "blackhole=off",
            "delay=0",
            "status=off",
            "cutoff=off",
            "garbage=off",
        ]
        .iter()
        .filter_map(|s| s.split_once('='))
        .map(|(k, v)| (k.to_owned(), v.to_owned()))
        .collect(),
        "function" => pair(
            "outage-function",
            &tokens.need_word("期間（2026-11-20..2026-11-25）")?,
        ),
        "slow" => pair("delay", &tokens.need_word("長さ（3s）")?),
        "answer" => pair("status", &tokens.need_word("番号（503）")?),
        "notice" => pair("notice", &tokens.text_or_word()?),
        "blackhole" => pair("blackhole", "on"),
        "garbage" => pair("garbage", "on"),
        "cutoff" => pair("cutoff", "on"),
        "expire" => pair("expire-tokens", "now"),
        "set" => {
            let word = tokens.text_or_word()?;
            let (k, v) = word
                .split_once('=')
                .ok_or_else(|| format!("KEY=VALUE の形です: {word}"))?;
            pair(k, v)
        }
        other => {
            return Err(format!(
                "Central {other} はありません{}",
                nearest(other, CENTRAL_WORDS)
            ));
        }
    })
}

fn nearest(word: &str, known: &[&str]) -> String {
    known
        .iter()
        .map(|k| (strsim::damerau_levenshtein(word, k), k))
        .filter(|(distance, _)| *distance <= 3)
        .min()
        .map(|(_, k)| format!("（{k} ですか）"))
        .unwrap_or_default()
}

#[cfg(test)]
mod tests;
