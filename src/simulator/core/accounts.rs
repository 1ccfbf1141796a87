//! Logins: passwords, locks, periods, tokens.

use super::Code;
use crate::domain::account::Staff;
use crate::domain::secret::Secret;
use crate::domain::time::Now;
use crate::simulator::fixtures::Account;
use crate::simulator::fixtures::nearest;
use crate::simulator::seam::Bad;
use fastrand::Rng;
use std::collections::HashMap;
use std::time::Duration;

/// Wrong passwords in a row that lock a ユーザID.
pub(super) const TRIES: u32 = 5;

/// Ids whose wrong passwords are counted, and logins of one machine account.
const MOST: usize = 1000;

/// How long a login lasts unless set otherwise.
const LIFE: Duration = Duration::from_secs(24 * 3600);

#[derive(Debug)]
struct Session {
    user: String,
    until: Duration,
}

#[derive(Debug)]
pub(super) struct Doors {
    accounts: HashMap<String, Account>,
    /// Counted for unknown ids as well: what is answered must not tell
    /// whether an id exists (SEC-2).
    failures: HashMap<String, u32>,
    sessions: HashMap<String, Session>,
    life: Duration,
    rng: Rng,
}

impl Doors {
    pub(super) fn new(accounts: Vec<Account>, seed: u64) -> Self {
        let failures = accounts
            .iter()
            .filter(|account| account.locked)
            .map(|account| (account.user.clone(), TRIES))
            .collect();
        Self {
            accounts: accounts
                .into_iter()
                .map(|account| (account.user.clone(), account))
                .collect(),
            failures,
            sessions: HashMap::new(),
            life: LIFE,
            rng: Rng::with_seed(seed ^ 0x6d61_646f_6775_6368),
        }
    }

    pub(super) fn set_life(&mut self, life: Duration) {
        self.life = life;
    }

    pub(super) fn login(
        &mut self,
        now: Now,
        user: &str,
        password: &Secret,
        force: bool,
    ) -> Result<Secret, Bad> {
        if self.failures.get(user).is_some_and(|tries| *tries >= TRIES) {
            return Err(Code::Locked.into());
        }
        let known = self
            .accounts
            .get(user)
            .filter(|account| account.password == *password);
        let Some(account) = known else {
            return Err(self.failed(user).into());
        };
        let today = now.today();
        let inside = account.from.is_none_or(|from| from <= today)
            && account.to.is_none_or(|to| today <= to);
        if !account.active || !inside {
            return Err(Code::Inactive.into());
        }
        let machine = account.kind.is_machine();
        self.failures.remove(user);
        self.sessions.retain(|_, session| session.until > now.mono);
        let open = self.sessions.values().filter(|s| s.user == user).count();
        if machine {
            // A machine that was started again has no way to log the old
            // session out.
            if open >= MOST {
                self.end(user);
            }
        } else if open > 0 {
            if !force {
                return Err(Code::AlreadyLoggedIn.into());
            }
            self.end(user);
        }
        let token = format!("SIM-{:016x}{:016x}", self.rng.u64(..), self.rng.u64(..));
        self.sessions.insert(
            token.clone(),
            Session {
                user: user.to_owned(),
                until: now.mono.saturating_add(self.life),
            },
        );
        Ok(Secret::new(token))
    }

    fn failed(&mut self, user: &str) -> Code {
        if self.failures.len() >= MOST && !self.failures.contains_key(user) {
            self.failures.retain(|id, _| self.accounts.contains_key(id));
        }
        let tries = self.failures.entry(user.to_owned()).or_default();
        *tries += 1;
        if *tries >= TRIES {
            Code::Locked
        } else {
            Code::WrongPassword
        }
    }

    fn end(&mut self, user: &str) {
        self.sessions.retain(|_, session| session.user != user);
    }

    pub(super) fn staff(&self, now: Now, token: Option<&str>) -> Result<Staff, Bad> {
        token
            .and_then(|token| self.sessions.get(token))
            .filter(|session| session.until > now.mono)
            .and_then(|session| self.accounts.get(&session.user))
            .map(|account| Staff {
                user: account.user.clone(),
                name: account.name.clone(),
                kind: account.kind,
            })
            .ok_or_else(|| Code::Unauthorized.into())
    }

    pub(super) fn user_of(&self, token: Option<&str>) -> Option<String> {
        let session = self.sessions.get(token?)?;
        Some(session.user.clone())
    }

    pub(super) fn logout(&mut self, token: Option<&str>) {
        if let Some(token) = token {
            self.sessions.remove(token);
        }
    }

    pub(super) fn expire(&mut self) {
        self.sessions.clear();
    }

    pub(super) fn lock(&mut self, user: &str, locked: bool) -> Result<(), String> {
        if !self.accounts.contains_key(user) {
            let near = nearest(user, self.accounts.keys().map(String::as_str));
            return Err(match near {
                Some(near) => {
                    format!("ユーザID「{user}」はありません。「{near}」ではありませんか。")
                }
                None => format!("ユーザID「{user}」はありません。"),
            });
        }
        if locked {
            self.failures.insert(user.to_owned(), TRIES);
            self.end(user);
        } else {
            self.failures.remove(user);
        }
        Ok(())
    }
}
