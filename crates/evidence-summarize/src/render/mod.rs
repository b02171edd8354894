//! A summary as people and other programs read it.

mod ctrf;
mod events;
mod explanation;
mod github;
mod intoto;
mod junit;
mod markdown;
mod matrix;
mod prometheus;
mod rows;
mod sections;
mod text;

pub use ctrf::ctrf;
pub use events::events;
pub use explanation::explanation;
pub use github::{annotations, step_summary};
pub use intoto::{Subject, intoto};
pub use junit::junit;
pub use markdown::markdown;
pub use prometheus::prometheus;
pub use text::text;

use std::fmt;

use contract::summary::{Action, Case, Discrepancy, Evidence, Finding, Summary};
use contract::{CheckStatus, Totals};

/// Longer lists are cut, and say so: a person reads the first entries.
const MOST: usize = 100;

/// Why a summary cannot be written in a form.
#[derive(Debug)]
pub enum Refusal {
    /// The form lists every case, and the summary does not.
    NoCases,
    /// It cannot be written as JSON.
    Json(serde_json::Error),
}

impl From<serde_json::Error> for Refusal {
    fn from(error: serde_json::Error) -> Self {
        Self::Json(error)
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoCases => f.write_str(
                "expected a summary that lists every case, found one that does not: make it with \
                 --cases",
            ),
            Self::Json(error) => write!(f, "this document cannot be written as JSON: {error}"),
        }
    }
}

/// The verdict with its gaps and the gate it was reached under.
fn headline(summary: &Summary) -> String {
    format!("{} (gate: {})", summary.verdict.with(&summary.gaps), summary.gate.name)
}

/// `12: 9 passed, 1 failed`.
fn counts(totals: &Totals) -> String {
    let one = |status: &CheckStatus| {
        let count = totals.of(*status);
        (count > 0).then(|| format!("{count} {}", word(*status)))
    };
    let named: Vec<_> = CheckStatus::ALL.iter().filter_map(one).collect();
    if named.is_empty() { "none".to_owned() } else { named.join(", ") }
}

fn word(status: CheckStatus) -> String {
    status.word().replace('_', " ")
}

/// `path:line`.
fn place(evidence: &Evidence) -> String {
    match evidence.line {
        Some(line) => format!("{}:{line}", evidence.path),
        None => evidence.path.clone(),
    }
}

/// The layer and the rule that says so.
fn layer(case: &Case) -> String {
    match (case.layer, &case.rule) {
        (Some(layer), Some(rule)) => format!("{}, rule {rule}", layer_word(Some(layer))),
        (layer, _) => layer_word(layer),
    }
}

fn layer_word(layer: Option<contract::Layer>) -> String {
    layer.map_or("unclassified".to_owned(), |layer| layer.word().replace('_', " "))
}

/// What to do about a case, if anything is known.
fn advice<'a>(case: &'a Case, summary: &'a Summary) -> Option<&'a str> {
    let of_rule = || {
        let rule = case.rule.as_deref()?;
        summary.actions.iter().find(|action| action.rule == rule).map(|action| &*action.action)
    };
    case.remedy.as_deref().or_else(of_rule)
}

fn message(case: &Case) -> String {
    let message = case.message.as_deref().and_then(crate::words::first_line);
    message.unwrap_or_else(|| "no message".to_owned())
}

fn action(action: &Action) -> String {
    let cases =
        if action.cases == 1 { "once".to_owned() } else { format!("{} times", action.cases) };
    let layer =
        action.layer.map_or(String::new(), |layer| format!("{}: ", layer_word(Some(layer))));
    format!("{layer}{} ({}, {cases})", action.action, action.rule)
}

fn discrepancy(found: &Discrepancy) -> String {
    let scope = if found.scope.is_empty() { String::new() } else { format!(" of {}", found.scope) };
    let at = at(found.path.as_deref(), found.line);
    format!("{at}{}{scope}: {} declared, {} found", found.count, found.declared, found.found)
}

fn finding(found: &Finding) -> String {
    format!("{}{}", at(found.path.as_deref(), found.line), found.message)
}

/// `path:line: `.
fn at(path: Option<&str>, line: Option<u64>) -> String {
    let line = line.map_or(String::new(), |line| format!(":{line}"));
    path.map_or(String::new(), |path| format!("{path}{line}: "))
}

/// How many failures are not among the first `shown`: cases that an input only counts, and what the
/// document leaves out.
fn more_failures(summary: &Summary, shown: usize) -> u64 {
    let all = summary.totals.failed.saturating_add(summary.totals.broken);
    all.saturating_sub(summary.failures.len().min(shown) as u64)
}

#[cfg(test)]
mod tests;
