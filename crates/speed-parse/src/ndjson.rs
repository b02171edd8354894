//! The pieces that are many as lines of NDJSON, without building them as documents first: what is
//! the same in all lines about an algorithm is written once.

use std::cell::RefCell;

use contract::speed::{Operation, Run};
use serde::Serialize;

use crate::item::{Failure, Figure, Subject, Value};
use crate::json::Text;
use crate::label::Label;

/// How the lines about a label begin: up to the figure, or up to the reason why there is none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Beginnings(RefCell<Vec<Beginning>>);

/// The beginning of the line for an operation and a block size.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Beginning {
    about: About,
    text: Box<[u8]>,
}

/// What a line is about, apart from its label.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct About {
    operation: Option<Operation>,
    block_size: Option<u64>,
    failed: bool,
}

/// A label has no more of them, unless somebody made it up.
const MOST: usize = 8;

impl Beginnings {
    fn append(&self, out: &mut Vec<u8>, label: &Label, about: About) {
        let mut known = self.0.borrow_mut();
        if let Some(beginning) = known.iter().find(|known| known.about == about) {
            out.extend_from_slice(&beginning.text);
            return;
        }
        let start = out.len();
        begin(out, label, about);
        if known.len() < MOST {
            known.push(Beginning { about, text: out[start..].into() });
        }
    }
}

/// `{"type":"record","id":"throughput/sha256/16",` and so on, up to the block size.
fn begin(out: &mut Vec<u8>, label: &Label, about: About) {
    let key = label.key(about.operation, about.block_size);
    let mut text = Text::new(out);
    text.literal(b"{\"type\":\"");
    text.word(if about.failed { "failed" } else { "record" });
    text.literal(b"\",\"id\":");
    text.string(&key.to_string());
    if !about.failed {
        field(&mut text, b",\"kind\":", Some(&key.kind));
    }
    text.literal(b",\"algorithm\":");
    text.string(&label.printed);
    field(&mut text, b",\"key\":", Some(&key));
    field(&mut text, b",\"operation\":", about.operation.as_ref());
    field(&mut text, b",\"block_size_bytes\":", about.block_size.as_ref());
    text.flush();
}

/// Appends the line of a figure, as [`contract::speed::Line`] would be written.
pub fn figure(out: &mut Vec<u8>, figure: &Figure<'_>) {
    let (operation, block_size) = (figure.operation, figure.block_size);
    let about = About { operation, block_size, failed: false };
    figure.label.beginnings.append(out, figure.label, about);
    let mut text = Text::new(out);
    match figure.value {
        Value::Bytes(bytes) => {
            text.literal(b",\"bytes_per_second\":");
            text.whole(bytes);
        }
        Value::Operations(rate) => {
            text.literal(b",\"ops_per_second\":");
            text.decimal(rate);
        }
    }
    if let Some(count) = figure.count {
        text.literal(b",\"count\":");
        text.whole(count);
    }
    if let Some(seconds) = figure.seconds {
        text.literal(b",\"seconds\":");
        text.decimal(seconds);
    }
    if let Some(resolution) = figure.resolution {
        text.literal(b",\"resolution\":");
        text.decimal(resolution);
    }
    text.literal(b",\"run\":");
    text.whole(figure.run);
    text.literal(b",\"line\":");
    text.whole(figure.line);
    text.literal(b",\"source\":\"");
    text.word(figure.source.word());
    text.literal(b"\"}\n");
    text.flush();
}

/// Appends the line of something without a figure.
pub fn failed(out: &mut Vec<u8>, failure: &Failure<'_>) {
    let (operation, block_size) = (failure.operation, failure.block_size);
    if let Subject::Label(label) = failure.subject {
        let about = About { operation, block_size, failed: true };
        label.beginnings.append(out, label, about);
    }
    let mut text = Text::new(out);
    if let Subject::Name(name) = failure.subject {
        text.literal(b"{\"type\":\"failed\",\"algorithm\":");
        text.string(name);
        field(&mut text, b",\"operation\":", operation.as_ref());
        field(&mut text, b",\"block_size_bytes\":", block_size.as_ref());
    }
    text.literal(b",\"cause\":\"");
    text.word(failure.cause.word());
    text.literal(b"\",\"reason\":");
    text.string(&failure.reason);
    if let Some(run) = failure.run {
        text.literal(b",\"run\":");
        text.whole(run);
    }
    if let Some(line) = failure.line {
        text.literal(b",\"line\":");
        text.whole(line);
    }
    text.literal(b"}\n");
    text.flush();
}

