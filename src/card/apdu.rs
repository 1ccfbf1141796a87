//! Every command this program can say to a card: built from enums, so that
//! what may never be asked (section 2.6) has no way of being written down.

use crate::domain::card::KeyKind;
use crate::domain::secret::Secret;
use zeroize::Zeroizing;

/// Most bytes of one answer; every reader carries as many (section 8.1).
pub const BLOCK: usize = 256;

/// DigestInfo of a SHA-256 hash, up to the hash.
pub const DIGEST_INFO: [u8; 19] = [
    0x30, 0x31, 0x30, 0x0D, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01, 0x05,
    0x00, 0x04, 0x20,
];

/// An application that may be selected, always by its whole name: a part of
/// one can land elsewhere (section 2.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum App {
    /// 公的個人認証AP.
    Jpki,
    /// 券面事項入力補助AP.
    Text,
    /// 共通カードAP.
    Common,
    /// 運転免許証: the three names it goes by.
    Licence(Nth),
    /// 在留カード: the three names it goes by.
    Residence(Nth),
    /// Payment systems of a chip card, contactless and contact.
    Bank {
        /// `2PAY` rather than `1PAY`.
        contactless: bool,
    },
}

/// One of three.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Nth {
    /// The first.
    One,
    /// The second.
    Two,
    /// The third.
    Three,
}

impl Nth {
    /// All three.
    pub const ALL: [Self; 3] = [Self::One, Self::Two, Self::Three];
}

impl App {
    /// Every one of them.
    pub const ALL: [Self; 11] = [
        Self::Jpki,
        Self::Text,
        Self::Common,
        Self::Licence(Nth::One),
        Self::Licence(Nth::Two),
        Self::Licence(Nth::Three),
        Self::Residence(Nth::One),
        Self::Residence(Nth::Two),
        Self::Residence(Nth::Three),
        Self::Bank { contactless: true },
        Self::Bank { contactless: false },
    ];

    /// Its name on the card.
    pub fn aid(self) -> &'static [u8] {
        match self {
            Self::Jpki => b"\xD3\x92\xF0\x00\x26\x01\x00\x00\x00\x01",
            Self::Text => b"\xD3\x92\x10\x00\x31\x00\x01\x01\x04\x08",
            Self::Common => b"\xD3\x92\x10\x00\x31\x00\x01\x01\x01\x00",
            Self::Licence(Nth::One) => b"\xA0\0\0\x02\x31\x01\0\0\0\0\0\0\0\0\0\0",
            Self::Licence(Nth::Two) => b"\xA0\0\0\x02\x31\x02\0\0\0\0\0\0\0\0\0\0",
            Self::Licence(Nth::Three) => b"\xA0\0\0\x02\x48\x03\0\0\0\0\0\0\0\0\0\0",
            Self::Residence(Nth::One) => b"\xD3\x92\xF0\x00\x4F\x02\0\0\0\0\0\0\0\0\0\0",
            Self::Residence(Nth::Two) => b"\xD3\x92\xF0\x00\x4F\x03\0\0\0\0\0\0\0\0\0\0",
            Self::Residence(Nth::Three) => b"\xD3\x92\xF0\x00\x4F\x04\0\0\0\0\0\0\0\0\0\0",
            Self::Bank { contactless: true } => b"2PAY.SYS.DDF01",
            Self::Bank { contactless: false } => b"1PAY.SYS.DDF01",
        }
    }
}

/// A file that may be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Content {
    /// Token information (JPKI 0006).
    Token,
    /// 利用者証明用電子証明書 (JPKI 000A).
    Certificate,
    /// The four (text 0002).
    Four,
}

impl Content {
    /// Its identifier; the short one is the same.
    pub fn id(self) -> u8 {
        match self {
            Self::Token => 0x06,
            Self::Certificate => 0x0A,
            Self::Four => 0x02,
        }
    }
}

/// Identifier of a key's file; the short one is the same.
pub fn key_id(key: KeyKind) -> u8 {
    match key {
        KeyKind::Face => 0x15,
        KeyKind::Pin => 0x11,
        KeyKind::Authentication => 0x18,
    }
}

/// The private key for user authentication (JPKI 0017).
pub const SIGNING_KEY: u8 = 0x17;

/// How a file is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum By {
    /// By its short identifier, in the same command (saves the SELECT).
    Short,
    /// As the selected one.
    Selected,
}

