//! Result files of NUnit 3 (`test-run`) and of NUnit 2 (`test-results`), which Pester writes, too.

use contract::CheckStatus;

use super::outline::{Declares, Found, Levels, Of, OpenCase};
use crate::sink::Sink;
use crate::words;
use crate::xml::{Handler, Place, Tag};

/// The reader, if `tag` begins such a document.
pub fn choose(tag: &Tag<'_>) -> Option<Box<dyn Handler>> {
    let part = || tag.name() == "test-suite" && tag.get("type").is_some() && is_suite(tag);
    (matches!(tag.name(), "test-run" | "test-results") || part())
        .then(|| Box::new(NUnit::default()) as Box<dyn Handler>)
}

/// Whether it is one of the suites that stand alone in a file, each of one assembly.
fn is_suite(tag: &Tag<'_>) -> bool {
    ["testcasecount", "executed", "result"].iter().any(|key| tag.get(key).is_some())
}

const THREE: &[Declares] = &[
    ("total", Of::All),
    ("passed", Of::Others),
    ("failed", Of::Failures),
    ("warnings", Of::Others),
    ("inconclusive", Of::Others),
    ("skipped", Of::Others),
];

const TWO: &[Declares] = &[
    ("total", Of::All),
    ("errors", Of::Failures),
    ("failures", Of::Failures),
    ("not-run", Of::Others),
    ("inconclusive", Of::Others),
    ("ignored", Of::Others),
    ("skipped", Of::Others),
    ("invalid", Of::Failures),
];

#[derive(Default)]
struct NUnit {
    levels: Levels,
    /// For each open suite, its own failure as far as it was read.
    suites: Vec<Suite>,
    case: Option<OpenCase>,
    reads: Option<Reads>,
    /// Cases that the root says there are, at most.
    at_most: Option<(u64, u64)>,
    cases: u64,
}

struct Suite {
    /// Its `fullname` or `name`.
    name: String,
    own: OpenCase,
    /// Whether it failed for a reason of its own, and not for one of a case in it.
    failed: bool,
    /// Cases in it that failed.
    failing: u64,
    own_failure: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Reads {
    Message,
    Trace,
}

impl Handler for NUnit {
    fn open(&mut self, tag: &Tag<'_>, at: Place, sink: &mut Sink) {
        sink.format("nunit");
        match tag.name() {
            "test-run" => {
                self.levels.open(tag, THREE, at, sink);
                self.at_most = tag
                    .get("testcasecount")
                    .and_then(|count| super::outline::count(&count))
                    .map(|count| (count, at.line));
            }
            "test-results" => self.levels.open(tag, TWO, at, sink),
            "test-suite" => self.suite(tag, at, sink),
            "test-case" if self.case.is_none() => self.case(tag, at),
            "failure" => self.failure(),
            "message" => self.reads = Some(Reads::Message),
            "stack-trace" => self.reads = Some(Reads::Trace),
            _ => {}
        }
    }

    fn text(&mut self, text: &str, _sink: &mut Sink) {
        let own = self.suites.last_mut().map(|suite| &mut suite.own);
        let Some(into) = self.case.as_mut().or(own) else { return };
        match self.reads {
            Some(Reads::Message) => into.say(text),
            Some(Reads::Trace) => into.add(text),
            None => {}
        }
    }

    fn close(&mut self, name: &str, at: Place, sink: &mut Sink) {
        self.reads = None;
        match name {
            "test-case" => {
                if let Some(case) = self.case.take() {
                    self.cases += 1;
                    sink.push(case.close(at));
                }
            }
            "test-suite" => self.close_suite(at, sink),
            "test-run" | "test-results" => {
                self.levels.close(ways, sink);
            }
            _ => {}
        }
    }

    fn finish(&mut self, sink: &mut Sink) {
        // A filter takes cases out of the run, and leaves them in this count.
        if let Some((at_most, line)) = self.at_most {
            let absent = at_most.saturating_sub(self.cases);
            sink.unnamed("", Some(line), CheckStatus::NotRun, absent);
        }
    }
}

impl NUnit {
    fn suite(&mut self, tag: &Tag<'_>, at: Place, sink: &mut Sink) {
        self.levels.open(tag, THREE, at, sink);
        let name = tag.get("fullname").or_else(|| tag.get("name")).unwrap_or_default();
        let own =
            OpenCase::new(Some(name.clone()), Some("(suite)".to_owned()), CheckStatus::Broken, at);
        let failed = matches!(
            tag.get("result").as_deref(),
            Some("Failed" | "Failure" | "Error" | "NotRunnable" | "Cancelled")
        ) || said(tag, "success") == Some(false);
        self.suites.push(Suite { name, own, failed, failing: 0, own_failure: false });
    }

