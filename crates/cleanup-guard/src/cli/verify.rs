//! `verify`: whether a record holds.

use cleanup_guard::chain::read;
use contract::cleanup_manifest::{Problem, Verification};
use contract::{InputRef, Tag};
use plumb::{Failure, Run, Source, Status};

use super::{Verify, generator};

pub fn run(options: &Verify, run: &mut Run) -> Result<Status, Failure> {
    let input = run.read(&Source::from_operand(&options.manifest))?;
    let mut history = read(&input.bytes);
    let Some(began) = history.began else {
        let why = history.problems.first().map_or("is empty", |p| p.reason.as_str());
        return Err(input.failure(format!("expected a cleanup-manifest: {why}")).line(1));
    };
    let intact = history.problems.iter().all(|_| history.length == input.bytes.len() as u64);
    let head = history.chain.head().clone();
    if options.head.as_ref().is_some_and(|wanted| wanted != head.as_str()) {
        let reason = "is not the last line that --head names: lines were cut off or rewritten";
        history.problems.push(Problem { line: history.chain.lines(), reason: reason.to_owned() });
    }
    for problem in &history.problems {
        run.say(&plumb::Event::Warning {
            source: Some(&input.source.to_string()),
            line: Some(problem.line),
            message: &problem.reason,
        });
    }
    let digest = &input.digest;
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
