//! JSON of Playwright.

use contract::CheckStatus;
use contract::part::{Attempt, Effect, Entry, RemarkKind};
use serde::Deserialize;
use serde_json::value::RawValue;

use crate::json::{Document, JsonFormat};
use crate::loose::{self, Declared, Word};
use crate::sink::Sink;
use crate::text::plain;
use crate::words;

/// The format.
pub const FORMAT: JsonFormat =
    JsonFormat { name: "playwright", knows: |keys| keys.has(&["config", "suites", "stats"]), read };

#[derive(Deserialize)]
struct Report<'a> {
    #[serde(borrow)]
    suites: Vec<Suite<'a>>,
    errors: Option<Vec<Trouble>>,
    stats: Option<Stats>,
}

#[derive(Deserialize)]
struct Stats {
    expected: Option<Declared>,
    skipped: Option<Declared>,
    unexpected: Option<Declared>,
    flaky: Option<Declared>,
}

#[derive(Deserialize)]
struct Suite<'a> {
    #[serde(default, deserialize_with = "loose::text")]
    title: Option<String>,
    #[serde(default, deserialize_with = "loose::text")]
    file: Option<String>,
    #[serde(borrow)]
    specs: Option<Vec<Spec<'a>>>,
    #[serde(borrow)]
    suites: Option<Vec<Suite<'a>>>,
}

#[derive(Deserialize)]
struct Spec<'a> {
    #[serde(default, deserialize_with = "loose::text")]
    title: Option<String>,
    #[serde(default, deserialize_with = "loose::text")]
    file: Option<String>,
    #[serde(borrow)]
    tests: Vec<&'a RawValue>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Test {
    expected_status: Option<Word>,
    #[serde(default, deserialize_with = "loose::text")]
    project_name: Option<String>,
    status: Option<Word>,
    results: Vec<Attempted>,
}

#[derive(Deserialize)]
struct Attempted {
    status: Option<Word>,
    #[serde(default, deserialize_with = "loose::number")]
    duration: Option<f64>,
    error: Option<Trouble>,
}

#[derive(Deserialize)]
struct Trouble {
    #[serde(default, deserialize_with = "loose::text")]
    message: Option<String>,
    #[serde(default, deserialize_with = "loose::text")]
    stack: Option<String>,
}

/// Expected, skipped, unexpected, flaky.
type Found = [u64; 4];

fn read(document: &Document<'_>, sink: &mut Sink) -> serde_json::Result<()> {
    let report: Report<'_> = serde_json::from_str(document.text)?;
    let mut found = Found::default();
    for suite in &report.suites {
        walk(document, suite, "", &mut found, sink);
    }
    for trouble in report.errors.iter().flatten() {
        let said = trouble.message.as_deref().unwrap_or("no message");
        let message = format!("an error outside of any test: {}", plain(said));
        sink.remark(None, RemarkKind::LoadError, Effect::Fail, message);
    }
    let Some(stats) = report.stats else { return Ok(()) };
    let counts = [
        ("expected", &stats.expected, found[0], Effect::Incomplete),
        ("skipped", &stats.skipped, found[1], Effect::None),
        ("unexpected", &stats.unexpected, found[2], Effect::Fail),
        ("flaky", &stats.flaky, found[3], Effect::None),
    ];
    loose::compare(&counts, sink);
    Ok(())
}

fn walk(
    document: &Document<'_>,
    suite: &Suite<'_>,
    above: &str,
    found: &mut Found,
    sink: &mut Sink,
) {
    let title = suite.title.as_deref().unwrap_or_default();
    let path = if above.is_empty() { title.to_owned() } else { format!("{above} > {title}") };
    for spec in suite.specs.iter().flatten() {
        for raw in &spec.tests {
            let Some(test) = document.element::<Test>(raw, sink) else { continue };
            let name = spec.title.clone().unwrap_or_else(|| "(no name)".to_owned());
            let project = test.project_name.as_deref().unwrap_or_default();
            let name = if project.is_empty() { name } else { format!("{name} [{project}]") };
            let status = status(&test, found);
            let mut entry = Entry::new(Some(path.clone()), name, status);
            entry.file = spec.file.clone().or_else(|| suite.file.clone());
            push(document.at(raw, entry), &test, sink);
        }
    }
    for inner in suite.suites.iter().flatten() {
        walk(document, inner, &path, found, sink);
    }
}

/// Playwright's own word for a test weighs attempts against what was expected of them. A serial
/// test after a failure is called skipped, and never ran.
fn status(test: &Test, found: &mut Found) -> CheckStatus {
    let (slot, status) = match test.status.as_deref() {
        Some("expected") => (0, CheckStatus::Passed),
        Some("skipped") if test.expected_status.as_deref() == Some("skipped") => {
            (1, CheckStatus::Skipped)
        }
        Some("skipped") => (1, CheckStatus::NotRun),
        Some("flaky") => (3, CheckStatus::Passed),
        Some("unexpected") => {
            let last = test.results.last().and_then(|result| result.status.as_deref());
            let broken = matches!(last, Some("timedOut" | "interrupted"));
            (2, if broken { CheckStatus::Broken } else { CheckStatus::Failed })
        }
        _ => return CheckStatus::Unknown,
    };
    found[slot] += 1;
    // The word for the test is made of those for its attempts.
    let known = |result: &Attempted| {
        matches!(
            result.status.as_deref(),
            Some("passed" | "failed" | "timedOut" | "skipped" | "interrupted")
        )
    };
    if status == CheckStatus::Passed && !test.results.iter().all(known) {
        return CheckStatus::Unknown;
    }
    status
}

fn push(mut entry: Entry, test: &Test, sink: &mut Sink) {
    entry.duration_ms =
        words::millis(test.results.iter().filter_map(|result| result.duration).sum());
    let trouble = test.results.iter().rev().find_map(|result| result.error.as_ref());
    if matches!(entry.status, CheckStatus::Failed | CheckStatus::Broken) {
        let message = trouble.and_then(|trouble| trouble.message.as_deref()).map(plain);
        entry.message = match message {
            Some(message) => words::present(&message),
            None => Some("passed, and was expected to fail".to_owned()),
        };
        entry.detail =
            trouble.and_then(|trouble| trouble.stack.as_deref()).map(plain).map(Into::into);
    }
    if test.results.len() > 1 && test.status.as_deref() != Some("skipped") {
        entry.attempt = Attempt::InOrder;
        for _ in 1..test.results.len().min(100) {
            sink.push(Entry { status: CheckStatus::Failed, ..entry.clone() });
        }
    }
    sink.push(entry);
}
