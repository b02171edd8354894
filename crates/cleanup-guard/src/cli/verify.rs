//! `verify`: whether a record holds.

use std::io::BufReader;

use contract::cleanup_manifest::{Problem, Verification};
use contract::{InputRef, Tag};
use plumb::{Failure, Run, Source, Status};

use super::{Verify, generator};
use crate::effects::manifest::replay;

pub fn run(options: &Verify, run: &mut Run) -> Result<Status, Failure> {
    let source = Source::from_operand(&options.manifest);
    let mut reader = BufReader::new(run.open(&source)?);
    let history = replay(&mut reader);
    let mut history = history.map_err(|error| reader.get_ref().failure(&error))?;
    let digest = reader.into_inner().finish()?;
    let Some(began) = history.began else {
        let why = history.problems.first().map_or("is empty", |p| p.reason.as_str());
        let message = format!("expected a cleanup-manifest: {why}");
        return Err(Failure::new(message).at(source.to_string()).line(1));
    };
    let intact = history.problems.iter().all(|_| history.length == digest.bytes);
    let head = history.chain.head().clone();
    if options.head.as_ref().is_some_and(|wanted| wanted != head.as_str()) {
        let reason = "is not the last line that --head names: lines were cut off or rewritten";
        history.problems.push(Problem { line: history.chain.lines(), reason: reason.to_owned() });
    }
    for problem in &history.problems {
        run.say(&plumb::Event::Warning {
            source: Some(&source.to_string()),
            line: Some(problem.line),
            message: &problem.reason,
        });
    }
    let holds = history.problems.is_empty();
    run.emit(&Verification {
        schema: Tag::new(),
        generator: generator(),
        inputs: vec![InputRef::new(&digest.name, digest.bytes, digest.sha256)],
        intact,
        complete: history.ended,
        digest: began.digest,
        lines: history.chain.lines(),
        head,
        done: history.done,
        kept: history.kept,
        gone: history.gone,
        problems: history.problems,
    })?;
    Ok(Status::yes_if(holds))
}
