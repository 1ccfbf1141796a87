//! 被保険者資格申立書: what a patient whose 資格 cannot be looked up declares,
//! as far as they can (DOM-70 to 74).

use super::age::full_years;
use super::era;
use super::paper::{Paper, Piece};
use super::person::Sex;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// 加入医療保険種別.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Cover {
    /// Through an employer: 健保組合, 協会けんぽ, 共済 …
    Employees,
    /// 国民健康保険, its 組合 too.
    National,
    /// 後期高齢者医療.
    LateElderly,
    /// わからない.
    Unknown,
}

impl Cover {
    /// All of them, in the order of the form.
    pub const ALL: [Self; 4] = [
        Self::Employees,
        Self::National,
        Self::LateElderly,
        Self::Unknown,
    ];

    /// The digit that chooses it.
    pub fn digit(self) -> &'static str {
        match self {
            Self::Employees => "1",
            Self::National => "2",
            Self::LateElderly => "3",
            Self::Unknown => "0",
        }
    }

    /// The word.
    pub fn label(self) -> &'static str {
        match self {
            Self::Employees => "社保",
            Self::National => "国保",
            Self::LateElderly => "後期",
            Self::Unknown => "わからない",
        }
    }
}

/// What a declaration says beyond the note it belongs to: the rest of it
/// (券面情報, 連絡先, 保険者等名称, 割合) stands in the note itself.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Declaration {
    /// 加入医療保険種別; `None` while nothing is filled in.
    pub cover: Option<Cover>,
    /// 事業所名.
    pub employer: String,
}

/// A declaration as it is printed. Empty strings are lines for the patient's
/// own hand.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sheet {
    /// 氏名.
    pub name: String,
    /// 氏名(カナ).
    pub kana: String,
    /// 生年月日.
    pub birth_date: Date,
    /// 性別.
    pub sex: Option<Sex>,
    /// 住所.
    pub address: String,
    /// 連絡先.
    pub telephone: String,
    /// 加入医療保険種別.
    pub cover: Option<Cover>,
    /// 保険者等名称.
    pub insurer_name: String,
    /// 事業所名.
    pub employer: String,
    /// 一部負担金の割合.
    pub burden: String,
    /// The visit.
    pub visit_date: Date,
}

impl Sheet {
    /// The paper, for `facility` with its 医療機関コード. What is not known is
    /// a line for the patient's own hand; signature and date always are.
    pub fn paper(&self, facility: &str, code: &str) -> Paper {
        let pair = |label, value: &str| Piece::Pair(label, value.to_owned());
        let text = |text: &str| Piece::Text(text.to_owned());
        let to = match (facility, code) {
            (facility, "") => format!("{facility} 御中"),
            (facility, code) => format!("{facility} 御中（医療機関コード {code}）"),
        };
        let age = full_years(self.birth_date, self.visit_date)
            .map_or_else(String::new, |years| format!("（満{years}歳）"));
        Paper {
            pieces: vec![
                Piece::Title("被保険者資格申立書".to_owned()),
                Piece::Gap,
                text(&to),
                Piece::Gap,
                text(
                    "マイナンバーカードによる資格確認ができないため、加入している医療保険について、分かる範囲で次のとおり申し立てます。",
                ),
                Piece::Gap,
                pair("受診日", &era::long(self.visit_date)),
                Piece::Gap,
                Piece::Heading("マイナンバーカードの券面".to_owned()),
                pair("氏名", &self.name),
                pair("氏名（カナ）", &self.kana),
                Piece::Pair("生年月日", format!("{}{age}", era::long(self.birth_date))),
                Piece::Pair(
                    "性別",
                    choices(&["男", "女"], self.sex.map_or("", Sex::label)),
                ),
                pair("住所", &self.address),
                pair("連絡先（電話）", &self.telephone),
                Piece::Gap,
                Piece::Heading("加入している医療保険".to_owned()),
                Piece::Pair(
                    "加入医療保険種別",
                    choices(
                        &Cover::ALL.map(Cover::label),
                        self.cover.map_or("", Cover::label),
                    ),
                ),
                pair("保険者等名称", &self.insurer_name),
                pair("事業所名", &self.employer),
                Piece::Pair(
                    "一部負担金の割合",
                    choices(&["1割", "2割", "3割", "わからない"], &self.burden),
                ),
                Piece::Gap,
                text("・保険者番号や記号・番号が分かりましたら、すぐにお知らせください。"),
                text("・申し立ての内容が事実と違うときは、あとで精算をお願いすることがあります。"),
                text("・この申立書は当施設で保管し、支払いの確認の後に廃棄することがあります。"),
                Piece::Gap,
                pair("記入日", "令和　　　年　　　月　　　日"),
                Piece::Gap,
                pair("署名", ""),
                Piece::Gap,
                pair("代筆のとき 氏名", ""),
            ],
        }
    }
}

/// `[x] 社保   [ ] 国保`: what was chosen, the rest for the pen. Anything else
/// stands behind.
fn choices(all: &[&str], chosen: &str) -> String {
    let mut boxes: Vec<String> = all
        .iter()
        .map(|one| format!("[{}] {one}", if *one == chosen { "x" } else { " " }))
        .collect();
    if !chosen.is_empty() && !all.contains(&chosen) {
        boxes.push(format!("[x] {chosen}"));
    }
    boxes.join("   ")
}

/// What to do with the claim if the number stays unknown (DOM-10, DOM-74).
pub fn claim_order(
    cover: Option<Cover>,
    address: &str,
    employer: &str,
    telephone: &str,
) -> Vec<String> {
    let said = |text: &str| match text.trim() {
        "" => "空欄".to_owned(),
        text => text.to_owned(),
    };
    let whom = match cover {
        Some(Cover::Employees) => "請求先は支払基金",
        Some(Cover::National | Cover::LateElderly) => "請求先は国保連",
        Some(Cover::Unknown) | None => "請求先は支払基金か国保連を施設が選ぶ",
    };
    vec![
        "請求の順: ① 後で分かった、いまの番号 ② 前の資格（旧資格）の番号 ③ 不詳".to_owned(),
        format!(
            "不詳のとき: 番号は必要な桁数の 7（保険者番号 77777777、検証番号で受け付けなければ 77777779）。{whom}。"
        ),
        format!(
            "摘要欄: 住所 {}、事業所名 {}、連絡先 {}",
            said(address),
            said(employer),
            said(telephone)
        ),
    ]
}

#[cfg(test)]
mod tests;
