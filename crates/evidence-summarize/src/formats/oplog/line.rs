//! What one line of an operator's log says.

use std::sync::LazyLock;

use contract::CheckStatus;
use regex::Regex;

use super::fraction::{self, Part};
use crate::words;

/// What a line says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Said {
    /// The run as a whole: `VALIDATION PASS (checks=32)`, `- Overall: **PASS**`.
    Run { name: String, status: CheckStatus, facts: Vec<(String, String)> },
    /// One named check: `PASS: name`, `name ... FAIL`.
    Check { name: String, status: CheckStatus, reason: Option<String> },
    /// The head of a block of counts: `=== Edge FI Test Summary ===`.
    Block(String),
    /// A count: `Not run: 1`, or several in one line: `3 passed, 1 failed`.
    Counts(Vec<(CheckStatus, u64)>),
    /// Something that ends a run badly, whatever else is said: `make: *** [test] Error 1`.
    Alarm,
    /// Nothing of that kind.
    Nothing,
}

struct Patterns {
    stamp: Regex,
    run: Regex,
    block: Regex,
    attempt: Regex,
    count: Regex,
    counts: Regex,
    before: Regex,
    after: Regex,
    alarm: Regex,
    harmless: Regex,
}

/// Words of an outcome as logs write them.
const WORD: &str = r"PASS(?:ED)?|FAIL(?:ED|URE)?|ERROR|BROKEN|SKIP(?:PED)?|NOT[ _-]?RUN|INCOMPLETE|OK|SUCCESS(?:FUL)?|TIMEOUT|ABORTED|UNKNOWN|INCONCLUSIVE|NO EVIDENCE";

// The patterns are this module's own text, so that a mistake in one is found by the first test.
static PATTERNS: LazyLock<Option<Patterns>> = LazyLock::new(|| Patterns::new().ok());

