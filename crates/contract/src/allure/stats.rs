//! `allure-stats`: what a set of Allure results contains, counted as the generators count.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{Generator, InputRef, Tag};

/// Counts over one or more results directories.
///
/// `I` is how the maker holds the inputs: of very many it need not hold each as a value.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[cfg_attr(test, schemars(rename = "Stats"))]
pub struct Stats<I = Vec<InputRef>> {
    /// The document's kind and version.
    pub schema: Tag<Stats>,
    /// The tool that made it.
    pub generator: Generator,
    /// Every result file that was read.
    pub inputs: I,
    /// Result files that at least one generator drops, each with the reason.
    pub unreadable: Vec<Unreadable>,
    /// The totals that Allure 2 (2.46) shows.
    pub allure2: Counts,
    /// The totals that Allure 3 (3.18) shows.
    pub allure3: Counts,
    /// Why the two differ, or may differ, where they do.
    pub differences: Vec<Difference>,
    /// The longest of the results that Allure 2 shows, longest first; at most ten.
    pub slowest: Vec<Slow>,
    /// Counts of what Allure 2 shows, by the label `suite`; `""` is those without one. A result
    /// with several counts in each.
    pub by_suite: BTreeMap<String, Counts>,
    /// The same by the label `feature`.
    pub by_feature: BTreeMap<String, Counts>,
    /// The same by the label `layer`.
    pub by_layer: BTreeMap<String, Counts>,
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
    /// Allure 2: results hidden behind a later one. Allure 3: tests shown that hide earlier ones.
    pub retries: u64,
    /// Times of the tests shown.
    pub times: Times,
}

/// Times over a set of tests, in milliseconds; what no test has is absent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Times {
    /// The earliest start, since the Unix epoch.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub start_ms: Option<i64>,
    /// The latest stop, since the Unix epoch.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub stop_ms: Option<i64>,
    /// From the earliest start to the latest stop.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub duration_ms: Option<i64>,
    /// The shortest test.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub min_duration_ms: Option<i64>,
    /// The longest test.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub max_duration_ms: Option<i64>,
    /// All tests together.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub sum_duration_ms: Option<i64>,
}

/// A result file that at least one generator drops.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Unreadable {
    /// The file.
    pub path: String,
    /// The path's bytes in base64; present exactly if it is not UTF-8.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub path_bytes: Option<String>,
    /// Whether Allure 2 counts it all the same.
    pub allure2: bool,
    /// Whether Allure 3 counts it all the same.
    pub allure3: bool,
    /// Why it is dropped.
    pub reason: String,
}

/// One reason for the generators to count differently.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Difference {
    /// The rule that is not the same in both.
    pub rule: Rule,
    /// What each of them does.
    pub explanation: String,
    /// Result files it applies to, by the position in `inputs`; at most a hundred.
    pub files: Vec<u64>,
}

/// The rules of counting that are not the same in Allure 2 and Allure 3.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Rule {
    /// A file that one of them reads and the other drops.
    Dropped,
    /// A status that they read differently.
    Status,
    /// The label `ALLURE_ID` (or `AS_ID`), which is an identity to Allure 3 only.
    AllureId,
    /// Two results with one `uuid`.
    DuplicateUuid,
    /// Attempts of one test of which some have no start.
    MissingStart,
    /// Attempts of one test that start in the same millisecond: which one is shown is left open.
    EqualStart,
    /// Names, cases or parameters that they read differently.
    Identity,
    /// A stop before the start, or only one of the two.
    Times,
}

/// One of the longest tests.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Slow {
    /// Its name.
    pub name: String,
    /// How long it took, in milliseconds.
    pub duration_ms: i64,
    /// Its result file, by the position in `inputs`.
    pub file: u64,
}
