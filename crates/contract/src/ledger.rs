//! `ledger`: where every printed value of a rendered document came from.
//!
//! Two steps lead from a number in a document to its bytes: the entry of `values` whose range
//! holds it, and that entry's `sources`: an input with its digest, and a JSON pointer into it.

use serde::{Deserialize, Serialize};

use crate::{Generator, InputRef, Sha256, Tag};

/// The values of one rendering.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Ledger {
    /// The document's kind and version.
    pub schema: Tag<Self>,
    /// The tool that made it.
    pub generator: Generator,
    /// Data files, then templates, in the order in which they were read.
    pub inputs: Vec<InputRef>,
    /// The documents that were rendered.
    pub outputs: Vec<Output>,
    /// The template expressions that printed or decided something.
    pub expressions: Vec<Expression>,
    /// The places in the data that were used.
    pub sources: Vec<Origin>,
    /// Every printed expression, in the order of the outputs.
    pub values: Vec<Printed>,
    /// Every condition and loop that data decided, in the order of the outputs.
    pub decisions: Vec<Decided>,
    /// What was let through although it was missing.
    pub allowances: Vec<Allowance>,
}

/// One rendered document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Output {
    /// Its path; `-` is standard output.
    pub path: String,
    /// The path's bytes in base64; present exactly if it is not UTF-8.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub path_bytes: Option<String>,
    /// The template it was made from.
    pub template: String,
    /// Its length.
    pub bytes: u64,
    /// Digest of its content.
    pub sha256: Sha256,
}

/// One expression of a template.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Expression {
    /// The template, by its name below the template root.
    pub template: String,
    /// Line of the template, counted from 1.
    pub line: u64,
    /// The expression as it is written; `if` or `for` for a decision.
    pub text: String,
}

/// A place in a data file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Origin {
    /// Index of the data file in `inputs`; absent for values given on the command line or by the
    /// environment.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub input: Option<u64>,
    /// JSON pointer (RFC 6901) inside it. A row of CSV or of JSON lines is an index.
    pub pointer: String,
    /// The same place as templates name it: `summary.totals.passed`.
    pub path: String,
    /// Whether something is there. Nothing is there if the template says what to do without.
    pub present: bool,
    /// The value as JSON, if it is text, a number, a boolean or null of at most 200 bytes.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub value: Option<String>,
    /// Digest of the value as JSON (keys sorted, blanks after commas and colons, ASCII only), if
    /// it is none of these.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub sha256: Option<Sha256>,
}

/// One printed expression.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Printed {
    /// Index of the document in `outputs`.
    pub output: u64,
    /// First byte of the value in the document.
    pub start: u64,
    /// One past its last byte.
    pub end: u64,
    /// Index of the expression in `expressions`.
    pub expression: u64,
    /// Indices in `sources` of what it was taken or computed from; empty if no data is in it.
    pub sources: Vec<u64>,
    /// Present, and true, if the value was printed as markup, without escaping.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub safe: Option<bool>,
}

/// One condition or loop.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Decided {
    /// Index of the document in `outputs`.
    pub output: u64,
    /// The byte of the document at which it was decided.
    pub at: u64,
    /// Index of the expression in `expressions`.
    pub expression: u64,
    /// Indices in `sources` of what decided.
    pub sources: Vec<u64>,
}

/// A missing or empty value that was let through.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Allowance {
    /// The path as it was allowed, or, in lenient mode, as it was met.
    pub path: String,
    /// Who allowed it.
    pub by: AllowedBy,
    /// How often it was used.
    pub uses: u64,
}

/// Who allows that something is missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum AllowedBy {
    /// The template declares the path optional.
    Template,
    /// `--allow-missing`.
    CommandLine,
    /// `--undefined lenient`.
    Lenient,
}

/// Whether what a ledger says still holds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Verification {
    /// The document's kind and version.
    pub schema: Tag<Self>,
    /// The tool that made it.
    pub generator: Generator,
    /// The ledger.
    pub inputs: Vec<InputRef>,
    /// Files that are not what they were: templates, data and documents.
    pub files: Vec<Moved>,
    /// Values that were used and are not what they were.
    pub changed: Vec<Changed>,
}

/// A file with another digest than the ledger says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Moved {
    /// Its path.
    pub path: String,
    /// The digest in the ledger.
    pub expected: Sha256,
    /// The digest of the file; absent if it cannot be read.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub found: Option<Sha256>,
}

/// A value that is not what it was.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Changed {
    /// The place as templates name it.
    pub path: String,
    /// The data file.
    pub file: String,
    /// JSON pointer inside it.
    pub pointer: String,
    /// What it was: JSON, `sha256 …` of it, or `nothing`.
    pub was: String,
    /// What it is, in the same form.
    pub is: String,
}
