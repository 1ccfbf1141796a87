//! How the candidates look: the list first; whoever is looked at stands
//! beside what was noted, item by item.

use super::{Purpose, State, Step};
use crate::domain::account::Right;
use crate::domain::entitlement::GivenDate;
use crate::domain::era;
use crate::domain::likeness::{Item, Level, Person, apart, differences, side_by_side};
use crate::domain::readback::ReadBack;
use crate::domain::time::slash_date;
use crate::front::app::Known;
use crate::front::canvas::{Canvas, Role};
use crate::front::keys::command::Command;
use crate::front::sheet::Sheet;
use crate::front::wording;
use crate::text::fold;

/// Columns of number, 氏名, 生年月日, 性別, 住所, 保険者名.
const COLUMNS: [usize; 6] = [2, 5, 24, 36, 43, 65];
/// Columns of label, what was noted, sign, what was found, word.
const SIDES: [usize; 5] = [2, 11, 38, 40, 67];
/// 住所 in the list: its first characters (OUT-42).
const ADDRESS: usize = 10;
/// What stands before a value that differs. ASCII, so that its width is sure.
const DIFFERS: &str = "!";
/// What stands before a value in which the candidates differ from each other.
const APART: &str = "?";
/// What it means.
const ASK: &str = "は候補どうしで違うところです。患者さんに言ってもらってください。";

/// Rows on the screen as it is, for scrolling.
pub(super) fn rows(state: &State, known: &Known) -> usize {
    let mut sheet = known.sheet();
    lay(state, known, &mut sheet);
    sheet.height()
}

pub(super) fn draw(state: &State, known: &Known, canvas: &mut Canvas<'_>) {
    let mut sheet = Sheet::new(canvas);
    lay(state, known, &mut sheet);
    let key = known.keymap.key_for(state.context(), Command::PageDown);
    let more = key.map_or_else(String::new, |key| format!("{key} で続き"));
    sheet.scrolled(canvas, state.scroll.top(), &more);
}

fn lay(state: &State, known: &Known, sheet: &mut Sheet) {
    match &state.step {
        Step::ReadingBack(asked) => return read_back(state, asked, sheet),
        Step::Nobody => return nobody(sheet),
        Step::Looking | Step::Deciding => {}
    }
    if state.confirms() {
        sheet.text(
            1,
            "控えのとおりでは見つからず、別の調べ方で 1 人が見つかりました。",
            Role::Normal,
        );
    } else {
        let choose = match known.refused(Right::OutageSearch) {
            Some(_) => "",
            None => "資格確認の該当者を以下から選択してください。",
        };
        let text = format!("複数の資格該当者が見つかりました。{choose}");
        sheet.text(1, &text, Role::Normal);
    }
    let way = match &state.purpose {
        Purpose::Note { way, .. } if way.is_fallback() => {
            format!("    「{}」で見つかりました。", way.label())
        }
        _ => String::new(),
    };
    sheet.text(
        1,
        &format!("検索結果： {} 件{way}", state.list.len()),
        Role::Normal,
    );
    if let Some(carded) = &state.carded {
        let text = format!("{}: {carded}。ほかは手で入れたものです。", whose(state));
        sheet.text(1, &text, Role::Dim);
    }
    match (&state.step, state.chosen) {
        (Step::Deciding, Some(n)) => {
            sheet.blank();
            sheet.heading(&format!("{} 番の人に決めますか", n + 1));
            compared(state, n, sheet);
        }
        (_, Some(n)) => {
            for (at, person) in state.list.iter().enumerate() {
                short(state, at, person, at == n, sheet);
            }
            let head = format!("{}と {} 番の人", whose(state), n + 1);
            if apart(&state.list).is_empty() {
                sheet.heading(&head);
            } else {
                sheet.heading(&format!("{head}（{APART} 候補どうしで違う）"));
            }
            compared(state, n, sheet);
        }
        (_, None) => list(state, known, sheet),
    }
}

/// Nobody is looked at yet: the list with the columns of OUT-41.
fn list(state: &State, known: &Known, sheet: &mut Sheet) {
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
    let mut differs = false;
    let apart = apart(&state.list);
    for (n, person) in state.list.iter().enumerate() {
        let items = side_by_side(&state.sought, person);
        differs |= items.iter().any(differing);
        row(state, n, &items, &apart, sheet);
    }
    if state.may_end(known) {
        sheet.text(2, "0  この中にいない（該当なし）", Role::Normal);
    }
    sheet.blank();
    asked(state, sheet);
    if differs {
        let with = whose(state);
        let text = format!("{DIFFERS} は{with}と違うところです。選ぶと並べて見られます。");
        sheet.text(1, &text, Role::Warning);
    }
    if !apart.is_empty() {
        sheet.text(1, &format!("{APART} {ASK}"), Role::Warning);
    }
}

