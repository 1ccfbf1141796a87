//! A card whose answers are not its own: what it was asked reaches the card
//! and is written down there, what comes back is something else.

use crate::list::{READ, RECORD, SELECT, SIGN, VERIFY};
use madoguchi::card::chip::{Broken, Chip};
use madoguchi::simulator::card::{App, Asked, Machine};

/// In place of an answer.
pub const LIES: [&[u8]; 22] = [
    &[],
    &[0x90],
    &[0x90, 0x00],
    &[0x62, 0x82],
    &[0x63, 0x00],
    &[0x63, 0xC0],
    &[0x63, 0xC1],
    &[0x63, 0xCA],
    &[0x69, 0x82],
    &[0x69, 0x83],
    &[0x69, 0x84],
    &[0x69, 0x86],
    &[0x6A, 0x82],
    &[0x6A, 0x86],
    &[0x6B, 0x00],
    &[0x6C, 0x01],
    &[0x61, 0x10],
    &[0x61, 0x00],
    &[0x6F, 0x00],
    // Objects that say to be longer than they are.
    &[0x30, 0x82, 0x7F, 0xFF, 0x02, 0x90, 0x00],
    &[
        0xFF, 0x20, 0x82, 0x1F, 0xFF, 0xDF, 0x21, 0x08, 0x00, 0x01, 0x90, 0x00,
    ],
    b"JPKIAPICCTOKEN2                 \x90\x00",
];

/// Lies once.
pub struct Liar<'a> {
    card: &'a mut Machine,
    left: u32,
    lie: &'a [u8],
}

impl<'a> Liar<'a> {
    /// At the command of that number, from 1.
    pub fn new(card: &'a mut Machine, at: u32, lie: &'a [u8]) -> Self {
        Self {
            card,
            left: at,
            lie,
        }
    }
}

impl Chip for Liar<'_> {
    fn transmit(&mut self, command: &[u8]) -> Result<Vec<u8>, Broken> {
        let answer = self.card.transmit(command);
        self.left = self.left.wrapping_sub(1);
        if self.left == 0 {
            return Ok(self.lie.to_vec());
        }
        answer
    }
}

/// Says anything, again and again.
pub struct Mumbler<'a> {
    card: &'a mut Machine,
    chance: fastrand::Rng,
}

impl<'a> Mumbler<'a> {
    /// The same for the same seed.
    pub fn new(card: &'a mut Machine, seed: u64) -> Self {
        Self {
            card,
            chance: fastrand::Rng::with_seed(seed),
        }
    }
}

impl Chip for Mumbler<'_> {
    fn transmit(&mut self, command: &[u8]) -> Result<Vec<u8>, Broken> {
        let answer = self.card.transmit(command);
        match self.chance.u8(..6) {
            0 => Ok(LIES[self.chance.usize(..LIES.len())].to_vec()),
            1 => {
                let mut bytes = vec![0; self.chance.usize(..300)];
                self.chance.fill(&mut bytes);
                bytes.extend([0x90, 0x00]);
                Ok(bytes)
            }
            _ => answer,
        }
    }
}

/// Writes down what is asked, with what the answers say is selected: a card
/// that lies has its own idea of that.
pub struct Witness<'a> {
    chip: &'a mut dyn Chip,
    app: Option<App>,
    file: Option<u16>,
    pub log: Vec<Asked>,
}

impl<'a> Witness<'a> {
    pub fn new(chip: &'a mut dyn Chip) -> Self {
        Self {
            chip,
            app: None,
            file: None,
            log: Vec::new(),
        }
    }
}

impl Chip for Witness<'_> {
    fn transmit(&mut self, command: &[u8]) -> Result<Vec<u8>, Broken> {
        let [cla, ins, p1, p2, ref rest @ ..] = *command else {
            panic!("{command:02X?} is no command");
        };
        let data = match rest {
            [length, data @ ..] if !data.is_empty() => {
                data.get(..usize::from(*length)).unwrap_or(data)
            }
            _ => &[],
        };
        let short = |id: u8| Some(u16::from(id & 0x1F));
        let (mut app, mut file) = (self.app, self.file);
        match (ins, data) {
            (SELECT, name) if p1 == 0x04 => {
                app = match name {
                    [0xD3, 0x92, 0xF0, 0x00, 0x26, ..] => Some(App::Jpki),
                    [0xD3, 0x92, 0x10, .., 0x04, 0x08] => Some(App::Text),
                    [0xD3, 0x92, 0x10, .., 0x01, 0x00] => Some(App::Common),
                    [0xD3, 0x92, 0x10, .., 0x04, 0x01] => Some(App::Juki),
                    [0xD3, 0x92, 0x10, ..] => Some(App::Face),
                    _ => Some(App::Foreign),
                };
                file = None;
            }
            (SELECT, [high, low]) => file = Some(u16::from_be_bytes([*high, *low])),
            (READ, _) if p1 & 0x80 != 0 => file = short(p1),
            (RECORD, _) if p2 >> 3 != 0 => file = short(p2 >> 3),
            (VERIFY | SIGN, _) if p2 & 0x1F != 0 => file = short(p2),
            _ => {}
        }
        self.log.push(Asked {
            cla,
            ins,
            p1,
            p2,
            app,
            file,
            name: if ins == SELECT {
                data.to_vec()
            } else {
                Vec::new()
            },
            sent: data.len(),
            status: 0,
            trip: None,
        });
        let answer = self.chip.transmit(command);
        if let Ok([.., 0x90 | 0x61, _] | [.., 0x62, 0x82]) = answer.as_deref() {
            (self.app, self.file) = (app, file);
        }
        answer
    }
}
