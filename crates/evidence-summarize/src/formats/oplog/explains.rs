//! Text about runs that is none: manuals, help, runbooks, legends. What they say of PASS and FAIL is
//! no outcome of anything.

use std::sync::LazyLock;

use contract::CheckStatus;
use regex::Regex;

use super::Kept;
use super::line::Said;

struct Patterns {
    heading: Regex,
    option: Regex,
    usage: Regex,
    /// What only a run leaves behind.
    run: Regex,
    definition: Regex,
    sentence: Regex,
}

// This module's own patterns: a mistake in one is found by the tests below.
static PATTERNS: LazyLock<Option<Patterns>> = LazyLock::new(|| Patterns::new().ok());

impl Patterns {
    fn new() -> Result<Self, regex::Error> {
        Ok(Self {
            heading: Regex::new(concat!(
                r"(?i)^[#\s•*\d.)_-]*(?:prereq\w*|steps|synopsis|description|arguments|commands|installation|quick ?start|getting started|",
                r"expected outputs?|how to [\w ]+|examples?|configuration|troubleshooting|common (?:failures?|issues|problems|failure patterns)[\w ]*|non-goals|interpreting [\w ]+|",
                r"what (?:you|it|this)[\w’' ]*|license|contributing|debug(?:ging)? commands|overview|exit (?:status|codes?)|environment variables|see also|table of contents|references|verification)",
                r"[:*_\s]*(?:\([\w ]*\))?\s*$|^\W*(?:symptom|resolution|root cause|workaround)s?: ",
            ))?,
            option: Regex::new(
                r"^\s+(?:-\w(?:, | [A-Z]+, ))?--[\w-]+(?:[ =]\S+)?(?:\s{2,}\S|$)|^\s+-\w(?: \S+)?\s{2,}\S",
            )?,
            usage: Regex::new(r"^(?:[Uu]sage|USAGE|SYNOPSIS|NAME)(?::|$)")?,
            run: Regex::new(concat!(
                r"^(?:\W?\d{4}-\d\d-\d\d[T ]|\W?\d\d:\d\d:\d\d|[A-Z][a-z]{2} +\d+ \d\d:|\[ *\d+\.\d+\])|",
                r"^make(?:\[\d+\])?: \*\*\*|^Traceback|^##\[|^\+ \w|panicked at|^(?:error|fatal)\b|^\S+: error: ",
            ))?,
            definition: Regex::new(
                r"^\W*(?:PASS(?:ED)?|FAIL(?:ED|URE)?|SKIP(?:PED)?|NOT[ _-]RUN|ERROR|BROKEN|INCOMPLETE)\W{0,4}(?:[:=–—-]|means)\s*(.*)$",
            )?,
            sentence: Regex::new(
                r"(?i)\b(?:means?|intentionally|at least one|all (?:executed|checks|tests)|every|indicates?|not equivalent|acknowledged|the (?:check|test|run|case|scenario)s? (?:was|were|is|are|did|has|have|could|ran|held|passed|failed)|when|whenever|a (?:check|test|scenario)|prereq[\w-]*|deliberately)\b",
            )?,
        })
    }
}

/// What of a text is typical for one that explains.
#[derive(Debug, Default)]
pub(super) struct Marks {
    headings: u32,
    options: u32,
    usage: bool,
    runs: u32,
    lines: u32,
}

impl Marks {
    /// Takes a line without colours.
    pub(super) fn line(&mut self, text: &str, number: u64) {
        /// Manuals are not longer; a log does not begin like one.
        const LONGEST: u64 = 2_000;
        let Some(patterns) = PATTERNS.as_ref() else { return };
        if text.is_empty() || text.len() > 400 || number > LONGEST {
            return;
        }
        self.lines += 1;
        self.usage |= self.lines <= 2 && patterns.usage.is_match(text);
        self.headings += u32::from(patterns.heading.is_match(text));
        self.options += u32::from(patterns.option.is_match(text));
        self.runs += u32::from(patterns.run.is_match(text));
    }

    /// Whether the text explains runs and is the log of none.
    pub(super) fn explains(&self) -> bool {
        self.runs == 0
            && (self.headings >= 3 || self.usage && (self.options >= 2 || self.headings > 0))
    }
}

/// Lines that say what a word means say no outcome: two of them, of different words, make a legend.
pub(super) fn drop_definitions(kept: &mut Vec<Kept>) {
    let Some(patterns) = PATTERNS.as_ref() else { return };
    let defines = |line: &Kept| {
        let meaning = patterns.definition.captures(&line.text);
        meaning.is_some_and(|found| patterns.sentence.is_match(&found[1]))
    };
    let status = |line: &Kept| match &line.said {
        Said::Check { status, .. } | Said::Run { status, .. } => *status,
        _ => CheckStatus::Unknown,
    };
    let found: Vec<_> = kept.iter().filter(|line| defines(line)).map(status).collect();
    if found.iter().any(|status| Some(status) != found.first()) {
        kept.retain(|line| !defines(line));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn explains(text: &str) -> bool {
        let mut marks = Marks::default();
        for (number, line) in (1..).zip(text.lines()) {
            marks.line(line, number);
        }
        marks.explains()
    }

    #[test]
    fn a_runbook_explains() {
        assert!(explains(
            "Runbook\n\nPrereqs\n\n- root\n\nSteps\n\n1. make\n\nExpected outputs (from real run)\n\nPASS x\n"
        ));
    }

    #[test]
    fn help_explains_unless_a_failed_call_printed_it() {
        let help = "usage: fi-run [-h] [--fail-fast]\n\noptions:\n  -h, --help   show this\n  --fail-fast  stop\n";
        assert!(explains(help));
        assert!(!explains(&format!("error: unexpected argument '--x' found\n\n{help}")));
    }

    #[test]
    fn a_report_in_markdown_does_not() {
        assert!(!explains("# Results\n\n## Summary\n\n| a | PASS |\n\n- Overall: **PASS**\n"));
    }
}
