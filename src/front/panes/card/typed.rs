//! The keys to a card while they are typed: three numbers of its face, or a
//! PIN. What is secret among them is masked, wiped when it is sent or left,
//! and never part of a draft.

mod input;

use crate::domain::card::{Face, Key, KeyKind};
use crate::domain::entry::{DateReading, Purpose, read_date};
use crate::domain::era::Era;
use crate::domain::secret::Secret;
use crate::front::wording::card;
use crate::text::field::LineField;
use crate::text::fold;
use jiff::civil::Date;
use std::fmt;
use zeroize::Zeroizing;

/// Digits of the code and of the PINs.
const FOUR: usize = 4;
/// Stands before a birth date that the face gives in the western calendar.
const WESTERN: [char; 2] = ['W', 'w'];
/// What a birth date takes, as in every form.
const BIRTH: usize = 24;

/// Which key is typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Mode {
    /// 照合番号B: the least access, so the first choice.
    #[default]
    Face,
    /// 券面事項入力補助用の暗証番号.
    Pin,
    /// 利用者証明用の暗証番号, for the challenge.
    Prove,
}

/// A field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Slot {
    #[default]
    Birth,
    Year,
    Code,
    Pin,
}

impl Slot {
    pub(super) fn label(self) -> &'static str {
        match self {
            Self::Birth => "生年月日",
            Self::Year => "有効期限の年",
            Self::Code => "セキュリティコード",
            Self::Pin => "暗証番号",
        }
    }
}

/// What was asked of the card; held until the card has answered, since few
/// tries have to be confirmed before any is used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Wish {
    /// The four.
    Read(Key),
    /// A signature.
    Prove(Secret),
}

impl Wish {
    /// Which key it takes.
    pub(super) fn kind(&self) -> KeyKind {
        match self {
            Self::Read(key) => key.kind(),
            Self::Prove(_) => KeyKind::Authentication,
        }
    }
}

/// The fields.
pub(super) struct Typed {
    pub(super) mode: Mode,
    pub(super) focus: Slot,
    /// The focus moved on by itself: an Enter typed out of habit right behind
    /// it is not meant for the next field (DOM-20).
    moved_by_itself: bool,
    pub(super) birth: LineField,
    /// The birth date is that of the form below: the first key replaces it.
    pub(super) offered: bool,
    pub(super) year: LineField,
    /// Typed for a card that lies there no more: nothing is sent before a
    /// person has looked at them again.
    old: Vec<Slot>,
    code: Zeroizing<String>,
    pin: Zeroizing<String>,
}

impl Default for Typed {
    fn default() -> Self {
        Self {
            mode: Mode::Face,
            focus: Slot::Birth,
            moved_by_itself: false,
            birth: LineField::with_limit("", BIRTH),
            offered: false,
            year: LineField::with_limit("", FOUR),
            old: Vec::new(),
            code: blank(),
            pin: blank(),
        }
    }
}

/// With room for all of it, so that growing leaves no copy behind.
fn blank() -> Zeroizing<String> {
    Zeroizing::new(String::with_capacity(FOUR * 4))
}

impl fmt::Debug for Typed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Typed")
            .field("mode", &self.mode)
            .field("focus", &self.focus)
            .finish_non_exhaustive()
    }
}

impl Typed {
    /// The birth date that stands in the form below is not typed twice.
    pub(super) fn offer_birth(&mut self, text: &str) {
        let free = self.birth.is_empty() || self.offered || self.is_old(Slot::Birth);
        if !free {
            return;
        }
        if text.trim().is_empty() {
            if std::mem::take(&mut self.offered) {
                self.birth = LineField::with_limit("", BIRTH);
                self.focus = self.slots()[0];
            }
            return;
        }
        self.looked_at(Slot::Birth);
        self.birth = LineField::with_limit(text, BIRTH);
        self.offered = true;
        if self.focus == Slot::Birth && self.year.is_empty() {
            self.focus = Slot::Year;
        }
    }

