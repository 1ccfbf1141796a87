//! `key=value` as typed behind `simulator set` and in tapes.

use crate::domain::time::Period;
use crate::simulator::fixtures::nearest;
use crate::simulator::mangle;
use crate::simulator::seam::Setting;
use std::time::Duration;

/// All keys, for help texts.
pub const KEYS: [&str; 13] = [
    "outage",
    "blackhole",
    "delay",
    "status",
    "retry-after",
    "cutoff",
    "garbage",
    "answer",
    "expire-tokens",
    "outage-function",
    "notice",
    "lock",
    "unlock",
];

/// Longest delay that can be set.
const LONGEST: Duration = Duration::from_secs(3600);

/// Reads `key=value` from one word.
pub fn parse_pair(pair: &str) -> Result<Setting, String> {
    let (key, value) = pair
        .split_once('=')
        .ok_or_else(|| format!("「{pair}」は KEY=VALUE の形で書いてください。"))?;
    parse(key, value)
}

/// Reads one setting. Errors are Japanese sentences; for an unknown key with
/// the nearest known one.
pub fn parse(key: &str, value: &str) -> Result<Setting, String> {
    let value = value.trim();
    match key.trim() {
        "outage" => switch(key, value).map(Setting::Outage),
        "blackhole" => switch(key, value).map(Setting::BlackHole),
        "cutoff" => switch(key, value).map(Setting::CutOff),
        "garbage" => switch(key, value).map(Setting::Garbage),
        "delay" => delay(value).map(Setting::Delay),
        "status" => status(value).map(Setting::Status),
        "retry-after" => retry_after(value).map(Setting::RetryAfter),
        "answer" => mangle::parse(value).map(Setting::Answer),
        "expire-tokens" if value == "now" => Ok(Setting::ExpireTokens),
        "expire-tokens" => Err(format!(
            "expire-tokens は now だけです（「{value}」は使えません）。"
        )),
        "outage-function" => period(value).map(Setting::OutageFunction),
        "notice" if value.is_empty() => Err("notice に文がありません。".to_owned()),
        "notice" => Ok(Setting::Notice(value.to_owned())),
        "lock" => Ok(Setting::Lock(value.to_owned())),
        "unlock" => Ok(Setting::Unlock(value.to_owned())),
        other => Err(match nearest(other, KEYS) {
            Some(near) => {
                format!("「{other}」という設定はありません。「{near}」ではありませんか。")
            }
            None => format!(
                "「{other}」という設定はありません。使えるのは {} です。",
                KEYS.join("、")
            ),
        }),
    }
}

fn switch(key: &str, value: &str) -> Result<bool, String> {
    match value {
        "on" => Ok(true),
        "off" => Ok(false),
        other => Err(format!(
            "{key} は on か off です（「{other}」は使えません）。"
        )),
    }
}

fn delay(value: &str) -> Result<Duration, String> {
    let wrong = || format!("delay は 3s や 500ms や 0 の形です（「{value}」は使えません）。");
    let number = |text: &str| text.parse::<u64>().map_err(|_| wrong());
    let delay = if value == "off" {
        Duration::ZERO
    } else if let Some(ms) = value.strip_suffix("ms") {
        Duration::from_millis(number(ms)?)
    } else if let Some(s) = value.strip_suffix('s') {
        Duration::from_secs(number(s)?)
    } else if let Some(m) = value.strip_suffix('m') {
        Duration::from_secs(number(m)?.saturating_mul(60))
    } else if value == "0" {
        Duration::ZERO
    } else {
        return Err(wrong());
    };
    if delay > LONGEST {
        return Err("delay は 1 時間までです。".to_owned());
    }
    Ok(delay)
}

fn status(value: &str) -> Result<Option<u16>, String> {
    if value == "off" {
        return Ok(None);
    }
    value
        .parse()
        .ok()
        .filter(|status| (400..=599).contains(status))
        .map(Some)
        .ok_or_else(|| format!("status は 400 から 599 か off です（「{value}」は使えません）。"))
}

/// Seconds; or any text a header can carry, to see what is made of it (F-40).
fn retry_after(value: &str) -> Result<Option<String>, String> {
    if value == "off" {
        return Ok(None);
    }
    let carried = !value.is_empty() && value.bytes().all(|b| (b' '..=b'~').contains(&b));
    if !carried {
        return Err(format!(
            "retry-after は秒数か、英数字の文（-1、Fri, 20 Nov 2026 09:02:00 GMT など）か off です（「{value}」は使えません）。"
        ));
    }
    Ok(Some(value.to_owned()))
}

fn period(value: &str) -> Result<Option<Period>, String> {
    if value == "off" {
        return Ok(None);
    }
    let wrong = || {
        format!(
            "outage-function は 2026-11-20..2026-11-25 の形か off です（「{value}」は使えません）。"
        )
    };
    let (from, to) = value.split_once("..").ok_or_else(wrong)?;
    let (from, to) = (
        from.trim().parse().map_err(|_| wrong())?,
        to.trim().parse().map_err(|_| wrong())?,
    );
    if to < from {
        return Err("outage-function の終わりが始まりより前です。".to_owned());
    }
    Ok(Some(Period { from, to }))
}