impl Patterns {
    fn new() -> Result<Self, regex::Error> {
        let new = |pattern: &str| Regex::new(&pattern.replace("WORD", WORD));
        Ok(Self {
            stamp: new(concat!(
                r"^\s*(?:\[?\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d+)?(?:Z|[+-]\d\d:?\d\d)?\]?",
                r"|\[?\d\d:\d\d:\d\d(?:[.,]\d+)?\]?|\w{3} +\d+ \d\d:\d\d:\d\d \S+ \S+:",
                r"|\[\s*\d+\.\d+\])?\s*(?:\[?(?:INFO|NOTICE|DEBUG|TRACE|info)\]?:?\s+)?",
            ))?,
            run: new(concat!(
                r"(?i)^\W{0,6}((?:[\w./-]+ ){0,3}?(?:validation|overall(?: \w+)?|verdict|",
                r"(?:final |test |overall |build |gate |exit )?(?:result|status|outcome|verdict)|",
                r"summary|conclusion|gate|assessment|build|tests?|suite|run|pipeline|job|deploy\w*|release|proof|audit|check(?:s|er)?|all(?: \w+)*))",
                r"\**\s*(?:[:=→]|->|is|was|has|have)?\s*[*_`\[(]*(WORD)\b[*_`\])]*[.!]*\s*(?:$|[({\[,;:–—-](.*)$)",
            ))?,
            block: new(
                r"(?i)^\W*=+\s*(.*\b(?:summary|results?|report|totals?)\b.*?)\s*=+\W*$|^#+\s+(.*\b(?:summary|results?)\b.*)$|^-{2,}\s*(.*\bsummary\b.*?)\s*-{2,}$",
            )?,
            attempt: new(
                r"(?i)^\W*(?:attempt|try|retry)\s*#?(\d+)\s*(?:/|of)\s*(\d+)\b.*\b(?:failed|failure|error|refused|timed out)\b",
            )?,
            count: new(
                r"(?i)^\W*(?:tests? |checks? |cases? )?(pass(?:ed)?|ok|success(?:es|ful)?|succeeded|fail(?:ed|ures?)?|errors?|broken|not[ _-]?run|excluded|deselected|skip(?:ped|s)?|incomplete|unknown|timed?[ -]?outs?)\W*\s*[:=|]\s*\**(\d+)\**\s*(?:\W.*)?$",
            )?,
            counts: new(
                r"(?i)\b(\d+)\s+(?:(?:tests?|checks?|cases?|specs?|scenarios?)\s+)?(passed|passing|passes|ok|succeeded|failed|failing|failures?|errors?|errored|broken|skipped|pending|not[ _-]run|deselected)\b|\b(passed|pass|ok|failed|fail|failures|errors?|skipped|skip|not[ _-]run|broken)\s*[:=]\s*(\d+)",
            )?,
            before: new(
                r"^\W{0,4}(?:--- )?[\[(*_`]*(PASS(?:ED)?|FAIL(?:ED|URE)?|ERROR|BROKEN|SKIP(?:PED)?|NOT[ _-]RUN|NOTRUN|OK|ok|not ok|TIMEOUT|✓|✔|✗|✘|✖|✅|❌|XFAIL)[\])*_`]*\s*(?::|\s[-–—]\s|\s)\s*(\S.*)$",
            )?,
            after: new(
                r"^\W{0,4}(\S.*?)\s*(?:\.{2,}|…|:|\s[-–—>|=]+|\s->|\s→|\t)\s*[\[(*_`|]*\s*(PASS(?:ED)?|FAIL(?:ED|URE)?|ERROR|BROKEN|SKIP(?:PED)?|NOT[ _-]RUN|NOTRUN|OK|ok|passed|failed|skipped|not run|error|TIMEOUT|✓|✔|✗|✘|✅|❌)[\])*_`|]*\s*(?:[|(:–—-]\s*(.*))?$",
            )?,
            alarm: new(concat!(
                r"(?i)^(?:g?make|ninja|bazel|just|task)(?:\[\d+\])?: \*\*\*|^(?:g?make|ninja|just|task)\b.*\b(?:error \d+|failed|exit status [1-9])|",
                r"\bexit(?:ed)?(?: with)?(?: status| code| value)?:? *[1-9]\d*\b|non-?zero exit|returned (?:non-?zero|a non-zero)|\brc=[1-9]\d*\b|\bexit_?code=[1-9]\d*\b|",
                r"^\W*(?:fatal|critical|panic|emergency|alert|crit)\b|\b(?:FATAL|CRITICAL|PANIC)\b|^\W*error\b|(?:^|[^\w-])ERROR(?:$|[^\w-])|\blevel=(?:error|fatal|panic)\b|^npm (?:ERR!|error)|^E: |##\[error\]|^::error|",
                r"Traceback \(most recent call last\)|panicked at|segmentation fault|core dumped|\bkilled$|out of memory|oom-kill|",
                r"\bBUILD (?:FAILURE|FAILED)\b|\b(?:build|tests?|job|step|check|suite|command|run|stage|validation|deploy\w*|assertion|checks|scenario) (?:has |have )?failed\b|\berror\[E\d+\]|: error: |: fatal error: |\bexception\b.*:|\btimed out\b|\baborted\b|\bcancell?ed\b",
            ))?,
            harmless: new(concat!(
                r"(?i)\b(?:no|0|zero|without(?: any)?|never) (?:known |new |test )?(?:errors?|failures?|failed|failing|fatal|exceptions?|problems?|panics?|crashe?s?|tests? failed|checks? failed)\b|",
                r"\b(?:errors?|failures?|failed|fail|broken|fatal|exit(?: status| code)?|rc)\W{0,3}[:=]\W{0,3}0\b|\bnot? (?:an )?(?:error|failure)s?\b|\b(?:did|does|do|has|have|was|were|is|are) not (?:fail|failed|crash|panic)\w*|",
                r"\bas expected\b|\bexpected (?:error|failure|to fail|fail)|\bshould fail\b|\bmust fail\b|\bwarn(?:ing)?\b|\bretry(?:ing)?\b|\bwill retry\b|\berror[-_ ](?:free|handl\w+|path|code|budget|rate|page|message)s?\b|\bon[-_ ](?:error|failure)\b|\bif .*fail|\bcorrectly (?:rejected|failed|refused)|\brejected\b.*\bok\b|\bignored\b|--[\w-]*(?:fail|error)|\bset -e\b|fail[-_ ]?fast|\bfail(?:over|back|safe)\b|ignore(?:d|s)? error|\brecovered\b",
            ))?,
        })
    }
}

/// What `text`, a line without colours, says.
pub fn said(text: &str) -> Said {
    let Some(patterns) = PATTERNS.as_ref() else { return Said::Nothing };
    let stamp = patterns.stamp.find(text).map_or(0, |found| found.end());
    let text = text[stamp..].trim();
    if text.is_empty() || text.len() > 4_000 {
        return Said::Nothing;
    }
    patterns.said(text)
}

/// Whether a line speaks of trouble that it says did not happen or was meant to.
pub fn harmless(text: &str) -> bool {
    PATTERNS.as_ref().is_some_and(|patterns| patterns.harmless.is_match(text))
}

