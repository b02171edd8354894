//! A row per cell.

use contract::speed_comparison::{Cell, SpeedComparison, Unit};

const COLUMNS: [&str; 19] = [
    "id",
    "kind",
    "algorithm",
    "operation",
    "block_size_bytes",
    "verdict",
    "unit",
    "baseline",
    "candidate",
    "pairs",
    "change_percent",
    "low_percent",
    "high_percent",
    "p",
    "p_adjusted",
    "raw_percent",
    "tick_percent",
    "detectable_percent",
    "reason",
];

/// The cells as CSV with a header.
pub fn csv(document: &SpeedComparison) -> Result<Vec<u8>, csv::Error> {
    let mut writer = csv::Writer::from_writer(vec![]);
    writer.write_record(COLUMNS)?;
    for cell in &document.cells {
        writer.write_record(row(cell))?;
    }
    writer.into_inner().map_err(|error| error.into_error().into())
}

fn row(cell: &Cell) -> [String; 19] {
    let number = |value: Option<f64>| value.map(|value| value.to_string()).unwrap_or_default();
    let text = |text: &str| escape::csv::cell(text).into_owned();
    let change = cell.change;
    [
        text(&cell.id),
        cell.key.kind.to_string(),
        text(&cell.algorithm),
        cell.key.operation.map(|operation| operation.to_string()).unwrap_or_default(),
        cell.key.block_size_bytes.map(|size| size.to_string()).unwrap_or_default(),
        cell.verdict.to_string(),
        match cell.unit {
            Unit::BytesPerSecond => "bytes_per_second".to_owned(),
            Unit::OpsPerSecond => "ops_per_second".to_owned(),
        },
        number(cell.baseline.map(|rate| rate.rate)),
        number(cell.candidate.map(|rate| rate.rate)),
        cell.pairs.to_string(),
        number(change.map(|change| change.percent)),
        number(change.and_then(|change| change.low_percent)),
        number(change.and_then(|change| change.high_percent)),
        number(change.and_then(|change| change.p)),
        number(change.and_then(|change| change.p_adjusted)),
        number(cell.raw_percent),
        number(cell.tick_percent),
        number(cell.detectable_percent),
        cell.reason.as_deref().map(text).unwrap_or_default(),
    ]
}
