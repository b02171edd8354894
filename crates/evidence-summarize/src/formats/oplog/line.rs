//! What one line of an operator's log says.

use std::borrow::Cow;
use std::sync::LazyLock;

use contract::CheckStatus;
use regex::Regex;

use super::fraction::{self, Part};
use super::prefix;
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
    /// A try that failed, where another may follow.
    Retry,
    /// How many checks are to come: `running 12 checks`.
    Planned(u64),
    /// A check that begins and does not say how it ended: `check 03/32 policy ..`.
    Begun,
    /// Nothing of that kind.
    Nothing,
}

struct Patterns {
    run: Regex,
    block: Regex,
    attempt: Regex,
    count: Regex,
    counts: Regex,
    /// `1 pass`: a count only beside others.
    lone: Regex,
    before: Regex,
    after: Regex,
    /// `offline-drain FAIL`: a name that is one word, and the outcome.
    bare: Regex,
    /// `flip-layer   NOT DETECTED   FAIL`: the columns of a table.
    column: Regex,
    alarm: Regex,
    planned: Regex,
    begun: Regex,
    skips: Regex,
    harmless: Regex,
    denied: Regex,
}

/// Words of an outcome as logs write them.
const WORD: &str = r"PASS(?:ED)?|FAIL(?:ED|URE)?|ERROR|BROKEN|SKIP(?:PED)?|NOT[ _-]?RUN|INCOMPLETE|OK|SUCCESS(?:FUL)?|TIMEOUT|ABORTED|UNKNOWN|INCONCLUSIVE|NO EVIDENCE";

/// Trouble that a line says did not happen, or was meant to.
const DENIED: &str = concat!(
    r"(?i)\b(?:no|0|zero|without(?: any)?|never) (?:known |new |test )?(?:errors?|failures?|failed|failing|fatal|exceptions?|problems?|panics?|crashe?s?|tests? failed|checks? failed)\b|",
    r"\b(?:errors?|failures?|failed|fail|broken|fatal|exit(?: status| code)?|exited with code|rc)\W{0,3}(?:[:=]|\s)\W{0,3}(?:0|none)\b|\bnot? (?:an )?(?:error|failure)s?\b|\b(?:did|does|do|has|have|was|were|is|are) not (?:fail|failed|crash|panic)\w*|",
    r"\b(?:no|0|zero|without(?: any)?) (?:[\w-]+ ){0,2}(?:mismatch(?:es)?|vulnerabilit(?:y|ies)|violations?|regressions?|leaks?|races?|timeouts?|conflicts?|faults?)\b|\bas (?:expected|intended)\b|\((?:as )?expected\b|\bexpected (?:error|failure|to fail|fail)|\bshould fail\b|\bmust fail\b|\berror[-_ ](?:free|handl\w+|path|budget|rate|page|message)s?\b|\bon[-_ ](?:error|failure)\b|\bif .*fail|\bcorrectly (?:rejected|failed|refused)|\brejected\b.*\bok\b|--[\w-]*(?:fail|error)|\bset -e\b|fail[-_ ]?fast|\bfail(?:over|back|safe)\b|\brecovered\b",
);

/// Trouble that is only warned of, or tried again.
const SOFT: &str = r"\bwarn(?:ing)?\b|\bretry(?:ing)?\b|\bwill retry\b|\bignore[ds]?\b";

// The patterns are this module's own text, so that a mistake in one is found by the first test.
static PATTERNS: LazyLock<Option<Patterns>> = LazyLock::new(|| Patterns::new().ok());

