//! The tests of one package while it runs.

use std::collections::BTreeMap;

use contract::CheckStatus;
use contract::part::{Entry, Span};

use super::line::{Ended, belongs, ended, frame};
use crate::sink::DETAIL;
use crate::text::Line;
use crate::words;
use crate::xml::append;

/// A package that has not ended.
#[derive(Default)]
pub struct Package {
    tests: BTreeMap<String, Test>,
    /// What the package says beside its tests.
    pub output: String,
    /// Whether the program came to its own end: its last word is `PASS` or `FAIL`.
    finished: bool,
    panicked: bool,
    /// Tests that the dump of a panic names.
    dumped: Vec<String>,
    /// The test that ended last.
    last: Option<String>,
}

struct Test {
    status: Option<CheckStatus>,
    started: bool,
    /// Whether something stands below its end that only a test's end has below it.
    explained: bool,
    seconds: Option<f64>,
    output: String,
    line: u64,
    bytes: Span,
}

impl Test {
    fn new(line: &Line<'_>) -> Self {
        Self {
            status: None,
            started: false,
            explained: false,
            seconds: None,
            output: String::new(),
            line: line.number,
            bytes: Span { start: line.offset, end: line.end() },
        }
    }
}

impl Package {
    /// Whether a test runs.
    pub fn runs(&self) -> bool {
        self.tests.values().any(|test| test.started && test.status.is_none())
    }

    /// Whether the package can end in this way: it passes when its program came to its end.
    pub fn may_end(&self, status: CheckStatus) -> bool {
        let told_failed = |test: &Test| !test.started && test.status == Some(CheckStatus::Failed);
        match status {
            CheckStatus::Passed if self.tests.values().any(|test| test.started) => self.finished,
            CheckStatus::Passed => !self.tests.values().any(told_failed),
            CheckStatus::Failed => true,
            _ => !self.runs(),
        }
    }

    /// A test begins.
    pub fn start(&mut self, name: &str, line: &Line<'_>) {
        self.finished = false;
        let test = self.tests.entry(name.to_owned()).or_insert_with(|| Test::new(line));
        test.started = true;
    }

    /// A test ends, as an event says.
    pub fn end_of(&mut self, name: &str, status: CheckStatus, seconds: Option<f64>) {
        if let Some(test) = self.tests.get_mut(name) {
            (test.status, test.seconds) = (Some(status), seconds);
        }
    }

    /// A test ends, as a line says. Without `-v` only failures are told, and no start. Returns
    /// whether its start was told.
    pub fn told(&mut self, end: &Ended<'_>, line: &Line<'_>) -> bool {
        let has_parent = self.has_parent(end);
        match self.tests.get_mut(end.name) {
            Some(test) if test.status.is_none() => {
                (test.status, test.seconds) = (Some(end.status), end.seconds);
            }
            Some(_) => return false,
            None if end.status == CheckStatus::Failed && has_parent => {
                let mut test = Test::new(line);
                (test.status, test.seconds) = (Some(end.status), end.seconds);
                self.tests.insert(end.name.to_owned(), test);
            }
            None => return false,
        }
        let parent = end.name.rsplit_once('/').map(|(parent, _)| parent);
        if let Some(parent) = parent.and_then(|parent| self.tests.get_mut(parent)) {
            parent.explained = true;
        }
        self.last = Some(end.name.to_owned());
        self.tests.get(end.name).is_some_and(|test| test.started)
    }

    fn has_parent(&self, end: &Ended<'_>) -> bool {
        let parents = end.name.match_indices('/').map(|(at, _)| &end.name[..at]);
        end.depth == 0 || parents.into_iter().any(|parent| self.tests.contains_key(parent))
    }

