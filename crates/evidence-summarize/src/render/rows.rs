//! What a list of tests shows of a summary: for formats in which a reader only sees tests.

use contract::summary::{Case, Summary};
use contract::{CheckStatus, Totals, Verdict};

use super::Refusal;

/// The suite of rows that are no case.
pub const OWN: &str = "evidence-summarize";
/// Reasons of a verdict that are listed; the rest is counted.
const REASONS: usize = 20;

/// One line of a list of tests.
pub struct Row<'a> {
    /// The suite, with the target if the case has one; empty if there is none.
    pub suite: String,
    /// The name in it.
    pub name: String,
    /// What became of it.
    pub status: CheckStatus,
    /// The message of a failure or the reason of a skip.
    pub message: Option<String>,
    /// The case; `None` for a row that stands for cases without a name, or for the verdict.
    pub case: Option<&'a Case>,
}

/// A row for each case, one for the cases of each status that inputs only count, and, where the
/// verdict is no pass and no row says so, one for the verdict.
///
/// # Errors
///
/// If the summary does not list its cases.
pub fn rows(summary: &Summary) -> Result<Vec<Row<'_>>, Refusal> {
    let cases = summary.cases.as_ref().ok_or(Refusal::NoCases)?;
    let listed: Totals = cases.iter().map(|case| case.status).collect();
    let mut rows: Vec<_> = cases.iter().map(of_case).collect();
    for status in CheckStatus::ALL {
        let more = summary.totals.of(status).saturating_sub(listed.of(status));
        if more > 0 {
            rows.push(of_count(status, more));
        }
    }
    let red = |row: &Row<'_>| matches!(row.status, CheckStatus::Failed | CheckStatus::Broken);
    if summary.verdict != Verdict::Pass && !rows.iter().any(red) {
        rows.push(of_verdict(summary));
    }
    Ok(rows)
}

fn of_case(case: &Case) -> Row<'_> {
    let suite = match (case.suite.as_deref().unwrap_or_default(), &case.target) {
        (suite, None) => suite.to_owned(),
        ("", Some(target)) => target.clone(),
        (suite, Some(target)) => format!("{suite} ({target})"),
    };
    // Where the id is more than suite and name, it is what people look for.
    let of_names = case.id.ends_with(&case.name);
    let name = if of_names { &case.name } else { &case.id };
    let name = if name.is_empty() { "(no name)".to_owned() } else { name.clone() };
    Row { suite, name, status: case.status, message: case.message.clone(), case: Some(case) }
}

fn of_count(status: CheckStatus, count: u64) -> Row<'static> {
    let name = format!("{count} {} that the inputs only count", super::word(status));
    let message = (status != CheckStatus::Passed).then(|| name.clone());
    Row { suite: OWN.to_owned(), name, status, message, case: None }
}

fn of_verdict(summary: &Summary) -> Row<'static> {
    let status =
        if summary.verdict == Verdict::Fail { CheckStatus::Failed } else { CheckStatus::Broken };
    let mut message = super::headline(summary);
    for reason in reasons(summary) {
        message.push('\n');
        message.push_str(&reason);
    }
    let name = "verdict".to_owned();
    Row { suite: OWN.to_owned(), name, status, message: Some(message), case: None }
}

/// Why the verdict is what it is, beside the cases that failed.
pub fn reasons(summary: &Summary) -> Vec<String> {
    use contract::part::Effect;
    let unmet = summary.unmet.iter().map(|unmet| format!("{}: {}", unmet.id, unmet.why));
    let counts = summary.discrepancies.iter().filter(|found| found.effect > Effect::None);
    let findings = summary.findings.iter().filter(|found| found.effect > Effect::None);
    let mut reasons: Vec<_> =
        unmet.chain(counts.map(super::discrepancy)).chain(findings.map(super::finding)).collect();
    let more = reasons.len().saturating_sub(REASONS);
    reasons.truncate(REASONS);
    if more > 0 {
        reasons.push(format!("and {more} more"));
    }
    reasons
}
