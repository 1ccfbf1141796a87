//! What a person asks of the central system: look-ups, searches, choices,
//! registrations, result files. Each is sent once (DOM-67, REL-12).

use super::event::{Action, WriteId};
use super::faults::outcome;
use super::state::{Asker, Desk, Purpose, Writing};
use crate::central::call::{Answer, Call, Fault, Token};
use crate::domain::account::Right;
use crate::domain::entitlement::{Eligibility, Found, GivenDate, Remark, Validity};
use crate::domain::failure::Failure;
use crate::domain::insurance::{InsuranceNumbers, LookupQuery};
use crate::domain::note::Method;
use crate::domain::number::number_forms;
use crate::domain::outcome::Outcome;
use crate::domain::person::OutageQuery;
use crate::domain::readback::Proof;
use crate::domain::time::{compact_date, jst};
use crate::link::message::{FrontId, Ticket, ToFront};
use crate::store::record::{Masked, What};
use jiff::civil::Date;

impl Desk {
    pub(super) fn asker(&self, front: FrontId, ticket: Ticket) -> Option<Asker> {
        let session = self.session(front)?;
        Some(Asker {
            front,
            ticket,
            serial: session.serial,
            user: session.staff.user.clone(),
        })
    }

    /// As [`Desk::admit`], for 方法3: refused while the function is known to be
    /// closed (OUT-5).
    pub(super) fn admit_search(
        &mut self,
        front: FrontId,
        ticket: Ticket,
    ) -> Option<(Asker, Token)> {
        let can = self.config.capabilities.search;
        if can && self.notices.closed(self.now.today()) {
            let period = self.notices.period();
            self.fail(front, ticket, Failure::FunctionClosed { period });
            return None;
        }
        self.admit(front, ticket, can)
    }

    /// Who asks and in whose name, or the question is refused here.
    pub(super) fn admit(
        &mut self,
        front: FrontId,
        ticket: Ticket,
        can: bool,
    ) -> Option<(Asker, Token)> {
        let asker = self.asker(front, ticket)?;
        let token = self.session(front)?.token.clone();
        let failure = if can {
            self.line_refusal()
        } else {
            Some(Failure::NoCapability)
        };
        match (failure, token) {
            (Some(failure), _) => {
                self.reply_failed(&asker, failure);
                None
            }
            (None, None) => {
                self.reply_failed(&asker, Failure::SessionExpired);
                None
            }
            (None, Some(token)) => Some((asker, token)),
        }
    }

    /// `ArbitraryFileIdentifier` of a person's question: unique over restarts.
    pub(super) fn question_id(&self) -> String {
        let at = jst(self.now.wall);
        format!(
            "Q{}{:02}{:02}{:02}-{}",
            compact_date(at.date()),
            at.hour(),
            at.minute(),
            at.second(),
            self.next_call
        )
    }

    pub(super) fn lookup(&mut self, front: FrontId, ticket: Ticket, query: LookupQuery) {
        let can = self.config.capabilities.lookup;
        let Some((asker, token)) = self.admit(front, ticket, can) else {
            return;
        };
        let mut forms = number_forms(&query.insurance.insurer, &query.insurance.number);
        forms.reverse();
        forms.pop();
        self.ask_lookup(asker, token, query, forms, None);
    }

    fn ask_lookup(
        &mut self,
        asker: Asker,
        token: Token,
        query: LookupQuery,
        forms: Vec<String>,
        first: Option<(String, Box<Eligibility>)>,
    ) {
        let id = self.question_id();
        let what = Call::Lookup {
            token,
            id,
            query: query.clone(),
        };
        let purpose = Purpose::Lookup {
            asker,
            query,
            forms,
            first,
        };
        self.ask(what, purpose);
    }

    pub(super) fn lookup_answered(
        &mut self,
        asker: Asker,
        token: Option<Token>,
        mut query: LookupQuery,
        mut forms: Vec<String>,
        first: Option<(String, Box<Eligibility>)>,
        result: Result<Answer, Fault>,
    ) {
        let mut answer = match checked(result, query.check_date, Some(query.birth_date)) {
            Ok(answer) => answer,
            Err(fault) => {
                let numbers = Masked::of(&query.insurance);
                return self.question_failed(&asker, Question::Card, numbers, fault);
            }
        };
        let missed = answer.validity == Validity::NotFound;
        let waits = self.still_there(&asker);
        if missed
            && waits
            && let (Some(next), Some(token)) = (forms.pop(), token)
        {
            let typed = std::mem::replace(&mut query.insurance.number, next);
            let first = first.or(Some((typed, answer)));
            return self.ask_lookup(asker, token, query, forms, first);
        }
        match first {
            None => {}
            Some((_, first)) if missed => answer = first,
            Some((typed, _)) => tell_form(&mut answer, "入力", &typed, &query.insurance.number),
        }
        let numbers = Masked::of(&query.insurance);
        let line = Question::Card.line(answer.validity.code(), numbers);
        let ticket = asker.ticket;
        self.audit_then(asker, line, ToFront::LookedUp { ticket, answer });
    }

