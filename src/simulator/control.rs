//! `madoguchi simulator set KEY=VALUE…`: what can be set, how it is written,
//! and the private socket over which it reaches a running stand-in.
//!
//! One exchange: the settings, one a line, then the end of writing; back comes
//! `ok`, or a sentence saying what is wrong, and then nothing was changed.

use super::seam::Setting;
use crate::central::wire::entitlement::parse_date;
use crate::domain::time::Period;
use crate::text::clean::clean;
use std::io;
use std::path::Path;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::UnixStream;

/// Every key, with the form of its value.
pub const KEYS: [(&str, &str); 12] = [
    ("outage", "on|off"),
    ("blackhole", "on|off"),
    ("delay", "3s, 500ms, off"),
    ("status", "400..599, off"),
    ("retry-after", "秒数, off"),
    ("cutoff", "on|off"),
    ("garbage", "on|off"),
    ("expire-tokens", "now"),
    ("outage-function", "2026-11-20..2026-11-25, off"),
    ("notice", "お知らせの文"),
    ("lock", "ユーザID"),
    ("unlock", "ユーザID"),
];

/// Most bytes of one exchange.
const LARGEST: u64 = 64 * 1024;

/// The longest wait that can be set.
const LONGEST: Duration = Duration::from_secs(3600);

/// One `KEY=VALUE`. The error is a Japanese sentence.
pub fn parse(text: &str) -> Result<Setting, String> {
    let (key, value) = text
        .split_once('=')
        .ok_or_else(|| format!("「{}」は KEY=VALUE の形ではありません。", clean(text)))?;
    let (key, value) = (key.trim(), value.trim());
    let form = KEYS.iter().find(|(known, _)| *known == key);
    let Some((_, form)) = form else {
        return Err(unknown(key));
    };
    let wrong = || {
        let value = clean(value);
        format!("{key} の値「{value}」は使えません。{key}={form} の形で指定してください。")
    };
    let switch = || match value {
        "on" => Ok(true),
        "off" => Ok(false),
        _ => Err(wrong()),
    };
    let name = || {
        let name = clean(value);
        if name.is_empty() {
            Err(wrong())
        } else {
            Ok(name)
        }
    };
    match key {
        "outage" => switch().map(Setting::Outage),
        "blackhole" => switch().map(Setting::BlackHole),
        "cutoff" => switch().map(Setting::CutOff),
        "garbage" => switch().map(Setting::Garbage),
        "delay" => duration(value).map(Setting::Delay).ok_or_else(wrong),
        "status" if value == "off" => Ok(Setting::Status(None)),
        "status" => match value.parse() {
            Ok(status @ 400..=599) => Ok(Setting::Status(Some(status))),
            _ => Err(wrong()),
        },
        "retry-after" if value == "off" => Ok(Setting::RetryAfter(None)),
        "retry-after" => value
            .parse()
            .map(|seconds| Setting::RetryAfter(Some(seconds)))
            .map_err(|_| wrong()),
        "expire-tokens" if value == "now" => Ok(Setting::ExpireTokens),
        "outage-function" if value == "off" => Ok(Setting::OutageFunction(None)),
        "outage-function" => period(value)
            .map(|period| Setting::OutageFunction(Some(period)))
            .ok_or_else(wrong),
        "notice" => name().map(Setting::Notice),
        "lock" => name().map(Setting::Lock),
        "unlock" => name().map(Setting::Unlock),
        _ => Err(wrong()),
    }
}

fn unknown(key: &str) -> String {
    let near = KEYS
        .iter()
        .map(|(known, _)| (strsim::jaro_winkler(known, key), *known))
        .filter(|(likeness, _)| *likeness > 0.7)
        .max_by(|a, b| a.0.total_cmp(&b.0));
    let key = clean(key);
    match near {
        Some((_, near)) => format!("「{key}」という設定はありません。「{near}」ですか？"),
        None => {
            let all: Vec<&str> = KEYS.iter().map(|(known, _)| *known).collect();
            format!(
                "「{key}」という設定はありません。使えるもの: {}",
                all.join(" ")
            )
        }
    }
}

