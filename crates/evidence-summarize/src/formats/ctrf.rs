//! CTRF (Common Test Report Format), <https://ctrf.io>.

use contract::CheckStatus;
use contract::part::{Attempt, Effect, Entry, RemarkKind};
use serde::Deserialize;
use serde_json::value::RawValue;

use crate::json::{Document, JsonFormat};
use crate::loose::{self, Declared, Flag, Word};
use crate::sink::Sink;
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
    #[serde(default, deserialize_with = "loose::text")]
    name: Option<String>,
}

#[derive(Deserialize)]
struct Summary {
    tests: Option<Declared>,
    passed: Option<Declared>,
    failed: Option<Declared>,
    skipped: Option<Declared>,
    pending: Option<Declared>,
    other: Option<Declared>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Test {
    #[serde(default, deserialize_with = "loose::text")]
    name: Option<String>,
    status: Option<Word>,
    raw_status: Option<Word>,
    #[serde(default, deserialize_with = "loose::number")]
    duration: Option<f64>,
    suite: Option<Suite>,
    #[serde(default, deserialize_with = "loose::text")]
    file_path: Option<String>,
    #[serde(default, deserialize_with = "loose::text")]
    message: Option<String>,
    #[serde(default, deserialize_with = "loose::text")]
    trace: Option<String>,
    flaky: Option<Flag>,
    retries: Option<Declared>,
    extra: Option<Extra>,
}

#[derive(Deserialize)]
struct Extra {
    annotations: Option<Vec<Annotation>>,
}

#[derive(Deserialize)]
struct Annotation {
    #[serde(rename = "type")]
    kind: Option<Word>,
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
    let tries = if test.flaky.is_some_and(Flag::said) {
        test.retries.as_ref().and_then(Declared::count).unwrap_or(1).max(1)
    } else {
        0
    };
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
    let all = found.iter().sum();
    let counts = [
        ("passed", &declared.passed, found[0], Effect::None),
        ("failed", &declared.failed, found[1], Effect::Fail),
        ("skipped", &declared.skipped, found[2], Effect::None),
        ("pending", &declared.pending, found[3], Effect::None),
        ("other", &declared.other, found[4], Effect::None),
        ("tests", &declared.tests, all, Effect::Incomplete),
    ];
    loose::compare(&counts, sink);
    if declared.tests == Some(Declared::Count(0)) && all == 0 {
        let message = "a report without a single test";
        sink.remark(None, RemarkKind::Omission, Effect::None, message);
    }
}
