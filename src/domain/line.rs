//! The state of the line to the central system, as the desk shows it.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// 回線 on the state line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum LineState {
    /// Nothing has been asked yet.
    Unknown,
    /// 正常; `since` is the recovery, if there was an outage before.
    Up {
        /// When it came back, if it had been down.
        recovered: Option<Timestamp>,
    },
    /// 遅い: answers come, but late.
    Slow {
        /// Since when.
        since: Timestamp,
    },
    /// 確認中: a call failed; probing whether the system is there.
    Checking {
        /// Since when.
        since: Timestamp,
    },
    /// 障害.
    Down {
        /// Since when.
        since: Timestamp,
        /// When the next probe is due.
        next_probe: Timestamp,
    },
}

impl LineState {
    /// Whether asking makes sense now.
    pub fn usable(&self) -> bool {
        matches!(self, Self::Up { .. } | Self::Slow { .. } | Self::Unknown)
    }

    /// Whether the desk is in outage mode.
    pub fn down(&self) -> bool {
        matches!(self, Self::Down { .. })
    }
}
