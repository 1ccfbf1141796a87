//! 印刷: a paper as it will be printed, and as what kind of file. The file is
//! written by the desk service, and its path is said.

use crate::domain::paper::{Format, Paper};
use crate::domain::time::Now;
use crate::front::app::{Cx, Go, Input, Known, Tone};
use crate::front::canvas::{Canvas, Role};
use crate::front::keys::command::Command;
use crate::front::sheet::{Scroll, Sheet};
use crate::link::message::{Print, Ticket, ToDesk, ToFront};
use crate::text::glyphs::Ambiguous;

/// The pane.
#[derive(Debug)]
pub struct State {
    what: Print,
    paper: Paper,
    format: Format,
    scroll: Scroll,
    waiting: Option<Ticket>,
}

impl State {
    /// A declaration.
    pub fn new(what: Print, known: &Known) -> Self {
        let (facility, code) = place(known);
        let paper = match &what {
            Print::Declaration(sheet) => sheet.paper(facility, code),
            Print::Report => Paper { pieces: Vec::new() },
        };
        Self::of(what, paper, known)
    }

    /// A paper that is laid out already.
    pub fn of(what: Print, paper: Paper, known: &Known) -> Self {
        Self {
            what,
            paper,
            format: known.welcome.as_ref().map_or(Format::Pdf, |w| w.paper),
            scroll: Scroll::default(),
            waiting: None,
        }
    }

    /// No field here.
    pub fn typing(&self) -> bool {
        false
    }

    /// Nothing to ask for.
    pub fn opened(&mut self, _cx: &mut Cx<'_>) {}

    /// A key's meaning.
    #[expect(clippy::needless_pass_by_value, reason = "as every pane takes it")]
    pub fn input(&mut self, cx: &mut Cx<'_>, input: Input) {
        let Input::Command(command) = input else {
            return;
        };
        match command {
            Command::Back | Command::Leave => cx.go(Go::Back),
            Command::Format | Command::Left | Command::Right => self.format = self.format.other(),
            Command::Submit if self.waiting.is_none() => {
                let ticket = cx.ticket();
                cx.send(ToDesk::Print {
                    ticket,
                    what: self.what.clone(),
                    format: self.format,
                });
                self.waiting = Some(ticket);
            }
            other => {
                let mut sheet = cx.known.sheet();
                self.lay(&mut sheet);
                self.scroll.moved(other, sheet.height(), cx.known.room.1);
            }
        }
    }

    /// The file is there, or is not.
    pub fn hear(&mut self, cx: &mut Cx<'_>, message: &ToFront) {
        if self.waiting.is_none() || message.ticket() != self.waiting {
            return;
        }
        self.waiting = None;
        match message {
            ToFront::Saved { path, .. } => {
                cx.say(Tone::Good, format!("書き出しました: {path}"));
                cx.go(Go::Back);
            }
            ToFront::Failed { failure, .. } => cx.say(Tone::Error, failure.to_string()),
            _ => {}
        }
    }

    fn lay(&self, sheet: &mut Sheet) {
        for row in self.paper.rows(Ambiguous::Narrow) {
            if row.is_empty() {
                sheet.blank();
            } else {
                let indent = row.chars().take_while(|c| *c == ' ').count();
                sheet.text(1 + indent, row.trim_start(), Role::Normal);
            }
        }
    }

    /// Draws.
    pub fn view(&self, known: &Known, _now: Now, canvas: &mut Canvas<'_>) {
        let mut sheet = Sheet::new(canvas);
        self.lay(&mut sheet);
        let key = known
            .keymap
            .key_for(crate::front::keys::Context::Paper, Command::PageDown);
        let more = key.map_or_else(String::new, |key| format!("{key} で続き"));
        sheet.scrolled(canvas, self.scroll.top(), &more);
    }

    /// What to do next.
    pub fn hint(&self, _known: &Known) -> String {
        if self.waiting.is_some() {
            return "書き出しています。".to_owned();
        }
        format!(
            "{{submit}} で {} のファイルに書き出します。{{format}} で {} に変えます。",
            self.format.label(),
            self.format.other().label()
        )
    }
}

/// 施設名 and 医療機関コード.
fn place(known: &Known) -> (&str, &str) {
    known.welcome.as_ref().map_or(("", ""), |w| {
        (w.facility.as_str(), w.institution_code.as_str())
    })
}
