//! The scripted central system of the scenarios, and the people in it.

use super::rig::{BORN, TODAY, wall};
use crate::central::call::{Answer, Call, Fault, Token};
use crate::domain::account::{AccountKind, Staff};
use crate::domain::entitlement::{Candidate, Eligibility, Entitlement, Found, GivenDate, Validity};
use crate::domain::failure::Unreachable;
use crate::domain::insurance::{InsuranceNumbers, LookupQuery};
use crate::domain::note::{Method, Note, NoteContent, NoteState};
use crate::domain::notice::Notice;
use crate::domain::person::{OutageQuery, Sex};
use crate::domain::secret::Secret;
use crate::domain::time::Period;
use jiff::civil::Date;
use std::collections::BTreeMap;

/// The scripted central system.
pub struct Script {
    pub down: bool,
    /// Takes questions and never answers.
    pub hole: bool,
    /// Answers everything but questions about people.
    pub deaf: bool,
    pub period: Option<Period>,
    /// What every look-up comes to; by number.
    pub cards: BTreeMap<String, Validity>,
    /// What a search comes to; by kana.
    pub people: BTreeMap<String, Found>,
    /// Overrides any answer to a look-up, search or choice.
    pub fault: Option<Fault>,
    /// The right password of everybody.
    pub password: String,
    tokens: BTreeMap<String, String>,
    given: u32,
    /// What a search comes to; by 氏名, 性別, 住所 and 保険者名.
    pub found: BTreeMap<String, Found>,
    /// Every search.
    pub searches: Vec<OutageQuery>,
    /// Questions are kept as they are.
    pub keep: bool,
    pub kept: Vec<Call>,
    /// Everything asked, by name.
    pub asked: Vec<(&'static str, String)>,
}

impl Script {
    pub fn new() -> Self {
        Self {
            down: false,
            hole: false,
            deaf: false,
            period: Some(Period {
                from: TODAY,
                to: TODAY.saturating_add(jiff::Span::new().days(5)),
            }),
            cards: BTreeMap::new(),
            people: BTreeMap::new(),
            fault: None,
            password: "right".to_owned(),
            tokens: BTreeMap::new(),
            given: 0,
            found: BTreeMap::new(),
            searches: Vec::new(),
            keep: false,
            kept: Vec::new(),
            asked: Vec::new(),
        }
    }

    /// Every login ends.
    pub fn expire(&mut self) {
        self.tokens.clear();
    }

    pub fn count(&self, kind: &str) -> usize {
        self.asked.iter().filter(|(name, _)| *name == kind).count()
    }

    fn user(&self, token: &Token) -> Result<String, Fault> {
        self.tokens
            .iter()
            .find(|(_, given)| *given == token.reveal())
            .map(|(user, _)| user.clone())
            .ok_or(Fault::Unauthorized)
    }

    pub fn answer(&mut self, call: &Call) -> Option<Result<Answer, Fault>> {
        let (name, detail) = match call {
            Call::Login { user, .. } => ("login", user.clone()),
            Call::Logout { .. } => ("logout", String::new()),
            Call::Lookup { query, .. } => ("lookup", query.insurance.number.clone()),
            Call::Search { query, .. } => ("search", query.kana.clone()),
            Call::Choose { key, .. } => ("choose", key.clone()),
            Call::Register { reference, .. } => ("register", reference.clone()),
            Call::Notices { .. } => ("notices", String::new()),
            Call::Probe => ("probe", String::new()),
        };
        self.asked.push((name, detail));
        if self.keep {
            self.kept.push(call.clone());
        }
        let about_people = matches!(call, Call::Lookup { .. } | Call::Search { .. });
        if self.hole || (self.deaf && about_people) {
            return None;
        }
        if self.down {
            return Some(Err(Fault::Unreachable(Unreachable::Refused)));
        }
        Some(self.reply(call))
    }

    fn reply(&mut self, call: &Call) -> Result<Answer, Fault> {
        match call {
            Call::Login {
                user,
                password,
                force,
            } => self.login(user, password, *force),
            Call::Logout { token } => {
                let user = self.user(token)?;
                self.tokens.remove(&user);
                Ok(Answer::LoggedOut)
            }
            Call::Lookup { token, query, .. } => {
                self.user(token)?;
                self.faulty()?;
                let validity = self.cards.get(&query.insurance.number);
                let validity = validity.cloned().unwrap_or(Validity::NotFound);
                let answer = eligible(validity, query.check_date, query.birth_date);
                Ok(Answer::Checked(Box::new(answer)))
            }
            Call::Search { token, query, .. } => {
                self.user(token)?;
                self.faulty()?;
                self.searches.push(query.clone());
                let whole = [
                    &query.name,
                    query.sex.label(),
                    &query.address,
                    &query.insurer_name,
                ]
                .join("|");
                if let Some(found) = self.found.get(&whole) {
                    return Ok(Answer::Found(found.clone()));
                }
                Ok(Answer::Found(
                    self.people.get(&query.kana).cloned().unwrap_or(Found::None),
                ))
            }
            Call::Choose {
                token, check_date, ..
            } => {
                self.user(token)?;
                self.faulty()?;
                let answer = eligible(Validity::Valid, *check_date, BORN);
                Ok(Answer::Checked(Box::new(answer)))
            }
            Call::Register { token, .. } => {
                self.user(token)?;
                Ok(Answer::Registered)
            }
            Call::Notices { token } => {
                self.user(token)?;
                Ok(Answer::Notices {
                    notices: self.period.map(opening).into_iter().collect(),
                    period: self.period,
                })
            }
            Call::Probe => Ok(Answer::Alive { simulated: true }),
        }
    }