impl Patterns {
    fn new() -> Result<Self, regex::Error> {
        let new = |pattern: &str| Regex::new(&pattern.replace("WORD", WORD));
        Ok(Self {
            run: new(concat!(
                r"(?i)^\W{0,6}((?:[\w./-]+ ){0,3}?(?:validation|overall(?: \w+)?|verdict|",
                r"(?:final |test |overall |build |gate |exit )?(?:result|status|outcome|verdict)|",
                r"summary|conclusion|gate|assessment|build|tests?|suite|run|pipeline|job|deploy\w*|release|proof|audit|check(?:s|er)?|all(?: \w+)*))",
                r"\**\s*(?:[:=→]|->|is|was|has|have)?\s*(?:[✓✔✅✗✘✖❌🟢🔴]\u{fe0f}?\s*)?[*_`\[(]*(WORD)\b[*_`\])]*[.!]*\s*(?:$|[({\[,;:–—-](.*)$)",
            ))?,
            block: new(
                r"(?i)^\W*=+\s*(.*\b(?:summary|results?|report|totals?)\b.*?)\s*=+\W*$|^#+\s+(.*\b(?:summary|results?)\b.*)$|^-{2,}\s*(.*\bsummary\b.*?)\s*-{2,}$|^((?:[\w.-]+ ){1,5}summary):?$",
            )?,
            attempt: new(
                r"(?i)^\W*(?:[\w./:@-]+ ){0,4}?[\[(]?(?:attempt|try|retry)\s*#?(\d+)\s*(?:/|of|out of)\s*(\d+)\b.*\b(?:failed|failure|error|refused|timed out|timeout|unreachable|denied)\b",
            )?,
            count: new(
                r"(?i)^\W*(?:tests? |checks? |cases? )?(pass(?:ed)?|ok|success(?:es|ful)?|succeeded|fail(?:ed|ures?)?|errors?|broken|not[ _-]?run|excluded|deselected|skip(?:ped|s)?|incomplete|unknown|timed?[ -]?outs?)(?:\W*\s*[:=|]|\W*\s*\.{2,}|\s*(?:->|=>|→|—|–)|\s{2,}|\t|\W*\s*:?\s*\.{2,})\s*[*_`(]*(\d+|none)\b[*_`)]*\s*(?:\W.*)?$",
            )?,
            counts: new(
                r"(?i)\b(\d+)\s+(?:(?:tests?|checks?|cases?|specs?|scenarios?)\s+)?(passed|passing|passes|pass|ok|succeeded|failed|failing|failures?|fail|errors?|errored|broken|skipped|skips?|pending|not[ _-]run|deselected)\b|\b(passed|pass|ok|failed|fail|failures|errors?|skipped|skip|not[ _-]run|broken)\s*[:=]\s*(\d+)",
            )?,
            lone: new(r"(?i)^\D*\d+\s+(?:\w+ )?(?:pass|fail|skips?)\b")?,
            before: new(
                r"^\W{0,4}(?:--- )?[\[(*_`]*(NOT PASSED|NOT OK|PASS(?:ED)?|FAIL(?:ED|URE)?|ERROR|BROKEN|SKIP(?:PED)?|NOT[ _-]RUN|NOTRUN|OK|ok|not ok|TIMEOUT|✓|✔|✗|✘|✖|✅|❌|XFAIL)[\])*_`]*\s*(?::|\s[-–—]\s|\s)\s*(\S.*)$",
            )?,
            after: new(
                r"^\W{0,4}(\S.*?)\s*(?:\.{2,}|…|:|\s[-–—>|=]+|\s->|\s→|\t)\s*[\[(*_`|]*\s*(NOT PASSED|NOT OK|PASS(?:ED)?|FAIL(?:ED|URE)?|ERROR|BROKEN|SKIP(?:PED)?|NOT[ _-]RUN|NOTRUN|OK|ok|passed|failed|skipped|not run|error|TIMEOUT|✓|✔|✗|✘|✅|❌)[\])*_`|]*\s*(?:[|(:–—-]\s*(.*))?$",
            )?,
            bare: new(
                r"^\W{0,4}([A-Za-z][\w:]*[-_/.:][\w:./-]*) (PASS(?:ED)?|FAIL(?:ED|URE)?|ERROR|BROKEN|SKIP(?:PED)?|TIMEOUT)(?:\s+[\[(](.*)[\])])?$",
            )?,
            column: new(
                r"^\W{0,4}(\S+(?: \S+){0,6}?)\s{2,}(?:\S.*?\s{2,})?(NOT PASSED|PASS(?:ED)?|FAIL(?:ED|URE)?|ERROR|BROKEN|SKIP(?:PED)?|NOT[ _-]RUN|TIMEOUT)(?:\s{2,}(.*)|\s+[\[(](.*)[\])])?$",
            )?,
            alarm: new(concat!(
                r"(?i)^(?:g?make|ninja|bazel|just|task)(?:\[\d+\])?: \*\*\*|^(?:g?make|ninja|just|task)\b.*\b(?:error \d+|failed|exit status [1-9])|",
                r"\bexit(?:ed)?(?: with)?(?: status| code| value)?:? *[1-9]\d*\b|non-?zero exit|returned (?:non-?zero|a non-zero)|\brc=[1-9]\d*\b|\bexit_?code=[1-9]\d*\b|",
                r"^\W*(?:fatal|critical|panic|emergency|alert|crit)\b|\b(?:FATAL|CRITICAL|PANIC)\b|^\W*error\b|(?:^|[^\w-])ERROR(?:$|[^\w-])|\blevel=(?:error|fatal|panic)\b|^npm (?:ERR!|error)|^E: |##\[error\]|^::error|",
                r"\bmain process exited, code=\w+, status=[1-9]|\bfailed with result '|^finished: (?:failure|aborted|unstable)\b|\bentered failed state\b|",
                r"Traceback \(most recent call last\)|panicked at|segmentation fault|core dumped|\bkilled$|out of memory|oom-kill|",
                r"\bBUILD (?:FAILURE|FAILED)\b|\b(?:build|tests?|job|step|check|suite|command|run|stage|validation|deploy\w*|assertion|checks|scenario) (?:has |have )?failed\b|\berror\[E\d+\]|: error: |: fatal error: |\bexception\b.*:|\btimed out\b|\baborted\b|\bcancell?ed\b",
            ))?,
            planned: new(
                r"(?i)^\W*(?:running|executing|starting|planned|planning|plan|selected|collected|found)\W+(\d+) (?:checks?|tests?|cases?|scenarios?)\b",
            )?,
            begun: new(r"^\W{0,4}(?:\S+ ){1,10}?\S*\.{2,}\s*$")?,
            skips: new(r"(?i)\bskip|\bnot[ _-]run\b|\bexcluded\b")?,
            harmless: new(&format!("{DENIED}|{SOFT}"))?,
            denied: new(DENIED)?,
        })
    }
}

