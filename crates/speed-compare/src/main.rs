//! Compares runs of `openssl speed`.

use std::process::ExitCode;

use contract::speed::Speed;
use contract::speed_comparison::SpeedComparison;
use contract::{Document, Generator, InputRef};
use plumb::{Directories, Failure, HasCommon, Input, Looks, Run, Source, Status, Tool};
use speed_compare::{Documents, compare, gate};

mod args;
mod emit;
mod history;

use args::Args;
use emit::emit;

const TOOL: Tool = Tool {
    name: "speed-compare",
    version: env!("CARGO_PKG_VERSION"),
    schemas: &[("", SpeedComparison::JSON_SCHEMA)],
};

fn main() -> ExitCode {
    plumb::run(TOOL, |args: Args, run| {
        let sources = run.sources(&args.files, Directories::Refuse)?;
        if sources.len() > 2 {
            let found = sources.len();
            return Err(Failure::new(format!("expected one document or two, found {found}")));
        }
        let inputs = run.read_all(&sources);
        if inputs.len() < sources.len() || inputs.is_empty() {
            // Each unreadable one has been reported.
            return Ok(Status::No);
        }
        let starts = match &args.startup {
            Some(path) => Some(run.read(&Source::from_operand(path))?),
            None => None,
        };
        let document = compared(&args, &inputs, starts.as_ref())?;
        for warning in &document.warnings {
            run.warn(None, &warning.message);
        }
        emit(&args, run, &document)?;
        if let Some(folder) = &args.history {
            history::append(run, folder, &document)?;
        }
        Ok(status(&args, run, &document))
    })
}

/// Without a gate, comparing is all that was asked for.
fn status(args: &Args, run: &Run, document: &SpeedComparison) -> Status {
    if !args.gate {
        return Status::Yes;
    }
    let answer = gate::answer(document, args.strict);
    if let Some(note) = answer.note {
        run.warn(None, &note);
    }
    Status::yes_if(answer.passes)
}

fn compared(
    args: &Args,
    inputs: &[Input],
    starts: Option<&Input>,
) -> Result<SpeedComparison, Failure> {
    let generator = Generator::new(TOOL.name, TOOL.version);
    let digests = inputs.iter().chain(starts).map(|input| &input.digest);
    let refs = digests.map(|d| InputRef::new(&d.name, d.bytes, d.sha256)).collect();
    let read = inputs.iter().map(speed).collect::<Result<Vec<_>, _>>()?;
    let documents = match read.as_slice() {
        [one] => Documents::One(one),
        [baseline, candidate] => Documents::Two(baseline, candidate),
        other => return Err(Failure::new(format!("expected one or two, found {}", other.len()))),
    };
    let starts = starts.map(Input::json).transpose()?;
    compare(generator, refs, documents, starts.as_ref(), &args.options())
        .map_err(|error| inputs[error.input()].failure(error.to_string()))
}

/// A document of figures; of what it is made of, it is said what makes it.
fn speed(input: &Input) -> Result<Speed, Failure> {
    input.json().map_err(|failure| match Looks::like(&input.bytes) {
        Some(looks @ (Looks::Text | Looks::JsonLines)) => input.failure(format!(
            "expected one document {:?}, found {looks}: `speed-parse` makes it of a log",
            Speed::SCHEMA
        )),
        _ => failure,
    })
}

impl HasCommon for Args {
    fn common(&self) -> &plumb::Common {
        &self.common
    }
}
