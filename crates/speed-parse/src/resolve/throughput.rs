//! The throughput table, and what its cells were measured as.

use std::collections::BTreeSet;
use std::rc::Rc;

use contract::speed::{Ambiguous, Candidate, Disagreement, Kind, Source};

use super::measured::Rate;
use super::{At, Resolve};
use crate::formats::Work;
use crate::item::{Item, Value};
use crate::label::Label;
use crate::run::{Cell, Open, Outcome, Row};

/// Whether the table has two rows of the same name: `-evp sha256 sha256` measures both in one run.
pub(super) fn has_twice(open: &Open) -> bool {
    let rows = &open.rows;
    if rows.len() <= 16 {
        let again = |at: usize| rows[..at].iter().any(|row| row.name == rows[at].name);
        return (1..rows.len()).any(again);
    }
    let mut seen = BTreeSet::new();
    rows.iter().any(|row| !seen.insert(row.name))
}

impl Resolve<'_, '_> {
    pub(super) fn throughput(&mut self) {
        for at in 0..self.open.rows.len() {
            let row = self.open.rows[at];
            match self.label_of_row(at, &row) {
                Some(label) => {
                    for cell in 0..self.open.cells_of(at).len() {
                        self.cell(&label, &row, &self.open.cells_of(at)[cell]);
                    }
                }
                None => self.nameless(at, &row),
            }
        }
        for (name, line, values) in self.open.unsized_rows.clone() {
            let label = self.names.throughput(name, self.era);
            let candidate = |text: &str| Candidate {
                kind: Kind::Throughput,
                algorithm: format!("{}, {text}", label.printed),
            };
            self.ambiguous(Ambiguous {
                code: "+F".to_owned(),
                values: vec![format!("{values} values")],
                candidates: vec![
                    candidate("blocks of 16, 64, 256, 1024, 8192 and 16384 bytes"),
                    candidate("blocks of other sizes (-aead, -mb, -bytes)"),
                ],
                hint: "the line +H before it says the sizes; keep it in the log".to_owned(),
                run: self.run,
                line,
            });
        }
    }

    pub(super) fn ambiguous(&mut self, ambiguous: Ambiguous) {
        (self.sink)(Item::Ambiguous(Box::new(ambiguous)));
    }

    fn cell(&mut self, label: &Rc<Label>, row: &Row, cell: &Cell) {
        let measured = self.measured.take_block(self.open, row.name, cell);
        let outcome = measured.map(|at| self.open.progress[at].outcome);
        let rate = outcome.and_then(Rate::of);
        let at = At {
            operation: None,
            block_size: Some(cell.size),
            count: rate.map(|rate| rate.count),
            seconds: rate.map(|rate| rate.seconds),
            line: row.line,
        };
        match &cell.figure {
            Ok(figure) => {
                let source = if row.number.is_some() { Source::Mr } else { Source::Table };
                self.figure(label, at, Value::bytes(*figure), source);
                if let (Some(rate), Some(progress)) = (rate, measured) {
                    self.compare(label, at, *figure, rate, progress, row.number.is_some());
                }
            }
            Err(broken) => {
                let fault = match outcome {
                    Some(Outcome::Fault(fault)) => Some(fault),
                    _ => self.fault_of(row),
                };
                self.broken(label, at, broken, fault);
            }
        }
    }

    /// The error by which a benchmark ended: the sizes after it are 0.00 as well.
    fn fault_of(&self, row: &Row) -> Option<usize> {
        let blame = crate::run::Blame::Name(row.name);
        self.open.faults.iter().position(|fault| fault.blame == blame)
    }

    /// Reports a figure that its measurement contradicts.
    fn compare(
        &mut self,
        label: &Label,
        at: At,
        figure: f64,
        rate: Rate,
        progress: usize,
        mr: bool,
    ) {
        #[allow(clippy::cast_precision_loss)] // block sizes are small
        let factor = at.block_size.map_or(1.0, |size| size as f64);
        let step = if mr || figure <= 10_000.0 { 0.01 } else { 10.0 };
        if !rate.agrees(figure, factor, step) {
            self.disagree(
                label,
                at,
                figure,
                rate.rate * factor,
                rate.tolerance(step, figure),
                progress,
            );
        }
    }

    pub(super) fn disagree(
        &mut self,
        label: &Label,
        at: At,
        table: f64,
        measured: f64,
        explained: f64,
        progress: usize,
    ) {
        let disagreement = Disagreement {
            id: label.key(at.operation, at.block_size).to_string(),
            algorithm: label.printed.clone(),
            table,
            progress: measured,
            explained,
            run: self.run,
            line: at.line,
            progress_line: self.open.progress[progress].line,
        };
        (self.sink)(Item::Disagreement(Box::new(disagreement)));
    }

    /// What a row measures. The parent of `-multi` prints the name of a slot (`evp`, `hmac(md5)`,
    /// `cmac`) where only its children know the algorithm.
    fn label_of_row(&mut self, at: usize, row: &Row) -> Option<Rc<Label>> {
        if let Some(child) = self.child_name(at, row) {
            let own = self.names.throughput(child, self.era);
            let printed = self.names.throughput(row.name, self.era);
            if own.family == printed.family {
                return Some(printed);
            }
            return Some(Rc::new(own.printed_as(&printed.printed)));
        }
        let label = self.names.throughput(row.name, self.era);
        if matches!(&*label.family, "evp" | "cmac") {
            return self.only_other_name(row);
        }
        Some(label)
    }

    /// The one algorithm that was measured and has no row of its own.
    fn only_other_name(&mut self, row: &Row) -> Option<Rc<Label>> {
        let rows: BTreeSet<_> = self.open.rows.iter().map(|row| row.name).collect();
        let blocks = |work| matches!(work, Work::Blocks(_));
        let others: BTreeSet<_> = self
            .open
            .progress
            .iter()
            .filter(|progress| blocks(progress.work) && !rows.contains(&progress.name))
            .map(|progress| progress.name)
            .collect();
        let name = others.first().copied().filter(|_| others.len() == 1)?;
        let own = self.names.throughput(name, self.era);
        let printed = self.names.throughput(row.name, self.era);
        Some(Rc::new(own.printed_as(&printed.printed)))
    }

    /// A row that only says in which slot something ran.
    fn nameless(&mut self, at: usize, row: &Row) {
        let printed = self.names.throughput(row.name, self.era);
        let values = self.open.cells_of(at).iter().map(|cell| match &cell.figure {
            Ok(figure) => format!("{figure:.2}"),
            Err(broken) => broken.text.to_string(),
        });
        let values = values.collect();
        let other = |text: &str| Candidate { kind: Kind::Throughput, algorithm: text.to_owned() };
        self.ambiguous(Ambiguous {
            code: printed.printed.clone(),
            values,
            candidates: vec![other("a cipher given by -evp"), other("a digest given by -evp")],
            hint: "the lines `Got: +F:…` of the same log name it; keep them".to_owned(),
            run: self.run,
            line: row.line,
        });
    }
}
