//! `speed`: the records of one or more runs of `openssl speed`.
//!
//! [`Speed`] is the whole document; [`Line`] is one line of the same as NDJSON. What the figures
//! are joined on is [`Key`]; how a log says which run of a series it is, [`Pairing`].

mod key;
mod line;
mod pairing;

use serde::{Deserialize, Serialize};

use crate::{Generator, InputRef, Tag};

pub use key::{Key, Kind, Operation};
pub use line::{Line, LineHead};
pub use pairing::{END_MARKER, MARKER, Pairing, RunEnd, Target};

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
    /// The machine the document was made on; present only if it was asked for.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub host: Option<Host>,
    /// The runs found in the logs, in order.
    pub runs: Vec<Run>,
    /// What was measured.
    pub records: Vec<Record>,
    /// What was asked for and not measured.
    pub failed: Vec<Failed>,
    /// Figures whose meaning the log does not settle.
    pub ambiguous: Vec<Ambiguous>,
    /// Figures of one run that contradict each other beyond rounding.
    pub disagreements: Vec<Disagreement>,
}

/// One invocation of `openssl speed`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Run {
    /// Index of the log in `inputs`.
    pub input: u64,
    /// First line of the run in the log, counted from 1.
    pub line: u64,
    /// Version as printed (`3.0.19`, `1.1.1w`); absent if the log does not say.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub version: Option<String>,
    /// The rest of the version line: the release date.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub released: Option<String>,
    /// The `built on:` line without its label.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub built_on: Option<String>,
    /// The `options:` line without its label.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub options: Option<String>,
    /// The `compiler:` line without its label.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub compiler: Option<String>,
    /// The `CPUINFO:` line without its label.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub cpuinfo: Option<String>,
    /// How many children worked in parallel (`-multi`); their figures are sums. Absent: none.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub multi: Option<u64>,
    /// Whether wall time was measured instead of CPU time (`-elapsed`, and always with `-multi`).
    /// Absent where the log does not say: without `stderr` it never does.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub elapsed: Option<bool>,
    /// Which run of a series this is, if the log says.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub pairing: Option<Pairing>,
    /// How the run ended, if the log says.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub end: Option<RunEnd>,
    /// Whether the run's results were read to their end.
    pub complete: bool,
    /// Why not; absent exactly if `complete`.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub incomplete: Option<String>,
}

/// Where in a log a figure was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// A printed table.
    Table,
    /// A machine-readable line (`-mr`, and what the children of `-multi` report).
    Mr,
    /// A progress line (`Doing …`, `+R…`): count and seconds, from which the rate was computed.
    Progress,
    /// A document of `bssl speed -json`.
    Bssl,
}

impl Source {
    /// The word as it stands in documents.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Table => "table",
            Self::Mr => "mr",
            Self::Progress => "progress",
            Self::Bssl => "bssl",
        }
    }
}

/// One figure.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Record {
    /// The canonical key as one string: what figures of several runs are joined on.
    pub id: String,
    /// What kind of operation.
    pub kind: Kind,
    /// The algorithm as the log prints it; where it prints a number only (`-mr`), the name that
    /// `openssl speed` takes for it.
    pub algorithm: String,
    /// The canonical key: the same for the same thing, whatever the version and the mode.
    pub key: Key,
    /// What was done; throughput figures have none.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub operation: Option<Operation>,
    /// Block size of a throughput figure, in bytes.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub block_size_bytes: Option<u64>,
    /// Throughput in bytes per second (the log's `k` is 1000 bytes), to the nearest integer.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub bytes_per_second: Option<u64>,
    /// Rate in operations per second. Present exactly if `bytes_per_second` is not.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub ops_per_second: Option<f64>,
    /// How often the operation was done; known only from progress lines.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub count: Option<u64>,
    /// In how many seconds; known only from progress lines.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub seconds: Option<f64>,
    /// What one tick of the timer (10 ms) amounts to, as a share of the figure: `0.01 / seconds`.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub resolution: Option<f64>,
    /// Index of the run in `runs`.
    pub run: u64,
    /// Line of the figure in the log, counted from 1.
    pub line: u64,
    /// What kind of line that is.
    pub source: Source,
}

