//! What takes a key: asked of the desk service under a staff login. Ctrl-C
//! takes the wish back; a second one ends the command at once, and the desk
//! service takes it back itself.

use super::options::{self, BasicFour, Prove, Wish};
use super::{away, trouble, words};
use crate::cli::client::{Client, Who, fail, session};
use crate::cli::settings::Settings;
use crate::cli::{Fail, Outcome, password, print, print_json};
use crate::domain::card::{Key, KeyKind, PROOF, Presence, Seen, Trouble};
use crate::domain::failure::Failure;
use crate::domain::reader::ReaderState;
use crate::domain::secret::Secret;
use crate::link::message::{Status, Ticket, ToDesk, ToFront};
use signal_hook::consts::SIGINT;
use signal_hook::flag;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// The four.
pub fn basic_four(settings: &Settings, args: &BasicFour) -> Outcome {
    let today = crate::cli::clock(settings.simulated()).now().today();
    let key = || args.key(today);
    let early = early(args.pin, args.wish)?.then(key).transpose()?;
    let key = || early.map_or_else(key, Ok);
    let question = |ticket, key: &Key, asked: Asked| ToDesk::ReadCard {
        ticket,
        presence: Some(asked.presence),
        key: key.clone(),
        confirmed: asked.confirmed,
    };
    let kind = if args.pin {
        KeyKind::Pin
    } else {
        KeyKind::Face
    };
    let answer = wish(settings, (&args.who, kind), args.wish, key, question)?;
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
    let early = early(true, args.wish)?.then(options::pin).transpose()?;
    let pin = || early.map_or_else(options::pin, Ok);
    let question = |ticket, pin: &Secret, asked: Asked| ToDesk::ProveCard {
        ticket,
        presence: Some(asked.presence),
        pin: pin.clone(),
        confirmed: asked.confirmed,
    };
    let who = (&args.who, KeyKind::Authentication);
    let answer = wish(settings, who, args.wish, pin, question)?;
    let ToFront::CardProved { seen, .. } = answer else {
        return Err(Fail::no("思わぬ返事でした。"));
    };
    if args.json {
        print_json(&words::proved_json(&seen, today))
    } else {
        print(&format!("{PROOF}\n{}", words::proved(&seen, today)))
    }
}

/// A certificate with its serial number, which the desk service lets out after
/// a line (SEC-29).
pub fn certificate(settings: &Settings, who: &Who) -> Result<Seen, Fail> {
    let answer = session(settings, who, |client| {
        let status = client.wait_for(|status| status.reader != ReaderState::Unknown)?;
        here(&status.reader, false)?;
        let serial = true;
        client.ask(|ticket| ToDesk::Card { ticket, serial })
    })?;
    match answer {
        ToFront::Card { seen, .. } => Ok(*seen),
        _ => Err(Fail::no("思わぬ返事でした。")),
    }
}

/// Whether the key is asked for before there is a card. A PIN is typed for the
/// card that lies there (SEC-17); one from a pipe is there already, and goes
/// to no card that comes later.
fn early(pin: bool, how: Wish) -> Result<bool, Fail> {
    let piped = !password::interactive();
    if pin && piped && how.wait {
        return Err(Fail::usage(
            "--wait: 暗証番号は、カードが置かれてから端末で打ってもらいます。標準入力で渡すときは、カードを先に置き、--wait を付けずに始めてください。",
        ));
    }
    Ok(!pin || piped)
}

/// What a wish says beside its key.
#[derive(Debug, Clone, Copy)]
struct Asked {
    presence: Presence,
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

/// The card there is, or the next one: nobody else's use of the reader waits
/// for it (a wish is made only when it lies there).
fn card(client: &mut Client, how: Wish, stop: &AtomicBool) -> Result<Presence, Fail> {
    let status = client.wait_for(|status| status.reader != ReaderState::Unknown)?;
    if let Some(presence) = here(&status.reader, how.wait)? {
        return Ok(presence);
    }
    crate::cli::say("カードを置いてください。Ctrl+C でやめます。");
    let stopped = || stop.load(Ordering::Relaxed);
    let comes =
        |status: &Status| stopped() || !matches!(status.reader, ReaderState::Waiting { .. });
    let status = client.watch(comes, |_, _| {})?;
    if stopped() {
        return Err(trouble(&Trouble::Dropped));
    }
    here(&status.reader, false)?.ok_or_else(|| trouble(&Trouble::NoCard))
}

fn wish<K>(
    settings: &Settings,
    (who, kind): (&Who, KeyKind),
    how: Wish,
    key: impl FnOnce() -> Result<K, Fail>,
    question: impl Fn(Ticket, &K, Asked) -> ToDesk,
) -> Result<ToFront, Fail> {
    // Registered before the desk service is asked, so that no moment is left
    // in which Ctrl-C would leave the wish behind.
    let stop = Arc::new(AtomicBool::new(false));
    let handlers = [
        flag::register_conditional_shutdown(SIGINT, 1, Arc::clone(&stop))?,
        flag::register(SIGINT, Arc::clone(&stop))?,
    ];
    let answer = session(settings, who, |client| {
        let mut asked = Asked {
            presence: card(client, how, &stop)?,
            confirmed: how.confirm,
        };
        let key = key()?;
        if stop.load(Ordering::Relaxed) {
            return Err(trouble(&Trouble::Dropped));
        }
        loop {
            let answer = client.ask_until(|ticket| question(ticket, &key, asked), &stop)?;
            match answer {
                Ok(answer) => return Ok(answer),
                Err(Failure::Card(Trouble::FewTries { key, left })) => {
                    let few = Trouble::FewTries { key, left };
                    asked = confirmed(client, asked.presence, &few, left)?;
                }
                // The key was with the desk service: nobody knows how far.
                Err(Failure::DeskLost) => {
                    let word = Failure::DeskLost.word();
                    return Err(Fail::unreachable(kind.lost()).called(word));
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
fn confirmed(client: &Client, presence: Presence, few: &Trouble, left: u8) -> Result<Asked, Fail> {
    // The card that was asked: another one with as many tries is not meant.
    let reader = client.status.as_ref().map(|status| &status.reader);
    let lies = reader.and_then(|reader| here(reader, true).ok()).flatten();
    if !password::interactive() || lies != Some(presence) {
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
