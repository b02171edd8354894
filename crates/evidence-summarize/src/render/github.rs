//! For GitHub Actions: annotations, and a step summary that is not too large to be shown.

use std::fmt::Write as _;

use contract::inventory::Requirement;
use contract::summary::Summary;
use contract::{CheckStatus, Verdict};
use escape::workflow::{data, property};

use super::{headline, layer, message, place};

/// Annotations of one kind that a step may have; GitHub drops the rest without a word.
const MOST: usize = 10;
/// A larger step summary is refused (1 MiB, GitHub's "Workflow commands" page); some room is left
/// for what else the step writes.
const SUMMARY_BYTES: usize = 1_000_000;

/// Workflow commands that annotate failures and say the verdict.
#[must_use]
pub fn annotations(summary: &Summary) -> String {
    let mut out = String::new();
    let failed = summary.verdict == Verdict::Fail;
    // One place is kept for the verdict itself.
    let shown = if failed { MOST - 1 } else { MOST };
    for case in summary.failures.iter().take(shown) {
        let mut text = format!("{} [{}]: {}", case.id, layer(case), message(case));
        crate::sink::shorten(&mut text, 3_000);
        let properties = case.evidence.as_ref().map_or(String::new(), |evidence| {
            let line = evidence.line.map_or(String::new(), |line| format!(",line={line}"));
            format!(" file={}{line}", property(&evidence.path))
        });
        let _ = writeln!(out, "::error{properties}::{}", data(&one_line(&text)));
    }
    let level = match summary.verdict {
        Verdict::Pass => "notice",
        Verdict::Fail => "error",
        Verdict::Incomplete | Verdict::NoEvidence => "warning",
    };
    // What has to have run, and so makes a difference, comes first.
    let (asked, others): (Vec<_>, Vec<_>) =
        summary.unproven.iter().partition(|case| case.requirement == Some(Requirement::Required));
    let gaps =
        asked.into_iter().chain(others.into_iter().filter(|case| case.requirement.is_some()));
    let mut warnings = 0;
    for case in gaps.take(MOST - 1) {
        let place =
            case.evidence.as_ref().map_or(String::new(), |found| format!(" ({})", place(found)));
        let text = format!("{} is {}: {}{place}", case.id, case.status, message(case));
        let _ = writeln!(out, "::warning::{}", data(&one_line(&text)));
        warnings += 1;
    }
    let text = headline(summary) + &unshown(summary, shown, warnings);
    let _ = writeln!(out, "::{level} title=evidence::{}", data(&one_line(&text)));
    out
}

/// What has no annotation of its own.
fn unshown(summary: &Summary, shown: usize, warnings: u64) -> String {
    let failures = super::more_failures(summary, shown);
    let gaps = [CheckStatus::Skipped, CheckStatus::NotRun, CheckStatus::Unknown];
    let gaps =
        gaps.iter().fold(0, |sum: u64, status| sum.saturating_add(summary.totals.of(*status)));
    let counts = [(failures, "that failed"), (gaps.saturating_sub(warnings), "without a result")];
    let named: Vec<_> = counts
        .iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, what)| format!("{count} more {what}"))
        .collect();
    if named.is_empty() {
        return String::new();
    }
    format!("; not annotated: {} (the summary has them)", named.join(", "))
}

/// The Markdown for the step summary, cut at a line if GitHub would not take it.
#[must_use]
pub fn step_summary(summary: &Summary) -> String {
    let text = super::markdown(summary);
    if text.len() <= SUMMARY_BYTES {
        return text;
    }
    let kept = crate::sink::head(&text, SUMMARY_BYTES);
    let whole = kept.rfind('\n').map_or(kept, |end| &kept[..=end]);
    format!("{whole}\nThe rest does not fit here; all of it is in the JSON document.\n")
}

fn one_line(text: &str) -> String {
    escape::terminal::line(text).into_owned()
}
