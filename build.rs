//! Link arguments that depend on the system the program is built on. They are
//! for what a front end keeps in memory; without them the program works the same.

// The only way a build script has to say anything.
#![allow(clippy::print_stdout)]
use std::path::PathBuf;
use std::process::Command;

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rerun-if-changed=build/front.ld");
    let target = |what: &str| variable(&format!("CARGO_CFG_TARGET_{what}"));
    let gnu = target("OS") == "linux" && target("ENV") == "gnu";
    if !gnu || variable("HOST") != variable("TARGET") {
        return;
    }
    // Read whole at every start, relocations take most of a megabyte in the
    // usual form. A libc before 2.36 does not know the packed one.
    let packed = "-Wl,-z,pack-relative-relocs";
    if version("getconf", "GNU_LIBC_VERSION").is_some_and(|libc| libc >= (2, 36)) && taken(packed) {
        pass(packed);
    }
    // What a front end runs, side by side. Nobody measures a debug build.
    let order = format!("-T{}/build/front.ld", variable("CARGO_MANIFEST_DIR"));
    if variable("PROFILE") == "release" && taken(&order) {
        pass(&order);
    }
}

fn pass(argument: &str) {
    println!("cargo:rustc-link-arg-bin=madoguchi={argument}");
}

/// Whether the linker of this build takes an argument without a word: mold and
/// gold know no such script. Asked by linking a program that does nothing.
fn taken(argument: &str) -> bool {
    let place = PathBuf::from(variable("OUT_DIR"));
    let source = place.join("nothing.rs");
    if std::fs::write(&source, "fn main() {}").is_err() {
        return false;
    }
    let mut compile = Command::new(variable("RUSTC"));
    compile.arg(source).arg("-o").arg(place.join("nothing"));
    compile.arg(format!("-Clink-arg={argument}"));
    compile.arg("-Clink-arg=-Wl,--fatal-warnings");
    if let Ok(linker) = std::env::var("RUSTC_LINKER") {
        compile.arg(format!("-Clinker={linker}"));
    }
    let flags = variable("CARGO_ENCODED_RUSTFLAGS");
    compile.args(flags.split('\x1f').filter(|flag| !flag.is_empty()));
    compile.output().is_ok_and(|told| told.status.success())
}

/// What cargo tells; empty when it does not.
fn variable(name: &str) -> String {
    std::env::var(name).unwrap_or_default()
}

/// The version a program tells as the second word of its answer.
fn version(program: &str, question: &str) -> Option<(u32, u32)> {
    let told = Command::new(program).arg(question).output().ok()?;
    let told = String::from_utf8(told.stdout).ok()?;
    let mut numbers = told.split_whitespace().nth(1)?.split('.');
    let mut number = || numbers.next()?.parse().ok();
    Some((number()?, number()?))
}
