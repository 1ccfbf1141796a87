//! A record longer than the journal takes: refused where it is written, and
//! kept where it was written all the same.

use super::*;
use crate::store::frame::MAX_PAYLOAD;
use crate::store::remark::Remark;
use crate::store::spill::log::{Head, Log};

fn long(number: u32) -> Record {
    Record {
        by: "x".repeat(MAX_PAYLOAD),
        ..record(number, 1)
    }
}

#[test]
fn rel_4_the_spill_takes_no_record_the_journal_would_not() {
    let office = Office::blocked();
    let mut desk = office.start();
    desk.opened().unwrap_err();
    match desk.append(long(1)) {
        Report::Written { result, .. } => assert_eq!(result, Err(StoreError::TooLong)),
        other => panic!("{other:?}"),
    }
    desk.spilled(2, 1);
    // The longest that is taken here is taken there.
    let mut most = long(3);
    while !crate::store::spill::fits(&most) {
        most.by.truncate(most.by.len() - 512);
    }
    let report = desk.append(most);
    assert!(matches!(report, Report::Spilled { .. }), "{report:?}");
    drop(desk);
    office.unblock();
    let mut desk = office.start();
    let loaded = desk.opened().unwrap();
    assert_eq!(notes(&loaded).len(), 2, "{:?}", loaded.remarks);
    assert!(office.logs().is_empty());
}

#[test]
fn rel_4_one_record_that_is_too_long_does_not_keep_out_the_others() {
    let office = Office::new();
    let mut desk = office.start();
    desk.opened().unwrap();
    desk.written(1, 1);
    drop(desk);
    let seal = crate::store::keys::seal(&office.spill(), &key()).unwrap();
    let mut log = Log::create(&office.spill(), 1, Head::default()).unwrap();
    let all = [record(2, 1), long(3), long(4), record(4, 2), record(5, 1)];
    log.append(&seal, &all).unwrap();
    let path = log.path().to_owned();
    drop(log);

    let mut desk = office.start();
    let loaded = desk.opened().unwrap();
    let held: Vec<String> = notes(&loaded).into_iter().map(|(id, _)| id).collect();
    let expected: Vec<String> = [1, 2, 4, 5].map(|n| note(n, 1).id.0).into();
    assert_eq!(held, expected);
    let third = note(3, 1).id.0;
    let named = |text: &Remark| text.contains(&third) && text.contains("長すぎて");
    assert!(loaded.remarks.iter().any(named), "{:?}", loaded.remarks);
    assert!(office.logs().is_empty() && path.with_extension("kept").exists());
    desk.written(6, 1);
    drop(desk);
    let mut desk = office.start();
    assert_eq!(desk.opened().unwrap().remarks, [""; 0]);
}
