//! Sentences that stand in more than one place or belong to no pane.
//! `{command}` stands for the key of that command in the present keymap.

pub mod card;
pub mod hold;
mod notes;

pub use self::card::{
    FROM_CARD, reader, reader_role, reader_terse, reader_tersest, reader_troubled,
};
pub use notes::{
    by, carded, explained, facts, from_card, moment, need, private, private_of, remark, standing,
    to_start,
};

use crate::domain::account::AccountKind;
use crate::domain::failure::{Failure, Unreachable};
use crate::domain::field::Field;
use crate::domain::spill::Spilled;
use crate::domain::time::jst;
use crate::front::keys::command::Command;
use crate::front::keys::{Context, Keymap};
use crate::front::panes::Place;
use crate::link::message::{LogoutReason, Status, VERSION};
use crate::text::clean::clean;
use jiff::Timestamp;

/// Bytes came that are no UTF-8.
pub const GARBLED: &str =
    "読めない文字が端末から届きました。端末の文字コードを UTF-8 にしてください。";
/// The key of other programs for taking back; `key` is the one here.
pub fn no_undo_there(key: Option<&str>) -> String {
    match key {
        Some(key) => format!("^Z は使いません。打った字を元に戻すのは {key} です。"),
        None => "^Z は使いません。".to_owned(),
    }
}

/// What was wrong before the screen came, and how it is put away.
pub fn until_put_away(text: &str) -> String {
    format!("{}（{{leave}} で消します）", clean(text))
}

/// Kana typed where no field is: the input method is on (DOM-29).
pub const INPUT_METHOD_ON: &str = "日本語入力がオンです。半角/全角キー（または Ctrl+Space）でオフにしてから、もう一度押してください。";
/// A paste with no field to take it.
pub const PASTE_OUTSIDE: &str = "貼り付けは入力欄でだけ使えます。";
/// A paste that goes on behind a pause; its end may have been lost.
pub const PASTING: &str =
    "貼り付けの途中です。終わらないときは Esc か矢印キーを押すと、そこまでを入れます。";
/// A command that needs a login.
pub const LOGIN_FIRST: &str = "ログインすると使えます。";
/// A form opened with what had been typed before.
pub const GOING_ON: &str = "前の入力の続きです。患者さんが違うときは {clear} で消してください。";
/// The same, while another patient's is being put aside.
pub const GOING_ON_OTHER_KEPT: &str =
    "前の書きかけの続きです。いまの患者さんの分も、書きかけに残しました。";
/// The ladder so: there a digit alone would choose for the earlier patient.
pub const LADDER_GOES_ON: &str =
    "前の入力の続きです。同じ患者さんなら {next} で続け、違うときは {clear} で消してください。";
/// A 氏名 that few cards have.
pub const ODD_NAME: &str =
    "氏名に数字があります。券面のとおりなら、もう一度 {submit}。違うときは直してください。";
/// A digit pressed at a question over a list with numbers.
pub const NO_DIGIT: &str = "ここで番号は使いません。{submit} か {leave} で答えてください。";
/// The keys that answer the program's questions: digits do in every keymap.
pub const YES_OR_NO: &str = "{submit} か 1 はい  {leave} か 0 いいえ";
/// Enter under a question (Enter never confirms a decision).
pub const DECIDES_NOTHING: &str = "{next} では決まりません。";
/// A key that is none of several choices.
pub const BY_NUMBER: &str = "番号で答えてください。";
/// A correction opened with what had been typed before.
pub const CORRECTION_GOES_ON: &str = "この控えの訂正の続きです。{clear} で元の内容に戻せます。";
/// The same, where the note has changed since.
pub const CORRECTED_MEANWHILE: &str = "訂正の続きです。この控えはその間に変わりました。内容を確かめてください。{clear} で今の内容に戻せます。";
/// Nothing was heard for too long.
pub const DESK_SILENT: &str =
    "窓口サービスが返事をしません。続くときは madoguchi desk を起動し直してください。";
