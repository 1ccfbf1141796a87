//! Plays a tape on a stage and tells how it went.

mod report;
#[cfg(test)]
mod tests;

use super::grid::Grid;
use super::stage::{Stage, Trouble};
use super::step::{Pattern, Placed, Step, Tape};
use super::words;
use crate::front::keys::key::{Code, Key};
use std::path::PathBuf;

/// How a tape went.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// All as expected.
    Passed,
    /// Not as expected: a text for people.
    Failed(String),
    /// This stage cannot play it, and why.
    Skipped(String),
}

/// The rows a `Screen` or `Styles` block should have had.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rewrite {
    /// File.
    pub path: PathBuf,
    /// Line of the block's head, from 1.
    pub line: usize,
    /// The rows as they are.
    pub rows: Vec<String>,
}

/// What a run is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// Everything must be as the tape says.
    Check,
    /// Screens are not compared but collected, to be written into the tape.
    Update,
    /// Screens are for the other width policy: only texts and the cursor
    /// count (and that no glyph is torn, which [`Stage::screen`] sees).
    OtherWidth,
}

/// Passwords of the demo accounts, as printed in the README.
fn demo_password(user: &str) -> String {
    format!("Onshi*{user}*{user}")
}

/// Plays `tape` on `stage`.
pub fn play(tape: &Tape, stage: &mut dyn Stage, purpose: Purpose) -> (Outcome, Vec<Rewrite>) {
    let mut rewrites = Vec::new();
    let mut before = None;
    for placed in &tape.steps {
        match step(placed, stage, purpose, &mut rewrites) {
            Ok(()) => {}
            Err(Trouble::Cannot(why)) => return (Outcome::Skipped(why), rewrites),
            Err(Trouble::Failed(why)) => {
                let told = report::failed(placed, before, &why, stage);
                return (Outcome::Failed(told), rewrites);
            }
        }
        if words::input(&placed.step).is_some() {
            before = Some(placed);
        }
    }
    match (stage.end(), tape.steps.last()) {
        (Ok(()), _) => (Outcome::Passed, rewrites),
        (Err(Trouble::Cannot(why)), _) => (Outcome::Skipped(why), rewrites),
        (Err(Trouble::Failed(why)), None) => (Outcome::Failed(why), rewrites),
        (Err(Trouble::Failed(why)), Some(last)) => {
            let told = report::failed(last, before, &why, stage);
            (Outcome::Failed(told), rewrites)
        }
    }
}

/// Carries out one step, as it is checked.
///
/// # Errors
/// It failed, or this stage cannot do it.
pub fn carry(placed: &Placed, stage: &mut dyn Stage) -> Result<(), Trouble> {
    step(placed, stage, Purpose::Check, &mut Vec::new())
}

