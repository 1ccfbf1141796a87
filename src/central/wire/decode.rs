//! An answer, read. Whatever arrives, the result is an answer that fits the
//! question or a [`Fault`]; "valid" never comes from a doubt.

use super::entitlement::{
    candidate, four_info, lookup_query, outage_query, parse_date, reference_info, registration,
    search_info, text,
};
use super::message::{Envelope, Message};
use super::outcome::{Asked, eligibility, garbled, levels, refused, same_request};
use super::session::{AccountAnswer, LoginAnswer, NoticesAnswer, PeriodInfo, ProbeAnswer};
use super::{HttpResponse, retry};
use crate::central::call::{Answer, Call, Fault, Token};
use crate::domain::account::{AccountKind, Staff};
use crate::domain::entitlement::{Eligibility, Found, GivenDate};
use crate::domain::notice::Notice;
use crate::domain::time::Period;
use crate::text::clean::clean;
use serde::de::DeserializeOwned;

/// Bytes; no string of an answer is longer, notices included.
const LONGEST_TEXT: usize = 16 * 1024;

/// Bytes of an answer about a person. What resolves a note is kept with it, in
/// one record of the journal (1 MiB).
const LARGEST_ANSWER: usize = 256 * 1024;

/// The answer to `call`. A login is answered in two steps: [`login`] and
/// [`account`]; for it, this gives [`Fault::Garbled`] unless it was refused.
pub fn decode(call: &Call, institution: &str, response: HttpResponse<'_>) -> Result<Answer, Fault> {
    match call {
        Call::Login { .. } => login(response).and(Err(garbled("ログインの応答が途中まで"))),
        Call::Logout { .. } => {
            success(response)?;
            Ok(Answer::LoggedOut)
        }
        Call::Lookup { id, query, .. } => {
            let asked = Asked {
                institution,
                id: Some(id),
                check_date: Some(query.check_date),
            };
            let message = answered(response, asked)?;
            let echo = message
                .message_body
                .qualification_confirm_search_info
                .as_ref();
            let sent = lookup_query(&search_info(query), query.check_date);
            if echo.and_then(|info| lookup_query(info, query.check_date)) != sent {
                return Err(garbled("照会用情報が照会と違う"));
            }
            let checked = eligibility(&message)?;
            if checked
                .entitlements
                .iter()
                .any(|e| matches!(e.birth_date, GivenDate::Day(day) if day != query.birth_date))
            {
                return Err(garbled("生年月日が照会と違う"));
            }
            Ok(Answer::Checked(Box::new(checked)))
        }
        Call::Search { id, query, .. } => {
            let asked = Asked {
                institution,
                id: Some(id),
                check_date: Some(query.check_date),
            };
            let message = answered(response, asked)?;
            let echo = message.message_body.basic_four_search_info.as_ref();
            let sent = outage_query(&four_info(query), query.check_date);
            if echo.and_then(|info| outage_query(info, query.check_date)) != sent {
                return Err(garbled("照会用情報が照会と違う"));
            }
            found(&message).map(Answer::Found)
        }
        Call::Choose {
            id,
            key,
            check_date,
            ..
        } => {
            let asked = Asked {
                institution,
                id: Some(id),
                check_date: Some(*check_date),
            };
            let message = answered(response, asked)?;
            if message.message_body.candidate_key.as_ref() != Some(key) {
                return Err(garbled("候補が照会と違う"));
            }
            one_person(eligibility(&message)?).map(|one| Answer::Checked(Box::new(one)))
        }
        Call::Register {
            insurance,
            reference,
            ..
        } => {
            let asked = Asked {
                institution,
                id: None,
                check_date: None,
            };
            let message = answered(response, asked)?;
            let echo = message
                .message_body
                .reference_number_registration_info
                .as_ref();
            if echo.map(registration) != Some(registration(&reference_info(insurance, reference))) {
                return Err(garbled("照会番号の登録内容が送ったものと違う"));
            }
            Ok(Answer::Registered)
        }
        Call::Notices { .. } => notices(read(success(response)?)?),
        Call::Probe => {
            let probe: ProbeAnswer = read(success(response)?)?;
            Ok(Answer::Alive {
                simulated: probe.simulated,
            })
        }
    }
}

/// First half of a login: the token.
pub fn login(response: HttpResponse<'_>) -> Result<Token, Fault> {
    let answer: Result<LoginAnswer, Fault> = read(response.body);
    if let Ok(answer) = &answer {
        let code = text(answer.code.as_ref());
        if !code.is_empty() {
            return Err(refused(code, text(answer.msg.as_ref()), "ログインの応答"));
        }
    }
    match response.status {
        200 => {}
        401 => return Err(Fault::WrongPassword),
        _ => return Err(status(response)),
    }
    let answer = answer?;
    let token = answer.result.and_then(|tokens| tokens.id_token);
    match token {
        // It goes into a header line, so it must not hold a line end.
        Some(token)
            if !token.is_empty() && token.reveal().bytes().all(|b| b.is_ascii_graphic()) =>
        {
            Ok(token)
        }
        _ => Err(match text(answer.msg.as_ref()) {
            msg if msg.is_empty() => garbled("トークンがない"),
            message => Fault::Refused {
                code: text(answer.status.as_ref()),
                message,
            },
        }),
    }
}

