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
    /// Documents the values were taken from.
    pub inputs: Vec<InputRef>,
    /// The results directory.
    pub directory: String,
    /// Every property of `environment.properties`, by key.
    pub properties: BTreeMap<String, String>,
    /// What `executor.json` says; absent if no CI system was recognised.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub executor: Option<Executor>,
    /// What could not be found out, by name, each with the reason.
    pub unknown: BTreeMap<String, String>,
    /// The files as they stand after the run.
    pub files: Vec<Written>,
}

/// Allure's `executor.json` (fields as `io.qameta.allure.entity.ExecutorInfo` reads them).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Executor {
    /// Name of the CI system for people.
    pub name: String,
    /// Its icon: `github`, `gitlab`, `jenkins`, `circleci`, `azure`.
    #[serde(rename = "type")]
    pub kind: String,
    /// Where the CI system lives.
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
