//! Plans a deletion, then deletes exactly that plan and leaves a record.

mod cli;
mod effects;

use std::process::ExitCode;

use cli::{Args, Command};
use contract::Document;
use contract::cleanup_applied::{Applied, Restored};
use contract::cleanup_manifest::Verification;
use contract::cleanup_plan::Plan;
use plumb::Tool;

const TOOL: Tool = Tool {
    name: "cleanup-guard",
    version: env!("CARGO_PKG_VERSION"),
    schemas: &[
        ("plan", Plan::JSON_SCHEMA),
        ("apply", Applied::JSON_SCHEMA),
        ("resume", Applied::JSON_SCHEMA),
        ("verify", Verification::JSON_SCHEMA),
        ("restore", Restored::JSON_SCHEMA),
        ("purge", Plan::JSON_SCHEMA),
    ],
};

fn main() -> ExitCode {
    plumb::run(TOOL, |args: Args, run| match &args.command {
        Command::Plan(options) => cli::plan::run(options, run),
        Command::Apply(options) => cli::apply::apply(options, run),
        Command::Resume(options) => cli::apply::resume(options, run),
        Command::Verify(options) => cli::verify::run(options, run),
        Command::Restore(options) => cli::restore::run(options, run),
        Command::Purge(options) => cli::purge::run(options, run),
    })
}
