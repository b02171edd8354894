//! `names`: what `safe-name` made of image references and file names.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use crate::{Generator, InputRef, Tag};

/// Names that are safe as one path component, in the order of the input.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Names {
    /// The document's kind and version.
    pub schema: Tag<Self>,
    /// The tool that made it.
    pub generator: Generator,
    /// Lists that were read; names given as arguments have no input.
    pub inputs: Vec<InputRef>,
    /// What the names were held to.
    pub rules: Rules,
    /// How the safe names were made.
    pub scheme: Scheme,
    /// Each accepted name.
    pub names: Vec<Name<'static>>,
    /// Each refused name, with the rule it breaks.
    pub refused: Vec<Refused>,
    /// Different inputs that would share one safe name. Always empty in the injective scheme.
    pub collisions: Vec<Collision>,
}

/// What a name has to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Rules {
    /// An image reference or a file name.
    Any,
    /// An image reference.
    Image,
    /// A file name, fit to be one path component.
    Asset,
    /// Whatever the operations guide's rule leaves usable.
    Seed,
}

/// How a safe name is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Scheme {
    /// Different names stay different, and the name can be had back.
    Injective,
    /// The operations guide's: `/`, `:` and `.` become `_`. Different names can end the same.
    Seed,
}

/// One accepted name. As a line of NDJSON it is the same object.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Name<'a> {
    /// The name as it was given; after decoding, the name that was found.
    pub input: Cow<'a, str>,
    /// The safe name.
    pub safe: Cow<'a, str>,
    /// Of an image reference: the registry's host and port, `docker.io` where it names none.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub registry: Option<Cow<'a, str>>,
    /// Of an image reference: the repository, with the `library/` that a short name leaves out.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub repository: Option<Cow<'a, str>>,
    /// Of an image reference: the tag, if it names one. None is assumed.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub tag: Option<Cow<'a, str>>,
    /// Of an image reference: the digest with its algorithm, if it names one.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub digest: Option<Cow<'a, str>>,
}

impl Name<'_> {
    /// The same, on its own.
    #[must_use]
    pub fn into_owned(self) -> Name<'static> {
        let own = |text: Cow<'_, str>| Cow::Owned(text.into_owned());
        Name {
            input: own(self.input),
            safe: own(self.safe),
            registry: self.registry.map(own),
            repository: self.repository.map(own),
            tag: self.tag.map(own),
            digest: self.digest.map(own),
        }
    }
}

/// One refused name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Refused {
    /// The name as it was given; bytes that are not UTF-8 are shown as U+FFFD.
    pub input: String,
    /// The name's bytes in base64; present exactly if it is not UTF-8.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub input_bytes: Option<String>,
    /// The rule it breaks.
    pub rule: Rule,
    /// What was expected and what was found, for people.
    pub reason: String,
}

/// The rule a refused name breaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Rule {
    /// It has at least one character.
    Empty,
    /// It is UTF-8.
    NotUtf8,
    /// It is not `.` or `..`.
    DotName,
    /// It holds no `/` and no `\`.
    Separator,
    /// It holds no NUL.
    Nul,
    /// It holds no control character and no line separator.
    ControlCharacter,
    /// It holds no character that reorders the text around it.
    BidiCharacter,
    /// It holds no character that cannot be seen.
    InvisibleCharacter,
    /// It is no device on Windows, whatever follows its first dot.
    ReservedDevice,
    /// It does not end in a dot or a space, which Windows drops.
    TrailingDotOrSpace,
    /// As a file's name fit for any system, it holds none of `< > : " | ? *`, which Windows forbids.
    WindowsCharacter,
    /// It does not start with a dash, which commands take for an option.
    LeadingDash,
    /// It fits in 255 bytes.
    TooLong,
    /// It is not an image's id: an id names no repository.
    Identifier,
    /// Its registry is a host name or an address, with or without a port.
    Registry,
    /// Its repository is in lower case.
    RepositoryCase,
    /// Its repository is made of components of letters and digits joined by single separators.
    Repository,
    /// Its repository fits in 255 bytes.
    RepositoryLength,
    /// Its tag is 1 to 128 letters, digits, `_`, `.` and `-`, and does not start with `.` or `-`.
    Tag,
    /// Its digest is an algorithm, a colon, and digits.
    Digest,
    /// Its digest's algorithm is `sha256`, `sha384` or `sha512`.
    DigestAlgorithm,
    /// Its digest is as long as its algorithm makes it, in lower-case hexadecimal digits.
    DigestLength,
    /// To be decoded, it is a name that the injective scheme makes.
    NotASafeName,
    /// To be decoded, it holds the name itself and not a hash of it.
    Hashed,
}

/// Inputs that differ and yet end in the same safe name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Collision {
    /// The name they share.
    pub safe: String,
    /// The different inputs, sorted.
    pub inputs: Vec<String>,
}

/// A refused name as a line of NDJSON.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RefusedLine {
    /// The name as it was given; bytes that are not UTF-8 are shown as U+FFFD.
    pub input: String,
    /// The name's bytes in base64; present exactly if it is not UTF-8.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub input_bytes: Option<String>,
    /// Why there is no safe name.
    pub refused: Why,
}

/// Why a name was refused.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Why {
    /// The rule it breaks.
    pub rule: Rule,
    /// What was expected and what was found, for people.
    pub reason: String,
}

impl From<Refused> for RefusedLine {
    fn from(Refused { input, input_bytes, rule, reason }: Refused) -> Self {
        Self { input, input_bytes, refused: Why { rule, reason } }
    }
}

/// A collision as a line of NDJSON, after the names.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CollisionLine {
    /// Inputs that differ and yet end in the same safe name.
    pub collision: Collision,
}
