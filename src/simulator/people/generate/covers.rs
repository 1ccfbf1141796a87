//! Where a household lives, and what it holds with which insurer.

use super::homes::{Home, LATE, Soul};
use super::insurers::{Local, insurer, local};
use super::{AS_OF, Word, age, any, before, permille};
use crate::simulator::people::number::with_check;
use crate::simulator::people::places::{Prefecture, TOWNS, prefectures};
use crate::simulator::people::{ASSISTANCE, Cover, Elderly, Insurer, Limit, Relation};
use fastrand::Rng;
use jiff::ToSpan;
use jiff::civil::{Date, date};
use std::collections::HashMap;
use std::sync::Arc;

/// Certificates of 国保 and 後期高齢者 are renewed each August.
const RENEWED: Date = date(2026, 8, 1);
const RENEWAL: Date = date(2027, 7, 31);

pub(super) struct Insurers {
    prefectures: Vec<Prefecture>,
    sums: Vec<u32>,
    local: Vec<Local>,
    seafarers: Arc<Insurer>,
    /// Last number given out by each insurer.
    last: HashMap<String, u32>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Scheme {
    Association,
    Union,
    Public,
    National,
    Seafarers,
}

impl Insurers {
    pub(super) fn new() -> Self {
        let prefectures = prefectures();
        let mut sum = 0;
        let sums = prefectures
            .iter()
            .map(|prefecture| {
                sum += prefecture.weight;
                sum
            })
            .collect();
        let local = (1..)
            .zip(&prefectures)
            .map(|(code, prefecture)| local(code, prefecture))
            .collect();
        Self {
            prefectures,
            sums,
            local,
            seafarers: insurer("0213971", "サンプル船員保険　第二".to_owned()),
            last: HashMap::new(),
        }
    }

    /// A prefecture by its people.
    pub(super) fn prefecture(&self, rng: &mut Rng) -> usize {
        let drawn = rng.u32(..self.sums.last().copied().unwrap_or(1));
        self.sums.partition_point(|sum| *sum <= drawn)
    }

    /// 郵便番号 and 住所 of a household.
    pub(super) fn place(&self, rng: &mut Rng, home: &Home) -> (String, String) {
        let Some(prefecture) = self.prefectures.get(home.prefecture) else {
            return (String::new(), String::new());
        };
        let town = any(rng, &prefecture.towns).copied().unwrap_or_default();
        let quarter = any(rng, &TOWNS).copied().unwrap_or_default();
        let (a, b, c) = (rng.u32(1..6), rng.u32(1..30), rng.u32(1..20));
        let digits = match rng.u32(..10) {
            0..=5 => format!("{a}丁目{b}-{c}"),
            6..=8 => format!("{a}丁目{b}番{c}号")
                .chars()
                .map(|d| {
                    d.to_digit(10)
                        .and_then(|d| char::from_u32(0xFF10 + d))
                        .unwrap_or(d)
                })
                .collect(),
            _ => format!("{b}番地の{c}"),
        };
        let room = if permille(rng, 350) {
            format!("　サンプルハイツ{}0{}", rng.u32(1..9), rng.u32(1..9))
        } else {
            String::new()
        };
        (
            format!("{}-{:04}", prefecture.postal, rng.u32(..10_000)),
            format!("{}{town}{quarter}{digits}{room}", prefecture.name),
        )
    }

    /// The next number of an insurer; two households never share one.
    fn number(&mut self, rng: &mut Rng, insurer: &Insurer) -> u32 {
        let last = self.last.entry(insurer.number.clone()).or_insert(100);
        *last += rng.u32(1..8);
        *last
    }

