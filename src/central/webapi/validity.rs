//! From when to when a certificate is valid, read from its DER (RFC 5280
//! 4.1): the only two facts about our own certificate that no other library
//! here tells.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::Offset;

const SEQUENCE: u8 = 0x30;
const VERSION: u8 = 0xA0;
const UTC_TIME: u8 = 0x17;
const GENERALIZED_TIME: u8 = 0x18;

/// First and last moment; `None` if this is no certificate.
pub fn validity(der: &[u8]) -> Option<(Timestamp, Timestamp)> {
    let (certificate, _) = expect(der, SEQUENCE)?;
    let (mut tbs, _) = expect(certificate, SEQUENCE)?;
    if tbs.first() == Some(&VERSION) {
        tbs = element(tbs)?.2;
    }
    // Serial number, signature algorithm, issuer.
    for _ in 0..3 {
        tbs = element(tbs)?.2;
    }
    let (dates, _) = expect(tbs, SEQUENCE)?;
    let (tag, from, rest) = element(dates)?;
    let from = moment(tag, from)?;
    let (tag, to, _) = element(rest)?;
    Some((from, moment(tag, to)?))
}

/// Tag, content and what follows.
fn element(der: &[u8]) -> Option<(u8, &[u8], &[u8])> {
    let (&tag, rest) = der.split_first()?;
    let (&first, mut rest) = rest.split_first()?;
    let mut length = usize::from(first);
    if first >= 0x80 {
        let count = usize::from(first & 0x7F);
        if count == 0 || count > 4 {
            return None;
        }
        length = 0;
        for _ in 0..count {
            let (&byte, more) = rest.split_first()?;
            length = (length << 8) | usize::from(byte);
            rest = more;
        }
    }
    let (content, rest) = rest.split_at_checked(length)?;
    Some((tag, content, rest))
}

fn expect(der: &[u8], tag: u8) -> Option<(&[u8], &[u8])> {
    let (found, content, rest) = element(der)?;
    (found == tag).then_some((content, rest))
}

/// `YYMMDDHHMMSSZ` (years 1950 to 2049) or `YYYYMMDDHHMMSSZ`.
fn moment(tag: u8, text: &[u8]) -> Option<Timestamp> {
    let digits = text.strip_suffix(b"Z")?;
    let number = |from: usize| -> Option<i8> {
        let pair = std::str::from_utf8(digits.get(from..from + 2)?).ok()?;
        pair.parse().ok()
    };
    let (year, rest) = match (tag, digits.len()) {
        (UTC_TIME, 12) => {
            let year = i16::from(number(0)?);
            (if year < 50 { 2000 + year } else { 1900 + year }, 2)
        }
        (GENERALIZED_TIME, 14) => (i16::from(number(0)?) * 100 + i16::from(number(2)?), 4),
        _ => return None,
    };
    let civil = DateTime::new(
        year,
        number(rest)?,
        number(rest + 2)?,
        number(rest + 4)?,
        number(rest + 6)?,
        number(rest + 8)?,
        0,
    )
    .ok()?;
    Offset::UTC.to_timestamp(civil).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn made(from: (i32, u8, u8), to: (i32, u8, u8)) -> Vec<u8> {
        let key = rcgen::KeyPair::generate().unwrap();
        let mut params = rcgen::CertificateParams::new(vec!["localhost".to_owned()]).unwrap();
        params.not_before = rcgen::date_time_ymd(from.0, from.1, from.2);
        params.not_after = rcgen::date_time_ymd(to.0, to.1, to.2);
        params.self_signed(&key).unwrap().der().to_vec()
    }

    #[test]
    fn f_27_both_forms_of_time_are_read() {
        let stamp = |text: &str| text.parse::<Timestamp>().unwrap();
        for (to, want) in [
            ((2026, 11, 20), "2026-11-20T00:00:00Z"),
            ((2049, 12, 31), "2049-12-31T00:00:00Z"),
            ((2050, 1, 1), "2050-01-01T00:00:00Z"),
        ] {
            let read = validity(&made((1999, 2, 28), to));
            assert_eq!(read, Some((stamp("1999-02-28T00:00:00Z"), stamp(want))));
        }
    }

    #[test]
    fn what_is_no_certificate_has_no_dates() {
        let whole = made((2026, 1, 1), (2027, 1, 1));
        for length in 0..whole.len().min(100) {
            assert_eq!(validity(&whole[..length]), None);
        }
        assert_eq!(validity(&[0x30, 0x84, 0xFF, 0xFF, 0xFF, 0xFF]), None);
        assert_eq!(validity(&[0x30, 0x80]), None);
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_without_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let _ = validity(&bytes);
        }
    }
}
