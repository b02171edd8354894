//! What a run means, once it was read to its end.

mod children;
mod finish;
mod keys;
mod machine;
mod measured;
mod queue;
mod shape;
mod throughput;

use std::borrow::Cow;
use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};

use contract::speed::{Cause, Source};

use crate::intern::Names;
use crate::item::{Failure, Figure, Item, Subject, Value};
use crate::label::Label;
use crate::names::Era;
use crate::number::nearest;
use crate::parser::Sink;
use crate::run::{Broken, Open};
use children::Sum;
use measured::Measured;
pub(crate) use shape::Shapes;

/// A run on its way out.
struct Resolve<'a, 'b> {
    open: &'a Open,
    names: &'a mut Names,
    measured: Measured,
    era: Era,
    /// Its index.
    run: u64,
    /// Errors that a failed figure tells of.
    told: BTreeSet<usize>,
    /// What the children of `-multi` reported, by row, once it was asked.
    sums: OnceCell<BTreeMap<u64, Sum<'a>>>,
    sink: &'a mut Sink<'b>,
}

/// Gives a run away, and before it those that turn out to have been runs of their own: what was
/// measured before the measurements began again, unless the table has a row for each.
pub(crate) fn give(open: &mut Open, names: &mut Names, runs: &mut u64, sink: &mut Sink<'_>) {
    if open.is_empty() {
        return;
    }
    let one = open.children_count().is_some() || throughput::has_twice(open);
    while !open.segments.is_empty() && !one {
        give_first_segment(open, names, runs, sink);
    }
    give_one(open, names, runs, sink);
}

/// Gives away, as a run of its own, what was measured before the measurements began again.
pub(crate) fn give_first_segment(
    open: &mut Open,
    names: &mut Names,
    runs: &mut u64,
    sink: &mut Sink<'_>,
) {
    let end = open.segments.remove(0);
    let mut first = Open::default();
    first.begin(open.run.input, open.run.line);
    first.run.elapsed = open.run.elapsed;
    first.progress = open.progress.drain(..end).collect();
    first.faults.clone_from(&open.faults);
    first.faults.retain(|fault| open.progress.first().is_none_or(|next| fault.line < next.line));
    open.segments.iter_mut().for_each(|at| *at -= end);
    open.open = open.open.and_then(|at| at.checked_sub(end));
    if let Some(next) = open.progress.first() {
        open.run.line = next.line;
    }
    give_one(&mut first, names, runs, sink);
}

fn give_one(open: &mut Open, names: &mut Names, runs: &mut u64, sink: &mut Sink<'_>) {
    let era = Era::of(open.run.version.as_deref());
    let measured = Measured::new(open, names);
    let run = *runs;
    *runs += 1;
    let multi = open.children_count();
    let incomplete = finish::incomplete(open);
    let mut header = std::mem::take(&mut open.run);
    header.multi = multi;
    if multi.is_some() {
        header.elapsed = Some(true);
    }
    header.complete = incomplete.is_none();
    header.incomplete = incomplete;
    sink(Item::Run(&header));
    let (told, sums) = (BTreeSet::new(), OnceCell::new());
    let mut resolve = Resolve { open, names, measured, era, run, told, sums, sink };
    resolve.throughput();
    resolve.keys();
    resolve.machine();
    resolve.children();
    resolve.left_over();
    resolve.faults();
    resolve.samples();
}

impl Resolve<'_, '_> {
    /// Gives a figure away that was only measured, or printed without a measurement beside it.
    fn figure(&mut self, label: &Label, at: At, value: Value, source: Source) {
        let figure = Figure {
            label,
            operation: at.operation,
            block_size: at.block_size,
            value,
            count: at.count,
            seconds: at.seconds,
            resolution: at.seconds.and_then(resolution),
            run: self.run,
            line: at.line,
            source,
        };
        (self.sink)(Item::Figure(figure));
    }

    /// Gives a failure away.
    fn failed(&mut self, subject: Subject<'_>, at: At, cause: Cause, reason: Cow<'_, str>) {
        (self.sink)(Item::Failed(Failure {
            subject,
            operation: at.operation,
            block_size: at.block_size,
            cause,
            reason,
            run: Some(self.run),
            line: Some(at.line),
        }));
    }

    /// Gives a printed figure that is none away; `fault` is the error that explains it.
    fn broken(&mut self, label: &Label, at: At, broken: &Broken, fault: Option<usize>) {
        let label = Subject::Label(label);
        match fault.and_then(|at| self.open.faults.get(at)) {
            Some(fault) => self.failed(label, at, Cause::Error, Cow::Borrowed(&fault.text)),
            None => self.failed(label, at, broken.cause, Cow::Owned(broken.reason())),
        }
    }
}

/// Where a figure stands and what is known about it.
#[derive(Clone, Copy, Default)]
struct At {
    operation: Option<contract::speed::Operation>,
    block_size: Option<u64>,
    count: Option<u64>,
    seconds: Option<f64>,
    line: u64,
}

/// A tick of 10 ms as a share of the time, to seven digits.
fn resolution(seconds: f64) -> Option<f64> {
    (seconds > 0.0).then(|| nearest(0.01 / seconds * 1e7) / 1e7)
}

impl Broken {
    /// Why it is no figure, in words.
    fn reason(&self) -> String {
        let text = &self.text;
        match self.cause {
            Cause::Zero => format!("the log says {text}: it failed or was not run"),
            Cause::Negative => format!("the log says {text}: a counter overflowed"),
            Cause::NotFinite => format!("the log says {text}, which is no speed"),
            Cause::CutOff if text.is_empty() => "the line ends before this figure".to_owned(),
            Cause::CutOff => format!("the log ends in the middle of this figure: {text}"),
            _ => format!("expected a figure, found {text:?}"),
        }
    }
}
