//! The suite file as it is written. Nothing here has been checked beyond its shape.

use std::collections::BTreeMap;

use contract::inventory::Requirement;
use contract::{Layer, Severity};
use serde::Deserialize;
use toml::Spanned;

use super::exit::Exit;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawSuite {
    pub name: Spanned<String>,
    /// What it is about; its name if it says nothing.
    pub title: Option<String>,
    /// How long each step may take where its check does not say: `30s`.
    pub timeout: Option<Spanned<String>>,
    #[serde(default)]
    pub parameters: BTreeMap<String, RawParameter>,
    /// What to do where a need is not met, by the need as `requires` writes it.
    #[serde(default)]
    pub remedies: BTreeMap<Spanned<String>, String>,
    pub kpis: Option<RawKpis>,
    pub check: Vec<RawCheck>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawKpis {
    pub boundary_integrity: Vec<Spanned<String>>,
    pub algorithm_blocking: Vec<Spanned<String>>,
    pub self_test_latency: Option<RawLatency>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawLatency {
    pub provider: String,
    pub argv: Vec<String>,
    pub without: BTreeMap<String, String>,
    pub rounds: u32,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawParameter {
    /// What it is for; kept for those who read the file.
    #[serde(rename = "description")]
    pub _description: String,
    pub default: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawCheck {
    pub id: Spanned<String>,
    /// Its title; its id if it has none.
    pub name: Option<String>,
    pub feature: String,
    pub story: String,
    pub layer: Layer,
    pub severity: Severity,
    /// Required unless it says otherwise: what is left out must not make a gate weaker.
    pub requirement: Option<Requirement>,
    #[serde(default)]
    pub requires: Vec<Spanned<String>>,
    #[serde(default)]
    pub when: Vec<Spanned<String>>,
    pub control: Option<Spanned<String>>,
    /// Why it passes on targets that are known to be bad; absent: it must not.
    pub non_discriminating: Option<String>,
    pub timeout: Option<Spanned<String>>,
    /// Whether it gets a container that no other check has used; it shares one unless it says so.
    pub isolate: Option<bool>,
    #[serde(default)]
    pub files: BTreeMap<Spanned<String>, Spanned<String>>,
    #[serde(default)]
    pub copy: BTreeMap<Spanned<String>, RawCopy>,
    #[serde(default)]
    pub fact: RawFacts,
    #[serde(default)]
    pub step: Vec<RawStep>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawCopy {
    pub from: Spanned<String>,
    pub fault: Option<RawFault>,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub(super) enum RawFault {
    /// The lowest bit of the byte at this place, as a share of the file: 0.5 is its middle.
    FlipBitAt(Spanned<f64>),
    Append(Spanned<String>),
    TruncateTo(usize),
    Replace {
        pattern: Spanned<String>,
        with: Spanned<String>,
    },
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawFacts {
    #[serde(default)]
    pub must: BTreeMap<Spanned<String>, Spanned<String>>,
    #[serde(default)]
    pub must_not: BTreeMap<Spanned<String>, Spanned<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawStep {
    pub argv: Spanned<Vec<Spanned<String>>>,
    #[serde(default)]
    pub env: BTreeMap<String, Spanned<String>>,
    pub stdin: Option<Spanned<RawStdin>>,
    /// Success unless it says otherwise: to expect a failure takes a word.
    pub exit: Option<Exit>,
    #[serde(default)]
    pub stdout: RawExpected,
    #[serde(default)]
    pub stderr: RawExpected,
    pub ready: Option<Spanned<String>>,
    #[serde(default = "attached")]
    pub attach: bool,
}

/// Output is kept unless a suite says otherwise: it changes what is shown, never a verdict.
fn attached() -> bool {
    true
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub(super) enum RawStdin {
    Text(Spanned<String>),
    Hex(Spanned<String>),
    File(Spanned<String>),
    /// Standard output of that step, counted from 1.
    Step(Spanned<usize>),
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawExpected {
    #[serde(default)]
    pub must: Vec<Spanned<String>>,
    #[serde(default)]
    pub must_not: Vec<Spanned<String>>,
    /// Standard output of that step, counted from 1, is the same.
    pub same_as: Option<Spanned<usize>>,
    pub differs_from: Option<Spanned<usize>>,
}
