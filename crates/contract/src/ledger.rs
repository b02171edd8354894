//! `ledger`: where every printed value of a rendered document came from.

use serde::{Deserialize, Serialize};

use crate::{Generator, InputRef, Sha256, Tag};

/// The values of one rendering.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Ledger {
    /// The document's kind and version.
    pub schema: Tag<Self>,
    /// The tool that made it.
    pub generator: Generator,
    /// Templates and data files.
    pub inputs: Vec<InputRef>,
    /// The documents that were rendered.
    pub outputs: Vec<Output>,
    /// Every printed expression, in the order of the output.
    pub values: Vec<Printed>,
}

/// One rendered document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Output {
    /// Its path.
    pub path: String,
    /// The template it was made from.
    pub template: String,
    /// Digest of its content.
    pub sha256: Sha256,
    /// Whether the file on disk had other content before (`--check`: has other content).
    pub changed: bool,
}

/// One printed expression.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Printed {
    /// Index of the document in `outputs`.
    pub output: u64,
    /// First byte of the value in the document.
    pub start: u64,
    /// One past its last byte.
    pub end: u64,
    /// Where it was taken from; empty if it was not taken from data.
    pub sources: Vec<Origin>,
}

/// A place in a data file.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Origin {
    /// Index of the data file in `inputs`; absent for values given on the command line.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub input: Option<u64>,
    /// JSON pointer (RFC 6901) inside it.
    pub pointer: String,
}
