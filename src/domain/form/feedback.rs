//! What a field says behind its text while it is typed.

use super::value::{self, Taken, refusal};
use crate::domain::age::full_years;
use crate::domain::entry::{DateReading, Purpose, describe_in, read_date};
use crate::domain::era::{self, Era};
use crate::domain::field::Field;
use crate::domain::number::{
    Check, branch_filled, insurer_check, insurer_corrections, insurer_label, insurer_shown,
    is_digits,
};
use crate::text::fold;
use jiff::civil::Date;

/// How a field's feedback is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Tone {
    /// What was understood.
    #[default]
    Plain,
    /// It checks out.
    Good,
    /// To be looked at; allowed.
    Warn,
    /// Cannot be taken.
    Bad,
}

/// The text beside a field and how it is meant.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Feedback {
    /// Short, for the place beside the field; may be empty.
    pub shown: String,
    /// The same without what the text itself says, for a place too narrow for
    /// all of it.
    pub less: Option<String>,
    /// How it is meant.
    pub tone: Tone,
    /// A whole sentence for the message line, if the matter needs one.
    pub advice: Option<String>,
}

impl Feedback {
    fn new(tone: Tone, shown: impl Into<String>) -> Self {
        Self {
            shown: shown.into(),
            less: None,
            tone,
            advice: None,
        }
    }

    fn advised(mut self, advice: impl Into<String>) -> Self {
        self.advice = Some(advice.into());
        self
    }
}

/// What to show beside `field` holding `text`. Nothing for an empty text: then
/// [`super::rule`] stands there.
pub fn feedback(field: Field, text: &str, today: Date) -> Feedback {
    if text.trim().is_empty() {
        return Feedback::default();
    }
    if let Some(reason) = refusal(text) {
        return Feedback::new(Tone::Bad, reason)
            .advised("個人番号（マイナンバー）は控えも送信もできません。消してください。");
    }
    match field {
        Field::InsurerNumber => insurer(text),
        Field::Number => number(text),
        Field::Branch => branch(text),
        Field::BirthDate => birth(text, today),
        Field::CheckDate => check_day(text, today),
        Field::LimitConsent => taken(value::consent(text), |yes| {
            if *yes {
                "同意する"
            } else {
                "同意しない"
            }
            .to_owned()
        }),
        Field::Sex => taken(value::sex(text), |sex| {
            sex.map(|sex| sex.label().to_owned()).unwrap_or_default()
        }),
        Field::Kana => taken(value::kana(text), |kana| {
            if kana.as_str() == text.trim() {
                String::new()
            } else {
                kana.clone()
            }
        }),
        Field::Name => name(text),
        Field::User => user(text),
        Field::Reference => taken(value::reference(text), |_| String::new()),
        Field::Telephone => taken(value::telephone(text), |_| String::new()),
        Field::Burden => taken(value::burden(text), Clone::clone),
        Field::Cover => taken(value::cover(text), |cover| {
            cover
                .map(|cover| cover.label().to_owned())
                .unwrap_or_default()
        }),
        Field::Evidence => taken(value::evidence(text), |evidence| {
            if evidence == text.trim() {
                String::new()
            } else {
                evidence.clone()
            }
        }),
        Field::Address | Field::InsurerName | Field::Employer | Field::Remark | Field::Reason => {
            words(text)
        }
        Field::Password | Field::Symbol | Field::Filter => Feedback::default(),
    }
}

/// As [`feedback`], once the field is left: six digits are then a number of
/// six digits, not the beginning of eight, and half a date is no date.
pub fn settled(field: Field, text: &str, today: Date) -> Feedback {
    let number = insurer_shown(text);
    if field == Field::InsurerNumber && insurer_check(&number) == Check::Bad {
        return mismatch(&number);
    }
    if field == Field::InsurerNumber && on_the_way(text) {
        return Feedback::new(Tone::Plain, format!("{}桁", fold::digits(text).len()));
    }
    // What is still on its way while it is typed has ended there.
    let ended = match field {
        Field::BirthDate => value::day(text, Purpose::Birth, today).err(),
        Field::CheckDate => value::day(text, Purpose::Check, today).err(),
        _ => None,
    };
    match ended {
        Some(reason) if refusal(text).is_none() => {
            Feedback::new(Tone::Bad, reason.clone()).advised(reason)
        }
        _ => feedback(field, text, today),
    }
}

fn taken<T>(taken: Taken<T>, show: impl Fn(&T) -> String) -> Feedback {
    match taken {
        Ok(value) => Feedback::new(Tone::Plain, show(&value)),
        Err(reason) => Feedback::new(Tone::Bad, reason.clone()).advised(reason),
    }
}

/// Too few digits for any insurer number: while they are typed nothing is
/// said of them.
fn on_the_way(text: &str) -> bool {
    let digits = fold::digits(text);
    is_digits(&digits) && digits.len() < 6
}

