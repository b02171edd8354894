//! Runs a declarative suite of checks against a target and says what came of it.

mod args;
mod audit;
mod effects;
mod input;
mod kind;

use std::process::ExitCode;

use contract::audit::Audit;
use contract::inventory::Inventory;
use contract::lint::Lint;
use contract::{Document, Generator, Verdict};
use plumb::{Failure, Status, Tool};

use crate::args::Args;
use crate::effects::emit;

const TOOL: Tool = Tool {
    name: "audit-run",
    version: env!("CARGO_PKG_VERSION"),
    schemas: &[
        ("", Audit::JSON_SCHEMA),
        ("--list", Inventory::JSON_SCHEMA),
        ("lint", Lint::JSON_SCHEMA),
    ],
};

fn main() -> ExitCode {
    if let Some(status) = effects::enter::ordered() {
        return status;
    }
    plumb::run(TOOL, |args: Args, run| {
        if args.suite_schema {
            run.emit_text(audit_run::suite::JSON_SCHEMA.as_bytes())?;
            return Ok(Status::Yes);
        }
        let generator = Generator::new(TOOL.name, TOOL.version);
        let loaded = input::suite(&args, run)?;
        if args.list {
            let inventory = audit_run::document::inventory(&loaded.suite, generator, loaded.inputs);
            emit::inventory(run, &inventory, args.format)?;
            return Ok(Status::Yes);
        }
        // Earlier results are replaced by a run: a slip of the pen must not be one.
        if let Some(stray) = args.selection().stray(&loaded.suite) {
            return Err(Failure::new("matches no check (see --list)").at(stray));
        }
        if let Some(against) = &args.against {
            let lint = audit::lint(&args, against, run, loaded, generator)?;
            emit::lint(run, &lint, args.format)?;
            return Ok(Status::yes_if(lint.non_discriminating.is_empty()));
        }
        let audit = audit::run(&args, run, loaded, generator)?;
        emit::audit(run, &audit, args.format)?;
        Ok(Status::yes_if(audit.verdict == Verdict::Pass))
    })
}
