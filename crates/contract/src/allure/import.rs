//! `allure-import`: another report, turned into Allure results.

use serde::{Deserialize, Serialize};

use super::Shown;
use crate::{Generator, InputRef, Tag};

/// What was turned into results.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Import {
    /// The document's kind and version.
    pub schema: Tag<Self>,
    /// The tool that made it.
    pub generator: Generator,
    /// The report.
    pub inputs: Vec<InputRef>,
    /// The results directory.
    pub directory: String,
    /// The directory's bytes in base64; present exactly if it is not UTF-8.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub directory_bytes: Option<String>,
    /// Tests of the report, by the status they have as results.
    pub results: Shown,
}
