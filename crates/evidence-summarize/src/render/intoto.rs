//! An in-toto Statement v1 with the predicate test-result v0.1
//! (<https://github.com/in-toto/attestation/blob/main/spec/predicates/test-result.md>).
//!
//! `PASSED` says that everything ran and passed, so only a pass without gaps is one. A policy may
//! count a test in `warnedTests` as passed: a test that did not run stands in none of the lists.

use std::collections::BTreeMap;

use contract::summary::{Case, Omitted, Summary, Unmet};
use contract::{CheckStatus, Gaps, Sha256, Totals, Verdict};
use serde::Serialize;
use sha2::Digest as _;

use super::Refusal;

/// What was tested: a name and a digest, as `NAME@sha256:HEX`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subject {
    name: String,
    sha256: Sha256,
}

impl Subject {
    /// Reads `NAME@sha256:HEX`.
    ///
    /// # Errors
    ///
    /// What was expected and what was found.
    pub fn parse(text: &str) -> Result<Self, String> {
        let why = |what: String| format!("expected NAME@sha256:HEX, found {text:?}{what}");
        let (name, digest) = text.rsplit_once("@sha256:").ok_or_else(|| why(String::new()))?;
        if name.is_empty() {
            return Err(why(": the name is missing".to_owned()));
        }
        let sha256 =
            Sha256::try_from(digest.to_owned()).map_err(|error| why(format!(": {error}")))?;
        Ok(Self { name: name.to_owned(), sha256 })
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Statement<'a> {
    #[serde(rename = "_type")]
    kind: &'static str,
    subject: Vec<Resource<'a>>,
    predicate_type: &'static str,
    predicate: TestResult<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct TestResult<'a> {
    result: &'static str,
    configuration: Vec<Resource<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    passed_tests: Option<Vec<&'a str>>,
    warned_tests: Vec<&'a str>,
    failed_tests: Vec<&'a str>,
}

/// A `ResourceDescriptor`.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Resource<'a> {
    name: &'a str,
    digest: BTreeMap<&'static str, String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    media_type: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    annotations: Option<About<'a>>,
}

/// What the predicate has no place for.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct About<'a> {
    verdict: Verdict,
    gate: &'a str,
    totals: Totals,
    gaps: Gaps,
    unmet: &'a [Unmet],
    not_run_tests: Vec<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    omitted: Option<Omitted>,
    reasons: Vec<String>,
}

/// The statement. Without `subjects` it is about the inputs themselves.
///
/// # Errors
///
/// Never for a summary; `serde_json` cannot promise it.
pub fn intoto(summary: &Summary, subjects: &[Subject]) -> Result<Vec<u8>, Refusal> {
    let inputs: Vec<_> =
        summary.inputs.iter().map(|input| resource(&input.path, &input.sha256)).collect();
    let gate = resource(&summary.gate.name, &summary.gate.sha256);
    let mut configuration = vec![of_summary(summary)?, gate];
    let subject = if subjects.is_empty() {
        inputs
    } else {
        configuration.extend(inputs);
        subjects.iter().map(|subject| resource(&subject.name, &subject.sha256)).collect()
    };
    let cases = summary.cases.as_deref();
    let statement = Statement {
        kind: "https://in-toto.io/Statement/v1",
        subject,
        predicate_type: "https://in-toto.io/attestation/test-result/v0.1",
        predicate: TestResult {
            result: result(summary),
            configuration,
            passed_tests: cases.map(|cases| {
                ids(cases.iter().filter(|case| case.status == CheckStatus::Passed && !case.flaky))
            }),
            warned_tests: ids(summary.flaky.iter()),
            failed_tests: ids(match cases {
                Some(cases) => cases.iter().filter(|case| fails(case)).collect(),
                None => summary.failures.iter().collect::<Vec<_>>(),
            }),
        },
    };
    let mut text = serde_json::to_vec(&statement)?;
    text.push(b'\n');
    escape::json::visible(&mut text, 0);
    Ok(text)
}

fn ids<'a>(cases: impl IntoIterator<Item = &'a Case>) -> Vec<&'a str> {
    cases.into_iter().map(|case| case.id.as_str()).collect()
}

fn fails(case: &Case) -> bool {
    matches!(case.status, CheckStatus::Failed | CheckStatus::Broken)
}

/// The predicate has no word for "not all of it ran". A policy that lets `WARNED` through must not
/// let that through, so whatever is no pass is `FAILED`.
fn result(summary: &Summary) -> &'static str {
    match summary.verdict {
        Verdict::Pass if summary.gaps.none() => "PASSED",
        Verdict::Pass => "WARNED",
        Verdict::Incomplete | Verdict::NoEvidence | Verdict::Fail => "FAILED",
    }
}

fn resource<'a>(name: &'a str, sha256: &Sha256) -> Resource<'a> {
    let digest = BTreeMap::from([("sha256", sha256.to_string())]);
    Resource { name, digest, media_type: None, annotations: None }
}

/// The summary document: its digest is that of the bytes `--format json --output FILE` writes.
fn of_summary(summary: &Summary) -> serde_json::Result<Resource<'_>> {
    let mut text = serde_json::to_vec(summary)?;
    text.push(b'\n');
    let sha256 = Sha256::new(sha2::Sha256::digest(&text).into());
    let not_run = summary.unproven.iter();
    Ok(Resource {
        media_type: Some("application/json"),
        annotations: Some(About {
            verdict: summary.verdict,
            gate: &summary.gate.name,
            totals: summary.totals,
            gaps: summary.gaps,
            unmet: &summary.unmet,
            not_run_tests: ids(not_run),
            omitted: summary.omitted,
            reasons: super::rows::reasons(summary),
        }),
        ..resource("summary", &sha256)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_subject_is_a_name_and_a_digest() {
        let hex = "ab".repeat(32);
        let subject = Subject::parse(&format!("ghcr.io/o/a:v1@sha256:{hex}")).unwrap();
        assert_eq!((subject.name.as_str(), subject.sha256.as_str()), ("ghcr.io/o/a:v1", &*hex));
        for bad in ["", "a", "@sha256:00", "a@sha256:00", "a@sha512:00"] {
            assert!(Subject::parse(bad).is_err(), "{bad}");
        }
    }
}
