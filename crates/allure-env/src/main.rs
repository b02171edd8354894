//! The environment, the executor and honest statistics of a set of Allure results.

mod cmd;

use std::process::ExitCode;

use clap::{Parser, Subcommand};
use contract::Document;
use contract::allure::{Findings, Import, Report, Stage, Stats, Verification};
use contract::environment::Environment;
use plumb::{Common, HasCommon, Tool};

const TOOL: Tool = Tool {
    name: allure_env::NAME,
    version: env!("CARGO_PKG_VERSION"),
    schemas: &[
        ("write", Environment::JSON_SCHEMA),
        ("stats", Stats::JSON_SCHEMA),
        ("check", Findings::JSON_SCHEMA),
        ("merge", Stage::JSON_SCHEMA),
        ("verify", Verification::JSON_SCHEMA),
        ("shown", Report::JSON_SCHEMA),
        ("from", Import::JSON_SCHEMA),
    ],
};

/// Stand between Allure results and an Allure report: write the environment files, count what the
/// generators will show.
#[derive(Parser)]
struct Args {
    #[command(subcommand)]
    command: Command,
    #[command(flatten)]
    common: Common,
}

#[derive(Subcommand)]
enum Command {
    Write(cmd::write::Args),
    Stats(cmd::stats::Args),
    Check(cmd::check::Args),
    Merge(cmd::merge::Args),
    Verify(cmd::verify::Args),
    Shown(cmd::shown::Args),
    From(cmd::from::Args),
}

impl HasCommon for Args {
    fn common(&self) -> &Common {
        &self.common
    }
}

fn main() -> ExitCode {
    plumb::run(TOOL, |args: Args, run| match &args.command {
        Command::Write(args) => cmd::write::run(args, run),
        Command::Stats(args) => cmd::stats::run(args, run),
        Command::Check(args) => cmd::check::run(args, run),
        Command::Merge(args) => cmd::merge::run(args, run),
        Command::Verify(args) => cmd::verify::run(args, run),
        Command::Shown(args) => cmd::shown::run(args, run),
        Command::From(args) => cmd::from::run(args, run),
    })
}
