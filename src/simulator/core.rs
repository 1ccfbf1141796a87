//! The stand-in's pure core: a request and a moment in, what becomes of it
//! out. No clock, no I/O; all chance comes from a seed.

mod accounts;
pub mod keys;
mod registry;
pub mod setting;
#[cfg(test)]
mod tests;

use super::fixtures::{Facility, Fixtures, Opening};
use super::people::Person;
use super::seam::{Bad, Code, Engine, Good, Mangle, Reaction, Reply, Request, Setting};
use crate::domain::account::{Access, AccountKind, Right, access};
use crate::domain::entitlement::{Eligibility, Found};
use crate::domain::notice::Notice;
use crate::domain::time::{Now, Period, jst};
use crate::text::clean::clean;
use accounts::Doors;
use jiff::civil::Date;
use registry::{Lookup, Registry};
use std::collections::VecDeque;
use std::time::Duration;

/// Most people a search may list (OUT-39).
pub const MOST_LISTED: usize = 5;

/// 照会番号 is at most this long (oqs-wire 10).
const LONGEST_REFERENCE: usize = 50;

/// Requests kept in the log.
const LOG: usize = 100_000;

/// One request that arrived, for tests that prove that nothing was repeated.
/// Holds no patient data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// When.
    pub at: Now,
    /// What kind: `login`, `lookup`, `search` …
    pub kind: &'static str,
    /// `ArbitraryFileIdentifier`, or empty where a request has none.
    pub id: String,
    /// ユーザID of the session, or empty.
    pub user: String,
    /// 資格確認日, where a request has one.
    pub check_date: Option<Date>,
    /// Whether it was carried out (a black hole swallows it).
    pub done: bool,
}

/// The faults that are on.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
struct Faults {
    outage: bool,
    black_hole: bool,
    delay: Duration,
    status: Option<u16>,
    retry_after: Option<String>,
    answer: Option<Mangle>,
    cut_off: bool,
    garbage: bool,
}

/// The stand-in for the central system.
#[derive(Debug)]
pub struct Core {
    facility: Facility,
    registry: Registry,
    doors: Doors,
    notices: Vec<Notice>,
    published: u32,
    opening: Opening,
    period: Option<Period>,
    faults: Faults,
    seed: u64,
    asked: VecDeque<Asked>,
}

impl Core {
    /// A core that serves the fixtures and `population` besides. The outage
    /// function is closed until it is opened.
    pub fn new(fixtures: Fixtures, population: Vec<Person>, seed: u64) -> Self {
        let mut people = fixtures.people;
        people.extend(population);
        Self {
            facility: fixtures.facility,
            registry: Registry::new(people),
            doors: Doors::new(fixtures.accounts, seed),
            notices: fixtures.notices,
            published: 0,
            opening: fixtures.opening,
            period: None,
            faults: Faults::default(),
            seed,
            asked: VecDeque::new(),
        }
    }

    /// The facility it knows.
    pub fn facility(&self) -> &Facility {
        &self.facility
    }

    /// How many people it knows.
    pub fn people(&self) -> usize {
        self.registry.len()
    }

    /// What has arrived so far, oldest first.
    pub fn asked(&self) -> impl Iterator<Item = &Asked> {
        self.asked.iter()
    }

    /// How long a login lasts from now on.
    pub fn set_token_life(&mut self, life: Duration) {
        self.doors.set_life(life);
    }

    /// Opens the outage function and publishes the notice of it (OUT-5 to 7).
    pub fn open_function(&mut self, now: Now, from: Date, to: Date) {
        let period = Period { from, to };
        if self.period != Some(period) {
            let (title, body) = self.opening.text(period);
            self.publish(now, title, body, Some(period));
        }
        self.period = Some(period);
    }

    /// Reads `key=value` and sets it; an error is a Japanese sentence.
    pub fn set_text(&mut self, now: Now, key: &str, value: &str) -> Result<(), String> {
        self.set(now, setting::parse(key, value)?)
    }

    fn publish(&mut self, now: Now, title: String, body: String, opens: Option<Period>) {
        self.published += 1;
        let notice = Notice {
            id: format!("S{:04}", self.published),
            at: now.wall,
            title,
            body,
            opens,
        };
        let place = self.notices.partition_point(|other| other.at > notice.at);
        self.notices.insert(place, notice);
    }

