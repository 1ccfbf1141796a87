//! The files of `fixtures/cards`.

use crate::simulator::fixtures::{FixtureError, read_file};
use std::path::Path;

/// The texts of the files.
#[derive(Clone, PartialEq, Eq)]
pub struct Texts {
    /// Name and text of each list of cards.
    pub cards: Vec<(String, String)>,
    /// Keys of the user-authentication certificates, PEM.
    pub authentication: Vec<String>,
    /// The key of the signature certificates.
    pub signature: String,
    /// Keys of the authorities: user authentication, signature.
    pub authorities: [String; 2],
}

impl Texts {
    /// What is built into the binary.
    pub fn built_in() -> Self {
        macro_rules! card {
            ($name:literal) => {
                (
                    concat!("cards/", $name).to_owned(),
                    include_str!(concat!("../../../../fixtures/cards/", $name)).to_owned(),
                )
            };
        }
        macro_rules! key {
            ($name:literal) => {
                include_str!(concat!("../../../../fixtures/cards/keys/", $name)).to_owned()
            };
        }
        Self {
            cards: vec![
                card!("people.toml"),
                card!("states.toml"),
                card!("others.toml"),
            ],
            authentication: vec![
                key!("authentication-1.pem"),
                key!("authentication-2.pem"),
                key!("authentication-3.pem"),
                key!("authentication-4.pem"),
            ],
            signature: key!("signature.pem"),
            authorities: [key!("ca-authentication.pem"), key!("ca-signature.pem")],
        }
    }

    /// The files below `dir`. One that is not there is taken from the binary.
    pub fn from_dir(dir: &Path) -> Result<Self, FixtureError> {
        let mut texts = Self::built_in();
        let keys = dir.join("cards").join("keys");
        let own = |text: &mut String, path: &Path| -> Result<(), FixtureError> {
            if let Some(found) = read_file(path)? {
                *text = found;
            }
            Ok(())
        };
        for (name, text) in &mut texts.cards {
            own(text, &dir.join(&*name))?;
        }
        for (index, text) in texts.authentication.iter_mut().enumerate() {
            own(
                text,
                &keys.join(format!("authentication-{}.pem", index + 1)),
            )?;
        }
        own(&mut texts.signature, &keys.join("signature.pem"))?;
        let [authentication, signature] = &mut texts.authorities;
        own(authentication, &keys.join("ca-authentication.pem"))?;
        own(signature, &keys.join("ca-signature.pem"))?;
        Ok(texts)
    }
}
