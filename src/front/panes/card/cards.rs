//! カードの実演: cards of invented people for the simulated reader of the demo.

use crate::domain::time::Now;
use crate::front::app::{Cx, Go, Input, Known, Tone};
use crate::front::canvas::{Canvas, End, Role};
use crate::front::keys::command::Command;
use crate::link::message::{ToDesk, ToFront};
use crate::text::fold;

/// The cards: name in `fixtures/cards`, and what is to be seen with it. The
/// numbers of the face stand beside it, as they would on the card.
pub const CARDS: &[(&str, &str)] = &[
    ("ichinose", "一ノ瀬　薫      S55.2.29   2033  2468"),
    ("taro", "新橋　太郎      S29.3.26   2031  1357"),
    ("long-name", "長い氏名        S43.2.29   2033  1000"),
    ("gaiji", "外字の氏名      S54.2.2    2033  2001"),
    ("soon", "証明書が近い    S35.4.1    2033  4001"),
    ("two-tries", "残り 2 回       S45.5.8    2033  5007"),
    ("blocked-face", "使えない番号    S45.5.4    2033  5004"),
    ("licence", "運転免許証"),
    ("mute", "裏返しのカード"),
];

/// The pane.
#[derive(Debug, Default)]
pub struct State {
    chosen: usize,
}

impl State {
    /// Nothing to ask for.
    pub fn opened(&mut self, _cx: &mut Cx<'_>) {}

    /// Nothing is typed here.
    pub fn typing(&self) -> bool {
        false
    }

    /// A key.
    #[expect(clippy::needless_pass_by_value, reason = "as every pane takes it")]
    pub fn input(&mut self, cx: &mut Cx<'_>, input: Input) {
        match input {
            Input::Command(Command::Back | Command::Leave) => cx.go(Go::Back),
            Input::Command(Command::Up | Command::Previous) => {
                self.chosen = self.chosen.saturating_sub(1);
            }
            Input::Command(Command::Down) => self.chosen = (self.chosen + 1).min(CARDS.len()),
            Input::Command(Command::Home | Command::PageUp) => self.chosen = 0,
            Input::Command(Command::End | Command::PageDown) => self.chosen = CARDS.len(),
            Input::Command(Command::Submit | Command::Next) => self.put(cx, self.chosen),
            Input::Char(c) => {
                let at = fold::narrow_char(c).to_digit(10).map(|n| n as usize);
                match at {
                    Some(0) => self.put(cx, CARDS.len()),
                    Some(n) if n <= CARDS.len() => self.put(cx, n - 1),
                    _ => {}
                }
            }
            _ => {}
        }
    }

    /// Puts a card on the reader, or takes it away.
    fn put(&mut self, cx: &mut Cx<'_>, at: usize) {
        self.chosen = at;
        let card = CARDS.get(at).map(|(name, _)| (*name).to_owned());
        let said = if card.is_some() {
            "実演: カードを読取機に置きました。"
        } else {
            "実演: カードを取り去りました。"
        };
        cx.send(ToDesk::DemoCard { card });
        cx.say(Tone::Good, said);
        cx.go(Go::Back);
    }

    /// Nothing the desk service says concerns this.
    pub fn hear(&mut self, _cx: &mut Cx<'_>, _message: &ToFront) {}

    /// Draws.
    pub fn view(&self, _known: &Known, _now: Now, canvas: &mut Canvas<'_>) {
        canvas.put(
            1,
            0,
            "架空の方のカードを、模擬の読取機に置きます。",
            Role::Dim,
        );
        let taking = [("", "カードを取り去る")];
        for (i, (_, text)) in CARDS.iter().chain(&taking).enumerate() {
            let chosen = i == self.chosen;
            let mark = canvas.glyphs().chosen;
            let y = i + 2;
            canvas.put(1, y, if chosen { mark } else { " " }, Role::Normal);
            let digit = if i == CARDS.len() { 0 } else { i + 1 };
            canvas.put(3, y, &digit.to_string(), Role::Key);
            let role = if chosen { Role::Selected } else { Role::Normal };
            canvas.put(6, y, text, role);
            if chosen {
                canvas.keep(y, y + 1);
                canvas.ending(End::of(i, CARDS.len() + 1));
            }
        }
    }

    /// What to do next.
    pub fn hint(&self, _known: &Known) -> String {
        "番号か矢印で選び、Enter で置きます。{back} で戻ります。".to_owned()
    }
}
