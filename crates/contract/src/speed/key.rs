//! What a figure is a figure *of*: the same for all versions and modes.

use std::fmt;

use serde::{Deserialize, Serialize};

/// What kind of operation was measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Bytes per second over a block size: digests, ciphers, MACs, random numbers.
    Throughput,
    /// Operations per second of the classic public-key tables.
    Asymmetric,
    /// Operations per second of a key encapsulation mechanism.
    Kem,
    /// Operations per second of the signature table (3.2 and later).
    Signature,
}

impl Kind {
    /// The word as it stands in documents.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Throughput => "throughput",
            Self::Asymmetric => "asymmetric",
            Self::Kem => "kem",
            Self::Signature => "signature",
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

/// What was done with a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Operation {
    /// Making a key (pair).
    Keygen,
    /// Signing.
    Sign,
    /// Verifying a signature.
    Verify,
    /// Encrypting (or sealing).
    Encrypt,
    /// Decrypting (or opening).
    Decrypt,
    /// Deriving a shared secret: the `op` of the ecdh and ffdh tables.
    Derive,
    /// Encapsulating a secret.
    Encaps,
    /// Opening an encapsulation.
    Decaps,
}

impl Operation {
    /// The word as it stands in documents.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Keygen => "keygen",
            Self::Sign => "sign",
            Self::Verify => "verify",
            Self::Encrypt => "encrypt",
            Self::Decrypt => "decrypt",
            Self::Derive => "derive",
            Self::Encaps => "encaps",
            Self::Decaps => "decaps",
        }
    }
}

impl fmt::Display for Operation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

/// The canonical key of a figure.
///
/// Two figures measure the same thing exactly if their keys are equal. As a string (`Display`):
/// kind, family, curve or bits, operation or block size, joined by `/`, what does not apply left
/// out: `throughput/aes-256-cbc/16384`, `asymmetric/rsa/2048/sign`,
/// `asymmetric/ecdsa/prime256v1/verify`, `kem/ml-kem-768/encaps`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Key {
    /// What kind of operation.
    pub kind: Kind,
    /// Canonical name in lower case, without curve, and without bits where `bits` has them:
    /// `aes-256-cbc`, `sha256`, `hmac(sha256)`, `rsa`, `ecdsa`, `ml-kem-768`.
    pub family: String,
    /// The curve by OpenSSL's short name (`prime256v1`, `secp384r1`, `brainpoolP256r1`, `X25519`),
    /// whatever alias the log uses (`nistp256`, `P-256`).
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub curve: Option<String>,
    /// Size of the key or group in bits, where it tells members of the family apart.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub bits: Option<u32>,
    /// What was done with it.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub operation: Option<Operation>,
    /// Block size of a throughput figure.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub block_size_bytes: Option<u64>,
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.kind, self.family)?;
        match (&self.curve, self.bits) {
            (Some(curve), _) => write!(f, "/{curve}")?,
            (None, Some(bits)) => write!(f, "/{bits}")?,
            (None, None) => {}
        }
        if let Some(operation) = self.operation {
            write!(f, "/{operation}")?;
        }
        if let Some(size) = self.block_size_bytes {
            write!(f, "/{size}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_as_a_string_names_what_applies() {
        let mut key = Key {
            kind: Kind::Asymmetric,
            family: "ecdsa".to_owned(),
            curve: Some("prime256v1".to_owned()),
            bits: Some(256),
            operation: Some(Operation::Sign),
            block_size_bytes: None,
        };
        assert_eq!(key.to_string(), "asymmetric/ecdsa/prime256v1/sign");
        key.curve = None;
        assert_eq!(key.to_string(), "asymmetric/ecdsa/256/sign");
        let aes = Key {
            kind: Kind::Throughput,
            family: "aes-256-gcm".to_owned(),
            curve: None,
            bits: None,
            operation: None,
            block_size_bytes: Some(16),
        };
        assert_eq!(aes.to_string(), "throughput/aes-256-gcm/16");
    }

    #[test]
    fn words_are_what_serde_writes() {
        use Operation::*;
        for kind in [Kind::Throughput, Kind::Asymmetric, Kind::Kem, Kind::Signature] {
            assert_eq!(serde_json::to_value(kind).unwrap(), kind.word());
        }
        for operation in [Keygen, Sign, Verify, Encrypt, Decrypt, Derive, Encaps, Decaps] {
            assert_eq!(serde_json::to_value(operation).unwrap(), operation.word());
        }
    }
}