    fn case(&mut self, tag: &Tag<'_>, at: Place) {
        let (status, counters) = status(tag);
        let full = tag.get("fullname").or_else(|| tag.get("name"));
        let suite = tag.get("classname").or_else(|| self.suites.last().map(|it| it.name.clone()));
        // In version 2 a name begins with that of its class.
        let short = match (&full, &suite) {
            (Some(full), Some(suite)) => {
                full.strip_prefix(suite.as_str()).and_then(|rest| rest.strip_prefix('.'))
            }
            _ => None,
        };
        let name = short.map(str::to_owned).or_else(|| tag.get("name"));
        let mut case = OpenCase::new(suite, name, status, at);
        if let Some(full) = full {
            case.entry.id = full;
        }
        case.entry.degraded = status == CheckStatus::Passed && counters.contains(&"warnings");
        let time = tag.get("duration").or_else(|| tag.get("time"));
        case.entry.duration_ms = time.as_deref().and_then(words::seconds);
        self.levels.count(counters);
        if matches!(status, CheckStatus::Failed | CheckStatus::Broken) {
            self.suites.iter_mut().for_each(|suite| suite.failing += 1);
        }
        self.case = Some(case);
    }

    /// What has a failure did not pass, whatever else it says.
    fn failure(&mut self) {
        match (&mut self.case, self.suites.last_mut()) {
            (Some(case), _) => {
                let status = &mut case.entry.status;
                if matches!(status, CheckStatus::Passed | CheckStatus::Unknown) {
                    *status = CheckStatus::Failed;
                    self.levels.count(&["failures"]);
                    self.suites.iter_mut().for_each(|suite| suite.failing += 1);
                }
            }
            (None, Some(suite)) => suite.own_failure = true,
            (None, None) => {}
        }
    }

    /// A suite fails with its cases, or on its own: in a set-up or a tear-down.
    fn close_suite(&mut self, at: Place, sink: &mut Sink) {
        self.levels.close(ways, sink);
        let Some(suite) = self.suites.pop() else { return };
        let alone = suite.failed && suite.failing == 0;
        let tear_down = suite.own_failure
            && suite.failed
            && (suite.own.message.contains("TearDown") || suite.own.detail.contains("TearDown"));
        if alone || tear_down {
            for outer in &mut self.suites {
                outer.failing += 1;
            }
            sink.push(suite.own.close(at));
        }
    }
}

/// What became of a case, and what it counts for. Version 3 writes `result` and `label`, version
/// 2.5 `executed` and `result`, older ones `executed` and `success`.
fn status(tag: &Tag<'_>) -> (CheckStatus, &'static [&'static str]) {
    use CheckStatus::{Broken, Failed, NotRun, Passed, Skipped, Unknown};
    let (result, label) = (tag.get("result"), tag.get("label"));
    let label = label.as_deref().unwrap_or_default();
    let executed = said(tag, "executed");
    match result.as_deref() {
        Some("Passed") => (Passed, &["total", "passed"]),
        Some("Warning") => (Passed, &["total", "warnings"]),
        Some("Failed") if matches!(label, "Error" | "Invalid" | "Cancelled") => {
            (Broken, &["total", "failed"])
        }
        Some("Failed") => (Failed, &["total", "failed"]),
        Some("Skipped") if label == "Explicit" => (NotRun, &["total", "skipped", "not-run"]),
        Some("Skipped") => (Skipped, &["total", "skipped", "not-run"]),
        Some("Success") if executed != Some(false) => (Passed, &["total"]),
        Some("Failure") => (Failed, &["total", "failures"]),
        Some("Error" | "Cancelled") => (Broken, &["total", "errors"]),
        Some("Ignored") => (Skipped, &["total", "ignored", "not-run"]),
        Some("NotRunnable") => (Broken, &["total", "invalid", "not-run"]),
        // An assumption did not hold: nothing was asserted.
        Some("Inconclusive") => (Skipped, &["total", "inconclusive"]),
        Some(_) => (Unknown, &["total"]),
        None => match (executed, said(tag, "success")) {
            (Some(false), _) => (Skipped, &["total", "not-run"]),
            (Some(true), Some(true)) => (Passed, &["total"]),
            (Some(true), Some(false)) => (Failed, &["total", "failures"]),
            _ => (Unknown, &["total"]),
        },
    }
}

/// An attribute that is true or false.
fn said(tag: &Tag<'_>, name: &str) -> Option<bool> {
    let value = tag.get(name)?;
    [true, false].into_iter().find(|known| value.eq_ignore_ascii_case(&known.to_string()))
}

/// In version 2 the total is of what ran.
fn ways(name: &str, found: &Found) -> Vec<u64> {
    let of = |name: &str| found.get(name).copied().unwrap_or(0);
    match name {
        "total" => {
            vec![of("total") - of("not-run"), of("total") - of("not-run") - of("inconclusive")]
        }
        "failures" | "errors" => vec![of("failures") + of("errors")],
        _ => Vec::new(),
    }
}
