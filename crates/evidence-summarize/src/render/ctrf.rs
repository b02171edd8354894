//! CTRF (Common Test Report Format, <https://ctrf.io>), as its JSON Schema of npm package `ctrf`
//! 0.3.0 has it. What it has no place for stands under `extra`.

use std::collections::BTreeSet;

use contract::inventory::Requirement;
use contract::summary::{Evidence, Summary, Unmet};
use contract::{CheckStatus, Gaps, InputRef, Layer, Totals, Verdict};
use serde::Serialize;

use super::Refusal;
use super::rows::{Row, reasons, rows};

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Report<'a> {
    report_format: &'static str,
    spec_version: &'static str,
    generated_by: String,
    results: Results<'a>,
    extra: About<'a>,
}

#[derive(Serialize)]
struct Results<'a> {
    tool: Tool<'a>,
    summary: Counts,
    tests: Vec<Test<'a>>,
}

#[derive(Serialize)]
struct Tool<'a> {
    name: &'a str,
    version: &'a str,
}

/// A report is the same whenever it is made, so `start` and `stop` are 0: no input says when the
/// whole of it ran.
#[derive(Serialize)]
struct Counts {
    tests: u64,
    passed: u64,
    failed: u64,
    skipped: u64,
    pending: u64,
    other: u64,
    flaky: u64,
    suites: usize,
    start: u64,
    stop: u64,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Test<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    test_id: Option<&'a str>,
    name: &'a str,
    status: &'static str,
    duration: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    suite: Option<[&'a str; 1]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<&'a str>,
    raw_status: CheckStatus,
    #[serde(skip_serializing_if = "Option::is_none")]
    file_path: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    retries: Option<usize>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    retry_attempts: Vec<Retry>,
    #[serde(skip_serializing_if = "Option::is_none")]
    flaky: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    extra: Option<Extra<'a>>,
}

#[derive(Serialize)]
struct Retry {
    attempt: usize,
    status: &'static str,
}

/// Of one test.
#[derive(Serialize)]
struct Extra<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    layer: Option<Layer>,
    #[serde(skip_serializing_if = "Option::is_none")]
    rule: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    action: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    requirement: Option<Requirement>,
    #[serde(skip_serializing_if = "Option::is_none")]
    evidence: Option<&'a Evidence>,
}

/// Of the whole.
#[derive(Serialize)]
struct About<'a> {
    verdict: Verdict,
    gate: &'a str,
    totals: Totals,
    gaps: Gaps,
    unmet: &'a [Unmet],
    reasons: Vec<String>,
    inputs: &'a [InputRef],
}

/// The report.
///
/// # Errors
///
/// If the summary does not list its cases.
pub fn ctrf(summary: &Summary) -> Result<Vec<u8>, Refusal> {
    let rows = rows(summary)?;
    let report = Report {
        report_format: "CTRF",
        spec_version: "0.0.0",
        generated_by: format!("{} {}", summary.generator.name, summary.generator.version),
        results: Results {
            tool: Tool { name: super::rows::OWN, version: &summary.generator.version },
            summary: counts(&rows),
            tests: rows.iter().map(|row| test(row, summary)).collect(),
        },
        extra: About {
            verdict: summary.verdict,
            gate: &summary.gate.name,
            totals: summary.totals,
            gaps: summary.gaps,
            unmet: &summary.unmet,
            reasons: reasons(summary),
            inputs: &summary.inputs,
        },
    };
    let mut text = serde_json::to_vec(&report)?;
    text.push(b'\n');
    escape::json::visible(&mut text, 0);
    Ok(text)
}

fn counts(rows: &[Row<'_>]) -> Counts {
    let totals: Totals = rows.iter().map(|row| row.status).collect();
    let suites: BTreeSet<_> = rows.iter().map(|row| row.suite.as_str()).collect();
    Counts {
        tests: totals.total,
        passed: totals.passed,
        failed: totals.failed + totals.broken,
        skipped: totals.skipped,
        pending: totals.not_run,
        other: totals.unknown,
        flaky: rows.iter().filter(|row| row.case.is_some_and(|case| case.flaky)).count() as u64,
        suites: suites.len(),
        start: 0,
        stop: 0,
    }
}

fn word(status: CheckStatus) -> &'static str {
    match status {
        CheckStatus::Passed => "passed",
        CheckStatus::Failed | CheckStatus::Broken => "failed",
        CheckStatus::Skipped => "skipped",
        CheckStatus::NotRun => "pending",
        CheckStatus::Unknown => "other",
    }
}

fn test<'a>(row: &'a Row<'a>, summary: &'a Summary) -> Test<'a> {
    let attempts = row.case.map_or(&[][..], |case| &case.attempts);
    let before = attempts.len().saturating_sub(1);
    let retry = |(index, status): (usize, &CheckStatus)| Retry {
        attempt: index + 1,
        status: word(*status),
    };
    Test {
        test_id: row.case.map(|case| case.id.as_str()).filter(|id| !id.is_empty()),
        name: &row.name,
        status: word(row.status),
        duration: row.case.and_then(|case| case.duration_ms).unwrap_or_default(),
        suite: (!row.suite.is_empty()).then_some([row.suite.as_str()]),
        message: row.message.as_deref(),
        raw_status: row.status,
        file_path: row.case.and_then(|case| case.file.as_deref()),
        retries: (before > 0).then_some(before),
        retry_attempts: attempts.iter().enumerate().take(before).map(retry).collect(),
        flaky: row.case.filter(|case| case.flaky).map(|_| true),
        extra: row.case.map(|case| Extra {
            layer: case.layer,
            rule: case.rule.as_deref(),
            action: super::advice(case, summary),
            requirement: case.requirement,
            evidence: case.evidence.as_ref(),
        }),
    }
}
