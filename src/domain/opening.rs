//! How the outage function gets opened (DOM-75), ticked off step by step, and
//! the 利用報告書 that follows from it.
//!
//! No source says what the 利用報告書 holds: it is filled with what the desk
//! knows, as a draft for the form that is mailed (our reading).

use super::era;
use super::paper::{Paper, Piece};
use super::time::{Period, clock_text, jst, slash_date};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A step of the procedure, in its order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Stage {
    /// The コールセンター was called.
    Asked,
    /// They called back the registered number; a 利用報告書 is mailed.
    CalledBack,
    /// 実施機関 set it, and called; or the notice with the period came.
    Opened,
    /// It was used.
    Used,
    /// The 利用報告書 was handed in.
    Reported,
}

impl Stage {
    /// All of them.
    pub const ALL: [Self; 5] = [
        Self::Asked,
        Self::CalledBack,
        Self::Opened,
        Self::Used,
        Self::Reported,
    ];

    /// What is to be done, for the checklist.
    pub fn label(self) -> &'static str {
        match self {
            Self::Asked => "コールセンターに電話し、使いたいと伝える",
            Self::CalledBack => "登録した番号に折り返しが来る（利用報告書が郵送されます）",
            Self::Opened => "実施機関が開放し、電話かお知らせで知らせが来る",
            Self::Used => "緊急時医療情報・資格確認機能を使う",
            Self::Reported => "利用報告書を出す",
        }
    }
}

/// Who did a step, and when. Empty: the desk saw it by itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tick {
    /// When.
    pub at: Timestamp,
    /// ユーザID.
    pub by: String,
}

/// Searches by 方法3 in one person's name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Uses {
    /// How many were answered.
    pub count: u32,
    /// The first.
    pub first: Timestamp,
    /// The last.
    pub last: Timestamp,
}

/// One time through the procedure.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Opening {
    /// Which time it is, from 0.
    pub round: u32,
    /// Raised by every change.
    pub revision: u32,
    /// What has been done.
    pub ticks: BTreeMap<Stage, Tick>,
    /// The announced period (OUT-5).
    pub period: Option<Period>,
    /// Searches, by ユーザID.
    pub uses: BTreeMap<String, Uses>,
}

impl Opening {
    /// The first step that is still to be done.
    pub fn next(&self) -> Option<Stage> {
        Stage::ALL
            .into_iter()
            .find(|stage| !self.ticks.contains_key(stage))
    }

    /// Whether nothing has been done yet.
    pub fn is_fresh(&self) -> bool {
        self.ticks.is_empty() && self.uses.is_empty()
    }

    /// A step ticked, or the tick taken back.
    #[must_use]
    pub fn ticked(&self, stage: Stage, on: bool, by: &str, at: Timestamp) -> Self {
        let mut next = self.clone();
        next.revision += 1;
        if on {
            let by = by.to_owned();
            next.ticks.entry(stage).or_insert(Tick { at, by });
        } else {
            next.ticks.remove(&stage);
        }
        next
    }

    /// The next time through.
    #[must_use]
    pub fn anew(&self) -> Self {
        Self {
            round: self.round + 1,
            revision: self.revision + 1,
            ..Self::default()
        }
    }

    /// A period is announced: the step is done by itself. A new one after a
    /// finished round begins the next.
    pub fn announced(&self, period: Period, at: Timestamp) -> Option<Self> {
        if self.period == Some(period) {
            return None;
        }
        let mut next = if self.next().is_none() {
            self.anew()
        } else {
            let mut same = self.clone();
            same.revision += 1;
            same
        };
        next.period = Some(period);
        let by = String::new();
        next.ticks.entry(Stage::Opened).or_insert(Tick { at, by });
        Some(next)
    }

    /// A search was answered in the name of `by`.
    pub fn used(&mut self, by: &str, at: Timestamp) {
        self.revision += 1;
        let uses = self.uses.entry(by.to_owned()).or_insert(Uses {
            count: 0,
            first: at,
            last: at,
        });
        uses.count = uses.count.saturating_add(1);
        uses.last = at;
        self.ticks.entry(Stage::Used).or_insert(Tick {
            at,
            by: by.to_owned(),
        });
    }

    /// Searches in all.
    pub fn searches(&self) -> u32 {
        self.uses.values().map(|uses| uses.count).sum()
    }

    /// The first and the last search.
    pub fn span(&self) -> Option<(Timestamp, Timestamp)> {
        let first = self.uses.values().map(|uses| uses.first).min()?;
        let last = self.uses.values().map(|uses| uses.last).max()?;
        Some((first, last))
    }

    /// The period as a person says it.
    pub fn period_text(&self) -> String {
        self.period.map_or_else(String::new, |period| {
            format!(
                "{} から {} まで",
                era::long(period.from),
                era::long(period.to)
            )
        })
    }

