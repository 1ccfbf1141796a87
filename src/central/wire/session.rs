//! Bodies that are no `XmlMsg`: login, and the stand-in's own account, notices
//! and probe.

use super::message::{Value, absent_as_empty};
use crate::domain::secret::Secret;
use serde::{Deserialize, Serialize};

/// Answer to a login (oqs-wire 3.1), refusals included.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct LoginAnswer {
    /// Its meaning is not public; `0` from the stand-in, `9` for a refusal.
    pub status: Value,
    /// Text of a refusal.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub msg: Value,
    /// Ours: code of a refusal.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Value,
    /// The tokens.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub result: Option<Tokens>,
}

/// `result` of a login. Only `idToken` is used.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Tokens {
    /// Sent raw in `Authorization`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id_token: Option<Secret>,
}

/// Body of a login. The names are ours.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LoginQuestion {
    /// ユーザID.
    pub user_id: String,
    /// パスワード.
    pub password: Secret,
    /// `1` ends another session of the same person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub force: Value,
}

/// Ours: who a token belongs to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AccountAnswer {
    /// ユーザID.
    pub user_id: String,
    /// ユーザ名.
    pub name: String,
    /// [`crate::domain::account::AccountKind::code`].
    pub kind: String,
}

/// Ours: notices and the period of the outage function.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct NoticesAnswer {
    /// Newest first.
    #[serde(default, deserialize_with = "absent_as_empty")]
    pub notices: Vec<NoticeInfo>,
    /// If announced.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub period: Option<PeriodInfo>,
}

/// Ours: one notice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NoticeInfo {
    /// Its id.
    pub id: String,
    /// RFC 3339.
    pub at: jiff::Timestamp,
    /// First line.
    pub title: String,
    /// The text.
    pub body: String,
    /// The period it announces.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub opens: Option<PeriodInfo>,
}

/// Ours: two dates, `YYYYMMDD`, both included.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PeriodInfo {
    /// First day.
    pub from: String,
    /// Last day.
    pub to: String,
}

/// Ours: answer to the probe.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProbeAnswer {
    /// Always true from the stand-in (SEC-44).
    pub simulated: bool,
}
