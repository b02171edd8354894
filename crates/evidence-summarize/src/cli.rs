//! The command line.

use std::path::PathBuf;

use clap::{Parser, ValueEnum};
use plumb::{Common, Files, HasCommon};

/// Say what a pile of test output amounts to, without claiming more than was run.
///
/// Reads audit documents, Allure results, test reports and plain logs, whatever they are called:
/// formats are recognised by content. Counts are made anew from what a file holds; what differs
/// from the file's own counts is said. The verdict is pass, fail, incomplete or no_evidence.
#[derive(Parser)]
pub struct Args {
    #[command(flatten)]
    pub files: Files,
    /// Expected checks: an inventory (audit-run --list) or a list; what is absent did not run
    #[arg(long, value_name = "FILE")]
    pub expect: Vec<PathBuf>,
    /// Requirements and the checks that speak for them (TOML): which of them hold
    #[arg(long, value_name = "FILE")]
    pub requirements: Vec<PathBuf>,
    /// A previous summary, or what --format ndjson wrote: what changed since
    #[arg(long, value_name = "PREVIOUS")]
    pub compare: Option<PathBuf>,
    /// What has to hold: default, release, or a file with a policy
    #[arg(long, value_name = "NAME|FILE", default_value = "default")]
    pub gate: String,
    /// Further rules for layers and actions (TOML); they are asked first
    #[arg(long, value_name = "FILE")]
    pub rules: Vec<PathBuf>,
    /// List every case, not only those that did not pass
    #[arg(long)]
    pub cases: bool,
    /// Write what each input says, a line each, instead of a summary: to be merged later
    #[arg(long, conflicts_with_all = ["expect", "requirements", "compare", "format", "merge"])]
    pub part: bool,
    /// The inputs are lines that --part wrote; the summary is that of one pass over everything
    #[arg(long)]
    pub merge: bool,
    /// Read a summary instead of evidence, print it and end with its verdict's status
    #[arg(long, value_name = "SUMMARY", conflicts_with_all = ["files", "files0_from", "expect", "requirements", "compare", "rules", "cases", "part", "merge"])]
    pub show: Option<PathBuf>,
    /// Say why this case (its id, or its name) has its status, layer and action, instead of a summary
    #[arg(long, value_name = "CASE", conflicts_with_all = ["part", "cases"])]
    pub explain: Option<String>,
    /// The inputs are logs of our own tools (--log-format json): add up durations, warnings and
    /// failures instead of a summary
    #[arg(long, conflicts_with_all = ["part", "merge", "show", "cases", "explain", "expect", "requirements", "compare", "rules"])]
    pub events: bool,
    /// Form of the output
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t)]
    pub format: Format,
    /// With `--format intoto`: what was tested, instead of the inputs themselves
    #[arg(long, value_name = "NAME@sha256:HEX")]
    pub subject: Vec<String>,
    /// With `--format github`: append the summary in Markdown to this file
    #[arg(long, value_name = "FILE", env = "GITHUB_STEP_SUMMARY", hide_env_values = true)]
    pub step_summary: Option<PathBuf>,
    #[command(flatten)]
    pub common: Common,
}

#[derive(ValueEnum, Clone, Copy, Default, PartialEq)]
pub enum Format {
    /// The summary document
    #[default]
    Json,
    /// For a terminal
    Text,
    /// A page
    Markdown,
    /// Annotations of GitHub Actions
    Github,
    /// JUnit XML, every case
    Junit,
    /// CTRF (Common Test Report Format), every case
    Ctrf,
    /// A case on each line, then the summary
    Ndjson,
    /// An in-toto statement with the predicate test-result
    Intoto,
    /// Metrics for Prometheus
    Prometheus,
}

impl Args {
    /// Whether every case is asked for.
    pub fn lists_cases(&self) -> bool {
        self.cases
            || self.explain.is_some()
            || matches!(self.format, Format::Junit | Format::Ctrf | Format::Ndjson)
    }
}

impl HasCommon for Args {
    fn common(&self) -> &Common {
        &self.common
    }
}
