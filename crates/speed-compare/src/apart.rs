//! Cells of runs that do not lie next to each other in time: estimates, and no verdicts.

use std::collections::BTreeMap;

use contract::speed_comparison::{Change, Common, Verdict};

use crate::Options;
use crate::cells::Samples;
use crate::common::kept_because;
use crate::stats::{mean, median, student};
use crate::test::percent;

/// Below this many cells there is no crowd to stand out from.
const MIN_CROWD: usize = 10;

/// One cell: its change without what is common, and whether it stands out.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Apart {
    /// Log-ratio of the geometric means, the common shift removed where it is.
    pub log: f64,
    /// Whether it differs from the other cells by more than they differ among themselves.
    pub stands_out: bool,
}

/// The cells measured on both sides, and what they have in common.
#[must_use]
pub fn estimate<'a>(
    cells: &BTreeMap<&'a str, Samples<'a>>,
    options: &Options,
) -> (BTreeMap<&'a str, Apart>, Option<Common>) {
    let logs: BTreeMap<&str, f64> = cells
        .iter()
        .filter(|(_, cell)| !cell.baseline.is_empty() && !cell.candidate.is_empty())
        .map(|(id, cell)| (*id, mean(&cell.candidate) - mean(&cell.baseline)))
        .collect();
    let values: Vec<f64> = logs.values().copied().collect();
    let centre = median(&values);
    // 1.4826: the median absolute deviation of a normal distribution is its deviation / 1.4826.
    let spread =
        1.4826 * median(&values.iter().map(|log| (log - centre).abs()).collect::<Vec<_>>());
    let kept = kept_because(cells, options.common_shift);
    let removed = if kept.is_some() { 0.0 } else { centre };
    let far = |log: f64| {
        let off = (log - centre).abs();
        let p = if spread > 0.0 { student::two_sided_p(off / spread, f64::INFINITY) } else { 1.0 };
        values.len() >= MIN_CROWD
            && off.exp_m1() > options.margin
            && p * crate::stats::count(values.len()) <= 1.0 - options.confidence
    };
    let apart = logs
        .iter()
        .map(|(id, log)| (*id, Apart { log: log - removed, stands_out: far(*log) }))
        .collect();
    let common = (values.len() >= 2).then(|| Common {
        verdict: Verdict::NotPaired,
        change: bare(centre),
        deviation_percent: None,
        removed: kept.is_none(),
        kept_because: kept,
    });
    (apart, common)
}

/// A change that has no interval.
#[must_use]
pub fn bare(log: f64) -> Change {
    Change {
        percent: percent(log),
        low_percent: None,
        high_percent: None,
        p: None,
        p_adjusted: None,
    }
}
