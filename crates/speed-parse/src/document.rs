//! The pieces put together.

use contract::speed::{Host, Speed};
use contract::{Generator, InputRef, Tag};

use crate::item::Item;

/// A document while it grows.
#[derive(Clone, Debug)]
pub struct Document(Speed);

/// A state of a document that can be gone back to.
#[derive(Clone, Copy, Debug)]
pub struct Mark([usize; 5]);

impl Document {
    /// An empty document.
    #[must_use]
    pub fn new(generator: Generator, host: Option<Host>) -> Self {
        Self(Speed {
            schema: Tag::new(),
            generator,
            inputs: vec![],
            host,
            runs: vec![],
            records: vec![],
            failed: vec![],
            ambiguous: vec![],
            disagreements: vec![],
        })
    }

    /// Adds a piece.
    pub fn add(&mut self, item: Item<'_>) {
        match item {
            Item::Run(run) => self.0.runs.push(run.clone()),
            Item::Figure(figure) => self.0.records.push(figure.record()),
            Item::Failed(failed) => self.0.failed.push(failed.record()),
            Item::Ambiguous(ambiguous) => self.0.ambiguous.push(*ambiguous),
            Item::Disagreement(disagreement) => self.0.disagreements.push(*disagreement),
        }
    }

    /// How far the document has grown.
    #[must_use]
    pub fn mark(&self) -> Mark {
        let Speed { runs, records, failed, ambiguous, disagreements, .. } = &self.0;
        Mark([runs.len(), records.len(), failed.len(), ambiguous.len(), disagreements.len()])
    }

    /// Takes away what was added since.
    pub fn back_to(&mut self, mark: &Mark) {
        let [runs, records, failed, ambiguous, disagreements] = mark.0;
        self.0.runs.truncate(runs);
        self.0.records.truncate(records);
        self.0.failed.truncate(failed);
        self.0.ambiguous.truncate(ambiguous);
        self.0.disagreements.truncate(disagreements);
    }

    /// Adds an input that was read to its end.
    pub fn input(&mut self, input: InputRef) {
        self.0.inputs.push(input);
    }

    /// The whole.
    #[must_use]
    pub fn finish(self) -> Speed {
        self.0
    }
}
