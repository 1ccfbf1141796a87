//! `madoguchi card`: what the readers of this machine see, and what a card
//! says. Status and certificate are asked of the reader itself; what takes a
//! key goes through the desk service, where rights and audit lines are.

mod look;
mod options;
mod read;
#[cfg(test)]
mod tests;
mod words;

use super::client::Who;
use super::settings::{self, Settings, SettingsError};
use super::{Common, Fail, Outcome, print, print_json};
use crate::card;
use crate::domain::card::{Kind, NO_CERTIFICATE, Seen, Trouble, Validity};
use crate::domain::reader::ReaderState;
use look::Lies;
use options::{BasicFour, Prove};
pub use words::HELP;

/// What can be asked.
#[derive(Debug, clap::Subcommand)]
pub enum Command {
    /// 読取機とカード: 何のカードか、電子証明書の期限
    Status {
        /// JSON で出す
        #[arg(long)]
        json: bool,
    },
    /// 利用者証明用電子証明書: 期限と、--user を付けると発行番号（暗証番号は要りません）
    Certificate {
        /// 発行番号も出す: 窓口サービスにログインするユーザID（操作の記録に残ります）
        #[arg(long, value_name = "ID")]
        user: Option<String>,
        /// ほかでログイン中でも強制的にログインする
        #[arg(long, requires = "user")]
        force: bool,
        /// JSON で出す
        #[arg(long)]
        json: bool,
    },
    /// 券面の 4 情報: 氏名・生年月日・性別・住所
    #[command(after_help = words::BASIC_FOUR)]
    BasicFour(Box<BasicFour>),
    /// カードと暗証番号を、署名させて確かめる（設定 card.challenge）
    #[command(after_help = words::PROVE)]
    Prove(Prove),
}

impl Command {
    /// Whether a script reads what comes out.
    pub fn as_json(&self) -> bool {
        match self {
            Self::Status { json } | Self::Certificate { json, .. } => *json,
            Self::BasicFour(args) => args.json,
            Self::Prove(args) => args.json,
        }
    }
}

/// Runs it.
pub fn run(common: &Common, command: &Command) -> Outcome {
    match command {
        Command::Status { json } => status(common, *json),
        Command::Certificate { user, force, json } => {
            let who = user.clone().map(|user| Who::new(user, *force));
            certificate(common, who.as_ref(), *json)
        }
        Command::BasicFour(args) => read::basic_four(&common.settings()?, args),
        Command::Prove(args) => read::prove(&common.settings()?, args),
    }
}

/// The settings, if there are any: a reader can be tried before a desk is set
/// up.
fn settings(common: &Common) -> Result<Option<Settings>, Fail> {
    match settings::load(common.config.as_deref(), common.data.as_deref()) {
        Ok(settings) => Ok(Some(settings)),
        Err(SettingsError::Missing { .. }) if common.config.is_none() => Ok(None),
        Err(error) => Err(error.into()),
    }
}

fn lies(common: &Common) -> Result<(Lies, jiff::civil::Date), Fail> {
    let settings = settings(common)?;
    let clock = super::clock(settings.as_ref().is_some_and(Settings::simulated));
    let preferred = settings.as_ref().and_then(|it| it.reader.clone());
    let mut lies = look::ask(preferred, clock)?;
    if let (
        Lies::Unread {
            reader,
            trouble: Trouble::InUse,
            desk,
        },
        Some(settings),
    ) = (&mut lies, &settings)
    {
        *desk = look::is_with_desk(settings, reader);
    }
    Ok((lies, clock.now().today()))
}

fn status(common: &Common, json: bool) -> Outcome {
    let readers = card::status().map_err(|state| away(&state))?;
    let card = if readers.iter().any(|reader| reader.card) {
        let (lies, today) = lies(common)?;
        Some((lies, today)).filter(|(lies, _)| !matches!(lies, Lies::Nothing))
    } else {
        None
    };
    let card = card.as_ref().map(|(lies, today)| (lies, *today));
    if json {
        print_json(&words::status_json(&readers, card))?;
    } else {
        print(&words::status(&readers, card))?;
    }
    Ok(u8::from(
        !card.is_some_and(|(lies, today)| usable(lies, today)),
    ))
}

