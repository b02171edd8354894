//! What the parser finds, piece by piece.

use contract::speed::{Ambiguous, Disagreement, Failed, Operation, Record, Run, Source};

use crate::label::Label;

/// A piece of the document. What belongs to a run comes after it.
#[derive(Debug)]
pub enum Item<'a> {
    /// A run; its index is the number of runs before it.
    Run(Box<Run>),
    /// A figure.
    Figure(Figure<'a>),
    /// Something without a figure.
    Failed(Box<Failed>),
    /// Figures whose meaning is open.
    Ambiguous(Box<Ambiguous>),
    /// Figures that contradict each other.
    Disagreement(Box<Disagreement>),
}

/// A figure, as cheap as it can be made: logs hold hundreds of thousands.
#[derive(Clone, Copy, Debug)]
pub struct Figure<'a> {
    pub(crate) label: &'a Label,
    pub(crate) operation: Option<Operation>,
    pub(crate) block_size: Option<u64>,
    pub(crate) value: Value,
    pub(crate) count: Option<u64>,
    pub(crate) seconds: Option<f64>,
    pub(crate) resolution: Option<f64>,
    pub(crate) run: u64,
    pub(crate) line: u64,
    pub(crate) source: Source,
}

/// A figure with its unit.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Value {
    /// Bytes per second.
    Bytes(u64),
    /// Operations per second.
    Operations(f64),
}

impl Value {
    /// Bytes per second, to the nearest integer.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // `as` saturates
    pub fn bytes(value: f64) -> Self {
        Self::Bytes(value.round() as u64)
    }
}

impl Figure<'_> {
    /// The figure as a record of the document.
    #[must_use]
    pub fn record(&self) -> Record {
        let key = self.label.key(self.operation, self.block_size);
        let (bytes_per_second, ops_per_second) = match self.value {
            Value::Bytes(bytes) => (Some(bytes), None),
            Value::Operations(rate) => (None, Some(rate)),
        };
        Record {
            id: key.to_string(),
            kind: self.label.kind,
            algorithm: self.label.printed.clone(),
            key,
            operation: self.operation,
            block_size_bytes: self.block_size,
            bytes_per_second,
            ops_per_second,
            count: self.count,
            seconds: self.seconds,
            resolution: self.resolution,
            run: self.run,
            line: self.line,
            source: self.source,
        }
    }
}
