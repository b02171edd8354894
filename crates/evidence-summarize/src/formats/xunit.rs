//! Result files of xUnit.net, versions 1 to 3 (<https://xunit.net/docs/format-xml-v2>).

use contract::CheckStatus;

use super::outline::{Declares, Found, Levels, Of, OpenCase};
use crate::sink::Sink;
use crate::words;
use crate::xml::{Handler, Place, Tag};

/// The reader, if `tag` begins such a document.
pub fn choose(tag: &Tag<'_>) -> Option<Box<dyn Handler>> {
    let assembly = || {
        tag.name() == "assembly"
            && ["test-framework", "run-date", "total"].iter().any(|key| tag.get(key).is_some())
    };
    (tag.name() == "assemblies" || assembly())
        .then(|| Box::new(XUnit::default()) as Box<dyn Handler>)
}

const COUNTS: &[Declares] = &[
    ("total", Of::All),
    ("passed", Of::Others),
    ("failed", Of::Failures),
    ("skipped", Of::Others),
    ("not-run", Of::Others),
    ("errors", Of::Failures),
];

#[derive(Default)]
struct XUnit {
    levels: Levels,
    /// The case, or the error of a fixture or an assembly.
    case: Option<OpenCase>,
    reads: Option<Reads>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Reads {
    Message,
    Trace,
}

impl Handler for XUnit {
    fn open(&mut self, tag: &Tag<'_>, at: Place, sink: &mut Sink) {
        sink.format("xunit");
        match tag.name() {
            "assemblies" | "assembly" | "collection" | "class" => {
                self.levels.open(tag, COUNTS, at, sink);
            }
            "test" if self.case.is_none() => self.test(tag, at),
            "error" if self.case.is_none() => {
                let kind = tag.get("type").unwrap_or_else(|| "error".to_owned());
                let name = tag.get("name").filter(|name| !name.is_empty());
                let name = name.map_or_else(|| kind.clone(), |name| format!("{kind} {name}"));
                self.levels.count(&["errors"]);
                let case = OpenCase::new(self.levels.name(), Some(name), CheckStatus::Broken, at);
                self.case = Some(case);
            }
            // Version 1 has no list of errors: a class fails in its fixture.
            "failure" if self.case.is_none() && self.levels.depth() > 0 => {
                self.levels.count(&["errors"]);
                let name = Some("(suite)".to_owned());
                self.case = Some(OpenCase::new(self.levels.name(), name, CheckStatus::Broken, at));
            }
            "message" | "reason" => self.reads = Some(Reads::Message),
            "stack-trace" => self.reads = Some(Reads::Trace),
            _ => {}
        }
    }

    fn text(&mut self, text: &str, _sink: &mut Sink) {
        match (self.reads, &mut self.case) {
            (Some(Reads::Message), Some(case)) => case.say(text),
            (Some(Reads::Trace), Some(case)) => case.add(text),
            _ => {}
        }
    }

    fn close(&mut self, name: &str, at: Place, sink: &mut Sink) {
        self.reads = None;
        match name {
            "assemblies" | "assembly" | "collection" | "class" => {
                self.levels.close(ways, sink);
            }
            "test" | "error" => self.close_case(at, sink),
            "failure" if self.case.as_ref().is_some_and(|case| case.entry.name == "(suite)") => {
                self.close_case(at, sink);
            }
            _ => {}
        }
    }
}

impl XUnit {
    fn test(&mut self, tag: &Tag<'_>, at: Place) {
        let (status, counters): (_, &[&'static str]) = match tag.get("result").as_deref() {
            Some("Pass") => (CheckStatus::Passed, &["total", "passed"]),
            Some("Fail") => (CheckStatus::Failed, &["total", "failed"]),
            Some("Skip") => (CheckStatus::Skipped, &["total", "skipped"]),
            // Explicit tests that were not asked for.
            Some("NotRun") => (CheckStatus::NotRun, &["total", "not-run"]),
            _ => (CheckStatus::Unknown, &["total"]),
        };
        let suite = tag.get("type").or_else(|| self.levels.name());
        let full = tag.get("name").or_else(|| tag.get("method"));
        let short = full.as_deref().zip(suite.as_deref());
        let short = short.and_then(|(full, suite)| full.strip_prefix(suite)?.strip_prefix('.'));
        let mut case = OpenCase::new(
            suite.clone(),
            short.map(str::to_owned).or_else(|| full.clone()),
            status,
            at,
        );
        case.entry.file = tag.get("source-file");
        case.entry.duration_ms = tag.get("time").as_deref().and_then(words::seconds);
        self.levels.count(counters);
        self.case = Some(case);
    }

    fn close_case(&mut self, at: Place, sink: &mut Sink) {
        if let Some(case) = self.case.take() {
            sink.push(case.close(at));
        }
    }
}

/// Version 3 counts what was not run apart from the total.
fn ways(name: &str, found: &Found) -> Vec<u64> {
    let of = |name: &str| found.get(name).copied().unwrap_or(0);
    match name {
        "total" => vec![of("total") - of("not-run")],
        // Fixie and others write no list of errors and count these tests among the failed.
        "skipped" => vec![of("skipped") + of("not-run")],
        _ => Vec::new(),
    }
}
