//! TRX, the result files of Visual Studio and of `dotnet test` (schema `vstst.xsd`,
//! `http://microsoft.com/schemas/VisualStudio/TeamTest/2010`).

use std::collections::{BTreeMap, BTreeSet};

use contract::CheckStatus;
use contract::part::{Effect, RemarkKind};

use super::outline::{Declares, Found, Levels, Of, OpenCase};
use crate::sink::Sink;
use crate::words;
use crate::xml::{Handler, Place, Tag};

/// The reader, if `tag` begins such a document.
pub fn choose(tag: &Tag<'_>) -> Option<Box<dyn Handler>> {
    (tag.name() == "TestRun").then(|| Box::new(Trx::default()) as Box<dyn Handler>)
}

const COUNTERS: &[Declares] = &[
    ("total", Of::All),
    ("passed", Of::Others),
    ("failed", Of::Failures),
    ("error", Of::Failures),
    ("timeout", Of::Failures),
    ("aborted", Of::Failures),
    ("notRunnable", Of::Failures),
    ("disconnected", Of::Failures),
    ("passedButRunAborted", Of::All),
    ("inconclusive", Of::Others),
];

/// No run has this much to say of itself.
const MAX_INFOS: usize = 100;

#[derive(Default)]
struct Trx {
    /// Results that are open: those of rows stand inside that of their test.
    results: Vec<Result>,
    /// What was counted of results, by attribute of the counters.
    found: Found,
    levels: Levels,
    /// Tests by id, with their class and name, and the ids that have a result.
    defined: BTreeMap<String, (Option<String>, String)>,
    resulted: BTreeSet<String>,
    definition: Option<(String, String)>,
    failing: u64,
    summary: Option<(String, Place)>,
    run_info: Option<(Effect, String, Place)>,
    /// What the run says of itself.
    run_infos: Vec<(Effect, String, Place)>,
    /// The element whose text is read.
    reads: Reads,
}

struct Result {
    case: OpenCase,
    test: String,
    /// The counter it belongs to.
    counter: Option<&'static str>,
    /// How many results stand in it, and whether one of them failed.
    inner: u64,
    inner_failed: bool,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Reads {
    #[default]
    Nothing,
    Message,
    Trace,
    RunInfo,
}

impl Handler for Trx {
    fn open(&mut self, tag: &Tag<'_>, at: Place, sink: &mut Sink) {
        sink.format("trx");
        let inside = !self.results.is_empty();
        match tag.name() {
            name if is_result(name) => self.result(tag, at),
            "Counters" if !inside => self.levels.open(tag, COUNTERS, at, sink),
            "ResultSummary" => self.summary = Some((tag.get("outcome").unwrap_or_default(), at)),
            "RunInfo" => {
                let effect = match tag.get("outcome").as_deref() {
                    Some("Warning" | "Passed" | "Completed") => Effect::None,
                    _ => Effect::Fail,
                };
                self.run_info = Some((effect, String::new(), at));
            }
            "Text" if self.run_info.is_some() => self.reads = Reads::RunInfo,
            "UnitTest" | "WebTest" | "LoadTest" | "GenericTest" | "ManualTest" | "OrderedTest"
                if !inside =>
            {
                let id = tag.get("id").unwrap_or_default().to_lowercase();
                self.definition = Some((id, tag.get("name").unwrap_or_default()));
            }
            "TestMethod" if self.definition.is_some() => self.define(tag.get("className")),
            "Message" if inside => self.reads = Reads::Message,
            "StackTrace" if inside => self.reads = Reads::Trace,
            _ => {}
        }
    }

    fn text(&mut self, text: &str, _sink: &mut Sink) {
        match (self.reads, self.results.last_mut(), &mut self.run_info) {
            (Reads::Message, Some(result), _) => result.case.say(text),
            (Reads::Trace, Some(result), _) => result.case.add(text),
            (Reads::RunInfo, _, Some((_, said, _))) => {
                crate::xml::append(said, text, crate::sink::MESSAGE);
            }
            _ => {}
        }
    }

