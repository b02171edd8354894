//! What behave prints: lists of what failed, and a sum.

use contract::CheckStatus;

use super::console::{Sums, Told, before};
use crate::sink::Sink;
use crate::text::{Claim, Line, LineReader, plain};

/// The reader.
#[derive(Default)]
pub struct BehaveText {
    told: Told,
    section: Option<CheckStatus>,
    features: bool,
    sums: Option<Sums>,
}

impl LineReader for BehaveText {
    fn line(&mut self, line: &Line<'_>) {
        let text = plain(line.text);
        let text = text.trim_end();
        if text == "Failing scenarios:" {
            self.section = Some(CheckStatus::Failed);
        } else if text == "Errored scenarios:" || text == "Error scenarios:" {
            self.section = Some(CheckStatus::Broken);
        } else if let (Some(status), Some((_, name))) =
            (self.section, text.strip_prefix("  ").and_then(|rest| rest.split_once("  ")))
        {
            self.told.case(None, name.trim(), status, line.number);
            self.told.done();
        } else if before(text, "features").or(before(text, "feature")).is_some() {
            (self.features, self.section) = (true, None);
        } else if let Some(sums) = sum(text, line.number).filter(|_| self.features) {
            self.sums = Some(sums);
        } else {
            self.section = None;
        }
    }

    fn claim(&self) -> Claim {
        if self.sums.is_some() { Claim::Sure } else { Claim::No }
    }

    fn finish(&mut self, sink: &mut Sink) {
        sink.format("behave-text");
        let sums = self.sums.take().unwrap_or_default();
        std::mem::take(&mut self.told).settle(&sums, sink);
    }
}

/// `2 scenarios passed, 2 failed, 2 error, 1 skipped`.
fn sum(text: &str, line: u64) -> Option<Sums> {
    let (passed, rest) =
        text.split_once(" scenarios passed, ").or_else(|| text.split_once(" scenario passed, "))?;
    let of = |word| before(rest, word).unwrap_or(0);
    let broken = of("error") + of("errors") + of("undefined");
    let (failed, skipped) = (of("failed"), of("skipped") + of("untested"));
    Some(Sums { line, passed: passed.trim().parse().ok()?, failed, broken, skipped, idle: 0 })
}
