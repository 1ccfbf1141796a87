//! A front end without a screen: for commands that ask the desk service one
//! thing.

use super::front::Starter;
use super::settings::Settings;
use super::{Fail, password};
use crate::domain::card::Trouble;
use crate::domain::failure::{Failure, Unreachable};
use crate::front::run::NoDesk;
use crate::link::FrontEnd;
use crate::link::message::{Status, Ticket, ToDesk, ToFront, VERSION, Welcome};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::Duration;

/// Longest wait for one answer: the central system's limits, twice, and some.
const PATIENCE: Duration = Duration::from_secs(90);

/// Between two looks at what a person wants, while something long is watched.
const TICK: Duration = Duration::from_millis(200);

/// Tries to reach a service that is being started.
const TRIES: u32 = 40;

/// Who asks.
#[derive(Debug, clap::Args)]
pub struct Who {
    /// ユーザID（パスワードは画面で聞くか、MADOGUCHI_PASSWORD_FILE のファイルから）
    #[arg(long, value_name = "ID")]
    user: String,
    /// ほかでログイン中でも強制的にログインする
    #[arg(long)]
    force: bool,
}

impl Who {
    /// For a command that calls them otherwise.
    pub fn new(user: String, force: bool) -> Self {
        Self { user, force }
    }
}

/// A connection to the desk service.
pub struct Client {
    end: FrontEnd,
    tickets: u64,
    patience: Duration,
    welcome: Welcome,
    /// The newest state.
    pub status: Option<Status>,
}

impl Client {
    /// Connects; starts a service if none runs and the settings allow it.
    pub fn connect(settings: &Settings) -> Result<Self, Fail> {
        let mut starter = Starter::new(settings);
        let (_keep, never) = channel::<()>();
        let mut last = String::new();
        for _ in 0..TRIES {
            match starter.connect() {
                Ok(end) => return Self::greet(end, PATIENCE),
                Err(NoDesk { why, code, last }) if last => return Err(Fail::new(code, why)),
                Err(other) => last = other.why,
            }
            if !starter.may_come() {
                break;
            }
            let _ = never.recv_timeout(Duration::from_millis(100));
        }
        Err(Fail::unreachable(format!(
            "窓口サービスにつながりません。{last}"
        )))
    }

    /// Greets a service on a connection that is there. No answer may take
    /// longer than `patience`.
    pub fn greet(end: FrontEnd, patience: Duration) -> Result<Self, Fail> {
        let _ = end.tx.send(ToDesk::Hello {
            version: VERSION,
            origin: crate::front::run::origin(),
        });
        loop {
            match end.rx.recv_timeout(patience) {
                Ok(ToFront::Welcome(welcome)) => {
                    return Ok(Self {
                        end,
                        tickets: 0,
                        patience,
                        welcome: *welcome,
                        status: None,
                    });
                }
                Ok(ToFront::Mismatch { version }) => {
                    return Err(Fail::unreachable(format!(
                        "窓口サービスの版（{version}）とこの命令の版（{VERSION}）が違います。窓口サービスを始め直してください。"
                    )));
                }
                Ok(_) => {}
                Err(_) => return Err(Fail::unreachable("窓口サービスの返事がありません。")),
            }
        }
    }

    fn hear(&mut self) -> Result<ToFront, Fail> {
        let message = self
            .end
            .rx
            .recv_timeout(self.patience)
            .map_err(|_| Fail::unreachable("窓口サービスの返事が途切れました。"))?;
        if let ToFront::Status(status) = &message {
            self.status = Some((**status).clone());
        }
        Ok(message)
    }

    /// Waits until the state fits.
    pub fn wait_for(&mut self, fits: impl Fn(&Status) -> bool) -> Result<Status, Fail> {
        loop {
            if let Some(status) = self.status.as_ref().filter(|s| fits(s)) {
                return Ok(status.clone());
            }
            self.hear()?;
        }
    }

