//! `speed-comparison` documents of speed-compare: a case for each cell, and one for the shift that
//! all cells have in common.

use contract::part::{Effect, Entry, RemarkKind};
use contract::speed_comparison::{
    Cell, Change, Common, SpeedComparison, Startup, Totals, Verdict, Warning, WarningCode,
};
use contract::{CheckStatus, Document as _, Layer};
use serde::Deserialize;
use serde_json::value::RawValue;

use crate::json::{Document, JsonFormat};
use crate::sink::{Count, Sink};

/// The format.
pub const FORMAT: JsonFormat = JsonFormat {
    name: "speed-comparison",
    knows: |keys| keys.schema.as_deref() == Some(SpeedComparison::SCHEMA),
    read,
};

/// Id of the case of the common shift; no key of a cell is like it.
const COMMON: &str = "common";

/// Where the cells stand; the document as a whole is read by its type.
#[derive(Deserialize)]
struct Places<'a> {
    #[serde(borrow)]
    cells: Vec<&'a RawValue>,
    #[serde(borrow)]
    common: Option<&'a RawValue>,
}

fn read(document: &Document<'_>, sink: &mut Sink) -> serde_json::Result<()> {
    let comparison: SpeedComparison = serde_json::from_str(document.text)?;
    let places: Places<'_> = serde_json::from_str(document.text)?;
    let suite = format!("{} against {}", comparison.candidate.label, comparison.baseline.label);
    for (cell, raw) in comparison.cells.iter().zip(places.cells) {
        sink.push(document.at(raw, of_cell(&suite, cell)));
    }
    if let (Some(common), Some(raw)) = (&comparison.common, places.common) {
        sink.push(document.at(raw, of_common(&suite, common)));
    }
    compare_totals(&comparison, sink);
    compare_verdict(&comparison, sink);
    comparison.warnings.iter().for_each(|warning| warn(warning, sink));
    if let Some(startup) = &comparison.startup {
        mention(startup, sink);
    }
    Ok(())
}

fn of_cell(suite: &str, cell: &Cell) -> Entry {
    let mut entry = entry(suite, cell.title(), cell.id.clone(), cell.verdict);
    if entry.status != CheckStatus::Passed {
        entry.message = Some(message(cell.verdict, cell.change.as_ref(), cell.reason.as_deref()));
    }
    entry
}

fn of_common(suite: &str, common: &Common) -> Entry {
    let name = "the change common to all cells".to_owned();
    let mut entry = entry(suite, name, COMMON.to_owned(), common.verdict);
    if entry.status != CheckStatus::Passed {
        entry.message = Some(message(common.verdict, Some(&common.change), None));
    }
    entry
}

fn entry(suite: &str, name: String, id: String, verdict: Verdict) -> Entry {
    let mut entry = Entry::new(Some(suite.to_owned()), name, status(verdict));
    entry.id = id;
    entry.layer = Some(Layer::Capability);
    entry.remedy = remedy(verdict).map(str::to_owned);
    entry
}

/// A cell that was measured on both sides was executed, whatever can be said of it; one that was
/// not lacks what a comparison needs.
fn status(verdict: Verdict) -> CheckStatus {
    match verdict {
        Verdict::Regression => CheckStatus::Failed,
        Verdict::Improvement | Verdict::Same => CheckStatus::Passed,
        Verdict::Inconclusive | Verdict::NotPaired => CheckStatus::Unknown,
        Verdict::Unavailable => CheckStatus::Skipped,
    }
}

fn remedy(verdict: Verdict) -> Option<&'static str> {
    match verdict {
        Verdict::Regression => Some("find what made the candidate slower"),
        Verdict::Inconclusive => Some("measure more pairs: `pairs_needed` says how many"),
        Verdict::NotPaired => {
            Some("measure both sides in turn, with `speed-run`, and compare that")
        }
        Verdict::Unavailable => {
            Some("find out why one side has no figure: the reason names the side")
        }
        Verdict::Improvement | Verdict::Same => None,
    }
}

