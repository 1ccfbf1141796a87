//! Full and read-only disks, as real mounts; a user who may not mount skips
//! them, and says so.

use super::office::Office;
use super::spilling::save;
use super::{key, notes, store};
use std::path::{Path, PathBuf};
use std::process::Command;

fn call(program: &str, arguments: &[&str]) -> bool {
    let done = Command::new(program).args(arguments).output();
    done.is_ok_and(|output| output.status.success())
}

/// A small disk in memory; unmounted when dropped.
struct Disk(PathBuf);

impl Disk {
    fn mount(place: &Path, size: &str) -> Option<Self> {
        std::fs::create_dir_all(place).unwrap();
        let options = format!("size={size},mode=0700");
        let shown = place.display().to_string();
        call("mount", &["-t", "tmpfs", "-o", &options, "tmpfs", &shown])
            .then(|| Self(place.to_owned()))
    }

    fn remount(&self, options: &str) {
        let shown = self.0.display().to_string();
        let options = format!("remount,{options}");
        assert!(call("mount", &["-o", &options, &shown]));
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        call("umount", &["-l", &self.0.display().to_string()]);
    }
}

/// An office whose data folder is a disk of its own.
fn office(name: &str, size: &str) -> Option<(Disk, Office)> {
    let mut office = Office::open();
    drop(office.front());
    office.stop_desk();
    let Some(disk) = Disk::mount(&office.data(), size) else {
        eprintln!("{name}: skipped, this user may not mount a disk");
        return None;
    };
    office.start_desk();
    Some((disk, office))
}

#[test]
fn f_03_a_full_disk_loses_nothing_and_is_worked_through() {
    let Some((disk, office)) = office("f_03", "12m") else {
        return;
    };
    let mut front = office.front();
    front.enter("003");
    let mut promised = vec![save(&mut front, "before", None).0];
    // Everything but a little, and then nothing.
    let filler = office.data().join("filler");
    let mut room = 64_u64 << 20;
    while room >= 4096 {
        let grown = std::fs::metadata(&filler).map_or(0, |meta| meta.len()) + room;
        if !call(
            "fallocate",
            &["-l", &grown.to_string(), &filler.display().to_string()],
        ) {
            room /= 2;
        }
    }
    let mut spilled = 0;
    for number in 0..200 {
        let (note, beside) = save(&mut front, &format!("full {number}"), None);
        spilled += u32::from(beside);
        promised.push(note);
    }
    assert!(spilled > 0, "the disk was never full");
    front.wait_for("the trouble", |status| {
        let trouble = status.store_trouble.as_deref().unwrap_or_default();
        trouble.contains("空きがありません")
            && status.spill.as_ref().is_some_and(|spill| spill.notes > 0)
    });
    disk.remount("size=40m");
    front.wait_for("room again", |status| {
        status.store_trouble.is_none() && status.spill.is_none()
    });
    let reserve = super::spilling::spill(&office).join("reserve");
    assert!(std::fs::metadata(reserve).is_ok_and(|meta| meta.len() >= 1 << 20));
    let found = notes(&store(&office), &key(&office));
    for note in &promised {
        assert_eq!(found[&note.id].content, note.content);
    }
    assert_eq!(found.len(), promised.len());
    drop((front, office));
}

#[test]
fn f_05_a_read_only_disk_is_read_and_noting_goes_elsewhere() {
    let Some((disk, mut office)) = office("f_05", "40m") else {
        return;
    };
    let mut front = office.front();
    front.enter("003");
    let (before, _) = save(&mut front, "before", None);
    // What is still open for writing keeps a disk from turning read-only.
    drop(front);
    office.stop_desk();
    let folder = store(&office);
    let shown = folder.display().to_string();
    assert!(call("mount", &["--bind", &shown, &shown]));
    assert!(call("mount", &["-o", "remount,bind,ro", &shown]));
    office.start_desk();
    let mut front = office.front();
    front.enter("003");
    // Reading works.
    let id = before.id.clone();
    let read = front.ask(|ticket| madoguchi::link::message::ToDesk::OpenNote { ticket, id });
    assert!(
        matches!(read, madoguchi::link::message::ToFront::Noted { .. }),
        "{read:?}"
    );
    // Saving says so.
    let (during, spilled) = save(&mut front, "during", None);
    assert!(spilled);
    assert_eq!(during.id.0, before.id.0.replace("0001", "0002"));
    front.wait_for("the trouble", |status| {
        let trouble = status.store_trouble.as_deref().unwrap_or_default();
        trouble.contains("読み取り専用")
    });
    assert!(call("umount", &["-l", &shown]));
    front.wait_for("a disk that is written", |status| {
        status.store_trouble.is_none() && status.spill.is_none()
    });
    assert_eq!(notes(&folder, &key(&office)).len(), 2);
    drop((front, office, disk));
}

