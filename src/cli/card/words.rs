//! What is printed of readers and cards, for people and for scripts.

use super::look::Lies;
use crate::card::ReaderInfo;
use crate::domain::card::{Certificate, Flag, Four, Kind, NO_CERTIFICATE, Seen, Trouble, Validity};
use crate::domain::person::Sex;
use crate::domain::time::{jst, slash_date};
use crate::front::wording::card::flag;
use crate::text::clean::clean;
use jiff::civil::Date;
use serde::Serialize;
use serde_json::{Value, json};
use std::fmt::Write as _;

/// The end of `card --help`.
pub const HELP: &str = "\
--json の値:
  kind        my-number、my-number-bare（電子証明書が使えない）、android、iphone、juki、
              licence、residence、bank、memory、other、unknown-token、mute（読めない）
  validity    state が good（有効） soon（3 か月以内に切れる） grace（切れたが資格だけは
              確認できる） ended（切れた） early（有効期間の前）、null（証明書なし）
  error       card-no-certificate はマイナンバーカードに電子証明書がない（または読めない）、
              card-wrong-kind はほかのカード
  失敗        {\"error\": {\"code\": …, \"message\": …}}
終了コード: 0 できた、1 カードがない・読めない・期限切れ、2 書き方か設定の誤り、
            3 読取機か窓口サービスにつながらない、4 保存先の誤り
status は、期限内の電子証明書が読めたときだけ 0（免許証などのカードは 1）。
個人番号は読みません。問い合わせることもありません。
";

/// The end of `card basic-four --help`.
pub const BASIC_FOUR: &str = "\
券面の 3 つの番号（生年月日、有効期限の年、セキュリティコード）か、--pin で暗証番号を使います。
セキュリティコードと暗証番号は、端末で（画面に出さずに）打つか、標準入力の 1 行目に渡します。
命令の引数や環境変数では受け取りません。残りが 2 回以下のときは、端末で確かめるか、
--confirm に残り回数を書いたときだけ試します（ほかは終了コード 1、card-few-tries）。
--json の値:
  birth_date  \"1985-07-04\"、null（日付でない。birth_date_raw にカードのまま）
  sex         male、female、unset、null（sex_code にカードのまま）
  flags       券面と見比べるもの: missing、not-utf8、rare、private、substitute、cleaned、unknown
  tries_left  試す前に残っていた回数
";

/// The end of `card prove --help`.
pub const PROVE: &str = "\
利用者証明用の暗証番号は、端末で（画面に出さずに）打つか、標準入力の 1 行目に渡します。
確かめるのは「このカードのチップ、この暗証番号」だけです。失効と、保険の資格は分かりません。
";

/// A word that serde has for it.
fn word(value: impl Serialize) -> Value {
    serde_json::to_value(value).unwrap_or(Value::Null)
}

/// `card status`.
pub fn status(readers: &[ReaderInfo], card: Option<(&Lies, Date)>) -> String {
    let mut out = String::new();
    for reader in readers {
        let card_there = if reader.card {
            "カードあり"
        } else {
            "カードなし"
        };
        let _ = writeln!(out, "{}  {card_there}", clean(&reader.name));
        match card {
            Some((Lies::Seen { reader: at, seen }, today)) if *at == reader.name => {
                for line in lines(seen, today) {
                    let _ = writeln!(out, "  {line}");
                }
            }
            Some((
                Lies::Unread {
                    reader: at,
                    trouble,
                    desk,
                },
                _,
            )) if *at == reader.name => {
                let _ = writeln!(out, "  {}", unread(trouble, *desk));
            }
            _ => {}
        }
    }
    out
}

/// The desk service has the card.
pub const WITH_DESK: &str = "窓口サービスがカードを読んでいるところです。少し待ってもう一度実行してください。続くときはカードの返事がありません。カードを離して、もう一度置いてください。";

/// Why a card was not read.
fn unread(trouble: &Trouble, desk: bool) -> String {
    if desk {
        WITH_DESK.to_owned()
    } else {
        trouble.to_string()
    }
}

/// What a card says without whose it is.
fn lines(seen: &Seen, today: Date) -> Vec<String> {
    let mut lines = vec![seen.kind.sentence().to_owned()];
    if let Some(certificate) = &seen.certificate {
        lines.push(Validity::of(certificate, today).to_string());
    } else if seen.kind == Kind::MyNumber {
        lines.push(NO_CERTIFICATE.to_owned());
    }
    lines.extend(seen.expiry_note(today));
    lines
}

/// `card status --json`.
pub fn status_json(readers: &[ReaderInfo], card: Option<(&Lies, Date)>) -> Value {
    let readers: Vec<Value> = readers
        .iter()
        .map(|reader| json!({ "reader": clean(&reader.name), "card": reader.card }))
        .collect();
    let card = card.map(|(lies, today)| match lies {
        Lies::Nothing => Value::Null,
        Lies::Seen { reader, seen } => json!({
            "reader": reader,
            "kind": word(seen.kind),
            "kind_label": seen.kind.label(),
            "validity": seen.certificate.as_ref().map(|it| validity(it, today)),
            "messages": lines(seen, today),
        }),
        Lies::Unread {
            reader,
            trouble,
            desk,
        } => json!({
            "reader": reader,
            "kind": Value::Null,
            "error": { "code": trouble.word(), "message": unread(trouble, *desk) },
        }),
    });
    json!({ "readers": readers, "card": card })
}

fn validity(certificate: &Certificate, today: Date) -> Value {
    let validity = Validity::of(certificate, today);
    let (state, until) = match validity {
        Validity::Good => ("good", None),
        Validity::Soon { until } => ("soon", Some(until)),
        Validity::Grace { until, .. } => ("grace", Some(until)),
        Validity::Ended { .. } => ("ended", None),
        Validity::Early { .. } => ("early", None),
    };
    json!({
        "state": state,
        "until": until,
        "valid_from": jst(certificate.not_before).date(),
        "valid_to": jst(certificate.not_after).date(),
        "message": validity.to_string(),
    })
}

/// `card certificate`: the one place where a serial number is printed.
pub fn certificate(seen: &Seen, certificate: &Certificate, today: Date) -> String {
    let day = |at| slash_date(jst(at).date());
    let mut out = String::new();
    let rows = [
        ("発行番号", clean(&seen.serial)),
        ("有効開始日", day(certificate.not_before)),
        ("有効終了日", day(certificate.not_after)),
        (
            "カードの有効期限",
            seen.expiry.map(slash_date).unwrap_or_default(),
        ),
        ("トークン", clean(&seen.token)),
    ];
    for (label, value) in rows {
        if !value.is_empty() {
            let _ = writeln!(out, "{label}: {value}");
        }
    }
    for line in lines(seen, today) {
        let _ = writeln!(out, "{line}");
    }
    if certificate.test {
        out.push_str("試験用の証明書です。\n");
    }
    out
}

/// `card certificate --json`.
pub fn certificate_json(seen: &Seen, certificate: &Certificate, today: Date) -> Value {
    json!({
        "kind": word(seen.kind),
        "token": clean(&seen.token),
        "serial_number": (!seen.serial.is_empty()).then(|| clean(&seen.serial)),
        "validity": validity(certificate, today),
        "test": certificate.test,
        "card_expiry": seen.expiry,
    })
}

/// `card basic-four`.
pub fn four(four: &Four) -> String {
    let Four {
        name,
        address,
        birth,
        gender,
    } = four;
    let born = birth.date.map_or_else(|| birth.raw.clone(), slash_date);
    let sex = gender
        .sex
        .map_or_else(|| gender.raw.clone(), |sex| sex.label().to_owned());
    let mut out = String::new();
    for (label, value, flags) in [
        ("氏名", &name.text, &name.flags),
        ("生年月日", &born, &birth.flags),
        ("性別", &sex, &gender.flags),
        ("住所", &address.text, &address.flags),
    ] {
        let _ = writeln!(out, "{label}: {}", clean(value));
        for one in flags {
            let _ = writeln!(out, "  {}", flag(*one));
        }
    }
    out
}

/// `card basic-four --json`.
pub fn four_json(four: &Four, left: Option<u8>) -> Value {
    let flags = |flags: &[Flag]| flags.iter().map(|it| word(*it)).collect::<Vec<_>>();
    json!({
        "name": clean(&four.name.text),
        "birth_date": four.birth.date,
        "birth_date_raw": clean(&four.birth.raw),
        "sex": four.gender.sex.map(sex),
        "sex_code": clean(&four.gender.raw),
        "address": clean(&four.address.text),
        "flags": {
            "name": flags(&four.name.flags),
            "birth_date": flags(&four.birth.flags),
            "sex": flags(&four.gender.flags),
            "address": flags(&four.address.flags),
        },
        "tries_left": left,
    })
}

fn sex(sex: Sex) -> &'static str {
    match sex {
        Sex::Male => "male",
        Sex::Female => "female",
        Sex::Unset => "unset",
    }
}

/// `card prove`, after its sentence.
pub fn proved(seen: &Seen, today: Date) -> String {
    lines(seen, today).join("\n") + "\n"
}

/// `card prove --json`.
pub fn proved_json(seen: &Seen, today: Date) -> Value {
    json!({
        "proved": true,
        "statement": crate::domain::card::PROOF,
        "kind": word(seen.kind),
        "validity": seen.certificate.as_ref().map(|it| validity(it, today)),
    })
}
