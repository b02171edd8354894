//! JSON of behave and of the Cucumber family: features, scenarios, steps.

use contract::CheckStatus;
use contract::part::{Effect, Entry, RemarkKind};
use serde::Deserialize;
use serde_json::value::RawValue;

use crate::json::{Document, JsonFormat};
use crate::loose::{self, Word};
use crate::sink::Sink;
use crate::words;

/// The format.
pub const FORMAT: JsonFormat = JsonFormat {
    name: "behave",
    knows: |keys| keys.array && keys.has(&["keyword", "name", "elements"]),
    read,
};

#[derive(Deserialize)]
struct Feature<'a> {
    #[serde(default, deserialize_with = "loose::text")]
    name: Option<String>,
    #[serde(default, deserialize_with = "loose::text")]
    location: Option<String>,
    #[serde(default, deserialize_with = "loose::text")]
    uri: Option<String>,
    #[serde(borrow)]
    elements: Option<Vec<&'a RawValue>>,
    status: Option<Word>,
}

#[derive(Deserialize)]
struct Element {
    #[serde(rename = "type")]
    kind: Option<Word>,
    #[serde(default, deserialize_with = "loose::text")]
    name: Option<String>,
    status: Option<Word>,
    steps: Option<Vec<Step>>,
    before: Option<Vec<Step>>,
    after: Option<Vec<Step>>,
}

#[derive(Deserialize)]
struct Step {
    #[serde(default, deserialize_with = "loose::text")]
    keyword: Option<String>,
    #[serde(default, deserialize_with = "loose::text")]
    name: Option<String>,
    result: Option<Outcome>,
}

#[derive(Deserialize)]
struct Outcome {
    status: Option<Word>,
    error_message: Option<Lines>,
}

/// A string, or a list of lines.
struct Lines(String);

impl<'de> Deserialize<'de> for Lines {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = <&RawValue>::deserialize(deserializer)?.get();
        let lines = || serde_json::from_str::<Vec<String>>(raw).map(|lines| lines.join("\n"));
        let text = serde_json::from_str::<String>(raw).or_else(|_| lines());
        // Whatever else stands there still says why something failed.
        Ok(Self(text.unwrap_or_else(|_| raw.to_owned())))
    }
}

fn read(document: &Document<'_>, sink: &mut Sink) -> serde_json::Result<()> {
    let features: Vec<&RawValue> = serde_json::from_str(document.text)?;
    for raw in features {
        let Some(feature) = document.holder::<Feature<'_>>(raw, sink) else { continue };
        let mut failing = false;
        for raw in feature.elements.iter().flatten() {
            let Some(element) = document.element::<Element>(raw, sink) else { continue };
            if element.kind.as_deref() != Some("background") {
                let entry = entry(&feature, &element);
                failing |= matches!(entry.status, CheckStatus::Failed | CheckStatus::Broken);
                sink.push(document.at(raw, entry));
            }
        }
        let Some(word) = feature.status.as_deref().filter(|_| !failing) else { continue };
        let (effect, message) = match outcome(word) {
            CheckStatus::Failed | CheckStatus::Broken => {
                (Effect::Fail, format!("a feature is {word}, and none of its scenarios"))
            }
            CheckStatus::Unknown => {
                (Effect::Incomplete, format!("a feature is {word:?}: what that says is not known"))
            }
            _ => continue,
        };
        sink.remark(None, RemarkKind::RunFailed, effect, message);
    }
    Ok(())
}

fn entry(feature: &Feature<'_>, element: &Element) -> Entry {
    let lists = [&element.before, &element.steps, &element.after];
    let steps: Vec<&Step> = lists.into_iter().flatten().flatten().collect();
    let (status, step) = worst(element, &steps);
    let name = element.name.clone().unwrap_or_else(|| "(no name)".to_owned());
    let mut entry = Entry::new(feature.name.clone(), name, status);
    let location = feature.location.as_deref().or(feature.uri.as_deref());
    entry.file = location.map(|place| place.split(':').next().unwrap_or(place).to_owned());
    if let (Some(step), false) = (step, status == CheckStatus::Passed) {
        let word = step.result.as_ref().and_then(|result| result.status.as_deref());
        let keyword = step.keyword.as_deref().unwrap_or_default().trim();
        let name = step.name.as_deref().unwrap_or_default();
        let said = step.result.as_ref().and_then(|result| result.error_message.as_ref());
        let said = said.map_or(String::new(), |lines| format!(": {}", lines.0.trim()));
        let word = word.unwrap_or("without a result");
        entry.message = words::present(&format!("{word}: {keyword} {name}{said}"));
    }
    entry
}

fn outcome(word: &str) -> CheckStatus {
    match word {
        "untested" => CheckStatus::NotRun,
        "undefined" | "hook_error" | "cleanup_error" => CheckStatus::Broken,
        word => words::outcome(word),
    }
}

/// A scenario is as good as its worst step: one whose step was never run did not pass.
fn worst<'s>(element: &Element, steps: &[&'s Step]) -> (CheckStatus, Option<&'s Step>) {
    let of = |step: &Step| match step.result.as_ref().and_then(|result| result.status.as_deref()) {
        Some("passed") => CheckStatus::Passed,
        Some("failed") => CheckStatus::Failed,
        Some("undefined" | "ambiguous" | "error" | "hook_error" | "cleanup_error") => {
            CheckStatus::Broken
        }
        Some("skipped" | "pending") => CheckStatus::Skipped,
        None | Some("untested") => CheckStatus::NotRun,
        Some(_) => CheckStatus::Unknown,
    };
    let worst = steps.iter().max_by_key(|step| crate::fold::rank(of(step))).copied();
    let by_steps = worst.map(of);
    let said = element.status.as_deref().map(outcome);
    let status = match (by_steps, said) {
        // A skipped scenario has steps without a result.
        (_, Some(CheckStatus::Skipped)) => CheckStatus::Skipped,
        (Some(steps), Some(said)) if crate::fold::rank(said) > crate::fold::rank(steps) => said,
        (Some(steps), _) => steps,
        (None, Some(said)) => said,
        (None, None) => CheckStatus::Unknown,
    };
    (status, worst)
}
