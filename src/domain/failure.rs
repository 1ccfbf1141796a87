//! What went wrong, as a value that can travel from the desk service to any
//! screen or script; its `Display` is the Japanese sentence for staff: what
//! happened, the code, what to do next.

use super::account::{AccountKind, Right, who_may};
use super::card::Trouble;
use super::field::Problem;
use super::hold::Holder;
use super::note::NoteId;
use super::outcome::Outcome;
use super::readback::ReadBack;
use super::time::{Period, clock_text};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use thiserror::Error;

/// Why something that was asked for did not happen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Error)]
pub enum Failure {
    /// The central system cannot be reached; the request did not arrive.
    #[error("中央システムにつながりません。照会は届いていません。{}", .cause.advice())]
    Unreachable {
        /// What kind of trouble the connection had.
        cause: Unreachable,
        /// Since when the line is down, if it is known to be.
        since: Option<Timestamp>,
    },
    /// No answer in time, or one that broke off: the fate of the request is unknown (DOM-67).
    #[error(
        "返事を受け取れませんでした。届いたかどうかは分かりません。しばらくして送り直すか、控えてください。"
    )]
    NoAnswer,
    /// The answer could not be understood; never read as 無効 (REL-12).
    #[error(
        "中央システムの返事を読めません（{what}）。有効とも無効とも言えません。送り直してください。"
    )]
    Garbled {
        /// What was wrong with it, without its content.
        what: String,
    },
    /// The central system refused, with its own code and text.
    #[error("中央システムが受け付けませんでした。{message}（{code}）{}", refused_advice(.code))]
    Refused {
        /// Its code.
        code: String,
        /// Its text, cleaned.
        message: String,
    },
    /// An HTTP status that is not an answer (503, 429 …).
    #[error(
        "中央システムが混んでいるか止まっています（{status}）。控えれば、復旧後に自動で照会します。"
    )]
    Unavailable {
        /// HTTP status.
        status: u16,
    },
    /// User id or password is wrong; one text whatever was wrong (SEC-2).
    #[error("ユーザIDかパスワードが違います。確かめて、もう一度入れてください。")]
    WrongPassword {
        /// Seconds in which no other try is taken (SEC-3).
        wait: u64,
    },
    /// A try before its time (SEC-3).
    #[error("続けては試せません。あと {seconds} 秒待ってから、もう一度入れてください。")]
    TooSoon {
        /// Seconds left.
        seconds: u64,
    },
    /// Too many wrong passwords at this desk (SEC-3). The right one is
    /// refused as well.
    #[error(
        "違うパスワードが続いたため、このユーザIDはこの端末でロックされています。管理アカウント（管理のIDはマスタ）の人に解除を頼むか、{minutes} 分待ってください。"
    )]
    LockedHere {
        /// Minutes until the desk lets go by itself.
        minutes: u64,
    },
    /// The central system is away, and what the desk keeps does not let this
    /// login in: one text whatever was wrong (SEC-2).
    #[error(
        "中央システムにつながらないため、この端末で確かめましたが、ログインできません。ユーザIDかパスワードが違うか、{days} 日以内にこの端末でログインしていません。{}", offline_advice(.cause.as_ref())
    )]
    NotKnownHere {
        /// For how many days a login is remembered.
        days: u32,
        /// Seconds in which no other try is taken (SEC-3).
        wait: u64,
        /// What kind of trouble the connection had, if it is known.
        cause: Option<Unreachable>,
    },
    /// A login that only the desk has checked may not do this.
    #[error(
        "オフラインのログインでできるのは、控え・訂正と控え帳を見ることだけです。中央システムが復旧したら、パスワードを入れ直すと使えます。"
    )]
    OfflineOnly,
    /// アカウントロック (ADM-81).
    #[error("このアカウントはロックされています。管理アカウントの人に解除を頼んでください。")]
    AccountLocked,
    /// 無効 or outside 利用開始年月日～利用終了年月日 (ADM-221).
    #[error("このアカウントは利用期間の外か、無効です。管理アカウントの人に確かめてください。")]
    AccountInactive,
    /// A machine account at a desk screen (ADM-220).
    #[error("機械用のアカウントでは窓口の画面に入れません。職員のユーザIDを入れてください。")]
    MachineAccount,
    /// QG-37: still logged in somewhere else; ask whether to force.
    #[error(
        "前回正常にログアウトされていなかった可能性があります。または、該当ユーザは既に使用されています。強制的にログインしますか？"
    )]
    AlreadyLoggedIn,
    /// Nobody is logged in on this front end.
    #[error("ログインしていません。ログインし直してください。")]
    NotLoggedIn,
    /// The central system no longer accepts this login.
    #[error(
        "中央システムのログインの期限が切れました。入力は残っています。ログインし直してください。"
    )]
    SessionExpired,
    /// The account kind may not do this (OUT-10, OUT-12).
    #[error("この機能は {} アカウントでは使えません。{}のユーザIDでログインし直してください。", .kind.label(), who_may(*.right, Some(*.kind)))]
    NotAllowed {
        /// The account kind that asked.
        kind: AccountKind,
        /// What it takes.
        right: Right,
    },
    /// The outage function is not open today (OUT-5).
    #[error("緊急時医療情報・資格確認機能は今日は開いていません{}。", period_text(.period.as_ref()))]
    FunctionClosed {
        /// The announced period, if there is one.
        period: Option<Period>,
    },
    /// This connection has no such function (public WebAPI, folders).
    #[error("この接続では使えない機能です。公式の画面で行い、結果を控え帳に記入してください。")]
    NoCapability,
    /// The institution code is not the one of the certificate or account.
    #[error(
        "医療機関コード {code} は受け付けられませんでした。設定の facility.code を確かめてください。"
    )]
    WrongInstitution {
        /// The code that was sent.
        code: String,
    },
    /// Fields that are missing or impossible.
    #[error("入力に直すところがあります。{}", .problems.first().map(ToString::to_string).unwrap_or_default())]
    Input {
        /// One per field.
        problems: Vec<Problem>,
    },
    /// The store could not keep it; nothing was acknowledged.
    #[error("控え帳を使えません。{what}")]
    Store {
        /// What happened and what to do.
        what: String,
    },
    /// A result file could not be written.
    #[error("ファイルを書けません。{what}")]
    File {
        /// What happened and what to do.
        what: String,
    },
    /// Someone else changed the note meanwhile.
    #[error(
        "この控えはほかの人が先に変えました。新しい内容を確かめてから、もう一度行ってください。"
    )]
    Stale,
    /// The note is in a state that does not allow this.
    #[error("この控えは「{state}」なので、その操作はできません。")]
    WrongState {
        /// The state's label.
        state: String,
    },
    /// It would come to nothing as things stand.
    #[error("{why}")]
    NotNow {
        /// Why, and what changes that: whole sentences.
        why: String,
    },
    /// Another person known here shares reading and birth date with the one
    /// that was chosen: something else has to be read back first (DOM-40).
    #[error(
        "カナと生年月日が同じ人がほかに {} 人います。患者さんに聞いて、見分けてから決めてください。", .0.others.len()
    )]
    ReadBack(Box<ReadBack>),
    /// Somebody else has the note open to change it.
    #[error(
        "控え {id} は {} が {} から開いています。", .by.who(), clock_text(.by.since)
    )]
    HeldBy {
        /// Which.
        id: NoteId,
        /// Who.
        by: Box<Holder>,
    },
    /// No note of that id.
    #[error("その控えはありません。控え帳を開き直してください。")]
    UnknownNote,
    /// The note is known, but its record on the disk is damaged.
    #[error(
        "この控えは読めません（保存した記録が壊れています）。紙の控えから入れ直し、管理者に madoguchi check を頼んでください。"
    )]
    UnreadableNote,
    /// The desk service went away while it was asked: what became of the
    /// question is unknown.
    #[error(
        "この端末の窓口サービスが止まりました。届いたかどうかは分かりません。入力は残っています。窓口サービスが戻ってから、もう一度行ってください。"
    )]
    DeskLost,
    /// The settings of this desk do not want it.
    #[error(
        "この窓口では使わない設定です。使うときは、設定ファイルの {setting} を true にしてください。"
    )]
    SwitchedOff {
        /// Section and name.
        setting: String,
    },
    /// The card was not read.
    #[error("{0}")]
    Card(Trouble),
    /// Too many questions of one front end are waiting for their answers.
    #[error("前の操作の返事を待っています。返事が来てから、もう一度行ってください。")]
    Busy,
}