    fn note(&mut self, now: Now, token: Option<&str>, request: &Request, done: bool) {
        if self.asked.len() == LOG {
            self.asked.pop_front();
        }
        let (kind, id) = match request {
            Request::Login { .. } => ("login", ""),
            Request::Account => ("account", ""),
            Request::Logout => ("logout", ""),
            Request::Lookup { id, .. } => ("lookup", id.as_str()),
            Request::Search { id, .. } => ("search", id.as_str()),
            Request::Choose { id, .. } => ("choose", id.as_str()),
            Request::Register { .. } => ("register", ""),
            Request::Notices => ("notices", ""),
            Request::Probe => ("probe", ""),
        };
        let check_date = match request {
            Request::Lookup { query, .. } => Some(query.check_date),
            Request::Search { query, .. } => Some(query.check_date),
            Request::Choose { check_date, .. } => Some(*check_date),
            _ => None,
        };
        let user = match request {
            Request::Login { user, .. } => clean(user),
            _ => self.doors.user_of(token).unwrap_or_default(),
        };
        self.asked.push_back(Asked {
            at: now,
            kind,
            id: id.to_owned(),
            user,
            check_date,
            done,
        });
    }

    fn reply(&mut self, now: Now, token: Option<&str>, request: Request) -> Reply {
        match request {
            Request::Probe => return Ok(Good::Alive),
            Request::Login {
                user,
                password,
                force,
            } => {
                let token = self.doors.login(now, &user, &password, force)?;
                return Ok(Good::LoggedIn { token });
            }
            _ => {}
        }
        let staff = self.doors.staff(now, token)?;
        match request {
            Request::Account => Ok(Good::Account(staff)),
            Request::Logout => {
                self.doors.logout(token);
                Ok(Good::LoggedOut)
            }
            Request::Lookup {
                institution, query, ..
            } => {
                self.ours(&institution)?;
                may_look_up(staff.kind)?;
                let answer = self.registry.by_card(&query);
                self.checked(now, answer, query.check_date, query.limit_consent)
            }
            Request::Search {
                institution, query, ..
            } => {
                self.ours(&institution)?;
                self.may_search(now, staff.kind)?;
                let named = !query.name.trim().is_empty() || !query.kana.trim().is_empty();
                let placed =
                    !query.address.trim().is_empty() || !query.insurer_name.trim().is_empty();
                if !named || !placed {
                    return Err(bad_request(
                        "氏名か氏名カナ、住所か保険者名のどちらかが要ります。",
                    ));
                }
                let found = self.registry.by_four(&query, MOST_LISTED + 1);
                let found = match found.as_slice() {
                    [] => Found::None,
                    [one] => {
                        let hit = Lookup::One(self.registry.told(*one, query.check_date));
                        match self.checked(now, hit, query.check_date, false)? {
                            Good::Checked(answer) => Found::One(answer),
                            _ => Found::None,
                        }
                    }
                    many if many.len() > MOST_LISTED => Found::TooMany,
                    several => Found::Several(
                        several
                            .iter()
                            .map(|person| {
                                let key = keys::seal(self.seed, *person);
                                self.registry.candidate(*person, key, query.check_date)
                            })
                            .collect(),
                    ),
                };
                Ok(Good::Found(found))
            }
            Request::Choose {
                institution,
                key,
                check_date,
                ..
            } => {
                self.ours(&institution)?;
                self.may_search(now, staff.kind)?;
                let person = keys::open(self.seed, &key)
                    .filter(|person| self.registry.searchable(*person))
                    .ok_or(Bad::from(Code::NoSuchEntitlement))?;
                let hit = Lookup::One(self.registry.told(person, check_date));
                self.checked(now, hit, check_date, false)
            }
            Request::Register {
                institution,
                insurance,
                reference,
            } => {
                self.ours(&institution)?;
                may_look_up(staff.kind)?;
                let reference = clean(&reference);
                if reference.chars().count() > LONGEST_REFERENCE {
                    return Err(bad_request("照会番号は 50 文字までです。"));
                }
                if self.registry.register(&insurance, reference) {
                    Ok(Good::Registered)
                } else {
                    Err(Code::NoSuchEntitlement.into())
                }
            }
            Request::Notices => {
                let reader = access(staff.kind, Right::Notices) == Access::Allowed
                    || staff.kind == AccountKind::WebApi;
                if !reader {
                    return Err(Code::NotAllowed.into());
                }
                Ok(Good::Notices {
                    notices: self.notices.clone(),
                    period: self.period,
                })
            }
            Request::Probe | Request::Login { .. } => Err(Code::Internal.into()),
        }
    }

