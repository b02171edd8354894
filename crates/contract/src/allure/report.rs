//! `allure-report`: what a generated report shows, held against what it has to show.

use serde::{Deserialize, Serialize};

use crate::{Generator, InputRef, Tag};

/// A generated report and the stage it was made from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Report {
    /// The document's kind and version.
    pub schema: Tag<Self>,
    /// The tool that made it.
    pub generator: Generator,
    /// The stage's document and the report's own summary.
    pub inputs: Vec<InputRef>,
    /// Which generator made the report.
    pub allure: AllureVersion,
    /// What it has to show.
    pub expected: Shown,
    /// What its summary says.
    pub found: Shown,
    /// Whether the two are the same, and not nothing.
    pub agrees: bool,
}

/// A generator.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub enum AllureVersion {
    /// Allure 2.
    #[serde(rename = "2")]
    Two,
    /// Allure 3.
    #[serde(rename = "3")]
    Three,
}

/// Tests shown, by status.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Shown {
    /// All of them.
    pub total: u64,
    /// Passed.
    pub passed: u64,
    /// Failed.
    pub failed: u64,
    /// Broken.
    pub broken: u64,
    /// Skipped.
    pub skipped: u64,
    /// Unknown.
    pub unknown: u64,
}
