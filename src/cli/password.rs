//! A password for a script or a person: from the file that
//! `MADOGUCHI_PASSWORD_FILE` names, or asked for without echo. Never from the
//! command line, where every process can read it (SEC-18).

use super::Fail;
use super::settings::password;
use crate::domain::secret::Secret;
use rustix::termios::{LocalModes, OptionalActions, Termios, tcgetattr, tcsetattr};
use std::fs::{File, OpenOptions};
use std::io::{self, IsTerminal, Read, Write};
use std::path::Path;
use zeroize::Zeroizing;

/// Names the file with the password.
const VARIABLE: &str = "MADOGUCHI_PASSWORD_FILE";

/// Longest password that is taken, in bytes.
const LONGEST: usize = 1024;

/// The password of `user`.
pub fn get(user: &str) -> Result<Secret, Fail> {
    if let Some(file) = std::env::var_os(VARIABLE) {
        return password(Path::new(&file)).map_err(Fail::usage);
    }
    ask(&format!("{user} のパスワード")).map_err(|error| match error.kind() {
        io::ErrorKind::Interrupted => Fail::no("やめました。"),
        _ => Fail::usage(format!(
            "パスワードを聞ける端末がありません。{VARIABLE} に、パスワードだけを書いたファイルの場所を入れてください。"
        )),
    })
}

/// A passphrase: typed without echo if standard input is a terminal, else the
/// first line of it (a pipe from a front end or from systemd-ask-password).
pub fn passphrase(question: &str) -> Result<Secret, Fail> {
    let stdin = io::stdin();
    let read = if stdin.is_terminal() {
        ask(question)
    } else {
        line(Raw)
    };
    match read {
        Ok(words) if words.is_empty() => Err(Fail::usage(
            "合言葉が空です。端末で入れるか、標準入力の 1 行目に渡してください（コマンドの引数や環境変数では受け取りません）。",
        )),
        Ok(words) => Ok(words),
        Err(error) if error.kind() == io::ErrorKind::Interrupted => Err(Fail::no("やめました。")),
        Err(_) => Err(Fail::usage(
            "合言葉を読めません。端末で入れるか、標準入力の 1 行目に渡してください。",
        )),
    }
}

/// Whether there is a person to ask: standard input is a terminal.
pub fn interactive() -> bool {
    io::stdin().is_terminal()
}

/// A secret number: typed without echo if standard input is a terminal, else
/// the first line of it.
pub fn number(question: &str, label: &str) -> Result<Secret, Fail> {
    let read = if interactive() {
        ask(question)
    } else {
        line(Raw)
    };
    match read {
        Ok(digits) if !digits.is_empty() => Ok(digits),
        Err(error) if error.kind() == io::ErrorKind::Interrupted => Err(Fail::no("やめました。")),
        _ => Err(Fail::usage(format!(
            "{label}: 端末で打つか、標準入力の 1 行目に渡してください（命令の引数や環境変数では受け取りません）。"
        ))),
    }
}

/// A decision, typed at the terminal without echo: Ctrl+C comes as a byte even
/// while it is otherwise caught.
pub fn decision(question: &str) -> Result<Secret, Fail> {
    ask(question).map_err(|_| Fail::no("やめました。"))
}

/// Asks at the terminal for what may be seen.
pub fn shown(question: &str) -> Result<String, Fail> {
    let ask = || -> io::Result<String> {
        let mut terminal = OpenOptions::new().read(true).write(true).open("/dev/tty")?;
        write!(terminal, "{question}: ")?;
        line(&terminal).map(|typed| typed.reveal().to_owned())
    };
    ask().map_err(|_| Fail::no("やめました。"))
}

/// Standard input without the buffer of the library, which nobody wipes.
struct Raw;

impl Read for Raw {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        Ok(rustix::io::read(rustix::stdio::stdin(), out)?)
    }
}

/// Shortest passphrase for a store, in characters.
const SHORTEST: usize = 12;

/// A passphrase that is to be kept: long enough, and at a terminal typed
/// twice.
pub fn new_passphrase() -> Result<Secret, Fail> {
    let words = passphrase("新しい合言葉（12 文字以上。忘れると、だれにも開けません）")?;
    if words.reveal().chars().count() < SHORTEST {
        return Err(Fail::usage(format!(
            "合言葉は {SHORTEST} 文字以上にしてください。"
        )));
    }
    if io::stdin().is_terminal() && passphrase("もう一度")? != words {
        return Err(Fail::usage(
            "2 回の合言葉が違います。もう一度始めてください。",
        ));
    }
    Ok(words)
}

/// A passphrase typed at the terminal itself, whatever standard input is.
pub fn typed(question: &str) -> Result<Secret, Fail> {
    match ask(question) {
        Ok(words) if words.is_empty() => Err(Fail::usage("合言葉が空です。")),
        Ok(words) => Ok(words),
        Err(error) if error.kind() == io::ErrorKind::Interrupted => Err(Fail::no("やめました。")),
        Err(_) => Err(Fail::usage(
            "合言葉を聞ける端末がありません。--passphrase-file に、合言葉だけを書いたファイルの場所を書いてください。",
        )),
    }
}

fn ask(question: &str) -> io::Result<Secret> {
    let mut terminal = OpenOptions::new().read(true).write(true).open("/dev/tty")?;
    write!(terminal, "{question}: ")?;
    let silent = Silent::enter(&terminal)?;
    let read = line(&terminal);
    drop(silent);
    writeln!(terminal)?;
    read
}

/// The terminal without echo; Ctrl+C comes as a byte, so that nothing can end
/// the program with the echo still off.
struct Silent<'a> {
    terminal: &'a File,
    before: Termios,
}

impl<'a> Silent<'a> {
    fn enter(terminal: &'a File) -> io::Result<Self> {
        let before = tcgetattr(terminal)?;
        let mut modes = before.clone();
        modes
            .local_modes
            .remove(LocalModes::ECHO | LocalModes::ICANON | LocalModes::ISIG);
        tcsetattr(terminal, OptionalActions::Flush, &modes)?;
        Ok(Self { terminal, before })
    }
}

impl Drop for Silent<'_> {
    fn drop(&mut self) {
        let _ = tcsetattr(self.terminal, OptionalActions::Flush, &self.before);
    }
}

fn line(mut from: impl Read) -> io::Result<Secret> {
    let mut bytes = Zeroizing::new(Vec::with_capacity(LONGEST));
    let mut one = [0];
    loop {
        if from.read(&mut one)? == 0 {
            break;
        }
        match one[0] {
            b'\r' | b'\n' => break,
            3 | 4 | 27 => return Err(io::ErrorKind::Interrupted.into()),
            8 | 127 => {
                // The whole character, however many bytes it has.
                while bytes.pop().is_some_and(|byte| byte & 0xc0 == 0x80) {}
            }
            byte if bytes.len() < LONGEST => bytes.push(byte),
            _ => {}
        }
    }
    let text = std::str::from_utf8(&bytes).map_err(|_| io::ErrorKind::InvalidData)?;
    Ok(Secret::new(text.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_read_as_typed() {
        for (typed, want) in [
            ("abc\n", "abc"),
            ("abx\u{7f}c\r", "abc"),
            ("山田\u{8}中\n", "山中"),
            ("\u{7f}\u{7f}a\n", "a"),
            ("end", "end"),
        ] {
            assert_eq!(line(typed.as_bytes()).unwrap().reveal(), want, "{typed:?}");
        }
        assert!(line(&b"ab\x03"[..]).is_err());
    }
}
