//! What the parser finds, piece by piece.

use std::borrow::Cow;

use contract::speed::{Ambiguous, Cause, Disagreement, Failed, Operation, Record, Run, Source};

use crate::label::Label;
use crate::number::nearest;

/// A piece of the document. What belongs to a run comes after it.
#[derive(Debug)]
pub enum Item<'a> {
    /// A run; its index is the number of runs before it.
    Run(&'a Run),
    /// A figure.
    Figure(Figure<'a>),
    /// Something without a figure.
    Failed(Failure<'a>),
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

/// Something without a figure, as cheap as one.
#[derive(Clone, Debug)]
pub struct Failure<'a> {
    pub(crate) subject: Subject<'a>,
    pub(crate) operation: Option<Operation>,
    pub(crate) block_size: Option<u64>,
    pub(crate) cause: Cause,
    pub(crate) reason: Cow<'a, str>,
    pub(crate) run: Option<u64>,
    pub(crate) line: Option<u64>,
}

/// What has no figure.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Subject<'a> {
    Label(&'a Label),
    /// Something of which the log does not say enough.
    Name(&'a str),
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
        Self::Bytes(nearest(value) as u64)
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

impl<'a> Failure<'a> {
    /// What was expected by this name, and is not there.
    #[must_use]
    pub fn absent(name: &'a str) -> Self {
        Self {
            subject: Subject::Name(name),
            operation: None,
            block_size: None,
            cause: Cause::Absent,
            reason: Cow::Borrowed("expected, and no log has a figure of it"),
            run: None,
            line: None,
        }
    }

    /// What has no figure, as the log prints it.
    #[must_use]
    pub fn algorithm(&self) -> &str {
        match self.subject {
            Subject::Label(label) => &label.printed,
            Subject::Name(name) => name,
        }
    }

    /// Why, as a word.
    #[must_use]
    pub fn cause(&self) -> Cause {
        self.cause
    }

    /// Why, as a sentence.
    #[must_use]
    pub fn reason(&self) -> &str {
        &self.reason
    }

    /// The same as a part of the document.
    #[must_use]
    pub fn record(&self) -> Failed {
        let key = match self.subject {
            Subject::Label(label) => Some(label.key(self.operation, self.block_size)),
            Subject::Name(_) => None,
        };
        Failed {
            id: key.as_ref().map(ToString::to_string),
            algorithm: self.algorithm().to_owned(),
            key,
            operation: self.operation,
            block_size_bytes: self.block_size,
            cause: self.cause,
            reason: self.reason.clone().into_owned(),
            run: self.run,
            line: self.line,
        }
    }
}
