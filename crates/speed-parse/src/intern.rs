//! Names that come again and again, kept once, with what they mean.

use std::collections::BTreeMap;
use std::rc::Rc;

use contract::speed::{Kind, Operation};

use crate::curves;
use crate::label::{Label, signing_family};
use crate::names::Era;
use crate::resolve::Shapes;
use crate::text::{leading_number, lossy, split_at};

/// A name as the log prints it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct NameId(u32);

/// Names above this number are forgotten between runs: hostile input has endlessly many.
const KEPT: usize = 4096;

#[derive(Default)]
pub(crate) struct Names {
    ids: BTreeMap<Box<[u8]>, u32>,
    entries: Vec<Entry>,
    last: Option<u32>,
    /// Of the lines of `-mr` that have a number and no name.
    pub shapes: Shapes,
}

struct Entry {
    text: Box<[u8]>,
    /// The name that came after it when it came last: runs are alike.
    next: Option<u32>,
    old: Option<Rc<Label>>,
    new: Option<Rc<Label>>,
    key: Option<Option<(Rc<Label>, Option<Operation>)>>,
    kem: Option<Rc<Label>>,
    signature: Option<Rc<Label>>,
}

impl Names {
    /// The id of a name.
    pub fn id(&mut self, text: &[u8]) -> NameId {
        let is_it = |id: &u32| *self.entries[*id as usize].text == *text;
        if let Some(last) = self.last.filter(is_it) {
            return NameId(last);
        }
        let expected = self.last.and_then(|last| self.entries[last as usize].next).filter(is_it);
        let id = match expected.or_else(|| self.ids.get(text).copied()) {
            Some(id) => id,
            None => {
                let id = u32::try_from(self.entries.len()).unwrap_or(u32::MAX);
                self.ids.insert(text.into(), id);
                self.entries.push(Entry {
                    text: text.into(),
                    next: None,
                    old: None,
                    new: None,
                    key: None,
                    kem: None,
                    signature: None,
                });
                id
            }
        };
        if let Some(last) = self.last.replace(id) {
            self.entries[last as usize].next = Some(id);
        }
        NameId(id)
    }

    /// Forgets everything, if that has become too much. No id may be in use.
    pub fn tidy(&mut self) {
        if self.entries.len().max(self.shapes.len()) > KEPT {
            *self = Self::default();
        }
    }

    /// The name as it was printed.
    pub fn text(&self, id: NameId) -> &[u8] {
        &self.entries[id.0 as usize].text
    }

    /// The name as a row of the throughput table.
    pub fn throughput(&mut self, id: NameId, era: Era) -> Rc<Label> {
        let entry = &mut self.entries[id.0 as usize];
        let slot = if era == Era::Old { &mut entry.old } else { &mut entry.new };
        let text = &entry.text;
        Rc::clone(slot.get_or_insert_with(|| Rc::new(Label::throughput(&lossy(text), era))))
    }

    /// The name as an entry of the KEM or the signature table.
    pub fn named(&mut self, id: NameId, kind: Kind) -> Rc<Label> {
        let entry = &mut self.entries[id.0 as usize];
        let slot = if kind == Kind::Kem { &mut entry.kem } else { &mut entry.signature };
        let text = &entry.text;
        Rc::clone(slot.get_or_insert_with(|| Rc::new(Label::named(&lossy(text), kind))))
    }

    /// The name as the label of a row, or as the middle of a progress line, of a public-key
    /// benchmark. The latter says what is done, too.
    pub fn key(&mut self, id: NameId) -> Option<(Rc<Label>, Option<Operation>)> {
        let entry = &mut self.entries[id.0 as usize];
        let text = &entry.text;
        entry
            .key
            .get_or_insert_with(|| {
                let (label, operation) = key_label(text)?;
                Some((Rc::new(label), operation))
            })
            .clone()
    }
}

/// `rsa  2048 bits`, `256 bits ecdsa (nistp256)`, `2048 bits ffdh`, and of progress lines
/// `2048 bits private rsa`, `2048:private:rsa`.
fn key_label(text: &[u8]) -> Option<(Label, Option<Operation>)> {
    let plain = lossy(text).split_whitespace().collect::<Vec<_>>().join(" ");
    if let Some((family, bits)) = plain
        .strip_suffix("bits")
        .or(plain.strip_suffix("bit"))
        .and_then(|rest| rest.trim_end().split_once(' '))
    {
        let bits = bits.trim().parse().ok()?;
        return Some((Label::sized(plain.clone(), family, bits), None));
    }
    if let Some((rest, curve)) = plain.strip_suffix(')').and_then(|rest| rest.split_once(" (")) {
        let family = rest.rsplit(' ').next()?.to_ascii_lowercase();
        return Some((curve_row(&plain, &family, curve, rest)?, None));
    }
    if let Some(bits) = plain.strip_suffix(" ffdh").and_then(|rest| rest.split(' ').next())
        && !text.ends_with(b"  ffdh")
    {
        return Some((Label::sized(plain.clone(), "ffdh", bits.parse().ok()?), None));
    }
    progress_label(text)
}

