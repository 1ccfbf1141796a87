use super::{Against, Cast, Recorder};
use crate::tape::parse;
use crate::tape::play::{Outcome, Purpose, play};
use crate::tape::world::World;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

const DEMO: Against = Against::Demo { people: 0, seed: 7 };

fn tapes() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/tapes")
}

/// Plays `text` as a person would, with the recorder looking on.
fn record(text: &str, against: Against) -> Cast {
    let tape = parse::parse(text, &tapes().join("live.tape")).unwrap();
    let mut world = World::new(&tape.head, false).unwrap();
    world.recorded_by(Some(Recorder::new(against)));
    let (went, _) = play(&tape, &mut world, Purpose::Check);
    assert_eq!(went, Outcome::Passed);
    world
        .recorded_by(None)
        .unwrap()
        .cast(Path::new("recorded.tape"))
}

fn replays(cast: &Cast) {
    let tape = parse::parse(&cast.text, Path::new("recorded.tape")).unwrap();
    let mut world = World::new(&tape.head, false).unwrap();
    match play(&tape, &mut world, Purpose::Check).0 {
        Outcome::Passed => {}
        other => panic!("{other:?}\n{}", cast.text),
    }
}

#[test]
fn a_lookup_in_the_demo_plays_again() {
    let cast = record(
        "Login 002\nF3\nType \"06139000\" Type \"9000\" Enter Type \"1000\" Backspace Type \"01\" Enter\n\
         Type \"01\" Type \"S29.3.26\" F12\nWait /資格情報確認/\nF2\n",
        DEMO,
    );
    assert_eq!(cast.plays, cast.steps, "{}", cast.text);
    for part in [
        "Login 002",
        "Type \"06139000\"",
        "Backspace",
        "S29.3.26",
        "Wait /窓口  資格情報確認/",
        "新橋　太郎",
    ] {
        assert!(cast.text.contains(part), "{part}\n{}", cast.text);
    }
    assert!(!cast.text.contains("Onshi"), "{}", cast.text);
    replays(&cast);
}

#[test]
fn stories_of_the_demo_play_again() {
    for name in [
        "lookup",
        "note-edit",
        "outage-one",
        "worklist-not-found",
        "menu-kinds",
        "help",
    ] {
        let text = std::fs::read_to_string(tapes().join(format!("{name}.tape"))).unwrap();
        let cast = record(&text, DEMO);
        replays(&cast);
        assert!(cast.text.contains("Screen"), "{name}");
    }
}

/// People whose names must not get out, at the real desk of this test.
const CANARIES: &str = r#"
[[person]]
id = "canary"
about = "kept to the test"
name = "榊原　雫玖"
kana = "ｻｶｷﾊﾞﾗ ｼｽﾞｸ"
sex = "女"
birth = "1961-07-19"
postal = "100-7529"
address = "東京都千代田区霞が関三丁目"

[[person.insurance]]
insurer = "06139018"
symbol = "5743"
number = "198643"
branch = "00"
from = "2019-04-01"
"#;

#[test]
fn nothing_typed_and_nothing_answered_gets_onto_the_tape() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("people.toml"), CANARIES).unwrap();
    let mut live = String::new();
    let _ = writeln!(live, "Set Fixtures \"{}\"", folder.path().display());
    live.push_str(
        "Login 002\nF3\nType \"06139018\" Type \"5743\" Enter Type \"198643\" Enter Type \"00\" Type \"S36.7.19\" F12\n\
         Wait /榊原　雫玖/\nF3 Type \"C-7701239\" F12\nWait /登録/\nEnter\nWait /C-7701239/\nF1\n\
         Wait /資格情報照会/\nF8\nF2\nIme \"榊原雫玖\" Tab Paste \"さかきばらしずく\" Tab Type \"19610719\" Tab Type \"2\" Tab\n\
         Ime \"千代田区霞が関三丁目\" Tab\n",
    );
    let cast = record(&live, Against::Desk);
    for canary in [
        "榊原",
        "雫玖",
        "ｻｶｷﾊﾞﾗ",
        "サカキバラ",
        "シズク",
        "さかきばら",
        "しずく",
        "S36.7.19",
        "1961",
        "19610719",
        "昭和36",
        "7月19日",
        "霞が関",
        "千代田",
        "06139018",
        "5743",
        "198643",
        "C-7701239",
        "7701239",
        "100-7529",
        "Onshi",
    ] {
        assert!(!cast.text.contains(canary), "{canary}\n{}", cast.text);
    }
    replays(&cast);
}

#[test]
fn a_code_is_not_kept_even_in_memory_and_a_password_says_nothing_of_its_length() {
    let one = record(
        "Wait /医療機関コード/\nType \"002\" Enter Type \"Onshi*002*002\" Enter\nWait /メニュー/\n",
        Against::Desk,
    );
    let other = record("Login 002\n", Against::Desk);
    let steps = |cast: &Cast| -> Vec<String> {
        let steps = cast.text.lines().filter(|l| l.starts_with("Login"));
        steps.map(str::to_owned).collect()
    };
    assert_eq!(steps(&one), ["Login 002"]);
    assert_eq!(steps(&other), ["Login 002"]);
    assert!(!one.text.contains("Type"), "{}", one.text);
}

