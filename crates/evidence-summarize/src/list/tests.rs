//! A list that was packed is the one that was kept whole, byte for byte.

use std::collections::BTreeSet;
use std::sync::Arc;

use contract::summary::Case;
use contract::{Generator, InputRef, Sha256};
use proptest::prelude::*;

use super::List;
use crate::gate::Gate;
use crate::rules::Rules;
use crate::sink::{Keep, Named};
use crate::summarize::{Options, Outcome, Share, summarize};

/// A report whose cases are of these kinds.
fn report(file: usize, kinds: &[u8], pytest: bool) -> String {
    let mut text = format!("<testsuite name='{}'>", if pytest { "pytest" } else { "a &lt; \"b\"" });
    for (index, kind) in kinds.iter().enumerate() {
        text += &match kind {
            0 => format!("<testcase name='plain {index}'/>\n"),
            1 => format!("<testcase name='timed {index}' classname='c{}' time='0.25'/>", index / 5),
            2 => "<testcase name='tab&#9; \\ \"quoted\" \u{1f642}' file='a\\b.py'/>".to_owned(),
            3 => format!("<testcase name='f{index}'><failure message='no space left'/></testcase>"),
            4 => format!("<testcase name='s{index}'><skipped message='why {file}'/></testcase>"),
            5 => "<testcase name='again'/>".to_owned(),
            6 => format!(
                "<testcase name='flaky {index}'><flakyFailure message='m'/><flakyFailure/></testcase>"
            ),
            7 => {
                format!("<testcase name='{}' classname='{}'/>", "n".repeat(1_500), "c".repeat(700))
            }
            8 => "<testcase/>".to_owned(),
            _ => "<testcase name='named' time='99999999999'/>".to_owned(),
        };
    }
    text + "</testsuite>"
}

/// A result of a check that another input tells of, too.
fn result(attempt: u8) -> String {
    let label = "{\"name\":\"framework\",\"value\":\"audit-run\"}";
    format!(
        "{{\"uuid\":\"{attempt}\",\"name\":\"n\",\"fullName\":\"n\",\"status\":\"passed\",\
         \"start\":{attempt},\"labels\":[{label}]}}"
    )
}

fn outcome(texts: &[String], keep: &Keep, rules: &Rules) -> Outcome {
    let share = |(index, text): (usize, &String)| {
        use sha2::Digest as _;
        let sink = crate::read::read(text.as_bytes(), rules, keep.clone()).unwrap();
        let sha256: [u8; 32] = sha2::Sha256::digest(text.as_bytes()).into();
        let name = format!("results/\"{index}\"");
        let input = InputRef::new(name.as_bytes(), text.len() as u64, sha256);
        Share::of(sink, input, Generator::new("t", "0"))
    };
    let options = Options {
        generator: Generator::new("t", "0"),
        rules: rules.clone(),
        gate: Gate::parse("name = \"g\"\nflaky = \"accept\"\n", Sha256::new([0; 32])).unwrap(),
        expected: crate::expect::parse("named\nnever optional\n").unwrap(),
        requirements: vec![],
        previous: None,
        today: 0,
        list_cases: true,
        workers: 2,
    };
    summarize(texts.iter().enumerate().map(share).collect(), 0, &options)
}

fn cases(mut outcome: Outcome) -> (String, List) {
    let kept = outcome.summary.cases.take().unwrap();
    let head = serde_json::to_string(&outcome.summary).unwrap();
    (head, List::new(kept, outcome.rest).unwrap())
}

fn written(list: &List) -> String {
    let mut text = Vec::new();
    for piece in list.pieces() {
        list.write(piece, b'\n', &mut text).unwrap();
    }
    String::from_utf8(text).unwrap()
}

fn told(cases: &[Case]) -> String {
    cases.iter().map(|case| serde_json::to_string(case).unwrap() + "\n").collect()
}

/// The list of `texts`, packed, after it was held against the one that is kept whole.
fn check(texts: &[String]) -> List {
    let rules = Rules::new(&[]).unwrap();
    let ids = BTreeSet::from(["named".to_owned(), "never".to_owned()]);
    let keep = Keep::Packed(Arc::new(Named { ids, rules: rules.clone() }));
    let (head, packed) = cases(outcome(texts, &keep, &rules));
    let (whole_head, whole) = cases(outcome(texts, &Keep::All, &rules));
    assert_eq!(head, whole_head);
    let whole = told(&whole.into_cases());
    assert_eq!(written(&packed), whole);
    assert_eq!(told(&packed.clone().into_cases()), whole);
    packed
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn packed_cases_are_written_as_whole_ones_are(
        reports in proptest::collection::vec(
            (proptest::collection::vec(0..10_u8, 0..40), any::<bool>()),
            0..4,
        ),
        results in 0..3_u8,
    ) {
        let reports = reports.iter().enumerate();
        let mut texts: Vec<_> =
            reports.map(|(file, (kinds, pytest))| report(file, kinds, *pytest)).collect();
        texts.extend((0..results).map(result));
        check(&texts);
    }
}

#[test]
fn what_no_longer_has_room_is_packed_with_its_message() {
    let kinds: Vec<u8> = (0..9_000).map(|case| [0, 3, 4][case % 3]).collect();
    let list = check(&[report(0, &kinds, false), report(1, &[0, 3], false)]);
    assert!(list.pieces().len() > 4 && list.kept.len() < 2_010);
}
