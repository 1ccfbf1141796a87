//! `madoguchi notes export` and `import`: the ledger to another machine.

use super::bundle::{Bad, Head, Notes, Trouble, Writer};
use crate::cli::client::{Client, Who, session};
use crate::cli::settings::{Settings, password};
use crate::cli::{Fail, Outcome, password as asking, print, print_json, say};
use crate::domain::note::foreign::{LONGEST, admit};
use crate::domain::note::{Note, NoteId};
use crate::domain::secret::Secret;
use crate::link::message::{Incoming, ToDesk, ToFront};
use crate::link::reason;
use crate::store::KeySource;
use crate::store::seal::Seal;
use jiff::civil::Date;
use serde_json::{Value, json};
use std::fmt::Write as _;
use std::io::{self, BufRead, BufReader, IsTerminal, Read, Write};
use std::path::{Path, PathBuf};

/// Notes sent at once.
const PAGE: usize = 32;
/// Bytes sent at once, before the last note of a page.
const ENOUGH: usize = 1 << 20;
/// Characters of a passphrase that protects a whole ledger.
const SHORTEST: usize = 8;
/// Larger is no export where it has to be held in memory.
const LARGEST: u64 = 4 << 30;

/// How the file is sealed.
#[derive(Debug, clap::Args)]
pub struct Sealing {
    /// 合言葉だけを書いたファイル（書かなければ端末で聞く）
    #[arg(long, value_name = "FILE", conflicts_with = "key_file")]
    passphrase_file: Option<PathBuf>,
    /// 合言葉の代わりに鍵のファイル
    #[arg(long, value_name = "FILE")]
    key_file: Option<PathBuf>,
}

/// Where notes go.
#[derive(Debug, clap::Args)]
pub struct Export {
    #[command(flatten)]
    who: Who,
    /// 書き出すファイル（- で標準出力）
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// 封をせず、読める JSON の行で書く（患者の情報が読めるファイルになる）
    #[arg(long, conflicts_with_all = ["passphrase_file", "key_file"])]
    plain: bool,
    #[command(flatten)]
    sealing: Sealing,
    /// 結果を JSON で出す
    #[arg(long)]
    pub json: bool,
}

/// Where notes come from.
#[derive(Debug, clap::Args)]
pub struct Import {
    #[command(flatten)]
    who: Who,
    /// 取り込むファイル（- で標準入力）
    #[arg(value_name = "FILE")]
    file: PathBuf,
    #[command(flatten)]
    sealing: Sealing,
    /// 結果を JSON で出す
    #[arg(long)]
    pub json: bool,
}

fn standard(path: &Path) -> bool {
    path.as_os_str() == "-"
}

impl Sealing {
    /// The key; `new` when it is chosen here.
    fn source(&self, new: bool) -> Result<KeySource, Fail> {
        if let Some(path) = &self.key_file {
            return Ok(KeySource::File(path.clone()));
        }
        let words = match &self.passphrase_file {
            Some(path) => password(path).map_err(Fail::usage)?,
            None => asking::typed("書き出しの合言葉")?,
        };
        if new && words.reveal().chars().count() < SHORTEST {
            return Err(Fail::usage(format!(
                "合言葉は {SHORTEST} 文字以上にしてください。"
            )));
        }
        if new && self.passphrase_file.is_none() {
            let again: Secret = asking::typed("もう一度")?;
            if again != words {
                return Err(Fail::usage("2 回の合言葉が違います。"));
            }
        }
        Ok(KeySource::Passphrase(words))
    }
}

fn trouble(file: &Path, error: &Trouble) -> Fail {
    match error {
        Trouble::Io(error) => Fail::no(format!(
            "{} に書けません（{}）。",
            file.display(),
            reason(error)
        )),
        Trouble::Key(error) => Fail::usage(error.to_string()),
    }
}