#[test]
fn a_text_that_went_astray_is_not_written() {
    let cast = record(
        "Login 002\nType \"77\"\nF2\nF1\nType \"83746\"\n",
        Against::Desk,
    );
    assert!(!cast.text.contains("83746"), "{}", cast.text);
    assert!(cast.text.contains("欄の外"), "{}", cast.text);
}

proptest::proptest! {
    #![proptest_config(proptest::test_runner::Config { cases: 24, ..Default::default() })]
    #[test]
    fn no_name_gets_onto_the_tape(
        name in "[一-龠]{2,8}",
        kana in "[ァ-ヴ]{3,10}",
        number in "[1-9][0-9]{6}",
    ) {
        let cast = record(
            &format!("Login 002\nF2\nIme \"{name}\" Tab Ime \"{kana}\" Tab Type \"S40.1.2\" Tab Type \"1\" Tab Ime \"{name}市\" Tab\nF6\nType \"{number}\"\n"),
            Against::Desk,
        );
        for typed in [&name, &kana, &number] {
            proptest::prop_assert!(!cast.text.contains(typed.as_str()), "{} {}", typed, cast.text);
        }
    }
}

const LETTERS: &str = "base = \"letters\"\n[lookup]\nbind = [{ on = [\"C-e\"], run = \"note\" }]\n";

#[test]
fn a_keymap_of_ones_own_is_recorded_and_played() {
    let folder = tempfile::tempdir().unwrap();
    let own = folder.path().join("own.toml");
    std::fs::write(&own, LETTERS).unwrap();
    let live = format!(
        "Set Keymap \"{}\"\nLogin 002\nType \"1\"\nCtrl+E\nWait /4情報の控え/\n",
        own.display()
    );
    let tape = parse::parse(&live, Path::new("live.tape")).unwrap();
    let mut world = World::new(&tape.head, false).unwrap();
    world.recorded_by(Some(Recorder::new(DEMO)));
    assert_eq!(play(&tape, &mut world, Purpose::Check).0, Outcome::Passed);
    let place = folder.path().join("scene.tape");
    let cast = world.recorded_by(None).unwrap().cast(&place);
    assert_eq!(cast.plays, cast.steps, "{}", cast.text);
    // From where the tape lies, so that both can be handed on together.
    assert!(
        cast.text.contains("Set Keymap \"own.toml\"\n"),
        "{}",
        cast.text
    );
    assert!(cast.text.contains("4情報の控え"), "{}", cast.text);
    std::fs::write(&place, &cast.text).unwrap();
    let again = parse::read(&place).unwrap();
    let mut world = World::new(&again.head, false).unwrap();
    assert_eq!(play(&again, &mut world, Purpose::Check).0, Outcome::Passed);
}

#[test]
fn keys_are_written_even_where_the_demos_world_cannot_be_put_up() {
    let folder = tempfile::tempdir().unwrap();
    let own = folder.path().join("own.toml");
    std::fs::write(&own, LETTERS).unwrap();
    let live = format!("Set Keymap \"{}\"\nLogin 002\nType \"i\"\n", own.display());
    let tape = parse::parse(&live, Path::new("live.tape")).unwrap();
    let mut world = World::new(&tape.head, false).unwrap();
    world.recorded_by(Some(Recorder::new(DEMO)));
    assert_eq!(play(&tape, &mut world, Purpose::Check).0, Outcome::Passed);
    std::fs::remove_file(&own).unwrap();
    let cast = world
        .recorded_by(None)
        .unwrap()
        .cast(&folder.path().join("scene.tape"));
    assert_eq!(cast.plays, 0);
    assert!(cast.text.contains("# Login 002\n"), "{}", cast.text);
    assert!(
        cast.text.contains("実演の世界で打てませんでした"),
        "{}",
        cast.text
    );
}

#[test]
fn a_key_for_a_surprising_answer_waits_until_it_can_have_been_read() {
    let live = "Login 002\nF3\nType \"06139000\" Type \"9000\" Enter Type \"10001\" Enter Type \"01\" Type \"S29.3.26\" F12\n\
         Wait /資格情報確認/\nSleep 1s\nF12\nWait /窓口  資格情報照会/\nF1\nWait /窓口  メニュー/\n";
    let cast = record(live, DEMO);
    assert_eq!(cast.plays, cast.steps, "{}", cast.text);
    assert!(cast.text.contains("Sleep 1s\nF12\n"), "{}", cast.text);
    assert!(cast.text.contains("Wait /窓口  メニュー/"), "{}", cast.text);
    replays(&cast);
}

#[test]
fn a_search_for_a_part_of_a_name_has_the_part_of_its_stand_in() {
    let cast = record(
        "Login 002\nF2\nIme \"榊原雫玖\" Tab Ime \"さかきばらしずく\" Tab Type \"S36.7.19\" Tab Type \"2\" Tab Ime \"東京都\"\nF12\n\
         Wait /控えました/\nF6\nWait /控え帳/\nIme \"さかき\"\nExpect /> .*榊原〇〇.*保留/\n",
        DEMO,
    );
    assert!(
        !cast.text.contains("さかき") && !cast.text.contains("サカキ"),
        "{}",
        cast.text
    );
    let found = cast.text.rsplit("Screen").next().unwrap_or_default();
    assert!(found.contains(" 1 件  |"), "{}", cast.text);
    replays(&cast);
}
