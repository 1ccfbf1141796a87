//! One line of a tape as words, texts and patterns.

use crate::tape::step::{Pattern, Rows};

#[derive(Debug, Clone, PartialEq)]
enum Token {
    Word(String),
    Text(String),
    Regex(String),
}

/// The tokens of one line.
pub(super) struct Tokens {
    tokens: std::vec::IntoIter<Token>,
    next: Option<Token>,
}

impl Tokens {
    pub(super) fn new(line: &str) -> Result<Self, String> {
        let mut tokens = Vec::new();
        let mut chars = line.chars().peekable();
        while let Some(&c) = chars.peek() {
            match c {
                '#' => break,
                c if c.is_whitespace() => {
                    chars.next();
                }
                '"' | '/' => {
                    chars.next();
                    let body = quoted(&mut chars, c)?;
                    tokens.push(if c == '"' {
                        Token::Text(body)
                    } else {
                        Token::Regex(body)
                    });
                }
                _ => {
                    let mut word = String::new();
                    while let Some(&c) = chars.peek() {
                        if c.is_whitespace() {
                            break;
                        }
                        word.push(c);
                        chars.next();
                    }
                    tokens.push(Token::Word(word));
                }
            }
        }
        let mut tokens = tokens.into_iter();
        let next = tokens.next();
        Ok(Self { tokens, next })
    }

    fn take(&mut self) -> Option<Token> {
        std::mem::replace(&mut self.next, self.tokens.next())
    }

    pub(super) fn word(&mut self) -> Option<String> {
        match self.take()? {
            Token::Word(w) => Some(w),
            Token::Text(t) => Some(format!("\"{t}\"")),
            Token::Regex(r) => Some(format!("/{r}/")),
        }
    }

    pub(super) fn need_word(&mut self, what: &str) -> Result<String, String> {
        self.word().ok_or_else(|| format!("{what} が要ります"))
    }

    pub(super) fn text(&mut self) -> Option<String> {
        let Some(Token::Text(text)) = &self.next else {
            return None;
        };
        let text = text.clone();
        self.take();
        Some(text)
    }

    pub(super) fn text_or_word(&mut self) -> Result<String, String> {
        match self.take() {
            Some(Token::Text(t) | Token::Word(t)) => Ok(t),
            _ => Err("\"…\" が要ります".into()),
        }
    }

    pub(super) fn pattern(&mut self) -> Result<Pattern, String> {
        match self.take() {
            Some(Token::Text(t) | Token::Word(t)) => Ok(Pattern::Text(t)),
            Some(Token::Regex(r)) => regex::Regex::new(&format!("(?m){r}"))
                .map(Pattern::Regex)
                .map_err(|_| {
                    format!(
                        "/{r}/ は正規表現として読めません。( ) [ ] {{ }} * + ? . | ^ $ は特別な記号です。そのまま探すなら \\ を前に置くか（例 /\\(/）、\"…\" で囲みます（例 \"(\"）"
                    )
                }),
            None => Err("\"…\" か /…/ が要ります".into()),
        }
    }

    pub(super) fn exactly(&mut self, word: &str) -> Result<(), String> {
        match self.word() {
            Some(w) if w == word => Ok(()),
            _ => Err(format!("{word} が要ります")),
        }
    }

    /// A number behind a key repeats it.
    pub(super) fn count(&mut self) -> Result<usize, String> {
        const MOST: usize = 1000;
        let Some(Token::Word(word)) = &self.next else {
            return Ok(1);
        };
        if !word.bytes().all(|b| b.is_ascii_digit()) {
            return Ok(1);
        }
        let count = word.parse().ok().filter(|count| *count <= MOST);
        self.take();
        count.ok_or_else(|| format!("キーの回数は {MOST} までです"))
    }

    /// `rows 3-6`.
    pub(super) fn rows(&mut self) -> Result<Rows, String> {
        self.range("rows", "行")
    }

    /// `cols 0-39`.
    pub(super) fn cols(&mut self) -> Result<Rows, String> {
        self.range("cols", "桁")
    }

    fn range(&mut self, name: &str, of: &str) -> Result<Rows, String> {
        if !matches!(&self.next, Some(Token::Word(w)) if w == name) {
            return Ok(None);
        }
        self.take();
        let word = self.need_word(&format!("{of}の範囲（3-6）"))?;
        let (from, to) = word.split_once('-').unwrap_or((&word, &word));
        match (from.parse::<usize>(), to.parse::<usize>()) {
            (Ok(from), Ok(to)) if from <= to => Ok(Some((from, to))),
            _ => Err(format!("{of}の範囲として読めません: {word}（例 3-6）")),
        }
    }
}

fn quoted(
    chars: &mut std::iter::Peekable<std::str::Chars<'_>>,
    close: char,
) -> Result<String, String> {
    let mut body = String::new();
    while let Some(c) = chars.next() {
        match c {
            '\\' => match (chars.next(), close) {
                (Some('n'), '"') => body.push('\n'),
                (Some('t'), '"') => body.push('\t'),
                (Some('e'), '"') => body.push('\u{1b}'),
                (Some(c), '"') => body.push(c),
                (Some('/'), _) => body.push('/'),
                (Some(c), _) => {
                    body.push('\\');
                    body.push(c);
                }
                (None, _) => break,
            },
            c if c == close => return Ok(body),
            c => body.push(c),
        }
    }
    Err(format!("{close} が閉じていません"))
}