    fn close(&mut self, name: &str, at: Place, sink: &mut Sink) {
        self.reads = Reads::Nothing;
        match name {
            name if is_result(name) => self.close_result(at, sink),
            "RunInfo" => {
                if let Some(info) = self.run_info.take_if(|_| self.run_infos.len() < MAX_INFOS) {
                    self.run_infos.push(info);
                }
            }
            "UnitTest" | "WebTest" | "LoadTest" | "GenericTest" | "ManualTest" | "OrderedTest" => {
                self.define(None);
            }
            _ => {}
        }
    }

    fn finish(&mut self, sink: &mut Sink) {
        self.absent(sink);
        if self.levels.depth() > 0 {
            for (name, count) in std::mem::take(&mut self.found) {
                self.levels.add(name, count);
            }
            self.levels.close(ways, sink);
        } else {
            let message = "the counters of the run are missing";
            sink.remark(None, RemarkKind::Truncated, Effect::Incomplete, message);
        }
        for (effect, said, begun) in std::mem::take(&mut self.run_infos) {
            // xUnit.net's adapter tells each failure here a second time.
            let effect = if self.failing > 0 { Effect::None } else { effect };
            let message = format!("the run says: {}", said.trim());
            sink.remark(Some(begun.line), RemarkKind::RunFailed, effect, message);
        }
        if let Some((outcome, at)) = self.summary.take() {
            self.conclude(&outcome, at, sink);
        }
    }
}

impl Trx {
    fn result(&mut self, tag: &Tag<'_>, at: Place) {
        let (status, counter) = status(tag.get("outcome").as_deref());
        let test = tag.get("testId").unwrap_or_default().to_lowercase();
        let class = self.defined.get(&test).and_then(|(class, _)| class.clone());
        let mut case = OpenCase::new(class, tag.get("testName"), status, at);
        case.entry.duration_ms = tag.get("duration").as_deref().and_then(clock);
        self.note("elements");
        if self.results.is_empty() {
            self.note("top");
        }
        self.results.push(Result { case, test, counter, inner: 0, inner_failed: false });
    }

    fn close_result(&mut self, at: Place, sink: &mut Sink) {
        let Some(result) = self.results.pop() else { return };
        self.resulted.insert(result.test);
        let status = result.case.entry.status;
        let fails = matches!(status, CheckStatus::Failed | CheckStatus::Broken);
        if let Some(outer) = self.results.last_mut() {
            outer.inner += 1;
            outer.inner_failed |= fails || result.inner_failed;
        }
        // The result around those of rows says what they say; where it says worse, it is one.
        if result.inner > 0 && (!fails || result.inner_failed) {
            match status {
                CheckStatus::Passed => self.note("rows passed"),
                CheckStatus::Failed => self.note("rows failed"),
                _ => {}
            }
            return;
        }
        if let Some(counter) = result.counter {
            self.note(counter);
        }
        self.failing += u64::from(fails);
        self.note("total");
        sink.push(result.case.close(at));
    }

    fn note(&mut self, what: &'static str) {
        *self.found.entry(what).or_default() += 1;
    }

    fn define(&mut self, class: Option<String>) {
        if let Some((id, name)) = self.definition.take() {
            // A class stands with its assembly: `Name.Space.Class, Assembly, Version=…`.
            let class =
                class.map(|class| class.split(',').next().unwrap_or_default().trim().to_owned());
            self.defined.insert(id, (class, name));
        }
    }

    /// Tests that are defined and have no result did not run.
    fn absent(&mut self, sink: &mut Sink) {
        for (id, (class, name)) in std::mem::take(&mut self.defined) {
            if !self.resulted.contains(&id) {
                let mut entry = contract::part::Entry::new(class, name, CheckStatus::NotRun);
                entry.message = Some("defined, and without a result".to_owned());
                sink.push(entry);
                self.note("absent");
                let message = "tests are defined that have no result";
                sink.remark_once(None, RemarkKind::Omission, Effect::Incomplete, message);
            }
        }
    }

