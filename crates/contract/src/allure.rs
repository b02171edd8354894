//! `allure-stats`: what a set of Allure results contains, counted as the generators count.

use serde::{Deserialize, Serialize};

use crate::{Generator, InputRef, Tag};

/// Counts over one or more results directories.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Stats {
    /// The document's kind and version.
    pub schema: Tag<Self>,
    /// The tool that made it.
    pub generator: Generator,
    /// Every result file that was read.
    pub inputs: Vec<InputRef>,
    /// Files that could not be read as a result, each with the reason.
    pub unreadable: Vec<Unreadable>,
    /// The totals that Allure 2 (2.46) shows.
    pub allure2: Counts,
    /// The totals that Allure 3 (3.18) shows.
    pub allure3: Counts,
    /// Why the two differ, where they do.
    pub differences: Vec<String>,
}

/// Totals of one generator.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Counts {
    /// Tests shown.
    pub total: u64,
    /// Shown as passed.
    pub passed: u64,
    /// Shown as failed.
    pub failed: u64,
    /// Shown as broken.
    pub broken: u64,
    /// Shown as skipped.
    pub skipped: u64,
    /// Shown as unknown.
    pub unknown: u64,
    /// Results hidden behind a later one of the same identity.
    pub retries: u64,
}

/// A file that a generator would drop.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Unreadable {
    /// The file.
    pub path: String,
    /// Why it cannot be read.
    pub reason: String,
}
