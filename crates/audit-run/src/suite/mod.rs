//! Suites: what is checked, and what each check has to prove.

mod condition;
mod error;
mod exit;
mod fault;
mod file_fact;
mod load;
mod need;
mod parameters;
mod raw;
mod rules;
mod text;

use std::collections::BTreeMap;
use std::time::Duration;

use contract::inventory::Requirement;
use contract::{Layer, Severity};
use regex::bytes::Regex;

pub use condition::{Condition, Subject};
pub use error::Error;
pub use exit::Exit;
pub use fault::{Copy, Fault, Unfit};
pub use file_fact::{Aspect, FileFact};
pub use load::load;
pub use need::{Known, Need, Runtime, User};

/// The JSON Schema (draft 2020-12) of suite files. It says less than [`load`] does: rules between
/// checks, and what stands inside patterns and durations, are beyond it.
pub const JSON_SCHEMA: &str = include_str!("../../schemas/suite.schema.json");

/// What stands for a check's private folder in a suite that was read, until the check is run. No
/// argument can hold it, so no value of a parameter is ever taken for it.
pub const WORK: char = '\0';

/// How people write it.
const WORK_WRITTEN: &str = "${work}";

/// `text` as the suite has it, the private folder not filled in.
#[must_use]
pub fn written(text: &str) -> String {
    text.replace(WORK, WORK_WRITTEN)
}

/// A suite that was read, whose rules hold and whose parameters are filled in.
#[derive(Clone, Debug)]
pub struct Suite {
    /// Its name.
    pub name: String,
    /// What it is about, in a line.
    pub title: String,
    /// The parameters with their values; one without a value is absent.
    pub parameters: BTreeMap<String, String>,
    /// What to do where a need is not met, where the suite knows better than [`Need::remedy`].
    pub remedies: BTreeMap<Need, String>,
    /// The figures that sum a run up, if the suite names them.
    pub kpis: Option<Kpis>,
    /// Its checks, in the order of the file.
    pub checks: Vec<Check>,
}

/// What the key performance indicators are made of.
#[derive(Clone, Debug)]
pub struct Kpis {
    /// Checks, by id or pattern, that show whether the provider is there, intact and alone.
    pub boundary_integrity: Vec<String>,
    /// Checks that show whether what is not approved is refused.
    pub algorithm_blocking: Vec<String>,
    /// A command whose time is taken with and without the self-tests.
    pub self_test_latency: Option<LatencyProbe>,
}

/// A command whose CPU time is taken with the target's own configuration and without it.
#[derive(Clone, Debug)]
pub struct LatencyProbe {
    /// What has to be active.
    pub provider: String,
    /// The command.
    pub argv: Vec<String>,
    /// What is set in its environment so that the provider is not loaded.
    pub without: BTreeMap<String, String>,
    /// How often each is run.
    pub rounds: u32,
}

/// One check.
#[derive(Clone, Debug)]
pub struct Check {
    /// Its id, unique in the suite.
    pub id: String,
    /// Its title.
    pub name: String,
    /// Allure's feature.
    pub feature: String,
    /// Allure's story.
    pub story: String,
    /// The layer a failure belongs to.
    pub layer: Layer,
    /// How much a failure matters.
    pub severity: Severity,
    /// Whether a gate may accept that it did not run.
    pub requirement: Requirement,
    /// What has to be there; else the check is skipped.
    pub requires: Vec<Need>,
    /// When the check applies; else it is not run.
    pub when: Vec<Condition>,
    /// The check that has to pass for this one to mean anything.
    pub control: Option<String>,
    /// Why it passes on targets that are known to be bad, where it does.
    pub non_discriminating: Option<String>,
    /// What is expected of facts about the target.
    pub facts: Vec<FactRule>,
    /// How long each step may take.
    pub timeout: Duration,
    /// Whether it gets a container that no other check has used, and that none uses afterwards.
    pub isolate: bool,
    /// Files that are laid into the private folder, by name.
    pub files: BTreeMap<String, String>,
    /// Files of the target that are copied into the private folder, by name.
    pub copies: BTreeMap<String, Copy>,
    /// Its commands, in order.
    pub steps: Vec<Step>,
}

impl Check {
    /// Whether one of its steps is expected to fail.
    #[must_use]
    pub fn is_negative(&self) -> bool {
        self.steps.iter().any(|step| step.exit.is_negative())
    }
}

/// What is expected of one fact. A fact that is not known is never as expected.
#[derive(Clone, Debug)]
pub struct FactRule {
    /// Its name.
    pub name: String,
    /// What it has to match, or must not.
    pub pattern: Regex,
    /// Whether it has to.
    pub must: bool,
}

/// One command and what is expected of it.
#[derive(Clone, Debug)]
pub struct Step {
    /// The command and its arguments; [`WORK`] may still be in them.
    pub argv: Vec<String>,
    /// What is set in its environment on top of what every step gets.
    pub env: BTreeMap<String, String>,
    /// Its standard input.
    pub stdin: Stdin,
    /// The exit status that is expected.
    pub exit: Exit,
    /// What is expected on standard output.
    pub stdout: Expected,
    /// What is expected on standard error.
    pub stderr: Expected,
    /// A server: it is left running, once its standard output matches, until the check ends.
    pub ready: Option<Regex>,
    /// Whether its output is kept as attachments.
    pub attach: bool,
}

/// Where the standard input of a step comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stdin {
    /// Nothing.
    Empty,
    /// These bytes.
    Bytes(Vec<u8>),
    /// A file of the target; a relative path is below the private folder.
    File(String),
    /// Standard output of an earlier step, counted from 0.
    Step(usize),
}

/// What is expected on one stream.
#[derive(Clone, Debug, Default)]
pub struct Expected {
    /// Each has to match.
    pub must: Vec<Regex>,
    /// None may match.
    pub must_not: Vec<Regex>,
    /// It is, byte for byte, standard output of that earlier step, counted from 0.
    pub same_as: Option<usize>,
    /// It is anything but standard output of that earlier step.
    pub differs_from: Option<usize>,
}
