//! The question: checked, sent, and its answer heard, or that there is none.

use super::{State, Step};
use crate::domain::entitlement::{Eligibility, Validity};
use crate::domain::failure::Failure;
use crate::domain::field::Field;
use crate::domain::form::LookupForm;
use crate::domain::insurance::LookupQuery;
use crate::domain::number::insurer_corrections;
use crate::domain::time::clock_text;
use crate::front::app::{Cx, Go, Tone};
use crate::front::panes::{Pane, result};
use crate::link::message::{ToDesk, ToFront};

impl State {
    pub(super) fn run(&mut self, cx: &mut Cx<'_>) {
        self.advice.clear();
        match LookupForm(self.form.values()).check(cx.now.today()) {
            Ok(query) => self.ask(cx, query, false),
            Err(problems) => {
                if let Some(first) = problems.first() {
                    cx.say(Tone::Error, first.to_string());
                }
                self.form.set_problems(problems);
            }
        }
    }

    pub(super) fn ask(&mut self, cx: &mut Cx<'_>, query: LookupQuery, again: bool) {
        cx.hush();
        self.form.set_problems(Vec::new());
        self.cleared = None;
        let ticket = cx.ticket();
        cx.send(ToDesk::Lookup {
            ticket,
            query: query.clone(),
        });
        self.step = Step::Asking {
            ticket,
            query,
            again,
        };
    }

    /// The answer to the question on its way, and to no other.
    pub fn hear(&mut self, cx: &mut Cx<'_>, message: &ToFront) {
        if let (Step::Failed { cut, .. }, ToFront::Status(status)) = (&mut self.step, message) {
            *cut |= !status.line.usable();
        }
        let Step::Asking { ticket: asked, .. } = &self.step else {
            return;
        };
        match message {
            ToFront::LookedUp { ticket, answer } if ticket == asked => {
                self.step = Step::Typing;
                self.answered(cx, answer);
            }
            ToFront::Failed { ticket, failure } if ticket == asked => {
                let asked = std::mem::replace(&mut self.step, Step::Typing);
                self.not_answered(cx, asked, failure);
            }
            _ => {}
        }
    }

    fn answered(&mut self, cx: &mut Cx<'_>, answer: &Eligibility) {
        match answer.validity {
            Validity::NotFound if answer.entitlements.is_empty() => {
                self.advise();
                cx.say(
                    Tone::Warning,
                    "該当する資格がありません。入力を確かめてください。",
                );
            }
            Validity::Several if answer.entitlements.is_empty() => {
                self.form.focus_on(Field::Branch);
                cx.say(
                    Tone::Warning,
                    "複数の方が該当します。枝番を入れて、もう一度照会してください。",
                );
            }
            _ => {
                cx.hush();
                self.done = true;
                cx.go(Go::Push(Pane::Result(Box::new(result::State::new(
                    answer.clone(),
                    result::Origin::Lookup,
                )))));
            }
        }
    }

    /// What people mistype, nearest first (DOM-4, DOM-13, DOM-17).
    fn advise(&mut self) {
        let corrections = insurer_corrections(self.form.text(Field::InsurerNumber));
        let list: Vec<String> = corrections.into_iter().take(3).collect();
        if !list.is_empty() {
            self.advice.push(format!(
                "保険者番号の検証番号が合いません。{} ではありませんか。",
                list.join(" か ")
            ));
        }
        if !self.form.text(Field::Branch).is_empty() {
            self.advice
                .push("枝番はカードに記載がありますか。なければ空けて照会し直せます。".to_owned());
        }
        self.advice.push(
            "記号・番号の 3・5・8、0・6、1・7 と、生年月日の元号を確かめてください。".to_owned(),
        );
        self.advice.push(
            "保険者の登録がまだのことがあります。3～4日程度経過してから、再度確認してください。"
                .to_owned(),
        );
    }

    fn not_answered(&mut self, cx: &mut Cx<'_>, asked: Step, failure: &Failure) {
        match failure {
            Failure::Unreachable { .. }
            | Failure::NoAnswer
            | Failure::Unavailable { .. }
            | Failure::DeskLost => {
                if let Step::Asking { query, again, .. } = asked {
                    cx.hush();
                    if again {
                        let at = clock_text(cx.now.wall);
                        let text = format!("もう一度送りましたが届きません（{at}）。");
                        cx.say(Tone::Warning, text);
                    }
                    self.step = Step::Failed {
                        failure: failure.clone(),
                        query,
                        cut: cx.known.status.as_ref().is_some_and(|s| !s.line.usable()),
                    };
                }
            }
            Failure::Input { problems } => {
                cx.say(Tone::Error, failure.to_string());
                self.form.set_problems(problems.clone());
            }
            failure => cx.say(Tone::Error, failure.to_string()),
        }
    }
}
