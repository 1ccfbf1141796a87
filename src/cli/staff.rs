//! `madoguchi staff`: who is locked out at this desk, for administrators
//! without a screen (SEC-3).

use super::client::{Client, Who, session};
use super::{Common, Fail, Outcome, print, print_json};
use crate::domain::time::clock_text;
use crate::link::message::{LockedUser, ToDesk, ToFront};
use crate::text::clean::clean;
use serde_json::json;

/// What can be done.
#[derive(Debug, clap::Subcommand)]
pub enum Command {
    /// この端末でロックされているユーザID
    Locks {
        #[command(flatten)]
        who: Who,
        /// JSON で出す
        #[arg(long)]
        json: bool,
    },
    /// ロックを解除する
    Unlock {
        #[command(flatten)]
        who: Who,
        /// 解除するユーザID
        #[arg(value_name = "ID")]
        id: String,
    },
}

impl Command {
    /// Whether a script reads what comes out.
    pub fn as_json(&self) -> bool {
        matches!(self, Self::Locks { json: true, .. })
    }
}

/// Runs it.
pub fn run(common: &Common, command: Command) -> Outcome {
    let settings = common.settings()?;
    match command {
        Command::Locks { who, json } => {
            let locked = session(&settings, &who, locks)?;
            if json {
                let locked: Vec<_> = locked.iter().map(document).collect();
                print_json(&json!({ "locked": locked }))
            } else {
                print(&locked.iter().map(line).collect::<String>())
            }
        }
        Command::Unlock { who, id } => {
            session(&settings, &who, |client| unlock(client, &id))?;
            print(&format!(
                "ユーザID {} のロックを解除しました。\n",
                clean(&id)
            ))
        }
    }
}

fn locks(client: &mut Client) -> Result<Vec<LockedUser>, Fail> {
    match client.ask(|ticket| ToDesk::Locks { ticket })? {
        ToFront::Locks { locked, .. } => Ok(locked),
        _ => Err(Fail::unreachable("窓口サービスの返事を読めません。")),
    }
}

fn unlock(client: &mut Client, id: &str) -> Result<(), Fail> {
    if !locks(client)?.iter().any(|locked| locked.user == id) {
        return Err(Fail::no(format!(
            "ユーザID {} は、この端末ではロックされていません。",
            clean(id)
        )));
    }
    let user = id.to_owned();
    client.ask(|ticket| ToDesk::Unlock { ticket, user })?;
    Ok(())
}

fn document(locked: &LockedUser) -> serde_json::Value {
    json!({
        "user": clean(&locked.user),
        "name": locked.name,
        "since": locked.since,
        "minutes": locked.minutes,
    })
}

fn line(locked: &LockedUser) -> String {
    format!(
        "{}  {}  {} から  あと {} 分\n",
        clean(&locked.user),
        locked.name,
        clock_text(locked.since),
        locked.minutes
    )
}