/// Writes the ledger to a file.
pub fn export(settings: &Settings, args: &Export) -> Outcome {
    let source = if args.plain {
        say("患者の情報が読めるファイルを書き出します。使い終わったら消してください。");
        None
    } else {
        Some(args.sealing.source(true)?)
    };
    if standard(&args.file) {
        if source.is_some() && io::stdout().is_terminal() {
            return Err(Fail::usage(
                "封をしたファイルは端末に出せません。ファイルの名前を書くか、別の命令につないでください。",
            ));
        }
        if args.json {
            return Err(Fail::usage("--json は - と一緒に使えません。"));
        }
        let out = io::BufWriter::new(io::stdout().lock());
        let (_, counted) = fill(settings, args, out, source.as_ref())?;
        return told(args, &counted);
    }
    if args.file.exists() {
        return Err(Fail::usage(format!(
            "{} はもうあります。別の名前を書いてください。",
            args.file.display()
        )));
    }
    let folder = match args.file.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    // Half a file never has the name; it is the owner's alone (SEC-22).
    let failed = |error: io::Error| trouble(&args.file, &Trouble::Io(error));
    let half = tempfile::Builder::new()
        .prefix(".madoguchi-export-")
        .tempfile_in(folder)
        .map_err(failed)?;
    let (half, counted) = fill(settings, args, io::BufWriter::new(half), source.as_ref())?;
    let half = half
        .into_inner()
        .map_err(|error| failed(error.into_error()))?;
    half.as_file().sync_all().map_err(failed)?;
    half.persist_noclobber(&args.file)
        .map_err(|error| failed(error.error))?;
    std::fs::File::open(folder)
        .and_then(|folder| folder.sync_all())
        .map_err(failed)?;
    told(args, &counted)
}

struct Counted {
    notes: u64,
    unreadable: Vec<NoteId>,
}

fn fill<W: Write>(
    settings: &Settings,
    args: &Export,
    out: W,
    source: Option<&KeySource>,
) -> Result<(W, Counted), Fail> {
    let failed = |error: Trouble| trouble(&args.file, &error);
    super::ledger(settings, &args.who, |client| {
        let mut writer = Writer::new(out, source).map_err(failed)?;
        let mut unreadable = Vec::new();
        let mut after = None;
        loop {
            let answer = client.ask(|ticket| ToDesk::Export { ticket, after })?;
            let ToFront::Exported {
                notes,
                unreadable: lost,
                last,
                ..
            } = answer
            else {
                return Err(Fail::no("思わぬ返事でした。"));
            };
            for note in &notes {
                writer.note(note).map_err(failed)?;
            }
            unreadable.extend(lost);
            let Some(last) = last else { break };
            after = Some(last);
        }
        let (out, notes) = writer.finish().map_err(failed)?;
        Ok((out, Counted { notes, unreadable }))
    })
}

fn told(args: &Export, counted: &Counted) -> Outcome {
    let Counted { notes, unreadable } = counted;
    if args.json {
        print_json(&json!({ "exported": notes, "unreadable": unreadable }))?;
    } else {
        say(&format!("控え {notes} 件を書き出しました。"));
    }
    for id in unreadable {
        say(&format!(
            "控え {id} は記録が壊れていて読めないので、入っていません。"
        ));
    }
    Ok(u8::from(!unreadable.is_empty()))
}

/// What came of an import.
#[derive(Default)]
struct Taken {
    new: u64,
    newer: u64,
    here: u64,
    renamed: Vec<(NoteId, NoteId)>,
}

