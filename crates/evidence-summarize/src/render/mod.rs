//! A summary as people and other programs read it.

mod ctrf;
mod github;
mod intoto;
mod junit;
mod markdown;
mod ndjson;
mod prometheus;
mod rows;
mod text;

pub use ctrf::ctrf;
pub use github::{annotations, step_summary};
pub use intoto::{Subject, intoto};
pub use junit::junit;
pub use markdown::markdown;
pub use ndjson::ndjson;
pub use prometheus::prometheus;
pub use text::text;

use std::collections::BTreeMap;
use std::fmt;

use contract::summary::{Action, Case, Discrepancy, Evidence, Finding, SourceShare, Summary};
use contract::{CheckStatus, Totals};

/// Longer lists are cut, and say so: a person reads the first entries.
const MOST: usize = 100;
/// From here on the files of a folder share a line.
const MANY: usize = 5;

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
    let line = found.line.map_or(String::new(), |line| format!(":{line}"));
    let scope = if found.scope.is_empty() { String::new() } else { format!(" of {}", found.scope) };
    format!(
        "{}{line}: {}{scope}: {} declared, {} found",
        found.path, found.count, found.declared, found.found
    )
}

fn finding(found: &Finding) -> String {
    let path = found.path.as_deref().unwrap_or_default();
    let line = found.line.map_or(String::new(), |line| format!(":{line}"));
    let separator = if path.is_empty() { "" } else { ": " };
    format!("{path}{line}{separator}{}", found.message)
}

/// What stands under each heading, as plain lines; empty sections are left out.
struct Section {
    title: &'static str,
    lines: Vec<String>,
}

/// The sections that are the same in every form, after the failures.
fn sections(summary: &Summary) -> Vec<Section> {
    let unproven = summary
        .unproven
        .iter()
        .map(|case| (word(case.status), case.id.as_str(), message(case)))
        .collect();
    let unmet = summary
        .unmet
        .iter()
        .map(|unmet| (String::new(), unmet.id.as_str(), unmet.why.clone()))
        .collect();
    let flaky = |case: &Case| format!("{} ({} attempts)", case.id, case.attempts.len());
    let mut sections = vec![
        Section { title: "What to do first", lines: summary.actions.iter().map(action).collect() },
        Section { title: "Required and missing", lines: by_reason(unmet) },
        Section { title: "What was not run", lines: by_reason(unproven) },
        Section {
            title: "Passed only when tried again",
            lines: summary.flaky.iter().map(flaky).collect(),
        },
        Section {
            title: "Not as declared",
            lines: summary.discrepancies.iter().map(discrepancy).collect(),
        },
        Section { title: "Findings", lines: summary.findings.iter().map(finding).collect() },
        Section { title: "Where to look", lines: where_to_look(summary) },
    ];
    sections.retain(|section| !section.lines.is_empty());
    for section in &mut sections {
        let more = section.lines.len().saturating_sub(MOST);
        section.lines.truncate(MOST);
        if more > 0 {
            section.lines.push(format!("and {more} more (all of them are in the JSON document)"));
        }
    }
    sections
}

/// A line for each check, or one for all that share a reason if there are many of them. A row is a
/// word, an id and the reason.
fn by_reason(mut rows: Vec<(String, &str, String)>) -> Vec<String> {
    rows.sort();
    let mut reasons: BTreeMap<(&str, &str), Vec<&str>> = BTreeMap::new();
    for (word, id, reason) in &rows {
        reasons.entry((word, reason)).or_default().push(id);
    }
    let mut lines = Vec::new();
    for ((word, reason), ids) in reasons {
        let prefix = if word.is_empty() { String::new() } else { format!("{word}: ") };
        if ids.len() <= MANY {
            lines.extend(ids.iter().map(|id| format!("{prefix}{id} ({reason})")));
            continue;
        }
        let (named, more) = (ids[..MANY - 2].join(", "), ids.len() - (MANY - 2));
        lines.push(format!("{prefix}{} checks ({reason}): {named} and {more} more", ids.len()));
    }
    lines
}

/// A line for each input; inputs of one format in one folder share a line if there are many.
fn where_to_look(summary: &Summary) -> Vec<String> {
    let mut folders: BTreeMap<(&str, &str, bool), Vec<&SourceShare>> = BTreeMap::new();
    for source in summary.sources.iter().filter(|source| source.format != "attachment") {
        let folder = source.path.rsplit_once('/').map_or("", |(folder, _)| folder);
        folders.entry((folder, &source.format, source.complete)).or_default().push(source);
    }
    let mut lines = Vec::new();
    for ((folder, format, complete), sources) in folders {
        let cut = if complete { "" } else { ", not whole" };
        if sources.len() > MANY {
            let totals = sources.iter().fold(Totals::default(), |sum, one| sum.plus(&one.totals));
            let files = sources.len();
            lines.push(format!("{folder}/ ({files} files, {format}{cut}): {}", counts(&totals)));
            continue;
        }
        let line =
            |one: &&SourceShare| format!("{} ({format}{cut}): {}", one.path, counts(&one.totals));
        lines.extend(sources.iter().map(line));
    }
    lines
}

#[cfg(test)]
mod tests;