    /// As [`Client::wait_for`], however long it takes, with `meanwhile` called
    /// several times a second. Only a desk service that goes away ends it.
    pub fn watch(
        &mut self,
        fits: impl Fn(&Status) -> bool,
        mut meanwhile: impl FnMut(&Self, &Status),
    ) -> Result<Status, Fail> {
        loop {
            if let Some(status) = &self.status {
                if fits(status) {
                    return Ok(status.clone());
                }
                meanwhile(self, status);
            }
            match self.end.rx.recv_timeout(TICK) {
                Ok(ToFront::Status(status)) => self.status = Some(*status),
                Ok(_) | Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => {
                    return Err(Fail::unreachable("窓口サービスの返事が途切れました。"));
                }
            }
        }
    }

    /// Waits until the store is open; fails with what is wrong with it.
    pub fn store(&mut self) -> Result<(), Fail> {
        let status = self.wait_for(|status| !status.store_opening)?;
        match status.store_trouble {
            None => Ok(()),
            Some(trouble) => Err(Fail::store(format!("控え帳を使えません。{trouble}"))),
        }
    }

    /// As [`Client::store`], for reading: that nothing can be written is said
    /// and does not matter. Only a ledger of which nothing can be read fails.
    pub fn ledger(&mut self) -> Result<(), Fail> {
        let status = self.wait_for(|status| !status.store_opening)?;
        let Some(trouble) = status.store_trouble else {
            return Ok(());
        };
        match status.spill.filter(|spill| spill.unknown) {
            None => super::say(&format!("控え帳は読めますが、書けません。{trouble}")),
            Some(spill) if spill.notes > 0 => super::say(&format!(
                "控え帳を開けません。予備のファイルの控え {} 件だけです。{trouble}",
                spill.notes
            )),
            Some(_) => return Err(Fail::store(format!("控え帳を使えません。{trouble}"))),
        }
        Ok(())
    }

    /// Asks one thing and waits for its answer.
    pub fn ask(&mut self, question: impl FnOnce(Ticket) -> ToDesk) -> Result<ToFront, Fail> {
        self.asked(question)?.map_err(|failure| fail(&failure))
    }

    fn asked(
        &mut self,
        question: impl FnOnce(Ticket) -> ToDesk,
    ) -> Result<Result<ToFront, Failure>, Fail> {
        self.tickets += 1;
        let ticket = Ticket(self.tickets);
        self.say(question(ticket));
        loop {
            let message = self.hear()?;
            if let Some(answer) = answer(message, ticket)? {
                return Ok(answer);
            }
        }
    }

    /// Asks the reader one thing and waits for its answer, however long it
    /// takes; once `stop` is so, the wish is taken back and that is answered.
    pub fn ask_until(
        &mut self,
        question: impl FnOnce(Ticket) -> ToDesk,
        stop: &AtomicBool,
    ) -> Result<Result<ToFront, Failure>, Fail> {
        self.tickets += 1;
        let ticket = Ticket(self.tickets);
        self.say(question(ticket));
        let mut told = false;
        loop {
            if stop.load(Ordering::Relaxed) && !std::mem::replace(&mut told, true) {
                self.say(ToDesk::DropCard);
            }
            let message = match self.end.rx.recv_timeout(TICK) {
                Ok(message) => message,
                Err(RecvTimeoutError::Timeout) => continue,
                Err(RecvTimeoutError::Disconnected) => {
                    return Ok(Err(Failure::DeskLost));
                }
            };
            if let ToFront::Status(status) = &message {
                self.status = Some((**status).clone());
            }
            if let Some(answer) = answer(message, ticket)? {
                return Ok(answer);
            }
        }
    }

    /// Says something that is not answered.
    pub fn say(&self, message: ToDesk) {
        // A lost connection shows at the next answer.
        let _ = self.end.tx.send(message);
    }

    /// Logs in.
    pub fn login(&mut self, who: &Who) -> Result<(), Fail> {
        let password = password::get(&who.user)?;
        let (user, force) = (who.user.clone(), who.force);
        let answer = self.asked(|ticket| ToDesk::Login {
            ticket,
            user,
            password,
            force,
        })?;
        match answer {
            Ok(answer) => {
                if let ToFront::LoggedIn {
                    offline: Some(_), ..
                } = answer
                {
                    super::say(
                        "中央システムにつながりません。オフラインのログインです（控えと控え帳だけ）。",
                    );
                }
                Ok(())
            }
            Err(failure) => {
                let Fail { code, word, text } = fail(&failure);
                let text = match failure {
                    Failure::AlreadyLoggedIn => "このユーザIDはほかで使われています。強制的にログインするには --force を付けてください。".to_owned(),
                    Failure::Unreachable { .. } | Failure::Unavailable { .. } | Failure::NoAnswer => {
                        format!("ログインできません。{text}")
                    }
                    _ => text,
                };
                Err(Fail::new(code, text).called(word))
            }
        }
    }

