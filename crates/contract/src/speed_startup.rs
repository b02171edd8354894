//! `speed-startup`: what starting the process costs, apart from what is done afterwards.
//!
//! Self-tests of a FIPS provider run at every start; a benchmark of seconds does not show them.

use serde::{Deserialize, Serialize};

use crate::speed::Target;
use crate::{Generator, InputRef, Tag};

/// Starts of one target or two, next to each other in time.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct SpeedStartup {
    /// The document's kind and version.
    pub schema: Tag<Self>,
    /// The tool that made it.
    pub generator: Generator,
    /// Always empty: what is measured are processes, not files.
    pub inputs: Vec<InputRef>,
    /// What was given to each target's command to do: nearly nothing.
    pub arguments: Vec<String>,
    /// The targets.
    pub targets: Vec<StartedTarget>,
    /// Every start, in the order in which they were made.
    pub starts: Vec<Start>,
}

/// What was started.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct StartedTarget {
    /// Which of the two.
    pub target: Target,
    /// Its name, for people.
    pub label: String,
    /// Its command without the arguments.
    pub command: Vec<String>,
}

/// One start.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Start {
    /// Pair, counted from 1: the starts of both targets that lie next to each other in time.
    pub pair: u64,
    /// Which target was started.
    pub target: Target,
    /// Exit status; absent after a signal.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub exit_code: Option<i32>,
    /// CPU time of the process and of what it waited for, user and system, in milliseconds.
    pub cpu_ms: f64,
    /// Time from start to end, in milliseconds.
    pub wall_ms: f64,
}
