//! JSON of GoogleTest.

use contract::CheckStatus;
use contract::part::{Effect, Entry, RemarkKind};
use serde::Deserialize;
use serde_json::value::RawValue;

use crate::json::{Document, JsonFormat};
use crate::sink::{Count, Sink};
use crate::words;

/// The format.
pub const FORMAT: JsonFormat =
    JsonFormat { name: "gtest", knows: |keys| keys.has(&["testsuites", "tests"]), read };

#[derive(Deserialize)]
struct Report<'a> {
    tests: Option<u64>,
    failures: Option<u64>,
    errors: Option<u64>,
    #[serde(borrow)]
    testsuites: Vec<Suite<'a>>,
}

#[derive(Deserialize)]
struct Suite<'a> {
    name: Option<String>,
    #[serde(borrow)]
    testsuite: Vec<&'a RawValue>,
}

#[derive(Deserialize)]
struct Test {
    name: Option<String>,
    file: Option<String>,
    status: Option<String>,
    result: Option<String>,
    time: Option<String>,
    failures: Option<Vec<Failure>>,
    skipped: Option<Vec<Failure>>,
}

#[derive(Deserialize)]
struct Failure {
    #[serde(alias = "message")]
    failure: Option<String>,
}

fn read(document: &Document<'_>, sink: &mut Sink) -> serde_json::Result<()> {
    let report: Report<'_> = serde_json::from_str(document.text)?;
    let (mut tests, mut failing) = (0, 0);
    for suite in &report.testsuites {
        for raw in &suite.testsuite {
            let Some(test) = document.element::<Test>(raw, sink) else { continue };
            let entry = entry(suite.name.clone(), test);
            let bare = |text: &str| !text.trim().contains('\n');
            if entry.status == CheckStatus::Skipped && entry.detail.as_deref().is_none_or(bare) {
                let message = "skipped without a reason: GoogleTest writes this where \
                               SetUpTestSuite failed, too; only its console output tells them apart";
                sink.remark_once(None, RemarkKind::Omission, Effect::Incomplete, message);
            }
            tests += 1;
            failing += u64::from(entry.status == CheckStatus::Failed);
            sink.push(document.at(raw, entry));
        }
    }
    let declared = report.failures.unwrap_or(0) + report.errors.unwrap_or(0);
    let effect = if declared > failing { Effect::Fail } else { Effect::None };
    sink.compare("", None, Count { name: "failures", declared, found: failing }, effect);
    if let Some(declared) = report.tests {
        let effect = if declared > tests { Effect::Incomplete } else { Effect::None };
        sink.compare("", None, Count { name: "tests", declared, found: tests }, effect);
    }
    Ok(())
}

fn entry(suite: Option<String>, test: Test) -> Entry {
    let failed = test.failures.as_ref().is_some_and(|failures| !failures.is_empty());
    let status = match (test.status.as_deref(), test.result.as_deref()) {
        _ if failed => CheckStatus::Failed,
        (Some("NOTRUN"), _) | (_, Some("SUPPRESSED")) => CheckStatus::NotRun,
        // A victim of a failed set-up is skipped without a reason: nothing else tells of it.
        (_, Some("SKIPPED")) => CheckStatus::Skipped,
        (Some("RUN"), Some("COMPLETED") | None) => CheckStatus::Passed,
        _ => CheckStatus::Unknown,
    };
    let mut entry = Entry::new(suite, test.name.unwrap_or_else(|| "(no name)".to_owned()), status);
    entry.file = test.file;
    entry.duration_ms =
        test.time.as_deref().and_then(|time| words::seconds(time.trim_end_matches('s')));
    let said = test.failures.or(test.skipped).unwrap_or_default();
    let said: Vec<_> = said.into_iter().filter_map(|one| one.failure).collect();
    if status != CheckStatus::Passed {
        entry.detail = words::present(&said.join("\n"));
        entry.message = entry.detail.as_deref().and_then(words::first_line);
    }
    entry
}
