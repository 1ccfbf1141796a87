//! What is said of the reader and of the card on it (DOM-83, DOM-85, DOM-86).

use crate::domain::card::{Expiry, Flag, Glance, Kind, NO_CERTIFICATE, Trouble, Validity};
use crate::domain::field::Field;
use crate::domain::note::NoteId;
use crate::domain::reader::ReaderState;
use crate::front::canvas::Role;
use crate::front::keys::command::Command;
use crate::front::keys::{Context, Keymap};
use jiff::civil::Date;

/// The mark of a field that stands as the card had it.
pub const FROM_CARD: &str = "カード";
/// A card could fill in the form.
pub const THERE: &str = "カードがあります: {card} で読んで入れられます。";
/// Enter before what was read (Enter never confirms a decision).
pub const F12_TAKES: &str = "{next} では決まりません。見比べて、{submit} で取り込みます。";
/// The form holds another person's.
pub const EXCHANGE: &str = "別の方のカードです。入力を消して入れ替えますか  ";
/// The same was answered with no.
pub const NOT_EXCHANGED: &str = "入れ替えていません。入力はそのままです。";
/// A name that differs, and all else agrees.
pub const SAME_PERSON: &str =
    "氏名が違います。同じ方ですか  {submit} か 1 同じ方  2 別の方  {leave} 戻る";
/// The same in whole sentences.
pub const OTHER_NAME: &str = "氏名が違います。生年月日は同じです。同じ方の打ち違いか、別の方のカードか、券面と患者さんで確かめてください。";
/// What stays in the form beside a new name.
pub const SAME_OWNER: &str =
    "そのまま残る入力も、この方のものですか  {submit} か 1 はい  2 別の方のもの  {leave} 戻る";
/// A person said that it is another's.
pub const AS_ANOTHER: &str =
    "別の方のカードとして扱います。{submit} で入れ替えるか、{back} で使わずに戻ります。";
/// One field alone of another person's card.
pub const ALL_OR_NONE: &str =
    "別の方のカードなので、欄を 1 つずつは選べません。すべて入れ替えるか、使わずに戻ります。";
/// What becomes of the form below another person's card.
pub const OF_ANOTHER: &str = "いまの入力とは別の方のカードです。取り込むと、下の入力はカナや保険証の番号も含めてすべて消え、カードの内容に入れ替わります。";
/// The same where a note is being corrected: that is left alone.
pub fn begins_anew(corrects: &NoteId) -> String {
    format!("別の方のカードです。控え {corrects} は残し、この方の控えを新しく始めますか  ")
}
/// What becomes of it.
pub fn of_another_note(corrects: &NoteId) -> String {
    format!(
        "訂正中の控え {corrects} とは別の方のカードです。取り込むと、その控えは元のまま残り（訂正の入力は消えます）、カードの方の控えを新しく始めます。"
    )
}
/// It has begun.
pub fn began_anew(left: &NoteId, keymap: &Keymap) -> String {
    let back = match keymap.key_for(Context::Field, Command::Undo) {
        Some(key) => format!("{key} で訂正に戻れます。"),
        None => String::new(),
    };
    format!("控え {left} は元のまま残しました。カードの方の新しい控えです。{back}")
}
/// What stays beside what goes over.
pub const WHOSE: &str = "この方のものか、確かめてください。";
/// Nothing lies there, and something waits for it.
pub const PUT_DOWN: &str = "カードを置いてください。";
/// A PIN is typed for the card that lies there, and for no later one.
pub const CARD_FIRST: &str = "カードを置いてから、暗証番号を入れてもらってください。";
/// What a key that was sent ahead is for, and how it is stopped.
pub const WAITING: &str = "次に置かれたカードに、いま入れた番号を使います。別の患者さんのカードを置くときは、先に {leave} でやめてください。";
/// The same as the next step.
pub const WAITING_HINT: &str = "カードを置いてください。{leave} で待つのをやめます。60 秒置かれないときは、番号を消してやめます。";
/// No card was put down in time.
pub const WAITED: &str =
    "60 秒待ってもカードが置かれなかったので、番号を消してやめました。もう一度入れてください。";
