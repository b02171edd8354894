//! Results as Allure reads them.

mod shown;

use contract::CheckStatus;
use contract::audit::Target;
use escape::markdown;
use serde::Serialize;
use sha2::{Digest as _, Sha256};

use crate::allure::shown::{command_line, output};
use crate::document::{Outcome, StepOutcome};
use crate::facts::Facts;
use crate::mask::Mask;
use crate::suite::{Check, FactRule};

/// One check as an Allure result.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Result {
    /// Unique among all results of all runs.
    pub uuid: String,
    /// The same for this check on this target in every run.
    pub history_id: String,
    /// The same for this check in every run, whatever the target.
    pub test_case_id: String,
    /// Suite and id.
    pub full_name: String,
    /// The check's title.
    pub name: String,
    /// What it does not show and what it rests on, in Markdown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// The check's status.
    pub status: &'static str,
    /// Why, unless it passed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status_details: Option<Details>,
    /// Always `finished`.
    pub stage: &'static str,
    /// When it began, in milliseconds since the Unix epoch.
    pub start: u64,
    /// When it ended.
    pub stop: u64,
    /// Feature, story, severity and so on.
    pub labels: Vec<Label>,
    /// The target: results of two targets never share an identity.
    pub parameters: Vec<Parameter>,
    /// The commands.
    pub steps: Vec<Step>,
}

/// Why a result or a step has its status.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Details {
    /// The reason.
    pub message: String,
    /// What to do about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub trace: Option<String>,
}

/// A label.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Label {
    /// Its name.
    pub name: &'static str,
    /// Its value.
    pub value: String,
}

/// A parameter.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Parameter {
    /// Its name.
    pub name: &'static str,
    /// Its value.
    pub value: String,
    /// Whether it is left out of the identity.
    pub excluded: bool,
}

/// One command.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Step {
    /// The command line.
    pub name: String,
    /// The step's status.
    pub status: &'static str,
    /// Why, unless it passed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status_details: Option<Details>,
    /// Always `finished`.
    pub stage: &'static str,
    /// When it began.
    pub start: u64,
    /// When it ended.
    pub stop: u64,
    /// Its output.
    pub attachments: Vec<Attachment>,
}

/// An attached file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Attachment {
    /// Its title.
    pub name: String,
    /// Its file name.
    pub source: String,
    /// Its media type.
    #[serde(rename = "type")]
    pub media: &'static str,
}

/// A file to be written into the folder of the results.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// Its name.
    pub name: String,
    /// Its content.
    pub content: Vec<u8>,
}

/// What all results of a run share.
#[derive(Clone, Copy, Debug)]
pub struct Run<'a> {
    /// The suite's name.
    pub suite: &'a str,
    /// The target.
    pub target: &'a Target,
    /// When the run began: it sets the results of one run apart from those of another.
    pub started_ms: u64,
    /// Whether durations are left out because the clock is fixed.
    pub clock_is_fixed: bool,
    /// What was known of the target: a check that rests on facts shows them as its steps.
    pub facts: &'a Facts,
}

/// The files of one check: its attachments first, its result last, so that a result never names
/// what is not there. None for a check that was not run: Allure has no word for that, and the
/// nearest ones would claim something else.
#[must_use]
pub fn files(run: &Run<'_>, check: &Check, outcome: &Outcome, mask: &Mask) -> Vec<File> {
    if outcome.status == CheckStatus::NotRun {
        return vec![];
    }
    let mut files = Vec::new();
    let result = result(run, check, outcome, mask, &mut files);
    let content = serde_json::to_vec(&result).unwrap_or_default();
    files.push(File { name: format!("{}-result.json", result.uuid), content });
    files
}

fn result(
    run: &Run<'_>,
    check: &Check,
    outcome: &Outcome,
    mask: &Mask,
    files: &mut Vec<File>,
) -> Result {
    let full_name = format!("{}:{}", run.suite, check.id);
    let reference = &run.target.reference;
    let started = run.started_ms.to_string();
    let uuid = uuid(&["result", reference, &full_name, &started]);
    let test_case_id = hash(&["case", &full_name]);
    let target = hash(&["target", reference]);
    let start = outcome.started_ms;
    let mut at = start;
    let mut steps = Vec::with_capacity(check.facts.len() + outcome.steps.len());
    // A check that broke before its first command was not held against anything.
    if outcome.status.executed()
        && (outcome.status != CheckStatus::Broken || !outcome.steps.is_empty())
    {
        steps.extend(check.facts.iter().map(|rule| fact_step(rule, run.facts, start, mask)));
    }
    for (index, step) in outcome.steps.iter().enumerate() {
        let stop = at + if run.clock_is_fixed { 0 } else { step.ran.duration_ms };
        steps.push(allure_step(step, (at, stop), &format!("{uuid}/{index}"), mask, files));
        at = stop;
    }
    Result {
        history_id: format!("{test_case_id}.{target}"),
        test_case_id,
        full_name,
        name: check.name.clone(),
        description: description(check),
        status: outcome.status.word(),
        status_details: outcome.reason.as_ref().map(|reason| Details {
            message: mask.apply(reason).text,
            trace: outcome.remedy.clone(),
        }),
        stage: "finished",
        start,
        stop: at,
        labels: labels(run, check),
        parameters: parameters(run.target),
        steps,
        uuid,
    }
}

