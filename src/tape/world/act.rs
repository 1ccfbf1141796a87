//! What the desk service wants done, done at once or put off by virtual time.

use super::{Work, World};
use crate::card::job::Report;
use crate::desk::event::{Action, Event};
use crate::desk::verifier;
use crate::front::app::Msg;
use crate::simulator::embedded;
use std::time::Duration;

/// What a black hole costs: the client's own limit (SEC-40).
const NO_ANSWER_AFTER: Duration = Duration::from_secs(10);

impl World {
    pub(super) fn act(&mut self, action: Action) {
        match action {
            Action::Tell { front, message } => {
                self.work
                    .push_back(Work::Front(front, Msg::Desk(Box::new(message))));
            }
            Action::Close { front } => self.work.push_back(Work::Front(front, Msg::LinkLost)),
            Action::Ask { call, what } => {
                let code = self.core.facility().code.clone();
                let (after, result) = embedded::ask_now(&mut self.core, self.now, &what, &code);
                let (after, result) = match result {
                    Some(result) => (after, result),
                    None => (NO_ANSWER_AFTER, Err(crate::central::call::Fault::NoAnswer)),
                };
                self.later(after, Event::Answered { call, result });
            }
            Action::Write { write, record } => {
                let result = match &mut self.store {
                    Some(store) => store.append(&record).map(|_| ()),
                    None => continue_without_store(self.folder.path()),
                };
                self.work
                    .push_back(Work::Desk(Event::Written { write, result }));
            }
            Action::KeepDraft { user, draft } => {
                if let Some(store) = &mut self.store
                    && let Err(error) = store.keep_draft(&user, draft.as_ref())
                {
                    self.remember(format!("下書きを保存できません: {error}"));
                }
            }
            Action::SaveFile {
                write,
                name,
                answer,
            } => {
                let result = self.save_file(&name, &answer);
                self.work
                    .push_back(Work::Desk(Event::FileSaved { write, result }));
            }
            Action::SavePaper {
                write,
                name,
                paper,
                format,
            } => {
                let bytes = crate::desk::print::bytes(&paper, format);
                let result = self.save_bytes(&name, &bytes);
                self.work
                    .push_back(Work::Desk(Event::FileSaved { write, result }));
            }
            Action::Verify {
                work,
                password,
                verifier,
                cost,
            } => {
                let fits = verifier::fits(&password, verifier.as_deref(), cost);
                let event = Event::Verified { work, fits };
                self.work.push_back(Work::Desk(event));
            }
            Action::Hash {
                work,
                password,
                cost,
            } => {
                let verifier = verifier::make(&password, cost);
                let event = Event::Hashed { work, verifier };
                self.work.push_back(Work::Desk(event));
            }
            Action::Card(job) => {
                let reports = self.reader.send(self.now, job);
                self.hear(reports);
            }
            Action::DemoCard { card } => match self.reader.put(self.now, card.as_deref()) {
                Ok(reports) => self.hear(reports),
                Err(error) => self.remember(error.to_string()),
            },
            Action::DemoOutage { on } => {
                let value = if on { "on" } else { "off" };
                if let Err(error) = self.core.set_text(self.now, "outage", value) {
                    self.remember(error);
                }
            }
            Action::WakeAt(at) => self.desk_wake = at,
        }
    }

    /// What the reader says.
    pub(super) fn hear(&mut self, reports: Vec<Report>) {
        let events = reports.into_iter().map(|r| Work::Desk(Event::Card(r)));
        self.work.extend(events);
    }

    fn save_file(
        &self,
        name: &str,
        answer: &crate::domain::entitlement::Eligibility,
    ) -> Result<String, String> {
        let text = crate::central::xml::write(answer, &self.core.facility().code, "");
        self.save_bytes(name, text.as_bytes())
    }

    fn save_bytes(&self, name: &str, bytes: &[u8]) -> Result<String, String> {
        let folder = self.folder.path().join("download");
        std::fs::create_dir_all(&folder).map_err(|e| e.to_string())?;
        std::fs::write(folder.join(name), bytes).map_err(|e| e.to_string())?;
        // The folder is another one in every run; screens show its end only.
        Ok(format!("download/{name}"))
    }

    fn later(&mut self, after: Duration, event: Event) {
        self.next_due += 1;
        self.due
            .insert((self.now.mono + after, self.next_due), event);
    }
}

fn continue_without_store(
    folder: &std::path::Path,
) -> Result<(), crate::store::record::StoreError> {
    Err(crate::store::record::StoreError::Io {
        dir: folder.display().to_string(),
        what: "開いていません".into(),
    })
}