    /// Entitlements of each member, in their order.
    pub(super) fn covers(
        &mut self,
        rng: &mut Rng,
        home: &Home,
        members: &[(Soul, Word)],
    ) -> Vec<Vec<Cover>> {
        let Some((head, head_name)) = members.first() else {
            return Vec::new();
        };
        let years = age(head.born);
        let assisted = permille(rng, 16);
        let scheme = scheme(rng, years);
        let (insurer, symbol, number) = self.shared(rng, home, scheme);
        let since = before(rng, AS_OF, 365 * 9);
        let mut covers = Vec::with_capacity(members.len());
        for (branch, (soul, name)) in members.iter().enumerate() {
            let cover = if age(soul.born) >= LATE {
                self.late(rng, home, *soul, &name.0)
            } else if assisted {
                self.assistance(rng, home, *soul, &name.0)
            } else {
                let national = scheme == Scheme::National;
                let from = since.max(soul.born);
                Cover {
                    insurer: Arc::clone(&insurer),
                    symbol: symbol.clone(),
                    number: number.clone(),
                    branch: format!("{branch:02}"),
                    class: "01".to_owned(),
                    burden: String::new(),
                    relation: if branch == 0 {
                        Relation::Insured
                    } else {
                        Relation::Family
                    },
                    insured_name: head_name.0.clone(),
                    from: Some(if national { RENEWED.max(from) } else { from }),
                    to: national.then_some(RENEWAL),
                    acquired: Some(from),
                    lost: None,
                    issued: Some(if national { RENEWED.max(from) } else { from }),
                    loss_reason: String::new(),
                    elderly: elderly(rng, soul.born),
                    limit: limit(rng, age(soul.born)),
                    ticket: true,
                    reference: String::new(),
                }
            };
            let held = if permille(rng, 45) {
                self.ended(rng, home, cover, age(soul.born))
            } else {
                vec![cover]
            };
            covers.push(held);
        }
        covers
    }

    /// Insurer, 記号 and 番号 of a household.
    fn shared(
        &mut self,
        rng: &mut Rng,
        home: &Home,
        scheme: Scheme,
    ) -> (Arc<Insurer>, String, String) {
        let local = self.local.get(home.prefecture);
        let none = &self.seafarers;
        let (insurer, symbol) = match (scheme, local) {
            (Scheme::Association, Some(local)) => (
                Arc::clone(&local.association),
                format!("{}", 21_000_000 + rng.u32(..9_000) * 7),
            ),
            (Scheme::Union, Some(local)) => {
                let union = any(rng, &local.unions).unwrap_or(none);
                let symbol = match rng.u32(..4) {
                    0 => format!("第{}", rng.u32(1..40)),
                    1 => format!("{}-{}", rng.u32(1..99), rng.u32(1..99)),
                    _ => format!("{}", rng.u32(10..9999)),
                };
                (Arc::clone(union), symbol)
            }
            (Scheme::Public, Some(local)) => {
                let public = any(rng, &local.public).unwrap_or(none);
                (Arc::clone(public), format!("共{}", rng.u32(1..300)))
            }
            (Scheme::National, Some(local)) => {
                let town = any(rng, &local.towns).unwrap_or(none);
                let first = town.name.chars().nth(3).unwrap_or('国');
                let kana = any(rng, &['あ', 'い', 'う', 'か', 'き', 'さ'])
                    .copied()
                    .unwrap_or('あ');
                (Arc::clone(town), format!("{first}{kana}{}", rng.u32(1..99)))
            }
            _ => (Arc::clone(none), format!("船{}", rng.u32(1..50))),
        };
        let number = self.number(rng, &insurer);
        // Some insurers register their numbers filled with zeros (INC-3).
        let number = if permille(rng, 60) {
            format!("{number:07}")
        } else {
            number.to_string()
        };
        (insurer, symbol, number)
    }

    fn late(&mut self, rng: &mut Rng, home: &Home, soul: Soul, name: &str) -> Cover {
        let insurer = self
            .local
            .get(home.prefecture)
            .map_or(&self.seafarers, |local| &local.late);
        let insurer = Arc::clone(insurer);
        let number = format!("{:08}", self.number(rng, &insurer));
        let burden = match rng.u32(..100) {
            0..=70 => "010",
            71..=91 => "020",
            _ => "030",
        };
        let birthday = soul.born.saturating_add(i32::from(LATE).years());
        Cover {
            insurer,
            symbol: String::new(),
            number,
            branch: String::new(),
            class: "01".to_owned(),
            burden: burden.to_owned(),
            relation: Relation::Insured,
            insured_name: name.to_owned(),
            from: Some(RENEWED.max(birthday)),
            to: Some(RENEWAL),
            acquired: Some(birthday),
            lost: None,
            issued: Some(RENEWED.max(birthday)),
            loss_reason: String::new(),
            elderly: None,
            limit: limit(rng, age(soul.born)),
            ticket: true,
            reference: String::new(),
        }
    }

