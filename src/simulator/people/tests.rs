use super::generate::{AS_OF, age, generate};
use super::*;
use crate::simulator::fixtures::Fixtures;
use sha2::{Digest, Sha256};
use std::collections::{HashMap, HashSet};

const PEOPLE: usize = 20_000;

/// SHA-256 over everything a desk could see, shortened.
fn fingerprint(people: &[Person]) -> String {
    let mut hash = Sha256::new();
    for p in people {
        let line = format!(
            "{}|{}|{}|{}|{}|{}|{}|{}|{}",
            p.id,
            p.name,
            p.kana,
            p.sex.code(),
            p.birth_date,
            p.postal_code,
            p.address,
            p.undisclosed,
            p.withheld
        );
        hash.update(line);
        for c in &p.covers {
            let line = format!(
                "|{}|{}|{}|{}|{}|{:?}|{:?}|{:?}",
                c.insurer.number, c.symbol, c.number, c.branch, c.burden, c.from, c.to, c.lost
            );
            hash.update(line);
        }
    }
    let digest = hash.finalize();
    digest
        .iter()
        .take(8)
        .fold(String::new(), |text, byte| text + &format!("{byte:02x}"))
}

#[test]
fn the_same_number_and_seed_give_the_same_people_on_every_machine() {
    assert_eq!(fingerprint(&generate(3000, 7)), "096dea41d889b41b");
    assert_ne!(fingerprint(&generate(3000, 8)), "096dea41d889b41b");
}

#[test]
fn any_size_is_served_in_full() {
    for people in [0, 1, 2, 5, 37, 999, 1000, 1001] {
        assert_eq!(generate(people, 3).len(), people);
    }
}

/// Share in a thousand.
fn share(people: &[Person], fits: impl Fn(&Person) -> bool) -> usize {
    people.iter().filter(|p| fits(p)).count() * 1000 / people.len()
}

#[test]
fn the_distribution_is_the_one_promised() {
    let people = generate(PEOPLE, 7);
    let told = |case: &str, low: usize, high: usize, fits: &dyn Fn(&Person) -> bool| {
        let found = share(&people, fits);
        assert!((low..=high).contains(&found), "{case}: {found} ‰");
    };
    let current = |p: &Person| p.covers.iter().any(|c| c.holds(AS_OF));
    let insurer = |p: &Person| p.covers[0].insurer.number.clone();
    told("children under 15", 90, 135, &|p| age(p.birth_date) < 15);
    told("75 and older", 145, 190, &|p| age(p.birth_date) >= 75);
    told("未就学", 40, 65, &|p| preschool(p.birth_date, AS_OF));
    told("women", 490, 540, &|p| p.sex == Sex::Female);
    told("性別 未設定", 1, 4, &|p| p.sex == Sex::Unset);
    told("後期高齢者", 145, 190, &|p| {
        insurer(p).starts_with("39")
    });
    told("国保", 200, 330, &|p| insurer(p).len() == 6);
    told("協会けんぽ", 220, 330, &|p| {
        insurer(p).starts_with("01") && insurer(p).len() == 8
    });
    told("組合健保", 170, 280, &|p| insurer(p).starts_with("06"));
    told("医療扶助", 8, 25, &|p| {
        p.covers.iter().any(Cover::is_assistance)
    });
    told("高齢受給者証", 40, 80, &|p| {
        p.covers[0].elderly.is_some()
    });
    told("限度額", 90, 150, &|p| p.covers[0].limit.is_some());
    told("東京都", 90, 130, &|p| p.address.starts_with("東京都"));
    told("missing address", 30, 50, &|p| p.address.is_empty());
    told("● in the name", 5, 12, &|p| p.name.contains('●'));
    told("no kana", 7, 14, &|p| p.kana.is_empty());
    told("不開示", 3, 8, &|p| p.undisclosed);
    told("自己情報提供不可", 1, 6, &|p| p.withheld);
    told("ended, nothing newer", 10, 35, &|p| !current(p));
    told("ended, newer", 12, 35, &|p| {
        p.covers.len() == 2 && current(p)
    });
    told("番号 with leading zeros", 20, 250, &|p| {
        p.covers[0].number.starts_with('0')
    });
    // More than in life: the table holds the common surnames only.
    told("佐藤", 20, 45, &|p| p.name.starts_with("佐藤　"));
}

