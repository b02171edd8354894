//! The command line.

use std::collections::BTreeMap;
use std::path::PathBuf;

use audit_run::plan::Selection;
use clap::{Parser, ValueEnum};
use contract::Layer;
use plumb::{Common, HasCommon};

/// Run a declarative suite of checks against a target and say what came of it.
///
/// Writes Allure results to RESULTS/audit_TARGET and the run's document to standard output. A check
/// whose prerequisite is missing is skipped, with the reason and what to do: it never counts as
/// passed.
#[derive(Parser)]
pub struct Args {
    /// `lint`: run the suite where it must not pass, and list the checks that do all the same
    #[arg(value_enum, requires = "against")]
    job: Option<Job>,
    /// With `lint`: a target that is known to be bad
    #[arg(long, value_name = "TARGET", requires = "job", conflicts_with_all = ["list", "target"])]
    pub against: Option<String>,
    /// A built-in suite's name, or a suite file (`-`: standard input)
    #[arg(long, value_name = "NAME|FILE", default_value = audit_run::builtin::ALL[0].name)]
    pub suite: PathBuf,
    /// What to run it against: `host`, `rootfs:DIR`, `podman:IMAGE`, `docker:IMAGE` or an image
    #[arg(long, value_name = "TARGET", default_value = "host")]
    pub target: String,
    /// Folder below which the Allure results are written
    #[arg(long, value_name = "DIR", env = "RESULTS_ROOT", default_value = "allure-results")]
    pub results: PathBuf,
    /// Print what the suite contains and run nothing
    #[arg(long)]
    pub list: bool,
    /// Print the JSON Schema of suite files and run nothing
    #[arg(long)]
    pub suite_schema: bool,
    /// Set a parameter of the suite
    #[arg(long, value_name = "NAME=VALUE", value_parser = pair)]
    set: Vec<(String, String)>,
    /// Set a variable in the environment of every command
    #[arg(long, value_name = "NAME=VALUE", value_parser = pair)]
    env: Vec<(String, String)>,
    /// Only checks of this layer (more than one: any of them)
    #[arg(long, value_enum, value_name = "LAYER")]
    layer: Vec<LayerName>,
    /// Only checks with this id, or below it, or matching it by `*` (more than one: any of them)
    #[arg(long, value_name = "ID")]
    filter: Vec<String>,
    /// End with the first check that fails; checks are then run one after another
    #[arg(long)]
    pub fail_fast: bool,
    /// How many checks are run side by side; as many as there are processors
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=64))]
    jobs: Option<u16>,
    /// One document, a check per line, or text for people
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t)]
    pub format: Format,
    #[command(flatten)]
    common: Common,
}

/// What else than an audit can be done.
#[derive(ValueEnum, Clone, Copy)]
enum Job {
    Lint,
}

/// The form of the output.
#[derive(ValueEnum, Clone, Copy, Default)]
pub enum Format {
    #[default]
    Json,
    Ndjson,
    Text,
}

#[derive(ValueEnum, Clone, Copy)]
#[value(rename_all = "snake_case")]
enum LayerName {
    Toolchain,
    Environment,
    Capability,
    FaultInjection,
}

impl HasCommon for Args {
    fn common(&self) -> &Common {
        &self.common
    }
}

impl Args {
    /// The parameters that were set; the last one of a name counts.
    pub fn parameters(&self) -> BTreeMap<String, String> {
        self.set.iter().cloned().collect()
    }

    /// The variables that were set; the last one of a name counts.
    pub fn variables(&self) -> BTreeMap<String, String> {
        self.env.iter().cloned().collect()
    }

    /// How many checks are run side by side.
    pub fn jobs(&self) -> usize {
        let processors = || std::thread::available_parallelism().map_or(1, usize::from);
        match (self.fail_fast, self.jobs) {
            (true, _) => 1,
            (false, Some(jobs)) => jobs.into(),
            (false, None) => processors().min(16),
        }
    }

    /// What was selected.
    pub fn selection(&self) -> Selection {
        let layer = |name: &LayerName| match name {
            LayerName::Toolchain => Layer::Toolchain,
            LayerName::Environment => Layer::Environment,
            LayerName::Capability => Layer::Capability,
            LayerName::FaultInjection => Layer::FaultInjection,
        };
        Selection { layers: self.layer.iter().map(layer).collect(), filters: self.filter.clone() }
    }
}

fn pair(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((name, value)) if !name.is_empty() => Ok((name.to_owned(), value.to_owned())),
        _ => Err("expected NAME=VALUE".to_owned()),
    }
}
