//! What the caller decides.

use contract::speed_comparison::{CommonShift, Correction, Interval, Purpose};

/// What the caller decides. Shares are of 1: a margin of 5 % is 0.05.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Options {
    /// What the comparison is for.
    pub purpose: Purpose,
    /// Changes within ± this are as good as none.
    pub margin: f64,
    /// Changes below this are nothing to act on, however sure they are.
    pub noise_threshold: f64,
    /// Confidence of the intervals; one minus the level of the tests.
    pub confidence: f64,
    /// The adjustment for many cells.
    pub correction: Correction,
    /// How intervals are made.
    pub interval: Interval,
    /// Seed of the bootstrap.
    pub seed: u64,
    /// What to do with the shift common to all cells.
    pub common_shift: CommonShift,
    /// Whether the n-th runs of two documents lie next to each other in time.
    pub paired: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            purpose: Purpose::Change,
            margin: 0.05,
            noise_threshold: 0.005,
            confidence: 0.95,
            correction: Correction::Holm,
            interval: Interval::T,
            seed: 1,
            common_shift: CommonShift::Auto,
            paired: false,
        }
    }
}
