//! Section 9.4: the line to vpcd, played by a listener of our own.

use super::*;
use crate::simulator::card::vpcd::{Attached, attach};
use std::io::{ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};

struct Slot {
    listener: TcpListener,
    line: TcpStream,
}

impl Slot {
    fn open(machine: Machine) -> (Self, Attached, SocketAddr) {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let attached = attach(address, machine).unwrap();
        let (line, _) = listener.accept().unwrap();
        line.set_read_timeout(Some(Duration::from_secs(20)))
            .unwrap();
        (Self { listener, line }, attached, address)
    }

    fn next(&mut self) {
        self.line = self.listener.accept().unwrap().0;
    }

    /// In two sends, as vpcd does.
    fn send(&mut self, body: &[u8]) {
        let length = u16::try_from(body.len()).unwrap().to_be_bytes();
        self.line.write_all(&length).unwrap();
        self.line.write_all(body).unwrap();
    }

    /// An answer; `None` once the card is out.
    fn receive(&mut self) -> Option<Vec<u8>> {
        let mut length = [0; 2];
        match self.line.read_exact(&mut length) {
            Ok(()) => {}
            Err(error) if error.kind() == ErrorKind::UnexpectedEof => return None,
            Err(error) if error.kind() == ErrorKind::ConnectionReset => return None,
            Err(error) => panic!("{error}"),
        }
        let mut body = vec![0; usize::from(u16::from_be_bytes(length))];
        self.line.read_exact(&mut body).unwrap();
        Some(body)
    }

    fn ask(&mut self, hex: &str) -> Option<Vec<u8>> {
        self.send(&bytes(hex));
        self.receive()
    }
}

const SELECT: &str = "00A4040C0A D3921000310001010408";

#[test]
fn section_9_4_controls_are_not_answered() {
    let (mut slot, attached, _) = Slot::open(card("hanako"));
    // Whatever were answered to the first three would be read as the ATR.
    slot.send(&[0x01]);
    slot.send(&[0x02]);
    slot.send(&[0x00]);
    slot.send(&[0x01]);
    assert_eq!(slot.ask("04").unwrap(), card("hanako").atr());
    assert_eq!(slot.ask(SELECT).unwrap(), [0x90, 0x00]);
    assert_eq!(slot.ask("0020009104 30303030").unwrap(), [0x63, 0xC2]);
    // Power off and on: nothing is selected, the counter stays.
    slot.send(&[0x00]);
    slot.send(&[0x01]);
    assert_eq!(slot.ask("00200091").unwrap(), [0x6A, 0x82]);
    assert_eq!(slot.ask(SELECT).unwrap(), [0x90, 0x00]);
    assert_eq!(slot.ask("00200091").unwrap(), [0x63, 0xC2]);
    assert_eq!(attached.machine().log().len(), 5);
    let machine = attached.pull();
    assert_eq!(slot.receive(), None);
    assert_eq!(machine.tries(App::Text, 0x0011), Some(2));
    assert!(!machine.lies_there());
}

#[test]
fn section_9_4_a_command_without_power_takes_the_card_away() {
    let (mut slot, _attached, _) = Slot::open(card("hanako"));
    assert_eq!(slot.ask(SELECT), None);
}

#[test]
fn section_8_6_a_swap_waits_in_the_queue() {
    let (mut slot, attached, address) = Slot::open(card("hanako"));
    slot.send(&[0x01]);
    assert!(slot.ask(SELECT).is_some());
    let (first, second) = attached.swap(address, card("taro")).unwrap();
    assert_eq!(first.name(), "hanako");
    assert_eq!(slot.receive(), None);
    slot.next();
    slot.send(&[0x01]);
    assert_eq!(slot.ask("00B0000004").unwrap(), [0x69, 0x86]);
    assert_eq!(second.machine().name(), "taro");
    // Out and in again: its tries are its own.
    let third = attach(address, first).unwrap();
    drop(second);
    assert_eq!(slot.receive(), None);
    slot.next();
    slot.send(&[0x01]);
    assert_eq!(slot.ask(SELECT).unwrap(), [0x90, 0x00]);
    assert_eq!(third.machine().name(), "hanako");
}

#[test]
fn section_8_6_another_card_of_itself() {
    for removal in [Removal::During(2), Removal::After(2)] {
        let machine = card("hanako").with(Manner {
            removal: Some(removal),
            next: Some(Box::new(card("taro"))),
            ..Manner::default()
        });
        let (mut slot, attached, _) = Slot::open(machine);
        slot.send(&[0x01]);
        assert!(slot.ask(SELECT).is_some());
        let answer = slot.ask("00200091");
        assert_eq!(answer.is_some(), removal == Removal::After(2));
        if answer.is_some() {
            assert_eq!(slot.receive(), None);
        }
        slot.next();
        slot.send(&[0x01]);
        assert_eq!(slot.ask(SELECT).unwrap(), [0x90, 0x00]);
        assert_eq!(attached.machine().name(), "taro");
        assert_eq!(attached.machine().log().len(), 3);
        assert_eq!(attached.pull().name(), "taro");
        assert_eq!(slot.receive(), None);
    }
}

#[test]
fn nothing_listens() {
    let address = {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        listener.local_addr().unwrap()
    };
    assert!(attach(address, card("hanako")).is_err());
}

/// Half a minute for a command, and no wait for whoever takes the card away.
#[test]
fn section_8_5_a_stuck_card_can_be_taken_away() {
    let (mut slot, attached, _) = Slot::open(card("stuck"));
    slot.send(&[0x01]);
    assert!(slot.ask("04").is_some());
    slot.send(&bytes(SELECT));
    let machine = attached.pull();
    assert_eq!(slot.receive(), None);
    assert!(machine.log().is_empty(), "the command was not carried out");
}
