//! The cases of inputs that are counted and not kept: which, and what they add to a summary.

use std::collections::BTreeSet;

use contract::part::Part;
use contract::summary::{Case, Omitted};
use contract::{CheckStatus, Totals};

use crate::fold::Folded;
use crate::rules::Rules;
use crate::sink::Room;
use crate::summarize::Options;
use crate::tally::{SHOWN, Said, Tally};

/// What was counted of a part and not kept.
#[derive(Clone, Debug, Default)]
pub struct Counted {
    /// Passed cases.
    pub passed: u64,
    /// Other cases.
    pub tally: Tally,
    /// The position of each kept entry; empty where that is its index.
    pub positions: Vec<u64>,
}

/// Counts the cases that the summary will not show, and that no other entry belongs to.
pub fn thin(parts: &mut [Part], counted: &mut [Counted], options: &Options) {
    let named: BTreeSet<&str> = options.expected.iter().map(|check| check.id.as_str()).collect();
    let mut room = Room::default();
    for (part, counted) in parts.iter_mut().zip(counted) {
        let entries = std::mem::take(&mut part.entries);
        let positions = std::mem::take(&mut counted.positions);
        for (index, entry) in entries.into_iter().enumerate() {
            let position = positions.get(index).copied().unwrap_or(index as u64 + 1);
            let named = named.contains(entry.id.as_str()) || named.contains(entry.name.as_str());
            if named || room.keeps(&entry) {
                part.entries.push(entry);
                counted.positions.push(position);
            } else if entry.status == CheckStatus::Passed {
                counted.passed += 1;
            } else {
                counted.tally.add(entry, position, &options.rules);
            }
        }
    }
}

/// What all cases say together, kept or not.
pub fn said(folded: &[Folded], counted: &[Counted], rules: &Rules) -> Said {
    let position = |case: &Folded| {
        let (part, index) = case.order;
        let kept = counted.get(part).and_then(|counted| counted.positions.get(index));
        (part, kept.copied().unwrap_or(index as u64 + 1))
    };
    let mut said = Said::of(folded, position, rules);
    for (part, counted) in counted.iter().enumerate() {
        said.merge(&counted.tally, part);
    }
    said
}

/// The cases that a summary shows whole, and how many it does not.
#[derive(Debug)]
pub struct Shown {
    /// Cases that failed or broke.
    pub failures: Vec<Case>,
    /// Cases that were skipped, did not run, or have no known outcome.
    pub unproven: Vec<Case>,
    /// What is left out.
    pub omitted: Option<Omitted>,
}

/// The first of `cases`; `groups` of the kinds of failures are left out.
pub fn shown(cases: &[Case], counted: &[Counted], groups: u64) -> Shown {
    let first = |keep: fn(&Case) -> bool| -> Vec<Case> {
        cases.iter().filter(|case| keep(case)).take(SHOWN).cloned().collect()
    };
    let failures = first(|case| matches!(case.status, CheckStatus::Failed | CheckStatus::Broken));
    let unproven = first(|case| {
        matches!(case.status, CheckStatus::Skipped | CheckStatus::NotRun | CheckStatus::Unknown)
    });
    let kept: Totals = cases.iter().map(|case| case.status).collect();
    let all = counted.iter().fold(kept, |sum, counted| sum.plus(&counted.tally.totals));
    let omitted = Omitted {
        failures: (all.failed + all.broken).saturating_sub(failures.len() as u64),
        unproven: (all.skipped + all.not_run + all.unknown).saturating_sub(unproven.len() as u64),
        groups,
    };
    let omitted = (omitted != Omitted::default()).then_some(omitted);
    Shown { failures, unproven, omitted }
}
