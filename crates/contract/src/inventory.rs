//! `inventory`: what a suite contains and what of it is required, before anything runs.

use serde::{Deserialize, Serialize};

use crate::{Generator, InputRef, Layer, Severity, Tag};

/// The checks of one suite.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Inventory {
    /// The document's kind and version.
    pub schema: Tag<Self>,
    /// The tool that made it.
    pub generator: Generator,
    /// The suite files; a suite that is built in has none.
    pub inputs: Vec<InputRef>,
    /// The suite's name.
    pub suite: String,
    /// Its checks, in the order of the suite.
    pub checks: Vec<Expected>,
}

/// One check that a run of the suite has to account for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Expected {
    /// The check's id, unique in the suite and stable across runs.
    pub id: String,
    /// Its title.
    pub name: String,
    /// The layer it belongs to.
    pub layer: Layer,
    /// How much its failure matters.
    pub severity: Severity,
    /// Whether a gate may accept that it did not run.
    pub requirement: Requirement,
    /// What has to hold for the check to apply, as the suite writes it (`provider:fips>=3.4`): a
    /// run whose target is another leaves it out, and nothing is missing then. None: it always
    /// applies, which is also how a list without this field is read.
    #[serde(default)]
    pub when: Vec<String>,
}

/// Whether a check has to have run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Requirement {
    /// Must have run; absent or skipped makes the verdict incomplete.
    Required,
    /// May be absent or skipped; it is named as a gap.
    Optional,
}
