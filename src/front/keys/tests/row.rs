use super::receipt;
use crate::front::keys::command::Command;
use crate::front::keys::{Cap, Context, Keymap, NAMES};

fn labels(row: &[Option<Cap>; 12]) -> Vec<&str> {
    row.iter()
        .map(|cap| cap.as_ref().map_or("—", |c| c.label.as_str()))
        .collect()
}

#[test]
fn no_label_of_any_row_is_cut() {
    use crate::text::glyphs::Ambiguous;
    for name in NAMES {
        let map = Keymap::builtin(name).unwrap();
        let tables = [Context::Global, Context::Field];
        for context in Context::ALL.into_iter().filter(|c| !tables.contains(c)) {
            for cap in map.row(context).into_iter().flatten() {
                let text = format!("{} {}", cap.key, cap.label);
                for policy in [Ambiguous::Narrow, Ambiguous::Wide] {
                    let cells = policy.cells(&text);
                    assert!(cells <= 12, "{name} [{}] {text}", context.name());
                }
            }
        }
    }
}

#[test]
fn nothing_falls_off_the_end_of_the_row() {
    for name in ["tenkey", "letters"] {
        let map = Keymap::builtin(name).unwrap();
        for context in Context::ALL {
            let row = map.row(context);
            let shown = row.iter().flatten().count();
            let all = map
                .bindings(context)
                .iter()
                .filter(|b| crate::front::keys::map::shown(context, b.command))
                .count();
            let listed = matches!(context, Context::Global | Context::Field);
            assert!(listed || shown == all, "{name} [{}]", context.name());
        }
    }
}

#[test]
fn out_83_the_row_beside_a_text_says_register_and_leave() {
    let map = receipt();
    let row = |context| labels(&map.row(context)).join(" ");
    assert_eq!(
        row(Context::Reference),
        "やめる — — — — — — — 画面隠す — — 登録"
    );
    assert_eq!(
        row(Context::Reason),
        "やめる — — — — — — — 画面隠す — — 取消する"
    );
    assert_eq!(row(Context::Told), "— — — — — — — — 画面隠す — — OK");
}

#[test]
fn the_tenkey_row_prints_the_keys_of_the_ten_key_pad() {
    let map = Keymap::builtin("tenkey").unwrap();
    let row = |context| {
        map.row(context)
            .into_iter()
            .flatten()
            .map(|cap| format!("{} {}", cap.key, cap.label))
            .collect::<Vec<_>>()
    };
    assert_eq!(
        row(Context::Result)[..6],
        [
            "+ 確認済み",
            "- 戻る",
            "* 次の患者",
            "/ 編集",
            "Ins XML保存",
            ". 画面隠す"
        ]
    );
    assert_eq!(
        row(Context::Ledger)[..10],
        [
            "+ 開く",
            "- 戻る",
            "* 控える",
            "/ 訂正",
            "右 再照会",
            "Ins 絞り込み",
            "Home 一括",
            "Del 取消",
            "End 完了",
            ". 画面隠す"
        ]
    );
    assert_eq!(
        row(Context::Lookup)[..3],
        ["PgDn 照会", "PgUp 戻る", "Ins 控える"]
    );
}

#[test]
fn while_a_date_is_typed_the_row_names_no_key_that_types() {
    for name in NAMES {
        let map = Keymap::builtin(name).unwrap();
        for context in Context::ALL.into_iter().filter(|c| c.types_at_times()) {
            let row = map.row_for(context, true, |_| true);
            assert_eq!(labels(&row), labels(&map.row(context)), "{name}");
            for cap in row.into_iter().flatten() {
                assert!(cap.key.chars().count() > 1, "{name} {}", cap.key);
            }
        }
    }
    let row = Keymap::builtin("tenkey")
        .unwrap()
        .row_for(Context::Ladder, true, |_| true)
        .map(|cap| cap.map_or_else(String::new, |cap| format!("{} {}", cap.key, cap.label)));
    assert_eq!(
        row[..4],
        ["PgDn 進む", "PgUp 戻る", "Ins クリア", "F9 画面隠す"]
    );
}

#[test]
fn the_ledger_row_shows_the_opening_in_every_map() {
    for name in NAMES {
        let map = Keymap::builtin(name).unwrap();
        for offered in ["機能開放", "ヘルプ"] {
            let row = map.row(Context::Ledger);
            let receipt = map.has_function_keys() && offered == "ヘルプ";
            assert!(
                receipt || labels(&row).contains(&offered),
                "{name} {offered}"
            );
        }
    }
}

#[test]
fn the_row_holds_only_what_is_allowed() {
    let without_note = |c| c != Command::Note;
    let row = receipt().row_for(Context::Lookup, false, without_note);
    assert_eq!(row[1], None);
    let row = Keymap::builtin("letters")
        .unwrap()
        .row_for(Context::Lookup, false, without_note);
    let labels = labels(&row);
    assert!(!labels.contains(&"控える"));
    let first = labels.iter().position(|l| *l == "—");
    assert!(first.is_none_or(|at| labels[at..].iter().all(|l| *l == "—")));
}

#[test]
fn the_receipt_rows_are_those_of_the_screens() {
    let map = receipt();
    let row = |context| labels(&map.row(context)).join(" ");
    assert_eq!(
        row(Context::Menu),
        "終了 控える 保険証 カード — 控え帳 障害時 ガイド 画面隠す お知らせ ﾛｸﾞｱｳﾄ 開く"
    );
    assert_eq!(
        row(Context::Lookup),
        "戻る 控える — カード 負担の段 控え帳 家族 クリア 画面隠す — ヘルプ 照会"
    );
    assert_eq!(
        row(Context::Failed),
        "戻る 控える 再送 — 負担の段 控え帳 — — 画面隠す — ヘルプ —"
    );
    assert_eq!(
        row(Context::Note),
        "戻る — — カード 負担の段 控え帳 — クリア 画面隠す — ヘルプ 控える"
    );
    assert_eq!(
        row(Context::Result),
        "戻る 次の患者 編集 — 負担の段 控え帳 — XML保存 画面隠す — ヘルプ 確認済み"
    );
    assert_eq!(
        row(Context::Ledger),
        "戻る 控える 訂正 機能開放 再照会 絞り込み 一括照会 取消 画面隠す 完了 氏名 開く"
    );
}

#[test]
fn a_map_without_function_keys_prints_the_keys_it_has() {
    let map = Keymap::builtin("letters").unwrap();
    let row = map.row(Context::Lookup);
    let first = row[0].clone().unwrap();
    assert_eq!(format!("{} {}", first.key, first.label), "^D 照会");
    assert!(
        row.iter()
            .flatten()
            .any(|c| c.label == "控える" && c.key == "^N")
    );
    assert!(row.iter().flatten().all(|c| !c.key.starts_with('F')));
}

#[test]
fn dom_30_every_row_with_a_free_place_has_help() {
    for name in NAMES {
        let map = Keymap::builtin(name).unwrap();
        for context in Context::ALL {
            let asked = |b: &crate::front::keys::map::Binding| b.command == Command::Help;
            if matches!(context, Context::Global | Context::Field)
                || !map.bindings(context).iter().any(asked)
            {
                continue;
            }
            for typing in [false, true] {
                let row = map.row_for(context, typing, |_| true);
                let has = row.iter().flatten().any(|cap| cap.command == Command::Help);
                let full = row.iter().take(11).all(Option::is_some);
                assert!(has || full, "{name} [{}] {row:?}", context.name());
            }
        }
    }
}
