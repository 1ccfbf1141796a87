use crate::domain::account::AccountKind;
use crate::domain::card::{
    Birth, Certificate, Flag, Four, Gender, Glance, Item, Key, KeyKind, Kind, Presence, Seen,
    Trouble, Validity,
};
use crate::domain::failure::Failure;
use crate::domain::person::Sex;
use crate::domain::reader::ReaderState;
use crate::front::app::Effect;
use crate::front::app::support::{Seat, status, welcome};
use crate::link::message::{Status, ToDesk, ToFront, Welcome};
use crate::text::glyphs::Ambiguous;
use jiff::civil::date;

mod news;
mod next;
mod numbers;
mod offer;
mod people;
mod slips;
mod wrong;

fn lying(presence: u64, kind: Option<Kind>) -> ReaderState {
    ReaderState::CardPresent {
        reader: "R".to_owned(),
        glance: Some(Glance {
            presence: Presence(presence),
            kind,
            validity: (kind == Some(Kind::MyNumber)).then_some(Validity::Good),
            trouble: None,
            expires: None,
        }),
    }
}

fn troubled(trouble: Trouble) -> ReaderState {
    ReaderState::CardPresent {
        reader: "R".to_owned(),
        glance: Some(Glance {
            presence: Presence(1),
            kind: None,
            validity: None,
            trouble: Some(trouble),
            expires: None,
        }),
    }
}

fn four() -> Four {
    let plain = |text: &str| Item {
        text: text.to_owned(),
        flags: Vec::new(),
    };
    Four {
        name: plain("試験　花子"),
        address: plain("東京都千代田区霞が関１－２－３"),
        birth: Birth {
            raw: "19850704".to_owned(),
            date: Some(date(1985, 7, 4)),
            flags: Vec::new(),
        },
        gender: Gender {
            raw: "2".to_owned(),
            sex: Some(Sex::Female),
            flags: Vec::new(),
        },
    }
}

impl Seat {
    fn reader(&mut self, reader: ReaderState) -> &mut Self {
        self.hear(ToFront::Status(Box::new(Status { reader, ..status() })))
    }

    fn insert(&mut self, presence: u64) -> &mut Self {
        self.reader(lying(presence, Some(Kind::MyNumber)))
    }

    fn remove(&mut self) -> &mut Self {
        self.reader(status().reader)
    }

    fn read(&mut self, presence: u64, four: Four) -> &mut Self {
        let ticket = self.reading().0;
        self.hear(ToFront::CardRead {
            ticket,
            presence: Presence(presence),
            four: Box::new(four),
            left: Some(10),
        })
    }

    fn refuse(&mut self, trouble: Trouble) -> &mut Self {
        let ticket = self.reading().0;
        self.hear(ToFront::Failed {
            ticket,
            failure: Failure::Card(trouble),
        })
    }

    /// The last reading that was asked for: ticket, card, confirmed.
    fn reading(&self) -> (crate::link::message::Ticket, Option<Presence>, Option<u8>) {
        let last = self.said.iter().rev().find_map(|message| match message {
            ToDesk::ReadCard {
                ticket,
                presence,
                confirmed,
                ..
            }
            | ToDesk::ProveCard {
                ticket,
                presence,
                confirmed,
                ..
            } => Some((*ticket, *presence, *confirmed)),
            _ => None,
        });
        last.unwrap()
    }

    fn readings(&self) -> usize {
        let reading = |m: &&ToDesk| matches!(m, ToDesk::ReadCard { .. } | ToDesk::ProveCard { .. });
        self.said.iter().filter(reading).count()
    }

    fn type_face(&mut self) -> &mut Self {
        self.type_in("S60.7.4").press("Enter");
        self.type_in("20334321").press("F12")
    }
}

fn at_card() -> Seat {
    let mut seat = Seat::inside(AccountKind::General);
    seat.press("c");
    assert!(seat.text().contains("券面の番号で読む"), "{}", seat.text());
    seat
}

#[test]
fn the_three_numbers_of_the_face_are_sent_and_wiped() {
    let mut seat = at_card();
    seat.insert(1)
        .type_in("S60.7.4")
        .press("Enter")
        .type_in("20334321");
    assert!(!seat.text().contains("4321"), "masked\n{}", seat.text());
    assert!(seat.text().contains("****"));
    seat.press("F12");
    let key = seat.said.iter().find_map(|m| match m {
        ToDesk::ReadCard { key, .. } => Some(key.clone()),
        _ => None,
    });
    let Some(Key::Face(face)) = key else {
        panic!("{key:?}")
    };
    assert_eq!(face.birth, date(1985, 7, 4));
    assert_eq!(face.expiry_year, 2033);
    assert_eq!(face.code.reveal(), "4321");
    assert_eq!(seat.reading().1, Some(Presence(1)));
    assert!(!seat.text().contains("****"), "{}", seat.text());
}

