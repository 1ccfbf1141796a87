//! The one module that reads the system clock.
//!
//! Everything else is handed a [`Now`] as a value, so that tapes run in
//! virtual time and any order of faults can be tested without sleeping.
//!
//! Monotonic time is that of `CLOCK_BOOTTIME`, which goes on while the machine
//! is suspended: a desk that was closed over night is logged off when its lid
//! opens (SEC-8).
#![allow(clippy::disallowed_methods)]

use crate::domain::time::Now;
use jiff::{SignedDuration, Timestamp};
use rustix::time::{
    ClockId, Itimerspec, TimerfdClockId, TimerfdFlags, TimerfdTimerFlags, Timespec, clock_gettime,
    timerfd_create, timerfd_settime,
};
use std::io;
use std::os::fd::OwnedFd;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;
use tokio::io::unix::AsyncFd;

/// The real clock of this process.
#[derive(Debug, Clone, Copy)]
pub struct Clock {
    origin: Duration,
    shift: SignedDuration,
    /// Seconds by which the wall clock has been set anew since.
    set: Option<&'static AtomicI64>,
}

/// Sets the wall clock of a [`Clock::settable`] forward or back, as an
/// administrator or a time service does under a running program.
#[derive(Debug, Clone, Copy)]
pub struct Setter(&'static AtomicI64);

impl Setter {
    /// By so many seconds; monotonic time goes on as before.
    pub fn by(&self, seconds: i64) {
        self.0.fetch_add(seconds, Ordering::Relaxed);
    }
}

/// Since the machine was started, suspended or not.
fn boot_time() -> Duration {
    let time = clock_gettime(ClockId::Boottime);
    Duration::new(
        u64::try_from(time.tv_sec).unwrap_or_default(),
        u32::try_from(time.tv_nsec).unwrap_or_default(),
    )
}

impl Clock {
    /// Starts counting monotonic time from here.
    pub fn start() -> Self {
        Self {
            origin: boot_time(),
            shift: SignedDuration::ZERO,
            set: None,
        }
    }

    /// A clock whose wall time begins at `wall` and then runs at the usual
    /// speed. For tapes against real processes (`play --pty`), whose screens
    /// carry a date.
    pub fn starting_at(wall: Timestamp) -> Self {
        Self {
            shift: wall.duration_since(Timestamp::now()),
            ..Self::start()
        }
    }

    /// As [`Clock::starting_at`], with a wall clock that can be set anew
    /// (F-10, F-11). What it is set by lives as long as the process.
    pub fn settable(wall: Timestamp) -> (Self, Setter) {
        let by: &'static AtomicI64 = Box::leak(Box::new(AtomicI64::new(0)));
        let clock = Self {
            set: Some(by),
            ..Self::starting_at(wall)
        };
        (clock, Setter(by))
    }

    /// The present moment.
    pub fn now(&self) -> Now {
        let wall = Timestamp::now();
        let set = self.set.map_or(0, |set| set.load(Ordering::Relaxed));
        let shift = self.shift.saturating_add(SignedDuration::from_secs(set));
        Now {
            wall: wall.checked_add(shift).unwrap_or(wall),
            mono: self.elapsed(),
        }
    }

    /// How long from now until `mono` (zero if it has passed).
    pub fn until(&self, mono: Duration) -> Duration {
        mono.saturating_sub(self.elapsed())
    }

    fn elapsed(&self) -> Duration {
        boot_time().saturating_sub(self.origin)
    }
}

/// A timer that goes on while the machine is suspended, and is late by
/// nothing when it wakes. The runtime's own stands still meanwhile.
#[derive(Debug)]
pub struct Alarm {
    timer: AsyncFd<OwnedFd>,
}

impl Alarm {
    /// A timer that is not set. Called within the runtime.
    #[expect(
        deprecated,
        reason = "sound for an `OwnedFd`; its successor takes unsafe code"
    )]
    pub fn new() -> io::Result<Self> {
        let flags = TimerfdFlags::NONBLOCK | TimerfdFlags::CLOEXEC;
        let timer = timerfd_create(TimerfdClockId::Boottime, flags)?;
        Ok(Self {
            timer: AsyncFd::new(timer)?,
        })
    }

    /// Waits for so long; begun anew with each call.
    pub async fn sleep(&self, time: Duration) -> io::Result<()> {
        let none = Timespec {
            tv_sec: 0,
            tv_nsec: 0,
        };
        // Zero would switch it off.
        let time = time.max(Duration::from_nanos(1));
        let value = Itimerspec {
            it_interval: none,
            it_value: Timespec {
                tv_sec: i64::try_from(time.as_secs()).unwrap_or(i64::MAX),
                tv_nsec: time.subsec_nanos().into(),
            },
        };
        timerfd_settime(self.timer.get_ref(), TimerfdTimerFlags::empty(), &value)?;
        loop {
            let mut guard = self.timer.readable().await?;
            let mut count = [0; 8];
            let read = guard.try_io(|timer| Ok(rustix::io::read(timer.get_ref(), &mut count)?));
            match read {
                Ok(Ok(_)) => return Ok(()),
                Ok(Err(error)) if error.kind() != io::ErrorKind::Interrupted => return Err(error),
                Ok(Err(_)) | Err(_) => {}
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sec_8_monotonic_time_is_that_of_the_running_machine() {
        let clock = Clock::start();
        let boot = clock_gettime(ClockId::Boottime);
        let since = clock.now().mono + clock.origin;
        let later = Duration::new(boot.tv_sec.try_into().unwrap(), 0) + Duration::from_secs(60);
        assert!(since >= Duration::new(boot.tv_sec.try_into().unwrap(), 0) && since < later);
    }

    #[test]
    fn an_alarm_goes_off_after_its_time_and_not_before() {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        let clock = Clock::start();
        runtime.block_on(async {
            let alarm = Alarm::new().unwrap();
            for time in [Duration::ZERO, Duration::from_millis(20)] {
                let before = clock.now().mono;
                alarm.sleep(time).await.unwrap();
                assert!(clock.now().mono >= before + time);
            }
        });
    }
}
