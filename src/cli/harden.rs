//! What every process of ours does first: files for its owner alone, no core
//! files (SEC-22, SEC-23).

/// Applies to this process and what it starts. Where the system refuses, the
/// program runs without.
pub fn process() {
    rustix::process::umask(rustix::fs::Mode::from_raw_mode(0o077));
    #[cfg(target_os = "linux")]
    {
        use rustix::process::{DumpableBehavior, Resource, Rlimit};
        let none = Rlimit {
            current: Some(0),
            maximum: Some(0),
        };
        let _ = rustix::process::setrlimit(Resource::Core, none);
        let _ = rustix::process::set_dumpable_behavior(DumpableBehavior::NotDumpable);
    }
}
