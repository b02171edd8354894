//! The last lines of runners that sum up in one: Jest, Vitest, Mocha, Playwright, node, PHPUnit,
//! RSpec, behave, Robot Framework, Catch2, bats, Surefire, nextest, gotestsum, dotnet.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use contract::CheckStatus;
use contract::part::{Effect, Entry, RemarkKind};
use regex::Regex;

use crate::sink::{DETAIL, Sink};
use crate::text::{Claim, Line, LineReader, plain};
use crate::words;
use crate::xml::append;

/// The reader.
#[derive(Default)]
pub struct RunnerText {
    sums: Vec<Sum>,
    /// Failures by name: line, and what is said below it.
    named: Vec<(String, u64, String)>,
    suites_failed: u64,
}

/// One summary.
struct Sum {
    runner: usize,
    line: u64,
    counts: BTreeMap<&'static str, u64>,
}

/// Runners by what their last lines look like. A runner whose lines stand one count each goes on
/// with the summary it began; one that repeats itself (`true`) is taken at its last word.
const RUNNERS: [(&str, bool); 15] = [
    (r"^Tests:\s+\d.*\btotal$", false),
    (r"^Tests\s+\d.*\(\d+\)$", false),
    (r"^\d+ (?:passing|failing|pending)\b(?: \(.*\))?$", false),
    (r"^OK(?:, but.*)? \(\d+ tests?, \d+ assertions?\)$|^Tests: \d+, Assertions: \d+.*\.$", false),
    (r"^\d+ examples?, \d+ failures?\b", true),
    (r"^\d+ scenarios? passed, \d+ failed", true),
    (r"^\d+ tests?, \d+ passed, \d+ failed", true),
    (r"^test cases:\s+\d+ \||^All tests passed \(\d+ assertions? in \d+ test cases?\)$", true),
    (r"^\d+ tests?, \d+ failures?(?:, \d+ (?:skipped|not run))*(?: in .*)?$", true),
    (r"^(?:\[\w+\] +)?Tests run: \d+, Failures: \d+, Errors: \d+, Skipped: \d+$", true),
    (r"^Summary \[.*\] +\d+ tests? run:", false),
    (r"^DONE \d+ tests?\b", false),
    (r"^(?:Passed|Failed)! +- Failed: +\d+, Passed: +\d+", false),
    (r"^(?:ℹ|#) (?:tests|pass|fail|cancelled|skipped|todo) \d+$", false),
    (r"^\d+ (?:passed|failed|skipped|flaky|did not run|interrupted)(?: \([\d.]+m?s\))?$", false),
];

// This module's own patterns: a mistake in one is found by the fixtures.
static PATTERNS: LazyLock<Vec<Regex>> =
    LazyLock::new(|| RUNNERS.iter().filter_map(|(pattern, _)| Regex::new(pattern).ok()).collect());
static NUMBER_FIRST: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let words = "expected fail(?:ed)?|failed as expected|errors? occurred outside|did not run|not run|[a-z]+";
    Regex::new(&format!(r"(?i)(?P<n>\d+) (?:tests? )?(?P<w>{words})")).ok()
});
static WORD_FIRST: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"(?i)(?P<w>[a-z]+)(?: run)?:? +(?P<n>\d+)").ok());
static NAMED: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"^(?:●|✕|✖|✗|✘|×|\d+\))\s+(\S.*)$").ok());

impl LineReader for RunnerText {
    fn line(&mut self, line: &Line<'_>) {
        if line.text.len() > 4_000 {
            return;
        }
        let text = plain(line.text);
        let text = text.trim();
        if let Some(runner) = PATTERNS.iter().position(|pattern| pattern.is_match(text)) {
            self.sum(runner, text, line.number);
        } else if (text.starts_with("Test Suites:") || text.starts_with("Test Files "))
            && text.contains(" failed")
        {
            self.suites_failed = pairs(text, false).get("failed").copied().unwrap_or(0);
        } else if let Some(found) = NAMED.as_ref().and_then(|pattern| pattern.captures(text)) {
            if self.named.len() < 10_000 {
                self.named.push((found[1].to_owned(), line.number, String::new()));
            }
        } else if let Some((_, _, said)) = self.named.last_mut() {
            append(said, text, DETAIL);
            append(said, "\n", DETAIL);
        }
    }

    fn claim(&self) -> Claim {
        if self.sums.is_empty() { Claim::No } else { Claim::Weak }
    }

    fn finish(&mut self, sink: &mut Sink) {
        sink.format("runner-text");
        let mut sums: Vec<Sum> = Vec::new();
        for sum in self.sums.drain(..) {
            let repeats = RUNNERS[sum.runner].1;
            sums.retain(|known| !(repeats && known.runner == sum.runner));
            sums.push(sum);
        }
        let mut failing = 0;
        for sum in &sums {
            failing += count(sum, sink, &mut self.named);
        }
        if self.suites_failed > 0 && failing == 0 {
            let message = format!("{} files failed as a whole", self.suites_failed);
            sink.remark(None, RemarkKind::LoadError, Effect::Fail, message);
        }
    }
}