/// A line and what it says.
#[derive(Clone, Debug)]
pub struct Told<'a> {
    /// The line without what was written before it.
    pub text: Cow<'a, str>,
    /// What it says.
    pub said: Said,
}

/// What `text`, a line without colours, says.
pub fn told(text: &str) -> Told<'_> {
    let nothing = Told { text: "".into(), said: Said::Nothing };
    let Some(patterns) = PATTERNS.as_ref() else { return nothing };
    let bare = prefix::bare(text);
    if bare.text.is_empty() || bare.text.len() > 4_000 {
        return nothing;
    }
    let said = match patterns.said(&bare.text) {
        Said::Nothing if bare.error && !patterns.harmless.is_match(&bare.text) => {
            // A level in front of a line is the line's outcome; one in a record is the logger's.
            let name = bare.text.clone().into_owned();
            if bare.record {
                Said::Alarm
            } else {
                Said::Check { name, status: CheckStatus::Broken, reason: None }
            }
        }
        said => said,
    };
    Told { text: bare.text, said }
}

/// Whether a line says that something is left out.
pub fn skips(text: &str) -> bool {
    PATTERNS.as_ref().is_some_and(|patterns| patterns.skips.is_match(text))
}

/// Whether a line speaks of trouble that it says did not happen or was meant to.
pub fn denied(text: &str) -> bool {
    PATTERNS.as_ref().is_some_and(|patterns| patterns.denied.is_match(text))
}

/// Whether a line speaks of trouble that is denied, only warned of, or tried again.
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
            return if last && !self.harmless.is_match(text) { Said::Alarm } else { Said::Retry };
        }
        if matches!(text, "PASS" | "PASSED" | "FAIL" | "FAILED") {
            let (name, status) = (text.to_owned(), status(text));
            return Said::Run { name, status, facts: Vec::new() };
        }
        if let Some(said) = self.part(text) {
            return said;
        }
        if let Some(found) = self.count.captures(text) {
            let none = found[2].eq_ignore_ascii_case("none");
            let count = if none { 0 } else { found[2].parse().unwrap_or(u64::MAX) };
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
        let found = self
            .after
            .captures(text)
            .or_else(|| self.bare.captures(text))
            .or_else(|| self.column.captures(text))?;
        let reason = found
            .get(3)
            .or_else(|| found.get(4))
            .and_then(|text| words::present(text.as_str().trim_matches(['(', ')', '|', ' '])));
        // `module::ok` is a path.
        if found[1].ends_with(':') {
            return None;
        }
        let name = found[1].trim_matches(['|', '`', '*', ' ']).to_owned();
        Some(Said::Check { name, status: status(&found[2]), reason })
    }

    fn rest(&self, text: &str, counts: Vec<(CheckStatus, u64)>) -> Said {
        if !counts.is_empty() && !self.lone.is_match(text) {
            Said::Counts(counts)
        } else if self.alarm.is_match(text) && !self.harmless.is_match(text) {
            Said::Alarm
        } else if let Some(found) = self.planned.captures(text) {
            found[1].parse().map_or(Said::Nothing, Said::Planned)
        } else if self.begun.is_match(text) {
            Said::Begun
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
