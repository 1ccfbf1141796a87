//! How the ledger looks: filter, rows, the opened note below, counts.

use super::{Mode, State, Which};
use crate::domain::era;
use crate::domain::field::Field;
use crate::domain::form;
use crate::domain::name::half;
use crate::domain::note::{Group, Note};
use crate::domain::time::{Now, clock_text, jst};
use crate::front::app::Known;
use crate::front::canvas::{Canvas, Role};
use crate::front::edit;
use crate::front::keys::Context;
use crate::front::sheet::{Sheet, pair};
use crate::front::wording;
use crate::link::message::{LedgerRow, SyncState};
use jiff::Timestamp;
use jiff::civil::Date;

/// Columns of 受付, 氏名, 生年月日, 状態, 次にすること.
const COLUMNS: [usize; 5] = [2, 10, 28, 46, 58];
/// Rows of the search line, its rule and the headings.
const HEAD: usize = 3;
/// Rows kept for the list when a note is open below.
const LEAST: usize = 4;
/// With fewer rows below the headings an open note has them all.
const TIGHT: usize = 8;
/// On a lower canvas the counts give way: the state line has them too.
const LOW: usize = 12;

/// Rows of what is open below the list, and as many as are shown of them at
/// once.
pub(super) fn opened(state: &State, known: &Known, now: Now) -> (usize, usize) {
    let mut sheet = known.sheet();
    loss(known, &mut sheet);
    let height = known.page().saturating_sub(sheet.height());
    let (sheet, _) = below(state, known, now, known.sheet());
    let mut foot = known.sheet();
    counts(known, &mut foot);
    let foot = if height < LOW { 0 } else { foot.height() };
    let room = height.saturating_sub(HEAD + foot);
    (sheet.height(), lower(sheet.height(), room))
}

/// Rows for what stands below the list.
fn lower(below: usize, room: usize) -> usize {
    let list = if room < TIGHT { 0 } else { LEAST };
    below.min(room.saturating_sub(list))
}

/// Stands above all else until somebody has read the notice.
fn loss(known: &Known, sheet: &mut Sheet) {
    if known.may_be_lost() {
        sheet.text(2, wording::LOSS_IN_MENU, Role::Error);
    }
}

pub(super) fn draw(state: &State, known: &Known, now: Now, canvas: &mut Canvas<'_>) {
    let mut top = Sheet::new(canvas);
    loss(known, &mut top);
    top.draw(canvas, 0);
    let (top, height) = (top.height(), canvas.height());
    let canvas = &mut canvas.rows(top, height.saturating_sub(top));
    let height = canvas.height();
    head(state, canvas);
    let (mut below, cursor) = below(state, known, now, Sheet::new(canvas));
    if below.height() == 0
        && let Some(status) = &known.status
        && let Some(text) = sync_text(&status.sync)
    {
        let text = known.keymap.fill(Context::Ledger, &text);
        below.text(2, &text, Role::Warning);
    }
    let mut sums = Sheet::new(canvas);
    if height >= LOW || canvas.is_told() {
        counts(known, &mut sums);
    }
    let foot = sums.height();
    let room = height.saturating_sub(HEAD + foot);
    let lower = lower(below.height(), room);
    let list = room - lower;
    rows(state, known, now, &mut canvas.rows(HEAD, list));
    let more = known.keymap.fill(Context::Ledger, "{page-down} で続き");
    let top = match state.mode {
        Mode::List | Mode::Cancelling { .. } => state.scroll.top(),
        Mode::Reason { .. } => 0,
    };
    below.scrolled(&mut canvas.rows(HEAD + list, lower), top, &more);
    sums.draw(&mut canvas.rows(height.saturating_sub(foot), foot), 0);
    if let Some((x, row)) = cursor.filter(|(_, row)| *row < lower) {
        canvas.cursor(x, HEAD + list + row);
    }
}

/// 絞り込み, the search, how many there are.
fn head(state: &State, canvas: &mut Canvas<'_>) {
    let group = state.window.choice().label();
    let x = canvas.put(2, 0, "絞り込み: ", Role::Label);
    let x = canvas.put(x, 0, group, Role::Heading);
    let x = canvas.put(x.max(20) + 2, 0, "検索: ", Role::Label);
    let total = state.window.page().map_or_else(String::new, |page| {
        if page.matching == page.total {
            format!("{} 件", page.total)
        } else {
            format!("{} 件中 {} 件", page.total, page.matching)
        }
    });
    let end = canvas
        .width()
        .saturating_sub(canvas.cells(&total) + 2)
        .max(x);
    let room = end.saturating_sub(x + 2).min(24);
    let (shown, cursor) = state.search.window(room);
    canvas.put(x, 0, &shown, Role::Focus);
    if matches!(state.mode, Mode::List) {
        canvas.cursor(x + cursor, 0);
    }
    let rule = form::rule(Field::Filter);
    if state.search.is_empty() && x + canvas.cells(rule) + 2 < end {
        canvas.put(x + 1, 0, rule, Role::Dim);
    }
    canvas.put(end, 0, &total, Role::Normal);
    let rule = canvas.glyphs().rule(canvas.width().saturating_sub(4));
    canvas.put(2, 1, &rule, Role::Dim);
    for (x, text) in COLUMNS
        .into_iter()
        .zip(["受付", "氏名", "生年月日", "状態", "次にすること"])
    {
        // A mark alone says nothing.
        if x + canvas.cells(text) <= canvas.width() {
            canvas.put(x, 2, text, Role::Label);
        }
    }
}

