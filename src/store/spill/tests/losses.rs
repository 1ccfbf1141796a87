//! Possible losses that are told, or read, while the store is away.

use super::*;
use crate::store::remark::Loss;

fn loss(text: &str, read: bool) -> Loss {
    let text = text.to_owned();
    let at = moment(0);
    Loss { at, text, read }
}

fn of(loss: Loss) -> Record {
    Record {
        what: What::Loss(Box::new(loss)),
        ..record(1, 1)
    }
}

#[test]
fn rel_4_losses_told_beside_the_store_join_those_it_has() {
    let office = Office::new();
    let mut desk = office.start();
    assert_eq!(desk.opened().unwrap().losses, []);
    for text in ["一", "二"] {
        desk.append(of(loss(text, false)));
    }
    drop(desk);
    let away = office.dir.path().join("away");
    std::fs::rename(office.store(), &away).unwrap();
    std::fs::write(office.store(), "in the way").unwrap();

    let mut desk = office.start();
    desk.opened().unwrap_err();
    assert_eq!(desk.news.clone().unwrap().losses, []);
    for one in [loss("三", false), loss("四", false), loss("三", true)] {
        assert!(matches!(desk.append(of(one)), Report::Spilled { .. }));
    }
    drop(desk);
    // The store is still away: what was told meanwhile is known.
    let mut desk = office.start();
    desk.opened().unwrap_err();
    assert_eq!(desk.news.clone().unwrap().losses, [loss("四", false)]);

    office.unblock();
    std::fs::rename(&away, office.store()).unwrap();
    desk.reopen();
    let all = ["一", "二", "四"].map(|text| loss(text, false));
    let by_text = |mut losses: Vec<Loss>| {
        losses.sort_by(|one, other| one.text.cmp(&other.text));
        losses
    };
    let expected = by_text(all.to_vec());
    assert_eq!(by_text(desk.opened().unwrap().losses), expected);
    drop(desk);
    for _ in 0..2 {
        let mut desk = office.start();
        assert_eq!(by_text(desk.opened().unwrap().losses), expected);
    }
}
