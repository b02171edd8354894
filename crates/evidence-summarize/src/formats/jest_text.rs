//! What Jest prints: files that passed or failed, failures under `●`, and a sum.

use contract::CheckStatus;

use super::console::outline::{Outline, indent, untimed};
use super::console::{Sums, Told, before};
use crate::sink::Sink;
use crate::text::{Claim, Line, LineReader, plain};

/// The reader.
#[derive(Default)]
pub struct JestText {
    told: Told,
    outline: Outline,
    /// The file at hand, and whether its cases are being listed.
    file: String,
    listing: bool,
    /// Cases of the list at hand; they hold if an empty line ends it.
    listed: Vec<(Option<String>, String, CheckStatus, u64)>,
    suites: Option<u64>,
    sums: Option<Sums>,
}

impl LineReader for JestText {
    fn line(&mut self, line: &Line<'_>) {
        let text = plain(line.text);
        let text = text.trim_end();
        // In colours it stands between spaces.
        let head = text.strip_prefix(' ').unwrap_or(text);
        if let Some(file) = head.strip_prefix("PASS ").or_else(|| head.strip_prefix("FAIL ")) {
            self.file = untimed(file.trim()).to_owned();
            self.listing = true;
            self.listed.clear();
            self.outline.clear();
            self.told.done();
        } else if let Some(rest) = text.strip_prefix("Test Suites: ") {
            self.suites = before(rest, "failed").or(Some(0));
        } else if let Some(rest) = text.strip_prefix("Tests: ").filter(|_| self.suites.is_some()) {
            let of = |word| before(rest, word).unwrap_or(0);
            self.sums = Some(Sums {
                line: line.number,
                passed: of("passed"),
                failed: of("failed"),
                skipped: of("skipped") + of("todo"),
                ..Sums::default()
            });
        } else if let Some(name) = text.strip_prefix("  ● ") {
            self.listing = false;
            self.failure(name, line.number);
        } else if text.is_empty() && self.listing {
            self.listing = false;
            for (suite, name, status, line) in self.listed.drain(..) {
                self.told.case(suite, &name, status, line);
                self.told.done();
            }
        } else if self.listing && !text.starts_with("  ") {
            // What is listed stands indented; a test printed this.
            self.listing = false;
            self.listed.clear();
        } else if self.listing {
            self.listed(text, line.number);
        } else {
            self.told.say(text.trim_start());
        }
    }

    fn claim(&self) -> Claim {
        if self.sums.is_some() { Claim::Sure } else { Claim::No }
    }

    fn finish(&mut self, sink: &mut Sink) {
        sink.format("jest-text");
        let mut sums = self.sums.take().unwrap_or_default();
        let told = std::mem::take(&mut self.told);
        // Files that could not be loaded are among the suites and not among the tests.
        sums.broken = told.count(CheckStatus::Broken);
        if sums.failed + sums.broken == 0 {
            sums.broken = self.suites.unwrap_or(0);
        }
        told.settle(&sums, sink);
    }
}

impl JestText {
    fn failure(&mut self, name: &str, line: u64) {
        if name == "Console" || name.starts_with("Deprecation") || name.starts_with("Validation") {
            self.told.done();
        } else if name == "Test suite failed to run" {
            self.told.case(None, &self.file, CheckStatus::Broken, line);
        } else {
            let (suite, name) = split(name);
            self.told.case(suite, &name, CheckStatus::Failed, line);
        }
    }

    fn listed(&mut self, text: &str, line: u64) {
        let (indent, rest) = indent(text);
        let (mark, name) = rest.split_once(' ').unwrap_or((rest, ""));
        let status = match mark {
            "✓" | "√" => CheckStatus::Passed,
            "✕" | "×" => CheckStatus::Failed,
            "○" | "✎" => CheckStatus::Skipped,
            _ => return self.outline.heading(indent, rest),
        };
        let name = untimed(name);
        let name = name.strip_prefix("skipped ").or(name.strip_prefix("todo ")).unwrap_or(name);
        let suite = self.outline.path(indent);
        let whole = suite.map_or(name.to_owned(), |suite| format!("{suite} > {name}"));
        let (suite, name) = split(&whole.replace(" > ", " › "));
        self.listed.push((suite, name, status, line));
    }
}

/// `S › T › name` as suite and name.
fn split(text: &str) -> (Option<String>, String) {
    match text.split_once(" › ") {
        Some((suite, name)) => (Some(suite.to_owned()), name.to_owned()),
        None => (None, text.to_owned()),
    }
}
