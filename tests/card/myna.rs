//! A published reader of the same card that is not ours: the crate `myna-card`
//! (MIT, crates.io), whose author measured physical cards. It reads over the
//! real service with commands of its own. The other one, jpki/myna, is
//! published on github.com alone, and no package registry has it: it takes no
//! part here.

use super::desk::{card, facts};
use super::others::lay;
use super::service::{Service, until};
use madoguchi::simulator::card::App;
use myna_card::Pin;
use myna_card::ap::jpki::{JpkiAp, SignatureScheme};
use myna_card::ap::text::TextAp;
use myna_card::transport::pcsc::{Sharing, connect_any};

/// The four by the numbers of the face and by the PIN, and nothing without.
pub fn four(service: &mut Service<'_>) {
    for name in ["ichinose", "hanako", "long-name"] {
        let there = lay(service, name);
        let facts = facts(name);
        let keys = [("face", facts.face.clone()), ("pin", facts.text.clone())];
        for (key, digits) in keys {
            let mut reader = until("nobody else has the card", || {
                connect_any(Sharing::Shared).ok()
            });
            let mut text = TextAp::select(&mut reader).unwrap();
            // What the first key opened may be so until the power goes.
            assert!(key == "pin" || text.read_attributes().is_err(), "{name}");
            let digits = Pin::numeric(&digits).unwrap();
            match key {
                "face" => text.verify_code_b(&digits).unwrap(),
                _ => text.verify_pin(&digits).unwrap(),
            }
            let four = text.read_attributes().unwrap();
            assert_eq!(Some(four.name), facts.full_name, "{key}");
            assert_eq!(Some(four.address), facts.address, "{key}");
            let birth = four.birth_date.to_string().replace('-', "");
            assert_eq!(Some(birth), facts.birth, "{key}");
        }
        assert_eq!(there.pull().trips(), [], "{name}");
        until("the service sees it gone", || {
            let readers = madoguchi::card::status().ok()?;
            (!readers.iter().any(|reader| reader.card)).then_some(())
        });
    }
}

/// The certificate without a PIN, and a signature that its key verifies.
pub fn signature(service: &mut Service<'_>) {
    let name = "hanako";
    let there = lay(service, name);
    let mut reader = until("nobody else has the card", || {
        connect_any(Sharing::Shared).ok()
    });
    let mut jpki = JpkiAp::select(&mut reader).unwrap();
    let der = jpki.read_auth_certificate_der().unwrap();
    assert_eq!(der, super::others::own(card(name)));
    let key = jpki.read_auth_certificate().unwrap().public_key().unwrap();
    let whole = jpki.auth_pin_retries().unwrap();
    let pin = Pin::numeric(&facts(name).authentication).unwrap();
    jpki.verify_auth_pin(&pin).unwrap();
    let digest = [7; 32];
    let scheme = SignatureScheme::PreHashedDigestInfo;
    let signature = jpki.sign_with_auth_key(scheme, &digest).unwrap();
    scheme.verify(&key, &digest, &signature).unwrap();
    assert!(scheme.verify(&key, &[8; 32], &signature).is_err());
    assert_eq!(jpki.auth_pin_retries().unwrap(), whole);
    drop(reader);
    let there = there.pull();
    assert_eq!(there.tries(App::Jpki, 0x0018), Some(3));
    assert_eq!(there.trips(), []);
}
