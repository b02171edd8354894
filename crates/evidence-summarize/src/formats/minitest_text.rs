//! What Ruby's minitest and test-unit print: failures told one by one, and a sum.

use contract::CheckStatus;

use super::console::{Sums, Told, before};
use crate::sink::Sink;
use crate::text::{Claim, Line, LineReader};

/// The reader.
#[derive(Default)]
pub struct MinitestText {
    told: Told,
    /// The kind of a failure whose name stands on the next line (minitest).
    kind: Option<CheckStatus>,
    timed: bool,
    sums: Option<Sums>,
}

impl LineReader for MinitestText {
    fn line(&mut self, line: &Line<'_>) {
        let text = line.text.trim_end();
        if let Some(sums) = sum(text, line.number).filter(|_| self.timed) {
            self.sums = Some(sums);
            self.told.done();
        } else if text.starts_with("Finished in ") {
            self.timed = true;
        } else if let Some(status) = self.kind.take() {
            self.named(text, status, line.number);
        } else if let Some((status, name)) = heading(text) {
            self.told.done();
            match name {
                "" => self.kind = Some(status),
                name => self.named(name, status, line.number),
            }
        } else {
            self.told.say(text.trim_start());
        }
    }

    fn claim(&self) -> Claim {
        if self.sums.is_some() { Claim::Sure } else { Claim::No }
    }

    fn overrides(&self) -> &'static [&'static str] {
        &["bats-text"]
    }

    fn finish(&mut self, sink: &mut Sink) {
        sink.format("minitest");
        let sums = self.sums.take().unwrap_or_default();
        std::mem::take(&mut self.told).settle(&sums, sink);
    }
}

impl MinitestText {
    /// `T#test_bad [t.rb:4]:` and `test_bad(T)`.
    fn named(&mut self, text: &str, status: CheckStatus, line: u64) {
        let name = text.trim_end_matches(':');
        let name = name.rsplit_once(" [").map_or(name, |(name, _)| name);
        let (suite, name) = match (name.split_once('#'), name.rsplit_once('(')) {
            (Some((suite, name)), _) => (suite, name),
            (None, Some((name, suite))) => (suite.trim_end_matches(')'), name),
            (None, None) => ("", name),
        };
        let suite = Some(suite.to_owned()).filter(|suite| !suite.is_empty());
        self.told.case(suite, name.trim(), status, line);
    }
}

/// `  1) Failure:` (minitest), `Failure: test_bad(T): message` (test-unit).
fn heading(text: &str) -> Option<(CheckStatus, &str)> {
    let text = match text.trim_start().split_once(") ") {
        Some((number, rest)) if number.parse::<u32>().is_ok() => rest,
        _ => text,
    };
    let (word, rest) = text.split_once(':')?;
    let status = match word {
        "Failure" => CheckStatus::Failed,
        "Error" => CheckStatus::Broken,
        "Skipped" | "Pending" | "Omission" => CheckStatus::Skipped,
        _ => return None,
    };
    let rest = rest.trim();
    Some((status, rest.split_once("):").map_or(rest, |(name, _)| name)))
}

/// `6 runs, 5 assertions, 2 failures, 1 errors, 1 skips`, or test-unit's
/// `5 tests, 6 assertions, 1 failures, 1 errors, 1 pendings, 1 omissions, 0 notifications`.
fn sum(text: &str, line: u64) -> Option<Sums> {
    let total = before(text, "runs").or(before(text, "tests")).or(before(text, "run"))?;
    before(text, "assertions").or(before(text, "assertion"))?;
    let (failed, broken) = (before(text, "failures")?, before(text, "errors")?);
    let of = |word| before(text, word).unwrap_or(0);
    let skipped = of("skips") + of("pendings") + of("omissions");
    let passed =
        total.saturating_sub([failed, broken, skipped].into_iter().fold(0, u64::saturating_add));
    Some(Sums { line, passed, failed, broken, skipped, idle: 0 })
}
