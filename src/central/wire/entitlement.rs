//! Entitlements, candidates and questions: domain values to message members
//! and back. Every string that comes in is cleaned here (SEC-34).

use super::message::{
    CandidateInfo, DiseaseInfo, DiseaseItem, ElderlyInfo, FourInfo, LimitInfo, ReferenceInfo,
    ResultInfo, SearchInfo, Value,
};
use crate::domain::entitlement::{
    Candidate, DiseaseCertificate, ElderlyCertificate, Entitlement, GivenDate, LimitCertificate,
};
use crate::domain::insurance::{InsuranceNumbers, LookupQuery};
use crate::domain::person::{OutageQuery, Sex};
use crate::domain::time::compact_date;
use crate::text::clean::clean;
use jiff::civil::Date;

/// A value for the wire: nothing if there is none.
pub fn given(text: &str) -> Value {
    (!text.trim().is_empty()).then(|| text.to_owned())
}

/// A value from the wire, cleaned; empty if there is none.
pub fn text(value: Option<&String>) -> String {
    let text = clean(value.map_or("", String::as_str));
    if text.trim().is_empty() {
        String::new()
    } else {
        text
    }
}

/// 保険者番号 in eight places: six digits get two spaces in front
/// (oqs-wire 18.3).
pub fn pad_insurer(number: &str) -> String {
    format!("{number:>8}")
}

/// Back from the eight places, whether filled with spaces or with zeros.
pub fn strip_insurer(number: &str) -> String {
    let number = number.trim();
    match number.strip_prefix("00") {
        Some(rest) if number.len() == 8 && rest.len() == 6 => rest.to_owned(),
        _ => number.to_owned(),
    }
}

/// `YYYYMMDD`, or nothing.
pub fn parse_date(text: &str) -> Option<Date> {
    let digits = text.trim();
    if digits.len() != 8 || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    Date::new(
        digits.get(0..4)?.parse().ok()?,
        digits.get(4..6)?.parse().ok()?,
        digits.get(6..8)?.parse().ok()?,
    )
    .ok()
}

fn given_date(value: Option<&String>) -> GivenDate {
    let raw = text(value);
    if raw.is_empty() {
        return GivenDate::NotGiven;
    }
    parse_date(&raw).map_or(GivenDate::Raw(raw), GivenDate::Day)
}

fn wire_date(date: &GivenDate) -> Value {
    match date {
        GivenDate::NotGiven => None,
        GivenDate::Day(day) => Some(compact_date(*day)),
        GivenDate::Raw(raw) => given(raw),
    }
}

fn wire_sex(sex: Option<Sex>) -> Value {
    sex.map(|sex| sex.code().to_owned())
}

fn sex(value: Option<&String>) -> Option<Sex> {
    value.and_then(|code| Sex::from_code(code.trim()))
}

/// One result, written.
pub fn result_info(from: &Entitlement) -> ResultInfo {
    ResultInfo {
        insured_card_classification: given(&from.card_class),
        insurer_number: given(&from.insurer_number).map(|number| pad_insurer(&number)),
        insured_card_symbol: given(&from.symbol),
        insured_identification_number: given(&from.number),
        insured_branch_number: given(&from.branch),
        personal_family_classification: given(&from.relation),
        insured_name: given(&from.insured_name),
        name: given(&from.name),
        name_of_other: given(&from.other_name),
        name_kana: given(&from.kana),
        name_of_other_kana: given(&from.other_kana),
        sex1: wire_sex(from.sex),
        sex2: wire_sex(from.sex_back),
        birthdate: wire_date(&from.birth_date),
        address: given(&from.address),
        post_number: given(&from.postal_code),
        qualification_date: wire_date(&from.acquired),
        disqualification_date: wire_date(&from.lost),
        insured_certificate_issuance_date: wire_date(&from.issued),
        insured_card_valid_date: wire_date(&from.valid_from),
        insured_card_expiration_date: wire_date(&from.valid_to),
        insured_partial_contribution_ratio: given(&from.burden),
        preschool_classification: given(&from.preschool),
        reason_of_loss: given(&from.loss_reason),
        insurer_name: given(&from.insurer_name),
        elderly_recipient_certificate_info: from.elderly.as_ref().map(|e| ElderlyInfo {
            elderly_recipient_certificate_date: wire_date(&e.issued),
            elderly_recipient_valid_start_date: wire_date(&e.from),
            elderly_recipient_valid_end_date: wire_date(&e.to),
            elderly_recipient_contribution_ratio: given(&e.burden),
        }),
        limit_application_certificate_related_info: from.limit.as_ref().map(|l| LimitInfo {
            limit_application_certificate_classification: given(&l.class),
            limit_application_certificate_classification_flag: given(&l.income_class),
            limit_application_certificate_date: wire_date(&l.issued),
            limit_application_certificate_valid_start_date: wire_date(&l.from),
            limit_application_certificate_valid_end_date: wire_date(&l.to),
            limit_application_certificate_long_term_date: wire_date(&l.long_term),
        }),
        specific_diseases_certificate_list: (!from.diseases.is_empty()).then(|| {
            let wrapped = |d: &DiseaseCertificate| DiseaseItem::Wrapped {
                specific_diseases_certificate_info: DiseaseInfo {
                    specific_diseases_disease_category: given(&d.category),
                    specific_diseases_certificate_date: wire_date(&d.issued),
                    specific_diseases_valid_start_date: wire_date(&d.from),
                    specific_diseases_valid_end_date: wire_date(&d.to),
                    specific_diseases_self_pay: given(&d.self_pay),
                },
            };
            from.diseases.iter().map(wrapped).collect()
        }),
        reference_number: given(&from.reference_number),
    }
}

