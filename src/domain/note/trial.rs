//! A proposal is asked with before it is believed: it becomes the note's
//! content only if somebody is found so.

use super::{Need, Note, NoteContent, NoteState};
use crate::domain::proposal::proposals;
use jiff::Timestamp;

impl Note {
    pub(super) fn try_with(&mut self, content: NoteContent, by: &str, at: Timestamp) {
        let asked = |content: &NoteContent| (content.card_query(), content.four_query());
        let label = proposals(self)
            .into_iter()
            .find(|known| asked(&known.content) == asked(&content))
            .map_or_else(|| "別の内容".to_owned(), |known| known.label);
        let tried = std::mem::take(&mut self.tried);
        self.replace(content);
        self.begin_again();
        self.trial = Some(tried);
        self.state = NoteState::Noted;
        let text = format!("「{label}」で照会してみます（第 {} 版）。", self.revision);
        self.step(at, by, &text);
    }

    /// Nobody is found so, or there is no answer to it: the note holds again
    /// what it held before, and needs a person for `need`.
    pub(super) fn end_trial(&mut self, need: Need, at: Timestamp) {
        let Some(own) = self.earlier.last().cloned() else {
            self.trial = None;
            return;
        };
        let Some(tried) = self.trial.take() else {
            return;
        };
        self.replace(own);
        // Nobody knows what it would have found: it may be proposed again.
        if need == Need::Unanswered {
            self.earlier.truncate(self.earlier.len().saturating_sub(2));
        }
        self.tried = tried;
        self.attempts = 0;
        self.state = NoteState::NeedsPerson(need);
        let text = format!("元の内容に戻しました（第 {} 版）。", self.revision);
        self.step(at, "", &text);
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Change, NoteId, Way};
    use super::*;
    use crate::domain::entitlement::Eligibility;
    use crate::domain::person::Sex;
    use crate::domain::plan::Outcome;
    use jiff::civil::date;

    const AT: Timestamp = Timestamp::UNIX_EPOCH;

    fn answered(note: &Note, outcome: Outcome) -> Note {
        let way = Way::Noted;
        let asked = note.changed(note.revision, Change::Ask(way), "003", AT);
        let answer = Change::Answer {
            way,
            outcome,
            not_before: None,
            steps: Vec::new(),
        };
        let asked = asked.unwrap();
        asked.changed(asked.revision, answer, "003", AT).unwrap()
    }

    fn missed() -> Note {
        let content = NoteContent {
            kana: "ヤマダショウジ".to_owned(),
            sex: Some(Sex::Male),
            address: "東京都".to_owned(),
            ..NoteContent::bare(date(1954, 3, 26), date(2026, 11, 20))
        };
        let id = NoteId("20261120-0001".to_owned());
        let note = Note::take(id, "窓口".to_owned(), "003", AT, true, content);
        answered(&note, Outcome::Person(Need::NotFound))
    }

    fn trying(note: &Note) -> (Note, NoteContent) {
        let first = proposals(note).remove(0).content;
        let change = Change::Try(Box::new(first.clone()));
        (
            note.changed(note.revision, change, "003", AT).unwrap(),
            first,
        )
    }

    #[test]
    fn a_proposal_that_finds_nobody_leaves_the_note_as_it_was() {
        let own = missed();
        let (tried, guess) = trying(&own);
        assert_eq!(tried.content, guess);
        let refused = Need::Refused {
            code: "SIM0112E".to_owned(),
            message: "だめ".to_owned(),
        };
        for (need, left) in [
            (Need::NotFound, Need::NotFound),
            (Need::TooMany, Need::NotFound),
            (Need::SeveralBranches, Need::NotFound),
            (refused.clone(), refused),
            (Need::Unanswered, Need::Unanswered),
        ] {
            let unanswered = need == Need::Unanswered;
            let after = answered(&tried, Outcome::Person(need));
            assert_eq!(after.content, own.content);
            assert_eq!(after.tried, own.tried);
            assert_eq!(after.state, NoteState::NeedsPerson(left));
            assert_eq!(after.trial, None);
            assert!(after.revision > tried.revision, "REL-14");
            let said: Vec<&str> = after.history.iter().map(|s| s.text.as_str()).collect();
            assert!(
                said.iter().any(|text| text.contains("で照会してみます")),
                "{said:?}"
            );
            assert!(said.last().unwrap().starts_with("元の内容に戻しました"));
            let again = proposals(&after);
            assert_eq!(
                again.iter().any(|known| known.content == guess),
                unanswered,
                "proposed again only where nobody said what it finds"
            );
        }
    }

    #[test]
    fn a_proposal_that_is_never_answered_leaves_the_note_as_it_was() {
        let own = missed();
        let (tried, guess) = trying(&own);
        let after = tried
            .changed(tried.revision, Change::GiveUp, "", AT)
            .unwrap();
        assert_eq!(proposals(&after)[0].content, guess, "may be tried again");
        assert_eq!(after.earlier, own.earlier);
        assert!(after.revision > tried.revision, "REL-14");
        assert_eq!(after.content, own.content);
        assert_eq!(after.state, NoteState::NeedsPerson(Need::Unanswered));
        assert_eq!((after.trial, after.attempts), (None, 0));
    }

    #[test]
    fn a_proposal_that_finds_somebody_becomes_the_content() {
        let (tried, guess) = trying(&missed());
        let answer = Box::new(Eligibility::absent(date(2026, 11, 20)));
        let found = answered(&tried, Outcome::Resolve(answer));
        assert_eq!(found.content, guess);
        assert_eq!(found.trial, None);
    }

    #[test]
    fn a_trial_that_is_ended_by_a_person_leaves_the_note_as_it_was() {
        let own = missed();
        let (tried, _) = trying(&own);
        let reason = "来なかった".to_owned();
        let cancelled = tried.changed(tried.revision, Change::Cancel { reason }, "003", AT);
        let cancelled = cancelled.unwrap();
        assert_eq!(cancelled.content, own.content);
        assert!(matches!(cancelled.state, NoteState::Cancelled { .. }));
        // What a person writes is no proposal.
        let edit = Change::Edit(Box::new(tried.content.clone()));
        let edited = tried.changed(tried.revision, edit, "003", AT).unwrap();
        let after = answered(&edited, Outcome::Person(Need::NotFound));
        assert_eq!(after.content, tried.content);
    }
}
