//! The series: round by round, until the end or until somebody asks to stop.

use std::collections::BTreeSet;
use std::io::Write;

use contract::speed::RunEnd;
use contract::speed_startup::SpeedStartup;
use plumb::{Failure, Out, Run};
use speed_run::log::{entry, last_line};
use speed_run::plan::Step;

use crate::args::Args;
use crate::child::{self, Limits};
use crate::startup;

/// What has been done so far.
#[derive(Default)]
pub struct Done {
    /// Rounds that are complete.
    pub rounds: u64,
    /// Labels of targets of which a run failed; each is warned of once.
    pub failed: BTreeSet<String>,
}

/// Runs the rounds; what a round measured is written when it is complete.
pub fn series(
    run: &Run,
    rounds: &[Vec<Step<'_>>],
    limits: &Limits,
    out: &mut Out,
    mut starts: Option<&mut SpeedStartup>,
    done: &mut Done,
) -> Result<(), Failure> {
    let progress = run.progress(rounds.iter().map(|round| round.len() as u64).sum());
    for round in rounds {
        let mut log = vec![];
        if let Some(document) = starts.as_deref_mut() {
            document.starts.extend(startup::measure(run, round, limits)?);
        }
        for step in round {
            progress.at(&step.pairing.label);
            let Some(entry) = one(run, step, limits, done)? else { return Ok(()) };
            log.extend(entry);
            progress.step();
        }
        out.write_all(&log).and_then(|()| out.flush()).map_err(|error| out.failure(&error))?;
        done.rounds += 1;
    }
    Ok(())
}

/// One run's part of the log; none if somebody asked to stop.
fn one(
    run: &Run,
    step: &Step<'_>,
    limits: &Limits,
    done: &mut Done,
) -> Result<Option<Vec<u8>>, Failure> {
    if limits.stop.asked() {
        return Ok(None);
    }
    let Some(ended) = child::run(run, step.target, &step.pairing.argv, limits)? else {
        return Ok(None);
    };
    if ended.exit_code != Some(0) && done.failed.insert(step.pairing.label.clone()) {
        let code = ended.exit_code.map_or("a signal".to_owned(), |code| format!("status {code}"));
        let said = last_line(&ended.output);
        run.warn(Some(&step.pairing.label), &format!("ended with {code}: {said}"));
    }
    let wall_ms = u64::try_from(ended.wall.as_millis()).unwrap_or(u64::MAX);
    let end = RunEnd { exit_code: ended.exit_code, wall_ms };
    entry(&step.pairing, &ended.output, &end)
        .map(Some)
        .map_err(|error| Failure::new(format!("cannot write the marker: {error}")))
}

/// Keeps what was measured, however the series ended.
pub fn finish(
    args: &Args,
    run: &Run,
    out: Out,
    starts: Option<SpeedStartup>,
    done: &Done,
) -> Result<(), Failure> {
    if let (Some(path), Some(document)) = (&args.startup, starts) {
        run.emit_to(path, &document)?;
    }
    // Nothing measured: a file that was there before is worth more than an empty one.
    if done.rounds > 0 { run.commit(out) } else { Ok(()) }
}
