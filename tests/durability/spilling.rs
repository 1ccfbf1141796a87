//! Noting goes on beside a ledger that is away, and is taken in later.

use super::clerk::content;
use super::office::{Front, Office, password};
use super::{key, notes, store};
use madoguchi::domain::note::{Note, NoteId};
use madoguchi::link::message::{ToDesk, ToFront};
use std::path::PathBuf;

pub fn spill(office: &Office) -> PathBuf {
    office.data().join("store-spill")
}

/// Saves; the note, and whether it went into the spill.
pub fn save(front: &mut Front, mark: &str, replaces: Option<&Note>) -> (Note, bool) {
    let replaces = replaces.map(|note| (note.id.clone(), note.revision));
    let answer = front.ask(|ticket| ToDesk::SaveNote {
        ticket,
        content: Box::new(content(mark)),
        replaces,
        trial: false,
        card: None,
    });
    match answer {
        ToFront::Noted { note, spilled, .. } => (*note, spilled),
        other => panic!("{mark}: {other:?}"),
    }
}

#[test]
fn rel_4_noting_goes_on_beside_a_broken_store() {
    let mut office = Office::open();
    let mut front = office.front();
    front.enter("003");
    let (first, spilled) = save(&mut front, "before", None);
    assert!(!spilled);
    drop(front);
    office.stop_desk();
    let away = office.home.path().join("away");
    std::fs::rename(store(&office), &away).unwrap();
    std::fs::write(store(&office), "in the way").unwrap();

    office.start_desk();
    let mut front = office.front();
    front.enter("003");
    let (second, spilled) = save(&mut front, "during", None);
    assert!(spilled);
    assert!(second.id.0.contains("-S"), "{}", second.id);
    front.wait_for("the number in the spill", |status| {
        let spill = status.spill.as_ref();
        status.store_trouble.is_some() && spill.is_some_and(|spill| spill.notes == 1)
    });
    // A person's correction and cancelling go on too; a note of the ledger
    // cannot be had, and that is said.
    let (second, _) = save(&mut front, "during, corrected", Some(&second));
    let (third, _) = save(&mut front, "also during", None);
    let cancelled = front.ask(|ticket| ToDesk::CancelNote {
        ticket,
        id: third.id.clone(),
        revision: third.revision,
        reason: "来院せず".to_owned(),
    });
    assert!(matches!(cancelled, ToFront::Noted { spilled: true, .. }));
    let id = first.id.clone();
    let gone = front.ask(|ticket| ToDesk::OpenNote { ticket, id });
    assert!(matches!(gone, ToFront::Failed { .. }), "{gone:?}");
    // Killed, and still broken: nothing is forgotten, no number used twice.
    drop(front);
    office.kill_desk();
    office.start_desk();
    let mut front = office.front();
    front.enter("003");
    let id = second.id.clone();
    let again = front.ask(|ticket| ToDesk::OpenNote { ticket, id });
    assert!(matches!(again, ToFront::Noted { .. }), "{again:?}");
    let (fourth, _) = save(&mut front, "later", None);
    assert!(![&second.id, &third.id].contains(&&fourth.id));

    // The running desk service takes everything in by itself.
    std::fs::remove_file(store(&office)).unwrap();
    std::fs::rename(&away, store(&office)).unwrap();
    front.wait_for("the ledger", |status| {
        status.store_trouble.is_none() && status.spill.is_none()
    });
    let found = notes(&store(&office), &key(&office));
    let marks: Vec<(&NoteId, &str)> = (found.iter())
        .map(|(id, note)| (id, note.content.remark.as_str()))
        .collect();
    assert_eq!(
        marks,
        [
            (&first.id, "before"),
            (&second.id, "during, corrected"),
            (&third.id, "also during"),
            (&fourth.id, "later"),
        ]
    );
    let logs = std::fs::read_dir(spill(&office)).unwrap();
    let left = logs.filter(|entry| {
        let name = entry.as_ref().unwrap().file_name();
        name.to_string_lossy().ends_with(".log")
    });
    assert_eq!(left.count(), 0);
    let (_, spilled) = save(&mut front, "after", None);
    assert!(!spilled);
}

