//! `go test`: its text (`-v` or not) and its JSON events.

use std::collections::BTreeMap;

use contract::CheckStatus;
use contract::part::{Attempt, Effect, Entry, RemarkKind, Span};
use serde::Deserialize;

use crate::sink::{DETAIL, Sink};
use crate::text::{Claim, Line, LineReader};
use crate::words;
use crate::xml::append;

/// The reader.
#[derive(Default)]
pub struct GoTest {
    /// Tests of packages whose end has not come, by package (empty in text) and name.
    open: BTreeMap<String, BTreeMap<String, Test>>,
    /// How often a package has ended.
    ended: BTreeMap<String, u64>,
    output: BTreeMap<String, String>,
    done: Vec<Entry>,
    verbose: bool,
    json: bool,
    signs: u64,
    last: u64,
    building: Option<String>,
}

struct Test {
    status: Option<CheckStatus>,
    started: bool,
    seconds: Option<f64>,
    output: String,
    line: u64,
    bytes: Span,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Event {
    action: String,
    package: Option<String>,
    test: Option<String>,
    output: Option<String>,
    elapsed: Option<f64>,
    import_path: Option<String>,
}

impl LineReader for GoTest {
    fn line(&mut self, line: &Line<'_>) {
        self.last = line.number;
        if line.text.starts_with('{') {
            if let Ok(event) = serde_json::from_str::<Event>(line.text) {
                self.json = true;
                self.signs += 2;
                self.event(event, line);
            }
        } else {
            self.text(line);
        }
    }

    fn claim(&self) -> Claim {
        match self.signs {
            0 => Claim::No,
            1 => Claim::Weak,
            _ => Claim::Sure,
        }
    }

    fn inside(&self) -> bool {
        !self.json
            && self.open.values().any(|tests| tests.values().any(|test| test.status.is_none()))
    }

    fn finish(&mut self, sink: &mut Sink) {
        sink.format("go-test");
        let cut = !self.open.is_empty();
        let packages: Vec<_> = self.open.keys().cloned().collect();
        for package in packages {
            self.end(&package, None, self.last);
        }
        if cut {
            sink.cut_off(self.last);
        }
        if self.done.is_empty() {
            let message = "no test was run in any package";
            sink.remark(None, RemarkKind::Omission, Effect::None, message);
        }
        for entry in self.done.drain(..) {
            sink.push(entry);
        }
    }
}

impl GoTest {
    fn event(&mut self, event: Event, line: &Line<'_>) {
        let package = event.package.or(event.import_path).unwrap_or_default();
        if event.action == "build-output" || event.action == "build-fail" {
            let said =
                self.output.entry(package.split(' ').next().unwrap_or("").to_owned()).or_default();
            append(said, event.output.as_deref().unwrap_or_default(), DETAIL);
            return;
        }
        let Some(name) = event.test else {
            let status = match event.action.as_str() {
                "pass" => CheckStatus::Passed,
                "fail" => CheckStatus::Failed,
                "skip" => CheckStatus::NotRun,
                "output" => {
                    let said = self.output.entry(package.clone()).or_default();
                    append(said, event.output.as_deref().unwrap_or_default(), DETAIL);
                    return;
                }
                _ => {
                    self.open.entry(package).or_default();
                    return;
                }
            };
            self.end(&package, Some(status), line.number);
            return;
        };
        let tests = self.open.entry(package).or_default();
        let test = tests.entry(name.clone()).or_insert_with(|| Test::new(line));
        match event.action.as_str() {
            "run" => test.started = true,
            "output" => {
                let output = event.output.as_deref().unwrap_or_default();
                append(&mut test.output, output, DETAIL);
                // An end that does not begin its line gets no event of its own.
                if let (true, Some(status)) = (test.status.is_none(), ended_within(output, &name)) {
                    test.status = Some(status);
                }
            }
            action => {
                let status = match action {
                    "pass" => CheckStatus::Passed,
                    "fail" => CheckStatus::Failed,
                    "skip" => CheckStatus::Skipped,
                    _ => return,
                };
                (test.status, test.seconds) = (Some(status), event.elapsed);
            }
        }
    }

    fn text(&mut self, line: &Line<'_>) {
        let text = line.text;
        if let Some(name) = text.strip_prefix("=== RUN   ") {
            self.verbose = true;
            self.signs += 1;
            let mut test = Test::new(line);
            test.started = true;
            self.open.entry(String::new()).or_default().insert(name.trim().to_owned(), test);
        } else if let Some((status, name, seconds)) = ended(text.trim_start()) {
            self.end_of_test(status, name, seconds, line);
        } else if let Some((status, package, rest)) = package_end(text) {
            self.signs += 2;
            let mut output = self.output.remove(package).unwrap_or_default();
            append(&mut output, rest, DETAIL);
            if let Some(tests) = self.open.remove("") {
                self.open.insert(package.to_owned(), tests);
            }
            self.output.insert(package.to_owned(), output);
            if !self.json || rest.contains("failed]") {
                self.end(package, Some(status), line.number);
            }
        } else if let Some(package) = text.strip_prefix("# ") {
            self.building = package.split_whitespace().next().map(str::to_owned);
        } else if let Some(package) = &self.building {
            let said = self.output.entry(package.clone()).or_default();
            append(said, text, DETAIL);
            append(said, "\n", DETAIL);
        }
        if !self.json {
            self.collect(text);
        }
    }

