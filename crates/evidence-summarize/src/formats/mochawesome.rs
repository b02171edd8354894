//! JSON of mochawesome, which Cypress is often asked for.

use contract::CheckStatus;
use contract::part::{Effect, Entry};
use serde::Deserialize;
use serde_json::value::RawValue;

use crate::json::{Document, JsonFormat};
use crate::loose::{self, Declared, Word};
use crate::sink::Sink;
use crate::words;

/// The format.
pub const FORMAT: JsonFormat = JsonFormat {
    name: "mochawesome",
    knows: |keys| !keys.array && keys.has(&["stats", "results"]) && !keys.has(&["reportFormat"]),
    read,
};

#[derive(Deserialize)]
struct Report<'a> {
    stats: Stats,
    #[serde(borrow)]
    results: Vec<&'a RawValue>,
}

#[derive(Deserialize)]
struct Stats {
    passes: Option<Declared>,
    failures: Option<Declared>,
    pending: Option<Declared>,
    skipped: Option<Declared>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Suite<'a> {
    #[serde(default, deserialize_with = "loose::text")]
    title: Option<String>,
    #[serde(default, deserialize_with = "loose::text")]
    file: Option<String>,
    #[serde(borrow)]
    tests: Vec<&'a RawValue>,
    #[serde(borrow)]
    before_hooks: Option<Vec<&'a RawValue>>,
    #[serde(borrow)]
    after_hooks: Option<Vec<&'a RawValue>>,
    #[serde(borrow)]
    suites: Option<Vec<Suite<'a>>>,
}

#[derive(Deserialize)]
struct Test {
    #[serde(default, deserialize_with = "loose::text")]
    title: Option<String>,
    state: Option<Word>,
    #[serde(default, deserialize_with = "loose::number")]
    duration: Option<f64>,
    pending: Option<bool>,
    skipped: Option<bool>,
    err: Option<Trouble>,
}

#[derive(Deserialize)]
struct Trouble {
    #[serde(default, deserialize_with = "loose::text")]
    message: Option<String>,
    #[serde(default, deserialize_with = "loose::text")]
    estack: Option<String>,
}

/// Passed, failed (without hooks, as the report counts), pending, skipped.
type Found = [u64; 4];

fn read(document: &Document<'_>, sink: &mut Sink) -> serde_json::Result<()> {
    let report: Report<'_> = serde_json::from_str(document.text)?;
    let mut found = Found::default();
    // Where nothing was run, `false` stands in the place of the suite.
    for raw in report.results.iter().filter(|raw| raw.get() != "false") {
        if let Some(suite) = document.holder::<Suite<'_>>(raw, sink) {
            walk(document, &suite, ("", None), &mut found, sink);
        }
    }
    let stats = &report.stats;
    let counts = [
        ("passes", &stats.passes, found[0], Effect::Incomplete),
        ("failures", &stats.failures, found[1], Effect::Fail),
        ("pending", &stats.pending, found[2], Effect::None),
        ("skipped", &stats.skipped, found[3], Effect::None),
    ];
    loose::compare(&counts, sink);
    Ok(())
}

fn walk(
    document: &Document<'_>,
    suite: &Suite<'_>,
    above: (&str, Option<&str>),
    found: &mut Found,
    sink: &mut Sink,
) {
    let title = suite.title.as_deref().unwrap_or_default();
    let path = if above.0.is_empty() { title.to_owned() } else { format!("{} {title}", above.0) };
    let file = suite.file.as_deref().filter(|file| !file.is_empty()).or(above.1);
    for raw in &suite.tests {
        let Some(test) = document.element::<Test>(raw, sink) else { continue };
        let status = status(&test, found);
        sink.push(document.at(raw, entry(&path, file, test, status)));
    }
    for raw in suite.before_hooks.iter().chain(&suite.after_hooks).flatten() {
        let Some(hook) = document.element::<Test>(raw, sink) else { continue };
        // A hook is no test of its own, unless it fails.
        if hook.state.as_deref() == Some("failed") {
            sink.push(document.at(raw, entry(&path, file, hook, CheckStatus::Broken)));
        }
    }
    for inner in suite.suites.iter().flatten() {
        walk(document, inner, (&path, file), found, sink);
    }
}

/// `skipped` are the victims of a hook that failed: they never ran.
fn status(test: &Test, found: &mut Found) -> CheckStatus {
    let (slot, status) = match test.state.as_deref() {
        Some("failed") => (1, CheckStatus::Failed),
        Some("pending") => (2, CheckStatus::Skipped),
        _ if test.skipped == Some(true) => (3, CheckStatus::NotRun),
        None if test.pending == Some(true) => (2, CheckStatus::Skipped),
        Some("passed") => (0, CheckStatus::Passed),
        _ => return CheckStatus::Unknown,
    };
    found[slot] += 1;
    status
}

fn entry(suite: &str, file: Option<&str>, test: Test, status: CheckStatus) -> Entry {
    let name = test.title.unwrap_or_else(|| "(no name)".to_owned());
    let mut entry = Entry::new(Some(suite.to_owned()), name, status);
    entry.file = file.map(str::to_owned);
    entry.duration_ms = test.duration.and_then(words::millis);
    if let (CheckStatus::Failed | CheckStatus::Broken, Some(trouble)) = (status, test.err) {
        entry.message = trouble.message.as_deref().and_then(words::present);
        entry.detail = trouble.estack.as_deref().and_then(words::present);
    }
    entry
}
