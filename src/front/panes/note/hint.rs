//! What the note pane says is to be done next.

use super::State;
use crate::domain::field::Field;
use crate::domain::form::NoteForm;
use crate::front::app::Known;

impl State {
    /// What to do next.
    pub fn hint(&self, _known: &Known) -> String {
        if self.saving.is_some() {
            return "保存しています。".to_owned();
        }
        if let Some(text) = self.uncorrectable() {
            return text;
        }
        if let Some(advice) = self.form.advice(self.today) {
            return advice;
        }
        let empty = |field| self.form.text(field).is_empty();
        let numbers = !empty(Field::InsurerNumber) && !empty(Field::Number);
        let mut missing = Vec::new();
        if empty(Field::Name) && empty(Field::Kana) {
            missing.push("氏名か氏名(カナ)");
        }
        if empty(Field::BirthDate) {
            missing.push("生年月日");
        }
        if empty(Field::Sex) && !numbers {
            missing.push("性別");
        }
        if empty(Field::Address) && empty(Field::InsurerName) && !numbers {
            missing.push("住所か保険者名");
        }
        if !missing.is_empty() {
            return format!("{} が要ります。", missing.join("、"));
        }
        let checked = NoteForm(self.values()).check(self.today);
        self.form
            .kept_by(checked)
            .unwrap_or_else(|| match self.corrects() {
                Some(id) => format!("{{submit}} で控え {id} を訂正します。"),
                None => self.ready(numbers),
            })
    }

    /// By what it will be asked, and what would still be good to have.
    fn ready(&self, numbers: bool) -> String {
        let empty = |field| self.form.text(field).is_empty();
        let mut more = Vec::new();
        if empty(Field::Sex) {
            more.push("性別");
        }
        if empty(Field::Address) && empty(Field::InsurerName) {
            more.push("住所");
        }
        if numbers && !more.is_empty() {
            let more = more.join("と");
            format!("{{submit}} で控えます（番号で照会）。{more}もあると 4情報でも探せます。")
        } else {
            "そろいました。{submit} で控えます。".to_owned()
        }
    }
}
