//! The documents as text for people.

use std::fmt::Write as _;

use contract::CheckStatus;
use contract::audit::{Audit, Kpis, Share};
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
    if let Some(kpis) = &audit.kpis {
        text.push_str(&indicators(kpis));
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

fn indicators(kpis: &Kpis) -> String {
    let share = |name: &str, share: &Share| {
        let Share { passed, executed, total } = share;
        format!("{name}: {passed} of {executed} executed checks passed, of {total}\n")
    };
    let mut text = share("boundary integrity", &kpis.boundary_integrity);
    text.push_str(&share("algorithm blocking", &kpis.algorithm_blocking));
    if let Some(latency) = &kpis.self_test_latency {
        // Rounded to a tenth of a millisecond, which is still finer than what was measured.
        let ms = |us: u64| format!("{}.{}", us / 1000, us % 1000 / 100);
        let _ = writeln!(
            text,
            "self-test latency: {} ms CPU per process ({} with FIPS, {} without, {} rounds)",
            ms(latency.self_tests_cpu_us),
            ms(latency.with_fips_cpu_us),
            ms(latency.without_fips_cpu_us),
            latency.rounds
        );
    }
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
