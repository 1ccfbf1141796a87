//! The `keys` file: the data keys of a store, wrapped. Written twice (`keys`,
//! `keys.spare`), because a flipped bit in it must not cost everything.
//!
//! More than one wrap or more than one data key means that a change of keys is
//! under way: all wraps hold the same data keys, the last of which seals.

mod change;
mod stretch;

use super::trouble::at;
use super::{KeySource, KeyTrouble, Material};
use crate::store::record::StoreError;
use crate::store::seal::{Kind, Seal, Secret256, Unreadable, random};
use crate::store::{files, trouble};
use serde::{Deserialize, Serialize};
use std::io::ErrorKind;
use std::path::Path;
use stretch::{Stretch, around};
use zeroize::Zeroizing;

/// The file's name.
pub const KEYS: &str = "keys";
/// Its second copy.
pub const SPARE: &str = "keys.spare";
/// Larger is no keys file.
const LIMIT: u64 = 64 * 1024;
const VERSION: u32 = 1;
/// What kind of source a wrap was made for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum By {
    /// A key file.
    File,
    /// A systemd credential.
    Credential,
    /// A passphrase.
    Passphrase,
    /// A key in memory.
    Held,
}

/// The data keys under one key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Wrap {
    id: u32,
    by: By,
    /// The file's path or the credential's name, for messages.
    place: String,
    /// The files the key was moved here from, which settings may still name.
    #[serde(default)]
    former: Vec<String>,
    #[serde(default)]
    stretch: Option<Stretch>,
    sealed: Vec<u8>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct File {
    version: u32,
    store: [u8; 16],
    wraps: Vec<Wrap>,
}

/// The `keys` file as read, still closed.
#[derive(Debug)]
pub struct Held(File);

/// The opened data keys.
pub struct Ring {
    file: File,
    source: KeySource,
    /// Of the wrap that opened.
    opened: u32,
    /// The keys around, by wrap, as far as they are known.
    around: Vec<(u32, Secret256)>,
    names: Secret256,
    data: Vec<(u32, Secret256)>,
}

/// Reads the `keys` file of the store in `dir`; nothing if it has none.
pub fn read(dir: &Path) -> Result<Option<Held>, StoreError> {
    let mut there = false;
    for name in [KEYS, SPARE] {
        match files::read_small(&dir.join(name), LIMIT) {
            Ok(bytes) => {
                there = true;
                if let Some(file) = parse(&bytes) {
                    return Ok(Some(Held(file)));
                }
            }
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            Err(error) => return Err(trouble::from_io(dir, &error)),
        }
    }
    if there {
        return Err(KeyTrouble::Damaged { dir: at(dir) }.into());
    }
    Ok(None)
}

/// A line with a checksum, then the JSON.
fn parse(bytes: &[u8]) -> Option<File> {
    let (head, body) = bytes.split_at_checked(HEAD_LENGTH)?;
    if head != head_of(body).as_bytes() {
        return None;
    }
    let file: File = serde_json::from_slice(body).ok()?;
    (file.version == VERSION && !file.wraps.is_empty()).then_some(file)
}

const HEAD_LENGTH: usize = "madoguchi keys 00000000\n".len();

fn head_of(body: &[u8]) -> String {
    format!("madoguchi keys {:08x}\n", crc32fast::hash(body))
}

impl Held {
    /// From bytes that lie elsewhere; nothing if they are damaged.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        parse(bytes).map(Self)
    }

    /// The files to which a change of keys has moved the key from `named`.
    pub fn moved_from(&self, named: &str) -> impl Iterator<Item = &str> {
        (self.0.wraps.iter())
            .filter(move |wrap| wrap.by == By::File && wrap.former.iter().any(|at| at == named))
            .map(|wrap| wrap.place.as_str())
    }

    /// The data keys, if `material` opens a wrap. The newest wrap first.
    pub(super) fn open(
        &self,
        material: &Material,
        source: &KeySource,
    ) -> Result<Option<Ring>, KeyTrouble> {
        for wrap in self.0.wraps.iter().rev() {
            let Some(around) = around(&self.0.store, wrap.stretch.as_ref(), material)? else {
                continue;
            };
            let Ok(ring) =
                wrap_seal(&self.0.store, wrap.id, around.clone()).open(bound(wrap), &wrap.sealed)
            else {
                continue;
            };
            if let Some((names, data)) = unpack(&ring) {
                return Ok(Some(Ring {
                    file: self.0.clone(),
                    source: source.clone(),
                    opened: wrap.id,
                    around: vec![(wrap.id, around)],
                    names,
                    data,
                }));
            }
        }
        Ok(None)
    }

    /// The words for a source that opens nothing.
    pub fn wrong(&self, dir: &Path, source: &KeySource) -> KeyTrouble {
        let expected: Vec<String> = (self.0.wraps.iter())
            .map(|wrap| {
                let place = crate::text::clean::clean(&wrap.place);
                match wrap.by {
                    By::File => format!("鍵のファイル（作ったときの場所 {place}）"),
                    By::Credential => format!("資格情報 {place}"),
                    By::Passphrase => "合言葉".to_owned(),
                    By::Held => "残っていない一時の鍵".to_owned(),
                }
            })
            .collect();
        let words = |by: By| by == By::Passphrase;
        if words(source.place().0) && self.0.wraps.iter().all(|wrap| words(wrap.by)) {
            return KeyTrouble::WrongWords { dir: at(dir) };
        }
        KeyTrouble::Wrong {
            source_shown: source.shown(),
            dir: at(dir),
            expected: expected.join("か、"),
        }
    }
}

