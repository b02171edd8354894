//! Whether a comparison lets a change pass.

use contract::speed_comparison::{Purpose, SpeedComparison, Verdict};

/// Whether there is no regression, neither in a cell nor in what all cells share.
///
/// A comparison of nothing passes no gate. `strict` asks for more: nothing undecided, and nothing
/// lost that the baseline has (unless the purpose is to find out what FIPS mode does not have).
#[must_use]
pub fn passes(document: &SpeedComparison, strict: bool) -> bool {
    let undecided = || {
        let cells = document.cells.iter().map(|cell| cell.verdict);
        cells
            .chain(document.common.as_ref().map(|common| common.verdict))
            .any(|verdict| matches!(verdict, Verdict::Inconclusive | Verdict::NotPaired))
    };
    let lost = || {
        document.purpose == Purpose::Change
            && document.cells.iter().any(|c| c.baseline.is_some() && c.candidate.is_none())
    };
    match document.verdict {
        Verdict::Regression | Verdict::Unavailable => false,
        _ => !strict || (!undecided() && !lost()),
    }
}