/// What a reader has to know beside the status.
fn description(check: &Check) -> Option<String> {
    let weak = check.non_discriminating.as_ref().map(|why| {
        let why = markdown::inline(why);
        format!("This check passes on targets that are known to be bad, too: {why}.")
    });
    let control = check
        .control
        .as_ref()
        .map(|id| format!("It counts only where its control {} passes.", markdown::code(id)));
    let parts: Vec<String> = weak.into_iter().chain(control).collect();
    (!parts.is_empty()).then(|| parts.join(" "))
}

fn labels(run: &Run<'_>, check: &Check) -> Vec<Label> {
    let label = |name, value: &str| Label { name, value: value.to_owned() };
    vec![
        label("parentSuite", &run.target.reference),
        label("suite", run.suite),
        label("subSuite", &check.feature),
        label("feature", &check.feature),
        label("story", &check.story),
        label("severity", check.severity.word()),
        label("layer", check.layer.word()),
        label("framework", "audit-run"),
        label("check", &check.id),
    ]
}

fn parameters(target: &Target) -> Vec<Parameter> {
    let mut parameters =
        vec![Parameter { name: "target", value: target.reference.clone(), excluded: false }];
    // A new build of the same image is another id, but the same history.
    if let Some(id) = &target.image_id {
        parameters.push(Parameter { name: "image_id", value: id.clone(), excluded: true });
    }
    parameters
}

/// A fact that was held against a pattern: it took no command, and no time.
fn fact_step(rule: &FactRule, facts: &Facts, at: u64, mask: &Mask) -> Step {
    let value = facts.get(&rule.name);
    let holds = value.is_some_and(|value| rule.pattern.is_match(value.as_bytes()) == rule.must);
    let shown = value
        .map_or("not known".to_owned(), |value| format!("{:?}", mask.value(&rule.name, value)));
    let how = if rule.must { "must" } else { "must not" };
    let pattern = mask.apply(rule.pattern.as_str()).text;
    Step {
        name: format!("fact {} is {shown}: {how} match {pattern:?}", rule.name),
        status: if holds { "passed" } else { "failed" },
        status_details: None,
        stage: "finished",
        start: at,
        stop: at,
        attachments: vec![],
    }
}

fn allure_step(
    step: &StepOutcome,
    (start, stop): (u64, u64),
    seed: &str,
    mask: &Mask,
    files: &mut Vec<File>,
) -> Step {
    let mut attachments = Vec::new();
    for (name, captured) in [("stdout", &step.ran.stdout), ("stderr", &step.ran.stderr)] {
        if step.attach && !captured.bytes.is_empty() {
            let source = format!("{}-attachment.txt", uuid(&["attachment", seed, name]));
            let content = output(captured, mask).into_bytes();
            attachments.push(Attachment {
                name: name.to_owned(),
                source: source.clone(),
                media: "text/plain",
            });
            files.push(File { name: source, content });
        }
    }
    let (status, details) = match &step.objection {
        None => ("passed", None),
        Some((status, reason)) => {
            (status.word(), Some(Details { message: mask.apply(reason).text, trace: None }))
        }
    };
    Step {
        name: mask.apply(&command_line(&step.argv, &step.ran.end)).text,
        status,
        status_details: details,
        stage: "finished",
        start,
        stop,
        attachments,
    }
}

fn hash(parts: &[&str]) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part.as_bytes());
    }
    data_encoding::HEXLOWER.encode(&hash.finalize()[..16])
}

/// A UUID of version 8: its bits are this project's own, made from `parts`.
fn uuid(parts: &[&str]) -> String {
    let hex = hash(parts);
    let variant = char::from(b"89ab"[usize::from(hex.as_bytes()[16] % 4)]);
    format!(
        "{}-{}-8{}-{variant}{}-{}",
        &hex[..8],
        &hex[8..12],
        &hex[13..16],
        &hex[17..20],
        &hex[20..32]
    )
}
