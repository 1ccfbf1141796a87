//! From texts with roles and places to lines: what stands beside a label is its
//! value, what stands under a heading of columns is told with the column's
//! name.

use crate::front::app::Tone;
use crate::front::canvas::{Piece, Role};
use crate::text::cells;
use crate::text::glyphs;
use std::collections::BTreeMap;

/// Rows of a list that are told at once: each has a digit.
const PAGE: usize = 9;

/// What there is to tell.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Outline {
    /// What is said once at the beginning.
    pub greeting: String,
    /// The screen's name.
    pub title: String,
    /// Line, reader, notes, notices: one text each.
    pub state: Vec<String>,
    /// The pane, from the top.
    pub lines: Vec<Line>,
    /// The field that is being typed into.
    pub prompt: Option<Prompt>,
    /// What happened, or what is asked.
    pub message: Option<(Tone, String)>,
    /// What to do next.
    pub hint: String,
    /// A question waits for its answer.
    pub asking: bool,
    /// The screen is hidden (DOM-45), and the sentence that says so.
    pub blanked: Option<String>,
}

/// A line of the pane.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Line {
    /// All of it.
    pub text: String,
    /// The row that Enter is about.
    pub chosen: bool,
    /// The digit that chooses it, where the row has none of its own.
    pub number: Option<usize>,
}

/// A field with the focus.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Prompt {
    /// Its row, to tell it from another of the same name.
    pub row: usize,
    /// Its name.
    pub label: String,
    /// Its rule, its meaning, or what is wrong with it.
    pub behind: String,
    /// That is a rule, and says nothing of what was typed.
    pub ruled: bool,
    /// What is in it; nothing of what is secret.
    pub value: String,
    /// What stands before the cursor; all of it while something is typed on.
    pub before: String,
    /// How many hidden characters it holds.
    pub hidden: usize,
}

impl Prompt {
    /// The field as a line, as it would be told without the focus.
    pub fn as_line(&self) -> String {
        let parts = [self.value.as_str(), self.as_rule().as_str()].map(str::to_owned);
        let parts: Vec<String> = parts.into_iter().filter(|p| !p.is_empty()).collect();
        if parts.is_empty() {
            self.label.clone()
        } else {
            labelled(&self.label, &parts.join(" "))
        }
    }

    /// What stands behind it, in brackets where it is a rule.
    fn as_rule(&self) -> String {
        if self.ruled && !self.behind.is_empty() {
            format!("（{}）", self.behind)
        } else {
            self.behind.clone()
        }
    }
}

/// Lines of pieces, and the field at the cursor.
pub fn lay(pieces: &[Piece], cursor: Option<(u16, u16)>) -> (Vec<Line>, Option<Prompt>) {
    let mut rows: BTreeMap<usize, Vec<&Piece>> = BTreeMap::new();
    for piece in pieces {
        rows.entry(piece.y).or_default().push(piece);
    }
    let cursor = cursor.map(|(x, y)| (usize::from(x), usize::from(y)));
    let mut lay = Lay::default();
    for (y, mut row) in rows {
        row.sort_by_key(|piece| piece.x);
        lay.row(y, &row, cursor.filter(|(_, at)| *at == y).map(|(x, _)| x));
    }
    (numbered(lay.lines), lay.prompt)
}

#[derive(Default)]
struct Lay {
    lines: Vec<Line>,
    prompt: Option<Prompt>,
    /// Columns of the table above: where they begin, and their names.
    columns: Vec<(usize, String)>,
}

