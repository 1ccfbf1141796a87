//! Whether the store can be written, and its journal has no gap.

use super::{Asked, Point, Verdict, point};
use crate::cli::key;
use crate::cli::settings::{KeyChoice, Settings};
use crate::link::socket;
use crate::store::keys;
use crate::store::verify::{Report, verify};
use crate::store::walk::Flaw;

/// The point of the check.
pub(super) fn point_of(settings: &Settings, asked: Option<&Result<Asked, String>>) -> Point {
    let (name, label) = ("store", "保存先");
    match asked {
        Some(Ok(Asked { status, .. })) => {
            return match &status.store_trouble {
                None => beside(settings),
                Some(trouble) => point(name, label, Verdict::Bad, trouble.as_str()),
            };
        }
        Some(Err(_)) => {
            return point(
                name,
                label,
                Verdict::Bad,
                "窓口サービスが答えないので、確かめられません。",
            );
        }
        None => {}
    }
    if let Err(error) = socket::usable(&settings.places.data) {
        return point(name, label, Verdict::Bad, error.to_string());
    }
    let dir = &settings.places.store;
    if !dir.exists() {
        return point(
            name,
            label,
            Verdict::Good,
            "まだありません（最初に使うとき作ります）",
        );
    }
    if let Err(error) = crate::store::free(dir) {
        return point(name, label, Verdict::Bad, error.to_string());
    }
    // A person is not asked for a passphrase here: then the content stays
    // closed, and the chain and the checksums are looked at.
    let seal = match &settings.key {
        KeyChoice::Passphrase => None,
        _ => match key::source(settings)
            .map_err(|fail| fail.text)
            .and_then(|source| keys::seal(dir, &source).map_err(|error| error.to_string()))
        {
            Ok(seal) => Some(seal),
            Err(why) => return point(name, label, Verdict::Bad, why),
        },
    };
    let indexed = crate::store::indexed(dir);
    match verify(dir, seal.as_ref()) {
        Ok(report) => match wrong(indexed, &report) {
            Some(text) => point(name, label, Verdict::Bad, text),
            None if report.findings.is_empty() => point(
                name,
                label,
                Verdict::Good,
                format!("記録 {} 件、欠けはありません", report.good),
            ),
            None => point(
                name,
                label,
                Verdict::Look,
                "記録の終わりが書きかけです。窓口サービスを始めると切り取ります。",
            ),
        },
        Err(error) => point(name, label, Verdict::Bad, error.to_string()),
    }
}

/// The store of a running desk: it can be written, and the journal is read
/// beside it, without the key.
fn beside(settings: &Settings) -> Point {
    let (name, label) = ("store", "保存先");
    let dir = &settings.places.store;
    // Before the journal: both grow.
    let indexed = crate::store::indexed(dir);
    match verify(dir, None) {
        Ok(report) => match wrong(indexed, &report) {
            Some(text) => point(name, label, Verdict::Bad, format!("書けますが、{text}")),
            None => point(
                name,
                label,
                Verdict::Good,
                format!("書けます（記録 {} 件、欠けはありません）", report.good),
            ),
        },
        // Another user's service: its folder is closed to this one.
        Err(_) => point(
            name,
            label,
            Verdict::Good,
            "書けます（記録の欠けは、この利用者では確かめられません）",
        ),
    }
}

/// What is wrong with the journal; a record that is being written at its end
/// is nothing. `indexed`: it has been this long.
fn wrong(indexed: Option<u64>, report: &Report) -> Option<String> {
    let findings = match report.findings.split_last() {
        Some((last, others)) if matches!(last.flaw, Flaw::Torn { .. }) => others,
        _ => &report.findings,
    };
    let mut bad = findings.iter();
    let how = "madoguchi audit verify で場所を確かめ、管理者に知らせてください。";
    if let Some(first) = bad.next() {
        let more = match bad.count() {
            0 => String::new(),
            n => format!("ほかに {n} か所あります。"),
        };
        return Some(format!("記録が壊れています。{first}{more}{how}"));
    }
    let known = indexed.unwrap_or(0);
    (known > report.last).then(|| {
        let (from, last) = (report.last + 1, report.last);
        format!(
            "記録 {from} から先が失われています（記録 {known} までありましたが、今は {last} までです）。{how}"
        )
    })
}