#[test]
fn numbers_are_invented_and_right() {
    let fixtures = Fixtures::built_in();
    let known: HashSet<&str> = fixtures
        .insurers
        .iter()
        .map(|i| i.number.as_str())
        .collect();
    let people = generate(5000, 7);
    for person in &people {
        assert_eq!(person.name.split('　').count().min(2), 2, "{}", person.id);
        assert!(!person.covers.is_empty(), "{}", person.id);
        assert!(person.birth_date <= AS_OF, "{}", person.id);
        for cover in &person.covers {
            let number = &cover.insurer.number;
            assert!(number::checks(number), "{number}");
            assert!(
                !known.contains(number.as_str()),
                "{number} is in the fixtures"
            );
            assert!(cover.insurer.name.contains("サンプル"), "{number}");
            let late = number.starts_with("39") && number.len() == 8;
            assert_eq!(late, age(person.birth_date) >= 75, "{}", person.id);
            if late {
                assert_eq!(cover.number.len(), 8, "DOM-15");
                assert!(cover.symbol.is_empty() && cover.branch.is_empty(), "DOM-15");
                assert!(matches!(cover.burden.as_str(), "010" | "020" | "030"));
            } else if !cover.is_assistance() {
                assert_eq!(cover.branch.len(), 2);
                assert!(cover.burden.is_empty(), "DOM-62");
            }
        }
    }
}

#[test]
fn households_share_numbers_and_branches_tell_them_apart() {
    let people = generate(PEOPLE, 7);
    let mut homes: HashMap<(&str, &str, &str), Vec<&Person>> = HashMap::new();
    let mut branches = HashSet::new();
    for person in &people {
        let cover = &person.covers[0];
        let key = (
            cover.insurer.number.as_str(),
            cover.symbol.as_str(),
            cover.number.as_str(),
        );
        homes.entry(key).or_default().push(person);
        assert!(
            branches.insert((key, cover.branch.as_str())),
            "{}",
            person.id
        );
    }
    let of = |size: usize| homes.values().filter(|home| home.len() == size).count();
    assert!(
        of(1) > 2000 && of(2) > 800 && of(3) > 400 && of(4) > 150,
        "{} {} {} {}",
        of(1),
        of(2),
        of(3),
        of(4)
    );
    let twins = homes
        .values()
        .filter(|home| {
            let days: HashSet<_> = home.iter().map(|p| p.birth_date).collect();
            days.len() < home.len()
        })
        .count();
    assert!((10..80).contains(&twins), "{twins} pairs of twins");
    for home in homes.values() {
        let names: HashSet<_> = home.iter().map(|p| (&p.name, p.birth_date)).collect();
        assert_eq!(names.len(), home.len(), "same name twice in a household");
    }
}

#[test]
fn some_conditions_fit_more_than_five_and_some_two_to_five() {
    let people = generate(PEOPLE, 7);
    let mut alike: HashMap<_, usize> = HashMap::new();
    for p in people
        .iter()
        .filter(|p| !p.address.is_empty() && !p.withheld && !p.undisclosed)
    {
        let prefecture: String = p.address.chars().take(3).collect();
        let key = (p.name.clone(), p.birth_date, p.sex, prefecture);
        *alike.entry(key).or_default() += 1;
    }
    let many = alike.values().filter(|n| **n > 5).count();
    let some = alike.values().filter(|n| (2..=5).contains(*n)).count();
    assert!(many >= 3, "{many} groups of more than five");
    assert!(some >= 10, "{some} groups of two to five");
}

#[test]
fn the_fixtures_stay_what_they_are_among_the_generated() {
    let people = generate(PEOPLE, 7);
    for name in ["新橋　太郎", "五条　花子", "佐藤　花子", "一ノ瀬　薫"] {
        assert!(people.iter().all(|p| p.name != name), "{name}");
    }
}
