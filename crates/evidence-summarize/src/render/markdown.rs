//! GitHub-flavoured Markdown.

use std::fmt::Write as _;

use contract::summary::{Case, Summary};
use escape::markdown::{code, inline};

use super::sections::{Section, sections};
use super::{
    MOST, counts, headline, layer, layer_word, matrix, message, more_failures, place, word,
};

/// Longest id or message in a list: more makes it unreadable.
const LINE: usize = 300;

/// The summary as a page: the verdict, what to do first, what failed, then everything else.
#[must_use]
pub fn markdown(summary: &Summary) -> String {
    let mut out = format!("## Verdict: {}\n\n", inline(&headline(summary)));
    let _ = writeln!(out, "{} cases: {}.\n", summary.totals.total, counts(&summary.totals));
    let mut rest = sections(summary);
    let first = rest.iter().position(|section| section.title == super::sections::FIRST);
    if let Some(first) = first.map(|index| rest.remove(index)) {
        list(&mut out, &first);
    }
    failures(&mut out, summary);
    if !summary.layers.is_empty() {
        out.push_str("### By layer\n\n| Layer | Cases |\n|---|---|\n");
        for share in &summary.layers {
            let _ = writeln!(out, "| {} | {} |", layer_word(share.layer), counts(&share.totals));
        }
        out.push('\n');
    }
    requirements(&mut out, summary);
    for section in &rest {
        list(&mut out, section);
    }
    out
}

fn list(out: &mut String, section: &Section) {
    let _ = writeln!(out, "### {}\n", section.title);
    for text in &section.lines {
        let _ = writeln!(out, "- {}", inline(text));
    }
    out.push('\n');
}

fn failures(out: &mut String, summary: &Summary) {
    let more = more_failures(summary, MOST);
    if summary.failures.is_empty() && more == 0 {
        return;
    }
    out.push_str("### What failed\n\n");
    for case in summary.failures.iter().take(MOST) {
        item(out, case);
    }
    if more > 0 {
        let _ = writeln!(out, "\n{more} more that are counted and not listed here.");
    }
    out.push('\n');
}

/// A list and no table: names of tests are long, and would push the message out of sight.
fn item(out: &mut String, case: &Case) {
    let cut = |text: &str| {
        let mut text = text.to_owned();
        crate::sink::shorten(&mut text, LINE);
        text
    };
    let at = case.evidence.as_ref();
    let at = at.map_or(String::new(), |found| format!(" at {}", code(&cut(&place(found)))));
    let _ = writeln!(
        out,
        "- **{}** {} ({}){at}: {}",
        word(case.status),
        code(&cut(&case.id)),
        inline(&layer(case)),
        inline(&cut(&message(case))),
    );
}

fn requirements(out: &mut String, summary: &Summary) {
    let rows = summary.requirements.as_deref().unwrap_or_default();
    if rows.is_empty() {
        return;
    }
    out.push_str(
        "### Requirements\n\n| Requirement | Answer | Needs | Checks |\n|---|---|---|---|\n",
    );
    for row in rows {
        let checks: Vec<_> = matrix::checks(row).iter().map(|check| code(check)).collect();
        let _ = writeln!(
            out,
            "| {} {} | {} | {} | {} |",
            code(&row.id),
            inline(&row.title),
            matrix::answer(row.coverage),
            matrix::needs(row),
            checks.join("<br>"),
        );
    }
    out.push('\n');
}
