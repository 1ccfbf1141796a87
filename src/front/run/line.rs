//! Holds the connection to the desk service: connects, listens, and connects
//! again when it is lost.

use super::Connect;
use super::wake::{Alarm, Wake};
use std::io;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::Duration;

/// Tries in a row after which a front end that never was connected gives up.
const PATIENCE: u32 = 12;

/// The thread's handle.
pub struct Line(Sender<()>);

impl Line {
    /// No more connecting again.
    pub fn end(self) {
        drop(self.0);
    }
}

/// Starts the thread.
pub fn hold(alarm: Alarm, mut connect: Connect) -> io::Result<Line> {
    let (line, end) = channel();
    std::thread::Builder::new()
        .name("line".to_owned())
        .spawn(move || work(&alarm, &mut connect, &end))?;
    Ok(Line(line))
}

fn work(alarm: &Alarm, connect: &mut Connect, end: &Receiver<()>) {
    let mut tries = 0;
    let mut ever = false;
    loop {
        match connect() {
            Ok(front) => {
                (tries, ever) = (0, true);
                if !alarm.send(Wake::Linked(front.tx)) {
                    return;
                }
                for message in front.rx {
                    if !alarm.send(Wake::Said(message)) {
                        return;
                    }
                }
                if !alarm.send(Wake::Lost) {
                    return;
                }
            }
            Err(why) => {
                tries += 1;
                if !ever && (why.last || tries >= PATIENCE) {
                    alarm.send(Wake::NoDesk(why));
                    return;
                }
            }
        }
        if end.recv_timeout(pause(tries)) != Err(RecvTimeoutError::Timeout) {
            return;
        }
    }
}

/// Between two tries: 50 ms at first, 2 s at most.
fn pause(tries: u32) -> Duration {
    Duration::from_millis((50 << tries.min(6)).min(2000))
}
