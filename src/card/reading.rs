//! What is asked of a card, in which order, and nothing more than that.
//!
//! **The four, with the key at hand**: eight commands to the name.
//!
//! | | command | why it cannot be left out |
//! | --- | --- | --- |
//! | 1 | SELECT JPKI | the certificate lies there |
//! | 2 | READ 000A, 40 bytes | the serial number: whose card it is, before |
//! | 3 | SELECT text | the four lie there; no other kind of card has it, so that it tells the kind too |
//! | 4 | TRIES | asked before every attempt (section 1, rule 5) |
//! | 5 | VERIFY | opens the four |
//! | 6 | READ 0002, 256 bytes | the four; a second read only above 256 bytes |
//! | 7 | SELECT JPKI | READ by short identifier stays within its application |
//! | 8 | READ 000A, 40 bytes | the serial number again: still the same card (section 8.6) |
//!
//! Short identifiers save the SELECT before each READ, TRIES and VERIFY; a card
//! that refuses them is gone on with the long way, at one SELECT each. The token's
//! name (SELECT, READ) is only asked where text is missing, to name the kind.
//! After a [`Stay::look`] over the same connection 1 and 2 are known already.
//!
//! **The look, without a PIN**: SELECT JPKI, READ 0006, READ 000A in blocks (seven
//! for 1.6 kB), SELECT common, READ RECORD, SELECT JPKI, READ 000A again.

mod attempt;

use super::apdu::{App, Command, Content};
use super::certificate;
use super::chip::Chip;
use super::gate::Gate;
use super::kind::{self, Met};
use crate::domain::card::{Certificate, Four, Key, Kind, Trouble};
use jiff::civil::Date;
use zeroize::Zeroizing;

pub use super::kind::is_memory;

/// Bytes at the beginning of a certificate that hold its serial number
/// whatever its length.
const MARK: usize = 40;

/// What a card says without a PIN.
#[derive(Clone, PartialEq, Eq)]
pub struct Look {
    /// What it is.
    pub kind: Kind,
    /// The token's name, cleaned; empty without one.
    pub token: String,
    /// The user-authentication certificate; `None` where there is none, or
    /// the card keeps it closed.
    pub certificate: Option<Certificate>,
    /// Its serial number, decimal; empty without one.
    pub serial: String,
    /// The card's own expiry, if it says one.
    pub expiry: Option<Date>,
}

impl Look {
    /// Of a card that gave no answer at all.
    pub fn bare(kind: Kind) -> Self {
        Self {
            kind,
            token: String::new(),
            certificate: None,
            serial: String::new(),
            expiry: None,
        }
    }
}

impl std::fmt::Debug for Look {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Look")
            .field("kind", &self.kind)
            .field("certificate", &self.certificate)
            .finish_non_exhaustive()
    }
}

/// Whose card it is, as bytes to compare: the beginning of the certificate, or
/// the card information of a card without one. Never shown, never kept beyond
/// the card's stay.
#[derive(Clone, PartialEq, Eq)]
pub struct Mark(Zeroizing<Vec<u8>>);

impl std::fmt::Debug for Mark {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Mark(…)")
    }
}

/// Looks at a card without a PIN. `atr` is what the reader gave for it.
pub fn look(chip: &mut dyn Chip, atr: &[u8]) -> Result<Look, Trouble> {
    Stay::new(chip).look(atr)
}

/// Reads the four, and tells how many tries were left before; `confirmed`: with
/// so few left a person has said that it shall be tried.
pub fn four(
    chip: &mut dyn Chip,
    key: &Key,
    confirmed: Option<u8>,
) -> Result<(Four, Option<u8>), Trouble> {
    Stay::new(chip).four(key, confirmed)
}

/// One card during one connection: every operation over it is of the same
/// person's card, or fails.
pub struct Stay<'a> {
    pub(super) gate: Gate<'a>,
    /// Whose it is, once known.
    mark: Option<Mark>,
    /// The mark is of this connection.
    met: bool,
    /// It shows its certificate only after a PIN: the next connection, which
    /// begins without one, would not find a mark made of it.
    pub(super) closed: bool,
}

impl<'a> Stay<'a> {
    /// A card that has just been powered.
    pub fn new(chip: &'a mut dyn Chip) -> Self {
        Self {
            gate: Gate::new(chip),
            mark: None,
            met: false,
            closed: false,
        }
    }

    /// The same, when it has to be a card that was met before: another one
    /// ends in [`Trouble::NoCard`] before a key is tried.
    pub fn of(chip: &'a mut dyn Chip, mark: Mark) -> Self {
        Self {
            mark: Some(mark),
            ..Self::new(chip)
        }
    }

    /// Whether more can be asked over this connection: after a wrong key yes,
    /// after anything that may have been a change of cards no.
    pub fn alive(&self) -> bool {
        self.gate.alive()
    }

    /// Whose card it is, once a look or a reading has ended well.
    pub fn mark(&self) -> Option<Mark> {
        self.mark.clone()
    }

