//! The three fields every document begins with, and what they are made of.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

use data_encoding::{BASE64, HEXLOWER};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::Document;

/// The `schema` field of a document of type `D`.
///
/// Carries no data: it is written as `D::SCHEMA` and refuses to be read as anything else, with an
/// error that names what was expected and what was found.
pub struct Tag<D>(PhantomData<D>);

impl<D> Tag<D> {
    /// The tag of a new document.
    #[must_use]
    pub fn new() -> Self {
        Self(PhantomData)
    }
}

impl<D> Default for Tag<D> {
    fn default() -> Self {
        Self::new()
    }
}

impl<D> Clone for Tag<D> {
    fn clone(&self) -> Self {
        Self::new()
    }
}

impl<D> PartialEq for Tag<D> {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl<D> Eq for Tag<D> {}

impl<D: Document> fmt::Debug for Tag<D> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(D::SCHEMA)
    }
}

impl<D: Document> Serialize for Tag<D> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(D::SCHEMA)
    }
}

impl<'de, D: Document> Deserialize<'de> for Tag<D> {
    fn deserialize<T: Deserializer<'de>>(deserializer: T) -> Result<Self, T::Error> {
        let found = Cow::<str>::deserialize(deserializer)?;
        if found == D::SCHEMA {
            return Ok(Self::new());
        }
        Err(de::Error::custom(format_args!(
            "expected a document {:?}, found {:?}{}",
            D::SCHEMA,
            found,
            if is_later(&found, D::SCHEMA) {
                ", which is a later version: update proofline"
            } else {
                ""
            }
        )))
    }
}

/// Whether `found` names the same document as `known` with a higher version.
fn is_later(found: &str, known: &str) -> bool {
    let split = |id: &str| {
        let (name, version) = id.rsplit_once('/')?;
        Some((name.to_owned(), version.parse::<u64>().ok()?))
    };
    match (split(found), split(known)) {
        (Some((found, newer)), Some((known, older))) => found == known && newer > older,
        _ => false,
    }
}

#[cfg(test)]
impl<D: Document> schemars::JsonSchema for Tag<D> {
    fn inline_schema() -> bool {
        true
    }
    fn schema_name() -> Cow<'static, str> {
        "SchemaId".into()
    }
    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "const": D::SCHEMA })
    }
}

/// The tool that made a document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Generator {
    /// Name of the binary.
    pub name: String,
    /// Its version.
    pub version: String,
}

impl Generator {
    /// `name` and `version` as the tool's own build knows them.
    #[must_use]
    pub fn new(name: &str, version: &str) -> Self {
        Self { name: name.to_owned(), version: version.to_owned() }
    }
}

/// A path as people read it and, where that would lose something, as it is.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct PathText {
    /// The path; bytes that are not UTF-8 are shown as U+FFFD.
    pub path: String,
    /// The path's bytes in base64; present exactly if it is not UTF-8.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub path_bytes: Option<String>,
}

impl PathText {
    /// The text of a path given by its bytes.
    #[must_use]
    pub fn new(bytes: &[u8]) -> Self {
        match std::str::from_utf8(bytes) {
            Ok(path) => Self { path: path.to_owned(), path_bytes: None },
            Err(_) => Self {
                path: String::from_utf8_lossy(bytes).into_owned(),
                path_bytes: Some(BASE64.encode(bytes)),
            },
        }
    }

    /// The path's own bytes; `None` if `path_bytes` is not base64.
    #[must_use]
    pub fn bytes(&self) -> Option<Vec<u8>> {
        match &self.path_bytes {
            None => Some(self.path.clone().into_bytes()),
            Some(base64) => BASE64.decode(base64.as_bytes()).ok(),
        }
    }
}

/// One input of a document: the bytes that every statement in it goes back to.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct InputRef {
    /// The path as it was given; `-` is standard input.
    pub path: String,
    /// The path's bytes in base64; present exactly if it is not UTF-8.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub path_bytes: Option<String>,
    /// How many bytes were read.
    pub bytes: u64,
    /// Their digest.
    pub sha256: Sha256,
}

