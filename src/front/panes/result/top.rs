//! The top of a result, which does not scroll: the verdict with its advice, and
//! the 照会番号 with its button.

use super::{Mode, State, words};
use crate::domain::entitlement::Validity;
use crate::domain::field::Field;
use crate::front::canvas::Role;
use crate::front::edit;
use crate::front::sheet::Sheet;
use crate::front::wording;
use jiff::civil::Date;

/// What stands at the top, and where the 照会番号 goes beside it.
pub(super) struct Top {
    pub(super) sheet: Sheet,
    pub(super) cursor: Option<(usize, usize)>,
}

/// The verdict in words with its mark (OUT-51), and the 照会番号 with its
/// button (OUT-81 to 83), beside it where there is room for all of it.
pub(super) fn verdict(state: &State, mut sheet: Sheet) -> Top {
    let (text, advice, role) = words::verdict(&state.answer);
    let mark = if state.answer.validity == Validity::Valid {
        sheet.glyphs().valid
    } else {
        sheet.glyphs().attention
    };
    let head = format!("{mark} {text}");
    let reference = reference(state);
    let place = 47.max(sheet.cells(&head) + 3);
    let mut cursor = None;
    match &reference {
        None => sheet.pieces(&[(1, &head, role)]),
        Some(number) => {
            let label = sheet.cells(LABEL) + 1;
            let room = label + sheet.cells(&number.shown) + number.gap + sheet.cells(number.button);
            let beside = place + room < sheet.width();
            let x = if beside { place } else { 1 };
            if !beside {
                sheet.pieces(&[(1, &head, role)]);
            }
            let at = x + label;
            cursor = number.cursor.map(|column| (at + column, sheet.height()));
            let button = at + sheet.cells(&number.shown) + number.gap;
            let mut row = vec![(1, head.as_str(), role)];
            if !beside {
                row.clear();
            }
            row.push((x, LABEL, Role::Label));
            let behind = button + sheet.cells(number.button);
            if behind < sheet.width() {
                row.push((at, &number.shown, number.role));
                row.push((button, number.button, Role::Key));
                sheet.pieces(&row);
            } else {
                // Longer than the screen is wide: whole, on several rows.
                row.push((at, &number.shown, number.role));
                sheet.pieces(&row);
                sheet.pieces(&[(at, number.button, Role::Key)]);
            }
        }
    }
    if let Mode::Editing(field) = &state.mode {
        // No date is read there.
        let (role, beside) = edit::beside(Field::Reference, field.text(), Date::ZERO);
        let x = 47.min(sheet.width() / 2);
        sheet.pieces(&[(x, &beside, role)]);
    }
    if !advice.is_empty() {
        sheet.text(3, advice, Role::Warning);
    }
    if let Some(text) = wording::remark(&state.answer) {
        sheet.text(3, &text, Role::Warning);
    }
    Top { sheet, cursor }
}

const LABEL: &str = "照会番号";
/// Columns of the 照会番号 while it is typed.
const TYPED: usize = 14;

/// The 照会番号 as it is shown.
struct Reference {
    shown: String,
    role: Role,
    /// Columns between it and its button.
    gap: usize,
    button: &'static str,
    cursor: Option<usize>,
}

fn reference(state: &State) -> Option<Reference> {
    if let Mode::Editing(field) = &state.mode {
        let (shown, cursor) = field.window(TYPED);
        let button = if state.reference().is_empty() {
            "[登録]"
        } else {
            "[更新]"
        };
        return Some(Reference {
            shown: crate::text::cells::fit(&shown, TYPED),
            role: Role::Focus,
            gap: 1,
            button,
            cursor: Some(cursor),
        });
    }
    state.insurance()?;
    let shown = state.reference().to_owned();
    Some(Reference {
        gap: if shown.is_empty() { 0 } else { 2 },
        shown,
        role: Role::Normal,
        button: "[編集]",
        cursor: None,
    })
}