impl Failure {
    /// A word for scripts and audit lines, which stays.
    pub fn word(&self) -> &'static str {
        self.outcome().code()
    }

    /// The same, with words.
    pub fn outcome(&self) -> Outcome {
        match self {
            Self::Unreachable { .. } => Outcome::Unreachable,
            Self::Card(trouble) => trouble.outcome(),
            Self::NoAnswer => Outcome::NoAnswer,
            Self::Garbled { .. } => Outcome::Garbled,
            Self::Refused { .. } => Outcome::Refused,
            Self::Unavailable { .. } => Outcome::Unavailable,
            Self::WrongPassword { .. } => Outcome::WrongPassword,
            Self::TooSoon { .. } => Outcome::TooSoon,
            Self::LockedHere { .. } => Outcome::LockedHere,
            Self::NotKnownHere { .. } => Outcome::NotKnownHere,
            Self::OfflineOnly => Outcome::OfflineOnly,
            Self::AccountLocked => Outcome::AccountLocked,
            Self::AccountInactive => Outcome::AccountInactive,
            Self::MachineAccount => Outcome::MachineAccount,
            Self::AlreadyLoggedIn => Outcome::AlreadyLoggedIn,
            Self::NotLoggedIn => Outcome::NotLoggedIn,
            Self::SessionExpired => Outcome::SessionExpired,
            Self::NotAllowed { .. } => Outcome::NotAllowed,
            Self::FunctionClosed { .. } => Outcome::FunctionClosed,
            Self::NoCapability => Outcome::NoCapability,
            Self::WrongInstitution { .. } => Outcome::WrongInstitution,
            Self::Input { .. } => Outcome::Input,
            Self::Store { .. } => Outcome::Store,
            Self::File { .. } => Outcome::File,
            Self::Stale => Outcome::Stale,
            Self::NotNow { .. } => Outcome::NotNow,
            Self::WrongState { .. } => Outcome::WrongState,
            Self::ReadBack(_) => Outcome::ReadBack,
            Self::HeldBy { .. } => Outcome::Held,
            Self::UnknownNote => Outcome::UnknownNote,
            Self::UnreadableNote => Outcome::UnreadableNote,
            Self::DeskLost => Outcome::DeskLost,
            Self::SwitchedOff { .. } => Outcome::SwitchedOff,
            Self::Busy => Outcome::Busy,
        }
    }
}

