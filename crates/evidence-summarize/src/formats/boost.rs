//! XML of Boost.Test: its log (`--log_format=XML`) and its report (`--report_format=XML`).

use contract::CheckStatus;
use contract::part::{Effect, RemarkKind};

use super::outline::{Declares, Found, Levels, Of, OpenCase, count};
use crate::sink::Sink;
use crate::xml::{Handler, Place, Tag};

/// The reader, if `tag` begins such a document.
pub fn choose(tag: &Tag<'_>) -> Option<Box<dyn Handler>> {
    match tag.name() {
        "TestLog" => Some(Box::new(Log::default())),
        "TestResult" if tag.get("id").is_none() => Some(Box::new(Report::default())),
        _ => None,
    }
}

#[derive(Default)]
struct Log {
    suites: Vec<String>,
    case: Option<OpenCase>,
    reads: bool,
    cases: u64,
}

impl Handler for Log {
    fn open(&mut self, tag: &Tag<'_>, at: Place, sink: &mut Sink) {
        sink.format("boost-test");
        match tag.name() {
            "TestSuite" => self.suites.push(tag.get("name").unwrap_or_default()),
            "TestCase" if self.case.is_none() => {
                let skipped = tag.get("skipped").as_deref() == Some("yes");
                let reason = tag.get("reason").unwrap_or_default();
                let status = match (skipped, reason.as_str()) {
                    (true, "disabled") => CheckStatus::NotRun,
                    (true, _) => CheckStatus::Skipped,
                    (false, _) => CheckStatus::Passed,
                };
                let mut case =
                    OpenCase::new(Some(self.suites.join("/")), tag.get("name"), status, at);
                case.say(&reason);
                case.entry.file = tag.get("file");
                self.case = Some(case);
                self.cases += 1;
            }
            // Which failures are expected is only in the report; here each is one.
            "Error" | "FatalError" | "Exception" => {
                let status = match tag.name() {
                    "Exception" => CheckStatus::Broken,
                    _ => CheckStatus::Failed,
                };
                let outside = || {
                    OpenCase::new(
                        Some(self.suites.join("/")),
                        Some("(outside of a case)".to_owned()),
                        status,
                        at,
                    )
                };
                let case = self.case.get_or_insert_with(outside);
                if case.entry.status != CheckStatus::Broken {
                    case.entry.status = status;
                }
                self.reads = true;
            }
            _ => self.reads = false,
        }
    }

    fn text(&mut self, text: &str, _sink: &mut Sink) {
        if let (true, Some(case)) = (self.reads, &mut self.case) {
            case.add(text);
            case.add("\n");
        }
    }

    fn close(&mut self, name: &str, at: Place, sink: &mut Sink) {
        self.reads = false;
        let outside = |case: &mut OpenCase| case.entry.name == "(outside of a case)";
        match name {
            "TestSuite" => {
                self.suites.pop();
            }
            "TestCase" => self.push(at, sink),
            "Error" | "FatalError" | "Exception" if self.case.as_mut().is_some_and(outside) => {
                self.push(at, sink);
            }
            _ => {}
        }
    }

    fn finish(&mut self, sink: &mut Sink) {
        if self.cases == 0 {
            let message = "a log that names no test: write it with --log_level=test_suite or =all";
            sink.remark(None, RemarkKind::Omission, Effect::Incomplete, message);
        }
    }
}

impl Log {
    fn push(&mut self, at: Place, sink: &mut Sink) {
        if let Some(case) = self.case.take() {
            sink.push(case.close(at));
        }
    }
}

const COUNTS: &[Declares] = &[
    ("test_cases_passed", Of::Others),
    ("test_cases_failed", Of::Failures),
    ("test_cases_aborted", Of::Failures),
    ("test_cases_skipped", Of::Others),
];

#[derive(Default)]
struct Report {
    levels: Levels,
    /// Whether anything in a suite failed, for each that is open.
    failing: Vec<bool>,
    case: Option<OpenCase>,
    cases: u64,
    /// What the outermost suite counts, for a report that names no case.
    totals: Option<[u64; 3]>,
}

impl Handler for Report {
    fn open(&mut self, tag: &Tag<'_>, at: Place, sink: &mut Sink) {
        sink.format("boost-test");
        let failed = || !matches!(tag.get("result").as_deref(), Some("passed" | "skipped"));
        match tag.name() {
            "TestSuite" => {
                if self.levels.depth() == 0 {
                    let of = |name| tag.get(name).and_then(|text| count(&text)).unwrap_or(0);
                    let warned = of("test_cases_passed_with_warnings");
                    let passed = of("test_cases_passed").saturating_add(warned);
                    self.totals = Some([passed, of("test_cases_failed"), of("test_cases_skipped")]);
                }
                self.levels.open(tag, COUNTS, at, sink);
                self.failing.push(failed());
            }
            "TestCase" => {
                let (status, counters): (_, &[&'static str]) = match tag.get("result").as_deref() {
                    Some("passed") => (CheckStatus::Passed, &["test_cases_passed"]),
                    Some("failed") => (CheckStatus::Failed, &["test_cases_failed"]),
                    Some("aborted" | "timed-out") => {
                        (CheckStatus::Broken, &["test_cases_failed", "test_cases_aborted"])
                    }
                    Some("skipped") => (CheckStatus::Skipped, &["test_cases_skipped"]),
                    _ => (CheckStatus::Unknown, &[]),
                };
                self.levels.count(counters);
                if tag.get("warnings_failed").is_some_and(|count| count != "0") {
                    self.levels.count(&["warned"]);
                }
                if matches!(status, CheckStatus::Failed | CheckStatus::Broken) {
                    self.failing.fill(false);
                }
                self.cases += 1;
                let mut case = OpenCase::new(self.levels.name(), tag.get("name"), status, at);
                case.say(&tag.get("result").unwrap_or_default());
                self.case = Some(case);
            }
            _ => {}
        }
    }

    fn close(&mut self, name: &str, at: Place, sink: &mut Sink) {
        if let Some(case) = self.case.take_if(|_| name == "TestCase") {
            sink.push(case.close(at));
        }
        if name != "TestSuite" {
            return;
        }
        if self.failing.pop() == Some(true) && self.cases > 0 {
            let message = "a suite failed, and none of its cases";
            sink.remark(Some(at.line), RemarkKind::RunFailed, Effect::Fail, message);
            self.failing.fill(false);
        }
        if self.cases > 0 {
            self.levels.close(ways, sink);
        }
    }

    fn finish(&mut self, sink: &mut Sink) {
        // The short forms of the report count and name nothing.
        if let Some([passed, failed, skipped]) = self.totals.filter(|_| self.cases == 0) {
            sink.unnamed("", None, CheckStatus::Passed, passed);
            sink.unnamed("", None, CheckStatus::Failed, failed);
            sink.unnamed("", None, CheckStatus::Skipped, skipped);
            let message = "the report only counts: --report_level=detailed names the cases";
            sink.remark(None, RemarkKind::Unnamed, Effect::None, message);
        }
    }
}

/// Passed cases are counted with or without those that warned; what was turned off is counted as
/// skipped and not named.
fn ways(name: &str, found: &Found) -> Vec<u64> {
    let of = |name: &str| found.get(name).copied().unwrap_or(0);
    match name {
        "test_cases_passed" => vec![of("test_cases_passed").saturating_sub(of("warned"))],
        _ => Vec::new(),
    }
}
