use super::*;
use crate::tape::parse;
use crate::tape::world::World;
use std::path::Path;

fn failure(text: &str) -> String {
    let tape = parse::parse(text, Path::new("t.tape")).unwrap();
    let mut world = World::new(&tape.head, false).unwrap();
    match play(&tape, &mut world, Purpose::Check).0 {
        Outcome::Failed(told) => told,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_wrong_row_is_told_to_somebody_who_does_not_program() {
    let told = failure(
        "Login 002\nF3\nType \"06139000\"\nScreen \"行 4\" rows 4-4\n|  *保険者番号  06139000        組合健保・大阪{*}|\nEnd\n",
    );
    let head: Vec<&str> = told.lines().take(9).collect();
    assert_eq!(
        head,
        [
            "t.tape の 4 行目: 画面「行 4」が期待と違います",
            "  行 4、桁 41 から違います",
            "    期待 |  *保険者番号  06139000        組合健保・大阪{*}|",
            "    実際 |  *保険者番号  06139000        組合健保・東京  検証番号 一致                    |",
            "                                                   ^",
            "",
            "その前: 「06139000」を打ったところ（3 行目）",
            "今の画面（左の数は行、0 から）:",
            "  0 | 窓口  資格情報照会（被保険者証）             サンプル医療機関  002 一般  09:12 |",
        ],
        "{told}"
    );
    for part in [
        "カーソル: 桁 15 行 5",
        "最後のやりとり:\n",
        "ログインできました",
        "どうするか: 今の画面が正しいなら、madoguchi play --update",
    ] {
        assert!(told.contains(part), "{part}\n{told}");
    }
}

#[test]
fn every_kind_of_failure_says_what_to_do() {
    for (tape, parts) in [
        (
            "Login 002\nExpect \"保険証・資格証\"\n",
            &[
                "2 行目: \"保険証・資格証\" が画面にありません（行 4 に「保険証・資格」まではあります）",
                "その前: 002 のログイン（1 行目）",
                "前に Wait",
            ][..],
        ),
        (
            "Login 002\nF3\nCursor 1 1\n",
            &[
                "カーソルは桁 1 行 1 のはずが、桁 15 行 4 です",
                "Cursor の数を直して",
            ],
        ),
        (
            "Login 002\nWait /出ない/\n",
            &["待っても /出ない/ が画面に出ません", "Wait を直します"],
        ),
        (
            "Login 002\nDown 2\nRefute \"メニュー\"\n",
            &["画面にあってはいけません", "下矢印 キー 2 回（2 行目）"],
        ),
        (
            "Login 002\nScreen \"空\"\nEnd\n",
            &["まだ書かれていません", "play --update"],
        ),
        ("Login 999\n", &["999 でログインできません"]),
        ("Card insert nobody\n", &["1 行目:", "nobody"]),
        ("Central set nonsense=1\n", &["1 行目:", "nonsense"]),
    ] {
        let told = failure(tape);
        for part in parts {
            assert!(told.contains(part), "{part}\n{told}");
        }
        assert!(told.contains("どうするか: "), "{told}");
    }
}
