//! GitHub-flavoured Markdown.

use std::fmt::Write as _;

use contract::summary::Summary;
use escape::markdown::{code, inline};

use super::{MOST, counts, headline, layer, layer_word, message, place, sections, word};

/// The summary as a page.
#[must_use]
pub fn markdown(summary: &Summary) -> String {
    let mut out = format!("## Verdict: {}\n\n", inline(&headline(summary)));
    let _ = writeln!(out, "{} cases: {}.\n", summary.totals.total, counts(&summary.totals));
    if !summary.layers.is_empty() {
        out.push_str("| Layer | Cases |\n|---|---|\n");
        for share in &summary.layers {
            let _ = writeln!(out, "| {} | {} |", layer_word(share.layer), counts(&share.totals));
        }
        out.push('\n');
    }
    if !summary.failures.is_empty() {
        out.push_str("### What failed\n\n| Case | Status | Layer | Message | Evidence |\n|---|---|---|---|---|\n");
    }
    for case in summary.failures.iter().take(MOST) {
        let evidence = case.evidence.as_ref().map_or(String::new(), |found| code(&place(found)));
        let _ = writeln!(
            out,
            "| {} | {} | {} | {} | {evidence} |",
            code(&case.id),
            word(case.status),
            inline(&layer(case)),
            inline(&message(case)),
        );
    }
    if summary.failures.len() > MOST {
        let _ = writeln!(out, "\nand {} more.", summary.failures.len() - MOST);
    }
    if !summary.failures.is_empty() {
        out.push('\n');
    }
    for section in sections(summary) {
        let _ = writeln!(out, "### {}\n", section.title);
        for text in &section.lines {
            let _ = writeln!(out, "- {}", inline(text));
        }
        out.push('\n');
    }
    out
}
