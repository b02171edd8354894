//! The lines by which a log says which run of a series it holds.
//!
//! Before the raw output of each run stands [`MARKER`] and a [`Pairing`] as JSON on one line, after
//! it [`END_MARKER`] and a [`RunEnd`]:
//!
//! ```text
//! # proofline speed-run {"round":1,"pair":1,"target":"a","label":"3.0.19","argv":["openssl","speed"]}
//! # proofline speed-run-end {"exit_code":0,"wall_ms":3012}
//! ```

use std::fmt;

use serde::{Deserialize, Serialize};

/// How the line before a run begins.
pub const MARKER: &str = "# proofline speed-run ";
/// How the line after a run begins.
pub const END_MARKER: &str = "# proofline speed-run-end ";

/// One of the two things that are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Target {
    /// The first: the baseline.
    A,
    /// The second: the candidate.
    B,
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::A => "a",
            Self::B => "b",
        })
    }
}

/// Which run of a series this is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Pairing {
    /// Round, counted from 1: how often everything was run.
    pub round: u64,
    /// Pair, counted from 1: the runs of both targets that lie next to each other in time.
    pub pair: u64,
    /// Which target ran.
    pub target: Target,
    /// The target's name, for people.
    pub label: String,
    /// The command with its arguments.
    pub argv: Vec<String>,
}

/// How a run ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct RunEnd {
    /// Exit status; absent after a signal.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub exit_code: Option<i32>,
    /// Wall time from start to end, in milliseconds.
    pub wall_ms: u64,
}
