//! `summary`: what a pile of test output amounts to, without claiming more than was run.

mod comparison;
mod requirement;

use serde::{Deserialize, Serialize};

pub use comparison::{Change, Comparison, Slower};
pub use requirement::{Coverage, Needs, RequirementCheck, RequirementRow};

use crate::audit::Exclusion;
use crate::inventory::Requirement;
use crate::part::{Effect, RemarkKind, Span};
use crate::{
    CheckStatus, Gaps, Generator, InputRef, Layer, Sha256, SourceRef, Tag, Totals, Verdict,
};

/// One verdict over all inputs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Summary {
    /// The document's kind and version.
    pub schema: Tag<Self>,
    /// The tool that made it.
    pub generator: Generator,
    /// Everything that was read.
    pub inputs: Vec<InputRef>,
    /// The commit that the evidence is about; absent if no input names one, or if they differ.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub source: Option<SourceRef>,
    /// The answer, under the gate.
    pub verdict: Verdict,
    /// The gate the verdict was reached under.
    pub gate: GateRef,
    /// How many cases ended in each status.
    pub totals: Totals,
    /// What the verdict does not speak for.
    pub gaps: Gaps,
    /// What was recognised in each input, in the order of their paths.
    pub sources: Vec<SourceShare>,
    /// Totals by layer, for the layers that occur.
    pub layers: Vec<LayerShare>,
    /// Where a file's own counts differ from what it contains.
    pub discrepancies: Vec<Discrepancy>,
    /// Whatever else a reader has to know about the inputs.
    pub findings: Vec<Finding>,
    /// What the gate asks for and did not get.
    pub unmet: Vec<Unmet>,
    /// The exceptions of the gate, those that ended among them, in the order of the policy.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub exceptions: Vec<Exception>,
    /// Cases that failed or broke.
    pub failures: Vec<Case>,
    /// Cases that were skipped, did not run, or have no known outcome.
    pub unproven: Vec<Case>,
    /// Cases that passed after a failed attempt.
    pub flaky: Vec<Case>,
    /// Failures that no rule could place, gathered by what they say.
    pub groups: Vec<Group>,
    /// How much `failures`, `unproven` and `groups` leave out, as they show the first thousand
    /// each; absent if nothing. Totals, layers and actions speak of all cases.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub omitted: Option<Omitted>,
    /// What to do, most urgent first.
    pub actions: Vec<Action>,
    /// What became of each requirement; present with a requirements file.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub requirements: Option<Vec<RequirementRow>>,
    /// What changed since a previous summary; present with one.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub comparison: Option<Comparison>,
    /// Every case; present if asked for.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub cases: Option<Vec<Case>>,
}

/// The gate of a verdict.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct GateRef {
    /// Its name.
    pub name: String,
    /// Digest of its text.
    pub sha256: Sha256,
}

/// What one input contributed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct SourceShare {
    /// The input's path.
    pub path: String,
    /// The format it was recognised as; `unrecognised` if none was, `attachment` for a file that
    /// another input refers to.
    pub format: String,
    /// How many cases it holds, by status, before cases of several inputs are joined.
    pub totals: Totals,
    /// Whether it was read to its end and its end was there.
    pub complete: bool,
}

/// The cases of one layer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct LayerShare {
    /// The layer; absent for cases that no rule could place.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub layer: Option<Layer>,
    /// Its cases by status.
    pub totals: Totals,
}

/// A count that a file declares and its content contradicts.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Discrepancy {
    /// The input's path; absent in a part, which is of one input.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub path: Option<String>,
    /// Line of the declaration, counted from 1.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub line: Option<u64>,
    /// The element that declares it, by its name; empty for the input as a whole.
    pub scope: String,
    /// What is counted: `tests`, `failures`, `errors`, `skipped`.
    pub count: String,
    /// The number the file declares.
    pub declared: u64,
    /// The number of elements found.
    pub found: u64,
    /// What it does to the verdict.
    pub effect: Effect,
}

/// Something a reader has to know about an input.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Finding {
    /// The input's path; absent if it concerns several, and in a part, which is of one input.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub path: Option<String>,
    /// Line, counted from 1, where there is one.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub line: Option<u64>,
    /// What kind of thing it is.
    pub kind: RemarkKind,
    /// In words.
    pub message: String,
    /// What it does to the verdict.
    pub effect: Effect,
}

/// Something the gate asks for and did not get.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Unmet {
    /// The case, or the pattern that no case fits.
    pub id: String,
    /// What became of it.
    pub status: CheckStatus,
    /// Why that is not enough.
    pub why: String,
}

/// An exception of the gate: what may be missing, up to a day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Exception {
    /// The ids it is for; `*` stands for any text.
    pub id: String,
    /// Why they may be missing.
    pub reason: String,
    /// The last day it holds, `2027-01-31`.
    pub until: String,
    /// Whether that day is over: then it excuses nothing.
    pub ended: bool,
    /// How many cases it excuses; of one that ended, how many it would.
    pub cases: u64,
}

/// One test, check or step.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Case {
    /// Stable across runs: made of suite and name, not of position.
    pub id: String,
    /// Its name.
    pub name: String,
    /// The suite it belongs to, if the input says.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub suite: Option<String>,
    /// The source file of the check, if the input says.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub file: Option<String>,
    /// What it was run against, if the input says.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub target: Option<String>,
    /// What became of it.
    pub status: CheckStatus,
    /// Whether it passed only after a failed attempt.
    pub flaky: bool,
    /// The status of each attempt, oldest first; empty for a case that no input holds.
    pub attempts: Vec<CheckStatus>,
    /// Where the cause lies; absent if no rule could place it.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub layer: Option<Layer>,
    /// The rule that placed it; `input` if the input itself says so.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub rule: Option<String>,
    /// Whether it has to have run, if the input or the list of expected checks says.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub requirement: Option<Requirement>,
    /// What excluded it, if the input says. What does not apply (`condition`) is missing to nobody
    /// if the inventory says when the check applies.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub excluded: Option<Exclusion>,
    /// Wall time in milliseconds, if the input says.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub duration_ms: Option<u64>,
    /// The message of a failure or the reason of a skip.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub message: Option<String>,
    /// What to do about it, if the input says.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub remedy: Option<String>,
    /// Where this is written; absent for an expected check that no input holds.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub evidence: Option<Evidence>,
}

/// A place in an input.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Evidence {
    /// The input's path.
    pub path: String,
    /// Digest of the whole input.
    pub sha256: Sha256,
    /// Line, counted from 1, where the format has lines.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub line: Option<u64>,
    /// The bytes of the element (of the decompressed input), where they are known.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub bytes: Option<Span>,
}

/// Failures that say the same once numbers, addresses and paths are taken out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Group {
    /// What they say, normalised.
    pub message: String,
    /// How many cases say it.
    pub cases: u64,
    /// Id of the first of them.
    pub example: String,
}

/// How much is counted and not shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Omitted {
    /// Cases that failed or broke.
    pub failures: u64,
    /// Cases that were skipped, did not run, or have no known outcome.
    pub unproven: u64,
    /// Kinds of failures that no rule could place.
    pub groups: u64,
}

/// Something to do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Action {
    /// The rule that says so.
    pub rule: String,
    /// The layer it belongs to; absent if no rule could place the cases.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub layer: Option<Layer>,
    /// What to do.
    pub action: String,
    /// How many cases or findings it is for.
    pub cases: u64,
}
