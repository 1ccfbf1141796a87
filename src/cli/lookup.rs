//! `madoguchi lookup`: one look-up by the numbers of an insurance card.

use super::client::{Who, session};
use super::{Common, Fail, Outcome, json, print, print_json};
use crate::domain::entitlement::{Eligibility, Entitlement, GivenDate, Validity};
use crate::domain::entry::{DateReading, Purpose, read_date};
use crate::domain::insurance::{InsuranceNumbers, LookupQuery};
use crate::domain::time::slash_date;
use crate::front::wording;
use crate::link::message::{ToDesk, ToFront};
use crate::text::fold;
use jiff::civil::Date;
use std::fmt::Write as _;

/// The question.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    who: Who,
    #[command(flatten)]
    numbers: Numbers,
    /// 生年月日（S29.3.26、1954-03-26 など）
    #[arg(long, value_name = "DATE")]
    birth_date: String,
    /// 資格確認日（書かなければ今日）
    #[arg(long, value_name = "DATE")]
    check_date: Option<String>,
    /// 限度額情報の提供に同意している
    #[arg(long)]
    limit_consent: bool,
    /// JSON で出す
    #[arg(long)]
    pub json: bool,
}

/// 保険者番号・記号・番号・枝番.
#[derive(Debug, Clone, clap::Args)]
pub struct Numbers {
    /// 保険者番号
    #[arg(long, default_value = "", hide_default_value = true, value_name = "N")]
    insurer_number: String,
    /// 記号
    #[arg(
        long,
        default_value = "",
        hide_default_value = true,
        value_name = "TEXT"
    )]
    symbol: String,
    /// 番号
    #[arg(
        long,
        default_value = "",
        hide_default_value = true,
        value_name = "TEXT"
    )]
    number: String,
    /// 枝番
    #[arg(long, default_value = "", hide_default_value = true, value_name = "N")]
    branch: String,
}

impl Numbers {
    /// Folded, as the screen does it; `None` if nothing was given.
    pub fn read(&self) -> Option<InsuranceNumbers> {
        let folded = InsuranceNumbers {
            insurer: fold::narrow(&self.insurer_number),
            symbol: fold::narrow(&self.symbol),
            number: fold::narrow(&self.number),
            branch: fold::narrow(&self.branch),
        };
        (folded != InsuranceNumbers::default()).then_some(folded)
    }
}

/// A date of the command line; what is unusual about it goes to standard
/// error.
pub fn date(option: &str, text: &str, purpose: Purpose, today: Date) -> Result<Date, Fail> {
    match read_date(text, None, purpose, today) {
        DateReading::Day {
            day,
            converted,
            doubt,
            ..
        } => {
            let doubt = doubt.map(|doubt| doubt.to_string());
            for note in converted.iter().chain(&doubt) {
                super::say(&format!("{option}: {note}"));
            }
            Ok(day)
        }
        DateReading::Wrong(why) => Err(Fail::usage(format!("{option}: {why}"))),
        DateReading::Empty | DateReading::Incomplete => Err(Fail::usage(format!(
            "{option}: 日付として読めません。1954-03-26 や S29.3.26 の形で書いてください。"
        ))),
    }
}

/// Looks up.
pub fn run(common: &Common, args: &Args) -> Outcome {
    let settings = common.settings()?;
    let today = super::clock(settings.simulated()).now().today();
    let insurance = args
        .numbers
        .read()
        .filter(|n| !n.insurer.is_empty() && !n.number.is_empty())
        .ok_or_else(|| Fail::usage("--insurer-number と --number が要ります。"))?;
    let query = LookupQuery {
        insurance,
        birth_date: date("--birth-date", &args.birth_date, Purpose::Birth, today)?,
        limit_consent: args.limit_consent,
        check_date: match &args.check_date {
            Some(text) => date("--check-date", text, Purpose::Check, today)?,
            None => today,
        },
    };
    let answer = session(&settings, &args.who, |client| {
        match client.ask(|ticket| ToDesk::Lookup { ticket, query })? {
            ToFront::LookedUp { answer, .. } => Ok(answer),
            _ => Err(Fail::no("思わぬ返事でした。")),
        }
    })?;
    if args.json {
        print_json(&json::eligibility(&answer))?;
    } else {
        print(&words(&answer))?;
    }
    let valid = matches!(
        answer.validity,
        Validity::Valid | Validity::ValidUnregistered
    );
    Ok(u8::from(!valid))
}

fn words(answer: &Eligibility) -> String {
    let mut out = String::new();
    let verdict = match &answer.validity {
        Validity::Valid => "有効",
        Validity::Invalid => "無効",
        Validity::InvalidNewer => "無効（新しい資格あり）",
        Validity::NotFound => "該当資格なし",
        Validity::Several => "複数該当（枝番を足してください）",
        Validity::ValidUnregistered => "有効（未登録）",
        Validity::Unknown(_) => "不明（有効とも無効とも言えません）",
    };
    let _ = writeln!(out, "資格: {verdict}");
    let _ = writeln!(out, "資格確認日: {}", slash_date(answer.check_date));
    if let Some(remark) = wording::remark(answer) {
        let _ = writeln!(out, "{}", fold::shown(&remark));
    }
    for entitlement in &answer.entitlements {
        out.push_str(&one(entitlement));
    }
    out
}

fn one(e: &Entitlement) -> String {
    let date = |given: &GivenDate| match given {
        GivenDate::NotGiven => "(記載なし)".to_owned(),
        GivenDate::Day(day) => slash_date(*day),
        GivenDate::Raw(text) => text.clone(),
    };
    let mut out = String::new();
    for (label, value) in [
        ("保険者番号", e.insurer_number.clone()),
        ("保険者名", e.insurer_name.clone()),
        ("記号", e.symbol.clone()),
        ("番号", e.number.clone()),
        ("枝番", e.branch.clone()),
        ("氏名", e.name.clone()),
        ("生年月日", date(&e.birth_date)),
        ("有効開始日", date(&e.valid_from)),
        ("有効終了日", date(&e.valid_to)),
        ("照会番号", e.reference_number.clone()),
    ] {
        if !value.is_empty() {
            let _ = writeln!(out, "{label}: {}", fold::shown(&value));
        }
    }
    if let Some(codes) = wording::private([e.name.as_str(), &e.insurer_name]) {
        let _ = writeln!(out, "{codes}");
    }
    out
}
