//! The desk's actions carried out: handed on, or a task of their own.

use super::{Input, Shell, files};
use crate::central::xml;
use crate::desk::event::{Action, Event};
use crate::desk::{print, verifier};
use crate::store::worker::Job;
use std::sync::Arc;

impl Shell {
    pub(super) fn act(&mut self, action: Action) {
        match action {
            Action::Tell { front, message } => self.tell(front, message),
            Action::Close { front } => {
                self.fronts.remove(&front);
            }
            Action::Ask { call, what } => self.ask(call, what),
            Action::Write { write, record } => {
                self.store.send(Job::Append {
                    id: write.0,
                    record,
                });
            }
            Action::KeepDraft { user, draft } => {
                self.store.send(Job::Draft { user, draft });
            }
            Action::SaveFile {
                write,
                name,
                answer,
            } => {
                let (folder, institution) = (self.downloads.clone(), self.institution.clone());
                let inbox = self.inbox.clone();
                tokio::spawn(async move {
                    let saved = tokio::task::spawn_blocking(move || {
                        let document = xml::write(&answer, &institution, "");
                        files::save(&folder, &name, document.as_bytes())
                    });
                    let result = saved
                        .await
                        .unwrap_or_else(|_| Err("内部の誤りで保存できませんでした。".to_owned()));
                    let event = Event::FileSaved { write, result };
                    let _ = inbox.send(Input::Event(event)).await;
                });
            }
            Action::Verify {
                work,
                password,
                verifier,
                cost,
            } => self.ponder(
                move || verifier::fits(&password, verifier.as_deref(), cost),
                move |fits| Event::Verified {
                    work,
                    fits: fits.unwrap_or(false),
                },
            ),
            Action::Hash {
                work,
                password,
                cost,
            } => self.ponder(
                move || verifier::make(&password, cost),
                move |made| Event::Hashed {
                    work,
                    verifier: made.flatten(),
                },
            ),
            Action::SavePaper {
                write,
                name,
                paper,
                format,
            } => {
                let folder = self.downloads.clone();
                let inbox = self.inbox.clone();
                tokio::spawn(async move {
                    let saved = tokio::task::spawn_blocking(move || {
                        files::save(&folder, &name, &print::bytes(&paper, format))
                    });
                    let result = saved
                        .await
                        .unwrap_or_else(|_| Err("内部の誤りで保存できませんでした。".to_owned()));
                    let _ = inbox
                        .send(Input::Event(Event::FileSaved { write, result }))
                        .await;
                });
            }
            Action::Card(job) => self.reader.send(job),
            Action::DemoCard { card } => self.reader.put(card.as_deref()),
            Action::DemoOutage { on } => {
                if let Some(switch) = &self.demo_outage {
                    switch(on);
                }
            }
            Action::WakeAt(at) => self.wake = at,
        }
    }

    /// Something slow that needs no more than the processor and some memory:
    /// one at a time, on a thread of its own.
    fn ponder<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
        event: impl FnOnce(Option<T>) -> Event + Send + 'static,
    ) {
        let (turn, inbox) = (Arc::clone(&self.pondering), self.inbox.clone());
        tokio::spawn(async move {
            let _turn = turn.acquire_owned().await;
            let done = tokio::task::spawn_blocking(work).await.ok();
            let _ = inbox.send(Input::Event(event(done))).await;
        });
    }
}