/// One result, read.
pub fn entitlement(from: &ResultInfo) -> Entitlement {
    let elderly = from
        .elderly_recipient_certificate_info
        .as_ref()
        .map(|e| ElderlyCertificate {
            issued: given_date(e.elderly_recipient_certificate_date.as_ref()),
            from: given_date(e.elderly_recipient_valid_start_date.as_ref()),
            to: given_date(e.elderly_recipient_valid_end_date.as_ref()),
            burden: text(e.elderly_recipient_contribution_ratio.as_ref()),
        })
        .filter(|e| *e != ElderlyCertificate::default());
    let limit = from
        .limit_application_certificate_related_info
        .as_ref()
        .map(|l| LimitCertificate {
            class: text(l.limit_application_certificate_classification.as_ref()),
            income_class: text(l.limit_application_certificate_classification_flag.as_ref()),
            issued: given_date(l.limit_application_certificate_date.as_ref()),
            from: given_date(l.limit_application_certificate_valid_start_date.as_ref()),
            to: given_date(l.limit_application_certificate_valid_end_date.as_ref()),
            long_term: given_date(l.limit_application_certificate_long_term_date.as_ref()),
        })
        .filter(|l| *l != LimitCertificate::default());
    let diseases = from
        .specific_diseases_certificate_list
        .iter()
        .flatten()
        .map(|item| match item {
            DiseaseItem::Wrapped {
                specific_diseases_certificate_info,
            } => specific_diseases_certificate_info,
            DiseaseItem::Bare(info) => info,
        })
        .map(|d| DiseaseCertificate {
            category: text(d.specific_diseases_disease_category.as_ref()),
            issued: given_date(d.specific_diseases_certificate_date.as_ref()),
            from: given_date(d.specific_diseases_valid_start_date.as_ref()),
            to: given_date(d.specific_diseases_valid_end_date.as_ref()),
            self_pay: text(d.specific_diseases_self_pay.as_ref()),
        })
        .filter(|d| *d != DiseaseCertificate::default())
        .collect();
    Entitlement {
        reference_number: text(from.reference_number.as_ref()),
        insurer_number: strip_insurer(&text(from.insurer_number.as_ref())),
        insurer_name: text(from.insurer_name.as_ref()),
        symbol: text(from.insured_card_symbol.as_ref()),
        number: text(from.insured_identification_number.as_ref()),
        branch: text(from.insured_branch_number.as_ref()),
        name: text(from.name.as_ref()),
        kana: text(from.name_kana.as_ref()),
        other_name: text(from.name_of_other.as_ref()),
        other_kana: text(from.name_of_other_kana.as_ref()),
        sex: sex(from.sex1.as_ref()),
        sex_back: sex(from.sex2.as_ref()),
        birth_date: given_date(from.birthdate.as_ref()),
        card_class: text(from.insured_card_classification.as_ref()),
        burden: text(from.insured_partial_contribution_ratio.as_ref()),
        valid_from: given_date(from.insured_card_valid_date.as_ref()),
        valid_to: given_date(from.insured_card_expiration_date.as_ref()),
        acquired: given_date(from.qualification_date.as_ref()),
        lost: given_date(from.disqualification_date.as_ref()),
        issued: given_date(from.insured_certificate_issuance_date.as_ref()),
        loss_reason: text(from.reason_of_loss.as_ref()),
        relation: text(from.personal_family_classification.as_ref()),
        insured_name: text(from.insured_name.as_ref()),
        postal_code: text(from.post_number.as_ref()),
        address: text(from.address.as_ref()),
        preschool: text(from.preschool_classification.as_ref()),
        elderly,
        limit,
        diseases,
    }
}

