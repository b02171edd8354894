//! What RSpec prints: what is pending, what failed, and a sum.

use contract::CheckStatus;
use contract::part::{Effect, RemarkKind};

use super::console::{Sums, Told, before};
use crate::sink::Sink;
use crate::text::{Claim, Line, LineReader, plain};

/// The reader.
#[derive(Default)]
pub struct RspecText {
    told: Told,
    section: Option<CheckStatus>,
    timed: bool,
    outside: u64,
    sums: Option<Sums>,
}

impl LineReader for RspecText {
    fn line(&mut self, line: &Line<'_>) {
        let text = plain(line.text);
        let text = text.trim_end();
        if text == "Failures:" {
            self.section = Some(CheckStatus::Failed);
        } else if text.starts_with("Pending: (Failures listed here") || text == "Pending:" {
            self.section = Some(CheckStatus::Skipped);
        } else if text.starts_with("Finished in ") {
            (self.timed, self.section) = (true, None);
            self.told.done();
        } else if let Some(sums) = sum(text, line.number).filter(|_| self.timed) {
            self.outside = before(text, "errors").or(before(text, "error")).unwrap_or(0);
            self.sums = Some(sums);
        } else if let Some((status, name)) = self.section.zip(numbered(text)) {
            let name = name.strip_suffix(" FIXED").unwrap_or(name);
            self.told.case(None, name, status, line.number);
        } else {
            self.told.say(text.trim_start());
        }
    }

    fn claim(&self) -> Claim {
        if self.sums.is_some() { Claim::Sure } else { Claim::No }
    }

    fn finish(&mut self, sink: &mut Sink) {
        sink.format("rspec-text");
        let sums = self.sums.take().unwrap_or_default();
        std::mem::take(&mut self.told).settle(&sums, sink);
        if self.outside > 0 {
            let message = format!("{} errors outside of any example", self.outside);
            sink.remark(Some(sums.line), RemarkKind::LoadError, Effect::Fail, message);
        }
    }
}

/// `9 examples, 5 failures, 3 pending`.
fn sum(text: &str, line: u64) -> Option<Sums> {
    let total = before(text, "examples").or(before(text, "example"))?;
    let failed = before(text, "failures").or(before(text, "failure"))?;
    let skipped = before(text, "pending").unwrap_or(0);
    let passed = total.saturating_sub(failed.saturating_add(skipped));
    Some(Sums { line, passed, failed, skipped, ..Sums::default() })
}

/// What follows `  12) `.
fn numbered(text: &str) -> Option<&str> {
    let (digits, rest) = text.strip_prefix("  ")?.split_once(") ")?;
    (!digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())).then_some(rest)
}
