//! JSON of Mocha.

use std::collections::BTreeSet;

use contract::CheckStatus;
use contract::part::{Effect, Entry};
use serde::Deserialize;
use serde_json::value::RawValue;

use crate::json::{Document, JsonFormat};
use crate::loose::{self, Declared};
use crate::sink::Sink;
use crate::words;

/// The format.
pub const FORMAT: JsonFormat = JsonFormat {
    name: "mocha",
    knows: |keys| keys.has(&["stats", "tests", "failures", "passes"]),
    read,
};

#[derive(Deserialize)]
struct Report<'a> {
    stats: Stats,
    #[serde(borrow)]
    passes: Vec<&'a RawValue>,
    #[serde(borrow)]
    failures: Vec<&'a RawValue>,
    #[serde(borrow)]
    pending: Option<Vec<&'a RawValue>>,
    #[serde(borrow)]
    tests: Vec<&'a RawValue>,
}

#[derive(Deserialize)]
struct Stats {
    tests: Option<Declared>,
    passes: Option<Declared>,
    pending: Option<Declared>,
    failures: Option<Declared>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Test {
    #[serde(default, deserialize_with = "loose::text")]
    title: Option<String>,
    #[serde(default, deserialize_with = "loose::text")]
    full_title: Option<String>,
    #[serde(default, deserialize_with = "loose::text")]
    file: Option<String>,
    #[serde(default, deserialize_with = "loose::number")]
    duration: Option<f64>,
    err: Option<Trouble>,
}

#[derive(Deserialize)]
struct Trouble {
    #[serde(default, deserialize_with = "loose::text")]
    message: Option<String>,
    #[serde(default, deserialize_with = "loose::text")]
    stack: Option<String>,
}

fn read(document: &Document<'_>, sink: &mut Sink) -> serde_json::Result<()> {
    let report: Report<'_> = serde_json::from_str(document.text)?;
    let pending = report.pending.unwrap_or_default();
    let mut seen = BTreeSet::new();
    // A failing hook is among the failures and not among the tests.
    let lists = [
        (&report.failures, CheckStatus::Failed),
        (&pending, CheckStatus::Skipped),
        (&report.passes, CheckStatus::Passed),
        (&report.tests, CheckStatus::Unknown),
    ];
    for (list, status) in lists {
        for raw in list {
            let Some(test) = document.element::<Test>(raw, sink) else { continue };
            let entry = entry(test, status);
            let known = !seen.insert((entry.file.clone(), entry.id.clone()));
            if status != CheckStatus::Unknown || !known {
                sink.push(document.at(raw, entry));
            }
        }
    }
    let stats = &report.stats;
    let counts = [
        ("passes", &stats.passes, report.passes.len() as u64, Effect::None),
        ("pending", &stats.pending, pending.len() as u64, Effect::None),
        ("failures", &stats.failures, report.failures.len() as u64, Effect::Fail),
        ("tests", &stats.tests, report.tests.len() as u64, Effect::Incomplete),
    ];
    loose::compare(&counts, sink);
    Ok(())
}

fn entry(test: Test, status: CheckStatus) -> Entry {
    let title = test.title.unwrap_or_default();
    let full = test.full_title.unwrap_or_else(|| title.clone());
    let suite = full.strip_suffix(&title).map(|suite| suite.trim().to_owned());
    let name = if title.is_empty() { full } else { title };
    let mut entry = Entry::new(suite, name, status);
    entry.file = test.file;
    entry.duration_ms = test.duration.and_then(words::millis);
    if let (CheckStatus::Failed, Some(trouble)) = (status, test.err) {
        entry.message = trouble.message.as_deref().and_then(words::present);
        entry.detail = trouble.stack.as_deref().and_then(words::present);
    }
    entry
}
