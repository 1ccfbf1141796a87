//! What surrounds every pane: title line, state line, message line, function
//! row.

use super::app::{Known, Tone};
use super::canvas::{Canvas, Role};
use super::keys::command::Command;
use super::keys::{Context, Keymap};
use super::panes::Place;
use super::wording;
use crate::domain::account::{Access, Right};
use crate::domain::line::LineState;
use crate::domain::note::Group;
use crate::domain::time::{Now, clock_text, jst};
use crate::link::message::{Status, SyncState};
use crate::text::{cells, wrap};
use std::fmt::Write as _;

/// `窓口  画面名        施設名  003 医療情報閲覧  09:12` (OUT-1). The
/// facility is named whole: what is short of room gives way before it.
pub fn title(canvas: &mut Canvas<'_>, known: &Known, name: &str, now: Now) {
    let width = canvas.width();
    let clock = clock_text(now.wall);
    let staff = known.staff.as_ref();
    let offline = known.offline.map_or("", |_| wording::OFFLINE);
    let user = staff
        .map(|staff| format!("{}{offline}  ", staff.user))
        .unwrap_or_default();
    let staff = staff
        .map(|staff| format!("{} {}{offline}  ", staff.user, staff.kind.label()))
        .unwrap_or_default();
    let facility = known
        .welcome
        .as_ref()
        .map(|welcome| format!("{}  ", welcome.facility))
        .unwrap_or_default();
    let lefts = [
        format!(" 窓口  {name}"),
        format!(" 窓口 {name}"),
        format!(" {name}"),
    ];
    let rights = [
        format!("{facility}{staff}{clock}"),
        format!("{facility}{user}{clock}"),
        format!("{facility}{clock}"),
        format!("{user}{clock}"),
        clock,
    ];
    let fitting = rights.iter().find_map(|right| {
        let room = width.checked_sub(canvas.cells(right) + 1)?;
        let left = lefts.iter().find(|left| canvas.cells(left) < room)?;
        Some((left, right, room))
    });
    match fitting {
        Some((left, right, at)) => {
            canvas.put(0, 0, left, Role::Title);
            canvas.put(at, 0, right, Role::Title);
        }
        None => {
            canvas.put(0, 0, &lefts[2], Role::Title);
        }
    }
}

/// Line, reader, notes, notices; on the right the mark of the stand-in.
pub fn state(canvas: &mut Canvas<'_>, known: &Known, now: Now) {
    let width = canvas.width();
    let mark = known.welcome.as_ref().is_some_and(|w| w.simulated);
    let room = if mark { width.saturating_sub(7) } else { width };
    if mark {
        canvas.put(room + 1, 1, wording::SIMULATED, Role::Warning);
    }
    let all = |terse| match (&known.status, known.linked) {
        (None, false) if known.welcome.is_none() => {
            vec![(wording::CONNECTING.to_owned(), Role::Dim)]
        }
        (_, false) => vec![(wording::NO_DESK.to_owned(), Role::Error)],
        (None, true) => vec![(wording::NO_STATUS.to_owned(), Role::Dim)],
        (Some(status), true) => parts(status, now, known, terse),
    };
    let needed = |parts: &[(String, Role)], gap: usize| -> usize {
        parts
            .iter()
            .map(|(text, _)| canvas.cells(text) + gap)
            .sum::<usize>()
    };
    // Words get shorter before anything is left out.
    let mut parts = all(FULL);
    for terse in SHORTER {
        if needed(&parts, 1) <= room {
            break;
        }
        parts = all(terse);
    }
    // The reader stands back for what waits: notes and notices; not so one in
    // trouble.
    let status = known.status.as_ref();
    let troubled = status.is_some_and(|status| wording::reader_troubled(&status.reader));
    if needed(&parts, 1) > room && parts.len() > 2 && !troubled {
        parts.retain(|(text, _)| !text.starts_with(wording::READER));
    }
    let gap = (2..=4)
        .rev()
        .find(|gap| needed(&parts, *gap) <= room)
        .unwrap_or(1);
    let mut x = 1;
    for (text, role) in &parts {
        if x + canvas.cells(text) > room {
            break;
        }
        x = canvas.put(x, 1, text, *role) + gap;
    }
}

/// How short the words of each part are.
#[derive(Debug, Clone, Copy)]
struct Terse {
    line: u8,
    reader: u8,
    notes: u8,
}

/// The same as lines to be told: nothing that counts on by itself.
pub fn told(known: &Known, now: Now) -> Vec<String> {
    let status = match (&known.status, known.linked) {
        (None, false) if known.welcome.is_none() => return vec![wording::CONNECTING.to_owned()],
        (_, false) => return vec![wording::NO_DESK.to_owned()],
        (None, true) => return vec![wording::NO_STATUS.to_owned()],
        (Some(status), true) => status,
    };
    let mut told: Vec<String> = parts(status, now, known, FULL)
        .into_iter()
        .map(|(text, _)| text)
        .collect();
    // How long it lasts, and how far it is, would be told again and again.
    if let Some(first) = told.first_mut() {
        let terse = u8::from(status.line.down());
        *first = line(&status.line, now, terse).0;
    }
    if let SyncState::Stopping { notes } = status.sync {
        let counted = wording::stopping(notes);
        if let Some(text) = told.iter_mut().find(|text| **text == counted) {
            "一括照会を止めています".clone_into(text);
        }
        told.retain(|text| !text.starts_with("控え "));
    }
    if let SyncState::Running { total, .. } = status.sync
        && let Some(text) = told.iter_mut().find(|text| text.starts_with("照会中"))
    {
        *text = format!("一括照会をしています ({total} 件)");
        told.retain(|text| !text.starts_with("控え "));
    }
    told
}

