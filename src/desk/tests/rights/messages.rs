//! One message of each kind, and the row of the table it stands in.

use crate::desk::tests::rig::*;
use crate::desk::tests::script::*;
use crate::domain::card::Key;
use crate::domain::draft::Draft;
use crate::domain::entitlement::Validity;
use crate::domain::note::NoteId;
use crate::domain::opening::Stage;
use crate::domain::paper::Format;
use crate::domain::secret::Secret;
use crate::domain::settling::Item;
use crate::link::message::{AuditUse, LedgerFilter, Print, SettlingStep, Ticket, ToDesk, VERSION};

/// The row a message stands in.
pub fn row(message: &ToDesk) -> &'static str {
    match message {
        ToDesk::Hello { .. } => "hello",
        ToDesk::Login { .. } => "login",
        ToDesk::Logout => "logout",
        ToDesk::Active { .. } => "active",
        ToDesk::Lookup { .. } => "lookup",
        ToDesk::Search { .. } => "search",
        ToDesk::Choose { .. } => "choose",
        ToDesk::Register { .. } => "register",
        ToDesk::Download { .. } => "download",
        ToDesk::SaveNote { .. } => "save-note",
        ToDesk::CancelNote { .. } => "cancel-note",
        ToDesk::ResolveNote { .. } => "resolve-note",
        ToDesk::AbsentNote { .. } => "absent-note",
        ToDesk::FollowNote { .. } => "follow-note",
        ToDesk::RetryNote { .. } => "retry-note",
        ToDesk::NoteStep { step, .. } => match step {
            SettlingStep::Seen => "step-seen",
            SettlingStep::Register { .. } => "step-register",
            SettlingStep::Download => "step-download",
            SettlingStep::DeclarationDestroyed => "step-destroyed",
            SettlingStep::Undone { .. } => "step-undone",
        },
        ToDesk::SettleNote { .. } => "settle-note",
        ToDesk::Ledger { .. } => "ledger",
        ToDesk::OpenNote { .. } => "open-note",
        ToDesk::HoldNote { .. } => "hold-note",
        ToDesk::ReleaseNote { .. } => "release-note",
        ToDesk::Export { .. } => "notes-export",
        ToDesk::Import { .. } => "notes-import",
        ToDesk::Print { .. } => "print",
        ToDesk::Opening { .. } => "opening",
        ToDesk::TickOpening { .. } => "tick-opening",
        ToDesk::NewOpening { .. } => "new-opening",
        ToDesk::Draft(_) => "draft",
        ToDesk::DropDraft => "drop-draft",
        ToDesk::Notices { .. } => "notices",
        ToDesk::NoticeRead { .. } => "notice-read",
        ToDesk::ProbeNow => "probe",
        ToDesk::Sync { .. } => "sync",
        ToDesk::Locks { .. } => "locks",
        ToDesk::Unlock { .. } => "unlock",
        ToDesk::Audit { done, .. } => match done {
            AuditUse::Export => "audit-export",
            AuditUse::Verify { .. } => "audit-verify",
        },
        ToDesk::Journal { .. } => "journal",
        ToDesk::DemoOutage { .. } => "demo-outage",
        ToDesk::Card { .. } => "card",
        ToDesk::ReadCard { .. } => "read-card",
        ToDesk::ProveCard { .. } => "prove-card",
        ToDesk::CardNotes { .. } => "card-notes",
        ToDesk::DropCard => "drop-card",
        ToDesk::DemoCard { .. } => "demo-card",
    }
}