impl Lay {
    fn row(&mut self, y: usize, row: &[&Piece], cursor: Option<usize>) {
        let chosen = row.iter().any(|p| is_mark(p) || p.role == Role::Selected);
        let drawn = |p: &&&Piece| is_mark(p) || is_rule(p) || p.text == glyphs::ASCII.branch;
        let pieces = joined(row.iter().filter(|p| !drawn(p)).copied());
        if pieces.is_empty() && cursor.is_none() {
            return;
        }
        if let Some(x) = cursor {
            self.focus(y, &pieces, x);
            return;
        }
        let labels = pieces.iter().all(|p| p.role == Role::Label);
        if labels && pieces.len() > 1 {
            self.columns = pieces.into_iter().map(|p| (p.x, p.text)).collect();
            return;
        }
        if let [only] = pieces.as_slice()
            && only.role == Role::Heading
        {
            self.columns.clear();
            self.push(labelled(&only.text, ""), chosen);
            return;
        }
        let in_column = |p: &Piece| self.columns.iter().any(|(x, _)| *x == p.x);
        if pieces.iter().filter(|p| in_column(p)).count() > 1 {
            self.table_row(&pieces, chosen);
            return;
        }
        let mut chosen = chosen;
        for text in segments(&pieces) {
            self.push(text, std::mem::take(&mut chosen));
        }
    }

    fn push(&mut self, text: String, chosen: bool) {
        self.lines.push(Line {
            text,
            chosen,
            number: None,
        });
    }

    fn table_row(&mut self, pieces: &[Piece], chosen: bool) {
        // A sign before the name of a row belongs to it.
        let (sign, pieces) = match pieces {
            [sign, rest @ ..] if is_sign(sign) => (format!("{} ", sign.text), rest),
            all => (String::new(), all),
        };
        let (head, rest) = match pieces {
            [head, rest @ ..] if head.role == Role::Label => (Some(head), rest),
            all => (None, all),
        };
        let named = |piece: &Piece| {
            let name = self.columns.iter().find(|(x, _)| *x == piece.x);
            match (name, head) {
                (Some((_, name)), None) => labelled(name, &piece.text),
                (Some((_, name)), Some(_)) => format!("{name} {}", piece.text),
                (None, _) => piece.text.clone(),
            }
        };
        let told: Vec<String> = rest.iter().filter(|p| !is_sign(p)).map(named).collect();
        let text = match head {
            Some(head) => format!("{sign}{}", labelled(&head.text, &told.join("、"))),
            None => match told.split_first() {
                Some((number, rest)) if number.chars().all(|c| c.is_ascii_digit()) => {
                    format!("{number} {}", rest.join("、"))
                }
                _ => told.join("、"),
            },
        };
        let first = pieces.first().map(|p| p.x);
        let listed = first == self.columns.first().map(|(x, _)| *x) && head.is_none();
        self.lines.push(Line {
            text,
            chosen,
            // Set in `numbered`, once all rows are there.
            number: listed.then_some(0),
        });
    }

    /// The row with the cursor: what stands before the field's name is a line,
    /// what stands behind it belongs to the field.
    fn focus(&mut self, y: usize, pieces: &[Piece], x: usize) {
        let before = pieces.iter().take_while(|p| p.x <= x);
        let label = before
            .clone()
            .enumerate()
            .filter(|(_, p)| p.role == Role::Label)
            .map(|(at, _)| at)
            .last();
        let field = pieces
            .iter()
            .position(|p| p.role == Role::Focus && p.x <= x);
        let first_behind = label.max(field).map_or(0, |at| at + 1);
        let (head, behind) = pieces.split_at(first_behind.min(pieces.len()));
        for text in segments(head.get(..label.unwrap_or(0)).unwrap_or_default()) {
            self.push(text, false);
        }
        let value = field.and_then(|at| pieces.get(at));
        let text = value.map_or("", |p| p.text.as_str());
        let hidden = if !text.is_empty() && text.chars().all(|c| c == '*') {
            text.chars().count()
        } else {
            0
        };
        let shown = if hidden > 0 { "" } else { text };
        let columns = x.saturating_sub(value.map_or(x, |p| p.x));
        self.prompt = Some(Prompt {
            row: y,
            label: label
                .and_then(|at| pieces.get(at))
                .map_or_else(|| "入力".to_owned(), |p| bare(&p.text).to_owned()),
            ruled: behind.iter().all(|p| p.role == Role::Dim),
            behind: segments(behind).join(" "),
            value: shown.to_owned(),
            before: cells::cut(shown, columns).to_owned(),
            hidden,
        });
    }
}

