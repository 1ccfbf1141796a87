//! Who has a note open to change it: one person at a time.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// The person before whose screen a note lies.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Holder {
    /// ユーザID.
    pub user: String,
    /// 氏名 of the account; empty if it has none.
    pub name: String,
    /// The desk, as its people call it.
    pub place: String,
    /// Since when.
    pub since: Timestamp,
}

impl Holder {
    /// `佐藤さん`; the ユーザID where the account has no name.
    pub fn person(&self) -> String {
        if self.name.trim().is_empty() {
            format!("ID {} の人", self.user)
        } else {
            format!("{}さん", self.name.trim())
        }
    }

    /// `窓口2 の 佐藤さん`.
    pub fn who(&self) -> String {
        format!("{} の {}", self.place, self.person())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_holder_is_named_with_the_desk() {
        let mut holder = Holder {
            user: "003".to_owned(),
            name: "佐藤".to_owned(),
            place: "窓口2".to_owned(),
            since: Timestamp::UNIX_EPOCH,
        };
        assert_eq!(holder.who(), "窓口2 の 佐藤さん");
        holder.name.clear();
        assert_eq!(holder.who(), "窓口2 の ID 003 の人");
    }
}
