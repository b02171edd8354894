//! `environment`: what `allure-env write` wrote beside a set of Allure results.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{Generator, InputRef, Sha256, Tag};

/// The environment of one results directory and the files that carry it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Environment {
    /// The document's kind and version.
    pub schema: Tag<Self>,
    /// The tool that made it.
    pub generator: Generator,
    /// Documents and files the values were taken from.
    pub inputs: Vec<InputRef>,
    /// The results directory.
    pub directory: String,
    /// The directory's bytes in base64; present exactly if it is not UTF-8.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub directory_bytes: Option<String>,
    /// Whether this run changed any of the files below.
    pub changed: bool,
    /// Every property of `environment.properties`, by key.
    pub properties: BTreeMap<String, String>,
    /// Values that stood under a key which now has another one, and where they are now.
    pub kept: Vec<Kept>,
    /// What `executor.json` says; absent if there is none or it is not this tool's.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub executor: Option<Executor>,
    /// What could not be found out, by name, each with the reason.
    pub unknown: BTreeMap<String, String>,
    /// What was refused, repaired or found changed, one sentence each.
    pub remarks: Vec<String>,
    /// The files as they stand after the run.
    pub files: Vec<Written>,
}

/// A value that another one took the place of. It is still there, under a key of its own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Kept {
    /// The key it stood under.
    pub key: String,
    /// The key it stands under now.
    pub now: String,
    /// The value.
    pub value: String,
}

/// Allure's `executor.json` (fields as `io.qameta.allure.entity.ExecutorInfo` reads them).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Executor {
    /// Name of the CI system for people.
    pub name: String,
    /// Its icon: `github`, `gitlab`, `jenkins`, `circleci`, `azure`; others have none.
    #[serde(rename = "type")]
    pub kind: String,
    /// Where the CI system or the project in it lives.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub url: Option<String>,
    /// Running number of the build.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub build_order: Option<u64>,
    /// Name of the build for people.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub build_name: Option<String>,
    /// Link to the build.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub build_url: Option<String>,
}

/// One file that was written or found as it should be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Written {
    /// Its name inside the directory.
    pub path: String,
    /// Digest of its content.
    pub sha256: Sha256,
    /// Whether this run changed it.
    pub changed: bool,
}

/// `allure-record`: what a results directory held when `allure-env write` left it.
///
/// Lies in the directory itself, as `.allure-env.json`. `allure-env verify` holds the directory
/// against it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Record {
    /// The document's kind and version.
    pub schema: Tag<Self>,
    /// The tool that made it.
    pub generator: Generator,
    /// Every file of the directory and its digest, in the order of their names' bytes. The record
    /// itself is not among them.
    pub inputs: Vec<InputRef>,
    /// The properties that this tool set: a later run may replace these.
    pub properties: BTreeMap<String, String>,
    /// The files that this tool made whole: a later run may replace these, too.
    pub written: Vec<Made>,
}

/// A file that is this tool's own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Made {
    /// Its name inside the directory.
    pub path: String,
    /// Digest of its content.
    pub sha256: Sha256,
}