fn step(
    placed: &Placed,
    stage: &mut dyn Stage,
    purpose: Purpose,
    rewrites: &mut Vec<Rewrite>,
) -> Result<(), Trouble> {
    match &placed.step {
        Step::Key(key, count) => {
            for _ in 0..*count {
                stage.key(*key)?;
            }
        }
        Step::Type(text) => stage.characters(text, false)?,
        Step::Ime(text) => stage.characters(text, true)?,
        Step::Paste(text) => stage.paste(text)?,
        Step::Sleep(time) => stage.sleep(*time)?,
        Step::Wait(pattern) => {
            if !stage.wait(&mut |grid| found(grid, pattern))? {
                return Err(Trouble::Failed(format!(
                    "待っても {pattern} が画面に出ません"
                )));
            }
        }
        Step::Expect(pattern) => {
            let grid = stage.screen(&mut |grid| found(grid, pattern));
            if !found(&grid, pattern) {
                let near = report::nearest(&grid, pattern);
                return Err(Trouble::Failed(format!(
                    "{pattern} が画面にありません{near}"
                )));
            }
        }
        Step::Refute(pattern) => {
            let grid = stage.screen(&mut |grid| !found(grid, pattern));
            if found(&grid, pattern) {
                return Err(Trouble::Failed(format!(
                    "{pattern} が画面にあってはいけません"
                )));
            }
        }
        Step::Cursor(column, row) => {
            let wanted = Some((*column, *row));
            let grid = stage.screen(&mut |grid| grid.cursor == wanted);
            if grid.cursor != wanted {
                let is = grid.cursor.map_or_else(
                    || "隠れています".to_owned(),
                    |(c, r)| format!("桁 {c} 行 {r} です"),
                );
                return Err(Trouble::Failed(format!(
                    "カーソルは桁 {column} 行 {row} のはずが、{is}"
                )));
            }
        }
        Step::Screen {
            name,
            rows,
            cols,
            expected,
        } => match purpose {
            Purpose::OtherWidth => {}
            Purpose::Update => {
                let grid = stage.screen(&mut |_| true);
                rewrites.push(Rewrite {
                    path: placed.path.clone(),
                    line: placed.line,
                    rows: grid.block(*rows, *cols),
                });
            }
            Purpose::Check => {
                let grid = stage.screen(&mut |grid| grid.compare(*rows, *cols, expected).is_ok());
                grid.compare(*rows, *cols, expected)
                    .map_err(|d| Trouble::Failed(format!("画面「{name}」が期待と違います\n{d}")))?;
            }
        },
        Step::Styles { rows, expected } => {
            if purpose == Purpose::OtherWidth {
                return Ok(());
            }
            let grid = stage.screen(&mut |grid| grid.compare_roles(*rows, expected).is_ok());
            if purpose == Purpose::Update {
                let roles = grid.roles.clone().unwrap_or_default();
                let (from, to) = rows.unwrap_or((0, roles.len()));
                let rows = roles.into_iter().skip(from).take(to + 1 - from).collect();
                rewrites.push(Rewrite {
                    path: placed.path.clone(),
                    line: placed.line,
                    rows,
                });
            } else {
                grid.compare_roles(*rows, expected)
                    .map_err(|d| Trouble::Failed(format!("表示の役割が期待と違います\n{d}")))?;
            }
        }
        Step::Central(pairs) => {
            for (key, value) in pairs {
                stage.central(key, value)?;
            }
        }
        Step::CardInsert(name) => stage.card(Some(name))?,
        Step::CardRemove => stage.card(None)?,
        Step::CardSlow(delay) => stage.slow_card(*delay)?,
        Step::ReaderUnplug => stage.reader(false)?,
        Step::ReaderPlug => stage.reader(true)?,
        Step::Login(user) => login(stage, user)?,
        Step::RestartDesk => stage.restart_desk(false)?,
        Step::KillDesk => stage.restart_desk(true)?,
        Step::DropLine => stage.drop_line()?,
        Step::Resize(width, height) => stage.resize(*width, *height)?,
        Step::Terminal(number) => stage.terminal(*number)?,
    }
    Ok(())
}

/// The keys a person presses to log in, whatever stands in the fields.
fn login(stage: &mut dyn Stage, user: &str) -> Result<(), Trouble> {
    const TITLE: &str = "窓口  ログイン";
    let at_login = |grid: &Grid| grid.rows.first().is_some_and(|row| row.contains(TITLE));
    if !stage.wait(&mut |grid| at_login(grid))? {
        return Err(Trouble::Failed("ログインの画面ではありません".into()));
    }
    let enter = Key::plain(Code::Enter);
    stage.key(Key::plain(Code::BackTab))?;
    stage.key(Key::ctrl('u'))?;
    stage.characters(user, false)?;
    stage.key(enter)?;
    stage.characters(&demo_password(user), false)?;
    stage.key(enter)?;
    if stage.wait(&mut |grid| !at_login(grid))? {
        Ok(())
    } else {
        Err(Trouble::Failed(format!("{user} でログインできません")))
    }
}

fn found(grid: &Grid, pattern: &Pattern) -> bool {
    match pattern {
        Pattern::Text(text) => grid.rows.iter().any(|row| row.contains(text.as_str())),
        Pattern::Regex(regex) => regex.is_match(&grid.text()),
    }
}
