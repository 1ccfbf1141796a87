//! A virtual card on a slot of vpcd, the reader driver of vsmartcard, which
//! the real reader service takes for a reader (section 9.4).
//!
//! Every message has two bytes of length and a body, and they arrive apart. A
//! body of one byte is a control: off, on and warm reset are not answered, the
//! question for the ATR is. One connection is one card in the field: closing
//! it takes the card away, and a second one waits in the slot's queue until
//! then.

use super::machine::{Machine, Turn};
use rustix::net::sockopt::set_tcp_quickack;
use std::io::{self, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpStream};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

const OFF: u8 = 0x00;
const ON: u8 = 0x01;
const RESET: u8 = 0x02;
const ATR: u8 = 0x04;

/// How long to wait for a slot to take the connection.
const PATIENCE: Duration = Duration::from_secs(5);

/// A card in a slot. Dropped, it is taken away.
#[derive(Debug)]
pub struct Attached {
    line: Arc<Mutex<TcpStream>>,
    machine: Arc<Mutex<Machine>>,
    thread: Option<JoinHandle<()>>,
}

/// Puts a card into the slot that listens at `slot`; behind another one that
/// is there, it waits.
pub fn attach(slot: SocketAddr, machine: Machine) -> io::Result<Attached> {
    let mut machine = machine;
    machine.insert();
    machine.power_off();
    let own = connect(slot)?;
    let line = Arc::new(Mutex::new(own.try_clone()?));
    let machine = Arc::new(Mutex::new(machine));
    let (shared, known) = (Arc::clone(&machine), Arc::clone(&line));
    let thread = std::thread::Builder::new()
        .name("virtual-card".to_owned())
        .spawn(move || stay(slot, own, &known, &shared))?;
    Ok(Attached {
        line,
        machine,
        thread: Some(thread),
    })
}

impl Attached {
    /// The card itself, for as long as the slot can wait.
    pub fn machine(&self) -> MutexGuard<'_, Machine> {
        lock(&self.machine)
    }

    /// Whether the slot has let go of it: the service ended, or the card left
    /// of itself ([`Removal`](super::Removal)).
    pub fn ended(&self) -> bool {
        self.thread.as_ref().is_none_or(JoinHandle::is_finished)
    }

    /// Takes the card out of the slot.
    pub fn pull(mut self) -> Machine {
        self.close();
        let mut machine = self.machine().clone();
        machine.remove();
        machine
    }

    /// Changes the card for another as fast as a hand never could: the other
    /// one waits in the slot's queue when this one goes.
    pub fn swap(self, slot: SocketAddr, other: Machine) -> io::Result<(Machine, Self)> {
        let next = attach(slot, other)?;
        Ok((self.pull(), next))
    }

    fn close(&mut self) {
        let _ = lock(&self.line).shutdown(Shutdown::Both);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

impl Drop for Attached {
    fn drop(&mut self) {
        self.close();
    }
}

fn lock<T>(shared: &Mutex<T>) -> MutexGuard<'_, T> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}

fn connect(slot: SocketAddr) -> io::Result<TcpStream> {
    let line = TcpStream::connect_timeout(&slot, PATIENCE)?;
    line.set_nodelay(true)?;
    Ok(line)
}

/// The card, and after it the one that takes its place
/// ([`Manner::next`](super::Manner::next)), which waits in the slot's queue
/// before the first one goes.
fn stay(slot: SocketAddr, mut line: TcpStream, known: &Mutex<TcpStream>, machine: &Mutex<Machine>) {
    loop {
        talk(&mut line, machine);
        let next = lock(machine).successor();
        let waiting = next.and_then(|next| Some((next, connect(slot).ok()?)));
        let Some((mut next, other)) = waiting else {
            break;
        };
        next.power_off();
        *lock(machine) = next;
        let Ok(copy) = other.try_clone() else { break };
        *lock(known) = copy;
        let _ = line.shutdown(Shutdown::Both);
        line = other;
    }
    let _ = line.shutdown(Shutdown::Both);
}

/// Answers until the line is closed or the card has left.
fn talk(line: &mut TcpStream, machine: &Mutex<Machine>) {
    while let Ok(body) = receive(line) {
        let answer = match body.as_slice() {
            [OFF] => {
                lock(machine).power_off();
                continue;
            }
            [ON] => {
                lock(machine).power_on();
                continue;
            }
            [RESET] => {
                lock(machine).reset();
                continue;
            }
            [ATR] => lock(machine).atr().to_vec(),
            command => match obey(machine, command) {
                Some(answer) => answer,
                None => return,
            },
        };
        if send(line, &answer).is_err() || !lock(machine).lies_there() {
            return;
        }
    }
}

/// One command, in the time it takes; `None` once the card is gone.
fn obey(machine: &Mutex<Machine>, command: &[u8]) -> Option<Vec<u8>> {
    let delay = lock(machine).manner().delay;
    if !delay.is_zero() {
        std::thread::sleep(delay);
    }
    match lock(machine).step(command) {
        Turn::Answer(answer) => Some(answer),
        Turn::Gone => None,
    }
}

/// A message. Its parts come in two sends: unless each is acknowledged at
/// once, every command takes 44 ms.
fn receive(line: &mut TcpStream) -> io::Result<Vec<u8>> {
    let mut length = [0; 2];
    exact(line, &mut length)?;
    let mut body = vec![0; usize::from(u16::from_be_bytes(length))];
    exact(line, &mut body)?;
    Ok(body)
}

fn exact(line: &mut TcpStream, mut room: &mut [u8]) -> io::Result<()> {
    while !room.is_empty() {
        let count = line.read(room)?;
        if count == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        // The kernel forgets it after each receive.
        set_tcp_quickack(&*line, true)?;
        room = room.get_mut(count..).unwrap_or_default();
    }
    Ok(())
}

fn send(line: &mut TcpStream, body: &[u8]) -> io::Result<()> {
    let length = u16::try_from(body.len()).map_err(io::Error::other)?;
    let message = [&length.to_be_bytes()[..], body].concat();
    line.write_all(&message)
}
