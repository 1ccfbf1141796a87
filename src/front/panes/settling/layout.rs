//! How the check list of a resolved note looks.

use super::{Line, Mode, State};
use crate::domain::caution::cautions;
use crate::domain::entitlement::Validity;
use crate::domain::era;
use crate::domain::note::{NoteState, Resolution};
use crate::domain::number::insurer_label;
use crate::domain::settling::{self, Item};
use crate::domain::time::{Now, slash_date};
use crate::front::app::Known;
use crate::front::canvas::{Canvas, Role};
use crate::front::keys::command::Command;
use crate::front::sheet::{Scroll, Sheet};
use crate::front::wording;
use crate::text::fold;

/// The column of who did it.
const DONE: usize = 48;
/// Rows that the sentence of a question may take beside the first.
const SENTENCE: usize = 2;

/// What of the sheet has a place to be seen.
#[derive(Default)]
struct Laid {
    /// The cell of the cursor.
    cursor: Option<(usize, usize)>,
    /// From the first to behind the last row of a question.
    question: (usize, usize),
}

/// Rows on the screen as it is, for scrolling.
pub(super) fn rows(state: &State, known: &Known, now: Now) -> usize {
    let mut sheet = known.sheet();
    lay(state, Some(now), &mut sheet);
    sheet.height()
}

/// Where a question stands in sight; its sentence may take more rows than the
/// one before.
pub(super) fn question(state: &State, known: &Known, now: Now) -> Scroll {
    let mut sheet = known.sheet();
    let laid = lay(state, Some(now), &mut sheet);
    let (from, to) = laid.question;
    Scroll::showing((from, to), known.page().saturating_sub(SENTENCE))
}

pub(super) fn draw(state: &State, known: &Known, now: Now, canvas: &mut Canvas<'_>) {
    let mut sheet = Sheet::new(canvas);
    let cursor = lay(state, Some(now), &mut sheet).cursor;
    // What is typed stays in sight, with what stands behind it.
    let top = cursor.map_or(state.scroll.top(), |(_, y)| {
        y.saturating_sub(canvas.height().saturating_sub(3))
    });
    let key = known.keymap.key_for(state.context(), Command::PageDown);
    let more = key.map_or_else(String::new, |key| format!("{key} で続き"));
    let top = sheet.scrolled(canvas, top, &more);
    if let Some((x, y)) = cursor {
        canvas.cursor(x, y.saturating_sub(top));
    }
}