impl Patterns {
    fn said(&self, text: &str) -> Said {
        if let Some(found) = self.block.captures(text) {
            let name = found.iter().skip(1).flatten().next().map_or("", |name| name.as_str());
            return Said::Block(name.trim().to_owned());
        }
        if let Some(found) = self.attempt.captures(text) {
            // A failed try is no outcome while another follows.
            let number =
                |index: usize| found.get(index).and_then(|n| n.as_str().parse::<u64>().ok());
            let last = number(1).zip(number(2)).is_some_and(|(this, all)| this >= all);
            return if last && !self.harmless.is_match(text) { Said::Alarm } else { Said::Nothing };
        }
        if let Some(said) = self.part(text) {
            return said;
        }
        if let Some(found) = self.count.captures(text) {
            let count = found[2].parse().unwrap_or(u64::MAX);
            return Said::Counts(vec![(status(&found[1]), count)]);
        }
        if let Some(found) = self.run.captures(text) {
            let facts = facts(found.get(3).map_or("", |rest| rest.as_str()));
            return Said::Run {
                name: found[1].trim().to_owned(),
                status: status(&found[2]),
                facts,
            };
        }
        let counts = self.counts_in(text);
        if counts.len() > 1 {
            return Said::Counts(counts);
        }
        self.check(text).unwrap_or_else(|| self.rest(text, counts))
    }

    /// A part of a whole, or a pass denied. The name of a check may speak of either.
    fn part(&self, text: &str) -> Option<Said> {
        match fraction::read(text)? {
            Part::Counts(counts) => Some(Said::Counts(counts)),
            Part::Denied(_) if self.before.is_match(text) => None,
            Part::Denied(status) => {
                Some(Said::Run { name: text.to_owned(), status, facts: Vec::new() })
            }
        }
    }

    fn check(&self, text: &str) -> Option<Said> {
        if let Some(found) = self.before.captures(text) {
            let (name, reason) = split_reason(&found[2]);
            return Some(Said::Check { name, status: status(&found[1]), reason });
        }
        let found = self.after.captures(text)?;
        let reason = found
            .get(3)
            .and_then(|text| words::present(text.as_str().trim_matches(['(', ')', '|', ' '])));
        let name = found[1].trim_matches(['|', '`', '*', ' ']).to_owned();
        Some(Said::Check { name, status: status(&found[2]), reason })
    }

    fn rest(&self, text: &str, counts: Vec<(CheckStatus, u64)>) -> Said {
        if !counts.is_empty() {
            Said::Counts(counts)
        } else if self.alarm.is_match(text) && !self.harmless.is_match(text) {
            Said::Alarm
        } else {
            Said::Nothing
        }
    }

    fn counts_in(&self, text: &str) -> Vec<(CheckStatus, u64)> {
        let one = |found: regex::Captures<'_>| {
            let (number, word) = match (found.get(1), found.get(2)) {
                (Some(number), Some(word)) => (number, word),
                _ => (found.get(4)?, found.get(3)?),
            };
            Some((status(word.as_str()), number.as_str().parse().ok()?))
        };
        self.counts.captures_iter(text).filter_map(one).collect()
    }
}

/// The counts in a line, in their order.
pub(super) fn counts_in(text: &str) -> Vec<(CheckStatus, u64)> {
    PATTERNS.as_ref().map_or_else(Vec::new, |patterns| patterns.counts_in(text))
}

/// The line without its counts and without trouble that it says did not happen.
pub(super) fn without_counts(text: &str) -> String {
    let Some(patterns) = PATTERNS.as_ref() else { return text.to_owned() };
    let calm = patterns.harmless.replace_all(text, " ");
    patterns.counts.replace_all(&calm, " ").into_owned()
}

/// The status that a word of a log stands for.
pub(super) fn status(word: &str) -> CheckStatus {
    let lower = word.to_ascii_lowercase();
    match lower.as_str() {
        "✓" | "✔" | "✅" | "passing" | "passes" | "successes" | "okay" | "green" => {
            CheckStatus::Passed
        }
        "✗" | "✘" | "✖" | "❌" | "failing" | "failures" | "fails" => CheckStatus::Failed,
        "errors" | "timeouts" | "timed out" | "time out" => CheckStatus::Broken,
        "skips" => CheckStatus::Skipped,
        "not-run" | "excluded" => CheckStatus::NotRun,
        other => words::outcome(other),
    }
}

/// `name (reason)` or `name: reason` as both.
fn split_reason(text: &str) -> (String, Option<String>) {
    let text = text.trim();
    let cut = text.find(" (").or_else(|| text.find(": ")).or_else(|| text.find(" - "));
    match cut {
        Some(at) if at > 0 => {
            let reason = text[at..].trim_start_matches([' ', ':', '-', '(']).trim_end_matches(')');
            (text[..at].to_owned(), words::present(reason))
        }
        _ => (text.to_owned(), None),
    }
}

/// `a=1, b=full (x), …` as pairs.
fn facts(text: &str) -> Vec<(String, String)> {
    let pairs = text.trim_end_matches(')').split([',', ';']);
    let pair = |part: &str| {
        let (key, value) = part.split_once(['=', ':'])?;
        Some((key.trim().to_ascii_lowercase(), value.trim().to_owned()))
    };
    pairs.filter_map(pair).collect()
}
