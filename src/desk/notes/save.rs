//! A form that is saved: as a new note, or as what replaces one's content.

use crate::desk::event::Action;
use crate::desk::state::{Desk, Then};
use crate::domain::card::Presence;
use crate::domain::draft::Draft;
use crate::domain::failure::Failure;
use crate::domain::field::{Field, Problem};
use crate::domain::form::{DECLARATION, NoteForm, Values};
use crate::domain::note::{Change, Note, NoteContent, NoteId};
use crate::link::message::{FrontId, Ticket};
use crate::text::fold;

impl Desk {
    pub(in crate::desk) fn save_note(
        &mut self,
        front: FrontId,
        ticket: Ticket,
        mut content: Box<NoteContent>,
        (replaces, trial): (Option<(NoteId, u32)>, bool),
        card: Option<Presence>,
    ) {
        let Some(asker) = self.asker(front, ticket) else {
            return;
        };
        self.by_rules(&mut content);
        let changes = replaces.as_ref().map(|(id, _)| id);
        self.mark_card(front, &mut content, changes, card);
        let problems = missing(&content);
        if !problems.is_empty() {
            return self.reply_failed(&asker, Failure::Input { problems });
        }
        if let Some((id, revision)) = replaces {
            if card.is_some() && self.is_another(&id, &content) {
                let problems = vec![Problem {
                    field: Field::Name,
                    text: format!("控え {id} とは別の方のカードです。新しい控えにしてください。"),
                }];
                return self.reply_failed(&asker, Failure::Input { problems });
            }
            let change = if trial {
                Change::Try(content)
            } else {
                Change::Edit(content)
            };
            return self.person_wishes(asker, &id, revision, change);
        }
        if let Some(failure) = self.store_failure() {
            return self.reply_failed(&asker, failure);
        }
        let begun = self.session(front).is_some_and(|s| s.noting_since_outage);
        let id = self.next_note_id();
        if !begun && !self.outage() && self.line_stale() {
            self.unsure.insert(id.clone());
            self.line.probe_now(self.now);
        }
        let note = Note::take(
            id,
            self.config.desk.clone(),
            &asker.user,
            self.now.wall,
            begun || self.outage(),
            *content,
        );
        let by = asker.user.clone();
        let ends = self.typed_in(&by, &note.content, None);
        let then = Then {
            ends,
            ..Then::default()
        };
        self.write_note(&by, note, Some(asker), then);
    }

    /// Whether what was read from a card is not said of the person of that
    /// note: neither name nor birth date agrees.
    fn is_another(&self, id: &NoteId, content: &NoteContent) -> bool {
        let Some(entry) = self.book.get(id) else {
            return false;
        };
        let of_card = |field| content.from_card.contains(&field);
        let (noted, name) = (&entry.outline.name, &content.name);
        of_card(Field::Name)
            && of_card(Field::BirthDate)
            && entry.outline.birth_date != content.birth_date
            && fold::name_key(noted) != fold::name_key(name)
    }

    /// The code is the rules' own, whatever a script says (DOM-80).
    fn by_rules(&self, content: &mut NoteContent) {
        let code = self.config.rules.code_of(&content.evidence).to_owned();
        content.evidence_code = code;
        if content.evidence == DECLARATION {
            content.declaration.get_or_insert_default();
        } else {
            content.declaration = None;
        }
    }

    /// The draft of `user` that holds just this content, for a new note or the
    /// one it corrects: its mark.
    pub(super) fn typed_in(
        &self,
        user: &str,
        content: &NoteContent,
        note: Option<&NoteId>,
    ) -> Option<u64> {
        let same = |form: &Draft| {
            let typed = NoteForm(Values::new(form.fields.clone())).check(self.now.today());
            typed.is_ok_and(|mut typed| {
                self.by_rules(&mut typed);
                typed.from_card.clone_from(&content.from_card);
                typed.card_mark.clone_from(&content.card_mark);
                typed == *content
            })
        };
        self.drafts
            .get(user)?
            .apart()
            .filter(|form| form.pane == "note" && form.note.as_ref().map(|(id, _)| id) == note)
            .find(same)
            .map(|form| form.mark())
    }

    /// The form of that mark is a note now.
    pub(super) fn draft_ended(&mut self, user: &str, mark: u64) {
        let Some(draft) = self.drafts.get(user).cloned() else {
            return;
        };
        let left = draft.clone().without(mark);
        if left.as_ref() == Some(&draft) {
            return;
        }
        match &left {
            Some(left) => drop(self.drafts.insert(user.to_owned(), left.clone())),
            None => drop(self.drafts.remove(user)),
        }
        self.out.push(Action::KeepDraft {
            user: user.to_owned(),
            draft: left,
        });
    }
}

/// What makes a note useless: nothing to ask with, then or ever (OUT-23 to
/// 25).
fn missing(content: &NoteContent) -> Vec<Problem> {
    if content.card_query().is_some() || content.four_query().is_some() {
        return Vec::new();
    }
    let mut problems = Vec::new();
    let mut miss = |field, text: &str| {
        let text = text.to_owned();
        problems.push(Problem { field, text });
    };
    if content.name.is_empty() && content.kana.is_empty() {
        miss(Field::Name, "氏名か氏名(カナ)のどちらかを入れてください。");
    }
    if content.sex.is_none() {
        miss(Field::Sex, "性別を選んでください。");
    }
    if content.address.is_empty() && content.insurer_name.is_empty() {
        miss(Field::Address, "住所か保険者名のどちらかを入れてください。");
    }
    problems
}
