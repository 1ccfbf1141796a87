//! The protocol of `card` against the virtual card: what is asked, in which
//! order, how often, and what becomes of every wrong answer.

#[path = "card_protocol/apdus.rs"]
mod apdus;
#[path = "card_protocol/four.rs"]
mod four;
#[path = "card_protocol/keys.rs"]
mod keys;
#[path = "card_protocol/kinds.rs"]
mod kinds;
#[path = "card_protocol/proof.rs"]
mod proof;
#[path = "card_protocol/scripted.rs"]
mod scripted;
#[path = "card_protocol/swaps.rs"]
mod swaps;

use jiff::civil::{Date, date};
use madoguchi::domain::card::{Face, Key};
use madoguchi::domain::secret::Secret;
use madoguchi::simulator::card::{Asked, Machine, Rack};
use std::sync::OnceLock;

/// The day the cards are seen from.
const TODAY: Date = date(2026, 11, 20);

fn rack() -> &'static Rack {
    static RACK: OnceLock<Rack> = OnceLock::new();
    RACK.get_or_init(|| Rack::built_in(TODAY))
}

fn card(name: &str) -> Machine {
    rack().named(name).expect(name)
}

fn secret(text: &str) -> Secret {
    Secret::new(text.to_owned())
}

/// What the face of a card gives: 照合番号B.
fn face(name: &str) -> Key {
    let facts = rack().facts(name).expect(name);
    let birth = facts.birth.unwrap_or_default();
    Key::Face(Face {
        birth: Date::strptime("%Y%m%d", birth).expect("a day"),
        expiry_year: facts.expiry.expect("an expiry").year(),
        code: secret(&facts.code),
        western: false,
    })
}

/// 券面事項入力補助用の暗証番号 of a card.
fn pin(name: &str) -> Key {
    Key::Pin(secret(&rack().facts(name).expect(name).text))
}

/// What was asked, in short: instruction and file, `+` with data.
fn steps(log: &[Asked]) -> Vec<String> {
    let step = |asked: &Asked| {
        let file = asked.file.unwrap_or_default();
        match asked.ins {
            0xA4 if asked.p1 == 4 => format!("select {:?}", asked.app),
            0xA4 => format!("file {file:04X}"),
            0xB0 => format!("read {file:04X}"),
            0xB2 => format!("record {file:04X}"),
            0x20 if asked.sent > 0 => format!("verify {file:04X}"),
            0x20 => format!("tries {file:04X}"),
            0x2A => "sign".to_owned(),
            0xC0 => "fetch".to_owned(),
            ins => format!("{ins:02X}"),
        }
    };
    let short = |text: String| text.replace("Some(", "").replace(')', "");
    log.iter().map(step).map(short).collect()
}

fn attempts(log: &[Asked]) -> usize {
    log.iter().filter(|asked| asked.attempts()).count()
}
