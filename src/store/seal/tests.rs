use super::*;
use proptest::prelude::*;

fn seal(store: u8, keys: &[(u32, u8)]) -> Seal {
    let data = keys
        .iter()
        .map(|(id, byte)| (*id, Zeroizing::new([*byte; 32])))
        .collect();
    Seal::new([store; 16], Zeroizing::new([9; 32]), data)
}

proptest! {
    #[test]
    fn what_is_sealed_opens_again(content: Vec<u8>, seq: u64) {
        let seal = seal(1, &[(1, 1)]);
        let sealed = seal.seal(Kind::Record(seq), &content).unwrap();
        prop_assert_eq!(sealed.len(), content.len() + OVERHEAD);
        prop_assert_eq!(&**seal.open(Kind::Record(seq), &sealed).unwrap(), &*content);
    }

    #[test]
    fn n4_no_flipped_bit_opens(bit in 0..(OVERHEAD + 5) * 8) {
        let seal = seal(1, &[(1, 1)]);
        let mut sealed = seal.seal(Kind::Note(b"n"), b"hello").unwrap();
        sealed[bit / 8] ^= 1 << (bit % 8);
        prop_assert!(seal.open(Kind::Note(b"n"), &sealed).is_err());
    }

    #[test]
    fn any_bytes_are_survived(bytes: Vec<u8>) {
        prop_assert!(seal(1, &[(1, 1)]).open(Kind::Record(1), &bytes).is_err());
    }
}

#[test]
fn sec20_a_piece_opens_only_in_its_place() {
    let own = seal(1, &[(1, 1)]);
    let kinds = [
        Kind::Record(1),
        Kind::Record(2),
        Kind::Note(b"a"),
        Kind::Note(b"b"),
        Kind::Draft(b"a"),
        Kind::Row("a", b"bc"),
        Kind::Row("ab", b"c"),
        Kind::Ring(b"a"),
    ];
    for (i, of) in kinds.into_iter().enumerate() {
        let sealed = own.seal(of, b"x").unwrap();
        for (j, at) in kinds.into_iter().enumerate() {
            assert_eq!(own.open(at, &sealed).is_ok(), i == j, "{of:?} at {at:?}");
        }
        for other in [seal(2, &[(1, 1)]), seal(1, &[(1, 2)]), seal(1, &[(2, 1)])] {
            assert!(other.open(of, &sealed).is_err(), "{of:?}");
        }
    }
}

#[test]
fn two_data_keys_open_and_the_last_seals() {
    let (old, both, new) = (
        seal(1, &[(1, 1)]),
        seal(1, &[(1, 1), (2, 2)]),
        seal(1, &[(2, 2)]),
    );
    let before = old.seal(Kind::Record(1), b"x").unwrap();
    let after = both.seal(Kind::Record(1), b"x").unwrap();
    assert_eq!((key_of(&before), key_of(&after)), (Some(1), Some(2)));
    assert!(both.open(Kind::Record(1), &before).is_ok());
    assert!(new.open(Kind::Record(1), &after).is_ok());
    assert!(new.open(Kind::Record(1), &before).is_err());
    assert!(old.open(Kind::Record(1), &after).is_err());
}

#[test]
fn the_same_content_never_looks_the_same() {
    let seal = seal(1, &[(1, 1)]);
    let pieces: std::collections::BTreeSet<_> = (0..100)
        .map(|_| seal.seal(Kind::Record(1), b"x").unwrap())
        .collect();
    assert_eq!(pieces.len(), 100);
}

#[test]
fn names_are_keyed_and_keep_their_tables_apart() {
    let own = seal(1, &[(1, 1)]);
    assert_eq!(own.name("draft", "003"), own.name("draft", "003"));
    assert_ne!(own.name("draft", "003"), own.name("staff", "003"));
    assert_ne!(own.name("draft", "003"), own.name("draft0", "03"));
    let other = Seal::new([1; 16], Zeroizing::new([8; 32]), Vec::new());
    assert_ne!(own.name("draft", "003"), other.name("draft", "003"));
}

#[test]
fn sec27_nothing_of_a_key_is_printed() {
    assert_eq!(format!("{:?}", seal(1, &[(1, 7)])), "Seal(…)");
}
