//! What Vitest prints: failures under ` FAIL `, cases where they are listed, and a sum.

use contract::CheckStatus;
use contract::part::{Effect, RemarkKind};

use super::console::outline::untimed;
use super::console::{Sums, Told, before};
use crate::sink::Sink;
use crate::text::{Claim, Line, LineReader, plain};

/// The reader.
#[derive(Default)]
pub struct VitestText {
    told: Told,
    files: Option<u64>,
    errors: u64,
    sums: Option<Sums>,
    /// Whether what follows the sums is there.
    closed: bool,
    last: u64,
}

impl LineReader for VitestText {
    fn line(&mut self, line: &Line<'_>) {
        let text = plain(line.text);
        let text = text.trim_end();
        self.last = line.number;
        self.closed |= self.sums.is_some() && text.trim_start().starts_with("Start at");
        if let Some(name) = text.strip_prefix(" FAIL  ") {
            self.failure(name, line.number);
        } else if let Some(rest) = text.strip_prefix(" Test Files  ") {
            self.files = Some(before(rest, "failed").unwrap_or(0));
        } else if let Some(rest) =
            text.strip_prefix("      Tests  ").filter(|_| self.files.is_some())
        {
            let of = |word| before(rest, word).unwrap_or(0);
            // `1 expected fail` passed: the case says that it fails.
            let passed = of("passed") + of("expected");
            let (failed, skipped) = (of("failed"), of("skipped") + of("todo"));
            let line = line.number;
            self.sums = Some(Sums { line, passed, failed, skipped, ..Sums::default() });
        } else if let Some(rest) = text.strip_prefix("     Errors  ") {
            self.errors = before(rest, "errors").or(before(rest, "error")).unwrap_or(1);
        } else if text.starts_with("⎯⎯") {
            self.told.done();
        } else if !self.listed(text, line.number) {
            self.told.say(text);
        }
    }

    fn name(&self) -> &'static str {
        "vitest-text"
    }

    fn claim(&self) -> Claim {
        if self.sums.is_some() || self.files.is_some() { Claim::Sure } else { Claim::No }
    }

    fn overrides(&self) -> &'static [&'static str] {
        &["tap"]
    }

    fn finish(&mut self, sink: &mut Sink) {
        sink.format("vitest-text");
        let mut sums = self.sums.take().unwrap_or_default();
        let told = std::mem::take(&mut self.told);
        // Files and suites that failed as a whole are not among the tests.
        sums.broken = told.count(CheckStatus::Broken);
        if sums.failed + sums.broken == 0 {
            sums.broken = self.files.unwrap_or(0);
        }
        told.settle(&sums, sink);
        if !self.closed {
            sink.cut_off(self.last);
        }
        if self.errors > 0 {
            let message = format!("{} errors outside of any case", self.errors);
            sink.remark(None, RemarkKind::LoadError, Effect::Fail, message);
        }
    }
}

impl VitestText {
    /// `file > suite > name`, or `file [ file ]` for a file that could not be loaded.
    fn failure(&mut self, name: &str, line: u64) {
        let name = name.trim_start_matches('|');
        let file = name.split_once(" [ ").map(|(file, _)| file);
        if let Some(file) = file.filter(|file| !file.contains(" > ")) {
            return self.told.case(None, file, CheckStatus::Broken, line);
        }
        let whole = match name.rsplit_once(" > ") {
            // A suite whose set-up failed is told before its cases are.
            Some((suite, last)) => (Some(suite.to_owned()), last),
            None => (None, name),
        };
        self.told.case(whole.0, whole.1, CheckStatus::Failed, line);
    }

    fn listed(&mut self, text: &str, line: u64) -> bool {
        let Some((mark, name)) = text.trim_start().split_once(' ') else { return false };
        let status = match mark {
            "✓" => CheckStatus::Passed,
            "×" => CheckStatus::Failed,
            "↓" | "□" => CheckStatus::Skipped,
            _ => return false,
        };
        let name = name.split(" (retry ").next().unwrap_or(name);
        if let Some((suite, name)) = untimed(name).rsplit_once(" > ") {
            self.told.case(Some(suite.to_owned()), name, status, line);
            self.told.done();
        }
        true
    }
}
