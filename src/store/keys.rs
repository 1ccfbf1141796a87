//! Where the key of a store comes from, and the data keys it opens: an
//! envelope, so that data keys and the key around them can be changed one
//! after the other (SEC-20).
//!
//! The store's `keys` file ([`ring`]) holds the data keys, wrapped under a key
//! that lies elsewhere: in a file of its own ([`file`]), with systemd, or in a
//! person's head.

mod file;
mod ring;
mod trouble;

pub use file::{make as make_key_file, text as key_text};
pub use ring::{KEYS, Ring, SPARE};
pub use trouble::{KeyTrouble, at};

use super::record::StoreError;
use super::seal::{Seal, Secret256, random};
use super::{trouble as system, walk};
use crate::domain::secret::Secret;
use std::fmt;
use std::path::{Path, PathBuf};
use zeroize::Zeroizing;

/// Where the key around a store's data keys comes from.
#[derive(Clone, PartialEq, Eq)]
pub enum KeySource {
    /// A file of its own outside the store, for its owner alone; made when the
    /// store is.
    File(PathBuf),
    /// A systemd credential: its name in `$CREDENTIALS_DIRECTORY`.
    Credential(String),
    /// What a person typed, through Argon2id.
    Passphrase(Secret),
    /// In memory alone: a demonstration or a test.
    Held(Secret256),
}

impl fmt::Debug for KeySource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(path) => f.debug_tuple("File").field(path).finish(),
            Self::Credential(name) => f.debug_tuple("Credential").field(name).finish(),
            Self::Passphrase(_) => f.write_str("Passphrase(…)"),
            Self::Held(_) => f.write_str("Held(…)"),
        }
    }
}

/// A key as one of the two kinds of wraps takes it.
enum Material {
    Key(Secret256),
    Words(Secret),
}

impl KeySource {
    /// A random key that is never written.
    pub fn held() -> Result<Self, StoreError> {
        let mut key = Zeroizing::new([0; 32]);
        random(&mut *key).map_err(|_| KeyTrouble::NoRandom)?;
        Ok(Self::Held(key))
    }

    /// The source as messages name it.
    pub fn shown(&self) -> String {
        match self {
            Self::File(path) => format!("鍵のファイル {}", system::shown(path)),
            Self::Credential(name) => {
                format!("資格情報 {}", crate::text::clean::clean(name))
            }
            Self::Passphrase(_) => "合言葉".to_owned(),
            Self::Held(_) => "一時の鍵".to_owned(),
        }
    }

    /// What a wrap notes of it: the kind, and where.
    pub(super) fn place(&self) -> (ring::By, String) {
        match self {
            Self::File(path) => (ring::By::File, settled(path).display().to_string()),
            Self::Credential(name) => (ring::By::Credential, name.clone()),
            Self::Passphrase(_) => (ring::By::Passphrase, String::new()),
            Self::Held(_) => (ring::By::Held, String::new()),
        }
    }

    /// Whether both are the same place.
    pub(super) fn is(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::File(one), Self::File(other)) => settled(one) == settled(other),
            _ => self == other,
        }
    }

    fn material(&self) -> Result<Material, KeyTrouble> {
        match self {
            Self::File(path) => file::read(path).map(Material::Key),
            Self::Credential(name) => file::credential(name).map(Material::Key),
            Self::Passphrase(words) => Ok(Material::Words(words.clone())),
            Self::Held(key) => Ok(Material::Key(key.clone())),
        }
    }
}

/// Opens the data keys of the store in `dir`, changing nothing; nothing if the
/// store has none and is new. What a person should know comes with it.
pub fn open(dir: &Path, source: &KeySource) -> Result<Option<(Ring, Option<String>)>, StoreError> {
    let held = match ring::read(dir)? {
        Some(held) => held,
        None if is_new(dir)? => return Ok(None),
        None => return Err(KeyTrouble::NoKeys { dir: at(dir) }.into()),
    };
    let own = match source.material() {
        Ok(material) => held.open(&material, source)?,
        // Its place may have changed with the last change of the key.
        Err(trouble) => match follow(&held, source) {
            Some(found) => return Ok(Some(found)),
            None => return Err(trouble.of(dir).into()),
        },
    };
    if let Some(ring) = own {
        return Ok(Some((ring, None)));
    }
    match follow(&held, source) {
        Some(found) => Ok(Some(found)),
        None => Err(held.wrong(dir, source).into()),
    }
}

