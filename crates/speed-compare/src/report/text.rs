//! For a terminal: a line per cell, aligned.

use contract::speed_comparison::SpeedComparison;
use escape::terminal::line;

use super::{counts, heading, notes, several, with_interval, words};

/// The comparison as text.
#[must_use]
pub fn text(document: &SpeedComparison) -> String {
    let mut out = format!(
        "{}: {} ({})\n",
        heading(document.purpose),
        words(document.verdict),
        counts(&document.totals)
    );
    for (name, side) in [("baseline", &document.baseline), ("candidate", &document.candidate)] {
        out.push_str(&format!(
            "  {name:<9}  {} ({})\n",
            line(&side.label),
            several(side.runs, "run")
        ));
    }
    for note in notes(document) {
        out.push_str(&format!("  {}\n", line(&note)));
    }
    for warning in &document.warnings {
        out.push_str(&format!("  warning: {}\n", line(&warning.message)));
    }
    let titles: Vec<String> =
        document.cells.iter().map(|cell| line(&cell.title()).into_owned()).collect();
    let width = titles.iter().map(|title| title.chars().count()).max().unwrap_or(0);
    for (cell, title) in document.cells.iter().zip(titles) {
        let change = match (&cell.change, &cell.reason) {
            (Some(change), None) => with_interval(change),
            (Some(change), Some(reason)) => format!("{} ({})", with_interval(change), line(reason)),
            (None, reason) => line(reason.as_deref().unwrap_or_default()).into_owned(),
        };
        let stands_out = if cell.stands_out == Some(true) { "  stands out" } else { "" };
        out.push_str(&format!(
            "{title:<width$}  {:<12}  {change}{stands_out}\n",
            words(cell.verdict)
        ));
    }
    out
}
