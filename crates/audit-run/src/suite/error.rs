//! Why a suite is refused.

/// One mistake in a suite.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Error {
    /// The line it is on, counted from 1.
    pub line: u64,
    /// What is wrong and what is right.
    pub message: String,
}

/// A mistake at a byte of the text, before its line is known.
#[derive(Clone, Debug)]
pub(super) struct Mistake {
    pub at: usize,
    pub message: String,
}

impl Mistake {
    pub(super) fn new(at: usize, message: impl Into<String>) -> Self {
        Self { at, message: message.into() }
    }

    /// The mistake as an error of `text`.
    pub(super) fn locate(self, text: &str) -> Error {
        let before = &text.as_bytes()[..self.at.min(text.len())];
        let newlines = before.iter().filter(|byte| **byte == b'\n').count();
        Error { line: newlines as u64 + 1, message: self.message }
    }
}
