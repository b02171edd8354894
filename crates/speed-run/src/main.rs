//! Runs `openssl speed` for one target or two in interleaved rounds.

use std::process::ExitCode;
use std::time::Duration;

use contract::speed_startup::SpeedStartup;
use contract::{Document, Generator};
use plumb::{Common, Failure, HasCommon, Status, Tool};
use speed_run::plan::rounds;

mod args;
mod child;
mod series;
mod startup;

use args::Args;
use child::{Limits, Stop};
use series::{Done, finish, series};

const TOOL: Tool = Tool {
    name: "speed-run",
    version: env!("CARGO_PKG_VERSION"),
    schemas: &[("", SpeedStartup::JSON_SCHEMA)],
};

fn main() -> ExitCode {
    plumb::run(TOOL, |args: Args, run| {
        let (a, b) = args.targets()?;
        let rounds = rounds(args.rounds, &a, b.as_ref(), &args.arguments());
        for (option, warning) in args::absent_configurations(&a, b.as_ref()) {
            run.warn(Some(option), &warning);
        }
        let limits =
            Limits { stop: Stop::watch()?, timeout: args.timeout.map(Duration::from_secs) };
        let mut out = run.out()?;
        let mut done = Done::default();
        let mut starts = args
            .startup
            .as_ref()
            .map(|_| startup::empty(Generator::new(TOOL.name, TOOL.version), &rounds[0]));
        let answer = series(run, &rounds, &limits, &mut out, starts.as_mut(), &mut done);
        finish(&args, run, out, starts, &done)?;
        answer?;
        if limits.stop.asked() {
            let total = rounds.len();
            return Err(Failure::new(format!(
                "stopped after {} of {total} rounds: what they measured is kept",
                done.rounds
            )));
        }
        Ok(Status::yes_if(done.failed.is_empty()))
    })
}

impl HasCommon for Args {
    fn common(&self) -> &Common {
        &self.common
    }
}
