//! What is written can be read back, and says no more than the summary.

use contract::part::{Attempt, Entry, Part};
use contract::{Generator, InputRef, Sha256, Tag, Verdict};
use proptest::prelude::*;

use super::*;
use crate::gate::Gate;
use crate::rules::Rules;
use crate::sink::Keep;
use crate::summarize::{Options, Share, summarize};

fn options() -> Options {
    Options {
        generator: Generator::new("t", "0"),
        rules: Rules::new(&[]).unwrap(),
        gate: Gate::parse("name = \"g\"\nflaky = \"accept\"\n", Sha256::new([0; 32])).unwrap(),
        expected: vec![],
        requirements: vec![],
        previous: None,
        today: 0,
        list_cases: true,
        workers: 2,
    }
}

fn summary(entries: Vec<Entry>) -> Summary {
    let part = Part {
        schema: Tag::new(),
        generator: Generator::new("t", "0"),
        inputs: vec![InputRef::new(b"f", 0, [0; 32])],
        source: None,
        format: "t".to_owned(),
        complete: true,
        entries,
        unnamed: vec![],
        miscounts: vec![],
        remarks: vec![],
        attachments: vec![],
    };
    summarize(vec![Share::whole(part)], 0, &options()).summary
}

fn read_back(text: &[u8]) -> Summary {
    let sink = crate::read::read(text, &options().rules, Keep::All).unwrap();
    let share = Share::of(sink, InputRef::new(b"f", 0, [0; 32]), Generator::new("t", "0"));
    summarize(vec![share], 0, &options()).summary
}

/// Any entry; its name is not empty, because then it would be given another one.
fn entries() -> impl Strategy<Value = Vec<Entry>> {
    let status = proptest::sample::select(CheckStatus::ALL.to_vec());
    let suite = proptest::option::of(any::<String>());
    let one = (suite, any::<String>(), status, proptest::option::of(any::<String>()));
    let entry = |(index, (suite, name, status, message)): (usize, _)| {
        let name = format!("{index}{name}");
        let mut entry = Entry::new(suite, name, status);
        entry.message = message;
        entry
    };
    proptest::collection::vec(one, 1..8)
        .prop_map(move |all| all.into_iter().enumerate().map(entry).collect())
}

/// The totals that a list of tests shows: one row more where only the verdict is no pass.
fn shown(summary: &Summary) -> Totals {
    let mut totals = summary.totals;
    if summary.verdict != Verdict::Pass && totals.failed + totals.broken == 0 {
        totals.count(CheckStatus::Broken);
    }
    totals
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    #[test]
    fn lists_of_tests_are_read_back_with_the_same_totals(entries in entries()) {
        let summary = summary(entries);
        let junit = junit(&summary).unwrap();
        let ctrf = ctrf(&summary).unwrap();
        for text in [junit.as_bytes(), &ctrf] {
            let back = read_back(text);
            let text = String::from_utf8_lossy(text);
            prop_assert_eq!(back.totals, shown(&summary), "{}", text);
            prop_assert!(back.discrepancies.is_empty(), "{:?} {}", back.discrepancies, text);
            prop_assert_eq!(back.verdict == Verdict::Pass, summary.verdict == Verdict::Pass);
        }
    }

    #[test]
    fn a_statement_is_passed_only_without_gaps(entries in entries()) {
        let all_passed = entries.iter().all(|entry| entry.status == CheckStatus::Passed);
        let text = intoto(&summary(entries), &[]).unwrap();
        let passed = String::from_utf8_lossy(&text).contains("\"result\":\"PASSED\"");
        prop_assert_eq!(passed, all_passed);
    }

    #[test]
    fn a_metric_is_one_line_whatever_its_labels_hold(name in any::<String>()) {
        let mut summary = summary(vec![]);
        let plain = prometheus(&summary).lines().count();
        summary.gate.name = name;
        let text = prometheus(&summary);
        prop_assert_eq!(text.split('\n').count(), plain + 1);
    }
}

#[test]
fn a_flaky_test_is_read_back_as_flaky() {
    let try_of = |status| {
        let entry = Entry::new(Some("s".to_owned()), "n".to_owned(), status);
        Entry { attempt: Attempt::InOrder, ..entry }
    };
    let summary = summary(vec![try_of(CheckStatus::Failed), try_of(CheckStatus::Passed)]);
    assert_eq!(summary.gaps.flaky, 1);
    assert_eq!(read_back(junit(&summary).unwrap().as_bytes()).gaps.flaky, 1);
    assert_eq!(read_back(&ctrf(&summary).unwrap()).gaps.flaky, 1);
    let text = String::from_utf8(intoto(&summary, &[]).unwrap()).unwrap();
    assert!(text.contains("\"result\":\"WARNED\"") && text.contains("\"warnedTests\":[\"s::n\"]"));
}

#[test]
fn a_summary_without_its_cases_is_no_list_of_tests() {
    let mut summary = summary(vec![]);
    summary.cases = None;
    assert!(junit(&summary).is_err() && ctrf(&summary).is_err());
}
