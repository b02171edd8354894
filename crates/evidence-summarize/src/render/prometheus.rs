//! Prometheus text exposition format 0.0.4
//! (<https://prometheus.io/docs/instrumenting/exposition_formats/>), for a textfile collector.
//!
//! No timestamps: when it was collected is the collector's to say. Nothing here has a label for
//! each case: that is what the other formats are for.

use std::fmt::Write as _;

use contract::part::Effect;
use contract::summary::{Coverage, Summary};
use contract::{CheckStatus, Verdict};

/// The metrics.
#[must_use]
pub fn prometheus(summary: &Summary) -> String {
    let mut out = Metrics::default();
    let verdicts = [Verdict::Pass, Verdict::Incomplete, Verdict::NoEvidence, Verdict::Fail];
    out.gauge("evidence_verdict", "1 for the verdict reached under the gate, 0 for the others.");
    for verdict in verdicts {
        let labels = [("gate", summary.gate.name.as_str()), ("verdict", verdict.word())];
        out.sample(&labels, u64::from(verdict == summary.verdict));
    }
    out.gauge("evidence_cases", "Cases by what became of them.");
    for status in CheckStatus::ALL {
        out.sample(&[("status", status.word())], summary.totals.of(status));
    }
    out.gauge("evidence_layer_cases", "Cases by layer and status; none: no rule could place them.");
    for share in &summary.layers {
        let layer = share.layer.map_or("none", contract::Layer::word);
        for status in CheckStatus::ALL {
            let labels = [("layer", layer), ("status", status.word())];
            out.sample(&labels, share.totals.of(status));
        }
    }
    out.gauge("evidence_gaps", "What the verdict does not speak for.");
    let gaps = summary.gaps;
    let named = [
        ("degraded", gaps.degraded),
        ("flaky", gaps.flaky),
        ("not_run", gaps.not_run),
        ("skipped", gaps.skipped),
        ("unknown", gaps.unknown),
    ];
    for (kind, count) in named {
        out.sample(&[("kind", kind)], count);
    }
    out.gauge("evidence_unmet", "Things the gate asks for and did not get.");
    out.sample(&[], summary.unmet.len() as u64);
    statements(&mut out, summary);
    requirements(&mut out, summary);
    out.gauge("evidence_inputs", "Inputs that were read.");
    out.sample(&[], summary.inputs.len() as u64);
    out.gauge("evidence_input_bytes", "Their size in bytes.");
    out.sample(&[], summary.inputs.iter().fold(0, |sum, input| sum.saturating_add(input.bytes)));
    out.text
}

fn statements(out: &mut Metrics, summary: &Summary) {
    let effects =
        [(Effect::None, "none"), (Effect::Incomplete, "incomplete"), (Effect::Fail, "fail")];
    out.gauge("evidence_discrepancies", "Declared counts that do not hold, by what they mean.");
    for (effect, word) in effects {
        let count = summary.discrepancies.iter().filter(|found| found.effect == effect).count();
        out.sample(&[("effect", word)], count as u64);
    }
    out.gauge("evidence_findings", "What else has to be known, by what it means.");
    for (effect, word) in effects {
        let count = summary.findings.iter().filter(|found| found.effect == effect).count();
        out.sample(&[("effect", word)], count as u64);
    }
}

fn requirements(out: &mut Metrics, summary: &Summary) {
    let Some(rows) = &summary.requirements else { return };
    out.gauge("evidence_requirement", "1 for what became of the requirement, 0 for the others.");
    for row in rows {
        for coverage in Coverage::ALL {
            let labels = [("coverage", coverage.word()), ("id", row.id.as_str())];
            out.sample(&labels, u64::from(coverage == row.coverage));
        }
    }
}

/// Text that grows by whole metrics; samples belong to the gauge that was named last.
#[derive(Default)]
struct Metrics {
    text: String,
    name: &'static str,
}

impl Metrics {
    fn gauge(&mut self, name: &'static str, help: &str) {
        self.name = name;
        let _ = writeln!(self.text, "# HELP {name} {help}\n# TYPE {name} gauge");
    }

    fn sample(&mut self, labels: &[(&str, &str)], value: u64) {
        let pair = |(name, text): &(&str, &str)| format!("{name}=\"{}\"", label(text));
        let pairs: Vec<_> = labels.iter().map(pair).collect();
        let labels =
            if pairs.is_empty() { String::new() } else { format!("{{{}}}", pairs.join(",")) };
        let _ = writeln!(self.text, "{}{labels} {value}", self.name);
    }
}

/// A label's value on one line: acting characters are shown, then backslash and quote escaped.
fn label(text: &str) -> String {
    escape::terminal::line(text).replace('\\', "\\\\").replace('"', "\\\"")
}

#[cfg(test)]
mod tests {
    use super::label;

    #[test]
    fn a_label_cannot_end_early() {
        assert_eq!(label("a\"} 1\n\\"), "a\\\"} 1\\\\n\\\\");
    }
}
