//! The documents: what a suite contains, and what came of a run.

use contract::audit::{self, Audit, Exclusion};
use contract::inventory::{Expected, Inventory, Requirement};
use contract::lint::{self, Lint};
use contract::{CheckStatus, Gaps, Generator, InputRef, Sha256, SourceRef, Tag, Totals, Verdict};
use sha2::{Digest as _, Sha256 as Hasher};

use crate::mask::Mask;
use crate::ran::{Captured, End, Ran};
use crate::suite::{Check, Suite};

/// What became of one check.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// The status.
    pub status: CheckStatus,
    /// Why, unless it passed.
    pub reason: Option<String>,
    /// What to do about it, where that is known.
    pub remedy: Option<String>,
    /// What excluded it, if it was not run.
    pub excluded: Option<Exclusion>,
    /// When it began, in milliseconds since the Unix epoch.
    pub started_ms: u64,
    /// Its commands with what came of them, in order; fewer than its steps if one of them ended
    /// it.
    pub steps: Vec<StepOutcome>,
}

impl Outcome {
    /// A check that was not executed.
    #[must_use]
    pub fn without_a_run(status: CheckStatus, reason: String, started_ms: u64) -> Self {
        Self {
            status,
            reason: Some(reason),
            remedy: None,
            excluded: None,
            started_ms,
            steps: vec![],
        }
    }

    /// Wall time of its steps, if there were any.
    #[must_use]
    pub fn duration_ms(&self) -> Option<u64> {
        let times = self.steps.iter().map(|step| step.ran.duration_ms);
        (!self.steps.is_empty()).then(|| times.sum())
    }
}

/// What became of one command.
#[derive(Clone, Debug)]
pub struct StepOutcome {
    /// The command as it was meant.
    pub argv: Vec<String>,
    /// What came of it.
    pub ran: Ran,
    /// The first thing that spoke against it.
    pub objection: Option<(CheckStatus, String)>,
    /// Whether its output is kept as attachments.
    pub attach: bool,
}

/// What is known of a run beside its checks.
#[derive(Clone, Debug)]
pub struct About {
    /// The tool.
    pub generator: Generator,
    /// The suite file, if there is one.
    pub inputs: Vec<InputRef>,
    /// The commit it is made at, if anybody said.
    pub source: Option<SourceRef>,
    /// Digest of the suite's text.
    pub suite_sha256: Sha256,
    /// The target.
    pub target: audit::Target,
    /// Facts about it.
    pub facts: crate::facts::Facts,
    /// When the run began and ended, in milliseconds since the Unix epoch.
    pub time_ms: (u64, u64),
    /// Whether durations are left out because the clock is fixed.
    pub clock_is_fixed: bool,
    /// What the run went through.
    pub phases: Vec<audit::Phase>,
    /// What the module's self-tests cost, if it was measured.
    pub latency: Option<audit::Latency>,
}

/// What `suite` contains, before anything runs.
#[must_use]
pub fn inventory(suite: &Suite, generator: Generator, inputs: Vec<InputRef>) -> Inventory {
    let checks = suite.checks.iter().map(|check| Expected {
        id: check.id.clone(),
        name: check.name.clone(),
        layer: check.layer,
        severity: check.severity,
        requirement: check.requirement,
        when: check.when.iter().map(ToString::to_string).collect(),
    });
    Inventory {
        schema: Tag::new(),
        generator,
        inputs,
        suite: suite.name.clone(),
        checks: checks.collect(),
    }
}

/// The document of a run. `outcomes` are in the order of the suite's checks.
#[must_use]
pub fn audit(suite: &Suite, outcomes: &[Outcome], about: About, mask: &Mask) -> Audit {
    let fixed = about.clock_is_fixed;
    let pairs = || suite.checks.iter().zip(outcomes);
    let checks: Vec<_> =
        pairs().map(|(check, outcome)| document_check(check, outcome, fixed, mask)).collect();
    let totals: Totals = outcomes.iter().map(|outcome| outcome.status).collect();
    let missing = pairs().filter(|(check, outcome)| {
        check.requirement == Requirement::Required && !outcome.status.executed()
    });
    let verdict = Verdict::of(&totals, missing.count() as u64, true);
    Audit {
        schema: Tag::new(),
        generator: about.generator,
        inputs: about.inputs,
        source: about.source,
        suite: audit::SuiteRef { name: suite.name.clone(), sha256: about.suite_sha256 },
        target: about.target,
        parameters: suite
            .parameters
            .iter()
            .map(|(name, value)| (name.clone(), mask.value(name, value)))
            .collect(),
        facts: facts(about.facts, mask),
        started_ms: about.time_ms.0,
        stopped_ms: about.time_ms.1,
        phases: about.phases,
        verdict,
        totals,
        gaps: Gaps::of(&totals),
        kpis: suite.kpis.as_ref().map(|kpis| audit::Kpis {
            boundary_integrity: share(suite, outcomes, &kpis.boundary_integrity),
            algorithm_blocking: share(suite, outcomes, &kpis.algorithm_blocking),
            self_test_latency: about.latency,
        }),
        checks,
    }
}

