use super::*;
use jiff::Timestamp;
use jiff::civil::date as day;

fn answer() -> Eligibility {
    Eligibility {
        validity: Validity::ValidUnregistered,
        entitlements: vec![Entitlement {
            name: "試験　花子".to_owned(),
            sex: Some(Sex::Female),
            birth_date: GivenDate::Day(day(1990, 2, 3)),
            valid_to: GivenDate::Raw("99999999".to_owned()),
            ..Entitlement::default()
        }],
        check_date: day(2026, 11, 20),
        executed: "20261120121500".to_owned(),
        remark: None,
    }
}

fn noted(state: NoteState) -> Note {
    let content = NoteContent {
        name: "試験　花子".to_owned(),
        kana: String::new(),
        birth_date: day(1990, 2, 3),
        sex: Some(Sex::Unset),
        address: String::new(),
        insurer_name: String::new(),
        visit_date: day(2026, 11, 20),
        insurance: None,
        limit_consent: false,
        reference: "R-1".to_owned(),
        telephone: String::new(),
        evidence: String::new(),
        burden: String::new(),
        remark: String::new(),
        evidence_code: String::new(),
        from_card: std::collections::BTreeSet::new(),
        card_mark: String::new(),
        declaration: None,
    };
    Note {
        id: crate::domain::note::NoteId("20261120-0001".to_owned()),
        revision: 1,
        desk: "窓口".to_owned(),
        taken_by: "002".to_owned(),
        taken: Timestamp::UNIX_EPOCH,
        during_outage: true,
        content,
        earlier: Vec::new(),
        state,
        attempts: 0,
        tried: vec![Way::Card],
        follow: None,
        trial: None,
        looks: Vec::new(),
        blocked: Vec::new(),
        settling: crate::domain::settling::Settling::default(),
        history: Vec::new(),
    }
}

#[test]
fn an_answer_in_words_that_stay() {
    let value = eligibility(&answer());
    assert_eq!(value["validity"], "valid-unregistered");
    assert_eq!(value["validity_code"], "6");
    assert_eq!(value["check_date"], "2026-11-20");
    let one = &value["entitlements"][0];
    assert_eq!(one["sex"], "female");
    assert_eq!(one["birth_date"], "1990-02-03");
    assert_eq!(one["valid_from"], Value::Null);
    assert_eq!(one["valid_to"], "99999999");
}

#[test]
fn a_note_says_its_state_as_the_list_does() {
    let resolution = || {
        Box::new(Resolution {
            answer: answer(),
            way: Way::Noted,
            at: Timestamp::UNIX_EPOCH,
            confirmed_by: None,
        })
    };
    let states = [
        (NoteState::Noted, "open", ""),
        (NoteState::Waiting { not_before: None }, "open", ""),
        (NoteState::Blocked(Block::NoRight), "blocked", "block"),
        (NoteState::Asking { way: Way::Card }, "asking", "method"),
        (
            NoteState::NeedsPerson(Need::Candidates {
                way: Way::Noted,
                list: Vec::new(),
            }),
            "needs-person",
            "need",
        ),
        (NoteState::Resolved(resolution()), "resolved", "resolution"),
        (NoteState::Settled(resolution()), "settled", "resolution"),
        (
            NoteState::Cancelled {
                by: "002".to_owned(),
                at: Timestamp::UNIX_EPOCH,
                reason: "二重".to_owned(),
            },
            "cancelled",
            "cancelled",
        ),
    ];
    for (state, word, more) in states {
        let value = note(&noted(state));
        assert_eq!(value["state"], word);
        assert!(more.is_empty() || !value[more].is_null(), "{word}: {more}");
        assert_eq!(value["content"]["sex"], "unset");
        assert_eq!(value["content"]["reference_number"], "R-1");
    }
}

#[test]
fn every_group_has_its_word_everywhere() {
    for one in Group::ALL {
        assert_eq!(serde_json::to_value(one).unwrap(), group(one));
        assert!(NOTES.contains(group(one)));
    }
    assert_eq!(counts(&BTreeMap::new())["needs-person"], 0);
}