fn insurer(text: &str) -> Feedback {
    if on_the_way(text) {
        return Feedback::default();
    }
    let number = insurer_shown(text);
    let label = insurer_label(&number).unwrap_or_default();
    let said = |check: &str| {
        if label.is_empty() {
            check.to_owned()
        } else {
            format!("{label}  {check}")
        }
    };
    match insurer_check(&number) {
        Check::Good if label.is_empty() => {
            Feedback::new(Tone::Warn, "検証番号 一致  知らない法別番号か都道府県")
        }
        Check::Good => Feedback::new(Tone::Good, said("検証番号 一致")),
        Check::UnknownByRule => Feedback::new(Tone::Warn, "保険者不詳の番号（請求用）"),
        // Six digits may be the beginning of eight; seven are on the way, or
        // lack a leading zero.
        Check::Bad => match fold::digits(text).len() {
            7 => Feedback::new(Tone::Plain, "7桁"),
            6 => Feedback::new(Tone::Plain, "国保6桁としては 検証番号 不一致"),
            _ => mismatch(&number),
        },
        Check::Incomplete if !is_digits(&number) => {
            Feedback::new(Tone::Bad, "数字だけで入れてください")
        }
        Check::Incomplete if number.len() > 8 => Feedback::new(
            Tone::Bad,
            format!("{}桁あります。8桁までです", number.len()),
        ),
        Check::Incomplete => Feedback::new(Tone::Plain, format!("{}桁", number.len())),
    }
}

fn mismatch(number: &str) -> Feedback {
    let candidates = insurer_corrections(number);
    if candidates.is_empty() {
        return Feedback::new(Tone::Warn, "検証番号 不一致")
            .advised("検証番号が合いません。見比べて、合っていればこのまま照会できます。");
    }
    let shown = format!("検証番号 不一致  候補 {}", candidates.join(" "));
    let list = candidates.join(" ");
    let advice = match candidates.len() {
        0..=4 => format!("カードと見比べてください。候補 {list}"),
        _ => list,
    };
    Feedback::new(Tone::Warn, shown).advised(advice)
}

fn number(text: &str) -> Feedback {
    if is_digits(&value::number(text)) {
        Feedback::default()
    } else {
        Feedback::new(Tone::Warn, "数字以外があります")
    }
}

fn branch(text: &str) -> Feedback {
    match value::branch(text) {
        Ok(_) if fold::digits(text).len() == 1 => {
            Feedback::new(Tone::Plain, format!("{} として照会", branch_filled(text)))
        }
        other => taken(other, |_| String::new()),
    }
}

fn name(text: &str) -> Feedback {
    if text.contains(fold::is_private) {
        Feedback::new(Tone::Warn, "外字があります")
            .advised("外字はほかの機械で読めません。氏名(カナ)で照会してください。")
    } else if value::has_digits(text) {
        Feedback::new(Tone::Warn, "数字があります")
            .advised("氏名に数字があります。ほかの欄のものでないか、券面と見比べてください。")
    } else {
        Feedback::default()
    }
}

fn words(text: &str) -> Feedback {
    if text.contains(fold::is_private) {
        Feedback::new(Tone::Warn, "外字があります")
            .advised("外字はほかの機械で読めません。ほかの字かカナで入れてください。")
    } else {
        Feedback::default()
    }
}

fn user(text: &str) -> Feedback {
    if text.bytes().all(|b| b.is_ascii_alphanumeric()) {
        Feedback::default()
    } else {
        Feedback::new(Tone::Warn, "英数字以外があります")
    }
}

fn birth(text: &str, today: Date) -> Feedback {
    match read_date(text, Some(Era::Showa), Purpose::Birth, today) {
        DateReading::Day {
            day,
            era,
            converted,
            doubt,
        } => {
            let tone = if converted.is_some() || doubt.is_some() {
                Tone::Warn
            } else {
                Tone::Plain
            };
            // The word of a doubt takes the place of the age.
            let shown = match doubt {
                Some(doubt) => format!(
                    "{}  {}  {}",
                    doubt.word(),
                    era::long_in(era, day),
                    era::western(day)
                ),
                None => describe_in(era, day, today),
            };
            let less =
                full_years(day, today)
                    .filter(|_| tone == Tone::Plain)
                    .map(|years| match era {
                        Some(_) => format!("{} 満{years}歳", era::western(day)),
                        None => format!("{} 満{years}歳", era::long(day)),
                    });
            Feedback {
                shown,
                less,
                tone,
                advice: doubt.map(|doubt| doubt.to_string()).or(converted),
            }
        }
        other => unread(other),
    }
}

fn check_day(text: &str, today: Date) -> Feedback {
    match read_date(text, None, Purpose::Check, today) {
        DateReading::Day {
            day,
            era,
            converted,
            doubt,
        } => {
            let away = away(era, day, today);
            let shown = match doubt {
                Some(doubt) => format!("{}  {away}", doubt.word()),
                None => away,
            };
            let tone = if doubt.is_some() || converted.is_some() {
                Tone::Warn
            } else {
                Tone::Plain
            };
            Feedback {
                shown,
                less: None,
                tone,
                advice: doubt.map(|doubt| doubt.to_string()).or(converted),
            }
        }
        other => unread(other),
    }
}

/// `令和8年11月22日  1日後`: a day and how far it is from today, in the era as
/// it was written where that is right too.
pub fn away(written: Option<Era>, day: Date, today: Date) -> String {
    let days = today.duration_since(day).as_hours() / 24;
    let long = era::long_in(written, day);
    match days {
        0 => "今日".to_owned(),
        1.. => format!("{long}  {days}日前"),
        _ => format!("{long}  {}日後", -days),
    }
}

fn unread(reading: DateReading) -> Feedback {
    match reading {
        DateReading::Wrong(reason) => Feedback::new(Tone::Bad, reason.clone()).advised(reason),
        _ => Feedback::default(),
    }
}

#[cfg(test)]
mod tests;
