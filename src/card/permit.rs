//! The list of what may be said to a card, held against the bytes themselves
//! at the last moment. It knows nothing of [`super::apdu::Command`], so that a
//! mistake there cannot become a command: section 2.6 (個人番号, signature
//! side, PIN changes, 住基AP) is refused here whatever asked for it.

use super::apdu::{App, DIGEST_INFO};

/// Files of an application that may be read.
const READABLE: &[(App, u8)] = &[(App::Jpki, 0x06), (App::Jpki, 0x0A), (App::Text, 0x02)];

/// Keys that may be asked and tried, and how many digits they have.
const KEYS: &[(App, u8, usize)] = &[
    (App::Jpki, 0x18, 4),
    (App::Text, 0x11, 4),
    (App::Text, 0x15, 14),
];

/// Private keys that may sign.
const SIGNING: &[(App, u8)] = &[(App::Jpki, 0x17)];

/// What is selected on the card, as far as its answers tell, and with that
/// what may be said next.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Permit {
    app: Option<App>,
    file: Option<u8>,
    /// The last answer offered so many bytes more (61xx; 0 is 256).
    more: Option<u8>,
}

impl Permit {
    /// Whether these bytes may be sent now.
    pub fn allows(self, raw: &[u8]) -> bool {
        match raw {
            [0x00, 0xA4, 0x04, 0x0C, len, aid @ ..] => {
                usize::from(*len) == aid.len() && app_of(aid).is_some()
            }
            [0x00, 0xA4, 0x02, 0x0C, 0x02, 0x00, id] => self.app.is_some_and(|app| {
                READABLE.contains(&(app, *id)) || SIGNING.contains(&(app, *id)) || is_key(app, *id)
            }),
            [0x00, 0xB0, p1, _, _] if p1 & 0x80 == 0 => self.file_in(READABLE),
            [0x00, 0xB0, p1, _, _] => {
                p1 & 0x60 == 0
                    && self
                        .app
                        .is_some_and(|app| READABLE.contains(&(app, p1 & 0x1F)))
            }
            [0x00, 0xB2, 0x01, 0x0C, _] => self.app == Some(App::Common),
            [0x00, 0x20, 0x00, p2] => self.key(*p2).is_some(),
            [0x00, 0x20, 0x00, p2, len, digits @ ..] => {
                self.key(*p2) == Some(usize::from(*len))
                    && digits.len() == usize::from(*len)
                    && digits.iter().all(u8::is_ascii_digit)
            }
            [0x80, 0x2A, 0x00, 0x80, 0x33, data @ .., 0x00] => {
                data.len() == 0x33 && data.starts_with(&DIGEST_INFO) && self.file_in(SIGNING)
            }
            [0x00, 0xC0, 0x00, 0x00, le] => self.more == Some(*le),
            _ => false,
        }
    }

    /// Hears what a card answered to bytes that were allowed. What did not
    /// end well leaves nothing selected for certain.
    pub fn saw(&mut self, raw: &[u8], status: u16) {
        let [high, low] = status.to_be_bytes();
        self.more = (high == 0x61).then_some(low);
        let done = matches!(status, 0x9000 | 0x6282) || high == 0x61;
        match raw {
            [0x00, 0xA4, 0x04, 0x0C, _, aid @ ..] => {
                self.app = app_of(aid).filter(|_| done);
                self.file = None;
            }
            [0x00, 0xA4, 0x02, .., id] => self.file = done.then_some(*id),
            [0x00, 0xB0, p1, ..] if p1 & 0x80 != 0 => self.file = done.then_some(p1 & 0x1F),
            // By short identifier another file may have become the selected one.
            [0x00, 0x20, 0x00, p2, ..] if *p2 != 0x80 => self.file = None,
            [0x00, 0xB2, ..] => self.file = None,
            _ => {}
        }
    }

    /// Number of digits of the key that P2 means.
    fn key(self, p2: u8) -> Option<usize> {
        let app = self.app?;
        let id = match p2 {
            0x80 => self.file?,
            0x81..=0x9F => p2 & 0x1F,
            _ => return None,
        };
        KEYS.iter()
            .find(|(of, key, _)| *of == app && *key == id)
            .map(|(_, _, digits)| *digits)
    }

    fn file_in(self, list: &[(App, u8)]) -> bool {
        matches!((self.app, self.file), (Some(app), Some(file)) if list.contains(&(app, file)))
    }
}

fn app_of(aid: &[u8]) -> Option<App> {
    App::ALL.into_iter().find(|app| app.aid() == aid)
}

fn is_key(app: App, id: u8) -> bool {
    KEYS.iter().any(|(of, key, _)| *of == app && *key == id)
}

#[cfg(test)]
mod tests;
