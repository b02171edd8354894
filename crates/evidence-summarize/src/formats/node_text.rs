//! What `node --test` prints for people (its `spec` reporter).

use std::collections::BTreeSet;

use contract::CheckStatus;

use super::console::outline::{Outline, indent, untimed};
use super::console::{Sums, Told};
use crate::sink::Sink;
use crate::text::{Claim, Line, LineReader, plain};

/// The reader.
#[derive(Default)]
pub struct NodeText {
    told: Told,
    outline: Outline,
    /// Suites that are open: indentation and name.
    suites: Vec<(usize, String)>,
    sums: Sums,
    counts: BTreeSet<&'static str>,
    cancelled: u64,
    /// Ends of suites, and of tests with tests below them, which node counts as tests.
    failed_parents: u64,
    passed_parents: u64,
    /// Suites that failed, with nothing below them that did: node counts them as no test.
    failed_suites: u64,
}

impl LineReader for NodeText {
    fn line(&mut self, line: &Line<'_>) {
        let text = plain(line.text);
        let text = text.trim_end();
        let (depth, rest) = indent(text);
        if let Some((word, count)) = rest.strip_prefix("ℹ ").and_then(|rest| rest.split_once(' '))
        {
            if let Ok(count) = count.parse() {
                self.sum(word, count, line.number);
            }
        } else if !self.counts.is_empty() {
            // The failures are told again below the sums.
        } else if let Some(name) = rest.strip_prefix("▶ ") {
            let name = untimed(name).to_owned();
            self.outline.heading(depth, &name);
            self.suites.push((depth, name));
        } else if !self.case(depth, rest, line.number) {
            self.told.say(rest);
            self.told.noise(line.number);
        }
    }

    fn claim(&self) -> Claim {
        if self.counts.len() >= 5 { Claim::Sure } else { Claim::No }
    }

    fn finish(&mut self, sink: &mut Sink) {
        sink.format("node-text");
        let mut sums = self.sums;
        sums.broken = self.cancelled;
        sums.failed += self.failed_suites;
        let told = std::mem::take(&mut self.told);
        let missing = (sums.failed + sums.broken).saturating_sub(told.count(CheckStatus::Failed));
        sums.failed = sums.failed.saturating_sub(missing.min(self.failed_parents));
        let missing = sums.passed.saturating_sub(told.count(CheckStatus::Passed));
        sums.passed -= missing.min(self.passed_parents);
        told.settle(&sums, sink);
    }
}

impl NodeText {
    fn sum(&mut self, word: &str, count: u64, line: u64) {
        // The first of them are the tests; anything before was printed.
        let known = ["tests", "pass", "fail", "skipped", "todo", "cancelled"];
        let Some(word) = known.into_iter().find(|known| *known == word) else { return };
        if word == "tests" && self.counts.len() >= known.len() {
            // Another run: its sums add to those of the one before.
            self.counts.clear();
        }
        if self.counts.is_empty() && word != "tests" || !self.counts.insert(word) {
            return;
        }
        let slot = match word {
            "pass" => &mut self.sums.passed,
            "fail" => &mut self.sums.failed,
            "skipped" | "todo" => &mut self.sums.skipped,
            "cancelled" => &mut self.cancelled,
            _ => {
                self.sums.line = line;
                return;
            }
        };
        *slot = slot.saturating_add(count);
    }

    fn case(&mut self, depth: usize, rest: &str, line: u64) -> bool {
        let Some((mark, text)) = rest.split_once(' ') else { return false };
        let (name, directive) = match text.rsplit_once(" # ") {
            Some((name, directive)) if name.ends_with(')') => (name, Some(directive)),
            _ => (text, None),
        };
        let status = match (mark, directive) {
            ("✔" | "✖" | "⚠", Some(_)) | ("﹣", _) => CheckStatus::Skipped,
            ("✔", None) => CheckStatus::Passed,
            ("✖", None) => CheckStatus::Failed,
            _ => return false,
        };
        let name = untimed(name);
        if name == "failing tests:" {
            return true;
        }
        // The end of a suite stands where its beginning did.
        if self.suites.pop_if(|(open, title)| *open == depth && title == name).is_some() {
            self.told.done();
            let alone = status == CheckStatus::Failed && !self.told.failed_in(name);
            if alone {
                // Nothing below it failed: a hook did.
                let suite = self.outline.path(depth);
                self.told.case(suite, name, status, line);
                self.failed_suites += 1;
                return true;
            }
            self.failed_parents += u64::from(status == CheckStatus::Failed);
            self.passed_parents += u64::from(status == CheckStatus::Passed);
            return true;
        }
        let suite = self.outline.path(depth);
        self.told.case(suite, name, status, line);
        self.told.reason(directive.unwrap_or_default());
        true
    }
}
