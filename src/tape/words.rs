//! What happened on a stage, in words for people who do not know its code.

use crate::tape::step::Step;

/// A message between front end and desk service, by the beginning of its name.
pub fn message(name: &str) -> String {
    let word = WORDS.iter().find(|(known, _)| *known == name);
    word.map_or_else(|| name.to_owned(), |(_, word)| (*word).to_owned())
}

const WORDS: &[(&str, &str)] = &[
    ("Hello", "つなぎました"),
    ("Welcome", "つながりました"),
    ("Status", "回線・読取機・控えの数の知らせ"),
    ("Login", "ログインを頼みました"),
    ("LoggedIn", "ログインできました"),
    ("Logout", "ログアウトを頼みました"),
    ("LoggedOut", "ログアウトになりました"),
    ("Active", "人がいることを伝えました"),
    ("IdleWarning", "まもなくログアウトすると言いました"),
    ("Lookup", "保険証での照会を頼みました"),
    ("LookedUp", "照会の結果が来ました"),
    ("Search", "4情報での照会を頼みました"),
    ("Searched", "4情報での照会の結果が来ました"),
    ("Choose", "候補から選びました"),
    ("Register", "照会番号の登録を頼みました"),
    ("Done", "できました"),
    ("Download", "XML の保存を頼みました"),
    ("Saved", "ファイルに書けました"),
    ("SaveNote", "控えるように頼みました"),
    ("Noted", "控えがディスクに書けました"),
    ("CancelNote", "控えの取消を頼みました"),
    ("ResolveNote", "控えの人を決めました"),
    ("RetryNote", "控えの再照会を頼みました"),
    ("SettleNote", "控えの完了を頼みました"),
    ("NoteStep", "控えの手順を一つ進めました"),
    ("OpenNote", "控えを開くように頼みました"),
    ("Ledger", "控え帳を読みに行きました"),
    ("Page", "控え帳の中身が来ました"),
    ("LedgerChanged", "控え帳が変わったと知らせが来ました"),
    ("Draft", "書きかけを預けました"),
    ("DropDraft", "書きかけを捨てました"),
    ("Notices", "お知らせ"),
    ("Print", "印刷を頼みました"),
    ("Opening", "機能開放の手順"),
    (
        "OpeningChanged",
        "機能開放の手順が変わったと知らせが来ました",
    ),
    ("NoticeRead", "お知らせを読みました"),
    ("TakenOver", "控えをほかの端末が引き受けました"),
    ("Sync", "一括照会を頼みました"),
    ("SyncTaken", "一括照会を始めました"),
    ("Locks", "ロックの一覧"),
    ("Card", "カードの様子"),
    ("ReadCard", "カードを読むように頼みました"),
    ("CardRead", "カードが読めました"),
    ("DropCard", "カードを待つのをやめました"),
    ("Able", "だれが照会できるかの知らせ"),
    ("Failed", "できないと返事が来ました"),
];

/// What a person did at a step, if anything.
pub fn input(step: &Step) -> Option<String> {
    Some(match step {
        Step::Key(key, 1) => format!("{} キー", key.shown()),
        Step::Key(key, count) => format!("{} キー {count} 回", key.shown()),
        Step::Type(text) | Step::Ime(text) => format!("「{text}」を打ったところ"),
        Step::Paste(text) => format!("「{text}」を貼り付けたところ"),
        Step::Login(user) => format!("{user} のログイン"),
        Step::Sleep(time) => format!("{} 秒待ったところ", time.as_secs()),
        Step::CardInsert(name) => format!("カード {name} を置いたところ"),
        Step::CardRemove => "カードを取ったところ".to_owned(),
        Step::Resize(width, height) => format!("画面を {width}x{height} にしたところ"),
        Step::RestartDesk | Step::KillDesk => "窓口サービスを止めて始めたところ".to_owned(),
        Step::DropLine => "回線を切ったところ".to_owned(),
        Step::Terminal(number) => format!("{number} 台目の端末に移ったところ"),
        _ => return None,
    })
}

/// What to do when such a step failed.
pub fn advice(step: &Step) -> &'static str {
    match step {
        Step::Screen { .. } | Step::Styles { .. } => {
            "今の画面が正しいなら、madoguchi play --update で期待の画面を書き直せます（書き直したあと必ず読んでください）。\n\
             正しくないなら、テープはそのままにして、この出力をそえて知らせてください。"
        }
        Step::Wait(_) => {
            "打ったキーで思った画面に進んだか、今の画面で確かめてください。文字が違うだけなら、テープの Wait を直します。\n\
             返事で画面が変わったすぐあと（0.4 秒以内）の F12 と Enter は数えません。キーが効いていないなら、その前に Sleep 1s を置きます。"
        }
        Step::Expect(_) | Step::Refute(_) => {
            "文字を写し間違えていないか確かめてください。返事を待つところなら、前に Wait を置きます。\n\
             返事で画面が変わったすぐあと（0.4 秒以内）の F12 と Enter は数えません。キーが効いていないなら、その前に Sleep 1s を置きます。"
        }
        Step::Cursor(..) => {
            "今の位置が正しいなら、テープの Cursor の数を直してください（どちらも 0 から数えます）。"
        }
        _ => "テープのその行と、今の画面を見比べてください。",
    }
}
