//! A frame: the chrome and the top pane. Reads the state, changes nothing.

use super::{App, Tone};
use crate::domain::account::Right;
use crate::domain::time::Now;
use crate::front::canvas::{Canvas, Role};
use crate::front::chrome;
use crate::front::keys::Context;
use crate::front::keys::command::Command;
use crate::front::keys::key::Key;
use crate::front::plain::{self, Meant, Outline, outline};
use crate::front::wording;
use ratatui::buffer::Buffer;

/// Down to this every pane has its field, what the field wants and its keys on
/// the screen; below it one line says so (DOM-51).
pub(super) const SMALLEST: (u16, u16) = (60, 16);
/// What the panes are laid out for; on less they show what holds the focus.
const USUAL: (u16, u16) = (80, 24);

/// How a sentence names the key that decides.
const SUBMIT: &str = "{submit}";

fn is_smaller(size: (u16, u16), than: (u16, u16)) -> bool {
    size.0 < than.0 || size.1 < than.1
}

/// Whether the screen shows the time, so that it has to be woken each minute.
pub(super) fn shows_clock(app: &App) -> bool {
    !app.options.plain && app.blanked.is_none() && !is_smaller(app.size, SMALLEST)
}

/// Columns and rows of a screen that the pane on top has.
pub(super) fn room(size: (u16, u16)) -> (usize, usize) {
    (size.0.into(), usize::from(size.1).saturating_sub(6))
}

/// Draws the whole screen; returns the cell of the cursor, or `None` where
/// no field has the focus.
pub fn draw(app: &App, now: Now, buffer: &mut Buffer) -> Option<(u16, u16)> {
    let mut cursor = None;
    let area = buffer.area;
    let mut canvas = Canvas::new(buffer, area, app.options.theme, &mut cursor)
        .speaking(app.options.ambiguous, app.options.ascii);
    let (width, height) = (canvas.width(), canvas.height());
    if is_smaller((area.width, area.height), SMALLEST) {
        let fitting = |text: &&&str| canvas.cells(text) <= width;
        let text = wording::TOO_SMALL.iter().find(fitting);
        let text = text.or(wording::TOO_SMALL.last()).unwrap_or(&"");
        canvas.put(0, 0, text, Role::Warning);
        return None;
    }
    if app.blanked.is_some() {
        canvas.put(2, height / 2, wording::BLANKED, Role::Dim);
        return None;
    }
    let top = app.top();
    chrome::title(&mut canvas, &app.known, &top.title(), now);
    chrome::state(&mut canvas, &app.known, now);
    let rule = canvas.glyphs().rule(width);
    canvas.put(0, 2, &rule, Role::Dim);
    {
        let mut inner = canvas.rows(3, (height - 6).saturating_sub(app.known.covered));
        if is_smaller((area.width, area.height), USUAL) && top.follows() {
            let key = (app.options.keymap).key_for(top.context(), Command::PageDown);
            let more = key.map_or_else(String::new, |key| format!("{key} で続き"));
            inner.following(&more, |tall| top.view(&app.known, now, tall));
        } else {
            top.view(&app.known, now, &mut inner);
        }
    }
    let keymap = &app.options.keymap;
    let typing = app.asking.is_none() && top.typing();
    let (tone, text) = message(app).unwrap_or_else(|| (Tone::Hint, hint(app)));
    chrome::message(&mut canvas, height - 3, tone, &text, most(app));
    let keys = keys_of(app);
    chrome::function_row(
        &mut canvas,
        height - 2,
        &app.known,
        keymap,
        (keys, typing),
        |command| match &app.asking {
            Some(question) => app.question_label(question, command),
            None if command == Command::Submit && app.theirs().is_some() => {
                Some(wording::hold::TAKE)
            }
            None => top.relabel(command),
        },
        |command| app.asking.is_none() && top.withholds(command),
    );
    // A question is answered by a key: no composition belongs anywhere.
    cursor.filter(|_| typing)
}

