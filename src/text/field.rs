//! A one-line text field: characters in, cursor by clusters, window by
//! columns.

/// The text and the cursor.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LineField {
    text: String,
    cursor: usize,
}

impl LineField {
    /// A field holding `text`, the cursor behind it.
    pub fn new(text: &str) -> Self {
        Self {
            text: text.to_owned(),
            cursor: text.len(),
        }
    }

    /// What is in it.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Puts one character at the cursor.
    pub fn insert(&mut self, c: char) {
        self.text.insert(self.cursor, c);
        self.cursor += c.len_utf8();
    }

    /// Columns in front of the cursor.
    pub fn cursor_cells(&self) -> usize {
        super::cells::cells(self.text.get(..self.cursor).unwrap_or_default())
    }

    /// Erases the cluster before the cursor; `false` if there is none.
    pub fn backspace(&mut self) -> bool {
        let Some(c) = self.text.get(..self.cursor).and_then(|t| t.chars().last()) else {
            return false;
        };
        self.cursor -= c.len_utf8();
        self.text.remove(self.cursor);
        true
    }
}
