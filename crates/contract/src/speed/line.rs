//! The document as NDJSON: one object per line, told apart by `type`.

use serde::{Deserialize, Serialize};

use super::{Ambiguous, Disagreement, Failed, Host, Record, Run};
use crate::{Generator, InputRef};

/// One line. The first is `head`; a `run` comes before everything that points to it; an `input`
/// comes when it was read to its end, so that a document never has to be held whole.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Line {
    /// What the lines are.
    Head(LineHead),
    /// A log that was read, in the order of its index.
    Input(InputRef),
    /// A run, in the order of its index.
    Run(Run),
    /// A figure.
    Record(Record),
    /// Something without a figure.
    Failed(Failed),
    /// Figures whose meaning is open.
    Ambiguous(Ambiguous),
    /// Figures that contradict each other.
    Disagreement(Disagreement),
}

/// The first line.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LineHead {
    /// Schema of the document that the lines make up ([`super::Speed`]).
    pub schema: String,
    /// The tool that wrote them.
    pub generator: Generator,
    /// See [`super::Speed::host`].
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub host: Option<Host>,
}
