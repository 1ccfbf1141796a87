use super::*;
use crate::text::glyphs::Ambiguous;
use jiff::civil::date;

pub(crate) fn sheet() -> Sheet {
    Sheet {
        name: "髙橋𠮷子".to_owned(),
        kana: "タカハシヨシコ".to_owned(),
        birth_date: date(1954, 3, 26),
        sex: Some(Sex::Female),
        address: "東京都港区新橋1-2-3 ﾒｿﾞﾝ新橋".to_owned(),
        telephone: "03-0000-0000".to_owned(),
        cover: Some(Cover::Employees),
        insurer_name: String::new(),
        employer: "㈱サンプル商事".to_owned(),
        burden: "3割".to_owned(),
        visit_date: date(2026, 11, 20),
    }
}

/// DOM-72: every item of the form stands on it, filled or as a line.
#[test]
fn dom_72_every_item_is_on_the_paper() {
    let text = sheet().paper("サンプル医療機関", "0110113719").text();
    for part in [
        "サンプル医療機関 御中（医療機関コード 0110113719）",
        "髙橋𠮷子",
        "昭和29年3月26日（満72歳）",
        "[ ] 男   [x] 女",
        "ﾒｿﾞﾝ新橋",
        "連絡先（電話）    03-0000-0000",
        "[x] 社保   [ ] 国保   [ ] 後期   [ ] わからない",
        "保険者等名称      ＿＿",
        "事業所名          ㈱サンプル商事",
        "[ ] 1割   [ ] 2割   [x] 3割   [ ] わからない",
        "署名              ＿＿",
        "令和　　　年",
    ] {
        assert!(text.contains(part), "{part}\n{text}");
    }
    assert!(!text.contains("個人番号"));
}

#[test]
fn it_fits_one_page_and_its_columns() {
    for policy in [Ambiguous::Narrow, Ambiguous::Wide] {
        let rows = sheet().paper("サンプル医療機関", "0110113719").rows(policy);
        assert!(rows.len() <= 44, "{}", rows.len());
        for row in rows {
            assert!(policy.cells(&row) <= crate::domain::paper::COLUMNS, "{row}");
        }
    }
}

/// DOM-74, DOM-10.
#[test]
fn dom_74_the_order_of_claims() {
    for (cover, whom) in [
        (None, "支払基金か国保連を施設が選ぶ"),
        (Some(Cover::Unknown), "支払基金か国保連を施設が選ぶ"),
        (Some(Cover::Employees), "請求先は支払基金。"),
        (Some(Cover::National), "請求先は国保連。"),
        (Some(Cover::LateElderly), "請求先は国保連。"),
    ] {
        let all = claim_order(cover, "東京都港区", "", "03-0000-0000").join("\n");
        let at = |part: &str| all.find(part).unwrap_or_else(|| panic!("{part}\n{all}"));
        assert!(at("①") < at("②") && at("②") < at("③"));
        assert!(at("77777777") < at("77777779"));
        assert!(all.contains(whom), "{cover:?}\n{all}");
        assert!(all.contains("摘要欄: 住所 東京都港区、事業所名 空欄、連絡先 03-0000-0000"));
    }
}
