//! The terminal's modes: what is set at the start, and how everything is put
//! back on every way out (REL-22).

use rustix::fd::AsFd;
use std::io::{self, Write};
use std::sync::atomic::{AtomicBool, Ordering};

/// Alternate screen, bracketed paste, numeric pad in numeric mode (PuTTY and
/// others send keys nobody understands in application mode), no mouse as a
/// program that broke may have left it. No keyboard
/// protocol: text of input methods is lost with it. No question is asked. The
/// screen is emptied: where there is no alternate screen (GNU screen, tmux and
/// PuTTY as some set them), the shell's text would stand between ours.
pub const ENTER: &[u8] =
    b"\x1b[?1049h\x1b[?2004h\x1b>\x1b[?1l\x1b[?1000;1002;1003;1006l\x1b[m\x1b[2J\x1b[H";

/// The other way round. The screen is emptied first, so that nothing of a
/// patient stays in a terminal that keeps the alternate screen (SEC-10).
pub const LEAVE: &[u8] = b"\x1b[?2026l\x1b[m\x1b[2J\x1b[?2004l\x1b[?25h\x1b[?1049l";

static ENTERED: AtomicBool = AtomicBool::new(false);
/// Lines are told: the terminal gets no escape sequence, not at the end either.
static PLAIN: AtomicBool = AtomicBool::new(false);

/// Puts the terminal back when dropped.
#[derive(Debug)]
pub struct Modes(());

impl Modes {
    /// Raw mode. The caller sends [`ENTER`] with the first frame, unless it is
    /// `plain`.
    pub fn enter(plain: bool) -> io::Result<Self> {
        crossterm::terminal::enable_raw_mode()?;
        PLAIN.store(plain, Ordering::SeqCst);
        ENTERED.store(true, Ordering::SeqCst);
        Ok(Self(()))
    }

    /// Raw mode again, after the program was stopped and continued.
    pub fn again(&self) -> io::Result<()> {
        crossterm::terminal::disable_raw_mode()?;
        crossterm::terminal::enable_raw_mode()?;
        ENTERED.store(true, Ordering::SeqCst);
        Ok(())
    }
}

impl Drop for Modes {
    fn drop(&mut self) {
        restore();
    }
}

/// Whether the terminal is ours at present.
pub fn entered() -> bool {
    ENTERED.load(Ordering::SeqCst)
}

/// Puts the terminal back, once, from any thread. Returns whether there was
/// something to put back.
pub fn restore() -> bool {
    if !ENTERED.swap(false, Ordering::SeqCst) {
        return false;
    }
    // A terminal that takes nothing must not hold the way out.
    if ready() {
        let mut out = io::stdout();
        let leave = if PLAIN.load(Ordering::SeqCst) {
            b"\r\n"
        } else {
            LEAVE
        };
        let _ = out.write_all(leave).and_then(|()| out.flush());
    }
    let _ = crossterm::terminal::disable_raw_mode();
    true
}

fn ready() -> bool {
    use rustix::event::{PollFd, PollFlags, Timespec, poll};
    let stdout = io::stdout();
    let mut fds = [PollFd::from_borrowed_fd(stdout.as_fd(), PollFlags::OUT)];
    let moment = Timespec {
        tv_sec: 0,
        tv_nsec: 200_000_000,
    };
    matches!(poll(&mut fds, Some(&moment)), Ok(n) if n > 0)
}

/// Whether the text console of the kernel shows what is written here, as far
/// as can be known: on one of its own terminals, or over SSH by a terminal that
/// calls itself one. A program with a font of its own inside a console (fbterm)
/// passes on the name, but is a pseudo-terminal on this machine.
pub fn console(over_ssh: bool) -> bool {
    let name = rustix::termios::ttyname(io::stdout(), Vec::new());
    over_ssh || !name.is_ok_and(|name| name.to_bytes().starts_with(b"/dev/pts/"))
}

/// Why this terminal cannot show the program, in words for a person. `console`:
/// see [`console`].
pub fn unfit(term: Option<&str>, plain: bool, console: bool) -> Option<&'static str> {
    match term {
        _ if plain => None,
        None | Some("" | "dumb") => Some(
            "この端末（TERM が空か dumb）では画面を出せません。端末の種類を TERM に入れるか（例: TERM=xterm-256color）、この端末のままなら madoguchi --plain で始めてください（1 行ずつ文で出します）。",
        ),
        Some("linux") if console => Some(
            "Linux のテキストコンソールには日本語が出ません。kmscon か fbterm の中で始めるか、ほかの端末から SSH で入ってください。日本語が出ている端末なら、TERM=fbterm madoguchi で始められます。",
        ),
        Some(_) => None,
    }
}

