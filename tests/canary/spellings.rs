//! The forms in which a word could lie on a disk.

/// Words whose Shift_JIS form cannot be made here.
const SHIFT_JIS: [(&str, &str); 12] = [
    ("榊原", "8de58cb4"),
    ("雫玖", "8eb48be8"),
    ("霞が関三丁目", "89e082aa8ad68e4f929a96da"),
    ("新橋", "90568bb4"),
    ("太郎", "91be9859"),
    ("荻窪", "89ac8c45"),
    ("東京都港区", "938c8b9e93738d608be6"),
    ("サカキバラ", "8354834a834c836f8389"),
    ("シズク", "83568359834e"),
    ("シンバシ", "83568393836f8356"),
    ("タロウ", "835e838d8345"),
    ("オギクボ", "8349834d834e837b"),
];

/// A word in the encodings and writings it could have been left in, each with
/// a name for the message.
pub fn spellings(text: &str) -> Vec<(String, Vec<u8>)> {
    let mut writings = vec![text.to_owned()];
    if text.chars().any(|c| ('ァ'..='ヶ').contains(&c)) {
        writings.push(half_width(text));
        writings.push(hiragana(text));
    }
    if text.is_ascii() {
        writings.push(full_width(text));
        writings.push(text.replace('-', ""));
        writings.push(text.replace('-', "/"));
    }
    let mut out = Vec::new();
    for writing in writings {
        let mut plain = vec![("UTF-8", writing.clone().into_bytes())];
        plain.push((
            "UTF-16LE",
            writing.encode_utf16().flat_map(u16::to_le_bytes).collect(),
        ));
        plain.push((
            "UTF-16BE",
            writing.encode_utf16().flat_map(u16::to_be_bytes).collect(),
        ));
        let known = SHIFT_JIS.iter().find(|(word, _)| *word == writing);
        plain.extend(known.map(|(_, hex)| ("Shift_JIS", unhex(hex))));
        if writing.chars().all(|c| ('｡'..='ﾟ').contains(&c)) {
            let bytes = writing.chars().map(|c| (c as u32 - 0xff61 + 0xa1) as u8);
            plain.push(("Shift_JIS", bytes.collect()));
        }
        let escaped = joined(writing.encode_utf16().map(|u| format!("\\u{u:04x}")));
        plain.push(("JSON escapes", escaped.into_bytes()));
        for (encoding, bytes) in plain {
            let name = |form: &str| format!("{writing} ({encoding}{form})");
            let hex = joined(bytes.iter().map(|b| format!("{b:02x}")));
            out.push((name(", hex"), hex.to_uppercase().into_bytes()));
            out.push((name(", hex"), hex.into_bytes()));
            for skip in 0..3 {
                let form = base64(&bytes, skip);
                // Too short to be told from chance.
                if form.len() >= 8 {
                    out.push((name(", base64"), form));
                }
            }
            out.push((name(""), bytes));
        }
    }
    out
}

/// The part of the base64 form that is the same whatever stands around, for a
/// word that begins at byte `3 n + skip`.
fn base64(bytes: &[u8], skip: usize) -> Vec<u8> {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let inner = &bytes[(3 - skip) % 3..];
    inner
        .chunks_exact(3)
        .flat_map(|three| {
            let all = u32::from(three[0]) << 16 | u32::from(three[1]) << 8 | u32::from(three[2]);
            [18, 12, 6, 0].map(|shift| DIGITS[(all >> shift & 63) as usize])
        })
        .collect()
}

fn unhex(text: &str) -> Vec<u8> {
    (0..text.len() / 2)
        .map(|i| u8::from_str_radix(text.get(2 * i..2 * i + 2).unwrap(), 16).unwrap())
        .collect()
}

fn hiragana(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            'ァ'..='ヶ' => char::from_u32(c as u32 - 0x60).unwrap(),
            other => other,
        })
        .collect()
}

fn full_width(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            '!'..='~' => char::from_u32(c as u32 + 0xfee0).unwrap(),
            other => other,
        })
        .collect()
}

/// The kana of the words used here.
fn half_width(text: &str) -> String {
    const PAIRS: [(char, &str); 18] = [
        ('ノ', "ﾉ"),
        ('サ', "ｻ"),
        ('カ', "ｶ"),
        ('キ', "ｷ"),
        ('バ', "ﾊﾞ"),
        ('ラ', "ﾗ"),
        ('シ', "ｼ"),
        ('ズ', "ｽﾞ"),
        ('ク', "ｸ"),
        ('ン', "ﾝ"),
        ('タ', "ﾀ"),
        ('ロ', "ﾛ"),
        ('ウ', "ｳ"),
        ('オ', "ｵ"),
        ('ギ', "ｷﾞ"),
        ('ボ', "ﾎﾞ"),
        ('ー', "ｰ"),
        ('ッ', "ｯ"),
    ];
    text.chars()
        .map(|c| match c {
            'ァ'..='ヶ' | 'ー' => {
                let pair = PAIRS.iter().find(|(from, _)| *from == c);
                pair.unwrap().1.to_owned()
            }
            other => other.to_string(),
        })
        .collect()
}

#[test]
fn the_spellings_are_what_they_say() {
    let forms = |text: &str| -> Vec<Vec<u8>> { spellings(text).into_iter().map(|s| s.1).collect() };
    let name = forms("シズク");
    for form in [
        "ｼｽﾞｸ",
        "しずく",
        "\\u30b7\\u30ba\\u30af",
        "e382b7e382bae382af",
    ] {
        assert!(name.contains(&form.as_bytes().to_vec()), "{form}");
    }
    assert!(name.contains(&vec![0xbc, 0xbd, 0xde, 0xb8]));
    // "xxabcdefgh" and "xabcdefgh" as base64 hold what is sought.
    let word = forms("abcdefgh");
    for whole in ["YWJjZGVmZ2g=", "eGFiY2RlZmdo", "eHhhYmNkZWZnaA=="] {
        assert!(
            word.iter()
                .filter(|form| form.len() >= 4)
                .any(|form| whole.as_bytes().windows(form.len()).any(|w| w == form)),
            "{whole}"
        );
    }
}

fn joined(parts: impl Iterator<Item = String>) -> String {
    parts.collect::<Vec<_>>().concat()
}
