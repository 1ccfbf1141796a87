use super::*;

const GOOD: &str = r#"
[facility]
name = "サンプル医療機関"
code = "0110113719"
[central]
url = "https://localhost:8443"
ca = "ca.pem"
certificate = "desk.pem"
key = "desk.key"
"#;

fn read(text: &str) -> Result<Settings, Vec<Wrong>> {
    parse(text, Path::new("/etc/madoguchi/madoguchi.toml"), None)
}

fn wrongs(text: &str) -> Vec<String> {
    match read(text) {
        Ok(_) => Vec::new(),
        Err(wrongs) => wrongs.iter().map(ToString::to_string).collect(),
    }
}

#[test]
fn the_shipped_sample_is_right() {
    let settings = read(SAMPLE).unwrap();
    assert_eq!(settings.facility, "サンプル医療機関");
    assert_eq!(settings.warnings, []);
    assert_eq!(
        settings.connection.ca,
        Path::new("/etc/madoguchi/central/ca.pem")
    );
}

#[test]
fn the_sample_names_every_setting_with_its_default() {
    // Every commented setting, taken in, changes nothing but what it says.
    let open: String = SAMPLE
        .lines()
        .map(|line| match line.strip_prefix("# ") {
            Some(rest) if rest.contains(" = ") || rest.starts_with('[') => format!("{rest}\n"),
            _ => format!("{line}\n"),
        })
        .collect();
    let settings = read(&open).unwrap();
    let plain = read(SAMPLE).unwrap();
    assert_eq!(settings.working, plain.working);
    assert_eq!(settings.theme, plain.theme);
    assert_eq!(settings.places.data, Path::new("/var/lib/madoguchi"));
    assert_eq!(settings.connection.timeouts, plain.connection.timeouts);
    assert_eq!(settings.account.unwrap().0, "900");
}

#[test]
fn cards_are_neither_recognised_nor_challenged_unless_that_is_written() {
    for (add, recognise, challenge) in [
        ("", false, false),
        ("[card]\nrecognise = true", true, false),
        ("[card]\nchallenge = true", false, true),
    ] {
        let config = read(&format!("{GOOD}{add}")).unwrap().config().unwrap();
        assert_eq!((config.recognise, config.challenge), (recognise, challenge));
    }
    let said = wrongs(&format!("{GOOD}[card]\nrecogni = true"));
    assert!(said.len() == 1 && said[0].contains("recognise"), "{said:?}");
}

#[test]
fn a_mistake_is_said_with_its_line_and_the_nearest_name() {
    for (add, line, words) in [
        (
            "[desk]\nidel-minutes = 10",
            11,
            "「idle-minutes」のことですか",
        ),
        ("[thema]\ncolour = \"never\"", 10, "「theme」のことですか"),
        ("[theme]\ncolour = \"neber\"", 11, "「never」のことですか"),
        ("[desk]\nidle-minutes = 31", 11, "1 から 30 まで"),
        ("[desk]\nidle-minutes = \"30\"", 11, "1 から 30 まで"),
        ("[desk]\nidle-minutes = 0", 11, "1 から 30 まで"),
        ("[desk]\nautostart = 1", 11, "true か false"),
        ("[outage]\nprobe-seconds = -1", 11, "整数"),
        (
            "[central.account]\nuser = \"1\"",
            10,
            "central.account.password-file がありません",
        ),
        ("[sync]\nconfirm = maybe", 11, "TOML として読めません"),
        ("desk = 3", 10, ""),
    ] {
        let found = wrongs(&format!("{GOOD}{add}\n"));
        assert!(
            found
                .iter()
                .any(|w| w.starts_with(&format!("{line}:")) && w.contains(words)),
            "{add}: {found:?}"
        );
    }
    let found = wrongs(&format!("keymap = \"reciept\"\n{GOOD}"));
    assert!(found[0].contains("「receipt」のことですか"), "{found:?}");
}

#[test]
fn what_is_needed_is_named() {
    let found = wrongs("");
    for name in [
        "facility.name",
        "facility.code",
        "central.url",
        "central.ca",
        "central.certificate",
        "central.key",
    ] {
        assert!(found.iter().any(|w| w.contains(name)), "{name}: {found:?}");
    }
}

#[test]
fn the_central_system_is_reached_by_https_alone() {
    for url in [
        "http://localhost",
        "https://",
        "https://h/path",
        "https://u@h",
        "localhost",
    ] {
        let text = GOOD.replace("https://localhost:8443", url);
        assert!(wrongs(&text)[0].contains("https://"), "{url}");
    }
}

#[test]
fn dom_8_a_code_with_a_wrong_check_digit_is_a_warning() {
    let settings = read(&GOOD.replace("0110113719", "0110113718")).unwrap();
    assert!(settings.warnings[0].text.contains("検証番号"));
    assert!(wrongs(&GOOD.replace("0110113719", "011011371"))[0].contains("10 桁"));
}

#[test]
fn without_a_file_it_says_where_it_looked_and_offers_the_demo() {
    let error = SettingsError::Missing {
        looked: vec![PathBuf::from("/x/madoguchi.toml")],
    };
    let text = error.to_string();
    for words in ["/x/madoguchi.toml", "settings sample", "madoguchi demo"] {
        assert!(text.contains(words), "{words}");
    }
}

#[test]
fn sec_22_a_password_file_others_can_read_is_refused() {
    use std::os::unix::fs::PermissionsExt;
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("password");
    std::fs::write(&file, "secret\n").unwrap();
    let chmod =
        |mode| std::fs::set_permissions(&file, std::fs::Permissions::from_mode(mode)).unwrap();
    chmod(0o644);
    let refused = password(&file).unwrap_err();
    assert!(refused.contains("chmod 600") && !refused.contains("secret"));
    chmod(0o600);
    assert_eq!(password(&file).unwrap().reveal(), "secret");
}

/// DOM-88: dates are data, and a site's own file replaces them; one that is
/// wrong is told with both places.
#[test]
fn dom_88_rules_of_ones_own() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("madoguchi.toml");
    let rules = dir.path().join("rules.toml");
    let text = format!("rules = \"rules.toml\"\n{GOOD}");
    let shipped = crate::domain::evidence::BUILTIN;
    std::fs::write(&rules, shipped.replace("2026-03-31", "2027-03-31")).unwrap();
    let settings = parse(&text, &file, None).unwrap();
    let expired = settings
        .rules
        .evidence
        .iter()
        .find(|e| e.code == "expired-card");
    assert_eq!(expired.unwrap().until, Some(jiff::civil::date(2027, 3, 31)));
    std::fs::write(
        &rules,
        shipped.replace("visit = \"first\"", "visit = \"once\""),
    )
    .unwrap();
    let wrongs = parse(&text, &file, None).unwrap_err();
    let line = 1 + shipped
        .lines()
        .position(|l| l == "visit = \"first\"")
        .unwrap();
    assert_eq!(wrongs.len(), 1);
    assert!(
        wrongs[0].text.ends_with(&format!(
            "rules.toml の {line} 行目: visit: 「once」は使えません。使える値: any、first、again"
        )),
        "{}",
        wrongs[0].text
    );
    std::fs::remove_file(&rules).unwrap();
    assert!(
        parse(&text, &file, None).unwrap_err()[0]
            .text
            .contains("資格の規則")
    );
}
