//! One cell of a comparison.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::speed::Key;

/// What can be said of a cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Slower, beyond chance, the timer's resolution and the noise threshold.
    Regression,
    /// Faster, beyond the same.
    Improvement,
    /// The interval lies inside the margin: shown to be equal, not just not shown to differ.
    Same,
    /// Neither of these can be said.
    Inconclusive,
    /// Measured on one side only (or on none): there is no ratio.
    Unavailable,
    /// Both sides were measured, but not next to each other in time: a difference could be drift.
    NotPaired,
}

impl Verdict {
    /// Every verdict, in the order in which totals list them.
    pub const ALL: [Self; 6] = [
        Self::Regression,
        Self::Improvement,
        Self::Same,
        Self::Inconclusive,
        Self::Unavailable,
        Self::NotPaired,
    ];

    /// The word as it stands in documents.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Regression => "regression",
            Self::Improvement => "improvement",
            Self::Same => "same",
            Self::Inconclusive => "inconclusive",
            Self::Unavailable => "unavailable",
            Self::NotPaired => "not_paired",
        }
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

/// What a rate counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// Bytes per second.
    BytesPerSecond,
    /// Operations per second.
    OpsPerSecond,
}

/// One cell.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Cell {
    /// The canonical key as one string.
    pub id: String,
    /// The algorithm as the baseline's log prints it; the candidate's, if the baseline has none.
    pub algorithm: String,
    /// The canonical key.
    pub key: Key,
    /// What can be said.
    pub verdict: Verdict,
    /// What the rates count.
    pub unit: Unit,
    /// The rate of the baseline; absent if it was not measured.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub baseline: Option<Rate>,
    /// The rate of the candidate; absent if it was not measured.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub candidate: Option<Rate>,
    /// How many pairs of runs have this cell on both sides.
    pub pairs: u64,
    /// How the candidate differs; absent if one side was not measured.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub change: Option<Change>,
    /// The change with what is common to all cells in it: what the two rates alone say.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub raw_percent: Option<f64>,
    /// What one tick of the timer amounts to; the interval is that much wider on either side.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub tick_percent: Option<f64>,
    /// The smallest change that this cell's data would show with a chance of 80 %.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub detectable_percent: Option<f64>,
    /// Pairs needed to show 5, 2 and 1 % with the same chance.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub pairs_needed: Option<PairsNeeded>,
    /// Of a cell that is not paired: whether it differs from what the other cells do by more than
    /// they differ among themselves. A reason to measure in pairs, not a verdict.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub stands_out: Option<bool>,
    /// Why there is no better answer: what failed, what is missing.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub reason: Option<String>,
}

impl Cell {
    /// What people call the cell: `AES-256-GCM 16 KiB`, `rsa2048 sign`.
    #[must_use]
    pub fn title(&self) -> String {
        match (self.key.block_size_bytes, self.key.operation) {
            (Some(bytes), _) => format!("{} {}", self.algorithm, size(bytes)),
            (None, Some(operation)) => format!("{} {operation}", self.algorithm),
            (None, None) => self.algorithm.clone(),
        }
    }
}

/// A block size as people call it: `16 B`, `1 KiB`, `16 KiB`.
#[must_use]
pub fn size(bytes: u64) -> String {
    match bytes {
        0 => "0 B".to_owned(),
        bytes if bytes.is_multiple_of(1 << 20) => format!("{} MiB", bytes >> 20),
        bytes if bytes.is_multiple_of(1 << 10) => format!("{} KiB", bytes >> 10),
        bytes => format!("{bytes} B"),
    }
}

/// A rate over all runs of a side.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Rate {
    /// The geometric mean of the runs, in the cell's unit.
    pub rate: f64,
    /// Lower end of its interval (drift included). Absent below two runs.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub low: Option<f64>,
    /// Upper end. Absent below two runs.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub high: Option<f64>,
    /// How many runs have the cell.
    pub runs: u64,
}

/// A difference between candidate and baseline, in percent of the baseline's rate.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Change {
    /// The estimate.
    pub percent: f64,
    /// Lower end of its interval. Absent if the data has none: too few pairs, or not paired.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub low_percent: Option<f64>,
    /// Upper end of its interval.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub high_percent: Option<f64>,
    /// How likely a difference this large is without a change.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub p: Option<f64>,
    /// The same, adjusted for how many cells were looked at. This is what the verdict goes by.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub p_adjusted: Option<f64>,
}

/// How many pairs a change of a given size needs. Absent: no number does, the timer is too coarse.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct PairsNeeded {
    /// For 5 %.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub five_percent: Option<u64>,
    /// For 2 %.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub two_percent: Option<u64>,
    /// For 1 %.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub one_percent: Option<u64>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_have_the_largest_whole_unit() {
        let sizes = [0, 16, 1000, 1024, 16384, 1 << 20];
        assert_eq!(sizes.map(size), ["0 B", "16 B", "1000 B", "1 KiB", "16 KiB", "1 MiB"]);
    }

    #[test]
    fn words_are_what_serde_writes() {
        for verdict in Verdict::ALL {
            assert_eq!(serde_json::to_value(verdict).unwrap(), verdict.word());
        }
    }
}
