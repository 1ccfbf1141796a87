//! 控えの確認: a note that waits for a person or is blocked: why, what was
//! tried, and what could be done about it, each by one key (OUT-32, OUT-36,
//! OUT-39, DOM-17, DOM-35).

mod layout;
#[cfg(test)]
mod tests;
mod ways;

use super::Pane;
use crate::domain::account::Right;
use crate::domain::failure::Failure;
use crate::domain::narrow::Narrowing;
use crate::domain::note::{Group, Note, NoteContent, NoteId, NoteState};
use crate::domain::time::Now;
use crate::front::app::{Cx, Go, Input, Known, Tone};
use crate::front::canvas::Canvas;
use crate::front::keys::Context;
use crate::front::keys::command::Command;
use crate::front::panes::{candidates, note, result};
use crate::front::sheet::Scroll;
use crate::front::wording;
use crate::front::wording::hold::Anew;
use crate::link::message::{Status, Ticket, ToDesk, ToFront};
use crate::text::fold;
use ways::Way;

/// What was asked of the desk service.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Waiting {
    /// A correction, in words.
    Apply(String),
    Retry,
    Absent,
    /// What became of it meanwhile.
    Refresh,
}

/// The pane.
#[derive(Debug)]
pub struct State {
    note: Box<Note>,
    /// What can be done, by its digit.
    ways: Vec<Way>,
    /// 該当なし is being confirmed.
    absent: bool,
    /// What became of it is to be said, and why it is looked up.
    freed: Option<Anew>,
    scroll: Scroll,
    waiting: Option<(Ticket, Waiting)>,
    /// Its correction has been opened above.
    correcting: bool,
}

impl State {
    /// Over a note that waits for a person or is blocked; `None` for any
    /// other, and for one whose candidates are to be chosen from.
    pub fn new(note: &Note) -> Option<Self> {
        let ways = ways::of(note)?;
        Some(Self {
            note: Box::new(note.clone()),
            ways,
            absent: false,
            freed: None,
            scroll: Scroll::default(),
            waiting: None,
            correcting: false,
        })
    }

    /// The note that is worked on here.
    pub fn works_on(&self) -> &NoteId {
        &self.note.id
    }

    /// The table of the keymap that holds now.
    pub fn context(&self) -> Context {
        if self.absent {
            Context::Ask
        } else {
            Context::Case
        }
    }

    /// Keys that would only be refused.
    pub fn withholds(&self, command: Command) -> bool {
        command == Command::Retry && !ways::may_retry(&self.note)
    }

    /// Nothing is typed here.
    pub fn typing(&self) -> bool {
        false
    }

    /// It came to the top: after a correction the note is another one.
    pub fn opened(&mut self, cx: &mut Cx<'_>) {
        if std::mem::take(&mut self.correcting) {
            self.refresh(cx);
        }
    }

    fn refresh(&mut self, cx: &mut Cx<'_>) {
        if self.waiting.is_none() {
            let ticket = cx.ticket();
            let id = self.note.id.clone();
            cx.send(ToDesk::OpenNote { ticket, id });
            self.waiting = Some((ticket, Waiting::Refresh));
        }
    }

    /// Somebody else had the note open: changed, perhaps. Whether that is
    /// looked up.
    pub fn freed(&mut self, cx: &mut Cx<'_>, why: Anew) -> bool {
        self.refresh(cx);
        let looks = matches!(self.waiting, Some((_, Waiting::Refresh)));
        self.freed = looks.then_some(why);
        looks
    }

    /// The note as it is now: shown here, or where it leads to.
    fn refreshed(&mut self, cx: &mut Cx<'_>, note: &Note) {
        if let Some(why) = self.freed.take() {
            let stays = note.state == self.note.state;
            let same = stays && note.revision == self.note.revision;
            if let Some(text) = wording::hold::anew(why, note, same, stays) {
                cx.say(Tone::Warning, text);
            }
        }
        if let Some(result) = result::State::of_note(note) {
            cx.go(Go::Replace(Pane::Result(Box::new(result))));
        } else if let Some(choice) = candidates::State::for_note(note) {
            cx.go(Go::Replace(Pane::Candidates(Box::new(choice))));
        } else {
            (*self.note).clone_from(note);
            self.ways = ways::of(note).unwrap_or_default();
            self.absent = false;
            self.scroll = Scroll::default();
        }
    }

