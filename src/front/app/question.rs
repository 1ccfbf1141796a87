//! The questions of the program itself: nothing typed is thrown away, and
//! nothing is ended, without one.

mod aside;

use aside::{Pick, pick};

use super::{App, Effect, Input, Layer, Tone};
use crate::domain::hold::Holder;
use crate::domain::note::NoteId;
use crate::domain::time::Now;
use crate::front::keys::Context;
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
    /// them, or open `fresh`.
    PutAside {
        /// What was wanted.
        fresh: Box<Pane>,
        /// The ladder's panes handed it over, and stand until that is answered.
        handed: bool,
    },
    /// A note that is opened to be changed lies before somebody else: take it
    /// over, or only look.
    Held(NoteId, Box<Holder>),
}

/// What a key answers.
enum Reply {
    Yes,
    No,
    Number(usize),
    /// Enter: it decides nothing, and is told which keys do.
    Unclear,
}

/// Digits answer in every keymap, whatever else they are bound to.
fn reply(command: Option<Command>, key: Key) -> Option<Reply> {
    if let Code::Char(c) = key.code
        && !key.ctrl
        && !key.alt
        && let Some(digit) = c.to_digit(10)
    {
        return Some(match digit {
            0 => Reply::No,
            n => Reply::Number(n as usize),
        });
    }
    match command? {
        Command::Submit => Some(Reply::Yes),
        Command::Next => Some(Reply::Unclear),
        Command::Back | Command::Leave | Command::Backspace => Some(Reply::No),
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
            format!(" 書きかけの {more} 件は、どれも次のログインで続けられます。")
        } else if more == 1 {
            " 下書きは次のログインで続けられます。".to_owned()
        } else {
            String::new()
        };
        let keymap = &self.options.keymap;
        let keys = keymap.fill(Context::Ask, wording::YES_OR_NO);
        let asked = match question {
            Question::Logout if more > 1 => {
                format!("書きかけが {more} 件あります。ログアウトしますか？  {keys}")
            }
            Question::Logout => format!("ログアウトします。よろしいですか？  {keys}"),
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
                format!("{begun}終了しますか？{lost}{demo}  {keys}")
            }
            Question::Discard => format!("入力を捨てて戻りますか？  {keys}"),
            Question::PutAside { .. } => self.asked_aside(),
            Question::Held(id, by) => {
                let keys = keymap.fill(Context::Ask, wording::hold::TAKE_OR_LOOK);
                wording::hold::held(id, by, &keys)
            }
        };
        if !self.unclear {
            return asked;
        }
        let told = match question {
            Question::PutAside { .. } => wording::BY_NUMBER.to_owned(),
            _ => keymap.fill(Context::Ask, wording::DECIDES_NOTHING),
        };
        format!("{told}{asked}")
    }

    /// What the row calls a key under this question, where yes and no are not
    /// what it means; nothing for a key that decides nothing.
    pub(super) fn question_label(
        &self,
        question: &Question,
        command: Command,
    ) -> Option<&'static str> {
        match (question, command) {
            (Question::PutAside { .. }, Command::Submit) if self.shelf.notes().len() == 1 => {
                Some("続ける")
            }
            (Question::PutAside { .. }, Command::Submit) => Some(""),
            (Question::PutAside { .. }, Command::Leave) => Some("やめる"),
            (Question::Held(..), Command::Submit) => Some(wording::hold::TAKE),
            (Question::Held(..), Command::Leave) => Some("見るだけ"),
            _ => None,
        }
    }

    /// Asks.
    pub(super) fn question(&mut self, question: Question) {
        self.unclear = false;
        self.aside_page = 0;
        self.card_waits = None;
        self.asking = Some(question);
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
        // Any other key leaves the question where it is.
        let Some(reply) = reply(command, key) else {
            return;
        };
        let Some(question) = self.asking.take() else {
            return;
        };
        let waits = self.card_waits.take();
        match (question, reply) {
            (question, Reply::Unclear) => self.unanswered(question),
            (Question::PutAside { fresh, handed }, Reply::Yes) => {
                if self.shelf.notes().len() == 1 {
                    self.put_aside_answered(now, fresh, handed, 1, effects);
                } else {
                    self.unanswered(Question::PutAside { fresh, handed });
                }
            }
            (Question::PutAside { fresh, handed }, Reply::Number(n)) => {
                self.put_aside_answered(now, fresh, handed, n, effects);
            }
            (Question::Held(id, by), Reply::No) => self.only_look(now, &id, &by, effects),
            // Pressed for the pane, before anyone can have read the question.
            (question @ Question::Held(..), Reply::Yes) if self.unread(now) => {
                self.asking = Some(question);
            }
            (Question::Held(id, _), Reply::Yes | Reply::Number(1)) => {
                self.take_hold(now, id, effects);
            }
            (question @ Question::Held(..), Reply::Number(_)) => self.unanswered(question),
            (_, Reply::No | Reply::Number(2)) => {}
            (Question::Logout, Reply::Yes | Reply::Number(1)) => self.log_out(effects),
            (Question::Quit, Reply::Yes | Reply::Number(1)) => self.end(effects),
            (Question::Discard, Reply::Yes | Reply::Number(1)) => {
                self.message = None;
                self.with_top(now, effects, |pane, cx| {
                    pane.input(cx, Input::Command(Command::Leave));
                });
            }
            (question, Reply::Number(_)) => self.unanswered(question),
        }
        if let Some(place) = waits {
            if self.asking.is_some() {
                self.card_waits = waits;
            } else {
                self.card_onto(now, place, effects);
            }
        }
    }

    /// The question stands, and says which keys answer it.
    fn unanswered(&mut self, question: Question) {
        self.asking = Some(question);
        self.unclear = true;
    }

    fn put_aside_answered(
        &mut self,
        now: Now,
        fresh: Box<Pane>,
        handed: bool,
        n: usize,
        effects: &mut Vec<Effect>,
    ) {
        let count = self.shelf.notes().len();
        let picked = pick(count, self.aside_page, n);
        let note = match picked {
            Pick::Note(nth) => self.shelf.take_note(nth),
            _ => None,
        };
        if picked == Pick::More {
            self.aside_page += 1;
            self.unclear = false;
            self.asking = Some(Question::PutAside { fresh, handed });
        } else if picked == Pick::New {
            if handed {
                self.close_ladder();
            }
            self.stack.push(Layer::new(*fresh));
            self.message = None;
            self.opened(now, effects);
        } else if let Some(draft) = note {
            let mut said = wording::GOING_ON;
            if handed {
                self.close_ladder();
                if let Some(draft) = fresh.draft() {
                    self.shelf.put_at(draft, Some(now.wall));
                    said = wording::GOING_ON_OTHER_KEPT;
                }
            }
            self.say(Tone::Warning, said);
            self.push(now, Pane::resume(Place::Note, &draft, now), effects);
        } else {
            self.unanswered(Question::PutAside { fresh, handed });
        }
    }
}
