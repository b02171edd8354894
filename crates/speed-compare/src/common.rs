//! What all cells have in common.

use std::collections::{BTreeMap, BTreeSet};

use contract::speed_comparison::CommonShift;

use crate::cells::Samples;
use crate::stats::median;

/// From so many cells on, half of them moving alike is more than one algorithm's doing …
const MIN_CELLS: usize = 10;
/// … if they are of at least so many families.
const MIN_FAMILIES: usize = 3;

/// Why the common shift stays in the cells; `None` if it is removed.
#[must_use]
pub fn kept_because(cells: &BTreeMap<&str, Samples<'_>>, wanted: CommonShift) -> Option<String> {
    let both: Vec<_> = cells
        .values()
        .filter(|cell| !cell.baseline.is_empty() && !cell.candidate.is_empty())
        .collect();
    let families: BTreeSet<&str> = both.iter().map(|cell| cell.key.family.as_str()).collect();
    match wanted {
        CommonShift::Remove => None,
        CommonShift::Keep => Some("asked for".to_owned()),
        CommonShift::Auto if both.len() >= MIN_CELLS && families.len() >= MIN_FAMILIES => None,
        CommonShift::Auto => Some(format!(
            "too little to tell what is common: cells {}, algorithms {}; needs {MIN_CELLS} and \
             {MIN_FAMILIES}",
            both.len(),
            families.len()
        )),
    }
}

/// The median log-ratio over the cells of each pair, and how far a tick shifts it.
#[must_use]
pub fn shifts(cells: &BTreeMap<&str, Samples<'_>>) -> BTreeMap<usize, (f64, f64)> {
    let mut by_pair: BTreeMap<usize, (Vec<f64>, f64)> = BTreeMap::new();
    for ratio in cells.values().flat_map(|cell| &cell.ratios) {
        let pair = by_pair.entry(ratio.pair).or_default();
        pair.0.push(ratio.log);
        pair.1 = pair.1.max(ratio.tick);
    }
    by_pair.into_iter().map(|(pair, (logs, tick))| (pair, (median(&logs), tick))).collect()
}
