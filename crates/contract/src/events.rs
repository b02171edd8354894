//! `events`: what the tools' own JSON logs (`--log-format json`) amount to.

use serde::{Deserialize, Serialize};

use crate::{Generator, InputRef, Tag};

/// Sums over the events of all logs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Events {
    /// The document's kind and version.
    pub schema: Tag<Self>,
    /// The tool that made it.
    pub generator: Generator,
    /// The logs, in the order of their paths.
    pub inputs: Vec<InputRef>,
    /// Everything together.
    pub totals: EventTotals,
    /// The same for each run and operation, sorted by both; the first thousand.
    pub operations: Vec<Operation>,
    /// Warnings and failures, in the order of the logs; the first thousand.
    pub problems: Vec<Problem>,
    /// Lines that are no event, in the order of the logs; the first hundred.
    pub odd: Vec<OddLine>,
    /// How much the three lists leave out.
    pub omitted: OmittedEvents,
}

/// Counts of events, and what they add up to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct EventTotals {
    /// Lines that are an event.
    pub events: u64,
    /// Lines that are none: text of other programs, cut lines, lies.
    pub odd: u64,
    /// Events that say that something could not be done.
    pub failures: u64,
    /// Warnings.
    pub warnings: u64,
    /// Inputs that were read.
    pub reads: u64,
    /// Their bytes.
    pub bytes_read: u64,
    /// Outputs that were written.
    pub writes: u64,
    /// Their bytes.
    pub bytes_written: u64,
    /// Child processes that were started.
    pub children_started: u64,
    /// Child processes that ended.
    pub children_ended: u64,
    /// Of these, how many ended otherwise than with status 0. A check can mean one to.
    pub children_not_well: u64,
    /// The wall time of those that ended, added up, in milliseconds. Children that ran side by
    /// side count each by itself.
    pub children_ms: u64,
    /// Stages that ended.
    pub stages: u64,
}

/// The events of one operation in one run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Operation {
    /// The run, if the events name it.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub run_id: Option<String>,
    /// The tool.
    pub operation: String,
    /// From the earliest of its events to the latest, in milliseconds; absent if there is only
    /// one. What the tool did before its first event is not in it.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub span_ms: Option<u64>,
    /// Its counts; `odd` is 0, as a line that is no event belongs to none.
    pub totals: EventTotals,
    /// Its commands, the longest first; the first hundred.
    pub commands: Vec<Command>,
}

/// The child processes with one command.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Command {
    /// The command, without its arguments.
    pub command: String,
    /// How many ended.
    pub ended: u64,
    /// Of these, how many ended otherwise than with status 0. A check can mean one to.
    pub not_well: u64,
    /// Their wall time, added up, in milliseconds.
    pub duration_ms: u64,
    /// The longest of them, in milliseconds.
    pub longest_ms: u64,
}

/// A warning or a failure.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Problem {
    /// The log.
    pub path: String,
    /// Its line, counted from 1.
    pub line: u64,
    /// Which of both.
    pub kind: ProblemKind,
    /// The run, if the event names it.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub run_id: Option<String>,
    /// The tool.
    pub operation: String,
    /// The input it concerns, with the line if the event names one.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub about: Option<String>,
    /// What.
    pub message: String,
}

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum ProblemKind {
    /// Part of the job or all of it could not be done.
    Failure,
    /// Something a person should know; the answer stands.
    Warning,
}

/// A line that is no event.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct OddLine {
    /// The log.
    pub path: String,
    /// Its line, counted from 1.
    pub line: u64,
    /// What was expected and what was found.
    pub why: String,
}

/// How much is counted and not listed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct OmittedEvents {
    /// Events of runs and operations beyond the first thousand.
    pub operations: u64,
    /// Warnings and failures.
    pub problems: u64,
    /// Lines that are no event.
    pub odd: u64,
    /// Ended child processes whose command is not listed.
    pub commands: u64,
}
