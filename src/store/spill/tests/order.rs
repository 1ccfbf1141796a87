//! Rows and folders that are not where they were: nothing that lies on the
//! disk is called lost.

use super::missing::{back, examined, of_log, said, spilled};
use super::*;
use crate::store::audit::Wrong;
use crate::store::remark::Grade;
use std::fs;

fn codes(office: &Office) -> Vec<&'static str> {
    let (wrong, _) = examined(office);
    wrong.iter().map(Wrong::code).collect()
}

#[test]
fn rel_4_a_folder_the_settings_name_no_more_is_looked_into_and_taken_in() {
    // The second place has a tally of all; the first moves out of the settings.
    let (mut office, away) = spilled(true);
    let before = office.spill();
    office.first = "elsewhere";
    // While the ledger is away nothing is called lost either.
    let mut desk = office.start();
    desk.opened().unwrap_err();
    assert_eq!(desk.news.clone().unwrap().waiting, 3);
    let place = desk.news.clone().unwrap().place.unwrap();
    assert!(
        place.ends_with("elsewhere"),
        "new ones go where they belong"
    );
    drop(desk);
    back(&office, &away);
    assert_eq!(examined(&office), (Vec::new(), 3));
    let loaded = office.start().opened().unwrap();
    assert_eq!(notes(&loaded).len(), 4);
    let told = said(&loaded);
    assert!(!told.contains("ありません"), "{told}");
    assert!(loaded.remarks.iter().all(|one| one.grade == Grade::Known));
    assert!(crate::store::spill::log::all(&before).unwrap().is_empty());
    assert_eq!(examined(&office), (Vec::new(), 0));
}

#[test]
fn rel_4_what_another_desk_is_writing_in_its_own_folder_is_not_missing() {
    let mut office = Office::blocked();
    office.spare = true;
    let mut other = office.start();
    other.opened().unwrap_err();
    other.spilled(1, 1);
    let held = office.logs();
    office.first = "elsewhere";
    let mut desk = office.start();
    desk.opened().unwrap_err();
    assert_eq!(desk.news.clone().unwrap().waiting, 0);
    office.unblock();
    desk.reopen();
    let loaded = desk.opened().unwrap();
    assert!(loaded.notes().is_empty());
    assert!(!said(&loaded).contains("がありません"), "{}", said(&loaded));
    drop(desk);
    assert_eq!(examined(&office), (Vec::new(), 1));
    assert!(held.iter().all(|log| log.exists()), "its own");
}

/// The rows of a file, the head among them.
fn rows(log: &Path) -> Vec<Vec<u8>> {
    let bytes = fs::read(log).unwrap();
    let ends: Vec<usize> = (0..).map_while(|number| of_log(log, number)).collect();
    let starts = [0].into_iter().chain(ends.iter().copied());
    starts
        .zip(&ends)
        .map(|(from, to)| bytes[from..*to].to_vec())
        .collect()
}

#[test]
fn rel_4_rows_doubled_or_in_another_order_are_read_and_not_called_lost() {
    let orders: [&[usize]; 5] = [
        &[0, 1, 2, 3, 2, 3],
        &[0, 2, 1, 3],
        &[0, 1, 3, 2],
        &[1, 2, 3, 0],
        &[0, 1, 1, 2, 3],
    ];
    for order in orders {
        let office = Office::blocked();
        let mut desk = office.start();
        desk.opened().unwrap_err();
        for number in 1..=3 {
            desk.spilled(number, 1);
        }
        drop(desk);
        let log = office.logs()[0].clone();
        let rows = rows(&log);
        let mixed: Vec<u8> = order.iter().flat_map(|row| rows[*row].clone()).collect();
        fs::write(&log, mixed).unwrap();
        let waiting = crate::store::spill::check::examine(&office.places(), Some(&key())).unwrap();
        assert_eq!(waiting.records(), 3, "{order:?}");
        assert_eq!(waiting.lost, [], "{order:?}");
        assert!(!waiting.flaws.is_empty(), "{order:?}");
        for (_, flaw) in &waiting.flaws {
            let crate::store::spill::check::Flaw::Bad { bytes, .. } = flaw else {
                panic!("{order:?}: {flaw:?}");
            };
            assert!(*bytes > 0, "{order:?}");
        }
        office.unblock();
        let loaded = office.start().opened().unwrap();
        assert_eq!(notes(&loaded).len(), 3, "{order:?}");
        assert!(!said(&loaded).contains("失われて"), "{}", said(&loaded));
        assert!(said(&loaded).contains("壊れています"), "{}", said(&loaded));
        assert_eq!(count(&office.store()), 3 + 1, "{order:?}");
        assert_eq!(codes(&office), [""; 0], "{order:?}");
    }
}
