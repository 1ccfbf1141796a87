//! The reader of the demo: the same, on a thread of its own and in real time.

use super::Reader;
use crate::card::Clock;
use crate::card::job::{Hand, Job, Report};
use crate::simulator::card::rack::Rack;
use std::io;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread::{Builder, JoinHandle};
use std::time::Duration;

enum Told {
    Job(Job),
    Put(Option<String>),
}

struct Thread {
    tell: Option<Sender<Told>>,
    thread: Option<JoinHandle<()>>,
}

/// Starts a reader whose cards take `delay` for each command.
pub fn start(
    report: Box<dyn Fn(Report) + Send>,
    clock: Clock,
    delay: Duration,
) -> io::Result<impl Hand + use<>> {
    let (tell, told) = channel();
    let thread = Builder::new()
        .name("card".to_owned())
        .spawn(move || run(&report, &clock, delay, &told))?;
    Ok(Thread {
        tell: Some(tell),
        thread: Some(thread),
    })
}

fn run(report: &dyn Fn(Report), clock: &Clock, delay: Duration, told: &Receiver<Told>) {
    let mut reader = Reader::new(Rack::built_in(clock().today()));
    reader.slow(delay);
    let mut reports = reader.begin(clock());
    loop {
        for one in reports {
            report(one);
        }
        let heard = match reader.due() {
            None => told.recv().map_err(|_| RecvTimeoutError::Disconnected),
            Some(at) => told.recv_timeout(at.saturating_sub(clock().mono)),
        };
        let now = clock();
        reports = match heard {
            Ok(Told::Job(job)) => reader.send(now, job),
            Ok(Told::Put(name)) => reader.put(now, name.as_deref()).unwrap_or_else(|error| {
                tracing::warn!(%error, "no such card");
                Vec::new()
            }),
            Err(RecvTimeoutError::Timeout) => reader.tick(now),
            Err(RecvTimeoutError::Disconnected) => return,
        };
    }
}

impl Thread {
    fn say(&self, told: Told) {
        if let Some(tell) = &self.tell {
            let _ = tell.send(told);
        }
    }
}

impl Hand for Thread {
    fn send(&mut self, job: Job) {
        self.say(Told::Job(job));
    }

    fn put(&mut self, card: Option<&str>) {
        self.say(Told::Put(card.map(str::to_owned)));
    }
}

impl Drop for Thread {
    fn drop(&mut self) {
        drop(self.tell.take());
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}
