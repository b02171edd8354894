//! What a reader must know before believing a figure.

use std::collections::{BTreeMap, BTreeSet};

use contract::speed::{Run, Speed};
use contract::speed_comparison::{Cell, Pairs, Startup, Verdict, Warning, WarningCode};
use contract::speed_startup::SpeedStartup;

use crate::cells::Samples;
use crate::sides::{Runs, Sides};
use crate::startup;

type Fact = fn(&Run) -> Option<String>;

/// What is read off a run, how people call it, and the warning if the sides differ in it.
const FACTS: [(WarningCode, &str, Fact); 7] = [
    (WarningCode::Version, "version", |run| run.version.clone()),
    (WarningCode::Options, "build options", |run| run.options.clone()),
    (WarningCode::Compiler, "compiler", |run| run.compiler.clone()),
    (WarningCode::Cpuinfo, "CPU capabilities", |run| run.cpuinfo.clone()),
    (WarningCode::Multi, "number of parallel children", |run| run.multi.map(|n| n.to_string())),
    (WarningCode::Elapsed, "kind of time", |run| {
        run.elapsed.map(|wall| if wall { "wall time" } else { "CPU time" }.to_owned())
    }),
    (WarningCode::Arguments, "arguments", |run| run.pairing.as_ref().map(|p| arguments(&p.argv))),
];

/// What follows the word `speed`: the target's own part of the command is meant to differ.
fn arguments(argv: &[String]) -> String {
    let after = argv.iter().position(|arg| arg == "speed").map_or(0, |speed| speed + 1);
    argv[after..].join(" ")
}

/// All warnings, sorted.
#[must_use]
pub fn warnings(
    sides: &Sides<'_>,
    cells: &BTreeMap<&str, Samples<'_>>,
    documents: &[&Speed],
    starts: Option<&SpeedStartup>,
) -> Vec<Warning> {
    let mut found = differences(sides);
    let failed = starts.map_or(0, startup::failures);
    if failed > 0 {
        let message = format!("starts that did not end with status 0, left out: {failed}");
        found.push(plain(WarningCode::ExitStatus, message));
    }
    found.extend(pairing(sides));
    found.extend(runs(sides));
    found.extend(figures(sides, cells, documents));
    found.sort();
    found
}

/// A warning if nothing in the data shows that the candidate ran in FIPS mode: a log does not say
/// it, but what FIPS mode takes away and what its self-tests cost would show.
#[must_use]
pub fn fips(cells: &[Cell], startup: Option<&Startup>) -> Option<Warning> {
    let lacks = |cell: &Cell| cell.baseline.is_some() && cell.candidate.is_none();
    let why = match startup.map(|startup| startup.verdict) {
        _ if cells.iter().any(lacks) => return None,
        None => "was not measured",
        Some(Verdict::Inconclusive) => "is not shown to differ",
        Some(_) => return None,
    };
    let message = format!(
        "nothing shows that the candidate ran in FIPS mode: it lacks no algorithm, and its \
         start-up {why} (ask openssl list -providers with its variables)"
    );
    Some(plain(WarningCode::FipsNotShown, message))
}

fn plain(code: WarningCode, message: impl Into<String>) -> Warning {
    Warning { code, message: message.into(), baseline: None, candidate: None }
}

fn differences(sides: &Sides<'_>) -> Vec<Warning> {
    let values = |runs: &Runs<'_>, fact: Fact| -> BTreeSet<Option<String>> {
        runs.runs.iter().map(|run| fact(run.run)).collect()
    };
    let mut found = vec![];
    for (code, name, fact) in FACTS {
        let (a, b) = (values(&sides.baseline, fact), values(&sides.candidate, fact));
        if a != b {
            found.push(Warning {
                code,
                message: format!("the sides differ in their {name}"),
                baseline: Some(listed(&a)),
                candidate: Some(listed(&b)),
            });
        }
        for (side, values) in [("baseline", &a), ("candidate", &b)] {
            if values.len() > 1 {
                let values = listed(values);
                found.push(plain(
                    WarningCode::MixedSide,
                    format!("the runs of the {side} differ in their {name}: {values}"),
                ));
            }
        }
    }
    found
}

fn listed(values: &BTreeSet<Option<String>>) -> String {
    let values: Vec<&str> =
        values.iter().map(|value| value.as_deref().unwrap_or("not stated")).collect();
    values.join(" | ")
}

fn pairing(sides: &Sides<'_>) -> Vec<Warning> {
    let mut found = vec![];
    if sides.basis == Pairs::None {
        found.push(plain(
            WarningCode::NotPaired,
            "the runs of the two sides are not known to lie next to each other in time: what \
             differs can be the machine's mood (measure with speed-run, or say --paired if they do)",
        ));
    }
    if sides.not_interleaved > 0 {
        found.push(plain(
            WarningCode::NotInterleaved,
            format!(
                "marked pairs that have other runs between their two: {}",
                sides.not_interleaved
            ),
        ));
    }
    let alone = sides.baseline.runs.len() + sides.candidate.runs.len() - 2 * sides.pairs.len();
    if alone > 0 && sides.basis != Pairs::None {
        found.push(plain(WarningCode::Unpartnered, format!("runs without a partner: {alone}")));
    }
    found
}

fn runs(sides: &Sides<'_>) -> Vec<Warning> {
    let mut found = vec![];
    for (side, runs) in [("baseline", &sides.baseline), ("candidate", &sides.candidate)] {
        let cut = runs.runs.iter().filter(|run| !run.run.complete).count();
        if cut > 0 {
            found.push(plain(
                WarningCode::Incomplete,
                format!("runs of the {side} that were cut off: {cut} of {}", runs.runs.len()),
            ));
        }
        let ended = |run: &Run| run.end.as_ref().is_some_and(|end| end.exit_code != Some(0));
        let bad = runs.runs.iter().filter(|run| ended(run.run)).count();
        if bad > 0 {
            found.push(plain(
                WarningCode::ExitStatus,
                format!("runs of the {side} that did not end with status 0: {bad}"),
            ));
        }
    }
    found
}

fn figures(
    sides: &Sides<'_>,
    cells: &BTreeMap<&str, Samples<'_>>,
    documents: &[&Speed],
) -> Vec<Warning> {
    let mut found = vec![];
    let assumed = cells.values().filter(|cell| cell.assumed).count();
    if assumed > 0 {
        found.push(plain(
            WarningCode::Resolution,
            format!(
                "cells that do not say how long they were measured, for which the default times \
                 (3 s, 10 s) are assumed: {assumed}"
            ),
        ));
    }
    let all = || sides.baseline.runs.iter().chain(&sides.candidate.runs);
    let repeated: u64 = all().map(|run| run.repeated).sum();
    if repeated > 0 {
        found.push(plain(
            WarningCode::Repeated,
            format!(
                "figures that repeat the key of another one in their run, left out: {repeated}"
            ),
        ));
    }
    let ambiguous: usize = documents.iter().map(|document| document.ambiguous.len()).sum();
    if ambiguous > 0 {
        found.push(plain(
            WarningCode::Ambiguous,
            format!("lines whose meaning the log does not settle, left out: {ambiguous}"),
        ));
    }
    let disagree: usize = documents.iter().map(|document| document.disagreements.len()).sum();
    if disagree > 0 {
        found.push(plain(
            WarningCode::Disagreement,
            format!("figures that contradict another one of the same run: {disagree}"),
        ));
    }
    found
}
