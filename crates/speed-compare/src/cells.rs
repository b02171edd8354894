//! From two sides to cells: what each run says of the same key.

use std::collections::BTreeMap;

use contract::speed::{Failed, Key, Kind, Record};
use contract::speed_comparison::Unit;

use crate::sides::{RunFigures, Runs, Sides};
use crate::stats::{mean, tick::Tick, variance};

/// What a tick amounts to where the log does not say how long was measured: `openssl speed`
/// measures throughput for 3 s and key operations for 10 s unless told otherwise.
fn assumed_resolution(kind: Kind) -> f64 {
    match kind {
        Kind::Throughput => 0.01 / 3.0,
        Kind::Asymmetric | Kind::Kem | Kind::Signature => 0.01 / 10.0,
    }
}

/// Readings that vary this much (standard deviation, in seconds) are spread over the tick of 10 ms:
/// one reading in ten is another one than the rest.
const VARIES: f64 = 0.003;

/// One pair's answer about one cell.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Ratio {
    /// Which pair.
    pub pair: usize,
    /// Natural logarithm of candidate over baseline.
    pub log: f64,
    /// How far one tick of the timer shifts it.
    pub tick: f64,
}

/// Everything measured of one key.
#[derive(Clone, Debug)]
pub struct Samples<'a> {
    /// The key.
    pub key: &'a Key,
    /// The name as the log prints it.
    pub algorithm: &'a str,
    /// What the rates count.
    pub unit: Unit,
    /// Natural logarithms of the baseline's rates.
    pub baseline: Vec<f64>,
    /// Natural logarithms of the candidate's rates.
    pub candidate: Vec<f64>,
    /// The pairs that have the cell on both sides.
    pub ratios: Vec<Ratio>,
    /// Whether a resolution had to be assumed.
    pub assumed: bool,
    /// For how many seconds each run measured, where the log says; by side.
    pub seconds: [Vec<f64>; 2],
    /// Why the baseline has no figure in some or all runs.
    pub baseline_failed: Vec<&'a Failed>,
    /// The same of the candidate.
    pub candidate_failed: Vec<&'a Failed>,
}

impl Samples<'_> {
    /// How far the timer can shift the mean of the pairs' ratios.
    #[must_use]
    pub fn tick(&self) -> Tick {
        let ticks: Vec<f64> = self.ratios.iter().map(|ratio| ratio.tick).collect();
        let whole = mean(&ticks);
        Tick { whole, locked: self.locked(whole) }
    }

    /// How much of a tick may be the same error in every pair.
    fn locked(&self, tick: f64) -> f64 {
        let [baseline, candidate] = &self.seconds;
        if baseline.len() >= 3 && candidate.len() >= 3 {
            if [baseline, candidate].into_iter().all(|side| variance(side).sqrt() >= VARIES) {
                return 0.0;
            }
            // Readings that stand still err by as much as they differ: a side that reads 3.00 s
            // every time, and one that reads 3.01 s, may both have taken 3.005 s.
            let (a, b) = (mean(baseline), mean(candidate));
            return (a - b).abs() / a.min(b).max(f64::MIN_POSITIVE);
        }
        // Without readings: figures that vary by more than a tick from pair to pair come from a
        // machine on which no two measurements end at the same point of the timer's period.
        let logs: Vec<f64> = self.ratios.iter().map(|ratio| ratio.log).collect();
        if logs.len() >= 3 && variance(&logs).sqrt() >= tick { 0.0 } else { tick }
    }
}