    fn faulty(&self) -> Result<(), Fault> {
        self.fault.clone().map_or(Ok(()), Err)
    }

    fn login(&mut self, user: &str, password: &Secret, force: bool) -> Result<Answer, Fault> {
        if password.reveal() != self.password {
            return Err(Fault::WrongPassword);
        }
        let kind = match user {
            "000" => AccountKind::Master,
            "001" => AccountKind::Administrator,
            "002" | "012" => AccountKind::General,
            "003" | "013" => AccountKind::MedicalViewer,
            "004" => AccountKind::WebApi,
            "locked" => return Err(Fault::Locked),
            "inactive" => return Err(Fault::Inactive),
            _ => return Err(Fault::WrongPassword),
        };
        if self.tokens.contains_key(user) && !force {
            return Err(Fault::AlreadyLoggedIn);
        }
        self.given += 1;
        let token = format!("token-{user}-{}", self.given);
        self.tokens.insert(user.to_owned(), token.clone());
        Ok(Answer::LoggedIn {
            token: Secret::new(token),
            staff: Staff {
                user: user.to_owned(),
                name: format!("職員{user}"),
                kind,
            },
        })
    }
}

fn opening(period: Period) -> Notice {
    Notice {
        id: "N1".to_owned(),
        at: wall(0),
        title: "緊急時医療情報・資格確認機能を開放しました".to_owned(),
        body: String::new(),
        opens: Some(period),
    }
}

pub fn eligible(validity: Validity, check_date: Date, birth_date: Date) -> Eligibility {
    let entitlements = if matches!(validity, Validity::NotFound | Validity::Several) {
        Vec::new()
    } else {
        vec![Entitlement {
            name: "新橋　太郎".to_owned(),
            birth_date: GivenDate::Day(birth_date),
            ..Entitlement::default()
        }]
    };
    Eligibility {
        validity,
        entitlements,
        check_date,
        executed: "20261120100000".to_owned(),
        remark: None,
    }
}

pub fn candidates(n: usize) -> Vec<Candidate> {
    (1..=n)
        .map(|n| Candidate {
            key: format!("key-{n}"),
            name: "新橋　太郎".to_owned(),
            kana: "ｼﾝﾊﾞｼ ﾀﾛｳ".to_owned(),
            birth_date: GivenDate::Day(BORN),
            sex: Some(Sex::Male),
            address: "東京都港区".to_owned(),
            insurer_name: String::new(),
        })
        .collect()
}

pub fn card_query(number: &str) -> LookupQuery {
    LookupQuery {
        insurance: numbers(number),
        birth_date: BORN,
        limit_consent: false,
        check_date: TODAY,
    }
}

pub fn numbers(number: &str) -> InsuranceNumbers {
    InsuranceNumbers {
        insurer: "06139000".to_owned(),
        symbol: "9000".to_owned(),
        number: number.to_owned(),
        branch: String::new(),
    }
}

/// A note with 4情報 only.
pub fn four(kana: &str) -> NoteContent {
    NoteContent {
        kana: kana.to_owned(),
        sex: Some(Sex::Male),
        address: "東京都".to_owned(),
        ..NoteContent::bare(BORN, TODAY)
    }
}

/// A note with insurance numbers only.
pub fn card(number: &str) -> NoteContent {
    NoteContent {
        sex: None,
        address: String::new(),
        insurance: Some(numbers(number)),
        ..four("シンバシタロウ")
    }
}

pub fn one_hit(validity: Validity) -> Found {
    Found::One(Box::new(eligible(validity, TODAY, BORN)))
}

pub fn four_query(kana: &str) -> OutageQuery {
    four(kana).four_query().unwrap()
}

/// What a note was resolved as, and how.
pub fn resolved(note: &Note) -> (Validity, Method) {
    match &note.state {
        NoteState::Resolved(resolution) => {
            (resolution.answer.validity.clone(), resolution.way.method())
        }
        other => panic!("not resolved: {other:?}"),
    }
}