/// The card went while its key was being typed.
pub const WIPED: &str =
    "カードが離れたので、打ちかけの番号を消しました。次の方の番号を、初めから入れてください。";
/// The card went before one of the last tries was used.
pub const NOT_TRIED: &str = "カードが離れたので、試していません。回数は減っていません。";
/// A number that was typed for the card before this one.
pub const OLD: &str = "前のカードの分です。見直して {next}";
/// A birth date without a month or a day.
pub const UNKNOWN_DAY: &str = "生年月日: 月や日の分からない日付は、券面の番号では読めません。{other-key} で患者さんの暗証番号で読むか、手で入れてください。";
/// A birth date after today.
pub const NOT_BORN: &str =
    "生年月日: 未来の日付です。カードには送っていません。券面の生年月日を確かめてください。";
/// The same as [`UNKNOWN_DAY`] in a few words.
pub const NOT_BY_DATE: &str = "番号では読めません。{other-key} で暗証番号";
/// A reading that takes its time.
pub const READING: &str = "カードを読んでいます。動かさないでください。";
/// The card was taken away before what was read was taken over.
pub const GONE: &str =
    "カードが離れたので、読んだ内容は消しました。要るときは、もう一度置いて読んでください。";
/// What a signature shows and what it does not (section 5.3).
pub const PROVES: &str = crate::domain::card::PROOF;
/// The keyboard goes to the patient.
pub const TURN: &str = "キーボードを患者さんに向け、患者さんに打ってもらってください。窓口で聞いて打たないでください。";
/// What becomes of a PIN.
pub const NOT_KEPT: &str = "番号は画面に出ず、どこにも残りません。3 回続けて違うと使えなくなり、市区町村の窓口でしか直せません。";
/// The desk lets a signature be asked only where it is set up.
pub const NO_PROOF: &str = "署名確認は、この窓口では使わない設定です（設定 card.challenge）。";

/// The key of the demo's cards, elsewhere.
pub const NO_DEMO: &str = "カードの実演は madoguchi demo でだけ使えます。";

/// The reader, in a few words.
pub fn reader(state: &ReaderState) -> String {
    let sign = sign(state).map_or_else(String::new, |sign| format!(" {}", sign.0));
    word(state).to_owned() + &sign
}

/// What is to be known of the card as long as it lies there, and in fewer
/// columns (DOM-83, DOM-85).
fn sign(state: &ReaderState) -> Option<(&'static str, &'static str)> {
    let ReaderState::CardPresent {
        glance: Some(glance),
        ..
    } = state
    else {
        return None;
    };
    let lies_badly = matches!(glance.trouble, Some(Trouble::Mute | Trouble::Slow))
        || glance.trouble.is_none() && glance.kind == Some(Kind::Mute);
    if lies_badly {
        return Some(("置き直し", "置直し"));
    }
    if glance.trouble.is_some() {
        return None;
    }
    match (glance.validity, glance.expires) {
        (Some(Validity::Grace { .. } | Validity::Ended { .. }), _)
        | (_, Some(Expiry::Ended { .. })) => Some(("期限切れ", "期限切")),
        (Some(Validity::Soon { .. }), _) | (_, Some(Expiry::Soon { .. })) => {
            Some(("期限近い", "期限!"))
        }
        (Some(Validity::Early { .. }), _) => Some(("期間前", "期間前")),
        (None, _) if lacks(glance) || glance.kind == Some(Kind::MyNumberBare) => {
            Some(("証明書なし", "証明なし"))
        }
        _ => None,
    }
}

fn word(state: &ReaderState) -> &'static str {
    match state {
        ReaderState::Unknown => "確認中",
        ReaderState::NoService => "停止（pcscd なし）",
        ReaderState::NoReader => "つながっていません",
        ReaderState::Waiting { .. } => "カード待ち",
        ReaderState::CardPresent { glance, .. } => glance.as_ref().map_or("カードあり", lies),
    }
}

