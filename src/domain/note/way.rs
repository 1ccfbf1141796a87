//! The ways a note is asked by, in their fixed order: the official methods
//! with what was noted, then the fall-backs. What a fall-back finds is for a
//! person to confirm (design: Notes).

use super::{Method, NoteContent};
use crate::domain::person::{OutageQuery, Sex};
use crate::domain::place::{municipality, town};
use serde::{Deserialize, Serialize};

/// One way of asking.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Way {
    /// 方法2 with the insurance numbers, in all their zero forms (DOM-13).
    Card,
    /// 方法3 with all that was noted.
    Noted,
    /// 方法3 without the 氏名: its characters may differ (OUT-26 to 28).
    KanaAlone,
    /// 方法3 with 性別 未設定 (OUT-32).
    SexUnset,
    /// 方法3 with the municipality of the 住所 alone (OUT-33, OUT-36).
    Municipality,
    /// After too many by [`Way::Municipality`]: with the town, and the 保険者名
    /// if it was noted (OUT-35, OUT-39).
    Town,
}

impl Way {
    /// All, in the order they are tried in.
    pub const ALL: [Self; 6] = [
        Self::Card,
        Self::Noted,
        Self::KanaAlone,
        Self::SexUnset,
        Self::Municipality,
        Self::Town,
    ];

    /// The official method it belongs to.
    pub fn method(self) -> Method {
        match self {
            Self::Card => Method::Card,
            _ => Method::Four,
        }
    }

    /// Whether it asks with something else than was noted: what it finds
    /// needs a person.
    pub fn is_fallback(self) -> bool {
        !matches!(self, Self::Card | Self::Noted)
    }

    /// `方法3`, `氏名(カナ)だけ` …; fits before で照会.
    pub fn label(self) -> &'static str {
        match self {
            Self::Card => "方法2",
            Self::Noted => "方法3",
            Self::KanaAlone => "氏名(カナ)だけ",
            Self::SexUnset => "性別 未設定",
            Self::Municipality => "住所は市区町村だけ",
            Self::Town => "住所は町名まで",
        }
    }

    /// The question of a way of 方法3. The 氏名 stays away once it has been
    /// left out, since with it fewer can be found; everything else comes from
    /// the note anew.
    pub fn query(self, content: &NoteContent) -> Option<OutageQuery> {
        let mut query = content.four_query()?;
        if self.is_fallback() && !query.kana.is_empty() {
            query.name.clear();
        }
        match self {
            Self::Card => return None,
            Self::Noted | Self::KanaAlone => {}
            Self::SexUnset => query.sex = Sex::Unset,
            Self::Municipality => {
                query.address = municipality(&query.address)?;
                query.insurer_name.clear();
            }
            Self::Town => {
                query.address = town(&query.address).or_else(|| {
                    // Only the 保険者名 can narrow it then.
                    (!query.insurer_name.is_empty()).then(|| municipality(&query.address))?
                })?;
            }
        }
        Some(query)
    }
}

/// A set of ways.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Ways(u8);

impl Ways {
    /// The ways a note with this content can be asked by; 方法3 only for one
    /// that was taken during an outage (OUT-17). No question occurs twice.
    pub fn of(content: &NoteContent, during_outage: bool) -> Self {
        let mut ways = Self::default();
        if content.card_query().is_some() {
            ways.add(Way::Card);
        }
        let mut asked = Vec::new();
        for way in Way::ALL.into_iter().filter(|_| during_outage) {
            if let Some(query) = way.query(content)
                && !asked.contains(&query)
            {
                ways.add(way);
                asked.push(query);
            }
        }
        ways
    }

    /// Puts one in.
    pub fn add(&mut self, way: Way) {
        self.0 |= bit(way);
    }

    /// Whether one is in.
    pub fn has(self, way: Way) -> bool {
        self.0 & bit(way) != 0
    }