/// Whether a card lies there whose certificate confirms a 資格 today as usual.
fn usable(lies: &Lies, today: jiff::civil::Date) -> bool {
    let Lies::Seen { seen, .. } = lies else {
        return false;
    };
    let validity = seen.certificate.as_ref().map(|it| Validity::of(it, today));
    matches!(validity, Some(Validity::Good | Validity::Soon { .. }))
}

/// The serial number identifies a person: it comes through the desk service,
/// with its rights and its audit line, or not at all (SEC-29, DOM-47).
fn certificate(common: &Common, who: Option<&Who>, json: bool) -> Outcome {
    let (seen, today) = match who {
        Some(who) => {
            let settings = common.settings()?;
            let today = super::clock(settings.simulated()).now().today();
            (read::certificate(&settings, who)?, today)
        }
        None => unnumbered(common)?,
    };
    let Some(certificate) = &seen.certificate else {
        let kind = seen.kind;
        let text = match kind {
            Kind::MyNumber => NO_CERTIFICATE.to_owned(),
            kind => format!("{}電子証明書は読めません。", kind.sentence()),
        };
        return Err(Fail::no(text).called(Trouble::WrongKind { kind }.word()));
    };
    let validity = Validity::of(certificate, today);
    if json {
        print_json(&words::certificate_json(&seen, certificate, today))?;
    } else {
        print(&words::certificate(&seen, certificate, today))?;
    }
    let good = matches!(validity, Validity::Good | Validity::Soon { .. });
    Ok(u8::from(!good))
}

/// What the reader itself says, without whose card it is.
fn unnumbered(common: &Common) -> Result<(Seen, jiff::civil::Date), Fail> {
    let (lies, today) = lies(common)?;
    match lies {
        Lies::Nothing => Err(trouble(&Trouble::NoCard)),
        Lies::Unread { desk: true, .. } => {
            Err(Fail::no(words::WITH_DESK).called(Trouble::InUse.word()))
        }
        Lies::Unread { trouble: why, .. } => Err(trouble(&why)),
        Lies::Seen { mut seen, .. } => {
            seen.serial.clear();
            super::say(
                "発行番号は出しません。見るときは --user を付けてください（操作の記録に残ります）。",
            );
            Ok((*seen, today))
        }
    }
}

/// No reader to ask.
fn away(state: &ReaderState) -> Fail {
    Fail::unreachable(advice(state)).called(code(state))
}

/// The card was not read.
fn trouble(why: &Trouble) -> Fail {
    super::client::fail(&crate::domain::failure::Failure::Card(why.clone()))
}

/// A word for scripts.
pub fn code(state: &ReaderState) -> &'static str {
    match state {
        ReaderState::Unknown => "unknown",
        ReaderState::NoService => "no-service",
        ReaderState::NoReader => "no-reader",
        ReaderState::Waiting { .. } => "waiting",
        ReaderState::CardPresent { .. } => "card-present",
    }
}

/// What is the matter, and what to do.
pub fn advice(state: &ReaderState) -> &'static str {
    match state {
        ReaderState::NoService => {
            "読取機のサービス（pcscd）が動いていません。sudo apt-get install pcscd で入れ、sudo systemctl start pcscd で始めてください。"
        }
        ReaderState::NoReader => "読取機がつながっていません。USB の線を確かめてください。",
        ReaderState::Unknown => {
            "読取機のサービス（pcscd）から返事がありません。少し待っても同じなら sudo systemctl restart pcscd で始め直してください。"
        }
        ReaderState::Waiting { .. } => "カードを待っています。",
        ReaderState::CardPresent { .. } => "カードがあります。",
    }
}
