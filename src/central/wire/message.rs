//! The JSON message, member by member. All values are strings; unknown
//! members are ignored; absent, `null`, empty and blank all mean "no value"
//! (oqs-wire 2.6). Written in specification order, read in any.

use serde::{Deserialize, Deserializer, Serialize};

/// A value that may be absent.
pub type Value = Option<String>;

/// The outermost object.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Envelope {
    /// The message.
    #[serde(rename = "XmlMsg")]
    pub message: Message,
}

/// `XmlMsg`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct Message {
    /// About the request as a whole.
    pub message_header: Header,
    /// About one person.
    pub message_body: Body,
}

macro_rules! group {
    ($(#[$about:meta])* $name:ident { $($(#[$note:meta])* $field:ident: $kind:ty,)* }) => {
        $(#[$about])*
        #[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
        #[serde(default, rename_all = "PascalCase")]
        pub struct $name {
            $($(#[$note])* #[serde(skip_serializing_if = "Option::is_none")] pub $field: Option<$kind>,)*
        }
    };
}

group! {
    /// `MessageHeader` of requests and results (oqs-wire 5.1, 6.2).
    Header {
        /// 処理実行日時.
        process_execution_time: String,
        /// 資格確認日.
        qualification_confirmation_date: String,
        /// 医療機関コード.
        medical_institution_code: String,
        /// 任意のファイル識別子, echoed.
        arbitrary_file_identifier: String,
        /// 照会区分 (CD002).
        reference_classification: String,
        /// 処理結果区分 (CD003).
        segment_of_result: String,
        /// エラーコード.
        error_code: String,
        /// エラーメッセージ.
        error_message: String,
        /// 文字コード識別 (CD005).
        character_code_identifier: String,
    }
}

/// `MessageBody` of requests and results.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct Body {
    /// 処理結果状況 (CD004).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub processing_result_status: Value,
    /// 処理結果コード.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub processing_result_code: Value,
    /// 処理結果メッセージ.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub processing_result_message: Value,
    /// 資格有効性 (CD006).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub qualification_validity: Value,
    /// 資格確認結果リスト: an array of wrapper objects.
    #[serde(
        skip_serializing_if = "Vec::is_empty",
        deserialize_with = "absent_as_empty"
    )]
    pub result_list: Vec<ResultItem>,
    /// The question, echoed in results.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub qualification_confirm_search_info: Option<SearchInfo>,
    /// Ours: the question by 4情報, echoed in results.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub basic_four_search_info: Option<FourInfo>,
    /// Ours: the candidate to open, echoed in results.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub candidate_key: Value,
    /// Ours: `0` none, `1` one, `2` several, `3` too many.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub match_classification: Value,
    /// Ours: the candidates of a search.
    #[serde(
        skip_serializing_if = "Vec::is_empty",
        deserialize_with = "absent_as_empty"
    )]
    pub candidate_list: Vec<CandidateItem>,
    /// As in the folder message (oqs-wire 10), echoed in results.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reference_number_registration_info: Option<ReferenceInfo>,
}

pub(super) fn absent_as_empty<'de, D, T>(from: D) -> Result<Vec<T>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    Ok(Option::<Vec<T>>::deserialize(from)?.unwrap_or_default())
}

/// Wrapper object of `ResultList`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct ResultItem {
    /// One result.
    pub result_of_qualification_confirmation: ResultInfo,
}

/// Wrapper object of `CandidateList`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct CandidateItem {
    /// One candidate.
    pub candidate: CandidateInfo,
}

group! {
    /// `QualificationConfirmSearchInfo` (oqs-wire 6.1).
    SearchInfo {
        /// 保険者番号.
        insurer_number: String,
        /// 被保険者証記号.
        insured_card_symbol: String,
        /// 被保険者証番号.
        insured_identification_number: String,
        /// 被保険者証枝番.
        insured_branch_number: String,
        /// 生年月日.
        birthdate: String,
        /// 限度額適用認定証提供同意フラグ (CD001).
        limit_application_certificate_related_cons_flg: String,
        /// 任意の識別子.
        arbitrary_identifier: String,
    }
}

group! {
    /// Ours: the question of 資格情報照会（システム障害時）.
    FourInfo {
        /// 氏名.
        name: String,
        /// 氏名(カナ).
        name_kana: String,
        /// 生年月日.
        birthdate: String,
        /// 性別 (CD007).
        sex: String,
        /// 住所.
        address: String,
        /// 保険者名.
        insurer_name: String,
    }
}

group! {
    /// `ReferenceNumberRegistrationInfo` (oqs-wire 10).
    ReferenceInfo {
        /// 照会番号.
        reference_number: String,
        /// 保険者番号.
        insurer_number: String,
        /// 被保険者証記号.
        insured_card_symbol: String,
        /// 被保険者証番号.
        insured_identification_number: String,
        /// 被保険者証枝番.
        insured_branch_number: String,
    }
}