/// Appends the line of a run.
pub fn run(out: &mut Vec<u8>, run: &Run) {
    let mut text = Text::new(out);
    text.literal(b"{\"type\":\"run\",\"input\":");
    text.whole(run.input);
    text.literal(b",\"line\":");
    text.whole(run.line);
    string(&mut text, b",\"version\":", run.version.as_ref());
    string(&mut text, b",\"released\":", run.released.as_ref());
    string(&mut text, b",\"built_on\":", run.built_on.as_ref());
    string(&mut text, b",\"options\":", run.options.as_ref());
    string(&mut text, b",\"compiler\":", run.compiler.as_ref());
    string(&mut text, b",\"cpuinfo\":", run.cpuinfo.as_ref());
    field(&mut text, b",\"multi\":", run.multi.as_ref());
    field(&mut text, b",\"elapsed\":", run.elapsed.as_ref());
    field(&mut text, b",\"pairing\":", run.pairing.as_ref());
    field(&mut text, b",\"end\":", run.end.as_ref());
    field(&mut text, b",\"complete\":", Some(&run.complete));
    string(&mut text, b",\"incomplete\":", run.incomplete.as_ref());
    text.literal(b"}\n");
    text.flush();
}

fn string<const N: usize>(text: &mut Text<'_>, name: &[u8; N], value: Option<&String>) {
    if let Some(value) = value {
        text.literal(name);
        text.string(value);
    }
}

fn field<const N: usize>(text: &mut Text<'_>, name: &[u8; N], value: Option<&impl Serialize>) {
    if let Some(value) = value {
        text.literal(name);
        text.value(value);
    }
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;

    use contract::speed::{Cause, Kind, Line, Pairing, RunEnd, Source};

    use super::*;
    use crate::curves;
    use crate::names::Era;

    const PAIRING: &str = r#"{"round":1,"pair":2,"target":"a","label":"x","argv":["openssl"]}"#;
    const END: &str = r#"{"exit_code":0,"wall_ms":3012}"#;

    fn assert_is(line: Vec<u8>, expected: &Line) {
        let expected = serde_json::to_string(expected).unwrap() + "\n";
        assert_eq!(String::from_utf8(line).unwrap(), expected);
    }

    fn same(figure: &Figure<'_>) {
        for _ in 0..2 {
            let mut line = Vec::new();
            super::figure(&mut line, figure);
            assert_is(line, &Line::Record(figure.record()));
        }
        let failure = Failure {
            subject: Subject::Label(figure.label),
            operation: figure.operation,
            block_size: figure.block_size,
            cause: Cause::NotFinite,
            reason: Cow::Borrowed("\"inf\" \t is no speed"),
            run: Some(figure.run),
            line: Some(figure.line),
        };
        let nameless = Failure { subject: Subject::Name("a\\b"), ..failure.clone() };
        for failure in [failure, nameless, Failure::absent("x")] {
            let mut line = Vec::new();
            failed(&mut line, &failure);
            assert_is(line, &Line::Failed(failure.record()));
        }
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

    #[test]
    fn the_line_of_a_run_is_what_the_type_writes() {
        let some = |text: &str| Some(text.to_owned());
        let mut run = Run { input: 1, line: 20, ..Run::default() };
        for _ in 0..2 {
            let mut line = Vec::new();
            super::run(&mut line, &run);
            assert_is(line, &Line::Run(run.clone()));
            run = Run {
                input: 1,
                line: 2,
                version: some("3.0.19"),
                released: some("1 Jan"),
                built_on: some("a\nb"),
                options: some("bn(64,64)"),
                compiler: some("cc -DX=\"\\\"y\\\"\""),
                cpuinfo: some("é\u{7f}"),
                multi: Some(4),
                elapsed: Some(true),
                pairing: serde_json::from_str::<Pairing>(PAIRING).ok(),
                end: serde_json::from_str::<RunEnd>(END).ok(),
                complete: false,
                incomplete: some("cut"),
            };
        }
        assert!(run.pairing.is_some() && run.end.is_some());
    }
}