    pub(super) fn search(&mut self, front: FrontId, ticket: Ticket, query: OutageQuery) {
        let Some((asker, token)) = self.admit_search(front, ticket) else {
            return;
        };
        let id = self.question_id();
        let what = Call::Search {
            token,
            id,
            query: query.clone(),
        };
        self.ask(what, Purpose::Search { asker, query });
    }

    pub(super) fn search_answered(
        &mut self,
        asker: Asker,
        query: &OutageQuery,
        result: Result<Answer, Fault>,
    ) {
        let found = match found(result, query) {
            Ok(found) => found,
            Err(fault) => {
                return self.question_failed(&asker, Question::Four, Masked::default(), fault);
            }
        };
        if let Some(session) = self.session_mut(asker.front)
            && session.serial == asker.serial
        {
            session.found = match &found {
                Found::Several(list) => list.clone(),
                _ => Vec::new(),
            };
        }
        let outcome = match &found {
            Found::None => Outcome::None.code().to_owned(),
            Found::One(answer) => answer.validity.code().to_owned(),
            Found::Several(list) => format!("several-{}", list.len()),
            Found::TooMany => Outcome::TooMany.code().to_owned(),
        };
        let numbers = match &found {
            Found::One(answer) => Masked::found(answer),
            _ => Masked::default(),
        };
        let ticket = asker.ticket;
        let line = Question::Four.line(&outcome, numbers);
        self.opening_used(&asker.user);
        self.audit_then(asker, line, ToFront::Searched { ticket, found });
    }

    pub(super) fn choose(
        &mut self,
        front: FrontId,
        ticket: Ticket,
        key: String,
        check_date: Date,
        read_back: Option<Proof>,
    ) {
        let list = self.session(front).map(|session| session.found.clone());
        let list = list.unwrap_or_default();
        // Who is not known here cannot be told from others (DOM-40, DOM-68).
        if !list.iter().any(|candidate| candidate.key == key) {
            let why = "検索の結果が窓口サービスに残っていません。もう一度検索してください。";
            let why = why.to_owned();
            return self.fail(front, ticket, Failure::NotNow { why });
        }
        if let Some(asked) = self.doubles_found(&list, &key)
            && !read_back.is_some_and(|proof| asked.takes(proof))
        {
            return self.fail(front, ticket, Failure::ReadBack(Box::new(asked)));
        }
        let Some((asker, token)) = self.admit_search(front, ticket) else {
            return;
        };
        let id = self.question_id();
        let what = Call::Choose {
            token,
            id,
            key,
            check_date,
        };
        self.ask(what, Purpose::Choose { asker, check_date });
    }

    pub(super) fn choice_answered(
        &mut self,
        asker: Asker,
        check_date: Date,
        result: Result<Answer, Fault>,
    ) {
        match checked(result, check_date, None) {
            Ok(answer) => {
                let numbers = Masked::found(&answer);
                let line = Question::Choice.line(answer.validity.code(), numbers);
                let ticket = asker.ticket;
                self.audit_then(asker, line, ToFront::LookedUp { ticket, answer });
            }
            Err(fault) => {
                self.question_failed(&asker, Question::Choice, Masked::default(), fault);
            }
        }
    }

    pub(super) fn register(
        &mut self,
        front: FrontId,
        ticket: Ticket,
        insurance: InsuranceNumbers,
        reference: String,
    ) {
        let can = self.config.capabilities.register;
        let Some((asker, token)) = self.admit(front, ticket, can) else {
            return;
        };
        let numbers = Masked::of(&insurance);
        let what = Call::Register {
            token,
            insurance,
            reference,
        };
        self.ask(what, Purpose::Register { asker, numbers });
    }

    pub(super) fn register_answered(
        &mut self,
        asker: Asker,
        numbers: Masked,
        result: Result<Answer, Fault>,
    ) {
        match result {
            Ok(Answer::Registered) => {
                let ticket = asker.ticket;
                let done = ToFront::Done { ticket };
                self.audit_then(asker, What::Registered { numbers }, done);
            }
            Ok(_) => self.reply_failed(
                &asker,
                Failure::Garbled {
                    what: "登録の返事ではありません".to_owned(),
                },
            ),
            Err(fault) => {
                let failure = self.asked_failure(&asker, Right::Lookup, fault);
                self.reply_failed(&asker, failure);
            }
        }
    }

