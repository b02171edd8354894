//! How a comparison was computed.

use serde::{Deserialize, Serialize};

/// What a comparison is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Purpose {
    /// Whether the candidate became slower or faster than the baseline.
    Change,
    /// What FIPS mode (the candidate) costs over the default provider (the baseline).
    FipsTax,
}

/// What makes a run of one side the partner of a run of the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Pairs {
    /// The log says so.
    Marked,
    /// The caller says so: the n-th run of one side lies next to the n-th of the other.
    Asserted,
    /// There is one run on each side.
    Single,
    /// Nothing.
    None,
}

/// How the p values are adjusted for many cells.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Correction {
    /// Holm: bounds the chance of even one false alarm.
    Holm,
    /// Benjamini-Hochberg: bounds the share of false alarms among the alarms.
    Bh,
    /// None.
    None,
}

/// How the intervals are made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Interval {
    /// Student's t.
    T,
    /// Bootstrap-t with a fixed seed.
    Bootstrap,
}

/// What is done with the shift common to all cells.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum CommonShift {
    /// Removed if there are enough cells of enough algorithms to call it common.
    Auto,
    /// Removed.
    Remove,
    /// Left in every cell.
    Keep,
}

/// Everything that is needed to compute the comparison again.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Method {
    /// How the runs were paired.
    pub pairs: Pairs,
    /// How many pairs there are.
    pub pair_count: u64,
    /// Confidence of the intervals; one minus the level of the tests.
    pub confidence: f64,
    /// Changes within ± this are as good as none.
    pub margin_percent: f64,
    /// Changes below this are nothing to act on, however sure they are.
    pub noise_threshold_percent: f64,
    /// The adjustment for many cells.
    pub correction: Correction,
    /// How many cells were tested.
    pub tested: u64,
    /// How the intervals were made.
    pub interval: Interval,
    /// Seed of the bootstrap; absent without one.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub seed: Option<u64>,
    /// What was asked about the common shift; what was done stands with it.
    pub common_shift: CommonShift,
    /// What the cells together say about the noise of each. Absent if they are too few.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub prior: Option<Prior>,
}

/// The noise of a typical cell, and how much that weighs beside a cell's own.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Prior {
    /// Standard deviation of one pair.
    pub deviation_percent: f64,
    /// Degrees of freedom it counts for. Absent: all cells are alike, so without limit.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub df: Option<f64>,
}
