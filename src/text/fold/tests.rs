use super::*;
use proptest::prelude::*;

#[test]
fn dom_29_widths() {
    assert_eq!(narrow("０６１３９０００　Ａｂ（）"), "06139000 Ab()");
    assert_eq!(digits("０６１３－９０ ００ー"), "06139000");
    assert_eq!(digits("06a"), "06a");
    assert_eq!(digit('７'), Some('7'));
    assert_eq!(digit('七'), None);
}

#[test]
fn dom_31_katakana() {
    for (typed, full) in [
        ("ｼﾝﾊﾞｼ ﾀﾛｳ", "シンバシ タロウ"),
        ("しんばし", "シンバシ"),
        ("シンハ\u{3099}シ", "シンバシ"),
        ("ﾊﾟｰｸ", "パーク"),
        ("さとう-", "サトウー"),
        ("サトー‐", "サトーー"),
        ("-", "-"),
        ("ゔぁん", "ヴァン"),
        ("ｳﾞｧﾝ", "ヴァン"),
        ("ゝゞ", "ヽヾ"),
        ("ｱﾞ", "ア゛"),
        ("山田", "山田"),
    ] {
        assert_eq!(katakana(typed), full, "{typed}");
    }
}

#[test]
fn oqs_18_2_half_kana() {
    assert_eq!(half_kana("シンバシ　タロウ"), "ｼﾝﾊﾞｼ ﾀﾛｳ");
    assert_eq!(half_kana("ぱーく・ゔぁん"), "ﾊﾟｰｸ･ｳﾞｧﾝ");
    assert_eq!(half_kana("Ａ１"), "A1");
    assert_eq!(hiragana("ｼﾝﾊﾞｼ"), "しんばし");
}

#[test]
fn dom_31_loose() {
    for (one, other) in [
        ("キャシー", "キヤシ"),
        ("ヴァイオレット", "バイオレツト"),
        ("ヂンナイ", "ジンナイ"),
        ("ミヅノ", "ミズノ"),
        ("ｲﾄｰ ﾕｳ", "イト　ユウ"),
        ("ジョン‐スミス", "ジヨンスミス"),
        ("ヴェラ", "ベラ"),
    ] {
        assert_eq!(loose_kana(one), loose_kana(other), "{one} {other}");
    }
    assert_ne!(loose_kana("サトウ"), loose_kana("サイトウ"));
}

#[test]
fn fix_12_name_key() {
    for (typed, stored) in [
        ("新橋太郎", "新橋　太郎"),
        ("新橋 太郎", "新橋　太郎"),
        ("ＪＯＨＮ　ＳＭＩＴＨ", "JOHN SMITH"),
        ("ｼﾞｮﾝ", "ジョン"),
        ("葛\u{E0100}西", "葛西"),
        ("か\u{3099}", "が"),
        ("Ａ〜Ｂ", "A～B"),
        ("１−２", "1－2"),
    ] {
        assert_eq!(name_key(typed), name_key(stored), "{typed}");
    }
    assert_ne!(name_key("髙橋"), name_key("高橋"));
    assert_ne!(name_key("ﾊﾊ"), name_key("はは"));
}

#[test]
fn b4_shown() {
    assert_eq!(shown("\u{E123}田葛\u{E0100}"), "〓田葛");
}

fn any_kana() -> impl Strategy<Value = String> {
    "[ぁ-ゖァ-ヺー-ヾ｡-ﾟ゛゜a-z0-9Ａ-Ｚ 　山-]{0,30}"
}

proptest! {
    #[test]
    fn folding_twice_is_folding_once(text in any_kana()) {
        let (k, n, l) = (katakana(&text), name_key(&text), loose_kana(&text));
        prop_assert_eq!(katakana(&k), k);
        prop_assert_eq!(name_key(&n), n);
        prop_assert_eq!(loose_kana(&l), l);
    }

    #[test]
    fn any_text_folds_without_panic(text in any::<String>()) {
        for folded in [katakana(&text), half_kana(&text), loose_kana(&text), name_key(&text), plain_kanji(&text)] {
            prop_assert!(folded.len() <= text.len() * 8 + 8);
        }
    }

    #[test]
    fn half_and_back(text in "[アイウガギパピッャュョン ー]{0,20}") {
        let text = text.trim_start_matches('ー').to_owned();
        prop_assert_eq!(katakana(&half_kana(&text)), text);
    }

    #[test]
    fn scripts_and_widths_are_one_reading(text in "[ア-オカ-ヂツ-モヤユヨラ-ロワン]{0,20}") {
        prop_assert_eq!(loose_kana(&hiragana(&text)), loose_kana(&text));
        prop_assert_eq!(loose_kana(&half_kana(&text)), loose_kana(&text));
    }
}
