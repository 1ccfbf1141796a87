//! The cards of `fixtures/cards`, by name: built into the binary, or read from
//! a directory of the same shape.

use super::certificate::{Authority, Subject, Use, days};
use super::contents::{self, Four, Jpki, Printed};
use super::file::{Applet, Pin};
use super::image::{Image, Nature};
use super::key::Key;
use super::machine::Machine;
use super::object::Lengths;
use super::rows::{Ends, Make, Row, Tries};
use crate::simulator::fixtures::FixtureError;
use jiff::civil::Date;
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

mod check;
mod texts;

pub use texts::Texts;

/// The card that is put down when none is named: someone the stand-in knows.
pub const DEFAULT: &str = "ichinose";

/// Municipality code on every card: Chiyoda's, where nobody of ours lives.
const PLACE: &str = "13101";

/// What a person may know of a card: what is printed on it, and its numbers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Facts {
    /// Its name on the rack.
    pub name: String,
    /// Why it is there.
    pub about: String,
    /// What it is.
    pub make: Make,
    /// 氏名, if it is text.
    pub full_name: Option<String>,
    /// 住所.
    pub address: Option<String>,
    /// 生年月日, eight characters.
    pub birth: Option<String>,
    /// 性別 as its code.
    pub sex: Option<String>,
    /// Serial number of the user-authentication certificate, hexadecimal.
    pub serial: String,
    /// 有効期限 of the card.
    pub expiry: Option<Date>,
    /// Security code below the photograph.
    pub code: String,
    /// 照合番号B, 14 digits.
    pub face: String,
    /// 券面事項入力補助用の暗証番号.
    pub text: String,
    /// 利用者証明用の暗証番号.
    pub authentication: String,
    /// First and last day of the certificate.
    pub days: (Date, Date),
}

/// Four authorities: for either use, real-looking and test.
struct Authorities {
    authentication: [Option<Authority>; 2],
    signature: [Option<Authority>; 2],
}

/// All cards.
pub struct Rack {
    rows: Vec<Row>,
    keys: Keys,
    today: Date,
    authorities: OnceLock<Authorities>,
    made: Mutex<BTreeMap<String, Machine>>,
}

impl std::fmt::Debug for Rack {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(self.names()).finish()
    }
}

/// The keys of the cards, PEM, each parsed once.
struct Keys {
    authentication: Vec<(String, Arc<Key>)>,
    signature: (String, Arc<Key>),
    authorities: [String; 2],
}

impl Rack {
    /// What is built into the binary; certificates that end soon end soon
    /// after `today`.
    ///
    /// # Panics
    /// If the built-in files are wrong, which a test excludes.
    pub fn built_in(today: Date) -> Self {
        match Self::parse(&Texts::built_in(), today) {
            Ok(rack) => rack,
            Err(error) => panic!("built-in cards: {error}"),
        }
    }

    /// From the `cards` of a fixture directory. A file that is not there is
    /// taken from the binary.
    pub fn load(dir: &Path, today: Date) -> Result<Self, FixtureError> {
        Self::parse(&Texts::from_dir(dir)?, today)
    }

    /// From texts. The error names file and line.
    pub fn parse(texts: &Texts, today: Date) -> Result<Self, FixtureError> {
        let rows = check::rows(texts)?;
        let key = |pem: &String| (pem.clone(), Arc::new(Key::new(pem)));
        let keys = Keys {
            authentication: texts.authentication.iter().map(key).collect(),
            signature: key(&texts.signature),
            authorities: texts.authorities.clone(),
        };
        Ok(Self {
            rows,
            keys,
            today,
            authorities: OnceLock::new(),
            made: Mutex::new(BTreeMap::new()),
        })
    }

