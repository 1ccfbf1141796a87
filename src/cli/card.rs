//! `madoguchi card`: what the readers of this machine see.

use super::{Fail, Outcome, print, print_json};
use crate::card::{self, ReaderInfo};
use crate::domain::reader::ReaderState;
use crate::text::clean::clean;
use serde_json::json;

/// What can be asked.
#[derive(Debug, clap::Subcommand)]
pub enum Command {
    /// 読取機とカードの有無
    Status {
        /// JSON で出す
        #[arg(long)]
        json: bool,
    },
}

/// Runs it.
pub fn run(command: &Command) -> Outcome {
    let Command::Status { json } = command;
    match card::status() {
        Ok(readers) if *json => {
            print_json(&json!({ "readers": readers.iter().map(one).collect::<Vec<_>>() }))
        }
        Ok(readers) => print(&readers.iter().map(line).collect::<String>()),
        Err(state) => Err(Fail::unreachable(advice(&state)).called(code(&state))),
    }
}

fn one(reader: &ReaderInfo) -> serde_json::Value {
    json!({ "reader": clean(&reader.name), "card": reader.card })
}

fn line(reader: &ReaderInfo) -> String {
    let card = if reader.card {
        "カードあり"
    } else {
        "カードなし"
    };
    format!("{}  {card}\n", clean(&reader.name))
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
        ReaderState::Unknown => "読取機の状態がまだ分かりません。",
        ReaderState::Waiting { .. } => "カードを待っています。",
        ReaderState::CardPresent { .. } => "カードがあります。",
    }
}
