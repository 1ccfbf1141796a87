//! What opens a card, from options and questions: numbers that are secret are
//! never taken from the command line or the environment, where every process
//! can read them (SEC-18).

use crate::cli::client::Who;
use crate::cli::lookup::date;
use crate::cli::{Fail, password};
use crate::domain::card::{Face, Key, KeyKind, is_digits};
use crate::domain::entry::{Purpose, read_date};
use crate::domain::secret::Secret;
use crate::text::fold;
use jiff::civil::Date;

/// The four of a card.
#[derive(Debug, clap::Args)]
pub struct BasicFour {
    #[command(flatten)]
    pub who: Who,
    /// 券面の生年月日（S29.3.26、1954-03-26 など。なければ端末で聞く）
    #[arg(long, value_name = "DATE", conflicts_with = "pin")]
    pub birth_date: Option<String>,
    /// 券面の有効期限の年（西暦 4 桁。なければ端末で聞く）
    #[arg(long, value_name = "YEAR", conflicts_with = "pin")]
    pub expiry_year: Option<String>,
    /// 券面の生年月日が西暦で印刷されている（外国籍の人）
    #[arg(long, conflicts_with = "pin")]
    pub western: bool,
    /// 券面の番号のかわりに、暗証番号（4 桁、患者さんが打つ）で読む
    #[arg(long)]
    pub pin: bool,
    #[command(flatten)]
    pub wish: Wish,
    /// JSON で出す
    #[arg(long)]
    pub json: bool,
}

/// A signed challenge.
#[derive(Debug, clap::Args)]
pub struct Prove {
    #[command(flatten)]
    pub who: Who,
    #[command(flatten)]
    pub wish: Wish,
    /// JSON で出す
    #[arg(long)]
    pub json: bool,
}

/// How it is asked for.
#[derive(Debug, Clone, Copy, clap::Args)]
pub struct Wish {
    /// カードが置かれるまで待つ（Ctrl+C でやめる）
    #[arg(long)]
    pub wait: bool,
    /// 残りが N 回でも試す（N が残り回数と同じときだけ）
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u8).range(1..=2))]
    pub confirm: Option<u8>,
}

impl BasicFour {
    /// The key, checked as far as that can be done before the card is asked.
    pub fn key(&self, today: Date) -> Result<Key, Fail> {
        if self.pin {
            return secret(KeyKind::Pin, "暗証番号（券面事項入力補助用、4 桁）").map(Key::Pin);
        }
        let birth = given(self.birth_date.as_deref(), "--birth-date", "券面の生年月日")?;
        let birth = printed(&birth, today)?;
        if birth > today {
            return Err(Fail::usage(
                "--birth-date: 未来の日付です。カードには送っていません。",
            ));
        }
        let expiry_year = given(
            self.expiry_year.as_deref(),
            "--expiry-year",
            "券面の有効期限の年（西暦 4 桁）",
        )
        .and_then(|text| year(&text))?;
        let code = secret(KeyKind::Face, "セキュリティコード（写真の下の 4 桁）")?;
        Ok(Key::Face(Face {
            birth,
            expiry_year,
            code,
            western: self.western,
        }))
    }
}

/// The birth date as the face has it. The number is made of it and a wrong one
/// costs a try: a day that its era does not have is not set right, but refused.
pub(super) fn printed(text: &str, today: Date) -> Result<Date, Fail> {
    let written = read_date(text, None, Purpose::Birth, today);
    if let Some(why) = written.not_of_its_era() {
        return Err(Fail::usage(format!(
            "--birth-date: {why}カードには送っていません。"
        )));
    }
    date("--birth-date", text, Purpose::Birth, today)
}

/// 利用者証明用の暗証番号.
pub fn pin() -> Result<Secret, Fail> {
    secret(
        KeyKind::Authentication,
        "利用者証明用の暗証番号（4 桁、患者さんが打つ）",
    )
}

/// An option, or the answer to a question at the terminal.
fn given(option: Option<&str>, name: &str, question: &str) -> Result<String, Fail> {
    match option {
        Some(text) => Ok(text.to_owned()),
        None if password::interactive() => password::shown(question),
        None => Err(Fail::usage(format!("{name} が要ります。"))),
    }
}

/// The year of the card's expiry, as its face has it.
pub(super) fn year(text: &str) -> Result<i16, Fail> {
    let text = fold::narrow(text);
    match text.trim().parse() {
        Ok(year) if text.trim().len() == 4 && (2016..2100).contains(&year) => Ok(year),
        _ => Err(Fail::usage(
            "--expiry-year: 券面の「…年…月…日まで有効」の年を、西暦 4 桁で書いてください。",
        )),
    }
}

/// Four digits nobody sees. What is not four digits could cost a try: it is
/// not sent.
fn secret(kind: KeyKind, question: &str) -> Result<Secret, Fail> {
    let label = match kind {
        KeyKind::Face => "セキュリティコード",
        KeyKind::Pin | KeyKind::Authentication => "暗証番号",
    };
    let digits = password::number(question, label)?;
    if is_digits(&digits, 4) {
        return Ok(digits);
    }
    Err(Fail::usage(format!(
        "{label}: 数字 4 桁を入れてください。カードには送っていません。"
    )))
}
