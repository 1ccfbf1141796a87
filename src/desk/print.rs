//! Papers printed to a file: which, for whom, under which name. Their content
//! is laid out in the domain; the shell writes it.

mod pdf;

use super::event::Action;
use super::state::{Asker, Desk, Writing};
use crate::domain::failure::Failure;
use crate::domain::paper::{Format, Paper};
use crate::domain::time::{compact_date, jst};
use crate::link::message::{FrontId, Print, Ticket, ToFront};
use crate::store::record::What;

/// The bytes of a file.
pub fn bytes(paper: &Paper, format: Format) -> Vec<u8> {
    match format {
        Format::Pdf => pdf::write(paper),
        Format::Text => paper.text().into_bytes(),
    }
}

impl Desk {
    /// Prints a paper into the download folder. Its name says nothing about
    /// the patient.
    pub(super) fn print(&mut self, front: FrontId, ticket: Ticket, what: &Print, format: Format) {
        let Some(asker) = self.asker(front, ticket) else {
            return;
        };
        let (facility, code) = (&self.config.facility, &self.config.institution_code);
        let (kind, paper) = match what {
            Print::Declaration(sheet) => ("declaration", sheet.paper(facility, code)),
            Print::Report => (
                "report",
                self.opening.state.report(facility, code, self.now.wall),
            ),
        };
        let at = jst(self.now.wall);
        let name = format!(
            "{kind}-{}-{:02}{:02}{:02}.{}",
            compact_date(at.date()),
            at.hour(),
            at.minute(),
            at.second(),
            format.ending()
        );
        let write = self.write_id(Writing::Paper { asker, kind });
        self.out.push(Action::SavePaper {
            write,
            name,
            paper: Box::new(paper),
            format,
        });
    }

    /// The file is there, or is not.
    pub(super) fn printed(
        &mut self,
        asker: Asker,
        kind: &'static str,
        result: Result<String, String>,
    ) {
        match result {
            Ok(path) => {
                let file = path.rsplit(['/', '\\']).next().unwrap_or(&path).to_owned();
                let ticket = asker.ticket;
                let kind = kind.to_owned();
                let saved = ToFront::Saved { ticket, path };
                self.audit_then(asker, What::Printed { kind, file }, saved);
            }
            Err(what) => self.reply_failed(&asker, Failure::File { what }),
        }
    }
}
