//! From documents to lines: what each target does in each cell.

use std::collections::BTreeMap;

use contract::speed::{Key, Record, Run, Speed};
use contract::speed_comparison::{Rate, SpeedComparison};

/// A rate and the band around it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Point {
    /// The rate, in bytes or operations per second.
    pub rate: f64,
    /// Lower end of the band; the rate itself if there is none.
    pub low: f64,
    /// Upper end of the band.
    pub high: f64,
}

/// One cell: a point for each target that has it.
#[derive(Clone, Debug, PartialEq)]
pub struct Cell {
    /// The canonical key.
    pub key: Key,
    /// The algorithm as it is printed.
    pub algorithm: String,
    /// By target.
    pub points: Vec<Option<Point>>,
}

/// Everything one chart of rates needs.
#[derive(Clone, Debug, PartialEq)]
pub struct Series {
    /// The names of the targets; at most two are drawn.
    pub targets: Vec<String>,
    /// What the bands are.
    pub band: &'static str,
    /// The cells, in the order of their keys.
    pub cells: Vec<Cell>,
}

/// The two sides of a comparison.
#[must_use]
pub fn of_comparison(document: &SpeedComparison) -> Series {
    let point = |rate: &Rate| Point {
        rate: rate.rate,
        low: rate.low.unwrap_or(rate.rate),
        high: rate.high.unwrap_or(rate.rate),
    };
    Series {
        targets: vec![document.baseline.label.clone(), document.candidate.label.clone()],
        band: "geometric mean of the runs with its interval, drift included",
        cells: document
            .cells
            .iter()
            .map(|cell| Cell {
                key: cell.key.clone(),
                algorithm: cell.algorithm.clone(),
                points: vec![cell.baseline.as_ref().map(point), cell.candidate.as_ref().map(point)],
            })
            .collect(),
    }
}

/// The targets of a log: its marks, else its versions.
#[must_use]
pub fn of_speed(document: &Speed) -> Series {
    let names: Vec<String> = document.runs.iter().map(name).collect();
    let mut targets = names.clone();
    targets.sort();
    targets.dedup();
    let mut cells: BTreeMap<&str, (&Record, Vec<Vec<f64>>)> = BTreeMap::new();
    for record in &document.records {
        let target = usize::try_from(record.run)
            .ok()
            .and_then(|run| names.get(run))
            .and_then(|name| targets.iter().position(|target| target == name));
        if let (Some(target), Some(rate)) = (target, rate(record)) {
            let cell =
                cells.entry(&record.id).or_insert_with(|| (record, vec![vec![]; targets.len()]));
            cell.1[target].push(rate);
        }
    }
    let mut cells: Vec<Cell> = cells
        .into_values()
        .map(|(record, rates)| Cell {
            key: record.key.clone(),
            algorithm: record.algorithm.clone(),
            points: rates.into_iter().map(point).collect(),
        })
        .collect();
    cells.sort_by(|a, b| a.key.cmp(&b.key));
    // The mark of the target leads the name while it is sorted by; people need the rest.
    let targets = targets.into_iter().map(|target| strip(&target)).collect();
    Series { targets, band: "median of the runs, with the slowest and the fastest", cells }
}

fn name(run: &Run) -> String {
    match &run.pairing {
        Some(pairing) => format!("{}\u{0}{}", pairing.target, pairing.label),
        None => format!("OpenSSL {}", run.version.as_deref().unwrap_or("of unknown version")),
    }
}

fn strip(name: &str) -> String {
    name.split_once('\u{0}').map_or(name, |(_, label)| label).to_owned()
}

fn rate(record: &Record) -> Option<f64> {
    #[allow(clippy::cast_precision_loss)]
    let bytes = record.bytes_per_second.map(|bytes| bytes as f64);
    record.ops_per_second.or(bytes).filter(|rate| rate.is_finite() && *rate > 0.0)
}

/// The median, and the range.
fn point(mut rates: Vec<f64>) -> Option<Point> {
    rates.sort_by(f64::total_cmp);
    let (low, high) = (*rates.first()?, *rates.last()?);
    let middle = rates.len() / 2;
    let rate = if rates.len().is_multiple_of(2) {
        f64::midpoint(rates[middle - 1], rates[middle])
    } else {
        rates[middle]
    };
    Some(Point { rate, low, high })
}

impl Series {
    /// Only the cells whose key contains `text`.
    #[must_use]
    pub fn only(mut self, text: Option<&str>) -> Self {
        if let Some(text) = text {
            self.cells.retain(|cell| cell.key.to_string().contains(text));
        }
        self
    }
}
