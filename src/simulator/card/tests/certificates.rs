//! Certificates and signatures, held against other people's code.

use super::*;
use crate::central::webapi::validity::validity;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use ring::signature::{RSA_PKCS1_2048_8192_SHA256, UnparsedPublicKey};
use sha2::{Digest, Sha256};
use std::fmt::Write;
use x509_parser::prelude::{FromDer, X509Certificate};

fn read(name: &str, id: &str) -> Vec<u8> {
    let mut machine = card(name).with(Manner::default());
    select(&mut machine, JPKI);
    assert_eq!(file(&mut machine, id), 0x9000);
    content(&mut machine)
}

fn key_of(der: &[u8]) -> Vec<u8> {
    let (_, certificate) = X509Certificate::from_der(der).unwrap();
    certificate.public_key().subject_public_key.data.to_vec()
}

#[test]
fn section_5_1_the_certificate() {
    for (name, organisation, serial) in [
        ("hanako", "JPKI", "19088743"),
        ("ichinose", "JPKI", "439041101"),
        ("gojo", "JPKI", "12648430"),
        ("test-hierarchy", "JPKI-TEST", "263433"),
    ] {
        let file = read(name, "000A");
        let der = der(&file);
        assert!((1400..1700).contains(&der.len()), "{} bytes", der.len());
        assert!(file[der.len()..].iter().all(|byte| *byte == 0xFF));
        let (rest, certificate) = X509Certificate::from_der(der).unwrap();
        assert!(rest.is_empty());
        assert_eq!(certificate.serial.to_string(), serial);
        assert_eq!(
            certificate.issuer().to_string(),
            format!(
                "C=JP, O={organisation}, OU=JPKI for user authentication, OU=Japan Agency for Local Authority Information Systems"
            )
        );
        let subject = certificate.subject().to_string();
        let common = subject.strip_prefix("C=JP, CN=").unwrap();
        assert_eq!(common.len(), 23);
        assert!(common.ends_with("13101003A"), "{common}");
        let usage = certificate.key_usage().unwrap().unwrap().value;
        assert!(usage.digital_signature() && !usage.non_repudiation());
        assert!(
            certificate
                .extended_key_usage()
                .unwrap()
                .unwrap()
                .value
                .client_auth
        );
        assert_eq!(
            certificate.signature_algorithm.algorithm.to_id_string(),
            "1.2.840.113549.1.1.11"
        );
        // Signed by what stands beside it.
        let ca = read(name, "000B");
        let key = UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, key_of(self::der(&ca)));
        key.verify(
            certificate.tbs_certificate.as_ref(),
            &certificate.signature_value.data,
        )
        .unwrap();
        assert_eq!(
            self::der(&ca),
            rack().authority(organisation == "JPKI-TEST").unwrap()
        );
    }
}

#[test]
fn section_5_1_validity_seen_from_any_day() {
    for today in [
        date(2026, 11, 20),
        date(2024, 2, 29),
        date(2031, 1, 1),
        date(2027, 12, 31),
    ] {
        let rack = Rack::built_in(today);
        for (name, to) in [
            ("soon", today.saturating_add(60.days())),
            ("last-day", today),
            ("grace", today.saturating_sub(40.days())),
            ("ended", today.saturating_sub(150.days())),
            (
                "early",
                today.saturating_add(10.days()).saturating_add(5.years()),
            ),
        ] {
            let mut machine = rack.named(name).unwrap();
            select(&mut machine, JPKI);
            file(&mut machine, "000A");
            let content = content(&mut machine);
            let (from, end) = validity(der(&content)).unwrap();
            assert_eq!(rack.facts(name).unwrap().days.1, to);
            // 23:59:59 of the last day in Japan.
            let japan = TimeZone::fixed(jiff::tz::offset(9));
            let wall = japan.to_datetime(end);
            assert_eq!(
                (wall.date(), wall.time().to_string().as_str()),
                (to, "23:59:59")
            );
            let now: Timestamp = japan.to_timestamp(today.at(12, 0, 0, 0)).unwrap();
            assert_eq!(from < now, name != "early", "{name}");
        }
    }
}

#[test]
fn section_5_1_good_ends_on_a_birthday() {
    for (name, day) in [
        ("hanako", date(2029, 7, 4)),
        ("ichinose", date(2029, 2, 28)),
        ("unknown-day", date(2029, 11, 20)),
    ] {
        assert_eq!(rack().facts(name).unwrap().days.1, day, "{name}");
    }
}

