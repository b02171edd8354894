//! JUnit XML: the elements and attributes that Surefire, pytest and Jenkins agree on.
//!
//! A reader of it sees tests only, so the verdict is a test, too, where no other one says it.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use contract::summary::{Case, Summary};
use contract::{CheckStatus, Totals};
use escape::xml::{attribute, text};

use super::Refusal;
use super::rows::{Row, rows};

/// The report.
///
/// # Errors
///
/// If the summary does not list its cases.
pub fn junit(summary: &Summary) -> Result<String, Refusal> {
    let rows = rows(summary)?;
    let mut suites: Vec<(&str, Vec<&Row<'_>>)> = Vec::new();
    let mut places: BTreeMap<&str, usize> = BTreeMap::new();
    for row in &rows {
        let place = *places.entry(&row.suite).or_insert_with(|| {
            suites.push((&row.suite, Vec::new()));
            suites.len() - 1
        });
        suites[place].1.push(row);
    }
    let mut out = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    let all = counts(&rows.iter().collect::<Vec<_>>());
    let _ = writeln!(out, "<testsuites name=\"{}\"{all}>", super::rows::OWN);
    for (name, rows) in &suites {
        let _ = writeln!(out, "  <testsuite name=\"{}\"{}>", attribute(name), counts(rows));
        properties(&mut out, summary);
        for row in rows {
            test(&mut out, row, summary);
        }
        out.push_str("  </testsuite>\n");
    }
    out.push_str("</testsuites>\n");
    Ok(out)
}

/// The counts of elements, and the time of all tests, as attributes.
fn counts(rows: &[&Row<'_>]) -> String {
    let totals: Totals = rows.iter().map(|row| row.status).collect();
    let (tests, failures) = (totals.total, totals.failed);
    let (errors, skipped) = (totals.broken + totals.unknown, totals.skipped + totals.not_run);
    let times = rows.iter().filter_map(|row| row.case?.duration_ms);
    let time = seconds(times.fold(0, u64::saturating_add));
    format!(
        " tests=\"{tests}\" failures=\"{failures}\" errors=\"{errors}\" skipped=\"{skipped}\" \
         time=\"{time}\""
    )
}

fn seconds(ms: u64) -> String {
    format!("{}.{:03}", ms / 1000, ms % 1000)
}

/// What no element of JUnit has a place for stands in every suite: a reader may keep only one.
fn properties(out: &mut String, summary: &Summary) {
    out.push_str("    <properties>\n");
    let gaps = summary.gaps.to_string();
    let values = [
        ("evidence.verdict", summary.verdict.word()),
        ("evidence.gaps", &gaps),
        ("evidence.gate", &summary.gate.name),
        ("evidence.gate.sha256", summary.gate.sha256.as_str()),
    ];
    for (name, value) in values {
        let _ = writeln!(out, "      <property name=\"{name}\" value=\"{}\"/>", attribute(value));
    }
    out.push_str("    </properties>\n");
}

fn test(out: &mut String, row: &Row<'_>, summary: &Summary) {
    let _ = write!(
        out,
        "    <testcase classname=\"{}\" name=\"{}\"",
        attribute(&row.suite),
        attribute(&row.name)
    );
    if let Some(file) = row.case.and_then(|case| case.file.as_deref()) {
        let _ = write!(out, " file=\"{}\"", attribute(file));
    }
    if let Some(ms) = row.case.and_then(|case| case.duration_ms) {
        let _ = write!(out, " time=\"{}\"", seconds(ms));
    }
    let mut inner = outcome(row, summary);
    if let Some(case) = row.case {
        earlier(&mut inner, case);
    }
    if inner.is_empty() {
        out.push_str("/>\n");
    } else {
        let _ = writeln!(out, ">\n{inner}    </testcase>");
    }
}

/// The child that says what became of the test; a passed one has none.
fn outcome(row: &Row<'_>, summary: &Summary) -> String {
    let (element, kind) = match row.status {
        CheckStatus::Passed => return String::new(),
        CheckStatus::Failed => ("failure", row.status),
        CheckStatus::Broken | CheckStatus::Unknown => ("error", row.status),
        CheckStatus::Skipped | CheckStatus::NotRun => ("skipped", row.status),
    };
    let message = row.message.as_deref().unwrap_or_default();
    let first = crate::words::first_line(message).unwrap_or_else(|| super::word(row.status));
    let body = body(row, message, summary);
    format!(
        "      <{element} type=\"{kind}\" message=\"{}\">{}</{element}>\n",
        attribute(&first),
        text(&body)
    )
}

/// The whole message, where it belongs, what to do and where it is written.
fn body(row: &Row<'_>, message: &str, summary: &Summary) -> String {
    let mut lines = vec![message.to_owned()];
    if let Some(case) = row.case {
        lines.push(format!("layer: {}", super::layer(case)));
        lines.extend(super::advice(case, summary).map(|action| format!("action: {action}")));
        if let Some(evidence) = &case.evidence {
            let place = super::place(evidence);
            lines.push(format!("evidence: {place} (sha256 {})", evidence.sha256));
        }
    }
    lines.retain(|line| !line.is_empty());
    lines.join("\n")
}

/// Failed attempts before the last one, as Surefire writes them.
fn earlier(inner: &mut String, case: &Case) {
    let element = if case.flaky { "flakyFailure" } else { "rerunFailure" };
    let before = case.attempts.len().saturating_sub(1);
    for status in case.attempts.iter().take(before) {
        if *status != CheckStatus::Passed {
            let _ = writeln!(
                inner,
                "      <{element} type=\"{status}\" message=\"an earlier attempt\"/>"
            );
        }
    }
}