/// The rows around the chosen one. A long name takes a second line: it is
/// never cut.
fn rows(state: &State, known: &Known, now: Now, canvas: &mut Canvas<'_>) {
    let status = known.status.as_ref();
    let unknown = (status.and_then(|status| status.spill.as_ref())).is_some_and(|s| s.unknown);
    let page = state.window.page();
    if page.is_none_or(|page| unknown && page.rows.is_empty())
        && let Some(trouble) = store_trouble(known)
    {
        let mut sheet = Sheet::new(canvas);
        sheet.blank();
        sheet.text(2, "控え帳を開けません。", Role::Error);
        sheet.text(2, trouble, Role::Normal);
        sheet.draw(canvas, 0);
        return;
    }
    let Some(page) = state.window.page() else {
        let text = if state.window.has_failed() {
            "控え帳を読めませんでした。開き直してください。"
        } else {
            "読んでいます。"
        };
        canvas.put(2, 0, text, Role::Dim);
        return;
    };
    if page.rows.is_empty() {
        let search = state.search.text().trim();
        let mut sheet = Sheet::new(canvas);
        sheet.blank();
        if page.total > 0 && !search.is_empty() {
            let found = format!("「{search}」に合う控えはありません。");
            // The search is a field: its keys are those of fields.
            let erase = "{backspace} で検索を消せます。";
            let erase = known.keymap.fill(Context::Field, erase);
            let switch = if state.window.is_grouped() {
                "{filter} で絞り込みを切り替えます。"
            } else {
                ""
            };
            let switch = known.keymap.fill(Context::Ledger, switch);
            sheet.text(2, &format!("{found}{erase}{switch}"), Role::Normal);
            sheet.draw(canvas, 0);
            return;
        }
        let text = if page.total == 0 {
            "控えはまだありません。中央システムにつながらないとき、{note} で 4情報を控えると、復旧後に自動で照会します。"
        } else {
            "この絞り込みに合う控えはありません。{filter} で切り替えます。"
        };
        sheet.text(2, &known.keymap.fill(Context::Ledger, text), Role::Normal);
        sheet.draw(canvas, 0);
        return;
    }
    let chosen = state.window.chosen_in_window();
    let mut sheet = Sheet::new(canvas);
    let mut first = 0;
    let mut last = 0;
    for (n, row) in page.rows.iter().enumerate() {
        if n == chosen {
            first = sheet.height();
        }
        let hidden = known.hides_names() && state.revealed.as_ref() != Some(&row.id);
        list_row(row, (n == chosen, hidden), now, &mut sheet);
        if n == chosen {
            last = sheet.height();
        }
        if last > 0 && sheet.height() > first + canvas.height() {
            break;
        }
    }
    let height = canvas.height();
    // The chosen row stands in the middle once the list is longer than the
    // room, so that its neighbours are seen.
    let top = first
        .saturating_sub(height / 2)
        .min(sheet.height().saturating_sub(height))
        .max(last.saturating_sub(height));
    sheet.draw(canvas, top);
}

fn store_trouble(known: &Known) -> Option<&str> {
    known.status.as_ref()?.store_trouble.as_deref()
}

fn list_row(row: &LedgerRow, (chosen, hidden): (bool, bool), now: Now, sheet: &mut Sheet) {
    let role = if chosen { Role::Selected } else { Role::Normal };
    let mark = if chosen { sheet.glyphs().chosen } else { "" };
    let birth = born(row);
    let state_role = match row.group {
        Group::NeedsPerson | Group::Blocked => Role::Warning,
        Group::Resolved => Role::Good,
        Group::Cancelled | Group::Settled => Role::Dim,
        Group::Open | Group::Asking => Role::Normal,
    };
    let taken = taken(row.taken, now.today());
    let name = crate::text::fold::shown(&row.name);
    let name = if hidden { half(&name) } else { name };
    let (next, next_role) = match &row.held {
        Some(by) => (wording::hold::row(by), Role::Warning),
        None => (row.next.clone(), role),
    };
    let [c0, c1, c2, c3, c4] = COLUMNS;
    sheet.pieces(&[
        (0, mark, Role::Heading),
        (c0, &taken, role),
        (c1, &name, role),
        (c2, &birth, role),
        (c3, &row.state, if chosen { role } else { state_role }),
        (c4, &next, if chosen { role } else { next_role }),
    ]);
}

