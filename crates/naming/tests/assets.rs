//! The rules for files that somebody else named.

#![allow(clippy::unwrap_used)]

mod generate;

use contract::names::Rule;
use generate::Dice;
use naming::{asset, default_name, scheme, seed};

const REFUSED: &[(Rule, &[&str])] = &[
    (Rule::Empty, &[""]),
    (Rule::DotName, &[".", ".."]),
    (Rule::Separator, &["/", "a/b", "/a", "a/", "../a", "a\\b", "\\\\host\\share", "C:\\a"]),
    (Rule::Nul, &["\0", "a\0.txt"]),
    (
        Rule::ControlCharacter,
        &[
            "a\n",
            "\ta",
            "a\rb",
            "a\u{1b}[0m",
            "a\u{7f}",
            "a\u{85}",
            "a\u{9b}",
            "a\u{2028}",
            "\u{2029}",
        ],
    ),
    (
        Rule::BidiCharacter,
        &[
            "a\u{61c}",
            "a\u{200e}",
            "a\u{200f}",
            "a\u{202a}b",
            "a\u{202e}fdp.exe",
            "a\u{2066}b",
            "a\u{2069}",
        ],
    ),
    (
        Rule::InvisibleCharacter,
        &["a\u{200b}b", "a\u{2060}", "\u{feff}a", "a\u{ad}b", "a\u{206a}", "a\u{e0041}"],
    ),
    (
        Rule::ReservedDevice,
        &[
            "con",
            "CON",
            "Prn",
            "aux.txt",
            "NUL.tar.gz",
            "nul .txt",
            "com0",
            "COM1.log",
            "lpt9",
            "COM\u{b9}",
            "com\u{b2}.x",
            "LPT\u{b3}",
            "CONIN$",
            "conout$.txt",
            "CLOCK$",
            "aux:stream",
        ],
    ),
    (
        Rule::WindowsCharacter,
        &["a:b", "<", "a>", "say \"hi\"", "a|b", "what?.txt", "*", "a.txt:stream", "*?<>|\""],
    ),
    (Rule::TrailingDotOrSpace, &["a.", "a ", "a..", "...", " ", "con.", "a. ", "a ."]),
];

const ACCEPTED: &[&str] = &[
    "a",
    "app-1.0.tar.gz",
    "foo..bar.txt",
    ".hidden",
    "..hidden",
    "-rf",
    "--help",
    " a",
    "a b",
    "~",
    "console",
    "con1",
    "com",
    "com10",
    "COM\u{2074}",
    "icon.png",
    "nul_",
    "nul-1.txt",
    "it's",
    "a@b",
    "größe",
    "日本語.zip",
    "🙂",
    "e\u{301}",
    "a\u{200d}b",
    "a\u{200c}b",
    "$(id)",
    "%00",
    "..%2f",
    "\u{ff0f}",
    "\u{a0}",
];

#[test]
fn what_cannot_be_made_safe_is_refused_by_its_rule() {
    for (rule, names) in REFUSED {
        for name in *names {
            let why = asset::check(name).expect_err(name);
            assert_eq!(why.rule, *rule, "{name:?}: {why}");
        }
    }
}

#[test]
fn what_is_only_unusual_is_made_safe() {
    for name in ACCEPTED {
        assert_eq!(asset::check(name), Ok(()), "{name:?}");
        assert_eq!(scheme::decode(&scheme::encode(name)).as_deref(), Ok(*name));
    }
}

/// Without `asset`, a name need not be fit for Windows: its safe name is.
#[test]
fn what_only_windows_forbids_has_a_safe_name_all_the_same() {
    for name in ["a:B", "*?<>|\"", "what?.txt"] {
        assert_eq!(scheme::decode(&default_name(name).unwrap()).as_deref(), Ok(name));
    }
}

#[test]
fn a_name_has_at_most_255_bytes() {
    assert_eq!(asset::check(&"x".repeat(255)), Ok(()));
    assert_eq!(asset::check(&"x".repeat(256)).unwrap_err().rule, Rule::TooLong);
    assert_eq!(asset::check(&"é".repeat(127)), Ok(()));
    assert_eq!(asset::check(&"é".repeat(128)).unwrap_err().rule, Rule::TooLong);
}

#[test]
fn every_control_and_bidi_character_is_refused() {
    // Unicode's categories: Cc by its ranges, and the Bidi_Control property by its list.
    let controls = (0..0x20).chain(0x7f..0xa0);
    let bidi = [0x61c, 0x200e, 0x200f].into_iter().chain(0x202a..0x202f).chain(0x2066..0x206a);
    for code in controls.chain(bidi) {
        let name = format!("a{}b", char::from_u32(code).unwrap());
        assert!(asset::check(&name).is_err(), "U+{code:04X}");
    }
}

#[test]
fn a_target_is_a_reference_or_a_file_and_its_name_is_the_scheme_s() {
    for (target, expected) in [
        ("host", "host"),
        ("ghcr.io/owner/app:v1.2.3", "ghcr.io_sowner_sapp_cv1.2.3"),
        ("Build Output", "_ubuild_x20_uoutput"),
        ("-rf", "_x2drf"),
        ("nul", "_rnul"),
    ] {
        // `nul` is no file on Windows, and yet an image can have that name.
        assert_eq!(default_name(target).unwrap(), expected);
    }
    for (target, rule) in [
        ("", Rule::Empty),
        ("..", Rule::DotName),
        ("a\nb", Rule::ControlCharacter),
        ("/etc/passwd", Rule::Repository),
        ("../a", Rule::Registry),
        ("ghcr.io/Owner/app", Rule::RepositoryCase),
        ("ghcr.io/owner/app:v1+2", Rule::Tag),
        ("a\\b", Rule::Separator),
        ("NUL", Rule::ReservedDevice),
    ] {
        assert_eq!(default_name(target).expect_err(target).rule, rule, "{target:?}");
    }
}

#[test]
fn the_rules_never_change_the_name() {
    let mut dice = Dice::new(5);
    for _ in 0..100_000 {
        let name = if dice.below(2) == 0 { dice.reference() } else { dice.unicode(12) };
        if let Ok(safe) = default_name(&name) {
            assert_eq!(safe, scheme::encode(&name));
        }
    }
}

#[test]
fn the_guide_s_rule_changes_three_characters_and_no_other() {
    for (name, expected) in [
        ("ghcr.io/repo:tag", "ghcr_io_repo_tag"),
        ("ghcr.io/repo:latest", "ghcr_io_repo_latest"),
        ("ghcr.io/owner/app:v1.2.3", "ghcr_io_owner_app_v1_2_3"),
        ("App@sha256:x y-z", "App@sha256_x y-z"),
        ("..", "__"),
    ] {
        assert_eq!(seed(name).as_deref(), Ok(expected));
    }
    for (name, rule) in [
        ("", Rule::Empty),
        ("  ", Rule::Empty),
        ("a\0b", Rule::Nul),
        ("a\nb", Rule::ControlCharacter),
        ("-rf", Rule::LeadingDash),
        (&"x".repeat(256), Rule::TooLong),
    ] {
        assert_eq!(seed(name).unwrap_err().rule, rule, "{name:?}");
    }
}