/// What the document says of it: the verdict's word, the change, the reason.
fn message(verdict: Verdict, change: Option<&Change>, reason: Option<&str>) -> String {
    let mut message = verdict.word().to_owned();
    if let Some(change) = change {
        message += &format!(": {:+} %", change.percent);
        if let (Some(low), Some(high)) = (change.low_percent, change.high_percent) {
            message += &format!(" ({low:+} to {high:+} %)");
        }
        if let Some(p) = change.p_adjusted {
            message += &format!(", adjusted p {p}");
        }
    }
    if let Some(reason) = reason {
        message += &format!(": {reason}");
    }
    message
}

fn compare_totals(comparison: &SpeedComparison, sink: &mut Sink) {
    let found = Totals::of(comparison.cells.iter().map(|cell| cell.verdict));
    let declared = &comparison.totals;
    let counts = [
        ("cells", declared.cells, found.cells),
        ("regression", declared.regression, found.regression),
        ("improvement", declared.improvement, found.improvement),
        ("same", declared.same, found.same),
        ("inconclusive", declared.inconclusive, found.inconclusive),
        ("unavailable", declared.unavailable, found.unavailable),
        ("not_paired", declared.not_paired, found.not_paired),
    ];
    for (name, declared, found) in counts {
        let lost = name == "regression" && declared > found;
        let effect = if lost { Effect::Fail } else { Effect::Incomplete };
        sink.compare("", None, Count { name, declared, found }, effect);
    }
}

/// Holds the document's own verdict against what it shows.
fn compare_verdict(comparison: &SpeedComparison, sink: &mut Sink) {
    if comparison.cells.is_empty() {
        let message = "it compares nothing: there is no cell";
        sink.remark(None, RemarkKind::Omission, Effect::Incomplete, message);
    }
    let said = comparison.verdict;
    let shown = |verdict| {
        let cells = comparison.cells.iter().map(|cell| cell.verdict);
        cells.chain(comparison.common.as_ref().map(|common| common.verdict)).any(|v| v == verdict)
    };
    let effect = match said {
        Verdict::Regression if !shown(said) => Effect::Fail,
        Verdict::Inconclusive | Verdict::NotPaired if !shown(said) => Effect::Incomplete,
        Verdict::Unavailable if !comparison.cells.is_empty() && !shown(said) => Effect::Incomplete,
        said if said != Verdict::Regression && shown(Verdict::Regression) => Effect::Fail,
        _ => return,
    };
    let message = format!("its verdict is {said}, which is not what its cells show");
    sink.remark(None, RemarkKind::Contradiction, effect, message);
}

/// Passes on what takes something from the figures. How the sides differ is what is compared.
fn warn(warning: &Warning, sink: &mut Sink) {
    let (kind, effect) = match warning.code {
        WarningCode::Incomplete => (RemarkKind::Omission, Effect::Incomplete),
        WarningCode::ExitStatus => (RemarkKind::RunFailed, Effect::None),
        WarningCode::Disagreement | WarningCode::MixedSide => {
            (RemarkKind::Contradiction, Effect::None)
        }
        WarningCode::NotPaired
        | WarningCode::NotInterleaved
        | WarningCode::Unpartnered
        | WarningCode::Ambiguous
        | WarningCode::Repeated
        | WarningCode::FipsNotShown => (RemarkKind::Omission, Effect::None),
        WarningCode::Version
        | WarningCode::Options
        | WarningCode::Compiler
        | WarningCode::Cpuinfo
        | WarningCode::Multi
        | WarningCode::Elapsed
        | WarningCode::Arguments
        | WarningCode::Resolution => return,
    };
    sink.remark(None, kind, effect, warning.message.clone());
}

/// What starting costs is measured apart, and neither verdict nor gate of a comparison asks for it.
fn mention(startup: &Startup, sink: &mut Sink) {
    let message = format!(
        "what starting costs is no part of its verdict: {}, {:+} ms of CPU time",
        startup.verdict, startup.difference_ms
    );
    sink.remark(None, RemarkKind::Omission, Effect::None, message);
}
