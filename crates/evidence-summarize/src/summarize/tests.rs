//! What holds for any set of parts.

use super::*;
use crate::sink::{Keep, Named};
use contract::{InputRef, Sha256};
use proptest::prelude::*;
use std::collections::BTreeSet;
use std::sync::Arc;

fn share(index: usize, text: &str, rules: &Rules, keep: Keep) -> Share {
    use sha2::Digest as _;
    let sink = crate::read::read(text.as_bytes(), rules, keep).unwrap();
    let sha256: [u8; 32] = sha2::Sha256::digest(text.as_bytes()).into();
    let input = InputRef::new(format!("f{index}").as_bytes(), text.len() as u64, sha256);
    Share::of(sink, input, Generator::new("t", "0"))
}

fn counting(rules: &Rules) -> Keep {
    Keep::Named(Arc::new(Named { ids: BTreeSet::new(), rules: rules.clone() }))
}

fn summary(shares: Vec<Share>, rules: &Rules) -> String {
    let options = Options {
        generator: Generator::new("t", "0"),
        rules: rules.clone(),
        gate: Gate::parse("name = \"g\"\nflaky = \"accept\"\n", Sha256::new([0; 32])).unwrap(),
        expected: vec![],
        requirements: vec![],
        previous: None,
        today: 0,
        list_cases: false,
        workers: 2,
    };
    serde_json::to_string(&summarize(shares, 0, &options).summary).unwrap()
}

const TEXTS: [&str; 5] = [
    "<testsuite name='s' tests='2'><testcase name='a'/><testcase name='b'><failure/></testcase></testsuite>",
    "<testsuite name='s' tests='3'><testcase name='a'/></testsuite>",
    "{\"uuid\":\"1\",\"name\":\"n\",\"fullName\":\"n\",\"status\":\"failed\",\"start\":1}",
    "{\"uuid\":\"2\",\"name\":\"n\",\"fullName\":\"n\",\"status\":\"passed\",\"start\":2}",
    "PASS: x\nSKIP: y (no cosign)\n",
];

/// A report with runs of cases of one kind; some of a pytest report are tried again.
fn report(file: usize, counts: &[(u32, usize)], pytest: bool) -> String {
    use std::fmt::Write as _;
    let mut text = format!("<testsuite name='{}'>", if pytest { "pytest" } else { "s" });
    for (run, (kind, count)) in counts.iter().enumerate() {
        for case in 0..*count {
            let letters = format!(
                "{}{}",
                char::from(b"abcdefghijklmnopqrstuvwxyz"[case % 26]),
                "x".repeat(case / 26)
            );
            let child = match kind {
                0 => String::new(),
                1 => format!("<failure message='says {letters}'/>"),
                2 => "<error message='no space left on device'/>".to_owned(),
                3 => "<skipped message='cosign not found'/>".to_owned(),
                4 => format!("<failure message='says {letters} of {file}'/>"),
                _ => "<failure message='assert a == b'/>".to_owned(),
            };
            let name = if pytest && case % 7 == 0 { case.saturating_sub(3) } else { case };
            let _ = write!(text, "<testcase name='{run}.{name}'>{child}</testcase>");
        }
    }
    text + "</testsuite>"
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    /// Any order and any repetition of parts, kept whole, is the one pass that counts.
    #[test]
    fn parts_in_any_order_and_number_are_one_pass(
        order in Just((0..TEXTS.len()).collect::<Vec<_>>()).prop_shuffle(),
        again in proptest::collection::vec(0..TEXTS.len(), 0..6),
    ) {
        let rules = Rules::new(&[]).unwrap();
        let one = |keep: Keep| -> Vec<Share> {
            let texts = TEXTS.iter().enumerate();
            texts.map(|(index, text)| share(index, text, &rules, keep.clone())).collect()
        };
        let single = summary(one(counting(&rules)), &rules);
        let parts = one(Keep::All);
        let told = order.into_iter().chain(again).map(|index| parts[index].clone()).collect();
        prop_assert_eq!(single, summary(told, &rules));
    }

    /// What is counted and not kept comes to the same as what is kept.
    #[test]
    fn more_cases_than_are_shown_are_one_pass_all_the_same(
        counts in proptest::collection::vec((0..6_u32, 600..1_300_usize), 2..4),
        pytest: bool,
    ) {
        let rules = Rules::new(&[]).unwrap();
        let texts: Vec<String> =
            (0..2).map(|file| report(file, &counts, pytest)).collect();
        let one = |keep: Keep| -> Vec<Share> {
            let texts = texts.iter().enumerate();
            texts.map(|(index, text)| share(index, text, &rules, keep.clone())).collect()
        };
        let single = summary(one(counting(&rules)), &rules);
        let told: Vec<Share> = one(Keep::All).into_iter().rev().collect();
        prop_assert_eq!(single, summary(told, &rules));
    }

    /// Whatever the bytes are, reading them ends, and bytes alone are never a pass.
    #[test]
    fn noise_is_read_without_a_crash(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        let rules = Rules::new(&[]).unwrap();
        prop_assert!(crate::read::read(bytes.as_slice(), &rules, Keep::All).is_ok());
    }
}
