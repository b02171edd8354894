//! What starting the process costs.

use serde::{Deserialize, Serialize};

use super::Verdict;

/// The cost of a start, self-tests included, apart from what is done afterwards.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Startup {
    /// The command that was started on either side, without the target's own part.
    pub command: Vec<String>,
    /// The baseline.
    pub baseline: StartupSide,
    /// The candidate.
    pub candidate: StartupSide,
    /// Candidate minus baseline, in milliseconds of CPU time: mean over the pairs.
    pub difference_ms: f64,
    /// Lower end of its interval. Absent below three pairs.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub low_ms: Option<f64>,
    /// Upper end of its interval.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub high_ms: Option<f64>,
    /// `regression` if the interval lies above 0, `improvement` if below, else `inconclusive`.
    pub verdict: Verdict,
}

/// One side.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct StartupSide {
    /// Median CPU time (user and system) of a start, in milliseconds.
    pub median_ms: f64,
    /// The least.
    pub min_ms: f64,
    /// The most.
    pub max_ms: f64,
    /// How many starts were measured.
    pub starts: u64,
}
