//! What is left when the tables are done: measurements without a row, errors, and whether the run
//! was read to its end.

use std::borrow::Cow;

use contract::speed::{Cause, Kind, Operation, Source};

use super::measured::{Rate, label_of};
use super::{At, Resolve};
use crate::formats::Work;
use crate::item::{Subject, Value};
use crate::label::Label;
use crate::run::{Blame, Open, Outcome, Progress};

/// Why a run is not complete, if it is not.
pub(super) fn incomplete(open: &Open) -> Option<String> {
    if let Some(line) = open.cut {
        return Some(format!("the results end in the middle of line {line}"));
    }
    if let Some(end) = &open.run.end
        && end.exit_code != Some(0)
    {
        return Some(match end.exit_code {
            Some(code) => format!("openssl ended with status {code}"),
            None => "openssl was ended by a signal".to_owned(),
        });
    }
    if !open.samples.is_empty() || open.has_results() {
        return None;
    }
    if let Some(at) = open.open {
        return Some(format!("the log ends while line {} was measured", open.progress[at].line));
    }
    let faults = open.faults.iter().filter(|fault| !matches!(fault.blame, Blame::Argument(_)));
    match (open.progress.is_empty(), open.has_sizes || open.has_numbers) {
        (_, true) => Some("the table has no row".to_owned()),
        (false, _) if !open.children.is_empty() => None,
        (false, _) => Some("the log has progress lines and no table".to_owned()),
        (true, _) if open.has_header || open.forked > 0 => None,
        (true, _) if faults.count() > 0 => Some("the log has errors and no table".to_owned()),
        (true, _) => None,
    }
}

impl Resolve<'_, '_> {
    /// Measurements that no table took.
    pub(super) fn left_over(&mut self) {
        if self.open.children_count().is_some() || self.open.mixed {
            return;
        }
        for at in 0..self.open.progress.len() {
            if !self.measured.taken[at] {
                self.measured_only(at, &self.open.progress[at]);
            }
        }
    }

    fn measured_only(&mut self, at: usize, progress: &Progress) {
        let (label, operation, block_size) =
            match (progress.work, label_of(self.open, self.names, at)) {
                (Work::Blocks(size), _) => {
                    (self.names.throughput(progress.name, self.era), None, Some(size))
                }
                (_, Some((label, operation))) => (label, Some(operation), None),
                (Work::Named(operation), None) => {
                    let name = String::from_utf8_lossy(self.names.text(progress.name)).into_owned();
                    let at =
                        At { operation: Some(operation), line: progress.line, ..At::default() };
                    let (cause, reason) = self.no_result(progress);
                    self.failed(Subject::Name(&name), at, cause, reason);
                    return;
                }
                (Work::Key, None) => return,
            };
        let rate = Rate::of(progress.outcome);
        let at = At {
            operation,
            block_size,
            count: rate.map(|rate| rate.count),
            seconds: rate.map(|rate| rate.seconds),
            line: progress.line,
        };
        match (rate, block_size) {
            #[allow(clippy::cast_precision_loss)] // block sizes are small
            (Some(rate), Some(size)) => {
                self.figure(&label, at, Value::bytes(rate.rate * size as f64), Source::Progress);
            }
            (Some(rate), None) => {
                self.figure(&label, at, Value::Operations(rate.rate), Source::Progress);
            }
            (None, _) => {
                let (cause, reason) = self.no_result(progress);
                self.failed(Subject::Label(&label), at, cause, reason);
            }
        }
    }

    fn no_result(&self, progress: &Progress) -> (Cause, Cow<'static, str>) {
        let (cause, reason) = match progress.outcome {
            Outcome::Fault(at) => {
                return (Cause::Error, self.open.faults[at].text.clone().into());
            }
            Outcome::Open => (Cause::CutOff, "the log has no result for this line"),
            Outcome::Done { count: None, .. } => {
                (Cause::Negative, "the count is negative: a counter overflowed")
            }
            Outcome::Done { count: Some(0), .. } => (Cause::Zero, "nothing was done in the time"),
            Outcome::Done { .. } => {
                (Cause::NotFinite, "the time is 0.00 s: too short for the timer")
            }
        };
        (cause, reason.into())
    }

    /// Errors that no measurement was open for.
    pub(super) fn faults(&mut self) {
        for (at, fault) in self.open.faults.iter().enumerate() {
            if self.told.contains(&at) {
                continue;
            }
            let (name, operation) = match &fault.blame {
                Blame::Name(_) => continue,
                Blame::Family(family, operation) => (family, *operation),
                Blame::Named(name) | Blame::Argument(name) => (name, None),
            };
            let at = At { operation, line: fault.line, ..At::default() };
            self.failed(Subject::Name(name), at, Cause::Error, Cow::Borrowed(&fault.text));
        }
    }

    /// Figures of `bssl speed`.
    pub(super) fn samples(&mut self) {
        for (line, sample) in &self.open.samples {
            let (name, operation) = sample.parts();
            let label = sample_label(&sample.description, &name, operation, sample.bytes_per_call);
            #[allow(clippy::cast_precision_loss)] // microseconds stay below 2^53
            let seconds = sample.microseconds as f64 / 1e6;
            let outcome = Outcome::Done { count: Some(sample.num_calls), seconds, kind: None };
            let at =
                At { operation, block_size: sample.bytes_per_call, line: *line, ..At::default() };
            match Rate::of(outcome) {
                None => {
                    let reason = format!("{} calls in {seconds} s", sample.num_calls);
                    self.failed(Subject::Label(&label), at, Cause::Zero, reason.into());
                }
                Some(rate) => {
                    #[allow(clippy::cast_precision_loss)] // block sizes are small
                    let value = match sample.bytes_per_call {
                        Some(size) => Value::bytes(rate.rate * size as f64),
                        None => Value::Operations(rate.rate),
                    };
                    // Its clock has microseconds: there is no tick to tell of.
                    let figure = crate::item::Figure {
                        label: &label,
                        operation,
                        block_size: sample.bytes_per_call,
                        value,
                        count: Some(rate.count),
                        seconds: Some(seconds),
                        resolution: None,
                        run: self.run,
                        line: *line,
                        source: Source::Bssl,
                    };
                    (self.sink)(crate::item::Item::Figure(figure));
                }
            }
        }
    }
}

/// What a description of `bssl speed` names.
fn sample_label(
    printed: &str,
    name: &str,
    operation: Option<Operation>,
    bytes: Option<u64>,
) -> Label {
    use crate::curves;
    let printed = printed.to_owned();
    if bytes.is_some() {
        return Label { printed, ..Label::throughput(name, crate::names::Era::New) };
    }
    let (family, rest) = name.split_once(' ').unwrap_or((name, ""));
    let lower = family.to_ascii_lowercase();
    let curve = curves::by_name(rest).or_else(|| curves::by_name(family));
    match (lower.as_str(), rest.parse::<u64>(), curve) {
        ("rsa", Ok(bits), _) => Label::sized(printed, "rsa", bits),
        ("ecdsa" | "ecdh", _, Some(curve)) => Label::on_curve(printed, &lower, curve),
        ("ed25519", _, Some(curve)) => Label::on_curve(printed, "eddsa", curve),
        _ => {
            let kind = match operation {
                Some(Operation::Encaps | Operation::Decaps) => Kind::Kem,
                _ => Kind::Asymmetric,
            };
            Label {
                printed,
                ..Label::named(&crate::names::canonical(name, crate::names::Era::New), kind)
            }
        }
    }
}
