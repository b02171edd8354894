//! What is different from a previous summary.

use serde::{Deserialize, Serialize};

use crate::{CheckStatus, InputRef, Verdict};

/// What changed since a previous summary; each list is sorted by id.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Comparison {
    /// The previous summary.
    pub previous: InputRef,
    /// Its verdict.
    pub previous_verdict: Verdict,
    /// Whether the previous summary lists every case; if not, `vanished`, `new` and `slower`
    /// cannot be told and are absent.
    pub previous_lists_all: bool,
    /// Failures that the previous inputs only count: without a name they cannot be compared.
    pub unnamed_failures_before: u64,
    /// The same of the inputs now.
    pub unnamed_failures_now: u64,
    /// Fail or break now and did not before; new cases are among them.
    pub newly_failing: Vec<Change>,
    /// Failed or broke before and pass now.
    pub fixed: Vec<Change>,
    /// Failed or broke before and still do.
    pub still_failing: Vec<Change>,
    /// Failed or broke before, and neither passed nor failed now: not shown to be mended.
    pub unresolved: Vec<Change>,
    /// Pass now only after a failed attempt.
    pub flaky: Vec<Change>,
    /// Were executed before, and no executed case has their id now.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub vanished: Option<Vec<Change>>,
    /// Are here now and were not before, executed or not.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub new: Option<Vec<Change>>,
    /// Passed both times, took at least twice as long and at least 100 ms more: less than that is
    /// what one run differs from the next by.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub slower: Option<Vec<Slower>>,
}

/// A case then and now. Of several with one id and one target the worst status counts.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Change {
    /// Its id.
    pub id: String,
    /// What it was run against, if the input says.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub target: Option<String>,
    /// Its status before; absent if it was not there, or not listed.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub before: Option<CheckStatus>,
    /// Its status now; absent if it is not there.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub now: Option<CheckStatus>,
}

/// A case that became slower.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Slower {
    /// Its id.
    pub id: String,
    /// What it was run against, if the input says.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub target: Option<String>,
    /// Then, in milliseconds.
    pub before_ms: u64,
    /// Now, in milliseconds.
    pub now_ms: u64,
}