impl Ring {
    /// The data keys of a new store.
    pub(super) fn new(material: &Material, source: &KeySource) -> Result<Self, KeyTrouble> {
        let mut store = [0; 16];
        random(&mut store).map_err(none)?;
        let mut ring = Self {
            file: File {
                version: VERSION,
                store,
                wraps: Vec::new(),
            },
            source: source.clone(),
            opened: 0,
            around: Vec::new(),
            names: fresh()?,
            data: vec![(1, fresh()?)],
        };
        ring.wrap(material, source)?;
        ring.opened = 1;
        ring.seal_wraps()?;
        Ok(ring)
    }

    /// The keys in use.
    pub fn seal(&self) -> Seal {
        Seal::new(self.file.store, self.names.clone(), self.data.clone())
    }

    /// Whether a change of keys is under way.
    pub fn changing(&self) -> bool {
        self.data.len() > 1 || self.file.wraps.len() > 1
    }

    /// The source that opened it, which is another than the one asked for if
    /// the settings still name a former key file.
    pub fn source(&self) -> &KeySource {
        &self.source
    }

    /// The files the key was moved from to where it is now.
    pub fn former(&self) -> &[String] {
        (self.file.wraps.iter().find(|wrap| wrap.id == self.opened))
            .map_or(&[], |wrap| &wrap.former)
    }

    /// Whether the source that opened it is the one being changed to.
    pub fn opened_by_newest(&self) -> bool {
        (self.file.wraps.last()).is_some_and(|wrap| wrap.id == self.opened)
    }

    /// The id of the data key that seals, and since when others are older.
    pub fn data_key(&self) -> u32 {
        self.data.last().map_or(0, |(id, _)| *id)
    }

    /// Seals the present data keys into every wrap whose key is known.
    fn seal_wraps(&mut self) -> Result<(), KeyTrouble> {
        let packed = self.pack();
        let store = self.file.store;
        for wrap in &mut self.file.wraps {
            if let Some((id, key)) = self.around.iter().find(|(id, _)| *id == wrap.id) {
                wrap.sealed = wrap_seal(&store, *id, key.clone())
                    .seal(bound(wrap), &packed)
                    .map_err(none)?;
            }
        }
        Ok(())
    }

    /// The file as bytes.
    pub fn bytes(&self) -> Result<Vec<u8>, KeyTrouble> {
        let body = serde_json::to_vec(&self.file).map_err(|_| KeyTrouble::NoRandom)?;
        let mut bytes = head_of(&body).into_bytes();
        bytes.extend_from_slice(&body);
        Ok(bytes)
    }

    /// Writes the file and its copy, each as a whole.
    pub fn write(&self, dir: &Path) -> Result<(), StoreError> {
        let bytes = self.bytes()?;
        for name in [KEYS, SPARE] {
            files::replace(&dir.join(name), &bytes)
                .map_err(|error| trouble::from_io(dir, &error))?;
        }
        Ok(())
    }

    /// Whether these are the keys that lie in `dir`.
    pub fn is_of(&self, dir: &Path) -> Result<bool, StoreError> {
        Ok(read(dir)?.is_some_and(|held| held.0 == self.file))
    }

    /// Puts a lost or damaged copy back; whether there was one.
    pub fn mend(&self, dir: &Path) -> Result<bool, StoreError> {
        let whole = |name| {
            files::read_small(&dir.join(name), LIMIT)
                .is_ok_and(|bytes| parse(&bytes).as_ref() == Some(&self.file))
        };
        if whole(KEYS) && whole(SPARE) {
            return Ok(false);
        }
        self.write(dir)?;
        Ok(true)
    }

    fn pack(&self) -> Zeroizing<Vec<u8>> {
        let mut out = Zeroizing::new(Vec::with_capacity(32 + self.data.len() * 36));
        out.extend_from_slice(&*self.names);
        for (id, key) in &self.data {
            out.extend_from_slice(&id.to_le_bytes());
            out.extend_from_slice(&**key);
        }
        out
    }
}

type DataKeys = Vec<(u32, Secret256)>;

fn unpack(bytes: &[u8]) -> Option<(Secret256, DataKeys)> {
    let (names, rest) = bytes.split_first_chunk::<32>()?;
    let mut data = Vec::new();
    let mut pieces = rest.chunks_exact(36);
    for piece in &mut pieces {
        let (id, key) = piece.split_first_chunk::<4>()?;
        let key = <[u8; 32]>::try_from(key).ok()?;
        data.push((u32::from_le_bytes(*id), Zeroizing::new(key)));
    }
    (pieces.remainder().is_empty() && !data.is_empty()).then_some((Zeroizing::new(*names), data))
}

fn fresh() -> Result<Secret256, KeyTrouble> {
    let mut key = Zeroizing::new([0; 32]);
    random(&mut *key).map_err(none)?;
    Ok(key)
}

fn none(_: Unreadable) -> KeyTrouble {
    KeyTrouble::NoRandom
}

fn bound(wrap: &Wrap) -> Kind<'_> {
    Kind::Ring(wrap.place.as_bytes())
}

fn wrap_seal(store: &[u8; 16], id: u32, around: Secret256) -> Seal {
    Seal::new(*store, Zeroizing::new([0; 32]), vec![(id, around)])
}
