//! What opens the four: numbers from the card's face, or its holder's PIN.

use crate::domain::era;
use crate::domain::secret::{Secret, digits};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::fmt::Write;

/// At so many tries left or fewer a person has to say that it shall be tried.
pub const LEAST_TRIES: u8 = 2;

/// Which key, without its value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum KeyKind {
    /// 照合番号B: opens the four and never the 個人番号 (section 2.3).
    Face,
    /// 券面事項入力補助用の暗証番号, 4 digits.
    Pin,
    /// 利用者証明用の暗証番号, 4 digits; for the challenge alone.
    Authentication,
}

/// The three numbers on the face that make 照合番号B (section 4.5).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Face {
    /// 生年月日 of the holder.
    pub birth: Date,
    /// 有効期限の年, Gregorian.
    pub expiry_year: i16,
    /// セキュリティコード, 4 digits, below the photograph.
    #[serde(with = "digits")]
    pub code: Secret,
    /// The face gives the year of birth in the western calendar (foreign
    /// residents): its last two digits are taken, as printed.
    #[serde(default)]
    pub western: bool,
}

impl Face {
    /// 照合番号B: birth date `YYMMDD` with the year of its era, year of expiry
    /// `YYYY`, security code. `None` if the parts do not make 14 digits.
    pub fn digits(&self) -> Option<Secret> {
        let year = if self.western {
            self.birth.year().rem_euclid(100)
        } else {
            era::to_japanese(self.birth)?.year
        };
        if !(2000..=9999).contains(&self.expiry_year) || !is_digits(&self.code, 4) {
            return None;
        }
        // Written at once into a buffer that never grows: no copy is left.
        let mut digits = String::with_capacity(14);
        let _ = write!(
            digits,
            "{year:02}{:02}{:02}{:04}{}",
            self.birth.month(),
            self.birth.day(),
            self.expiry_year,
            self.code.reveal()
        );
        Some(Secret::new(digits))
    }
}

/// Whether a secret is so many ASCII digits and nothing else. A wrong length
/// may cost a try, so that this is asked before anything is sent (section 7).
pub fn is_digits(secret: &Secret, count: usize) -> bool {
    let bytes = secret.reveal().as_bytes();
    bytes.len() == count && bytes.iter().all(u8::is_ascii_digit)
}

/// A key and its value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Key {
    /// 照合番号B.
    Face(Face),
    /// 券面事項入力補助用の暗証番号.
    Pin(#[serde(with = "digits")] Secret),
}

impl Key {
    /// Which key.
    pub fn kind(&self) -> KeyKind {
        match self {
            Self::Face(_) => KeyKind::Face,
            Self::Pin(_) => KeyKind::Pin,
        }
    }

    /// What is sent to the card; `None` if it has not the form of such a key.
    pub fn digits(&self) -> Option<Secret> {
        match self {
            Self::Face(face) => face.digits(),
            Self::Pin(pin) => is_digits(pin, 4).then(|| pin.clone()),
        }
    }
}

impl KeyKind {
    /// In words.
    pub fn label(self) -> &'static str {
        match self {
            Self::Face => "照合番号B（生年月日・有効期限の年・セキュリティコード）",
            Self::Pin => "券面事項入力補助用の暗証番号",
            Self::Authentication => "利用者証明用の暗証番号",
        }
    }

    /// What to do when no tries are left.
    pub fn blocked(self) -> &'static str {
        match self {
            Self::Face => {
                "患者さんの暗証番号で読むか、券面を見て手で入れてください。直せるのは市区町村の窓口だけです。"
            }
            Self::Pin => {
                "券面の 3 つの数字で読むか、手で入れてください。直せるのは市区町村の窓口だけです。"
            }
            Self::Authentication => {
                "カードの券面を見て確かめてください。直せるのは市区町村の窓口だけです。"
            }
        }
    }

    /// Why there may have been no tries from the beginning.
    pub fn perhaps(self) -> &'static str {
        match self {
            Self::Face => "",
            Self::Pin | Self::Authentication => "暗証番号のない顔認証カードのこともあります。",
        }
    }

    /// The desk service went away while this key was with it.
    pub fn lost(self) -> String {
        format!(
            "窓口サービスの返事が途切れました。{}は 1 回試されたかもしれません。窓口サービスが戻ってから、番号を確かめて、もう一度行ってください。",
            self.label()
        )
    }

    /// What to look at after a wrong one.
    pub fn check(self) -> &'static str {
        match self {
            Self::Face => "券面の生年月日と有効期限、写真の下の 4 桁を確かめてください。",
            Self::Pin | Self::Authentication => "患者さんに確かめてください。",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn face(birth: Date, expiry_year: i16, code: &str) -> Face {
        Face {
            birth,
            expiry_year,
            code: Secret::new(code.to_owned()),
            western: false,
        }
    }

    #[test]
    fn section_4_5_the_number_on_the_face() {
        for (birth, start) in [
            (date(1985, 7, 4), "600704"),
            (date(1989, 1, 7), "640107"),
            (date(1989, 1, 8), "010108"),
            (date(2019, 4, 30), "310430"),
            (date(2019, 5, 1), "010501"),
            (date(1926, 12, 24), "151224"),
            (date(1926, 12, 25), "011225"),
            (date(1912, 7, 29), "450729"),
            (date(1912, 7, 30), "010730"),
            (date(1868, 1, 25), "010125"),
        ] {
            let digits = face(birth, 2033, "4321").digits().unwrap();
            assert_eq!(digits.reveal(), format!("{start}20334321"));
        }
    }

    #[test]
    fn the_year_as_printed_for_foreign_residents() {
        let mut face = face(date(1985, 7, 4), 2033, "4321");
        face.western = true;
        assert_eq!(face.digits().unwrap().reveal(), "85070420334321");
        face.birth = date(2004, 2, 29);
        assert_eq!(face.digits().unwrap().reveal(), "04022920334321");
    }

    #[test]
    fn a_key_of_another_form_is_none() {
        let birth = date(1985, 7, 4);
        for bad in [
            face(birth, 33, "4321"),
            face(birth, 10_000, "4321"),
            face(birth, 2033, ""),
            face(birth, 2033, "432"),
            face(birth, 2033, "43210"),
            face(birth, 2033, "４３２１"),
            face(birth, 2033, "43a1"),
            face(date(1868, 1, 24), 2033, "4321"),
        ] {
            assert_eq!(bad.digits(), None);
        }
        for bad in ["", "123", "12345", "12 4", "１２３４", "abcd"] {
            assert_eq!(Key::Pin(Secret::new(bad.to_owned())).digits(), None);
        }
        let pin = Key::Pin(Secret::new("0000".to_owned()));
        assert_eq!(pin.digits().unwrap().reveal(), "0000");
        assert_eq!(format!("{pin:?}"), "Pin(Secret(…))");
    }
}
