//! Findings of scanners: SARIF, Trivy, Grype, KICS. A finding is a failure; a scan that found
//! nothing is one passed case, if it says that it scanned something.

use contract::CheckStatus;
use contract::part::{Effect, Entry, RemarkKind};
use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::value::RawValue;

use crate::json::{Document, JsonFormat};
use crate::loose::{self, Declared, Word};
use crate::sink::Sink;

/// SARIF 2.1.0 (OASIS).
pub const SARIF: JsonFormat = JsonFormat {
    name: "sarif",
    knows: |keys| !keys.array && keys.has(&["runs"]) && keys.has(&["version"]),
    read: read_sarif,
};

/// Trivy.
pub const TRIVY: JsonFormat = JsonFormat {
    name: "trivy",
    knows: |keys| {
        keys.has(&["SchemaVersion"]) && (keys.has(&["ArtifactName"]) || keys.has(&["Results"]))
    },
    read: read_trivy,
};

/// Grype.
pub const GRYPE: JsonFormat = JsonFormat {
    name: "grype",
    knows: |keys| keys.has(&["matches", "descriptor"]),
    read: read_grype,
};

/// KICS.
pub const KICS: JsonFormat = JsonFormat {
    name: "kics",
    knows: |keys| keys.has(&["kics_version"]) || keys.has(&["queries", "total_counter"]),
    read: read_kics,
};

fn finding(suite: &str, name: String, message: String) -> Entry {
    let mut entry = Entry::new(Some(suite.to_owned()), name, CheckStatus::Failed);
    entry.message = Some(message);
    entry
}

/// The one case of a scan without findings.
fn clean(sink: &mut Sink, scanner: &str, found: usize, scanned: bool) {
    if found > 0 {
        return;
    }
    if scanned {
        sink.push(Entry::new(None, format!("{scanner} scan"), CheckStatus::Passed));
    } else {
        let message = format!("{scanner} names nothing that was scanned");
        sink.remark(None, RemarkKind::Omission, Effect::Incomplete, message);
    }
}

#[derive(Deserialize)]
struct Sarif<'a> {
    #[serde(borrow)]
    runs: Vec<SarifRun<'a>>,
}

#[derive(Deserialize)]
struct SarifRun<'a> {
    tool: Option<SarifTool>,
    invocations: Option<Vec<SarifInvocation>>,
    #[serde(borrow)]
    results: Option<Vec<&'a RawValue>>,
}

#[derive(Deserialize)]
struct SarifTool {
    driver: Option<SarifDriver>,
}

