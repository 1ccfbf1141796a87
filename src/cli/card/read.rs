//! What takes a key: asked of the desk service under a staff login. Ctrl-C
//! takes the wish back; a second one ends the command at once, and the desk
//! service takes it back itself.

use super::options::{self, BasicFour, Prove, Wish};
use super::{away, trouble, words};
use crate::cli::client::{Client, Who, fail, session};
use crate::cli::settings::Settings;
use crate::cli::{Fail, Outcome, password, print, print_json};
use crate::domain::card::{PROOF, Presence, Trouble};
use crate::domain::failure::Failure;
use crate::domain::reader::ReaderState;
use crate::link::message::{Status, Ticket, ToDesk, ToFront};
use signal_hook::consts::SIGINT;
use signal_hook::flag;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

/// The four.
pub fn basic_four(settings: &Settings, args: &BasicFour) -> Outcome {
    let today = crate::cli::clock(settings.simulated()).now().today();
    let key = args.key(today)?;
    let answer = wish(settings, &args.who, args.wish, |ticket, asked| {
        ToDesk::ReadCard {
            ticket,
            presence: asked.presence,
            key: key.clone(),
            confirmed: asked.confirmed,
        }
    })?;
    let ToFront::CardRead { four, left, .. } = answer else {
        return Err(Fail::no("思わぬ返事でした。"));
    };
    if args.json {
        print_json(&words::four_json(&four, left))
    } else {
        print(&words::four(&four))
    }
}

/// A signed challenge.
pub fn prove(settings: &Settings, args: &Prove) -> Outcome {
    let today = crate::cli::clock(settings.simulated()).now().today();
    if !settings.challenge() {
        // Before the patient types a PIN for nothing.
        let setting = "card.challenge".to_owned();
        return Err(fail(&Failure::SwitchedOff { setting }));
    }
    let pin = options::pin()?;
    let answer = wish(settings, &args.who, args.wish, |ticket, asked| {
        ToDesk::ProveCard {
            ticket,
            presence: asked.presence,
            pin: pin.clone(),
            confirmed: asked.confirmed,
        }
    })?;
    let ToFront::CardProved { seen, .. } = answer else {
        return Err(Fail::no("思わぬ返事でした。"));
    };
    if args.json {
        print_json(&words::proved_json(&seen, today))
    } else {
        print(&format!("{PROOF}\n{}", words::proved(&seen, today)))
    }
}

/// What a wish says beside its key.
#[derive(Debug, Clone, Copy)]
struct Asked {
    presence: Option<Presence>,
    confirmed: Option<u8>,
}

/// The card that lies there, as the desk service knows it; `None` where one
/// may still come.
pub(super) fn here(reader: &ReaderState, wait: bool) -> Result<Option<Presence>, Fail> {
    match reader {
        ReaderState::CardPresent { glance, .. } => Ok(glance.as_ref().map(|it| it.presence)),
        ReaderState::Waiting { .. } if wait => Ok(None),
        ReaderState::Waiting { .. } => Err(trouble(&Trouble::NoCard)),
        state => Err(away(state)),
    }
}

fn wish(
    settings: &Settings,
    who: &Who,
    how: Wish,
    question: impl Fn(Ticket, Asked) -> ToDesk,
) -> Result<ToFront, Fail> {
    // Registered before the desk service is asked, so that no moment is left
    // in which Ctrl-C would leave the wish behind.
    let stop = Arc::new(AtomicBool::new(false));
    let handlers = [
        flag::register_conditional_shutdown(SIGINT, 1, Arc::clone(&stop))?,
        flag::register(SIGINT, Arc::clone(&stop))?,
    ];
    let answer = session(settings, who, |client| {
        let status = client.wait_for(|status| status.reader != ReaderState::Unknown)?;
        let presence = here(&status.reader, how.wait)?;
        if presence.is_none() {
            crate::cli::say("カードを置いてください。Ctrl+C でやめます。");
        }
        let mut asked = Asked {
            presence,
            confirmed: how.confirm,
        };
        loop {
            let answer = client.ask_until(|ticket| question(ticket, asked), &stop)?;
            match answer {
                Ok(answer) => return Ok(answer),
                Err(Failure::Card(Trouble::FewTries { key, left })) => {
                    let few = Trouble::FewTries { key, left };
                    asked = confirmed(client, &few, left)?;
                }
                Err(failure) => return Err(fail(&failure)),
            }
        }
    });
    for handler in handlers {
        signal_hook::low_level::unregister(handler);
    }
    answer
}

/// So few tries are left that a person has to say it: by the number itself,
/// for Enter alone says nothing.
fn confirmed(client: &Client, few: &Trouble, left: u8) -> Result<Asked, Fail> {
    // The card that was asked: another one with as many tries is not meant.
    let reader = client.status.as_ref().map(|status: &Status| &status.reader);
    let presence = reader.and_then(|reader| here(reader, true).ok()).flatten();
    if !password::interactive() || presence.is_none() {
        let text = format!("{few}それでも試すときは --confirm {left} を付けてください。");
        return Err(Fail::no(text).called(few.word()));
    }
    let answer = password::decision(&format!(
        "{few}試すなら残り回数の {left} を、やめるなら何も打たずに Enter を（画面に出ません）"
    ))?;
    if answer.reveal() != left.to_string() {
        return Err(Fail::no("試しませんでした。").called(few.word()));
    }
    Ok(Asked {
        presence,
        confirmed: Some(left),
    })
}