#[test]
fn rel_4_the_command_line_says_where_a_note_went() {
    let mut office = Office::open();
    drop(office.front());
    office.stop_desk();
    std::fs::remove_dir_all(store(&office)).unwrap();
    std::fs::write(store(&office), "in the way").unwrap();
    office.start_desk();
    drop(office.front());
    // Nothing at all can be read: no empty ledger.
    let list = ["notes", "list", "--user", "002"];
    let out = office.command(&list, &password("002"));
    assert_eq!(out.status.code(), Some(4), "{out:?}");
    let add = [
        "notes",
        "add",
        "--user",
        "002",
        "--name",
        "試験太郎",
        "--kana",
        "シケンタロウ",
        "--birth-date",
        "S29.3.26",
        "--sex",
        "1",
        "--address",
        "東京都",
        "--json",
    ];
    let out = office.command(&add, &password("002"));
    assert_eq!(out.status.code(), Some(0), "{out:?}");
    let said = String::from_utf8_lossy(&out.stderr).into_owned();
    assert!(said.contains("予備のファイル"), "{said}");
    let value: serde_json::Value = serde_json::from_slice(&out.stdout).unwrap();
    let id = value["note"]["id"].as_str().unwrap();
    assert!(id.contains("-S"), "{value}");
    // What lies in the spill is shown and cancelled, and said to be all.
    let cancel = ["notes", "cancel", id, "--reason", "来院せず"];
    for command in [&["notes", "list"][..], &["notes", "show", id], &cancel] {
        let args = [command, &["--user", "002"]].concat();
        let out = office.command(&args, &password("002"));
        assert_eq!(out.status.code(), Some(0), "{out:?}");
        let said = String::from_utf8_lossy(&out.stderr).into_owned();
        assert!(said.contains("予備のファイルの控え 1 件だけ"), "{said}");
        assert!(String::from_utf8_lossy(&out.stdout).contains(id), "{out:?}");
    }
}

#[test]
fn rel_4_a_spill_file_that_is_gone_is_told_to_people_and_by_audit_verify() {
    let mut office = Office::open();
    let mut front = office.front();
    front.enter("003");
    save(&mut front, "before", None);
    drop(front);
    office.stop_desk();
    let away = office.home.path().join("away");
    let swap = |office: &Office, away_now: bool| {
        if away_now {
            std::fs::rename(store(office), &away).unwrap();
            std::fs::write(store(office), "in the way").unwrap();
        } else {
            std::fs::remove_file(store(office)).unwrap();
            std::fs::rename(&away, store(office)).unwrap();
        }
    };
    let verify = |office: &Office| {
        let out = office.command(&["audit", "verify"], "");
        let said = String::from_utf8_lossy(&out.stdout).into_owned();
        (out.status.code(), said)
    };
    swap(&office, true);
    office.start_desk();
    let mut front = office.front();
    front.enter("003");
    let lost = [
        save(&mut front, "second", None).0.id,
        save(&mut front, "third", None).0.id,
    ];
    drop(front);
    office.kill_desk();
    office.start_desk();
    let mut front = office.front();
    front.enter("003");
    let (last, _) = save(&mut front, "fourth", None);
    drop(front);
    office.stop_desk();
    let logs = std::fs::read_dir(spill(&office)).unwrap();
    let mut logs: Vec<PathBuf> = (logs.map(|entry| entry.unwrap().path()))
        .filter(|path| path.extension().is_some_and(|ending| ending == "log"))
        .collect();
    logs.sort();
    assert_eq!(logs.len(), 2);

    swap(&office, false);
    let (code, said) = verify(&office);
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("まだ控え帳に入れていない記録が"), "{said}");
    std::fs::remove_file(&logs[0]).unwrap();
    let named = |said: &str| lost.iter().all(|id| said.contains(&id.0));
    let (code, said) = verify(&office);
    assert!(code == Some(1) && named(&said), "{said}");

    office.start_desk();
    let mut front = office.front();
    front.enter("003");
    front.wait_for("the ledger", |status| {
        status.store_trouble.is_none() && status.spill.is_none() && status.losses > 0
    });
    let ToFront::Notices { notices, .. } = front.ask(|ticket| ToDesk::Notices { ticket }) else {
        panic!("no notices");
    };
    assert!(
        notices.iter().any(|notice| named(&notice.body)),
        "{notices:?}"
    );
    // Nobody else gets a number that is on a paper somewhere.
    let (next, _) = save(&mut front, "after", None);
    assert!(!lost.contains(&next.id) && next.id != last.id);
    drop(front);
    office.stop_desk();
    let (code, said) = verify(&office);
    assert!(code == Some(1) && named(&said), "{said}");
    assert!(!said.contains("まだ控え帳に入れていない"), "{said}");
}