impl InputRef {
    /// An input by its name's bytes, its length and its digest.
    #[must_use]
    pub fn new(name: &[u8], bytes: u64, sha256: [u8; 32]) -> Self {
        let PathText { path, path_bytes } = PathText::new(name);
        Self { path, path_bytes, bytes, sha256: Sha256::new(sha256) }
    }
}

/// The commit that evidence is about: where the sources stood when it was made.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct SourceRef {
    /// The commit's object name in full: 40 or 64 lower-case hexadecimal digits.
    pub commit: String,
    /// Whether the files differed from the commit.
    pub dirty: bool,
}

impl SourceRef {
    /// Reads `COMMIT` or `COMMIT-dirty`, as `git describe --always --abbrev=40 --dirty --exclude
    /// '*'` prints it.
    ///
    /// # Errors
    /// What was expected, if `text` is neither.
    pub fn parse(text: &str) -> Result<Self, String> {
        let (commit, dirty) =
            text.strip_suffix("-dirty").map_or((text, false), |commit| (commit, true));
        let hex = commit.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
        if hex && matches!(commit.len(), 40 | 64) {
            Ok(Self { commit: commit.to_owned(), dirty })
        } else {
            Err(format!(
                "expected a commit in full (40 or 64 lower-case hexadecimal digits), perhaps with \
                 -dirty behind it, found {text:?}"
            ))
        }
    }
}

/// A SHA-256 digest: 64 lower-case hexadecimal digits, no prefix.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(try_from = "String")]
pub struct Sha256(#[cfg_attr(test, schemars(regex(pattern = "^[0-9a-f]{64}$")))] String);

impl Sha256 {
    /// The text of a digest.
    #[must_use]
    pub fn new(digest: [u8; 32]) -> Self {
        Self(HEXLOWER.encode(&digest))
    }

    /// The 64 digits.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Sha256 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for Sha256 {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let hex = text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
        if hex && text.len() == 64 {
            Ok(Self(text))
        } else {
            Err(format!("expected 64 lower-case hexadecimal digits, found {text:?}"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::names::Names;

    #[test]
    fn a_tag_reads_only_its_own_document() {
        let read = |text| serde_json::from_str::<Tag<Names>>(text).map_err(|e| e.to_string());
        assert!(read("\"proofline/names/1\"").is_ok());
        let foreign = read("\"proofline/speed/1\"").unwrap_err();
        assert!(
            foreign.contains("\"proofline/names/1\"") && foreign.contains("speed"),
            "{foreign}"
        );
        assert!(read("\"proofline/names/2\"").unwrap_err().contains("later version"));
        assert!(!read("\"proofline/names/0\"").unwrap_err().contains("later version"));
    }

    #[test]
    fn a_path_that_is_not_utf8_keeps_its_bytes() {
        let path = PathText::new(b"a\xff");
        assert_eq!(path.path, "a\u{fffd}");
        assert_eq!(path.bytes().unwrap(), b"a\xff");
        assert_eq!(PathText::new("ä".as_bytes()).path_bytes, None);
    }

    #[test]
    fn a_commit_is_written_in_full_and_may_be_dirty() {
        let commit = "0123456789abcdef0123456789abcdef01234567";
        let clean = SourceRef::parse(commit).unwrap();
        assert_eq!((clean.commit.as_str(), clean.dirty), (commit, false));
        assert!(SourceRef::parse(&format!("{commit}-dirty")).unwrap().dirty);
        for bad in ["", "HEAD", "0123456", "-dirty", &commit.to_uppercase(), &commit[1..]] {
            assert!(SourceRef::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_digest_is_64_lower_case_digits() {
        assert_eq!(Sha256::new([0xab; 32]).as_str(), "ab".repeat(32));
        assert!(Sha256::try_from("AB".repeat(32)).is_err());
        assert!(Sha256::try_from("ab".repeat(31)).is_err());
    }
}