    /// Everything a card says without a PIN.
    pub fn look(&mut self, atr: &[u8]) -> Result<Look, Trouble> {
        let Met { kind, token } = kind::identify(&mut self.gate, atr)?;
        let mut look = Look {
            token,
            ..Look::bare(kind)
        };
        if matches!(kind, Kind::MyNumber | Kind::Android | Kind::Iphone) {
            let object = self.gate.object(Content::Certificate)?;
            if object.done() {
                self.meets_certificate(&object.data)?;
                if let Some(parsed) = certificate::parse(&object.data) {
                    look.certificate = Some(parsed.certificate);
                    look.serial = parsed.serial;
                }
            }
        }
        if matches!(kind, Kind::MyNumber | Kind::MyNumberBare) {
            let info = self.card_info()?;
            look.expiry = info.as_ref().and_then(|info| expiry(info));
            if !self.met {
                self.meets(info.map(Mark))?;
            }
            self.same()?;
        }
        self.expected()?;
        Ok(look)
    }

    /// The four, and the tries that were left before.
    pub fn four(
        &mut self,
        key: &Key,
        confirmed: Option<u8>,
    ) -> Result<(Four, Option<u8>), Trouble> {
        let digits = key.digits().ok_or(Trouble::BadKey { key: key.kind() })?;
        if !self.met {
            let mark = self.touch()?;
            self.meets(mark)?;
        }
        if !self.gate.select(App::Text)? {
            return Err(self.wrong_kind());
        }
        let left = self.open(key.kind(), &digits, confirmed)?;
        let object = self.gate.object(Content::Four)?;
        if !object.done() {
            return Err(self.gate.odd(&Command::File(Content::Four), object.status));
        }
        self.same()?;
        let four = super::four::parse(&object.data).ok_or_else(|| Trouble::Garbled {
            file: "券面事項".to_owned(),
        })?;
        Ok((four, left))
    }

    /// Whose card lies there now; `None` where nothing tells.
    fn touch(&mut self) -> Result<Option<Mark>, Trouble> {
        if !self.closed && self.gate.select(App::Jpki)? {
            let head = self.gate.head(Content::Certificate, MARK)?;
            if head.done()
                && let Some(mark) = mark_of(&head.data)
            {
                return Ok(Some(mark));
            }
        }
        Ok(self.card_info()?.map(Mark))
    }

    /// Record 1 of the card information, as it is.
    fn card_info(&mut self) -> Result<Option<Zeroizing<Vec<u8>>>, Trouble> {
        if !self.gate.select(App::Common)? {
            return Ok(None);
        }
        let record = self.gate.call(&Command::CardInfo)?;
        Ok((record.done() && !record.data.is_empty()).then_some(record.data))
    }

    /// The first mark of this connection: of the card that was expected?
    fn meets(&mut self, mark: Option<Mark>) -> Result<(), Trouble> {
        if self.mark.is_some() && self.mark != mark {
            // Before anything was read it is another card, later a swap.
            let trouble = if self.met {
                Trouble::Lifted
            } else {
                Trouble::NoCard
            };
            return Err(self.gate.end(trouble));
        }
        self.met = mark.is_some();
        self.mark = mark;
        Ok(())
    }

    /// [`Stay::meets`] by the bytes of a certificate; filler tells nothing.
    pub(super) fn meets_certificate(&mut self, bytes: &[u8]) -> Result<(), Trouble> {
        match mark_of(bytes) {
            _ if self.closed => Ok(()),
            None => Ok(()),
            mark => self.meets(mark),
        }
    }

    /// A card that was expected and has not shown itself is not there.
    pub(super) fn expected(&mut self) -> Result<(), Trouble> {
        if self.met || self.mark.is_none() {
            return Ok(());
        }
        Err(self.gate.end(Trouble::NoCard))
    }

    /// Still the card this connection began with (section 8.6)? A card that
    /// tells nothing of itself is bound by the key it accepted: that is
    /// forgotten with the power.
    fn same(&mut self) -> Result<(), Trouble> {
        if self.met && self.touch()? != self.mark {
            return Err(self.gate.end(Trouble::Lifted));
        }
        Ok(())
    }

    /// A card without the text application: what is it?
    fn wrong_kind(&mut self) -> Trouble {
        match kind::identify(&mut self.gate, &[]) {
            // It says to be one and has no such application.
            Ok(Met {
                kind: Kind::MyNumber,
                ..
            }) => self.gate.odd(&Command::Select(App::Text), 0x6A82),
            Ok(Met { kind, .. }) => Trouble::WrongKind { kind },
            Err(trouble) => trouble,
        }
    }
}

/// The mark that a certificate's bytes begin with; none of filler.
pub(super) fn mark_of(bytes: &[u8]) -> Option<Mark> {
    let head = bytes.get(..MARK.min(bytes.len()))?;
    (head.first() == Some(&0x30)).then(|| Mark(Zeroizing::new(head.to_vec())))
}

/// The card's expiry from its information: `01 1C`, 15 digits of its number,
/// 5 of the municipality, 8 of the day.
fn expiry(record: &[u8]) -> Option<Date> {
    let digits = record.strip_prefix(b"\x01\x1C")?.get(20..28)?;
    Date::strptime("%Y%m%d", digits).ok()
}
