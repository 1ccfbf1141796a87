//! `Retry-After`, read and capped (REL-15).

use jiff::fmt::rfc2822::DateTimeParser;
use std::time::Duration;

/// No wait asked for by a server is longer than this.
pub const LONGEST: Duration = Duration::from_secs(600);

/// Seconds, or an HTTP date counted from the answer's own `Date` (so that the
/// desk's clock plays no part). Anything else is no wish at all.
pub fn after(value: &str, date: Option<&str>) -> Option<Duration> {
    let value = value.trim();
    if !value.is_empty() && value.bytes().all(|b| b.is_ascii_digit()) {
        let seconds = value.parse().unwrap_or(u64::MAX);
        return Some(Duration::from_secs(seconds).min(LONGEST));
    }
    let parser = DateTimeParser::new();
    let until = parser.parse_timestamp(value).ok()?;
    let now = parser.parse_timestamp(date?.trim()).ok()?;
    let wait = Duration::try_from(until.duration_since(now)).unwrap_or_default();
    Some(wait.min(LONGEST))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn f40_every_form_of_retry_after() {
        let date = Some("Fri, 20 Nov 2026 09:00:00 GMT");
        let secs = |n| Some(Duration::from_secs(n));
        for (value, date, wait) in [
            ("1", None, secs(1)),
            ("600", None, secs(600)),
            ("601", None, secs(600)),
            ("99999999999999999999999", None, secs(600)),
            ("-1", None, None),
            ("soon", None, None),
            ("", None, None),
            ("Fri, 20 Nov 2026 09:02:00 GMT", date, secs(120)),
            ("Fri, 20 Nov 2026 08:00:00 GMT", date, secs(0)),
            ("Sat, 20 Nov 2027 09:00:00 GMT", date, secs(600)),
            ("Fri, 20 Nov 2026 09:02:00 GMT", None, None),
        ] {
            assert_eq!(after(value, date), wait, "{value:?}");
        }
    }
}
