//! Turns the output of `openssl speed` into records in SI units.
//!
//! Bytes in, pieces of the document out: [`Lines`] cuts a stream into lines, [`Parser`] reads them
//! and gives each run away at its end, [`Document`] puts the pieces together. Nothing here
//! opens a file or knows the time. What is understood is a table in `formats`: one file for each
//! kind of line.
//!
//! A figure is given away only if the log settles what it is. What it leaves open is ambiguous,
//! and what is no figure (0.00, negative, `inf`, cut off) is a failure with its reason.

/// Tables for a spreadsheet.
pub mod csv;
mod curves;
mod decoration;
mod document;
mod expect;
mod fields;
mod formats;
mod host;
mod intern;
mod item;
mod json;
mod label;
mod lines;
mod names;
/// Lines of NDJSON.
pub mod ndjson;
mod number;
mod parser;
mod resolve;
mod rows;
mod run;
mod text;
mod utf16;

pub use document::{Document, Mark};
pub use expect::Expected;
pub use host::host;
pub use item::{Failure, Figure, Item};
pub use lines::{LONGEST_LINE, Line, Lines, TooLong};
pub use parser::{Parser, Sink};
pub use utf16::Decoder;
