//! Workflow commands: an error for each regression, a warning for what limits the answer.

use contract::speed_comparison::{SpeedComparison, Verdict};
use escape::workflow::{data, property};

use super::{counts, heading, notes, with_interval, words};

/// The comparison as workflow commands.
#[must_use]
pub fn github(document: &SpeedComparison) -> String {
    let mut out = String::new();
    let mut say = |command: &str, title: &str, message: &str| {
        let (title, message) = (property(title), data(message));
        out.push_str(&format!("::{command} title={title}::{message}\n"));
    };
    for cell in document.cells.iter().filter(|cell| cell.verdict == Verdict::Regression) {
        let change = cell.change.as_ref().map(with_interval).unwrap_or_default();
        say("error", "regression", &format!("{}: {change}", cell.title()));
    }
    if let Some(common) = document.common.as_ref().filter(|c| c.verdict == Verdict::Regression) {
        say("error", "regression", &format!("all cells: {}", with_interval(&common.change)));
    }
    for warning in &document.warnings {
        say("warning", heading(document.purpose), &warning.message);
    }
    let summary = format!("{}: {}", words(document.verdict), counts(&document.totals));
    let lines = [vec![summary], notes(document)].concat().join("\n");
    say("notice", heading(document.purpose), &lines);
    out
}
