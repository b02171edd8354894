//! Common Test Report Format (the JSON schema of ctrf.io, version 0 and 1).

use serde::Deserialize;

use super::{Test, Unreadable};

#[derive(Deserialize)]
struct Report {
    results: Results,
}

#[derive(Deserialize)]
struct Results {
    tests: Vec<Entry>,
}

#[derive(Deserialize)]
struct Entry {
    name: String,
    status: String,
    duration: Option<f64>,
    start: Option<u64>,
    suite: Option<Suite>,
    message: Option<String>,
    trace: Option<String>,
}

/// A text, or (since version 1) the path of the suites.
#[derive(Deserialize)]
#[serde(try_from = "serde_json::Value")]
struct Suite(String);

impl TryFrom<serde_json::Value> for Suite {
    type Error = &'static str;

    fn try_from(value: serde_json::Value) -> Result<Self, Self::Error> {
        match value {
            serde_json::Value::String(text) => Ok(Self(text)),
            serde_json::Value::Array(path) => {
                let names: Option<Vec<&str>> = path.iter().map(|name| name.as_str()).collect();
                names.map(|names| Self(names.join(" > "))).ok_or("suite: expected names")
            }
            _ => Err("suite: expected a name or a list of names"),
        }
    }
}

pub(super) fn tests(text: &str) -> Result<Vec<Test>, Unreadable> {
    let report: Report = serde_json::from_str(text).map_err(|error| {
        let place = format!(" at line {} column {}", error.line(), error.column());
        let what = error.to_string();
        let what = what.strip_suffix(&place).unwrap_or(&what);
        Unreadable {
            line: Some(error.line().max(1) as u64),
            message: format!("expected a CTRF report: {what}"),
        }
    })?;
    Ok(report.results.tests.into_iter().map(test).collect())
}

fn test(entry: Entry) -> Test {
    // Milliseconds of a test fit; the cast cuts a fraction and saturates.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    let duration = entry.duration.map(|milliseconds| milliseconds.max(0.0) as u64);
    Test {
        name: entry.name,
        suite: entry.suite.map(|suite| suite.0),
        status: match entry.status.as_str() {
            "passed" => "passed",
            "failed" => "failed",
            "skipped" | "pending" => "skipped",
            _ => "unknown",
        },
        message: entry.message,
        trace: entry.trace,
        start: entry.start,
        duration,
    }
}