/// What has no room on the smallest screen says so, and is a key away.
#[test]
fn the_sentence_of_the_small_pane_is_read_to_its_end() {
    let mut seat = at_card();
    seat.type_face();
    seat.send(crate::front::app::Msg::Resize {
        width: 60,
        height: 16,
    });
    let mut met = String::new();
    for _ in 0..8 {
        let rows = seat.picture(60, 16).0;
        let mark = rows.iter().find(|row| row.contains(" 行  "));
        let mark = mark.unwrap_or_else(|| panic!("{rows:#?}"));
        met.push_str(&rows.concat().replace(' ', ""));
        if mark.contains("ここまで") {
            break;
        }
        assert!(mark.contains("PageDown で続き"), "{rows:#?}");
        seat.press("PageDown");
    }
    assert!(met.contains("暗証番号を使えます"), "{met}");
    assert!(met.contains("ここまで"), "{met}");
}

#[test]
fn dom_44_no_field_takes_a_personal_number() {
    let mut seat = at_card();
    seat.type_in("123456789018");
    assert!(seat.flat().contains("個人番号"), "{}", seat.text());
    assert!(!seat.text().contains("123456789018"));
}

#[test]
fn the_key_can_be_typed_first_and_given_up() {
    let mut seat = at_card();
    seat.type_face();
    assert_eq!(seat.reading().1, None);
    assert!(
        seat.text().contains("カードを置いてください"),
        "{}",
        seat.text()
    );
    seat.press("Esc");
    assert!(seat.said.contains(&ToDesk::DropCard));
    assert!(seat.text().contains("券面の番号で読む"));
    // What comes late is not shown.
    seat.read(1, four());
    assert!(!seat.text().contains("試験"), "{}", seat.text());
}

#[test]
fn a_reading_ends_when_the_pane_is_left_or_covered() {
    for key in ["F6", "C-g", "C-x"] {
        let mut seat = at_card();
        seat.type_face();
        seat.press(key);
        assert!(seat.said.contains(&ToDesk::DropCard), "{key}");
    }
    // ... and not for one that has been answered.
    let mut seat = at_card();
    seat.insert(1).type_face().read(1, four()).press("Esc");
    assert!(!seat.said.contains(&ToDesk::DropCard));
}

#[test]
fn progress_is_told_after_half_a_second() {
    let mut seat = at_card();
    seat.insert(1).type_face();
    assert!(!seat.text().contains("読んでいます"), "{}", seat.text());
    assert!(
        seat.effects
            .iter()
            .any(|e| matches!(e, Effect::WakeAt(Some(_)))),
        "{:?}",
        seat.effects
    );
    seat.sleep(499);
    assert!(!seat.text().contains("読んでいます"));
    seat.sleep(1);
    assert!(seat.text().contains("読んでいます"), "{}", seat.text());
}

#[test]
fn a_waiting_reading_is_no_silent_desk() {
    let mut seat = at_card();
    seat.type_face().sleep(60_000);
    assert!(!seat.flat().contains("窓口サービスが返事をしません"));
}

#[test]
fn few_tries_are_confirmed_and_never_by_enter() {
    let few = Trouble::FewTries {
        key: KeyKind::Face,
        left: 2,
    };
    let mut seat = at_card();
    seat.insert(1).type_face().refuse(few.clone());
    assert!(seat.flat().contains("あと 2 回"), "{}", seat.text());
    seat.press("Enter");
    assert_eq!(seat.readings(), 1);
    assert!(
        seat.flat().contains("Enter では決まりません"),
        "{}",
        seat.text()
    );
    seat.press("1");
    assert_eq!(seat.readings(), 2);
    assert_eq!(seat.reading().2, Some(2));

    let mut seat = at_card();
    seat.insert(1).type_face().refuse(few.clone()).press("0");
    assert_eq!(seat.readings(), 1);
    assert!(seat.text().contains("試しませんでした"), "{}", seat.text());
    seat.press("F12");
    assert_eq!(seat.readings(), 1, "the code has to be typed again");

    // Another card is another question.
    let mut seat = at_card();
    seat.insert(1).type_face().refuse(few).insert(2).press("1");
    assert_eq!(seat.readings(), 1);
}

