//! `speed`: the records of one or more runs of `openssl speed`.

use serde::{Deserialize, Serialize};

use crate::{Generator, InputRef, Tag};

/// Everything that was measured, in SI units, and everything that was not.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Speed {
    /// The document's kind and version.
    pub schema: Tag<Self>,
    /// The tool that made it.
    pub generator: Generator,
    /// The logs.
    pub inputs: Vec<InputRef>,
    /// The runs found in them, in order.
    pub runs: Vec<Run>,
    /// What was measured.
    pub records: Vec<Record>,
    /// What was asked for and not measured.
    pub failed: Vec<Failed>,
}

/// One invocation of `openssl speed`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Run {
    /// Index of the log in `inputs`.
    pub input: u64,
    /// First line of the run in the log, counted from 1.
    pub line: u64,
    /// Version as printed (`3.0.19`, `1.1.1w`); absent if the log does not say.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub version: Option<String>,
    /// The `built on` line.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub built_on: Option<String>,
    /// The `options` line.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub options: Option<String>,
    /// The `compiler` line.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub compiler: Option<String>,
    /// The `CPUINFO` line.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub cpuinfo: Option<String>,
    /// Whether the run was read to its end.
    pub complete: bool,
}

/// What kind of operation was measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Bytes per second over a block size: digests, ciphers, MACs, random numbers.
    Throughput,
    /// Operations per second of the classic public-key tables.
    Asymmetric,
    /// Operations per second of a key encapsulation mechanism.
    Kem,
    /// Operations per second of the signature table (3.2 and later).
    Signature,
}

/// Where in a log a figure was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// A printed table.
    Table,
    /// A machine-readable line (`-mr`).
    Mr,
    /// A progress line (`Doing …`).
    Progress,
}

/// One figure.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Record {
    /// What kind of operation.
    pub kind: Kind,
    /// The algorithm as the log prints it.
    pub algorithm: String,
    /// What was done: `sign`, `verify`, `encaps`, `derive`; `digest-or-cipher` work has none.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub operation: Option<String>,
    /// Block size of a throughput figure, in bytes.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub block_size_bytes: Option<u64>,
    /// Throughput in bytes per second (the log's `k` is 1000 bytes).
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub bytes_per_second: Option<u64>,
    /// Rate in operations per second.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub ops_per_second: Option<f64>,
    /// Index of the run in `runs`.
    pub run: u64,
    /// Line of the figure in the log, counted from 1.
    pub line: u64,
    /// What kind of line that is.
    pub source: Source,
}

/// Something that was asked for and has no figure.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Failed {
    /// The algorithm as the log prints it.
    pub algorithm: String,
    /// What was done, if the log says.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub operation: Option<String>,
    /// Block size in bytes, if the log says.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub block_size_bytes: Option<u64>,
    /// Why there is no figure.
    pub reason: String,
    /// Index of the run in `runs`.
    pub run: u64,
    /// Line in the log, counted from 1.
    pub line: u64,
}
