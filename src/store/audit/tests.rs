//! N-12: whatever is done to the lines is found, and the right place named.

mod anchors;

use super::anchor::{Anchor, hex};
use super::*;
use crate::store::frame::{HEADER, hash};
use crate::store::seal::Seal;
use crate::store::tests::{key, moment};
use crate::store::{Store, keys};
use std::fs;
use std::path::PathBuf;

/// Lines in each of three months.
const EACH: u64 = 12;
const MONTHS: [&str; 3] = ["2026-09.log", "2026-10.log", "2026-11.log"];

struct Rig {
    dir: tempfile::TempDir,
    good: Vec<(PathBuf, Vec<u8>)>,
    anchors: Vec<Anchor>,
    seal: Seal,
}

fn record(number: u64, mark: &str) -> Record {
    let month = i64::try_from((number - 1) / EACH).unwrap();
    Record {
        at: moment((month - 2) * 30 * 86_400 + i64::try_from(number).unwrap()),
        by: "003".to_owned(),
        desk: "窓口1".to_owned(),
        origin: String::new(),
        ends: None,
        what: crate::store::record::What::Line {
            state: format!("{mark} {number}"),
            since: None,
        },
        anchors: None,
    }
}

fn rig(mark: &str) -> Rig {
    let dir = tempfile::tempdir().unwrap();
    let (mut store, _) = Store::open(dir.path(), &key(), moment(0)).unwrap();
    let mut anchors = Vec::new();
    for number in 1..=3 * EACH {
        store.append(&record(number, mark)).unwrap();
        // An anchor in the middle of the second month, and one at the end.
        if number == EACH + EACH / 2 || number == 3 * EACH {
            anchors.push(Anchor {
                at: None,
                seq: number,
                place: None,
                head: hex(&store.last().head),
            });
        }
    }
    drop(store);
    let seal = keys::seal(dir.path(), &key()).unwrap();
    let good = MONTHS
        .iter()
        .map(|month| dir.path().join("journal").join(month))
        .map(|path| (path.clone(), fs::read(path).unwrap()))
        .collect();
    Rig {
        dir,
        good,
        anchors,
        seal,
    }
}

impl Rig {
    fn heal(&self) {
        fs::remove_dir_all(self.dir.path().join("journal")).unwrap();
        fs::create_dir(self.dir.path().join("journal")).unwrap();
        for (path, bytes) in &self.good {
            fs::write(path, bytes).unwrap();
        }
    }

    /// What verify says without a key, and with it.
    fn say(&self) -> [Report; 2] {
        let open = opener(&self.seal);
        [None, Some(&open as Opener)]
            .map(|open| examine(self.dir.path(), &self.anchors, open, |_, _| {}).unwrap())
    }

    /// The records of a segment.
    fn records(&self, segment: usize) -> Vec<Vec<u8>> {
        let bytes = &self.good[segment].1;
        let mut at = 0;
        let mut all = Vec::new();
        while at < bytes.len() {
            let size = usize::try_from(Header::read(&bytes[at..]).unwrap().size()).unwrap();
            all.push(bytes[at..at + size].to_vec());
            at += size;
        }
        all
    }

    fn write(&self, segment: usize, records: &[Vec<u8>]) {
        fs::write(&self.good[segment].0, records.concat()).unwrap();
    }
}

/// What a mutation is, and what has to be said of it.
struct Told {
    /// What was done.
    what: String,
    /// Trust ends no later than here …
    from: u64,
    /// … and a finding names one of these records,
    names: (u64, u64),
    /// in one of these files.
    files: Vec<&'static str>,
}