    /// Names of all cards, in the order of the files.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.rows.iter().map(|row| row.name.get_ref().as_str())
    }

    /// A fresh card of this name: all tries as in the file, powered, on the
    /// reader.
    pub fn named(&self, name: &str) -> Option<Machine> {
        let row = self.row(name)?;
        let mut made = self.made.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(machine) = made.get(name) {
            return Some(machine.clone());
        }
        let machine = Machine::new(Arc::new(self.image(row)?), row.manner.into());
        made.insert(name.to_owned(), machine.clone());
        Some(machine)
    }

    /// What a person may know of a card.
    pub fn facts(&self, name: &str) -> Option<Facts> {
        let row = self.row(name)?;
        let birth = row.birth.clone().unwrap_or_default();
        Some(Facts {
            name: name.to_owned(),
            about: row.about.clone(),
            make: row.kind,
            full_name: row.full_name.clone(),
            address: row.address.clone(),
            sex: row.sex.clone(),
            serial: row
                .serial
                .as_ref()
                .map(|it| it.get_ref().clone())
                .unwrap_or_default(),
            expiry: row.expiry,
            code: row.code.clone().unwrap_or_default(),
            face: check::face(row),
            text: row.pins.text.clone(),
            authentication: row.pins.authentication.clone(),
            days: days(row.certificate, &birth, self.today),
            birth: row.birth.clone(),
        })
    }

    /// EF 000B of the card: what its certificate is signed by, DER.
    pub fn authority(&self, test: bool) -> Option<&[u8]> {
        let authorities = self.authorities();
        let authority = authorities.authentication[usize::from(test)].as_ref()?;
        Some(authority.der())
    }

    fn row(&self, name: &str) -> Option<&Row> {
        self.rows.iter().find(|row| row.name.get_ref() == name)
    }

    fn authorities(&self) -> &Authorities {
        self.authorities.get_or_init(|| {
            let [authentication, signature] = &self.keys.authorities;
            let both =
                |of, pem| [false, true].map(|test| Authority::new(of, test, pem, self.today));
            Authorities {
                authentication: both(Use::Authentication, authentication),
                signature: both(Use::Signature, signature),
            }
        })
    }

    fn image(&self, row: &Row) -> Option<Image> {
        let nature = match row.kind {
            Make::Iphone => Nature::Iphone,
            Make::Transport => Nature::Memory(vec![0x01, 0x12, 0x23, 0x34, 0x45, 0x56, 0x67, 0x78]),
            _ => Nature::Smart,
        };
        Some(Image {
            name: row.name.get_ref().clone(),
            atr: check::atr(row),
            mute: row.kind == Make::Mute,
            nature,
            applets: self.applets(row)?,
        })
    }

    fn applets(&self, row: &Row) -> Option<Vec<Applet>> {
        let mut applets = vec![contents::issuer()];
        match row.kind {
            Make::MyNumber | Make::Bare | Make::WithLicence => {
                let printed = printed(row);
                applets.extend([
                    printed.common(),
                    contents::juki(),
                    printed.card_face(),
                    printed.text(),
                ]);
                if row.kind != Make::Bare {
                    applets.push(self.jpki(row, "JPKIAPICCTOKEN2")?);
                }
                if row.kind == Make::WithLicence {
                    applets.extend(contents::licence());
                }
            }
            Make::Android => applets.push(self.jpki(row, "JPKIAPGPSETOKEN")?),
            Make::Iphone => applets.push(self.jpki(row, "JPKIAPIOSTOKEN")?),
            Make::Stranger => applets.push(self.jpki(row, "JPKIAPXXXTOKEN9")?),
            Make::Juki => applets.extend([contents::juki(), self.jpki(row, "JPKIAPICCTOKEN")?]),
            Make::Licence => applets.extend(contents::licence()),
            Make::Residence => applets.extend(contents::residence()),
            Make::Bank => applets.extend(contents::bank()),
            Make::Transport | Make::Other | Make::Mute => {}
        }
        Some(applets)
    }

    fn jpki(&self, row: &Row, token: &'static str) -> Option<Applet> {
        let number = row.key.as_ref().map_or(1, |key| *key.get_ref());
        let (pem, key) = self.keys.authentication.get(number.checked_sub(1)?)?;
        let birth = row.birth.as_deref().unwrap_or_default();
        let (from, to) = days(row.certificate, birth, self.today);
        let serial = check::serial(row);
        let subject = Subject {
            serial: &serial,
            place: PLACE,
            from,
            to,
        };
        let test = usize::from(row.test_hierarchy);
        let authority = self.authorities().authentication[test].as_ref()?;
        let signing = self.authorities().signature[test].as_ref()?;
        let authentication = match row.certificate {
            Ends::None => Some(Vec::new()),
            Ends::Missing => None,
            Ends::Garbled => Some([&[0x30, 0x82, 0x01, 0x00][..], &[0x55; 0x100]].concat()),
            _ => Some(authority.issue(pem, &subject)?),
        };
        let mut other = serial.clone();
        if let Some(last) = other.last_mut() {
            *last ^= 0x01;
        }
        let signature = match row.certificate {
            Ends::None | Ends::Missing | Ends::Garbled => None,
            _ => Some(signing.issue(
                &self.keys.signature.0,
                &Subject {
                    serial: &other,
                    ..subject.clone()
                },
            )?),
        };
        let jpki = Jpki {
            token,
            authentication,
            authentication_ca: authority.der().to_vec(),
            signature,
            signature_ca: signing.der().to_vec(),
            key: Arc::clone(key),
            signing: Arc::clone(&self.keys.signature.1),
            pin: pin(
                &row.pins.authentication,
                Tries::MOST.authentication,
                row.tries.authentication,
            ),
            password: pin(
                &row.pins.signature,
                Tries::MOST.signature,
                row.tries.signature,
            ),
            phone: matches!(row.kind, Make::Android | Make::Iphone),
        };
        Some(jpki.applet())
    }
}

fn pin(value: &str, most: u8, left: u8) -> Pin {
    Pin {
        value: value.to_owned(),
        most,
        left,
    }
}

fn printed(row: &Row) -> Printed {
    let bytes = |text: &Option<String>| text.as_ref().map(|text| text.clone().into_bytes());
    let expiry = row.expiry.map(|day| day.strftime("%Y%m%d").to_string());
    let serial: u64 = check::serial(row)
        .iter()
        .fold(0, |sum, byte| (sum << 8) | u64::from(*byte));
    Printed {
        four: Four {
            name: check::raw_name(row).or_else(|| bytes(&row.full_name)),
            address: bytes(&row.address),
            birth: bytes(&row.birth),
            sex: bytes(&row.sex),
        },
        lengths: if row.wide {
            Lengths::Wide
        } else {
            Lengths::Least
        },
        face: pin(&check::face(row), Tries::MOST.face, row.tries.face),
        text: pin(&row.pins.text, Tries::MOST.text, row.tries.text),
        expiry: expiry.unwrap_or_else(|| "99999999".to_owned()),
        place: PLACE.to_owned(),
        number: format!("{serial:015}"),
    }
}

#[cfg(test)]
mod tests;
