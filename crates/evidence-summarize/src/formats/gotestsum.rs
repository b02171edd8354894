//! What gotestsum prints: failures and skips told at the end, and `DONE 3 tests, 1 failure in 0.1s`.

use contract::CheckStatus;

use super::console::{Sums, Told, before};
use crate::sink::Sink;
use crate::text::{Claim, Line, LineReader};

/// The reader.
#[derive(Default)]
pub struct GoTestSum {
    told: Told,
    sums: Option<Sums>,
    /// Between `=== Errors` and the end: what the compiler says.
    errors: Option<(u64, String)>,
    in_errors: bool,
    sections: bool,
}

/// Whether a line is gotestsum's last.
pub fn is_sum(text: &str) -> bool {
    text.starts_with("DONE ")
        && text.contains(" in ")
        && before(text, "tests").or(before(text, "test")).is_some()
}

impl LineReader for GoTestSum {
    fn line(&mut self, line: &Line<'_>) {
        let text = line.text.trim_end();
        if is_sum(text) {
            let of = |one, many| before(text, one).or(before(text, many)).unwrap_or(0);
            let (total, failed) = (of("test", "tests"), of("failure", "failures"));
            let (skipped, broken) = (of("skipped", "skipped"), of("error", "errors"));
            let passed = total.saturating_sub(failed + skipped);
            let idle = 0;
            self.sums = Some(Sums { line: line.number, passed, failed, broken, skipped, idle });
        } else if text == "=== Failed" || text == "=== Skipped" {
            (self.sections, self.in_errors) = (true, false);
            self.told.done();
        } else if text == "=== Errors" {
            self.in_errors = true;
            self.told.done();
        } else if self.in_errors {
            if !text.is_empty() && self.errors.is_none() {
                self.errors = Some((line.number, text.to_owned()));
            }
        } else if let Some((status, suite, name)) = heading(text).filter(|_| self.sections) {
            self.told.case(suite, name, status, line.number);
        } else if !text.trim_start().starts_with("=== ") {
            self.told.say(text);
        }
    }

    fn name(&self) -> &'static str {
        "gotestsum"
    }

    fn claim(&self) -> Claim {
        if self.sums.is_some() { Claim::Sure } else { Claim::No }
    }

    fn finish(&mut self, sink: &mut Sink) {
        sink.format("gotestsum");
        let sums = self.sums.unwrap_or_default();
        let mut told = std::mem::take(&mut self.told);
        if let Some((line, error)) = self.errors.take() {
            told.case(None, "(build)", CheckStatus::Broken, line);
            told.say(&error);
        }
        told.settle(&sums, sink);
    }
}

/// `=== FAIL: pkg TestX (0.00s)`; a package that fails alone has no test.
fn heading(text: &str) -> Option<(CheckStatus, Option<String>, &str)> {
    let (status, rest) = match text.strip_prefix("=== FAIL: ") {
        Some(rest) => (CheckStatus::Failed, rest),
        None => (CheckStatus::Skipped, text.strip_prefix("=== SKIP: ")?),
    };
    let (package, rest) = rest.split_once(' ')?;
    let name = rest.rsplit_once(" (").map_or(rest, |(name, _)| name);
    let name = if name.is_empty() || name.starts_with('(') { "(package)" } else { name };
    Some((status, Some(package.to_owned()), name))
}
