//! 控えの完了: what is left to do with a resolved note, one key a step, and
//! who did which of it (OUT-56, OUT-81 to 86, DOM-73).

mod layout;
#[cfg(test)]
mod tests;

use crate::domain::entry::{DateReading, Purpose, read_date};
use crate::domain::field::Field;
use crate::domain::form;
use crate::domain::note::{Note, NoteState};
use crate::domain::settling::{self, Item};
use crate::domain::time::{Now, slash_date};
use crate::front::app::{Cx, Go, Input, Known, Tone};
use crate::front::canvas::Canvas;
use crate::front::edit;
use crate::front::keys::Context;
use crate::front::keys::command::Command;
use crate::front::sheet::Scroll;
use crate::link::message::{SettlingStep, Ticket, ToDesk, ToFront};
use crate::text::field::LineField;
use crate::text::fold;

/// What is open over the check list.
#[derive(Debug, Default)]
enum Mode {
    #[default]
    List,
    /// The 照会番号 is typed.
    Editing(LineField),
    /// Something is left: whether it is settled all the same.
    Leaving(Vec<Item>),
    /// The day it is looked up again (DOM-91).
    Day(LineField),
    /// Why it is not looked up again.
    Drop(LineField),
}

/// What was asked of the desk service.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Waiting {
    Step(Item),
    Settle,
    Follow,
}

fn typed(cx: &mut Cx<'_>, line: &mut LineField, field: Field, input: &Input) {
    if let Err(why) = edit::typed(line, field, input) {
        cx.say(Tone::Error, why);
    }
}

/// The pane.
#[derive(Debug)]
pub struct State {
    note: Box<Note>,
    mode: Mode,
    /// A number left with 戻る before it was registered.
    typed: Option<LineField>,
    scroll: Scroll,
    waiting: Option<(Ticket, Waiting)>,
}

impl State {
    /// Over a resolved note; `None` for any other.
    pub fn new(note: &Note) -> Option<Self> {
        matches!(note.state, NoteState::Resolved(_)).then(|| Self {
            note: Box::new(note.clone()),
            mode: Mode::List,
            typed: None,
            scroll: Scroll::default(),
            waiting: None,
        })
    }

    /// The table of the keymap that holds now.
    pub fn context(&self) -> Context {
        match self.mode {
            Mode::List => Context::Settling,
            Mode::Editing(_) => Context::Reference,
            Mode::Leaving(_) => Context::Ask,
            Mode::Day(_) | Mode::Drop(_) => Context::Reason,
        }
    }

    /// Whether characters go into a line.
    pub fn typing(&self) -> bool {
        matches!(self.mode, Mode::Editing(_) | Mode::Day(_) | Mode::Drop(_))
    }

