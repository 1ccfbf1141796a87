//! One key press, as every terminal can send it.

/// Which key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Code {
    /// F1 to F12.
    F(u8),
    /// A character, shifted already.
    Char(char),
    /// Enter.
    Enter,
    /// Tab.
    Tab,
    /// Shift+Tab.
    BackTab,
    /// Escape.
    Esc,
    /// Backspace (also Ctrl+H).
    Backspace,
    /// Delete.
    Delete,
    /// Insert.
    Insert,
    /// Left.
    Left,
    /// Right.
    Right,
    /// Up.
    Up,
    /// Down.
    Down,
    /// Home.
    Home,
    /// End.
    End,
    /// Page up.
    PageUp,
    /// Page down.
    PageDown,
}

/// A key with its modifiers. Shift is part of the character; Shift+F does not
/// exist, since terminals disagree about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Key {
    /// Which.
    pub code: Code,
    /// With Ctrl.
    pub ctrl: bool,
    /// With Alt.
    pub alt: bool,
}

impl Key {
    /// A key without modifiers.
    pub const fn plain(code: Code) -> Self {
        Self {
            code,
            ctrl: false,
            alt: false,
        }
    }

    /// Ctrl and a letter.
    pub const fn ctrl(letter: char) -> Self {
        Self {
            code: Code::Char(letter),
            ctrl: true,
            alt: false,
        }
    }

    /// Alt and a character.
    pub const fn alt(c: char) -> Self {
        Self {
            code: Code::Char(c),
            ctrl: false,
            alt: true,
        }
    }

    /// Whether this key puts a character into a text.
    pub const fn types(self) -> bool {
        matches!(self.code, Code::Char(_)) && !self.ctrl && !self.alt
    }

    /// Whether this is a function key.
    pub const fn is_function(self) -> bool {
        matches!(self.code, Code::F(_))
    }

    /// The name shown to staff: `F12`, `^D`, `Alt+1`, `上矢印`. Arrows are
    /// words, since the arrow characters have no certain width (DOM-48).
    pub fn shown(self) -> String {
        let name = match self.code {
            Code::F(n) => format!("F{n}"),
            Code::Char(' ') => "Space".to_owned(),
            Code::Char(c) if self.ctrl => return format!("^{}", c.to_uppercase()),
            Code::Char(c) => c.to_string(),
            Code::Enter => "Enter".to_owned(),
            Code::Tab => "Tab".to_owned(),
            Code::BackTab => "Shift+Tab".to_owned(),
            Code::Esc => "Esc".to_owned(),
            Code::Backspace => "Backspace".to_owned(),
            Code::Delete => "Delete".to_owned(),
            Code::Insert => "Insert".to_owned(),
            Code::Left => "左矢印".to_owned(),
            Code::Right => "右矢印".to_owned(),
            Code::Up => "上矢印".to_owned(),
            Code::Down => "下矢印".to_owned(),
            Code::Home => "Home".to_owned(),
            Code::End => "End".to_owned(),
            Code::PageUp => "PageUp".to_owned(),
            Code::PageDown => "PageDown".to_owned(),
        };
        match (self.ctrl, self.alt) {
            (true, _) => format!("Ctrl+{name}"),
            (_, true) => format!("Alt+{name}"),
            _ => name,
        }
    }

    /// The name as it is printed on the key, for the function row, where each
    /// place has thirteen columns.
    pub fn brief(self) -> String {
        let name = match self.code {
            Code::PageUp => "PgUp",
            Code::PageDown => "PgDn",
            Code::Insert => "Ins",
            Code::Delete => "Del",
            Code::Backspace => "BS",
            Code::Left => "左",
            Code::Right => "右",
            Code::Up => "上",
            Code::Down => "下",
            _ => return self.shown(),
        };
        match (self.ctrl, self.alt) {
            (true, _) => format!("^{name}"),
            (_, true) => format!("Alt+{name}"),
            _ => name.to_owned(),
        }
    }

    /// Whether a hand on the ten-key pad presses it without leaving (NumLock
    /// on or off).
    pub const fn on_tenkey(self) -> bool {
        !self.ctrl
            && !self.alt
            && matches!(
                self.code,
                Code::Char('0'..='9' | '+' | '-' | '*' | '/' | '.')
                    | Code::Enter
                    | Code::Insert
                    | Code::Delete
                    | Code::Left
                    | Code::Right
                    | Code::Up
                    | Code::Down
                    | Code::Home
                    | Code::End
                    | Code::PageUp
                    | Code::PageDown
            )
    }

