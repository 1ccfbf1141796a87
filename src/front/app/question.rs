//! The questions of the program itself: nothing typed is thrown away, and
//! nothing is ended, without one.

use super::{App, Effect, Input, Layer, Tone};
use crate::domain::time::Now;
use crate::front::keys::command::Command;
use crate::front::keys::key::{Code, Key};
use crate::front::panes::{Pane, Place};
use crate::front::wording;

/// What is asked over any pane.
#[derive(Debug)]
pub(super) enum Question {
    /// ログアウト (ADM-22).
    Logout,
    /// The program's end.
    Quit,
    /// やめる in a form that holds something typed.
    Discard,
    /// A new note is wanted while others are put aside: go on with one of
    /// them, or open this.
    PutAside(Box<Pane>),
}

/// What a key answers.
enum Reply {
    Yes,
    No,
    Number(usize),
}

fn reply(command: Option<Command>, key: Key) -> Option<Reply> {
    match (command, key.code) {
        (Some(Command::Submit | Command::Next), _) => Some(Reply::Yes),
        (Some(Command::Back | Command::Leave | Command::Backspace), _) => Some(Reply::No),
        (_, Code::Char('y' | 'Y')) => Some(Reply::Yes),
        (_, Code::Char('n' | 'N')) => Some(Reply::No),
        (_, Code::Char(c)) => match c.to_digit(10)? {
            0 => Some(Reply::No),
            n => usize::try_from(n).ok().map(Reply::Number),
        },
        _ => None,
    }
}

impl App {
    /// The words of a question.
    pub(super) fn question_text(&self, question: &Question) -> String {
        let more = self.held_back();
        let lost = if more > 0 && self.demo() {
            " 書きかけは残りません。".to_owned()
        } else if more > 1 {
            format!(" 書きかけが {more} 件あり、次のログインで続けられるのは手元の 1 件です。")
        } else if more == 1 {
            " 下書きは次のログインで続けられます。".to_owned()
        } else {
            String::new()
        };
        match question {
            Question::Logout if more > 1 => {
                format!("書きかけが {more} 件あります。ログアウトしますか？  1 はい  0 いいえ")
            }
            Question::Logout => "ログアウトします。よろしいですか？  1 はい  0 いいえ".to_owned(),
            Question::Quit => {
                let begun = if more > 0 {
                    "入力の途中です。"
                } else {
                    ""
                };
                let demo = if self.demo() {
                    " 実演の控えは残りません。"
                } else {
                    ""
                };
                format!("{begun}終了しますか？{lost}{demo}  1 はい  0 いいえ")
            }
            Question::Discard => "入力を捨てて戻りますか？  1 はい  0 いいえ".to_owned(),
            Question::PutAside(_) => wording::put_aside(&self.shelf.notes()),
        }
    }

    fn demo(&self) -> bool {
        self.known.welcome.as_ref().is_some_and(|w| w.demo)
    }

    /// How many forms hold something that nobody has kept yet.
    fn held_back(&self) -> usize {
        let layers = self.stack.iter().chain(&self.aside);
        layers.filter(|l| l.pane.begun()).count() + self.shelf.len()
    }

    /// A key while a question is open.
    pub(super) fn answer(
        &mut self,
        now: Now,
        command: Option<Command>,
        key: Key,
        effects: &mut Vec<Effect>,
    ) {
        let (Some(reply), Some(question)) = (reply(command, key), self.asking.take()) else {
            return;
        };
        match (question, reply) {
            (Question::PutAside(fresh), Reply::Yes) => {
                self.put_aside_answered(now, fresh, 1, effects);
            }
            (Question::PutAside(fresh), Reply::Number(n)) => {
                self.put_aside_answered(now, fresh, n, effects);
            }
            (_, Reply::No | Reply::Number(2)) => {}
            (Question::Logout, Reply::Yes | Reply::Number(1)) => self.log_out(effects),
            (Question::Quit, Reply::Yes | Reply::Number(1)) => self.end(effects),
            (Question::Discard, Reply::Yes | Reply::Number(1)) => {
                self.with_top(now, effects, |pane, cx| {
                    pane.input(cx, Input::Command(Command::Leave));
                });
            }
            (question, Reply::Number(_)) => self.asking = Some(question),
        }
    }

    fn put_aside_answered(
        &mut self,
        now: Now,
        fresh: Box<Pane>,
        n: usize,
        effects: &mut Vec<Effect>,
    ) {
        let count = self.shelf.notes().len();
        if n == count + 1 {
            self.stack.push(Layer::new(*fresh));
            self.message = None;
            self.opened(now, effects);
        } else if let Some(draft) = self.shelf.take_note(n - 1) {
            self.say(Tone::Warning, wording::GOING_ON);
            self.push(now, Pane::resume(Place::Note, &draft, now), effects);
        } else {
            self.asking = Some(Question::PutAside(fresh));
        }
    }
}