    /// A line of output that is none of the package's own.
    pub fn say(&mut self, test: Option<&str>, text: &str) {
        match text.trim_end() {
            "PASS" | "FAIL" => self.finished = true,
            "" => {}
            line if closing(line) => {}
            line => {
                self.finished = false;
                self.panicked |= line.starts_with("panic: ") || line.starts_with("fatal error: ");
                if self.panicked && self.dumped.len() < 100 {
                    self.dumped.extend(frame(line).map(str::to_owned));
                }
            }
        }
        let below = belongs(text);
        if let Some(last) = self.last.as_ref().and_then(|last| self.tests.get_mut(last)) {
            last.explained |= below && ended(text).is_none();
            if !last.started {
                note(&mut last.output, text);
            }
        }
        if !below {
            self.last = None;
        }
        match test {
            Some(name) => {
                if let Some(test) = self.tests.get_mut(name) {
                    note(&mut test.output, text);
                }
            }
            None => {
                let open = |test: &&mut Test| test.started && test.status.is_none();
                for test in self.tests.values_mut().filter(open) {
                    note(&mut test.output, text);
                }
            }
        }
    }

    /// The cases of the package, and how many things only looked like one. `status` is the
    /// package's own; none if the input ended before it.
    pub fn close(
        &mut self,
        suite: Option<&String>,
        status: Option<CheckStatus>,
    ) -> (Vec<Entry>, u64) {
        let verbose = self.tests.values().any(|test| test.started && test.status.is_some())
            || !self.tests.values().any(|test| test.status.is_some());
        let explained = self.tests.values().any(|test| test.explained);
        let (mut entries, mut printed) = (Vec::new(), 0);
        let dumped = std::mem::take(&mut self.dumped);
        for (name, test) in std::mem::take(&mut self.tests) {
            let ended_well = self.finished && !self.panicked && status.is_some();
            let ghost = match (test.status, test.started) {
                // Printed by a test: it never started, or the program ended and it did not.
                (Some(_), started) if verbose => !started,
                (None, _) => ended_well || !verbose,
                // A failure that says nothing, beside others that do.
                (Some(_), _) => !test.explained && explained && !dumped.contains(&name),
            };
            if ghost {
                printed += 1;
                continue;
            }
            let outcome = test.status.unwrap_or(match status {
                Some(CheckStatus::Failed) => CheckStatus::Broken,
                // The program never came to its end, whatever the package says.
                _ => CheckStatus::Unknown,
            });
            entries.push(entry(suite.cloned(), name, outcome, test));
        }
        let fails = |entry: &Entry| {
            entry.status != CheckStatus::Passed && entry.status != CheckStatus::Skipped
        };
        let silent = status == Some(CheckStatus::Failed) && !entries.iter().any(fails);
        if let Some(name) = dumped.first().filter(|_| silent) {
            let mut entry = Entry::new(suite.cloned(), name.clone(), CheckStatus::Broken);
            entry.detail = words::present(&self.output);
            entry.message = panic_line(&self.output);
            entries.push(entry);
        }
        (entries, printed)
    }
}

/// What `go test` says between the last word of the program and the line of the package.
fn closing(line: &str) -> bool {
    let starts = ["FAIL\t", "ok  \t", "exit status ", "coverage: ", "testing: warning", "signal: "];
    starts.iter().any(|start| line.starts_with(start))
}

fn panic_line(output: &str) -> Option<String> {
    output.lines().find(|line| line.starts_with("panic: ")).map(str::to_owned)
}

fn note(output: &mut String, text: &str) {
    append(output, text.trim_end_matches('\n'), DETAIL);
    append(output, "\n", DETAIL);
}

fn entry(suite: Option<String>, name: String, status: CheckStatus, test: Test) -> Entry {
    let mut entry = Entry::new(suite, name, status);
    entry.duration_ms = test.seconds.and_then(|seconds| words::millis(seconds * 1000.0));
    (entry.line, entry.bytes) = (Some(test.line), Some(test.bytes));
    if status != CheckStatus::Passed {
        let said = |line: &&str| {
            let line = line.trim_start();
            !line.is_empty() && !line.starts_with("=== ") && !line.starts_with("--- ")
        };
        let lines: Vec<_> = test.output.lines().filter(said).collect();
        entry.detail = words::present(&lines.join("\n"));
        entry.message = entry.detail.as_deref().and_then(words::first_line);
    }
    entry
}
