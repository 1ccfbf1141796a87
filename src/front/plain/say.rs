//! From what was and what is to the bytes that tell the difference: whole lines,
//! and behind a field's name just what was typed. Of control characters there
//! are line ends and the backspace that takes back an echo; never an escape
//! sequence.

use super::outline::{Line, Outline, Prompt};
use crate::front::app::Tone;
use crate::text::cells;

/// Empty lines that push a screen out of sight when it is hidden (DOM-45).
const HIDE: usize = 60;

/// Why something is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cause {
    /// A person pressed a key.
    Key,
    /// It came by itself: what only counts on is not told.
    Itself,
    /// All of it is wanted once more.
    Again,
}

/// What somebody has heard so far.
#[derive(Debug, Default)]
pub struct Teller {
    before: Option<Outline>,
    by_key: bool,
    again: bool,
}

impl Teller {
    /// A key was pressed: what it changes is told in full.
    pub fn pressed(&mut self) {
        self.by_key = true;
    }

    /// Everything is wanted once more.
    pub fn again(&mut self) {
        self.again = true;
    }

    /// What to write now.
    pub fn tell(&mut self, after: Outline) -> String {
        let cause = match (std::mem::take(&mut self.again), self.by_key) {
            (true, _) => Cause::Again,
            (false, true) => Cause::Key,
            (false, false) => Cause::Itself,
        };
        self.by_key = false;
        let text = say(self.before.as_ref(), &after, cause);
        self.before = Some(after);
        text
    }
}

/// What to write so that somebody who heard `before` knows `after`.
pub fn say(before: Option<&Outline>, after: &Outline, cause: Cause) -> String {
    let mut lines = Vec::new();
    if let Some(hidden) = &after.blanked {
        if before.is_some_and(|before| before.blanked.is_some()) {
            return String::new();
        }
        lines.extend(std::iter::repeat_n(String::new(), HIDE));
        lines.push(hidden.clone());
        return written(before, &lines, None);
    }
    let known = before.filter(|before| before.blanked.is_none() && cause != Cause::Again);
    if before.is_none() {
        lines.push(after.greeting.clone());
    }
    match known {
        Some(known) if known.title == after.title => {
            changes(known, after, cause, &mut lines);
        }
        _ => opened(known, after, &mut lines),
    }
    if let (Some(before), [], true) = (known, lines.as_slice(), cause != Cause::Again)
        && let (Some(was), Some(is)) = (&before.prompt, &after.prompt)
        && let Some(echo) = echo(was, is)
    {
        return echo;
    }
    let same = known.is_some_and(|known| known.prompt == after.prompt);
    if lines.is_empty() && same {
        return String::new();
    }
    written(before, &lines, after.prompt.as_ref())
}

/// Another screen: all of it.
fn opened(known: Option<&Outline>, after: &Outline, lines: &mut Vec<String>) {
    let old = known.map_or(&[][..], |known| known.state.as_slice());
    lines.extend(after.state.iter().filter(|s| !old.contains(s)).cloned());
    lines.push(format!("画面: {}", after.title));
    lines.extend(after.lines.iter().map(|line| line.text.clone()));
    let chosen = after.lines.iter().find(|line| line.chosen);
    lines.extend(chosen.map(selected));
    lines.extend(after.message.as_ref().map(message));
    if !after.asking {
        lines.extend(hint(after));
    }
}

