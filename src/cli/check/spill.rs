//! What waits beside the store, and whether it can still be taken in.

use super::{Asked, Point, Verdict, point};
use crate::cli::key;
use crate::cli::settings::{KeyChoice, Settings};
use crate::store::audit::{Elsewhere, Report, verify};
use crate::store::keys::{self, KeySource};
use crate::store::spill::check::Waiting;
use crate::store::spill::{self, check};
use std::path::Path;

const NAME: &str = "spill";
const LABEL: &str = "予備の場所";

/// The point of the check; nothing is opened but what waits, and nothing
/// changed.
pub(super) fn point_of(settings: &Settings, asked: Option<&Result<Asked, String>>) -> Point {
    let candidates = &settings.places.spill;
    let Some(first) = spill::waiting(candidates) else {
        return point(NAME, LABEL, Verdict::Good, "待っている控えはありません");
    };
    // A desk that writes its ledger has taken in all that can be.
    let sound = matches!(asked, Some(Ok(asked)) if asked.status.store_trouble.is_none());
    // A person is not asked for a passphrase here, and systemd hands its
    // credentials to the desk service alone.
    let source = match &settings.key {
        KeyChoice::Passphrase => None,
        KeyChoice::Credential(_) if std::env::var_os("CREDENTIALS_DIRECTORY").is_none() => None,
        _ => key::source(settings)
            .ok()
            .map(|source| key::actual(settings, source)),
    };
    let known = source.is_some();
    let waiting = check::examine(candidates, source.as_ref()).unwrap_or_default();
    let held = (source.as_ref()).and_then(|source| against(settings, source, &waiting));
    // What is wrong with what waits is of no record.
    let finding = |name: &str| {
        (held.as_ref()).is_none_or(|held| {
            let mut wrong = held.wrong.iter();
            wrong.any(|wrong| wrong.seq == 0 && wrong.segment == name)
        })
    };
    if let Some(lost) = waiting.lost.iter().find(|lost| finding(&lost.name)) {
        return point(NAME, LABEL, Verdict::Bad, lost.to_string());
    }
    let (count, place) = match &held {
        Some(held) => (held.waits.records, held.waits.folders.join("、")),
        None => (waiting.records(), String::new()),
    };
    let place = if place.is_empty() {
        first.display().to_string()
    } else {
        place
    };
    let flawed = (waiting.flaws.iter()).any(|(name, _)| finding(name));
    match waiting.closed.first() {
        None if flawed => {
            let text = format!(
                "{place} に、控え帳に入れていない記録が {count} 件ありますが、壊れたか、なくなったものがあります。場所は madoguchi audit verify で分かります。紙の控えと照らしてください。"
            );
            point(NAME, LABEL, Verdict::Bad, text)
        }
        // Killed before the files went.
        None if known && count == 0 && waiting.records() > 0 => {
            let text = "待っている控えはありません（入れ終わったファイルは、窓口サービスが次に始まると消えます）";
            point(NAME, LABEL, Verdict::Good, text)
        }
        None if known => {
            let text = format!(
                "{place} に、控え帳に入れていない記録が {count} 件あります。窓口サービスが控え帳を使えるようになると入れます。"
            );
            point(NAME, LABEL, Verdict::Look, text)
        }
        Some((dir, why)) => point(NAME, LABEL, Verdict::Bad, lost(dir, &why.to_string())),
        None if count == 0 => {
            let text = format!(
                "{} に、予備に使ったファイルが残っていますが、控え帳に入れていない記録は見当たりません（中身は、鍵がないのでここでは確かめられません）。窓口サービスが控え帳を使えるようになると片づけます。",
                first.display()
            );
            point(NAME, LABEL, Verdict::Look, text)
        }
        None if sound => point(NAME, LABEL, Verdict::Bad, lost(first, "")),
        None => {
            let text = format!(
                "{} に、予備に書いた記録が {count} 件あります（読めるか、もう控え帳に入っているかは、鍵がないのでここでは確かめられません）。窓口サービスが控え帳を使えるようになると、まだのものを入れます。",
                first.display()
            );
            point(NAME, LABEL, Verdict::Look, text)
        }
    }
}

/// What waits held against the journal, which may have it already; nothing if
/// that cannot be read.
fn against(settings: &Settings, source: &KeySource, waiting: &Waiting) -> Option<Report> {
    let dir = &settings.places.store;
    let seal = keys::seal(dir, source).ok()?;
    let elsewhere = Elsewhere {
        spill: Some(waiting),
        ..Elsewhere::default()
    };
    verify(dir, Some(&seal), &elsewhere).ok()
}

fn lost(dir: &Path, why: &str) -> String {
    format!(
        "{} に、控え帳に入れられない控えが残っています。{why}その控えを書いたときの鍵と鍵束を戻して窓口サービスを始め直すか、紙の控えから入れ直して、このフォルダーを別の場所に移してください。",
        dir.display()
    )
}
