//! お知らせ and the period of the outage function. Fetching them is also the
//! heartbeat of the line.

pub(super) mod losses;

use super::state::{Asker, Desk, Purpose};
use crate::central::call::{Answer, Call, Fault, Token};
use crate::domain::account::Right;
use crate::domain::failure::Failure;
use crate::domain::notice::Notice;
use crate::domain::time::Period;
use crate::link::message::{FrontId, Ticket, ToFront};
use crate::store::remark::{Grade, Remark};
use jiff::Timestamp;
use jiff::civil::Date;
use std::collections::BTreeSet;
use std::time::Duration;

/// Titles of what the store has to tell.
const STORE: &str = "この端末の保存先について";
const LOSS: &str = "控えが失われた可能性があります";

/// What to do about a possible loss, where the store does not say it.
const ADVICE: &str =
    "控え帳を紙の控えと照らし、足りないものは入れ直してください。管理者に知らせてください。";

/// Remarks of the desk that are kept.
const MOST_REMARKS: usize = 50;

/// What stands for all further losses when so many have been read by nobody.
const MORE: &str = "このほかにも、控えが失われた可能性があるという知らせがありました。紙の控えと照らし、madoguchi audit verify で確かめてください。";

/// What is known of the notices.
#[derive(Default)]
pub(super) struct Board {
    notices: Vec<Notice>,
    /// Remarks of the desk itself, shown among the notices.
    own: Vec<(Grade, Notice)>,
    /// How many there have been.
    remarked: u64,
    /// Notices have been fetched, so that the period is known.
    fetched: bool,
    period: Option<Period>,
    /// The central system refused whatever was announced.
    refused_until: Option<Duration>,
    /// This account gets no notices.
    silent: bool,
    read: BTreeSet<String>,
    /// Losses told or read, on their way to the disk.
    unkept: losses::Unkept,
    /// To be fetched as soon as possible.
    wanted: bool,
    /// When they are asked for next (monotonic).
    next: Option<Duration>,
    /// Who waits for the first answer.
    waiting: Vec<Asker>,
}

impl Board {
    /// Whether the period is known.
    pub fn fetched(&self) -> bool {
        self.fetched
    }

    /// The announced period, if there is one.
    pub fn period(&self) -> Option<Period> {
        self.period
    }

    /// Whether the outage function is known to be closed on `day` (OUT-5).
    /// Before the first fetch it is for the central system to say.
    pub fn closed(&self, day: Date) -> bool {
        self.fetched && self.period.is_none_or(|period| !period.contains(day))
    }

    /// Whether it is open on `day`; `None` while the notices are still to
    /// come. A connection without notices leaves it to the central system.
    pub fn open(&self, day: Date, now: Duration, has_notices: bool) -> Option<bool> {
        if self.refused_until.is_some_and(|until| now < until) {
            return Some(false);
        }
        if self.fetched {
            return Some(self.period.is_some_and(|period| period.contains(day)));
        }
        (self.silent || !has_notices).then_some(true)
    }

    /// The central system says that it is closed, whatever was announced: it
    /// is not asked again before `until` (monotonic).
    pub fn refused(&mut self, until: Duration) {
        self.refused_until = Some(until);
    }

    /// It may be asked again: somebody says so, or something new is announced.
    pub fn perhaps_open(&mut self) {
        self.refused_until = None;
    }

    /// What has come. After an opening that was not known a refusal is of the
    /// past.
    fn take(&mut self, notices: Vec<Notice>, period: Option<Period>) {
        let known: BTreeSet<&str> = self.notices.iter().map(|old| old.id.as_str()).collect();
        let mut opening = notices.iter().filter(|notice| notice.opens.is_some());
        if period != self.period || opening.any(|notice| !known.contains(notice.id.as_str())) {
            self.refused_until = None;
        }
        self.notices = notices;
        self.period = period;
        self.fetched = true;
        self.forget_gone();
    }

    /// Fetch at the next opportunity.
    pub fn want(&mut self) {
        self.wanted = true;
    }

    /// Things of the store a person should know, shown as notices of the desk.
    pub fn remark(&mut self, at: Timestamp, remarks: Vec<Remark>) {
        for mut remark in remarks {
            let title = match remark.grade {
                Grade::Known => STORE,
                Grade::Loss => {
                    losses::bound(&mut remark.text);
                    if !remark.text.contains("紙の控え") {
                        remark.text.push('\n');
                        remark.text.push_str(ADVICE);
                    }
                    LOSS
                }
            };
            self.say(at, title, remark);
        }
    }

    /// A notice of the desk. What was said before, word for word, is not said
    /// again; the oldest go, but no loss that nobody has read.
    pub fn say(&mut self, at: Timestamp, title: &str, mut remark: Remark) {
        if self.said(&remark.text) {
            return;
        }
        if self.own.len() >= MOST_REMARKS {
            match self.own.iter().position(|own| !self.is_loss(own)) {
                Some(goes) => drop(self.own.remove(goes)),
                None if remark.grade == Grade::Loss && !self.said(MORE) => {
                    MORE.clone_into(&mut remark.text);
                }
                None => return,
            }
        }
        if remark.grade == Grade::Loss {
            self.told(at, &remark.text);
        }
        self.put(at, title, remark);
    }

    fn said(&self, text: &str) -> bool {
        self.own.iter().any(|(_, own)| own.body == text)
    }

    fn put(&mut self, at: Timestamp, title: &str, remark: Remark) {
        self.remarked += 1;
        let n = self.remarked;
        let notice = Notice {
            id: format!("desk-{}-{n}", at.as_second()),
            at,
            title: title.to_owned(),
            body: remark.text,
            opens: None,
        };
        self.own.push((remark.grade, notice));
    }

