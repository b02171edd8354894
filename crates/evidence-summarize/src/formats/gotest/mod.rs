//! `go test`: its text (`-v` or not) and its JSON events.

mod line;
mod package;

use std::collections::BTreeMap;

use contract::CheckStatus;
use contract::part::{Attempt, Effect, Entry, RemarkKind};
use serde::Deserialize;

use self::line::{ended, package_end};
use self::package::Package;
use crate::sink::{DETAIL, Sink};
use crate::text::{Claim, Line, LineReader};
use crate::words;
use crate::xml::append;

/// The reader.
#[derive(Default)]
pub struct GoTest {
    /// Packages whose end has not come; the one at hand in text has no name yet.
    open: BTreeMap<String, Package>,
    /// How often a package has ended.
    ended: BTreeMap<String, u64>,
    /// What the compiler says, by package.
    built: BTreeMap<String, String>,
    building: Option<String>,
    done: Vec<Entry>,
    printed: u64,
    json: bool,
    /// Whether a line says that a test begins, and whether one that began ended.
    ran: bool,
    verbose: bool,
    /// Whether gotestsum summed up: then its own words are read.
    summed: bool,
    ends: u64,
    tests: u64,
    last: u64,
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
                // An end alone may be printed; a run tells more.
                self.json |=
                    event.test.is_none() || matches!(event.action.as_str(), "run" | "output");
                self.event(event, line);
            }
        } else {
            self.text(line);
        }
    }

    fn name(&self) -> &'static str {
        "go-test"
    }

    fn claim(&self) -> Claim {
        match (self.json || self.ends > 0 || self.ran, self.tests) {
            _ if self.summed && !self.json => Claim::No,
            (true, _) => Claim::Sure,
            (false, 0) => Claim::No,
            (false, _) => Claim::Faint,
        }
    }

    fn inside(&self) -> bool {
        !self.json && self.open.values().any(Package::runs)
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
        if self.printed > 0 {
            let message = format!(
                "{} lines look like tests and were printed by tests: they are no cases",
                self.printed
            );
            sink.remark(None, RemarkKind::Contradiction, Effect::None, message);
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
        let output = event.output.as_deref().unwrap_or_default();
        if event.action == "build-output" || event.action == "build-fail" {
            let package = package.split(' ').next().unwrap_or("").to_owned();
            append(self.built.entry(package).or_default(), output, DETAIL);
            return;
        }
        let status = match event.action.as_str() {
            "pass" => Some(CheckStatus::Passed),
            "fail" => Some(CheckStatus::Failed),
            "skip" => Some(CheckStatus::Skipped),
            _ => None,
        };
        match (event.test, status) {
            (None, Some(status)) => {
                let idle = status == CheckStatus::Skipped;
                let status = if idle { CheckStatus::NotRun } else { status };
                self.end(&package, Some(status), line.number);
            }
            (test, None) if event.action == "output" => {
                let at = self.open.entry(package).or_default();
                at.say(test.as_deref(), output);
                if test.is_none() {
                    append(&mut at.output, output, DETAIL);
                }
                // An end that does not begin its line gets no event of its own.
                if let Some(end) = ended(output).filter(|end| !end.own_line) {
                    at.end_of(end.name, end.status, end.seconds);
                }
            }
            (Some(name), None) if event.action == "run" => {
                self.open.entry(package).or_default().start(&name, line);
            }
            (Some(name), Some(status)) => {
                // Where no package is open, a test printed it.
                let Some(at) = self.open.get_mut(&package) else { return };
                at.end_of(&name, status, event.elapsed);
            }
            _ => {
                self.open.entry(package).or_default();
            }
        }
    }

    fn text(&mut self, line: &Line<'_>) {
        let text = line.text;
        self.summed |= super::gotestsum::is_sum(text);
        if let Some(name) = text.strip_prefix("=== RUN   ") {
            (self.ran, self.tests) = (true, self.tests + 1);
            self.open.entry(String::new()).or_default().start(name.trim(), line);
        } else if let Some((status, package, rest)) = package_end(text).filter(|end| self.may(end))
        {
            self.ends += 1;
            if let Some(at) = self.open.remove("") {
                self.open.insert(package.to_owned(), at);
            }
            let at = self.open.entry(package.to_owned()).or_default();
            append(&mut at.output, rest, DETAIL);
            if !self.json || rest.contains("failed]") {
                self.end(package, Some(status), line.number);
            }
        } else if let Some(package) = text.strip_prefix("# ") {
            self.building = package.split_whitespace().next().map(str::to_owned);
        } else if !self.json {
            let end = ended(text);
            if end.is_none() && self.open.is_empty() {
                self.compiler(text);
            }
            if end.is_some() || self.open.contains_key("") {
                let at = self.open.entry(String::new()).or_default();
                at.say(None, text);
                if let Some(end) = end {
                    self.tests += 1;
                    self.verbose |= at.told(&end, line);
                } else {
                    append(&mut at.output, text, DETAIL);
                    append(&mut at.output, "\n", DETAIL);
                }
            } else if text.starts_with("panic: ") || text.starts_with("fatal error: ") {
                let at = self.open.entry(String::new()).or_default();
                at.say(None, text);
                append(&mut at.output, text, DETAIL);
                append(&mut at.output, "\n", DETAIL);
            }
        }
    }

    /// Whether the package at hand can end like this: while one of its tests runs, the test may
    /// have printed it.
    fn may(&self, (status, ..): &(CheckStatus, &str, &str)) -> bool {
        self.open.get("").is_none_or(|at| at.may_end(*status))
    }

    fn compiler(&mut self, text: &str) {
        if let Some(package) = &self.building {
            let said = self.built.entry(package.clone()).or_default();
            append(said, text, DETAIL);
            append(said, "\n", DETAIL);
        }
    }

    /// Ends a package; `None`: the input ended before it did.
    fn end(&mut self, package: &str, status: Option<CheckStatus>, line: u64) {
        let mut at = self.open.remove(package).unwrap_or_default();
        self.building = None;
        let times = self.ended.entry(package.to_owned()).or_default();
        *times += 1;
        let again = *times > 1;
        let suite = (!package.is_empty()).then(|| package.to_owned());
        let (entries, printed) = at.close(suite.as_ref(), status);
        self.printed += printed;
        let mut output = self.built.remove(package).unwrap_or_default();
        append(&mut output, &at.output, DETAIL);
        let fails =
            |entry: &Entry| matches!(entry.status, CheckStatus::Failed | CheckStatus::Broken);
        let failing = entries.iter().any(fails);
        let idle = entries.is_empty();
        self.done.extend(entries);
        let own = match status {
            Some(CheckStatus::Failed) if !failing => Some(CheckStatus::Broken),
            Some(CheckStatus::Passed) if idle => Some(self.of_idle(&output)),
            _ => None,
        };
        if let Some(status) = own.filter(|own| !again || *own != CheckStatus::NotRun) {
            let mut entry = Entry::new(suite, "(package)".to_owned(), status);
            entry.line = Some(line);
            if status == CheckStatus::Broken {
                entry.detail = words::present(&output);
                entry.message = entry.detail.as_deref().and_then(words::first_line);
            } else if status == CheckStatus::NotRun {
                entry.message = Some("no tests to run".to_owned());
            }
            self.done.push(entry);
        }
        if again {
            self.retried(package);
        }
    }

    /// A package that passed and shows no test: without `-v` that is how a pass looks.
    fn of_idle(&self, output: &str) -> CheckStatus {
        let said = output.contains("no tests to run") || output.contains("no test files");
        if said || self.verbose || self.json { CheckStatus::NotRun } else { CheckStatus::Passed }
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
