//! The kinds of lines that are understood: one file each, and one line each in [`ALL`].

mod bssl;
mod fault;
mod header;
mod machine;
mod marker;
mod progress;
mod table;

pub(crate) use bssl::{Object, Sample};
pub(crate) use fault::{Fault, Subject};
pub(crate) use header::Meta;
pub(crate) use progress::{Begin, Done, Work};
pub(crate) use table::{Columns, KeyRow};

use contract::speed::{Pairing, RunEnd};

/// What a line says.
#[derive(Debug)]
pub(crate) enum Event<'a> {
    /// The version line of a run's results. `certain` if nothing else begins so; otherwise it is
    /// one only if the build date follows.
    Version { version: &'a [u8], released: &'a [u8], certain: bool },
    /// One of the lines below it.
    Meta(Meta, &'a [u8]),
    /// Wall time is measured.
    Elapsed,
    /// The line before the throughput table.
    Numbers,
    /// The sizes of the throughput table, as `16 bytes     64 bytes`.
    Sizes(&'a [u8]),
    /// What can be a row of the throughput table, if there is one.
    Row { name: &'a [u8], cells: &'a [u8] },
    /// The header of another table.
    Columns(Columns),
    /// A row of another table.
    KeyRow(KeyRow<'a>),
    /// `+H`: sizes, joined by colons.
    MachineSizes(&'a [u8]),
    /// `+F`: a row of throughput, values joined by colons.
    MachineRow { number: u64, name: &'a [u8], values: &'a [u8] },
    /// `+F2` and up: the code, and the rest of the line.
    MachineKeys { code: u64, fields: &'a [u8] },
    /// A child of `-multi` was started.
    Forked,
    /// What a child reported: a machine line.
    Got { line: &'a [u8], child: u64 },
    /// Something went wrong.
    Fault(Fault<'a>),
    /// A run of a series begins here.
    Begins(Box<Pairing>),
    /// And ends here.
    Ends(RunEnd),
    /// Figures of `bssl speed -json`.
    Samples(Vec<Sample>),
}

/// A kind of line: what it is told by, quickly.
type Format = for<'a> fn(&'a [u8]) -> Option<Event<'a>>;

/// In the order in which they are tried: what is told by its first bytes before what is not.
const ALL: [Format; 6] =
    [machine::read, header::read, marker::read, bssl::read, table::read, fault::read];

/// What `line` says, if anything, unless it is a measurement. `line` has no decoration; it is not
/// indented.
pub(crate) fn read(line: &[u8]) -> Option<Event<'_>> {
    if line.is_empty() {
        return None;
    }
    ALL.iter().find_map(|format| format(line))
}

/// The beginning of a measurement. Most lines are one, or its end.
#[inline]
pub(crate) fn begin(line: &[u8]) -> Option<Begin<'_>> {
    match line.first()? {
        b'D' => progress::begin(line),
        b'+' => machine::begin(line),
        _ => None,
    }
}

/// The end of a measurement.
#[inline]
pub(crate) fn done(line: &[u8]) -> Option<Done<'_>> {
    match line.first()? {
        b'0'..=b'9' | b'-' => progress::done(line),
        b'+' => machine::done(line),
        _ => None,
    }
}

/// Whether `line` begins as only the output of `openssl speed` does: what a prefix is told by.
#[inline]
pub(crate) fn is_anchor(line: &[u8]) -> bool {
    match line.first() {
        Some(b'D') => line.starts_with(b"Doing "),
        Some(b'v') => line.starts_with(b"version: "),
        Some(b'b') => line.starts_with(b"built on: "),
        Some(b'T') => line.starts_with(b"The 'numbers' are in "),
        Some(b't') => line.starts_with(b"type     "),
        Some(b'+') => matches!(line[1..], [b'H' | b'F', b':', ..] | [b'D', b'T', ..]),
        Some(b'G') => line.starts_with(b"Got: +"),
        Some(b's') => line.starts_with(b"speed: Unknown algorithm "),
        _ => false,
    }
}