/// The cells of both sides, by the string form of their key.
#[must_use]
pub fn collect<'a>(sides: &Sides<'a>) -> BTreeMap<&'a str, Samples<'a>> {
    let mut cells = BTreeMap::new();
    for run in &sides.baseline.runs {
        for (id, record) in &run.figures {
            let cell = cell(&mut cells, id, record);
            cell.baseline.extend(log_rate(record));
            cell.seconds[0].extend(record.seconds);
        }
    }
    for run in &sides.candidate.runs {
        for (id, record) in &run.figures {
            let cell = cell(&mut cells, id, record);
            cell.candidate.extend(log_rate(record));
            cell.seconds[1].extend(record.seconds);
        }
    }
    add_failed(&mut cells, &sides.baseline, |cell| &mut cell.baseline_failed);
    add_failed(&mut cells, &sides.candidate, |cell| &mut cell.candidate_failed);
    for (pair, (a, b)) in sides.pairs.iter().enumerate() {
        let (a, b) = (&sides.baseline.runs[*a], &sides.candidate.runs[*b]);
        add_ratios(&mut cells, pair, a, b);
    }
    cells
}

fn cell<'a, 'm>(
    cells: &'m mut BTreeMap<&'a str, Samples<'a>>,
    id: &'a str,
    record: &'a Record,
) -> &'m mut Samples<'a> {
    cells.entry(id).or_insert_with(|| empty(&record.key, &record.algorithm))
}

fn empty<'a>(key: &'a Key, algorithm: &'a str) -> Samples<'a> {
    Samples {
        key,
        algorithm,
        unit: match key.kind {
            Kind::Throughput => Unit::BytesPerSecond,
            Kind::Asymmetric | Kind::Kem | Kind::Signature => Unit::OpsPerSecond,
        },
        baseline: vec![],
        candidate: vec![],
        ratios: vec![],
        assumed: false,
        seconds: [vec![], vec![]],
        baseline_failed: vec![],
        candidate_failed: vec![],
    }
}

/// What can be a speed: no machine does less than one operation in thirty years, none moves a
/// thousand exabytes in a second.
const SPEEDS: std::ops::RangeInclusive<f64> = 1e-9..=1e21;

/// A rate's logarithm; none of a rate that is no speed, or not in the unit of its kind.
fn log_rate(record: &Record) -> Option<f64> {
    #[allow(clippy::cast_precision_loss)]
    let rate = match record.key.kind {
        Kind::Throughput => record.bytes_per_second? as f64,
        Kind::Asymmetric | Kind::Kem | Kind::Signature => record.ops_per_second?,
    };
    SPEEDS.contains(&rate).then(|| rate.ln())
}

fn add_ratios<'a>(
    cells: &mut BTreeMap<&'a str, Samples<'a>>,
    pair: usize,
    a: &RunFigures<'a>,
    b: &RunFigures<'a>,
) {
    for (id, baseline) in &a.figures {
        let (Some(candidate), Some(cell)) = (b.figures.get(id), cells.get_mut(id)) else {
            continue;
        };
        let (Some(from), Some(to)) = (log_rate(baseline), log_rate(candidate)) else { continue };
        let ticks = [baseline.resolution, candidate.resolution];
        cell.assumed |= ticks.contains(&None);
        let tick = ticks
            .into_iter()
            .map(|tick| tick.unwrap_or_else(|| assumed_resolution(cell.key.kind)))
            .fold(0.0, f64::max);
        cell.ratios.push(Ratio { pair, log: to - from, tick });
    }
}

/// A failure belongs to its cell; one that names no cell, to every cell of its algorithm.
fn add_failed<'a>(
    cells: &mut BTreeMap<&'a str, Samples<'a>>,
    side: &Runs<'a>,
    failures: impl for<'m> Fn(&'m mut Samples<'a>) -> &'m mut Vec<&'a Failed>,
) {
    let all = side.runs.iter().flat_map(|run| &run.failed).chain(&side.absent);
    for failed in all {
        if let (Some(id), Some(key)) = (&failed.id, &failed.key) {
            let cell = cells.entry(id).or_insert_with(|| empty(key, &failed.algorithm));
            failures(cell).push(failed);
            continue;
        }
        let name = failed.algorithm.to_lowercase();
        for cell in cells.values_mut() {
            if cell.key.family == name || cell.algorithm.to_lowercase() == name {
                failures(cell).push(failed);
            }
        }
    }
}
