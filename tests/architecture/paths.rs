//! Every path a source names, in full: `use` trees spread out, names brought
//! in by `use`, `type` and `extern crate` put back to where they come from.

use std::collections::HashMap;

/// What was read of one file.
pub struct Paths {
    /// All paths, segment by segment.
    pub all: Vec<Vec<String>>,
    /// Roots (`std`, `crate`, `super` …) that were given another name.
    pub renamed: Vec<String>,
    /// Names of `static` items.
    pub statics: Vec<String>,
}

#[derive(Debug, Clone, PartialEq)]
enum Token {
    Word(String),
    /// `::`
    Sep,
    Other(char),
}

fn tokens(code: &str) -> Vec<Token> {
    let chars: Vec<char> = code.chars().collect();
    let word = |c: char| c.is_alphanumeric() || c == '_';
    let mut out = Vec::new();
    let mut at = 0;
    while at < chars.len() {
        let c = chars[at];
        if word(c) {
            let end = chars[at..].iter().take_while(|c| word(**c)).count() + at;
            let text: String = chars[at..end].iter().collect();
            // A lifetime is no name.
            if out.last() == Some(&Token::Other('\'')) {
                out.pop();
            } else {
                out.push(Token::Word(text));
            }
            at = end;
        } else if c == ':' && chars.get(at + 1) == Some(&':') {
            out.push(Token::Sep);
            at += 2;
        } else {
            if !c.is_whitespace() {
                out.push(Token::Other(c));
            }
            at += 1;
        }
    }
    out
}

struct Reader<'a> {
    tokens: &'a [Token],
    at: usize,
}

impl Reader<'_> {
    fn word(&mut self) -> Option<String> {
        match self.tokens.get(self.at) {
            Some(Token::Word(word)) => {
                self.at += 1;
                Some(word.clone())
            }
            _ => None,
        }
    }

    fn takes(&mut self, token: &Token) -> bool {
        let fits = self.tokens.get(self.at) == Some(token);
        self.at += usize::from(fits);
        fits
    }

    /// Words joined by `::`.
    fn path(&mut self) -> Vec<String> {
        let mut path = Vec::new();
        while let Some(word) = self.word() {
            path.push(word);
            if !self.takes(&Token::Sep) {
                break;
            }
        }
        path
    }

    /// The leaves of a `use` tree: the path and the name it has here.
    fn tree(&mut self, prefix: &[String], leaves: &mut Vec<(Vec<String>, String)>) {
        let mut path = prefix.to_vec();
        self.takes(&Token::Sep);
        loop {
            if self.takes(&Token::Other('{')) {
                while !self.takes(&Token::Other('}')) && self.at < self.tokens.len() {
                    self.tree(&path, leaves);
                    self.takes(&Token::Other(','));
                }
                return;
            }
            if self.takes(&Token::Other('*')) {
                path.push("*".to_owned());
                leaves.push((path, "*".to_owned()));
                return;
            }
            match self.word() {
                Some(word) if word == "self" && !path.is_empty() => {}
                Some(word) => path.push(word),
                None => {
                    // Nothing that is a tree: never stand still.
                    self.at += 1;
                    return;
                }
            }
            if !self.takes(&Token::Sep) {
                break;
            }
        }
        let own = path.last().cloned().unwrap_or_default();
        let name = if self.takes(&Token::Word("as".to_owned())) {
            self.word().unwrap_or_default()
        } else {
            own
        };
        leaves.push((path, name));
    }
}

/// Reads code that has neither comments nor literals.
pub fn read(code: &str) -> Paths {
    let tokens = tokens(code);
    let mut names: Vec<(Vec<String>, String)> = Vec::new();
    let mut plain = Vec::new();
    let mut statics = Vec::new();
    let mut reader = Reader {
        tokens: &tokens,
        at: 0,
    };
    while let Some(token) = tokens.get(reader.at) {
        let word = match token {
            Token::Word(word) => word.as_str(),
            Token::Other('<') => {
                // `<Type as Trait>::name` is `Type::name`.
                let before = reader.at;
                reader.at += 1;
                let mut path = reader.path();
                if reader.takes(&Token::Word("as".to_owned())) {
                    plain.push(reader.path());
                }
                if !path.is_empty() && reader.takes(&Token::Other('>')) && reader.takes(&Token::Sep)
                {
                    path.extend(reader.path());
                    plain.push(path);
                } else {
                    reader.at = before + 1;
                }
                continue;
            }
            _ => {
                reader.at += 1;
                continue;
            }
        };
        match word {
            "use" => {
                reader.at += 1;
                reader.tree(&[], &mut names);
            }
            "extern" if tokens.get(reader.at + 1) == Some(&Token::Word("crate".to_owned())) => {
                reader.at += 2;
                reader.tree(&[], &mut names);
            }
            "type" => {
                reader.at += 1;
                let name = reader.word().unwrap_or_default();
                if reader.takes(&Token::Other('=')) {
                    let path = reader.path();
                    plain.push(path.clone());
                    if path.len() > 1 {
                        names.push((path, name));
                    }
                }
            }
            "static" => {
                reader.at += 1;
                reader.takes(&Token::Word("mut".to_owned()));
                statics.extend(reader.word());
            }
            _ => plain.push(reader.path()),
        }
    }
    let root = |path: &[String]| match path {
        // Crates and modules; types begin with a capital letter.
        [one] => one.starts_with(|c: char| c.is_lowercase()),
        all => all
            .iter()
            .all(|part| ["crate", "super", "self"].contains(&part.as_str())),
    };
    let renamed = names
        .iter()
        .filter(|(path, name)| root(path) && path.last() != Some(name) && name != "_")
        .map(|(path, name)| format!("{} as {name}", path.join("::")))
        .collect();
    let known: HashMap<&str, &[String]> = names
        .iter()
        .map(|(path, name)| (name.as_str(), path.as_slice()))
        .collect();
    let all = names
        .iter()
        .map(|(path, _)| path)
        .chain(&plain)
        .map(|path| whole(path, &known))
        .collect();
    Paths {
        all,
        renamed,
        statics,
    }
}

/// The path from its root on, through as many names as it takes.
fn whole(path: &[String], known: &HashMap<&str, &[String]>) -> Vec<String> {
    let mut path = path.to_vec();
    for _ in 0..4 {
        let Some(from) = path.first().and_then(|first| known.get(first.as_str())) else {
            break;
        };
        if from.first() == path.first() {
            break;
        }
        path = from.iter().chain(path.iter().skip(1)).cloned().collect();
    }
    path
}
