//! Allure results: one file per attempt (`*-result.json`), fixtures (`*-container.json`) and
//! errors outside of tests (`*-globals.json`).

use contract::part::{Attempt, Effect, Entry, RemarkKind};
use contract::{CheckStatus, Layer};
use serde::Deserialize;
use serde_json::value::RawValue;

use crate::json::{Document, JsonFormat};
use crate::loose::{self, Declared, Word};
use crate::sink::Sink;
use crate::words;

/// One attempt at one test.
pub const RESULT: JsonFormat = JsonFormat {
    name: "allure",
    knows: |keys| !keys.array && keys.has(&["uuid", "name"]) && is_result(keys),
    read: read_result,
};

/// Set-up and tear-down around tests.
pub const CONTAINER: JsonFormat = JsonFormat {
    name: "allure",
    knows: |keys| {
        let part = ["children", "befores", "afters"].iter().any(|key| keys.has(&[key]));
        !keys.array && keys.has(&["uuid"]) && part
    },
    read: read_container,
};

/// What went wrong outside of tests.
pub const GLOBALS: JsonFormat = JsonFormat {
    name: "allure",
    knows: |keys| !keys.array && keys.has(&["errors", "attachments"]) && !keys.has(&["uuid"]),
    read: read_globals,
};

fn is_result(keys: &crate::json::Keys) -> bool {
    ["historyId", "status", "statusDetails", "stage", "labels", "testCaseId", "start"]
        .iter()
        .any(|key| keys.has(&[key]))
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct TestResult {
    #[serde(default, deserialize_with = "loose::text")]
    history_id: Option<String>,
    #[serde(default, deserialize_with = "loose::text")]
    test_case_id: Option<String>,
    #[serde(default, deserialize_with = "loose::text")]
    full_name: Option<String>,
    #[serde(default, deserialize_with = "loose::text")]
    name: Option<String>,
    status: Option<Word>,
    status_details: Option<Details>,
    start: Option<Declared>,
    stop: Option<Declared>,
    labels: Option<Vec<Label>>,
    parameters: Option<Vec<Parameter>>,
    steps: Option<Vec<Step>>,
    attachments: Option<Vec<Attachment>>,
}

#[derive(Deserialize)]
struct Details {
    #[serde(default, deserialize_with = "loose::text")]
    message: Option<String>,
    #[serde(default, deserialize_with = "loose::text")]
    trace: Option<String>,
}

#[derive(Deserialize)]
struct Label {
    #[serde(default, deserialize_with = "loose::text")]
    name: Option<String>,
    #[serde(default, deserialize_with = "loose::text")]
    value: Option<String>,
}

#[derive(Deserialize)]
struct Parameter {
    #[serde(default, deserialize_with = "loose::text")]
    name: Option<String>,
    #[serde(default, deserialize_with = "loose::text")]
    value: Option<String>,
    excluded: Option<bool>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Step {
    #[serde(default, deserialize_with = "loose::text")]
    name: Option<String>,
    status: Option<Word>,
    status_details: Option<Details>,
    steps: Option<Vec<Step>>,
    attachments: Option<Vec<Attachment>>,
}

#[derive(Deserialize)]
struct Attachment {
    #[serde(default, deserialize_with = "loose::text")]
    source: Option<String>,
}

#[derive(Deserialize)]
struct Container {
    befores: Option<Vec<Step>>,
    afters: Option<Vec<Step>>,
}

#[derive(Deserialize)]
struct Globals {
    errors: Option<Vec<Details>>,
}

fn read_result(document: &Document<'_>, sink: &mut Sink) -> serde_json::Result<()> {
    let result: TestResult = serde_json::from_str(document.text)?;
    let whole: &RawValue = serde_json::from_str(document.text)?;
    let steps = result.steps.as_deref().unwrap_or_default();
    let attachments = result.attachments.as_deref().unwrap_or_default();
    collect(steps, attachments, sink);
    let status = status(&result, steps, sink);
    let label = |name: &str| label(&result, name);
    let suite = label("suite").or_else(|| label("parentSuite")).or_else(|| label("package"));
    let name = result.name.clone().or_else(|| result.full_name.clone());
    let mut entry = Entry::new(suite, name.unwrap_or_else(|| "(no name)".to_owned()), status);
    entry.layer = label("layer").as_deref().and_then(layer);
    if label("framework").as_deref() == Some("audit-run")
        && let Some(check) = label("check")
    {
        // The same check is in the run's own document, under its own id.
        entry.id = check;
        entry.target = parameters(&result).find(|(name, _)| *name == "target").map(|(_, v)| v);
        entry.remedy = result.status_details.as_ref().and_then(|details| details.trace.clone());
    } else {
        entry.id = identity(&result).unwrap_or(entry.id);
    }
    if result.history_id.is_some() || result.test_case_id.is_some() || result.full_name.is_some() {
        // A result without a start is the oldest of its kind for one generator and the newest for
        // the other: the worst of them decides, as for equal starts.
        entry.attempt = Attempt::Keyed(time(&result.start).unwrap_or(0));
    }
    entry.duration_ms =
        time(&result.start).zip(time(&result.stop)).map(|(start, stop)| stop.saturating_sub(start));
    if status != CheckStatus::Passed
        && let Some(details) = &result.status_details
    {
        entry.message = details.message.as_deref().and_then(words::present);
        entry.detail = details.trace.as_deref().and_then(words::present);
    }
    sink.push(document.at(whole, entry));
    Ok(())
}

/// The status, unless the steps say that it cannot be true.
fn status(result: &TestResult, steps: &[Step], sink: &mut Sink) -> CheckStatus {
    let status = match result.status.as_deref() {
        Some("passed") => CheckStatus::Passed,
        Some("failed") => CheckStatus::Failed,
        Some("broken") => CheckStatus::Broken,
        Some("skipped") => CheckStatus::Skipped,
        _ => CheckStatus::Unknown,
    };
    if status == CheckStatus::Passed
        && let Some(step) = steps.iter().find(|step| step.status.as_deref() != Some("passed"))
    {
        let name = step.name.as_deref().unwrap_or("(no name)");
        let said = step.status.as_deref().unwrap_or("without a status");
        let message = format!("says passed, and its step {name:?} is {said}");
        sink.remark(None, RemarkKind::Contradiction, Effect::None, message);
        return CheckStatus::Unknown;
    }
    status
}

/// What Allure 2.46 and Allure 3 take for the identity of a test.
fn identity(result: &TestResult) -> Option<String> {
    let base = result.full_name.clone().or_else(|| result.test_case_id.clone());
    let base = base.or_else(|| result.history_id.clone())?;
    let mut parameters: Vec<_> =
        parameters(result).map(|(name, value)| format!("{name}={value}")).collect();
    parameters.sort();
    parameters.dedup();
    Some(if parameters.is_empty() { base } else { format!("{base}[{}]", parameters.join(", ")) })
}

fn parameters(result: &TestResult) -> impl Iterator<Item = (&str, String)> {
    result.parameters.iter().flatten().filter(|parameter| parameter.excluded != Some(true)).map(
        |parameter| {
            (parameter.name.as_deref().unwrap_or(""), parameter.value.clone().unwrap_or_default())
        },
    )
}

fn time(said: &Option<Declared>) -> Option<u64> {
    said.as_ref().and_then(Declared::count)
}

fn label(result: &TestResult, name: &str) -> Option<String> {
    let labels = result.labels.iter().flatten();
    let mut named = labels.filter(|label| label.name.as_deref() == Some(name));
    named.find_map(|label| label.value.clone())
}

fn layer(word: &str) -> Option<Layer> {
    Layer::ALL.into_iter().find(|layer| layer.word() == word)
}

fn collect(steps: &[Step], attachments: &[Attachment], sink: &mut Sink) {
    sink.attachments.extend(attachments.iter().filter_map(|file| file.source.clone()));
    for step in steps {
        let inner = step.steps.as_deref().unwrap_or_default();
        collect(inner, step.attachments.as_deref().unwrap_or_default(), sink);
    }
}

fn read_container(document: &Document<'_>, sink: &mut Sink) -> serde_json::Result<()> {
    let container: Container = serde_json::from_str(document.text)?;
    for (when, steps) in [("set-up", &container.befores), ("tear-down", &container.afters)] {
        let steps = steps.as_deref().unwrap_or_default();
        collect(steps, &[], sink);
        for step in steps {
            let Some("failed" | "broken") = step.status.as_deref() else { continue };
            let name = step.name.as_deref().unwrap_or("(no name)");
            let why = step.status_details.as_ref().and_then(|details| details.message.as_deref());
            let message = format!("{when} {name:?} failed: {}", why.unwrap_or("no message"));
            sink.remark(None, RemarkKind::LoadError, Effect::Fail, message);
        }
    }
    Ok(())
}

fn read_globals(document: &Document<'_>, sink: &mut Sink) -> serde_json::Result<()> {
    let globals: Globals = serde_json::from_str(document.text)?;
    for error in globals.errors.iter().flatten() {
        let message = error.message.as_deref().unwrap_or("no message");
        let message = format!("an error outside of any test: {message}");
        sink.remark(None, RemarkKind::LoadError, Effect::Fail, message);
    }
    Ok(())
}
