//! JSON of GoogleTest.

use contract::CheckStatus;
use contract::part::{Effect, Entry, RemarkKind};
use serde::Deserialize;
use serde_json::value::RawValue;

use crate::json::{Document, JsonFormat};
use crate::loose::{self, Declared, Word};
use crate::sink::Sink;
use crate::words;

/// The format.
pub const FORMAT: JsonFormat =
    JsonFormat { name: "gtest", knows: |keys| keys.has(&["testsuites", "tests"]), read };

#[derive(Deserialize)]
struct Report<'a> {
    tests: Option<Declared>,
    failures: Option<Declared>,
    errors: Option<Declared>,
    disabled: Option<Declared>,
    #[serde(borrow)]
    testsuites: Vec<Suite<'a>>,
}

#[derive(Deserialize)]
struct Suite<'a> {
    #[serde(default, deserialize_with = "loose::text")]
    name: Option<String>,
    tests: Option<Declared>,
    failures: Option<Declared>,
    errors: Option<Declared>,
    disabled: Option<Declared>,
    #[serde(borrow)]
    testsuite: Vec<&'a RawValue>,
}

#[derive(Deserialize)]
struct Test {
    #[serde(default, deserialize_with = "loose::text")]
    name: Option<String>,
    #[serde(default, deserialize_with = "loose::text")]
    file: Option<String>,
    status: Option<Word>,
    result: Option<Word>,
    #[serde(default, deserialize_with = "loose::text")]
    time: Option<String>,
    failures: Option<Vec<Failure>>,
    skipped: Option<Vec<Failure>>,
}

#[derive(Deserialize)]
struct Failure {
    #[serde(alias = "message")]
    #[serde(default, deserialize_with = "loose::text")]
    failure: Option<String>,
}

fn read(document: &Document<'_>, sink: &mut Sink) -> serde_json::Result<()> {
    let report: Report<'_> = serde_json::from_str(document.text)?;
    let mut all = Found::default();
    for suite in &report.testsuites {
        let mut found = Found::default();
        for raw in &suite.testsuite {
            let Some(test) = document.element::<Test>(raw, sink) else { continue };
            let entry = entry(suite.name.clone(), test);
            let bare = |text: &str| !text.trim().contains('\n');
            if entry.status == CheckStatus::Skipped && entry.detail.as_deref().is_none_or(bare) {
                let message = "skipped without a reason: GoogleTest writes this where \
                               SetUpTestSuite failed, too; only its console output tells them apart";
                sink.remark_once(None, RemarkKind::Omission, Effect::Incomplete, message);
            }
            found.count(entry.status);
            sink.push(document.at(raw, entry));
        }
        let declared = (&suite.tests, &suite.failures, &suite.errors, &suite.disabled);
        found.compare(suite.name.as_deref().unwrap_or_default(), declared, sink);
        all.add(&found);
    }
    let declared = (&report.tests, &report.failures, &report.errors, &report.disabled);
    all.compare("", declared, sink);
    Ok(())
}

/// What was found of what a report, and each suite in it, counts.
#[derive(Default)]
struct Found {
    tests: u64,
    failures: u64,
    disabled: u64,
}

type Counts<'a> =
    (&'a Option<Declared>, &'a Option<Declared>, &'a Option<Declared>, &'a Option<Declared>);

impl Found {
    fn count(&mut self, status: CheckStatus) {
        self.tests += 1;
        self.failures += u64::from(status == CheckStatus::Failed);
        self.disabled += u64::from(status == CheckStatus::NotRun);
    }

    fn add(&mut self, other: &Self) {
        self.tests += other.tests;
        self.failures += other.failures;
        self.disabled += other.disabled;
    }

    fn compare(&self, scope: &str, declared: Counts<'_>, sink: &mut Sink) {
        let counts = [
            ("failures", declared.1, self.failures, Effect::Fail),
            ("errors", declared.2, 0, Effect::Fail),
            ("disabled", declared.3, self.disabled, Effect::None),
            ("tests", declared.0, self.tests, Effect::Incomplete),
        ];
        loose::compare_in(scope, &counts, sink);
    }
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
