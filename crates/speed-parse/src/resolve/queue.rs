//! Measurements of operations, in order, waiting for the figures of the tables.

use std::collections::{BTreeMap, VecDeque};
use std::rc::Rc;

use contract::speed::{Kind, Operation};

use crate::label::Label;

/// What is measured, as progress lines say it: without a curve, unless they name it.
type Subject = (Kind, Rc<str>, Option<u32>, Operation);

fn subject(label: &Label, operation: Operation) -> Subject {
    (label.kind, Rc::clone(&label.family), label.bits, operation)
}

/// A measurement: of what, and its index.
struct Waiting {
    label: Rc<Label>,
    operation: Operation,
    at: usize,
}

impl Waiting {
    /// Whether it is one of this subject, whatever the curve.
    fn is_of(&self, label: &Label, operation: Operation) -> bool {
        let own = &*self.label;
        self.operation == operation
            && (own.kind, own.bits) == (label.kind, label.bits)
            && own.family == label.family
    }

    /// Whether its curve, if both have one, is that of the label.
    fn fits(&self, label: &Label) -> bool {
        let own = self.label.curve;
        own.is_none() || label.curve.is_none() || own == label.curve
    }
}

/// The measurements that no figure has taken. Tables print them in the order in which they ran:
/// only where one does not, they are sorted by what they measure.
#[derive(Default)]
pub(super) struct Keys {
    in_order: VecDeque<Waiting>,
    by_subject: Option<BTreeMap<Subject, VecDeque<Waiting>>>,
}

impl Keys {
    /// Adds a measurement. None may be taken before the last was added.
    pub fn add(&mut self, label: Rc<Label>, operation: Operation, at: usize) {
        self.in_order.push_back(Waiting { label, operation, at });
    }

    /// The first that a figure can have, which it takes.
    pub fn take(&mut self, label: &Label, operation: Operation) -> Option<usize> {
        let is_it = |next: &Waiting| next.is_of(label, operation) && next.fits(label);
        if self.in_order.front().is_some_and(is_it) {
            return self.in_order.pop_front().map(|found| found.at);
        }
        let queue = self.sorted().get_mut(&subject(label, operation))?;
        let position = queue.iter().position(|waiting| waiting.fits(label))?;
        queue.remove(position).map(|found| found.at)
    }

    /// The first of the subject, which stays.
    pub fn peek(&mut self, label: &Label, operation: Operation) -> Option<usize> {
        if let Some(next) = self.in_order.front()
            && next.is_of(label, operation)
        {
            return Some(next.at);
        }
        self.sorted().get(&subject(label, operation))?.front().map(|found| found.at)
    }

    fn sorted(&mut self) -> &mut BTreeMap<Subject, VecDeque<Waiting>> {
        let sorted = self.by_subject.get_or_insert_default();
        for waiting in self.in_order.drain(..) {
            let subject = subject(&waiting.label, waiting.operation);
            sorted.entry(subject).or_default().push_back(waiting);
        }
        sorted
    }
}
