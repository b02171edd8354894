//! `testng-results.xml` of TestNG.

use std::collections::BTreeMap;

use contract::CheckStatus;
use contract::part::{Attempt, Entry};

use super::outline::{Declares, Found, Levels, Of, OpenCase, count};
use crate::sink::{MESSAGE, Sink};
use crate::xml::{Handler, Place, Tag, append};

/// The reader, if `tag` begins such a document.
pub fn choose(tag: &Tag<'_>) -> Option<Box<dyn Handler>> {
    (tag.name() == "testng-results").then(|| Box::new(TestNg::default()) as Box<dyn Handler>)
}

const COUNTS: &[Declares] = &[
    ("total", Of::All),
    ("passed", Of::Others),
    ("failed", Of::Failures),
    ("skipped", Of::Others),
    ("retried", Of::Others),
];

#[derive(Default)]
struct TestNg {
    levels: Levels,
    /// The `<test>`: a set of classes, which may be there in another one, too.
    test: String,
    classes: Vec<String>,
    method: Option<Method>,
    reads: Option<Reads>,
    /// Tests that are turned off.
    ignored: u64,
    /// Tries that failed and whose last one did not come yet, by the case.
    tries: BTreeMap<String, Vec<Entry>>,
}

struct Method {
    case: OpenCase,
    /// A set-up or tear-down, which is no test.
    config: bool,
    retried: bool,
    /// The values of a row of a data provider.
    values: String,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Reads {
    Message,
    Trace,
    Value,
}

impl Handler for TestNg {
    fn open(&mut self, tag: &Tag<'_>, at: Place, sink: &mut Sink) {
        sink.format("testng");
        match tag.name() {
            "testng-results" => {
                self.levels.open(tag, COUNTS, at, sink);
                // Tests that are turned off are counted and never named.
                self.ignored = tag.get("ignored").and_then(|text| count(&text)).unwrap_or(0);
                sink.unnamed("", Some(at.line), CheckStatus::NotRun, self.ignored);
            }
            "test" => self.test = tag.get("name").unwrap_or_default(),
            "class" => self.classes.push(tag.get("name").unwrap_or_default()),
            "test-method" if self.method.is_none() => self.method(tag, at),
            "message" => self.reads = Some(Reads::Message),
            "full-stacktrace" | "short-stacktrace" => self.reads = Some(Reads::Trace),
            "value" => self.reads = Some(Reads::Value),
            _ => {}
        }
    }

    fn text(&mut self, text: &str, _sink: &mut Sink) {
        let Some(method) = &mut self.method else { return };
        match self.reads {
            Some(Reads::Message) => method.case.say(text.trim()),
            Some(Reads::Trace) => method.case.add(text),
            Some(Reads::Value) if !text.trim().is_empty() => {
                let comma = if method.values.is_empty() { "" } else { ", " };
                append(&mut method.values, comma, MESSAGE);
                append(&mut method.values, value(text), MESSAGE);
            }
            _ => {}
        }
    }

    fn close(&mut self, name: &str, at: Place, sink: &mut Sink) {
        self.reads = None;
        match name {
            "test-method" => self.close_method(at, sink),
            "class" => {
                self.classes.pop();
            }
            "testng-results" => {
                // The total can hold so many that one by one they could not be counted.
                self.levels.add("ignored", self.ignored);
                self.levels.close(ways, sink);
            }
            _ => {}
        }
    }

    fn finish(&mut self, sink: &mut Sink) {
        for entry in std::mem::take(&mut self.tries).into_values().flatten() {
            sink.push(entry);
        }
    }
}

impl TestNg {
    fn method(&mut self, tag: &Tag<'_>, at: Place) {
        let said = |key: &str| tag.get(key).as_deref() == Some("true");
        let (config, retried) = (said("is-config"), said("retried"));
        let (status, counter) = match tag.get("status").as_deref() {
            Some("PASS") => (CheckStatus::Passed, "passed"),
            Some("FAIL" | "SUCCESS_PERCENTAGE_FAILURE") => (CheckStatus::Failed, "failed"),
            Some("SKIP") => (CheckStatus::Skipped, "skipped"),
            _ => (CheckStatus::Unknown, "unknown"),
        };
        match (config, retried) {
            (true, _) => {}
            (false, true) => self.levels.count(&["retried"]),
            (false, false) => self.levels.count(&["total", counter]),
        }
        let mut case = OpenCase::new(self.classes.last().cloned(), tag.get("name"), status, at);
        if !self.test.is_empty() {
            case.entry.id = format!("{}::{}", self.test, case.entry.id);
        }
        case.entry.duration_ms = tag.get("duration-ms").and_then(|text| text.trim().parse().ok());
        self.method = Some(Method { case, config, retried, values: String::new() });
    }

    fn close_method(&mut self, at: Place, sink: &mut Sink) {
        let Some(method) = self.method.take() else { return };
        let mut entry = method.case.close(at);
        if method.config {
            // A set-up that fails takes its tests with it: they are skipped, it is what failed.
            if matches!(entry.status, CheckStatus::Failed | CheckStatus::Unknown) {
                entry.status = CheckStatus::Broken;
                sink.push(entry);
            }
            return;
        }
        if !method.values.is_empty() {
            entry.name = format!("{}({})", entry.name, method.values);
            entry.id = format!("{}({})", entry.id, method.values);
        }
        if method.retried {
            (entry.status, entry.attempt) = (CheckStatus::Failed, Attempt::InOrder);
            self.tries.entry(entry.id.clone()).or_default().push(entry);
            return;
        }
        for tried in self.tries.remove(&entry.id).unwrap_or_default() {
            entry.attempt = Attempt::InOrder;
            sink.push(tried);
        }
        sink.push(entry);
    }
}

/// A value that names a row: an object without a text of its own has an address, which differs
/// from try to try.
fn value(text: &str) -> &str {
    let text = text.trim();
    match text.rsplit_once('@') {
        Some((class, address)) if address.bytes().all(|byte| byte.is_ascii_hexdigit()) => class,
        _ => text,
    }
}

/// The total is with or without what was tried again or turned off.
fn ways(name: &str, found: &Found) -> Vec<u64> {
    let of = |name: &str| found.get(name).copied().unwrap_or(0);
    match name {
        "total" => {
            let tried = of("total") + of("retried");
            let with = |count: u64| count.saturating_add(of("ignored"));
            vec![tried, with(tried), with(of("total"))]
        }
        // Older versions write a failed try as skipped.
        "skipped" => vec![of("skipped") + of("retried")],
        _ => Vec::new(),
    }
}