    /// A key's meaning, a character, a paste.
    #[expect(
        clippy::needless_pass_by_value,
        reason = "every pane has the same signature"
    )]
    pub fn input(&mut self, cx: &mut Cx<'_>, input: Input) {
        match input {
            Input::Command(Command::Leave | Command::Back) if self.absent => self.unasked(),
            Input::Command(Command::Submit) if self.absent => self.end_absent(cx),
            Input::Char('0'..='9') if self.absent => cx.say(Tone::Warning, wording::NO_DIGIT),
            Input::Command(command) if self.absent => self.scrolled(cx, command),
            _ if self.absent => {}
            Input::Command(Command::Leave | Command::Back) => cx.go(Go::Back),
            _ if self.waiting.is_some() => cx.say(Tone::Hint, "返事を待っています。"),
            Input::Command(Command::Edit | Command::Retry) if self.note.state.closed() => {
                let text = format!("この控えは「{}」です。", self.note.state.label());
                cx.say(Tone::Warning, text);
            }
            Input::Command(Command::Edit) => self.correct(cx, None),
            Input::Command(Command::Retry) => self.retry(cx),
            Input::Command(command) => self.scrolled(cx, command),
            Input::Char(c) => self.picked(cx, c),
            Input::Paste(_) => {}
        }
    }

    fn scrolled(&mut self, cx: &Cx<'_>, command: Command) {
        let rows = layout::rows(self, cx.known, cx.now);
        self.scroll.moved(command, rows, cx.known.page());
    }

    /// 該当なし is confirmed no longer: the note, from its beginning.
    fn unasked(&mut self) {
        self.absent = false;
        self.scroll = Scroll::default();
    }

    /// What whoever is logged in here can do about it, by its digit.
    fn ways(&self, known: &Known) -> Vec<&Way> {
        let may = known.refused(Right::Decide).is_none();
        (self.ways.iter())
            .filter(|way| may || !way.decides())
            .collect()
    }

    /// Whether whoever is logged in here may end it as 該当なし.
    fn may_end(&self, known: &Known) -> bool {
        ways::may_end(&self.note) && known.refused(Right::Decide).is_none()
    }

    fn picked(&mut self, cx: &mut Cx<'_>, c: char) {
        let digit = fold::digit(c).and_then(|d| d.to_digit(10));
        let (ways, may_end) = (self.ways(cx.known), self.may_end(cx.known));
        if digit == Some(0) && may_end {
            cx.hush();
            self.scroll = Scroll::default();
            self.absent = true;
            return;
        }
        let way = digit
            .and_then(|d| (d as usize).checked_sub(1))
            .and_then(|n| ways.get(n).copied().cloned());
        match way {
            None => {
                let text = match (ways.len(), may_end) {
                    (0, false) => return,
                    (0, true) => "0 の番号で選びます。".to_owned(),
                    (n, false) => format!("1 から {n} の番号で選びます。"),
                    (n, true) => format!("1 から {n}、または 0 の番号で選びます。"),
                };
                cx.say(Tone::Warning, text);
            }
            Some(Way::Apply(proposal)) => self.apply(cx, proposal.label, proposal.content),
            Some(Way::Correct(narrowing)) => self.correct(cx, Some(&narrowing)),
            Some(Way::Relogin) => cx.go(Go::Relogin(Command::Ledger)),
            Some(Way::Procedure) => cx.go(Go::Open(Command::Opening)),
            Some(Way::Retry) => self.retry(cx),
        }
    }

    fn apply(&mut self, cx: &mut Cx<'_>, label: String, mut content: NoteContent) {
        content.forget_card_where_changed(&self.note.content);
        let ticket = cx.ticket();
        cx.send(ToDesk::SaveNote {
            ticket,
            content: Box::new(content),
            replaces: Some((self.note.id.clone(), self.note.revision)),
            trial: true,
            card: None,
        });
        self.waiting = Some((ticket, Waiting::Apply(label)));
    }

    /// The correction form, at the field that is to be filled.
    fn correct(&mut self, cx: &mut Cx<'_>, narrowing: Option<&Narrowing>) {
        let mut form = note::State::edit(&self.note);
        if let Some(narrowing) = narrowing {
            form.begin_at(narrowing.field, narrowing.value.as_deref());
        }
        self.correcting = true;
        cx.go(Go::Push(Pane::Note(Box::new(form))));
    }

    fn retry(&mut self, cx: &mut Cx<'_>) {
        let ticket = cx.ticket();
        cx.send(ToDesk::RetryNote {
            ticket,
            id: self.note.id.clone(),
            revision: self.note.revision,
        });
        self.waiting = Some((ticket, Waiting::Retry));
    }

    /// Ends here: the patient confirms that there is no entitlement (DOM-91).
    fn end_absent(&mut self, cx: &mut Cx<'_>) {
        self.unasked();
        let ticket = cx.ticket();
        cx.send(ToDesk::AbsentNote {
            ticket,
            id: self.note.id.clone(),
            revision: self.note.revision,
        });
        self.waiting = Some((ticket, Waiting::Absent));
    }

    /// What the desk service said.
    pub fn hear(&mut self, cx: &mut Cx<'_>, message: &ToFront) {
        // On the way to its answer; it may have left the list below.
        let usable = |status: &Status| status.line.usable();
        if matches!(message, ToFront::LedgerChanged)
            && !self.correcting
            && matches!(self.note.state.group(), Group::Open | Group::Asking)
            && cx.known.status.as_ref().is_some_and(usable)
        {
            return self.refresh(cx);
        }
        // The list below says what has become of it.
        if let ToFront::Page { page, .. } = message
            && !self.correcting
            && let Some(row) = page.rows.iter().find(|row| row.id == self.note.id)
            && (row.revision != self.note.revision || row.state != self.note.state.label())
        {
            return self.refresh(cx);
        }
        let asked = self.waiting.as_ref().map(|(ticket, _)| *ticket);
        if asked.is_none() || message.ticket() != asked {
            return;
        }
        let Some((_, waiting)) = self.waiting.take() else {
            return;
        };
        match message {
            ToFront::Noted { note, .. } => {
                let id = &note.id;
                let text = match waiting {
                    Waiting::Refresh => return self.refreshed(cx, note),
                    Waiting::Apply(label) => {
                        format!("控え {id} をもう一度照会します（{label}）。")
                    }
                    Waiting::Retry => format!("控え {id} をもう一度照会します。"),
                    Waiting::Absent => format!("控え {id} を該当なしとして解決しました。"),
                };
                cx.say(Tone::Good, text);
                cx.go(Go::Back);
            }
            ToFront::Failed { failure, .. } => {
                self.freed = None;
                cx.say(Tone::Error, failure.to_string());
                let refused = matches!(failure, Failure::Stale | Failure::WrongState { .. });
                if refused && !matches!(waiting, Waiting::Refresh) {
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
    pub fn hint(&self, known: &Known) -> String {
        if self.absent {
            return "該当なしにしますか。{submit} はい、{leave} いいえ。".to_owned();
        }
        let retry = known.refused(Right::Decide).is_none();
        let again = ways::may_retry(&self.note);
        match (&self.note.state, self.ways(known).is_empty()) {
            (state, _) if state.closed() => "{back} で戻ります。".to_owned(),
            (NoteState::Noted | NoteState::Waiting { .. } | NoteState::Asking { .. }, _) => {
                let waits = "照会を待っています。結果はここに出ます。{back} で戻れます。";
                wording::to_start(known).unwrap_or_else(|| waits.to_owned())
            }
            (NoteState::Blocked(_), false) => "番号で進みます。{edit} で訂正できます。".to_owned(),
            (_, true) if !retry => "{edit} で訂正すると、復旧してから照会します。".to_owned(),
            (_, false) if !retry => "番号で選ぶか、{edit} で訂正します。".to_owned(),
            (_, true) if !again => "{edit} で訂正すると、もう一度照会します。".to_owned(),
            (_, true) => "{edit} で訂正すると、もう一度照会します。{retry} で再照会。".to_owned(),
            (_, false) => {
                "番号で選ぶか、{edit} で訂正します。{retry} でそのまま再照会。".to_owned()
            }
        }
    }
}
