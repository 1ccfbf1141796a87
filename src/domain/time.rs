//! Moments and days as values.
//!
//! Japan has had one zone without daylight saving since 1952, so wall times
//! for people are UTC plus nine hours by rule, whatever zone the machine is
//! set to.

use jiff::civil::{Date, DateTime};
use jiff::{Timestamp, tz};
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// One reading of the clock: wall time for people and papers, monotonic time
/// for waits (a wall clock that jumps must not shorten or stretch a wait).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Now {
    /// Wall time.
    pub wall: Timestamp,
    /// Time since the process (or the tape) began.
    pub mono: Duration,
}

impl Now {
    /// Today's date in Japan.
    pub fn today(&self) -> Date {
        jst(self.wall).date()
    }
}

/// Civil date and time in Japan.
pub fn jst(at: Timestamp) -> DateTime {
    tz::offset(9).to_datetime(at)
}

/// `09:12` in Japan.
pub fn clock_text(at: Timestamp) -> String {
    let t = jst(at);
    format!("{:02}:{:02}", t.hour(), t.minute())
}

/// `09:12:41` in Japan.
pub fn clock_seconds_text(at: Timestamp) -> String {
    let t = jst(at);
    format!("{:02}:{:02}:{:02}", t.hour(), t.minute(), t.second())
}

/// `2026/11/20`, the form of the official screens (FIX-9).
pub fn slash_date(date: Date) -> String {
    format!("{:04}/{:02}/{:02}", date.year(), date.month(), date.day())
}

/// `20261120`, the form of the wire (oqs-wire 18.4).
pub fn compact_date(date: Date) -> String {
    format!("{:04}{:02}{:02}", date.year(), date.month(), date.day())
}

/// A closed span of days, for example the period in which the outage function
/// is open (OUT-5).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Period {
    /// First day, included.
    pub from: Date,
    /// Last day, included.
    pub to: Date,
}

impl Period {
    /// Whether `day` lies inside.
    pub fn contains(&self, day: Date) -> bool {
        self.from <= day && day <= self.to
    }
}
