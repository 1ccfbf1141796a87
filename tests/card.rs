//! The reader's threads on the real PC/SC service, with the virtual card in a
//! virtual reader, and readers of others that read that card too.
//!
//! What is missing on a machine (root, pcscd, vsmartcard-vpcd, opensc) is said
//! beside the name of each test that is left out; with
//! `MADOGUCHI_REQUIRE=card` it is a failure. `MADOGUCHI_SWAPS` sets the number
//! of swapped cards, `MADOGUCHI_SEED` the seed.
#![allow(
    clippy::unwrap_used,
    clippy::missing_panics_doc,
    clippy::disallowed_methods,
    clippy::print_stderr,
    missing_docs,
    reason = "a test fails where it stands; what is waited for happens in real time"
)]

#[path = "card/desk.rs"]
mod desk;
#[path = "card/myna.rs"]
mod myna;
#[path = "card/others.rs"]
mod others;
#[path = "card/reading.rs"]
mod reading;
#[path = "card/service.rs"]
mod service;
#[path = "card/swaps.rs"]
mod swaps;
#[path = "card/troubles.rs"]
mod troubles;

use libtest_mimic::{Arguments, Failed, Trial};
use service::{Service, Turn};
use std::process::ExitCode;
use std::sync::OnceLock;

type Case = fn(&mut Service<'_>);

/// What each needs beside the service, and its name.
const CASES: &[(&str, &[&str], Case)] = &[
    ("dom83_cards_come_and_go", &[], reading::come_and_go),
    ("a_card_is_looked_at", &[], reading::looked_at),
    ("every_kind_by_its_own_name", &[], reading::kinds),
    ("the_four_by_either_key", &[], reading::four),
    ("a_waiting_key_goes_before_the_look", &[], reading::waiting),
    ("wrong_keys_count_down_to_nothing", &[], reading::wrong_keys),
    ("a_challenge_is_signed", &[], reading::proved),
    ("the_newest_card_of_two_slots", &[], reading::two_slots),
    ("pulled_at_every_command", &[], swaps::pulled),
    ("sec86_swapped_cards_never_mix", &[], swaps::swapped),
    ("another_program_has_the_card", &[], troubles::in_use),
    ("a_program_holds_a_transaction", &[], troubles::held),
    (
        "rel19_the_service_dies_and_comes_back",
        &[],
        troubles::restarted,
    ),
    ("rel19_found_however_late_it_comes", &[], troubles::late),
    ("a_service_that_hangs_holds_nobody_up", &[], troubles::hangs),
    (
        "a_slow_card_is_said_and_holds_nobody_up",
        &[],
        troubles::slow,
    ),
    ("no_wake_ups_while_idle", &[], troubles::idle),
    ("opensc_knows_the_card", &["opensc-tool"], others::driver),
    (
        "opensc_reads_the_certificate",
        &["pkcs15-tool"],
        others::certificate,
    ),
    ("opensc_checks_the_pin", &["pkcs15-tool"], others::pin),
    (
        "opensc_lets_the_card_sign",
        &["pkcs15-crypt"],
        others::signature,
    ),
    ("myna_card_reads_the_four", &[], myna::four),
    ("myna_card_lets_the_card_sign", &[], myna::signature),
];

/// For the whole run.
static TURN: OnceLock<Result<Turn, String>> = OnceLock::new();

fn main() -> ExitCode {
    let mut arguments = Arguments::from_args();
    // There is one service on a machine.
    arguments.test_threads = Some(1);
    let listing = arguments.list;
    let turn = TURN.get_or_init(|| {
        if listing {
            Err("only listed".to_owned())
        } else {
            Turn::take()
        }
    });
    let required = std::env::var("MADOGUCHI_REQUIRE").is_ok_and(|rooms| rooms.contains("card"));
    let trials = CASES.iter().map(|(name, needs, case)| {
        let lacks = match turn {
            Err(why) => Some(why.clone()),
            Ok(_) => needs
                .iter()
                .find(|need| service::program(need).is_none())
                .map(|need| format!("{need} is not installed (opensc)")),
        };
        match (lacks, turn) {
            (Some(why), _) if required && !listing => Trial::test(*name, move || {
                Err(Failed::from(format!("required, but {why}")))
            }),
            (Some(why), _) if !listing => {
                eprintln!("skipped: {name}: {why}");
                Trial::test(*name, || Ok(()))
                    .with_ignored_flag(true)
                    .with_kind("skipped")
            }
            (_, Ok(turn)) => Trial::test(*name, move || {
                let begun = std::time::Instant::now();
                case(&mut Service::start(turn));
                eprintln!("{name}: {:?}", begun.elapsed());
                Ok(())
            }),
            _ => Trial::test(*name, || Ok(())),
        }
    });
    libtest_mimic::run(&arguments, trials.collect()).exit_code()
}