    fn end_of_test(
        &mut self,
        status: CheckStatus,
        name: &str,
        seconds: Option<f64>,
        line: &Line<'_>,
    ) {
        let tests = self.open.entry(String::new()).or_default();
        match tests.get_mut(name) {
            Some(test) if test.status.is_none() => {
                (test.status, test.seconds) = (Some(status), seconds);
            }
            // Without -v only failures are told, and no start.
            None if !self.verbose && status == CheckStatus::Failed => {
                self.signs += 1;
                let test = Test { status: Some(status), started: true, seconds, ..Test::new(line) };
                tests.insert(name.to_owned(), test);
            }
            // Printed by a test: it never started.
            _ => {}
        }
    }

    /// What a test says goes to every test that is open, and to the last that ended.
    fn collect(&mut self, text: &str) {
        let Some(tests) = self.open.get_mut("") else { return };
        let open = tests.values_mut().filter(|test| {
            test.status.is_none() || test.status == Some(CheckStatus::Failed) && !self.verbose
        });
        for test in open {
            append(&mut test.output, text, DETAIL);
            append(&mut test.output, "\n", DETAIL);
        }
    }

    /// Ends a package; `None`: the input ended before it did.
    fn end(&mut self, package: &str, status: Option<CheckStatus>, line: u64) {
        let tests = self.open.remove(package).unwrap_or_default();
        let output = self.output.remove(package).unwrap_or_default();
        self.building = None;
        let times = self.ended.entry(package.to_owned()).or_default();
        *times += 1;
        let again = *times > 1;
        let suite = (!package.is_empty()).then(|| package.to_owned());
        let mut failing = false;
        let mut real = 0;
        for (name, test) in tests {
            if !test.started {
                continue;
            }
            real += 1;
            let outcome = test.status.unwrap_or(match status {
                Some(CheckStatus::Failed) => CheckStatus::Broken,
                Some(_) => CheckStatus::Passed,
                None => CheckStatus::Unknown,
            });
            failing |= matches!(outcome, CheckStatus::Failed | CheckStatus::Broken);
            self.done.push(entry(suite.clone(), name, outcome, test));
        }
        if status == Some(CheckStatus::Failed) && !failing {
            let mut entry = Entry::new(suite, "(package)".to_owned(), CheckStatus::Broken);
            entry.detail = words::present(&output);
            entry.message = entry.detail.as_deref().and_then(words::first_line);
            entry.line = Some(line);
            self.done.push(entry);
        } else if status == Some(CheckStatus::Passed) && real == 0 {
            let idle = output.contains("no tests to run")
                || output.contains("no test files")
                || self.verbose
                || self.json;
            let status = if idle { CheckStatus::NotRun } else { CheckStatus::Passed };
            if !again || status == CheckStatus::Passed {
                let mut entry = Entry::new(suite, "(package)".to_owned(), status);
                entry.line = Some(line);
                entry.message = idle.then(|| "no tests to run".to_owned());
                self.done.push(entry);
            }
        }
        if again {
            self.retried(package);
        }
    }

    /// A package that ran again: its tests were tried again.
    fn retried(&mut self, package: &str) {
        for entry in &mut self.done {
            if entry.suite.as_deref() == Some(package) {
                entry.attempt = Attempt::InOrder;
            }
        }
    }
}

impl Test {
    fn new(line: &Line<'_>) -> Self {
        Self {
            status: None,
            started: false,
            seconds: None,
            output: String::new(),
            line: line.number,
            bytes: Span { start: line.offset, end: line.end() },
        }
    }
}

fn entry(suite: Option<String>, name: String, status: CheckStatus, test: Test) -> Entry {
    let mut entry = Entry::new(suite, name, status);
    entry.duration_ms = test.seconds.and_then(|seconds| words::millis(seconds * 1000.0));
    (entry.line, entry.bytes) = (Some(test.line), Some(test.bytes));
    if status != CheckStatus::Passed {
        let said = |line: &&str| {
            let line = line.trim_start();
            !line.is_empty() && !line.starts_with("=== ") && ended(line).is_none()
        };
        let lines: Vec<_> = test.output.lines().filter(said).collect();
        entry.detail = words::present(&lines.join("\n"));
        entry.message = entry.detail.as_deref().and_then(words::first_line);
    }
    entry
}

/// `--- PASS: Name (0.00s)` at the beginning of `text`.
fn ended(text: &str) -> Option<(CheckStatus, &str, Option<f64>)> {
    let rest = text.strip_prefix("--- ")?;
    let (word, rest) = rest.split_once(": ")?;
    let status = match word {
        "PASS" => CheckStatus::Passed,
        "FAIL" => CheckStatus::Failed,
        "SKIP" => CheckStatus::Skipped,
        _ => return None,
    };
    let (name, time) = rest.rsplit_once(" (")?;
    Some((status, name, time.trim_end().trim_end_matches("s)").parse().ok()))
}

/// The end of test `name` somewhere in what it printed.
fn ended_within(output: &str, name: &str) -> Option<CheckStatus> {
    let at = output.find("--- ").filter(|at| *at > 0)?;
    let (status, found, _) = ended(&output[at..])?;
    (found == name).then_some(status)
}

/// `ok  \tpkg\t0.1s`, `FAIL\tpkg [build failed]`, `?   \tpkg\t[no test files]`.
fn package_end(text: &str) -> Option<(CheckStatus, &str, &str)> {
    let (word, rest) = text.split_once('\t')?;
    let status = match word.trim_end() {
        "ok" => CheckStatus::Passed,
        "FAIL" => CheckStatus::Failed,
        "?" => CheckStatus::NotRun,
        _ => return None,
    };
    let end = rest.find(['\t', ' ']).unwrap_or(rest.len());
    Some((status, &rest[..end], rest[end..].trim()))
}