fn curve_row(printed: &str, family: &str, name: &str, rest: &str) -> Option<Label> {
    let (bits, _) = leading_number(rest.as_bytes())?;
    match curves::by_name(name) {
        Some(curve) => {
            let family = if family == "ecdh" { "ecdh" } else { signing_family(curve) };
            Some(Label::on_curve(printed.to_owned(), family, curve))
        }
        // A curve that is not in the list keeps its own name as part of the family.
        None => {
            let family = if family == "ec" { "ecdsa" } else { family };
            Some(Label::sized(printed.to_owned(), &format!("{family}-{name}"), bits))
        }
    }
}

/// Size, operation (which can be empty) and algorithm of a progress line.
fn progress_label(text: &[u8]) -> Option<(Label, Option<Operation>)> {
    let (bits, rest) = leading_number(text)?;
    let rest = match rest.strip_prefix(b":") {
        Some(rest) => split_at(rest, b":")?,
        None => {
            let rest = rest.strip_prefix(b" bits").or(rest.strip_prefix(b" bit"))?;
            split_at(rest.strip_prefix(b" ")?, b" ")?
        }
    };
    let (word, name) = (rest.0, lossy(rest.1));
    let (family, said) = name.split_once(' ').unwrap_or((&name, ""));
    let operation = match (word, said) {
        (_, "encrypt") => Operation::Encrypt,
        (_, "decrypt") => Operation::Decrypt,
        (b"private" | b"sign", _) => Operation::Sign,
        (b"public" | b"verify", _) => Operation::Verify,
        (b"", _) => Operation::Derive,
        _ => return None,
    };
    let label = match (family, curves::by_name(family)) {
        ("rsa" | "dsa", _) => Label::sized(format!("{family} {bits} bits"), family, bits),
        (_, Some(curve)) => {
            let scheme =
                if operation == Operation::Derive { "ecdh" } else { signing_family(curve) };
            Label::on_curve(format!("{bits} bits {family}"), scheme, curve)
        }
        _ => Label::sized(format!("{bits} bits {family}"), &family.to_ascii_lowercase(), bits),
    };
    Some((label, Some(operation)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(text: &str) -> String {
        let mut names = Names::default();
        let id = names.id(text.as_bytes());
        match names.key(id) {
            Some((label, operation)) => label.key(operation, None).to_string(),
            None => "none".to_owned(),
        }
    }

    #[test]
    fn rows_and_progress_lines_of_all_versions_meet() {
        let same = [
            (["rsa  2048 bits", "rsa 2048 bits"], "asymmetric/rsa/2048"),
            (["2048 bit private rsa", "2048:private:rsa sign"], "asymmetric/rsa/2048/sign"),
            (
                ["256 bits ecdsa (nistp256)", "256 bits EC (prime256v1)"],
                "asymmetric/ecdsa/prime256v1",
            ),
            (["253 bits EdDSA (Ed25519)", "253 bits EC (Ed25519)"], "asymmetric/eddsa/Ed25519"),
            (["256 bits SM2 (CurveSM2)", "256 bits EC (SM2)"], "asymmetric/sm2/SM2"),
            (
                ["256 bit ecdh (nistp256)", "256 bits ecdh (prime256v1)"],
                "asymmetric/ecdh/prime256v1",
            ),
            (["256 bits  ecdh", "256::ecdh"], "asymmetric/ecdh/256/derive"),
            (["253 bits  X25519", "253::X25519"], "asymmetric/ecdh/X25519/derive"),
            (["253 bits sign Ed25519", "253:sign:Ed25519"], "asymmetric/eddsa/Ed25519/sign"),
            (["2048 bits  ffdh", "2048::ffdh"], "asymmetric/ffdh/2048/derive"),
            (
                ["2048 bits public rsa encrypt", "2048:public:rsa encrypt"],
                "asymmetric/rsa/2048/encrypt",
            ),
        ];
        for (texts, expected) in same {
            for text in texts {
                assert_eq!(key(text), expected, "{text}");
            }
        }
        assert_eq!(key("2048 bits ffdh"), "asymmetric/ffdh/2048");
        assert_eq!(key("nonsense"), "none");
    }
}
