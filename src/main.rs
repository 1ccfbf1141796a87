//! Hands over to [`madoguchi::cli`].

fn main() -> std::process::ExitCode {
    madoguchi::cli::main()
}
