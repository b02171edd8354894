//! What a figure is a figure of, apart from operation and block size.

use std::rc::Rc;

use contract::speed::{Key, Kind, Operation};

use crate::curves::{self, Curve};
use crate::names::{self, Era};
use crate::ndjson::Beginnings;

/// An algorithm as it is printed, with the parts of its canonical key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Label {
    /// As the log prints it.
    pub printed: String,
    pub kind: Kind,
    pub family: Rc<str>,
    pub curve: Option<&'static str>,
    pub bits: Option<u32>,
    /// How its lines of NDJSON begin.
    pub beginnings: Beginnings,
}

impl Label {
    /// A row of the throughput table.
    pub fn throughput(printed: &str, era: Era) -> Self {
        Self {
            printed: printed.to_owned(),
            kind: Kind::Throughput,
            family: names::canonical(printed, era).into(),
            curve: None,
            bits: None,
            beginnings: Beginnings::default(),
        }
    }

    /// A family with a size: rsa, dsa, ffdh; ecdsa and ecdh where the curve is not known.
    pub fn sized(printed: String, family: &str, bits: u64) -> Self {
        Self {
            printed,
            kind: Kind::Asymmetric,
            family: family.into(),
            curve: None,
            bits: u32::try_from(bits).ok(),
            beginnings: Beginnings::default(),
        }
    }

    /// A family over a curve.
    pub fn on_curve(printed: String, family: &str, curve: &Curve) -> Self {
        Self { curve: Some(curve.name), ..Self::sized(printed, family, u64::from(curve.bits)) }
    }

    /// A name of the KEM or of the signature table.
    pub fn named(printed: &str, kind: Kind) -> Self {
        let (family, curve, bits) = match (names::sized(printed), printed.strip_prefix("EC")) {
            (Some((family, bits)), _) => (family.to_owned(), None, Some(bits)),
            (None, Some(curve)) if curves::by_name(curve).is_some() => {
                let curve = curves::by_name(curve);
                ("ec".to_owned(), curve.map(|c| c.name), curve.map(|c| c.bits))
            }
            _ => (printed.to_ascii_lowercase(), None, None),
        };
        let family = family.into();
        Self {
            printed: printed.to_owned(),
            kind,
            family,
            curve,
            bits,
            beginnings: Beginnings::default(),
        }
    }

    /// The same, printed by another name.
    pub fn printed_as(&self, printed: &str) -> Self {
        Self { printed: printed.to_owned(), beginnings: Beginnings::default(), ..self.clone() }
    }

    /// The canonical key.
    pub fn key(&self, operation: Option<Operation>, block_size_bytes: Option<u64>) -> Key {
        Key {
            kind: self.kind,
            family: self.family.to_string(),
            curve: self.curve.map(str::to_owned),
            bits: self.bits,
            operation,
            block_size_bytes,
        }
    }
}

/// The family of a public-key row or progress line that names a curve: Edwards curves and SM2 sign
/// by schemes of their own.
pub(crate) fn signing_family(curve: &Curve) -> &'static str {
    match curve.name {
        "Ed25519" | "Ed448" => "eddsa",
        "SM2" => "sm2",
        _ => "ecdsa",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kem_names_give_up_their_parts() {
        let rsa = Label::named("rsa2048", Kind::Kem);
        assert_eq!(rsa.key(Some(Operation::Encaps), None).to_string(), "kem/rsa/2048/encaps");
        let ec = Label::named("ECP-256", Kind::Kem);
        assert_eq!(ec.key(Some(Operation::Keygen), None).to_string(), "kem/ec/prime256v1/keygen");
        let ml = Label::named("ML-KEM-768", Kind::Kem);
        assert_eq!(ml.key(Some(Operation::Decaps), None).to_string(), "kem/ml-kem-768/decaps");
    }
}
