//! N-11, SEC-1, SEC-11: every message of the link, said by every kind of
//! account, by a login that only the desk has checked, and by nobody. What is
//! expected is table 8.2 of the requirements written out, not taken from the
//! code; a message that does not stand in it does not compile.

mod messages;

pub use messages::{messages, row};

use super::rig::*;
use super::script::*;
use crate::card::job::{Job, JobId};
use crate::central::call::Token;
use crate::desk::card::Reading;
use crate::desk::state::{Asker, Session};
use crate::domain::account::{AccountKind, Staff};
use crate::domain::card::KeyKind;
use crate::domain::draft::Draft;
use crate::domain::failure::Failure;
use crate::domain::note::NoteId;
use crate::domain::staff::Credential;
use crate::link::message::{LogoutReason, Ticket, ToDesk, ToFront};
use crate::store::record::What;
use std::time::Duration;

/// The columns: all eight kinds in the order of [`AccountKind::ALL`]; 管理,
/// 一般 and 医療情報閲覧 logged in without the central system; nobody.
///
/// Cells: `o` may, `-` may not (△ and － of the table alike: the screen shows
/// one and hides the other, the desk refuses both).
///
/// ```text
/// M マスタ  R マスタリセット用  A 管理  G 一般  V 医療情報閲覧
/// w WebAPI用  l 連携アプリ用  f 顔認証用
/// ```
const TABLE: &[(&str, &str)] = &[
    //                     MRAGVwlf AGV nobody
    // Before and around a login; nobody's data.
    ("hello", "oooooooo ooo o"),
    ("login", "oooooooo ooo o"),
    ("probe", "oooooooo ooo o"),
    ("demo-outage", "oooooooo ooo o"),
    ("demo-card", "oooooooo ooo o"),
    ("audit-verify", "oooooooo ooo o"),
    ("journal", "oooooooo ooo o"),
    ("logout", "oooooooo ooo -"),
    ("release-note", "oooooooo ooo -"),
    ("active", "oooooooo ooo -"),
    ("draft", "oooooooo ooo -"),
    ("drop-draft", "oooooooo ooo -"),
    ("drop-card", "oooooooo ooo o"),
    // マイナンバーカードで確認, 保険証／処方箋で確認; 照会番号.
    ("lookup", "--ooo--- --- -"),
    ("register", "--ooo--- --- -"),
    ("download", "--ooo--- --- -"),
    ("step-register", "--ooo--- --- -"),
    ("step-download", "--ooo--- --- -"),
    // 緊急時医療情報・資格確認機能: 一般 sees it and is refused.
    ("search", "--o-o--- --- -"),
    ("choose", "--o-o--- --- -"),
    ("resolve-note", "--o-o--- --- -"),
    // The ledger belongs to the business screens; without the central system
    // it is for noting and reading.
    ("save-note", "--ooo--- ooo -"),
    ("ledger", "--ooo--- ooo -"),
    ("open-note", "--ooo--- ooo -"),
    ("hold-note", "--ooo--- ooo -"),
    // The card: above all for notes.
    ("card", "--ooo--- ooo -"),
    ("read-card", "--ooo--- ooo -"),
    ("prove-card", "--ooo--- ooo -"),
    ("card-notes", "--ooo--- ooo -"),
    // Papers and the telephone call that belong to the outage itself.
    ("print", "--ooo--- ooo -"),
    ("opening", "--ooo--- ooo -"),
    ("tick-opening", "--ooo--- ooo -"),
    ("new-opening", "--ooo--- ooo -"),
    ("cancel-note", "--ooo--- --- -"),
    ("absent-note", "--ooo--- --- -"),
    ("follow-note", "--ooo--- --- -"),
    ("retry-note", "--ooo--- --- -"),
    ("settle-note", "--ooo--- --- -"),
    ("step-seen", "--ooo--- --- -"),
    ("step-destroyed", "--ooo--- --- -"),
    ("step-undone", "--ooo--- --- -"),
    ("sync", "--ooo--- --- -"),
    // Whole notes out and in: not for 一般.
    ("notes-export", "--o-o--- --- -"),
    ("notes-import", "--o-o--- --- -"),
    // お知らせ: whoever logs in at a screen.
    ("notices", "ooooo--- ooo -"),
    ("notice-read", "ooooo--- ooo -"),
    // アカウント管理: マスタ of 管理, 管理 of the five other kinds; whom
    // they may unlock stands below.
    ("locks", "o-o----- --- -"),
    ("unlock", "o-o----- --- -"),
    // 医療情報閲覧履歴照会 and its like, and マスタ, who manages 管理.
    ("audit-export", "o-o----- --- -"),
];