/// A digit for each row of a list, and of a long list the part that holds the
/// chosen row.
fn numbered(lines: Vec<Line>) -> Vec<Line> {
    let listed = |line: &&Line| line.number.is_some();
    let all = lines.iter().filter(listed).count();
    let chosen = lines.iter().filter(listed).position(|line| line.chosen);
    let first = chosen.unwrap_or(0) / PAGE * PAGE;
    let mut n = 0;
    let mut out = Vec::with_capacity(lines.len());
    for line in lines {
        if line.number.is_none() {
            out.push(line);
            continue;
        }
        let at = n;
        n += 1;
        if (first..first + PAGE).contains(&at) {
            let number = at - first + 1;
            out.push(Line {
                text: format!("{number} {}", line.text),
                number: Some(number),
                ..line
            });
        }
        if n == all && all > PAGE {
            let last = all.min(first + PAGE);
            out.push(Line {
                text: format!("{} 件目から {last} 件目まで（全部で {all} 件）", first + 1),
                ..Line::default()
            });
        }
    }
    out
}

fn is_mark(piece: &Piece) -> bool {
    piece.text == glyphs::ASCII.chosen
}

/// A line drawn with characters.
fn is_rule(piece: &Piece) -> bool {
    let rule = |c| matches!(c, '-' | '─' | '=' | '|');
    piece.text.chars().count() > 2 && piece.text.chars().all(rule)
}

/// A sign whose word stands beside it.
fn is_sign(piece: &Piece) -> bool {
    piece.text.len() == 1 && piece.text.chars().all(|c| c.is_ascii_punctuation())
}

/// Pieces that touch and are of one kind are one text.
fn joined<'a>(pieces: impl Iterator<Item = &'a Piece>) -> Vec<Piece> {
    let mut out: Vec<Piece> = Vec::new();
    for piece in pieces {
        match out.last_mut() {
            Some(last)
                if last.role == piece.role && last.x + cells::cells(&last.text) == piece.x =>
            {
                last.text.push_str(&piece.text);
            }
            _ => out.push(piece.clone()),
        }
    }
    for piece in &mut out {
        if piece.role == Role::Label {
            piece.text = required(&piece.text);
        } else if piece.text == glyphs::ASCII.none {
            "なし".clone_into(&mut piece.text);
        }
    }
    out
}

/// The mark of a field that must be filled, in words.
fn required(label: &str) -> String {
    let g = &glyphs::ASCII;
    for (mark, words) in [
        (g.required, "必須"),
        (g.either_1, "1 の組のどれかが必須"),
        (g.either_2, "2 の組のどれかが必須"),
    ] {
        if let Some(rest) = label.strip_prefix(mark)
            && !rest.is_empty()
        {
            return format!("{}（{words}）", rest.trim());
        }
    }
    label.trim().to_owned()
}

/// A row as one line or several: each label, and each key, begins one.
fn segments(pieces: &[Piece]) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    let mut label: Option<String> = None;
    let mut words: Vec<String> = Vec::new();
    let mut end = |label: &mut Option<String>, words: &mut Vec<String>| {
        let text = words.join(" ");
        match label.take() {
            Some(label) if text.is_empty() => out.push(label),
            Some(label) => out.push(labelled(&label, &text)),
            None if !text.is_empty() => out.push(text),
            None => {}
        }
        words.clear();
    };
    for (at, piece) in pieces.iter().enumerate() {
        match piece.role {
            Role::Label => {
                end(&mut label, &mut words);
                label = Some(piece.text.clone());
            }
            Role::Heading if at == 0 => label = Some(piece.text.clone()),
            Role::Key => {
                end(&mut label, &mut words);
                words.push(piece.text.clone());
            }
            // What stands back beside a name is its rule, not its value.
            Role::Dim if label.is_some() && !piece.text.starts_with(['(', '（']) => {
                words.push(format!("（{}）", piece.text));
            }
            _ => words.push(piece.text.clone()),
        }
    }
    end(&mut label, &mut words);
    out
}

fn bare(label: &str) -> &str {
    label.trim().trim_end_matches([':', '：'])
}

/// 「項目: 値」.
fn labelled(label: &str, value: &str) -> String {
    let label = bare(label);
    if value.is_empty() {
        format!("{label}:")
    } else {
        format!("{label}: {value}")
    }
}