/// Whether a terminal of this name has colours. Those without take the codes
/// for noise at best.
pub fn coloured(term: Option<&str>) -> bool {
    let name = term.unwrap_or_default().to_ascii_lowercase();
    // The later models of the family have colours.
    let old = name.starts_with("vt") && !name.starts_with("vt340") && !name.starts_with("vt525");
    let plain = ["", "dumb", "unknown", "network", "sun"].contains(&name.as_str());
    let mut parts = name.split('-').skip(1);
    let monochrome = parts.any(|part| part == "m" || part == "mono");
    !(old || plain || monochrome || name.starts_with("wy"))
}

/// Why this locale cannot carry Japanese: it names the setting that decides.
/// `vars` are the values of `LC_ALL`, `LC_CTYPE` and `LANG`.
pub fn unfit_locale(vars: [Option<&str>; 3]) -> Option<String> {
    let names = ["LC_ALL", "LC_CTYPE", "LANG"];
    let decides = names
        .iter()
        .zip(vars)
        .find_map(|(name, value)| Some((name, value.filter(|v| !v.is_empty())?)));
    let utf8 = |value: &str| {
        let value = value.to_ascii_lowercase();
        value.contains("utf-8") || value.contains("utf8")
    };
    match decides {
        Some((_, value)) if utf8(value) => None,
        Some((name, value)) => Some(format!(
            "文字コードが UTF-8 ではありません（{name}={value}）。端末を UTF-8 にし、{name}=ja_JP.UTF-8（または C.UTF-8）として始めてください。"
        )),
        None => Some(
            "文字コードが分かりません（LC_ALL、LC_CTYPE、LANG のどれもありません）。端末を UTF-8 にし、LANG=ja_JP.UTF-8（または C.UTF-8）として始めてください。"
                .to_owned(),
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_terminal_without_a_screen_is_told_the_way_that_works_there() {
        for term in [None, Some(""), Some("dumb")] {
            assert!(
                unfit(term, false, false)
                    .unwrap()
                    .contains("madoguchi --plain")
            );
            assert_eq!(unfit(term, true, false), None);
        }
        for console in [false, true] {
            assert_eq!(unfit(Some("xterm"), false, console), None);
        }
    }

    #[test]
    fn a_console_is_refused_and_a_program_with_a_font_in_it_is_not() {
        assert!(
            unfit(Some("linux"), false, true)
                .unwrap()
                .contains("TERM=fbterm")
        );
        assert_eq!(unfit(Some("linux"), false, false), None);
        assert_eq!(unfit(Some("fbterm"), false, true), None);
    }

    #[test]
    fn the_locale_that_decides_is_named() {
        for (vars, named) in [
            ([None, None, Some("ja_JP.UTF-8")], None),
            ([None, None, Some("C.utf8")], None),
            (
                [None, Some("ja_JP.eucJP"), Some("ja_JP.UTF-8")],
                Some("LC_CTYPE"),
            ),
            ([Some("ja_JP.UTF-8"), Some("C"), Some("C")], None),
            ([Some("C"), None, Some("ja_JP.UTF-8")], Some("LC_ALL")),
            ([Some(""), None, Some("ja_JP.SJIS")], Some("LANG")),
            ([None, None, None], Some("LANG")),
        ] {
            let text = unfit_locale(vars);
            match named {
                None => assert_eq!(text, None, "{vars:?}"),
                Some(name) => assert!(text.unwrap().contains(name), "{vars:?}"),
            }
        }
    }

    #[test]
    fn monochrome_terminals_are_known_by_their_name() {
        for (term, colours) in [
            (Some("xterm-256color"), true),
            (Some("xterm"), true),
            (Some("tmux"), true),
            (Some("linux"), true),
            (Some("screen-256color"), true),
            (Some("vt100"), false),
            (Some("vt220"), false),
            (Some("vt102-w"), false),
            (Some("vt525"), true),
            (Some("linux-m"), false),
            (Some("xterm-mono"), false),
            (Some("dumb"), false),
            (Some("wy60"), false),
            (Some(""), false),
            (None, false),
        ] {
            assert_eq!(coloured(term), colours, "{term:?}");
        }
    }

    #[test]
    fn what_is_entered_is_left() {
        let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
        let (enter, leave) = (text(ENTER), text(LEAVE));
        for mode in ["?1049", "?2004"] {
            assert!(enter.contains(&format!("\x1b[{mode}h")), "{mode}");
            assert!(leave.contains(&format!("\x1b[{mode}l")), "{mode}");
        }
        assert!(leave.contains("\x1b[?25h"));
        assert!(enter.contains("\x1b[m\x1b[2J"), "{enter:?}");
    }
}