/// A key that would change the form of a question that is under way.
pub const BEING_ASKED: &str =
    "照会中です。返事を待つか、{leave} で待つのをやめてから直してください。";
/// On the title line behind a login that only the desk has checked.
pub const OFFLINE: &str = " オフライン";
/// The central system is back while a form is being typed.
pub const RECHECK_LATER: &str =
    "中央システムが復旧しました。この入力が済んだら、パスワードをもう一度聞きます。";
/// After a new login by the same person.
pub const RESUMED: &str = "続けられます。入力は残っています。";
/// An answer came for a pane that is not on top.
pub const ANSWER_WAITS: &str = "返事が届いています。{back} で戻ると見られます。";
/// The outage function before its period is known.
pub const PERIOD_UNKNOWN: &str =
    "利用期間をまだ確かめられていません。少し待って、もう一度開いてください。";

/// The desk service went away.
pub const LINK_LOST: &str = "この端末の窓口サービスが止まりました。戻るのを待っています。入力は残っています。続くときは madoguchi desk を起動し直してください。";
/// It is back.
pub const LINK_BACK: &str = "窓口サービスが戻りました。入力は残っています。";
/// How a front end that tells lines begins.
pub const PLAIN: &str =
    "窓口（1 行ずつ読み上げる表示）。{help} でキーの一覧、{repaint} で画面をはじめから読みます。";
/// The screen is smaller than anything can be shown on (DOM-51): the longest
/// that fits.
pub const TOO_SMALL: [&str; 4] = [
    "画面が狭すぎます。60x16 以上に広げてください。入力は残っています。",
    "画面が狭すぎます。60x16 以上にしてください。",
    "画面が狭すぎます (60x16 以上に)",
    "画面が狭すぎます",
];
/// The screen is hidden (DOM-45).
pub const BLANKED: &str = "画面を隠しています。どれかのキーで戻ります。";
/// A key on a screen that was blanked for long.
pub const AFTER_BLANK: &str =
    "画面を隠していたので、本人か確かめます。パスワードを入れると続きに戻ります。";
/// Nothing is hidden in this list.
pub const NAMES_SHOWN: &str = "氏名は隠していません（設定 desk.hide-names）。";
/// The mark of the stand-in (SEC-44).
pub const SIMULATED: &str = "[模擬]";
/// The card reader, on the state line.
pub const READER: &str = "読取機";
/// State line before the desk service has answered for the first time.
pub const CONNECTING: &str = "窓口サービスにつないでいます";
/// On the state line while the desk service is away.
pub const NO_DESK: &str = "窓口サービス 停止";
/// State line before the first status.
pub const NO_STATUS: &str = "準備しています";
/// State line when notes cannot be kept.
pub const STORE_TROUBLE: &str = "控えの保存 不可";
/// State line when notes go to the spill.
pub fn spilling(notes: usize) -> String {
    format!("控えは予備へ {notes} 件")
}

/// Above the menu, while a notice of a possible loss is read by nobody.
pub const LOSS: &str = "控えが失われた可能性があります。「お知らせ」を読んでください。";
/// The same above the ledger, from where お知らせ is one step away.
pub const LOSS_IN_MENU: &str =
    "控えが失われた可能性があります。メニューの「お知らせ」を読んでください。";

/// State line while the store is being opened.
pub const STORE_OPENING: &str = "控え帳を開いています";

/// The ledger is made anew from the journal: so many records of so many.
pub fn rebuilding(done: u64, total: u64, terse: bool) -> String {
    if terse {
        let percent = (done * 100).checked_div(total).unwrap_or(0);
        return format!("控え帳を作り直し {percent} %");
    }
    format!(
        "控え帳を作り直しています {} / {}",
        grouped(done),
        grouped(total)
    )
}

