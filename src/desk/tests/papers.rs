//! Papers, and the checklist of how the outage function gets opened.

use super::rig::*;
use super::script::four;
use crate::domain::declaration::Sheet;
use crate::domain::failure::Failure;
use crate::domain::opening::Stage;
use crate::domain::paper::Format;
use crate::link::message::{Print, ToDesk, ToFront};
use crate::store::record::What;

fn sheet() -> Sheet {
    Sheet {
        name: "新橋太郎".to_owned(),
        kana: String::new(),
        birth_date: BORN,
        sex: None,
        address: "東京都港区".to_owned(),
        telephone: String::new(),
        cover: None,
        insurer_name: String::new(),
        employer: String::new(),
        burden: "3割".to_owned(),
        visit_date: TODAY,
    }
}

fn print(rig: &mut Rig, sheet: Sheet) {
    let ticket = rig.ticket();
    let what = Print::Declaration(Box::new(sheet));
    let format = Format::Pdf;
    rig.say(
        ONE,
        ToDesk::Print {
            ticket,
            what,
            format,
        },
    );
}

/// DOM-72, DOM-47: printed with facility name and code, under a name without
/// patient data, with one line in the audit.
#[test]
fn dom_72_a_declaration_is_printed_and_audited() {
    let mut rig = Rig::staffed("002");
    print(&mut rig, sheet());
    assert!(
        matches!(rig.answer(ONE), ToFront::Saved { path, .. } if std::path::Path::new(path).extension().is_some_and(|end| end == "pdf"))
    );
    assert!(!rig.files[0].contains("新橋"));
    assert!(rig.papers[0].contains("サンプル医療機関 御中（医療機関コード 0110113719）"));
    assert!(rig.papers[0].contains("新橋太郎"));
    let file = rig.files[0].clone();
    let printed: Vec<&What> = rig
        .audit()
        .into_iter()
        .filter(|what| matches!(what, What::Printed { .. }))
        .collect();
    let kind = "declaration".to_owned();
    assert_eq!(printed, [&What::Printed { kind, file }]);
}

/// DOM-44: whatever a script on the link says.
#[test]
fn dom_44_a_paper_with_a_personal_number_is_refused() {
    let mut rig = Rig::staffed("002");
    for spoil in [
        (|s: &mut Sheet, t: String| s.name = t) as fn(&mut Sheet, String),
        |s, t| s.kana = t,
        |s, t| s.address = t,
        |s, t| s.telephone = t,
        |s, t| s.insurer_name = t,
        |s, t| s.employer = t,
        |s, t| s.burden = t,
    ] {
        let mut bad = sheet();
        spoil(&mut bad, "123456789018".to_owned());
        print(&mut rig, bad);
        assert!(matches!(rig.failure(ONE), Failure::Input { .. }));
    }
    assert!(rig.files.is_empty());
}

/// DOM-80: the code beside the words is the rules' own.
#[test]
fn dom_80_evidence_has_a_code() {
    let mut rig = Rig::staffed("003");
    for (evidence, code, declared) in [
        ("申立書", "declaration", true),
        ("資格確認書", "certificate", false),
        ("期限切れの保険証", "expired-card", false),
        ("なし", "none", false),
        ("社員証", "", false),
    ] {
        let mut content = four("ヒトリ");
        content.evidence = evidence.to_owned();
        content.evidence_code = "made-up".to_owned();
        let note = rig.noted(ONE, content);
        assert_eq!(note.content.evidence_code, code, "{evidence}");
        assert_eq!(note.content.declaration.is_some(), declared, "{evidence}");
        // DOM-74 is told in the note.
        let told = note.history.iter().any(|s| s.text.contains("請求の順"));
        assert_eq!(told, declared, "{evidence}");
    }
}

fn opening(rig: &mut Rig) -> crate::domain::opening::Opening {
    let ticket = rig.ticket();
    rig.say(ONE, ToDesk::Opening { ticket });
    match rig.answer(ONE) {
        ToFront::Opening { opening, .. } => (**opening).clone(),
        other => panic!("{other:?}"),
    }
}

/// DOM-75: ticked by a person, by the notice, and by use; there after a
/// restart; the report holds it.
#[test]
fn dom_75_the_checklist_is_kept() {
    let mut rig = Rig::staffed("003");
    assert_eq!(
        opening(&mut rig).ticks[&Stage::Opened].by,
        "",
        "by the notice"
    );
    let ticket = rig.ticket();
    let tick = ToDesk::TickOpening {
        ticket,
        round: 0,
        stage: Stage::Asked,
        on: true,
    };
    rig.say(ONE, tick);
    let kept = opening(&mut rig);
    assert_eq!(kept.ticks[&Stage::Asked].by, "003");
    assert!(rig.disk.iter().any(|record| record.by == "003"
        && matches!(&record.what, What::Opening(o) if o.ticks.contains_key(&Stage::Asked))));
    rig.outage(ONE);
    rig.noted(ONE, four("ヒトリ"));
    rig.recovery();
    let kept = opening(&mut rig);
    // The question and its fall-backs.
    let searches = kept.searches();
    assert!(searches >= 1);
    assert_eq!(kept.ticks[&Stage::Used].by, "003");
    rig.restart();
    rig.script.expire();
    rig.attach(ONE);
    rig.try_login(ONE, "003", "right", true);
    let again = opening(&mut rig);
    assert_eq!(again.searches(), searches);
    assert_eq!(again.ticks.len(), 3);
    let (ticket, what, format) = (rig.ticket(), Print::Report, Format::Text);
    rig.say(
        ONE,
        ToDesk::Print {
            ticket,
            what,
            format,
        },
    );
    let report = rig.papers.last().unwrap();
    assert!(
        report.contains(&format!("{searches} 件（返事があったもの）")),
        "{report}"
    );
    // A screen that shows another round changes nothing.
    let ticket = rig.ticket();
    rig.say(ONE, ToDesk::NewOpening { ticket, round: 7 });
    assert_eq!(rig.failure(ONE), Failure::Stale);
}

/// A store that refuses is not asked at every event.
#[test]
fn a_refusing_store_is_left_alone() {
    let mut rig = Rig::new();
    rig.attach(ONE);
    rig.store_error = Some(full());
    rig.login(ONE, "003");
    let before = rig.disk.len();
    for _ in 0..20 {
        rig.seconds(1);
    }
    assert_eq!(rig.disk.len(), before);
    rig.store_error = None;
    rig.seconds(400);
    assert!(rig.disk.iter().any(|r| matches!(r.what, What::Opening(_))));
}