#[test]
fn every_trouble_is_told_and_the_code_is_gone() {
    for (trouble, told) in [
        (
            Trouble::WrongKey {
                key: KeyKind::Face,
                left: Some(9),
            },
            "残り 9 回",
        ),
        (Trouble::Blocked { key: KeyKind::Face }, "市区町村の窓口"),
        (Trouble::Lifted, "もう一度置いて"),
        (Trouble::InUse, "ほかのプログラム"),
        (Trouble::Slow, "返事がありません"),
        (Trouble::Busy, "ほかの人"),
    ] {
        let mut seat = at_card();
        seat.insert(1).type_face().refuse(trouble);
        assert!(seat.flat().contains(told), "{told}: {}", seat.text());
        assert!(!seat.text().contains("****"));
        seat.press("F12");
        assert_eq!(seat.readings(), 1, "{told}");
    }
}

#[test]
fn the_pin_is_typed_by_the_patient_and_never_drafted() {
    let mut seat = Seat::inside(AccountKind::General);
    seat.press("F2").type_in("新橋").press("F4").insert(1);
    seat.press("F7");
    assert!(seat.flat().contains("患者さんに向け"), "{}", seat.text());
    seat.type_in("1234").sleep(1000);
    assert!(!seat.text().contains("1234"));
    for said in &seat.said {
        assert!(!format!("{said:?}").contains("1234"), "{said:?}");
    }
    seat.press("F12");
    assert!(matches!(
        seat.said.last(),
        Some(ToDesk::ReadCard { key: Key::Pin(pin), .. }) if pin.reveal() == "1234"
    ));
    assert!(!format!("{:?}", seat.app).contains("1234"));
}

#[test]
fn every_kind_of_card_has_its_own_words() {
    let mut told = std::collections::BTreeSet::new();
    for kind in [
        Kind::MyNumberBare,
        Kind::Android,
        Kind::Juki,
        Kind::Licence,
        Kind::Residence,
        Kind::Bank,
        Kind::Memory,
        Kind::Other,
        Kind::UnknownToken,
        Kind::Mute,
    ] {
        let mut seat = Seat::inside(AccountKind::General);
        seat.reader(lying(1, Some(kind)));
        let message = seat.screen()[18..22].concat();
        assert!(message.contains('！'), "{kind:?}\n{}", seat.text());
        assert!(told.insert(message), "{kind:?}");
        seat.press("Down");
        assert!(!seat.screen()[18..22].concat().contains('！'), "once");
        seat.press("c");
        if kind != Kind::MyNumberBare {
            seat.type_face();
            assert_eq!(seat.readings(), 0, "{kind:?}");
        }
    }
}

#[test]
fn dom_85_86_certificates_that_end_are_told_once_and_stay_in_the_pane() {
    for (validity, told) in [
        (
            Validity::Soon {
                until: date(2027, 1, 15),
            },
            "2027/1/15 まで",
        ),
        (
            Validity::Grace {
                ended: date(2026, 10, 3),
                until: date(2027, 1, 31),
            },
            "2027/1/31 までは資格だけ",
        ),
        (
            Validity::Ended {
                ended: date(2026, 5, 1),
            },
            "資格の確認に使えません",
        ),
    ] {
        let mut seat = Seat::inside(AccountKind::General);
        let ReaderState::CardPresent { reader, glance } = lying(1, Some(Kind::MyNumber)) else {
            unreachable!()
        };
        let glance = glance.map(|glance| Glance {
            validity: Some(validity),
            ..glance
        });
        let state = ReaderState::CardPresent { reader, glance };
        seat.reader(state.clone());
        assert!(seat.flat().contains(told), "{}", seat.text());
        seat.press("Down");
        assert!(!seat.flat().contains(told), "{}", seat.text());
        seat.reader(state);
        assert!(!seat.flat().contains(told), "once\n{}", seat.text());
        seat.press("c");
        assert!(seat.flat().contains(told), "{}", seat.text());
    }
}

#[test]
fn the_serial_number_is_shown_for_a_key_of_its_own() {
    let seen = || {
        Box::new(Seen {
            presence: Presence(1),
            kind: Kind::MyNumber,
            token: "JPKIAPICCTOKEN2".to_owned(),
            certificate: Some(Certificate {
                not_before: "2024-07-04T00:00:00Z".parse().unwrap(),
                not_after: "2029-07-04T14:59:59Z".parse().unwrap(),
                test: false,
            }),
            serial: "19088743".to_owned(),
            expiry: Some(date(2033, 7, 4)),
        })
    };
    let mut seat = at_card();
    seat.insert(1);
    let ticket = seat.ticket();
    seat.hear(ToFront::Card {
        ticket,
        seen: seen(),
    });
    let text = seat.text();
    assert!(
        text.contains("2029/7/4 まで") && text.contains("2033/7/4 まで"),
        "{text}"
    );
    assert!(!text.contains("19088743"), "{text}");
    assert!(!format!("{:?}", seat.app).contains("19088743"));
    seat.press("F3");
    let ticket = seat.ticket();
    seat.hear(ToFront::Card {
        ticket,
        seen: seen(),
    });
    assert!(seat.text().contains("19088743"), "{}", seat.text());
    seat.remove();
    assert!(!seat.text().contains("19088743"), "{}", seat.text());
}

