//! Answers no card should give: each ends a reading, none ends the program.

use super::{card, face, pin, rack, secret};
use madoguchi::card::chip::{Broken, Chip};
use madoguchi::card::prove::prove;
use madoguchi::card::reading::{Stay, four, look};
use madoguchi::domain::card::Trouble;
use madoguchi::simulator::card::Machine;
use proptest::prelude::*;

/// A card of which answer number `at` is replaced.
struct Odd {
    card: Machine,
    at: usize,
    answer: Result<Vec<u8>, Broken>,
    count: usize,
}

impl Odd {
    fn new(name: &str, at: usize, answer: Result<Vec<u8>, Broken>) -> Self {
        Self {
            card: card(name),
            at,
            answer,
            count: 0,
        }
    }
}

impl Chip for Odd {
    fn transmit(&mut self, command: &[u8]) -> Result<Vec<u8>, Broken> {
        let count = self.count;
        self.count += 1;
        let answer = self.card.transmit(command);
        if count == self.at {
            self.answer.clone()
        } else {
            answer
        }
    }
}

/// Without short identifiers: every command that names a file by one fails.
struct Long(Machine);

impl Chip for Long {
    fn transmit(&mut self, command: &[u8]) -> Result<Vec<u8>, Broken> {
        let short = match command {
            [_, 0xB0, p1, ..] => p1 & 0x80 != 0,
            [_, 0x20, _, p2, ..] => p2 & 0x1F != 0,
            _ => false,
        };
        if short {
            return Ok(vec![0x6A, 0x86]);
        }
        self.0.transmit(command)
    }
}

#[test]
fn a_card_without_short_identifiers_is_read_the_long_way() {
    for key in [face("ichinose"), pin("ichinose")] {
        let mut long = Long(card("ichinose"));
        let (four, left) = four(&mut long, &key, None).unwrap();
        assert_eq!(four.name.text, "一ノ瀬　薫");
        assert!(left > Some(2));
    }
    let long = look(&mut Long(card("ichinose")), &[]).unwrap();
    assert_eq!(long, look(&mut card("ichinose"), &[]).unwrap());
    let pin = secret(&rack().facts("ichinose").unwrap().authentication);
    prove(&mut Long(card("ichinose")), &pin, None, [0; 32]).unwrap();
}

#[test]
fn a_torn_answer_ends_everything_at_once() {
    for at in 0..8 {
        for answer in [
            Err(Broken::Lifted),
            Ok(vec![]),
            Ok(vec![0x90]),
            Err(Broken::InUse),
            Err(Broken::NoReader),
        ] {
            let mut odd = Odd::new("ichinose", at, answer.clone());
            let expected = match answer {
                Err(Broken::InUse) => Trouble::InUse,
                Err(Broken::NoReader) => Trouble::NoReader,
                _ => Trouble::Lifted,
            };
            let mut stay = Stay::new(&mut odd);
            let result = stay.four(&face("ichinose"), None);
            assert_eq!(result, Err(expected), "command {at}");
            // The same connection is never used again.
            assert!(!stay.alive());
            assert_eq!(stay.look(&[]), Err(Trouble::Lifted));
            assert_eq!(odd.count, at + 1);
        }
    }
}

#[test]
fn an_answer_to_verify_that_nobody_knows_is_not_tried_again() {
    for status in [0x6700_u16, 0x6982, 0x6A80, 0x6F00, 0x6C04, 0x6E00] {
        let mut odd = Odd::new("ichinose", 4, Ok(status.to_be_bytes().to_vec()));
        let step = "VERIFY 0015".to_owned();
        let result = four(&mut odd, &face("ichinose"), None);
        assert_eq!(result, Err(Trouble::Odd { step, status }));
        assert_eq!(odd.count, 5, "{status:04X}");
    }
}

#[test]
fn a_count_that_is_none_opens_nothing() {
    // 9000 to the question, and what is no status of a key.
    for status in [0x9000_u16, 0x6982, 0x6D00] {
        let mut odd = Odd::new("ichinose", 3, Ok(status.to_be_bytes().to_vec()));
        let result = four(&mut odd, &face("ichinose"), None);
        match result {
            Err(Trouble::Odd { .. }) => {}
            // A refusal may be one of the short identifier: asked again, counted.
            Ok((_, left)) => assert!(status != 0x9000 && left == Some(10)),
            other => panic!("{other:?}"),
        }
    }
    // 6300: not counted at all.
    let mut odd = Odd::new("ichinose", 3, Ok(vec![0x63, 0x00]));
    let (_, left) = four(&mut odd, &face("ichinose"), None).unwrap();
    assert_eq!(left, None);
}

#[test]
fn more_bytes_than_asked_are_not_believed() {
    let mut long = vec![0x30; 400];
    long.extend([0x90, 0x00]);
    let mut odd = Odd::new("ichinose", 1, Ok(long));
    let result = four(&mut odd, &face("ichinose"), None);
    assert!(matches!(result, Err(Trouble::Odd { .. })), "{result:?}");
}

/// A card that says anything at all.
struct Babble(Vec<Vec<u8>>);

impl Chip for Babble {
    fn transmit(&mut self, _command: &[u8]) -> Result<Vec<u8>, Broken> {
        self.0.pop().ok_or(Broken::Lifted)
    }
}

fn answer() -> impl Strategy<Value = Vec<u8>> {
    let status = prop_oneof![
        4 => Just(0x9000_u16),
        1 => Just(0x63CA),
        1 => Just(0x6110),
        1 => Just(0x6C10),
        1 => Just(0x6A82),
        1 => any::<u16>()
    ];
    let data = prop_oneof![
        2 => Just(vec![]),
        1 => Just(b"JPKIAPICCTOKEN2                 ".to_vec()),
        1 => Just(vec![0x30, 0x82, 0xFF, 0xFF]),
        1 => proptest::collection::vec(any::<u8>(), 0..300),
    ];
    (data, status).prop_map(|(mut data, status)| {
        data.extend(status.to_be_bytes());
        data
    })
}

proptest! {
    #[test]
    fn whatever_a_card_says_it_comes_to_an_end(
        answers in proptest::collection::vec(answer(), 0..60),
    ) {
        let _ = look(&mut Babble(answers.clone()), &[]);
        let _ = four(&mut Babble(answers.clone()), &face("ichinose"), None);
        let _ = prove(&mut Babble(answers), &secret("1234"), None, [0; 32]);
    }

    #[test]
    fn one_odd_answer_anywhere_is_never_another_persons_name(
        at in 0usize..9,
        answer in answer(),
    ) {
        let mut odd = Odd::new("ichinose", at, Ok(answer));
        if let Ok((four, _)) = four(&mut odd, &face("ichinose"), None) {
            prop_assert!(at == 5 || four.name.text == "一ノ瀬　薫");
        }
        prop_assert!(odd.card.trips().is_empty());
    }
}