/// [`open`] once more under the lock: between the two, the keys may have been
/// changed or made.
pub fn still(
    dir: &Path,
    source: &KeySource,
    opened: Option<(Ring, Option<String>)>,
) -> Result<Option<(Ring, Option<String>)>, StoreError> {
    match opened {
        Some((ring, remark)) if ring.is_of(dir)? => Ok(Some((ring, remark))),
        _ => open(dir, source),
    }
}

/// Whether the store in `dir` is new and has no keys yet; an error if they
/// are gone or damaged.
pub fn not_yet(dir: &Path) -> Result<bool, StoreError> {
    match ring::read(dir)? {
        Some(_) => Ok(false),
        None if is_new(dir)? => Ok(true),
        None => Err(KeyTrouble::NoKeys { dir: at(dir) }.into()),
    }
}

/// Whether the store in `dir` has keys at all.
pub fn there(dir: &Path) -> bool {
    [KEYS, SPARE]
        .iter()
        .any(|name| dir.join(name).symlink_metadata().is_ok())
}

/// The seal of an existing store, for reading it beside the desk service.
pub fn seal(dir: &Path, source: &KeySource) -> Result<Seal, StoreError> {
    match open(dir, source)? {
        Some((ring, _)) => Ok(ring.seal()),
        None => Err(KeyTrouble::NoKeys { dir: at(dir) }.into()),
    }
}

/// Whether the keys of a new store can be made with `source`; a key file that
/// is not there yet is made with them.
pub fn ready(dir: &Path, source: &KeySource) -> Result<(), StoreError> {
    match source.material() {
        Err(KeyTrouble::Missing { .. }) | Ok(_) => Ok(()),
        Err(trouble) => Err(trouble.of(dir).into()),
    }
}

/// Makes the data keys of a new store, durably, and the key file if there is
/// none yet.
pub fn create(dir: &Path, source: &KeySource) -> Result<Ring, StoreError> {
    if let KeySource::File(path) = source {
        file::make(path).map_err(|trouble| trouble.of(dir))?;
    }
    let material = source.material().map_err(|trouble| trouble.of(dir))?;
    let ring = Ring::new(&material, source)?;
    ring.write(dir)?;
    Ok(ring)
}

/// Wraps the data keys for another source too, as the one being changed to.
/// `shown` is the source it will be when all is done. Not yet written.
pub fn wrap_for(ring: &mut Ring, source: &KeySource, shown: &KeySource) -> Result<(), KeyTrouble> {
    let material = source.material()?;
    ring.wrap(&material, shown)
}

/// Makes the data keys of a folder beside the store (the spill), whose key was
/// moved from the files `former`. Makes no key file: its absence has to be
/// seen.
pub fn create_beside(
    dir: &Path,
    source: &KeySource,
    former: &[String],
) -> Result<Ring, StoreError> {
    let material = source.material().map_err(|trouble| trouble.of(dir))?;
    let mut ring = Ring::new(&material, source)?;
    ring.moved_from(former);
    ring.write(dir)?;
    Ok(ring)
}

/// The data keys of such a folder are for `source` alone from now on, whose
/// key was moved from the files `former`.
pub fn hand_over(
    ring: &mut Ring,
    dir: &Path,
    source: &KeySource,
    former: &[String],
) -> Result<(), StoreError> {
    let other = !ring.source().is(source);
    if other {
        ring.move_to(&source.material()?, source)?;
    }
    if ring.moved_from(former) || other {
        ring.write(dir)?;
    }
    Ok(())
}