/// A desk with a note, and at [`ONE`] whoever the column says.
pub fn seated(column: usize) -> (Rig, NoteId) {
    let mut rig = Rig::with(crate::desk::event::Config {
        demo: true,
        ..config()
    });
    rig.attach(TWO);
    rig.login(TWO, "003");
    let note = rig.noted(TWO, card("1"));
    rig.say(TWO, ToDesk::Draft(Draft::default()));
    rig.attach(ONE);
    let (kind, offline) = match column {
        0..8 => (AccountKind::ALL[column], false),
        8 => (AccountKind::Administrator, true),
        9 => (AccountKind::General, true),
        10 => (AccountKind::MedicalViewer, true),
        _ => return (rig, note.id),
    };
    // Put there by hand: no login lets a machine account in (ADM-220).
    rig.desk.fronts.get_mut(&ONE).unwrap().session = Some(Session {
        serial: 77,
        staff: Staff {
            user: "subject".to_owned(),
            name: String::new(),
            kind,
        },
        token: (!offline).then(|| Token::new("token-subject".to_owned())),
        offline,
        active: rig.now.mono,
        warned: false,
        noting_since_outage: false,
        listed: None,
        found: Vec::new(),
    });
    (rig, note.id)
}

/// A reading is under way for [`ONE`]. Put there by hand: most columns may not
/// ask for one.
fn wished(rig: &mut Rig) {
    let asker = Asker {
        front: ONE,
        ticket: Ticket(999),
        serial: 77,
        user: "subject".to_owned(),
    };
    rig.desk.card.reading = Some(Reading {
        id: JobId(7),
        asker,
        presence: None,
        key: KeyKind::Pin,
        prove: false,
        asked: rig.now.mono,
    });
}

/// Whether it went past the rights; what became of it then is not at issue.
fn passed(mut rig: Rig, message: ToDesk) -> bool {
    rig.forget();
    rig.disk.clear();
    let name = row(&message);
    let ticket = message.ticket();
    let before = rig.desk.session(ONE).map(|session| session.active);
    rig.now.mono += Duration::from_secs(1);
    rig.script.down = matches!(name, "demo-outage");
    if name == "drop-card" {
        wished(&mut rig);
    }
    let mut open = NoteId(String::new());
    if let ToDesk::ReleaseNote { id } = &message {
        open.clone_from(id);
        rig.desk.hold_by_hand(ONE, "subject", id);
    }
    rig.say(ONE, message);
    let refusal = rig.last(ONE, |m| {
        matches!(
            m,
            ToFront::Failed {
                failure: Failure::NotLoggedIn | Failure::NotAllowed { .. } | Failure::OfflineOnly,
                ..
            }
        )
    });
    if ticket.is_some() {
        return refusal.is_none();
    }
    // What is not answered shows in what it does.
    match name {
        "hello" => rig
            .last(ONE, |m| matches!(m, ToFront::Welcome(_)))
            .is_some(),
        "logout" => rig
            .last(ONE, |m| {
                matches!(m, ToFront::LoggedOut(LogoutReason::Asked))
            })
            .is_some(),
        "active" => rig
            .desk
            .session(ONE)
            .is_some_and(|s| Some(s.active) > before),
        "draft" => rig.kept.contains_key("subject"),
        "release-note" => rig.desk.holder(&open).is_none(),
        "drop-draft" => rig.dropped.contains(&"subject".to_owned()),
        "notice-read" => matches!(
            rig.last(ONE, |m| matches!(m, ToFront::Status(_))),
            Some(ToFront::Status(status)) if status.unread_notices == 0
        ),
        "sync" => {
            let refused = rig
                .audit()
                .iter()
                .any(|what| matches!(what, What::Refused { action, .. } if action == "sync"));
            let taken = rig.last(ONE, |m| matches!(m, ToFront::SyncTaken { .. }));
            assert_ne!(refused, taken.is_some());
            !refused
        }
        "probe" => rig.script.count("probe") > 0,
        "demo-outage" => rig.switched,
        "demo-card" => rig.put.is_some(),
        // The wish of [`wished`].
        "drop-card" => rig.jobs == [Job::Drop { id: JobId(7) }],
        other => panic!("nothing shows whether {other} was heard"),
    }
}

