//! 障害中の照会: the question did not arrive. What was typed is still there,
//! and one key makes it a note.

use crate::domain::entry::describe;
use crate::domain::failure::Failure;
use crate::domain::insurance::LookupQuery;
use crate::domain::line::LineState;
use crate::domain::time::{Now, clock_seconds_text};
use crate::front::app::Known;
use crate::front::canvas::{Canvas, Role};
use crate::front::keys::Context;
use crate::front::sheet::wrapped;

/// Draws; without the failure once it is over.
pub(super) fn view(
    failure: Option<&Failure>,
    query: &LookupQuery,
    known: &Known,
    now: Now,
    canvas: &mut Canvas<'_>,
) {
    let room = canvas.width().saturating_sub(6);
    // Where not all has room, what was asked for stands before the advice.
    let low = canvas.page().is_some();
    let gap = usize::from(!low);
    let mut y = gap;
    // What did not arrive then is no reason not to try now.
    let (mark, text, role) = if let Some(failure) = failure {
        ("！", failure.to_string(), Role::Error)
    } else {
        let text = "つながるようになりました。{retry} で送り直すか、{note} で控えます。";
        ("", known.keymap.fill(Context::Failed, text), Role::Heading)
    };
    canvas.put(1, y, mark, role);
    y = lines(canvas, y, &text, room, role) + gap;
    if low {
        y = asked(query, now, canvas, y);
    }
    let keep = known.keymap.fill(
        Context::Failed,
        "入力した内容は残っています。{note} で 4情報の控えにします（入力し直しはありません）。",
    );
    y = lines(canvas, y, &keep, room, Role::Normal) + gap;
    let climb = if low {
        "患者さんはふだんの負担割合で受診できます。{ladder} で見せられるものを選びます（申立書も）。"
    } else {
        "患者さんへ: マイナポータルの画面、資格情報のお知らせ、前回の保険の口頭確認のいずれかで、ふだんの負担割合で受診できます。{ladder} で見せられるものを選びます（申立書も）。"
    };
    let climb = known.keymap.fill(Context::Failed, climb);
    y = lines(canvas, y, &climb, room, Role::Normal) + gap;
    if !low {
        asked(query, now, canvas, y);
    }
}

fn lines(canvas: &mut Canvas<'_>, mut y: usize, text: &str, room: usize, role: Role) -> usize {
    for line in wrapped(canvas.ambiguous(), text, room) {
        canvas.put(4, y, &line, role);
        y += 1;
    }
    y
}

/// What the question was, from row `y`; returns the row below.
fn asked(query: &LookupQuery, now: Now, canvas: &mut Canvas<'_>, mut y: usize) -> usize {
    let insurance = &query.insurance;
    let mut x = 3;
    for (label, value) in [
        ("保険者番号", &insurance.insurer),
        ("記号", &insurance.symbol),
        ("番号", &insurance.number),
        ("枝番", &insurance.branch),
    ] {
        if value.is_empty() {
            continue;
        }
        let needed = canvas.cells(label) + 2 + canvas.cells(value);
        if x > 3 && x + needed + 1 > canvas.width() {
            y += 1;
            x = 3;
        }
        x = canvas.put(x, y, label, Role::Label) + 2;
        x = canvas.put(x, y, value, Role::Normal) + 3;
    }
    y += 1;
    let x = canvas.put(3, y, "生年月日", Role::Label) + 4;
    canvas.put(x, y, &describe(query.birth_date, now.today()), Role::Normal);
    y + 1
}

/// Whether the line carries questions again.
pub(super) fn is_back(known: &Known) -> bool {
    let line = known.status.as_ref().map(|status| &status.line);
    matches!(line, Some(LineState::Up { .. } | LineState::Slow { .. }))
}

/// When the line is looked at again; no counting down, since nothing should
/// move on a screen that is being read.
pub(super) fn hint(known: &Known) -> String {
    match known.status.as_ref().map(|status| &status.line) {
        Some(LineState::Down { next_probe, .. }) => {
            format!("次の接続確認は {} です。", clock_seconds_text(*next_probe))
        }
        Some(line) if line.usable() => "回線は使えます。{retry} で送り直せます。".to_owned(),
        _ => "接続を確かめています。".to_owned(),
    }
}