#[test]
fn rel_4_a_changed_setting_of_the_spill_loses_nothing_and_calls_nothing_lost() {
    let mut office = Office::open();
    let file = office.home.path().join("madoguchi.toml");
    let settings = std::fs::read_to_string(&file).unwrap();
    let set = |folder: &str| {
        std::fs::write(&file, format!("spill = \"{folder}\"\n{settings}")).unwrap();
    };
    drop(office.front());
    office.stop_desk();
    let away = office.home.path().join("away");
    std::fs::rename(store(&office), &away).unwrap();
    std::fs::write(store(&office), "in the way").unwrap();
    set("sp");
    office.start_desk();
    let mut front = office.front();
    front.enter("003");
    let (note, spilled) = save(&mut front, "in sp", None);
    assert!(spilled);
    drop(front);
    office.kill_desk();
    std::fs::remove_file(store(&office)).unwrap();
    std::fs::rename(&away, store(&office)).unwrap();

    set("spX");
    let verify = |office: &Office, more: &[&str]| {
        let out = office.command(&[&["audit", "verify"], more].concat(), "");
        let said = String::from_utf8_lossy(&out.stdout).into_owned();
        (out.status.code(), said)
    };
    let (code, said) = verify(&office, &[]);
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("まだ控え帳に入れていない記録が"), "{said}");
    let (code, said) = verify(&office, &["--no-key"]);
    // Where it lies is sealed; that it may lie elsewhere is said.
    assert!(
        code == Some(1) && said.contains("設定（spill）にない"),
        "{said}"
    );
    office.start_desk();
    let mut front = office.front();
    front.enter("003");
    front.wait_for("the ledger", |status| {
        status.store_trouble.is_none() && status.spill.is_none() && status.losses == 0
    });
    drop(front);
    office.stop_desk();
    let (code, said) = verify(&office, &[]);
    assert_eq!(code, Some(0), "{said}");
    assert!(!said.contains("予備"), "{said}");
    assert!(notes(&store(&office), &key(&office)).contains_key(&note.id));
}

/// Ends with the test, however that ends.
struct Gone(std::process::Child);

impl Drop for Gone {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn f_07_a_store_held_by_another_desk_service_is_named_and_noting_goes_on() {
    let office = Office::open();
    drop(office.front());
    // Its own data folder and socket, the same store.
    let shared = store(&office);
    let text = std::fs::read_to_string(office.home.path().join("madoguchi.toml")).unwrap();
    let other = text.replace(
        "data = \"data\"",
        &format!(
            "data = \"other\"\nstore = \"{}\"\nspill = \"other-spill\"",
            shared.display()
        ),
    );
    std::fs::write(office.home.path().join("other.toml"), other).unwrap();
    let _second = Gone(office.desk_with("other.toml"));
    let mut front = Office::front_at(&office.home.path().join("other"));
    front.enter("002");
    let (_, spilled) = save(&mut front, "second desk", None);
    assert!(spilled);
    let mut holder = String::new();
    front.wait_for("who holds it", |status| status.store_trouble.is_some());
    if let Some(status) = &front.status {
        holder.push_str(status.store_trouble.as_deref().unwrap_or_default());
    }
    assert!(holder.contains("プロセス番号"), "{holder}");
    assert!(holder.contains("自動で続きます"), "{holder}");
    // A command does not wait for its turn.
    let rotate = office.command(&["key", "rotate"], "");
    let said = String::from_utf8_lossy(&rotate.stderr).into_owned();
    assert!(!said.contains("自動で続きます"), "{said}");
    // On the same data folder no second one answers.
    let out = office.command(&["desk", "--foreground"], "");
    assert_eq!(out.status.code(), Some(1), "{out:?}");
    assert!(String::from_utf8_lossy(&out.stderr).contains("プロセス"));
    // When the first has ended, the second takes over with what it kept.
    let mut office = office;
    office.stop_desk();
    front.wait_for("its turn", |status| {
        status.store_trouble.is_none() && status.spill.is_none()
    });
    assert_eq!(notes(&shared, &key(&office)).len(), 1);
}