    /// What the desk knows for the 利用報告書; the rest is for the pen.
    pub fn report(&self, facility: &str, code: &str, now: Timestamp) -> Paper {
        let pair = |label, value: &str| Piece::Pair(label, value.to_owned());
        let text = |text: &str| Piece::Text(text.to_owned());
        let tick = |stage: Stage| {
            self.ticks
                .get(&stage)
                .map_or_else(String::new, |tick| match tick.by.as_str() {
                    "" => format!("{}（お知らせで確認）", moment(tick.at)),
                    by => format!("{}（{by}）", moment(tick.at)),
                })
        };
        let span = self.span().map_or_else(String::new, |(first, last)| {
            format!("{} から {} まで", moment(first), moment(last))
        });
        let mut pieces = vec![
            Piece::Title("緊急時医療情報・資格確認機能 利用報告書（控え）".to_owned()),
            Piece::Gap,
            text("郵送された様式に写すための控えです。様式の項目が優先します。"),
            Piece::Gap,
            pair("医療機関コード", code),
            pair("医療機関等の名称", facility),
            pair("作成した日時", &moment(now)),
            Piece::Gap,
            Piece::Heading("利用".to_owned()),
            pair("利用期間", &self.period_text()),
            pair("実際の利用", &span),
            pair(
                "方法3の照会",
                &format!("{} 件（返事があったもの）", self.searches()),
            ),
        ];
        for (user, uses) in &self.uses {
            let who = if user.is_empty() { "窓口" } else { user };
            let line = format!(
                "{who}: {} 件（{} から {} まで）",
                uses.count,
                moment(uses.first),
                moment(uses.last)
            );
            pieces.push(Piece::Pair("  利用者", line));
        }
        pieces.extend([
            Piece::Gap,
            Piece::Heading("手続き".to_owned()),
            Piece::Pair("電話した日時", tick(Stage::Asked)),
            Piece::Pair("折り返しの日時", tick(Stage::CalledBack)),
            Piece::Pair("開放の知らせ", tick(Stage::Opened)),
            Piece::Gap,
            Piece::Heading("書き入れるところ".to_owned()),
            pair("障害の状況", ""),
            pair("担当者", ""),
            pair("連絡先（電話）", ""),
        ]);
        Paper { pieces }
    }
}

/// `2026/11/20 09:12`.
fn moment(at: Timestamp) -> String {
    format!("{} {}", slash_date(jst(at).date()), clock_text(at))
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn period(to: i8) -> Period {
        Period {
            from: date(2026, 11, 20),
            to: date(2026, 11, to),
        }
    }

    /// DOM-75, from the call to the report.
    #[test]
    fn dom_75_step_by_step() {
        let now = at("2026-11-20T10:00:00+09:00");
        let mut opening = Opening::default();
        assert_eq!(opening.next(), Some(Stage::Asked));
        opening = opening.ticked(Stage::Asked, true, "003", now);
        assert_eq!(opening.ticks[&Stage::Asked].by, "003");
        // The notice fills its step by itself; the call-back is still open.
        opening = opening.announced(period(25), now).unwrap();
        assert_eq!(opening.ticks[&Stage::Opened].by, "");
        assert_eq!(opening.next(), Some(Stage::CalledBack));
        assert_eq!(opening.announced(period(25), now), None, "said once");
        opening.used("003", at("2026-11-20T10:05:00+09:00"));
        opening.used("003", at("2026-11-20T11:05:00+09:00"));
        opening.used("", at("2026-11-20T10:30:00+09:00"));
        assert_eq!(opening.searches(), 3);
        assert_eq!(opening.ticks[&Stage::Used].by, "003");
        // An extension keeps what has been done.
        let longer = opening.announced(period(28), now).unwrap();
        assert_eq!((longer.round, longer.searches()), (0, 3));
        // A tick can be taken back.
        let back = longer.ticked(Stage::Asked, false, "003", now);
        assert_eq!(back.next(), Some(Stage::Asked));
        let done = longer.ticked(Stage::CalledBack, true, "001", now).ticked(
            Stage::Reported,
            true,
            "001",
            now,
        );
        assert_eq!(done.next(), None);
        let again = done.announced(period(29), now).unwrap();
        assert_eq!((again.round, again.searches()), (1, 0));
        assert_eq!(again.next(), Some(Stage::Asked));
    }

    #[test]
    fn the_report_holds_what_the_desk_knows() {
        let now = at("2026-11-20T10:00:00+09:00");
        let mut opening = Opening::default()
            .ticked(Stage::Asked, true, "003", now)
            .announced(period(25), now)
            .unwrap();
        opening.used("003", at("2026-11-20T10:05:00+09:00"));
        let text = opening.report("サンプル医療機関", "0110113719", now).text();
        for part in [
            "医療機関コード    0110113719",
            "医療機関等の名称  サンプル医療機関",
            "令和8年11月20日 から 令和8年11月25日 まで",
            "1 件（返事があったもの）",
            "003: 1 件（2026/11/20 10:05 から 2026/11/20 10:05 まで）",
            "電話した日時      2026/11/20 10:00（003）",
            "折り返しの日時    ＿＿",
            "開放の知らせ      2026/11/20 10:00（お知らせで確認）",
            "担当者            ＿＿",
        ] {
            assert!(text.contains(part), "{part}\n{text}");
        }
    }
}
