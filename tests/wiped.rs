//! SEC-18: a password or PIN that went over the link is nowhere in the memory
//! of the process once it has been used. Looks through the process's own
//! memory, and shows first that it finds what was not wiped.

#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, reason = "a test fails where it stands")]

use madoguchi::domain::card::Key;
use madoguchi::domain::secret::Secret;
use madoguchi::link::frame;
use madoguchi::link::message::{Ticket, ToDesk};
use std::fs::File;
use std::hint::black_box;
use std::io::{Read, Seek, SeekFrom};

/// Characters of what is looked for; made anew for every case, and never
/// written into the program.
const LENGTH: usize = 24;

/// Stands in memory nowhere as it is: every byte is turned around.
struct Needle(Vec<u8>);

impl Needle {
    fn of(seed: u64) -> Self {
        let mut rng = fastrand::Rng::with_seed(seed);
        let letters = (0..LENGTH).map(|_| rng.alphanumeric() as u8 ^ 0xff);
        Self(letters.collect())
    }

    /// With a quotation mark, which JSON takes apart.
    fn quoted(mut self) -> Self {
        self.0[4] = b'"' ^ 0xff;
        self
    }

    /// Written at once: no shorter copy is left.
    fn text(&self) -> String {
        let mut text = String::with_capacity(LENGTH);
        text.extend(self.0.iter().map(|byte| char::from(byte ^ 0xff)));
        text
    }

    fn secret(&self) -> Secret {
        Secret::new(self.text())
    }

    /// As the link writes it.
    fn digits(&self) -> Vec<u8> {
        let digit = |n: u8| b"0123456789abcdef"[usize::from(n)] ^ 0xff;
        self.0
            .iter()
            .flat_map(|byte| [digit((byte ^ 0xff) >> 4), digit((byte ^ 0xff) & 15)])
            .collect()
    }

    /// How often it stands in memory, as it is or as the link writes it.
    /// Twelve bytes in a row are enough: an allocator writes over the
    /// beginning of what is given back.
    fn found(&self) -> usize {
        let tail = &self.0[LENGTH - 12..];
        let digits = self.digits();
        count(tail) + count(&digits[digits.len() - 12..])
    }
}

fn count(turned: &[u8]) -> usize {
    let maps = std::fs::read_to_string("/proc/self/maps").unwrap();
    let mut memory = File::open("/proc/self/mem").unwrap();
    let mut found = 0;
    // Used for every piece, and wiped, so that it holds no copy of its own.
    let mut piece = vec![0_u8; 1 << 16];
    for line in maps.lines() {
        let mut parts = line.split_whitespace();
        let range = parts.next().unwrap();
        if !parts.next().unwrap().starts_with("rw") || line.contains("[v") {
            continue;
        }
        let (from, to) = range.split_once('-').unwrap();
        let from = u64::from_str_radix(from, 16).unwrap();
        let to = u64::from_str_radix(to, 16).unwrap();
        let own = piece.as_ptr() as u64;
        let mut at = from;
        while at < to {
            let length = usize::try_from(to - at).unwrap().min(piece.len());
            if memory.seek(SeekFrom::Start(at)).is_err()
                || memory.read_exact(&mut piece[..length]).is_err()
            {
                break;
            }
            for (offset, window) in piece[..length].windows(turned.len()).enumerate() {
                let place = at + offset as u64;
                let mine = (own..own + (1 << 16)).contains(&place);
                if !mine && window.iter().zip(turned).all(|(a, b)| *a == b ^ 0xff) {
                    found += 1;
                }
            }
            piece.fill(0);
            // Overlapping, so that nothing is missed between two pieces.
            at += length as u64;
            if at < to {
                at -= turned.len() as u64;
            }
        }
    }
    found
}

fn messages(needle: &Needle) -> Vec<ToDesk> {
    vec![
        ToDesk::Login {
            ticket: Ticket(1),
            user: "003".to_owned(),
            password: needle.secret(),
            force: false,
        },
        // Longer than the first buffer of a frame, the secret in front.
        ToDesk::Login {
            ticket: Ticket(2),
            user: "x".repeat(100_000),
            password: needle.secret(),
            force: false,
        },
        ToDesk::ReadCard {
            ticket: Ticket(3),
            presence: None,
            key: Key::Pin(needle.secret()),
            confirmed: None,
        },
        ToDesk::ProveCard {
            ticket: Ticket(4),
            presence: None,
            pin: needle.secret(),
            confirmed: None,
        },
    ]
}

#[test]
fn sec_18_no_frame_leaves_a_secret_behind() {
    // What is not wiped is found, dropped or not.
    let needle = Needle::of(1);
    let held = black_box(needle.text());
    assert!(needle.found() > 0, "a text that is held is not found");
    drop(held);
    // Many, as what is given back may be written over by the search itself.
    let plain: Vec<String> = (0..64).map(|_| needle.text().repeat(25)).collect();
    drop(black_box(plain));
    assert!(needle.found() > 0, "what was dropped unwiped is not found");

    for (seed, quoted) in [(2, false), (3, true)] {
        let count = messages(&Needle::of(seed)).len();
        for which in 0..count {
            let needle = Needle::of(seed * 100 + which as u64);
            let needle = if quoted { needle.quoted() } else { needle };
            let message = messages(&needle).swap_remove(which);
            // A pipe, as memory would hold a copy of its own.
            let (mut from, mut into) = std::io::pipe().unwrap();
            std::thread::scope(|scope| {
                scope.spawn(|| {
                    frame::write(&mut into, &message).unwrap();
                    drop(message);
                });
                let read: ToDesk = frame::read(&mut from).unwrap().unwrap();
                drop(black_box(read));
            });
            assert_eq!(needle.found(), 0, "message {which}, quoted {quoted}");
        }
    }
}
