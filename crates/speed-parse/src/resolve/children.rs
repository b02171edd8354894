//! `-multi`: what the children reported, where the parent does not say it itself.

use std::collections::{BTreeMap, BTreeSet};

use contract::speed::{Cause, Source};

use super::machine::{Unit, figure_of};
use super::shape::Shape;
use super::{At, Resolve};
use crate::intern::NameId;
use crate::item::{Subject, Value};
use crate::rows::broken;
use crate::run::{Broken, ChildLine, MachineLine, Open, Row};

impl ChildLine {
    fn child(&self) -> u64 {
        match self {
            Self::Row { child, .. } | Self::Keys { child, .. } => *child,
        }
    }

    pub(super) fn keys(&self) -> Option<&MachineLine> {
        match self {
            Self::Row { .. } => None,
            Self::Keys { line, .. } => Some(line),
        }
    }
}

impl Open {
    /// How many children there were, if any.
    pub(super) fn children_count(&self) -> Option<u64> {
        let reported = self.children.iter().map(|line| line.child().saturating_add(1)).max();
        let count = reported.unwrap_or(0).max(self.forked);
        (count > 0).then_some(count)
    }
}

/// The reports of all children about one row.
pub(super) struct Sum<'a> {
    name: NameId,
    line: u64,
    children: BTreeSet<u64>,
    values: Vec<&'a [Result<f64, Broken>]>,
}

impl Resolve<'_, '_> {
    /// The name by which the children know a row of their parent: the rows come in the order of
    /// their numbers, and its figures are the sums of theirs.
    pub(super) fn child_name(&self, at: usize, row: &Row) -> Option<NameId> {
        let sums = self.sums.get_or_init(|| sums(self.open));
        let sum = match row.number {
            Some(number) => sums.get(&number)?,
            None => sums.values().nth(at)?,
        };
        let cells = self.open.cells_of(at);
        let agrees = cells.iter().enumerate().all(|(at, cell)| match (&cell.figure, sum.at(at)) {
            (Ok(figure), Ok(sum)) => (figure - sum).abs() <= 5.1 + 0.02 * sum.abs() * 1e-3,
            (Ok(_), Err(_)) => false,
            (Err(_), _) => true,
        });
        agrees.then_some(sum.name)
    }

    /// The figures themselves, where the log ends before the parent sums them up.
    pub(super) fn children(&mut self) {
        if self.open.has_results() {
            return;
        }
        let Some(count) = self.open.children_count() else { return };
        for sum in sums(self.open).into_values() {
            let label = self.names.throughput(sum.name, self.era);
            let all = sum.children.len() as u64 == count;
            for (at, size) in self.open.sizes.iter().enumerate() {
                let place = At { block_size: Some(*size), line: sum.line, ..At::default() };
                match sum.at(at) {
                    Ok(figure) if all => {
                        self.figure(&label, place, Value::bytes(figure), Source::Mr);
                    }
                    Err(found) if all => self.broken(&label, place, &found, None),
                    _ => {
                        let reason = missing(&sum.children, count);
                        self.failed(Subject::Label(&label), place, Cause::CutOff, reason.into());
                    }
                }
            }
        }
        self.children_keys(count);
    }

    fn children_keys(&mut self, count: u64) {
        let mut by_row: BTreeMap<_, Vec<(u64, &MachineLine)>> = BTreeMap::new();
        for line in &self.open.children {
            if let Some(keys) = line.keys() {
                by_row.entry((keys.code, keys.number())).or_default().push((line.child(), keys));
            }
        }
        let lines: Vec<&MachineLine> = by_row.values().flatten().map(|(_, line)| *line).collect();
        let unit = self.unit(&lines);
        for reports in by_row.values() {
            let Some((_, first)) = reports.first() else { continue };
            let children: BTreeSet<u64> = reports.iter().map(|(child, _)| *child).collect();
            let Shape::Keys { label, operations, from, settled } = self.names.shapes.of(first)
            else {
                // A KEM or a signature algorithm by number: the line of one child says as much.
                self.machine_line(first, unit);
                continue;
            };
            let unit = if settled { Unit::PerSecond } else { unit };
            if unit == Unit::Unknown {
                self.machine_line(first, unit);
                continue;
            }
            for (at, operation) in operations.iter().enumerate() {
                let place = At { operation: Some(*operation), line: first.line, ..At::default() };
                let rates = reports.iter().map(|(_, line)| figure_of(line, from + at, unit, false));
                match rates.sum::<Result<f64, Broken>>() {
                    Ok(rate) if children.len() as u64 == count => {
                        self.figure(&label, place, Value::Operations(rate), Source::Mr);
                    }
                    Err(found) => self.broken(&label, place, &found, None),
                    Ok(_) => {
                        let reason = missing(&children, count);
                        self.failed(Subject::Label(&label), place, Cause::CutOff, reason.into());
                    }
                }
            }
        }
    }
}

fn missing(children: &BTreeSet<u64>, count: u64) -> String {
    format!("{} of {count} children reported before the log ends", children.len())
}

/// The reports of throughput by the number of their row.
fn sums(open: &Open) -> BTreeMap<u64, Sum<'_>> {
    let mut sums: BTreeMap<u64, Sum<'_>> = BTreeMap::new();
    for line in &open.children {
        if let ChildLine::Row { child, number, name, line, values } = line {
            let sum = sums.entry(*number).or_insert_with(|| Sum {
                name: *name,
                line: *line,
                children: BTreeSet::new(),
                values: Vec::new(),
            });
            sum.children.insert(*child);
            sum.values.push(values);
        }
    }
    sums
}

impl Sum<'_> {
    /// The sum of a column.
    fn at(&self, column: usize) -> Result<f64, Broken> {
        self.values
            .iter()
            .map(|values| match values.get(column) {
                Some(value) => value.clone(),
                None => Err(broken(Cause::CutOff, b"")),
            })
            .sum()
    }
}
