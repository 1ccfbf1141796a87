//! The file of a tape as text.

use super::TapeError;
use std::fs::File;
use std::io::Read;
use std::path::Path;

/// A tape is no longer.
const LONGEST: u64 = 4 * 1024 * 1024;

/// Reads it; errors say what to do about it.
pub(super) fn text(path: &Path) -> Result<String, TapeError> {
    let fail = |line: usize, text: String| TapeError {
        path: path.to_owned(),
        line,
        text,
    };
    let why = |error: &std::io::Error| {
        let reason = crate::link::reason(error);
        fail(
            0,
            format!("読めません（{reason}）。名前と場所を確かめてください"),
        )
    };
    let mut bytes = Vec::new();
    let file = File::open(path).map_err(|e| why(&e))?;
    file.take(LONGEST + 1)
        .read_to_end(&mut bytes)
        .map_err(|e| why(&e))?;
    if bytes.len() as u64 > LONGEST {
        return Err(fail(
            0,
            "4 MiB を超えています。テープではないようです".to_owned(),
        ));
    }
    String::from_utf8(bytes).map_err(|error| {
        let good = error.utf8_error().valid_up_to();
        let lines = error.as_bytes().iter().take(good).filter(|b| **b == b'\n');
        fail(
            lines.count() + 1,
            "UTF-8 でない文字があります（Shift_JIS で保存していませんか）。UTF-8 で保存し直してください".to_owned(),
        )
    })
}
