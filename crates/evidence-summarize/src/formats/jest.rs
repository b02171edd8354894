//! JSON of Jest and of Vitest, which writes the same.

use contract::CheckStatus;
use contract::part::{Attempt, Effect, Entry, RemarkKind};
use serde::Deserialize;
use serde_json::value::RawValue;

use crate::json::{Document, JsonFormat};
use crate::loose::{self, Declared, Word};
use crate::sink::Sink;
use crate::words;

/// The format.
pub const FORMAT: JsonFormat =
    JsonFormat { name: "jest", knows: |keys| keys.has(&["numTotalTests", "testResults"]), read };

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Report<'a> {
    success: Option<bool>,
    was_interrupted: Option<bool>,
    num_total_tests: Option<Declared>,
    num_failed_tests: Option<Declared>,
    num_passed_tests: Option<Declared>,
    num_pending_tests: Option<Declared>,
    num_todo_tests: Option<Declared>,
    num_failed_test_suites: Option<Declared>,
    #[serde(borrow)]
    test_results: Vec<&'a RawValue>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct File<'a> {
    #[serde(default, deserialize_with = "loose::text")]
    name: Option<String>,
    status: Option<Word>,
    #[serde(default, deserialize_with = "loose::text")]
    message: Option<String>,
    #[serde(borrow)]
    assertion_results: Option<Vec<&'a RawValue>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Test {
    ancestor_titles: Option<Vec<String>>,
    #[serde(default, deserialize_with = "loose::text")]
    title: Option<String>,
    status: Option<Word>,
    #[serde(default, deserialize_with = "loose::number")]
    duration: Option<f64>,
    failure_messages: Option<Vec<String>>,
    retry_reasons: Option<Vec<String>>,
}

fn read(document: &Document<'_>, sink: &mut Sink) -> serde_json::Result<()> {
    let report: Report<'_> = serde_json::from_str(document.text)?;
    let (mut tests, mut failed, mut bad_files, mut found) = (0, 0, 0, [0_u64; 3]);
    for raw in &report.test_results {
        let Some(file) = document.holder::<File<'_>>(raw, sink) else { continue };
        let mut failing = false;
        for raw in file.assertion_results.iter().flatten() {
            let Some(test) = document.element::<Test>(raw, sink) else { continue };
            let entry = document.at(raw, entry(&test, file.name.as_deref()));
            tests += 1;
            match test.status.as_deref() {
                Some("passed") => found[0] += 1,
                Some("pending" | "skipped" | "disabled") => found[1] += 1,
                Some("todo") => found[2] += 1,
                _ => {}
            }
            failed += u64::from(entry.status == CheckStatus::Failed);
            failing |= entry.status == CheckStatus::Failed;
            push(entry, test.retry_reasons.map_or(0, |reasons| reasons.len()), sink);
        }
        match file.status.as_deref() {
            Some("failed") => {
                bad_files += 1;
                if !failing {
                    not_loaded(document, raw, &file, sink);
                }
            }
            None | Some("passed" | "pending" | "skipped" | "focused" | "todo" | "disabled") => {}
            Some(word) => {
                let message =
                    format!("a file has the status {word:?}: what that says is not known");
                sink.remark(None, RemarkKind::Malformed, Effect::Incomplete, message);
            }
        }
    }
    loose::compare(
        &[
            ("tests", &report.num_total_tests, tests, Effect::Incomplete),
            ("failures", &report.num_failed_tests, failed, Effect::Fail),
            ("passed", &report.num_passed_tests, found[0], Effect::None),
            ("pending", &report.num_pending_tests, found[1], Effect::None),
            ("todo", &report.num_todo_tests, found[2], Effect::None),
        ],
        sink,
    );
    // Jest counts describe blocks as suites in one version and files in the other.
    if bad_files == 0 {
        let failed_suites = &report.num_failed_test_suites;
        loose::compare(&[("failed suites", failed_suites, 0, Effect::Fail)], sink);
    }
    if report.success == Some(false) && failed + bad_files == 0 {
        let message = "says that the run did not succeed, and shows no failure";
        sink.remark(None, RemarkKind::RunFailed, Effect::Fail, message);
    }
    if report.was_interrupted == Some(true) {
        let message = "the run was interrupted";
        sink.remark(None, RemarkKind::Truncated, Effect::Incomplete, message);
        sink.complete = false;
    }
    Ok(())
}

fn entry(test: &Test, file: Option<&str>) -> Entry {
    let status = match test.status.as_deref() {
        Some("passed") => CheckStatus::Passed,
        Some("failed") => CheckStatus::Failed,
        Some("pending" | "skipped" | "todo") => CheckStatus::Skipped,
        Some("disabled") => CheckStatus::NotRun,
        _ => CheckStatus::Unknown,
    };
    let suite = test.ancestor_titles.iter().flatten().filter(|title| !title.is_empty());
    let suite = suite.cloned().collect::<Vec<_>>().join(" > ");
    let name = test.title.clone().unwrap_or_else(|| "(no name)".to_owned());
    let mut entry = Entry::new(Some(suite), name, status);
    entry.file = file.map(str::to_owned);
    entry.duration_ms = test.duration.and_then(words::millis);
    if status == CheckStatus::Failed {
        let message =
            test.failure_messages.iter().flatten().cloned().collect::<Vec<_>>().join("\n");
        let message = crate::text::plain(&message).into_owned();
        entry.message = words::first_line(&message);
        entry.detail = words::present(&message);
    }
    entry
}

fn push(entry: Entry, tries: usize, sink: &mut Sink) {
    if tries == 0 {
        sink.push(entry);
        return;
    }
    let entry = Entry { attempt: Attempt::InOrder, ..entry };
    for _ in 0..tries.min(100) {
        sink.push(Entry { status: CheckStatus::Failed, ..entry.clone() });
    }
    sink.push(entry);
}

/// A file that failed without a failed test was never loaded: its tests are not there at all.
fn not_loaded(document: &Document<'_>, raw: &RawValue, file: &File<'_>, sink: &mut Sink) {
    let name = file.name.clone().unwrap_or_else(|| "(no name)".to_owned());
    let mut entry = Entry::new(None, name.clone(), CheckStatus::Broken);
    let message = crate::text::plain(file.message.as_deref().unwrap_or_default()).into_owned();
    entry.message = words::first_line(&message).or(Some("the file could not be run".to_owned()));
    entry.detail = words::present(&message);
    entry.file = Some(name);
    sink.push(document.at(raw, entry));
}