const fn terse(line: u8, reader: u8, notes: u8) -> Terse {
    Terse {
        line,
        reader,
        notes,
    }
}

const FULL: Terse = terse(0, 0, 0);

/// From longer to shorter: notes and notices first, then when the line came
/// back and that there is no notice; what is to be known of the card that lies
/// there stays the longest.
const SHORTER: [Terse; 8] = [
    terse(0, 0, 1),
    terse(0, 1, 1),
    terse(0, 1, 2),
    terse(0, 1, 3),
    terse(1, 1, 2),
    terse(1, 1, 3),
    terse(2, 1, 3),
    terse(2, 2, 3),
];

fn parts(status: &Status, now: Now, known: &Known, terse: Terse) -> Vec<(String, Role)> {
    let may = |right| known.may(right);
    let mut parts = vec![line(&status.line, now, terse.line)];
    if let Some(spill) = status.spill.as_ref().filter(|spill| spill.place.is_some()) {
        parts.push((wording::spilling(spill.notes), Role::Warning));
    } else if status.store_trouble.is_some() {
        parts.push((wording::STORE_TROUBLE.to_owned(), Role::Error));
    } else if status.store_opening {
        let text = match status.store_progress {
            Some((done, total)) => wording::rebuilding(done, total, terse.notes > 0),
            None => wording::STORE_OPENING.to_owned(),
        };
        parts.push((text, Role::Dim));
    }
    match status.sync {
        SyncState::Running {
            done,
            total,
            seconds_left,
            ..
        } => {
            // The rate stands on the ledger, where there is room.
            parts.push((
                wording::syncing(done, total, None, seconds_left),
                Role::Normal,
            ));
        }
        SyncState::Stopping { notes } => {
            parts.push((wording::stopping(notes), Role::Normal));
        }
        SyncState::AwaitingConfirm { notes } => {
            parts.push((
                format!("照会待ち {notes} 件（控え帳で開始）"),
                Role::Warning,
            ));
        }
        SyncState::Idle => {
            let reader = match terse.reader {
                0 => wording::reader(&status.reader),
                1 => wording::reader_terse(&status.reader),
                _ => wording::reader_tersest(&status.reader).to_owned(),
            };
            let role = wording::reader_role(&status.reader);
            parts.push((format!("{} {reader}", wording::READER), role));
        }
    }
    // OUT-11: an account without the ledger learns nothing of it; and what is
    // not known is no 0.
    let unknown = status.store_trouble.is_some() || status.store_opening;
    let counted = status.notes.values().any(|n| *n > 0);
    if may(Right::Ledger) && (counted || !unknown) {
        parts.push(notes(status, terse.notes));
    }
    if may(Right::Notices) && (terse.line < 2 || status.unread_notices > 0) {
        let role = if status.unread_notices > 0 {
            Role::Warning
        } else {
            Role::Normal
        };
        parts.push((format!("お知らせ {}", status.unread_notices), role));
    }
    parts
}

fn notes(status: &Status, terse: u8) -> (String, Role) {
    let of = if terse >= 1 { "" } else { " 件" };
    let (ask, unsaid) = if terse >= 3 {
        ("要", "未")
    } else {
        ("要確認", "未照会")
    };
    let (open, settle) = (status.unresolved(), status.to_settle());
    let person = status.count(Group::NeedsPerson);
    let unasked = status.count(Group::Open);
    let (mut text, role) = match (open, person, unasked) {
        (0, ..) => ("控え 0".to_owned(), Role::Normal),
        (open, 1.., _) => (format!("控え {open}{of} ({ask} {person})"), Role::Warning),
        (open, 0, 1..) => (
            format!("控え {open}{of} ({unsaid} {unasked})"),
            Role::Normal,
        ),
        (open, ..) => (format!("控え {open} 件"), Role::Normal),
    };
    // What is not answered yet comes before what is only to be settled.
    if settle > 0 && (open == 0 || terse < 2) {
        let _ = write!(text, " 完了待ち {settle}");
    }
    (text, role)
}