    /// Reads the name used in keymap files: `F12`, `C-d`, `A-1`, `Enter`,
    /// `S-Tab`, `+`.
    ///
    /// # Errors
    /// Keys that no terminal tells apart, that terminals take for themselves,
    /// or that do not exist; the text says which and what to use instead.
    pub fn parse(name: &str) -> Result<Self, KeyError> {
        if name == "S-Tab" {
            return Ok(Self::plain(Code::BackTab));
        }
        let (mut ctrl, mut alt, mut rest) = (false, false, name);
        loop {
            if let Some(tail) = rest.strip_prefix("C-").filter(|t| !t.is_empty()) {
                (ctrl, rest) = (true, tail);
            } else if let Some(tail) = rest.strip_prefix("A-").filter(|t| !t.is_empty()) {
                (alt, rest) = (true, tail);
            } else {
                break;
            }
        }
        if rest.starts_with("S-") && rest.len() > 2 {
            return Err(KeyError::Shift(name.to_owned()));
        }
        let mut chars = rest.chars();
        let code = match (chars.next(), chars.next()) {
            (Some(c), None) => Code::Char(c),
            _ => NAMED
                .iter()
                .find(|(known, _)| *known == rest)
                .map(|(_, code)| *code)
                .ok_or_else(|| match rest.strip_prefix('F').map(str::parse::<u8>) {
                    // Above F12 the numbers differ from terminal to terminal.
                    Some(Ok(13..)) => KeyError::Shift(name.to_owned()),
                    _ => KeyError::Unknown(name.to_owned()),
                })?,
        };
        let key = Self { code, ctrl, alt };
        if ctrl && let Code::Char(c) = code {
            key.allowed_with_ctrl(c)?;
        }
        if (ctrl || alt) && key.is_function() || ctrl && alt {
            return Err(KeyError::Shift(name.to_owned()));
        }
        if alt || ctrl {
            key.told_apart(name)?;
        }
        Ok(key)
    }

    /// With Ctrl or Alt most keys without a character are another thing on
    /// every terminal, or are taken by the window (tui-craft B.5).
    fn told_apart(self, name: &str) -> Result<(), KeyError> {
        let arrow = matches!(
            self.code,
            Code::Left | Code::Right | Code::Up | Code::Down | Code::Home | Code::End
        );
        match self.code {
            // Esc [ and Esc O begin the sequences of other keys.
            Code::Char('[' | 'O') if self.alt => Err(KeyError::Shift(name.to_owned())),
            Code::Char(' ') => Err(KeyError::Shift(name.to_owned())),
            Code::Char(c) if c.is_ascii() => Ok(()),
            _ if arrow && self.ctrl => Ok(()),
            _ => Err(KeyError::Shift(name.to_owned())),
        }
    }

    fn allowed_with_ctrl(self, c: char) -> Result<(), KeyError> {
        let same = match c.to_ascii_lowercase() {
            'i' => "Tab",
            'm' | 'j' => "Enter",
            '[' => "Esc",
            'h' => "Backspace",
            'c' | 'z' | 's' | 'q' | '\\' => return Err(KeyError::Taken(self.shown())),
            'a'..='z' => {
                return if c.is_ascii_lowercase() {
                    Ok(())
                } else {
                    Err(KeyError::Shift(format!("C-{c}")))
                };
            }
            _ => return Err(KeyError::Shift(format!("C-{c}"))),
        };
        Err(KeyError::Same(self.shown(), same))
    }
}

/// Why a key cannot stand in a keymap.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// No such key.
    #[error("「{0}」というキーはありません")]
    Unknown(String),
    /// Two names of one key on the wire.
    #[error("{0} は端末では {1} と同じです。{1} と書いてください")]
    Same(String, &'static str),
    /// Terminals take it: flow control, interrupt, suspend.
    #[error("{0} は端末や回線の制御に使われるので、割り当てられません")]
    Taken(String),
    /// Terminals disagree about it.
    #[error("「{0}」は端末によって届き方が違うので、割り当てられません")]
    Shift(String),
}

/// The keys with a name of their own.
pub const NAMED: [(&str, Code); 27] = [
    ("F1", Code::F(1)),
    ("F2", Code::F(2)),
    ("F3", Code::F(3)),
    ("F4", Code::F(4)),
    ("F5", Code::F(5)),
    ("F6", Code::F(6)),
    ("F7", Code::F(7)),
    ("F8", Code::F(8)),
    ("F9", Code::F(9)),
    ("F10", Code::F(10)),
    ("F11", Code::F(11)),
    ("F12", Code::F(12)),
    ("Enter", Code::Enter),
    ("Tab", Code::Tab),
    ("Esc", Code::Esc),
    ("Backspace", Code::Backspace),
    ("Delete", Code::Delete),
    ("Insert", Code::Insert),
    ("Left", Code::Left),
    ("Right", Code::Right),
    ("Up", Code::Up),
    ("Down", Code::Down),
    ("Home", Code::Home),
    ("End", Code::End),
    ("PageUp", Code::PageUp),
    ("PageDown", Code::PageDown),
    ("Space", Code::Char(' ')),
];