fn lies(glance: &Glance) -> &'static str {
    if let Some(trouble) = &glance.trouble {
        return match trouble {
            Trouble::InUse => "ほかのプログラムが使用中",
            Trouble::Slow => "カードの返事なし",
            Trouble::NoReader => "つながっていません",
            Trouble::NoCard => "カード待ち",
            Trouble::Lifted => "カードが動きました",
            _ => "読めないカード",
        };
    }
    match glance.kind {
        None => "カードを確認中",
        Some(Kind::MyNumber) => "マイナンバーカード",
        Some(Kind::MyNumberBare) => "マイナンバーカード",
        Some(Kind::Android | Kind::Iphone) => "スマートフォン",
        Some(Kind::Juki) => "住基カード",
        Some(Kind::Licence) => "運転免許証",
        Some(Kind::Residence) => "在留カード",
        Some(Kind::Bank) => "銀行などのカード",
        Some(Kind::Memory) => "交通系などのカード",
        Some(Kind::Other) => "ほかのカード",
        Some(Kind::UnknownToken) => "分からないカード",
        Some(Kind::Mute) => "読めないカード",
    }
}

/// The same in fewer columns.
pub fn reader_terse(state: &ReaderState) -> String {
    let sign = sign(state).map_or_else(String::new, |sign| format!(" {}", sign.1));
    reader_tersest(state).to_owned() + &sign
}

/// Without what is to be known of the card.
pub fn reader_tersest(state: &ReaderState) -> &'static str {
    match state {
        ReaderState::NoService => "停止",
        ReaderState::NoReader => "なし",
        ReaderState::Waiting { .. } => "待ち",
        ReaderState::CardPresent {
            glance: Some(glance),
            ..
        } => match (&glance.trouble, glance.kind) {
            (Some(Trouble::InUse), _) => "使用中",
            (Some(Trouble::Slow), _) => "返事なし",
            (Some(_), _) | (None, Some(Kind::Mute)) => "読めず",
            (None, None) => "確認中",
            (None, Some(Kind::MyNumber | Kind::MyNumberBare)) => "マイナ",
            (None, Some(Kind::Android | Kind::Iphone)) => "スマホ",
            (None, Some(Kind::Juki)) => "住基",
            (None, Some(Kind::Licence)) => "免許証",
            (None, Some(Kind::Residence)) => "在留",
            (None, Some(_)) => "別カード",
        },
        ReaderState::CardPresent { .. } => "あり",
        ReaderState::Unknown => word(state),
    }
}

/// How the reader's words stand on the state line.
pub fn reader_role(state: &ReaderState) -> Role {
    match state {
        ReaderState::CardPresent {
            glance: Some(glance),
            ..
        } => match (&glance.trouble, glance.kind) {
            (None, None | Some(Kind::MyNumber)) if sign(state).is_none() => Role::Normal,
            _ => Role::Warning,
        },
        _ => Role::Normal,
    }
}

/// Whether no card can be read before somebody sees to it.
pub fn reader_troubled(state: &ReaderState) -> bool {
    match state {
        ReaderState::NoService | ReaderState::NoReader => true,
        ReaderState::CardPresent {
            glance: Some(glance),
            ..
        } => glance.trouble.is_some() || glance.kind == Some(Kind::Mute),
        _ => false,
    }
}

/// What to do about the reader or the card; nothing where all is well.
pub fn advice(state: &ReaderState) -> Option<String> {
    match state {
        ReaderState::NoService => Some(
            "カード読取機のサービス（pcscd）が動いていません。管理の人に伝えてください。直るまでは、券面を見て手で入れられます。"
                .to_owned(),
        ),
        ReaderState::NoReader => Some(
            "カード読取機がつながっていません。USB の線を確かめ、抜き差ししてください。直らないときは、読取機と端末を切り、読取機、端末の順に入れ直します。"
                .to_owned(),
        ),
        ReaderState::CardPresent {
            glance: Some(glance),
            ..
        } => match (&glance.trouble, glance.kind) {
            (Some(trouble), _) => Some(trouble.to_string()),
            (None, Some(kind)) => other_kind(kind).map(str::to_owned),
            (None, None) => None,
        },
        _ => None,
    }
}