#[test]
fn section_5_2_no_certificate() {
    assert!(
        read("no-certificate", "000A")
            .iter()
            .all(|byte| *byte == 0xFF)
    );
    assert_eq!(read("no-certificate", "0008")[1], 0x00);
    assert_eq!(read("hanako", "0008")[1], 0x8F);
    let mut machine = card("missing-certificate");
    select(&mut machine, JPKI);
    assert_eq!(file(&mut machine, "000A"), 0x6A82);
    assert!(X509Certificate::from_der(&read("garbled-certificate", "000A")).is_err());
}

#[test]
fn four_people_four_keys() {
    let mut keys: Vec<Vec<u8>> = ["ichinose", "hanako", "taro", "kinoshita"]
        .iter()
        .map(|name| key_of(der(&read(name, "000A"))))
        .collect();
    keys.push(key_of(der(&read("hanako", "000B"))));
    keys.sort();
    keys.dedup();
    assert_eq!(keys.len(), 5);
    let serials: std::collections::BTreeSet<String> = rack()
        .names()
        .map(|name| rack().facts(name).unwrap().serial)
        .filter(|it| !it.is_empty())
        .collect();
    let with = rack()
        .names()
        .filter(|name| !rack().facts(name).unwrap().serial.is_empty())
        .count();
    assert_eq!(serials.len(), with, "no serial number twice");
}

#[test]
fn section_5_3_signing_a_challenge() {
    let hash = Sha256::digest(b"a challenge");
    let digest_info = [&bytes("3031300D060960864801650304020105000420")[..], &hash].concat();
    let hex = |data: &[u8]| {
        let mut text = String::new();
        for byte in data {
            write!(text, "{byte:02X}").unwrap();
        }
        text
    };
    let message = hex(b"a challenge");
    let rows = [
        ("802A0080", format!("33{}", hex(&digest_info))),
        ("802A0097", format!("33{}", hex(&digest_info))),
        ("802A0280", format!("20{}", hex(&hash))),
        ("802A0380", format!("0B{message}")),
    ];
    for (header, data) in rows {
        let mut machine = play(
            "taro",
            &[
                SELECT_JPKI,
                ("0020009804 31323334", 0x9000),
                ("00A4020C02 0017", 0x9000),
            ],
        );
        let answer = ask(&mut machine, &format!("{header}{data}00"));
        assert_eq!(answer.len(), 258, "{header}");
        let key = UnparsedPublicKey::new(
            &RSA_PKCS1_2048_8192_SHA256,
            key_of(der(&read("taro", "000A"))),
        );
        key.verify(b"a challenge", &answer[..256]).unwrap();
        let other = UnparsedPublicKey::new(
            &RSA_PKCS1_2048_8192_SHA256,
            key_of(der(&read("hanako", "000A"))),
        );
        assert!(other.verify(b"a challenge", &answer[..256]).is_err());
    }
    // A bare hash is signed without its DigestInfo (P1 01): no verifier takes it.
    let mut machine = play(
        "taro",
        &[
            SELECT_JPKI,
            ("0020009804 31323334", 0x9000),
            ("00A4020C02 0017", 0x9000),
        ],
    );
    assert_eq!(
        ask(&mut machine, &format!("802A01800B{message}00")).len(),
        258
    );
}

#[test]
fn sections_3_1_and_3_2_signing_refused() {
    let pin = ("0020009804 31323334", 0x9000);
    let key = ("00A4020C02 0017", 0x9000);
    let rows: &[&[Step]] = &[
        &[SELECT_JPKI, ("802A008001 00 00", 0x6986)],
        &[SELECT_JPKI, key, ("802A008001 00 00", 0x6982)],
        &[SELECT_JPKI, pin, ("802A008001 00 00", 0x6981)],
        &[
            SELECT_JPKI,
            pin,
            key,
            ("802A0080", 0x6700),
            ("802A008001 00", 0x6700),
        ],
        &[
            SELECT_JPKI,
            pin,
            key,
            ("802A068001 00 00", 0x6A86),
            ("802A048001 00 00", 0x6A81),
            ("802A001001 00 00", 0x6A86),
        ],
        &[SELECT_JPKI, pin, key, ("802A028001 00 00", 0x6A80)],
        &[
            SELECT_JPKI,
            pin,
            ("802A009701 00 00", 0x9000),
            ("002A009701 00 00", 0x6D00),
        ],
        // The other key's PIN does not help.
        &[
            SELECT_JPKI,
            ("0020009B06 414243313233", 0x9000),
            ("802A009701 00 00", 0x6982),
        ],
    ];
    for steps in rows {
        play("hanako", steps);
    }
    let mut machine = play("hanako", &[SELECT_JPKI, pin, key]);
    let most = |count: usize| format!("802A0080{count:02X}{}00", "55".repeat(count));
    assert_eq!(word(&mut machine, &most(245)), 0x9000);
    assert_eq!(word(&mut machine, &most(246)), 0x6A80);
}
