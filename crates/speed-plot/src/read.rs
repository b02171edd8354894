//! Which document an input is.

use contract::Document;
use contract::speed::Speed;
use contract::speed_comparison::SpeedComparison;
use plumb::{Failure, Input, Looks};
use serde::Deserialize;

/// One of the documents that can be drawn.
pub enum Drawable {
    Speed(Box<Speed>),
    Comparison(Box<SpeedComparison>),
}

#[derive(Deserialize)]
struct Head {
    schema: String,
}

impl Drawable {
    /// The document that `input` names in its first key.
    pub fn read(input: &Input) -> Result<Self, Failure> {
        let head: Head =
            input.json().map_err(|failure| match Looks::like(&input.bytes) {
                Some(looks @ (Looks::Text | Looks::JsonLines)) => input.failure(format!(
                    "expected one document {:?} or {:?}, found {looks}: `speed-parse` makes the first of a log",
                    Speed::SCHEMA,
                    SpeedComparison::SCHEMA
                )),
                _ => failure,
            })?;
        if head.schema == Speed::SCHEMA {
            return input.json().map(Self::Speed);
        }
        if head.schema == SpeedComparison::SCHEMA {
            return input.json().map(Self::Comparison);
        }
        Err(input.failure(format!(
            "expected a document {:?} or {:?}, found {:?}",
            Speed::SCHEMA,
            SpeedComparison::SCHEMA,
            head.schema
        )))
    }

    /// The comparison, if it is one.
    pub fn comparison(self, input: &Input) -> Result<Box<SpeedComparison>, Failure> {
        match self {
            Self::Comparison(document) => Ok(document),
            Self::Speed(_) => Err(input.failure(format!(
                "expected a document {:?}, found {:?}: pipe it through speed-compare",
                SpeedComparison::SCHEMA,
                Speed::SCHEMA
            ))),
        }
    }
}