/// Why something has no figure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Cause {
    /// The figure is zero: it failed, or was not run.
    Zero,
    /// The figure is negative: a counter overflowed.
    Negative,
    /// The figure is `inf`, `nan` or larger than any speed.
    NotFinite,
    /// The figure is no number, or the log ends in the middle of it.
    Unreadable,
    /// The log names an error and has no figure.
    Error,
    /// The log was cut off while it was measured.
    CutOff,
    /// It was expected, and the log does not mention it.
    Absent,
}

impl Cause {
    /// The word as it stands in documents.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Zero => "zero",
            Self::Negative => "negative",
            Self::NotFinite => "not_finite",
            Self::Unreadable => "unreadable",
            Self::Error => "error",
            Self::CutOff => "cut_off",
            Self::Absent => "absent",
        }
    }
}

/// Something that was asked for and has no figure.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Failed {
    /// The canonical key as one string, where the log says enough to tell it.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub id: Option<String>,
    /// The algorithm as the log prints it (or as it was expected).
    pub algorithm: String,
    /// The canonical key, where the log says enough to tell it.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub key: Option<Key>,
    /// What was done, if the log says.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub operation: Option<Operation>,
    /// Block size in bytes, if the log says.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub block_size_bytes: Option<u64>,
    /// Why there is no figure, as one of a few words.
    pub cause: Cause,
    /// Why there is no figure: the log's own words where it has any.
    pub reason: String,
    /// Index of the run in `runs`; absent for what no run mentions.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub run: Option<u64>,
    /// Line in the log, counted from 1; absent for what no run mentions.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub line: Option<u64>,
}

/// Figures that mean different things in different versions, in a log that does not say which.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Ambiguous {
    /// The start of the line that could not be decided (`+F9:0`).
    pub code: String,
    /// The figures as they are printed, in order.
    pub values: Vec<String>,
    /// What it can be; at least two.
    pub candidates: Vec<Candidate>,
    /// What would settle it.
    pub hint: String,
    /// Index of the run in `runs`.
    pub run: u64,
    /// Line in the log, counted from 1.
    pub line: u64,
}

/// One reading of an ambiguous line.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Candidate {
    /// What kind of operation it would be.
    pub kind: Kind,
    /// What it would be: an algorithm, or a family and the versions that print it so.
    pub algorithm: String,
}

/// A table and the progress lines of the same run that do not agree.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Disagreement {
    /// The canonical key as one string.
    pub id: String,
    /// The algorithm as the table prints it.
    pub algorithm: String,
    /// What the table says, in bytes or operations per second.
    pub table: f64,
    /// What count and seconds of the progress line amount to, in the same unit.
    pub progress: f64,
    /// The largest difference, as a share, that the printed digits explain.
    pub explained: f64,
    /// Index of the run in `runs`.
    pub run: u64,
    /// Line of the table's figure, counted from 1.
    pub line: u64,
    /// Line of the progress figure, counted from 1.
    pub progress_line: u64,
}

/// The machine, as far as it explains a figure.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Host {
    /// Instruction set (`x86_64`).
    pub architecture: String,
    /// Operating system and release of its kernel (`Linux 6.1.0`).
    pub kernel: String,
    /// Logical processors that are online.
    pub processors: u64,
    /// Model name of the first processor.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub cpu_model: Option<String>,
    /// The instruction sets that matter to cryptography, by the kernel's words, sorted
    /// (`aes`, `avx512f`, `sha_ni`, `vaes`).
    pub cpu_features: Vec<String>,
    /// How the kernel scales the clock (`performance`, `powersave`), if it says.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub governor: Option<String>,
}
