//! How a note that waits for a person looks.

use super::{State, ways};
use crate::domain::account::Right;
use crate::domain::era;
use crate::domain::note::{Need, NoteState};
use crate::domain::time::Now;
use crate::front::app::Known;
use crate::front::canvas::{Canvas, Role};
use crate::front::keys::command::Command;
use crate::front::sheet::Sheet;
use crate::front::wording;
use crate::text::fold;

/// Rows on the screen as it is, for scrolling.
pub(super) fn rows(state: &State, known: &Known, now: Now) -> usize {
    let mut sheet = known.sheet();
    lay(state, known, Some(now), &mut sheet);
    sheet.height()
}

pub(super) fn draw(state: &State, known: &Known, now: Now, canvas: &mut Canvas<'_>) {
    let mut sheet = Sheet::new(canvas);
    lay(state, known, Some(now), &mut sheet);
    let key = known.keymap.key_for(state.context(), Command::PageDown);
    let more = key.map_or_else(String::new, |key| format!("{key} で続き"));
    sheet.scrolled(canvas, state.scroll.top(), &more);
}

fn lay(state: &State, known: &Known, now: Option<Now>, sheet: &mut Sheet) {
    let note = &state.note;
    let content = &note.content;
    if state.absent {
        sheet.heading("該当なしとして解決しますか");
        sheet.text(
            2,
            "患者さんにも確かめて、加入している保険が中央システムにないと分かったときに使います。",
            Role::Normal,
        );
        sheet.text(
            2,
            "加入の届けは登録まで日数がかかるので、日を置いてもう一度照会します。",
            Role::Normal,
        );
        sheet.blank();
    }
    let name = match (content.name.as_str(), content.kana.as_str()) {
        ("", kana) => kana.to_owned(),
        (name, "") => name.to_owned(),
        (name, kana) => format!("{name}  {kana}"),
    };
    let sex = content.sex.map_or("性別なし", |sex| sex.label());
    let head = format!("{}  {}", note.id, fold::shown(&name));
    let birth = format!("{} {sex}", era::dotted(content.birth_date));
    sheet.pieces(&[(1, &head, Role::Heading), (60, &birth, Role::Normal)]);
    sheet.text(1, &fold::shown(&wording::facts(content)), Role::Normal);
    if let Some(codes) = wording::private_of(content) {
        sheet.text(1, &codes, Role::Normal);
    }
    sheet.blank();
    why(state, known, now, sheet);
    let (ways, may_end) = (state.ways(known), state.may_end(known));
    if !ways.is_empty() || may_end {
        sheet.blank();
        sheet.heading(match note.state {
            NoteState::NeedsPerson(Need::NotFound) => "直して照会し直す",
            NoteState::NeedsPerson(Need::TooMany) => "絞る（上ほどよく絞れます）",
            _ => "できること",
        });
        for (n, way) in ways.iter().enumerate() {
            let label = format!("{} {}", n + 1, fold::shown(&way.label()));
            sheet.text(3, &label, Role::Normal);
        }
        if may_end {
            sheet.text(3, "0 どれでもない。該当なしと確かめた", Role::Normal);
        }
    }
    if let Some(refusal) = known.refused(Right::Decide)
        && (ways.len() < state.ways.len() || ways::may_end(note))
    {
        sheet.blank();
        sheet.text(1, &refusal.to_string(), Role::Normal);
    }
    sheet.blank();
    sheet.heading("経過");
    for step in note.history.iter().rev() {
        let at = now.map_or_else(String::new, |now| wording::moment(step.at, now));
        let by = wording::by(&step.by);
        sheet.text(3, &format!("{at} {}{by}", step.text), Role::Dim);
    }
}

/// Why it waits, and what unblocks it.
fn why(state: &State, known: &Known, now: Option<Now>, sheet: &mut Sheet) {
    let note = &state.note;
    if let NoteState::Blocked(_) = note.state {
        let today = now.map_or(note.content.visit_date, |now| now.today());
        let mut role = Role::Warning;
        for text in wording::standing(note, known, today) {
            sheet.text(1, &text, std::mem::replace(&mut role, Role::Normal));
        }
        return;
    }
    let attention = sheet.glyphs().attention;
    if let Some(text) = wording::need(note) {
        sheet.text(1, &format!("{attention} {text}"), Role::Warning);
    } else if !matches!(note.state, NoteState::NeedsPerson(_)) {
        let text = format!("いまの状態: {}", note.state.label());
        sheet.text(1, &text, Role::Normal);
    }
    if let Some(c) = crate::domain::caution::outside_jis(&note.content.name) {
        let text = format!("氏名の「{c}」は JIS 第1・第2水準にない字です。");
        sheet.text(1, &text, Role::Warning);
    }
}
