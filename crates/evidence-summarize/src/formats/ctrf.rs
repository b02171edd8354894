//! CTRF (Common Test Report Format), <https://ctrf.io>.

use contract::CheckStatus;
use contract::part::{Attempt, Effect, Entry, RemarkKind};
use serde::Deserialize;
use serde_json::value::RawValue;

use crate::json::{Document, JsonFormat};
use crate::sink::{Count, Sink};
use crate::words;

/// The format.
pub const FORMAT: JsonFormat = JsonFormat {
    name: "ctrf",
    knows: |keys| {
        !keys.array
            && (keys.has(&["reportFormat"])
                || keys.has(&["results"]) && !keys.has(&["SchemaVersion"]))
    },
    read,
};

#[derive(Deserialize)]
struct Report<'a> {
    #[serde(borrow)]
    results: Results<'a>,
}

#[derive(Deserialize)]
struct Results<'a> {
    tool: Option<Tool>,
    summary: Option<Summary>,
    #[serde(borrow)]
    tests: Vec<&'a RawValue>,
}

#[derive(Deserialize)]
struct Tool {
    name: Option<String>,
}

#[derive(Deserialize)]
struct Summary {
    tests: Option<u64>,
    passed: Option<u64>,
    failed: Option<u64>,
    skipped: Option<u64>,
    pending: Option<u64>,
    other: Option<u64>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Test {
    name: Option<String>,
    status: Option<String>,
    raw_status: Option<String>,
    duration: Option<f64>,
    suite: Option<Suite>,
    file_path: Option<String>,
    message: Option<String>,
    trace: Option<String>,
    flaky: Option<bool>,
    retries: Option<u64>,
    extra: Option<Extra>,
}

#[derive(Deserialize)]
struct Extra {
    annotations: Option<Vec<Annotation>>,
}

#[derive(Deserialize)]
struct Annotation {
    #[serde(rename = "type")]
    kind: Option<String>,
}

/// A string, or in newer versions a list of strings.
struct Suite(String);

impl<'de> Deserialize<'de> for Suite {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = <&RawValue>::deserialize(deserializer)?;
        let text = serde_json::from_str(raw.get());
        let list = || serde_json::from_str::<Vec<String>>(raw.get()).map(|list| list.join(" > "));
        text.or_else(|_| list()).map(Self).map_err(serde::de::Error::custom)
    }
}

fn read(document: &Document<'_>, sink: &mut Sink) -> serde_json::Result<()> {
    let report: Report<'_> = serde_json::from_str(document.text)?;
    let tool = report.results.tool.and_then(|tool| tool.name).unwrap_or_default();
    if matches!(tool.as_str(), "pytest" | "jest") {
        let message = format!(
            "the CTRF reporter of {tool} leaves out files that could not be loaded: \
             give the runner's own output beside it"
        );
        sink.remark(None, RemarkKind::Omission, Effect::Incomplete, message);
    }
    let mut found = [0_u64; 5];
    for raw in &report.results.tests {
        let Some(test) = document.element::<Test>(raw, sink) else { continue };
        found[slot(test.status.as_deref())] += 1;
        let (entry, tries) = entry(test, &tool);
        push((document.at(raw, entry), tries), sink);
    }
    if let Some(declared) = report.results.summary {
        compare(&declared, &found, sink);
    }
    Ok(())
}

fn entry(test: Test, tool: &str) -> (Entry, u64) {
    let mut status = match test.status.as_deref() {
        Some("passed") => CheckStatus::Passed,
        Some("failed") => CheckStatus::Failed,
        Some("skipped" | "pending") => CheckStatus::Skipped,
        _ => CheckStatus::Unknown,
    };
    // A reporter that calls a failure passed still keeps the runner's own word.
    let raw = test.raw_status.as_deref().map_or(CheckStatus::Unknown, words::outcome);
    // Playwright's raw word is that of the attempt, and an expected failure is a pass.
    let expected = tool == "playwright";
    if !expected
        && status == CheckStatus::Passed
        && matches!(raw, CheckStatus::Failed | CheckStatus::Broken)
    {
        status = raw;
    }
    let annotations = test.extra.iter().filter_map(|extra| extra.annotations.as_ref()).flatten();
    let to_fail = annotations.into_iter().any(|one| one.kind.as_deref() == Some("fail"));
    if expected && to_fail && status == CheckStatus::Passed && raw == CheckStatus::Passed {
        status = CheckStatus::Failed;
    }
    // What this tool writes has its own words.
    if tool == "evidence-summarize" && raw != CheckStatus::Passed {
        status = raw;
    }
    if status == CheckStatus::Unknown && raw != CheckStatus::Passed {
        status = raw;
    }
    let suite = test.suite.map(|suite| suite.0);
    let mut entry = Entry::new(suite, test.name.unwrap_or_else(|| "(no name)".to_owned()), status);
    entry.file = test.file_path;
    entry.duration_ms = test.duration.and_then(words::millis);
    if status != CheckStatus::Passed {
        entry.message = test.message.as_deref().and_then(words::present);
        entry.detail = test.trace.as_deref().and_then(words::present);
    }
    let tries = if test.flaky == Some(true) { test.retries.unwrap_or(1).max(1) } else { 0 };
    (entry, tries.min(100))
}

fn push((entry, tries): (Entry, u64), sink: &mut Sink) {
    if tries == 0 || entry.status != CheckStatus::Passed {
        sink.push(entry);
        return;
    }
    let attempt = Entry { attempt: Attempt::InOrder, ..entry };
    for _ in 0..tries {
        sink.push(Entry { status: CheckStatus::Failed, ..attempt.clone() });
    }
    sink.push(attempt);
}

/// Passed, failed, skipped, pending, other.
fn slot(status: Option<&str>) -> usize {
    match status {
        Some("passed") => 0,
        Some("failed") => 1,
        Some("skipped") => 2,
        Some("pending") => 3,
        _ => 4,
    }
}

fn compare(declared: &Summary, found: &[u64; 5], sink: &mut Sink) {
    let counts = [
        ("passed", declared.passed, found[0]),
        ("failed", declared.failed, found[1]),
        ("skipped", declared.skipped, found[2]),
        ("pending", declared.pending, found[3]),
        ("other", declared.other, found[4]),
        ("tests", declared.tests, found.iter().sum()),
    ];
    for (name, declared, found) in counts {
        let Some(declared) = declared else { continue };
        let effect = match name {
            "failed" if declared > found => Effect::Fail,
            "tests" if declared > found => Effect::Incomplete,
            _ => Effect::None,
        };
        sink.compare("", None, Count { name, declared, found }, effect);
    }
    if declared.tests == Some(0) && found.iter().sum::<u64>() == 0 {
        let message = "a report without a single test";
        sink.remark(None, RemarkKind::Omission, Effect::None, message);
    }
}
