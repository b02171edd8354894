//! How many of how many passed: `4 of 12 tests passed`, `Passed: 4/12`, `12 tests: 4 passed`; and
//! lines that deny a pass: `none of the checks passed`.

use std::sync::LazyLock;

use contract::CheckStatus;
use regex::Regex;

use super::line::{counts_in, status, without_counts};

/// What a line says of a part and its whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Part {
    /// So many of each status; what the line does not account for is among them.
    Counts(Vec<(CheckStatus, u64)>),
    /// No pass, however many a number in the line seems to say.
    Denied(CheckStatus),
}

struct Patterns {
    /// `x of y passed`, `passed: x of y`, `x passed of y`, in this order.
    parts: [Regex; 3],
    whole: Regex,
    denied: Regex,
    /// The run as a whole did not pass.
    refused: Regex,
    bad: Regex,
    open: Regex,
}

static PATTERNS: LazyLock<Option<Patterns>> = LazyLock::new(|| Patterns::new().ok());

const NOUN: &str = "(?:tests?|checks?|cases?|specs?|scenarios?|assertions?|steps?|jobs?|suites?|stages?|items?|targets?|files?|runs?)";
const GOOD: &str = "(?:pass(?:ed|es|ing)?|ok|okay|succeeded|success(?:ful)?|green)";
const OTHER: &str =
    "(?:fail(?:ed|ing|s)?|failures?|errors?|errored|broken|skipped|pending|not[ _-]run|deselected)";

impl Patterns {
    fn new() -> Result<Self, regex::Error> {
        let new = |pattern: &str| {
            let filled = pattern.replace("NOUN", NOUN).replace("GOOD", GOOD);
            Regex::new(&filled.replace("OTHER", OTHER).replace("OF", r"(?:/|(?:out )?of)"))
        };
        Ok(Self {
            parts: [
                new(
                    r"(?i)\b(?P<x>\d+)\s*OF\s*(?:(?:the|all|these)\s+)?(?P<y>\d+)\s+(?:\w+\s+){0,2}?(?:(?:have|has|were|was|are|is)\s+)?(?P<w>GOOD|OTHER)\b",
                )?,
                new(
                    r"(?i)\b(?P<w>GOOD)\b[*_`]*\s*(?:NOUN\s*)?[:=|]?\s*[*_`]*[(\[]?\s*(?P<x>\d+)[*_`]*\s*[(\[]?\s*OF\s*[*_`]*(?P<y>\d+)(?:\s+NOUN\b|[*_`]*\s*(?:$|[^\w\s./-]|\.\s|\.$))",
                )?,
                new(
                    r"(?i)\b(?P<x>\d+)\s+(?:NOUN\s+)?(?P<w>GOOD|OTHER),?\s*[(\[]?\s*OF\s*(?:(?:the|all|a total of)\s+)?(?P<y>\d+)\b",
                )?,
            ],
            whole: new(concat!(
                r"(?i)\b(\d+)\s+(?:NOUN|total)(?:\s+(?:run|total|in all|in total))?\s*(?:[:,;)\]–—-]|$)|",
                r"\b(?:total|NOUN(?: run)?|ran)\s*[:=]\s*(\d+)\s*(?:$|[,;)\]|]|\s\w+[:=])",
            ))?,
            denied: new(concat!(
                r"(?i)\b(?:none|neither)\b(?: of)?(?: the| these| our)?(?: \w+){0,3} GOOD\b|",
                r"\b(?:no|not all|not every|not a single|not one|hardly any|few)(?: of)?(?: the)?(?: \d+)?(?: \w+)? ?(?:NOUN|one)(?: of the NOUN)?(?: have| has| were| was| are| is)? GOOD\b|",
                r"\bnot (?:all|every\w*|everything|yet|fully)(?: \w+)? GOOD\b|",
                r"\b(?:NOUN|build|validation|it|they|some|many|most|others?|rest|[1-9]\d*)(?: \w+)? (?:did|do|does)(?: not|n['’]t) (?:pass|succeed)(?:\W*$|[.,;:!)])|",
                r"\bGOOD\b.*\b(?:[1-9]\d*|some|others?|the rest|many|most)(?: \w+)? (?:did|do|does|were|was|are|have|has)(?: not|n['’]t)\W*$|",
                r"\b(?:NOUN|build|validation|run|result|status|verdict|overall)\W{1,4}(?:(?:has|have|was|were|is|are) )?(?:not|n['’]t)(?: yet)? (?:passed|pass|successful|succeeded|green|ok)\b|",
                r"\bGOOD\b.*\b(?:except(?:ing)?|apart from|other than|with the exception of|save for|but (?:not|[1-9]\d*))\b|\b(?:all|everything) (?:but|except)\b.*\bGOOD\b",
            ))?,
            refused: new(
                r"(?i)^\W*(?:\w+ )?(?:validation|overall|verdict|result|status|outcome|gate|audit|release|proof)\W{1,4}(?:(?:has|have|was|is|did|does) )?(?:not|n['’]t) GOOD\b",
            )?,
            bad: new(r"(?i)\b(?:fail(?:ed|ures?|s|ing)?|errors?|broken|not ok)\b")?,
            open: new(r"(?i)\b(?:incomplete|inconclusive|no evidence|unknown|aborted|timeout)\b")?,
        })
    }
}

