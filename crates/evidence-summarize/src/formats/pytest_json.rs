//! JSON of pytest-json-report.

use contract::CheckStatus;
use contract::part::{Attempt, Effect, Entry, RemarkKind};
use serde::Deserialize;
use serde_json::value::RawValue;

use crate::json::{Document, JsonFormat};
use crate::loose::{self, Declared, Word};
use crate::sink::Sink;
use crate::words;

/// The format.
pub const FORMAT: JsonFormat = JsonFormat {
    name: "pytest-json-report",
    knows: |keys| keys.has(&["exitcode", "summary", "root"]),
    read,
};

#[derive(Deserialize)]
struct Report<'a> {
    exitcode: Option<i64>,
    summary: Option<Summary>,
    #[serde(borrow)]
    tests: Option<Vec<&'a RawValue>>,
    #[serde(borrow)]
    collectors: Option<Vec<&'a RawValue>>,
}

#[derive(Deserialize)]
struct Summary {
    total: Option<Declared>,
    passed: Option<Declared>,
    failed: Option<Declared>,
    deselected: Option<Declared>,
}

#[derive(Deserialize)]
struct Collector {
    #[serde(default, deserialize_with = "loose::text")]
    nodeid: Option<String>,
    outcome: Option<Word>,
    #[serde(default, deserialize_with = "loose::text")]
    longrepr: Option<String>,
}

#[derive(Deserialize)]
struct Test {
    nodeid: String,
    outcome: Option<Word>,
    setup: Option<Phase>,
    call: Option<Phase>,
    teardown: Option<Phase>,
}

#[derive(Deserialize)]
struct Phase {
    #[serde(default, deserialize_with = "loose::number")]
    duration: Option<f64>,
    outcome: Option<Word>,
    crash: Option<Crash>,
    #[serde(default, deserialize_with = "loose::text")]
    longrepr: Option<String>,
}

#[derive(Deserialize)]
struct Crash {
    #[serde(default, deserialize_with = "loose::text")]
    message: Option<String>,
}

fn read(document: &Document<'_>, sink: &mut Sink) -> serde_json::Result<()> {
    let report: Report<'_> = serde_json::from_str(document.text)?;
    let mut failing = false;
    for raw in report.collectors.iter().flatten() {
        let Some(collector) = document.element::<Collector>(raw, sink) else { continue };
        let status = match collector.outcome.as_deref() {
            Some("failed" | "error") => CheckStatus::Broken,
            Some("skipped") => CheckStatus::Skipped,
            _ => continue,
        };
        failing |= status == CheckStatus::Broken;
        let name = collector.nodeid.unwrap_or_else(|| "(collection)".to_owned());
        let mut entry = Entry::new(None, name, status);
        entry.detail = collector.longrepr.as_deref().and_then(words::present);
        entry.message = entry.detail.as_deref().and_then(last_line);
        sink.push(document.at(raw, entry));
    }
    let (mut tests, mut passed, mut failed) = (0, 0, 0);
    for raw in report.tests.iter().flatten() {
        let Some(test) = document.element::<Test>(raw, sink) else { continue };
        tests += 1;
        passed += u64::from(test.outcome.as_deref() == Some("passed"));
        failed += u64::from(test.outcome.as_deref() == Some("failed"));
        let entry = document.at(raw, entry(&test));
        failing |= matches!(entry.status, CheckStatus::Failed | CheckStatus::Broken);
        if test.outcome.as_deref() == Some("rerun") {
            let entry = Entry { attempt: Attempt::InOrder, ..entry };
            sink.push(Entry { status: CheckStatus::Failed, ..entry.clone() });
            sink.push(entry);
        } else {
            sink.push(entry);
        }
    }
    if let Some(summary) = report.summary {
        let counts = [
            ("tests", &summary.total, tests, Effect::Incomplete),
            ("passed", &summary.passed, passed, Effect::None),
            ("failed", &summary.failed, failed, Effect::Fail),
        ];
        loose::compare(&counts, sink);
        let deselected = summary.deselected.as_ref().and_then(Declared::count).unwrap_or(0);
        sink.unnamed("deselected", None, CheckStatus::NotRun, deselected);
    }
    exit(report.exitcode, failing, sink);
    Ok(())
}

/// What pytest's exit status says that no test does (0: passed, 5: nothing was collected).
fn exit(code: Option<i64>, failing: bool, sink: &mut Sink) {
    let (effect, what) = match code {
        Some(0 | 5) => return,
        Some(2) => (Effect::Incomplete, "was interrupted"),
        Some(code) if failing && code == 1 => return,
        _ => (Effect::Fail, "failed"),
    };
    let message = format!("pytest {what}: its exit status is {}", code.unwrap_or(-1));
    sink.remark(None, RemarkKind::RunFailed, effect, message);
}

fn entry(test: &Test) -> Entry {
    let phases = [&test.setup, &test.call, &test.teardown];
    let bad = phases.iter().filter_map(|phase| phase.as_ref());
    let bad = bad.clone().find(|phase| phase.outcome.as_deref() == Some("failed"));
    let call = test.call.as_ref().and_then(|phase| phase.outcome.as_deref());
    let status = match test.outcome.as_deref() {
        Some("passed" | "xpassed") => CheckStatus::Passed,
        Some("failed") => CheckStatus::Failed,
        Some("error") => CheckStatus::Broken,
        Some("skipped" | "xfailed") => CheckStatus::Skipped,
        // Tried again: what holds is the last call.
        Some("rerun") if bad.is_none() && call == Some("passed") => CheckStatus::Passed,
        Some("rerun") => CheckStatus::Failed,
        _ => CheckStatus::Unknown,
    };
    let odd = |phase: &&Phase| {
        !matches!(phase.outcome.as_deref(), Some("passed" | "failed" | "skipped" | "rerun"))
    };
    let status = match status {
        CheckStatus::Passed if bad.is_some() => CheckStatus::Broken,
        CheckStatus::Passed
            if phases.iter().filter_map(|phase| phase.as_ref()).any(|phase| odd(&phase)) =>
        {
            CheckStatus::Unknown
        }
        status => status,
    };
    let mut entry = Entry::new(None, test.nodeid.clone(), status);
    if let Some((file, name)) = test.nodeid.split_once("::") {
        (entry.file, entry.name) = (Some(file.to_owned()), name.to_owned());
    }
    let seconds: f64 = phases.iter().filter_map(|phase| phase.as_ref()?.duration).sum();
    entry.duration_ms = words::millis(seconds * 1000.0);
    if status != CheckStatus::Passed {
        let skipped = || phases.iter().find_map(|phase| phase.as_ref()?.longrepr.clone());
        let crash = bad.and_then(|phase| phase.crash.as_ref()?.message.clone());
        entry.detail = bad.and_then(|phase| phase.longrepr.clone()).or_else(skipped);
        entry.message = crash.or_else(|| entry.detail.as_deref().and_then(last_line));
    }
    entry
}

fn last_line(text: &str) -> Option<String> {
    text.lines().rev().find_map(words::present)
}