fn changes(before: &Outline, after: &Outline, cause: Cause, lines: &mut Vec<String>) {
    let old = &before.state;
    lines.extend(after.state.iter().filter(|s| !old.contains(s)).cloned());

    let mut gone: Vec<&str> = before.lines.iter().map(|l| l.text.as_str()).collect();
    // What was typed has been heard, and its rule; not what it means.
    let typed = before.prompt.as_ref().map(|prompt| {
        let bare = Prompt {
            behind: String::new(),
            ..prompt.clone()
        };
        let ruled = prompt.ruled.then(|| prompt.as_line());
        [Some(bare.as_line()), ruled]
    });
    gone.extend(typed.iter().flatten().flatten().map(String::as_str));
    let mut fresh: Vec<&Line> = Vec::new();
    for line in &after.lines {
        match gone.iter().position(|text| *text == line.text) {
            Some(at) => drop(gone.swap_remove(at)),
            None => fresh.push(line),
        }
    }
    if cause == Cause::Itself {
        fresh.retain(|line| {
            let counted = gone
                .iter()
                .position(|text| undated(text) == undated(&line.text));
            counted.map(|at| gone.swap_remove(at)).is_none()
        });
    }
    let was = before.lines.iter().find(|line| line.chosen);
    let is = after.lines.iter().find(|line| line.chosen);
    let moved = is.filter(|is| was.is_none_or(|was| was.text != is.text));
    let told = |line: &&Line| moved.is_none_or(|moved| moved.text != line.text);
    lines.extend(fresh.into_iter().filter(told).map(|line| line.text.clone()));
    lines.extend(moved.map(selected));

    let said = after.message.as_ref();
    if before.message.as_ref() != said || before.asking != after.asking {
        lines.extend(said.map(message));
    }
    // While a field is being typed into nothing comes between the letters.
    let typing = match (&before.prompt, &after.prompt) {
        (Some(was), Some(is)) => cause == Cause::Key && was.row == is.row,
        _ => false,
    };
    let next = cause == Cause::Key || undated(&before.hint) != undated(&after.hint);
    if before.hint != after.hint && next && !typing && !after.asking {
        lines.extend(hint(after));
    }
}

fn selected(line: &Line) -> String {
    format!("選択中: {}", line.text)
}

/// The row that is chosen, said once more.
pub fn chosen(outline: &Outline) -> String {
    let line = outline.lines.iter().find(|line| line.chosen);
    let lines: Vec<String> = line.map(selected).into_iter().collect();
    written(Some(outline), &lines, outline.prompt.as_ref())
}

fn message((tone, text): &(Tone, String)) -> String {
    match tone {
        Tone::Hint | Tone::Good => text.clone(),
        Tone::Warning => format!("注意: {text}"),
        Tone::Error => format!("エラー: {text}"),
    }
}

fn hint(outline: &Outline) -> Option<String> {
    (!outline.hint.is_empty()).then(|| format!("次に: {}", outline.hint))
}

/// A text without its numbers.
fn undated(text: &str) -> String {
    text.chars().filter(|c| !c.is_ascii_digit()).collect()
}

/// What the hands just did in a field, if it can be told behind what was told.
fn echo(was: &Prompt, is: &Prompt) -> Option<String> {
    if was.row != is.row || was.label != is.label {
        return None;
    }
    if was.hidden > 0 || is.hidden > 0 {
        // Nothing of a secret, not even its length.
        return Some(String::new());
    }
    let at_end = |prompt: &Prompt| prompt.before == prompt.value;
    if !at_end(was) || !at_end(is) {
        return (was.value == is.value && was.before == is.before).then(String::new);
    }
    if let Some(typed) = is.value.strip_prefix(&was.value) {
        return Some(typed.chars().filter(|c| !c.is_control()).collect());
    }
    let erased = was.value.strip_prefix(&is.value)?;
    let columns = cells::cells(erased);
    let back = "\u{8}".repeat(columns);
    Some(format!("{back}{}{back}", " ".repeat(columns)))
}

fn written(before: Option<&Outline>, lines: &[String], prompt: Option<&Prompt>) -> String {
    let mut out = String::new();
    if before.is_some_and(|before| before.prompt.is_some() && before.blanked.is_none()) {
        out.push_str("\r\n");
    }
    for line in lines {
        out.push_str(&clean(line));
        out.push_str("\r\n");
    }
    if let Some(prompt) = prompt {
        let held = if prompt.before == prompt.value {
            String::new()
        } else {
            let next: String = prompt
                .value
                .strip_prefix(&prompt.before)
                .map_or_else(String::new, |rest| rest.chars().take(1).collect());
            format!("（カーソルは「{next}」の前）")
        };
        let name = match (prompt.label.strip_suffix('）'), prompt.behind.as_str()) {
            (_, "") => prompt.label.clone(),
            (Some(open), behind) => format!("{open}、{behind}）"),
            (None, behind) => format!("{}（{behind}）", prompt.label),
        };
        out.push_str(&clean(&format!("{name}{held}: ")));
        out.extend(prompt.value.chars().filter(|c| !c.is_control()));
    }
    out
}

/// Without control characters; `^G` is a word that is spoken.
fn clean(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    let mut chars = text.chars().filter(|c| !c.is_control()).peekable();
    while let Some(c) = chars.next() {
        if c == '^' && chars.peek().is_some_and(char::is_ascii_uppercase) {
            out.push_str("Ctrl+");
        } else {
            out.push(c);
        }
    }
    out
}
