//! For a terminal.

use std::fmt::Write as _;

use contract::summary::Summary;
use escape::terminal::line;

use super::sections::sections;
use super::{
    MOST, counts, headline, layer, layer_word, matrix, message, more_failures, place, word,
};

/// What an operator needs to know, in the order in which it is needed.
#[must_use]
pub fn text(summary: &Summary) -> String {
    let mut out = format!("verdict: {}\n", headline(summary));
    let _ = writeln!(out, "cases:   {}: {}", summary.totals.total, counts(&summary.totals));
    for share in &summary.layers {
        let _ = writeln!(out, "layer:   {}: {}", layer_word(share.layer), counts(&share.totals));
    }
    let more = more_failures(summary, MOST);
    if !summary.failures.is_empty() || more > 0 {
        out.push_str("\nWhat failed\n");
    }
    for case in summary.failures.iter().take(MOST) {
        let _ = writeln!(out, "  {}: {} [{}]", word(case.status), line(&case.id), layer(case));
        let _ = writeln!(out, "    {}", line(&message(case)));
        if let Some(evidence) = &case.evidence {
            let _ = writeln!(out, "    {}", line(&place(evidence)));
        }
    }
    if more > 0 {
        let _ = writeln!(out, "  {more} more that are counted and not listed here");
    }
    requirements(&mut out, summary);
    for section in sections(summary) {
        let _ = writeln!(out, "\n{}", section.title);
        for text in &section.lines {
            let _ = writeln!(out, "  {}", line(text));
        }
    }
    out
}

fn requirements(out: &mut String, summary: &Summary) {
    let rows = summary.requirements.as_deref().unwrap_or_default();
    if !rows.is_empty() {
        out.push_str("\nRequirements\n");
    }
    for row in rows {
        let (id, title) = (line(&row.id), line(&row.title));
        let _ = writeln!(
            out,
            "  {id}: {} ({}) {title}",
            matrix::answer(row.coverage),
            matrix::needs(row)
        );
        for check in matrix::checks(row) {
            let _ = writeln!(out, "    {}", line(&check));
        }
    }
}
