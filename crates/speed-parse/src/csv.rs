//! The records as a table for a spreadsheet.

use std::collections::BTreeMap;

use contract::speed::{Failed, Kind, Operation, Record, Speed};

/// A cell per size and operation.
type Columns = BTreeMap<(u8, Option<Operation>, Option<u64>), String>;

/// One line per figure, and per figure that failed.
pub fn long(document: &Speed) -> Result<Vec<u8>, csv::Error> {
    let mut out = csv::Writer::from_writer(Vec::new());
    out.write_record([
        "id",
        "kind",
        "algorithm",
        "operation",
        "block_size_bytes",
        "bytes_per_second",
        "ops_per_second",
        "resolution",
        "source",
        "reason",
        "run",
        "version",
        "input",
        "line",
    ])?;
    for record in &document.records {
        let (run, version, input) = place(document, Some(record.run));
        out.write_record([
            safe(&record.id),
            record.kind.word().to_owned(),
            safe(&record.algorithm),
            text(record.operation.map(Operation::word)),
            text(record.block_size_bytes),
            text(record.bytes_per_second),
            text(record.ops_per_second),
            text(record.resolution),
            record.source.word().to_owned(),
            String::new(),
            run,
            version,
            input,
            record.line.to_string(),
        ])?;
    }
    for failed in &document.failed {
        let (run, version, input) = place(document, failed.run);
        out.write_record([
            safe(failed.id.as_deref().unwrap_or_default()),
            text(failed.key.as_ref().map(|key| key.kind.word())),
            safe(&failed.algorithm),
            text(failed.operation.map(Operation::word)),
            text(failed.block_size_bytes),
            String::new(),
            String::new(),
            String::new(),
            String::new(),
            safe(&failed.reason),
            run,
            version,
            input,
            text(failed.line),
        ])?;
    }
    finish(out)
}

/// One line per algorithm and run: throughput over the block sizes, and operations per second.
/// What failed says so; what was not asked for is empty.
pub fn wide(document: &Speed) -> Result<Vec<u8>, csv::Error> {
    let mut rows: BTreeMap<(u64, usize), (Kind, String, Columns)> = BTreeMap::new();
    let mut order: BTreeMap<(u64, Kind, String), usize> = BTreeMap::new();
    let mut heads = Columns::new();
    for cell in cells(document) {
        let next = order.len();
        let at = *order.entry((cell.run, cell.kind, cell.algorithm.to_owned())).or_insert(next);
        let row = rows
            .entry((cell.run, at))
            .or_insert_with(|| (cell.kind, cell.algorithm.to_owned(), Columns::new()));
        let column = (u8::from(cell.size.is_none()), cell.operation, cell.size);
        heads.entry(column).or_insert_with(|| head(cell.operation, cell.size));
        row.2.entry(column).or_insert(cell.text);
    }
    let mut out = csv::Writer::from_writer(Vec::new());
    let fixed = ["run", "version", "input", "kind", "algorithm"].map(str::to_owned);
    out.write_record(fixed.iter().chain(heads.values()))?;
    for ((run, _), (kind, algorithm, columns)) in &rows {
        let (run, version, input) = place(document, Some(*run));
        let fixed = [run, version, input, kind.word().to_owned(), safe(algorithm)];
        let figures = heads.keys().map(|column| columns.get(column).cloned().unwrap_or_default());
        out.write_record(fixed.into_iter().chain(figures))?;
    }
    finish(out)
}

/// A figure or a failure on its way into the wide table.
struct Cell<'a> {
    run: u64,
    kind: Kind,
    algorithm: &'a str,
    operation: Option<Operation>,
    size: Option<u64>,
    text: String,
}

fn cells(document: &Speed) -> impl Iterator<Item = Cell<'_>> {
    let measured = document.records.iter().map(|record: &Record| Cell {
        run: record.run,
        kind: record.kind,
        algorithm: &record.algorithm,
        operation: record.operation,
        size: record.block_size_bytes,
        text: match (record.bytes_per_second, record.ops_per_second) {
            (Some(bytes), _) => bytes.to_string(),
            (None, rate) => text(rate),
        },
    });
    let failed = document.failed.iter().filter_map(|failed: &Failed| {
        let key = failed.key.as_ref()?;
        Some(Cell {
            run: failed.run?,
            kind: key.kind,
            algorithm: &failed.algorithm,
            operation: failed.operation,
            size: failed.block_size_bytes,
            text: "failed".to_owned(),
        })
    });
    measured.chain(failed)
}

fn head(operation: Option<Operation>, size: Option<u64>) -> String {
    match (operation, size) {
        (None, Some(size)) => format!("{size} B (bytes/s)"),
        (Some(operation), Some(size)) => format!("{operation} {size} B (bytes/s)"),
        (Some(operation), None) => format!("{operation} (ops/s)"),
        (None, None) => "ops/s".to_owned(),
    }
}

/// Run, version and input of a figure.
fn place(document: &Speed, run: Option<u64>) -> (String, String, String) {
    let Some(at) = run else { return Default::default() };
    let found = usize::try_from(at).ok().and_then(|at| document.runs.get(at));
    let version = found.and_then(|run| run.version.as_deref()).unwrap_or_default();
    let input = found
        .and_then(|run| document.inputs.get(usize::try_from(run.input).ok()?))
        .map_or("", |input| input.path.as_str());
    (at.to_string(), safe(version), safe(input))
}

fn safe(text: &str) -> String {
    escape::csv::cell(text).into_owned()
}

fn text(value: Option<impl ToString>) -> String {
    value.map(|value| value.to_string()).unwrap_or_default()
}

fn finish(out: csv::Writer<Vec<u8>>) -> Result<Vec<u8>, csv::Error> {
    out.into_inner().map_err(|error| error.into_error().into())
}
