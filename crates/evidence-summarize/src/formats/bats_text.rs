//! What bats prints for people (its `pretty` formatter).

use contract::CheckStatus;
use contract::part::{Effect, RemarkKind};

use super::console::{Sums, Told, before};
use crate::sink::Sink;
use crate::text::{Claim, Line, LineReader, plain};

/// The reader.
#[derive(Default)]
pub struct BatsText {
    told: Told,
    sums: Option<Sums>,
    warning: Option<(u64, String)>,
}

impl LineReader for BatsText {
    fn line(&mut self, line: &Line<'_>) {
        // The line is written again over its own beginning once the outcome is known.
        let last = line.text.rsplit("\u{1b}[1G").next().unwrap_or(line.text);
        let text = plain(last);
        let text = text.trim_end();
        if let Some(sums) = sum(text, line.number) {
            self.sums = Some(sums);
            self.told.done();
        } else if text.contains("bats warning: ") {
            self.warning = Some((line.number, text.trim().to_owned()));
        } else if let Some(name) = text.strip_prefix(" ✓ ") {
            self.told.case(None, name, CheckStatus::Passed, line.number);
        } else if let Some(name) = text.strip_prefix(" ✗ ") {
            self.told.case(None, name, CheckStatus::Failed, line.number);
        } else if let Some(name) = text.strip_prefix(" - ") {
            let (name, reason) = name.rsplit_once(" (skipped").unwrap_or((name, ""));
            self.told.case(None, name, CheckStatus::Skipped, line.number);
            self.told.reason(reason.trim_start_matches([':', ' ']).trim_end_matches(')'));
        } else {
            self.told.say(text.trim_start());
        }
    }

    fn name(&self) -> &'static str {
        "bats-text"
    }

    fn claim(&self) -> Claim {
        if self.sums.is_some() && !self.told.is_empty() { Claim::Sure } else { Claim::No }
    }

    fn finish(&mut self, sink: &mut Sink) {
        sink.format("bats-text");
        let sums = self.sums.take().unwrap_or_default();
        std::mem::take(&mut self.told).settle(&sums, sink);
        let idle = || (sums.line, "tests did not run: something ended the run early".to_owned());
        if let Some((line, why)) = self.warning.take().or((sums.idle > 0).then(idle)) {
            sink.remark(Some(line), RemarkKind::RunFailed, Effect::Incomplete, why);
        }
    }
}

/// `6 tests, 3 failures, 1 skipped, 1 not run`.
fn sum(text: &str, line: u64) -> Option<Sums> {
    let total = before(text, "tests").or(before(text, "test"))?;
    let failed = before(text, "failures").or(before(text, "failure"))?;
    let starts = text.starts_with(|c: char| c.is_ascii_digit());
    let skipped = before(text, "skipped").unwrap_or(0);
    let idle = before(text, "not").unwrap_or(0);
    let passed = total.saturating_sub([failed, skipped, idle].iter().sum());
    starts.then_some(Sums { line, passed, failed, skipped, idle, ..Sums::default() })
}
