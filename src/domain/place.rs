//! Where in an address the municipality ends, by the rules of Japanese place
//! names and the few names that break them. An address is partly matched by
//! the central system (OUT-33), and the municipality finds best (OUT-36).

use super::number::PREFECTURES;

/// 政令指定都市: their wards belong to the municipality.
const WARDED: [&str; 20] = [
    "札幌市",
    "仙台市",
    "さいたま市",
    "千葉市",
    "横浜市",
    "川崎市",
    "相模原市",
    "新潟市",
    "静岡市",
    "浜松市",
    "名古屋市",
    "京都市",
    "大阪市",
    "堺市",
    "神戸市",
    "岡山市",
    "広島市",
    "北九州市",
    "福岡市",
    "熊本市",
];

/// Cities and towns with another ending, or 郡, inside their name.
const ODD_CITIES: [&str; 12] = [
    "田村市",
    "大村市",
    "玉村町",
    "大和郡山市",
    "小郡市",
    "蒲郡市",
    "武蔵村山市",
    "東村山市",
    "羽村市",
    "十日町市",
    "大町市",
    "八日市場市",
];

/// 郡 with another ending inside their name.
const ODD_COUNTIES: [&str; 6] = [
    "高市郡",
    "余市郡",
    "田村郡",
    "東村山郡",
    "西村山郡",
    "北村山郡",
];

/// Towns with 町 or 村 inside their name.
const ODD_TOWNS: [&str; 2] = ["玉村町", "村田町"];

/// Characters of the longest ward: 保土ケ谷区.
const LONGEST_WARD: usize = 5;

/// The address up to and with its municipality (prefecture if it is there,
/// 郡, 市区町村, ward of a 政令指定都市); nothing if none is recognised. Spaces
/// inside are kept, those at the ends are not.
pub fn municipality(address: &str) -> Option<String> {
    let (letters, end) = find(address)?;
    Some(letters.until(end))
}

/// As [`municipality`], and the town behind it as far as no house number
/// begins; nothing if there is no town.
pub fn town(address: &str) -> Option<String> {
    let (letters, end) = find(address)?;
    let rest = letters.plain.get(end..).unwrap_or_default();
    let length = rest
        .iter()
        .enumerate()
        .position(|(i, &c)| is_digit(c) || numbered(rest.get(i..).unwrap_or_default()))
        .unwrap_or(rest.len());
    (length > 0).then(|| letters.until(end + length))
}

fn is_digit(c: char) -> bool {
    c.is_ascii_digit() || ('０'..='９').contains(&c)
}

/// 一丁目, 二十番地, but not 二番町 or 三条.
fn numbered(rest: &[char]) -> bool {
    let digits = rest
        .iter()
        .take_while(|c| "一二三四五六七八九十百〇".contains(**c))
        .count();
    if digits == 0 {
        return false;
    }
    let unit: String = rest.iter().skip(digits).take(2).collect();
    unit == "丁目" || unit == "番地" || (unit.starts_with('番') && unit != "番町")
}

/// An address without its spaces, and where each letter stood.
struct Letters<'a> {
    address: &'a str,
    plain: Vec<char>,
    ends: Vec<usize>,
}

impl<'a> Letters<'a> {
    fn of(address: &'a str) -> Self {
        let (plain, ends) = address
            .char_indices()
            .filter(|(_, c)| !c.is_whitespace())
            .map(|(at, c)| (c, at + c.len_utf8()))
            .unzip();
        Self {
            address,
            plain,
            ends,
        }
    }

    /// The address up to the letter before `end`.
    fn until(&self, end: usize) -> String {
        let bytes = end.checked_sub(1).and_then(|last| self.ends.get(last));
        let head = bytes.and_then(|end| self.address.get(..*end));
        head.unwrap_or_default().trim().to_owned()
    }
}

fn find(address: &str) -> Option<(Letters<'_>, usize)> {
    let letters = Letters::of(address);
    let plain = &letters.plain;
    let begin = prefecture(plain);
    let rest = plain.get(begin..)?;
    let length = city(rest)?;
    let end = begin + length;
    Some((letters, end))
}

fn prefecture(text: &[char]) -> usize {
    let length = |name: &&str| {
        let bare = name.chars().count();
        match ending(name) {
            None => starts(text, name).then_some(bare),
            Some(end) => (starts(text, name) && text.get(bare) == Some(&end)).then_some(bare + 1),
        }
    };
    PREFECTURES.iter().find_map(length).unwrap_or(0)
}

/// The letter behind a prefecture's name; 北海道 has it in its name.
fn ending(name: &str) -> Option<char> {
    match name {
        "北海道" => None,
        "東京" => Some('都'),
        "京都" | "大阪" => Some('府'),
        _ => Some('県'),
    }
}

fn city(rest: &[char]) -> Option<usize> {
    if let Some(length) = listed(rest, &WARDED) {
        let ward = rest
            .iter()
            .skip(length)
            .take(LONGEST_WARD)
            .position(|c| *c == '区')
            .filter(|at| *at > 0);
        return Some(ward.map_or(length, |at| length + at + 1));
    }
    if let Some(length) = listed(rest, &ODD_CITIES) {
        return Some(length);
    }
    let first = |from: usize, ends: &[char]| {
        rest.iter()
            .enumerate()
            .skip(from + 1)
            .find(|(_, c)| ends.contains(c))
            .map(|(at, _)| at)
    };
    let county = listed(rest, &ODD_COUNTIES).or_else(|| {
        let at = first(0, &['郡', '市', '区', '町', '村'])?;
        (rest.get(at) == Some(&'郡')).then_some(at + 1)
    });
    if let Some(county) = county {
        let inside = rest.get(county..)?;
        if let Some(length) = listed(inside, &ODD_TOWNS) {
            return Some(county + length);
        }
        return first(county, &['町', '村']).map(|at| doubled(rest, at));
    }
    first(0, &['市', '区', '町', '村']).map(|at| doubled(rest, at))
}

