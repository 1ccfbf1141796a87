//! The invented insurers, people, accounts and notices of `fixtures/`: built
//! into the binary, or read from a directory of the same shape.

mod build;
mod read;
mod rows;
#[cfg(test)]
mod tests;

pub use read::FixtureError;
pub(in crate::simulator) use read::Source;
pub(crate) use read::nearest;

use crate::domain::account::AccountKind;
use crate::domain::notice::Notice;
use crate::domain::secret::Secret;
use crate::domain::time::Period;
use crate::simulator::people::{Insurer, Person};
use jiff::civil::Date;
use std::path::Path;
use std::sync::Arc;

/// Most that is read of one file.
const MAX_FILE: u64 = 16 * 1024 * 1024;

/// The facility whose desk asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Facility {
    /// 施設名.
    pub name: String,
    /// 医療機関コード, 10 digits.
    pub code: String,
}

/// A login.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// ユーザID.
    pub user: String,
    /// ユーザ名.
    pub name: String,
    /// 権限区分.
    pub kind: AccountKind,
    /// パスワード.
    pub password: Secret,
    /// 有効.
    pub active: bool,
    /// ロック中.
    pub locked: bool,
    /// 利用開始年月日.
    pub from: Option<Date>,
    /// 利用終了年月日.
    pub to: Option<Date>,
}

/// The notice published when the outage function opens (OUT-6).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opening {
    title: String,
    body: String,
}

impl Opening {
    /// Title and text for `period`.
    pub fn text(&self, period: Period) -> (String, String) {
        let day = |date: Date| format!("{}/{}", date.month(), date.day());
        let fill = |text: &str| {
            text.replace("{from}", &day(period.from))
                .replace("{to}", &day(period.to))
        };
        (fill(&self.title), fill(&self.body))
    }
}

/// A name that is easily got wrong, and what typing it in several ways does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HardName {
    /// [`Person::id`].
    pub person: String,
    /// 氏名 that find the person.
    pub typed: Vec<String>,
    /// 氏名 that do not (OUT-26).
    pub missed: Vec<String>,
}

/// All of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fixtures {
    /// The facility.
    pub facility: Facility,
    /// Insurers.
    pub insurers: Vec<Arc<Insurer>>,
    /// Logins.
    pub accounts: Vec<Account>,
    /// People, those with hard names last.
    pub people: Vec<Person>,
    /// Hard names.
    pub names: Vec<HardName>,
    /// Notices, newest first.
    pub notices: Vec<Notice>,
    /// The notice that opens the outage function.
    pub opening: Opening,
}

/// The texts of the five files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Texts {
    /// `insurers.toml`.
    pub insurers: String,
    /// `people.toml`.
    pub people: String,
    /// `hard-names.toml`.
    pub names: String,
    /// `accounts.toml`.
    pub accounts: String,
    /// `notices.toml`.
    pub notices: String,
}

impl Texts {
    /// What is built into the binary.
    pub fn built_in() -> Self {
        Self {
            insurers: include_str!("../../fixtures/insurers.toml").to_owned(),
            people: include_str!("../../fixtures/people.toml").to_owned(),
            names: include_str!("../../fixtures/hard-names.toml").to_owned(),
            accounts: include_str!("../../fixtures/accounts.toml").to_owned(),
            notices: include_str!("../../fixtures/notices.toml").to_owned(),
        }
    }

    /// The files of a directory. One that is not there is taken from the
    /// binary, except that a directory without any of them is an error.
    pub fn from_dir(dir: &Path) -> Result<Self, FixtureError> {
        let mut texts = Self::built_in();
        let mut found = false;
        for (name, text) in [
            ("insurers.toml", &mut texts.insurers),
            ("people.toml", &mut texts.people),
            ("hard-names.toml", &mut texts.names),
            ("accounts.toml", &mut texts.accounts),
            ("notices.toml", &mut texts.notices),
        ] {
            if let Some(own) = read_file(&dir.join(name))? {
                *text = own;
                found = true;
            }
        }
        if found {
            Ok(texts)
        } else {
            Err(FixtureError::new(
                &dir.display().to_string(),
                None,
                "insurers.toml も people.toml もありません。fixtures のフォルダを指定してください。",
            ))
        }
    }
}

pub(in crate::simulator) fn read_file(path: &Path) -> Result<Option<String>, FixtureError> {
    use std::io::Read;
    let shown = path.display().to_string();
    let fail = |what: String| FixtureError::new(&shown, None, &what);
    let file = match std::fs::File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(fail(format!("開けません（{error}）。"))),
    };
    let mut bytes = Vec::new();
    file.take(MAX_FILE + 1)
        .read_to_end(&mut bytes)
        .map_err(|error| fail(format!("読めません（{error}）。")))?;
    if bytes.len() as u64 > MAX_FILE {
        return Err(fail("16 MiB を超えています。".to_owned()));
    }
    String::from_utf8(bytes)
        .map(Some)
        .map_err(|_| fail("UTF-8 で書かれていません。".to_owned()))
}

impl Fixtures {
    /// What is built into the binary.
    ///
    /// # Panics
    /// If the built-in files are wrong, which a test excludes.
    pub fn built_in() -> Self {
        match Self::parse(&Texts::built_in()) {
            Ok(fixtures) => fixtures,
            Err(error) => panic!("built-in fixtures: {error}"),
        }
    }

    /// From a directory.
    pub fn load(dir: &Path) -> Result<Self, FixtureError> {
        Self::parse(&Texts::from_dir(dir)?)
    }

    /// From texts. The error names file and line.
    pub fn parse(texts: &Texts) -> Result<Self, FixtureError> {
        build::fixtures(texts)
    }
}
