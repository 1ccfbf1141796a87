//! 控えの完了: what is left to do with a resolved note, one key a step, and
//! who did which of it (OUT-56, OUT-81 to 86, DOM-73).

mod layout;
mod line;
#[cfg(test)]
mod tests;

use crate::domain::failure::Failure;
use crate::domain::field::Field;
use crate::domain::note::{Note, NoteId, NoteState};
use crate::domain::settling::{self, Item, Tick};
use crate::domain::time::{Now, slash_date};
use crate::front::app::{Cx, Go, Input, Known, Tone};
use crate::front::canvas::Canvas;
use crate::front::keys::Context;
use crate::front::keys::command::Command;
use crate::front::sheet::Scroll;
use crate::front::wording;
use crate::front::wording::hold::Anew;
use crate::link::message::{SettlingStep, Ticket, ToDesk, ToFront};
use crate::text::field::LineField;
use crate::text::fold;
use line::Line;
use std::collections::BTreeMap;

/// What is open over the check list.
#[derive(Debug, Default)]
enum Mode {
    #[default]
    List,
    /// Something is typed.
    Line(Line),
    /// Something is left: whether it is settled all the same.
    Leaving(Vec<Item>),
    /// Whether the 申立書 has been destroyed: the payment comes first (DOM-73).
    Destroying,
    /// Whether what was said to be done is not after all.
    Undoing(Item),
}

/// What was asked of the desk service.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Waiting {
    Step(Item),
    Settle,
    Follow,
    /// What somebody else has done with it.
    Anew(Anew),
}

/// The pane.
#[derive(Debug)]
pub struct State {
    note: Box<Note>,
    mode: Mode,
    /// As they were typed, until what they say is on disk.
    lines: BTreeMap<Line, LineField>,
    /// Done already when its number was pressed last.
    pressed: Option<Item>,
    scroll: Scroll,
    waiting: Option<(Ticket, Waiting)>,
}

impl State {
    /// Over a resolved note; `None` for any other.
    pub fn new(note: &Note) -> Option<Self> {
        matches!(note.state, NoteState::Resolved(_)).then(|| Self {
            note: Box::new(note.clone()),
            mode: Mode::List,
            lines: BTreeMap::new(),
            pressed: None,
            scroll: Scroll::default(),
            waiting: None,
        })
    }

    /// The note that is worked on here.
    pub fn works_on(&self) -> &NoteId {
        &self.note.id
    }

    /// The table of the keymap that holds now.
    pub fn context(&self) -> Context {
        match self.mode {
            Mode::List => Context::Settling,
            Mode::Line(Line::Reference) => Context::Reference,
            Mode::Line(Line::Day | Line::Drop) => Context::Reason,
            Mode::Leaving(_) | Mode::Destroying | Mode::Undoing(_) => Context::Ask,
        }
    }

    /// The field that characters go into.
    pub fn field(&self) -> Field {
        match self.mode {
            Mode::Line(line) => line.field(),
            _ => Field::Reason,
        }
    }

    /// Whether characters go into a line.
    pub fn typing(&self) -> bool {
        matches!(self.mode, Mode::Line(_))
    }

