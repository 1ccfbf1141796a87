//! What an answered message means: the matrix of oqs-wire 17.2, and the check
//! that it answers the question that was asked (REL-14).
//!
//! "Valid" comes from one place, `verdict`, and only from `SegmentOfResult`
//! 1, `ProcessingResultStatus` 1 and `QualificationValidity` 1 (6 for
//! 医療扶助), never from the presence of results (oqs-wire 5.2).

use super::code::Code;
use super::entitlement::{entitlement, parse_date, text};
use super::message::{Body, Header, Message};
use crate::central::call::Fault;
use crate::domain::entitlement::{Eligibility, Entitlement, Remark, Validity};
use jiff::civil::Date;

/// Results of one person, and diseases of one result. An empty one is three
/// bytes on the wire and hundreds when it is kept.
const MOST: usize = 32;

/// An answer that cannot be understood; `what` names the item, never its
/// content.
pub fn garbled(what: &str) -> Fault {
    Fault::Garbled(what.to_owned())
}

/// Request and person level: `Ok` if the body holds an outcome.
pub fn levels(message: &Message) -> Result<(), Fault> {
    let header = &message.message_header;
    let body = &message.message_body;
    match text(header.segment_of_result.as_ref()).as_str() {
        "1" => {}
        "2" => return Err(garbled("処理結果区分 2 処理中")),
        "" => return Err(garbled("処理結果区分がない")),
        _ => {
            return Err(refused(
                text(header.error_code.as_ref()),
                text(header.error_message.as_ref()),
                "処理結果区分",
            ));
        }
    }
    match text(body.processing_result_status.as_ref()).as_str() {
        "1" => Ok(()),
        "2" => Err(refused(
            text(body.processing_result_code.as_ref()),
            text(body.processing_result_message.as_ref()),
            "処理結果状況",
        )),
        "" => Err(garbled("処理結果状況がない")),
        _ => Err(garbled("処理結果状況の値が未知")),
    }
}

/// A refusal by its code; `place` is named if it carries neither code nor
/// text.
pub fn refused(code: String, message: String, place: &str) -> Fault {
    match Code::from_wire(&code) {
        Some(Code::WrongPassword) => Fault::WrongPassword,
        Some(Code::Locked) => Fault::Locked,
        Some(Code::Inactive) => Fault::Inactive,
        Some(Code::AlreadyLoggedIn) => Fault::AlreadyLoggedIn,
        Some(Code::Unauthorized) => Fault::Unauthorized,
        Some(Code::NotAllowed) => Fault::NotAllowed,
        Some(Code::WrongInstitution) => Fault::WrongInstitution,
        Some(Code::FunctionClosed) => Fault::FunctionClosed,
        _ if code.is_empty() && message.is_empty() => {
            garbled(&format!("{place}が異常で理由がない"))
        }
        _ => Fault::Refused { code, message },
    }
}

/// The eligibility in a message whose [`levels`] are in order.
pub fn eligibility(message: &Message) -> Result<Eligibility, Fault> {
    levels(message)?;
    let header = &message.message_header;
    let body = &message.message_body;
    if body.result_list.len() > MOST {
        return Err(garbled("資格確認結果が多すぎる"));
    }
    let entitlements: Vec<Entitlement> = body
        .result_list
        .iter()
        .map(|item| entitlement(&item.result_of_qualification_confirmation))
        .collect();
    if entitlements.iter().any(|one| one.diseases.len() > MOST) {
        return Err(garbled("特定疾病の数が多すぎる"));
    }
    Ok(Eligibility {
        validity: verdict(body, &entitlements)?,
        entitlements,
        check_date: check_date(header)?,
        executed: text(header.process_execution_time.as_ref()),
        remark: remark(body),
    })
}

fn verdict(body: &Body, entitlements: &[Entitlement]) -> Result<Validity, Fault> {
    let code = text(body.qualification_validity.as_ref());
    if code.is_empty() {
        return Err(garbled("資格有効性がない"));
    }
    match Validity::from_code(&code) {
        Validity::Valid if entitlements.is_empty() => {
            Err(garbled("資格有効性 1 で資格確認結果がない"))
        }
        Validity::ValidUnregistered if !entitlements.iter().any(|e| e.card_class == "A1") => {
            Ok(Validity::Unknown(code))
        }
        validity => Ok(validity),
    }
}

fn remark(body: &Body) -> Option<Remark> {
    let code = text(body.processing_result_code.as_ref());
    let message = text(body.processing_result_message.as_ref());
    (!code.is_empty() || !message.is_empty()).then_some(Remark { code, message })
}

/// 資格確認日 of a header.
pub fn check_date(header: &Header) -> Result<Date, Fault> {
    parse_date(&text(header.qualification_confirmation_date.as_ref()))
        .ok_or_else(|| garbled("資格確認日"))
}

/// What an answer must carry to count as the answer to our question.
#[derive(Debug, Clone, Copy)]
pub struct Asked<'a> {
    /// 医療機関コード.
    pub institution: &'a str,
    /// `ArbitraryFileIdentifier`, if one was sent.
    pub id: Option<&'a str>,
    /// 資格確認日, if one was sent.
    pub check_date: Option<Date>,
}

/// Refuses the answer to another question. A refused request may lack the
/// echo, but must not carry a wrong one.
pub fn same_request(message: &Message, asked: Asked<'_>) -> Result<(), Fault> {
    let header = &message.message_header;
    let complete = text(header.segment_of_result.as_ref()) == "1";
    let check = |echoed: Option<&String>, sent: Option<&str>, what: &str| {
        let echoed = text(echoed);
        match sent {
            Some(sent) if echoed == sent => Ok(()),
            Some(_) if echoed.is_empty() && !complete => Ok(()),
            Some(_) => Err(garbled(&format!("{what}が照会と違う"))),
            None => Ok(()),
        }
    };
    check(
        header.arbitrary_file_identifier.as_ref(),
        asked.id,
        "ファイル識別子",
    )?;
    check(
        header.medical_institution_code.as_ref(),
        Some(asked.institution),
        "医療機関コード",
    )?;
    let date = asked.check_date.map(crate::domain::time::compact_date);
    check(
        header.qualification_confirmation_date.as_ref(),
        date.as_deref(),
        "資格確認日",
    )
}
