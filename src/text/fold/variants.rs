//! Kanji that names write in several shapes which Unicode keeps apart
//! (DOM-35). For comparison and for proposals; a match by this table is never
//! silent.

use unicode_normalization::UnicodeNormalization;

/// The plain shape first, its variants behind it.
#[rustfmt::skip]
const SHAPES: &[&str] = &[
    "高髙", "崎﨑嵜碕㟢", "徳德", "辺邊邉", "斎齋", "斉齊", "吉𠮷", "浜濱濵瀕", "沢澤", "島嶋嶌", "広廣", "桜櫻", "栄榮",
    "国國圀", "黒黑", "清淸", "青靑", "瀬瀨", "真眞", "恵惠", "竜龍龒", "滝瀧", "富冨", "峰峯", "館舘", "万萬", "与與",
    "宝寶寳", "寿壽", "実實", "関關", "円圓", "学學斈", "気氣", "渓溪", "検檢", "県縣", "剣劍劔剱釼", "蔵藏", "条條",
    "静靜", "薗園", "曽曾", "児兒", "緑綠", "横橫", "頼賴", "来來", "郎郞", "礼禮", "秋龝穐", "穂穗", "会會", "亀龜",
    "巌巖", "柳栁桺", "桑桒", "梅楳", "瑶瑤", "畑畠", "痩瘦", "禄祿", "芦蘆", "苅刈", "草艸", "葉枼", "豊豐", "遥遙",
    "鉄鐵銕", "隠隱", "鴎鷗", "鶏鷄雞", "鶴靍靏鸖", "麦麥", "黄黃", "稲稻", "双雙", "圧壓", "当當", "桧檜", "槙槇",
    "渋澁澀", "湾灣", "焼燒", "為爲", "砺礪", "籠篭", "糸絲", "経經", "総總", "芸藝", "荘莊", "萌萠", "蛍螢", "蝋蠟",
    "覚覺", "謡謠", "鎮鎭", "閑閒", "霊靈", "麹麴", "藤籐", "凛凜", "尭堯", "晃晄", "昇曻", "暁曉", "木朩", "松枩枀",
    "済濟", "満滿", "煕熙", "燈灯", "珎珍", "禅禪", "鰺鯵", "頬頰", "並竝", "仏佛", "伝傳", "倹儉", "勲勳", "収收",
    "尚尙", "巻卷", "帯帶", "弥彌", "弾彈", "従從", "応應", "戸戶", "戻戾", "拝拜", "摂攝", "晋晉", "枢樞", "楽樂",
    "様樣", "歩步", "浅淺", "浄淨", "両兩", "亜亞", "壮壯", "声聲", "奥奧", "姉姊", "将將", "専專", "岳嶽", "教敎",
    "旧舊", "昼晝", "涼凉", "増增", "薫薰", "穣穰", "譲讓", "醸釀", "嬢孃", "壌壤", "鉱鑛", "鋭銳", "閲閱", "説說",
    "悦悅", "税稅", "脱脫", "温溫", "黙默", "既旣", "即卽", "郷鄕鄉", "録錄", "縁緣", "虚虛", "呉吳", "娯娛", "強强",
    "群羣", "緒緖",
];

/// `text` with every kanji variant in its plain shape, compatibility kanji
/// included.
pub fn plain_kanji(text: &str) -> String {
    text.nfc().map(plain_char).collect()
}

/// Rows at the beginning of the table that people's names are full of.
const USUAL: usize = 14;

/// The other shapes of a kanji, the plain one first, and whether names are
/// often written in either; none if it has only one shape.
pub fn shapes_of(c: char) -> (Vec<char>, bool) {
    SHAPES
        .iter()
        .enumerate()
        .find(|(_, row)| row.contains(c))
        .map(|(at, row)| {
            let others = row.chars().filter(|shape| *shape != c).collect();
            (others, at < USUAL)
        })
        .unwrap_or_default()
}

fn plain_char(c: char) -> char {
    if c.is_ascii() {
        return c;
    }
    SHAPES
        .iter()
        .find(|row| row.chars().skip(1).any(|variant| variant == c))
        .and_then(|row| row.chars().next())
        .unwrap_or(c)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    #[test]
    fn dom_35_pairs() {
        for (variant, plain) in [
            ("髙橋", "高橋"),
            ("山﨑", "山崎"),
            ("德田", "徳田"),
            ("渡邊", "渡辺"),
            ("渡邉", "渡辺"),
            ("齋藤", "斎藤"),
            ("齊藤", "斉藤"),
            ("𠮷田", "吉田"),
            ("濱田", "浜田"),
            ("大\u{FA10}", "大塚"),
        ] {
            assert_eq!(plain_kanji(variant), plain);
        }
    }

    #[test]
    fn no_shape_belongs_to_two_rows_and_plain_ones_stay() {
        let mut seen = BTreeMap::new();
        for row in SHAPES {
            for c in row.chars() {
                if let Some(other) = seen.insert(c, *row) {
                    panic!("{c} stands in {other} and {row}");
                }
            }
            let plain: String = row.chars().take(1).collect();
            assert_eq!(plain_kanji(&plain), plain);
            assert!(row.chars().count() > 1, "{row}");
        }
    }
}
