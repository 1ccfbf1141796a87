//! What a desk service that runs for weeks must not keep. In a process of its
//! own: other tests would be measured too.

#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, reason = "a test fails where it stands")]

use madoguchi::desk::verifier::{self, Cost};
use madoguchi::domain::secret::Secret;

/// Memory of this process that is really there, in KiB.
fn memory() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with("VmRSS:"));
    let number = line.and_then(|line| line.split_whitespace().nth(1));
    number.unwrap().parse().unwrap()
}

/// A verifier takes 19 MiB while it is computed (SEC-6). What a login leaves
/// in the desk (a session, a line of the records) comes after it, and must
/// not stop them from going back to the system.
#[test]
fn logins_all_day_leave_no_memory_behind() {
    let password = Secret::new("Onshi*003*003".to_owned());
    let mut sessions: Vec<Vec<u8>> = Vec::new();
    let mut day = |logins: usize| {
        for _ in 0..logins {
            let made = verifier::make(&password, Cost::LEAST).unwrap();
            assert!(verifier::fits(&password, Some(&made), Cost::LEAST));
            assert!(!verifier::fits(&password, None, Cost::LEAST));
            sessions.extend((0..64).map(|_| vec![7; 1000]));
        }
        memory()
    };
    let begun = day(1);
    let grown = day(9).saturating_sub(begun);
    assert!(grown < 10 * 1024, "{grown} KiB more than {begun}");
}
