//! What may be lost is said until somebody has read it, whatever is killed.

use super::office::{Front, Office, password};
use super::spilling::save;
use super::store;
use madoguchi::domain::notice::Notice;
use madoguchi::link::message::{ToDesk, ToFront};

const TITLE: &str = "控えが失われた可能性があります";

fn told(front: &mut Front) -> Vec<Notice> {
    match front.ask(|ticket| ToDesk::Notices { ticket }) {
        ToFront::Notices { notices, .. } => (notices.into_iter())
            .filter(|notice| notice.title == TITLE)
            .collect(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn rel_5_a_loss_is_told_over_kills_until_a_person_reads_it() {
    let mut office = Office::open();
    let mut front = office.front();
    front.enter("003");
    save(&mut front, "kept", None);
    drop(front);
    office.stop_desk();
    // With whatever was typed in it: said at the next start alone.
    std::fs::remove_dir_all(store(&office).join("state")).unwrap();

    for round in 0..3 {
        office.start_desk();
        let mut front = office.front();
        front.enter("003");
        front.wait_for("the loss", |status| status.losses == 1);
        let told = told(&mut front);
        assert_eq!(told.len(), 1, "{round}: {told:?}");
        assert!(told[0].body.contains("入力途中の控え"), "{told:?}");
        if round == 2 {
            let id = told[0].id.clone();
            front.say(ToDesk::NoticeRead { id });
            front.wait_for("nothing unread", |status| status.losses == 0);
            // Behind the line in the journal.
            save(&mut front, "after", None);
        }
        drop(front);
        office.kill_desk();
    }
    office.start_desk();
    let mut front = office.front();
    front.enter("003");
    assert_eq!(told(&mut front), []);
    drop(front);
    let lines = office.command(&["audit", "export", "--as", "001"], &password("001"));
    let lines = String::from_utf8_lossy(&lines.stdout).into_owned();
    let of = |action: &str| -> Vec<&str> {
        (lines.lines())
            .filter(|line| line.contains(action))
            .collect()
    };
    assert_eq!(of("失われた可能性の知らせを読む").len(), 1, "{lines}");
    assert!(
        of("失われた可能性の知らせを読む")[0].contains("003"),
        "{lines}"
    );
    assert_eq!(of("失われた可能性の知らせ,").len(), 1, "{lines}");
}
