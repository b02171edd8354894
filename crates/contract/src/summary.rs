//! `summary`: what a pile of test output amounts to, without claiming more than was run.

use serde::{Deserialize, Serialize};

use crate::{CheckStatus, Gaps, Generator, InputRef, Layer, Sha256, Tag, Totals, Verdict};

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
    /// The answer.
    pub verdict: Verdict,
    /// How many cases ended in each status.
    pub totals: Totals,
    /// What the verdict does not speak for.
    pub gaps: Gaps,
    /// What was recognised in each input, in the order of `inputs`.
    pub sources: Vec<SourceShare>,
    /// Totals by layer, for the layers that occur.
    pub layers: Vec<LayerShare>,
    /// Where a file's own counts differ from what it contains.
    pub discrepancies: Vec<Discrepancy>,
    /// Cases that failed or broke.
    pub failures: Vec<Case>,
    /// Cases that were skipped, did not run, or have no known outcome.
    pub unproven: Vec<Case>,
    /// What to do, most urgent first.
    pub actions: Vec<Action>,
}

/// What one input contributed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct SourceShare {
    /// The input's path.
    pub path: String,
    /// The format it was recognised as.
    pub format: String,
    /// How many cases it holds, by status.
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
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Discrepancy {
    /// The input's path.
    pub path: String,
    /// Line of the declaration, counted from 1.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub line: Option<u64>,
    /// What is counted: `tests`, `failures`, `skipped`.
    pub count: String,
    /// The number the file declares.
    pub declared: u64,
    /// The number of elements found.
    pub found: u64,
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
    /// What became of it.
    pub status: CheckStatus,
    /// Where the cause lies; absent if no rule could place it.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub layer: Option<Layer>,
    /// The rule that placed it, or the input's own word.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub rule: Option<String>,
    /// Wall time in milliseconds, if the input says.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub duration_ms: Option<u64>,
    /// The message of a failure or the reason of a skip.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub message: Option<String>,
    /// Where this is written.
    pub evidence: Evidence,
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
    /// How many cases it is for.
    pub cases: u64,
}
