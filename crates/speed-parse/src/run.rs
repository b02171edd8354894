//! One run while it is read: everything it says, kept until its end shows what that means.

use contract::speed::{Cause, Kind, Operation, Run};

use crate::fields::Fields;
use crate::formats::{Columns, Sample, Work};
use crate::intern::NameId;

/// A run with more than this is cut in two: hostile input has runs without end.
const MOST_CELLS: usize = 20_000;
const MOST_KEYS: usize = 1024;

/// A run as far as it was read.
#[derive(Debug, Default)]
pub(crate) struct Open {
    pub run: Run,
    /// Version, build and so on were read.
    pub has_header: bool,
    /// Measurements, in order.
    pub progress: Vec<Progress>,
    /// Where in `progress` the measurements begin again with the first: what comes before can be
    /// a run of its own that was cut off.
    pub segments: Vec<usize>,
    /// A measurement is open: its index in `progress`.
    pub open: Option<usize>,
    /// Several processes report at the same time: no result can be given to its beginning.
    pub mixed: bool,
    /// Sizes of the throughput table.
    pub sizes: Vec<u64>,
    /// The line of sizes was read.
    pub has_sizes: bool,
    /// `The 'numbers' …` was read.
    pub has_numbers: bool,
    /// Rows of throughput, and their cells.
    pub rows: Vec<Row>,
    pub cells: Vec<Cell>,
    /// Rows of `-mr` whose values cannot be given to sizes: name, line, number of values.
    pub unsized_rows: Vec<(NameId, u64, usize)>,
    /// The table of operations that is being read.
    pub columns: Option<Columns>,
    /// Rows of operations, and their cells.
    pub keys: Vec<KeyCells>,
    pub key_cells: Vec<(Operation, Result<f64, Broken>)>,
    /// Lines of `-mr` about operations.
    pub machine: Vec<MachineLine>,
    /// What children reported.
    pub children: Vec<ChildLine>,
    /// How many children were started.
    pub forked: u64,
    pub faults: Vec<FaultLine>,
    pub samples: Vec<(u64, Sample)>,
    /// The line where something was cut off in the middle.
    pub cut: Option<u64>,
}

/// A measurement.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Progress {
    pub name: NameId,
    pub work: Work,
    pub line: u64,
    pub outcome: Outcome,
}

/// What came of it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Outcome {
    /// Nothing yet.
    Open,
    /// So many operations (`None`: the counter overflowed) in so many seconds.
    Done { count: Option<u64>, seconds: f64, kind: Option<Kind> },
    /// An error: its index in `faults`.
    Fault(usize),
}

/// A row of throughput.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Row {
    pub name: NameId,
    pub line: u64,
    /// Of `-mr`: its number.
    pub number: Option<u64>,
    /// Its cells are those from here on.
    pub first: usize,
}

/// A cell of it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Cell {
    pub size: u64,
    pub figure: Result<f64, Broken>,
}

/// A figure that is none.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Broken {
    pub cause: Cause,
    /// As printed.
    pub text: Box<str>,
}

/// A row of operations: operations per second.
#[derive(Clone, Debug)]
pub(crate) struct KeyCells {
    pub name: NameId,
    /// `None` for the label of a row that says its family itself.
    pub kind: Option<Kind>,
    /// A row of the KEM or the signature table, and its header is not there to say of which.
    pub headless: bool,
    /// The figures as they stand there, where the header is missing.
    pub raw: Box<str>,
    pub line: u64,
    /// Its cells are those from here on.
    pub first: usize,
}

/// A line `+F2` and up.
#[derive(Clone, Debug)]
pub(crate) struct MachineLine {
    pub code: u64,
    pub fields: Fields,
    pub line: u64,
}

/// What a child reported.
#[derive(Clone, Debug)]
pub(crate) enum ChildLine {
    Row { child: u64, number: u64, name: NameId, line: u64, values: Vec<Result<f64, Broken>> },
    Keys { child: u64, line: MachineLine },
}

/// An error.
#[derive(Clone, Debug)]
pub(crate) struct FaultLine {
    pub text: String,
    pub line: u64,
    pub blame: Blame,
}

/// What an error is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Blame {
    /// The measurement that was open, or a throughput benchmark by name.
    Name(NameId),
    /// A family of public-key benchmarks.
    Family(String, Option<Operation>),
    /// A KEM or a signature algorithm.
    Named(String),
    /// An argument that names no algorithm.
    Argument(String),
}

impl Open {
    /// A run that begins here. Whatever was there is gone; the room it took is kept: logs hold
    /// tens of thousands of runs.
    pub fn begin(&mut self, input: u64, line: u64) {
        let Self {
            run,
            has_header,
            progress,
            segments,
            open,
            mixed,
            sizes,
            has_sizes,
            has_numbers,
            rows,
            cells,
            unsized_rows,
            columns,
            keys,
            key_cells,
            machine,
            children,
            forked,
            faults,
            samples,
            cut,
        } = self;
        *run = Run { input, line, ..Run::default() };
        (*has_header, *mixed, *has_sizes, *has_numbers) = (false, false, false, false);
        (*open, *columns, *forked, *cut) = (None, None, 0, None);
        progress.clear();
        segments.clear();
        sizes.clear();
        rows.clear();
        cells.clear();
        unsized_rows.clear();
        keys.clear();
        key_cells.clear();
        machine.clear();
        children.clear();
        faults.clear();
        samples.clear();
    }

    /// Whether any result was printed: progress after it belongs to another run.
    pub fn has_results(&self) -> bool {
        !(self.rows.is_empty()
            && self.keys.is_empty()
            && self.machine.is_empty()
            && self.unsized_rows.is_empty())
    }

    /// Whether it says anything at all but which run of a series it is.
    pub fn is_empty(&self) -> bool {
        !self.has_results()
            && !self.has_header
            && !self.has_numbers
            && !self.has_sizes
            && self.progress.is_empty()
            && self.faults.is_empty()
            && self.samples.is_empty()
            && self.children.is_empty()
            && self.forked == 0
    }

    /// Whether it has become larger than any run is.
    pub fn is_too_large(&self) -> bool {
        self.progress.len() + self.cells.len() + self.samples.len() > MOST_CELLS
            || self.keys.len() + self.machine.len() + self.faults.len() + self.unsized_rows.len()
                > MOST_KEYS
            || self.children.len() > MOST_CELLS
    }

    /// The cells of a row.
    pub fn cells_of(&self, row: usize) -> &[Cell] {
        let end = self.rows.get(row + 1).map_or(self.cells.len(), |next| next.first);
        &self.cells[self.rows[row].first..end]
    }

    /// The cells of a row of operations.
    pub fn key_cells_of(&self, row: usize) -> &[(Operation, Result<f64, Broken>)] {
        let end = self.keys.get(row + 1).map_or(self.key_cells.len(), |next| next.first);
        &self.key_cells[self.keys[row].first..end]
    }
}
