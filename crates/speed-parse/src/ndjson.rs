//! A figure as a line of NDJSON, without building the record first: logs hold hundreds of thousands
//! of figures, and what is the same in all figures of an algorithm is written once.

use std::cell::RefCell;

use contract::speed::Operation;
use serde::Serialize;

use crate::item::{Figure, Value};

/// The beginnings of the lines of a label's figures, up to the figure itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Beginnings(RefCell<Vec<Beginning>>);

/// The beginning of the line for an operation and a block size.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Beginning {
    operation: Option<Operation>,
    block_size: Option<u64>,
    text: Box<[u8]>,
}

/// A label has no more of them, unless somebody made it up.
const MOST: usize = 8;

impl Beginnings {
    fn append(&self, out: &mut Vec<u8>, figure: &Figure<'_>) {
        let mut known = self.0.borrow_mut();
        let is_it = |known: &&Beginning| {
            known.block_size == figure.block_size && known.operation == figure.operation
        };
        if let Some(beginning) = known.iter().find(is_it) {
            out.extend_from_slice(&beginning.text);
            return;
        }
        let start = out.len();
        begin(out, figure);
        if known.len() < MOST {
            let (operation, block_size) = (figure.operation, figure.block_size);
            known.push(Beginning { operation, block_size, text: out[start..].into() });
        }
    }
}

/// `{"type":"record","id":"throughput/sha256/16",` and so on, up to the block size.
fn begin(out: &mut Vec<u8>, figure: &Figure<'_>) {
    let key = figure.label.key(figure.operation, figure.block_size);
    field(out, b"{\"type\":\"record\",\"id\":", &key.to_string());
    field(out, b",\"kind\":", &key.kind);
    field(out, b",\"algorithm\":", &figure.label.printed);
    field(out, b",\"key\":", &key);
    optional(out, b",\"operation\":", figure.operation.as_ref());
    optional(out, b",\"block_size_bytes\":", figure.block_size.as_ref());
}

/// Appends the line of a figure, as [`contract::speed::Line`] would be written.
pub fn figure(out: &mut Vec<u8>, figure: &Figure<'_>) {
    figure.label.beginnings.append(out, figure);
    match figure.value {
        Value::Bytes(bytes) => field(out, b",\"bytes_per_second\":", &bytes),
        Value::Operations(rate) => field(out, b",\"ops_per_second\":", &rate),
    }
    optional(out, b",\"count\":", figure.count.as_ref());
    optional(out, b",\"seconds\":", figure.seconds.as_ref());
    optional(out, b",\"resolution\":", figure.resolution.as_ref());
    field(out, b",\"run\":", &figure.run);
    field(out, b",\"line\":", &figure.line);
    out.extend_from_slice(b",\"source\":\"");
    out.extend_from_slice(figure.source.word().as_bytes());
    out.extend_from_slice(b"\"}\n");
}

#[inline(always)] // so that each name is a copy of known length
fn optional(out: &mut Vec<u8>, name: &[u8], value: Option<&impl Serialize>) {
    if let Some(value) = value {
        field(out, name, value);
    }
}

#[inline(always)]
fn field(out: &mut Vec<u8>, name: &[u8], value: &impl Serialize) {
    out.extend_from_slice(name);
    number(out, value);
}

/// Values, as `serde_json` writes them. None of ours can fail, nor can a `Vec`.
fn number(out: &mut Vec<u8>, value: &impl Serialize) {
    let written = serde_json::to_writer(out, value);
    debug_assert!(written.is_ok());
}

#[cfg(test)]
mod tests {
    use contract::speed::{Kind, Line, Source};

    use super::*;
    use crate::curves;
    use crate::label::Label;
    use crate::names::Era;

    fn same(figure: &Figure<'_>) {
        let mut line = Vec::new();
        super::figure(&mut line, figure);
        let expected = serde_json::to_string(&Line::Record(figure.record())).unwrap() + "\n";
        assert_eq!(String::from_utf8(line).unwrap(), expected);
    }

    #[test]
    fn a_line_is_what_the_type_writes() {
        let hostile = Label::throughput("a\"\\\u{1}\u{202e}é/b", Era::New);
        let mut figure = Figure {
            label: &hostile,
            operation: None,
            block_size: Some(16),
            value: Value::Bytes(51_790_210),
            count: Some(3_236_888),
            seconds: Some(1.0),
            resolution: Some(0.01),
            run: 3,
            line: 14,
            source: Source::Table,
        };
        same(&figure);
        let curve = Label::on_curve("x".to_owned(), "ecdsa", curves::by_name("P-256").unwrap());
        figure =
            Figure { label: &curve, operation: Some(Operation::Sign), block_size: None, ..figure };
        figure.value = Value::Operations(1.0 / 3.0);
        figure.count = None;
        figure.resolution = None;
        same(&figure);
        let kem = Label::named("rsa2048", Kind::Kem);
        same(&Figure {
            label: &kem,
            operation: Some(Operation::Encaps),
            source: Source::Mr,
            ..figure
        });
        same(&Figure {
            operation: Some(Operation::Encrypt),
            block_size: Some(8),
            label: &hostile,
            ..figure
        });
    }
}