fn line(state: &LineState, now: Now, terse: u8) -> (String, Role) {
    let minutes = |since: jiff::Timestamp| now.wall.duration_since(since).as_mins().max(0);
    let from = |since: jiff::Timestamp| match jst(since).date() {
        day if day == now.today() => clock_text(since),
        day => format!("{}/{} {}", day.month(), day.day(), clock_text(since)),
    };
    match state {
        LineState::Unknown => ("回線 未確認".to_owned(), Role::Normal),
        LineState::Up { recovered: None } => ("回線 正常".to_owned(), Role::Normal),
        LineState::Up { .. } if terse >= 1 => ("回線 正常".to_owned(), Role::Good),
        LineState::Up {
            recovered: Some(at),
        } => (format!("回線 正常 ({} 復旧)", clock_text(*at)), Role::Good),
        LineState::Slow { .. } if terse >= 2 => ("回線 遅い".to_owned(), Role::Warning),
        LineState::Slow { since } => (
            format!("回線 遅い ({} から)", clock_text(*since)),
            Role::Warning,
        ),
        LineState::Checking { .. } if terse >= 2 => ("回線 確認中".to_owned(), Role::Warning),
        LineState::Checking { since } => (
            format!("回線 確認中 ({} から)", clock_text(*since)),
            Role::Warning,
        ),
        LineState::Down { since, .. } if terse >= 2 => {
            (format!("回線 障害 {}", from(*since)), Role::Error)
        }
        LineState::Down { since, .. } if terse >= 1 => {
            (format!("回線 障害 {} から", from(*since)), Role::Error)
        }
        LineState::Down { since, .. } => (
            format!("回線 障害 {} から {} 分", from(*since), minutes(*since)),
            Role::Error,
        ),
    }
}

/// One sentence; a longer one takes the row above as well, so that nothing of
/// it is lost. At most `most` rows; what is left out is marked.
pub fn message(canvas: &mut Canvas<'_>, row: usize, tone: Tone, text: &str, most: usize) {
    let role = match tone {
        Tone::Hint => Role::Normal,
        Tone::Good => Role::Good,
        Tone::Warning => Role::Warning,
        Tone::Error => Role::Error,
    };
    let mark = mark(tone);
    let indent = cells::cells(mark);
    let lines = lines(canvas.width(), tone, text);
    let shown = lines.len().clamp(1, most.max(1));
    let first = row + 1 - shown;
    for (i, line) in lines.iter().take(shown).enumerate() {
        let y = first + i;
        if shown > 1 {
            canvas.blank(y);
        }
        canvas.put(0, y, if i == 0 { mark } else { "" }, role);
        let end = canvas.put(indent, y, line, role);
        // More than there is room for: it says so.
        if i + 1 == shown && lines.len() > shown {
            let cut = canvas.glyphs().cut;
            let last = canvas.width().saturating_sub(1);
            canvas.put(end.min(last), y, cut, role);
        }
    }
}

/// Rows of a sentence at most.
pub const LONGEST: usize = 4;

fn mark(tone: Tone) -> &'static str {
    match tone {
        Tone::Hint | Tone::Good => " ",
        Tone::Warning | Tone::Error => "！",
    }
}

/// A sentence in the rows of a screen of `width` columns.
pub fn lines(width: usize, tone: Tone, text: &str) -> Vec<String> {
    let indent = cells::cells(mark(tone));
    wrap::wrap(text, width.saturating_sub(indent + 1))
}

/// F1 to F6 over F7 to F12, each in its place; a keymap without function keys
/// shows its own keys in the same places. What this account may not even see
/// (OUT-11, ADM-29) is no promise on the row either.
pub fn function_row(
    canvas: &mut Canvas<'_>,
    row: usize,
    known: &Known,
    keymap: &Keymap,
    (context, typing): (Context, bool),
    relabel: impl Fn(Command) -> Option<&'static str>,
    withheld: impl Fn(Command) -> bool,
) {
    let caps = keymap.row_for(context, typing, |command| {
        offered(known, context, command) && !withheld(command)
    });
    let step = (canvas.width() / 6).max(1);
    for (i, cap) in caps.iter().enumerate() {
        let (x, y) = ((i % 6) * step, row + i / 6);
        let cap = cap.as_ref().map(|cap| {
            let label = relabel(cap.command).unwrap_or(&cap.label);
            (cap, label)
        });
        if let Some((cap, label)) = cap.filter(|(_, label)| !label.is_empty()) {
            let after = canvas.put(x, y, &cap.key, Role::Key);
            let room = (x + step).saturating_sub(after + 2);
            let label = cells::fit(label, room);
            // A mark alone says nothing.
            if label.chars().any(char::is_alphanumeric) {
                canvas.put(after + 1, y, &label, Role::Normal);
            }
        } else if keymap.has_function_keys() {
            let after = canvas.put(x, y, &format!("F{}", i + 1), Role::Dim);
            canvas.put(after + 1, y, "-", Role::Dim);
        }
    }
}

fn offered(known: &Known, context: Context, command: Command) -> bool {
    // What becomes of a note is refused behind a login that only the desk has
    // checked.
    if context.decides(command) && known.staff.is_some() && !known.may(Right::Decide) {
        return false;
    }
    // What only some desks have is promised only there.
    let welcome = known.welcome.as_ref();
    match command {
        Command::Prove if !welcome.is_some_and(|w| w.challenge) => return false,
        Command::DemoCard if !welcome.is_some_and(|w| w.demo) => return false,
        _ => {}
    }
    match (Place::of(command), &known.staff) {
        (Some(place), Some(_)) => known.access(place.right()) != Access::Hidden,
        _ => true,
    }
}
