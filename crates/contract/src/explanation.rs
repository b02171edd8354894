//! `explanation`: why a case has its status, its layer and its action.

use serde::{Deserialize, Serialize};

use crate::inventory::Requirement;
use crate::part::Span;
use crate::summary::{Case, Change, Coverage, GateRef, Unmet};
use crate::{CheckStatus, Generator, InputRef, Layer, Sha256, Tag, Verdict};

/// Why each case of one id or name is what it is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Explanation {
    /// The document's kind and version.
    pub schema: Tag<Self>,
    /// The tool that made it.
    pub generator: Generator,
    /// Everything that the summary was made from.
    pub inputs: Vec<InputRef>,
    /// The id or name that was asked for.
    pub asked: String,
    /// What is known beside the cases themselves.
    pub basis: Basis,
    /// The verdict over everything.
    pub verdict: Verdict,
    /// The gate it was reached under.
    pub gate: GateRef,
    /// The cases: one for each target, or for each place where it stands.
    pub cases: Vec<Explained>,
}

/// What an explanation is made from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Basis {
    /// The evidence itself: every attempt and everything it says is known.
    Evidence,
    /// A summary: of a case only what the summary keeps is known, so `told` is empty and a rule
    /// may have fitted text that is not there.
    Summary,
}

/// One case, and why.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Explained {
    /// The case as a summary has it: status, layer, rule, and the place it is written at.
    pub case: Case,
    /// What decided its status.
    pub status_from: StatusFrom,
    /// Every element that tells of it, in the order of the inputs.
    pub told: Vec<Telling>,
    /// What decided its layer.
    pub layer_from: LayerFrom,
    /// Every rule that fits what it says, the deciding one first.
    pub rules: Vec<RuleHit>,
    /// What to do, and who says so; absent if nothing is to be done.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub advice: Option<Advice>,
    /// Whether a list of expected checks or the input itself requires it.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub requirement: Option<Requirement>,
    /// What the gate misses of it.
    pub unmet: Vec<Unmet>,
    /// The requirements it speaks for.
    pub requirements: Vec<SpeaksFor>,
    /// What it was in the previous summary, if there is one and the case changed.
    pub changes: Vec<Changed>,
}

/// What decided the status.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum StatusFrom {
    /// One element tells of it.
    OneElement,
    /// The last of several attempts.
    LastAttempt,
    /// Several inputs tell of it and do not agree: the worst status holds.
    WorstOfSeveral,
    /// Several inputs tell of it and agree.
    AllAgree,
    /// It is expected, and no input holds it.
    ExpectedAndAbsent,
}

/// One element that tells of a case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Telling {
    /// The input's path.
    pub path: String,
    /// Digest of the whole input.
    pub sha256: Sha256,
    /// The format it was recognised as.
    pub format: String,
    /// Line of the element, counted from 1, where the format has lines.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub line: Option<u64>,
    /// The bytes of the element, where they are known.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub bytes: Option<Span>,
    /// The status that the element has by itself.
    pub status: CheckStatus,
    /// Whether the case has its status from this one.
    pub decides: bool,
    /// Its message, if any.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub message: Option<String>,
    /// More of what it says, cut to a few kilobytes.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub detail: Option<String>,
}

/// What decided the layer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum LayerFrom {
    /// The input, or the list of expected checks, names it.
    Input,
    /// A rule: the first of `rules`, where its text is known.
    Rule,
    /// It passed, so there is no cause to place.
    NotAsked,
    /// No rule fits.
    Nothing,
}

/// A rule that fits what a case says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct RuleHit {
    /// Its id.
    pub rule: String,
    /// Where it puts the cause.
    pub layer: Layer,
    /// What it says to do.
    pub action: String,
    /// Its pattern.
    pub pattern: String,
    /// Where it fits.
    pub part: TextPart,
    /// The text that it fits.
    pub text: String,
    /// Why it decides, or does not.
    pub outcome: RuleOutcome,
}

/// A part of what a case says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum TextPart {
    /// Its message.
    Message,
    /// More of what it printed.
    Detail,
    /// Its name.
    Name,
    /// Its suite.
    Suite,
}

/// What became of a rule that fits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum RuleOutcome {
    /// It decides.
    Decides,
    /// It fits a more telling part, and is general: it is asked only where no particular rule fits.
    General,
    /// It fits the same part, and stands after the one that decides.
    Later,
    /// It fits a less telling part of the case than the one that decides.
    LessTelling,
    /// The input names the layer, so that no rule is asked.
    NotAsked,
}

/// What to do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Advice {
    /// The rule that says so; `input` if the input does, `unclassified` if no rule fits.
    pub rule: String,
    /// What to do.
    pub action: String,
}

/// A requirement that a case speaks for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct SpeaksFor {
    /// Its id.
    pub id: String,
    /// What it asks for.
    pub title: String,
    /// Whether it holds.
    pub coverage: Coverage,
}

/// What a comparison says of a case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Changed {
    /// In which list of the comparison it stands: `newly_failing`, `fixed`, …
    pub list: String,
    /// Then and now.
    pub change: Change,
}
