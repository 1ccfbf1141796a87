use super::World;
use crate::tape::parse;
use crate::tape::play::{Outcome, Purpose, play};
use crate::tape::stage::Stage;
use std::path::Path;

const TAPE: &str = "Set Clock 2026-11-20T09:12:00+09:00\nCard insert hanako\nSleep 1s\n";

fn world() -> (crate::tape::step::Tape, World) {
    let tape = parse::parse(TAPE, Path::new("card.tape")).unwrap();
    let world = World::new(&tape.head, false).unwrap();
    (tape, world)
}

/// Section 2.6: no tape passes with a card that was asked for the 個人番号.
#[test]
fn a_tape_fails_when_a_card_was_asked_for_the_forbidden() {
    let (tape, mut world) = world();
    assert_eq!(play(&tape, &mut world, Purpose::Check).0, Outcome::Passed);
    let commands: [&[u8]; 2] = [
        b"\x00\xA4\x04\x0C\x0A\xD3\x92\x10\x00\x31\x00\x01\x01\x04\x08",
        b"\x00\xB0\x81\x00\x00",
    ];
    let card = world.reader.card_mut("hanako").unwrap();
    card.insert();
    for command in commands {
        card.step(command);
    }
    assert!(Stage::end(&mut world).is_err());
    let (tape, _) = self::world();
    match play(&tape, &mut world, Purpose::Check).0 {
        Outcome::Failed(why) => {
            assert!(
                why.contains("hanako") && why.contains("触れてはいけない"),
                "{why}"
            );
        }
        other => panic!("{other:?}"),
    }
}
