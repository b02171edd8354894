//! What holds for any set of parts.

use super::*;
use crate::sink::Keep;
use contract::{InputRef, Sha256};
use proptest::prelude::*;

fn share(index: usize, text: &str, rules: &Rules, keep: Keep) -> Share {
    use sha2::Digest as _;
    let sink = crate::read::read(text.as_bytes(), rules, keep).unwrap();
    let sha256: [u8; 32] = sha2::Sha256::digest(text.as_bytes()).into();
    let part = Part {
        schema: Tag::new(),
        generator: Generator::new("t", "0"),
        inputs: vec![InputRef::new(format!("f{index}").as_bytes(), text.len() as u64, sha256)],
        source: sink.source.clone(),
        format: sink.formats(),
        complete: sink.complete,
        entries: sink.entries,
        unnamed: sink.unnamed,
        miscounts: sink.miscounts,
        remarks: sink.remarks,
        attachments: sink.attachments,
    };
    Share { part, passed: sink.passed }
}

fn summary(shares: Vec<Share>, rules: &Rules) -> String {
    let options = Options {
        generator: Generator::new("t", "0"),
        rules: rules.clone(),
        gate: Gate::parse("name = \"g\"\nflaky = \"accept\"\n", Sha256::new([0; 32])).unwrap(),
        expected: vec![],
        today: 0,
        list_cases: false,
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

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

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
        let single = summary(one(Keep::Named(BTreeSet::new())), &rules);
        let parts = one(Keep::All);
        let told = order.into_iter().chain(again).map(|index| parts[index].clone()).collect();
        prop_assert_eq!(single, summary(told, &rules));
    }

    /// Whatever the bytes are, reading them ends, and bytes alone are never a pass.
    #[test]
    fn noise_is_read_without_a_crash(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        let rules = Rules::new(&[]).unwrap();
        prop_assert!(crate::read::read(bytes.as_slice(), &rules, Keep::All).is_ok());
    }
}
