//! A key in a file of its own: one line that can be printed and typed back, or
//! 32 bytes as they are (a systemd credential, for example).

use super::KeyTrouble;
use crate::store::files;
use crate::store::seal::{Secret256, random};
use crate::store::trouble::shown;
use std::io::{ErrorKind, Read, Write};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::{Component, Path};
use zeroize::Zeroizing;

/// In front of the 64 hexadecimal digits.
const HEAD: &str = "madoguchi-key-1 ";
/// More than a key can be.
const LIMIT: u64 = 200;

/// The line that is kept: a word that says what it is, the key, and a check
/// sum against a mistyped digit.
pub fn text(key: &Secret256) -> Zeroizing<String> {
    let mut line = Zeroizing::new(String::with_capacity(HEAD.len() + 80));
    line.push_str(HEAD);
    hex(&**key, &mut line);
    let sum = crc32fast::hash(line.as_bytes());
    line.push(' ');
    hex(&sum.to_be_bytes(), &mut line);
    line.push('\n');
    line
}

fn hex(bytes: &[u8], out: &mut String) {
    for byte in bytes {
        for digit in [byte >> 4, byte & 15] {
            out.push(char::from_digit(u32::from(digit), 16).unwrap_or('0'));
        }
    }
}

fn parse(bytes: &[u8]) -> Option<Secret256> {
    if let Ok(key) = <[u8; 32]>::try_from(bytes) {
        return Some(Zeroizing::new(key));
    }
    let line = std::str::from_utf8(bytes).ok()?.trim_end();
    let (digits, _) = line.strip_prefix(HEAD)?.split_once(' ')?;
    let digits = digits.as_bytes();
    let mut key = Zeroizing::new([0; 32]);
    if digits.len() != 64 {
        return None;
    }
    for (place, pair) in key.iter_mut().zip(digits.chunks_exact(2)) {
        let digit = |at: usize| char::from(*pair.get(at)?).to_digit(16);
        *place = u8::try_from(digit(0)? << 4 | digit(1)?).ok()?;
    }
    (text(&key).trim_end() == line).then_some(key)
}

/// Reads a key file. It must be a plain file of this person's, closed to all
/// others; a symbolic link is not followed (SEC-22).
pub fn read(path: &Path) -> Result<Secret256, KeyTrouble> {
    let name = shown(path);
    let failed = |error: &std::io::Error| match error.kind() {
        ErrorKind::NotFound => KeyTrouble::Missing {
            path: name.clone(),
            dir: "保存先".to_owned(),
        },
        _ => KeyTrouble::Unreadable {
            path: name.clone(),
            why: reason(error),
        },
    };
    let file = (files::private().read(true).open(path)).map_err(|error| failed(&error))?;
    let meta = file.metadata().map_err(|error| failed(&error))?;
    if !meta.is_file() {
        return Err(KeyTrouble::NoKey { what: name });
    }
    if meta.mode() & 0o077 != 0 {
        return Err(KeyTrouble::TooOpen { path: name });
    }
    let mut bytes = Zeroizing::new(Vec::with_capacity(LIMIT as usize + 1));
    file.take(LIMIT)
        .read_to_end(&mut bytes)
        .map_err(|error| failed(&error))?;
    parse(&bytes).ok_or(KeyTrouble::NoKey { what: name })
}

