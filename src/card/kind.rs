//! Which card is it: by what its applications answer, in the order of section
//! 6.2, never by the ATR alone.

use super::apdu::{App, Content, Nth};
use super::gate::Gate;
use crate::domain::card::{Kind, Trouble};
use crate::text::clean::clean;

/// An ATR of a memory card (FeliCa, MIFARE) as readers make it up. Such a card
/// has no applications to ask.
const MEMORY: [u8; 5] = [0x3B, 0x8F, 0x80, 0x01, 0x80];

/// And what follows: the length of the reader maker's own bytes' tag.
const MEMORY_TAG: u8 = 0x4F;

/// Bytes of the token information that hold its name.
const NAME: usize = 32;

/// What a card turned out to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Met {
    /// What it is.
    pub kind: Kind,
    /// The token's name, cleaned; empty without one.
    pub token: String,
}

impl Met {
    fn bare(kind: Kind) -> Self {
        Self {
            kind,
            token: String::new(),
        }
    }
}

/// Asks the card what it is. Afterwards the JPKI application is selected if
/// the kind has one.
pub fn identify(gate: &mut Gate<'_>, atr: &[u8]) -> Result<Met, Trouble> {
    if is_memory(atr) {
        return Ok(Met::bare(Kind::Memory));
    }
    if gate.select(App::Jpki)? {
        return token(gate);
    }
    // Whatever the refusal was: a card of another kind may say anything.
    if gate.select(App::Text)? {
        return Ok(Met::bare(Kind::MyNumberBare));
    }
    stranger(gate).map(Met::bare)
}

/// Whether the reader made this ATR up for a memory card.
pub fn is_memory(atr: &[u8]) -> bool {
    atr.strip_prefix(&MEMORY)
        .is_some_and(|rest| rest.first() == Some(&MEMORY_TAG))
}

/// The name of a JPKI token, whose application is selected.
pub fn token(gate: &mut Gate<'_>) -> Result<Met, Trouble> {
    let answer = gate.head(Content::Token, NAME)?;
    let name = if answer.done() { &answer.data[..] } else { &[] };
    let name = name.get(..NAME).unwrap_or(name);
    let name = clean(&String::from_utf8_lossy(name).replace('\0', " "));
    let name = name.trim_end();
    Ok(Met {
        kind: match name {
            "JPKIAPICCTOKEN2" => Kind::MyNumber,
            "JPKIAPICCTOKEN" => Kind::Juki,
            "JPKIAPGPSETOKEN" => Kind::Android,
            "JPKIAPIOSTOKEN" => Kind::Iphone,
            _ => Kind::UnknownToken,
        },
        token: name.to_owned(),
    })
}

/// A card without 公的個人認証 and 券面事項: only for a friendlier message, and
/// only what answers to its own full name is called by it. A マイナンバーカード
/// that carries the licence too never comes here.
fn stranger(gate: &mut Gate<'_>) -> Result<Kind, Trouble> {
    for nth in Nth::ALL {
        if gate.select(App::Licence(nth))? {
            return Ok(Kind::Licence);
        }
    }
    for nth in Nth::ALL {
        if gate.select(App::Residence(nth))? {
            return Ok(Kind::Residence);
        }
    }
    for contactless in [true, false] {
        if gate.select(App::Bank { contactless })? {
            return Ok(Kind::Bank);
        }
    }
    Ok(Kind::Other)
}
