//! The built-in cards are what they say, and errors name their place.

use super::*;
use crate::simulator::fixtures::Fixtures;
use jiff::civil::date;
use std::fs;

const TODAY: Date = date(2026, 11, 20);

fn rack() -> Rack {
    Rack::built_in(TODAY)
}

#[test]
fn every_built_in_card_can_be_made() {
    let rack = rack();
    for name in rack.names() {
        let machine = rack.named(name).unwrap();
        assert_eq!(machine.name(), name);
        assert!(!machine.atr().is_empty());
        let facts = rack.facts(name).unwrap();
        let person = facts.full_name.is_some() || facts.address.is_some();
        assert_eq!(facts.face.len(), if person { 14 } else { 0 }, "{name}");
    }
    assert!(rack.named(DEFAULT).is_some());
    assert!(rack.named("nobody").is_none());
}

#[test]
fn every_built_in_key_is_one() {
    let texts = Texts::built_in();
    let all = texts.authentication.iter().chain(&texts.authorities);
    for pem in all.chain([&texts.signature]) {
        assert!(Key::new(pem).works());
        assert!(pem.contains("INVENTED TEST KEY"));
    }
}

#[test]
fn a_named_card_is_a_fresh_one() {
    let rack = rack();
    let mut first = rack.named("hanako").unwrap();
    first.step(&[0x00, 0xA4, 0x04, 0x00]);
    assert_eq!(first.log().len(), 1);
    assert!(rack.named("hanako").unwrap().log().is_empty());
}

/// The people of the stand-in whose cards these are: name, birth date and
/// prefecture find them.
#[test]
fn cards_of_people_the_stand_in_knows() {
    let (rack, fixtures) = (rack(), Fixtures::built_in());
    for (card, person) in [
        ("ichinose", "ichinose"),
        ("taro", "shinbashi-minato"),
        ("kinoshita", "kinoshita"),
        ("gojo", "five-3"),
        ("showa-end", "era-showa-end"),
        ("heisei-first", "era-heisei-first"),
        ("reiwa-first", "era-reiwa-first"),
        ("sex-9", "sex-unset"),
        ("sex-0", "sex-back"),
        ("no-address", "no-address"),
    ] {
        let facts = rack.facts(card).unwrap();
        let person = fixtures.people.iter().find(|it| it.id == person).unwrap();
        assert_eq!(facts.full_name.as_deref(), Some(person.name.as_str()));
        let birth = person.birth_date.strftime("%Y%m%d").to_string();
        assert_eq!(facts.birth.as_deref(), Some(birth.as_str()));
        let (ours, theirs) = (facts.address.unwrap_or_default(), &person.address);
        assert_eq!(
            ours.chars().take(5).collect::<String>(),
            theirs.chars().take(5).collect::<String>()
        );
    }
}

fn with_cards(text: &str) -> Result<Rack, FixtureError> {
    let mut texts = Texts::built_in();
    texts.cards = vec![("cards/people.toml".to_owned(), text.to_owned())];
    Rack::parse(&texts, TODAY)
}

#[test]
fn errors_name_file_line_and_remedy() {
    let start = "[[card]]\nname = \"a\"\nabout = \"\"\n";
    for (text, expected) in [
        (
            format!("{start}adress = \"\""),
            "cards/people.toml 4 行目: 「adress」という項目はありません。「address」ではありませんか。",
        ),
        (
            format!("{start}{start}"),
            "cards/people.toml 5 行目: 「a」という名前のカードが 2 枚あります。",
        ),
        (
            start.replace("\"a\"", "\"花子\""),
            "cards/people.toml 2 行目: カードの名前は英小文字・数字・ハイフンで書いてください。",
        ),
        (
            format!("{start}key = 5"),
            "cards/people.toml 4 行目: 鍵は 1 から 4 までです。",
        ),
        (
            format!("{start}serial = \"0G\""),
            "cards/people.toml 4 行目: 16 進数の並びではありません。",
        ),
        (
            format!("{start}serial = \"\""),
            "cards/people.toml 4 行目: 発行番号は 1 から 20 バイトです。",
        ),
        (
            format!("{start}kind = \"licenze\""),
            "cards/people.toml 4 行目: 「licenze」という項目はありません。「licence」ではありませんか。",
        ),
    ] {
        assert_eq!(with_cards(&text).unwrap_err().to_string(), expected);
    }
}

#[test]
fn a_directory_replaces_file_by_file() {
    let dir = tempfile::tempdir().unwrap();
    let cards = dir.path().join("cards");
    fs::create_dir_all(cards.join("keys")).unwrap();
    assert_eq!(
        Rack::load(dir.path(), TODAY).unwrap().names().count(),
        rack().names().count()
    );
    fs::write(
        cards.join("people.toml"),
        "[[card]]\nname = \"own\"\nabout = \"\"\n",
    )
    .unwrap();
    let own = Rack::load(dir.path(), TODAY).unwrap();
    assert!(own.named("own").is_some());
    assert!(own.named("hanako").is_none());
    assert!(own.named("bank").is_some());
    fs::write(cards.join("keys").join("signature.pem"), "no key").unwrap();
    assert_eq!(
        Rack::load(dir.path(), TODAY).unwrap_err().to_string(),
        "cards/keys/signature.pem: RSA の秘密鍵（PKCS#8 の PEM）として読めません。"
    );
}