#[test]
fn a_challenge_says_what_it_does_not_prove() {
    let mut seat = at_card();
    seat.press("F5");
    assert!(seat.flat().contains("使わない設定"), "{}", seat.text());
    let mut seat = Seat::inside(AccountKind::General);
    seat.hear(ToFront::Welcome(Box::new(Welcome {
        challenge: true,
        ..welcome(seat.now)
    })));
    let mut seat = Seat::unlinked(Ambiguous::Narrow);
    seat.hear(ToFront::Welcome(Box::new(Welcome {
        challenge: true,
        ..welcome(seat.now)
    })));
    seat.remove();
    seat.log_in(AccountKind::General, None);
    seat.press("c").press("F5").type_in("1234").press("F12");
    let early = "カードを置いてから、暗証番号を入れてもらってください";
    assert!(seat.flat().contains(early), "{}", seat.text());
    assert!(!matches!(seat.said.last(), Some(ToDesk::ProveCard { .. })));
    // What was typed too early is not there when the card comes.
    seat.insert(1).press("F12");
    assert!(!matches!(seat.said.last(), Some(ToDesk::ProveCard { .. })));
    seat.type_in("1234").press("F12");
    let ticket = seat.reading().0;
    assert!(matches!(seat.said.last(), Some(ToDesk::ProveCard { .. })));
    seat.hear(ToFront::CardProved {
        ticket,
        seen: Box::new(Seen {
            presence: Presence(1),
            kind: Kind::MyNumber,
            token: String::new(),
            certificate: None,
            serial: String::new(),
            expiry: None,
        }),
    });
    assert!(seat.flat().contains("失効していないか"), "{}", seat.text());
    assert!(
        seat.text().contains("署名を確かめました"),
        "{}",
        seat.text()
    );
}

#[test]
fn dom_83_readers_and_slow_cards_say_what_to_do() {
    for (state, word, advice) in [
        (ReaderState::NoService, "停止（pcscd なし）", "管理の人"),
        (ReaderState::NoReader, "つながっていません", "USB"),
        (troubled(Trouble::InUse), "使用中", "ほかのプログラム"),
        (troubled(Trouble::Slow), "返事なし", "もう一度置いて"),
    ] {
        let mut seat = Seat::inside(AccountKind::General);
        seat.reader(state);
        assert!(seat.screen()[1].contains(word), "{}", seat.text());
        assert!(seat.flat().contains(advice), "{}", seat.text());
    }
}

#[test]
fn small_and_wide_screens_do_not_break() {
    for ambiguous in [Ambiguous::Narrow, Ambiguous::Wide] {
        let mut seat = Seat::with(ambiguous);
        seat.log_in(AccountKind::General, None);
        seat.press("F2").type_in("試驗花子").press("F4").insert(1);
        let mut long = four();
        long.name.text = "ジョン・ジェイコブ・ジングルハイマー・シュミット".repeat(3);
        long.name.flags = vec![Flag::Rare, Flag::Substitute];
        for (width, height) in [(80, 24), (60, 20), (60, 16), (120, 40)] {
            seat.picture(width, height);
        }
        seat.type_face().read(1, long);
        for (width, height) in [(80, 24), (60, 20), (60, 16), (120, 40)] {
            seat.picture(width, height);
        }
    }
}

#[test]
fn on_the_smallest_screens_no_message_covers_the_reader_or_the_field() {
    for height in [16, 18, 24] {
        let mut seat = Seat::inside(AccountKind::General);
        seat.send(crate::front::app::Msg::Resize { width: 60, height });
        seat.press("F2").press("F4").insert(1);
        seat.type_face()
            .refuse(Trouble::SlowKey { key: KeyKind::Face });
        let (picture, _) = seat.picture(60, height);
        let shown = |text: &str| picture[3..].iter().any(|row| row.contains(text));
        assert!(shown("読取機     マイナンバーカード"), "{picture:#?}");
        let message = seat.flat();
        assert!(message.contains("返事がありません"), "{message}");
        assert!(shown("返事がありません"), "{picture:#?}");
        assert!(shown("生年月日") || shown("コード"), "{picture:#?}");
    }
}