    fn assistance(&mut self, rng: &mut Rng, home: &Home, soul: Soul, name: &str) -> Cover {
        let insurer = self
            .local
            .get(home.prefecture)
            .map_or(&self.seafarers, |local| &local.assistance);
        let insurer = Arc::clone(insurer);
        let number = with_check(&format!("{:06}", self.number(rng, &insurer)));
        let from = before(rng, AS_OF, 365 * 4).max(soul.born);
        Cover {
            insurer,
            symbol: String::new(),
            number,
            branch: String::new(),
            class: ASSISTANCE.to_owned(),
            burden: String::new(),
            relation: Relation::Insured,
            insured_name: name.to_owned(),
            from: Some(from),
            to: None,
            acquired: Some(from),
            lost: None,
            issued: None,
            loss_reason: String::new(),
            elderly: None,
            limit: None,
            ticket: permille(rng, 900),
            reference: String::new(),
        }
    }

    /// An entitlement that has ended; often another one follows (DOM-59).
    fn ended(&mut self, rng: &mut Rng, home: &Home, mut cover: Cover, years: i16) -> Vec<Cover> {
        let lost = before(rng, AS_OF, 80);
        let changed = years < LATE && permille(rng, 600);
        let reason = match rng.u32(..10) {
            _ if changed => "03",
            0..=2 if years >= 60 => "01",
            3 => "02",
            _ if years >= LATE => "01",
            _ => "99",
        };
        reason.clone_into(&mut cover.loss_reason);
        cover.lost = Some(lost);
        // The end is often not given (DOM-60).
        cover.to = permille(rng, 700).then(|| lost.saturating_sub(1.days()));
        cover.from = cover
            .from
            .map(|from| from.min(lost.saturating_sub(1.days())));
        if !changed {
            return vec![cover];
        }
        let (insurer, symbol, number) = self.shared(rng, home, Scheme::Union);
        let next = Cover {
            insurer,
            symbol,
            number,
            branch: "00".to_owned(),
            class: "01".to_owned(),
            relation: Relation::Insured,
            from: Some(lost),
            to: None,
            acquired: Some(lost),
            lost: None,
            issued: Some(lost),
            loss_reason: String::new(),
            ..cover.clone()
        };
        vec![cover, next]
    }
}

fn scheme(rng: &mut Rng, years: i16) -> Scheme {
    let drawn = rng.u32(..1000);
    if years >= 65 {
        match drawn {
            0..=699 => Scheme::National,
            700..=849 => Scheme::Association,
            850..=949 => Scheme::Union,
            _ => Scheme::Public,
        }
    } else {
        match drawn {
            0..=379 => Scheme::Association,
            380..=669 => Scheme::Union,
            670..=759 => Scheme::Public,
            760..=994 => Scheme::National,
            _ => Scheme::Seafarers,
        }
    }
}

/// 高齢受給者証, from the month after the 70th birthday on (DOM-28).
fn elderly(rng: &mut Rng, born: Date) -> Option<Box<Elderly>> {
    let start = if born.day() == 1 {
        born.saturating_add(70.years())
    } else {
        born.saturating_add(70.years())
            .last_of_month()
            .saturating_add(1.days())
    };
    if start > AS_OF {
        return None;
    }
    let end = born
        .saturating_add(i32::from(LATE).years())
        .saturating_sub(1.days());
    let from = RENEWED.max(start);
    Some(Box::new(Elderly {
        issued: Some(from),
        from: Some(from),
        to: Some(RENEWAL.min(end)),
        burden: if permille(rng, 850) { "020" } else { "030" }.to_owned(),
    }))
}

fn limit(rng: &mut Rng, years: i16) -> Option<Box<Limit>> {
    if years < 18 || !permille(rng, 150) {
        return None;
    }
    let classes: &[&str] = match years {
        LATE.. => &["B01", "B02", "B09", "B10", "B05", "B06"],
        70.. => &["B01", "B02", "B03", "B04", "B05", "B06"],
        _ => &["A01", "A02", "A03", "A03", "A04", "A04", "A05"],
    };
    let income = any(rng, classes).copied().unwrap_or("A03");
    let low = matches!(income, "A05" | "B05" | "B06");
    Some(Box::new(Limit {
        class: if low { "02" } else { "01" }.to_owned(),
        income_class: income.to_owned(),
        issued: Some(RENEWED),
        from: Some(RENEWED),
        to: Some(RENEWAL),
        long_term: (low && permille(rng, 100)).then_some(date(2026, 10, 1)),
    }))
}
