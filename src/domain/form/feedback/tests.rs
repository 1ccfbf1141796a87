use super::*;
use jiff::civil::date;

const TODAY: Date = date(2026, 11, 20);

#[test]
fn feedback_while_typing() {
    for (field, text, tone, shown) in [
        (Field::InsurerNumber, "", Tone::Plain, ""),
        (Field::InsurerNumber, "0613", Tone::Plain, ""),
        (Field::InsurerNumber, "0613900", Tone::Plain, "7桁"),
        (
            Field::InsurerNumber,
            "06139000",
            Tone::Good,
            "組合健保・東京  検証番号 一致",
        ),
        (
            Field::InsurerNumber,
            "０６１３９０００",
            Tone::Good,
            "組合健保・東京  検証番号 一致",
        ),
        (
            Field::InsurerNumber,
            "019901",
            Tone::Good,
            "国保・北海道  検証番号 一致",
        ),
        (
            Field::InsurerNumber,
            "061391",
            Tone::Plain,
            "国保6桁としては 検証番号 不一致",
        ),
        (
            Field::InsurerNumber,
            "77777777",
            Tone::Warn,
            "保険者不詳の番号（請求用）",
        ),
        (
            Field::InsurerNumber,
            "061390001",
            Tone::Bad,
            "9桁あります。8桁までです",
        ),
        (
            Field::InsurerNumber,
            "06x",
            Tone::Bad,
            "数字だけで入れてください",
        ),
        (
            Field::BirthDate,
            "S29.3.26",
            Tone::Plain,
            "昭和29年3月26日  1954-03-26  満72歳",
        ),
        (
            Field::BirthDate,
            "S64.1.8",
            Tone::Warn,
            "平成元年1月8日  1989-01-08  満37歳",
        ),
        (Field::BirthDate, "S29.3", Tone::Plain, ""),
        (
            Field::BirthDate,
            "S29.2.30",
            Tone::Bad,
            "昭和29年2月30日はありません（28日まで）。",
        ),
        (Field::CheckDate, "2026/11/20", Tone::Plain, "今日"),
        (
            Field::CheckDate,
            "2026/11/17",
            Tone::Plain,
            "令和8年11月17日  3日前",
        ),
        (
            Field::CheckDate,
            "2026/11/21",
            Tone::Warn,
            "未来の日付  令和8年11月21日  1日後",
        ),
        (
            Field::BirthDate,
            "2026/11/21",
            Tone::Warn,
            "未来の日付  令和8年11月21日  2026-11-21",
        ),
        (
            Field::BirthDate,
            "M38.12.31",
            Tone::Plain,
            "明治38年12月31日  1905-12-31  満120歳",
        ),
        (
            Field::BirthDate,
            "M38.1.1",
            Tone::Warn,
            "120歳超え  明治38年1月1日  1905-01-01",
        ),
        (Field::Branch, "1", Tone::Plain, "01 として照会"),
        (Field::Branch, "01", Tone::Plain, ""),
        (Field::Sex, "1", Tone::Plain, "男"),
        (Field::LimitConsent, "1", Tone::Plain, "同意する"),
        (Field::Kana, "しんばし", Tone::Plain, "シンバシ"),
        (Field::Kana, "シンバシ", Tone::Plain, ""),
        (Field::Name, "\u{E000}田", Tone::Warn, "外字があります"),
        (Field::Number, "10001", Tone::Plain, ""),
        (Field::Number, "1a", Tone::Warn, "数字以外があります"),
        (Field::Burden, "3", Tone::Plain, "3割"),
        (Field::Burden, "10", Tone::Plain, "10割"),
        (
            Field::Burden,
            "4",
            Tone::Bad,
            "0 から 3（割）。全額を取ったなら 10 です。",
        ),
        (Field::Evidence, "2", Tone::Plain, "資格情報のお知らせ"),
        (Field::Evidence, "5", Tone::Plain, "資格確認書"),
        (
            Field::Evidence,
            "52",
            Tone::Bad,
            "0 から 5 のひとつか、言葉で。",
        ),
        (Field::Evidence, "学生証", Tone::Plain, ""),
    ] {
        let said = feedback(field, text, TODAY);
        assert_eq!(
            (said.shown.as_str(), said.tone),
            (shown, tone),
            "{field:?} {text}"
        );
    }
    let wrong = feedback(Field::InsurerNumber, "06159000", TODAY);
    assert_eq!(wrong.tone, Tone::Warn);
    assert!(
        wrong.shown.starts_with("検証番号 不一致  候補 ") && wrong.shown.contains(" 06139000"),
        "{}",
        wrong.shown
    );
    assert!(
        feedback(Field::BirthDate, "S64.1.8", TODAY)
            .advice
            .is_some()
    );
}

#[test]
fn dom_4_six_digits_are_judged_once_the_field_is_left() {
    assert_eq!(
        feedback(Field::InsurerNumber, "019904", TODAY).tone,
        Tone::Plain
    );
    let left = settled(Field::InsurerNumber, "019904", TODAY);
    assert_eq!(left.tone, Tone::Warn);
    assert!(
        left.shown.starts_with("検証番号 不一致  候補 019901"),
        "{}",
        left.shown
    );
}

#[test]
fn dom_70_every_choice_stands_in_the_rule() {
    for (digit, _) in super::value::EVIDENCE {
        assert!(crate::domain::form::rule(Field::Evidence).contains(digit));
    }
}
