//! A link argument that depends on the system the program is built on. It is
//! for what a front end keeps in memory; without it the program works the same.

// The only way a build script has to say anything.
#![allow(clippy::print_stdout)]
use std::process::Command;

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    let target = |what: &str| std::env::var(format!("CARGO_CFG_TARGET_{what}"));
    let gnu = target("OS").as_deref() == Ok("linux") && target("ENV").as_deref() == Ok("gnu");
    if !gnu || std::env::var("HOST") != std::env::var("TARGET") {
        return;
    }
    // Read whole at every start, relocations take most of a megabyte in the
    // usual form. A libc before 2.36 does not know the packed one.
    if version("getconf", "GNU_LIBC_VERSION").is_some_and(|libc| libc >= (2, 36)) {
        println!("cargo:rustc-link-arg-bin=madoguchi=-Wl,-z,pack-relative-relocs");
    }
}

/// The version a program tells as the second word of its answer.
fn version(program: &str, question: &str) -> Option<(u32, u32)> {
    let told = Command::new(program).arg(question).output().ok()?;
    let told = String::from_utf8(told.stdout).ok()?;
    let mut numbers = told.split_whitespace().nth(1)?.split('.');
    let mut number = || numbers.next()?.parse().ok();
    Some((number()?, number()?))
}
