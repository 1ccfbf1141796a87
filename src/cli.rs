//! The command line: one file per subcommand, and the settings.

pub mod settings;

/// Runs the program.
pub fn main() -> std::process::ExitCode {
    std::process::ExitCode::from(2)
}
