//! The server's side of the wire: a request read into the core's terms, and
//! the core's answer written, in the same shapes the client reads
//! ([`crate::central::wire::message`]).

use super::seam::{Bad, Code, Good, Reply, Request};
use crate::central::wire::code::Level;
use crate::central::wire::entitlement::{
    candidate_info, four_info, given, lookup_query, outage_query, parse_date, reference_info,
    registration, result_info, search_info, text,
};
use crate::central::wire::message::{Body, CandidateItem, Envelope, Header, Message, ResultItem};
use crate::central::wire::session::{
    AccountAnswer, LoginAnswer, LoginQuestion, NoticeInfo, NoticesAnswer, PeriodInfo, ProbeAnswer,
    Tokens,
};
use crate::central::wire::{Method, path};
use crate::domain::entitlement::{Eligibility, Found};
use crate::domain::time::{Now, Period, compact_date, jst};
use jiff::civil::Date;
use serde::Serialize;
use serde::de::DeserializeOwned;

/// A response before it meets a transport.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Response {
    /// HTTP status.
    pub status: u16,
    /// `Retry-After`, seconds.
    pub retry_after: Option<u64>,
    /// JSON.
    pub body: String,
}

/// What a client asks by `method` on `path` with `body`.
pub fn decode(method: Method, path: &str, body: &[u8]) -> Result<Request, Code> {
    match (method, path) {
        (Method::Post, path::LOGIN) => {
            let login: LoginQuestion = read(body)?;
            Ok(Request::Login {
                user: text(Some(&login.user_id)),
                password: login.password,
                force: login.force.as_deref() == Some("1"),
            })
        }
        (Method::Get, path::ACCOUNT) => Ok(Request::Account),
        (Method::Post, path::LOGOUT) => Ok(Request::Logout),
        (Method::Get, path::NOTICES) => Ok(Request::Notices),
        (Method::Get, path::PROBE) => Ok(Request::Probe),
        (Method::Post, path::LOOKUP) => {
            let (message, institution) = message(body)?;
            let (id, date) = question(&message)?;
            let info = message
                .message_body
                .qualification_confirm_search_info
                .ok_or(Code::BadRequest)?;
            Ok(Request::Lookup {
                institution,
                id,
                query: lookup_query(&info, date).ok_or(Code::BadRequest)?,
            })
        }
        (Method::Post, path::SEARCH) => {
            let (message, institution) = message(body)?;
            let (id, date) = question(&message)?;
            let info = message
                .message_body
                .basic_four_search_info
                .ok_or(Code::BadRequest)?;
            Ok(Request::Search {
                institution,
                id,
                query: outage_query(&info, date).ok_or(Code::BadRequest)?,
            })
        }
        (Method::Post, path::CHOOSE) => {
            let (message, institution) = message(body)?;
            let (id, check_date) = question(&message)?;
            Ok(Request::Choose {
                institution,
                id,
                key: message.message_body.candidate_key.ok_or(Code::BadRequest)?,
                check_date,
            })
        }
        (Method::Post, path::REGISTER) => {
            let (message, institution) = message(body)?;
            let info = message
                .message_body
                .reference_number_registration_info
                .ok_or(Code::BadRequest)?;
            let (insurance, reference) = registration(&info);
            Ok(Request::Register {
                institution,
                insurance,
                reference,
            })
        }
        _ => Err(Code::UnknownPath),
    }
}

fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, Code> {
    serde_json::from_slice(body).map_err(|_| Code::BadRequest)
}

fn message(body: &[u8]) -> Result<(Message, String), Code> {
    let Envelope { message } = read(body)?;
    let institution = text(message.message_header.medical_institution_code.as_ref());
    Ok((message, institution))
}

fn question(message: &Message) -> Result<(String, Date), Code> {
    let header = &message.message_header;
    let id = text(header.arbitrary_file_identifier.as_ref());
    let date = parse_date(&text(header.qualification_confirmation_date.as_ref()));
    match date {
        Some(date) if id.chars().count() <= 50 => Ok((id, date)),
        _ => Err(Code::BadRequest),
    }
}

/// The core's `reply` to `request`. A request that could not be read has none.
pub fn encode(request: Option<&Request>, reply: &Reply, now: Now) -> Response {
    match reply {
        Ok(good) => ok(written(request, good, now)),
        Err(bad) => refusal(request, bad, now),
    }
}

fn ok(body: String) -> Response {
    Response {
        status: 200,
        retry_after: None,
        body,
    }
}

fn json<T: Serialize>(value: &T) -> String {
    serde_json::to_string(value).unwrap_or_default()
}