/// Takes the notes of a file in.
pub fn import(settings: &Settings, args: &Import) -> Outcome {
    let name = args.file.display();
    let nothing = |why: String| Fail::no(format!("{name}: {why}何も取り込んでいません。"));
    let origin = Origin::of(&args.file)
        .map_err(|error| Fail::usage(format!("{name} を読めません（{}）。", reason(&error))))?;
    let head = origin.head().map_err(|Bad(why)| nothing(why))?;
    let source = (head.is_sealed())
        .then(|| args.sealing.source(false))
        .transpose()?;
    let seal = (head.unlock(source.as_ref())).map_err(|Bad(why)| nothing(why))?;
    // Everything is looked at before anything is sent; which day it is, the
    // desk knows. It is read a second time then, so that no ledger is held.
    let mut total: u64 = 0;
    for note in head.notes(seal.clone()) {
        let note = note.map_err(|Bad(why)| nothing(why))?;
        admit(&note, Date::MAX).map_err(nothing)?;
        total += 1;
    }
    let mut taken = Taken::default();
    let result = session(settings, &args.who, |client| {
        client.store()?;
        let mut notes = origin
            .notes(seal)
            .map_err(|Bad(why)| Fail::no(format!("{name}: {why}")))?;
        loop {
            let page = page(&mut notes).map_err(|Bad(why)| Fail::no(format!("{name}: {why}")))?;
            if page.is_empty() {
                return Ok(());
            }
            put(client, page, &mut taken)?;
        }
    });
    let Taken {
        new,
        newer,
        here,
        renamed,
    } = &taken;
    let done = new + newer + here + renamed.len() as u64;
    if let Err(fail) = result {
        return Err(Fail {
            text: format!(
                "{}{total} 件のうち {done} 件までは取り込みました。同じファイルをもう一度取り込むと、残りだけが入ります。",
                fail.text
            ),
            ..fail
        });
    }
    if args.json {
        let renamed: Vec<Value> = (renamed.iter())
            .map(|(from, to)| json!({ "from": from, "to": to }))
            .collect();
        return print_json(
            &json!({ "new": new, "newer": newer, "already": here, "renamed": renamed }),
        );
    }
    let mut text = format!(
        "新しい控え {new} 件、続きのある控え {newer} 件を取り込みました。{here} 件はもうありました。\n"
    );
    for (from, to) in renamed {
        let _ = writeln!(
            text,
            "控え {from} は、その番号を別の控えが使っているので、{to} として取り込みました。"
        );
    }
    print(&text)
}

/// What is taken in, readable twice.
enum Origin {
    File(PathBuf),
    /// What came through a pipe can be read only once.
    Held(zeroize::Zeroizing<Vec<u8>>),
}

impl Origin {
    fn of(path: &Path) -> io::Result<Self> {
        if standard(path) {
            return Ok(Self::Held(held(io::stdin().lock())?));
        }
        let file = std::fs::File::open(path)?;
        if file.metadata()?.is_file() {
            return Ok(Self::File(path.to_owned()));
        }
        Ok(Self::Held(held(file)?))
    }

    fn head(&self) -> Result<Head<Box<dyn BufRead + '_>>, Bad> {
        let input: Box<dyn BufRead> = match self {
            Self::Held(bytes) => Box::new(&bytes[..]),
            Self::File(path) => {
                let file = std::fs::File::open(path)
                    .map_err(|error| Bad(format!("読めません（{}）。", reason(&error))))?;
                Box::new(BufReader::with_capacity(1 << 16, file))
            }
        };
        Head::read(input)
    }

    fn notes(&self, seal: Option<Seal>) -> Result<Notes<Box<dyn BufRead + '_>>, Bad> {
        Ok(self.head()?.notes(seal))
    }
}

fn held(input: impl Read) -> io::Result<zeroize::Zeroizing<Vec<u8>>> {
    let mut bytes = zeroize::Zeroizing::new(Vec::new());
    if input.take(LARGEST + 1).read_to_end(&mut bytes)? as u64 > LARGEST {
        return Err(io::ErrorKind::FileTooLarge.into());
    }
    Ok(bytes)
}

/// The next notes, of bounded number and size; none at the end.
fn page(notes: &mut impl Iterator<Item = Result<Note, Bad>>) -> Result<Vec<Note>, Bad> {
    let (mut page, mut bytes) = (Vec::new(), 0);
    while page.len() < PAGE
        && bytes < ENOUGH
        && let Some(note) = notes.next().transpose()?
    {
        bytes += serde_json::to_string(&note).map_or(LONGEST, |json| json.len());
        page.push(note);
    }
    Ok(page)
}

fn put(client: &mut Client, page: Vec<Note>, taken: &mut Taken) -> Result<(), Fail> {
    let answer = client.ask(|ticket| ToDesk::Import {
        ticket,
        notes: page,
    })?;
    let ToFront::Imported { done, .. } = answer else {
        return Err(Fail::no("思わぬ返事でした。"));
    };
    for (from, to, how) in done {
        match how {
            Incoming::New => taken.new += 1,
            Incoming::Newer => taken.newer += 1,
            Incoming::Here => taken.here += 1,
            Incoming::Renamed => taken.renamed.push((from, to)),
        }
    }
    Ok(())
}
