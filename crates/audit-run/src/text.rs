//! The documents as text for people.

use std::fmt::Write as _;

use contract::CheckStatus;
use contract::audit::Audit;
use contract::inventory::{Inventory, Requirement};
use contract::lint::Lint;
use escape::terminal::line;

/// A line for each check, then the verdict with its gaps.
#[must_use]
pub fn audit(audit: &Audit) -> String {
    let mut text = String::new();
    let width = audit.checks.iter().map(|check| check.id.len()).max().unwrap_or(0);
    for check in &audit.checks {
        let _ = write!(text, "{:<8} {:<width$}", check.status.word(), line(&check.id));
        let why = [check.reason.as_deref(), check.remedy.as_deref()];
        for part in why.into_iter().flatten() {
            let _ = write!(text, "  {}", line(part));
        }
        text.truncate(text.trim_end().len());
        text.push('\n');
    }
    let totals = &audit.totals;
    let _ = writeln!(
        text,
        "{} on {}: {} ({} of {} checks passed)",
        line(&audit.suite.name),
        line(&audit.target.reference),
        audit.verdict.with(&audit.gaps),
        totals.passed,
        totals.total
    );
    text
}

/// A line for each check.
#[must_use]
pub fn inventory(inventory: &Inventory) -> String {
    let mut text = String::new();
    let width = inventory.checks.iter().map(|check| check.id.len()).max().unwrap_or(0);
    for check in &inventory.checks {
        let requirement = match check.requirement {
            Requirement::Required => "required",
            Requirement::Optional => "optional",
        };
        let (id, name) = (line(&check.id), line(&check.name));
        let _ = writeln!(text, "{id:<width$}  {requirement}  {:<15}  {name}", check.layer.word());
    }
    text
}

/// A line for each check that passed, and what that makes of the suite.
#[must_use]
pub fn lint(lint: &Lint) -> String {
    let mut text = String::new();
    for check in lint.checks.iter().filter(|check| check.status == CheckStatus::Passed) {
        let why = check.non_discriminating.as_deref().unwrap_or("passes, and must not");
        let _ = writeln!(text, "{}  {}", line(&check.id), line(why));
    }
    let _ = writeln!(
        text,
        "{} against {}: {} checks pass that must not, of {}",
        line(&lint.suite.name),
        line(&lint.target.reference),
        lint.non_discriminating.len(),
        lint.checks.len()
    );
    text
}