fn facts(facts: crate::facts::Facts, mask: &Mask) -> crate::facts::Facts {
    let shown = facts.into_iter().map(|(name, value)| {
        let value = mask.value(&name, &value);
        (name, value)
    });
    shown.collect()
}

/// What became of the checks that `filters` name.
fn share(suite: &Suite, outcomes: &[Outcome], filters: &[String]) -> audit::Share {
    let named =
        suite.checks.iter().zip(outcomes).filter(|(check, _)| {
            filters.iter().any(|filter| crate::plan::matches(filter, &check.id))
        });
    let totals: Totals = named.map(|(_, outcome)| outcome.status).collect();
    audit::Share { passed: totals.passed, executed: totals.executed(), total: totals.total }
}

fn document_check(check: &Check, outcome: &Outcome, fixed: bool, mask: &Mask) -> audit::Check {
    let steps = outcome.steps.iter().map(|step| audit::Step {
        argv: step.argv.iter().map(|arg| mask.apply(arg).text).collect(),
        exit: if let End::Exit(status) = step.ran.end { Some(status) } else { None },
        signal: if let End::Signal(signal) = step.ran.end { Some(signal) } else { None },
        timed_out: step.ran.end == End::TimedOut,
        duration_ms: (!fixed).then_some(step.ran.duration_ms),
        stdout: stream(&step.ran.stdout, mask),
        stderr: stream(&step.ran.stderr, mask),
    });
    audit::Check {
        id: check.id.clone(),
        name: check.name.clone(),
        feature: check.feature.clone(),
        story: check.story.clone(),
        layer: check.layer,
        severity: check.severity,
        requirement: check.requirement,
        control: check.control.clone(),
        non_discriminating: check.non_discriminating.clone(),
        facts: check.facts.iter().map(|rule| rule.name.clone()).collect(),
        status: outcome.status,
        reason: outcome.reason.as_ref().map(|reason| mask.apply(reason).text),
        remedy: outcome.remedy.clone(),
        excluded: outcome.excluded,
        duration_ms: outcome.duration_ms().filter(|_| !fixed),
        steps: steps.collect(),
    }
}

fn stream(captured: &Captured, mask: &Mask) -> audit::Stream {
    audit::Stream {
        bytes: captured.bytes.len() as u64,
        sha256: digest(&captured.bytes),
        truncated: captured.truncated,
        masked: std::str::from_utf8(&captured.bytes).map_or(0, |text| mask.apply(text).count),
    }
}

/// The digest of `bytes`.
#[must_use]
pub fn digest(bytes: &[u8]) -> Sha256 {
    Sha256::new(Hasher::digest(bytes).into())
}

/// The document of a run against a target that is known to be bad.
#[must_use]
pub fn lint(
    suite: &Suite,
    outcomes: &[Outcome],
    (generator, inputs, sha256, target): (Generator, Vec<InputRef>, Sha256, audit::Target),
    mask: &Mask,
) -> Lint {
    let checks: Vec<lint::Check> = suite
        .checks
        .iter()
        .zip(outcomes)
        .map(|(check, outcome)| lint::Check {
            id: check.id.clone(),
            status: outcome.status,
            reason: outcome.reason.as_ref().map(|reason| mask.apply(reason).text),
            non_discriminating: check.non_discriminating.clone(),
        })
        .collect();
    let passes = |check: &&lint::Check| {
        check.status == CheckStatus::Passed && check.non_discriminating.is_none()
    };
    Lint {
        schema: Tag::new(),
        generator,
        inputs,
        suite: audit::SuiteRef { name: suite.name.clone(), sha256 },
        target,
        non_discriminating: checks.iter().filter(passes).map(|check| check.id.clone()).collect(),
        checks,
    }
}