fn row(state: &State, n: usize, items: &[Item], apart: &[&str], sheet: &mut Sheet) {
    let person = &state.list[n];
    let found = &person.row;
    let number = (n + 1).to_string();
    let differs = |label| {
        items
            .iter()
            .find(|item| item.label == label)
            .is_some_and(differing)
    };
    let marked = |label, text: String| {
        if differs(label) {
            (format!("{DIFFERS}{text}"), Role::Warning)
        } else if apart.contains(&label) && !text.is_empty() {
            (format!("{APART}{text}"), Role::Warning)
        } else {
            (text, Role::Normal)
        }
    };
    let (mut name, name_role) = marked("氏名", fold::shown(&found.name));
    if !found.kana.is_empty() {
        name.push('\n');
        name.push_str(&found.kana);
    }
    let (birth, birth_role) = marked("生年月日", day(&found.birth_date));
    let sex = found.sex.map_or("", |sex| sex.label()).to_owned();
    let (sex, sex_role) = marked("性別", sex);
    let place = fold::shown(&address(&state.list, person));
    let (address, address_role) = marked("住所", place);
    let (insurer, insurer_role) = marked("保険者名", fold::shown(&found.insurer_name));
    let [c0, c1, c2, c3, c4, c5] = COLUMNS;
    sheet.pieces(&[
        (c0, &number, Role::Normal),
        (c1, &name, name_role),
        (c2, &birth, birth_role),
        (c3, &sex, sex_role),
        (c4, &address, address_role),
        (c5, &insurer, insurer_role),
    ]);
}

/// What stands on the desk's side.
fn whose(state: &State) -> &'static str {
    match state.purpose {
        Purpose::Search => "入力",
        Purpose::Note { .. } => "控え",
    }
}

/// Whether the list marks it; what was not sent differs from nothing (OUT-43),
/// and a fragment is a part of every address that was found by it.
fn differing(item: &Item) -> bool {
    !item.level.is_silent() && !matches!(item.level, Level::NotSent | Level::Part)
}

/// The address as far as there is room (OUT-42), from where it differs from
/// the others' if its beginning does not; `~` says that something is left out.
fn address(list: &[Person], person: &Person) -> String {
    let address: Vec<char> = person.row.address.chars().collect();
    let others = list.iter().map(|other| &other.row.address);
    let same = others
        .filter(|other| !other.is_empty() && **other != person.row.address)
        .map(|other| {
            let pairs = address.iter().zip(other.chars());
            pairs.take_while(|(one, other)| **one == *other).count()
        })
        .max();
    let from = match same {
        // Both ends may need their sign; a number is shown from its first
        // digit.
        Some(same) if same >= ADDRESS => {
            let start = address.iter().take(same).rposition(|c| !is_number(*c));
            let start = start.map_or(0, |at| at + 1);
            if same - start < ADDRESS - 2 {
                start
            } else {
                same
            }
        }
        _ => 0,
    };
    let room = if from == 0 { ADDRESS } else { ADDRESS - 1 };
    let mut short: String = if from == 0 { "" } else { "~" }.to_owned();
    short.extend(address.iter().skip(from).take(room));
    if from + room < address.len() {
        short.push('~');
    }
    short
}

fn is_number(c: char) -> bool {
    fold::digit(c).is_some()
}

/// A candidate on one row, while one of them is looked at.
fn short(state: &State, n: usize, person: &Person, chosen: bool, sheet: &mut Sheet) {
    let role = if chosen { Role::Selected } else { Role::Normal };
    let mark = if chosen { sheet.glyphs().chosen } else { "" };
    let found = &person.row;
    let number = (n + 1).to_string();
    let sex = found.sex.map_or("", |sex| sex.label());
    let birth = format!("{} {sex}", day(&found.birth_date));
    let items = side_by_side(&state.sought, person);
    let sign = if items.iter().any(differing) {
        DIFFERS
    } else {
        "~"
    };
    let words = match differences(&items) {
        0 => "違いなし".to_owned(),
        n => format!("{sign} 確かめる {n}"),
    };
    let mut place = fold::shown(&address(&state.list, person));
    if apart(&state.list).contains(&"住所") && !place.is_empty() {
        place.insert_str(0, APART);
    }
    let [c0, c1, ..] = COLUMNS;
    sheet.pieces(&[
        (0, mark, Role::Heading),
        (c0, &number, role),
        (c1, &fold::shown(&found.name), role),
        (26, &birth, role),
        (44, &place, role),
        (66, &words, role),
    ]);
}

