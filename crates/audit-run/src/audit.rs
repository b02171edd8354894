//! One run, from the target to the document.

use std::time::Instant;

use audit_run::allure;
use audit_run::document::{self, About, Outcome};
use audit_run::mask::Mask;
use audit_run::plan::{self, Purpose};
use audit_run::suite::{Check, Known, Suite};
use contract::audit::{Audit, Latency, Phase, PhaseName, Target as TargetRef, TargetKind};
use contract::lint::Lint;
use contract::{Generator, SourceRef};
use plumb::{Failure, Run};

use crate::args::Args;
use crate::effects::interrupt::Interrupt;
use crate::effects::runner::{Runner, elapsed_ms};
use crate::effects::store::Store;
use crate::effects::target::Target;
use crate::effects::{kpi, probe, strays};
use crate::input::Loaded;
use crate::kind::Kind;

/// Runs `loaded` against the target that was asked for.
pub fn run(
    args: &Args,
    run: &mut Run,
    loaded: Loaded,
    generator: Generator,
) -> Result<Audit, Failure> {
    let mask = mask(args)?;
    let started_ms = run.now_ms()?;
    let source = source(run)?;
    let mut phases = Phases::new();
    let up = Up::new(args, &args.target, run)?;
    let mut store = Store::open(
        &args.results,
        &format!("audit_{}", up.reference.safe_name),
        &loaded.suite.name,
    )?;
    phases.end(PhaseName::Start, vec![]);

    let (known, errors) = probe::known(&up.target, &loaded.suite, &up.interrupt);
    phases.end(PhaseName::Probe, errors);

    let shared = allure::Run {
        suite: &loaded.suite.name,
        target: &up.reference,
        started_ms,
        clock_is_fixed: clock_is_fixed(),
        facts: &known.facts,
    };
    let outcomes =
        up.checks(args, run, (&loaded.suite, &mask), &known, Purpose::Audit, |check, outcome| {
            store.keep(&allure::files(&shared, check, outcome, &mask), run)
        })?;
    let interrupted = up.interrupt.asked();
    let errors = interrupted.then(|| "interrupted".to_owned());
    phases.end(PhaseName::Checks, errors.into_iter().collect());
    let whole = args.selection().is_everything() && !interrupted && !clock_is_fixed();
    let latency = whole.then(|| up.latency(&loaded.suite, &known, &mut phases)).flatten();
    let reference = up.down();
    phases.end(PhaseName::Stop, vec![]);

    let about = About {
        generator,
        inputs: loaded.inputs,
        source,
        suite_sha256: loaded.sha256,
        target: reference,
        facts: known.facts,
        time_ms: (started_ms, run.now_ms()?),
        clock_is_fixed: clock_is_fixed(),
        phases: phases.done,
        latency,
    };
    if interrupted {
        run.report(&Failure::new("interrupted: the checks that were left did not run"));
    }
    Ok(document::audit(&loaded.suite, &outcomes, about, &mask))
}

/// Runs `loaded` against a target that is known to be bad, and tells which checks pass on it.
pub fn lint(
    args: &Args,
    against: &str,
    run: &mut Run,
    loaded: Loaded,
    generator: Generator,
) -> Result<Lint, Failure> {
    let mask = mask(args)?;
    let up = Up::new(args, against, run)?;
    let (known, _) = probe::known(&up.target, &loaded.suite, &up.interrupt);
    let outcomes =
        up.checks(args, run, (&loaded.suite, &mask), &known, Purpose::Lint, |_, _| Ok(()))?;
    if up.interrupt.asked() {
        return Err(Failure::new("interrupted: what was left did not run"));
    }
    let Loaded { suite, sha256, inputs } = loaded;
    Ok(document::lint(&suite, &outcomes, (generator, inputs, sha256, up.down()), &mask))
}

/// The commit that the caller says the run is about.
fn source(run: &Run) -> Result<Option<SourceRef>, Failure> {
    let parse = |text: String| {
        SourceRef::parse(&text).map_err(|why| Failure::new(why).at("PROOFLINE_COMMIT"))
    };
    run.commit_variable().map(parse).transpose()
}

/// A target that is up, and the way to be told to stop.
struct Up {
    target: Target,
    reference: TargetRef,
    interrupt: Interrupt,
}

impl Up {
    fn new(args: &Args, name: &str, run: &Run) -> Result<Self, Failure> {
        let kind = Kind::parse(name)?;
        let interrupt = Interrupt::listen()
            .map_err(|error| Failure::io("signals", "cannot be listened to", &error))?;
        let (target, reference) = kind.up(name, &args.variables(), run)?;
        Ok(Self { target, reference, interrupt })
    }

    fn checks(
        &self,
        args: &Args,
        run: &Run,
        (suite, mask): (&Suite, &Mask),
        known: &Known,
        purpose: Purpose,
        keep: impl FnMut(&Check, &Outcome) -> Result<(), Failure>,
    ) -> Result<Vec<Outcome>, Failure> {
        let runner = Runner {
            suite,
            target: &self.target,
            interrupt: &self.interrupt,
            run,
            fail_fast: args.fail_fast,
            jobs: args.jobs(),
            known,
            mask,
            fresh: &|| self.fresh(args, run),
        };
        runner.run(&plan::decide(suite, &args.selection(), known, purpose), keep)
    }

    /// What self-tests cost, if the suite wants to know: taken while nothing else runs.
    fn latency(&self, suite: &Suite, known: &Known, phases: &mut Phases) -> Option<Latency> {
        suite.kpis.as_ref()?;
        let measured = kpi::latency(&self.target, suite, known, &self.interrupt).transpose();
        let (found, error) = measured.map_or_else(|why| (None, Some(why)), |found| (found, None));
        phases.end(PhaseName::Measure, error.into_iter().collect());
        found
    }

    /// The same target once more, from the same image even if its name is another's by now.
    fn fresh(&self, args: &Args, run: &Run) -> Result<Target, Failure> {
        let name = &self.reference.reference;
        let kind = match (self.reference.kind, &self.reference.image_id) {
            (TargetKind::Podman, Some(id)) => Kind::Podman(id),
            (TargetKind::Docker, Some(id)) => Kind::Docker(id),
            _ => return Err(Failure::new("only an image can be brought up again").at(name)),
        };
        Ok(kind.up(name, &args.variables(), run)?.0)
    }

    /// Takes the target down; what its documents call it is left.
    fn down(self) -> TargetRef {
        let contained = self.target.is_contained();
        drop(self.target);
        if !contained {
            strays::end();
        }
        self.reference
    }
}

/// Knows secrets by their shape, and those of the command line by their names.
fn mask(args: &Args) -> Result<Mask, Failure> {
    let given = args.parameters().into_iter().chain(args.variables());
    Mask::new(given).map_err(|error| Failure::new(error.to_string()))
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
