//! Which requirement holds, and by which checks.

use contract::summary::{Coverage, Needs, RequirementCheck, RequirementRow};

use super::word;

/// Checks of one requirement that are named; the rest is counted.
const CHECKS: usize = 10;

/// In words: `covered and passed`.
pub fn answer(coverage: Coverage) -> &'static str {
    match coverage {
        Coverage::Passed => "covered and passed",
        Coverage::Failed => "covered and failed",
        Coverage::NotRun => "not run",
        Coverage::NotCovered => "not covered",
    }
}

/// `all of 3`, `any of 2`.
pub fn needs(row: &RequirementRow) -> String {
    let word = if row.needs == Needs::All { "all" } else { "any" };
    format!("{word} of {}", row.checks.len())
}

/// The checks with their status; those that did not pass first.
pub fn checks(row: &RequirementRow) -> Vec<String> {
    let passed = |check: &&RequirementCheck| check.status == contract::CheckStatus::Passed;
    let mut sorted: Vec<_> = row.checks.iter().collect();
    sorted.sort_by_key(passed);
    let one = |check: &&RequirementCheck| {
        let target = check.target.as_ref().map_or(String::new(), |target| format!(" on {target}"));
        format!("{}{target}: {}", check.id, word(check.status))
    };
    let mut lines: Vec<_> = sorted.iter().take(CHECKS).map(one).collect();
    let more = sorted.len().saturating_sub(CHECKS);
    if more > 0 {
        lines.push(format!("{more} more"));
    }
    lines
}