    /// Writes a result file.
    pub(super) fn download(&mut self, front: FrontId, ticket: Ticket, answer: Box<Eligibility>) {
        let Some(asker) = self.asker(front, ticket) else {
            return;
        };
        let numbers = Masked::found(&answer);
        let write = self.write_id(Writing::File {
            asker,
            numbers,
            note: None,
        });
        let name = self.file_name(write);
        self.out.push(Action::SaveFile {
            write,
            name,
            answer,
        });
    }

    /// A name for a result file; says nothing about the patient.
    pub(super) fn file_name(&self, write: WriteId) -> String {
        format!("OQSsiquc01res_{}-{}.xml", self.question_id(), write.0)
    }

    pub(super) fn question_failed(
        &mut self,
        asker: &Asker,
        question: Question,
        numbers: Masked,
        fault: Fault,
    ) {
        self.audit_of(asker, question.line(outcome(&fault).code(), numbers));
        if fault == Fault::FunctionClosed {
            self.function_refused();
        }
        let failure = self.asked_failure(asker, question.right(), fault);
        self.reply_failed(asker, failure);
    }

    /// As [`Desk::failure`], with the account kind of the person who asked and
    /// the right that it takes.
    pub(super) fn asked_failure(&self, asker: &Asker, right: Right, fault: Fault) -> Failure {
        match (fault, self.session(asker.front)) {
            (Fault::NotAllowed, Some(session)) => Failure::NotAllowed {
                kind: session.staff.kind,
                right,
            },
            (fault, _) => self.failure(fault),
        }
    }
}

/// What a person asked about somebody, for its line.
#[derive(Debug, Clone, Copy)]
pub(super) enum Question {
    /// 方法2.
    Card,
    /// 方法3.
    Four,
    /// One of the candidates of 方法3.
    Choice,
}

impl Question {
    fn right(self) -> Right {
        match self {
            Self::Card => Right::Lookup,
            Self::Four | Self::Choice => Right::OutageSearch,
        }
    }

    fn line(self, outcome: &str, numbers: Masked) -> What {
        What::LookedUp {
            method: match self {
                Self::Card => Method::Card,
                Self::Four | Self::Choice => Method::Four,
            },
            outcome: outcome.to_owned(),
            numbers,
            chosen: matches!(self, Self::Choice),
        }
    }
}

/// An answer about one person, if it is about the day and the birth date that
/// were asked for (REL-14).
pub(super) fn checked(
    result: Result<Answer, Fault>,
    check_date: Date,
    birth_date: Option<Date>,
) -> Result<Box<Eligibility>, Fault> {
    match result? {
        Answer::Checked(answer) => {
            fits(&answer, check_date, birth_date)?;
            Ok(answer)
        }
        _ => Err(Fault::Garbled("照会の返事ではありません".to_owned())),
    }
}

/// As [`checked`], for a search.
pub(super) fn found(result: Result<Answer, Fault>, query: &OutageQuery) -> Result<Found, Fault> {
    match result? {
        Answer::Found(found) => {
            if let Found::One(answer) = &found {
                fits(answer, query.check_date, Some(query.birth_date))?;
            }
            Ok(found)
        }
        _ => Err(Fault::Garbled("検索の返事ではありません".to_owned())),
    }
}

fn fits(answer: &Eligibility, check_date: Date, birth_date: Option<Date>) -> Result<(), Fault> {
    if answer.check_date != check_date {
        return Err(Fault::Garbled("資格確認日が違います".to_owned()));
    }
    let other = answer.entitlements.iter().any(|entitlement| {
        matches!((&entitlement.birth_date, birth_date),
            (GivenDate::Day(day), Some(asked)) if *day != asked)
    });
    if other {
        return Err(Fault::Garbled("生年月日が違います".to_owned()));
    }
    Ok(())
}

/// Tells which form of the number was found (DOM-13); `source` is where the
/// other form stands.
pub(super) fn tell_form(answer: &mut Eligibility, source: &str, typed: &str, hit: &str) {
    let told = format!("番号 {hit} で見つかりました（{source}は {typed}）。");
    answer.remark = Some(match answer.remark.take() {
        None => Remark {
            code: String::new(),
            message: told,
        },
        Some(remark) => Remark {
            code: remark.code,
            message: format!("{} {told}", remark.message),
        },
    });
}
