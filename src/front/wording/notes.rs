//! What the ledger and the panes over a note say of it.

use crate::domain::account::{Right, Staff};
use crate::domain::entitlement::Eligibility;
use crate::domain::failure::Failure;
use crate::domain::field::Field;
use crate::domain::note::{Need, Note, NoteContent, NoteState, Ways};
use crate::domain::time::{Now, Period, clock_seconds_text, clock_text, jst, slash_date};
use crate::front::app::Known;
use crate::front::keys::Context;
use crate::front::keys::command::Command;
use crate::link::message::SyncState;
use crate::text::fold;
use jiff::Timestamp;
use jiff::civil::Date;
use std::collections::BTreeSet;

/// When something happened: the time of today, with the day of another day.
pub fn moment(at: Timestamp, now: Now) -> String {
    let day = jst(at).date();
    let time = clock_seconds_text(at);
    if day == now.today() {
        time
    } else {
        format!("{:02}/{:02} {time}", day.month(), day.day())
    }
}

/// Who did it, in brackets; nothing if the desk did.
pub fn by(user: &str) -> String {
    if user.is_empty() {
        String::new()
    } else {
        format!("（{user}）")
    }
}

/// Everything that was written down besides name, birth date and sex.
pub fn facts(content: &NoteContent) -> String {
    let mut facts = Vec::new();
    for (label, value) in [
        ("住所", &content.address),
        ("保険者名", &content.insurer_name),
        ("照会番号", &content.reference),
        ("電話", &content.telephone),
        ("見せたもの", &content.evidence),
        ("負担", &content.burden),
        ("覚え書き", &content.remark),
    ] {
        if !value.is_empty() {
            facts.push(format!("{label} {value}"));
        }
    }
    if let Some(card) = &content.insurance {
        facts.push(format!(
            "保険証 {} / {} / {} / {}",
            card.insurer, card.symbol, card.number, card.branch
        ));
    }
    if content.limit_consent {
        facts.push("限度額情報 同意する".to_owned());
    }
    facts.push(format!("資格確認日 {}", slash_date(content.visit_date)));
    facts.extend(from_card(content));
    facts.join("  ")
}

/// The 外字 of some texts by their codes, where what they stand in is open: on
/// the screen each of them is the same 〓.
pub fn private<'a>(texts: impl IntoIterator<Item = &'a str>) -> Option<String> {
    let codes = fold::private_codes(texts);
    (!codes.is_empty()).then(|| format!("外字（画面では 〓）の文字コード: {}", codes.join("、")))
}

/// The same of all that was written down.
pub fn private_of(content: &NoteContent) -> Option<String> {
    private([
        content.name.as_str(),
        &content.kana,
        &content.address,
        &content.insurer_name,
        &content.reference,
        &content.remark,
    ])
}

/// Which fields stand as the マイナンバーカード had them; the others were
/// typed.
pub fn from_card(content: &NoteContent) -> Option<String> {
    carded(&content.from_card)
}

/// The same of a form.
pub fn carded(fields: &BTreeSet<Field>) -> Option<String> {
    let labels: Vec<&str> = [Field::Name, Field::BirthDate, Field::Sex, Field::Address]
        .into_iter()
        .filter(|field| fields.contains(field))
        .map(Field::label)
        .collect();
    (!labels.is_empty()).then(|| format!("カードから {}", labels.join("・")))
}

/// What the answer says beside its verdict, and which form of the number was
/// found (DOM-13).
pub fn remark(answer: &Eligibility) -> Option<String> {
    let remark = answer.remark.as_ref()?;
    match (remark.message.is_empty(), remark.code.is_empty()) {
        (true, true) => None,
        (true, false) => Some(format!("処理結果コード {}", remark.code)),
        (false, true) => Some(remark.message.clone()),
        (false, false) => Some(format!("{}（{}）", remark.message, remark.code)),
    }
}

/// How a note is asked for where a person starts the sync, if none runs and
/// the line is well; with the keys' own names, for it is said in many places.
pub fn to_start(known: &Known) -> Option<String> {
    let status = known.status.as_ref()?;
    let confirm = known.welcome.as_ref()?.sync_confirm;
    let runs = matches!(status.sync, SyncState::Running { .. });
    if !confirm || runs || !status.line.usable() || known.refused(Right::Decide).is_some() {
        return None;
    }
    let key = |context, command| known.keymap.key_for(context, command);
    Some(format!(
        "{} で今すぐ照会、{} 控え帳の {} で一括。",
        key(Context::Ledger, Command::Retry)?,
        key(Context::Case, Command::Ledger)?,
        key(Context::Ledger, Command::Sync)?,
    ))
}

/// Why it stands where it is, and what helps, a sentence each.
pub fn standing(note: &Note, known: &Known, today: Date) -> Vec<String> {
    let period = known.status.as_ref().and_then(|status| status.period);
    explained(note, period, today, &known.able)
}

/// The same without a screen.
pub fn explained(note: &Note, period: Option<Period>, today: Date, able: &[Staff]) -> Vec<String> {
    if let NoteState::Blocked(block) = note.state {
        let told = block.explain(period, today, able);
        return vec![format!("保留: {}", told.why), told.next];
    }
    need(note).into_iter().collect()
}

/// Nobody was found by 方法2, the only way it was asked by.
fn by_numbers(note: &Note) -> String {
    let lacking = note.content.lacking_for_four();
    // OUT-17.
    let four = if note.during_outage && !lacking.is_empty() {
        format!("{}を足すと 4情報でも探せます。", lacking.join("、"))
    } else {
        String::new()
    };
    format!("保険証の番号では見つかりません。番号・枝番と生年月日を見直してください。{four}")
}

/// Why a person has to look, and what helps.
pub fn need(note: &Note) -> Option<String> {
    Some(match &note.state {
        NoteState::NeedsPerson(need) => match need {
            Need::Confirm { way, .. } => format!(
                "控えのとおりではなく「{}」で 1 人見つかりました。本人かどうか確かめてください。",
                way.label()
            ),
            Need::Candidates { list, .. } => {
                format!("{} 人が当てはまります。どの人か選んでください。", list.len())
            }
            Need::TooMany => {
                "6 件以上が当てはまります。住所に市区町村を足すか、保険者名を足すと絞れます。".to_owned()
            }
            Need::NotFound if note.tried.iter().copied().collect::<Ways>().by_card_alone() => {
                by_numbers(note)
            }
            Need::NotFound => {
                "検索条件に入力された情報が存在しません。字の違い（髙・高など）、カナ、生年月日を確かめてください。".to_owned()
            }
            Need::SeveralBranches => {
                "家族の何人かが当てはまります。枝番を足してください。".to_owned()
            }
            Need::Refused { code, message } => {
                Failure::Refused {
                    code: code.clone(),
                    message: message.clone(),
                }
                .to_string()
            }
            Need::Unanswered => {
                "何度か照会しましたが、返事がありません。届いたかどうかは分かりません。".to_owned()
            }
        },
        NoteState::Blocked(block) => format!("保留: {}。", block.advice()),
        NoteState::Waiting {
            not_before: Some(at),
        } => format!("{} を過ぎたら照会します。", clock_seconds_text(*at)),
        NoteState::Cancelled { by, at, reason } => {
            format!("取消 {} {by}: {reason}", clock_text(*at))
        }
        _ => return None,
    })
}
