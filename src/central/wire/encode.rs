//! A question, written.

use super::entitlement::{four_info, given, reference_info, search_info};
use super::message::{Body, Envelope, Header, Message};
use super::session::LoginQuestion;
use super::{HttpRequest, Method, path};
use crate::central::call::Call;
use crate::domain::secret::Secret;
use crate::domain::time::compact_date;
use jiff::civil::Date;
use serde::Serialize;

/// One call as the request that carries it. `institution` is our own
/// 医療機関コード.
pub fn encode(call: &Call, institution: &str) -> HttpRequest {
    match call {
        Call::Login {
            user,
            password,
            force,
        } => HttpRequest {
            method: Method::Post,
            path: path::LOGIN,
            token: None,
            body: json(&LoginQuestion {
                user_id: user.clone(),
                password: password.clone(),
                force: force.then(|| "1".to_owned()),
            }),
        },
        Call::Logout { token } => bare(Method::Post, path::LOGOUT, Some(token)),
        Call::Notices { token } => bare(Method::Get, path::NOTICES, Some(token)),
        Call::Probe => bare(Method::Get, path::PROBE, None),
        Call::Lookup { token, id, query } => message(
            path::LOOKUP,
            token,
            header(institution, Some(id), Some(query.check_date)),
            Body {
                qualification_confirm_search_info: Some(search_info(query)),
                ..Body::default()
            },
        ),
        Call::Search { token, id, query } => message(
            path::SEARCH,
            token,
            header(institution, Some(id), Some(query.check_date)),
            Body {
                basic_four_search_info: Some(four_info(query)),
                ..Body::default()
            },
        ),
        Call::Choose {
            token,
            id,
            key,
            check_date,
        } => message(
            path::CHOOSE,
            token,
            header(institution, Some(id), Some(*check_date)),
            Body {
                candidate_key: given(key),
                ..Body::default()
            },
        ),
        Call::Register {
            token,
            insurance,
            reference,
        } => message(
            path::REGISTER,
            token,
            header(institution, None, None),
            Body {
                reference_number_registration_info: Some(reference_info(insurance, reference)),
                ..Body::default()
            },
        ),
    }
}

/// The second half of a login: who the token belongs to.
pub fn account(token: &Secret) -> HttpRequest {
    bare(Method::Get, path::ACCOUNT, Some(token))
}

fn header(institution: &str, id: Option<&String>, check_date: Option<Date>) -> Header {
    Header {
        qualification_confirmation_date: check_date.map(compact_date),
        medical_institution_code: given(institution),
        arbitrary_file_identifier: id.cloned(),
        ..Header::default()
    }
}

fn bare(method: Method, path: &'static str, token: Option<&Secret>) -> HttpRequest {
    HttpRequest {
        method,
        path,
        token: token.cloned(),
        body: Secret::default(),
    }
}

fn message(path: &'static str, token: &Secret, header: Header, body: Body) -> HttpRequest {
    let envelope = Envelope {
        message: Message {
            message_header: header,
            message_body: body,
        },
    };
    HttpRequest {
        method: Method::Post,
        path,
        token: Some(token.clone()),
        body: json(&envelope),
    }
}

/// Strings, vectors and structs of them always become JSON.
pub(crate) fn json<T: Serialize>(value: &T) -> Secret {
    Secret::new(serde_json::to_string(value).unwrap_or_default())
}