/// One command.
#[derive(Debug, Clone, Copy)]
pub enum Command<'a> {
    /// SELECT an application.
    Select(App),
    /// SELECT a file to read.
    File(Content),
    /// SELECT a key.
    Key(KeyKind),
    /// SELECT the private key for user authentication.
    SigningKey,
    /// READ BINARY.
    Read {
        /// What.
        content: Content,
        /// How it is meant.
        by: By,
        /// From here: at most 255 by short identifier, 32,767 otherwise.
        offset: u16,
        /// So many bytes, 1 to [`BLOCK`].
        most: usize,
    },
    /// READ RECORD 1 of the card information (common 0001).
    CardInfo,
    /// VERIFY without data: how many tries are left?
    Tries {
        /// Of which key.
        key: KeyKind,
        /// How it is meant.
        by: By,
    },
    /// VERIFY.
    Verify {
        /// Which key.
        key: KeyKind,
        /// How it is meant.
        by: By,
        /// Its digits, whose form has been checked.
        digits: &'a Secret,
    },
    /// COMPUTE DIGITAL SIGNATURE over a SHA-256 hash.
    Sign(&'a [u8; 32]),
}

impl Command<'_> {
    /// The bytes; wiped when dropped, for a VERIFY holds its key.
    pub fn bytes(&self) -> Zeroizing<Vec<u8>> {
        let file = |id: u8| vec![0x00, 0xA4, 0x02, 0x0C, 0x02, 0x00, id];
        // Room for the longest, so that no copy is left behind by growing.
        let mut out = Zeroizing::new(Vec::with_capacity(64));
        match *self {
            Self::Select(app) => {
                let aid = app.aid();
                out.extend([0x00, 0xA4, 0x04, 0x0C, short_len(aid.len())]);
                out.extend(aid);
            }
            Self::File(content) => out.extend(file(content.id())),
            Self::Key(key) => out.extend(file(key_id(key))),
            Self::SigningKey => out.extend(file(SIGNING_KEY)),
            Self::Read {
                content,
                by,
                offset,
                most,
            } => {
                let [high, low] = offset.to_be_bytes();
                let p1 = match by {
                    By::Short => 0x80 | content.id(),
                    By::Selected => high & 0x7F,
                };
                out.extend([0x00, 0xB0, p1, low, short_len(most)]);
            }
            Self::CardInfo => out.extend([0x00, 0xB2, 0x01, 0x0C, 0x00]),
            Self::Tries { key, by } => out.extend([0x00, 0x20, 0x00, key_reference(key, by)]),
            Self::Verify { key, by, digits } => {
                let digits = digits.reveal().as_bytes();
                let p2 = key_reference(key, by);
                out.extend([0x00, 0x20, 0x00, p2, short_len(digits.len())]);
                out.extend(digits);
            }
            Self::Sign(hash) => {
                let len = DIGEST_INFO.len() + hash.len();
                out.extend([0x80, 0x2A, 0x00, 0x80, short_len(len)]);
                out.extend(DIGEST_INFO);
                out.extend(hash);
                out.push(0x00);
            }
        }
        out
    }

    /// What it is called in a log and in a message: the instruction and the
    /// file, never data.
    pub fn name(&self) -> String {
        match *self {
            Self::Select(app) => format!("SELECT {app:?}"),
            Self::File(content) => format!("SELECT {:04X}", content.id()),
            Self::Key(key) => format!("SELECT {:04X}", key_id(key)),
            Self::SigningKey => format!("SELECT {SIGNING_KEY:04X}"),
            Self::Read { content, .. } => format!("READ {:04X}", content.id()),
            Self::CardInfo => "READ RECORD 0001".to_owned(),
            Self::Tries { key, .. } => format!("TRIES {:04X}", key_id(key)),
            Self::Verify { key, .. } => format!("VERIFY {:04X}", key_id(key)),
            Self::Sign(_) => "SIGN".to_owned(),
        }
    }

    /// Whether it may be said again with another length.
    pub fn is_read(&self) -> bool {
        matches!(self, Self::Read { .. } | Self::CardInfo)
    }
}

fn key_reference(key: KeyKind, by: By) -> u8 {
    match by {
        By::Short => 0x80 | key_id(key),
        By::Selected => 0x80,
    }
}

/// A length as one byte; 256 is zero.
fn short_len(len: usize) -> u8 {
    u8::try_from(len).unwrap_or(0)
}

/// What a card answered: bytes, wiped when dropped, and a status word.
pub struct Answer {
    /// Without the status word.
    pub data: Zeroizing<Vec<u8>>,
    /// The status word.
    pub status: u16,
}

impl Answer {
    /// Done; 6282 says that the file ended before the asked length.
    pub fn done(&self) -> bool {
        matches!(self.status, 0x9000 | 0x6282)
    }
}

/// What a status word says of a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyStatus {
    /// So many tries are left.
    Left(u8),
    /// Not counted (6300).
    Uncounted,
    /// None are left: 63C0, 6983 or 6984.
    Blocked,
    /// Something else.
    Odd,
}

impl KeyStatus {
    /// Of a status word that is not 9000.
    pub fn of(status: u16) -> Self {
        match status {
            0x63C0 | 0x6983 | 0x6984 => Self::Blocked,
            0x63C1..=0x63CF => Self::Left((status & 0x0F) as u8),
            0x6300 => Self::Uncounted,
            _ => Self::Odd,
        }
    }
}