    /// What submitting the line does, where it is no 取消.
    pub fn submits(&self) -> Option<&'static str> {
        matches!(self.mode, Mode::Line(Line::Day | Line::Drop)).then_some("決める")
    }

    /// It came to the top.
    pub fn opened(&mut self, _cx: &mut Cx<'_>) {}

    /// A key's meaning, a character, a paste.
    pub fn input(&mut self, cx: &mut Cx<'_>, input: Input) {
        match (&self.mode, input) {
            (Mode::List, Input::Command(Command::Back | Command::Leave)) => cx.go(Go::Back),
            (Mode::List, Input::Command(Command::Submit)) => self.finish(cx),
            (Mode::List, Input::Command(Command::Next)) => {
                cx.say(Tone::Hint, "番号で進め、済んだら {submit} で完了にします。");
            }
            (Mode::List, Input::Command(Command::Follow)) => {
                let day = self.note.follow.as_ref();
                let day = day.map_or_else(String::new, |follow| slash_date(follow.day));
                self.write(cx, Line::Day, &day);
            }
            (Mode::List, Input::Command(Command::Cancel)) => self.undo(cx),
            (Mode::List, Input::Char(c)) => self.picked(cx, c),
            (Mode::List, Input::Command(command)) => self.scrolled(cx, command),
            (Mode::Line(line), input) => self.edit(cx, *line, &input),
            (_, Input::Command(Command::Leave)) => {
                cx.hush();
                self.mode = Mode::List;
                self.scroll = Scroll::default();
            }
            (_, Input::Command(Command::Submit)) if self.waiting.is_none() => self.sure(cx),
            (_, Input::Command(command)) => self.scrolled(cx, command),
            (_, Input::Char('0'..='9')) => cx.say(Tone::Warning, wording::NO_DIGIT),
            _ => {}
        }
    }

    fn scrolled(&mut self, cx: &Cx<'_>, command: Command) {
        let rows = layout::rows(self, cx.known, cx.now);
        self.scroll.moved(command, rows, cx.known.page());
    }

    /// Asks before it is done, with the question in sight.
    fn question(&mut self, cx: &mut Cx<'_>, mode: Mode) {
        cx.hush();
        self.mode = mode;
        self.scroll = layout::question(self, cx.known, cx.now);
    }

    /// The question has been answered with yes.
    fn sure(&mut self, cx: &mut Cx<'_>) {
        self.scroll = Scroll::default();
        match std::mem::take(&mut self.mode) {
            Mode::Leaving(left) => self.settle(cx, left),
            Mode::Destroying => {
                self.ask(cx, Item::Declaration, SettlingStep::DeclarationDestroyed);
            }
            Mode::Undoing(item) => self.ask(cx, item, SettlingStep::Undone { item }),
            Mode::List | Mode::Line(_) => {}
        }
    }

    /// What was said to be done and is not: the one whose number was pressed,
    /// else the one said last.
    fn undo(&mut self, cx: &mut Cx<'_>) {
        if self.waiting.is_some() {
            return cx.say(Tone::Hint, "返事を待っています。");
        }
        let note = &self.note;
        let said = |item: &Item| item.is_said() && note.settling.done(*item).is_some();
        let pressed = self.pressed.filter(said);
        let last = settling::due(note)
            .into_iter()
            .filter(said)
            .max_by_key(|item| note.settling.done(*item).map(|tick| tick.at));
        if let Some(item) = pressed.or(last) {
            self.question(cx, Mode::Undoing(item));
        } else {
            let text = "取り消せる済はありません（内容の確認と申立書の廃棄だけ取り消せます）。";
            cx.say(Tone::Warning, text);
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
            Some(item) if item.is_said() && self.note.settling.done(item).is_some() => {
                let already = self.note.settling.done(item).map(Tick::already);
                let text = format!("{}{{cancel}} で取り消せます。", already.unwrap_or_default());
                cx.say(Tone::Warning, text);
                self.pressed = Some(item);
            }
            Some(Item::Seen) => self.ask(cx, Item::Seen, SettlingStep::Seen),
            Some(Item::Declaration) => self.question(cx, Mode::Destroying),
            Some(Item::File) => self.ask(cx, Item::File, SettlingStep::Download),
            Some(Item::Reference) => {
                let known = self.reference().to_owned();
                self.write(cx, Line::Reference, &known);
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

    /// 完了 if nothing is left; else what is left is said first.
    fn finish(&mut self, cx: &mut Cx<'_>) {
        if self.waiting.is_some() {
            return cx.say(Tone::Hint, "返事を待っています。");
        }
        let left = settling::left(&self.note);
        if left.is_empty() {
            self.settle(cx, left);
        } else {
            self.question(cx, Mode::Leaving(left));
        }
    }

    fn settle(&mut self, cx: &mut Cx<'_>, leaving: Vec<Item>) {
        let ticket = cx.ticket();
        cx.send(ToDesk::SettleNote {
            ticket,
            id: self.note.id.clone(),
            revision: self.note.revision,
            leaving,
        });
        self.waiting = Some((ticket, Waiting::Settle));
    }

    /// Somebody else had the note open: settled, perhaps. Whether that is
    /// looked up.
    pub fn freed(&mut self, cx: &mut Cx<'_>, why: Anew) -> bool {
        if self.waiting.is_some() {
            return false;
        }
        let ticket = cx.ticket();
        let id = self.note.id.clone();
        cx.send(ToDesk::OpenNote { ticket, id });
        self.waiting = Some((ticket, Waiting::Anew(why)));
        true
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
                let before = std::mem::replace(&mut self.note, note.clone());
                match waiting {
                    Waiting::Anew(why) => {
                        // That it was taken over stands in its history, and
                        // is no change to be told.
                        let same = before.revision == note.revision
                            && before.state == note.state
                            && before.settling == note.settling
                            && before.follow == note.follow;
                        let stays = matches!(note.state, NoteState::Resolved(_));
                        if let Some(text) = wording::hold::anew(why, note, same, stays) {
                            cx.say(Tone::Warning, text);
                        }
                        if !same && matches!(self.mode, Mode::Leaving(_)) {
                            // What was left then.
                            self.mode = Mode::List;
                        }
                        if !stays {
                            cx.go(Go::Back);
                        }
                    }
                    Waiting::Settle => {
                        cx.say(Tone::Good, format!("控え {} を完了にしました。", note.id));
                        cx.go(Go::Back);
                    }
                    Waiting::Follow => {
                        self.lines.remove(&Line::Day);
                        self.lines.remove(&Line::Drop);
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
                            self.lines.remove(&Line::Reference);
                        }
                        self.pressed = None;
                        let told = note.history.last().map_or("", |step| step.text.as_str());
                        cx.say(Tone::Good, told.to_owned());
                    }
                }
            }
            ToFront::Failed { failure, .. } => {
                cx.say(Tone::Error, failure.to_string());
                let refused = matches!(
                    failure,
                    Failure::Stale | Failure::WrongState { .. } | Failure::NotNow { .. }
                );
                if refused && !matches!(waiting, Waiting::Anew(_)) {
                    self.freed(cx, Anew::Refused);
                }
            }
            _ => {}
        }
    }

    /// Draws.
    pub fn view(&self, known: &Known, now: Now, canvas: &mut Canvas<'_>) {
        layout::draw(self, known, now, canvas);
    }

    /// What to do next.
    pub fn hint(&self, _known: &Known) -> String {
        match &self.mode {
            Mode::Line(Line::Reference) => {
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
            Mode::Line(Line::Day) => {
                "次に照会する日を入れ、{next}。空にすると再照会しない理由を聞きます。".to_owned()
            }
            Mode::Line(Line::Drop) => {
                "再照会しない理由を入れ、{next}。{back} でやめます（入力は残ります）。".to_owned()
            }
            Mode::Destroying => {
                "支払いを確かめ、申立書を廃棄しましたか。{submit} はい、{leave} いいえ。".to_owned()
            }
            Mode::Undoing(item) => format!(
                "「{}」の済を取り消しますか。{{submit}} はい、{{leave}} いいえ。",
                item.short()
            ),
            Mode::List if settling::left(&self.note).is_empty() => {
                "すべて済みました。{submit} で完了にします。".to_owned()
            }
            Mode::List => "番号で進めます。{submit} で完了にします。".to_owned(),
        }
    }
}
