//! What Robot Framework prints.

use contract::CheckStatus;

use super::console::{Sums, Told, before};
use crate::sink::Sink;
use crate::text::{Claim, Line, LineReader, plain};

/// The reader.
#[derive(Default)]
pub struct RobotText {
    told: Told,
    sums: Option<Sums>,
    /// The beginning of a line whose outcome stands on a later one.
    name: String,
    /// Whether the last case may still turn out to be a suite, and how many were told before it.
    fresh: bool,
}

impl LineReader for RobotText {
    fn line(&mut self, line: &Line<'_>) {
        let text = plain(line.text);
        let text = text.trim_end();
        let rule = text.len() >= 70 && text.bytes().all(|byte| byte == b'-' || byte == b'=');
        if rule {
            self.told.done();
            (self.fresh, self.name) = (false, String::new());
        } else if let Some((name, status)) = outcome(text) {
            let name = if name.trim().is_empty() { &self.name } else { name.trim() };
            self.fresh = !self.told.knows(name);
            self.told.case(None, name, status, line.number);
        } else if let Some(sums) = sum(text, line.number) {
            // What is summed up is a suite.
            if self.fresh {
                self.told.forget_last();
            }
            self.sums = Some(sums);
        } else if let (false, Some((name, _))) = (self.fresh, text.split_once("    ")) {
            self.name = name.trim().to_owned();
        } else {
            self.told.say(text);
        }
    }

    fn claim(&self) -> Claim {
        if self.sums.is_some() { Claim::Sure } else { Claim::No }
    }

    fn finish(&mut self, sink: &mut Sink) {
        sink.format("robot-text");
        let sums = self.sums.take().unwrap_or_default();
        std::mem::take(&mut self.told).settle(&sums, sink);
    }
}

fn outcome(text: &str) -> Option<(&str, CheckStatus)> {
    let words = [
        ("| PASS |", CheckStatus::Passed),
        ("| FAIL |", CheckStatus::Failed),
        ("| SKIP |", CheckStatus::Skipped),
    ];
    words.iter().find_map(|(word, status)| Some((text.strip_suffix(word)?, *status)))
}

/// `6 tests, 2 passed, 3 failed, 1 skipped`.
fn sum(text: &str, line: u64) -> Option<Sums> {
    let (total, rest) = text.split_once(' ')?;
    total.parse::<u64>().ok()?;
    rest.strip_prefix("tests, ").or(rest.strip_prefix("test, "))?;
    let (passed, failed) = (before(text, "passed")?, before(text, "failed")?);
    let skipped = before(text, "skipped").unwrap_or(0);
    Some(Sums { line, passed, failed, skipped, ..Sums::default() })
}
