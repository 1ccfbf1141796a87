use super::*;
use crate::store::Store;
use crate::store::seal::Kind;
use crate::store::tests::moment;
use std::collections::BTreeMap;
use std::time::SystemTime;

fn words(text: &str) -> KeySource {
    KeySource::Passphrase(Secret::new(text.to_owned()))
}

/// Every file and folder below `dir`: content and time of change.
fn picture(dir: &Path) -> BTreeMap<PathBuf, (Vec<u8>, SystemTime)> {
    let mut out = BTreeMap::new();
    let changed = std::fs::metadata(dir).unwrap().modified().unwrap();
    out.insert(dir.to_owned(), (Vec::new(), changed));
    for entry in std::fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            out.extend(picture(&path));
        } else {
            let changed = std::fs::metadata(&path).unwrap().modified().unwrap();
            out.insert(path.clone(), (std::fs::read(&path).unwrap(), changed));
        }
    }
    out
}

#[test]
fn every_source_opens_what_it_made_and_nothing_else() {
    let dir = tempfile::tempdir().unwrap();
    let sources = [
        KeySource::File(dir.path().join("one.key")),
        KeySource::File(dir.path().join("two.key")),
        words("みず うみ の そこ"),
        words("みず うみ の そこ。"),
        KeySource::Held([7; 32].into()),
        KeySource::Held([8; 32].into()),
    ];
    let made: Vec<_> = (0..sources.len())
        .map(|i| {
            let store = dir.path().join(i.to_string());
            std::fs::create_dir(&store).unwrap();
            let seal = create(&store, &sources[i]).unwrap().seal();
            (store, seal)
        })
        .collect();
    for (i, (store, own)) in made.iter().enumerate() {
        let sealed = own.seal(Kind::Record(1), b"x").unwrap();
        for (j, source) in sources.iter().enumerate() {
            let found = seal(store, source);
            if i == j {
                assert!(found.unwrap().open(Kind::Record(1), &sealed).is_ok());
            } else {
                let said = found.unwrap_err().to_string();
                assert!(said.contains("何も変えていません"), "{said}");
            }
        }
    }
}

#[test]
fn sec20_a_wrong_or_missing_key_touches_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let (store, right) = (dir.path().join("store"), dir.path().join("right.key"));
    let now = jiff::Timestamp::UNIX_EPOCH;
    let right_source = KeySource::File(right.clone());
    drop(crate::store::Store::open(&store, &right_source, now).unwrap());
    let kept = std::fs::read(&right).unwrap();
    let other = dir.path().join("other.key");
    make_key_file(&other).unwrap();
    std::fs::remove_file(&right).unwrap();
    let before = picture(&store);
    let open_mode = || {
        use std::os::unix::fs::PermissionsExt;
        std::fs::write(&right, &kept).unwrap();
        std::fs::set_permissions(&right, std::fs::Permissions::from_mode(0o644)).unwrap();
    };
    for (source, prepare, says) in [
        (KeySource::File(other), None, "の鍵ではありません"),
        (right_source.clone(), None, "がありません"),
        (words("違う合言葉"), None, "鍵のファイル（作ったときの場所"),
        (
            KeySource::Credential("none".to_owned()),
            None,
            "LoadCredentialEncrypted=none",
        ),
        (right_source, Some(&open_mode as &dyn Fn()), "chmod 600"),
    ] {
        if let Some(prepare) = prepare {
            prepare();
        }
        let Err(error) = crate::store::Store::open(&store, &source, now) else {
            panic!("{source:?} opened");
        };
        let said = error.to_string();
        assert!(said.contains(says), "{said}");
        assert_eq!(picture(&store), before, "{source:?}");
    }
}

#[test]
fn without_its_keys_file_a_store_with_records_is_refused_and_left_alone() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::create_dir(dir.path().join("journal")).unwrap();
    std::fs::write(dir.path().join("journal/2026-11.log"), "x").unwrap();
    let key = KeySource::Held([7; 32].into());
    let before = picture(dir.path());
    let Err(StoreError::Key(KeyTrouble::NoKeys { .. })) = open(dir.path(), &key) else {
        panic!("opened");
    };
    assert_eq!(picture(dir.path()), before);
}

#[test]
fn rel5_a_damaged_or_lost_copy_is_mended_from_the_other() {
    let dir = tempfile::tempdir().unwrap();
    let key = KeySource::Held([7; 32].into());
    let whole = create(dir.path(), &key).unwrap();
    let bytes = std::fs::read(dir.path().join(KEYS)).unwrap();
    for (name, content) in [(KEYS, &b"x"[..]), (SPARE, &b""[..]), (KEYS, &bytes[..30])] {
        std::fs::write(dir.path().join(name), content).unwrap();
        let (ring, _) = open(dir.path(), &key).unwrap().unwrap();
        assert!(ring.mend(dir.path()).unwrap());
        assert!(!ring.mend(dir.path()).unwrap());
        std::fs::remove_file(dir.path().join(name)).unwrap();
        assert!(ring.mend(dir.path()).unwrap());
        assert_eq!(std::fs::read(dir.path().join(name)).unwrap(), bytes);
        assert!(whole.is_of(dir.path()).unwrap());
    }
    for name in [KEYS, SPARE] {
        std::fs::write(dir.path().join(name), "x").unwrap();
    }
    assert!(matches!(
        open(dir.path(), &key),
        Err(StoreError::Key(KeyTrouble::Damaged { .. }))
    ));
}

