//! `madoguchi simulator set KEY=VALUE…`: the private socket over which
//! settings reach a running stand-in.
//!
//! One exchange: a JSON list of `key=value` texts, then the end of writing;
//! back comes `ok`, or a sentence saying what is wrong with one of them, and
//! then none was taken.

use super::core::setting::parse_pair;
use super::seam::Setting;
use crate::text::clean::clean;
use std::io;
use std::path::Path;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::UnixStream;

/// The socket's name in the state directory.
pub const SOCKET: &str = "control.sock";

/// Most bytes of one exchange.
const LARGEST: u64 = 64 * 1024;

/// Why settings were not taken; a Japanese sentence.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Untaken {
    /// One of them is wrong.
    #[error("{0}")]
    Wrong(String),
    /// No stand-in runs there.
    #[error("{0}")]
    Away(String),
}

/// Sends settings to the stand-in behind `socket`; all are taken, or none.
pub async fn send(socket: &Path, settings: &[String]) -> Result<(), Untaken> {
    read(settings).map_err(Untaken::Wrong)?;
    let list = serde_json::to_string(settings).unwrap_or_default();
    let answer = exchange(socket, &list).await.map_err(|_| {
        Untaken::Away(format!(
            "動いている模擬の中央システムがありません（{}）。別の端末で madoguchi simulator central を、同じ --data を付けて始めてください。",
            socket.display()
        ))
    })?;
    match answer.trim_end() {
        "ok" => Ok(()),
        "" => Err(Untaken::Away(
            "模擬の中央システムの返事がありません。始め直してください。".to_owned(),
        )),
        why => Err(Untaken::Wrong(clean(why))),
    }
}

async fn exchange(socket: &Path, text: &str) -> io::Result<String> {
    let mut stream = UnixStream::connect(socket).await?;
    stream.write_all(text.as_bytes()).await?;
    stream.shutdown().await?;
    let mut answer = String::new();
    stream.take(LARGEST).read_to_string(&mut answer).await?;
    Ok(answer)
}

/// Reads one exchange on the stand-in's side.
pub(super) async fn receive(stream: &mut UnixStream) -> io::Result<Result<Vec<Setting>, String>> {
    let mut text = String::new();
    stream.take(LARGEST).read_to_string(&mut text).await?;
    let list: Result<Vec<String>, _> = serde_json::from_str(&text);
    Ok(list
        .map_err(|_| "設定の電文を読めません。".to_owned())
        .and_then(|list| read(&list)))
}

fn read(settings: &[String]) -> Result<Vec<Setting>, String> {
    settings
        .iter()
        .map(|text| parse_pair(text).map_err(|why| clean(&why)))
        .collect()
}