/// What `text` says of a part and its whole, if it does.
pub(super) fn read(text: &str) -> Option<Part> {
    let patterns = PATTERNS.as_ref()?;
    if patterns.denied.is_match(text) {
        return Some(Part::Denied(patterns.rest(text)));
    }
    patterns.parts(text).or_else(|| patterns.short(text))
}

impl Patterns {
    /// `x of y`, with whatever else the line counts.
    fn parts(&self, text: &str) -> Option<Part> {
        let mut counts = Vec::new();
        let mut left = 0_u64;
        let mut passes = false;
        let mut other = text.to_owned();
        for pattern in &self.parts {
            let text = other.clone();
            for found in pattern.captures_iter(&text) {
                let number = |name: &str| found[name].parse::<u64>().ok();
                let status = status(&found["w"]);
                let whole = found.get(0).map_or(0..0, |all| all.range());
                other.replace_range(whole.clone(), &" ".repeat(whole.len()));
                let parts = number("x").zip(number("y"));
                let Some((part, whole)) = parts.filter(|(part, whole)| part <= whole) else {
                    // More than there are, or than can be counted: neither number holds.
                    counts.push((CheckStatus::Unknown, 1));
                    continue;
                };
                counts.push((status, part));
                if status == CheckStatus::Passed {
                    passes = true;
                    left = left.saturating_add(whole - part);
                }
            }
        }
        if counts.is_empty() {
            return None;
        }
        let more = counts_in(&other);
        // What is told by name beside the part is of the same whole.
        left = more.iter().fold(left, |left, (_, count)| left.saturating_sub(*count));
        counts.extend(more);
        Some(self.close(&other, counts, if passes { left } else { 0 }))
    }

    /// `12 tests: 4 passed`: counts that do not add up to the whole.
    fn short(&self, text: &str) -> Option<Part> {
        let counts = counts_in(text);
        let found = self.whole.captures(text)?;
        let whole = found.get(1).or_else(|| found.get(2))?.as_str().parse::<u64>().ok()?;
        let sum = counts.iter().fold(0_u64, |sum, (_, count)| sum.saturating_add(*count));
        let passes = counts.iter().any(|(status, _)| *status == CheckStatus::Passed);
        (passes && sum < whole).then(|| self.close(text, counts, whole - sum))
    }

    /// The counts with what is `left`; a verdict in the line that no count bears out stands.
    fn close(&self, other: &str, mut counts: Vec<(CheckStatus, u64)>, left: u64) -> Part {
        let verdict = self.verdict(other);
        if left > 0 {
            counts.push((verdict.unwrap_or(CheckStatus::Unknown), left));
        }
        counts.retain(|(status, count)| *count > 0 || *status == CheckStatus::Passed);
        let Some(verdict) = verdict else { return Part::Counts(counts) };
        let bad = [CheckStatus::Failed, CheckStatus::Broken, verdict];
        if !counts.iter().any(|(status, _)| bad.contains(status)) {
            counts.push((verdict, 1));
        }
        Part::Counts(counts)
    }

    /// The word on the whole, beside counts and what is said not to have happened.
    fn verdict(&self, text: &str) -> Option<CheckStatus> {
        let text = without_counts(text);
        if self.bad.is_match(&text) {
            Some(CheckStatus::Failed)
        } else {
            self.open.is_match(&text).then_some(CheckStatus::Unknown)
        }
    }

    /// What became of those that did not pass.
    fn rest(&self, text: &str) -> CheckStatus {
        let counted = counts_in(text).iter().any(|(status, count)| {
            matches!(status, CheckStatus::Failed | CheckStatus::Broken) && *count > 0
        });
        let verdict = self.verdict(text).unwrap_or(CheckStatus::Unknown);
        if counted || self.refused.is_match(text) { CheckStatus::Failed } else { verdict }
    }
}

#[cfg(test)]
mod tests {
    use super::super::line::{Said, told};
    use super::*;
    use CheckStatus::{Failed, NotRun, Passed, Skipped, Unknown};

    fn said(text: &str) -> Said {
        told(text).said
    }

