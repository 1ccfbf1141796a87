//! The questions the desk asks for notes, and what becomes of their answers.

use super::lookups::{checked, found, tell_form};
use super::state::{Desk, Purpose};
use crate::central::call::{Answer, Call, Fault, Token};
use crate::domain::entitlement::Validity;
use crate::domain::note::{Change, Method, Note, NoteId, NoteState, Step, Way};
use crate::domain::number::number_forms;
use crate::domain::plan::{self, Outcome, Reply};
use jiff::{SignedDuration, Timestamp};
use std::time::Duration;

/// Where a question for a note stands.
pub(super) struct NoteQuestion {
    pub id: NoteId,
    pub revision: u32,
    pub way: Way,
    pub by: String,
    /// Other zero forms of the number to try (DOM-13).
    pub forms: Vec<String>,
    /// The number as typed, once another form is tried.
    pub typed: Option<String>,
    /// The form that is asked with.
    pub number: String,
    /// What went out for it, for the note's history.
    pub steps: Vec<Step>,
}

impl NoteQuestion {
    fn told(&mut self, at: Timestamp, text: String) {
        let by = self.by.clone();
        self.steps.push(Step { at, by, text });
    }
}

impl Desk {
    /// Sends the question of a note whose 照会中 is on disk; `false` if there
    /// is nobody in whose name.
    pub(super) fn ask_for_note(&mut self, id: &NoteId, revision: u32, way: Way) -> bool {
        let note = self.whole(id);
        let (Ok(note), Some((by, token))) = (note, self.token_for(way.method(), id)) else {
            return false;
        };
        let mut question = NoteQuestion {
            id: id.clone(),
            revision,
            way,
            by: by.clone(),
            forms: Vec::new(),
            typed: None,
            number: String::new(),
            steps: Vec::new(),
        };
        if way == Way::Card
            && let Some(insurance) = &note.content.insurance
        {
            question.forms = number_forms(&insurance.insurer, &insurance.number);
            question.forms.reverse();
            question.number = question.forms.pop().unwrap_or_default();
        }
        let text = self.sent_line(&question);
        question.told(self.now.wall, text);
        if !self.send_question(question, token) {
            // Not to be asked by this way after all, whatever the outline
            // says: a try like any other, so that it comes to an end.
            self.off_the_line(id);
            let what = "照会の内容が足りません".to_owned();
            let reply = Reply::Failed {
                retry_after: None,
                what,
            };
            self.come_to(&note, way, by, Vec::new(), reply);
        }
        true
    }

    /// What the history says of a question that goes out: its number where
    /// other forms may follow, and who asked for the note again, or started the
    /// sync, if it goes out in somebody else's name.
    fn sent_line(&self, question: &NoteQuestion) -> String {
        let number = (!question.forms.is_empty()).then(|| format!("番号 {}", question.number));
        let asker = self.sync_asker(&question.id);
        let asker = asker.map(|user| (user, format!("{user} の再照会")));
        let starter = self.sync_starter();
        let starter = starter.map(|user| (user, format!("{user} が始めた一括照会")));
        let person = asker.or(starter).filter(|(user, _)| *user != question.by);
        let person = person.map(|(_, text)| text);
        let more: Vec<String> = number.into_iter().chain(person).collect();
        let label = question.way.label();
        if more.is_empty() {
            format!("{label}で照会します。")
        } else {
            format!("{label}で照会します（{}）。", more.join("、"))
        }
    }

    fn send_question(&mut self, question: NoteQuestion, token: Token) -> bool {
        let note = self.whole(&question.id).ok();
        let content = note.as_ref().map(|note| &note.content);
        let id = question.id.0.clone();
        let call = match question.way.method() {
            Method::Card => content.and_then(|content| {
                let mut query = content.card_query()?;
                query.insurance.number.clone_from(&question.number);
                Some(Call::Lookup { token, id, query })
            }),
            Method::Four => content.and_then(|content| {
                let query = question.way.query(content)?;
                Some(Call::Search { token, id, query })
            }),
        };
        let asked = call.is_some();
        if let Some(call) = call {
            self.ask(call, Purpose::Note(question));
        }
        asked
    }