/// One candidate, written.
pub fn candidate_info(from: &Candidate) -> CandidateInfo {
    CandidateInfo {
        candidate_key: given(&from.key),
        name: given(&from.name),
        name_kana: given(&from.kana),
        birthdate: wire_date(&from.birth_date),
        sex1: wire_sex(from.sex),
        address: given(&from.address),
        insurer_name: given(&from.insurer_name),
    }
}

/// One candidate, read.
pub fn candidate(from: &CandidateInfo) -> Candidate {
    Candidate {
        key: text(from.candidate_key.as_ref()),
        name: text(from.name.as_ref()),
        kana: text(from.name_kana.as_ref()),
        birth_date: given_date(from.birthdate.as_ref()),
        sex: sex(from.sex1.as_ref()),
        address: text(from.address.as_ref()),
        insurer_name: text(from.insurer_name.as_ref()),
    }
}

/// A question by insurance card, written.
pub fn search_info(query: &LookupQuery) -> SearchInfo {
    let consent = if query.limit_consent { "1" } else { "0" };
    SearchInfo {
        insurer_number: Some(pad_insurer(&query.insurance.insurer)),
        insured_card_symbol: given(&query.insurance.symbol),
        insured_identification_number: given(&query.insurance.number),
        insured_branch_number: given(&query.insurance.branch),
        birthdate: Some(compact_date(query.birth_date)),
        limit_application_certificate_related_cons_flg: Some(consent.to_owned()),
        arbitrary_identifier: None,
    }
}

/// A question by insurance card, read; `None` without a birth date.
pub fn lookup_query(from: &SearchInfo, check_date: Date) -> Option<LookupQuery> {
    let consent = text(from.limit_application_certificate_related_cons_flg.as_ref());
    Some(LookupQuery {
        insurance: InsuranceNumbers {
            insurer: strip_insurer(&text(from.insurer_number.as_ref())),
            symbol: text(from.insured_card_symbol.as_ref()),
            number: text(from.insured_identification_number.as_ref()),
            branch: text(from.insured_branch_number.as_ref()),
        },
        birth_date: parse_date(&text(from.birthdate.as_ref()))?,
        limit_consent: consent == "1",
        check_date,
    })
}

/// A question by 4情報, written.
pub fn four_info(query: &OutageQuery) -> FourInfo {
    FourInfo {
        name: given(&query.name),
        name_kana: given(&query.kana),
        birthdate: Some(compact_date(query.birth_date)),
        sex: Some(query.sex.code().to_owned()),
        address: given(&query.address),
        insurer_name: given(&query.insurer_name),
    }
}

/// A question by 4情報, read; `None` without birth date or sex.
pub fn outage_query(from: &FourInfo, check_date: Date) -> Option<OutageQuery> {
    Some(OutageQuery {
        name: text(from.name.as_ref()),
        kana: text(from.name_kana.as_ref()),
        birth_date: parse_date(&text(from.birthdate.as_ref()))?,
        sex: sex(from.sex.as_ref())?,
        address: text(from.address.as_ref()),
        insurer_name: text(from.insurer_name.as_ref()),
        check_date,
    })
}

/// A registration, written.
pub fn reference_info(insurance: &InsuranceNumbers, reference: &str) -> ReferenceInfo {
    ReferenceInfo {
        reference_number: given(reference),
        insurer_number: Some(pad_insurer(&insurance.insurer)),
        insured_card_symbol: given(&insurance.symbol),
        insured_identification_number: given(&insurance.number),
        insured_branch_number: given(&insurance.branch),
    }
}

/// A registration, read.
pub fn registration(from: &ReferenceInfo) -> (InsuranceNumbers, String) {
    let insurance = InsuranceNumbers {
        insurer: strip_insurer(&text(from.insurer_number.as_ref())),
        symbol: text(from.insured_card_symbol.as_ref()),
        number: text(from.insured_identification_number.as_ref()),
        branch: text(from.insured_branch_number.as_ref()),
    };
    (insurance, text(from.reference_number.as_ref()))
}
