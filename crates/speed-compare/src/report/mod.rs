//! The comparison in other forms than JSON: one file each.

pub mod csv;
pub mod github;
pub mod markdown;
pub mod text;

use contract::speed_comparison::{Change, Purpose, SpeedComparison, Totals, Verdict};

/// A change as people read it: `-5.1 %`, or a dash if there is none.
fn percent(change: Option<f64>) -> String {
    change.map_or_else(|| "-".to_owned(), |change| format!("{} %", signed(change)))
}

/// With its sign and one decimal; `0.0` has none.
fn signed(value: f64) -> String {
    let text = format!("{value:+.1}");
    if matches!(text.as_str(), "-0.0" | "+0.0") { "0.0".to_owned() } else { text }
}

/// A change with its interval: `-5.1 % [-6.0, -4.2]`.
fn with_interval(change: &Change) -> String {
    match (change.low_percent, change.high_percent) {
        (Some(low), Some(high)) => {
            format!("{} [{}, {}]", percent(Some(change.percent)), signed(low), signed(high))
        }
        _ => format!("{} (no interval)", percent(Some(change.percent))),
    }
}

/// `3 regression, 57 same`: what there is, worst first.
fn counts(totals: &Totals) -> String {
    let all = [
        (totals.regression, Verdict::Regression),
        (totals.improvement, Verdict::Improvement),
        (totals.same, Verdict::Same),
        (totals.inconclusive, Verdict::Inconclusive),
        (totals.not_paired, Verdict::NotPaired),
        (totals.unavailable, Verdict::Unavailable),
    ];
    let named: Vec<String> = all
        .iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, verdict)| format!("{count} {}", words(*verdict)))
        .collect();
    if named.is_empty() { "no cells".to_owned() } else { named.join(", ") }
}

/// `1 pair`, `4 pairs`.
fn several(count: u64, one: &str) -> String {
    if count == 1 { format!("1 {one}") } else { format!("{count} {one}s") }
}

/// A verdict in words.
fn words(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::NotPaired => "not paired",
        other => other.word(),
    }
}

/// What the comparison is called.
fn heading(purpose: Purpose) -> &'static str {
    match purpose {
        Purpose::Change => "Speed comparison",
        Purpose::FipsTax => "FIPS tax",
    }
}

/// The paragraphs that say how sure everything is, one each.
fn notes(document: &SpeedComparison) -> Vec<String> {
    let method = &document.method;
    let mut notes = vec![format!(
        "{}, confidence {} %, margin {} %, noise threshold {} %, {} tested",
        several(method.pair_count, "pair"),
        method.confidence * 100.0,
        method.margin_percent,
        method.noise_threshold_percent,
        several(method.tested, "cell"),
    )];
    if document.purpose == Purpose::FipsTax {
        notes.push("no tax is claimed where the interval covers 0 %".to_owned());
    }
    if let Some(common) = &document.common {
        let (what, done) = match &common.kept_because {
            None => ("common to all cells", "removed from the cells".to_owned()),
            Some(why) => ("median of the cells", format!("left in the cells: {why}")),
        };
        let change = with_interval(&common.change);
        notes.push(format!("{what}: {change}, {} ({done})", words(common.verdict)));
    }
    if let Some(power) = &document.power {
        let pairs = |pairs: Option<u64>| {
            pairs.map_or_else(|| "out of reach".to_owned(), |pairs| pairs.to_string())
        };
        notes.push(format!(
            "this data can show a change of {:.1} % in half of the cells, of {:.1} % in nine of \
             ten; pairs needed for 5 %: {}, for 2 %: {}, for 1 %: {}",
            power.detectable_percent,
            power.detectable_in_most_percent,
            pairs(power.pairs_needed.five_percent),
            pairs(power.pairs_needed.two_percent),
            pairs(power.pairs_needed.one_percent),
        ));
    }
    if let Some(startup) = &document.startup {
        let interval = match (startup.low_ms, startup.high_ms) {
            (Some(low), Some(high)) => format!(" [{low:+.2}, {high:+.2}]"),
            _ => String::new(),
        };
        notes.push(format!(
            "starting the process costs {:.2} ms of CPU time in the baseline and {:.2} ms in the \
             candidate (medians); pair by pair, it differs by {:+.2} ms{interval}, {}",
            startup.baseline.median_ms,
            startup.candidate.median_ms,
            startup.difference_ms,
            words(startup.verdict)
        ));
    }
    notes
}