fn written(request: Option<&Request>, good: &Good, now: Now) -> String {
    match good {
        Good::LoggedIn { token } => json(&LoginAnswer {
            status: Some("0".to_owned()),
            result: Some(Tokens {
                id_token: Some(token.clone()),
            }),
            ..LoginAnswer::default()
        }),
        Good::Account(staff) => json(&AccountAnswer {
            user_id: staff.user.clone(),
            name: staff.name.clone(),
            kind: staff.kind.code().to_owned(),
        }),
        Good::LoggedOut => "{}".to_owned(),
        Good::Alive => json(&ProbeAnswer { simulated: true }),
        Good::Notices { notices, period } => json(&NoticesAnswer {
            notices: notices
                .iter()
                .map(|notice| NoticeInfo {
                    id: notice.id.clone(),
                    at: notice.at,
                    title: notice.title.clone(),
                    body: notice.body.clone(),
                    opens: notice.opens.map(period_info),
                })
                .collect(),
            period: period.map(period_info),
        }),
        Good::Registered => envelope(header(request, now), person_ok(request)),
        Good::Checked(checked) => checked_message(request, checked, person_ok(request), now),
        Good::Found(Found::One(one)) => {
            let body = Body {
                match_classification: Some("1".to_owned()),
                ..person_ok(request)
            };
            checked_message(request, one, body, now)
        }
        Good::Found(found) => {
            let (class, list) = match found {
                Found::Several(list) => ("2", list.as_slice()),
                Found::TooMany => ("3", &[][..]),
                Found::None | Found::One(_) => ("0", &[][..]),
            };
            let body = Body {
                match_classification: Some(class.to_owned()),
                candidate_list: list
                    .iter()
                    .map(|one| CandidateItem {
                        candidate: candidate_info(one),
                    })
                    .collect(),
                ..person_ok(request)
            };
            envelope(header(request, now), body)
        }
    }
}

fn period_info(period: Period) -> PeriodInfo {
    PeriodInfo {
        from: compact_date(period.from),
        to: compact_date(period.to),
    }
}

fn checked_message(
    request: Option<&Request>,
    checked: &Eligibility,
    body: Body,
    now: Now,
) -> String {
    let header = Header {
        process_execution_time: given(&checked.executed).or_else(|| Some(moment(now))),
        qualification_confirmation_date: Some(compact_date(checked.check_date)),
        ..header(request, now)
    };
    let body = Body {
        processing_result_code: checked.remark.as_ref().and_then(|r| given(&r.code)),
        processing_result_message: checked.remark.as_ref().and_then(|r| given(&r.message)),
        qualification_validity: given(checked.validity.code()),
        result_list: checked
            .entitlements
            .iter()
            .map(|one| ResultItem {
                result_of_qualification_confirmation: result_info(one),
            })
            .collect(),
        ..body
    };
    envelope(header, body)
}

fn refusal(request: Option<&Request>, bad: &Bad, now: Now) -> Response {
    let code = Some(bad.code.as_str().to_owned());
    let text = given(&bad.message);
    let (status, body) = match (bad.code.level(), request) {
        (Level::Http(status), Some(Request::Login { .. })) => (
            status,
            json(&LoginAnswer {
                status: Some("9".to_owned()),
                msg: text,
                code,
                result: None,
            }),
        ),
        (Level::Http(status), _) => (
            status,
            envelope(
                Header {
                    segment_of_result: Some("9".to_owned()),
                    error_code: code,
                    error_message: text,
                    ..header(request, now)
                },
                echo(request),
            ),
        ),
        (Level::Person, _) => (
            200,
            envelope(
                header(request, now),
                Body {
                    processing_result_status: Some("2".to_owned()),
                    processing_result_code: code,
                    processing_result_message: text,
                    ..echo(request)
                },
            ),
        ),
    };
    Response {
        status,
        retry_after: bad.retry_after,
        body,
    }
}

fn envelope(message_header: Header, message_body: Body) -> String {
    json(&Envelope {
        message: Message {
            message_header,
            message_body,
        },
    })
}

/// `YYYYMMDDHHmmss`, in Japan.
fn moment(now: Now) -> String {
    let t = jst(now.wall);
    let date = compact_date(t.date());
    format!("{date}{:02}{:02}{:02}", t.hour(), t.minute(), t.second())
}

/// The header of an orderly result, with the request's own items echoed.
fn header(request: Option<&Request>, now: Now) -> Header {
    let (institution, id, date) = match request {
        Some(Request::Lookup {
            institution,
            id,
            query,
        }) => (Some(institution), Some(id), Some(query.check_date)),
        Some(Request::Search {
            institution,
            id,
            query,
        }) => (Some(institution), Some(id), Some(query.check_date)),
        Some(Request::Choose {
            institution,
            id,
            check_date,
            ..
        }) => (Some(institution), Some(id), Some(*check_date)),
        Some(Request::Register { institution, .. }) => (Some(institution), None, None),
        _ => (None, None, None),
    };
    Header {
        process_execution_time: Some(moment(now)),
        qualification_confirmation_date: date.map(compact_date),
        medical_institution_code: institution.and_then(|code| given(code)),
        arbitrary_file_identifier: id.and_then(|id| given(id)),
        reference_classification: Some("2".to_owned()),
        segment_of_result: Some("1".to_owned()),
        character_code_identifier: Some("0".to_owned()),
        ..Header::default()
    }
}

fn person_ok(request: Option<&Request>) -> Body {
    Body {
        processing_result_status: Some("1".to_owned()),
        ..echo(request)
    }
}

fn echo(request: Option<&Request>) -> Body {
    let mut body = Body::default();
    match request {
        Some(Request::Lookup { query, .. }) => {
            body.qualification_confirm_search_info = Some(search_info(query));
        }
        Some(Request::Search { query, .. }) => {
            body.basic_four_search_info = Some(four_info(query));
        }
        Some(Request::Choose { key, .. }) => body.candidate_key = given(key),
        Some(Request::Register {
            insurance,
            reference,
            ..
        }) => {
            body.reference_number_registration_info = Some(reference_info(insurance, reference));
        }
        _ => {}
    }
    body
}
