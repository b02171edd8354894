//! One verdict over any pile of test output, without claiming more than was run.

mod buffered;
mod cli;
mod emit;
mod frames;
mod inputs;
mod listed;
mod modes;
mod unpack;

use std::process::ExitCode;

use cli::Args;
use contract::events::Events;
use contract::explanation::Explanation;
use contract::part::Part;
use contract::summary::Summary;
use contract::{Document as _, Verdict};
use evidence_summarize::list::Rest;
use plumb::{Source, Status, Tool};

const TOOL: Tool = Tool {
    name: "evidence-summarize",
    version: env!("CARGO_PKG_VERSION"),
    schemas: &[
        ("", Summary::JSON_SCHEMA),
        ("--part", Part::JSON_SCHEMA),
        ("--explain", Explanation::JSON_SCHEMA),
        ("--events", Events::JSON_SCHEMA),
    ],
};

fn main() -> ExitCode {
    plumb::run(TOOL, |args: Args, run| {
        if args.part {
            return modes::parts(&args, run);
        }
        if args.events {
            return modes::events(&args, run);
        }
        if let Some(case) = &args.explain {
            return modes::explain(&args, case, run);
        }
        let (summary, rest): (Summary, Rest) = match &args.show {
            Some(path) => (run.read(&Source::from_operand(path))?.json()?, Rest::default()),
            None => modes::summary(&args, run)?,
        };
        let answer = Status::yes_if(summary.verdict == Verdict::Pass);
        emit::emit(&args, run, summary, rest)?;
        Ok(answer)
    })
}