    fn is_loss(&self, (grade, notice): &(Grade, Notice)) -> bool {
        *grade == Grade::Loss && !self.read.contains(&notice.id)
    }

    /// How many tell of a possible loss and have been read by nobody.
    pub fn losses(&self) -> usize {
        self.own.iter().filter(|own| self.is_loss(own)).count()
    }

    /// How many nobody has read.
    pub fn unread(&self) -> usize {
        self.all()
            .filter(|notice| !self.read.contains(&notice.id))
            .count()
    }

    /// The newest notice that opens the outage function and is not over.
    pub fn headline(&self, today: Date) -> Option<Notice> {
        self.notices
            .iter()
            .filter(|notice| notice.opens.is_some_and(|period| today <= period.to))
            .max_by_key(|notice| notice.at)
            .cloned()
    }

    /// What is no longer there need not be known as read.
    fn forget_gone(&mut self) {
        let mut read = std::mem::take(&mut self.read);
        read.retain(|id| self.all().any(|notice| notice.id == *id));
        self.read = read;
    }

    fn all(&self) -> impl Iterator<Item = &Notice> {
        (self.own.iter().map(|(_, own)| own)).chain(&self.notices)
    }

    fn newest_first(&self) -> Vec<Notice> {
        let mut all: Vec<Notice> = self.all().cloned().collect();
        all.sort_by_key(|notice| std::cmp::Reverse(notice.at));
        all
    }
}

impl Desk {
    pub(super) fn show_notices(&mut self, front: FrontId, ticket: Ticket) {
        let Some(asker) = self.asker(front, ticket) else {
            return;
        };
        // Those that are kept; nothing can be fetched in such a login's name.
        let offline = self.session(front).is_some_and(|session| session.offline);
        if self.notices.fetched || offline || !self.config.capabilities.notices {
            self.hand_out_notices(&asker);
        } else {
            self.notices.waiting.push(asker);
        }
        self.notices.want();
    }

    /// A search was refused although the function should be open.
    pub(super) fn function_refused(&mut self) {
        self.notices
            .refused(self.now.mono + self.config.notices_every);
    }

    fn hand_out_notices(&mut self, asker: &Asker) {
        let notices = self.notices.newest_first();
        let unread = notices
            .iter()
            .map(|notice| notice.id.clone())
            .filter(|id| !self.notices.read.contains(id))
            .collect();
        let ticket = asker.ticket;
        self.reply(
            asker,
            ToFront::Notices {
                ticket,
                notices,
                unread,
            },
        );
    }

    /// A person has had its text on the screen.
    pub(super) fn notice_read(&mut self, front: FrontId, id: String) {
        if self.notices.all().any(|notice| notice.id == id) {
            self.loss_read(front, &id);
            self.notices.read.insert(id);
        }
    }

    pub(super) fn fetch_notices(&mut self, token: &Token) {
        self.notices.wanted = false;
        self.notices.next = Some(self.now.mono + self.config.notices_every);
        if self.config.capabilities.notices {
            let token = token.clone();
            self.ask(Call::Notices { token }, Purpose::Notices);
        } else {
            self.line.probe_now(self.now);
        }
    }

    pub(super) fn notices_answered(&mut self, result: Result<Answer, Fault>) {
        match result {
            Ok(Answer::Notices { notices, period }) => {
                self.notices.take(notices, period);
                for asker in std::mem::take(&mut self.notices.waiting) {
                    self.hand_out_notices(&asker);
                }
            }
            Ok(_) => self.refuse_waiting(&Failure::Garbled {
                what: "お知らせの返事ではありません".to_owned(),
            }),
            Err(fault) => {
                self.notices.next = Some(self.now.mono + self.config.probe_every);
                self.notices.silent |= matches!(fault, Fault::NotAllowed | Fault::Refused { .. });
                for asker in std::mem::take(&mut self.notices.waiting) {
                    let failure = self.asked_failure(&asker, Right::Notices, fault.clone());
                    self.reply_failed(&asker, failure);
                }
            }
        }
    }

    fn refuse_waiting(&mut self, failure: &Failure) {
        for asker in std::mem::take(&mut self.notices.waiting) {
            self.reply_failed(&asker, failure.clone());
        }
    }

    /// Fetches what is wanted or due, in the name of anyone logged in.
    pub(super) fn refresh_notices(&mut self) {
        let Some(token) = self.any_token() else {
            if !self.notices.waiting.is_empty() {
                self.refuse_waiting(&Failure::SessionExpired);
            }
            return;
        };
        if let Some(failure) = (!self.notices.waiting.is_empty())
            .then(|| self.line_refusal())
            .flatten()
        {
            self.refuse_waiting(&failure);
        }
        let under_way = self
            .calls
            .values()
            .any(|asked| matches!(asked.purpose, Purpose::Notices));
        let due = self.next_notices().is_some_and(|at| at <= self.now.mono);
        if due && !under_way {
            self.fetch_notices(&token);
        }
    }

    pub(super) fn next_notices(&self) -> Option<Duration> {
        if !self.line.line().usable() || self.any_token().is_none() {
            return None;
        }
        let under_way = self
            .calls
            .values()
            .any(|asked| matches!(asked.purpose, Purpose::Notices));
        if under_way {
            return None;
        }
        let wanted = self.notices.wanted;
        Some(
            self.notices
                .next
                .filter(|_| !wanted)
                .unwrap_or(self.now.mono),
        )
    }

    pub(super) fn any_token(&self) -> Option<Token> {
        self.fronts
            .values()
            .find_map(|state| state.session.as_ref()?.token.clone())
    }
}