/// Whether a refusal keeps something back for the person's safety: nothing of
/// why is said (ADM-176).
pub fn withheld(code: &str) -> bool {
    code == "SIM0201E"
}

fn offline_advice(cause: Option<&Unreachable>) -> String {
    let advice = match cause {
        None | Some(Unreachable::Refused) => String::new(),
        Some(cause) => cause.advice(),
    };
    format!("{advice}ほかの人が入るか、紙に控えてください。復旧すれば入れます。")
}

/// What to do about a refusal, where there is something to do.
fn refused_advice(code: &str) -> &'static str {
    if withheld(code) {
        "保険証・資格確認書の原本で確かめてください。"
    } else {
        ""
    }
}

fn period_text(period: Option<&Period>) -> String {
    period.map_or_else(
        || "（利用期間のお知らせがまだありません）".to_owned(),
        |p| {
            format!(
                "（{}/{} から {}/{} まで）",
                p.from.month(),
                p.from.day(),
                p.to.month(),
                p.to.day()
            )
        },
    )
}

/// Kinds of connection trouble, each with the next step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Unreachable {
    /// Refused or reset.
    Refused,
    /// The host name has no address.
    UnknownHost,
    /// No route, or no answer to the connection attempt.
    NoRoute,
    /// The server's certificate is not acceptable; verification is never off.
    ServerCertificate(String),
    /// Our own certificate is missing, expired or refused.
    OwnCertificate(String),
}

impl Unreachable {
    /// What to do next, one sentence.
    pub fn advice(&self) -> String {
        match self {
            Self::Refused => "控えれば、復旧後に自動で照会します。".to_owned(),
            Self::UnknownHost => {
                "接続先の名前が見つかりません。設定の central.url と回線を確かめてください。"
                    .to_owned()
            }
            Self::NoRoute => "回線（ONU・ルーター・LAN）を順に確かめてください。".to_owned(),
            Self::ServerCertificate(what) => format!(
                "接続先の証明書を確かめられません（{what}）。接続先か設定の central.ca が違います。システム業者へ連絡してください。"
            ),
            Self::OwnCertificate(what) => format!(
                "この端末の電子証明書が使えません（{what}）。期限と設定の central.certificate を確かめてください。"
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::account::{Access, access};

    /// Whoever logs in again as the sentence says may then do it.
    #[test]
    fn out_12_the_advice_names_the_kinds_that_have_the_right() {
        let desk = "管理か一般か医療情報閲覧";
        let table = [
            (Right::Lookup, desk),
            (Right::OutageSearch, "管理か医療情報閲覧"),
            (Right::Ledger, desk),
            (Right::Decide, desk),
            (
                Right::Notices,
                "マスタかマスタリセット用か管理か一般か医療情報閲覧",
            ),
            (Right::Accounts, "マスタか管理"),
            (Right::Transfer, "管理か医療情報閲覧"),
            (Right::Audit, "マスタか管理"),
        ];
        for right in Right::ALL {
            let (_, who) = table.iter().find(|(row, _)| *row == right).unwrap();
            for kind in AccountKind::ALL {
                if access(kind, right) == Access::Allowed {
                    continue;
                }
                let text = Failure::NotAllowed { kind, right }.to_string();
                let expected = format!(
                    "この機能は {} アカウントでは使えません。{who}のユーザIDでログインし直してください。",
                    kind.label()
                );
                assert_eq!(text, expected);
            }
        }
        // The central system refused one of them: the others are left.
        let (kind, right) = (AccountKind::Administrator, Right::Accounts);
        let text = Failure::NotAllowed { kind, right }.to_string();
        assert!(text.contains("。マスタのユーザID"), "{text}");
    }
}