#[allow(clippy::too_many_lines, reason = "one arm a kind of mutation")]
fn mutate(rig: &Rig, other: &Rig, rng: &mut fastrand::Rng) -> Told {
    let segment = rng.usize(0..3);
    let file = MONTHS[segment];
    let mut records = rig.records(segment);
    let first = segment as u64 * EACH + 1;
    let count = records.len();
    let k = rng.usize(0..count);
    let seq = first + k as u64;
    let told = |what: &str, from, names| Told {
        what: format!("{what} {seq} in {file}"),
        from,
        names,
        files: vec![file],
    };
    // The end of the last file has nothing behind it but the anchor.
    let beside = |files: &mut Vec<&'static str>| files.extend(MONTHS.get(segment + 1));
    match rng.u8(0..10) {
        0 | 1 => {
            let bit = rng.usize(0..records[k].len() * 8);
            records[k][bit / 8] ^= 1 << (bit % 8);
            rig.write(segment, &records);
            told(&format!("bit {bit} of"), seq, (seq, seq))
        }
        2 => {
            records.remove(k);
            rig.write(segment, &records);
            let mut told = told("removed", seq, (seq, seq));
            beside(&mut told.files);
            told
        }
        3 => {
            let k = k.min(count - 2);
            records.swap(k, k + 1);
            rig.write(segment, &records);
            let seq = first + k as u64;
            told("swapped", seq, (seq, seq + 1))
        }
        4 => {
            let to = rng.usize(k + 1..=count);
            let copy = records[k].clone();
            records.insert(to, copy);
            rig.write(segment, &records);
            told("doubled", first + to as u64, (seq, seq))
        }
        5 => {
            // Changed, with every checksum of its own made right again.
            let header = Header::read(&records[k]).unwrap();
            let mut payload = records[k][HEADER..].to_vec();
            let last = payload.len() - 1;
            payload[rng.usize(0..=last)] ^= 0x20;
            let forged = Header {
                content: hash(&payload),
                crc: crc32fast::hash(&payload),
                ..header
            };
            records[k].clear();
            forged.write(&payload, &mut records[k]);
            rig.write(segment, &records);
            let mut told = told("forged", seq, (seq, seq + 1));
            beside(&mut told.files);
            told
        }
        6 => {
            // A stretch of another journal.
            let foreign = other.records(segment);
            let to = rng.usize(k + 1..=count);
            records.splice(k..to, foreign[k..to].iter().cloned());
            rig.write(segment, &records);
            let mut told = told("spliced", seq, (seq, first + to as u64));
            beside(&mut told.files);
            told
        }
        7 => {
            fs::remove_file(&rig.good[segment].0).unwrap();
            let mut told = told("file removed:", first, (first, first + EACH - 1));
            told.files = MONTHS.to_vec();
            told
        }
        8 => {
            let name =
                ["2026-08.log", "2026-12.log", "2027-01.log", "2026-10.bak"][rng.usize(0..4)];
            let to = rig.dir.path().join("journal").join(name);
            fs::rename(&rig.good[segment].0, to).unwrap();
            let mut told = told(&format!("renamed to {name}:"), first, (1, 3 * EACH));
            told.from = 3 * EACH;
            told.files = MONTHS.iter().copied().chain([name]).collect();
            told
        }
        _ => {
            // Cut off anywhere, the files behind it too.
            let cut = rng.usize(0..rig.good[segment].1.len());
            fs::write(&rig.good[segment].0, &rig.good[segment].1[..cut]).unwrap();
            for (path, _) in &rig.good[segment + 1..] {
                fs::remove_file(path).unwrap();
            }
            let mut left = 0;
            let whole = records.iter().take_while(|record| {
                left += record.len();
                left <= cut
            });
            let next = first + whole.count() as u64;
            let mut told = told(&format!("cut at {cut}"), next, (next, 3 * EACH));
            told.files = MONTHS.to_vec();
            told
        }
    }
}

#[test]
fn n12_every_mutation_is_found_and_its_place_named() {
    let (rig, other) = (rig("a"), rig("b"));
    for report in rig.say() {
        assert_eq!((report.wrong.as_slice(), report.lost_from), (&[][..], None));
        assert_eq!((report.records, report.held), (3 * EACH, 3 * EACH));
    }
    let seed = 12;
    let mut rng = fastrand::Rng::with_seed(seed);
    for round in 0..1000 {
        let told = mutate(&rig, &other, &mut rng);
        for report in rig.say() {
            let what = format!("seed {seed}, round {round}, {}: {report:?}", told.what);
            let from = report.lost_from.unwrap_or_else(|| panic!("{what}"));
            assert!(from <= told.from, "{what}");
            let named = report.wrong.iter().any(|wrong| {
                let (from, to) = wrong.range();
                let file = told.files.contains(&wrong.segment.as_str()) || wrong.segment.is_empty();
                file && from <= told.names.1 && to >= told.names.0
            });
            assert!(named, "{what}");
            assert!(
                report
                    .wrong
                    .iter()
                    .all(|wrong| !wrong.to_string().is_empty())
            );
        }
        rig.heal();
    }
}