    /// The fields of the present key, in order.
    pub(super) fn slots(&self) -> &'static [Slot] {
        match self.mode {
            Mode::Face => &[Slot::Birth, Slot::Year, Slot::Code],
            Mode::Pin | Mode::Prove => &[Slot::Pin],
        }
    }

    /// Another key; what is secret does not stay.
    pub(super) fn turn(&mut self, mode: Mode) {
        self.forget();
        self.moved_by_itself = false;
        self.mode = mode;
        self.focus = match mode {
            Mode::Face if self.birth.is_empty() => Slot::Birth,
            Mode::Face if self.year.is_empty() => Slot::Year,
            Mode::Face => Slot::Code,
            Mode::Pin | Mode::Prove => Slot::Pin,
        };
    }

    /// Wipes what is secret.
    pub(super) fn forget(&mut self) {
        self.code = blank();
        self.pin = blank();
    }

    /// The card is gone, or it is another one: what is secret goes with it,
    /// and the rest has to be looked at. Whether something secret was there.
    pub(super) fn next_card(&mut self) -> bool {
        let wiped = !self.code.is_empty() || !self.pin.is_empty();
        self.forget();
        self.moved_by_itself = false;
        self.old.clear();
        if !self.birth.is_empty() && !self.offered {
            self.old.push(Slot::Birth);
        }
        if !self.year.is_empty() {
            self.old.push(Slot::Year);
        }
        if let (Mode::Face, Some(first)) = (self.mode, self.old.first()) {
            self.focus = *first;
        }
        wiped
    }

    /// Whether a field was typed for a card before.
    pub(super) fn is_old(&self, slot: Slot) -> bool {
        self.old.contains(&slot)
    }

    /// A person looked at the field; whether it was an old one.
    fn looked_at(&mut self, slot: Slot) -> bool {
        let before = self.old.len();
        self.old.retain(|old| *old != slot);
        self.old.len() < before
    }

    /// A year that no card is valid until: cards are given out since 2016, for
    /// ten years.
    pub(super) fn odd_year(&self, today: Date) -> bool {
        let year = self.year.text().parse::<i16>().ok();
        self.year.is_full() && year.is_none_or(|year| !(2016..=today.year() + 11).contains(&year))
    }

    /// What is wrong with a field that has been left, which need not be wrong
    /// while it is typed.
    pub(super) fn left_wrong(&self, slot: Slot) -> Option<&'static str> {
        let count = match slot {
            Slot::Birth => return None,
            Slot::Year => self.year.text().chars().count(),
            Slot::Code | Slot::Pin => self.hidden(slot),
        };
        if slot == self.focus || count == 0 || count >= FOUR {
            None
        } else if slot == Slot::Year {
            Some("西暦 4 桁で入れてください")
        } else {
            Some("数字 4 桁を入れてください")
        }
    }

    /// How many digits of a secret field are there.
    pub(super) fn hidden(&self, slot: Slot) -> usize {
        match slot {
            Slot::Code => self.code.chars().count(),
            Slot::Pin => self.pin.chars().count(),
            Slot::Birth | Slot::Year => 0,
        }
    }

    /// The birth date, read as everywhere.
    pub(super) fn birth_date(&self, today: Date) -> DateReading {
        let text = self.birth.text().trim();
        let text = text.strip_prefix(WESTERN).unwrap_or(text);
        read_date(text, Some(Era::Showa), Purpose::Birth, today)
    }

    /// A person says that the face gives the year in the western calendar
    /// (foreign residents): it is taken as printed then. Otherwise it is that
    /// of its era, however it was typed: a wrong one costs a try.
    pub(super) fn western(&self) -> bool {
        !self.offered && self.birth.text().trim().starts_with(WESTERN)
    }

    /// The birth date would have to be set right: the face has another.
    pub(super) fn of_no_era(&self, today: Date) -> Option<String> {
        self.birth_date(today).not_of_its_era()
    }

    /// The birth date is typed without an era.
    pub(super) fn eraless(&self, today: Date) -> bool {
        let written = self.birth_date(today);
        !self.offered && matches!(written, DateReading::Day { era: None, .. })
    }

    /// The month or the day is not known: how the number is made of such a
    /// date nobody says.
    pub(super) fn unknown_day(&self) -> bool {
        let text = fold::narrow(self.birth.text());
        let parts: Vec<&str> = text
            .split(|c: char| !c.is_ascii_digit())
            .filter(|part| !part.is_empty())
            .collect();
        let zero = |part: &&str| part.chars().all(|c| c == '0');
        match parts.as_slice() {
            [one] if matches!(one.len(), 6 | 8) => {
                one.ends_with("00") || one.chars().rev().skip(2).take(2).all(|c| c == '0')
            }
            [_, rest @ ..] if rest.len() == 2 => rest.iter().any(zero),
            _ => false,
        }
    }

    /// The key, and the fields of a secret are empty afterwards; or the field
    /// that keeps it from being one, and why.
    pub(super) fn take(&mut self, today: Date) -> Result<Wish, (Slot, String)> {
        let wish = match self.mode {
            Mode::Face => Wish::Read(Key::Face(self.face(today)?)),
            Mode::Pin => Wish::Read(Key::Pin(self.secret(Slot::Pin)?)),
            Mode::Prove => Wish::Prove(self.secret(Slot::Pin)?),
        };
        self.forget();
        Ok(wish)
    }

    fn face(&self, today: Date) -> Result<Face, (Slot, String)> {
        if let Some(old) = self.old.first() {
            let text =
                "前のカードのときの入力です。券面と見比べ、打ち直すか Enter で進んでください。";
            return Err((*old, format!("{}: {text}", old.label())));
        }
        if self.unknown_day() {
            return Err((Slot::Birth, card::UNKNOWN_DAY.to_owned()));
        }
        let written = self.birth_date(today);
        let of_no_era = written.not_of_its_era();
        let birth = match written {
            // Nobody's card has it: a try would be used for nothing.
            DateReading::Day { day, .. } if day > today => {
                return Err((Slot::Birth, card::NOT_BORN.to_owned()));
            }
            DateReading::Day { day, .. } => match of_no_era {
                Some(why) => return Err((Slot::Birth, format!("生年月日: {why}"))),
                None => day,
            },
            DateReading::Empty => {
                return Err((Slot::Birth, "生年月日: 入れてください。".to_owned()));
            }
            DateReading::Incomplete => {
                let text = "生年月日: 日付が終わりまで入っていません。";
                return Err((Slot::Birth, text.to_owned()));
            }
            DateReading::Wrong(why) => return Err((Slot::Birth, format!("生年月日: {why}"))),
        };
        let year = self.year.text();
        let expiry_year = match year.parse::<i16>() {
            Ok(number) if year.len() == FOUR && (2016..2100).contains(&number) => number,
            _ => {
                let text = "有効期限の年: 券面の「〇年〇月〇日まで有効」の年を、西暦 4 桁で入れてください。";
                return Err((Slot::Year, text.to_owned()));
            }
        };
        Ok(Face {
            birth,
            expiry_year,
            western: self.western(),
            code: self.secret(Slot::Code)?,
        })
    }

    fn secret(&self, slot: Slot) -> Result<Secret, (Slot, String)> {
        if self.hidden(slot) != FOUR {
            let label = slot.label();
            return Err((slot, format!("{label}: 数字 {FOUR} 桁を入れてください。")));
        }
        let text = if slot == Slot::Code {
            &self.code
        } else {
            &self.pin
        };
        Ok(Secret::new(text.as_str().to_owned()))
    }
}