/// What to do with a card that is no マイナンバーカード.
pub fn other_kind(kind: Kind) -> Option<&'static str> {
    (kind != Kind::MyNumber).then(|| kind.sentence())
}

/// `2027/1/15`.
pub fn day(date: Date) -> String {
    format!("{}/{}/{}", date.year(), date.month(), date.day())
}

/// The certificate that ends, has ended, or has not begun (DOM-85, DOM-86).
pub fn certificate(validity: Validity) -> Option<String> {
    (validity != Validity::Good).then(|| validity.to_string())
}

/// What is to be known of the card's certificate, or that it shows none
/// (DOM-85, DOM-86).
pub fn standing(glance: &Glance) -> Option<String> {
    let certificate = match glance.validity {
        Some(validity) => certificate(validity),
        None => lacks(glance).then(|| NO_CERTIFICATE.to_owned()),
    };
    let card = glance.expires.map(|expiry| expiry.to_string());
    let said: Vec<String> = certificate.into_iter().chain(card).collect();
    (!said.is_empty()).then(|| said.concat())
}

/// A マイナンバーカード that shows no certificate.
pub fn lacks(glance: &Glance) -> bool {
    glance.kind == Some(Kind::MyNumber) && glance.validity.is_none() && glance.trouble.is_none()
}

/// The same in a few words, for the card pane.
pub fn validity(validity: Validity) -> &'static str {
    match validity {
        Validity::Good => "有効",
        Validity::Soon { .. } => "もうすぐ切れます",
        Validity::Grace { .. } => "切れています（資格だけ確認可）",
        Validity::Ended { .. } => "切れています",
        Validity::Early { .. } => "まだ有効でありません",
    }
}

/// The card's own expiry in a few words.
pub fn expiry(expiry: Expiry) -> &'static str {
    match expiry {
        Expiry::Soon { .. } => "もうすぐ切れます",
        Expiry::Ended { .. } => "切れています",
    }
}

/// What a person has to hold against the card's face.
pub fn flag(flag: Flag) -> &'static str {
    match flag {
        Flag::Missing => "カードに入っていません。券面を見て手で入れてください。",
        Flag::NotUtf8 => "読めない字があります。券面と見比べ、手で入れてください。",
        Flag::Rare => "画面に出ないことのある珍しい字です。券面と見比べてください。",
        Flag::Private => "外字です（画面では 〓）。券面と見比べてください。",
        Flag::Substitute => "字の代わりの記号かもしれません。券面と見比べてください。",
        Flag::Cleaned => "文字でないものを除きました。券面と見比べてください。",
        Flag::Unknown => "日付や区分として読めません（不明など）。手で入れてください。",
    }
}

/// The same beside a field that came from a card.
pub fn doubt(flag: Flag) -> &'static str {
    match flag {
        Flag::Private => "外字です。券面を確かめます。",
        _ => "代わりの記号？券面を確かめます。",
    }
}

/// What went over from the card, and what is still missing; `kana` is what
/// stands there, where the form has it.
pub fn taken(taken: &[Field], missing: &[Field], kana: Option<&str>) -> String {
    let labels = |fields: &[Field]| {
        let labels: Vec<&str> = fields.iter().map(|field| field.label()).collect();
        labels.join("・")
    };
    let mut said = format!("カードから{}を入れました。", labels(taken));
    if !missing.is_empty() {
        let gap = labels(missing);
        said = format!("{said}{gap}は入っていません。券面を見て入れてください。");
    }
    match kana {
        Some("") if missing.is_empty() => {
            said += "カナは券面にないので、患者さんに確かめて入れてください。";
        }
        // First what the card should have had: a message has two lines.
        Some("") => {}
        Some(_) => said += "カナは前のままです。この方のものか確かめてください。",
        None => {}
    }
    said
}
