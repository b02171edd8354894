//! The figures of a row, one by one.

use contract::speed::{Cause, Operation};

use crate::formats::Columns;
use crate::intern::NameId;
use crate::number;
use crate::run::{Broken, Cell, MachineLine, Open, Row};
use crate::text::{lossy, words};

/// A figure or, with its text, why it is none.
type Figure = Result<f64, Broken>;

/// No figure, with its text for the reason.
pub(crate) fn broken(cause: Cause, text: &[u8]) -> Broken {
    Broken { cause, text: lossy(&text[..text.len().min(60)]).into() }
}

/// The sizes of `16 bytes     64 bytes`.
pub(crate) fn sizes_of(text: &[u8]) -> Vec<u64> {
    let mut sizes = Vec::new();
    let mut words = words(text);
    while let (Some(size), Some(b"bytes")) = (words.next().and_then(number::whole), words.next()) {
        sizes.push(size);
    }
    sizes
}

/// Reads the cells of a throughput row; `None` if it is none. Says whether it was cut off.
///
/// A row has as many cells as there are sizes. `-mb` below `-multi` prints more, of 0.00.
pub(crate) fn read_cells(
    text: &[u8],
    cut: bool,
    sizes: &[u64],
    out: &mut Vec<Cell>,
) -> Option<bool> {
    if !is_row(text, sizes.len()) {
        return None;
    }
    let ends_open = cut && text.last().is_some_and(|byte| byte.is_ascii_digit() || *byte == b'.');
    let mut cells = words(text);
    let mut was_cut = false;
    for size in sizes {
        let figure = match cells.next() {
            Some(word) => number::cell(word).map_err(|cause| broken(cause, word)),
            None => Err(broken(Cause::CutOff, b"")),
        };
        was_cut |= matches!(&figure, Err(found) if found.cause == Cause::CutOff);
        out.push(Cell { size: *size, figure });
    }
    if ends_open && let Some(last) = out.iter_mut().rev().find(|cell| !is_absent(cell)) {
        let text = words(text).last().unwrap_or_default();
        last.figure = Err(broken(Cause::CutOff, text));
        was_cut = true;
    }
    if cells.any(|word| number::cell(word) != Err(Cause::Zero)) {
        // More figures than sizes: none of them can be given to a size.
        let start = out.len() - sizes.len();
        for cell in &mut out[start..] {
            cell.figure = Err(broken(Cause::Unreadable, text.trim_ascii()));
        }
    }
    Some(was_cut)
}

fn is_absent(cell: &Cell) -> bool {
    matches!(&cell.figure, Err(found) if found.text.is_empty())
}

/// Whether the text is that of cells: a number that is no thousands is padded to twelve columns,
/// or all cells are there. (`user 3.01` below a table is no row.)
fn is_row(text: &[u8], sizes: usize) -> bool {
    let Some(first) = words(text).next() else { return false };
    let padding = text.iter().take_while(|byte| byte.is_ascii_whitespace()).count();
    sizes > 0
        && (first.ends_with(b"k")
            || padding >= 4
            || text.starts_with(b"\t")
            || words(text).count() >= sizes.max(2))
}

/// The values of a machine line, joined by colons.
pub(crate) fn read_values(text: &[u8], cut: bool) -> Vec<Figure> {
    let mut values: Vec<Figure> = text
        .split(|byte| *byte == b':')
        .map(|value| number::figure(value, 2).map_err(|cause| broken(cause, value)))
        .collect();
    if cut
        && let Some(Err(last)) = values.last_mut()
        && last.cause == Cause::Unreadable
    {
        last.cause = Cause::CutOff;
    }
    values
}

impl MachineLine {
    /// The number of the algorithm in its list.
    pub fn number(&self) -> Option<u64> {
        self.fields.first().parse().ok()
    }
}

impl Open {
    /// Adds a row of `-mr`.
    pub fn add_machine_row(
        &mut self,
        name: NameId,
        number: u64,
        line: u64,
        first: usize,
        values: Vec<Figure>,
    ) {
        let expected = self.sizes.len();
        let known = expected > 0 && values.len() <= expected;
        if !known {
            self.unsized_rows.push((name, line, values.len()));
            return;
        }
        self.rows.push(Row { name, line, number: Some(number), first });
        let absent = std::iter::repeat_with(|| Err(broken(Cause::CutOff, b"")));
        let missing = expected - values.len();
        if missing > 0
            || values.last().is_some_and(|v| matches!(v, Err(b) if b.cause == Cause::CutOff))
        {
            self.cut = Some(line);
        }
        let sizes = self.sizes.iter().copied();
        let figures = values.into_iter().chain(absent.take(missing));
        self.cells.extend(sizes.zip(figures).map(|(size, figure)| Cell { size, figure }));
    }
}

/// The rates of a row of operations: as many seconds, then as many rates, as the table has
/// columns. Says whether it was cut off.
pub(crate) fn read_key_cells(
    text: &[u8],
    columns: Option<Columns>,
    cut: bool,
    out: &mut Vec<(Operation, Figure)>,
) -> bool {
    let (mut places, mut count) = ([&b""[..]; 16], 0);
    for (place, word) in places.iter_mut().zip(words(text)) {
        *place = word;
        count += 1;
    }
    let words = &places[..count];
    let seconds = words.iter().take_while(|word| word.ends_with(b"s")).count();
    let table = columns.map(Columns::operations).filter(|table| table.len() >= seconds);
    let operations: &[Operation] = table.unwrap_or(match seconds {
        1 => Columns::One.operations(),
        2 => Columns::Two.operations(),
        4 => Columns::Four.operations(),
        _ => &[],
    });
    let expected = operations.len();
    let mut was_cut = false;
    let cells = operations.iter().enumerate().map(|(at, operation)| {
        let figure = match (words.get(expected + at), words.get(at)) {
            _ if words.len() > 2 * expected
                || seconds != expected && words.len() >= 2 * expected =>
            {
                Err(broken(Cause::Unreadable, text))
            }
            (Some(rate), Some(time)) => rate_of(rate, time),
            (None, _) | (_, None) => Err(broken(Cause::CutOff, b"")),
        };
        let last = expected + at + 1 == words.len();
        let figure = match figure {
            Err(found) if found.cause == Cause::Unreadable && cut && last => {
                Err(Broken { cause: Cause::CutOff, ..found })
            }
            other => other,
        };
        was_cut |= matches!(&figure, Err(found) if found.cause == Cause::CutOff);
        (*operation, figure)
    });
    out.extend(cells);
    was_cut
}

/// The rate, or what the seconds say where the rate has too few digits: an operation that takes
/// more than 20 seconds is printed as 0.0 per second.
fn rate_of(rate: &[u8], time: &[u8]) -> Figure {
    match number::figure(rate, 1) {
        Err(Cause::Zero) => match time.strip_suffix(b"s").map(seconds) {
            Some(Some(time)) if time > 1.0 => Ok(1.0 / time),
            _ => Err(broken(Cause::Zero, rate)),
        },
        other => other.map_err(|cause| broken(cause, rate)),
    }
}

fn seconds(text: &[u8]) -> Option<f64> {
    number::fixed(text, 6).or_else(|| number::fixed(text, 4))
}