group! {
    /// Ours: one row of 「複数の資格該当者」.
    CandidateInfo {
        /// Opaque.
        candidate_key: String,
        /// 氏名.
        name: String,
        /// 氏名カナ.
        name_kana: String,
        /// 生年月日.
        birthdate: String,
        /// 性別 (CD007).
        sex1: String,
        /// 住所.
        address: String,
        /// 保険者名.
        insurer_name: String,
    }
}

group! {
    /// `ResultOfQualificationConfirmation` (oqs-wire 6.3), without consents
    /// and medical tickets.
    ResultInfo {
        /// 被保険者証区分 (CD010).
        insured_card_classification: String,
        /// 保険者番号.
        insurer_number: String,
        /// 被保険者証記号.
        insured_card_symbol: String,
        /// 被保険者証番号.
        insured_identification_number: String,
        /// 被保険者証枝番.
        insured_branch_number: String,
        /// 本人・家族の別 (CD009).
        personal_family_classification: String,
        /// 被保険者氏名(世帯主氏名).
        insured_name: String,
        /// 氏名.
        name: String,
        /// 氏名（その他）.
        name_of_other: String,
        /// 氏名カナ.
        name_kana: String,
        /// 氏名カナ（その他）.
        name_of_other_kana: String,
        /// 性別1 (CD007).
        sex1: String,
        /// 性別2 (CD007).
        sex2: String,
        /// 生年月日.
        birthdate: String,
        /// 住所.
        address: String,
        /// 郵便番号.
        post_number: String,
        /// 資格取得年月日.
        qualification_date: String,
        /// 資格喪失年月日.
        disqualification_date: String,
        /// 被保険者証交付年月日.
        insured_certificate_issuance_date: String,
        /// 被保険者証有効開始年月日.
        insured_card_valid_date: String,
        /// 被保険者証有効終了年月日.
        insured_card_expiration_date: String,
        /// 被保険者証一部負担金割合.
        insured_partial_contribution_ratio: String,
        /// 未就学区分 (CD015).
        preschool_classification: String,
        /// 資格喪失事由 (CD008).
        reason_of_loss: String,
        /// 保険者名称.
        insurer_name: String,
        /// 高齢受給者証情報.
        elderly_recipient_certificate_info: ElderlyInfo,
        /// 限度額適用認定証関連情報.
        limit_application_certificate_related_info: LimitInfo,
        /// 特定疾病療養受療証情報リスト.
        specific_diseases_certificate_list: Vec<DiseaseItem>,
        /// 照会番号.
        reference_number: String,
    }
}

group! {
    /// `ElderlyRecipientCertificateInfo` (oqs-wire 6.4).
    ElderlyInfo {
        /// 交付年月日.
        elderly_recipient_certificate_date: String,
        /// 有効開始年月日.
        elderly_recipient_valid_start_date: String,
        /// 有効終了年月日.
        elderly_recipient_valid_end_date: String,
        /// 一部負担金割合.
        elderly_recipient_contribution_ratio: String,
    }
}

group! {
    /// `LimitApplicationCertificateRelatedInfo` (oqs-wire 6.5).
    LimitInfo {
        /// 限度額適用認定証区分 (CD011).
        limit_application_certificate_classification: String,
        /// 適用区分 (CD012).
        limit_application_certificate_classification_flag: String,
        /// 交付年月日.
        limit_application_certificate_date: String,
        /// 有効開始年月日.
        limit_application_certificate_valid_start_date: String,
        /// 有効終了年月日.
        limit_application_certificate_valid_end_date: String,
        /// 長期入院該当年月日.
        limit_application_certificate_long_term_date: String,
    }
}

/// An item of `SpecificDiseasesCertificateList`; sources disagree whether
/// items are wrapped: written wrapped, read both (oqs-wire 19 #5).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum DiseaseItem {
    /// In an object of its own.
    #[serde(rename_all = "PascalCase")]
    Wrapped {
        /// The certificate.
        specific_diseases_certificate_info: DiseaseInfo,
    },
    /// The five members directly.
    Bare(DiseaseInfo),
}

group! {
    /// `SpecificDiseasesCertificateInfo` (oqs-wire 6.6).
    DiseaseInfo {
        /// 認定疾病区分 (CD013).
        specific_diseases_disease_category: String,
        /// 交付年月日.
        specific_diseases_certificate_date: String,
        /// 有効開始年月日.
        specific_diseases_valid_start_date: String,
        /// 有効終了年月日.
        specific_diseases_valid_end_date: String,
        /// 自己負担限度額.
        specific_diseases_self_pay: String,
    }
}