/// `42,000`.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// OUT-20, word for word.
pub const MONITORED: &str = "利用が制限された機能であるため、利用状況は実施機関で監視しています。";
/// A field that cards of this insurer do not have (DOM-15).
pub const NOT_ON_THIS_CARD: &str = "後期高齢者のカードにはありません";
/// 性別 (OUT-31).
pub const SEXES: &[(char, &str)] = &[('1', "男"), ('2', "女"), ('3', "未設定")];
/// 加入医療保険種別 (DOM-72).
pub const COVERS: &[(char, &str)] = &[
    ('1', "社保"),
    ('2', "国保"),
    ('3', "後期"),
    ('0', "わからない"),
];
/// 限度額情報の提供 (DOM-21).
pub const CONSENT: &[(char, &str)] = &[('0', "同意しない"), ('1', "同意する")];

/// A login that did not come about. What the line failed at is not the
/// person's fault, and nothing can be noted from here.
pub fn login_failed(failure: &Failure) -> String {
    let away = "中央システムにつながらないため、ログインできません。";
    let again = "復旧を待つか、紙に控えてください。入力は残っているので、復旧したら {submit} で続けられます。";
    match failure {
        Failure::Unreachable { cause, .. } if *cause != Unreachable::Refused => {
            format!("{away}{}", cause.advice())
        }
        Failure::Unreachable { .. } | Failure::NoAnswer | Failure::Unavailable { .. } => {
            format!("{away}{again}")
        }
        failure => failure.to_string(),
    }
}

/// What a login is good for that only the desk has checked.
pub fn offline(until: Timestamp) -> String {
    let until = jst(until);
    format!(
        "オフラインのログインです（控えと控え帳だけ）。復旧したらパスワードを聞きます。復旧しないとき、このログインは {}/{} {:02}:{:02} まで使えます。",
        until.month(),
        until.day(),
        until.hour(),
        until.minute()
    )
}

/// The wait after a wrong password (SEC-3).
pub fn wait(seconds: u64) -> String {
    format!("あと {seconds} 秒待つと、もう一度ログインできます。")
}

/// How far the sync is.
pub fn syncing(
    done: usize,
    total: usize,
    per_minute: Option<u64>,
    seconds_left: Option<u64>,
) -> String {
    let rate = per_minute.map_or_else(String::new, |n| format!("  毎分 {n} 件"));
    let left = match seconds_left {
        None => String::new(),
        Some(s) if s < 120 => format!("  残り約 {s} 秒"),
        Some(s) => format!("  残り約 {} 分", s.div_ceil(60)),
    };
    format!("照会中 {done}/{total}{rate}{left}")
}

/// A sync that was stopped while questions are on the line.
pub fn stopping(notes: usize) -> String {
    format!("止めています（返事待ち {notes} 件）")
}

/// A sync that has nothing to ask for, and what waits for something else.
pub fn nothing_to_sync(blocked: usize, advice: &str) -> String {
    if blocked == 0 {
        "今照会できる控えはありません。".to_owned()
    } else {
        format!("今照会できる控えはありません（保留 {blocked} 件: {advice}）。")
    }
}

/// The other side speaks another version.
pub fn mismatch(theirs: u32) -> String {
    format!(
        "窓口サービスの版が違います（画面 {VERSION}、サービス {theirs}）。madoguchi desk を終了し、起動し直してください。"
    )
}

/// QG-46.
pub fn idle_warning(seconds: u64) -> String {
    format!(
        "あと {seconds} 秒で自動ログアウトします。続けるにはどれかキーを押してください。入力は残ります。"
    )
}

/// A function that is not for this account kind.
pub fn not_for(kind: AccountKind) -> String {
    format!("{} アカウントにはこの機能がありません。", kind.label())
}

