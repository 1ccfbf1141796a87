//! A walk through the demo's screens: what is typed, and a word that tells
//! that it has been drawn.

/// What is sent, and what the frame shows then.
pub type Step = (&'static str, &'static str);

pub const F1: &str = "\x1bOP";
const F2: &str = "\x1bOQ";
const F3: &str = "\x1bOR";
const F6: &str = "\x1b[17~";
const F8: &str = "\x1b[19~";
const F9: &str = "\x1b[20~";
const F10: &str = "\x1b[21~";
const F11: &str = "\x1b[23~";
const F12: &str = "\x1b[24~";
const DOWN: &str = "\x1b[B";

/// A name of hard letters: a decomposed が, a kanji beyond 16 bits, one with a
/// selector, half-width kana with a mark, a letter of one machine (外字), what
/// terminals draw in one or two columns, an emoji with a selector, a flag, a
/// zero-width space, a tab and a full-width space.
pub const HARD_NAME: &str = "か\u{3099}葛\u{E0100}𠮷ｶﾞﾊﾟ\u{E123}";
pub const HARD_ADDRESS: &str = "①Ⅳ●α※→…℡❤\u{FE0F}🇯🇵1\u{FE0F}\u{20E3}😀\u{200B}東\u{3000}京";

pub const STEPS: &[Step] = &[
    ("003\rOnshi*003*003\r", "番号か矢印で選び"),
    (F8, "ガイド"),
    ("\x1b[6~", "～"),
    (F1, "番号か矢印で選び"),
    (F10, "お知らせ"),
    (F1, "番号か矢印で選び"),
    (F3, "保険者番号・番号・生年月日"),
    ("06139000", "検証番号 一致"),
    ("9000\r10001\r01S29.3.26\r", "満72歳"),
    (F12, "この資格は有効です"),
    (F9, "画面を隠しています"),
    (F9, "この資格は有効です"),
    (F1, "検証番号 一致"),
    (F1, "番号か矢印で選び"),
    ("2", "どれもない"),
    (F1, "番号か矢印で選び"),
    ("3", "機能の開放"),
    (F1, "番号か矢印で選び"),
    ("c", "券面の番号で読む"),
    (F1, "番号か矢印で選び"),
    ("d", "カードの実演"),
    (F1, "番号か矢印で選び"),
    (F1, "終了しますか"),
    ("0", "番号か矢印で選び"),
    ("9", "障害の実演（いま障害中）"),
    (F2, "4情報の控え"),
    (HARD_NAME, "〓"),
    ("\t\tS29.3.26\r1", "満72歳"),
    (HARD_ADDRESS, "東\u{3000}京"),
    (F12, "控えました"),
    (F2, "4情報の控え"),
    (
        "\u{3099}濁点から始まる長い長い氏名長助長久命寿限無寿限無五劫の擦り切れ海砂利水魚",
        "水魚",
    ),
    ("\t\tS43.2.29\r2", "満58歳"),
    ("大阪府", "大阪府"),
    (F12, "控えました"),
    (F6, "すべて"),
    (DOWN, "〇〇"),
    // Names are half hidden until they are wanted (DOM-45).
    (F11, "水魚"),
    (F3, "を訂正します"),
    (F1, "すべて"),
    (F1, "（いま障害中）"),
    ("9", "（いま正常）"),
    ("\x0c", "（いま正常）"),
];
