//! Whether a comparison lets a change pass.

use contract::speed_comparison::{Cell, Pairs, Purpose, SpeedComparison, Verdict};

use crate::test::MIN_PAIRS;

/// What the gate says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// Whether the change may pass.
    pub passes: bool,
    /// What a person must know of the answer that the regressions do not say, and what to do.
    pub note: Option<String>,
}

/// Passes what has no regression, neither in a cell nor in what all cells share, and in which at
/// least one cell was decided.
///
/// `strict` asks for more: nothing undecided, and nothing lost that the baseline has (unless the
/// purpose is to find out what FIPS mode does not have).
#[must_use]
pub fn answer(document: &SpeedComparison, strict: bool) -> Answer {
    let cells = &document.cells;
    let undecided = cells.iter().filter(|cell| is_undecided(cell.verdict)).count();
    let lost = cells.iter().filter(|cell| document.purpose == Purpose::Change && is_lost(cell));
    let lost = lost.count();
    let (passes, note) = if document.verdict == Verdict::Regression {
        (false, None)
    } else if !cells.iter().any(|cell| is_decided(cell.verdict)) {
        (false, Some(format!("nothing could be decided: {}", needed(document))))
    } else if undecided > 0 {
        (!strict, Some(format!("undecided: {undecided} of {} cells", cells.len())))
    } else if lost > 0 {
        (!strict, Some(format!("only measured in the baseline: {lost} of {} cells", cells.len())))
    } else {
        let common = document.common.as_ref().is_some_and(|common| is_undecided(common.verdict));
        (!(strict && common), common.then(|| "undecided: what all cells share".to_owned()))
    };
    Answer { passes, note }
}

fn is_decided(verdict: Verdict) -> bool {
    matches!(verdict, Verdict::Regression | Verdict::Improvement | Verdict::Same)
}

fn is_undecided(verdict: Verdict) -> bool {
    matches!(verdict, Verdict::Inconclusive | Verdict::NotPaired)
}

fn is_lost(cell: &Cell) -> bool {
    cell.baseline.is_some() && cell.candidate.is_none()
}

/// What it takes to decide something.
fn needed(document: &SpeedComparison) -> String {
    let method = &document.method;
    if document.cells.iter().all(|cell| cell.verdict == Verdict::Unavailable) {
        return "no cell was measured on both sides".to_owned();
    }
    if method.pairs == Pairs::None || method.pair_count == 0 {
        return "no pairs; measure both sides in turns (speed-run --a … --b … --rounds 10)"
            .to_owned();
    }
    let most = document.cells.iter().map(|cell| cell.pairs).max().unwrap_or(0);
    if most < MIN_PAIRS as u64 {
        return format!("pairs {most}, needed at least {MIN_PAIRS}, better 10");
    }
    let pairs = document.power.map(|power| power.pairs_needed);
    match (pairs.and_then(|p| p.five_percent), pairs.and_then(|p| p.two_percent)) {
        (Some(five), Some(two)) => format!("pairs {most}, needed for 5 % {five}, for 2 % {two}"),
        (Some(five), None) => {
            format!("pairs {most}, needed for 5 % {five}; 2 % is out of reach with these seconds")
        }
        (None, _) => {
            format!("pairs {most}; 5 % is out of reach: more seconds (-seconds), or less noise")
        }
    }
}