/// Reads a systemd credential by name. Its file is guarded by systemd.
pub fn credential(name: &str) -> Result<Secret256, KeyTrouble> {
    let none = || KeyTrouble::NoCredential {
        name: crate::text::clean::clean(name),
    };
    let mut parts = Path::new(name).components();
    let (Some(Component::Normal(_)), None) = (parts.next(), parts.next()) else {
        return Err(none());
    };
    let folder = std::env::var_os("CREDENTIALS_DIRECTORY").ok_or_else(none)?;
    let file = std::fs::OpenOptions::new()
        .read(true)
        .custom_flags(rustix::fs::OFlags::NONBLOCK.bits().cast_signed())
        .open(Path::new(&folder).join(name));
    let file = file.map_err(|_| none())?;
    files::plain(&file).map_err(|_| none())?;
    let mut bytes = Zeroizing::new(Vec::with_capacity(LIMIT as usize + 1));
    file.take(LIMIT)
        .read_to_end(&mut bytes)
        .map_err(|_| none())?;
    parse(&bytes).ok_or_else(|| KeyTrouble::NoKey {
        what: format!("資格情報 {}", crate::text::clean::clean(name)),
    })
}

/// Makes a key file, durably, unless a good one is there already. Half a file
/// is never seen under this name.
pub fn make(path: &Path) -> Result<Secret256, KeyTrouble> {
    match read(path) {
        Err(KeyTrouble::Missing { .. }) => {}
        done => return done,
    }
    let mut key = Zeroizing::new([0; 32]);
    random(&mut *key).map_err(|_| KeyTrouble::NoRandom)?;
    write(path, &key).map_err(|error| KeyTrouble::Unreadable {
        path: shown(path),
        why: reason(&error),
    })?;
    Ok(key)
}

fn write(path: &Path, key: &Secret256) -> std::io::Result<()> {
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    files::make_folder(folder)?;
    let mut file = tempfile::Builder::new()
        .prefix(".store-key-")
        .tempfile_in(folder)?;
    file.write_all(text(key).as_bytes())?;
    file.as_file().sync_all()?;
    // Two desks that start at once must not each go on with a key of its own.
    file.persist_noclobber(path)?;
    files::sync_folder(folder)
}

fn reason(error: &std::io::Error) -> String {
    crate::text::clean::clean(&error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    #[test]
    fn a_key_file_is_made_once_and_read_again() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a/store.key");
        let key = make(&path).unwrap();
        assert_eq!(make(&path).unwrap(), key);
        assert_eq!(read(&path).unwrap(), key);
        let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(&path), 0o600);
        assert_eq!(mode(path.parent().unwrap()), 0o700);
        let only: Vec<_> = std::fs::read_dir(path.parent().unwrap()).unwrap().collect();
        assert_eq!(only.len(), 1);
    }

    #[test]
    fn sec22_a_key_others_can_read_is_refused_with_what_to_type() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("k");
        make(&path).unwrap();
        for mode in [0o640, 0o604, 0o660, 0o601] {
            std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode)).unwrap();
            let said = read(&path).unwrap_err().to_string();
            assert!(
                said.contains(&format!("chmod 600 {}", path.display())),
                "{said}"
            );
        }
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o400)).unwrap();
        assert!(read(&path).is_ok());
    }

    #[test]
    fn sec22_no_link_and_no_folder_is_a_key() {
        let dir = tempfile::tempdir().unwrap();
        let (path, link) = (dir.path().join("k"), dir.path().join("l"));
        make(&path).unwrap();
        std::os::unix::fs::symlink(&path, &link).unwrap();
        assert!(matches!(read(&link), Err(KeyTrouble::Unreadable { .. })));
        assert!(read(dir.path()).is_err());
    }

    #[test]
    fn what_is_no_key_is_named() {
        let line = text(&Zeroizing::new([0x5a; 32]));
        assert!(parse(line.as_bytes()).is_some());
        assert!(parse(&[7; 32]).is_some());
        let mistyped = line.replacen("5a", "5b", 1);
        for bad in ["", "x", HEAD, &mistyped, line.get(1..).unwrap()] {
            assert_eq!(parse(bad.as_bytes()), None, "{bad:?}");
        }
    }

    #[test]
    fn a_credential_is_one_name() {
        for name in ["", "..", "a/b", "/etc/passwd"] {
            assert!(matches!(
                credential(name),
                Err(KeyTrouble::NoCredential { .. })
            ));
        }
    }
}
