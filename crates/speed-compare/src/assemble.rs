//! From samples and verdicts to the cells of the document.

use std::collections::BTreeMap;

use contract::speed::{Failed, Key};
use contract::speed_comparison::{Cell, PairsNeeded, Power, Rate, Unit, Verdict};

use crate::apart::{Apart, bare};
use crate::cells::Samples;
use crate::judge::{Judged, JudgedCell};
use crate::stats::{count, mean, median, student, trimmed::Trimmed, variance};
use crate::test::{LARGEST_LOG, MIN_PAIRS, percent, round};

/// The cells of a paired comparison.
#[must_use]
pub fn paired(
    samples: &BTreeMap<&str, Samples<'_>>,
    judged: &Judged<'_>,
    confidence: f64,
) -> Vec<Cell> {
    sorted(samples.iter().map(|(id, sample)| {
        let mut cell = bare_cell(id, sample, confidence);
        match judged.cells.get(id) {
            Some(found) => fill(&mut cell, found, sample),
            None if cell.verdict == Verdict::Inconclusive => {
                cell.reason = Some("no pair has it on both sides".to_owned());
            }
            None => {}
        }
        cell
    }))
}

/// The cells of a comparison without pairs.
#[must_use]
pub fn unpaired(
    samples: &BTreeMap<&str, Samples<'_>>,
    apart: &BTreeMap<&str, Apart>,
    confidence: f64,
) -> Vec<Cell> {
    sorted(samples.iter().map(|(id, sample)| {
        let mut cell = bare_cell(id, sample, confidence);
        if let Some(found) = apart.get(id) {
            cell.verdict = Verdict::NotPaired;
            cell.change = Some(bare(found.log));
            cell.stands_out = Some(found.stands_out);
        }
        cell
    }))
}

fn sorted(cells: impl Iterator<Item = Cell>) -> Vec<Cell> {
    let mut cells: Vec<Cell> = cells.collect();
    cells.sort_by(|a, b| order(&a.key).cmp(&order(&b.key)).then_with(|| a.id.cmp(&b.id)));
    cells
}

/// By kind, then name, then size: the order in which people look things up.
fn order(key: &Key) -> impl Ord + use<'_> {
    (key.kind, &key.family, key.bits, &key.curve, key.operation, key.block_size_bytes)
}

/// Everything that is known without a verdict.
fn bare_cell(id: &str, sample: &Samples<'_>, confidence: f64) -> Cell {
    let measured = !sample.baseline.is_empty() && !sample.candidate.is_empty();
    Cell {
        id: id.to_owned(),
        algorithm: sample.algorithm.to_owned(),
        key: sample.key.clone(),
        verdict: if measured { Verdict::Inconclusive } else { Verdict::Unavailable },
        unit: sample.unit,
        baseline: rate(&sample.baseline, sample.unit, confidence),
        candidate: rate(&sample.candidate, sample.unit, confidence),
        pairs: sample.ratios.len() as u64,
        change: None,
        raw_percent: measured.then(|| percent(mean(&sample.candidate) - mean(&sample.baseline))),
        tick_percent: None,
        detectable_percent: None,
        pairs_needed: None,
        stands_out: None,
        reason: (!measured).then(|| unavailable(sample)),
    }
}

fn fill(cell: &mut Cell, found: &JudgedCell, sample: &Samples<'_>) {
    cell.verdict = found.verdict;
    cell.change = Some(found.estimate.change(found.p_adjusted));
    let raw: Vec<f64> = sample.ratios.iter().map(|ratio| ratio.log).collect();
    cell.raw_percent = Some(percent(Trimmed::of(&raw).mean));
    cell.tick_percent = Some(round(found.estimate.reach_of_tick() * 100.0));
    cell.detectable_percent = found.detectable.map(fall);
    if found.needed != PairsNeeded::default() {
        cell.pairs_needed = Some(found.needed);
    }
    let failed = sample.baseline_failed.len() + sample.candidate_failed.len();
    if found.estimate.pairs < MIN_PAIRS {
        cell.reason = Some(format!("{} of at least {MIN_PAIRS} pairs", found.estimate.pairs));
    } else if failed > 0 {
        cell.reason = Some(format!("failed in {failed} runs"));
    }
}

/// A log-ratio as the fall of a rate, in percent.
fn fall(log: f64) -> f64 {
    round(-(-log).exp_m1() * 100.0)
}

fn rate(logs: &[f64], unit: Unit, confidence: f64) -> Option<Rate> {
    let centre = (!logs.is_empty()).then(|| mean(logs))?;
    let reach = (logs.len() >= 2).then(|| {
        let df = count(logs.len() - 1);
        student::quantile(f64::midpoint(1.0, confidence), df)
            * (variance(logs) / count(logs.len())).sqrt()
    });
    let shown = |log: f64| match unit {
        Unit::BytesPerSecond => log.min(LARGEST_LOG).exp().round(),
        Unit::OpsPerSecond => round(log.min(LARGEST_LOG).exp()),
    };
    Some(Rate {
        rate: shown(centre),
        low: reach.map(|reach| shown(centre - reach)),
        high: reach.map(|reach| shown(centre + reach)),
        runs: logs.len() as u64,
    })
}

/// Which side has no figure, and why.
fn unavailable(sample: &Samples<'_>) -> String {
    let why = |failed: &[&Failed]| failed.first().map_or("not measured", |f| &f.reason).to_owned();
    match (sample.baseline.is_empty(), sample.candidate.is_empty()) {
        (true, true) => format!(
            "baseline: {}; candidate: {}",
            why(&sample.baseline_failed),
            why(&sample.candidate_failed)
        ),
        (true, false) => format!("baseline: {}", why(&sample.baseline_failed)),
        _ => format!("candidate: {}", why(&sample.candidate_failed)),
    }
}

/// What the data as a whole can find.
#[must_use]
pub fn power(cells: &[Cell], judged: &Judged<'_>) -> Option<Power> {
    let mut found: Vec<f64> = cells.iter().filter_map(|cell| cell.detectable_percent).collect();
    if found.is_empty() {
        return None;
    }
    found.sort_by(f64::total_cmp);
    let typical = |pairs: fn(&PairsNeeded) -> Option<u64>| {
        // A cell that no number of pairs would do for sorts last.
        let mut needed: Vec<u64> = judged
            .cells
            .values()
            .filter(|cell| cell.estimate.pairs >= 2)
            .map(|cell| pairs(&cell.needed).unwrap_or(u64::MAX))
            .collect();
        needed.sort_unstable();
        needed.get(needed.len().saturating_sub(1) / 2).copied().filter(|pairs| *pairs < u64::MAX)
    };
    let most = (found.len() * 9).div_ceil(10).max(1) - 1;
    Some(Power {
        detectable_percent: round(median(&found)),
        detectable_in_most_percent: found[most],
        pairs_needed: PairsNeeded {
            five_percent: typical(|needed| needed.five_percent),
            two_percent: typical(|needed| needed.two_percent),
            one_percent: typical(|needed| needed.one_percent),
        },
    })
}
