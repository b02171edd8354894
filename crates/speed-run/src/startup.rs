//! What starting a target costs.

use contract::speed_startup::{SpeedStartup, Start, StartedTarget};
use contract::{Generator, Tag};
use plumb::{Failure, Run};
use speed_run::plan::Step;

use crate::child::{self, Limits};

/// What a process is given to do: it loads its configuration and its providers, and is done.
const ARGUMENTS: [&str; 3] = ["dgst", "-sha256", "/dev/null"];

/// How often each target is started in a round.
const STARTS: usize = 3;

/// The document before anything was started.
pub fn empty(generator: Generator, round: &[Step<'_>]) -> SpeedStartup {
    let mut targets: Vec<StartedTarget> = round
        .iter()
        .map(|step| StartedTarget {
            target: step.pairing.target,
            label: step.pairing.label.clone(),
            command: step.target.command.clone(),
        })
        .collect();
    targets.sort_by_key(|target| target.target);
    SpeedStartup {
        schema: Tag::new(),
        generator,
        inputs: vec![],
        arguments: ARGUMENTS.map(str::to_owned).to_vec(),
        targets,
        starts: vec![],
    }
}

/// Starts the targets of a round in turn; nothing if somebody asked to stop before the end.
pub fn measure(run: &Run, round: &[Step<'_>], limits: &Limits) -> Result<Vec<Start>, Failure> {
    let mut starts = vec![];
    for _ in 0..STARTS {
        for step in round {
            let argv = step.target.argv(&ARGUMENTS.map(str::to_owned));
            let Some(ended) = child::run(run, step.target, &argv, limits)? else {
                return Ok(vec![]);
            };
            starts.push(Start {
                pair: step.pairing.pair,
                target: step.pairing.target,
                exit_code: ended.exit_code,
                cpu_ms: ended.cpu.as_secs_f64() * 1e3,
                wall_ms: ended.wall.as_secs_f64() * 1e3,
            });
        }
    }
    Ok(starts)
}