/// 四日市市, 廿日市市, 野々市市, 大町町: the name ends in the ending.
fn doubled(rest: &[char], at: usize) -> usize {
    match (rest.get(at), rest.get(at + 1)) {
        (Some(one), Some(next)) if one == next => at + 2,
        _ => at + 1,
    }
}

fn listed(text: &[char], names: &[&str]) -> Option<usize> {
    names
        .iter()
        .find(|name| starts(text, name))
        .map(|name| name.chars().count())
}

fn starts(text: &[char], name: &str) -> bool {
    let mut letters = text.iter();
    name.chars().all(|c| letters.next() == Some(&c))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn out_36_the_municipality_is_found() {
        for (address, expected) in [
            ("東京都港区新橋１－２－３", "東京都港区"),
            ("東京都 港区 新橋", "東京都 港区"),
            ("　港区新橋", "港区"),
            ("東京都北区王子１", "東京都北区"),
            ("東京都町田市原町田", "東京都町田市"),
            ("東京都武蔵村山市本町", "東京都武蔵村山市"),
            ("東京都東村山市本町", "東京都東村山市"),
            ("東京都羽村市緑ヶ丘", "東京都羽村市"),
            ("東京都八丈町大賀郷", "東京都八丈町"),
            ("東京都小笠原村父島", "東京都小笠原村"),
            ("東京都西多摩郡奥多摩町氷川", "東京都西多摩郡奥多摩町"),
            ("三重県四日市市諏訪町", "三重県四日市市"),
            ("広島県廿日市市下平良", "広島県廿日市市"),
            ("石川県野々市市三納", "石川県野々市市"),
            ("野々市市三納", "野々市市"),
            ("千葉県市川市八幡", "千葉県市川市"),
            ("市原市国分寺台中央", "市原市"),
            ("奈良県大和郡山市北郡山町", "奈良県大和郡山市"),
            ("奈良県高市郡明日香村岡", "奈良県高市郡明日香村"),
            ("北海道余市郡余市町朝日町", "北海道余市郡余市町"),
            ("福島県郡山市朝日", "福島県郡山市"),
            ("福島県田村郡三春町", "福島県田村郡三春町"),
            ("福島県田村市船引町", "福島県田村市"),
            ("岐阜県郡上市八幡町", "岐阜県郡上市"),
            ("愛知県蒲郡市旭町", "愛知県蒲郡市"),
            ("福岡県小郡市小郡", "福岡県小郡市"),
            ("新潟県十日町市千歳町", "新潟県十日町市"),
            ("長野県大町市大町", "長野県大町市"),
            ("佐賀県杵島郡大町町大町", "佐賀県杵島郡大町町"),
            ("群馬県佐波郡玉村町下新田", "群馬県佐波郡玉村町"),
            ("宮城県柴田郡村田町村田", "宮城県柴田郡村田町"),
            ("山形県北村山郡大石田町緑町", "山形県北村山郡大石田町"),
            ("山形県村山市中央", "山形県村山市"),
            ("新潟県村上市三之町", "新潟県村上市"),
            ("長崎県大村市玖島", "長崎県大村市"),
            ("栃木県芳賀郡市貝町市塙", "栃木県芳賀郡市貝町"),
            ("山梨県西八代郡市川三郷町", "山梨県西八代郡市川三郷町"),
            ("富山県中新川郡上市町", "富山県中新川郡上市町"),
            ("京都府京都市中京区二条城町", "京都府京都市中京区"),
            ("京都市上京区", "京都市上京区"),
            ("大阪市北区梅田", "大阪市北区"),
            ("神奈川県横浜市保土ケ谷区川辺町", "神奈川県横浜市保土ケ谷区"),
            ("愛知県名古屋市中村区名駅", "愛知県名古屋市中村区"),
            ("北九州市八幡西区黒崎", "北九州市八幡西区"),
            ("大阪府堺市堺区南瓦町", "大阪府堺市堺区"),
            ("静岡県浜松市", "静岡県浜松市"),
            ("三重県津市丸之内", "三重県津市"),
            ("北海道函館市東雲町", "北海道函館市"),
            ("鹿児島県いちき串木野市昭和通", "鹿児島県いちき串木野市"),
        ] {
            assert_eq!(
                municipality(address).as_deref(),
                Some(expected),
                "{address}"
            );
        }
        for address in ["", "東京都", "　", "新橋", "市", "区"] {
            assert_eq!(municipality(address), None, "{address}");
        }
    }

    #[test]
    fn the_town_ends_before_its_numbers() {
        for (address, expected) in [
            ("東京都港区新橋１－２－３", Some("東京都港区新橋")),
            ("東京都港区新橋1丁目", Some("東京都港区新橋")),
            ("東京都港区新橋一丁目２", Some("東京都港区新橋")),
            ("東京都千代田区二番町五番地", Some("東京都千代田区二番町")),
            ("京都市中京区三条町", Some("京都市中京区三条町")),
            ("東京都 港区 新橋 1-2", Some("東京都 港区 新橋")),
            ("東京都港区", None),
            ("東京都港区１－２", None),
            ("新橋", None),
        ] {
            assert_eq!(town(address).as_deref(), expected, "{address}");
        }
    }

    proptest! {
        #[test]
        fn what_is_found_stands_at_the_beginning(address in "[東京都府県市区町村郡四日港山大 　1]{0,12}") {
            for found in [municipality(&address), town(&address)].into_iter().flatten() {
                prop_assert!(address.trim().starts_with(&found));
                prop_assert!(!found.is_empty());
            }
        }
    }
}
