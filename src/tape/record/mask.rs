//! What stands on a recorded tape in place of what was typed: a fixed invented
//! value of the same form and width, the same one for the same value.
//!
//! Nothing is let through because it looks harmless. What a field takes decides
//! how its stand-in is made; only answers to a choice (性別, 同意 …), visit days
//! near today and, against the demo, what belongs to its own invented people
//! stay as they are.

use super::{dates, letters};
use crate::domain::field::Field;
use crate::domain::number::{Check, check_digit, insurer_check};
use crate::simulator::people::Person;
use crate::text::cells::cells;
use crate::text::fold;
use jiff::civil::Date;
use std::collections::BTreeSet;
use zeroize::Zeroizing;

/// A visit day further from today than this may be a birth date.
const NEAR: i32 = 400;

/// Values and their stand-ins, for one recording.
pub struct Masks {
    today: Date,
    /// What belongs to invented people already, folded.
    invented: Option<Invented>,
    /// How many values there have been, by value: folded, and dates as days.
    known: Vec<(Zeroizing<String>, usize)>,
    /// Their stand-ins, folded, in the same order.
    made: Vec<String>,
    used: BTreeSet<String>,
}

/// The people of the demo.
struct Invented {
    whole: BTreeSet<String>,
    parts: Vec<String>,
    days: BTreeSet<Date>,
}

impl Masks {
    /// `people` are those of the demo, if it is the demo that is recorded.
    pub fn new(today: Date, people: Option<&[Person]>) -> Self {
        Self {
            today,
            invented: people.map(Invented::new),
            known: Vec::new(),
            made: Vec::new(),
            used: BTreeSet::new(),
        }
    }

    /// What to write in place of `text` typed into `field`; as many characters.
    pub fn value(&mut self, field: Option<Field>, text: &str) -> String {
        if text.trim().is_empty() || self.is_plain(field, text) {
            return text.to_owned();
        }
        let day = dates::day(text, self.today);
        // A part of a name typed before is that, whoever else is called so.
        let same = Zeroizing::new(key(text));
        if !same.bytes().all(|b| b.is_ascii_digit())
            && let Some(part) = self.part(text, &same)
        {
            return part;
        }
        if self.is_invented(field, text, day) {
            return text.to_owned();
        }
        let key = Zeroizing::new(day.map_or_else(|| key(text), |day| day.to_string()));
        let known = self.known.iter().find(|(known, _)| *known == key);
        if let Some((_, nth)) = known {
            return self.made(field, text, *nth);
        }
        if let Some(part) = self.part(text, &key) {
            return part;
        }
        let next = self.known.len();
        // Two values never share a stand-in, and none is its own, as far as
        // their form allows.
        let nth = (next..next + 500)
            .find(|nth| {
                let made = self.made(field, text, *nth);
                !self.used.contains(&made) && self::key(&made) != same.as_str()
            })
            .unwrap_or(next);
        self.known.push((key, nth));
        let made = self.made(field, text, nth);
        self.used.insert(made.clone());
        self.made.push(folded(&made));
        made
    }

    /// A search for a part of something typed before finds the same part of
    /// its stand-in.
    fn part(&self, text: &str, key: &str) -> Option<String> {
        let length = key.chars().count();
        self.known
            .iter()
            .zip(&self.made)
            .find_map(|((known, _), made)| {
                let (before, _) = known.split_once(key)?;
                let at = before.chars().count();
                if (at > 0 && length < 2) || made.chars().count() != known.chars().count() {
                    return None;
                }
                let part: String = made.chars().skip(at).take(length).collect();
                let part = if text.chars().any(|c| matches!(c, 'ぁ'..='ゖ')) {
                    fold::hiragana(&part)
                } else {
                    part
                };
                let fits =
                    part.chars().count() == text.chars().count() && cells(&part) == cells(text);
                (fits && folded(&part) != key).then_some(part)
            })
    }

    fn made(&self, field: Option<Field>, text: &str, nth: usize) -> String {
        let made = match field {
            Some(Field::InsurerNumber) => insurer(text, nth),
            _ => dates::other(text, nth, self.today),
        };
        made.unwrap_or_else(|| letters::other(text, nth))
    }

    /// Says nothing of anybody.
    fn is_plain(&self, field: Option<Field>, text: &str) -> bool {
        match field {
            Some(Field::Sex | Field::LimitConsent | Field::Burden | Field::Cover) => {
                text.chars().count() <= 3
            }
            Some(Field::Evidence) => text.chars().count() <= 1,
            Some(Field::CheckDate) => dates::day(text, self.today)
                .and_then(|day| day.since(self.today).ok())
                .is_some_and(|span| span.get_days().abs() <= NEAR),
            _ => false,
        }
    }

    fn is_invented(&self, field: Option<Field>, text: &str, day: Option<Date>) -> bool {
        let Some(invented) = &self.invented else {
            return false;
        };
        let free = matches!(
            field,
            Some(Field::Remark | Field::Reason | Field::Telephone)
        );
        !free && (invented.holds(&key(text)) || day.is_some_and(|day| invented.days.contains(&day)))
    }
}

impl Invented {
    fn new(people: &[Person]) -> Self {
        let mut own = Self {
            whole: BTreeSet::new(),
            parts: Vec::new(),
            days: BTreeSet::new(),
        };
        for person in people {
            own.days.insert(person.birth_date);
            for name in [
                &person.name,
                &person.kana,
                &person.other_name,
                &person.other_kana,
            ] {
                own.whole.extend(name.split(char::is_whitespace).map(key));
                own.whole.insert(key(name));
            }
            own.parts.push(key(&person.address));
            for cover in &person.covers {
                own.parts.push(key(&cover.insurer.name));
                for number in [
                    &cover.insurer.number,
                    &cover.symbol,
                    &cover.number,
                    &cover.branch,
                ] {
                    own.whole.insert(key(number));
                    own.whole.insert(key(number.trim_start_matches('0')));
                }
            }
        }
        own.whole.remove("");
        own
    }