/// The ledger can be read, and what was changed since lies beside it.
#[test]
fn f_05_what_was_changed_beside_the_ledger_stays_changed_over_a_restart() {
    use madoguchi::domain::note::NoteState;
    use madoguchi::link::message::{ToDesk, ToFront};
    let Some((disk, mut office)) = office("f_05", "40m") else {
        return;
    };
    let mut front = office.front();
    front.enter("003");
    let (note, _) = save(&mut front, "before", None);
    let (other, _) = save(&mut front, "another", None);
    drop(front);
    office.stop_desk();
    let folder = store(&office);
    let shown = folder.display().to_string();
    assert!(call("mount", &["--bind", &shown, &shown]));
    assert!(call("mount", &["-o", "remount,bind,ro", &shown]));
    office.start_desk();
    let mut front = office.front();
    front.enter("003");
    let (note, spilled) = save(&mut front, "during", Some(&note));
    assert!(spilled);
    let cancel = |note: &madoguchi::domain::note::Note| {
        let (id, revision) = (note.id.clone(), note.revision);
        move |ticket| ToDesk::CancelNote {
            ticket,
            id,
            revision,
            reason: "帰宅".to_owned(),
        }
    };
    let cancelled = front.ask(cancel(&other));
    assert!(matches!(cancelled, ToFront::Noted { spilled: true, .. }));
    drop(front);
    office.kill_desk();
    office.start_desk();
    let mut front = office.front();
    front.enter("003");
    let id = note.id.clone();
    let ToFront::Noted { note: read, .. } = front.ask(|ticket| ToDesk::OpenNote { ticket, id })
    else {
        panic!("not read")
    };
    assert_eq!(read.content.remark, "during");
    // Cancelled once, and not again.
    let again = front.ask(cancel(&other));
    assert!(matches!(again, ToFront::Failed { .. }), "{again:?}");
    let (_, spilled) = save(&mut front, "later", Some(&read));
    assert!(spilled);
    assert!(call("umount", &["-l", &shown]));
    front.wait_for("a disk that is written", |status| {
        status.store_trouble.is_none() && status.spill.is_none()
    });
    let found = notes(&folder, &key(&office));
    assert_eq!(found.len(), 2);
    assert_eq!(found[&note.id].content.remark, "later");
    assert!(matches!(
        found[&other.id].state,
        NoteState::Cancelled { .. }
    ));
    drop((front, office, disk));
}

#[test]
fn f_05_a_desk_service_starts_though_all_its_data_is_read_only() {
    let Some((disk, mut office)) = office("f_05", "40m") else {
        return;
    };
    let mut front = office.front();
    front.enter("003");
    let (before, _) = save(&mut front, "before", None);
    drop(front);
    office.kill_desk();
    disk.remount("ro");
    office.start_desk();
    let mut front = office.front();
    front.enter("003");
    let id = before.id.clone();
    let read = front.ask(|ticket| madoguchi::link::message::ToDesk::OpenNote { ticket, id });
    assert!(
        matches!(read, madoguchi::link::message::ToFront::Noted { .. }),
        "{read:?}"
    );
    let (_, spilled) = save(&mut front, "during", None);
    assert!(spilled);
    let export = ["notes", "export", "--plain", "-"];
    for command in [&["notes", "list"][..], &export] {
        let args = [command, &["--user", "001"]].concat();
        let out = office.command(&args, &super::office::password("001"));
        assert_eq!(out.status.code(), Some(0), "{out:?}");
        let said = String::from_utf8_lossy(&out.stderr).into_owned();
        assert!(said.contains("読めますが、書けません"), "{said}");
        let id = &before.id.0;
        assert!(String::from_utf8_lossy(&out.stdout).contains(id), "{out:?}");
    }
    // A second service finds the first, also when the disk is back.
    for options in ["ro", "rw"] {
        disk.remount(options);
        let out = office.command(&["desk", "--foreground"], "");
        assert_eq!(out.status.code(), Some(1), "{options}: {out:?}");
        assert!(String::from_utf8_lossy(&out.stderr).contains("もう動いています"));
    }
    front.wait_for("a disk that is written", |status| {
        status.store_trouble.is_none() && status.spill.is_none()
    });
    drop(front);
    office.stop_desk();
    assert_eq!(notes(&store(&office), &key(&office)).len(), 2);
    drop((office, disk));
}
