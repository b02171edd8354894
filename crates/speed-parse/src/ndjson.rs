//! A figure as a line of NDJSON, without building the record first: logs hold hundreds of thousands
//! of figures, and what is the same in all figures of an algorithm is written once.

use serde::Serialize;

use crate::item::{Figure, Value};
use crate::label::Label;

/// The parts of a line that depend on the label alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Parts {
    /// `{"type":"record","id":"throughput/sha256`
    id: Vec<u8>,
    /// `","kind":"throughput","algorithm":"sha256","key":{"kind":"throughput","family":"sha256"`
    key: Vec<u8>,
}

impl Parts {
    fn new(label: &Label) -> Self {
        let key = label.key(None, None);
        let (mut id, mut rest) =
            (b"{\"type\":\"record\",\"id\":".to_vec(), b"\",\"kind\":".to_vec());
        number(&mut id, &key.to_string());
        // The string goes on with the operation or the block size.
        id.pop();
        number(&mut rest, &label.kind);
        rest.extend(b",\"algorithm\":");
        number(&mut rest, &label.printed);
        rest.extend(b",\"key\":");
        number(&mut rest, &key);
        // So does the object.
        rest.pop();
        Self { id, key: rest }
    }
}

/// Appends the line of a figure, as [`contract::speed::Line`] would be written.
pub fn figure(out: &mut Vec<u8>, figure: &Figure<'_>) {
    let parts = figure.label.parts.get_or_init(|| Parts::new(figure.label));
    out.extend_from_slice(&parts.id);
    if let Some(operation) = figure.operation {
        out.push(b'/');
        out.extend_from_slice(operation.word().as_bytes());
    }
    if let Some(size) = figure.block_size {
        out.push(b'/');
        number(out, &size);
    }
    out.extend_from_slice(&parts.key);
    what(out, figure);
    out.push(b'}');
    what(out, figure);
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

/// Operation and block size, which stand in the key and beside it.
fn what(out: &mut Vec<u8>, figure: &Figure<'_>) {
    if let Some(operation) = figure.operation {
        out.extend_from_slice(b",\"operation\":\"");
        out.extend_from_slice(operation.word().as_bytes());
        out.push(b'"');
    }
    optional(out, b",\"block_size_bytes\":", figure.block_size.as_ref());
}

fn optional(out: &mut Vec<u8>, name: &[u8], value: Option<&impl Serialize>) {
    if let Some(value) = value {
        field(out, name, value);
    }
}

fn field(out: &mut Vec<u8>, name: &[u8], value: &impl Serialize) {
    out.extend_from_slice(name);
    number(out, value);
}

/// Numbers and strings, as `serde_json` writes them. Neither can fail, nor can a `Vec`.
fn number(out: &mut Vec<u8>, value: &impl Serialize) {
    let written = serde_json::to_writer(out, value);
    debug_assert!(written.is_ok());
}

#[cfg(test)]
mod tests {
    use contract::speed::{Kind, Line, Operation, Source};

    use super::*;
    use crate::curves;
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
