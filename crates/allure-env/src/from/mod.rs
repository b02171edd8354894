//! Reports of other kinds, as Allure results. A format is one file and its line in [`Format`].

mod ctrf;
mod junit;

use contract::InputRef;
use contract::allure::Shown;
use serde::Serialize;

use crate::sha256;

/// A kind of report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// JUnit XML, as test runners and CI systems write it.
    Junit,
    /// Common Test Report Format (ctrf.io).
    Ctrf,
}

/// One test of a report.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Test {
    /// Its name.
    pub name: String,
    /// The suite or class it belongs to.
    pub suite: Option<String>,
    /// `passed`, `failed`, `broken`, `skipped` or `unknown`.
    pub status: &'static str,
    /// Why, unless it passed.
    pub message: Option<String>,
    /// Where.
    pub trace: Option<String>,
    /// When it began, in milliseconds since the Unix epoch.
    pub start: Option<u64>,
    /// How long it took, in milliseconds.
    pub duration: Option<u64>,
}

/// A file to be written: name and content.
pub type File = (String, Vec<u8>);

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Result<'a> {
    uuid: &'a str,
    history_id: &'a str,
    full_name: &'a str,
    name: &'a str,
    status: &'a str,
    status_details: Details<'a>,
    stage: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    start: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    stop: Option<u64>,
    labels: Vec<Label<'a>>,
    parameters: [(); 0],
    steps: [(); 0],
    attachments: [(); 0],
}

#[derive(Serialize)]
struct Details<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    trace: Option<&'a str>,
}

#[derive(Serialize)]
struct Label<'a> {
    name: &'a str,
    value: &'a str,
}

/// Why a report cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unreadable {
    /// The line, counted from 1, if it is known.
    pub line: Option<u64>,
    /// What was expected and what was found.
    pub message: String,
}

/// The tests of a report.
pub fn tests(format: Format, text: &str) -> std::result::Result<Vec<Test>, Unreadable> {
    match format {
        Format::Junit => junit::tests(text).map_err(|message| Unreadable { line: None, message }),
        Format::Ctrf => ctrf::tests(text),
    }
}

/// Result files for `tests` of the report `input`. The same report gives the same files.
#[must_use]
pub fn files(format: Format, input: &InputRef, tests: &[Test]) -> Vec<File> {
    let word = match format {
        Format::Junit => "junit",
        Format::Ctrf => "ctrf",
    };
    let file = |(number, test): (usize, &Test)| {
        let full = match &test.suite {
            Some(suite) => format!("{suite}.{}", test.name),
            None => test.name.clone(),
        };
        let uuid = uuid(&format!("{}\0{number}", input.sha256));
        let history = uuid_like(&full);
        let suite = test.suite.as_deref().map(|value| Label { name: "suite", value });
        let result = Result {
            uuid: &uuid,
            history_id: &history,
            full_name: &full,
            name: &test.name,
            status: test.status,
            status_details: Details {
                message: test.message.as_deref(),
                trace: test.trace.as_deref(),
            },
            stage: "finished",
            start: test.start,
            stop: test.start.zip(test.duration).map(|(start, took)| start.saturating_add(took)),
            labels: [Label { name: "framework", value: word }].into_iter().chain(suite).collect(),
            parameters: [],
            steps: [],
            attachments: [],
        };
        (format!("{uuid}-result.json"), crate::plan::pretty(&result))
    };
    tests.iter().enumerate().map(file).collect()
}

/// How many tests have each status.
#[must_use]
pub fn totals(tests: &[Test]) -> Shown {
    let mut shown = Shown::default();
    for test in tests {
        shown.total += 1;
        *match test.status {
            "passed" => &mut shown.passed,
            "failed" => &mut shown.failed,
            "broken" => &mut shown.broken,
            "skipped" => &mut shown.skipped,
            _ => &mut shown.unknown,
        } += 1;
    }
    shown
}

fn uuid_like(text: &str) -> String {
    sha256(text.as_bytes()).as_str()[..32].to_owned()
}

fn uuid(text: &str) -> String {
    let hex = uuid_like(text);
    format!("{}-{}-{}-{}-{}", &hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..])
}