#[derive(Deserialize)]
struct SarifDriver {
    #[serde(default, deserialize_with = "loose::text")]
    name: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct SarifInvocation {
    execution_successful: Option<bool>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct SarifResult {
    #[serde(default, deserialize_with = "loose::text")]
    rule_id: Option<String>,
    level: Option<Word>,
    kind: Option<Word>,
    message: Option<SarifMessage>,
    suppressions: Option<Vec<SarifSuppression>>,
}

#[derive(Deserialize)]
struct SarifSuppression {
    status: Option<Word>,
}

#[derive(Deserialize)]
struct SarifMessage {
    #[serde(default, deserialize_with = "loose::text")]
    text: Option<String>,
}

fn read_sarif(document: &Document<'_>, sink: &mut Sink) -> serde_json::Result<()> {
    let sarif: Sarif<'_> = serde_json::from_str(document.text)?;
    for run in &sarif.runs {
        let name = run.tool.as_ref().and_then(|tool| tool.driver.as_ref()?.name.clone());
        let name = name.unwrap_or_else(|| "sarif".to_owned());
        let unsuccessful = |one: &SarifInvocation| one.execution_successful == Some(false);
        if run.invocations.iter().flatten().any(unsuccessful) {
            let message = format!("{name} says that it did not run to its end");
            sink.remark(None, RemarkKind::RunFailed, Effect::Fail, message);
        }
        let Some(results) = &run.results else {
            let message = format!("{name} has no list of results: nothing was looked at");
            sink.remark(None, RemarkKind::Omission, Effect::Incomplete, message);
            continue;
        };
        for raw in results {
            let Some(result) = document.element::<SarifResult>(raw, sink) else { continue };
            sink.push(document.at(raw, sarif_entry(&name, result)));
        }
        clean(sink, &name, results.len(), true);
    }
    Ok(())
}

/// `level` defaults to `warning`, `kind` to `fail` (SARIF 3.27.9 and 3.27.10).
fn sarif_entry(tool: &str, result: SarifResult) -> Entry {
    let suppressed = result
        .suppressions
        .iter()
        .flatten()
        .any(|one| matches!(one.status.as_deref(), None | Some("accepted")));
    let text = result.message.and_then(|message| message.text).unwrap_or_default();
    let mut entry = finding(tool, result.rule_id.unwrap_or_else(|| "finding".to_owned()), text);
    entry.status = match (result.kind.as_deref(), result.level.as_deref()) {
        _ if suppressed => CheckStatus::Skipped,
        (Some("pass"), _) => CheckStatus::Passed,
        (Some("notApplicable"), _) => CheckStatus::NotRun,
        (Some("open" | "review"), _) => CheckStatus::Unknown,
        // The rule was evaluated, and what it says is no problem.
        (Some("informational"), _) => CheckStatus::Passed,
        // A level of `none` belongs to other kinds than `fail`; a note is a minor problem, and one.
        (_, Some("none")) => CheckStatus::Unknown,
        _ => CheckStatus::Failed,
    };
    entry
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Trivy<'a> {
    #[serde(borrow)]
    results: Option<Vec<TrivyTarget<'a>>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct TrivyTarget<'a> {
    #[serde(default, deserialize_with = "loose::text")]
    target: Option<String>,
    #[serde(borrow)]
    vulnerabilities: Option<Vec<&'a RawValue>>,
    #[serde(borrow)]
    misconfigurations: Option<Vec<&'a RawValue>>,
    #[serde(borrow)]
    secrets: Option<Vec<&'a RawValue>>,
}

#[derive(Deserialize)]
struct TrivyFinding {
    #[serde(rename = "VulnerabilityID", alias = "ID", alias = "RuleID")]
    #[serde(default, deserialize_with = "loose::text")]
    id: Option<String>,
    #[serde(rename = "PkgName")]
    #[serde(default, deserialize_with = "loose::text")]
    package: Option<String>,
    #[serde(rename = "Severity")]
    #[serde(default, deserialize_with = "loose::text")]
    severity: Option<String>,
    #[serde(rename = "Status")]
    status: Option<Word>,
}

fn read_trivy(document: &Document<'_>, sink: &mut Sink) -> serde_json::Result<()> {
    let trivy: Trivy<'_> = serde_json::from_str(document.text)?;
    let results = trivy.results.unwrap_or_default();
    let mut found = 0;
    for result in &results {
        let target = result.target.as_deref().unwrap_or("target");
        let lists = [&result.vulnerabilities, &result.misconfigurations, &result.secrets];
        for raw in lists.into_iter().flatten().flatten() {
            let Some(one) = document.element::<TrivyFinding>(raw, sink) else { continue };
            if one.status.as_deref() == Some("PASS") {
                continue;
            }
            found += 1;
            let id = one.id.unwrap_or_else(|| "finding".to_owned());
            let severity = one.severity.as_deref().unwrap_or("UNKNOWN").to_owned();
            let package = one.package.unwrap_or_default();
            let message = format!("{severity} {id} {package}");
            let name = if package.is_empty() { id } else { format!("{id} in {package}") };
            sink.push(document.at(raw, finding(target, name, message.trim().to_owned())));
        }
    }
    clean(sink, "trivy", found, !results.is_empty());
    Ok(())
}

#[derive(Deserialize)]
struct Grype<'a> {
    #[serde(borrow)]
    matches: Vec<&'a RawValue>,
}

#[derive(Deserialize)]
struct GrypeMatch {
    vulnerability: GrypeVulnerability,
    artifact: Option<GrypeArtifact>,
}

#[derive(Deserialize)]
struct GrypeVulnerability {
    id: String,
    #[serde(default, deserialize_with = "loose::text")]
    severity: Option<String>,
}

#[derive(Deserialize)]
struct GrypeArtifact {
    #[serde(default, deserialize_with = "loose::text")]
    name: Option<String>,
    #[serde(default, deserialize_with = "loose::text")]
    version: Option<String>,
}

fn read_grype(document: &Document<'_>, sink: &mut Sink) -> serde_json::Result<()> {
    let grype: Grype<'_> = serde_json::from_str(document.text)?;
    for raw in &grype.matches {
        let Some(one) = document.element::<GrypeMatch>(raw, sink) else { continue };
        let artifact = one.artifact.map_or(String::new(), |artifact| {
            format!(
                "{} {}",
                artifact.name.unwrap_or_default(),
                artifact.version.unwrap_or_default()
            )
        });
        let severity = one.vulnerability.severity.as_deref().unwrap_or("Unknown");
        let message = format!("{severity} {} in {artifact}", one.vulnerability.id);
        let name = format!("{} in {}", one.vulnerability.id, artifact.trim());
        sink.push(document.at(raw, finding("grype", name, message)));
    }
    clean(sink, "grype", grype.matches.len(), true);
    Ok(())
}

#[derive(Deserialize)]
struct Kics<'a> {
    files_scanned: Option<Declared>,
    files_failed_to_scan: Option<Declared>,
    total_counter: Option<Declared>,
    #[serde(borrow)]
    queries: Option<Vec<&'a RawValue>>,
}

#[derive(Deserialize)]
struct KicsQuery {
    files: Option<Vec<IgnoredAny>>,
    #[serde(default, deserialize_with = "loose::text")]
    query_name: Option<String>,
    #[serde(default, deserialize_with = "loose::text")]
    severity: Option<String>,
    #[serde(default, deserialize_with = "loose::text")]
    description: Option<String>,
}

fn read_kics(document: &Document<'_>, sink: &mut Sink) -> serde_json::Result<()> {
    let kics: Kics<'_> = serde_json::from_str(document.text)?;
    let queries = kics.queries.unwrap_or_default();
    let mut places = 0;
    for raw in &queries {
        let Some(query) = document.element::<KicsQuery>(raw, sink) else { continue };
        let name = query.query_name.unwrap_or_else(|| "query".to_owned());
        let severity = query.severity.unwrap_or_default();
        places += query.files.map_or(1, |files| files.len()) as u64;
        let message = format!("{severity} {}", query.description.unwrap_or_default());
        sink.push(document.at(raw, finding("kics", name, message)));
    }
    loose::compare(&[("total_counter", &kics.total_counter, places, Effect::Fail)], sink);
    if queries.is_empty() && !matches!(kics.total_counter, None | Some(Declared::Count(0))) {
        let message = "kics counts findings that it does not show";
        sink.remark(None, RemarkKind::Omission, Effect::Fail, message);
    }
    if !matches!(kics.files_failed_to_scan, None | Some(Declared::Count(0))) {
        let message = "kics could not scan every file";
        sink.remark(None, RemarkKind::Omission, Effect::Incomplete, message);
    }
    clean(
        sink,
        "kics",
        queries.len(),
        kics.files_scanned.and_then(|count| count.count()).unwrap_or(0) > 0,
    );
    Ok(())
}
