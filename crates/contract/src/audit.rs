//! `audit`: one run of a suite against one target.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::inventory::Requirement;
use crate::{
    CheckStatus, Gaps, Generator, InputRef, Layer, Severity, Sha256, SourceRef, Tag, Totals,
    Verdict,
};

/// What was run, against what, and what came of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Audit {
    /// The document's kind and version.
    pub schema: Tag<Self>,
    /// The tool that made it.
    pub generator: Generator,
    /// The suite files; a suite that is built in has none.
    pub inputs: Vec<InputRef>,
    /// The commit it was made at; absent where nobody said.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub source: Option<SourceRef>,
    /// The suite that was run.
    pub suite: SuiteRef,
    /// What it was run against.
    pub target: Target,
    /// The parameters the suite ran with, its defaults among them.
    pub parameters: BTreeMap<String, String>,
    /// Facts about the target that checks and readers rely on, by name (`openssl.version`,
    /// `openssl.sha256`, `provider.fips.version`, `kernel`): what is unknown is absent.
    pub facts: BTreeMap<String, String>,
    /// When the run began, in milliseconds since the Unix epoch.
    pub started_ms: u64,
    /// When it ended, in milliseconds since the Unix epoch.
    pub stopped_ms: u64,
    /// What the run went through, in order: the transcript of its start and its end.
    pub phases: Vec<Phase>,
    /// The answer, over all checks of the suite.
    pub verdict: Verdict,
    /// How many checks ended in each status.
    pub totals: Totals,
    /// What the verdict does not speak for.
    pub gaps: Gaps,
    /// The figures that sum the run up, where the suite names them.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub kpis: Option<Kpis>,
    /// Every check of the suite, run or not, in the order of the suite.
    pub checks: Vec<Check>,
}

/// Key performance indicators of a target in FIPS mode.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Kpis {
    /// Whether the provider is there, intact and alone.
    pub boundary_integrity: Share,
    /// Whether what is not approved is refused.
    pub algorithm_blocking: Share,
    /// What the module's self-tests cost each process; absent where that was not measured.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub self_test_latency: Option<Latency>,
}

/// How many of some checks passed. The indicator is met only if all of them did.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Share {
    /// How many passed.
    pub passed: u64,
    /// How many were executed.
    pub executed: u64,
    /// How many there are, run or not.
    pub total: u64,
}

/// CPU time of one process, user and system, in microseconds: the mean over some rounds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Latency {
    /// With the target's own configuration.
    pub with_fips_cpu_us: u64,
    /// The same command without it.
    pub without_fips_cpu_us: u64,
    /// The difference: the self-tests and the loading of the module.
    pub self_tests_cpu_us: u64,
    /// How many processes of each kind were measured.
    pub rounds: u32,
    /// What one process's time is exact to.
    pub resolution_us: u64,
}

/// One stretch of a run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Phase {
    /// What was done.
    pub name: PhaseName,
    /// Wall time in milliseconds; absent where `SOURCE_DATE_EPOCH` fixed the clock.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub duration_ms: Option<u64>,
    /// What went wrong in it; none: nothing.
    pub errors: Vec<String>,
}

/// The stretches of a run, in the order in which they come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum PhaseName {
    /// The target was brought up.
    Start,
    /// The facts about the target were taken.
    Probe,
    /// The checks were run.
    Checks,
    /// The indicators that are measured were measured.
    Measure,
    /// The target was taken down.
    Stop,
}

/// The suite of a run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct SuiteRef {
    /// Its name.
    pub name: String,
    /// Digest of the suite's text.
    pub sha256: Sha256,
}

/// What a suite was run against.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Target {
    /// How it is reached.
    pub kind: TargetKind,
    /// The target as it was named on the command line.
    pub reference: String,
    /// Its name as one path component.
    pub safe_name: String,
    /// The image's id, where there is an image.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub image_id: Option<String>,
    /// The image's digest, where there is an image that has one.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub image_digest: Option<String>,
}

/// How a target is reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum TargetKind {
    /// The machine the tool runs on.
    Host,
    /// A folder that holds a root file system.
    Rootfs,
    /// An image, in a container that podman made.
    Podman,
    /// An image, its files taken out of docker.
    Docker,
}

/// One check of the suite.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Check {
    /// Its id, unique in the suite and stable across runs.
    pub id: String,
    /// Its title.
    pub name: String,
    /// Allure's feature.
    pub feature: String,
    /// Allure's story.
    pub story: String,
    /// The layer it belongs to.
    pub layer: Layer,
    /// How much its failure matters.
    pub severity: Severity,
    /// Whether a gate may accept that it did not run.
    pub requirement: Requirement,
    /// The check that has to pass for this one to mean anything.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub control: Option<String>,
    /// Why it passes on targets that are known to be bad, where it does: then it shows that
    /// something is there, and nothing more.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub non_discriminating: Option<String>,
    /// Names of the facts that it holds against what it expects of them, as in [`Audit::facts`].
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub facts: Vec<String>,
    /// What became of it.
    pub status: CheckStatus,
    /// Why, unless it passed.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub reason: Option<String>,
    /// What to do about it, unless it passed.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub remedy: Option<String>,
    /// What excluded it; present exactly if it is `not_run`.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub excluded: Option<Exclusion>,
    /// Wall time of all its steps in milliseconds; absent if it was not executed, or where
    /// `SOURCE_DATE_EPOCH` fixed the clock.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub duration_ms: Option<u64>,
    /// The commands that were run, in order.
    pub steps: Vec<Step>,
}

/// Why a check was left out on purpose.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Exclusion {
    /// It does not apply to what was found: its `when` does not hold.
    Condition,
    /// The command line did not select it.
    Selection,
    /// The run ended early: after a failure, or because it was interrupted.
    EarlyEnd,
}

/// One command of a check.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Step {
    /// The command and its arguments, as the suite means them; secrets are masked.
    pub argv: Vec<String>,
    /// Its exit status; absent if it did not exit by itself.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub exit: Option<i32>,
    /// The signal that ended it, if one did.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub signal: Option<i32>,
    /// Whether it was ended because its time was up.
    pub timed_out: bool,
    /// Wall time in milliseconds; absent where `SOURCE_DATE_EPOCH` fixed the clock.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub duration_ms: Option<u64>,
    /// What it wrote to standard output.
    pub stdout: Stream,
    /// What it wrote to standard error.
    pub stderr: Stream,
}

/// What a command wrote to one stream.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Stream {
    /// How many bytes were kept.
    pub bytes: u64,
    /// Digest of the kept bytes, as the command wrote them.
    pub sha256: Sha256,
    /// Whether more was written than was kept.
    pub truncated: bool,
    /// How many secrets were replaced before any of it was written to a file.
    pub masked: u64,
}
