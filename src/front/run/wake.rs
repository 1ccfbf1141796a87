//! What wakes the run loop, and what it does about it.

use super::pace::Dirty;
use super::{End, Front, NoDesk};
use crate::front::app::Msg;
use crate::front::term::modes::{self, ENTER};
use crate::front::term::output::Fate;
use crate::front::term::{input, watch};
use crate::link::message::{ToDesk, ToFront};
use std::io;
use std::sync::mpsc::Sender;

pub(super) enum Wake {
    Linked(Sender<ToDesk>),
    Said(ToFront),
    Lost,
    NoDesk(NoDesk),
    Heard(Option<Vec<u8>>),
    Signal(i32),
    Out(Fate),
    Broken,
}

/// Tells the loop when the thread that holds it breaks.
pub(super) struct Alarm(pub(super) Sender<Wake>);

impl Alarm {
    pub(super) fn send(&self, wake: Wake) -> bool {
        self.0.send(wake).is_ok()
    }
}

impl Drop for Alarm {
    fn drop(&mut self) {
        if std::thread::panicking() {
            let _ = self.0.send(Wake::Broken);
        }
    }
}

pub(super) enum Step {
    Draw(Dirty),
    End(End),
}

impl Front<'_> {
    pub(super) fn linked(&mut self, wake: Wake) -> Option<End> {
        let quit = match wake {
            Wake::Linked(desk) => {
                self.desk = Some(desk);
                self.update(Msg::LinkBack)
            }
            Wake::Said(message) => self.update(Msg::Desk(Box::new(message))),
            Wake::Lost => {
                self.desk = None;
                self.update(Msg::LinkLost)
            }
            _ => false,
        };
        quit.then_some(End::Quit)
    }

    pub(super) fn local(&mut self, wake: Wake, heard: &mut Vec<Msg>) -> io::Result<Step> {
        Ok(match wake {
            Wake::Signal(watch::SIGWINCH) if self.plain.is_some() => Step::Draw(Dirty::No),
            Wake::Signal(watch::SIGWINCH) => {
                self.resized(heard);
                Step::Draw(Dirty::Now)
            }
            Wake::Heard(Some(bytes)) => {
                let now = self.clock.now().mono;
                let Some(probe) = &mut self.probe else {
                    self.bytes.feed(now, &bytes, heard);
                    self.answered_late(now, heard);
                    return Ok(Step::Draw(Dirty::No));
                };
                let typed = probe.feed(&bytes);
                self.bytes.feed(now, &typed, heard);
                if probe.whole() {
                    self.answered(heard);
                }
                Step::Draw(Dirty::No)
            }
            Wake::Heard(None) | Wake::Signal(watch::SIGHUP) | Wake::Out(Fate::Gone) => {
                Step::End(End::HangUp)
            }
            // A shell let it go on in the background (`bg`), or to be ended: what
            // ends it has come before this. The terminal is the shell's.
            Wake::Signal(watch::SIGCONT) if watch::away() => {
                watch::stop();
                Step::Draw(Dirty::No)
            }
            Wake::Signal(watch::SIGCONT) => {
                // Whoever had the terminal meanwhile left it as they liked.
                self.modes.again()?;
                if let Some(told) = &mut self.plain {
                    told.again();
                    return Ok(Step::Draw(Dirty::Now));
                }
                self.prefix = ENTER;
                self.resized(heard);
                Step::Draw(Dirty::Now)
            }
            Wake::Signal(watch::SIGTSTP) => {
                // A shell takes the terminal as it gave it, and empty.
                if self.stuck_since.is_none() && watch::stoppable() {
                    modes::restore();
                    watch::stop();
                }
                Step::Draw(Dirty::No)
            }
            Wake::Signal(signal) => Step::End(End::Signal(signal)),
            Wake::Out(Fate::Written) => {
                self.stuck_since = None;
                Step::Draw(Dirty::Now)
            }
            Wake::NoDesk(why) => Step::End(End::NoDesk(why)),
            Wake::Broken => Step::End(End::Broken),
            Wake::Linked(_) | Wake::Said(_) | Wake::Lost => Step::Draw(Dirty::No),
        })
    }

    fn resized(&mut self, heard: &mut Vec<Msg>) {
        let (width, height) = input::size();
        self.size = (width, height);
        self.painter.forget(width, height);
        heard.push(Msg::Resize { width, height });
    }
}
