//! `make install` into a folder of its own: everything is there, nothing points
//! into that folder, and what was installed works.
#![allow(clippy::unwrap_used, reason = "a test fails where it stands")]

use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;

fn mode(path: &Path) -> u32 {
    let meta = std::fs::metadata(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    meta.permissions().mode() & 0o777
}

#[test]
fn make_install_puts_everything_in_its_place() {
    let stage = tempfile::tempdir().unwrap();
    let out = Command::new("make")
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .arg("install")
        .arg(format!("DESTDIR={}", stage.path().display()))
        .arg("PREFIX=/opt/reception")
        .arg(concat!("BIN=", env!("CARGO_BIN_EXE_madoguchi")))
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&out.stderr);
    assert!(out.status.success(), "{said}");
    let root = stage.path().join("opt/reception");
    assert_eq!(mode(&root.join("bin/madoguchi")), 0o755);
    let program = |args: &[&str]| {
        let out = Command::new(root.join("bin/madoguchi"))
            .args(args)
            .env("HOME", stage.path())
            .env("LC_ALL", "C.UTF-8")
            .output()
            .unwrap();
        let told = String::from_utf8_lossy(&out.stdout).into_owned();
        assert!(out.status.success(), "{args:?}: {told}");
        told
    };
    for name in ["receipt", "tenkey", "letters"] {
        let file = root.join(format!("share/madoguchi/keymaps/{name}.toml"));
        assert_eq!(mode(&file), 0o644);
        program(&["keymap", "check", file.to_str().unwrap()]);
    }
    let manual = root.join("share/man/man7/madoguchi-keys.7");
    assert_eq!(mode(&manual), 0o644);
    let manual = std::fs::read_to_string(manual).unwrap();
    assert_eq!(manual, program(&["keymap", "man"]));
    assert!(manual.starts_with(".TH MADOGUCHI-KEYS 7"), "{manual}");
    let unit = root.join("lib/systemd/system/madoguchi-desk.service");
    assert_eq!(mode(&unit), 0o644);
    let unit = std::fs::read_to_string(unit).unwrap();
    assert!(
        unit.contains("ExecStart=/opt/reception/bin/madoguchi desk"),
        "{unit}"
    );
    assert!(!unit.contains("/usr/local"), "{unit}");
    let (name, value) = madoguchi::desk::shell::THRIFT;
    assert!(
        unit.contains(&format!("Environment={name}={value}\n")),
        "{unit}"
    );
    let sample = root.join("share/doc/madoguchi/madoguchi.toml");
    assert_eq!(
        std::fs::read_to_string(sample).unwrap(),
        program(&["settings", "sample"])
    );
}
