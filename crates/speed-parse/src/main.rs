//! Turns the output of openssl speed into records in SI units.

mod cli;

use std::process::ExitCode;

use clap::{Parser, ValueEnum};
use contract::Document as _;
use contract::speed::Speed;
use plumb::{Common, Files, HasCommon, Tool};

const TOOL: Tool = Tool {
    name: "speed-parse",
    version: env!("CARGO_PKG_VERSION"),
    schemas: &[("", Speed::JSON_SCHEMA)],
};

/// Turn the output of `openssl speed` into records in SI units.
///
/// Reads standard output, standard error or both of any version from 0.9.8 to 4.0, as text or as
/// `-mr`, and `bssl speed -json`; several runs in one file, with whatever a CI system prints before
/// each line. What failed is told apart from what was measured, and what the log leaves open is
/// never guessed.
#[derive(Parser)]
struct Args {
    #[command(flatten)]
    files: Files,
    /// One document, one object per line, or a table: a line per figure or per algorithm
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t)]
    format: Format,
    /// Algorithms that must have a figure, by the names `openssl speed` takes, joined by commas;
    /// status 1 if one has none
    #[arg(long, value_name = "LIST")]
    expect: Vec<String>,
    /// Add facts about this machine: processor, instruction sets, kernel
    #[arg(long)]
    host_facts: bool,
    #[command(flatten)]
    common: Common,
}

#[derive(ValueEnum, Clone, Copy, Debug, Default, PartialEq)]
enum Format {
    #[default]
    Json,
    Ndjson,
    Csv,
    CsvWide,
}

impl HasCommon for Args {
    fn common(&self) -> &Common {
        &self.common
    }
}

fn main() -> ExitCode {
    plumb::run(TOOL, |args: Args, run| cli::run(&args, run))
}
