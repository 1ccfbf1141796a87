//! What a card was asked, and which of it nobody may ask (section 2.6).

/// An application of a card.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum App {
    /// Issuer security domain: selected after power-up.
    Issuer,
    /// 共通カードAP.
    Common,
    /// 住基AP.
    Juki,
    /// 券面事項確認AP.
    Face,
    /// 券面事項入力補助AP.
    Text,
    /// 公的個人認証AP.
    Jpki,
    /// That of another card: licence, residence card, bank.
    Foreign,
}

/// A command that touched what section 2.6 forbids.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Trip {
    /// 個人番号 itself: text EF 0001.
    Number,
    /// Its hash: text EF 0003.
    Hash,
    /// Its picture: card face EF 0005.
    Picture,
    /// 照合番号A sent: text EF 0014, card face EF 0013.
    NumberKey,
    /// 住基AP, in whatever way.
    Juki,
    /// Signature side of JPKI: EF 0001, 001A, 001B.
    Signature,
    /// CHANGE REFERENCE DATA or CHANGE KEY.
    Change,
}

impl Trip {
    /// In words.
    pub fn label(self) -> &'static str {
        match self {
            Self::Number => "個人番号",
            Self::Hash => "個人番号のハッシュ値",
            Self::Picture => "個人番号の画像",
            Self::NumberKey => "照合番号A",
            Self::Juki => "住基AP",
            Self::Signature => "署名用の証明書・鍵・暗証番号",
            Self::Change => "暗証番号や鍵の変更",
        }
    }
}

/// One command. No data of it but what SELECT named.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// Class.
    pub cla: u8,
    /// Instruction.
    pub ins: u8,
    /// First parameter.
    pub p1: u8,
    /// Second parameter.
    pub p2: u8,
    /// The application that was selected, or that SELECT named.
    pub app: Option<App>,
    /// The file that was selected, or that the command named.
    pub file: Option<u16>,
    /// What SELECT sent.
    pub name: Vec<u8>,
    /// Bytes of data that came along.
    pub sent: usize,
    /// The status word; 0 if the card was gone before it could answer.
    pub status: u16,
    /// What it touched that it must not.
    pub trip: Option<Trip>,
}

pub(super) const SELECT: u8 = 0xA4;
pub(super) const VERIFY: u8 = 0x20;
const CHANGE_REFERENCE_DATA: u8 = 0x24;
const CHANGE_KEY: u8 = 0x32;

impl Asked {
    /// Whether this was `VERIFY` with data: an attempt, not a question.
    pub fn attempts(&self) -> bool {
        self.ins == VERIFY && self.sent > 0
    }

    /// What the command touches of section 2.6.
    pub(super) fn tripped(&self) -> Option<Trip> {
        if self.ins == CHANGE_REFERENCE_DATA || (self.cla == 0x80 && self.ins == CHANGE_KEY) {
            return Some(Trip::Change);
        }
        match (self.app?, self.file) {
            (App::Juki, _) => Some(Trip::Juki),
            (App::Text, Some(0x0001)) => Some(Trip::Number),
            (App::Text, Some(0x0003)) => Some(Trip::Hash),
            (App::Face, Some(0x0005)) => Some(Trip::Picture),
            (App::Text, Some(0x0014)) | (App::Face, Some(0x0013)) if self.attempts() => {
                Some(Trip::NumberKey)
            }
            (App::Jpki, Some(0x0001 | 0x001A | 0x001B)) => Some(Trip::Signature),
            _ => None,
        }
    }
}