/// Why the login pane is here; `idle` is the minutes after which the desk logs
/// off by itself, where it has told.
pub fn logged_out(reason: LogoutReason, idle: Option<u64>) -> Option<String> {
    let said = match reason {
        LogoutReason::Asked => return None,
        LogoutReason::Idle => {
            let long =
                idle.map_or_else(|| "しばらく".to_owned(), |minutes| format!("{minutes} 分"));
            return Some(format!(
                "{long}操作がなかったので、自動でログアウトしました。入力の途中だったものは、同じユーザIDでログインすると続けられます。"
            ));
        }
        LogoutReason::Elsewhere => {
            "同じユーザIDで、ほかの画面から強制的にログインがありました。この画面はログアウトしました。心あたりがなければ管理アカウントの人に伝えてください。"
        }
        LogoutReason::Restarted => {
            "ログインの確認が切れました。もう一度ログインしてください。入力は残っています。"
        }
        LogoutReason::Recovered => {
            "中央システムが復旧しました。照会できるように、パスワードをもう一度入れてください。入力は残っています。"
        }
        LogoutReason::Barred => {
            "中央システムで、このアカウントがロックされたか無効になりました。ログアウトしました。管理アカウントの人に確かめてください。入力の途中だったものは残っています。"
        }
    };
    Some(said.to_owned())
}

/// A pane opened with what had been typed before.
pub fn going_on(place: Place) -> &'static str {
    match place {
        Place::Ladder => LADDER_GOES_ON,
        _ => GOING_ON,
    }
}

/// An answer came for a form that was left.
pub fn answer_aside(key: Option<&str>) -> String {
    match key {
        Some(key) => format!("照会の返事が来ています。{key} で見られます。"),
        None => "照会の返事が来ています。メニューから開くと見られます。".to_owned(),
    }
}

/// What is wrong with the store, if anything is.
pub fn trouble_of(status: &Status) -> Option<String> {
    let open = status.notes.values().any(|n| *n > 0);
    let why = status.store_trouble.as_ref()?;
    Some(store_trouble(open, why, status.spill.as_ref()))
}

/// The store does not open, or is open but does not write; notes may go to
/// the spill meanwhile.
pub fn store_trouble(open: bool, why: &str, spill: Option<&Spilled>) -> String {
    if let Some(Spilled {
        notes,
        place: Some(_),
        ..
    }) = spill
    {
        format!("控えは予備のファイルに取れます（今 {notes} 件）。{why}")
    } else if open {
        format!("控えを保存できません。{why}")
    } else {
        format!("控え帳を開けません。{why}")
    }
}

/// The form was emptied, and how to take that back.
pub fn cleared(keymap: &Keymap) -> String {
    match keymap.key_for(Context::Field, Command::Undo) {
        Some(key) => format!("入力を消しました。{key} で戻せます。"),
        None => "入力を消しました。".to_owned(),
    }
}

/// DOM-44.
pub fn personal_number(field: Field) -> String {
    format!(
        "{}: 個人番号（12 桁）は控えられません。欄から消しました。券面の表の記号・番号を入れてください。",
        field.label()
    )
}

/// DOM-44, for a number that went on into the next fields.
pub fn personal_number_over(field: Field) -> String {
    format!(
        "{}: 続けて打った12桁は個人番号です。消しました。券面の番号なら欄ごとに Enter で区切ってください。",
        field.label()
    )
}

/// A letter in a field of digits.
pub fn digits_only(field: Field) -> String {
    format!("{}: 数字で入れてください。", field.label())
}

/// A key that is none of the choices.
pub fn one_of(field: Field, options: &[(char, &str)]) -> String {
    let list: Vec<String> = options
        .iter()
        .map(|(key, name)| format!("{key} {name}"))
        .collect();
    format!(
        "{}: {} から選んでください。",
        field.label(),
        list.join("  ")
    )
}

/// A field that takes no more.
pub fn full(field: Field, limit: usize) -> String {
    format!("{}: {limit} 文字までです。", field.label())
}
