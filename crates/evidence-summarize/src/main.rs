//! One verdict over any pile of test output, without claiming more than was run.

mod cli;
mod emit;
mod inputs;
mod listed;

use std::process::ExitCode;

use cli::Args;
use contract::part::Part;
use contract::summary::Summary;
use contract::{Document as _, Verdict};
use evidence_summarize::list::Rest;
use evidence_summarize::summarize;
use plumb::{Failure, Run, Source, Status, Tool};

const TOOL: Tool = Tool {
    name: "evidence-summarize",
    version: env!("CARGO_PKG_VERSION"),
    schemas: &[("", Summary::JSON_SCHEMA), ("--part", Part::JSON_SCHEMA)],
};

fn main() -> ExitCode {
    plumb::run(TOOL, |args: Args, run| {
        if args.part {
            return parts(&args, run);
        }
        let (summary, rest): (Summary, Rest) = match &args.show {
            Some(path) => (run.read(&Source::from_operand(path))?.json()?, Rest::default()),
            None => of_inputs(&args, run)?,
        };
        let answer = Status::yes_if(summary.verdict == Verdict::Pass);
        emit::emit(&args, run, summary, rest)?;
        Ok(answer)
    })
}

/// A line for each input, in the order of their digests.
fn parts(args: &Args, run: &mut Run) -> Result<Status, Failure> {
    let options = inputs::options(args, run)?;
    let (shares, _) = inputs::shares(args, &options, run)?;
    let mut parts: Vec<_> = shares.into_iter().map(|share| share.part).collect();
    parts.sort_by(|a, b| {
        let key = |part: &Part| part.inputs.first().map(|input| input.sha256.clone());
        key(a).cmp(&key(b)).then_with(|| a.inputs.cmp(&b.inputs))
    });
    run.emit_lines(&parts)?;
    Ok(Status::Yes)
}

fn of_inputs(args: &Args, run: &mut Run) -> Result<(Summary, Rest), Failure> {
    let options = inputs::options(args, run)?;
    let (shares, unread) = inputs::shares(args, &options, run)?;
    let outcome = summarize::summarize(shares, unread, &options);
    for (path, line, why) in outcome.unusable {
        let failure = Failure::new(why).at(if path == "-" { "stdin".to_owned() } else { path });
        run.report(&match line {
            Some(line) => failure.line(line),
            None => failure,
        });
    }
    Ok((outcome.summary, outcome.rest))
}
