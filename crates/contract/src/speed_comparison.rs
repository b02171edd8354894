//! `speed-comparison`: what changed between two sides of a measurement, cell by cell, and how sure
//! that is.
//!
//! A cell is one [`Key`](crate::speed::Key): an algorithm at a block size, or an operation with a
//! key. Changes are those of the rate, in percent: −5 is "5 % slower".

mod cell;
mod method;
mod startup;

use serde::{Deserialize, Serialize};

use crate::{Generator, InputRef, Tag};

pub use cell::{Cell, Change, PairsNeeded, Rate, Unit, Verdict, size};
pub use method::{CommonShift, Correction, Interval, Method, Pairs, Prior, Purpose};
pub use startup::{Startup, StartupSide};

/// A comparison.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct SpeedComparison {
    /// The document's kind and version.
    pub schema: Tag<Self>,
    /// The tool that made it.
    pub generator: Generator,
    /// The documents that were compared.
    pub inputs: Vec<InputRef>,
    /// What the comparison is for.
    pub purpose: Purpose,
    /// The answer over all cells and the shift common to them: `regression` if there is one
    /// anywhere; else the least certain of what there is.
    pub verdict: Verdict,
    /// How many cells came out how.
    pub totals: Totals,
    /// What is compared against (target `a`).
    pub baseline: Side,
    /// What is judged (target `b`).
    pub candidate: Side,
    /// How it was computed: everything needed to compute it again.
    pub method: Method,
    /// What all cells have in common. Absent if nothing could be compared.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub common: Option<Common>,
    /// What this data can find. Absent without pairs.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub power: Option<Power>,
    /// What starting the process costs on either side; present only if it was measured.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub startup: Option<Startup>,
    /// What a reader must know before believing a figure.
    pub warnings: Vec<Warning>,
    /// The cells, in the order of their keys.
    pub cells: Vec<Cell>,
}

/// How many cells came out how.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Totals {
    /// All cells.
    pub cells: u64,
    /// See [`Verdict::Regression`].
    pub regression: u64,
    /// See [`Verdict::Improvement`].
    pub improvement: u64,
    /// See [`Verdict::Same`].
    pub same: u64,
    /// See [`Verdict::Inconclusive`].
    pub inconclusive: u64,
    /// See [`Verdict::Unavailable`].
    pub unavailable: u64,
    /// See [`Verdict::NotPaired`].
    pub not_paired: u64,
}

impl Totals {
    /// Counts the cells' verdicts.
    #[must_use]
    pub fn of(verdicts: impl IntoIterator<Item = Verdict>) -> Self {
        let mut totals = Self::default();
        for verdict in verdicts {
            totals.cells += 1;
            *match verdict {
                Verdict::Regression => &mut totals.regression,
                Verdict::Improvement => &mut totals.improvement,
                Verdict::Same => &mut totals.same,
                Verdict::Inconclusive => &mut totals.inconclusive,
                Verdict::Unavailable => &mut totals.unavailable,
                Verdict::NotPaired => &mut totals.not_paired,
            } += 1;
        }
        totals
    }
}

/// One side of the comparison.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Side {
    /// Its name, for people: the label of the runs, else the versions, else the file.
    pub label: String,
    /// The versions of OpenSSL that its runs name, sorted, each once.
    pub versions: Vec<String>,
    /// The commands of its runs, sorted, each once; empty if the logs do not say.
    pub commands: Vec<Vec<String>>,
    /// How many runs it has.
    pub runs: u64,
}

/// What all cells have in common: the machine's mood, or a candidate that is slower throughout.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Common {
    /// What it amounts to; a test of its own.
    pub verdict: Verdict,
    /// The median over the cells of each pair, over all pairs.
    pub change: Change,
    /// Spread of that median from pair to pair (standard deviation). Absent below two pairs.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub deviation_percent: Option<f64>,
    /// Whether the cells' changes are what is left without it.
    pub removed: bool,
    /// Why not; absent exactly if `removed`.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub kept_because: Option<String>,
}

/// What the data can find with a chance of 80 %, the correction for many cells counted in.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Power {
    /// Half of the cells would show a change of this size.
    pub detectable_percent: f64,
    /// Nine of ten cells would.
    pub detectable_in_most_percent: f64,
    /// Pairs needed so that half of the cells would show 5, 2 and 1 %.
    pub pairs_needed: PairsNeeded,
}

/// Something a reader must know before believing a figure.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Warning {
    /// What kind of thing.
    pub code: WarningCode,
    /// The same in words.
    pub message: String,
    /// What the baseline says, where the sides differ.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub baseline: Option<String>,
    /// What the candidate says, where the sides differ.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub candidate: Option<String>,
}

/// Kinds of warnings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum WarningCode {
    /// The versions differ.
    Version,
    /// The build options differ.
    Options,
    /// The compiler lines differ.
    Compiler,
    /// The CPU capabilities that OpenSSL saw differ.
    Cpuinfo,
    /// One side ran in parallel, or with another number of children.
    Multi,
    /// One side measured wall time, the other CPU time.
    Elapsed,
    /// The arguments after the command differ.
    Arguments,
    /// The runs of one side are not all of the same build.
    MixedSide,
    /// The runs are not known to lie next to each other in time.
    NotPaired,
    /// Marked pairs whose runs do not lie next to each other in the log.
    NotInterleaved,
    /// A run has no partner.
    Unpartnered,
    /// A run was cut off.
    Incomplete,
    /// A run ended with another status than 0.
    ExitStatus,
    /// The resolution of the timer is not known and was assumed.
    Resolution,
    /// Figures whose meaning the log does not settle were left out.
    Ambiguous,
    /// Figures of one run contradict each other.
    Disagreement,
    /// One key has several figures in one run; the first was taken.
    Repeated,
    /// Nothing in the data shows that the candidate ran in FIPS mode.
    FipsNotShown,
}
