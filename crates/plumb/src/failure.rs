//! Why a job could not be done.

use std::fmt;
use std::io;

/// A reason for status 2, with the input and the place it concerns.
///
/// Printed as `tool: source:line: message`. A good message says what was expected, what was found
/// and what to do next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// The input (or the output) it concerns.
    pub source: Option<String>,
    /// The line of that input, counted from 1.
    pub line: Option<u64>,
    /// The reason, in lower case, without a full stop.
    pub message: String,
    /// Whether there is nobody left to tell: the reader of stdout went away.
    pub(crate) silent: bool,
}

impl Failure {
    /// A failure that concerns no particular input.
    #[must_use]
    pub fn new(message: impl Into<String>) -> Self {
        Self { source: None, line: None, message: message.into(), silent: false }
    }

    /// The same, of `source`.
    #[must_use]
    pub fn at(mut self, source: impl Into<String>) -> Self {
        self.source = Some(source.into());
        self
    }

    /// The same, at a line counted from 1.
    #[must_use]
    pub fn line(mut self, line: u64) -> Self {
        self.line = Some(line);
        self
    }

    /// `source` could not be used: `deed` (`cannot read`) and what the system said.
    #[must_use]
    pub fn io(source: impl Into<String>, deed: &str, error: &io::Error) -> Self {
        Self::new(format!("{deed}: {}", system_words(error))).at(source)
    }

    /// Writing failed: silently if the reader went away, else as any other error.
    pub(crate) fn write(target: &str, error: &io::Error) -> Self {
        let silent = error.kind() == io::ErrorKind::BrokenPipe;
        Self { silent, ..Self::io(target, "cannot write", error) }
    }
}

/// The system's own words without Rust's `(os error 2)`.
fn system_words(error: &io::Error) -> String {
    let text = error.to_string();
    match text.rfind(" (os error ") {
        Some(end) => text[..end].to_lowercase(),
        None => text,
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(source) = &self.source {
            write!(f, "{source}:")?;
            if let Some(line) = self.line {
                write!(f, "{line}:")?;
            }
            f.write_str(" ")?;
        }
        f.write_str(&self.message)
    }
}

impl std::error::Error for Failure {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_names_the_place_before_the_reason() {
        let failure = Failure::new("expected a number").at("a.log").line(3);
        assert_eq!(failure.to_string(), "a.log:3: expected a number");
    }

    #[test]
    fn system_errors_lose_their_number() {
        let error = io::Error::from_raw_os_error(2);
        let failure = Failure::io("x", "cannot read", &error);
        assert_eq!(failure.to_string(), "x: cannot read: no such file or directory");
    }
}
