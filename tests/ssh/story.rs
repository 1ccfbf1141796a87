//! The stories, each with an office of its own.

use super::line::Line;
use super::office::{Office, password};
use super::server::Server;
use super::stage::Stage;
use rustix::process::Signal;
use std::time::Duration;

const F2: &[u8] = b"\x1b[12~";
const F3: &[u8] = b"\x1b[13~";
const F6: &[u8] = b"\x1b[17~";
const F12: &[u8] = b"\x1b[24~";
/// Seconds a note stays held behind a lost line.
const HOLD: u64 = 5;
/// What is drawn is not taken for what was pressed: an answer has to have been
/// read before F12 counts for it.
const READ: Duration = Duration::from_millis(600);

struct Desk {
    office: Office,
    server: Server,
}

impl Desk {
    fn open() -> Self {
        let office = Office::open_with(
            &format!("hold-seconds = {HOLD}\n"),
            "[screens]\n\"127.0.0.1\" = \"窓口1\"\n\"127.0.0.2\" = \"窓口2\"\n",
        );
        let server = Server::start(office.home.path());
        // The service is there before the first screen.
        drop(office.front());
        Self { office, server }
    }

    fn screen(&self, from: &str) -> Stage {
        self.server
            .screen(self.office.home.path(), from, self.server.address)
    }

    /// Logged in there.
    fn person(&self, from: &str, user: &str) -> Stage {
        let mut screen = self.screen(from);
        log_in(&mut screen, user);
        screen
    }

    fn outage(&self) {
        self.office.set("outage=on");
    }
}

/// Logs in, by force if the service has not noticed yet that the line is gone.
fn log_in(screen: &mut Stage, user: &str) {
    screen.send(format!("{user}\r").as_bytes());
    screen.send(format!("{}\r", password(user)).as_bytes());
    let inside = |screen: &str| !screen.contains("パスワード") && screen.contains(" 回線 ");
    screen.until("the login's answer", |screen| {
        screen.contains("強制的に") || inside(screen)
    });
    if screen.screen().contains("強制的に") {
        screen.moment(READ);
        screen.send(b"1");
    }
    screen.until("the desk", inside);
}

/// A note of 新橋太郎, while the line is down.
fn take_note(screen: &mut Stage) {
    screen.send(F2);
    screen.shows(&["4情報の控え"]);
    screen.send("新橋太郎\r\rS29.3.26\r1東京都港区".as_bytes());
    screen.shows(&["昭和29年3月26日", "東京都港区"]);
    screen.send(F12);
    screen.shows(&["控えました"]);
}

/// DOM-53: half a note is typed, the line is lost, and the same person finds
/// the form on another screen.
pub fn drafts() {
    let desk = Desk::open();
    let mut first = desk.person("127.0.0.1", "003");
    first.send(F2);
    first.shows(&["4情報の控え"]);
    first.send("新橋太郎\rシンバシ".as_bytes());
    first.shows(&["新橋太郎", "シンバシ"]);
    // What is typed is with the desk at most 200 ms behind the keys.
    first.moment(READ);
    first.signal(Signal::KILL);
    let line = Line::to(desk.server.address);
    let mut second = desk
        .server
        .screen(desk.office.home.path(), "127.0.0.1", line.address);
    log_in(&mut second, "003");
    second.shows(&["4情報の控え", "新橋太郎", "シンバシ", "続き"]);
    // The focus is where it was.
    second.send("タロウ\r".as_bytes());
    second.shows(&["シンバシタロウ"]);
    second.moment(READ);
    line.cut();
    let mut third = desk.person("127.0.0.2", "003");
    third.shows(&["4情報の控え", "新橋太郎", "シンバシタロウ"]);
    // Nobody else gets to see it.
    let mut other = desk.person("127.0.0.1", "002");
    other.send(F2);
    other.shows(&["4情報の控え"]);
    assert!(!other.screen().contains("新橋"), "{}", other.screen());
}

/// A note kept on one screen stands in the open ledger of the others, without
/// a key; the name only in part (DOM-45).
pub fn ledger() {
    let desk = Desk::open();
    let mut one = desk.person("127.0.0.1", "002");
    let mut two = desk.person("127.0.0.2", "003");
    let mut three = desk.person("127.0.0.2", "013");
    desk.outage();
    for screen in [&mut two, &mut three] {
        screen.send(F6);
        screen.shows(&["控えはまだありません"]);
    }
    take_note(&mut one);
    for screen in [&mut two, &mut three] {
        screen.shows(&["新橋〇〇", "昭29.03.26 男"]);
        assert!(!screen.screen().contains("新橋太郎"), "{}", screen.screen());
    }
}

/// A note taken in one screen and half corrected in the other.
fn half_corrected(desk: &Desk) -> (Stage, Stage) {
    let mut one = desk.person("127.0.0.1", "002");
    let mut two = desk.person("127.0.0.2", "003");
    desk.outage();
    take_note(&mut one);
    two.send(F6);
    two.shows(&["新橋〇〇"]);
    two.send(F3);
    two.shows(&["4情報の控え  訂正"]);
    two.send("あ".as_bytes());
    two.shows(&["新橋太郎あ"]);
    (one, two)
}

/// Opening what somebody else has open asks; F12 takes it over, the other is
/// told at once who did, and keeps what was typed.
pub fn take_over() {
    let desk = Desk::open();
    let (mut one, mut two) = half_corrected(&desk);
    // In the other's ledger it says so.
    one.send(F6);
    one.shows(&["使用中 閲覧見本一さん"]);
    one.send(F3);
    one.shows(&["窓口2 の 閲覧見本一さん", "1 引き継ぐ"]);
    // Only looked at.
    one.moment(READ);
    one.send(b"0");
    one.shows(&["見るだけです", "控え帳"]);
    one.send(F3);
    one.shows(&["1 引き継ぐ"]);
    one.moment(READ);
    one.send(F12);
    one.shows(&["を引き継ぎました", "4情報の控え  訂正"]);
    two.shows(&["窓口1 の 受付見本一さん", "引き継ぎました", "新橋太郎あ"]);
    two.moment(READ);
    // The other's change is refused, and what was typed stays.
    two.send(F12);
    two.shows(&["1 引き継ぐ"]);
    two.moment(READ);
    two.send(b"0");
    two.shows(&["見るだけです", "新橋太郎あ"]);
    // Whoever has it changes it; then it is free again, and what it is now is said.
    one.send("い".as_bytes());
    one.shows(&["新橋太郎い"]);
    one.send(F12);
    one.until("the correction", |screen| !screen.contains("訂正 2026"));
    two.shows(&["その間に変わりました", "新橋太郎あ"]);
}

/// The line of whoever has a note open is lost: it is free after the set
/// time, everybody's ledger shows it without a key, and the draft is kept.
pub fn dropped() {
    let desk = Desk::open();
    let (mut one, mut two) = half_corrected(&desk);
    one.send(F6);
    one.shows(&["使用中 閲覧見本一さん"]);
    two.moment(READ);
    two.signal(Signal::KILL);
    // Still held: the person may be back in a moment.
    one.send(F3);
    one.shows(&["1 引き継ぐ"]);
    one.moment(READ);
    one.send(b"0");
    one.until("the note is free", |screen| {
        !screen.contains("使用中") && screen.contains("新橋〇〇")
    });
    one.send(F3);
    one.shows(&["4情報の控え  訂正"]);
    one.moment(READ);
    assert!(!one.screen().contains("1 引き継ぐ"), "{}", one.screen());
    let mut back = desk.person("127.0.0.2", "003");
    back.shows(&["新橋太郎あ"]);
}
