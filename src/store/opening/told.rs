//! What a person is told of an opened store, and the unfinished record that is
//! cut off its journal's end.

use super::Opened;
use crate::store::guard::Sick;
use crate::store::remark::Remark;
use crate::store::view::{Drafts, View};
use crate::store::walk::{Finding, Flaw, segments};
use crate::store::{journal, trouble, whose};
use std::borrow::Borrow;
use std::io;
use std::path::Path;

/// Findings told one by one before only their number is told.
const TOLD: usize = 20;

/// The drafts in sled, if all is whole.
pub(super) fn drafts(view: Option<&View>, remarks: &mut Vec<Remark>) -> Drafts {
    match view.map(View::drafts) {
        None => Drafts::new(),
        Some(Ok((drafts, lost))) => {
            if lost > 0 {
                let text = format!("入力途中の控え {lost} 件が読めませんでした。");
                remarks.push(Remark::loss(text));
            }
            drafts
        }
        Some(Err(_)) => {
            remarks.push(Remark::loss("入力途中の控えが読めませんでした。"));
            Drafts::new()
        }
    }
}

/// Names what is wrong with the journal, and cuts an unfinished record off its
/// end.
pub fn tell(folder: &Path, opened: &mut Opened, remarks: &mut Vec<Remark>) -> io::Result<()> {
    whose::name(&mut opened.findings, &opened.register);
    let findings = &opened.findings;
    let acknowledged = opened.known > opened.register.cursor.seq;
    trim(folder, findings, acknowledged, remarks)?;
    let others: Vec<&Finding> = (findings.iter())
        .filter(|finding| !matches!(finding.flaw, Flaw::Torn { .. }))
        .collect();
    remarks.extend(found(&others));
    Ok(())
}

/// Cuts an unfinished record off the end of the journal; names those at the
/// end of other segments. `acknowledged`: it had been there as a whole.
pub(super) fn trim(
    folder: &Path,
    findings: &[Finding],
    acknowledged: bool,
    remarks: &mut Vec<Remark>,
) -> io::Result<()> {
    let newest = segments(folder)?.pop();
    for finding in findings {
        let Flaw::Torn { bytes } = finding.flaw else {
            continue;
        };
        if newest.as_ref() != Some(&finding.segment) {
            remarks.push(Remark::loss(finding.to_string()));
            continue;
        }
        journal::cut(folder, &finding.segment, finding.offset)?;
        remarks.push(if acknowledged {
            Remark::loss(format!(
                "記録の終わりが途中で切れていたので、残りの {bytes} バイトを切り取りました。"
            ))
        } else {
            Remark::known(format!(
                "記録の終わりが書きかけだったので、{bytes} バイトを切り取りました（「控えました」と表示する前の記録です）。"
            ))
        });
    }
    Ok(())
}

/// One sentence for each, or for as many as are told one by one: what is
/// damaged, missing or out of place may have been a note.
pub fn found<F: Borrow<Finding>>(findings: &[F]) -> Vec<Remark> {
    let each = findings.iter().take(TOLD);
    let mut remarks: Vec<Remark> = each
        .map(|finding| Remark::loss(finding.borrow().to_string()))
        .collect();
    if findings.len() > TOLD {
        let count = findings.len();
        remarks.push(Remark::loss(format!(
            "記録に壊れたところが全部で {count} か所あります。"
        )));
    }
    remarks
}

/// What goes on without the state.
pub fn without_sled(dir: &Path, sick: &Sick) -> Remark {
    let why = match sick {
        Sick::System(error) => trouble::from_io(dir, error).to_string(),
        Sick::Damaged => "現在の状態の控え（state）が壊れています。".to_owned(),
    };
    Remark::known(format!(
        "{why}記録（journal）だけで続けます。控えは残りますが、入力途中のものは再起動すると消えます。"
    ))
}

/// A remark if other users of this machine can look into the journal (SEC-22).
pub fn too_open(folder: &Path) -> Option<Remark> {
    use std::os::unix::fs::PermissionsExt;
    let mode = std::fs::metadata(folder).ok()?.permissions().mode();
    (mode & 0o077 != 0).then(|| {
        Remark::known(format!(
            "{} はほかの利用者にも開かれています。chmod 700 で閉じてください。",
            trouble::shown(folder)
        ))
    })
}
