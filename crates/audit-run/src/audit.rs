//! One run, from the target to the document.

use std::time::Instant;

use audit_run::document::{self, About};
use audit_run::mask::Mask;
use audit_run::{allure, plan};
use contract::Generator;
use contract::audit::{Audit, Phase, PhaseName};
use plumb::{Failure, Run};

use crate::args::Args;
use crate::effects::interrupt::Interrupt;
use crate::effects::runner::{Runner, elapsed_ms};
use crate::effects::store::Store;
use crate::effects::{probe, strays};
use crate::input::Loaded;
use crate::kind::Kind;

/// Runs `loaded` against the target that was asked for.
pub fn run(
    args: &Args,
    run: &mut Run,
    loaded: Loaded,
    generator: Generator,
) -> Result<Audit, Failure> {
    let kind = Kind::parse(&args.target)?;
    let Loaded { suite, sha256, inputs } = loaded;
    let mask = Mask::new().map_err(|error| Failure::new(error.to_string()))?;
    let started_ms = run.now_ms()?;
    let mut phases = Phases::new();
    let interrupt = Interrupt::listen()
        .map_err(|error| Failure::io("signals", "cannot be listened to", &error))?;
    let (target, reference) = kind.up(&args.target, &args.variables(), run)?;
    let mut store = Store::open(&args.results, &format!("audit_{}", reference.safe_name))?;
    phases.end(PhaseName::Start, vec![]);

    let (known, errors) = probe::known(&target, &suite, &interrupt);
    phases.end(PhaseName::Probe, errors);

    let decisions = plan::decide(&suite, &args.selection(), &known);
    let shared = allure::Run {
        suite: &suite.name,
        target: &reference,
        started_ms,
        clock_is_fixed: clock_is_fixed(),
    };
    let runner = Runner {
        suite: &suite,
        target: &target,
        interrupt: &interrupt,
        run,
        fail_fast: args.fail_fast,
    };
    let outcomes = runner.run(&decisions, |check, outcome| {
        store.keep(&allure::files(&shared, check, outcome, &mask), run)
    })?;
    let interrupted = interrupt.asked();
    phases.end(
        PhaseName::Checks,
        interrupted.then(|| "interrupted".to_owned()).into_iter().collect(),
    );
    let contained = target.is_contained();
    drop(target);
    if !contained {
        strays::end();
    }
    phases.end(PhaseName::Stop, vec![]);

    let about = About {
        generator,
        inputs,
        suite_sha256: sha256,
        target: reference,
        facts: known.facts,
        time_ms: (started_ms, run.now_ms()?),
        clock_is_fixed: clock_is_fixed(),
        phases: phases.done,
    };
    if interrupted {
        run.report(&Failure::new("interrupted: the checks that were left did not run"));
    }
    Ok(document::audit(&suite, &outcomes, about, &mask))
}

/// Whether the caller fixed the clock: then nothing that was measured goes into the output, so
/// that the same input gives the same bytes.
fn clock_is_fixed() -> bool {
    std::env::var_os("SOURCE_DATE_EPOCH").is_some()
}

/// The stretches of the run so far.
struct Phases {
    since: Instant,
    done: Vec<Phase>,
}

impl Phases {
    fn new() -> Self {
        Self { since: Instant::now(), done: vec![] }
    }

    fn end(&mut self, name: PhaseName, errors: Vec<String>) {
        let duration_ms = (!clock_is_fixed()).then(|| elapsed_ms(self.since));
        self.done.push(Phase { name, duration_ms, errors });
        self.since = Instant::now();
    }
}