/// Rows that the sentence takes at most. Under a pane that scrolls, a screen
/// that is too low leaves it enough to go on.
fn most(app: &App) -> usize {
    if app.asking.is_some() {
        return 1 + room(app.size).1;
    }
    let left = match (&app.asking, &app.message) {
        _ if !gives_way(app) => 0,
        (Some(_), _) => 0,
        (None, Some(_)) => 2,
        (None, None) => 3,
    };
    let (_, rows) = room(app.size);
    (1 + rows.saturating_sub(left)).min(chrome::LONGEST)
}

/// Whether the pane has to do with the rows above the sentence.
fn gives_way(app: &App) -> bool {
    app.top().scrolls() || is_smaller(app.size, USUAL)
}

/// Rows at the foot of a pane that gives way which the sentence takes too.
pub(super) fn covered(app: &App) -> usize {
    if app.options.plain || !gives_way(app) {
        return 0;
    }
    let (tone, text) = message(app).unwrap_or_else(|| (Tone::Hint, hint(app)));
    let lines = chrome::lines(app.size.0.into(), tone, &text);
    lines.len().clamp(1, most(app)) - 1
}

impl App {
    /// Whether a field has the focus on a screen that shows it: then every
    /// frame places the cursor there, and in no other (DOM-50).
    pub fn has_cursor(&self) -> bool {
        let shown = self.blanked.is_none() && !is_smaller(self.size, SMALLEST);
        shown && self.asking.is_none() && self.top().typing()
    }
}

/// The table of the keymap that holds now.
fn keys_of(app: &App) -> Context {
    if app.asking.is_some() {
        Context::Ask
    } else {
        app.top().context()
    }
}

/// With the names of the keys.
fn filled(app: &App, text: &str) -> String {
    let typing = app.asking.is_none() && app.top().typing();
    let keymap = &app.options.keymap;
    keymap.fill_while(app.top().context(), typing, text)
}

/// What is asked, what happened, or what is wrong.
fn message(app: &App) -> Option<(Tone, String)> {
    match (&app.asking, &app.message) {
        (Some(question), _) => Some((Tone::Warning, app.question_text(question))),
        (None, Some((tone, text))) => Some((*tone, filled(app, text))),
        (None, None) => store_trouble(app).map(|trouble| (Tone::Error, trouble)),
    }
}

/// What to do next. Of a note that is somebody else's that comes first, and
/// nothing is promised of the key that takes it over.
fn hint(app: &App) -> String {
    let own = app.card_offer(app.top().hint(&app.known));
    let Some((_, by)) = app.theirs() else {
        return filled(app, &own);
    };
    let key = (app.options.keymap).key_for(app.top().context(), Command::Submit);
    let theirs = filled(app, &wording::hold::theirs(by, key.is_some()));
    if own.is_empty() || own.contains(SUBMIT) {
        return theirs;
    }
    let both = format!("{theirs}{}", filled(app, &own));
    // A form has no row to give away for what its fields say as well.
    let whole = app.options.plain || gives_way(app);
    if whole || chrome::lines(app.size.0.into(), Tone::Hint, &both).len() == 1 {
        both
    } else {
        theirs
    }
}

/// The whole screen as lines, and the table of the keymap that holds.
pub fn outline(app: &App, now: Now) -> Outline {
    let mut pieces = Vec::new();
    let mut cursor = None;
    let mut buffer = Buffer::default();
    let top = app.top();
    let mut canvas = Canvas::told(&mut buffer, &mut pieces, &mut cursor);
    top.view(&app.known, now, &mut canvas);
    let (lines, prompt) = outline::lay(&pieces, cursor);
    let asking = app.asking.is_some();
    Outline {
        greeting: filled(app, wording::PLAIN),
        title: top.title(),
        state: chrome::told(&app.known, now),
        lines,
        prompt: prompt.filter(|_| !asking),
        message: message(app),
        hint: hint(app),
        asking,
        blanked: app.blanked.map(|_| wording::BLANKED.to_owned()),
    }
}

/// What `key` means where lines are told instead of a screen.
pub fn meant(app: &App, now: Now, key: Key) -> Meant {
    plain::meant(&outline(app, now), &app.options.keymap, keys_of(app), key)
}

fn store_trouble(app: &App) -> Option<String> {
    if !app.allowed(Right::Ledger) {
        return None;
    }
    wording::trouble_of(app.known.status.as_ref()?)
}
