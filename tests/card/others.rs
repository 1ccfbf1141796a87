//! Programs of others read the virtual card: it is not only ours that it
//! pleases.

use super::desk::{card, facts, put};
use super::service::{LIMIT, Service, program, until};
use madoguchi::card::chip::Chip;
use madoguchi::simulator::card::vpcd::Attached;
use madoguchi::simulator::card::{App, Machine};
use ring::signature::{RSA_PKCS1_2048_8192_SHA256, UnparsedPublicKey};
use sha2::{Digest, Sha256};
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

/// Runs a program on the first slot and gives what it prints, as soon as no
/// other program of this machine has the card.
fn run(name: &str, arguments: &[&str]) -> String {
    let output = end_of(name, arguments);
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{name}: {said}");
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// The same, however the program ends.
fn end_of(name: &str, arguments: &[&str]) -> Output {
    until(name, || {
        let mut child = Command::new(program(name).unwrap())
            .args(arguments)
            .env("LANG", "C.UTF-8")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let end = Instant::now() + LIMIT;
        while child.try_wait().unwrap().is_none() {
            if Instant::now() > end {
                let _ = child.kill();
                panic!("{name} does not end");
            }
            std::thread::park_timeout(Duration::from_millis(5));
        }
        let output = child.wait_with_output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        (!said.contains("in use by another")).then_some(output)
    })
}

/// Puts a card on the reader, until the service has seen it: one that comes
/// within its poll after another it takes for gone.
pub fn lay(service: &Service<'_>, name: &str) -> Attached {
    let mut there = Some(put(service, card(name)));
    let mut since = Instant::now();
    until("the service sees the card", || {
        let readers = madoguchi::card::status().ok()?;
        if readers.iter().any(|reader| reader.card) {
            return Some(());
        }
        if since.elapsed() > Duration::from_secs(1) {
            drop(there.take());
            there = Some(put(service, card(name)));
            since = Instant::now();
        }
        None
    });
    there.unwrap()
}

pub fn driver(service: &mut Service<'_>) {
    let there = lay(service, "ichinose");
    let said = run("opensc-tool", &["--reader", "0", "--name"]);
    assert!(said.to_lowercase().contains("jpki"), "{said}");
    let said = run("opensc-tool", &["--reader", "0", "--atr"]);
    let digits: String = said
        .chars()
        .filter(char::is_ascii_hexdigit)
        .collect::<String>()
        .to_uppercase();
    let atr = card("ichinose")
        .atr()
        .iter()
        .fold(String::new(), |text, byte| text + &format!("{byte:02X}"));
    assert!(digits.ends_with(&atr), "{said}");
    assert_eq!(there.pull().trips(), []);
}

pub fn certificate(service: &mut Service<'_>) {
    for name in ["ichinose", "hanako", "long-name"] {
        let there = lay(service, name);
        let said = run(
            "pkcs15-tool",
            &["--reader", "0", "--read-certificate", "01"],
        );
        assert_eq!(pem(&said), own(card(name)), "{name}");
        there.pull();
        until("the service sees it gone", || {
            let readers = madoguchi::card::status().ok()?;
            (!readers.iter().any(|reader| reader.card)).then_some(())
        });
    }
}

/// A wrong PIN costs one attempt of the one key it is for; the right one
/// gives all of them back.
pub fn pin(service: &mut Service<'_>) {
    let there = lay(service, "hanako");
    let left = || there.machine().tries(App::Jpki, PIN_FILE);
    let whole = left().unwrap();
    let verify = |pin: &str| {
        let arguments = [
            "--reader",
            "0",
            "--verify-pin",
            "--auth-id",
            "01",
            "--pin",
            pin,
        ];
        end_of("pkcs15-tool", &arguments).status.success()
    };
    assert!(!verify("0000"));
    assert_eq!(left(), Some(whole - 1));
    let right = facts("hanako").authentication;
    assert_ne!(right, "0000");
    assert!(verify(&right));
    assert_eq!(left(), Some(whole));
    no_other_key(&there.pull());
}

/// What the card signs for another program is held against the key of the
/// certificate on it.
pub fn signature(service: &mut Service<'_>) {
    let there = lay(service, "hanako");
    let home = tempfile::tempdir().unwrap();
    let text = b"signed for another program";
    let (input, output) = (home.path().join("digest"), home.path().join("signature"));
    std::fs::write(&input, Sha256::digest(text)).unwrap();
    let pin = facts("hanako").authentication;
    let arguments = [
        "--reader",
        "0",
        "--sign",
        "--key",
        "01",
        "--sha-256",
        "--pkcs1",
        "--raw",
        "--pin",
        &pin,
    ];
    let files = [
        "--input",
        input.to_str().unwrap(),
        "--output",
        output.to_str().unwrap(),
    ];
    run("pkcs15-crypt", &[&arguments[..], &files].concat());
    let signature = std::fs::read(&output).unwrap();
    let der = own(card("hanako"));
    let (_, certificate) = x509_parser::parse_x509_certificate(&der).unwrap();
    let key = &certificate.public_key().subject_public_key.data;
    let key = UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, key);
    assert_eq!(key.verify(text, &signature), Ok(()));
    assert!(key.verify(b"another text", &signature).is_err());
    no_other_key(&there.pull());
}

/// OpenSC asks how many attempts the signature key has left; a value it sends
/// to this one key alone.
fn no_other_key(card: &Machine) {
    let mut tried = card.log().iter().filter(|asked| asked.attempts());
    assert!(tried.all(|asked| asked.file == Some(PIN_FILE)));
}

/// Where the PIN of the authentication key lies (section 5.1).
const PIN_FILE: u16 = 0x0018;

/// EF 000A, asked of the card itself.
pub fn own(mut machine: Machine) -> Vec<u8> {
    let mut say = |command: &[u8]| {
        let answer = machine.transmit(command).unwrap();
        let (data, status) = answer.split_last_chunk::<2>().unwrap();
        (*status == [0x90, 0]).then(|| data.to_vec())
    };
    let jpki = b"\x00\xA4\x04\x0C\x0A\xD3\x92\xF0\x00\x26\x01\x00\x00\x00\x01";
    say(jpki).unwrap();
    say(b"\x00\xA4\x02\x0C\x02\x00\x0A").unwrap();
    let head = say(&[0x00, 0xB0, 0, 0, 4]).unwrap();
    let length = 4 + usize::from(u16::from_be_bytes([head[2], head[3]]));
    let mut all = Vec::new();
    while all.len() < length {
        let [high, low] = (all.len() as u16).to_be_bytes();
        let most = (length - all.len()).min(256) as u8;
        all.extend(say(&[0x00, 0xB0, high, low, most]).unwrap());
    }
    all
}

/// The bytes of a PEM text.
fn pem(text: &str) -> Vec<u8> {
    const DIGITS: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let body = text
        .lines()
        .skip_while(|line| !line.starts_with("-----BEGIN"))
        .skip(1)
        .take_while(|line| !line.starts_with("-----END"));
    let (mut bytes, mut bits, mut count) = (Vec::new(), 0u32, 0);
    for digit in body.flat_map(str::chars) {
        let Some(value) = DIGITS.find(digit) else {
            continue;
        };
        bits = (bits << 6) | value as u32;
        count += 6;
        if count >= 8 {
            count -= 8;
            bytes.push((bits >> count) as u8);
            bits &= (1 << count) - 1;
        }
    }
    bytes
}
