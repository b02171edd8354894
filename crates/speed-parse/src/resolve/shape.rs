//! What a line `+F2` and up is, as far as its own code and fields say.

use std::collections::BTreeMap;
use std::rc::Rc;

use contract::speed::Operation;

use crate::curves;
use crate::formats::Columns;
use crate::label::{Label, signing_family};
use crate::number;
use crate::run::MachineLine;

/// What a line is, as far as its shape says.
#[derive(Clone)]
pub(crate) enum Shape {
    /// Figures of operations on something with a name, from this field on; `settled` if they are
    /// operations per second in all versions that print this.
    Keys { label: Rc<Label>, operations: &'static [Operation], from: usize, settled: bool },
    /// A row of the KEM or the signature table, of which it has only the number.
    Numbered,
    /// No known line.
    Foreign,
}

/// All that a shape depends on: the code, the first two fields as numbers, how many fields there
/// are, and the third where it is a name.
type Telling = (u64, Option<u64>, Option<u64>, usize, Option<Box<str>>);

/// The shapes of lines that were met: the same keys are measured in run after run.
#[derive(Default)]
pub(crate) struct Shapes(BTreeMap<Telling, Shape>);

impl Shapes {
    /// What `line` is.
    pub fn of(&mut self, line: &MachineLine) -> Shape {
        let fields = &line.fields;
        let whole = |at: usize| fields.get(at).and_then(|field| number::whole(field.as_bytes()));
        let name = fields.get(2).filter(|field| line.code == 6 || is_name(field)).map(Into::into);
        let telling = (line.code, whole(0), whole(1), fields.len(), name);
        self.0.entry(telling).or_insert_with(|| shape(line)).clone()
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }
}

/// What a line is by its code and its fields.
pub(super) fn shape(line: &MachineLine) -> Shape {
    let fields = &line.fields;
    let whole = |at: usize| fields.get(at).and_then(|field| number::whole(field.as_bytes()));
    let keys = |label: Label, columns: Columns, from, settled| Shape::Keys {
        label: Rc::new(label),
        operations: columns.operations(),
        from,
        settled,
    };
    match (line.code, whole(0), whole(1)) {
        (2, _, Some(bits)) if fields.len() > 4 => {
            keys(Label::sized(format!("rsa{bits}"), "rsa", bits), Columns::Four, 2, true)
        }
        (2, _, Some(bits)) => {
            keys(Label::sized(format!("rsa{bits}"), "rsa", bits), Columns::Two, 2, false)
        }
        (3, _, Some(bits)) => {
            keys(Label::sized(format!("dsa{bits}"), "dsa", bits), Columns::Two, 2, false)
        }
        (4, Some(number), Some(bits)) => keys(signature(number, bits), Columns::Two, 2, false),
        (5, Some(number), Some(bits)) => keys(agreement(number, bits), Columns::One, 2, false),
        (7 | 8, _, Some(bits)) if !fields.get(2).is_some_and(is_name) => {
            keys(Label::sized(format!("ffdh{bits}"), "ffdh", bits), Columns::One, 2, true)
        }
        (6 | 7, _, Some(bits)) if fields.len() > 3 => {
            let name = fields.get(2).unwrap_or_default();
            let label = match curves::by_name(name) {
                Some(curve) => Label::on_curve(name.to_string(), signing_family(curve), curve),
                None => Label::sized(name.to_string(), &name.to_ascii_lowercase(), bits),
            };
            keys(label, Columns::Two, 3, true)
        }
        (8..=10, Some(_), None) => Shape::Numbered,
        _ => Shape::Foreign,
    }
}

fn is_name(field: &str) -> bool {
    field.starts_with(|c: char| c.is_ascii_alphabetic()) && !number::looks_numeric(field.as_bytes())
}

/// The key that signs on the curve of this number: in 4.0, Edwards curves have the numbers that
/// curves for key agreement had.
fn signature(number: u64, bits: u64) -> Label {
    let curve = match (number, bits) {
        (22, 253) => curves::by_name("Ed25519"),
        _ => curves::by_number(number, bits),
    };
    match curve {
        Some(curve) => {
            let family = signing_family(curve);
            let printed = match family {
                "ecdsa" => format!("ecdsa{}", curves::command_name(curve)),
                _ => curve.name.to_owned(),
            };
            Label::on_curve(printed, family, curve)
        }
        None => Label::sized(format!("ecdsa number {number} ({bits} bits)"), "ecdsa", bits),
    }
}

fn agreement(number: u64, bits: u64) -> Label {
    match curves::by_number(number, bits) {
        Some(curve) => {
            let name = curves::command_name(curve);
            let printed =
                if name.starts_with("ecdh") { name.to_owned() } else { format!("ecdh{name}") };
            Label::on_curve(printed, "ecdh", curve)
        }
        None => Label::sized(format!("ecdh number {number} ({bits} bits)"), "ecdh", bits),
    }
}
