use super::*;
use crate::domain::note::NoteContent;
use jiff::civil::date;

#[test]
fn keys_stand_in_the_order_of_day_and_number() {
    let key = |id: &str| NoteKey::of(&NoteId(id.to_owned()));
    let ids = [
        "20261119-9999",
        "20261119-10000",
        "20261120-0001",
        "20261120-0002",
        "20261120-S001",
        "20261120-S1000",
        "20261120-T002",
        "20261121-0001",
    ];
    assert!(ids.is_sorted_by_key(|id| key(id)));
    for odd in [
        "",
        "x",
        "2026112-0001",
        "20261120-",
        "20261120-00000001",
        "20261120-000１",
        "20261120-s001",
        "20261320-0001",
        "20261120-+001",
    ] {
        assert!(key(odd) > key("99991231-Z9999999"), "{odd}");
    }
    assert_ne!(key("20261120-0001"), key("20261120-00001"));
    assert_ne!(key("x"), key("y"));
}

#[test]
fn an_outline_comes_back_from_bytes() {
    let mut content = NoteContent::bare(date(1954, 3, 26), date(2026, 11, 20));
    content.kana = "ｼﾝﾊﾞｼ ﾀﾛｳ".to_owned();
    content.sex = Some(Sex::Male);
    content.address = "東京都".to_owned();
    let id = NoteId("20261120-0001".to_owned());
    let at = Timestamp::new(1_795_132_361, 5_000_000).unwrap();
    let mut note = Note::take(id, "窓口".to_owned(), "003", at, true, content);
    note.state = NoteState::Waiting {
        not_before: Some(at),
    };
    let outline = note.outline();
    assert!(outline.can.has(Way::Noted) && !outline.can.has(Way::Card));
    let mut searched = Vec::new();
    outline.searched(&mut searched);
    assert_eq!(
        String::from_utf8(searched).unwrap(),
        "\nシンバシタロウ\n20261120-0001\n202611200001\n1954/03/26\n1954-03-26\n19540326\n"
    );
    let bytes = postcard::to_stdvec(&outline).unwrap();
    assert_eq!(postcard::from_bytes::<Outline>(&bytes).unwrap(), outline);
}
