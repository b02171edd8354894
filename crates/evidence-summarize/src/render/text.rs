//! For a terminal.

use std::fmt::Write as _;

use contract::summary::Summary;
use escape::terminal::line;

use super::{MOST, counts, headline, layer, layer_word, message, place, sections, word};

/// What an operator needs to know, in the order in which it is needed.
#[must_use]
pub fn text(summary: &Summary) -> String {
    let mut out = format!("verdict: {}\n", headline(summary));
    let _ = writeln!(out, "cases:   {}: {}", summary.totals.total, counts(&summary.totals));
    for share in &summary.layers {
        let _ = writeln!(out, "layer:   {}: {}", layer_word(share.layer), counts(&share.totals));
    }
    if !summary.failures.is_empty() {
        out.push_str("\nWhat failed\n");
    }
    for case in summary.failures.iter().take(MOST) {
        let _ = writeln!(out, "  {}: {} [{}]", word(case.status), line(&case.id), layer(case));
        let _ = writeln!(out, "    {}", line(&message(case)));
        if let Some(evidence) = &case.evidence {
            let _ = writeln!(out, "    {}", line(&place(evidence)));
        }
    }
    if summary.failures.len() > MOST {
        let _ = writeln!(out, "  and {} more", summary.failures.len() - MOST);
    }
    for section in sections(summary) {
        let _ = writeln!(out, "\n{}", section.title);
        for text in &section.lines {
            let _ = writeln!(out, "  {}", line(text));
        }
    }
    out
}
