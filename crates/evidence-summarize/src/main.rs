//! One verdict over any pile of test output, without claiming more than was run.

mod cli;
mod inputs;

use std::process::ExitCode;

use cli::{Args, Format};
use contract::summary::Summary;
use contract::{Document as _, Verdict};
use evidence_summarize::{render, summarize};
use plumb::{Failure, Run, Source, Status, Tool};

const TOOL: Tool = Tool {
    name: "evidence-summarize",
    version: env!("CARGO_PKG_VERSION"),
    schemas: &[("", Summary::JSON_SCHEMA)],
};

fn main() -> ExitCode {
    plumb::run(TOOL, |args: Args, run| {
        if args.part {
            return parts(&args, run);
        }
        let summary = match &args.show {
            Some(path) => run.read(&Source::from_operand(path))?.json()?,
            None => of_inputs(&args, run)?,
        };
        emit(&args, run, &summary)?;
        Ok(Status::yes_if(summary.verdict == Verdict::Pass))
    })
}

/// A line for each input, in the order of their digests.
fn parts(args: &Args, run: &mut Run) -> Result<Status, Failure> {
    let options = inputs::options(args, run)?;
    let (shares, _) = inputs::shares(args, &options, run)?;
    let mut parts: Vec<_> = shares.into_iter().map(|share| share.part).collect();
    parts.sort_by(|a, b| {
        let key =
            |part: &contract::part::Part| part.inputs.first().map(|input| input.sha256.clone());
        key(a).cmp(&key(b)).then_with(|| a.inputs.cmp(&b.inputs))
    });
    run.emit_lines(&parts)?;
    Ok(Status::Yes)
}

fn of_inputs(args: &Args, run: &mut Run) -> Result<Summary, Failure> {
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
    Ok(outcome.summary)
}

fn emit(args: &Args, run: &Run, summary: &Summary) -> Result<(), Failure> {
    match args.format {
        Format::Json => run.emit(summary),
        Format::Text => run.emit_text(render::text(summary).as_bytes()),
        Format::Markdown => run.emit_text(render::markdown(summary).as_bytes()),
        Format::Github => {
            if let Some(path) = &args.step_summary {
                append(run, path, &render::step_summary(summary))?;
            }
            run.emit_text(render::annotations(summary).as_bytes())
        }
    }
}

/// GitHub's step summary is a file that every step of the job appends to.
fn append(run: &Run, path: &std::path::Path, text: &str) -> Result<(), Failure> {
    use std::io::Write as _;
    let written = std::fs::File::options().create(true).append(true).open(path);
    let written = written.and_then(|mut file| file.write_all(text.as_bytes()));
    let name = path.display().to_string();
    written.map_err(|error| Failure::io(name.clone(), "cannot append", &error))?;
    run.say(&plumb::Event::OutputWritten { path: &name, bytes: text.len() as u64 });
    Ok(())
}