    fn ours(&self, institution: &str) -> Result<(), Bad> {
        if institution == self.facility.code {
            Ok(())
        } else {
            Err(Code::WrongInstitution.into())
        }
    }

    fn may_search(&self, now: Now, kind: AccountKind) -> Result<(), Bad> {
        if access(kind, Right::OutageSearch) != Access::Allowed {
            return Err(Code::NotAllowed.into());
        }
        match self.period {
            Some(period) if period.contains(now.today()) => Ok(()),
            _ => Err(Code::FunctionClosed.into()),
        }
    }

    fn checked(&self, now: Now, lookup: Lookup, day: Date, limit: bool) -> Reply {
        let (validity, entitlements) = match lookup {
            Lookup::Withheld => return Err(Code::Withheld.into()),
            Lookup::One(hit) => self.registry.verdict(hit, day, limit),
            Lookup::NotFound => (crate::domain::entitlement::Validity::NotFound, Vec::new()),
            Lookup::Several => (crate::domain::entitlement::Validity::Several, Vec::new()),
        };
        Ok(Good::Checked(Box::new(Eligibility {
            validity,
            entitlements,
            check_date: day,
            executed: jst(now.wall).strftime("%Y%m%d%H%M%S").to_string(),
            remark: None,
        })))
    }
}

fn bad_request(message: &str) -> Bad {
    Bad {
        code: Code::BadRequest,
        message: message.to_owned(),
        retry_after: None,
    }
}

/// 保険証で確認 and 照会番号: people at the desk, and the systems behind them.
fn may_look_up(kind: AccountKind) -> Result<(), Bad> {
    let machine = matches!(kind, AccountKind::WebApi | AccountKind::LinkApplication);
    if machine || access(kind, Right::Lookup) == Access::Allowed {
        Ok(())
    } else {
        Err(Code::NotAllowed.into())
    }
}

impl Engine for Core {
    fn handle(&mut self, now: Now, token: Option<&str>, request: Request) -> Reaction {
        let faults = self.faults.clone();
        if faults.outage {
            return Reaction::Refuse;
        }
        let after = faults.delay;
        let swallowed = faults.black_hole || faults.status.is_some();
        self.note(now, token, &request, !swallowed);
        if faults.black_hole {
            return Reaction::BlackHole;
        }
        if let Some(status) = faults.status {
            return Reaction::Status {
                after,
                status,
                retry_after: faults.retry_after,
            };
        }
        let reply = self.reply(now, token, request);
        if let Some(mangle) = faults.answer {
            Reaction::Mangled {
                after,
                reply,
                mangle,
            }
        } else if faults.cut_off {
            Reaction::CutOff { after, reply }
        } else if faults.garbage {
            Reaction::Garbage { after }
        } else {
            Reaction::Answer { after, reply }
        }
    }

    fn set(&mut self, now: Now, setting: Setting) -> Result<(), String> {
        match setting {
            Setting::Outage(on) => self.faults.outage = on,
            Setting::BlackHole(on) => self.faults.black_hole = on,
            Setting::Delay(delay) => self.faults.delay = delay,
            Setting::Status(status) => self.faults.status = status,
            Setting::RetryAfter(seconds) => self.faults.retry_after = seconds,
            Setting::Answer(mangle) => self.faults.answer = mangle,
            Setting::CutOff(on) => self.faults.cut_off = on,
            Setting::Garbage(on) => self.faults.garbage = on,
            Setting::ExpireTokens => self.doors.expire(),
            Setting::OutageFunction(Some(period)) => {
                self.open_function(now, period.from, period.to);
            }
            Setting::OutageFunction(None) => self.period = None,
            Setting::Notice(text) => {
                let text = clean(&text);
                let title: String = text.chars().take(30).collect();
                self.publish(now, title, text, None);
            }
            Setting::Lock(user) => self.doors.lock(&user, true)?,
            Setting::Unlock(user) => self.doors.lock(&user, false)?,
        }
        Ok(())
    }

    fn refusing(&self) -> bool {
        self.faults.outage
    }
}