/// One of each, about a note that is there.
pub fn messages(ticket: Ticket, id: &NoteId) -> Vec<ToDesk> {
    let id = id.clone();
    let revision = 1;
    let step = |step| ToDesk::NoteStep {
        ticket,
        id: id.clone(),
        revision,
        step,
    };
    vec![
        ToDesk::Hello {
            version: VERSION,
            origin: String::new(),
        },
        ToDesk::Login {
            ticket,
            user: "013".to_owned(),
            password: crate::domain::secret::Secret::new("right".to_owned()),
            force: true,
        },
        ToDesk::Logout,
        ToDesk::Active { ago_ms: 0 },
        ToDesk::Lookup {
            ticket,
            query: card_query("1"),
        },
        ToDesk::Search {
            ticket,
            query: four_query("ア"),
        },
        ToDesk::Choose {
            ticket,
            key: "key-1".to_owned(),
            check_date: TODAY,
            read_back: None,
        },
        ToDesk::Register {
            ticket,
            insurance: numbers("1"),
            reference: "1".to_owned(),
        },
        ToDesk::Download {
            ticket,
            answer: Box::new(eligible(Validity::Valid, TODAY, BORN)),
        },
        ToDesk::SaveNote {
            ticket,
            content: Box::new(four("ア")),
            replaces: None,
            trial: false,
            card: None,
        },
        ToDesk::CancelNote {
            ticket,
            id: id.clone(),
            revision,
            reason: "来院せず".to_owned(),
        },
        ToDesk::ResolveNote {
            ticket,
            id: id.clone(),
            revision,
            key: "key-1".to_owned(),
            read_back: None,
        },
        ToDesk::AbsentNote {
            ticket,
            id: id.clone(),
            revision,
        },
        ToDesk::FollowNote {
            ticket,
            id: id.clone(),
            revision,
            day: Some(TODAY),
            reason: String::new(),
        },
        ToDesk::RetryNote {
            ticket,
            id: id.clone(),
            revision,
        },
        step(SettlingStep::Seen),
        step(SettlingStep::Register {
            reference: "1".to_owned(),
        }),
        step(SettlingStep::Download),
        step(SettlingStep::DeclarationDestroyed),
        step(SettlingStep::Undone { item: Item::Seen }),
        ToDesk::SettleNote {
            ticket,
            id: id.clone(),
            revision,
            leaving: Vec::new(),
        },
        ToDesk::Ledger {
            ticket,
            filter: LedgerFilter::default(),
            offset: 0,
            limit: 1,
        },
        ToDesk::OpenNote {
            ticket,
            id: id.clone(),
        },
        ToDesk::HoldNote {
            ticket,
            id: id.clone(),
            take: true,
        },
        ToDesk::ReleaseNote { id: id.clone() },
        ToDesk::Export {
            ticket,
            after: None,
        },
        ToDesk::Import {
            ticket,
            notes: Vec::new(),
        },
        ToDesk::Print {
            ticket,
            what: Print::Report,
            format: Format::Text,
        },
        ToDesk::Opening { ticket },
        ToDesk::TickOpening {
            ticket,
            round: 1,
            stage: Stage::Asked,
            on: true,
        },
        ToDesk::NewOpening { ticket, round: 1 },
        ToDesk::Draft(Draft {
            pane: "note".to_owned(),
            ..Draft::default()
        }),
        ToDesk::DropDraft,
        ToDesk::Notices { ticket },
        ToDesk::NoticeRead {
            id: "N1".to_owned(),
        },
        ToDesk::ProbeNow,
        ToDesk::Sync { run: true },
        ToDesk::Locks { ticket },
        ToDesk::Unlock {
            ticket,
            user: "013".to_owned(),
        },
        ToDesk::Audit {
            ticket,
            done: AuditUse::Export,
        },
        ToDesk::Audit {
            ticket,
            done: AuditUse::Verify { findings: 0 },
        },
        ToDesk::Journal {
            ticket,
            stretches: Vec::new(),
        },
        ToDesk::DemoOutage { on: true },
        ToDesk::DemoCard {
            card: Some("card".to_owned()),
        },
        ToDesk::DropCard,
        ToDesk::Card {
            ticket,
            serial: true,
        },
        ToDesk::ReadCard {
            ticket,
            presence: None,
            key: Key::Pin(Secret::new("1234".to_owned())),
            confirmed: None,
        },
        ToDesk::ProveCard {
            ticket,
            presence: None,
            pin: Secret::new("1234".to_owned()),
            confirmed: None,
        },
        ToDesk::CardNotes {
            ticket,
            presence: None,
            name: "ア".to_owned(),
            birth_date: None,
        },
    ]
}
