//! Front ends as they come, speak and go.

use super::{Input, Shell};
use crate::desk::event::Event;
use crate::link::message::{FrontId, ToFront};
use crate::link::{DeskEnd, socket};
use std::sync::mpsc::TrySendError;
use std::time::Duration;
use tokio::sync::mpsc;
use tracing::{info, warn};

/// Front ends at once; each costs threads. More are turned away.
pub(super) const MOST_FRONTS: usize = 64;

pub(super) fn listen(listener: &socket::Listener, inbox: mpsc::Sender<Input>) {
    let listener = match listener.for_tokio() {
        Ok(listener) => listener,
        Err(error) => {
            warn!(%error, "cannot listen");
            return;
        }
    };
    tokio::spawn(async move {
        loop {
            match socket::accept(&listener).await {
                Ok(end) => {
                    if inbox.send(Input::Attach(end)).await.is_err() {
                        return;
                    }
                }
                Err(error) => {
                    // No file handles left, for example; it may pass.
                    warn!(%error, "front end not taken");
                    tokio::time::sleep(Duration::from_millis(200)).await;
                }
            }
        }
    });
}

impl Shell {
    pub(super) fn attach(&mut self, end: DeskEnd) {
        if self.fronts.len() >= MOST_FRONTS {
            warn!("too many front ends; one turned away");
            return;
        }
        let front = FrontId(self.next_front);
        self.next_front += 1;
        let inbox = self.inbox.clone();
        let said = end.rx;
        let listening = std::thread::Builder::new()
            .name("front".to_owned())
            .spawn(move || {
                for message in said {
                    let event = Event::Said { front, message };
                    if inbox.blocking_send(Input::Event(event)).is_err() {
                        return;
                    }
                }
                let _ = inbox.blocking_send(Input::Event(Event::Detached { front }));
            });
        if let Err(error) = listening {
            warn!(%error, "no thread for a front end");
            return;
        }
        info!(front = front.0, "front end attached");
        self.fronts.insert(front, end.tx);
        self.queue.push_back(Event::Attached { front });
    }

    pub(super) fn tell(&mut self, front: FrontId, message: ToFront) {
        let Some(tx) = self.fronts.get(&front) else {
            return;
        };
        if let Err(error) = tx.try_send(message) {
            if matches!(error, TrySendError::Full(_)) {
                warn!(front = front.0, "front end does not read; dropped");
            }
            self.fronts.remove(&front);
            self.queue.push_back(Event::Detached { front });
        }
    }
}
