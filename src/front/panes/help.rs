//! ヘルプ: the keys of the pane it was called from, printed from the keymap,
//! the notation of the manuals (OUT-2) and whom to ask (OUT-87 to 92).

pub(super) mod hours;
#[cfg(test)]
mod tests;

use crate::domain::time::Now;
use crate::front::app::{Cx, Go, Input, Known};
use crate::front::canvas::{Canvas, Role};
use crate::front::keys::command::Command;
use crate::front::keys::{Context, Keymap};
use crate::front::sheet::{Scroll, Sheet};
use crate::link::message::ToFront;

/// The pane.
#[derive(Debug)]
pub struct State {
    keymap: Keymap,
    context: Context,
    scroll: Scroll,
    /// The last page is shown.
    end: bool,
}

impl State {
    /// Help for `context`.
    pub fn new(keymap: &Keymap, context: Context) -> Self {
        Self {
            keymap: keymap.clone(),
            context,
            scroll: Scroll::default(),
            end: false,
        }
    }

    /// Nothing is typed here.
    pub fn typing(&self) -> bool {
        false
    }

    /// It came to the top.
    pub fn opened(&mut self, _cx: &mut Cx<'_>) {
        self.scroll = Scroll::default();
        self.end = false;
    }

    /// A key's meaning, a character, a paste.
    #[expect(
        clippy::needless_pass_by_value,
        reason = "every pane has the same signature"
    )]
    pub fn input(&mut self, cx: &mut Cx<'_>, input: Input) {
        match input {
            Input::Command(Command::Back | Command::Leave) => cx.go(Go::Back),
            Input::Command(command) => {
                let mut sheet = cx.known.sheet();
                self.lay(cx.now, &mut sheet);
                let height = cx.known.room.1;
                self.scroll.moved(command, sheet.height(), height);
                self.end = self.scroll.at_end(sheet.height(), height);
            }
            Input::Char(_) | Input::Paste(_) => {}
        }
    }

    /// Nothing the desk service says concerns help.
    pub fn hear(&mut self, _cx: &mut Cx<'_>, _message: &ToFront) {}

    /// Draws.
    pub fn view(&self, _known: &Known, now: Now, canvas: &mut Canvas<'_>) {
        let mut sheet = Sheet::new(canvas);
        self.lay(now, &mut sheet);
        let key = self.keymap.key_for(Context::Help, Command::PageDown);
        let more = key.map_or_else(String::new, |key| format!("{key} で続き"));
        sheet.scrolled(canvas, self.scroll.top(), &more);
    }

    /// What to do next.
    pub fn hint(&self, known: &Known) -> String {
        if known.plain {
            "{back} で元の画面に戻ります。".to_owned()
        } else if self.end {
            "{page-up} で前を読み、{back} で元の画面に戻ります。".to_owned()
        } else {
            "{page-down} で続きを読み、{back} で元の画面に戻ります。".to_owned()
        }
    }

    fn lay(&self, now: Now, sheet: &mut Sheet) {
        sheet.heading(&format!("{} のキー", self.context.label()));
        self.keys(self.context, sheet);
        if self.context.always_typing() || self.context.types_at_times() {
            sheet.blank();
            sheet.heading("文字の入力のキー");
            self.keys(Context::Field, sheet);
        }
        if sheet.is_told() {
            self.told(sheet);
        }
        sheet.blank();
        contacts(now, sheet);
        sheet.blank();
        notation(sheet);
        sheet.blank();
        terminals(sheet);
    }

    /// How lines are used instead of a screen.
    fn told(&self, sheet: &mut Sheet) {
        sheet.blank();
        sheet.heading("1 行ずつ読み上げる表示");
        for text in [
            "番号のある一覧は、番号か上下の矢印で選び、{next} で開きます。",
            "検索の欄に数字を入れるときは、先に空白を 1 つ打ちます。",
            "欄の名前のあとに、打った文字がそのまま出ます。パスワードと暗証番号は出ません。",
            "{repaint} で、いまの画面をはじめから読みます。{blank} で、それまでの行を画面の外へ送ります。",
        ] {
            let text = self.keymap.fill(Context::Global, text);
            sheet.text(2, &text, Role::Normal);
        }
    }

    /// Two bindings in a row where there is room.
    fn keys(&self, context: Context, sheet: &mut Sheet) {
        let all = self.keymap.describe(context);
        let half = sheet.width() / 2;
        let two = sheet.width() >= 76;
        for pair in all.chunks(if two { 2 } else { 1 }) {
            let mut pieces: Vec<(usize, &str, Role)> = Vec::new();
            for ((keys, label), at) in pair.iter().zip([2, half]) {
                pieces.push((at, keys.as_str(), Role::Key));
                pieces.push((at + 22, label.as_str(), Role::Normal));
            }
            sheet.pieces(&pieces);
        }
    }
}

/// OUT-87 to 92, and whether the telephone is answered now.
fn contacts(now: Now, sheet: &mut Sheet) {
    sheet.heading("困ったときの問い合わせ先");
    sheet.text(
        2,
        "はじめに: 契約しているシステム業者、または医療機関等向け総合ポータルサイト",
        Role::Normal,
    );
    let (open, role) = match hours::state(now.wall) {
        hours::State::Open { until } => (format!("いま受付中（{until}:00 まで）"), Role::Good),
        hours::State::Closed { next } => (format!("いまは時間外（次は {next}）"), Role::Warning),
    };
    sheet.text(
        2,
        "電話: オンライン資格確認等コールセンター 0800-080-4583（無料）",
        Role::Normal,
    );
    sheet.text(8, &open, role);
    sheet.text(
        8,
        "平日 8:00～18:00、土曜 8:00～16:00。日曜・祝日・12月29日～1月3日は休み",
        Role::Dim,
    );
    sheet.text(
        2,
        "FAQ: 分類か言葉で探す。24 時間。 チャットボット シカク君: 24 時間 365 日",
        Role::Normal,
    );
    sheet.text(
        2,
        "問い合わせフォーム: 24 時間 365 日。返事に数日かかることがあります",
        Role::Normal,
    );
}

/// OUT-2.
fn notation(sheet: &mut Sheet) {
    sheet.heading("説明の書き方");
    for (sign, meaning) in [
        ("《 》", "ボタンや画面の項目"),
        ("[ ]", "画面の名前"),
        ("【 】", "キー"),
        ("「 」", "入力する値、画面の文"),
        ("『 』", "参照する文書"),
    ] {
        sheet.pieces(&[(2, sign, Role::Key), (10, meaning, Role::Normal)]);
    }
    let required = format!(
        "{} 必須  {}と{} は、それぞれどれか一つが必須",
        sheet.glyphs().required,
        sheet.glyphs().either_1,
        sheet.glyphs().either_2
    );
    sheet.text(2, &required, Role::Normal);
}

/// What terminals do to keys (tui-craft B.5).
fn terminals(sheet: &mut Sheet) {
    sheet.heading("キーが効かないとき");
    sheet.text(
        2,
        "F1・F10・F11 は端末のソフトに取られることがあります。並んで書いてあるもう一つのキーを使ってください。",
        Role::Normal,
    );
    sheet.text(
        2,
        "Tera Term のテンキーは、設定によって NumLock・/・*・- が F1～F4 になります。",
        Role::Normal,
    );
    sheet.text(
        2,
        "日本語入力がオンのままだと、文字のキーが届かないことがあります。半角/全角キーでオフにしてください。",
        Role::Normal,
    );
}