    /// What submitting the line does, where it is no 取消.
    pub fn submits(&self) -> Option<&'static str> {
        matches!(self.mode, Mode::Day(_) | Mode::Drop(_)).then_some("決める")
    }

    /// It came to the top.
    pub fn opened(&mut self, _cx: &mut Cx<'_>) {}

    /// A key's meaning, a character, a paste.
    pub fn input(&mut self, cx: &mut Cx<'_>, input: Input) {
        match (&mut self.mode, input) {
            (Mode::List, Input::Command(Command::Back | Command::Leave)) => cx.go(Go::Back),
            (Mode::List, Input::Command(Command::Submit)) => self.finish(cx),
            (Mode::List, Input::Command(Command::Next)) => {
                cx.say(Tone::Hint, "番号で進め、済んだら {submit} で完了にします。");
            }
            (Mode::List, Input::Command(Command::Follow)) => {
                let day = self.note.follow.as_ref();
                let day = day.map_or_else(String::new, |follow| slash_date(follow.day));
                cx.hush();
                self.mode = Mode::Day(edit::line(Field::CheckDate, &day));
            }
            (Mode::List, Input::Char(c)) => self.picked(cx, c),
            (Mode::List, Input::Command(command)) => {
                self.scroll.moved(command, layout::rows(self));
            }
            (Mode::List | Mode::Leaving(_), _) if self.waiting.is_some() => {}
            (Mode::Leaving(_), Input::Command(Command::Submit)) => self.settle(cx),
            (Mode::Leaving(_), Input::Command(Command::Leave)) => self.mode = Mode::List,
            (Mode::Editing(_), input) => self.edit(cx, &input),
            (Mode::Day(_) | Mode::Drop(_), Input::Command(Command::Back | Command::Leave)) => {
                self.mode = Mode::List;
            }
            (Mode::Day(_) | Mode::Drop(_), Input::Command(Command::Submit | Command::Next)) => {
                self.day_given(cx);
            }
            (Mode::Day(field), input) => typed(cx, field, Field::CheckDate, &input),
            (Mode::Drop(field), input) => typed(cx, field, Field::Reason, &input),
            _ => {}
        }
    }

    /// A step by its number.
    fn picked(&mut self, cx: &mut Cx<'_>, c: char) {
        if self.waiting.is_some() {
            return cx.say(Tone::Hint, "返事を待っています。");
        }
        let due = settling::due(&self.note);
        let digit = fold::digit(c).and_then(|d| d.to_digit(10));
        let item = digit
            .and_then(|d| (d as usize).checked_sub(1))
            .and_then(|n| due.get(n).copied());
        match item {
            None => cx.say(
                Tone::Warning,
                format!("1 から {} の番号で進めます。", due.len()),
            ),
            Some(Item::Seen) => self.ask(cx, Item::Seen, SettlingStep::Seen),
            Some(Item::Declaration) => {
                self.ask(cx, Item::Declaration, SettlingStep::DeclarationDestroyed);
            }
            Some(Item::File) => self.ask(cx, Item::File, SettlingStep::Download),
            Some(Item::Reference) => {
                let typed = self.typed.take();
                let known = self.reference().to_owned();
                let field = typed.unwrap_or_else(|| edit::line(Field::Reference, &known));
                cx.hush();
                self.mode = Mode::Editing(field);
            }
        }
    }

    /// The number to begin with: what the desk noted, else what is registered.
    fn reference(&self) -> &str {
        let noted = self.note.content.reference.as_str();
        if noted.is_empty() {
            settling::insured(&self.note).map_or("", |found| found.reference_number.as_str())
        } else {
            noted
        }
    }

    fn ask(&mut self, cx: &mut Cx<'_>, item: Item, step: SettlingStep) {
        let ticket = cx.ticket();
        cx.send(ToDesk::NoteStep {
            ticket,
            id: self.note.id.clone(),
            revision: self.note.revision,
            step,
        });
        self.waiting = Some((ticket, Waiting::Step(item)));
    }

    fn edit(&mut self, cx: &mut Cx<'_>, input: &Input) {
        let Mode::Editing(field) = &mut self.mode else {
            return;
        };
        match input {
            Input::Command(Command::Submit | Command::Next) => {
                let reference = field.text().trim().to_owned();
                let said = form::feedback(Field::Reference, &reference, cx.now.today());
                if reference.is_empty() {
                    cx.say(
                        Tone::Warning,
                        "照会番号: 空です。番号を入れるか、{back} でやめてください。",
                    );
                } else if said.tone == form::Tone::Bad {
                    let why = said.advice.unwrap_or(said.shown);
                    cx.say(Tone::Error, format!("照会番号: {why}"));
                } else {
                    cx.say(Tone::Hint, "照会番号を送っています。");
                    let field = std::mem::take(field);
                    self.mode = Mode::List;
                    // Stays at hand in case it does not arrive.
                    self.typed = Some(field);
                    self.ask(cx, Item::Reference, SettlingStep::Register { reference });
                }
            }
            Input::Command(Command::Leave) => self.mode = Mode::List,
            // 戻る loses nothing.
            Input::Command(Command::Back) => {
                self.typed = Some(std::mem::take(field));
                self.mode = Mode::List;
            }
            input => {
                if let Err(why) = edit::typed(field, Field::Reference, input) {
                    cx.say(Tone::Error, why);
                }
            }
        }
    }

    /// The day, or the reason why there is none, has been typed.
    fn day_given(&mut self, cx: &mut Cx<'_>) {
        let today = cx.now.today();
        let (day, reason) = match &self.mode {
            Mode::Day(field) => match read_date(field.text(), None, Purpose::Check, today) {
                DateReading::Empty => {
                    cx.hush();
                    self.mode = Mode::Drop(edit::line(Field::Reason, ""));
                    return;
                }
                DateReading::Day { day, .. } if day < today => {
                    return cx.say(Tone::Warning, "今日より前の日は選べません。");
                }
                DateReading::Day { day, .. } => (Some(day), String::new()),
                DateReading::Wrong(why) => return cx.say(Tone::Warning, why),
                DateReading::Incomplete => {
                    return cx.say(Tone::Warning, "日付が途中です（20261125）。");
                }
            },
            Mode::Drop(field) if field.text().trim().is_empty() => {
                let text = "空です。やめるわけを入れてください（例: 患者が保険証を持参）。";
                return cx.say(Tone::Warning, text);
            }
            Mode::Drop(field) => (None, field.text().trim().to_owned()),
            _ => return,
        };
        self.mode = Mode::List;
        let ticket = cx.ticket();
        cx.send(ToDesk::FollowNote {
            ticket,
            id: self.note.id.clone(),
            revision: self.note.revision,
            day,
            reason,
        });
        self.waiting = Some((ticket, Waiting::Follow));
    }

    /// 完了 if nothing is left; else what is left is said first.
    fn finish(&mut self, cx: &mut Cx<'_>) {
        if self.waiting.is_some() {
            return cx.say(Tone::Hint, "返事を待っています。");
        }
        let left = settling::left(&self.note);
        if left.is_empty() {
            self.mode = Mode::Leaving(left);
            self.settle(cx);
        } else {
            cx.hush();
            self.mode = Mode::Leaving(left);
        }
    }

    fn settle(&mut self, cx: &mut Cx<'_>) {
        let Mode::Leaving(leaving) = std::mem::take(&mut self.mode) else {
            return;
        };
        let ticket = cx.ticket();
        cx.send(ToDesk::SettleNote {
            ticket,
            id: self.note.id.clone(),
            revision: self.note.revision,
            leaving,
        });
        self.waiting = Some((ticket, Waiting::Settle));
    }

    /// What the desk service said.
    pub fn hear(&mut self, cx: &mut Cx<'_>, message: &ToFront) {
        let Some((ticket, waiting)) = self.waiting else {
            return;
        };
        if message.ticket() != Some(ticket) {
            return;
        }
        self.waiting = None;
        match message {
            ToFront::Noted { note, .. } => {
                self.note.clone_from(note);
                match waiting {
                    Waiting::Settle => {
                        cx.say(Tone::Good, format!("控え {} を完了にしました。", note.id));
                        cx.go(Go::Back);
                    }
                    Waiting::Follow => {
                        let id = &note.id;
                        let text = match &note.follow {
                            Some(follow) => {
                                format!("控え {id} は {} に再照会します。", slash_date(follow.day))
                            }
                            None => format!("控え {id} は再照会しません。"),
                        };
                        cx.say(Tone::Good, text);
                    }
                    Waiting::Step(item) => {
                        if item == Item::Reference {
                            self.typed = None;
                        }
                        let told = note.history.last().map_or("", |step| step.text.as_str());
                        cx.say(Tone::Good, told.to_owned());
                    }
                }
            }
            ToFront::Failed { failure, .. } => cx.say(Tone::Error, failure.to_string()),
            _ => {}
        }
    }

    /// Draws.
    pub fn view(&self, _known: &Known, now: Now, canvas: &mut Canvas<'_>) {
        layout::draw(self, now, canvas);
    }

    /// What to do next.
    pub fn hint(&self, _known: &Known) -> String {
        match &self.mode {
            Mode::Editing(_) => {
                "照会番号を入れ、{next} か {submit} で登録します。{back} でやめます。".to_owned()
            }
            Mode::Leaving(left) => format!(
                "{} が残っています。このまま完了にしますか。{{submit}} はい、{{leave}} いいえ。",
                if left.len() > 2 {
                    format!("{} 件", left.len())
                } else {
                    settling::list(left)
                }
            ),
            Mode::Day(_) => {
                "次に照会する日を入れ、{next}。空にするとやめるわけを聞きます。{back} で戻る。"
                    .to_owned()
            }
            Mode::Drop(_) => "再照会しないわけを入れ、{next}。{back} で戻る。".to_owned(),
            Mode::List if settling::left(&self.note).is_empty() => {
                "すべて済みました。{submit} で完了にします。".to_owned()
            }
            Mode::List => "番号で進めます。{submit} で完了にします。".to_owned(),
        }
    }
}