#[test]
fn n4_no_flipped_bit_of_the_keys_is_taken() {
    let dir = tempfile::tempdir().unwrap();
    let key = KeySource::Held([7; 32].into());
    create(dir.path(), &key).unwrap();
    std::fs::remove_file(dir.path().join(SPARE)).unwrap();
    let bytes = std::fs::read(dir.path().join(KEYS)).unwrap();
    let mut random = fastrand::Rng::with_seed(1);
    for _ in 0..300 {
        let mut flipped = bytes.clone();
        let bit = random.usize(..bytes.len() * 8);
        flipped[bit / 8] ^= 1 << (bit % 8);
        std::fs::write(dir.path().join(KEYS), flipped).unwrap();
        assert!(open(dir.path(), &key).is_err(), "bit {bit}");
    }
}

#[test]
fn sec27_no_source_prints_its_secret() {
    for source in [words("ひみつ"), KeySource::Held([0x41; 32].into())] {
        let text = format!("{source:?} {}", source.shown());
        assert!(!text.contains("ひみつ") && !text.contains("65"), "{text}");
    }
}

#[test]
fn a_wrong_passphrase_is_said_to_be_one() {
    let dir = tempfile::tempdir().unwrap();
    let right = words("みず うみ の そこ");
    drop(Store::open(dir.path(), &right, moment(0)).unwrap());
    let said = Store::open(dir.path(), &words("べつ の ことば です"), moment(0))
        .map(drop)
        .unwrap_err()
        .to_string();
    assert!(said.starts_with("合言葉が違います。"), "{said}");
    assert!(!said.contains("合言葉 は"), "{said}");
}

/// A store, and a copy of it with a key file of its own beside it.
fn copied(dir: &Path) -> (KeySource, PathBuf, PathBuf) {
    let (here, there) = (dir.join("here"), dir.join("there"));
    for folder in [&here, &there] {
        std::fs::create_dir(folder).unwrap();
    }
    let source = KeySource::File(here.join("store.key"));
    let now = jiff::Timestamp::UNIX_EPOCH;
    drop(Store::open(&here.join("store"), &source, now).unwrap());
    crate::store::tests::copy(&here.join("store"), &there.join("store"));
    std::fs::copy(here.join("store.key"), there.join("store.key")).unwrap();
    (source, there.join("store"), there.join("store.key"))
}

#[test]
fn sec20_a_copy_of_a_store_is_not_opened_with_the_key_of_where_it_was_made() {
    use std::os::unix::fs::PermissionsExt;
    type Spoil = fn(&Path);
    let cases: [(&str, Spoil, &str); 3] = [
        (
            "missing",
            |key| std::fs::remove_file(key).unwrap(),
            "がありません",
        ),
        (
            "open to others",
            |key| std::fs::set_permissions(key, std::fs::Permissions::from_mode(0o644)).unwrap(),
            "chmod 600",
        ),
        (
            "wrong",
            |key| {
                std::fs::remove_file(key).unwrap();
                make_key_file(key).unwrap();
            },
            "の鍵ではありません",
        ),
    ];
    for (name, spoil, says) in cases {
        let dir = tempfile::tempdir().unwrap();
        let (_, store, key) = copied(dir.path());
        assert!(seal(&store, &KeySource::File(key.clone())).is_ok());
        spoil(&key);
        let before = picture(dir.path());
        let now = jiff::Timestamp::UNIX_EPOCH;
        let said = match Store::open(&store, &KeySource::File(key.clone()), now) {
            Ok(_) => panic!("{name}: opened"),
            Err(error) => error.to_string(),
        };
        assert!(said.contains(says), "{name}: {said}");
        assert_eq!(picture(dir.path()), before, "{name}");
    }
}

#[test]
fn sec20_a_moved_key_is_followed_from_its_former_place_alone() {
    let dir = tempfile::tempdir().unwrap();
    let (from, copy, own) = copied(dir.path());
    let (store, now) = (dir.path().join("here/store"), jiff::Timestamp::UNIX_EPOCH);
    let to = KeySource::File(dir.path().join("elsewhere/k"));
    crate::store::rotate::rotate(&store, &from, Some(&to), now, &mut |_| Ok(())).unwrap();
    // By whatever name the settings call the former place.
    let odd = KeySource::File(dir.path().join("there/../here/store.key"));
    for source in [&from, &odd] {
        let (ring, said) = open(&store, source).unwrap().unwrap();
        assert!(ring.source().is(&to));
        assert!(said.unwrap().contains("では開きません"));
    }
    // A copy made afterwards names its own.
    std::fs::remove_dir_all(&copy).unwrap();
    crate::store::tests::copy(&store, &copy);
    assert!(seal(&copy, &KeySource::File(own)).is_err());
    let third = KeySource::File(dir.path().join("elsewhere/l"));
    crate::store::rotate::rotate(&store, &from, Some(&third), now, &mut |_| Ok(())).unwrap();
    for source in [&from, &to] {
        assert!(open(&store, source).unwrap().unwrap().1.is_some());
    }
}

#[test]
fn a_key_is_noted_by_its_whole_path() {
    let file = KeySource::File(PathBuf::from("store.key"));
    let (_, place) = file.place();
    assert!(Path::new(&place).is_absolute(), "{place}");
}
