//! What was asked for, by the names `openssl speed` takes: what no log has a figure of is absent.

use contract::speed::{Kind, Operation};

use crate::curves;
use crate::item::{Failure, Item};
use crate::label::{Label, signing_family};
use crate::names::{self, Era};

/// Names that are expected, and whether they were seen.
#[derive(Clone, Debug, Default)]
pub struct Expected(Vec<Name>);

#[derive(Clone, Debug)]
struct Name {
    asked: String,
    any_of: Vec<Pattern>,
    seen: bool,
}

/// What a name can mean: nothing said is nothing asked.
#[derive(Clone, Debug, Default)]
struct Pattern {
    kind: Option<Kind>,
    family: String,
    curve: Option<&'static str>,
    bits: Option<u32>,
    operation: Option<Operation>,
}

impl Expected {
    /// The names of lists: joined by commas or blanks.
    #[must_use]
    pub fn new(lists: &[String]) -> Self {
        let names = lists.iter().flat_map(|list| list.split([',', ' ', '\n', '\t']));
        let names = names.map(str::trim).filter(|name| !name.is_empty());
        Self(
            names
                .map(|name| Name { asked: name.to_owned(), any_of: patterns(name), seen: false })
                .collect(),
        )
    }

    /// Whether no name is expected.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Takes note of a figure.
    pub fn see(&mut self, item: &Item<'_>) {
        let Item::Figure(figure) = item else { return };
        for name in self.0.iter_mut().filter(|name| !name.seen) {
            name.seen =
                name.any_of.iter().any(|pattern| pattern.fits(figure.label, figure.operation));
        }
    }

    /// What was asked for and has no figure.
    pub fn absent(&self) -> impl Iterator<Item = Failure<'_>> {
        self.0.iter().filter(|name| !name.seen).map(|name| Failure::absent(&name.asked))
    }
}

impl Pattern {
    fn fits(&self, label: &Label, operation: Option<Operation>) -> bool {
        self.kind.is_none_or(|kind| kind == label.kind)
            && self.family.eq_ignore_ascii_case(&label.family)
            && (self.curve.is_none() || self.curve == label.curve)
            && (self.bits.is_none() || self.bits == label.bits)
            && (self.operation.is_none() || self.operation == operation)
    }
}

/// `rsa2048`, `ecdsap256`, `ed25519`, `X25519`, `ML-KEM-768`, `aes-256-gcm`, `rsa`.
fn patterns(name: &str) -> Vec<Pattern> {
    let of = |family: &str| Pattern { family: family.to_owned(), ..Pattern::default() };
    let mut any_of = vec![of(&name.to_ascii_lowercase()), of(&names::canonical(name, Era::New))];
    if let Some((family, bits)) = names::sized(name) {
        any_of.push(Pattern { kind: Some(Kind::Asymmetric), bits: Some(bits), ..of(family) });
    }
    let lower = name.to_ascii_lowercase();
    for family in ["ecdsa", "ecdh"] {
        if let Some(curve) = lower.strip_prefix(family).and_then(curves::by_name) {
            let scheme = if family == "ecdh" { family } else { signing_family(curve) };
            any_of.push(Pattern { curve: Some(curve.name), ..of(scheme) });
        }
    }
    if let Some(curve) = curves::by_name(name) {
        any_of.push(Pattern { curve: Some(curve.name), ..of(signing_family(curve)) });
        any_of.push(Pattern { curve: Some(curve.name), ..of("ecdh") });
    }
    if let Some(curve) = lower.strip_prefix("ec").and_then(curves::by_name) {
        any_of.push(Pattern { kind: Some(Kind::Kem), curve: Some(curve.name), ..of("ec") });
    }
    any_of
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::label::Label;

    fn fits(name: &str, label: &Label) -> bool {
        patterns(name).iter().any(|pattern| pattern.fits(label, None))
    }

    #[test]
    fn names_of_the_command_line_find_their_rows() {
        let rsa = Label::sized(String::new(), "rsa", 2048);
        assert!(fits("rsa2048", &rsa) && fits("rsa", &rsa) && !fits("rsa4096", &rsa));
        let p256 = Label::on_curve(String::new(), "ecdsa", curves::by_name("P-256").unwrap());
        assert!(fits("ecdsap256", &p256) && fits("ecdsa", &p256));
        assert!(!fits("ecdsap384", &p256) && !fits("ecdhp256", &p256));
        let x = Label::on_curve(String::new(), "ecdh", curves::by_name("X25519").unwrap());
        assert!(fits("ecdhx25519", &x));
        let gcm = Label::throughput("AES-256-GCM", Era::New);
        assert!(fits("aes-256-gcm", &gcm) && !fits("aes-128-gcm", &gcm));
        let kem = Label::named("ML-KEM-768", Kind::Kem);
        assert!(fits("ML-KEM-768", &kem) && !fits("ML-KEM-512", &kem));
    }

    #[test]
    fn a_kem_of_rsa_is_not_rsa() {
        let kem = Label::named("rsa2048", Kind::Kem);
        assert!(!fits("rsa2048", &kem));
    }
}
