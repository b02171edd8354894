//! Text, line by line: every reader sees every line, and those that recognise what they see speak
//! at the end.

use std::io::{self, BufRead};

pub use crate::pass::Pass;
use crate::sink::Sink;
use crate::utf8::Utf8;

/// One line.
#[derive(Clone, Copy, Debug)]
pub struct Line<'a> {
    /// Its text without the line end.
    pub text: &'a str,
    /// Its number, counted from 1.
    pub number: u64,
    /// Offset of its first byte.
    pub offset: u64,
}

impl Line<'_> {
    /// Offset after its last byte.
    pub fn end(&self) -> u64 {
        self.offset + self.text.len() as u64
    }
}

/// How sure a reader is that a text is of its format.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Claim {
    /// It is not.
    #[default]
    No,
    /// A line or two look like it, as what tests print does: only where nothing else speaks.
    Faint,
    /// Some lines look like it; without anything surer they are taken for it.
    Weak,
    /// It has what only this format has.
    Sure,
}

/// A reader of one kind of text.
pub trait LineReader {
    /// Takes one line.
    fn line(&mut self, line: &Line<'_>);
    /// How sure it is.
    fn claim(&self) -> Claim;
    /// Its name, where others may speak in its place.
    fn name(&self) -> &'static str {
        ""
    }
    /// Readers that say nothing where this one speaks: what they see is part of what it reads.
    fn overrides(&self) -> &'static [&'static str] {
        &[]
    }
    /// Whether the lines at hand belong to a run of this format, so that nothing in them speaks
    /// for itself.
    fn inside(&self) -> bool {
        false
    }
    /// Whether the last line can be nothing but this format's, so that it says nothing else.
    fn takes(&self) -> bool {
        false
    }
    /// Says what it found.
    fn finish(&mut self, sink: &mut Sink);
}

/// Text that stands behind a document in the same input.
#[derive(Debug)]
pub struct Behind {
    /// Its first line, counted from 1.
    pub line: u64,
    /// Its first byte in the input.
    pub offset: u64,
    /// The text.
    pub text: String,
}

/// Longer lines are cut: no format has them, and memory is not for them.
const MAX_LINE: u64 = 16 << 20;

/// Reads the next line, its end included, into `line`. `false` at the end of the input.
pub fn next_line<R: BufRead>(input: &mut Utf8<R>, line: &mut String) -> io::Result<bool> {
    line.clear();
    let mut left = MAX_LINE;
    loop {
        let buffer = input.fill_buf()?;
        if buffer.is_empty() {
            return Ok(!line.is_empty());
        }
        let newline = memchr::memchr(b'\n', buffer);
        let end = newline.map_or(buffer.len(), |at| at + 1);
        if left > 0 {
            // What `Utf8` yields is UTF-8.
            line.push_str(std::str::from_utf8(&buffer[..end]).unwrap_or_default());
            left = left.saturating_sub(end as u64);
        }
        input.consume(end);
        if newline.is_some() {
            return Ok(true);
        }
    }
}

/// `text` without the sequences that colour a terminal.
pub fn plain(text: &str) -> std::borrow::Cow<'_, str> {
    if !text.contains('\u{1b}') {
        return text.into();
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text.chars();
    while let Some(c) = rest.next() {
        if c != '\u{1b}' {
            out.push(c);
        } else if rest.as_str().starts_with('[') {
            rest.next();
            // A control sequence ends with its first letter (ECMA-48, 5.4).
            rest.find(|c| ('@'..='~').contains(c));
        }
    }
    out.into()
}

/// `text` as a terminal shows it: without colours, and of what is written over itself the last.
pub fn shown(text: &str) -> std::borrow::Cow<'_, str> {
    // Back to the first column (ECMA-48, 8.3.9) is what a carriage return is.
    let text = match text.contains("\u{1b}[1G") {
        true => text.replace("\u{1b}[1G", "\r").into(),
        false => std::borrow::Cow::Borrowed(text),
    };
    let last = |text: &str| {
        let mut parts = text.trim_end_matches('\r').rsplit('\r');
        parts.find(|part| !part.trim().is_empty()).unwrap_or_default().to_owned()
    };
    match text {
        std::borrow::Cow::Borrowed(text) if !text.contains('\r') => plain(text),
        text => last(&plain(&text)).into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_are_taken_out() {
        assert_eq!(plain("\u{1b}[1;31mFAIL\u{1b}[0m x"), "FAIL x");
        assert_eq!(plain("FAIL"), "FAIL");
        assert_eq!(plain("a\u{1b}[3"), "a");
    }

    #[test]
    fn what_is_written_over_is_not_shown() {
        assert_eq!(shown("   run x\u{1b}[1G \u{1b}[32m✓ x\u{1b}[0m\r"), " ✓ x");
        assert_eq!(shown("1/3\r2/3\r\r"), "2/3");
    }

    #[test]
    fn a_line_over_the_limit_is_cut_and_the_next_is_whole() {
        let text = "x".repeat(usize::try_from(MAX_LINE).unwrap() + 100_000) + "\nnext\n";
        let mut input = Utf8::new(io::BufReader::new(text.as_bytes()));
        let mut line = String::new();
        assert!(next_line(&mut input, &mut line).unwrap());
        assert!(line.len() < text.len() - 6);
        assert!(next_line(&mut input, &mut line).unwrap());
        assert_eq!(line, "next\n");
        assert!(!next_line(&mut input, &mut line).unwrap());
    }
}
