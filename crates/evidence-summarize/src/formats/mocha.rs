//! JSON of Mocha.

use std::collections::BTreeSet;

use contract::CheckStatus;
use contract::part::{Effect, Entry};
use serde::Deserialize;
use serde_json::value::RawValue;

use crate::json::{Document, JsonFormat};
use crate::sink::{Count, Sink};
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
    tests: Option<u64>,
    passes: Option<u64>,
    pending: Option<u64>,
    failures: Option<u64>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Test {
    title: Option<String>,
    full_title: Option<String>,
    file: Option<String>,
    duration: Option<f64>,
    err: Option<Trouble>,
}

#[derive(Deserialize)]
struct Trouble {
    message: Option<String>,
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
    let counts = [
        ("passes", report.stats.passes, report.passes.len(), Effect::None),
        ("pending", report.stats.pending, pending.len(), Effect::None),
        ("failures", report.stats.failures, report.failures.len(), Effect::Fail),
        ("tests", report.stats.tests, report.tests.len(), Effect::Incomplete),
    ];
    for (name, declared, found, effect) in counts {
        let (Some(declared), found) = (declared, found as u64) else { continue };
        let effect = if declared > found { effect } else { Effect::None };
        sink.compare("", None, Count { name, declared, found }, effect);
    }
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