    fn conclude(&self, outcome: &str, at: Place, sink: &mut Sink) {
        let effect = match outcome {
            "Completed" | "Passed" | "Warning" => Effect::None,
            _ if self.failing > 0 => Effect::None,
            "Failed" | "Error" | "Timeout" | "Aborted" | "Disconnected" => Effect::Fail,
            _ => Effect::Incomplete,
        };
        if effect > Effect::None {
            let message = format!("the run ended as {outcome:?}, and no result says why");
            sink.remark(Some(at.line), RemarkKind::RunFailed, effect, message);
        }
    }
}

fn is_result(name: &str) -> bool {
    matches!(
        name,
        "UnitTestResult"
            | "TestResult"
            | "TestResultAggregation"
            | "ManualTestResult"
            | "WebTestResult"
            | "LoadTestResult"
            | "GenericTestResult"
            | "OrderedTestResult"
    )
}

/// What an outcome stands for, and the counter it belongs to.
fn status(outcome: Option<&str>) -> (CheckStatus, Option<&'static str>) {
    let (status, counter) = match outcome {
        Some("Passed") => (CheckStatus::Passed, "passed"),
        Some("Failed") => (CheckStatus::Failed, "failed"),
        Some("Error") => (CheckStatus::Broken, "error"),
        Some("Timeout") => (CheckStatus::Broken, "timeout"),
        Some("Aborted") => (CheckStatus::Broken, "aborted"),
        Some("Disconnected") => (CheckStatus::Broken, "disconnected"),
        // It is no test as it stands: what it was to show is not shown.
        Some("NotRunnable") => (CheckStatus::Broken, "notRunnable"),
        // What `Ignore` and every skip are written as.
        Some("NotExecuted") => (CheckStatus::Skipped, "notExecuted"),
        Some("Pending") => (CheckStatus::NotRun, "pending"),
        Some("Inconclusive") => (CheckStatus::Unknown, "inconclusive"),
        Some("PassedButRunAborted") => (CheckStatus::Unknown, "passedButRunAborted"),
        _ => return (CheckStatus::Unknown, None),
    };
    (status, Some(counter))
}

/// Results are counted with or without those of rows, and absent ones too.
fn ways(name: &str, found: &Found) -> Vec<u64> {
    let of = |name: &str| found.get(name).copied().unwrap_or(0);
    let broken = of("error") + of("timeout") + of("aborted") + of("notRunnable");
    match name {
        "total" => {
            vec![of("elements"), of("top"), of("top") + of("absent"), of("total") + of("absent")]
        }
        // vstest counts whatever did not pass and was not skipped.
        "failed" => vec![
            of("failed") + broken,
            of("failed") + of("rows failed"),
            of("failed") + of("rows failed") + broken,
        ],
        "passed" => vec![of("passed") + of("rows passed")],
        _ => Vec::new(),
    }
}

/// A duration as `00:00:00.0259239`, with days before it where there are some.
fn clock(text: &str) -> Option<u64> {
    let mut parts = text.rsplit(':');
    let seconds = words::seconds(parts.next()?)?;
    let minutes: u64 = parts.next()?.parse().ok()?;
    let hours = parts.next()?;
    let (days, hours) = hours.split_once('.').unwrap_or(("0", hours));
    let hours: u64 = days.parse::<u64>().ok()?.checked_mul(24)?.checked_add(hours.parse().ok()?)?;
    let minutes = hours.checked_mul(60)?.checked_add(minutes)?;
    minutes.checked_mul(60_000)?.checked_add(seconds)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_duration_is_hours_minutes_seconds() {
        assert_eq!(clock("00:00:01.5"), Some(1_500));
        assert_eq!(clock("1.02:00:00.0000000"), Some(26 * 3_600_000));
        assert_eq!(clock("99999999999999999999:00:00"), None);
        assert_eq!(clock("1.5"), None);
    }
}