/// The note on one side, the candidate on the other.
fn compared(state: &State, n: usize, sheet: &mut Sheet) {
    let Some(items) = state.items() else { return };
    let [c0, c1, c2, c3, c4] = SIDES;
    let person = format!("{} 番の人", n + 1);
    sheet.pieces(&[
        (c1, whose(state), Role::Label),
        (c2, "", Role::Label),
        (c3, &person, Role::Label),
    ]);
    let apart = apart(&state.list);
    for item in &items {
        let ask = if apart.contains(&item.label) {
            APART
        } else {
            ""
        };
        let role = match item.level {
            Level::Same | Level::Spacing | Level::NotNoted => Role::Normal,
            _ => Role::Warning,
        };
        let nothing = sheet.glyphs().none;
        let or_none = |text: &str| {
            if text.is_empty() {
                nothing.to_owned()
            } else {
                text.to_owned()
            }
        };
        sheet.pieces(&[
            (0, ask, Role::Warning),
            (c0, item.label, Role::Label),
            (c1, &or_none(&item.noted), Role::Normal),
            (c2, item.level.sign(), role),
            (c3, &or_none(&item.found), role),
            (c4, item.level.word(), role),
        ]);
    }
    let (noted, found) = (&state.sought, &state.list[n].row);
    let texts = [
        &noted.name,
        &noted.kana,
        &noted.address,
        &noted.insurer_name,
        &found.name,
        &found.kana,
        &found.address,
        &found.insurer_name,
    ];
    if let Some(codes) = wording::private(texts.map(String::as_str)) {
        sheet.text(2, &codes, Role::Normal);
    }
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
    let sought = &state.sought;
    let mut facts = Vec::new();
    for text in [&sought.name, &sought.kana] {
        if !text.is_empty() {
            facts.push(text.clone());
        }
    }
    facts.push(era::dotted(sought.birth_date));
    if let Some(sex) = sought.sex {
        facts.push(sex.label().to_owned());
    }
    for text in [&sought.address, &sought.insurer_name] {
        if !text.is_empty() {
            facts.push(text.clone());
        }
    }
    facts.push(format!("資格確認日 {}", slash_date(sought.check_date)));
    sheet.text(1, &format!("入力: {}", facts.join("  ")), Role::Dim);
}

/// DOM-40: what to ask the patient, and what the answer has to be.
fn read_back(state: &State, asked: &ReadBack, sheet: &mut Sheet) {
    let name = state
        .chosen
        .and_then(|n| state.list.get(n))
        .map_or_else(String::new, |person| fold::shown(&person.row.name));
    sheet.heading("同じカナ・生年月日の人がほかにいます");
    sheet.text(
        2,
        "取り違えを防ぐため、患者さんに次のどれかを言ってもらい、書いてあるものと同じことを確かめてください。こちらから読み上げないでください。",
        Role::Warning,
    );
    sheet.blank();
    sheet.text(2, &format!("決めようとしている人  {name}"), Role::Normal);
    for (n, (proof, value)) in asked.ways.iter().enumerate() {
        let label = format!("{} {}", n + 1, proof.label());
        sheet.pieces(&[
            (4, &label, Role::Normal),
            (20, &fold::shown(value), Role::Normal),
        ]);
    }
    sheet.blank();
    sheet.text(2, "ほかの人", Role::Label);
    for other in &asked.others {
        let facts: Vec<&str> = [
            other.address.as_str(),
            other.insurer_name.as_str(),
            other.number.as_str(),
        ]
        .into_iter()
        .filter(|text| !text.is_empty())
        .collect();
        let facts = if facts.is_empty() {
            "住所も保険者名も分かりません".to_owned()
        } else {
            fold::shown(&facts.join("  "))
        };
        sheet.pieces(&[
            (4, &other.known_as, Role::Normal),
            (22, &facts, Role::Normal),
        ]);
    }
}

fn nobody(sheet: &mut Sheet) {
    sheet.heading("どの人でもない（該当なし）");
    sheet.text(
        2,
        "患者さんに確かめて、挙がった人のどれでもないときに使います。「該当なし」として解決し、加入の手続き中のことがあるので、日を置いてもう一度照会します。",
        Role::Normal,
    );
}
