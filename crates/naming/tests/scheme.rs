//! What the injective scheme promises, over more than two million names.

#![allow(clippy::unwrap_used)]

mod generate;

use contract::names::Rule;
use generate::{Dice, all};
use naming::scheme::{self, MAX_BYTES};
use proptest::prelude::*;

/// The promises about one name: charset, length, ends, no device, and the way back.
fn keeps_its_promises(name: &str, safe: &str) {
    assert!(safe.len() <= MAX_BYTES, "{name:?} -> {safe:?} is too long");
    let charset = |b| matches!(b, b'a'..=b'z' | b'0'..=b'9' | b'.' | b'_' | b'-');
    assert!(safe.bytes().all(charset), "{name:?} -> {safe:?}");
    assert_eq!(safe.is_empty(), name.is_empty());
    assert!(!safe.starts_with(['.', '-']) && !safe.ends_with('.'), "{name:?} -> {safe:?}");
    assert!(!is_device(safe), "{name:?} -> {safe:?}");
    match scheme::decode(safe) {
        Ok(decoded) => assert_eq!(decoded, name, "through {safe:?}"),
        Err(why) => assert_eq!(why.rule, Rule::Hashed, "{name:?} -> {safe:?}: {why}"),
    }
}

/// As Windows sees it, said another way than the library says it.
fn is_device(safe: &str) -> bool {
    let stem = safe.split('.').next().unwrap();
    let port = stem.strip_prefix("com").or(stem.strip_prefix("lpt"));
    ["con", "prn", "aux", "nul"].contains(&stem)
        || port.is_some_and(|number| number.len() == 1 && number.parse::<u8>().is_ok())
}

/// The promises about each of `names`, and that no two share a safe name.
fn all_differ(mut names: Vec<String>) -> usize {
    names.sort_unstable();
    names.dedup();
    let mut safe: Vec<String> = Vec::with_capacity(names.len());
    for name in &names {
        let made = scheme::encode(name);
        keeps_its_promises(name, &made);
        safe.push(made);
    }
    safe.sort_unstable();
    if let Some(pair) = safe.windows(2).find(|pair| pair[0] == pair[1]) {
        panic!("two names have the safe name {:?}", pair[0]);
    }
    names.len()
}

/// Where names come close to each other: everything the escapes are made of.
#[test]
fn every_short_text_of_the_scheme_s_own_letters() {
    let letters = ["_", "s", "u", "x", "a", "A", ".", "-", "/", "2"];
    assert_eq!(all_differ(all(6, &letters)), 1_111_111);
}

#[test]
fn every_text_of_devices_and_what_could_hide_or_make_one() {
    let pieces = ["con", "CON", "com1", "¹", "nul", ".", "_", "_r", "_rcon", "-", " ", "r"];
    assert!(all_differ(all(4, &pieces)) > 20_000);
}

#[test]
fn half_a_million_references() {
    let mut dice = Dice::new(1);
    assert!(all_differ((0..1_000_000).map(|_| dice.reference()).collect()) > 500_000);
}

#[test]
fn half_a_million_texts_of_all_characters() {
    let mut dice = Dice::new(2);
    assert!(all_differ((0..600_000).map(|_| dice.unicode(20)).collect()) > 500_000);
}

/// Names that differ at their end only, around the length where the hash begins.
#[test]
fn long_names_that_share_their_start() {
    let pieces = ["a", "b", "_", "A", "é", "@", "-", "."];
    let mut dice = Dice::new(3);
    let mut names = vec![];
    for length in (20..400).step_by(5) {
        let start = dice.text(length, &pieces);
        names.extend((0..200).map(|_| format!("{start}{}", dice.text(60, &pieces))));
    }
    let hashed = names.iter().filter(|name| scheme::decode(&scheme::encode(name)).is_err()).count();
    assert!((1_000..names.len() - 1_000).contains(&hashed), "{hashed} of {} hashed", names.len());
    assert!(all_differ(names) > 10_000);
}

#[test]
fn names_that_are_one_to_case_folding_or_normalisation_stay_two() {
    for (one, other) in [
        ("App", "app"),
        ("é", "e\u{301}"),
        ("ß", "ss"),
        ("\u{212a}", "k"),
        ("ﬁ", "fi"),
        ("İ", "i\u{307}"),
        ("１", "1"),
        ("a\u{200d}b", "ab"),
    ] {
        assert_ne!(scheme::encode(one), scheme::encode(other), "{one:?} {other:?}");
    }
}

#[test]
fn only_what_the_scheme_makes_is_decoded() {
    let rule = |safe: &str| scheme::decode(safe).err().map(|why| why.rule);
    for foreign in [
        "_", "_q", "_x2", "_xzz", "_xAA", "_u1", "_uA", "a_", "A", "a b", "é", ".a", "-a", "a.",
        "_x61", "_x5f", "_r", "_ra", "_rcone", "con", "nul.txt", "_h", "_habc", "a_h0", "_xff",
        "a/b",
    ] {
        assert_eq!(rule(foreign), Some(Rule::NotASafeName), "{foreign}");
    }
    let hash = "0".repeat(64);
    assert_eq!(rule(&format!("{}_h{hash}", "a".repeat(134))), Some(Rule::Hashed));
    assert_eq!(rule(&format!("{}_h{hash}", "a".repeat(119))), Some(Rule::Hashed));
    for foreign in [
        format!("{}_h{hash}", "a".repeat(118)),
        format!("{}_h{hash}", "a".repeat(135)),
        format!("{}_h{hash}0", "a".repeat(130)),
        format!("{}_h{}", "a".repeat(134), "0".repeat(63)),
        format!("{}_h{}", "a".repeat(134), "A".repeat(64)),
        format!("{}_h{hash}_", "a".repeat(130)),
        format!("_q{}_h{hash}", "a".repeat(130)),
    ] {
        assert_eq!(rule(&foreign), Some(Rule::NotASafeName), "{foreign}");
    }
    let long = "a".repeat(201);
    assert_eq!(rule(&long), Some(Rule::NotASafeName), "longer than any name the scheme makes");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4_000))]

    #[test]
    fn any_text_keeps_the_promises(name in any::<String>()) {
        keeps_its_promises(&name, &scheme::encode(&name));
    }

    #[test]
    fn whatever_decodes_is_encoded_so(safe in "[a-z0-9._-]{0,40}") {
        if let Ok(name) = scheme::decode(&safe) {
            prop_assert_eq!(scheme::encode(&name), safe);
        }
    }

    #[test]
    fn no_text_makes_the_decoder_panic(safe in any::<String>()) {
        let _ = scheme::decode(&safe);
    }
}