    #[test]
    fn a_part_is_no_whole() {
        let table: &[(&str, &[(CheckStatus, u64)])] = &[
            ("0 of 5 tests passed", &[(Passed, 0), (Unknown, 5)]),
            ("0/12 passed", &[(Passed, 0), (Unknown, 12)]),
            ("4 of 12 passed", &[(Passed, 4), (Unknown, 8)]),
            ("4/12 passed", &[(Passed, 4), (Unknown, 8)]),
            ("4 out of 12 checks have passed.", &[(Passed, 4), (Unknown, 8)]),
            ("RESULT: 3 of 12 OK", &[(Passed, 3), (Unknown, 9)]),
            ("Result: PASS (0/12 checks)", &[(Passed, 0), (Unknown, 12)]),
            ("checks passed: 3/5", &[(Passed, 3), (Unknown, 2)]),
            ("Passed: 4/12", &[(Passed, 4), (Unknown, 8)]),
            ("**Passed:** 4/12", &[(Passed, 4), (Unknown, 8)]),
            ("Tests passed: 4 (of 12)", &[(Passed, 4), (Unknown, 8)]),
            ("12 tests: 4 passed", &[(Passed, 4), (Unknown, 8)]),
            ("12 tests: 4 passed, 8 skipped", &[(Passed, 4), (Skipped, 8)]),
            ("4 passed, 12 total", &[(Passed, 4), (Unknown, 8)]),
            ("4 passed of 12", &[(Passed, 4), (Unknown, 8)]),
            ("3/5 tests passed", &[(Passed, 3), (Unknown, 2)]),
            ("FAIL: 3/5 tests passed", &[(Passed, 3), (Failed, 2)]),
            ("3 of 5 tests passed, 2 failed", &[(Passed, 3), (Failed, 2)]),
            ("3 of 5 tests passed, the rest failed", &[(Passed, 3), (Failed, 2)]),
            ("sample on host: fail (0 of 2 checks passed)", &[(Passed, 0), (Failed, 2)]),
            (
                "fips-140-3 on host: incomplete, 105 not run (11 of 116 checks passed)",
                &[(Passed, 11), (NotRun, 105), (Unknown, 1)],
            ),
            ("FAIL: 5/8 checks passed, 3 skipped", &[(Passed, 5), (Skipped, 3), (Failed, 1)]),
            ("FAIL: 5/5 checks passed, 0 errors", &[(Passed, 5), (Failed, 1)]),
            ("RESULT: FAIL (12/12 checks passed)", &[(Passed, 12), (Failed, 1)]),
            ("Result: incomplete (12/12 checks passed)", &[(Passed, 12), (Unknown, 1)]),
            ("5 of 3 tests passed", &[(Unknown, 1)]),
            ("5 of 99999999999999999999 tests passed", &[(Unknown, 1)]),
        ];
        for (text, counts) in table {
            assert_eq!(said(text), Said::Counts(counts.to_vec()), "{text}");
        }
    }

    #[test]
    fn a_whole_is_a_pass() {
        let table = [
            ("5 of 5 tests passed", 5),
            ("12/12 passed", 12),
            ("RESULT: 12 of 12 OK", 12),
            ("Result: PASS (12/12 checks)", 12),
            ("checks passed: 5/5", 5),
            ("Passed: 12/12", 12),
            ("Tests passed: 12 (of 12)", 12),
            ("12 tests: 12 passed", 12),
            ("12 passed, 12 total", 12),
            ("12 passed of 12", 12),
            ("5/5 tests passed, no failures", 5),
            ("sample on host: pass (2 of 2 checks passed)", 2),
        ];
        for (text, count) in table {
            assert_eq!(said(text), Said::Counts(vec![(Passed, count)]), "{text}");
        }
    }

    #[test]
    fn a_pass_that_is_denied_is_none() {
        let table = [
            ("None of the checks passed", Unknown),
            ("none of the 5 checks passed", Unknown),
            ("no tests passed", Unknown),
            ("not all tests passed", Unknown),
            ("not all tests passed: 1 failed", Failed),
            ("2 checks passed, 3 did not", Unknown),
            ("all 5 tests passed except 2", Unknown),
            ("all but 2 tests passed", Unknown),
            ("3 tests did not pass", Unknown),
            ("Result: not passed", Failed),
            ("VALIDATION did not PASS", Failed),
            ("Overall: **NOT PASSED**", Failed),
        ];
        for (text, wanted) in table {
            let Said::Run { status, .. } = said(text) else { panic!("{text}: {:?}", said(text)) };
            assert_eq!(status, wanted, "{text}");
        }
    }

    #[test]
    fn the_name_of_a_check_denies_nothing() {
        for text in ["all tests passed", "all 5 tests passed", "Overall: PASS"] {
            assert!(matches!(said(text), Said::Run { status: Passed, .. }), "{text}");
        }
        for text in ["PASS: no tests passed without a key", "PASS 3 of 5 shares suffice"] {
            assert!(matches!(said(text), Said::Check { status: Passed, .. }), "{text}");
        }
    }
}
