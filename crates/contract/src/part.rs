//! `part`: what one input says, before anything is folded, placed or judged.
//!
//! Parts are keyed by the digest of the input's bytes. Any set of them, however it was split,
//! ordered or repeated, makes the same `summary` as one pass over all inputs.

use serde::{Deserialize, Serialize};

use crate::audit::Exclusion;
use crate::inventory::Requirement;
use crate::summary::{Discrepancy, Finding};
use crate::{CheckStatus, Generator, InputRef, Layer, SourceRef, Tag};

/// One input's share of the evidence.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Part {
    /// The document's kind and version.
    pub schema: Tag<Self>,
    /// The tool that made it.
    pub generator: Generator,
    /// The input under each of its names: one path, or several with the same bytes.
    pub inputs: Vec<InputRef>,
    /// The commit the input says it is about.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub source: Option<SourceRef>,
    /// The formats that were recognised, joined by `+`; `unrecognised` if none was.
    pub format: String,
    /// Whether the input was read to its end and its end was there.
    pub complete: bool,
    /// Every element that stands for a check, in the order of the input.
    pub entries: Vec<Entry>,
    /// Cases the input counts and does not show.
    pub unnamed: Vec<Unnamed>,
    /// Counts the input declares and its elements contradict; none names a path.
    pub miscounts: Vec<Discrepancy>,
    /// Anything else a reader has to know; none names a path.
    pub remarks: Vec<Finding>,
    /// Names of files beside the input that it refers to; they are no evidence of their own.
    pub attachments: Vec<String>,
}

/// One element of an input: a case, or one attempt at it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Entry {
    /// Identity in its input; the same in the next run of the same check.
    pub id: String,
    /// The name as the input shows it.
    pub name: String,
    /// The suite it belongs to, if the input says.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub suite: Option<String>,
    /// The source file of the check, if the input says.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub file: Option<String>,
    /// What became of it.
    pub status: CheckStatus,
    /// Whether it may be one of several attempts at the same case.
    pub attempt: Attempt,
    /// What the check was run against. Entries of different inputs with the same id and the same
    /// target speak of the same case.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub target: Option<String>,
    /// Whether it has to have run, if the input says.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub requirement: Option<Requirement>,
    /// What excluded it, if the input says.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub excluded: Option<Exclusion>,
    /// The layer, if the input says.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub layer: Option<Layer>,
    /// What to do about it, if the input says.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub remedy: Option<String>,
    /// Whether it ran in a weaker form than it is meant to.
    #[serde(skip_serializing_if = "std::ops::Not::not", default)]
    pub degraded: bool,
    /// Wall time in milliseconds, if the input says.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub duration_ms: Option<u64>,
    /// The message of a failure or the reason of a skip.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub message: Option<String>,
    /// More of what the input says about a failure, cut to a few kilobytes.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub detail: Option<String>,
    /// Line of the element, counted from 1, where the format has lines.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub line: Option<u64>,
    /// The bytes of the element, where they are known.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub bytes: Option<Span>,
}

impl Entry {
    /// An entry of which nothing else is known. Its id is made of suite and name.
    #[must_use]
    pub fn new(suite: Option<String>, name: String, status: CheckStatus) -> Self {
        let id = match &suite {
            Some(suite) if !suite.is_empty() => format!("{suite}::{name}"),
            _ => name.clone(),
        };
        Self {
            id,
            name,
            suite: suite.filter(|suite| !suite.is_empty()),
            file: None,
            status,
            attempt: Attempt::Only,
            target: None,
            requirement: None,
            excluded: None,
            layer: None,
            remedy: None,
            degraded: false,
            duration_ms: None,
            message: None,
            detail: None,
            line: None,
            bytes: None,
        }
    }
}

/// How entries of one identity belong together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Attempt {
    /// The format has no notion of attempts: two entries are two cases.
    #[default]
    Only,
    /// Entries of one identity are attempts in the order of the input; the last one decides.
    InOrder,
    /// As `in_order`, and every entry but the last is a try that failed, whatever it says.
    LastDecides,
    /// As `in_order`, ordered by this key (a time in milliseconds); with equal keys the worst
    /// status decides.
    Keyed(u64),
}

/// A range of bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Span {
    /// Offset of the first byte.
    pub start: u64,
    /// Offset after the last byte.
    pub end: u64,
}

/// What something found in an input does to the verdict.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Effect {
    /// Nothing: it is said, and that is all.
    #[default]
    None,
    /// The verdict can no longer be `pass`.
    Incomplete,
    /// The verdict is `fail`.
    Fail,
}

/// Cases that an input only counts.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Unnamed {
    /// Line of the count, counted from 1.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub line: Option<u64>,
    /// What is counted, by its name; empty for the input as a whole.
    pub scope: String,
    /// What became of them.
    pub status: CheckStatus,
    /// How many.
    pub count: u64,
}

/// Kinds of remarks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum RemarkKind {
    /// Nothing in it is known as evidence.
    Unrecognised,
    /// It ends before its end.
    Truncated,
    /// It breaks the rules of its format; what could be read was read.
    Malformed,
    /// Something could not be loaded, so that its cases never came to be.
    LoadError,
    /// Two statements contradict each other.
    Contradiction,
    /// A summary line or an exit status that says the run as a whole failed.
    RunFailed,
    /// Something ran in a weaker form than it is meant to.
    Degraded,
    /// A count of things that the input does not name.
    Unnamed,
    /// The format is known to leave something out.
    Omission,
    /// A requirement names a check that no input holds.
    UnknownCheck,
}
