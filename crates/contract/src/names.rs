//! `names`: what `safe-name` made of image references and file names.

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
    /// Each accepted name.
    pub names: Vec<Name>,
    /// Each name that cannot be made safe, with the rule it breaks.
    pub refused: Vec<Refused>,
    /// Different inputs that would share one safe name.
    pub collisions: Vec<Collision>,
}

/// One accepted name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Name {
    /// The name as it was given.
    pub input: String,
    /// The safe name.
    pub safe: String,
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
    pub reason: String,
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