fn lay(state: &State, now: Option<Now>, sheet: &mut Sheet) -> Laid {
    let note = &state.note;
    let (NoteState::Resolved(resolution) | NoteState::Settled(resolution)) = &note.state else {
        return Laid::default();
    };
    verdict(resolution, sheet);
    let content = &note.content;
    let name = if content.name.is_empty() {
        &content.kana
    } else {
        &content.name
    };
    let sex = content.sex.map_or("", |sex| sex.label());
    let who = format!(
        "控え {}  {}  {} {sex}",
        note.id,
        fold::shown(name),
        era::dotted(content.birth_date)
    );
    sheet.text(3, &who, Role::Normal);
    if let Some(codes) = wording::private_of(content) {
        sheet.text(3, &codes, Role::Normal);
    }
    if let Some(text) = wording::from_card(content) {
        sheet.text(3, &text, Role::Dim);
    }
    if let Some(found) = settling::insured(note) {
        let label = insurer_label(&found.insurer_number).unwrap_or_default();
        let numbers = format!(
            "{} {label}  記号 {}  番号 {}  枝番 {}",
            found.insurer_number, found.symbol, found.number, found.branch
        );
        sheet.text(3, &fold::shown(&numbers), Role::Normal);
    }
    for text in cautions(&resolution.answer, Some(content)) {
        sheet.text(3, &text, Role::Warning);
    }
    let mut cursor = None;
    let today = now.map_or(content.visit_date, |now| now.today());
    if let Some(follow) = &note.follow {
        let text = format!("次の照会 {}", slash_date(follow.day));
        sheet.text(3, &text, Role::Normal);
    }
    if let Mode::Line(line @ (Line::Day | Line::Drop)) = &state.mode
        && let Some(field) = state.lines.get(line)
    {
        sheet.blank();
        sheet.heading("再照会の日");
        let (label, width) = match line {
            Line::Day => ("次に照会する日", 18),
            _ => ("再照会しない理由", 28),
        };
        let (shown, at) = field.window(width);
        cursor = Some((20 + at, sheet.height()));
        let (role, beside) = state.beside(*line, today);
        sheet.pieces(&[
            (3, label, Role::Label),
            (20, &shown, Role::Focus),
            (20 + width + 1, &beside, role),
        ]);
        sheet.text(
            3,
            "保険者の登録は届けから 5 日ほど（変更から 10 日ほど）かかります。",
            Role::Dim,
        );
    }
    sheet.blank();
    sheet.heading("完了までにすること");
    for (n, item) in settling::due(note).into_iter().enumerate() {
        let tick = note.settling.done(item);
        let mark = if tick.is_some() { "[済]" } else { "[  ]" };
        let label = format!("{} {mark} {}", n + 1, item.label());
        let done = match (tick, now) {
            (Some(tick), Some(now)) => format!("{} {}", wording::moment(tick.at, now), tick.by),
            (Some(tick), None) => tick.by.clone(),
            (None, _) => advice(state, item),
        };
        let role = if tick.is_some() {
            Role::Dim
        } else {
            Role::Normal
        };
        sheet.pieces(&[(3, &label, role), (DONE, &done, Role::Dim)]);
        if item == Item::Reference
            && matches!(state.mode, Mode::Line(Line::Reference))
            && let Some(field) = state.lines.get(&Line::Reference)
        {
            let (shown, at) = field.window(20);
            cursor = Some((22 + at, sheet.height()));
            let (role, beside) = state.beside(Line::Reference, today);
            sheet.pieces(&[
                (10, "照会番号", Role::Label),
                (22, &shown, Role::Focus),
                (43, &beside, role),
            ]);
        }
    }
    let from = sheet.height();
    if let Mode::Leaving(left) = &state.mode {
        sheet.blank();
        sheet.heading("このまま完了にしますか");
        let text = format!("残っているもの: {}", settling::list(left));
        sheet.text(3, &text, Role::Warning);
        sheet.text(
            3,
            "残したことは控えの経過に記録されます。完了のあとは、控え帳から開いて見られます。",
            Role::Normal,
        );
    }
    asked(state, sheet);
    let question = (from, sheet.height());
    sheet.blank();
    sheet.heading("経過");
    for step in note.history.iter().rev() {
        let at = now.map_or_else(String::new, |now| wording::moment(step.at, now));
        let by = wording::by(&step.by);
        sheet.text(3, &format!("{at} {}{by}", step.text), Role::Dim);
    }
    Laid { cursor, question }
}

/// What stands behind a question about one step.
fn asked(state: &State, sheet: &mut Sheet) {
    match state.mode {
        Mode::Destroying => {
            sheet.blank();
            sheet.heading("申立書を廃棄しましたか");
            let text = "申立書は、審査支払機関からの支払いを確かめるまで保管します。";
            sheet.text(3, text, Role::Warning);
        }
        Mode::Undoing(item) => {
            sheet.blank();
            sheet.heading(&format!("「{}」の済を取り消しますか", item.short()));
            if let Some(tick) = state.note.settling.done(item) {
                sheet.text(
                    3,
                    &format!("済にした人と時刻: {}", tick.told()),
                    Role::Normal,
                );
            }
            sheet.text(
                3,
                "取り消したことは控えの経過に記録されます。",
                Role::Normal,
            );
        }
        Mode::List | Mode::Line(_) | Mode::Leaving(_) => {}
    }
}

fn advice(state: &State, item: Item) -> String {
    match item {
        Item::Reference if !state.reference().is_empty() => {
            format!("番号 {}", state.reference())
        }
        Item::Reference => "この施設の患者番号など".to_owned(),
        Item::Declaration => "支払いを確かめてから".to_owned(),
        Item::Seen | Item::File => String::new(),
    }
}

/// The verdict, in the words of the answer (OUT-51).
fn verdict(resolution: &Resolution, sheet: &mut Sheet) {
    let glyphs = sheet.glyphs();
    match resolution.answer.validity {
        Validity::Valid => {
            let text = format!("{} この資格は有効です。", glyphs.valid);
            sheet.text(1, &text, Role::Good);
        }
        Validity::ValidUnregistered => {
            let text = format!("{} 有効（未登録）", glyphs.attention);
            sheet.text(1, &text, Role::Warning);
        }
        _ => {
            let text = format!("{} この資格は無効です。", glyphs.attention);
            sheet.text(1, &text, Role::Error);
        }
    }
}