#[test]
fn n_11_each_message_with_each_kind_of_account_and_with_none() {
    let rows = messages(Ticket(1), &NoteId(String::new()));
    for (name, _) in TABLE {
        let said = rows.iter().filter(|message| row(message) == *name).count();
        assert_eq!(said, 1, "{name}");
    }
    let mut wrong = Vec::new();
    for (at, message) in rows.iter().enumerate() {
        let name = row(message);
        let Some((_, cells)) = TABLE.iter().find(|(row, _)| *row == name) else {
            panic!("{name} stands in no row");
        };
        let cells: Vec<char> = cells.chars().filter(|c| *c != ' ').collect();
        assert_eq!(cells.len(), 12, "{name}");
        for (column, cell) in cells.into_iter().enumerate() {
            let (mut rig, id) = seated(column);
            let ticket = rig.ticket();
            let message = messages(ticket, &id).swap_remove(at);
            if passed(rig, message) != (cell == 'o') {
                wrong.push(format!("{name} column {column}: not {cell}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// Table 8.2, アカウント管理: the rows are the columns of [`TABLE`], the
/// columns whose lock it is, the last one an ユーザID nobody has been in with.
#[test]
fn table_8_2_who_unlocks_whom() {
    let rows = [
        "--o------",
        "---------",
        "---oooooo",
        "---------",
        "---------",
        "---------",
        "---------",
        "---------",
        // Offline.
        "---------",
        "---------",
        "---------",
        // Nobody.
        "---------",
    ];
    let mut wrong = Vec::new();
    for (column, row) in rows.into_iter().enumerate() {
        let kinds = AccountKind::ALL.into_iter().map(Some).chain([None]);
        for (kind, cell) in kinds.zip(row.chars()) {
            let (mut rig, _) = seated(column);
            let kept = |failures| Credential {
                staff: kind.map(|kind| Staff {
                    user: "target".to_owned(),
                    name: String::new(),
                    kind,
                }),
                failures,
                ..Credential::new("target")
            };
            rig.desk.enroll(vec![kept(3)]);
            rig.disk.clear();
            let ticket = rig.ticket();
            let user = "target".to_owned();
            rig.say(ONE, ToDesk::Unlock { ticket, user });
            let said = matches!(rig.answer(ONE), ToFront::Locks { .. });
            let forgiven = rig.disk.iter().any(|record| match &record.what {
                What::Staff(after) => **after == kept(0) || kind.is_none(),
                _ => false,
            });
            assert_eq!(said, forgiven, "column {column}, {kind:?}");
            if said != (cell == 'o') {
                wrong.push(format!("column {column}, {kind:?}: not {cell}"));
            }
            if !said {
                if let Failure::NotNow { why } = rig.failure(ONE) {
                    assert!(crate::text::cells::cells(&why) <= 72, "{why}");
                }
                let lines = rig.audit();
                let refused = |what: &&What| matches!(what, What::Refused { action, .. } if action == "unlock");
                assert_eq!(lines.into_iter().filter(refused).count(), 1);
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}