impl RunnerText {
    fn sum(&mut self, runner: usize, text: &str, line: u64) {
        let counts = pairs(text, has_words_first(text));
        match self.sums.last_mut() {
            Some(last)
                if last.runner == runner
                    && counts.len() == 1
                    && !counts.keys().any(|word| last.counts.contains_key(word)) =>
            {
                last.counts.extend(counts);
            }
            _ => self.sums.push(Sum { runner, line, counts }),
        }
    }
}

/// Adds the counts of one summary; returns how many cases failed.
fn count(sum: &Sum, sink: &mut Sink, named: &mut Vec<(String, u64, String)>) -> u64 {
    let of = |word: &str| sum.counts.get(word).copied().unwrap_or(0);
    let (failed, broken, skipped, idle) =
        (of("failed"), of("broken"), of("skipped"), of("not run"));
    let rest = of("total").saturating_sub(failed + broken + skipped + idle);
    let passed = sum.counts.get("passed").copied().unwrap_or(rest) + of("flaky");
    sink.unnamed("", Some(sum.line), CheckStatus::Passed, passed);
    sink.unnamed("", Some(sum.line), CheckStatus::Skipped, skipped);
    sink.unnamed("", Some(sum.line), CheckStatus::NotRun, idle);
    if of("outside") > 0 {
        let message = format!("{} errors outside of any case", of("outside"));
        sink.remark(Some(sum.line), RemarkKind::LoadError, Effect::Fail, message);
    }
    for (status, count) in [(CheckStatus::Failed, failed), (CheckStatus::Broken, broken)] {
        let mut left = count;
        let mut seen = std::collections::BTreeSet::new();
        while left > 0 && !named.is_empty() {
            let (name, line, said) = named.remove(0);
            if seen.insert(name.clone()) {
                let mut entry = Entry::new(None, name, status);
                entry.line = Some(line);
                entry.detail = words::present(&said);
                entry.message = entry.detail.as_deref().and_then(words::first_line);
                sink.push(entry);
                left -= 1;
            }
        }
        if left > 0 {
            let mut entry = Entry::new(None, "(failures that are not named)".to_owned(), status);
            (entry.line, entry.message) = (Some(sum.line), Some(format!("{left} {status}")));
            sink.push(entry);
            sink.unnamed("", Some(sum.line), status, left - 1);
        }
    }
    failed + broken
}

/// The counts of a line by what they count. Some runners write the word before the number.
fn pairs(text: &str, word_first: bool) -> BTreeMap<&'static str, u64> {
    let mut counts = BTreeMap::new();
    let pattern = if word_first { &WORD_FIRST } else { &NUMBER_FIRST };
    let Some(pattern) = pattern.as_ref() else { return counts };
    for found in pattern.captures_iter(text) {
        let Some(word) = meaning(&found["w"].to_ascii_lowercase()) else { continue };
        *counts.entry(word).or_default() += found["n"].parse().unwrap_or(u64::MAX);
    }
    counts
}

/// Whether a summary line has its words before its numbers.
fn has_words_first(text: &str) -> bool {
    ["Tests: ", "Tests run: ", "[", "Passed!", "Failed!", "ℹ ", "# "]
        .iter()
        .any(|start| text.starts_with(start))
        && !text.ends_with("total")
}

fn meaning(word: &str) -> Option<&'static str> {
    Some(match word {
        "passed" | "passing" | "pass" => "passed",
        "failed" | "failing" | "failures" | "failure" | "fail" => "failed",
        "errors" | "error" | "timed" | "interrupted" => "broken",
        "skipped" | "pending" | "todo" | "incomplete" | "expected fail" | "expected failed"
        | "failed as expected" => "skipped",
        "did not run" | "not run" | "cancelled" => "not run",
        "flaky" => "flaky",
        "total" | "tests" | "test" | "examples" | "example" | "cases" | "case" | "run" => "total",
        "errors occurred outside" | "error occurred outside" => "outside",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_number_belongs_to_its_own_word() {
        let of = |text: &str| pairs(text, has_words_first(text));
        let jest = of("Tests:       1 failed, 2 skipped, 3 passed, 6 total");
        assert_eq!(
            jest,
            BTreeMap::from([("failed", 1), ("passed", 3), ("skipped", 2), ("total", 6)])
        );
        let vitest = of("Tests  1 failed | 3 passed | 1 expected fail | 1 todo (6)");
        assert_eq!(vitest, BTreeMap::from([("failed", 1), ("passed", 3), ("skipped", 2)]));
        let phpunit = of("Tests: 8, Assertions: 4, Errors: 1, Failures: 2, Skipped: 1.");
        assert_eq!(
            phpunit,
            BTreeMap::from([("total", 8), ("broken", 1), ("failed", 2), ("skipped", 1)])
        );
        let maven = of("Tests run: 5, Failures: 1, Errors: 0, Skipped: 0");
        assert_eq!(
            maven,
            BTreeMap::from([("total", 5), ("failed", 1), ("broken", 0), ("skipped", 0)])
        );
        let catch2 = of("All tests passed (2 assertions in 1 test case)");
        assert_eq!(catch2, BTreeMap::from([("total", 1)]));
    }
}
