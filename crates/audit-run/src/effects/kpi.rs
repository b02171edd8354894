//! What the self-tests of a module cost.

use std::collections::BTreeMap;
use std::time::Duration;

use audit_run::ran::End;
use audit_run::suite::{Condition, Known, LatencyProbe, Subject, Suite};
use contract::audit::Latency;
use nix::sys::resource::{UsageWho, getrusage};
use nix::sys::time::TimeValLike;

use super::interrupt::Interrupt;
use super::target::{Target, Wanted, answer};

/// How long one process may take.
const TIMEOUT: Duration = Duration::from_secs(30);

/// Measures it, if the suite says how and the provider is active. Both kinds take turns, so that
/// what else happens on the machine meets both. None: there is nothing to measure.
pub fn latency(
    target: &Target,
    suite: &Suite,
    known: &Known,
    interrupt: &Interrupt,
) -> Option<Result<Latency, String>> {
    let probe = suite.kpis.as_ref()?.self_test_latency.as_ref()?;
    let provider = Condition { subject: Subject::Provider(probe.provider.clone()), version: None };
    if provider.holds(&known.facts) != Some(true) {
        return None;
    }
    Some(measure(target, probe, interrupt))
}

fn measure(
    target: &Target,
    probe: &LatencyProbe,
    interrupt: &Interrupt,
) -> Result<Latency, String> {
    let own = BTreeMap::new();
    let (mut with, mut without) = (0, 0);
    for _ in 0..probe.rounds {
        with += one(target, probe, &own, interrupt)?;
        without += one(target, probe, &probe.without, interrupt)?;
    }
    let mean = |spent_us: u64| spent_us / u64::from(probe.rounds);
    Ok(Latency {
        with_fips_cpu_us: mean(with),
        without_fips_cpu_us: mean(without),
        self_tests_cpu_us: mean(with).saturating_sub(mean(without)),
        rounds: probe.rounds,
        resolution_us: 1,
    })
}

/// CPU time of one process, in microseconds.
fn one(
    target: &Target,
    probe: &LatencyProbe,
    env: &BTreeMap<String, String>,
    interrupt: &Interrupt,
) -> Result<u64, String> {
    let work = target.work().map_err(|error| error.to_string())?;
    let wanted = Wanted { argv: &probe.argv, env, stdin: None, timeout: TIMEOUT };
    let (command, token) = target.command(wanted, &work)?.into_parts();
    let before = children_us()?;
    let running = command.start(interrupt).map_err(|error| error.to_string())?;
    let ran = answer(running.finish(), token.as_deref());
    match ran.end {
        End::Exit(0) => Ok(children_us()?.saturating_sub(before)),
        end => Err(format!("{}: {end:?}", probe.argv.join(" "))),
    }
}

/// CPU time of all children that have ended, in microseconds.
fn children_us() -> Result<u64, String> {
    let usage = getrusage(UsageWho::RUSAGE_CHILDREN).map_err(|error| error.to_string())?;
    let spent = usage.user_time() + usage.system_time();
    u64::try_from(spent.num_microseconds()).map_err(|error| error.to_string())
}
