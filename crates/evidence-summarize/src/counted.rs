//! The cases of inputs that are counted and not kept: which, and what they add to a summary.

use std::collections::BTreeSet;

use contract::part::{Entry, Part};
use contract::summary::{Case, Omitted};
use contract::{CheckStatus, Totals};

use crate::crew;
use crate::fold::{self, Folded};
use crate::list::{More, Rest};
use crate::packed::Packed;
use crate::place;
use crate::rules::Rules;
use crate::sink::Room;
use crate::summarize::Options;
use crate::tally::{Position, SHOWN, Said, Tally};

/// What was counted of a part and not kept.
#[derive(Clone, Debug, Default)]
pub struct Counted {
    /// Passed cases.
    pub passed: u64,
    /// Other cases.
    pub tally: Tally,
    /// The position of each kept entry; empty where that is its index.
    pub positions: Vec<u64>,
    /// The counted cases, if they are to be listed.
    pub packed: Packed,
}

/// The input of a case, and its position there.
fn position(case: &Folded, counted: &[Counted]) -> Position {
    let (part, index) = case.order;
    let kept = counted.get(part).and_then(|counted| counted.positions.get(index));
    (part, kept.copied().unwrap_or(index as u64 + 1))
}

/// What is packed of `parts`, and the places of `folded` between it.
pub fn rest(parts: &[Part], counted: &mut [Counted], folded: &[Folded]) -> Rest {
    if counted.iter().all(|counted| counted.packed.is_empty()) {
        return Rest::default();
    }
    let places = folded.iter().map(|case| position(case, counted)).collect();
    let more = |(part, counted): (&Part, &mut Counted)| More {
        evidence: fold::evidence(part, None, None),
        packed: std::mem::take(&mut counted.packed),
        positions: std::mem::take(&mut counted.positions),
    };
    Rest { inputs: parts.iter().zip(counted).map(more).collect(), places }
}

/// Counts the cases that the summary will not show, and that no other entry belongs to.
pub fn thin(parts: &mut [Part], counted: &mut [Counted], options: &Options) {
    let ids: BTreeSet<&str> = options.expected.iter().map(|check| check.id.as_str()).collect();
    let named = |entry: &Entry| ids.contains(entry.id.as_str()) || ids.contains(&*entry.name);
    let mut room = Room::default();
    let mut work = Vec::with_capacity(parts.len());
    for (part, counted) in parts.iter_mut().zip(counted) {
        let left = room;
        for entry in part.entries.iter().filter(|entry| !named(entry)) {
            room.keeps(entry);
        }
        work.push((part, counted, left));
    }
    crew::share(&mut work, options.workers, |work| {
        for (part, counted, room) in work {
            counted.thin(part, |entry| named(entry) || room.keeps(entry), &options.rules);
        }
    });
}

impl Counted {
    /// Counts the entries of `part` that `keeps` does not choose.
    fn thin(&mut self, part: &mut Part, mut keeps: impl FnMut(&Entry) -> bool, rules: &Rules) {
        let entries = std::mem::take(&mut part.entries);
        let positions = std::mem::take(&mut self.positions);
        for (index, entry) in entries.into_iter().enumerate() {
            let position = positions.get(index).copied().unwrap_or(index as u64 + 1);
            if keeps(&entry) {
                part.entries.push(entry);
                self.positions.push(position);
            } else if entry.status == CheckStatus::Passed {
                self.passed += 1;
            } else {
                self.tally.add(entry, position, rules);
            }
        }
    }
}

/// Places the kept cases. What all cases say together, kept or not.
pub fn said(folded: &mut [Folded], counted: &[Counted], options: &Options) -> Said {
    let of = |cases: &mut [Folded]| {
        place::place(cases, &options.rules);
        Said::of(cases, |case| position(case, counted), &options.rules)
    };
    let mut said = Said::default();
    for more in crew::share(folded, options.workers, of) {
        said.join(more);
    }
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
