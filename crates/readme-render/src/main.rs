//! Renders documents whose every number has evidence behind it.

mod command;

use std::process::ExitCode;

use command::Args;
use contract::Document;
use contract::ledger::{Ledger, Verification};
use plumb::Tool;

const TOOL: Tool = Tool {
    name: "readme-render",
    version: env!("CARGO_PKG_VERSION"),
    schemas: &[("", Ledger::JSON_SCHEMA), ("--verify", Verification::JSON_SCHEMA)],
};

fn main() -> ExitCode {
    plumb::run(TOOL, |args: Args, run| command::main(&args, run))
}