#[test]
fn n12_a_line_put_in_at_the_end_is_found_with_the_key() {
    let rig = rig("a");
    let mut records = rig.records(2);
    let last = Header::read(records.last().unwrap()).unwrap();
    let payload = vec![7; 60];
    let forged = Header {
        seq: last.seq + 1,
        before: last.link(),
        content: hash(&payload),
        crc: crc32fast::hash(&payload),
        length: 60,
        ..last
    };
    let mut bytes = Vec::new();
    forged.write(&payload, &mut bytes);
    records.push(bytes);
    rig.write(2, &records);
    let [sealed, opened] = rig.say();
    assert!(sealed.wrong.is_empty(), "the chain alone cannot know");
    assert_eq!(opened.lost_from, Some(3 * EACH + 1));
}

#[test]
fn a_record_that_is_being_written_is_no_finding() {
    let rig = rig("a");
    let bytes = &rig.good[2].1;
    let last = rig.records(2).pop().unwrap();
    let half = [bytes.as_slice(), &last[..HEADER + 3]].concat();
    // A number that follows, as the next record would have it.
    let header = Header::read(&last).unwrap();
    let next = Header {
        seq: header.seq + 1,
        before: header.link(),
        ..header
    };
    let mut begun = Vec::new();
    next.write(&last[HEADER..], &mut begun);
    for torn in [half, [bytes.as_slice(), &begun[..HEADER / 2]].concat()] {
        fs::write(&rig.good[2].0, torn).unwrap();
        for report in rig.say() {
            assert_eq!(report.wrong, []);
            assert!(report.unfinished > 0);
        }
    }
}

#[test]
fn sec24_a_blanked_content_is_found_without_a_key() {
    let rig = rig("a");
    let mut records = rig.records(1);
    let header = Header::read(&records[3]).unwrap();
    let zeros = vec![0; header.length as usize];
    let mut bytes = Vec::new();
    header.over(&zeros).write(&zeros, &mut bytes);
    records[3] = bytes;
    rig.write(1, &records);
    for report in rig.say() {
        let found: Vec<_> = report.wrong.iter().map(|w| (w.seq, w.what)).collect();
        assert_eq!(found, [(header.seq, What::Erased)]);
        assert_eq!(report.lost_from, Some(header.seq));
    }
}

#[test]
fn n12_a_journal_that_is_gone_or_empty_is_said_in_words() {
    for gone in [true, false] {
        let rig = rig("a");
        for (path, _) in &rig.good {
            if gone {
                fs::remove_file(path).unwrap();
            } else {
                fs::write(path, "").unwrap();
            }
        }
        for report in rig.say() {
            let said: Vec<_> = report.wrong.iter().map(ToString::to_string).collect();
            let records = format!("記録 1～{}", 3 * EACH);
            assert!(said.len() == 1 && said[0].starts_with(&records), "{said:?}");
            assert!(said[0].contains("1 件も残っていません"), "{said:?}");
        }
    }
}

#[test]
fn two_records_exchanged_are_two_findings() {
    let rig = rig("録");
    let mut records = rig.records(1);
    // 15 and 21.
    records.swap(2, 8);
    rig.write(1, &records);
    for report in rig.say() {
        let told: Vec<_> = report.wrong.iter().map(|w| (w.seq, w.what)).collect();
        let expected = [
            (21, What::Early { before: 16 }),
            (15, What::Order { after: 20 }),
        ];
        assert_eq!(told, expected, "{report:?}");
        assert_eq!(report.lost_from, Some(15));
    }
    // One moved to the front, and another one taken away.
    let mut records = rig.records(1);
    let moved = records.remove(8);
    records.insert(0, moved);
    records.remove(4);
    rig.write(1, &records);
    for report in rig.say() {
        let told: Vec<_> = report.wrong.iter().map(|w| (w.seq, w.what)).collect();
        let expected = [
            (16, What::Missing { to: 16 }),
            (21, What::Early { before: 13 }),
        ];
        assert_eq!(told, expected, "{report:?}");
    }
}