    pub(super) fn note_answered(
        &mut self,
        mut question: NoteQuestion,
        token: Option<Token>,
        result: Result<Answer, Fault>,
    ) {
        let id = question.id.clone();
        self.off_the_line(&id);
        let Ok(note) = self.whole(&id) else {
            self.done_with(&id);
            return;
        };
        let current = note.revision == question.revision
            && note.state == NoteState::Asking { way: question.way };
        if !current {
            // Edited or cancelled meanwhile: the answer is not about it. That
            // it was asked for stays known.
            self.done_with(&id);
            let change = Change::Unused(question.steps);
            self.desk_wishes(&id, note.revision, change, question.by);
            return;
        }
        let content = &note.content;
        let (visit, birth) = (content.visit_date, content.birth_date);
        let reply = match question.way.method() {
            Method::Card => checked(result, visit, Some(birth)).map(Reply::Checked),
            Method::Four => match question.way.query(content) {
                Some(query) => {
                    let found = found(result, &query).map(Reply::Found);
                    if found.is_ok() {
                        self.opening_used(&question.by);
                    }
                    found
                }
                None => Err(Fault::NoAnswer),
            },
        };
        let reply = match reply {
            Ok(Reply::Checked(answer)) if answer.validity == Validity::NotFound => {
                if let (Some(next), Some(token)) = (question.forms.pop(), token) {
                    let missed = std::mem::replace(&mut question.number, next);
                    let next = &question.number;
                    let text = format!("番号 {missed} は該当なし。番号 {next} で照会します。");
                    question.typed.get_or_insert(missed);
                    question.told(self.now.wall, text);
                    self.on_the_line(&id);
                    if !self.send_question(question, token) {
                        self.off_the_line(&id);
                        self.done_with(&id);
                        self.reconsider(&id);
                    }
                    return;
                }
                Reply::Checked(answer)
            }
            Ok(Reply::Checked(mut answer)) => {
                // The same number written otherwise (DOM-11), and the answer
                // fits the birth date: it counts like the number as typed, and
                // is told (DOM-13).
                if let Some(typed) = question.typed.clone() {
                    tell_form(&mut answer, "控え", &typed, &question.number);
                    let hit = &question.number;
                    let text = format!("番号 {hit} で見つかりました（控えは {typed}）。");
                    question.told(self.now.wall, text);
                }
                Reply::Checked(answer)
            }
            Ok(reply) => reply,
            Err(fault) => self.turned(fault, &question),
        };
        self.come_to(&note, question.way, question.by, question.steps, reply);
    }

    /// What was answered becomes what is written.
    fn come_to(&mut self, note: &Note, way: Way, by: String, steps: Vec<Step>, reply: Reply) {
        let id = note.id.clone();
        let outcome = plan::judge(note, way, reply, &self.world());
        let not_before = match &outcome {
            Outcome::Retry { retry_after, .. } => {
                self.sync.doubtful.insert(id.clone());
                let wait = plan::backoff(note.attempts, *retry_after, self.rng.u64(..));
                Some(later(self.now.wall, wait))
            }
            _ => None,
        };
        if matches!(outcome, Outcome::Resolve(_) | Outcome::Person(_)) {
            self.sync.doubtful.remove(&id);
        }
        let change = Change::Answer {
            way,
            outcome,
            not_before,
            steps,
        };
        self.desk_wishes(&id, note.revision, change, by);
    }

    /// What a fault means for a note. Not counted is only what cannot come
    /// again at once: the token is gone, the function closed for a while.
    fn turned(&mut self, fault: Fault, question: &NoteQuestion) -> Reply {
        let failed = |what: &str, retry_after| Reply::Failed {
            retry_after,
            what: what.to_owned(),
        };
        match fault {
            Fault::Unreachable(_) => failed("中央システムにつながりません", None),
            Fault::NoAnswer => failed("返事を受け取れませんでした", None),
            Fault::Garbled(what) => failed(&format!("返事を読めません（{what}）"), None),
            Fault::Status {
                status,
                retry_after,
            } => failed(
                &format!("中央システムが混んでいるか止まっています（{status}）"),
                retry_after,
            ),
            // A token that was refused as soon as it was given: the next one
            // may fare no better.
            Fault::Unauthorized if self.machine_rests(&question.by) => {
                failed("ログインがすぐに切れました", None)
            }
            Fault::Unauthorized => Reply::Turned {
                what: "ログインの期限が切れていました".to_owned(),
            },
            Fault::Locked => failed("アカウントがロックされています", None),
            Fault::Inactive => failed("アカウントが無効です", None),
            // No answers to such a question.
            Fault::WrongPassword | Fault::AlreadyLoggedIn => {
                failed("返事を読めません（ログインの返事です）", None)
            }
            Fault::FunctionClosed if question.way.method() == Method::Card => {
                failed("返事を読めません（資格情報照会の返事です）", None)
            }
            Fault::FunctionClosed => {
                self.function_refused();
                Reply::Turned {
                    what: "緊急時医療情報・資格確認機能が開いていません".to_owned(),
                }
            }
            Fault::NotAllowed => Reply::Refused {
                code: String::new(),
                message: "このアカウントでは照会できません".to_owned(),
            },
            Fault::WrongInstitution => Reply::Refused {
                code: self.config.institution_code.clone(),
                message: "医療機関コードが受け付けられません".to_owned(),
            },
            Fault::Refused { code, message } => Reply::Refused { code, message },
        }
    }
}

fn later(at: Timestamp, wait: Duration) -> Timestamp {
    SignedDuration::try_from(wait)
        .ok()
        .and_then(|wait| at.checked_add(wait).ok())
        .unwrap_or(at)
}