    /// Logs out and hangs up; waits until the service has taken it.
    pub fn goodbye(self) {
        self.say(ToDesk::Logout);
        let Self { end, .. } = self;
        drop(end.tx);
        while end.rx.recv_timeout(Duration::from_secs(2)).is_ok() {}
    }
}

/// A message as the answer to a question; `None` if it is none.
fn answer(message: ToFront, asked: Ticket) -> Result<Option<Result<ToFront, Failure>>, Fail> {
    match message {
        ToFront::Failed { ticket, failure } if ticket == asked => Ok(Some(Err(failure))),
        ToFront::LoggedOut(_) => Err(Fail::no("窓口サービスからログアウトされました。")),
        other if other.ticket() == Some(asked) => Ok(Some(Ok(other))),
        _ => Ok(None),
    }
}

/// The exit code that belongs to a failure.
pub fn fail(failure: &Failure) -> Fail {
    let code = match failure {
        Failure::Unreachable { .. }
        | Failure::NoAnswer
        | Failure::Unavailable { .. }
        | Failure::DeskLost
        | Failure::NotKnownHere { .. }
        // For want of the central system.
        | Failure::OfflineOnly
        | Failure::Card(Trouble::NoReader) => 3,
        Failure::Store { .. } => 4,
        Failure::Input { .. }
        | Failure::SwitchedOff { .. }
        | Failure::Card(Trouble::BadKey { .. }) => 2,
        _ => 1,
    };
    Fail::new(code, sentence(failure)).called(failure.word())
}

/// The sentence for somebody who has no screen before them, nor an input that
/// stays in it.
fn sentence(failure: &Failure) -> String {
    match failure {
        Failure::Store { what } => format!("控え帳を使えません。{what}"),
        Failure::Unreachable {
            cause: Unreachable::Refused,
            ..
        } => "中央システムにつながりません。照会は届いていません。回線が戻ってから、もう一度実行してください。".to_owned(),
        Failure::Unavailable { status } => format!(
            "中央システムが混んでいるか止まっています（{status}）。しばらくして、もう一度実行してください。"
        ),
        Failure::NoAnswer => {
            "中央システムの返事を受け取れませんでした。届いたかどうかは分かりません。しばらくして、もう一度実行してください。".to_owned()
        }
        Failure::SessionExpired => {
            "中央システムのログインの期限が切れました。もう一度実行してください。".to_owned()
        }
        Failure::DeskLost => {
            "窓口サービスが止まりました。届いたかどうかは分かりません。madoguchi desk が動いていることを確かめて、もう一度実行してください。".to_owned()
        }
        other => other.to_string(),
    }
}

/// Connects, logs in, does `work`, and logs out whatever came of it.
pub fn session<T>(
    settings: &Settings,
    who: &Who,
    work: impl FnOnce(&mut Client) -> Result<T, Fail>,
) -> Result<T, Fail> {
    let mut client = Client::connect(settings)?;
    if client.welcome.simulated {
        super::say("接続先は模擬の中央システムです。本物の資格情報ではありません。");
    }
    client.login(who)?;
    let done = work(&mut client);
    client.goodbye();
    done
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What only the central system's return changes is 3, by whichever way
    /// it showed.
    #[test]
    fn the_exit_code_of_a_failure() {
        let unavailable = Failure::Unavailable { status: 503 };
        for (failure, code) in [
            (Failure::OfflineOnly, 3),
            (unavailable, 3),
            (Failure::NoAnswer, 3),
            (Failure::DeskLost, 3),
            (Failure::UnknownNote, 1),
            (Failure::NotLoggedIn, 1),
        ] {
            assert_eq!(fail(&failure).code, code, "{failure:?}");
        }
    }
}
