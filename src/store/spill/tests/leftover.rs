//! What earlier runs and troubles have left in a spill.

use super::*;
use crate::store::remark::Grade;

#[test]
fn a_file_without_a_record_does_not_stay() {
    let office = Office::new();
    let mut desk = office.start();
    desk.opened().unwrap();
    drop(desk);
    let spill = [office.spill()];
    let file = |name: &str| office.spill().join(name);
    // Killed between making a file and its first record.
    let empty = file("spill-0000000000000001-00000001.log");
    std::fs::write(&empty, "").unwrap();
    assert_eq!(crate::store::spill::waiting(&spill), None);
    let garbage = file("spill-0000000000000002-00000002.log");
    std::fs::write(&garbage, [0xF6; 300]).unwrap();
    std::fs::write(file("drafts"), "no drafts").unwrap();
    assert!(crate::store::spill::waiting(&spill).is_some());
    let mut desk = office.start();
    let remarks = desk.opened().unwrap().remarks;
    for name in ["00000002.log", "drafts"] {
        let named = remarks.iter().any(|text| text.contains(name));
        assert!(named, "{name}: {remarks:?}");
    }
    let drafts = remarks.iter().find(|remark| remark.contains("drafts"));
    assert_eq!(drafts.unwrap().grade, Grade::Loss);
    assert!(!remarks.iter().any(|text| text.contains("00000001.log")));
    assert_eq!(crate::store::spill::waiting(&spill), None);
    assert!(garbage.with_extension("damaged").exists());
    assert!(file("drafts.damaged").exists());
    drop(desk);
    let mut desk = office.start();
    assert_eq!(desk.opened().unwrap().remarks, [""; 0]);
}

#[test]
fn sec_20_lost_keys_of_a_spill_are_not_replaced_over_its_records() {
    let office = Office::blocked();
    let mut desk = office.start();
    desk.opened().unwrap_err();
    desk.spilled(1, 1);
    drop(desk);
    let away = tempfile::tempdir().unwrap();
    let names = [crate::store::keys::KEYS, crate::store::keys::SPARE];
    for name in names {
        std::fs::rename(office.spill().join(name), away.path().join(name)).unwrap();
    }
    let mut desk = office.start();
    let named = loop {
        match desk.next() {
            Report::Remark(text) => break text,
            Report::Opened(result) => drop(result),
            other => panic!("{other:?}"),
        }
    };
    assert!(named.contains("鍵束"), "{named}");
    // Elsewhere there is no place: paper.
    assert_eq!(desk.news.clone().unwrap().place, None);
    drop(desk);
    for name in names {
        assert!(!office.spill().join(name).exists());
        std::fs::rename(away.path().join(name), office.spill().join(name)).unwrap();
    }
    office.unblock();
    let mut desk = office.start();
    assert_eq!(desk.opened().unwrap().notes().len(), 1);
}

#[test]
fn each_trouble_of_a_run_is_told_with_what_was_taken_in() {
    let office = Office::new();
    let mut desk = office.start();
    desk.opened().unwrap();
    desk.written(1, 1);
    let away = office.dir.path().join("away");
    for number in [2, 3] {
        std::fs::rename(office.store(), &away).unwrap();
        desk.spilled(number, 1);
        std::fs::remove_file(office.spill().join("reserve")).unwrap();
        desk.reopen();
        desk.opened().unwrap_err();
        std::fs::rename(&away, office.store()).unwrap();
        desk.reopen();
        let remarks = desk.opened().unwrap().remarks;
        let told = remarks.iter().any(|text| text.contains("控え 1 件を"));
        assert!(told, "{number}: {remarks:?}");
        assert!(office.spill().join("reserve").exists());
    }
}
