//! Properties from documents.

use std::collections::BTreeMap;
use std::fmt;

use contract::audit::{Audit, SuiteRef, Target};
use contract::{Generator, Tag};
use serde::Deserialize;
use serde::de::{Error as _, MapAccess, Visitor};
use serde_json::value::RawValue;

/// A flat JSON object: `{"image": "a:1", "cpus": 4, "fips": true}`.
///
/// Numbers keep their digits as they were written (`3.10` stays `3.10`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pairs(pub BTreeMap<String, String>);

impl<'de> Deserialize<'de> for Pairs {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(PairsVisitor)
    }
}

struct PairsVisitor;

impl<'de> Visitor<'de> for PairsVisitor {
    type Value = Pairs;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON object of strings, numbers and booleans")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Pairs, A::Error> {
        let mut pairs = BTreeMap::new();
        while let Some((key, value)) = map.next_entry::<String, Box<RawValue>>()? {
            let value = scalar(value.get()).ok_or_else(|| {
                A::Error::custom(format!(
                    "{key:?}: expected a string, a number or a boolean, found {}",
                    kind(value.get())
                ))
            })?;
            if pairs.insert(key.clone(), value).is_some() {
                return Err(A::Error::custom(format!("{key:?} is there twice")));
            }
        }
        Ok(Pairs(pairs))
    }
}

/// The text of a JSON string, number or boolean.
fn scalar(json: &str) -> Option<String> {
    match json.as_bytes().first()? {
        b'"' => serde_json::from_str(json).ok(),
        b'{' | b'[' | b'n' => None,
        _ => Some(json.to_owned()),
    }
}

fn kind(json: &str) -> &'static str {
    match json.as_bytes().first() {
        Some(b'{') => "an object",
        Some(b'[') => "an array",
        _ => "null (leave out what is unknown)",
    }
}

/// The part of an audit document that says what was audited. What came of it is not for the
/// environment.
#[derive(Clone, Debug, Deserialize)]
pub struct Audited {
    /// Read only so that nothing but an audit is.
    #[serde(rename = "schema")]
    _schema: Tag<Audit>,
    generator: Generator,
    suite: SuiteRef,
    target: Target,
    facts: BTreeMap<String, String>,
}

/// What a run says of its target: its facts, and which image, suite and tool it was.
#[must_use]
pub fn from_audit(audit: &Audited) -> BTreeMap<String, String> {
    let mut properties = audit.facts.clone();
    let mut set = |key: &str, value: &str| {
        properties.insert(key.to_owned(), value.to_owned());
    };
    set("target", &audit.target.reference);
    set("suite", &audit.suite.name);
    set("suite.sha256", audit.suite.sha256.as_str());
    set("audited_by", &format!("{} {}", audit.generator.name, audit.generator.version));
    if let Some(id) = &audit.target.image_id {
        set("image.id", id);
    }
    if let Some(digest) = &audit.target.image_digest {
        set("image.digest", digest);
    }
    properties
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pairs(json: &str) -> Result<Vec<(String, String)>, String> {
        serde_json::from_str::<Pairs>(json)
            .map(|pairs| pairs.0.into_iter().collect())
            .map_err(|error| error.to_string())
    }

    #[test]
    fn numbers_keep_their_digits() {
        let found = pairs(r#"{"python": 3.10, "n": 1e400, "t": true, "s": "a\u00e9"}"#).unwrap();
        let expected = [("n", "1e400"), ("python", "3.10"), ("s", "aé"), ("t", "true")];
        assert_eq!(found, expected.map(|(key, value)| (key.to_owned(), value.to_owned())));
    }

    #[test]
    fn what_is_no_pair_is_named() {
        assert!(pairs(r#"{"a": {}}"#).unwrap_err().contains("\"a\": expected a string"));
        assert!(pairs(r#"{"a": null}"#).unwrap_err().contains("leave out what is unknown"));
        assert!(pairs(r#"{"a": 1, "a": 2}"#).unwrap_err().contains("twice"));
        assert!(pairs("[]").unwrap_err().contains("expected a JSON object"));
    }
}
