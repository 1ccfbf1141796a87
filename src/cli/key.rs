//! The store's key, as the settings choose it.

use super::settings::{KeyChoice, Settings};
use super::{Fail, password};
use crate::store::KeySource;

/// Where the key comes from; a passphrase is asked for here.
pub fn source(settings: &Settings) -> Result<KeySource, Fail> {
    Ok(match &settings.key {
        KeyChoice::File(path) => KeySource::File(path.clone()),
        KeyChoice::Credential(name) => KeySource::Credential(name.clone()),
        KeyChoice::Passphrase => KeySource::Passphrase(password::passphrase("保存先の合言葉")?),
    })
}
