//! What stands on the cards: the files of sections 2.2 to 2.5, filled from a
//! row, and the applications of other cards.

use super::asked::App;
use super::file::{Applet, Body, NEVER, Pin};
use super::key::Key;
use super::object::{Lengths, filled};
use sha2::{Digest, Sha256};
use std::sync::Arc;

const JPKI: [u8; 10] = [0xD3, 0x92, 0xF0, 0x00, 0x26, 0x01, 0x00, 0x00, 0x00, 0x01];
const ISSUER: [u8; 7] = [0xA0, 0x00, 0x00, 0x01, 0x51, 0x00, 0x00];
const LICENCE: [&[u8]; 3] = [
    &[0xA0, 0, 0, 2, 0x31, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
    &[0xA0, 0, 0, 2, 0x31, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
    &[0xA0, 0, 0, 2, 0x48, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
];

/// Stands where the 個人番号 would: twelve digits that fail its check digit,
/// the same on every card, so that they can be looked for everywhere.
pub const TRAP: &str = "909090909090";

/// Version, extended lengths, vendor: as seen on cards.
const IDENTIFICATION: [u8; 4] = [0x06, 0x03, 0x0E, 0x01];

/// The shape of a key's name.
const KEY_ID: &[u8; 16] = b"9999999TS001TEST";

/// How a JPEG 2000 begins.
const PHOTOGRAPH: &[u8] = &[
    0x00, 0x00, 0x00, 0x0C, b'j', b'P', b' ', b' ', 0x0D, 0x0A, 0x87, 0x0A,
];

/// A one-dot picture.
const PICTURE: &[u8] = &[
    0x89, b'P', b'N', b'G', 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 13, b'I', b'H', b'D', b'R', 0, 0, 0,
    1, 0, 0, 0, 1, 8, 0, 0, 0, 0, 0x3A, 0x7E, 0x9B, 0x55, 0, 0, 0, 10, b'I', b'D', b'A', b'T',
    0x78, 0x9C, 0x63, 0xF8, 0x0F, 0, 1, 1, 1, 0, 0x1B, 0xB6, 0xEE, 0x56, 0, 0, 0, 0, b'I', b'E',
    b'N', b'D', 0xAE, 0x42, 0x60, 0x82,
];

fn application(last: [u8; 3]) -> [u8; 10] {
    let [a, b, c] = last;
    [0xD3, 0x92, 0x10, 0x00, 0x31, 0x00, 0x01, a, b, c]
}

/// The four, as bytes; `None` is missing.
#[derive(Debug, Clone, Default)]
pub(super) struct Four {
    pub(super) name: Option<Vec<u8>>,
    pub(super) address: Option<Vec<u8>>,
    pub(super) birth: Option<Vec<u8>>,
    pub(super) sex: Option<Vec<u8>>,
}

impl Four {
    fn parts(&self) -> [(u16, Option<Vec<u8>>); 4] {
        [
            (0xDF22, self.name.clone()),
            (0xDF23, self.address.clone()),
            (0xDF24, self.birth.clone()),
            (0xDF25, self.sex.clone()),
        ]
    }

    /// Text EF 0002 (section 4.1).
    pub(super) fn object(&self, lengths: Lengths) -> Vec<u8> {
        lengths.table(0xFF20, 0xDF21, &self.parts())
    }
}

/// What a person's card holds apart from JPKI.
pub(super) struct Printed {
    pub(super) four: Four,
    pub(super) lengths: Lengths,
    /// 照合番号B.
    pub(super) face: Pin,
    /// 券面事項入力補助用.
    pub(super) text: Pin,
    /// Of the card, `YYYYMMDD`.
    pub(super) expiry: String,
    /// Municipality code, 5 digits.
    pub(super) place: String,
    /// Card serial, 15 digits.
    pub(super) number: String,
}

/// What the JPKI application holds.
pub(super) struct Jpki {
    pub(super) token: &'static str,
    /// EF 000A; `None`: not there.
    pub(super) authentication: Option<Vec<u8>>,
    pub(super) authentication_ca: Vec<u8>,
    pub(super) signature: Option<Vec<u8>>,
    pub(super) signature_ca: Vec<u8>,
    pub(super) key: Arc<Key>,
    pub(super) signing: Arc<Key>,
    pub(super) pin: Pin,
    pub(super) password: Pin,
    /// EF 000A takes the PIN.
    pub(super) phone: bool,
}

impl Jpki {
    pub(super) fn applet(self) -> Applet {
        let present = |there: bool| if there { 0x8F } else { 0x00 };
        let flags = vec![
            present(self.signature.is_some()),
            present(self.authentication.as_ref().is_some_and(|it| it.len() > 1)),
            0x8F,
        ];
        let opened: &[u16] = if self.phone { &[0x0018] } else { &[] };
        let file = |der: Vec<u8>| filled(der, 0x100);
        let mut applet = Applet::new(App::Jpki, &JPKI)
            .bytes(0x0001, &[0x001B], file(self.signature.unwrap_or_default()))
            .bytes(0x0002, &[], file(self.signature_ca))
            .bytes(0x0006, &[], token(self.token))
            .bytes(0x0008, &[], flags)
            .bytes(0x0009, NEVER, vec![0; 16])
            .bytes(0x000B, &[], file(self.authentication_ca))
            .bytes(0x0016, &[], vec![0x00, 0x00])
            .with(0x0017, &[0x0018], Body::Key(self.key))
            .pin(0x0018, self.pin)
            .with(0x001A, &[0x001B], Body::Key(self.signing))
            .pin(0x001B, self.password);
        if let Some(der) = self.authentication {
            applet = applet.bytes(0x000A, opened, file(der));
        }
        applet
    }
}

/// Token information: 160 bytes, the name padded with spaces.
fn token(name: &str) -> Vec<u8> {
    let mut bytes =
        format!("{name:<32}{:<32}{:<16}{:<16}", "INVENTED", "TEST", "0001").into_bytes();
    bytes.resize(160, 0x00);
    bytes
}

fn blocked() -> Pin {
    Pin {
        value: String::new(),
        most: 3,
        left: 0,
    }
}

/// 照合番号A: the same on every card, and a trap.
fn trap() -> Pin {
    Pin {
        value: TRAP.to_owned(),
        most: 10,
        left: 10,
    }
}

/// An RSA-2048 public key that belongs to nothing.
fn public_key() -> Vec<u8> {
    let mut bytes = vec![0x90, 0x03, 0x01, 0x00, 0x01, 0x91, 0x82, 0x01, 0x00];
    bytes.resize(bytes.len() + 256, 0xC5);
    bytes
}

/// Opaque bytes where only the tag is known.
fn opaque(tag: u16, count: usize) -> Vec<u8> {
    let bytes: Vec<u8> = (0..count).map(|index| index as u8 ^ 0x5A).collect();
    filled(Lengths::Real.object(tag, &bytes), 0x40)
}

impl Printed {
    fn number_file(&self) -> Vec<u8> {
        let mut bytes = self.lengths.object(0xFF10, TRAP.as_bytes());
        bytes.extend([0xFF, 0xFF]);
        bytes
    }

    /// 券面事項入力補助AP (section 2.3).
    pub(super) fn text(&self) -> Applet {
        let number = self.number_file();
        let four = self.four.object(self.lengths);
        // The second hash leaves out the table of places.
        let bare: Vec<u8> = self
            .four
            .parts()
            .into_iter()
            .flat_map(|(tag, part)| {
                part.map(|part| self.lengths.object(tag, &part))
                    .unwrap_or_default()
            })
            .collect();
        let hashes = [
            Lengths::Real.object(0xDF31, &Sha256::digest(&number)),
            Lengths::Real.object(0xDF32, &Sha256::digest(&bare)),
            Lengths::Real.object(0xDF33, &[0; 256]),
        ]
        .concat();
        let information = [
            Lengths::Real.object(0xDF41, &IDENTIFICATION),
            Lengths::Real.object(0xDF42, KEY_ID),
            Lengths::Real.object(0xDF43, &[0xFF; 128]),
        ]
        .concat();
        let signed = [
            Lengths::Real.object(0xDF51, &public_key()),
            Lengths::Real.object(0xDF52, &[0; 256]),
        ]
        .concat();
        Applet::new(App::Text, &application([1, 4, 8]))
            .bytes(0x0001, &[0x0011, 0x0014], number)
            .bytes(0x0002, &[0x0011, 0x0015], filled(four, 0x40))
            .bytes(
                0x0003,
                &[0x0011, 0x0014, 0x0015],
                filled(Lengths::Real.object(0xFF30, &hashes), 0x40),
            )
            .bytes(0x0004, &[], opaque(0x7F21, 0x180))
            .bytes(
                0x0005,
                &[],
                filled(Lengths::Real.object(0xFF40, &information), 0x40),
            )
            .bytes(0x0006, &[0x0011, 0x0014, 0x0015], opaque(0xFF60, 0x109))
            .bytes(
                0x0007,
                &[0x0011, 0x0014, 0x0015],
                filled(Lengths::Real.object(0xFF50, &signed), 0x40),
            )
            .pin(0x0011, self.text.clone())
            .pin(0x0012, blocked())
            .pin(0x0014, trap())
            .pin(0x0015, self.face.clone())
    }

    /// 券面事項確認AP (section 2.4). Whether its 照合番号B has a counter of its
    /// own is unknown; here it has.
    pub(super) fn card_face(&self) -> Applet {
        let birth = self.four.birth.clone().unwrap_or_default();
        let first = [
            Lengths::Real.object(0xDF11, &birth),
            Lengths::Real.object(0xDF12, &public_key()),
            Lengths::Real.object(0xDF13, &[0; 256]),
        ]
        .concat();
        let picture = || Some(PICTURE.to_vec());
        let face = self.lengths.table(
            0xFF20,
            0xDF21,
            &[
                (0xDF22, Some(birth)),
                (0xDF23, self.four.sex.clone()),
                (0xDF24, Some(public_key())),
                (0xDF25, picture()),
                (0xDF26, picture()),
                (0xDF27, Some(PHOTOGRAPH.to_vec())),
                (0xDF28, Some(vec![0; 256])),
                (0xDF29, Some(self.expiry.clone().into_bytes())),
                (0xDF2A, picture()),
            ],
        );
        let information = [
            Lengths::Real.object(0xDF31, &IDENTIFICATION),
            Lengths::Real.object(0xDF32, KEY_ID),
            Lengths::Real.object(0xDF33, &[1]),
            Lengths::Real.object(0xDF34, self.place.as_bytes()),
            Lengths::Real.object(0xDF35, &[KEY_ID.as_slice(), &[0; 256]].concat()),
        ]
        .concat();
        let forbidden = [
            Lengths::Real.object(0xDF41, PICTURE),
            Lengths::Real.object(0xDF42, &public_key()),
            Lengths::Real.object(0xDF43, &[0; 256]),
        ]
        .concat();
        let birth_key = Pin {
            value: self.face.value.chars().take(6).collect(),
            ..self.face.clone()
        };
        Applet::new(App::Face, &application([1, 4, 2]))
            .bytes(
                0x0001,
                &[0x0011],
                filled(Lengths::Real.object(0xFF10, &first), 0x40),
            )
            .bytes(0x0002, &[0x0012, 0x0013], filled(face, 0x100))
            .bytes(
                0x0003,
                &[],
                filled(Lengths::Real.object(0xFF30, &information), 0x40),
            )
            .bytes(0x0004, &[], opaque(0x7F21, 0x180))
            .bytes(
                0x0005,
                &[0x0013],
                filled(Lengths::Real.object(0xFF40, &forbidden), 0x40),
            )
            .pin(0x0011, birth_key)
            .pin(0x0012, self.face.clone())
            .pin(0x0013, trap())
    }

    /// 共通カードAP (section 2.5): one record.
    pub(super) fn common(&self) -> Applet {
        let digits = format!("{}{}{}", self.number, self.place, self.expiry);
        let mut record = vec![0x01, u8::try_from(digits.len()).unwrap_or(u8::MAX)];
        record.extend(digits.into_bytes());
        Applet::new(App::Common, &application([1, 1, 0]))
            .with(0x0001, &[], Body::Records(vec![record]))
            .pin(0x001C, blocked())
    }
}

/// 住基AP: nothing of it is modelled but that it is there.
pub(super) fn juki() -> Applet {
    Applet::new(App::Juki, &application([1, 4, 1])).pin(0x001C, blocked())
}

/// What power-up selects.
pub(super) fn issuer() -> Applet {
    Applet::new(App::Issuer, &ISSUER)
}

fn foreign(names: &[&[u8]]) -> Vec<Applet> {
    names
        .iter()
        .map(|name| Applet::new(App::Foreign, name))
        .collect()
}

/// Applications of a driving licence (section 6.2).
pub(super) fn licence() -> Vec<Applet> {
    foreign(&LICENCE)
}

/// Applications of a residence card.
pub(super) fn residence() -> Vec<Applet> {
    [2, 3, 4]
        .into_iter()
        .map(|last| {
            let mut name = [0; 16];
            name[..7].copy_from_slice(&[0xD3, 0x92, 0xF0, 0x00, 0x4F, last, 0x00]);
            Applet::new(App::Foreign, &name)
        })
        .collect()
}

/// Directories of a bank card.
pub(super) fn bank() -> Vec<Applet> {
    foreign(&[b"1PAY.SYS.DDF01", b"2PAY.SYS.DDF01"])
}