pub(super) fn born(row: &LedgerRow) -> String {
    let sex = row.sex.map_or("", |sex| sex.label());
    format!("{} {sex}", era::dotted(row.birth_date))
}

/// Whose note a question is about; the list may have given way to it.
fn who(which: &Which) -> String {
    format!("{}  {}  {}", which.id, which.name, which.birth)
}

/// The time of today, the day of another day.
fn taken(at: Timestamp, today: Date) -> String {
    let day = jst(at).date();
    if day == today {
        clock_text(at)
    } else {
        format!("{:02}/{:02}", day.month(), day.day())
    }
}

/// What stands below the list: a question, or the opened note; and the cell of
/// the cursor in it.
fn below(
    state: &State,
    known: &Known,
    now: Now,
    mut sheet: Sheet,
) -> (Sheet, Option<(usize, usize)>) {
    let mut at = None;
    match &state.mode {
        Mode::Reason { which, field } => {
            sheet.heading("控えの取消");
            sheet.text(2, &who(which), Role::Normal);
            let room = sheet.width().saturating_sub(14 + 30).max(10);
            let (shown, cursor) = field.window(room);
            at = Some((14 + cursor, sheet.height()));
            let (role, beside) = edit::beside(Field::Reason, field.text(), now.today());
            sheet.pieces(&[
                (2, "取消の理由", Role::Label),
                (14, &shown, Role::Focus),
                (14 + room + 1, &beside, role),
            ]);
        }
        Mode::Cancelling { which, reason } => {
            sheet.heading("控えの取消");
            sheet.text(2, &who(which), Role::Normal);
            sheet.pairs(&[pair(2, "取消の理由", reason.as_str())]);
        }
        Mode::List => {
            if let Some(note) = &state.detail {
                detail(note, known, now, &mut sheet);
            }
        }
    }
    (sheet, at)
}

/// The opened note: what was written down, and what happened to it.
fn detail(note: &Note, known: &Known, now: Now, sheet: &mut Sheet) {
    let content = &note.content;
    sheet.heading(&format!(
        "{}  {} {} 受付 {}",
        note.id,
        jst(note.taken).date().strftime("%m/%d"),
        clock_text(note.taken),
        note.taken_by
    ));
    let name = match (content.name.as_str(), content.kana.as_str()) {
        ("", kana) => kana.to_owned(),
        (name, "") => name.to_owned(),
        (name, kana) => format!("{name}  {kana}"),
    };
    let sex = content.sex.map_or("性別なし", |sex| sex.label());
    let birth = format!("{} {sex}", era::dotted(content.birth_date));
    let name = crate::text::fold::shown(&name);
    sheet.pieces(&[(2, &name, Role::Normal), (46, &birth, Role::Normal)]);
    for text in wording::standing(note, known, now.today()) {
        sheet.text(2, &text, Role::Warning);
    }
    let facts = crate::text::fold::shown(&wording::facts(content));
    sheet.text(2, &facts, Role::Normal);
    if let Some(codes) = wording::private_of(content) {
        sheet.text(2, &codes, Role::Normal);
    }
    for step in note.history.iter().rev() {
        let at = wording::moment(step.at, now);
        let by = wording::by(&step.by);
        sheet.text(4, &format!("{at} {}{by}", step.text), Role::Dim);
    }
}

/// How far the sync is.
fn sync_text(sync: &SyncState) -> Option<String> {
    match sync {
        SyncState::Idle => None,
        SyncState::AwaitingConfirm { notes } => Some(format!(
            "照会できる控えが {notes} 件あります。{{sync}} で一括照会を始めます。"
        )),
        SyncState::Running {
            done,
            total,
            per_minute,
            seconds_left,
        } => {
            let far = wording::syncing(*done, *total, *per_minute, *seconds_left);
            Some(format!("{far}。{{sync}} で止めます。"))
        }
        SyncState::Stopping { notes } => Some(format!(
            "{}。{{sync}} で続けます。",
            wording::stopping(*notes)
        )),
    }
}

/// How many notes each group holds, on one or two rows at the foot.
fn counts(known: &Known, sheet: &mut Sheet) {
    sheet.blank();
    let Some(status) = &known.status else {
        return;
    };
    let text: Vec<String> = Group::ALL
        .iter()
        .map(|group| {
            let n = status.notes.get(group).copied().unwrap_or(0);
            format!("{} {n}", group.label())
        })
        .collect();
    sheet.text(1, &text.join("  "), Role::Label);
}