    fn holds(&self, key: &str) -> bool {
        self.whole.contains(key)
            || (key.chars().count() >= 2 && self.parts.iter().any(|part| part.contains(key)))
    }
}

/// The same, where `key` names something else.
fn folded(text: &str) -> String {
    key(text)
}

/// The same value in every width and script.
fn key(text: &str) -> String {
    fold::katakana(&fold::name_key(text)).to_ascii_uppercase()
}

/// Another 保険者番号 of the same kind: the scheme stays, since screens depend on
/// it, the middle is of the numbers that no insurer has, and the check digit is
/// right where it was right.
fn insurer(text: &str, nth: usize) -> Option<String> {
    let digits = fold::digits(text);
    if !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let scheme = match digits.len() {
        8 => digits.get(..2)?,
        6 => "",
        _ => return None,
    };
    let place = if digits.get(scheme.len()..scheme.len() + 2)? == "13" {
        "27"
    } else {
        "13"
    };
    let body = format!("{scheme}{place}{:03}", 900 + (nth * 7 + 51) % 100);
    let right = check_digit(&body)?;
    let last = if insurer_check(&digits) == Check::Bad {
        char::from_digit((right.to_digit(10)? + 1) % 10, 10)?
    } else {
        right
    };
    let made = format!("{body}{last}");
    if made == digits {
        return None;
    }
    let mut new = made.chars();
    text.chars()
        .map(|c| match fold::digit(c) {
            Some(_) => new.next().map(|digit| letters::digit_like(c, digit)),
            None => Some(c),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::simulator::fixtures::Fixtures;
    use jiff::civil::date;

    const TODAY: Date = date(2026, 11, 20);

    #[test]
    fn one_value_has_one_stand_in_in_every_field_and_script() {
        let mut masks = Masks::new(TODAY, None);
        let kana = masks.value(Some(Field::Kana), "サカキバラ");
        assert_eq!(
            masks.value(Some(Field::Filter), "さかきばら"),
            fold::hiragana(&kana)
        );
        let day = masks.value(Some(Field::BirthDate), "S36.7.19");
        let again = masks.value(Some(Field::Filter), "1961-07-19");
        assert_eq!(dates::day(&day, TODAY), dates::day(&again, TODAY));
        assert_ne!(masks.value(Some(Field::Kana), "カキタニ"), kana);
    }

    #[test]
    fn letters_in_a_number_field_are_masked_too() {
        for text in ["AaaaAA", "aAA一", "山田太郎"] {
            let new = Masks::new(TODAY, None).value(Some(Field::InsurerNumber), text);
            assert_ne!(key(&new), key(text), "{text}");
        }
    }

    #[test]
    fn an_insurer_stays_one_of_its_kind() {
        let mut masks = Masks::new(TODAY, None);
        let right = masks.value(Some(Field::InsurerNumber), "39131156");
        assert!(right.starts_with("39") && right.len() == 8, "{right}");
        assert_eq!(insurer_check(&right), insurer_check("39131156"));
        let wide = masks.value(Some(Field::InsurerNumber), "１３８０５７");
        assert_eq!(cells(&wide), 12, "{wide}");
        assert_eq!(insurer_check(&fold::digits(&wide)), insurer_check("138057"));
    }

    #[test]
    fn what_belongs_to_the_demos_people_stays_only_against_the_demo() {
        let people = Fixtures::built_in().people;
        let typed = [
            (Field::InsurerNumber, "06139000"),
            (Field::Kana, "しんばし"),
            (Field::BirthDate, "S29.3.26"),
            (Field::Address, "東京都港区"),
        ];
        let mut demo = Masks::new(TODAY, Some(&people));
        let mut real = Masks::new(TODAY, None);
        for (field, text) in typed {
            assert_eq!(demo.value(Some(field), text), text);
            assert_ne!(real.value(Some(field), text), text);
        }
        assert_ne!(demo.value(Some(Field::Name), "榊原"), "榊原");
    }

    #[test]
    fn answers_to_a_choice_stay_and_far_visit_days_do_not() {
        let mut masks = Masks::new(TODAY, None);
        assert_eq!(masks.value(Some(Field::Sex), "2"), "2");
        assert_eq!(masks.value(Some(Field::CheckDate), "20261105"), "20261105");
        assert_ne!(masks.value(Some(Field::CheckDate), "19610719"), "19610719");
        assert_ne!(masks.value(Some(Field::Evidence), "本人の話"), "本人の話");
    }

    proptest::proptest! {
        #[test]
        fn any_text_keeps_its_form_and_none_of_its_letters(text in "[一-龠ぁ-んァ-ヶｱ-ﾝﾞ0-9０-９a-zA-Z 　-]{1,20}", field in 0..8usize) {
            let field = [Field::Name, Field::Kana, Field::Address, Field::InsurerNumber,
                Field::Symbol, Field::Number, Field::BirthDate, Field::Telephone][field];
            let new = Masks::new(TODAY, None).value(Some(field), &text);
            proptest::prop_assert_eq!(new.chars().count(), text.chars().count());
            proptest::prop_assert_eq!(cells(&new), cells(&text));
            if text.chars().filter(|c| c.is_alphanumeric()).count() >= 3 {
                proptest::prop_assert_ne!(key(&new), key(&text));
            }
        }
    }
}
