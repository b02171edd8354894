//! From what a command did to whether the check holds.

use std::time::Duration;

use contract::CheckStatus;

use crate::ran::{Captured, End, Ran};
use crate::suite::{Check, Expected, Known, Step};

/// Why a check did not pass.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Objection {
    /// What that makes of it: failed or broken.
    pub status: CheckStatus,
    /// The reason, for people.
    pub reason: String,
}

/// The first thing that speaks against `ran`, of which `step` says what was expected.
///
/// `earlier` is standard output of the steps before it.
///
/// What could not be seen to its end is never held against the target and never for it: it is
/// broken.
#[must_use]
pub fn objection(
    step: &Step,
    ran: &Ran,
    timeout: Duration,
    earlier: &[&Captured],
) -> Option<Objection> {
    let status = match &ran.end {
        End::Exit(status) => *status,
        End::Served => return streams(step, ran, earlier),
        other => return Some(broken(unfinished(other, timeout))),
    };
    if step.ready.is_some() {
        return Some(failed(format!("ended with exit {status} instead of serving{}", said(ran))));
    }
    if !step.exit.holds(status) {
        return Some(failed(format!("expected {}, found exit {status}{}", step.exit, said(ran))));
    }
    streams(step, ran, earlier)
}

/// The first of the check's facts that is not as expected.
///
/// Where something could not be found out, the target's answer may only be missing: a fact that is
/// not known breaks the check then.
#[must_use]
pub fn fact_objection(check: &Check, known: &Known) -> Option<Objection> {
    check.facts.iter().find_map(|rule| {
        let name = &rule.name;
        let Some(value) = known.facts.get(name) else {
            return Some(match &known.gap {
                None => failed(format!("the fact {name} is not known")),
                Some(why) => broken(format!("the fact {name} is not known: {why}")),
            });
        };
        let (matches, pattern) = (rule.pattern.is_match(value.as_bytes()), rule.pattern.as_str());
        match (matches, rule.must) {
            (false, true) => {
                Some(failed(format!("expected {name} to match {pattern:?}, found {value:?}")))
            }
            (true, false) => {
                Some(failed(format!("{name} is {value:?}, which must not match {pattern:?}")))
            }
            _ => None,
        }
    })
}

fn unfinished(end: &End, timeout: Duration) -> String {
    match end {
        End::Signal(signal) => format!("was ended by signal {signal}"),
        End::TimedOut => format!("took longer than {}", humantime::format_duration(timeout)),
        End::LeftBehind => "left a process behind that kept its output open".to_owned(),
        End::NotStarted(why) => format!("could not be started: {why}"),
        End::Interrupted => "was interrupted".to_owned(),
        End::Exit(_) | End::Served => String::new(),
    }
}

fn streams(step: &Step, ran: &Ran, earlier: &[&Captured]) -> Option<Objection> {
    [("stdout", &step.stdout, &ran.stdout), ("stderr", &step.stderr, &ran.stderr)]
        .into_iter()
        .find_map(|(name, expected, found)| {
            stream(name, expected, found, ran).or_else(|| compared(name, expected, found, earlier))
        })
}

fn compared(
    name: &str,
    expected: &Expected,
    found: &Captured,
    earlier: &[&Captured],
) -> Option<Objection> {
    let sides = [(expected.same_as, true), (expected.differs_from, false)];
    for (step, wanted) in sides.into_iter().filter_map(|(step, wanted)| Some((step?, wanted))) {
        let Some(other) = earlier.get(step) else {
            return Some(broken(format!("there is no step {} to compare with", step + 1)));
        };
        let same = found.bytes == other.bytes;
        if same && (found.truncated || other.truncated) {
            return Some(cut_off(name));
        }
        if same != wanted {
            let how = if wanted { "differs from" } else { "is the same as" };
            return Some(failed(format!("{name} {how} what step {} wrote", step + 1)));
        }
    }
    None
}

fn stream(name: &str, expected: &Expected, found: &Captured, ran: &Ran) -> Option<Objection> {
    if let Some(pattern) = expected.must_not.iter().find(|pattern| pattern.is_match(&found.bytes)) {
        return Some(failed(format!("{name} matches {:?}, which it must not", pattern.as_str())));
    }
    let missing = expected.must.iter().find(|pattern| !pattern.is_match(&found.bytes));
    match missing {
        Some(_) if found.truncated => Some(cut_off(name)),
        None if found.truncated && !expected.must_not.is_empty() => Some(cut_off(name)),
        Some(pattern) => Some(failed(format!(
            "expected {name} to match {:?}, which it does not{}",
            pattern.as_str(),
            said(ran)
        ))),
        None => None,
    }
}

fn cut_off(name: &str) -> Objection {
    broken(format!("wrote more to {name} than is kept: what was to be found there cannot be told"))
}

/// The line of the output that says most about a failure.
fn said(ran: &Ran) -> String {
    let line = |captured: &Captured| {
        let text = String::from_utf8_lossy(&captured.bytes).into_owned();
        text.lines().map(str::trim).find(|line| !line.is_empty()).map(str::to_owned)
    };
    let Some(line) = line(&ran.stderr).or_else(|| line(&ran.stdout)) else {
        return " (it wrote nothing)".to_owned();
    };
    let cut: String = line.chars().take(200).collect();
    let dots = if cut.len() < line.len() { "…" } else { "" };
    format!(" (it wrote: {cut}{dots})")
}

fn failed(reason: String) -> Objection {
    Objection { status: CheckStatus::Failed, reason }
}

fn broken(reason: String) -> Objection {
    Objection { status: CheckStatus::Broken, reason }
}