fn duration(text: &str) -> Option<Duration> {
    if text == "off" {
        return Some(Duration::ZERO);
    }
    let wait = match (text.strip_suffix("ms"), text.strip_suffix('s')) {
        (Some(number), _) => Duration::from_millis(number.parse().ok()?),
        (None, Some(number)) => Duration::try_from_secs_f64(number.parse().ok()?).ok()?,
        (None, None) => return None,
    };
    (wait <= LONGEST).then_some(wait)
}

fn period(text: &str) -> Option<Period> {
    let (from, to) = text.split_once("..")?;
    let date = |text: &str| parse_date(&text.trim().replace('-', ""));
    let (from, to) = (date(from)?, date(to)?);
    (from <= to).then_some(Period { from, to })
}

/// Sends settings to the stand-in behind `socket`; all are taken, or none.
/// The error is a Japanese sentence.
pub async fn send(socket: &Path, settings: &[String]) -> Result<(), String> {
    for setting in settings {
        parse(setting)?;
    }
    let answer = exchange(socket, &settings.join("\n")).await.map_err(|error| {
        format!(
            "模擬中央システムにつながりません（{}: {error}）。madoguchi simulator central が動いているか確かめてください。",
            socket.display()
        )
    })?;
    match answer.trim_end() {
        "ok" => Ok(()),
        "" => Err("模擬中央システムの返事がありません。".to_owned()),
        why => Err(clean(why)),
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
    Ok(text
        .lines()
        .filter(|line| !line.trim().is_empty())
        .map(parse)
        .collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn every_setting_is_read() {
        let days = Period {
            from: date(2026, 11, 20),
            to: date(2026, 11, 25),
        };
        for (text, want) in [
            ("outage=on", Setting::Outage(true)),
            ("outage = off", Setting::Outage(false)),
            ("blackhole=on", Setting::BlackHole(true)),
            ("delay=3s", Setting::Delay(Duration::from_secs(3))),
            ("delay=0.25s", Setting::Delay(Duration::from_millis(250))),
            ("delay=500ms", Setting::Delay(Duration::from_millis(500))),
            ("delay=off", Setting::Delay(Duration::ZERO)),
            ("status=503", Setting::Status(Some(503))),
            ("status=off", Setting::Status(None)),
            ("retry-after=30", Setting::RetryAfter(Some(30))),
            ("retry-after=off", Setting::RetryAfter(None)),
            ("cutoff=on", Setting::CutOff(true)),
            ("garbage=off", Setting::Garbage(false)),
            ("expire-tokens=now", Setting::ExpireTokens),
            (
                "outage-function=2026-11-20..2026-11-25",
                Setting::OutageFunction(Some(days)),
            ),
            ("outage-function=off", Setting::OutageFunction(None)),
            ("notice=a=b", Setting::Notice("a=b".to_owned())),
            ("lock=002", Setting::Lock("002".to_owned())),
            ("unlock=002", Setting::Unlock("002".to_owned())),
        ] {
            assert_eq!(parse(text), Ok(want), "{text}");
        }
    }

    #[test]
    fn a_wrong_setting_is_named_with_its_form_or_the_nearest() {
        for (text, part) in [
            ("outages=on", "「outage」ですか"),
            ("balckhole=on", "「blackhole」ですか"),
            ("retryafter=3", "「retry-after」ですか"),
            ("xyz=1", "使えるもの"),
            ("outage", "KEY=VALUE"),
            ("outage=yes", "on|off"),
            ("delay=3", "500ms"),
            ("delay=-1s", "500ms"),
            ("delay=1e300s", "500ms"),
            ("status=200", "400..599"),
            ("outage-function=2026-11-25..2026-11-20", "2026-11-20.."),
            ("outage-function=2026-02-30..2026-03-01", "2026-11-20.."),
            ("lock=", "ユーザID"),
            ("expire-tokens=later", "now"),
        ] {
            let error = parse(text).unwrap_err();
            assert!(error.contains(part), "{text}: {error}");
        }
    }
}
