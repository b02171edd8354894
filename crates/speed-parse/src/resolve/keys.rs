//! The tables of operations per second.

use std::rc::Rc;

use contract::speed::{Ambiguous, Candidate, Cause, Kind, Operation, Source};

use super::measured::Rate;
use super::{At, Resolve};
use crate::item::Value;
use crate::label::Label;
use crate::run::{Blame, Broken, KeyCells, Outcome};

impl Resolve<'_, '_> {
    pub(super) fn keys(&mut self) {
        for (at, row) in self.open.keys.iter().enumerate() {
            let label = match row.kind {
                Some(kind) => Some(self.names.named(row.name, kind)),
                None if row.headless => None,
                None => self.names.key(row.name).map(|(label, _)| label),
            };
            match label {
                Some(label) => {
                    for (operation, figure) in self.open.key_cells_of(at) {
                        self.operation(&label, *operation, figure, row.line, Precision::Table);
                    }
                }
                None => self.headless(row),
            }
        }
    }

    /// A figure of a table of operations with what was measured.
    pub(super) fn operation(
        &mut self,
        label: &Rc<Label>,
        operation: Operation,
        figure: &Result<f64, Broken>,
        line: u64,
        precision: Precision,
    ) {
        let measured = self.measured.take_key(label, operation);
        let outcome = measured.map(|at| self.open.progress[at].outcome);
        let rate = outcome.and_then(Rate::of);
        let at = At {
            operation: Some(operation),
            block_size: None,
            count: rate.map(|rate| rate.count),
            seconds: rate.map(|rate| rate.seconds),
            line,
        };
        let known = rate.zip(measured);
        if let Some((rate, progress)) = known
            && precision.loses(figure, rate)
        {
            let at = At { line: self.open.progress[progress].line, ..at };
            self.figure(label, at, Value::Operations(rate.rate), Source::Progress);
            return;
        }
        match figure {
            Ok(figure) => {
                self.figure(label, at, Value::Operations(*figure), precision.source());
                let step = precision.step(*figure);
                if let Some((rate, progress)) = known
                    && !rate.agrees(*figure, 1.0, step)
                {
                    let explained = rate.tolerance(step, *figure);
                    self.disagree(label, at, *figure, rate.rate, explained, progress);
                }
            }
            Err(broken) => {
                let fault = match outcome {
                    Some(Outcome::Fault(fault)) => Some(fault),
                    _ => self.fault_of_family(label, operation),
                };
                self.broken(label, at, broken, fault);
            }
        }
    }

    /// The error of a benchmark that was never begun: it names the family only.
    fn fault_of_family(&mut self, label: &Label, operation: Operation) -> Option<usize> {
        let is_it = |blame: &Blame| match blame {
            Blame::Family(family, said) => {
                family.eq_ignore_ascii_case(&label.family) && said.is_none_or(|s| s == operation)
            }
            Blame::Named(name) => *name == label.printed,
            _ => false,
        };
        let at = self.open.faults.iter().position(|fault| is_it(&fault.blame))?;
        self.told.insert(at);
        Some(at)
    }

    /// A row of the KEM or the signature table without the header that says of which.
    fn headless(&mut self, row: &KeyCells) {
        let printed = String::from_utf8_lossy(self.names.text(row.name)).into_owned();
        let candidate = |kind| Candidate { kind, algorithm: printed.clone() };
        self.ambiguous(Ambiguous {
            code: printed.clone(),
            values: row.raw.split_whitespace().map(str::to_owned).collect(),
            candidates: vec![candidate(Kind::Kem), candidate(Kind::Signature)],
            hint: "the line above the table names its columns; keep it in the log".to_owned(),
            run: self.run,
            line: row.line,
        });
    }
}

/// How exactly a rate is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Precision {
    /// In a table: with one decimal, or from seconds (below 0.05 per second).
    Table,
    /// In `-mr`: with six decimals.
    Rate,
    /// In `-mr` before 1.1.1: as seconds with six decimals, which fast operations hardly reach.
    Seconds,
}

impl Precision {
    fn source(self) -> Source {
        if self == Self::Table { Source::Table } else { Source::Mr }
    }

    /// The steps in which rates near this one are printed.
    fn step(self, figure: f64) -> f64 {
        match self {
            Self::Table if figure < 0.05 => 0.01 * figure,
            Self::Table => 0.1,
            Self::Rate => 1e-6,
            Self::Seconds => (1e-6 * figure * figure).max(1e-6),
        }
    }

    /// Whether the figure is the measured rate with most of its digits lost.
    fn loses(self, figure: &Result<f64, Broken>, rate: Rate) -> bool {
        self == Self::Seconds
            && match figure {
                Ok(figure) => rate.agrees(*figure, 1.0, self.step(*figure)),
                Err(found) => found.cause == Cause::Zero && rate.rate > 1e6,
            }
    }
}