/// Opens the data keys of such a folder with the first of `sources` that does;
/// nothing if it has none.
pub fn open_beside(dir: &Path, sources: &[&KeySource]) -> Result<Option<Ring>, StoreError> {
    let mut why = None;
    for source in sources {
        match open(dir, source) {
            Ok(found) => return Ok(found.map(|(ring, _)| ring)),
            Err(error) => {
                why.get_or_insert(error);
            }
        }
    }
    let none = || KeyTrouble::NoKeys { dir: at(dir) }.into();
    Err(beside(why.unwrap_or_else(none)))
}

/// The seal of such a folder, for reading it beside the desk service.
pub fn seal_beside(dir: &Path, source: &KeySource) -> Result<Seal, StoreError> {
    let none = || KeyTrouble::NoKeys { dir: at(dir) }.beside();
    let ring = open_beside(dir, &[source])?.ok_or_else(none)?;
    Ok(ring.seal())
}

fn beside(error: StoreError) -> StoreError {
    match error {
        StoreError::Key(trouble) => trouble.beside().into(),
        other => other,
    }
}

/// Data keys of their own for a file that goes elsewhere (an export), and what
/// stands in front of it. Nothing of this machine is named in it.
pub fn apart(source: &KeySource) -> Result<(Seal, Vec<u8>), StoreError> {
    let nameless = match source {
        KeySource::File(_) => KeySource::File(PathBuf::new()),
        other => other.clone(),
    };
    let ring = Ring::new(&source.material()?, &nameless)?;
    Ok((ring.seal(), ring.bytes()?))
}

/// The seal of such a file; nothing if `source` does not open it or it is
/// damaged.
pub fn open_apart(bytes: &[u8], source: &KeySource) -> Result<Option<Seal>, StoreError> {
    let Some(held) = ring::Held::from_bytes(bytes) else {
        return Ok(None);
    };
    let ring = held.open(&source.material()?, source)?;
    Ok(ring.map(|ring| ring.seal()))
}

/// Takes away data keys that nothing needs any more.
pub fn forget(dir: &Path) -> std::io::Result<()> {
    for name in [KEYS, SPARE] {
        match std::fs::remove_file(dir.join(name)) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
    }
    Ok(())
}

/// One name for a file, whatever it was called by: absolute, and its folder
/// without links and `..`.
fn settled(path: &Path) -> PathBuf {
    if path.as_os_str().is_empty() {
        return PathBuf::new();
    }
    let whole = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let folder = whole.parent().and_then(|at| std::fs::canonicalize(at).ok());
    match (folder, whole.file_name()) {
        (Some(folder), Some(name)) => folder.join(name),
        _ => whole,
    }
}

/// After a change of keys has moved the key to another file, the settings may
/// still name the one it was moved from. Nothing else is ever tried: a key
/// that only lies where the store once was made opens no copy of it.
fn follow(held: &ring::Held, source: &KeySource) -> Option<(Ring, Option<String>)> {
    let KeySource::File(named) = source else {
        return None;
    };
    for place in held.moved_from(&settled(named).display().to_string()) {
        let path = PathBuf::from(place);
        if path.is_absolute()
            && let Ok(key) = file::read(&path)
            && let Ok(Some(ring)) = held.open(&Material::Key(key), &KeySource::File(path.clone()))
        {
            let remark = format!(
                "設定の{} では開きません。鍵の入れ替えで移した {} の鍵で開きました。設定の [key] の file をこの場所に直してください。",
                source.shown(),
                system::shown(&path)
            );
            return Some((ring, Some(remark)));
        }
    }
    None
}

/// Nothing has been written yet that would need a key.
fn is_new(dir: &Path) -> Result<bool, StoreError> {
    let folder = dir.join("journal");
    let names = walk::segments(&folder).map_err(|error| system::from_io(dir, &error))?;
    let empty = names
        .iter()
        .all(|name| std::fs::metadata(folder.join(name)).is_ok_and(|meta| meta.len() == 0));
    Ok(empty)
}

#[cfg(test)]
mod tests;
