//! `allure-stage`: several audits, staged so that one report shows all of them.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Counts, Unreadable};
use crate::{Generator, InputRef, Tag};

/// What was staged, and what a report of it will show.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Stage {
    /// The document's kind and version.
    pub schema: Tag<Self>,
    /// The tool that made it.
    pub generator: Generator,
    /// Every file of the audits, as it was before and still is after.
    pub inputs: Vec<InputRef>,
    /// The stage.
    pub directory: String,
    /// The directory's bytes in base64; present exactly if it is not UTF-8.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub directory_bytes: Option<String>,
    /// The audits, in the order given.
    pub audits: Vec<Staged>,
    /// Executions that the audits show one by one: what the report has to show together.
    pub executions: u64,
    /// What Allure 2 shows of the stage.
    pub allure2: Counts,
    /// What Allure 3 shows of the stage.
    pub allure3: Counts,
    /// Whether both show every execution.
    pub complete: bool,
    /// Results that a generator drops even so, each with the reason.
    pub unreadable: Vec<Unreadable>,
}

/// One audit of a stage.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Staged {
    /// The results directory it came from.
    pub directory: String,
    /// The directory's bytes in base64; present exactly if it is not UTF-8.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub directory_bytes: Option<String>,
    /// Its folder in the stage, and its environment's id in Allure 3.
    pub id: String,
    /// Its environment's name in Allure 3.
    pub name: String,
    /// What was audited, in full. Each of its results carries it now in the parameter `image`,
    /// behind the environment's name.
    pub image: String,
    /// Result files.
    pub results: u64,
    /// Its environment.
    pub properties: BTreeMap<String, String>,
}

/// `allure-verification`: a results directory held against its record.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Verification {
    /// The document's kind and version.
    pub schema: Tag<Self>,
    /// The tool that made it.
    pub generator: Generator,
    /// The record.
    pub inputs: Vec<InputRef>,
    /// The results directory.
    pub directory: String,
    /// The directory's bytes in base64; present exactly if it is not UTF-8.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub directory_bytes: Option<String>,
    /// Whether every recorded file is there, as it was, and nothing else is.
    pub intact: bool,
    /// How many files are as they were.
    pub unchanged: u64,
    /// Files that are not what they were, that are gone, or that came after the record.
    pub deviations: Vec<Deviation>,
}

/// One file that is not as recorded.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Deviation {
    /// Its name inside the directory.
    pub path: String,
    /// The name's bytes in base64; present exactly if it is not UTF-8.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub path_bytes: Option<String>,
    /// In which way.
    pub kind: DeviationKind,
}

/// In which way a directory is not as recorded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum DeviationKind {
    /// The file has another content.
    Changed,
    /// The file is gone, or something else than a file stands in its place.
    Missing,
    /// The file was not there.
    Added,
}