/// Second half of a login: who it is.
pub fn account(token: Token, response: HttpResponse<'_>) -> Result<Answer, Fault> {
    let account: AccountAnswer = read(success(response)?)?;
    let kind = AccountKind::from_code(&account.kind).ok_or_else(|| garbled("権限区分"))?;
    Ok(Answer::LoggedIn {
        token,
        staff: Staff {
            user: bounded(&account.user_id)?,
            name: bounded(&account.name)?,
            kind,
        },
    })
}

fn answered(response: HttpResponse<'_>, asked: Asked<'_>) -> Result<Message, Fault> {
    let body = success(response)?;
    if body.len() > LARGEST_ANSWER {
        return Err(garbled("応答が長すぎる"));
    }
    let Envelope { message } = read(body)?;
    same_request(&message, asked)?;
    levels(&message)?;
    Ok(message)
}

/// The body of a 200; refusals that come with another status by their code.
fn success(response: HttpResponse<'_>) -> Result<&[u8], Fault> {
    if response.status == 200 {
        return Ok(response.body);
    }
    if (400..500).contains(&response.status)
        && let Ok(Envelope { message }) = read::<Envelope>(response.body)
        && let Some(code) = &message.message_header.error_code
    {
        let why = text(message.message_header.error_message.as_ref());
        return Err(refused(clean(code), why, "応答"));
    }
    Err(status(response))
}

fn status(response: HttpResponse<'_>) -> Fault {
    match response.status {
        200 => garbled("応答の形式"),
        401 => Fault::Unauthorized,
        status => Fault::Status {
            status,
            retry_after: response
                .retry_after
                .and_then(|value| retry::after(value, response.date)),
        },
    }
}

/// JSON to a message; what is wrong is told by place, not by content.
fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, Fault> {
    let body = body.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(body);
    let long = body
        .split(|byte| *byte == b'"')
        .any(|piece| piece.len() > LONGEST_TEXT);
    if long {
        return Err(garbled("長すぎる項目がある"));
    }
    serde_json::from_slice(body)
        .map_err(|error| garbled(&format!("JSON {} 行 {} 列", error.line(), error.column())))
}

fn bounded(value: &str) -> Result<String, Fault> {
    let value = clean(value);
    if value.trim().is_empty() {
        return Err(garbled("アカウントの項目"));
    }
    Ok(value)
}

fn one_person(checked: Eligibility) -> Result<Eligibility, Fault> {
    if checked.entitlements.is_empty() {
        return Err(garbled("資格確認結果がない"));
    }
    Ok(checked)
}

fn found(message: &Message) -> Result<Found, Fault> {
    let body = &message.message_body;
    let people = body.candidate_list.len();
    match (text(body.match_classification.as_ref()).as_str(), people) {
        ("0", 0) if body.result_list.is_empty() => Ok(Found::None),
        ("1", 0) => one_person(eligibility(message)?).map(|one| Found::One(Box::new(one))),
        ("2", 2..=5) => {
            let list: Vec<_> = body
                .candidate_list
                .iter()
                .map(|item| candidate(&item.candidate))
                .collect();
            if list.iter().any(|one| one.key.is_empty()) {
                return Err(garbled("候補の識別子がない"));
            }
            Ok(Found::Several(list))
        }
        ("3", 0) => Ok(Found::TooMany),
        _ => Err(garbled("該当件数の区分")),
    }
}

fn period(info: &PeriodInfo) -> Result<Period, Fault> {
    match (parse_date(&info.from), parse_date(&info.to)) {
        (Some(from), Some(to)) if from <= to => Ok(Period { from, to }),
        _ => Err(garbled("利用期間")),
    }
}

fn notices(answer: NoticesAnswer) -> Result<Answer, Fault> {
    let notices = answer.notices.into_iter().map(|notice| {
        Ok(Notice {
            id: clean(&notice.id),
            at: notice.at,
            title: clean(&notice.title),
            // Line ends are part of the text; each line is cleaned.
            body: notice
                .body
                .lines()
                .map(clean)
                .collect::<Vec<_>>()
                .join("\n"),
            opens: notice.opens.as_ref().map(period).transpose()?,
        })
    });
    Ok(Answer::Notices {
        notices: notices.collect::<Result<_, _>>()?,
        period: answer.period.as_ref().map(period).transpose()?,
    })
}
