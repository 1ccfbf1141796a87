//! The invented 新橋太郎 whom the stand-in knows: looked up and noted.

use super::office::Front;
use jiff::civil::{Date, date};
use madoguchi::domain::insurance::{InsuranceNumbers, LookupQuery};
use madoguchi::domain::note::{Note, NoteContent};
use madoguchi::domain::person::Sex;
use madoguchi::link::message::{ToDesk, ToFront};

pub fn card() -> InsuranceNumbers {
    InsuranceNumbers {
        insurer: "06139000".to_owned(),
        symbol: "9000".to_owned(),
        number: "10001".to_owned(),
        branch: "01".to_owned(),
    }
}

pub fn today() -> Date {
    madoguchi::clock::Clock::start().now().today()
}

pub fn lookup(front: &mut Front) -> ToFront {
    front.ask(|ticket| ToDesk::Lookup {
        ticket,
        query: LookupQuery {
            insurance: card(),
            birth_date: date(1954, 3, 26),
            limit_consent: false,
            check_date: today(),
        },
    })
}

pub fn content() -> NoteContent {
    NoteContent {
        name: "新橋　太郎".to_owned(),
        kana: "シンバシタロウ".to_owned(),
        sex: Some(Sex::Male),
        address: "東京都港区".to_owned(),
        birth_date: date(1954, 3, 26),
        insurance: Some(card()),
        insurer_name: String::new(),
        visit_date: today(),
        limit_consent: false,
        reference: String::new(),
        telephone: String::new(),
        evidence: String::new(),
        burden: String::new(),
        remark: String::new(),
        evidence_code: String::new(),
        from_card: std::collections::BTreeSet::new(),
        card_mark: String::new(),
        declaration: None,
    }
}

pub fn keep(front: &mut Front, content: NoteContent) -> Note {
    let answer = front.ask(|ticket| ToDesk::SaveNote {
        ticket,
        content: Box::new(content),
        replaces: None,
        trial: false,
        card: None,
    });
    match answer {
        ToFront::Noted { note, .. } => *note,
        other => panic!("{other:?}"),
    }
}
