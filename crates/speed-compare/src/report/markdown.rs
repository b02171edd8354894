//! For a report or a pull request: a table of algorithms over block sizes, one of operations, and
//! everything that limits the answer.

use std::collections::{BTreeMap, BTreeSet};

use contract::speed_comparison::{Cell, Purpose, SpeedComparison, Verdict, size};
use escape::markdown::{code, inline};

use super::{counts, heading, notes, percent, several, with_interval, words};

/// The comparison as Markdown.
#[must_use]
pub fn markdown(document: &SpeedComparison) -> String {
    let mut out = format!(
        "## {}: {}\n\n{}.\n\n",
        heading(document.purpose),
        words(document.verdict),
        counts(&document.totals)
    );
    for (name, side) in [("Baseline", &document.baseline), ("Candidate", &document.candidate)] {
        let versions = match side.versions.join(", ") {
            versions if versions.is_empty() => String::new(),
            versions => inline(&format!(", OpenSSL {versions}")),
        };
        out.push_str(&format!(
            "- {name}: {}{versions}, {}\n",
            code(&side.label),
            several(side.runs, "run")
        ));
    }
    for note in notes(document) {
        out.push_str(&format!("- {}\n", sentence(&note)));
    }
    out.push_str(&decided(document));
    out.push_str(&throughput(document));
    out.push_str(&operations(document));
    out.push_str(&unavailable(document));
    if !document.warnings.is_empty() {
        out.push_str("\n### Warnings\n\n");
        for warning in &document.warnings {
            out.push_str(&format!("- {}", sentence(&warning.message)));
            if let (Some(a), Some(b)) = (&warning.baseline, &warning.candidate) {
                out.push_str(&format!(": {} / {}", code(a), code(b)));
            }
            out.push('\n');
        }
    }
    out
}

/// With a capital at the start.
fn sentence(text: &str) -> String {
    let mut chars = text.chars();
    let first = chars.next().map(|c| c.to_uppercase().to_string()).unwrap_or_default();
    inline(&format!("{first}{}", chars.as_str()))
}

/// The cells with a regression or an improvement, with their intervals.
fn decided(document: &SpeedComparison) -> String {
    let changed = |cell: &&Cell| {
        matches!(cell.verdict, Verdict::Regression | Verdict::Improvement)
            || cell.stands_out == Some(true)
    };
    let cells: Vec<&Cell> = document.cells.iter().filter(changed).collect();
    if cells.is_empty() {
        return String::new();
    }
    let mut out = "\n| cell | verdict | change |\n|---|---|---|\n".to_owned();
    for cell in cells {
        let change = cell.change.as_ref().map(with_interval).unwrap_or_default();
        let verdict = if cell.stands_out == Some(true) {
            "not paired, stands out"
        } else {
            words(cell.verdict)
        };
        out.push_str(&format!("| {} | {verdict} | {change} |\n", inline(&cell.title())));
    }
    out
}

/// Algorithms over block sizes.
fn throughput(document: &SpeedComparison) -> String {
    let cells =
        || document.cells.iter().filter_map(|c| c.key.block_size_bytes.map(|size| (size, c)));
    let sizes: BTreeSet<u64> = cells().map(|(size, _)| size).collect();
    let mut rows: BTreeMap<&str, (&str, BTreeMap<u64, &Cell>)> = BTreeMap::new();
    for (size, cell) in cells() {
        let row = rows.entry(&cell.key.family).or_insert((&cell.algorithm, BTreeMap::new()));
        row.1.insert(size, cell);
    }
    if rows.is_empty() {
        return String::new();
    }
    let heads: Vec<String> = sizes.iter().map(|bytes| size(*bytes)).collect();
    let mut out = format!("\n| algorithm | {} |\n|---|", heads.join(" | "));
    out.push_str(&"---:|".repeat(sizes.len()));
    out.push('\n');
    for (algorithm, row) in rows.values() {
        let shown: Vec<String> =
            sizes.iter().map(|size| row.get(size).map_or(String::new(), |c| short(c))).collect();
        out.push_str(&format!("| {} | {} |\n", inline(algorithm), shown.join(" | ")));
    }
    out.push_str(
        "\nBold: a verdict of regression or improvement. `~`: inconclusive or not paired.\n",
    );
    out
}

/// Operations with keys, a row each.
fn operations(document: &SpeedComparison) -> String {
    let cells: Vec<&Cell> =
        document.cells.iter().filter(|cell| cell.key.block_size_bytes.is_none()).collect();
    if cells.is_empty() {
        return String::new();
    }
    let mut out = "\n| operation | change | verdict |\n|---|---:|---|\n".to_owned();
    for cell in cells {
        let verdict = words(cell.verdict);
        out.push_str(&format!("| {} | {} | {verdict} |\n", inline(&cell.title()), short(cell)));
    }
    out
}

fn short(cell: &Cell) -> String {
    let change = percent(cell.change.map(|change| change.percent));
    match cell.verdict {
        Verdict::Regression | Verdict::Improvement => format!("**{change}**"),
        Verdict::Inconclusive | Verdict::NotPaired => format!("\\~ {change}"),
        Verdict::Same => change,
        Verdict::Unavailable => "n/a".to_owned(),
    }
}

/// What one side does not have, and why.
fn unavailable(document: &SpeedComparison) -> String {
    let mut by_reason: BTreeMap<(&str, &str), Vec<String>> = BTreeMap::new();
    for cell in document.cells.iter().filter(|cell| cell.verdict == Verdict::Unavailable) {
        let reason = cell.reason.as_deref().unwrap_or("not measured");
        let what = match (cell.key.block_size_bytes, cell.key.operation) {
            (Some(bytes), _) => size(bytes),
            (None, Some(operation)) => operation.to_string(),
            (None, None) => "all".to_owned(),
        };
        by_reason.entry((&cell.algorithm, reason)).or_default().push(what);
    }
    if by_reason.is_empty() {
        return String::new();
    }
    let mut out = match document.purpose {
        Purpose::Change => "\n### Unavailable\n\n".to_owned(),
        Purpose::FipsTax => "\n### Unavailable on either side\n\n".to_owned(),
    };
    for ((algorithm, reason), what) in by_reason {
        out.push_str(&format!(
            "- {} ({}): {}\n",
            inline(algorithm),
            what.join(", "),
            inline(reason)
        ));
    }
    out
}
