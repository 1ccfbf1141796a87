//! What the digits of a 保険者番号 say (DOM-5, DOM-6).

use super::{insurer_shown, is_digits};

const KINDS: [(&str, &str); 17] = [
    ("01", "協会けんぽ"),
    ("02", "船員保険"),
    ("03", "日雇(一般)"),
    ("04", "日雇(特別)"),
    ("06", "組合健保"),
    ("07", "自衛官等"),
    ("31", "国家公務員共済"),
    ("32", "地方公務員等共済"),
    ("33", "警察共済"),
    ("34", "公立学校・私学共済"),
    ("39", "後期高齢者医療"),
    ("63", "特定健保(退職)"),
    ("67", "国保(退職)"),
    ("72", "国家公務員共済(特例退職)"),
    ("73", "地方公務員等共済(特例退職)"),
    ("74", "警察共済(特例退職)"),
    ("75", "公立学校・私学共済(特例退職)"),
];

/// In the order of their numbers, without 都, 府 or 県.
pub(in crate::domain) const PREFECTURES: [&str; 47] = [
    "北海道",
    "青森",
    "岩手",
    "宮城",
    "秋田",
    "山形",
    "福島",
    "茨城",
    "栃木",
    "群馬",
    "埼玉",
    "千葉",
    "東京",
    "神奈川",
    "新潟",
    "富山",
    "石川",
    "福井",
    "山梨",
    "長野",
    "岐阜",
    "静岡",
    "愛知",
    "三重",
    "滋賀",
    "京都",
    "大阪",
    "兵庫",
    "奈良",
    "和歌山",
    "鳥取",
    "島根",
    "岡山",
    "広島",
    "山口",
    "徳島",
    "香川",
    "愛媛",
    "高知",
    "福岡",
    "佐賀",
    "長崎",
    "熊本",
    "大分",
    "宮崎",
    "鹿児島",
    "沖縄",
];

/// `東京` for `13`.
pub fn prefecture(code: &str) -> Option<&'static str> {
    let number: usize = code.parse().ok().filter(|_| is_digits(code))?;
    PREFECTURES.get(number.checked_sub(1)?).copied()
}

/// `組合健保` for `06139000`, `国保` for any six digits; `None` for a 法別番号
/// we do not know.
pub fn insurer_kind(number: &str) -> Option<&'static str> {
    let number = insurer_shown(number);
    match (is_digits(&number), number.len()) {
        (true, 6) => Some("国保"),
        (true, 8) => KINDS
            .iter()
            .find(|(code, _)| number.starts_with(code))
            .map(|(_, kind)| *kind),
        _ => None,
    }
}

/// `組合健保・東京` for `06139000`; `None` if the kind or the prefecture does
/// not exist.
pub fn insurer_label(number: &str) -> Option<String> {
    let number = insurer_shown(number);
    let kind = insurer_kind(&number)?;
    let place = if number.len() == 6 {
        number.get(..2)
    } else {
        number.get(2..4)
    };
    Some(format!("{kind}・{}", prefecture(place?)?))
}
