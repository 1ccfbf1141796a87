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
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
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
    shared: Arc<Shared>,
    thread: Option<JoinHandle<()>>,
}

/// What the card's thread and its owner both hold.
#[derive(Debug)]
struct Shared {
    machine: Mutex<Machine>,
    line: Mutex<TcpStream>,
    /// The card is being taken away: no command takes its time any more.
    leaving: Mutex<bool>,
    left: Condvar,
}

/// Puts a card into the slot that listens at `slot`; behind another one that
/// is there, it waits.
pub fn attach(slot: SocketAddr, machine: Machine) -> io::Result<Attached> {
    let mut machine = machine;
    machine.insert();
    machine.power_off();
    let own = connect(slot)?;
    let shared = Arc::new(Shared {
        machine: Mutex::new(machine),
        line: Mutex::new(own.try_clone()?),
        leaving: Mutex::new(false),
        left: Condvar::new(),
    });
    let theirs = Arc::clone(&shared);
    let thread = std::thread::Builder::new()
        .name("virtual-card".to_owned())
        .spawn(move || theirs.stay(slot, own))?;
    Ok(Attached {
        shared,
        thread: Some(thread),
    })
}

impl Attached {
    /// The card itself, for as long as the slot can wait.
    pub fn machine(&self) -> MutexGuard<'_, Machine> {
        lock(&self.shared.machine)
    }

    /// Whether the slot has let go of it: the service ended, or the card left
    /// of itself ([`Removal`](super::Removal)).
    pub fn ended(&self) -> bool {
        self.thread.as_ref().is_none_or(JoinHandle::is_finished)
    }

    /// Takes the card out of the slot, in the middle of a command too.
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
        *lock(&self.shared.leaving) = true;
        self.shared.left.notify_all();
        let _ = lock(&self.shared.line).shutdown(Shutdown::Both);
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

impl Shared {
    /// The card, and after it the one that takes its place
    /// ([`Manner::next`](super::Manner::next)), which waits in the slot's
    /// queue before the first one goes.
    fn stay(&self, slot: SocketAddr, mut line: TcpStream) {
        loop {
            self.talk(&mut line);
            let next = lock(&self.machine).successor();
            let waiting = next.and_then(|next| Some((next, connect(slot).ok()?)));
            let Some((mut next, other)) = waiting else {
                break;
            };
            next.power_off();
            *lock(&self.machine) = next;
            let Ok(copy) = other.try_clone() else { break };
            let mut known = lock(&self.line);
            // Taken away meanwhile: the owner has closed the line it knew.
            if *lock(&self.leaving) {
                break;
            }
            *known = copy;
            drop(known);
            let _ = line.shutdown(Shutdown::Both);
            line = other;
        }
        let _ = line.shutdown(Shutdown::Both);
    }

    /// Answers until the line is closed or the card has left.
    fn talk(&self, line: &mut TcpStream) {
        while let Ok(body) = receive(line) {
            let answer = match body.as_slice() {
                [OFF] => {
                    lock(&self.machine).power_off();
                    continue;
                }
                [ON] => {
                    lock(&self.machine).power_on();
                    continue;
                }
                [RESET] => {
                    lock(&self.machine).reset();
                    continue;
                }
                [ATR] => lock(&self.machine).atr().to_vec(),
                command => match self.obey(command) {
                    Some(answer) => answer,
                    None => return,
                },
            };
            if send(line, &answer).is_err() || !lock(&self.machine).lies_there() {
                return;
            }
        }
    }

    /// One command, in the time it takes; `None` once the card is gone.
    fn obey(&self, command: &[u8]) -> Option<Vec<u8>> {
        let delay = lock(&self.machine).manner().delay;
        if !delay.is_zero() {
            let leaving = lock(&self.leaving);
            let (leaving, _) = self
                .left
                .wait_timeout_while(leaving, delay, |leaving| !*leaving)
                .unwrap_or_else(PoisonError::into_inner);
            if *leaving {
                return None;
            }
        }
        match lock(&self.machine).step(command) {
            Turn::Answer(answer) => Some(answer),
            Turn::Gone => None,
        }
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
