//! `madoguchi desk`: the desk service alone.

use super::settings::Settings;
use super::{Common, Fail, Outcome, crash, key, log};
use crate::card;
use crate::card::job::{Hand, NoHand};
use crate::central::call::Central;
use crate::central::webapi::WebApi;
use crate::clock::Clock;
use crate::desk::shell::{Parts, ReaderSink, Service, StartReader};
use crate::link::socket::{Listener, SocketError};
use crate::store::KeySource;
use signal_hook::consts::{SIGHUP, SIGINT, SIGQUIT, SIGTERM};
use signal_hook::iterator::Signals;
use std::sync::Arc;

/// What the service takes.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// 端末に残って動く（Ctrl+C で終わる）
    #[arg(long)]
    foreground: bool,
    /// Started by a front end: leave its session.
    #[arg(long, hide = true, conflicts_with = "foreground")]
    detached: bool,
}

/// Runs until a signal ends it.
pub fn run(common: &Common, args: &Args) -> Outcome {
    let settings = common.settings()?;
    if args.detached {
        // Survives the terminal of the front end that started it.
        let _ = rustix::process::setsid();
    }
    crash::report_to(settings.places.logs.clone());
    let key = key::source(&settings)?;
    let mut signals = Signals::new([SIGTERM, SIGINT, SIGQUIT, SIGHUP])?;
    let listener = Listener::bind(&settings.places.data).map_err(|error| match error {
        SocketError::Running { .. } => Fail::no(error.to_string()),
        SocketError::TooLong { .. } => Fail::usage(error.to_string()),
        other => Fail::store(other.to_string()),
    })?;
    let _log = log::start(&settings.places.logs, "desk", settings.log_level);
    let clock = super::clock(settings.simulated());
    let mut parts = parts(&settings, key, clock, Some(listener))?;
    if !args.detached {
        parts.complain = Some(Box::new(super::say));
    }
    let service = Service::start(parts)?;
    if args.foreground {
        super::say(&format!(
            "窓口サービスが動いています（データ {}）。Ctrl+C で終わります。",
            settings.places.data.display()
        ));
    }
    let stop = service.stopper();
    let handle = signals.handle();
    let foreground = args.foreground;
    std::thread::Builder::new()
        .name("signals".to_owned())
        .spawn(move || {
            for signal in &mut signals {
                // The terminal of the front end that started us may close.
                if signal != SIGHUP || foreground {
                    stop();
                }
            }
        })?;
    let fine = service.wait();
    handle.close();
    if fine {
        Ok(0)
    } else {
        Err(Fail::no("窓口サービスが内部の誤りで止まりました。"))
    }
}

/// Everything a desk service with a real connection is made of.
pub fn parts(
    settings: &Settings,
    key: KeySource,
    clock: Clock,
    listener: Option<Listener>,
) -> Result<Parts, Fail> {
    let central = WebApi::new(settings.connection.clone());
    let mut config = settings.config().map_err(Fail::usage)?;
    config.capabilities = central.capabilities();
    Ok(Parts {
        config,
        central: Arc::new(central),
        store: settings.places.store.clone(),
        key,
        spill: settings.places.spill.clone(),
        downloads: settings.places.downloads.clone(),
        clock,
        reader: reader(settings.reader.clone(), clock),
        demo_outage: None,
        complain: None,
        listener,
    })
}

/// The card reader of this machine.
pub fn reader(preferred: Option<String>, clock: Clock) -> StartReader {
    Box::new(move |report: ReaderSink| -> Box<dyn Hand> {
        match card::start(report, preferred, Arc::new(move || clock.now())) {
            Ok(hand) => Box::new(hand),
            Err(error) => {
                tracing::warn!(%error, "no watch over the reader");
                Box::new(NoHand)
            }
        }
    })
}
