//! How the candidates look.

use super::State;
use super::compare::{self, Differences};
use crate::domain::entitlement::{Candidate, GivenDate};
use crate::domain::era;
use crate::domain::time::slash_date;
use crate::front::canvas::{Canvas, Role};
use crate::front::sheet::{Sheet, pair};
use crate::text::fold;

/// Columns of number, 氏名, 生年月日, 性別, 住所, 保険者名.
const COLUMNS: [usize; 6] = [2, 5, 24, 36, 43, 65];
/// 住所 in the list: its first characters (OUT-42).
const ADDRESS: usize = 10;
/// What stands before a value that differs. ASCII, so that its width is sure.
const DIFFERS: &str = "!";

pub(super) fn draw(state: &State, canvas: &mut Canvas<'_>) {
    let mut sheet = Sheet::new(canvas);
    sheet.text(
        1,
        "複数の資格該当者が見つかりました。資格確認の該当者を以下から選択してください。",
        Role::Normal,
    );
    sheet.text(
        1,
        &format!("検索結果： {} 件", state.list.len()),
        Role::Normal,
    );
    if state.asking
        && let Some((n, found)) = state
            .chosen
            .and_then(|n| state.list.get(n).map(|found| (n, found)))
    {
        read_back(state, n, found, &mut sheet);
        sheet.draw(canvas, 0);
        return;
    }
    sheet.blank();
    let [number, name, birth, sex, address, insurer] = COLUMNS;
    sheet.pieces(&[
        (number, "", Role::Label),
        (name, "氏名", Role::Label),
        (birth, "生年月日", Role::Label),
        (sex, "性別", Role::Label),
        (address, "住所", Role::Label),
        (insurer, "保険者名", Role::Label),
    ]);
    let mut chosen_end = 0;
    let mut differs = false;
    for (n, found) in state.list.iter().enumerate() {
        let differences = compare::differences(&state.asked, found);
        differs |= differences.any();
        row(n, found, differences, state.chosen == Some(n), &mut sheet);
        if state.chosen == Some(n) {
            chosen_end = sheet.height();
        }
    }
    sheet.blank();
    asked(state, &mut sheet);
    if differs {
        let text = format!("{DIFFERS} は入力と違うところです。患者さんに確かめてください。");
        sheet.text(1, &text, Role::Warning);
    }
    let top = chosen_end.saturating_sub(canvas.height());
    sheet.draw(canvas, top);
}

fn marked(differs: bool, text: &str) -> String {
    if differs {
        format!("{DIFFERS}{text}")
    } else {
        text.to_owned()
    }
}

fn role(differs: bool, base: Role) -> Role {
    if differs && base == Role::Normal {
        Role::Warning
    } else {
        base
    }
}

fn row(n: usize, found: &Candidate, differences: Differences, chosen: bool, sheet: &mut Sheet) {
    let base = if chosen { Role::Selected } else { Role::Normal };
    let mark = if chosen { sheet.glyphs().chosen } else { "" };
    let number = (n + 1).to_string();
    let name_differs = !differences.name.is_empty();
    let mut name = marked(name_differs, &fold::shown(&found.name));
    for below in [found.kana.as_str(), differences.name] {
        if !below.is_empty() {
            name.push('\n');
            name.push_str(below);
        }
    }
    let birth = marked(differences.birth, &day(&found.birth_date));
    let sex = marked(differences.sex, found.sex.map_or("", |sex| sex.label()));
    let short: String = found.address.chars().take(ADDRESS).collect();
    let address = marked(differences.address, &fold::shown(&short));
    let insurer = marked(differences.insurer, &fold::shown(&found.insurer_name));
    let [c0, c1, c2, c3, c4, c5] = COLUMNS;
    sheet.pieces(&[
        (0, mark, Role::Heading),
        (c0, &number, base),
        (c1, &name, role(name_differs, base)),
        (c2, &birth, role(differences.birth, base)),
        (c3, &sex, role(differences.sex, base)),
        (c4, &address, role(differences.address, base)),
        (c5, &insurer, role(differences.insurer, base)),
    ]);
}

fn day(given: &GivenDate) -> String {
    match given {
        GivenDate::Day(day) => era::dotted(*day),
        GivenDate::NotGiven => "(記載なし)".to_owned(),
        GivenDate::Raw(text) => text.clone(),
    }
}

/// Who was looked for.
fn asked(state: &State, sheet: &mut Sheet) {
    let asked = &state.asked;
    let mut facts = Vec::new();
    for text in [&asked.name, &asked.kana] {
        if !text.is_empty() {
            facts.push(text.clone());
        }
    }
    facts.push(era::dotted(asked.birth_date));
    if let Some(sex) = asked.sex {
        facts.push(sex.label().to_owned());
    }
    for text in [&asked.address, &asked.insurer_name] {
        if !text.is_empty() {
            facts.push(text.clone());
        }
    }
    facts.push(format!("資格確認日 {}", slash_date(asked.check_date)));
    sheet.text(1, &format!("入力: {}", facts.join("  ")), Role::Dim);
}

/// The chosen one in full, to be compared with the patient once more.
fn read_back(state: &State, n: usize, found: &Candidate, sheet: &mut Sheet) {
    let differences = compare::differences(&state.asked, found);
    let not_sent = |text: &str| {
        if text.is_empty() {
            "(送られていません)".to_owned()
        } else {
            fold::shown(text)
        }
    };
    let item = |label, differs: bool, text: &str| {
        pair(5, label, marked(differs, text)).role(role(differs, Role::Normal))
    };
    sheet.blank();
    sheet.heading(&format!("{} 番の人に決めますか", n + 1));
    let name_differs = !differences.name.is_empty();
    sheet.pairs(&[item("氏名    ", name_differs, &fold::shown(&found.name))]);
    if name_differs {
        sheet.text(15, differences.name, Role::Warning);
    }
    sheet.pairs(&[item("カナ    ", false, &not_sent(&found.kana))]);
    let birth = match &found.birth_date {
        GivenDate::Day(day) => format!("{}  {}", era::long(*day), era::western(*day)),
        other => day(other),
    };
    sheet.pairs(&[item("生年月日", differences.birth, &birth)]);
    let sex = found.sex.map_or("(送られていません)", |sex| sex.label());
    sheet.pairs(&[item("性別    ", differences.sex, sex)]);
    sheet.pairs(&[item(
        "住所    ",
        differences.address,
        &not_sent(&found.address),
    )]);
    sheet.pairs(&[item(
        "保険者名",
        differences.insurer,
        &not_sent(&found.insurer_name),
    )]);
    sheet.blank();
    asked(state, sheet);
    if differences.any() {
        let text = format!("{DIFFERS} は入力と違うところです。患者さんに確かめてください。");
        sheet.text(1, &text, Role::Warning);
    }
}
