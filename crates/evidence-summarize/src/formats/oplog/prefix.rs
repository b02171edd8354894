//! What loggers and CI systems write before a line: times, hosts, streams, containers, levels.

use std::borrow::Cow;
use std::sync::LazyLock;

use contract::CheckStatus;
use regex::Regex;

use super::record;
use crate::words;

/// A line without what stands before it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Bare<'a> {
    /// What is left.
    pub text: Cow<'a, str>,
    /// Whether it was logged as an error, or as worse.
    pub error: bool,
    /// Whether it is part of a record (JSON, pairs).
    pub record: bool,
}

impl<'a> Bare<'a> {
    /// A line as it stands.
    pub fn line(text: impl Into<Cow<'a, str>>, error: bool) -> Self {
        Self { text: text.into(), error, record: false }
    }
}

struct Patterns {
    /// Times, hosts, streams and containers, as they can follow each other.
    stamp: Regex,
    /// The level that follows a time.
    level: Regex,
    /// `[agent] `, `main - `
    tag: Regex,
    /// `E1121 02:00:00.000001   1 main.go:12] `
    klog: Regex,
    trace: Regex,
}

// This module's own patterns: a mistake in one is found by the first test.
static PATTERNS: LazyLock<Option<Patterns>> = LazyLock::new(|| Patterns::new().ok());

impl Patterns {
    fn new() -> Result<Self, regex::Error> {
        Ok(Self {
            stamp: Regex::new(concat!(
                r"^\s*(?:",
                r"[\[(]?\d{4}[-/]\d\d[-/]\d\d[T _]\d\d:\d\d:\d\d(?:[.,]\d+)?(?: ?(?:Z|UTC|[+-]\d\d:?\d\d))?[\])]?(?:\s|$)|",
                r"[\[(]?\d\d:\d\d:\d\d(?:[.,]\d+)?[\])]?\s|",
                r"(?:<\d+>)?[A-Z][a-z]{2} +\d+ \d\d:\d\d:\d\d \S+ [\w./@-]+(?:\[\d+\])?: |",
                r"\[\s*\d+\.\d+\]\s|",
                r"std(?:out|err) [FP] |",
                r"[\w.-]+[-_]\d+\s*\| |",
                r"#\d+ (?:\d+\.\d+ )?",
                r")\s*",
            ))?,
            level: Regex::new(
                r"^[\s:|–-]*[\[<(]?(?i:(trace|debug|info|notice|warn(?:ing)?)|(err(?:or)?|fatal|crit(?:ical)?|emerg|alert|panic|severe))[\]>)]?(?:\s*[:|]\s*|\s+-\s+|\s+)",
            )?,
            tag: Regex::new(
                r"^(?:\[[\w-]+\] [\w.$]+ - |\[([A-Za-z][\w./:@-]{0,40})\]:?\s+|(?:- )?[\w.$]+ - )",
            )?,
            klog: Regex::new(r"^([IWEF])\d{4} \d\d:\d\d:\d\d\.\d+\s+\d+ [\w./-]+:\d+\] ")?,
            trace: Regex::new(r"^\+{1,6} +([^\s=]+)")?,
        })
    }
}

/// `text`, a line without colours, without what was written before it. Nothing is left of what is
/// no output: a command that a shell traces.
pub(super) fn bare(text: &str) -> Bare<'_> {
    let Some(patterns) = PATTERNS.as_ref() else { return Bare::line(text, false) };
    let text = text.trim();
    if text.starts_with('{') {
        return record::json(text).unwrap_or(Bare::line(text, false));
    }
    let (rest, stamped) = patterns.unstamped(text);
    if let Some(found) = patterns.klog.captures(rest) {
        let error = matches!(&found[1], "E" | "F");
        return Bare::line(&rest[found[0].len()..], error);
    }
    if let Some(found) = patterns.trace.captures(rest)
        && words::outcome(found[1].trim_end_matches(':')) == CheckStatus::Unknown
    {
        return Bare::line("", false);
    }
    if let Some(bare) = record::logfmt(rest) {
        return bare;
    }
    if rest.starts_with('{') {
        return record::json(rest).unwrap_or(Bare::line(rest, false));
    }
    let (rest, error) = patterns.unlevelled(rest, stamped);
    Bare::line(straight(rest.trim()), error)
}

impl Patterns {
    fn unstamped<'a>(&self, text: &'a str) -> (&'a str, bool) {
        let mut rest = text;
        // A container's stamp, the logger's own, and what a CI system adds: no more.
        for _ in 0..4 {
            let Some(found) = self.stamp.find(rest) else { break };
            rest = &rest[found.end()..];
        }
        (rest, rest.len() < text.len())
    }

    /// Behind a time a level is one; in front of a line an error is said of what follows.
    fn unlevelled<'a>(&self, text: &'a str, stamped: bool) -> (&'a str, bool) {
        let (mut rest, mut error) = (self.untagged(text), false);
        if let Some(found) = self.level.captures(rest)
            && (stamped || found.get(1).is_some())
        {
            error = found.get(2).is_some();
            rest = &rest[found[0].len()..];
        }
        (self.untagged(rest), error)
    }

    fn untagged<'a>(&self, text: &'a str) -> &'a str {
        let Some(found) = self.tag.captures(text) else { return text };
        let level = self.level.is_match(&found[0]);
        let outcome =
            found.get(1).is_some_and(|tag| words::outcome(tag.as_str()) != CheckStatus::Unknown);
        if level || outcome { text } else { &text[found[0].len()..] }
    }
}

/// Lines that draw tables, and signs that only look like others, as plain ones.
fn straight(text: &str) -> Cow<'_, str> {
    if text.is_ascii() {
        return text.into();
    }
    let plain = |c| match c {
        '│' | '┃' | '║' => '|',
        '：' => ':',
        '\u{a0}' => ' ',
        other => other,
    };
    text.chars().map(plain).collect::<String>().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_before_a_line_is_taken_away() {
        let table = [
            ("2025-11-21T02:00:00.123456789Z stdout F FAIL x", "FAIL x", false),
            ("2025-11-21 02:00:00,123 ERROR [main] org.x.Foo - it broke", "it broke", true),
            ("2025-11-21 02:00:00,123 - audit - ERROR - it broke", "it broke", true),
            ("[2025-11-21 02:00:01,123] [ERROR] [validator] FAIL two: x", "FAIL two: x", true),
            ("Nov 21 02:00:09 edge-7 validate[812]: PASS x", "PASS x", false),
            ("[88123.001] Out of memory", "Out of memory", false),
            ("2025/11/21 02:11:40 fatal: load test aborted", "load test aborted", true),
            ("validator-1 | FAIL quorum", "FAIL quorum", false),
            ("E1121 02:00:00.000001   1 main.go:12] it broke", "it broke", true),
            ("[fi] FAIL x", "FAIL x", false),
            ("[INFO] BUILD FAILURE", "BUILD FAILURE", false),
            ("#12 0.345 PASS x", "PASS x", false),
            ("│ policy │ FAIL │", "| policy | FAIL |", false),
            ("+ echo FAIL", "", false),
            ("+ FAIL: x", "+ FAIL: x", false),
        ];
        for (line, text, error) in table {
            assert_eq!(bare(line), Bare::line(text, error), "{line}");
        }
    }

    #[test]
    fn an_outcome_is_no_level_and_no_tag() {
        for line in
            ["ERROR mkdir /x", "[ok] name", "[FAILED] name", "PASS x", "[PASS] x", "x ... ok"]
        {
            assert_eq!(bare(line), Bare::line(line, false));
        }
    }
}
