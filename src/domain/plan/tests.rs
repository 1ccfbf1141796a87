use super::*;
use crate::domain::entitlement::{Candidate, GivenDate};
use crate::domain::insurance::InsuranceNumbers;
use crate::domain::note::{NoteContent, NoteState};
use crate::domain::person::Sex;
use jiff::Timestamp;
use jiff::civil::date;
use proptest::prelude::*;

fn content(card: bool, four: bool) -> NoteContent {
    NoteContent {
        kana: "シンバシタロウ".to_owned(),
        sex: four.then_some(Sex::Male),
        address: "東京都".to_owned(),
        insurance: card.then(|| InsuranceNumbers {
            insurer: "06139000".to_owned(),
            symbol: "9000".to_owned(),
            number: "10001".to_owned(),
            branch: String::new(),
        }),
        ..NoteContent::bare(date(1954, 3, 26), date(2026, 11, 20))
    }
}

fn note(card: bool, four: bool, outage: bool) -> Note {
    Note::take(
        NoteId("20261120-0001".to_owned()),
        "窓口".to_owned(),
        "002",
        Timestamp::UNIX_EPOCH,
        outage,
        content(card, four),
    )
}

fn world() -> World {
    World {
        today: date(2026, 11, 20),
        open: Some(true),
        lookup: true,
        search: true,
        card_login: true,
        four_login: true,
        attempts: 5,
        fallbacks: false,
    }
}

fn answer(validity: Validity) -> Eligibility {
    Eligibility {
        validity,
        entitlements: Vec::new(),
        check_date: date(2026, 11, 20),
        executed: String::new(),
        remark: None,
    }
}

fn several(n: usize) -> Reply {
    let candidate = Candidate {
        key: "k".to_owned(),
        name: String::new(),
        kana: String::new(),
        birth_date: GivenDate::NotGiven,
        sex: None,
        address: String::new(),
        insurer_name: String::new(),
    };
    Reply::Found(Found::Several(vec![candidate; n]))
}

#[test]
fn out_13_to_17_which_method_or_which_block() {
    use Verdict::{Ask, Hold};
    let block = Verdict::Block;
    let with = |change: fn(&mut World)| {
        let mut world = world();
        change(&mut world);
        world
    };
    let cases = [
        // (numbers, 4情報, during the outage), the world, the verdict
        ((true, true, true), world(), Ask(Way::Card)),
        ((true, false, false), world(), Ask(Way::Card)),
        ((false, true, true), world(), Ask(Way::Noted)),
        ((false, true, false), world(), block(Block::NotDuringOutage)),
        (
            (true, true, true),
            with(|w| w.card_login = false),
            block(Block::NoLogin),
        ),
        (
            (true, true, true),
            with(|w| w.lookup = false),
            Ask(Way::Noted),
        ),
        (
            (true, false, true),
            with(|w| w.lookup = false),
            block(Block::NoCapability),
        ),
        (
            (false, true, true),
            with(|w| w.search = false),
            block(Block::NoCapability),
        ),
        (
            (false, true, true),
            with(|w| w.four_login = false),
            block(Block::NoRight),
        ),
        (
            (false, true, true),
            with(|w| w.open = Some(false)),
            block(Block::FunctionClosed),
        ),
        ((false, true, true), with(|w| w.open = None), Hold),
        (
            (true, true, true),
            with(|w| w.open = Some(false)),
            Ask(Way::Card),
        ),
    ];
    for ((card, four, outage), world, expected) in cases {
        assert_eq!(
            decide(&note(card, four, outage).outline(), &world),
            expected,
            "{card} {four} {outage} {world:?}"
        );
    }
}

#[test]
fn two_is_followed_by_three_and_then_by_a_person() {
    let mut note = note(true, true, true);
    assert_eq!(
        ways(&note.outline(), &world()).iter().collect::<Vec<_>>(),
        [Way::Card, Way::Noted]
    );
    assert_eq!(
        judge(
            &note,
            Way::Card,
            Reply::Checked(Box::new(answer(Validity::NotFound))),
            &world()
        ),
        Outcome::NextWay(Need::NotFound)
    );
    note.tried.push(Way::Card);
    assert_eq!(decide(&note.outline(), &world()), Verdict::Ask(Way::Noted));
    assert_eq!(
        judge(&note, Way::Noted, Reply::Found(Found::None), &world()),
        Outcome::Person(Need::NotFound)
    );
}

#[test]
fn what_a_reply_means() {
    let card = note(true, false, true);
    let four = note(false, true, true);
    for validity in [
        Validity::Valid,
        Validity::Invalid,
        Validity::InvalidNewer,
        Validity::ValidUnregistered,
    ] {
        let reply = Reply::Checked(Box::new(answer(validity.clone())));
        assert!(
            matches!(judge(&card, Way::Card, reply, &world()), Outcome::Resolve(a) if a.validity == validity)
        );
    }
    let person = |reply| match judge(&four, Way::Noted, reply, &world()) {
        Outcome::Person(need) => need,
        other => panic!("{other:?}"),
    };
    assert_eq!(person(several(0)), Need::NotFound);
    for n in 1..=5 {
        assert!(matches!(person(several(n)), Need::Candidates { list, .. } if list.len() == n));
    }
    assert_eq!(person(several(6)), Need::TooMany);
    assert_eq!(person(Reply::Found(Found::TooMany)), Need::TooMany);
    let unknown = Reply::Checked(Box::new(answer(Validity::Unknown("7".to_owned()))));
    assert!(matches!(
        judge(&card, Way::Card, unknown, &world()),
        Outcome::Person(Need::Refused { code, .. }) if code == "7"
    ));
    let several = Reply::Checked(Box::new(answer(Validity::Several)));
    assert_eq!(
        judge(&card, Way::Card, several, &world()),
        Outcome::Person(Need::SeveralBranches)
    );
}

#[test]
fn a_note_that_is_not_open_is_left_alone() {
    let mut note = note(true, true, true);
    for state in [
        NoteState::Asking { way: Way::Card },
        NoteState::NeedsPerson(Need::NotFound),
        NoteState::Cancelled {
            by: String::new(),
            at: Timestamp::UNIX_EPOCH,
            reason: String::new(),
        },
    ] {
        note.state = state;
        assert_eq!(decide(&note.outline(), &world()), Verdict::Nothing);
    }
}

proptest! {
    #[test]
    fn rel_15_the_wait_is_within_bounds(
        attempts in 0u32..40, after in 0u64..100_000, roll: u64
    ) {
        let after = Duration::from_secs(after);
        let wait = backoff(attempts, Some(after), roll);
        prop_assert!(wait <= LONGEST_WAIT);
        prop_assert!(wait >= after.min(LONGEST_WAIT));
        prop_assert!(backoff(attempts.min(4), None, roll) <= Duration::from_secs(256));
    }
}
