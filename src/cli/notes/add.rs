//! `madoguchi notes add`: a note from the command line.

use crate::cli::Fail;
use crate::cli::client::Who;
use crate::cli::lookup::{Numbers, date};
use crate::domain::entry::Purpose;
use crate::domain::note::NoteContent;
use crate::domain::person::Sex;
use crate::text::{clean, fold};
use jiff::civil::Date;

/// A note to take.
#[derive(Debug, clap::Args)]
pub struct Add {
    #[command(flatten)]
    pub who: Who,
    #[command(flatten)]
    numbers: Numbers,
    /// 氏名
    #[arg(long, default_value = "", hide_default_value = true)]
    name: String,
    /// 氏名（カナ）
    #[arg(long, default_value = "", hide_default_value = true)]
    kana: String,
    /// 生年月日
    #[arg(long, value_name = "DATE")]
    birth_date: String,
    /// 性別: 1 男、2 女、3 未設定
    #[arg(long, value_name = "1|2|3", value_parser = ["1", "2", "3"])]
    sex: Option<String>,
    /// 住所
    #[arg(long, default_value = "", hide_default_value = true)]
    address: String,
    /// 保険者名
    #[arg(long, default_value = "", hide_default_value = true)]
    insurer_name: String,
    /// 受診した日（書かなければ今日）
    #[arg(long, value_name = "DATE")]
    visit_date: Option<String>,
    /// 限度額情報の提供に同意している
    #[arg(long)]
    limit_consent: bool,
    /// 照会番号
    #[arg(long, default_value = "", hide_default_value = true)]
    reference: String,
    /// 電話
    #[arg(long, default_value = "", hide_default_value = true)]
    telephone: String,
    /// 見せたもの
    #[arg(long, default_value = "", hide_default_value = true)]
    evidence: String,
    /// 負担
    #[arg(long, default_value = "", hide_default_value = true)]
    burden: String,
    /// 覚え書き
    #[arg(long, default_value = "", hide_default_value = true)]
    remark: String,
    /// JSON で出す
    #[arg(long)]
    pub json: bool,
}

/// What the options say, checked.
pub fn content(args: &Add, today: Date) -> Result<NoteContent, Fail> {
    let text = |text: &str| clean::clean(text).trim().to_owned();
    Ok(NoteContent {
        name: text(&args.name),
        kana: fold::katakana(&text(&args.kana)),
        birth_date: date("--birth-date", &args.birth_date, Purpose::Birth, today)?,
        sex: args.sex.as_deref().and_then(Sex::from_code),
        address: text(&args.address),
        insurer_name: text(&args.insurer_name),
        visit_date: match &args.visit_date {
            Some(text) => date("--visit-date", text, Purpose::Check, today)?,
            None => today,
        },
        insurance: args.numbers.read(),
        limit_consent: args.limit_consent,
        reference: text(&args.reference),
        telephone: text(&args.telephone),
        evidence: text(&args.evidence),
        burden: text(&args.burden),
        remark: text(&args.remark),
        evidence_code: String::new(),
        from_card: std::collections::BTreeSet::new(),
        card_mark: String::new(),
        declaration: None,
    })
}
