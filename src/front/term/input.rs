//! Keys from the terminal: an own thread that waits for them, and the
//! translation into our keys.
//!
//! The thread may wait for ever (one byte the parser does not understand
//! makes it wait for the next): clocks and time limits live in the run loop.

use super::probe::{self, Answers, Ended};
use crate::front::app::Msg;
use crate::front::keys::key::{Code, Key};
use crossterm::event::{Event, KeyCode, KeyEvent, KeyEventKind, KeyModifiers};
use std::io;
use std::time::Duration;

/// Reads the terminal on an own thread until it fails or `hear` says no more.
/// The last call is `None`: the terminal is gone.
///
/// `probe` waits for an answer of the terminal before anybody else reads it.
pub fn listen(
    probe: Option<(Answers, impl Fn() -> Duration + Send + 'static)>,
    mut hear: impl FnMut(Option<Msg>) -> bool + Send + 'static,
) -> io::Result<()> {
    let before = size();
    std::thread::Builder::new()
        .name("input".to_owned())
        .spawn(move || {
            if let Some((answers, since)) = probe {
                if probe::wait(answers, since, &mut |msg| hear(Some(msg))) == Ended::Gone {
                    hear(None);
                    return;
                }
                // The parser hears of another size only from now on.
                let _ = crossterm::event::poll(Duration::ZERO);
                let (width, height) = size();
                if (width, height) != before && !hear(Some(Msg::Resize { width, height })) {
                    return;
                }
            }
            loop {
                match crossterm::event::read() {
                    Ok(event) => {
                        let Some(msg) = translate(event) else {
                            continue;
                        };
                        #[cfg(debug_assertions)]
                        super::trip::trip("input", &msg);
                        if !hear(Some(msg)) {
                            return;
                        }
                    }
                    Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                    Err(_) => {
                        hear(None);
                        return;
                    }
                }
            }
        })
        .map(drop)
}

/// The terminal's size, columns and rows; 80×24 where it does not say.
pub fn size() -> (u16, u16) {
    match crossterm::terminal::size() {
        Ok((w, h)) if w > 0 && h > 0 => (w, h),
        _ => (80, 24),
    }
}

/// What an event of the terminal is to us; `None` for what is nothing.
pub fn translate(event: Event) -> Option<Msg> {
    match event {
        Event::Key(key) => translate_key(key).map(Msg::Key),
        Event::Paste(text) => Some(Msg::Paste(text)),
        Event::Resize(width, height) => Some(Msg::Resize { width, height }),
        _ => None,
    }
}

fn translate_key(event: KeyEvent) -> Option<Key> {
    if event.kind == KeyEventKind::Release {
        return None;
    }
    let mods = event.modifiers;
    if mods.intersects(KeyModifiers::SUPER | KeyModifiers::HYPER | KeyModifiers::META) {
        return None;
    }
    let shift = mods.contains(KeyModifiers::SHIFT);
    let ctrl = mods.contains(KeyModifiers::CONTROL);
    let code = match event.code {
        // Ctrl+H is what many terminals send for Backspace.
        KeyCode::Char('h' | 'H') if ctrl => return Some(Key::plain(Code::Backspace)),
        // Enter typed ahead, before the terminal was ours, arrives as a line feed.
        KeyCode::Char('j' | 'J') if ctrl => return Some(Key::plain(Code::Enter)),
        KeyCode::Char(c) if ctrl => Code::Char(c.to_ascii_lowercase()),
        KeyCode::Char(c) => Code::Char(c),
        // Shift with a function key is another number on every terminal.
        KeyCode::F(n @ 1..=12) if !shift => Code::F(n),
        KeyCode::Enter => Code::Enter,
        KeyCode::BackTab => Code::BackTab,
        KeyCode::Tab if shift => Code::BackTab,
        KeyCode::Tab => Code::Tab,
        KeyCode::Esc => Code::Esc,
        KeyCode::Backspace => Code::Backspace,
        KeyCode::Delete => Code::Delete,
        KeyCode::Insert => Code::Insert,
        KeyCode::Left => Code::Left,
        KeyCode::Right => Code::Right,
        KeyCode::Up => Code::Up,
        KeyCode::Down => Code::Down,
        KeyCode::Home => Code::Home,
        KeyCode::End => Code::End,
        KeyCode::PageUp => Code::PageUp,
        KeyCode::PageDown => Code::PageDown,
        _ => return None,
    };
    Some(Key {
        code,
        ctrl,
        alt: mods.contains(KeyModifiers::ALT),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(code: KeyCode, modifiers: KeyModifiers) -> Option<Key> {
        translate_key(KeyEvent::new(code, modifiers))
    }

    #[test]
    fn keys_that_are_one() {
        let none = KeyModifiers::NONE;
        let ctrl = KeyModifiers::CONTROL;
        let shift = KeyModifiers::SHIFT;
        for (code, mods, want) in [
            (KeyCode::Char('h'), ctrl, Some(Key::plain(Code::Backspace))),
            (KeyCode::Char('j'), ctrl, Some(Key::plain(Code::Enter))),
            (KeyCode::Backspace, none, Some(Key::plain(Code::Backspace))),
            (
                KeyCode::Char('Ａ'),
                shift,
                Some(Key::plain(Code::Char('Ａ'))),
            ),
            (KeyCode::Char('L'), ctrl, Some(Key::ctrl('l'))),
            (KeyCode::Tab, shift, Some(Key::plain(Code::BackTab))),
            (KeyCode::F(12), none, Some(Key::plain(Code::F(12)))),
            (KeyCode::F(13), none, None),
            (KeyCode::F(3), shift, None),
            (KeyCode::Char('x'), KeyModifiers::ALT, Some(Key::alt('x'))),
            (KeyCode::Char('x'), KeyModifiers::SUPER, None),
            (KeyCode::Null, none, None),
        ] {
            assert_eq!(key(code, mods), want, "{code:?} {mods:?}");
        }
    }

    #[test]
    fn a_release_is_no_key_and_a_repeat_is_one() {
        let with = |kind| {
            translate_key(KeyEvent::new_with_kind(
                KeyCode::Enter,
                KeyModifiers::NONE,
                kind,
            ))
        };
        assert_eq!(with(KeyEventKind::Release), None);
        assert_eq!(with(KeyEventKind::Repeat), Some(Key::plain(Code::Enter)));
    }
}
