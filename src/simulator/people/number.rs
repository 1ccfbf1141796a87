//! Check digits for invented insurer numbers.

/// The 検証番号 that belongs behind `body` (DOM-2), which holds digits only.
pub fn check_digit(body: &str) -> char {
    let sum: u32 = body
        .bytes()
        .rev()
        .zip([2, 1].into_iter().cycle())
        .map(|(byte, factor)| {
            let product = u32::from(byte.wrapping_sub(b'0')) * factor;
            product / 10 + product % 10
        })
        .sum();
    char::from_digit((10 - sum % 10) % 10, 10).unwrap_or('0')
}

/// `body` with its 検証番号.
pub fn with_check(body: &str) -> String {
    let mut number = body.to_owned();
    number.push(check_digit(body));
    number
}

/// Whether a number of 6 or 8 digits ends in its 検証番号.
pub fn checks(number: &str) -> bool {
    let mut body = number.to_owned();
    let last = body.pop();
    matches!(number.len(), 6 | 8)
        && number.bytes().all(|byte| byte.is_ascii_digit())
        && last == Some(check_digit(&body))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dom_3_vectors() {
        for (number, right) in [
            ("33120015", true),
            ("06139000", true),
            ("02199990", true),
            ("01040013", true),
            ("019904", false),
            ("019901", true),
            ("77777777", false),
            ("77777779", true),
            ("7777777", false),
            ("0613900a", false),
            ("", false),
        ] {
            assert_eq!(checks(number), right, "{number}");
        }
    }
}
