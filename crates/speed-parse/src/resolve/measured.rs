//! The measurements of a run, to be found by what they measure.

use std::collections::{BTreeMap, VecDeque};
use std::rc::Rc;

use contract::speed::{Kind, Operation};

use super::queue::Keys;
use super::throughput::has_twice;
use crate::formats::Work;
use crate::intern::{NameId, Names};
use crate::label::Label;
use crate::run::{Cell, Open, Outcome};

/// What a measurement amounts to.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Rate {
    pub count: u64,
    pub seconds: f64,
    /// Operations per second.
    pub rate: f64,
}

impl Rate {
    /// `None` if there is nothing to divide.
    #[allow(clippy::cast_precision_loss)] // counts stay below 2^53
    pub fn of(outcome: Outcome) -> Option<Self> {
        match outcome {
            Outcome::Done { count: Some(count), seconds, .. } if count > 0 && seconds > 0.0 => {
                Some(Self { count, seconds, rate: count as f64 / seconds })
            }
            _ => None,
        }
    }

    /// The share by which a figure can differ from this one without contradiction: the seconds
    /// are printed with two decimals, the figure in steps of `step`.
    pub fn tolerance(&self, step: f64, figure: f64) -> f64 {
        0.0051 / self.seconds + 0.6 * step / figure.abs().max(step)
    }

    /// Whether `figure`, printed in steps of `step`, says the same; `factor` is bytes per operation.
    pub fn agrees(&self, figure: f64, factor: f64, step: f64) -> bool {
        let own = self.rate * factor;
        (figure - own).abs() <= self.tolerance(step, figure) * own
    }
}

#[derive(Default)]
pub(super) struct Measured {
    /// Several processes measured: what one of them measured is no figure of the run.
    several: bool,
    /// The table has two rows of the same name.
    twice: bool,
    /// Whether a figure of the table has taken the measurement.
    pub taken: Vec<bool>,
    /// Throughput: where the next one is looked for first.
    next: usize,
    blocks: Option<BTreeMap<(NameId, u64), VecDeque<usize>>>,
    keys: Keys,
}

impl Measured {
    pub fn new(open: &Open, names: &mut Names) -> Self {
        let mut measured = Self { taken: vec![false; open.progress.len()], ..Self::default() };
        measured.twice = has_twice(open);
        measured.several = open.mixed || open.children_count().is_some();
        if measured.several {
            return measured;
        }
        for at in 0..open.progress.len() {
            if let Some((label, operation)) = label_of(open, names, at) {
                measured.keys.add(label, operation, at);
            }
        }
        measured
    }

    /// The measurement of a cell of the throughput table.
    pub fn take_block(&mut self, open: &Open, name: NameId, cell: &Cell) -> Option<usize> {
        if self.several {
            return None;
        }
        let fits = |at: usize| {
            let found = &open.progress[at];
            found.name == name && found.work == Work::Blocks(cell.size)
        };
        let next = self.next;
        if next < open.progress.len() && !self.taken[next] && !self.twice && fits(next) {
            self.taken[next] = true;
            self.next += 1;
            return Some(next);
        }
        let blocks = self.blocks.get_or_insert_with(|| by_block(open));
        let queue = blocks.get_mut(&(name, cell.size))?;
        queue.retain(|at| !self.taken[*at]);
        // Of two with the same name, the table does not print the one first that ran first.
        let same = queue.iter().position(|at| says_the_same(open, *at, cell));
        let at = queue.remove(same.unwrap_or(0))?;
        self.taken[at] = true;
        self.next = at + 1;
        Some(at)
    }

    /// The measurement of a figure of the other tables, in order.
    pub fn take_key(&mut self, label: &Label, operation: Operation) -> Option<usize> {
        let at = self.keys.take(label, operation)?;
        self.taken[at] = true;
        Some(at)
    }

    /// The same without taking it.
    pub fn peek_key(&mut self, label: &Label, operation: Operation) -> Option<usize> {
        self.keys.peek(label, operation)
    }

    /// KEMs or signature algorithms that were measured, in order.
    pub fn named(open: &Open, kind: Kind) -> Vec<NameId> {
        let mut found: Vec<NameId> = Vec::new();
        for progress in &open.progress {
            let is_kind =
                matches!(progress.outcome, Outcome::Done { kind: Some(k), .. } if k == kind);
            if is_kind && found.last() != Some(&progress.name) {
                found.push(progress.name);
            }
        }
        found
    }
}

/// Whether a measurement amounts to the figure of a cell.
fn says_the_same(open: &Open, at: usize, cell: &Cell) -> bool {
    #[allow(clippy::cast_precision_loss)] // block sizes are small
    let factor = cell.size as f64;
    match (Rate::of(open.progress[at].outcome), &cell.figure) {
        (Some(rate), Ok(figure)) => rate.agrees(*figure, factor, 10.0),
        (None, Err(_)) => true,
        _ => false,
    }
}

fn by_block(open: &Open) -> BTreeMap<(NameId, u64), VecDeque<usize>> {
    let mut blocks: BTreeMap<_, VecDeque<usize>> = BTreeMap::new();
    for (at, progress) in open.progress.iter().enumerate() {
        if let Work::Blocks(size) = progress.work {
            blocks.entry((progress.name, size)).or_default().push_back(at);
        }
    }
    blocks
}

/// What a measurement other than of throughput measures. A KEM is told from a signature algorithm
/// by its result, or by the operation.
pub(super) fn label_of(
    open: &Open,
    names: &mut Names,
    at: usize,
) -> Option<(Rc<Label>, Operation)> {
    let progress = &open.progress[at];
    match progress.work {
        Work::Blocks(_) => None,
        Work::Key => {
            let (label, operation) = names.key(progress.name)?;
            Some((label, operation?))
        }
        Work::Named(operation) => {
            let kind = match (progress.outcome, operation) {
                (Outcome::Done { kind: Some(kind), .. }, _) => kind,
                (_, Operation::Encaps | Operation::Decaps) => Kind::Kem,
                (_, Operation::Sign | Operation::Verify) => Kind::Signature,
                _ => return None,
            };
            Some((names.named(progress.name, kind), operation))
        }
    }
}
