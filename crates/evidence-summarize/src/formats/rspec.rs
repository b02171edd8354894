//! JSON of RSpec.

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
    JsonFormat { name: "rspec", knows: |keys| keys.has(&["examples", "summary"]), read };

#[derive(Deserialize)]
struct Report<'a> {
    #[serde(borrow)]
    examples: Vec<&'a RawValue>,
    summary: Summary,
    messages: Option<Vec<String>>,
}

#[derive(Deserialize)]
struct Summary {
    example_count: Option<Declared>,
    failure_count: Option<Declared>,
    pending_count: Option<Declared>,
    errors_outside_of_examples_count: Option<Declared>,
}

#[derive(Deserialize)]
struct Example {
    #[serde(default, deserialize_with = "loose::text")]
    description: Option<String>,
    #[serde(default, deserialize_with = "loose::text")]
    full_description: Option<String>,
    status: Option<Word>,
    #[serde(default, deserialize_with = "loose::text")]
    file_path: Option<String>,
    #[serde(default, deserialize_with = "loose::number")]
    run_time: Option<f64>,
    #[serde(default, deserialize_with = "loose::text")]
    pending_message: Option<String>,
    exception: Option<Trouble>,
}

#[derive(Deserialize)]
struct Trouble {
    #[serde(default, deserialize_with = "loose::text")]
    class: Option<String>,
    #[serde(default, deserialize_with = "loose::text")]
    message: Option<String>,
}

fn read(document: &Document<'_>, sink: &mut Sink) -> serde_json::Result<()> {
    let report: Report<'_> = serde_json::from_str(document.text)?;
    let (mut examples, mut failures, mut pending) = (0, 0, 0);
    for raw in &report.examples {
        let Some(example) = document.element::<Example>(raw, sink) else { continue };
        let entry = entry(example);
        examples += 1;
        failures += u64::from(entry.status == CheckStatus::Failed);
        pending += u64::from(entry.status == CheckStatus::Skipped);
        sink.push(document.at(raw, entry));
    }
    let summary = &report.summary;
    let counts = [
        ("examples", &summary.example_count, examples, Effect::Incomplete),
        ("failures", &summary.failure_count, failures, Effect::Fail),
        ("pending", &summary.pending_count, pending, Effect::None),
    ];
    loose::compare(&counts, sink);
    let outside = summary.errors_outside_of_examples_count.as_ref();
    let outside = outside.map_or(0, |count| count.count().unwrap_or(1));
    if outside > 0 {
        let said = report.messages.unwrap_or_default().join("\n");
        let message = format!("{outside} errors outside of examples: {}", said.trim());
        sink.remark(None, RemarkKind::LoadError, Effect::Fail, message);
    }
    Ok(())
}

fn entry(example: Example) -> Entry {
    let status = match example.status.as_deref() {
        Some("passed") => CheckStatus::Passed,
        Some("failed") => CheckStatus::Failed,
        Some("pending") => CheckStatus::Skipped,
        _ => CheckStatus::Unknown,
    };
    let name = example.description.unwrap_or_default();
    let full = example.full_description.unwrap_or_else(|| name.clone());
    let suite = full.strip_suffix(&name).map(|suite| suite.trim().to_owned());
    let mut entry = Entry::new(suite, if name.is_empty() { full } else { name }, status);
    entry.file = example.file_path;
    entry.duration_ms = example.run_time.and_then(|seconds| words::millis(seconds * 1000.0));
    match (status, example.exception) {
        (CheckStatus::Failed, Some(trouble)) => {
            entry.message = trouble.message.as_deref().and_then(words::present);
            entry.detail = trouble.class;
        }
        (CheckStatus::Skipped, _) => {
            entry.message = example.pending_message.as_deref().and_then(words::present);
        }
        _ => {}
    }
    entry
}