    /// Those that are not in `other`.
    #[must_use]
    pub fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    /// 方法2 and nothing else.
    pub fn by_card_alone(self) -> bool {
        self.0 == bit(Way::Card)
    }

    /// None.
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// In the order they are tried in.
    pub fn iter(self) -> impl Iterator<Item = Way> {
        Way::ALL.into_iter().filter(move |way| self.has(*way))
    }
}

impl FromIterator<Way> for Ways {
    fn from_iter<T: IntoIterator<Item = Way>>(ways: T) -> Self {
        let mut set = Self::default();
        for way in ways {
            set.add(way);
        }
        set
    }
}

fn bit(way: Way) -> u8 {
    1 << way as u8
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::insurance::InsuranceNumbers;
    use jiff::civil::date;

    fn content() -> NoteContent {
        NoteContent {
            name: "一ノ瀬　花".to_owned(),
            kana: "イチノセハナ".to_owned(),
            sex: Some(Sex::Female),
            address: "東京都港区新橋１－２".to_owned(),
            insurer_name: "港区".to_owned(),
            ..NoteContent::bare(date(1954, 3, 26), date(2026, 11, 20))
        }
    }

    fn ways(content: &NoteContent) -> Vec<Way> {
        Ways::of(content, true).iter().collect()
    }

    #[test]
    fn the_order_is_fixed_and_each_step_asks_something_else() {
        let mut content = content();
        assert_eq!(ways(&content), &Way::ALL[1..]);
        let asked: Vec<_> = Way::ALL[1..]
            .iter()
            .map(|way| way.query(&content).unwrap())
            .map(|q| (q.name, q.kana, q.sex.label(), q.address, q.insurer_name))
            .collect();
        let row = |name: &str, sex: &'static str, address: &str, insurer: &str| {
            let kana = "イチノセハナ".to_owned();
            (
                name.to_owned(),
                kana,
                sex,
                address.to_owned(),
                insurer.to_owned(),
            )
        };
        assert_eq!(
            asked,
            [
                row("一ノ瀬　花", "女", "東京都港区新橋１－２", "港区"),
                row("", "女", "東京都港区新橋１－２", "港区"),
                row("", "未設定", "東京都港区新橋１－２", "港区"),
                row("", "女", "東京都港区", ""),
                row("", "女", "東京都港区新橋", "港区"),
            ]
        );
        content.insurance = Some(InsuranceNumbers {
            insurer: "06139000".to_owned(),
            symbol: String::new(),
            number: "1".to_owned(),
            branch: String::new(),
        });
        assert_eq!(ways(&content), Way::ALL);
        assert_eq!(
            Ways::of(&content, false).iter().collect::<Vec<_>>(),
            [Way::Card],
            "OUT-17"
        );
    }

    #[test]
    fn a_step_that_asks_nothing_new_is_left_out() {
        use Way::{KanaAlone, Municipality, Noted, SexUnset, Town};
        let with = |change: fn(&mut NoteContent)| {
            let mut content = content();
            change(&mut content);
            ways(&content)
        };
        assert_eq!(
            with(|c| c.name.clear()),
            [Noted, SexUnset, Municipality, Town]
        );
        assert_eq!(
            with(|c| c.kana.clear()),
            [Noted, SexUnset, Municipality, Town]
        );
        assert_eq!(
            with(|c| c.sex = Some(Sex::Unset)),
            [Noted, KanaAlone, Municipality, Town]
        );
        assert_eq!(with(|c| c.address.clear()), [Noted, KanaAlone, SexUnset]);
        // Only the municipality was noted, and the insurer.
        assert_eq!(
            with(|c| c.address = "東京都港区".to_owned()),
            [Noted, KanaAlone, SexUnset, Municipality]
        );
        assert_eq!(
            with(|c| {
                c.address = "東京都港区".to_owned();
                c.insurer_name.clear();
            }),
            [Noted, KanaAlone, SexUnset]
        );
        assert!(with(|c| c.sex = None).is_empty());
    }
}
