//! What Robot Framework prints: blocks between rules, a test or the sum of a suite in each. What a
//! test prints stands in its block, between its name and its outcome.

use contract::CheckStatus;

use super::console::{Sums, Told, before};
use crate::sink::{DETAIL, Sink};
use crate::text::{Claim, Line, LineReader};
use crate::xml::append;

/// The reader.
#[derive(Default)]
pub struct RobotText {
    told: Told,
    /// Whether a rule was seen, and the name of the outermost suite.
    ruled: bool,
    root: String,
    suite: String,
    block: Block,
    sums: Option<Sums>,
    /// Whether the last words of the dotted console were seen.
    dotted: bool,
    last: u64,
}

/// The lines since the last rule.
#[derive(Default)]
struct Block {
    first: Option<(u64, String)>,
    /// An outcome that stands alone: the test printed something after its name.
    alone: Option<CheckStatus>,
    sums: Option<Sums>,
    said: String,
}

impl LineReader for RobotText {
    fn line(&mut self, line: &Line<'_>) {
        self.last = line.number;
        let text = line.text.trim_end();
        let rule = |mark| text.len() >= 70 && text.bytes().all(|byte| byte == mark);
        if rule(b'=') || rule(b'-') && self.ruled {
            self.end_block(rule(b'='));
            self.ruled = true;
        } else if text.starts_with("Run suite '") && text.contains(" in ") {
            self.end_block(false);
            self.dotted = true;
        } else if let Some(sums) = sum(text, line.number) {
            self.block.sums = Some(sums);
            if self.dotted {
                self.sums = Some(sums);
            }
        } else if self.block.first.is_none() {
            self.block.first = Some((line.number, text.to_owned()));
        } else if let Some(("", status)) = outcome(text) {
            self.block.alone = Some(status);
        } else {
            append(&mut self.block.said, text, DETAIL);
            append(&mut self.block.said, "\n", DETAIL);
        }
    }

    fn claim(&self) -> Claim {
        match (self.sums.is_some(), self.told.is_empty()) {
            (true, _) => Claim::Sure,
            (false, false) => Claim::Weak,
            (false, true) => Claim::No,
        }
    }

    fn finish(&mut self, sink: &mut Sink) {
        sink.format("robot-text");
        let told = std::mem::take(&mut self.told);
        let sums = self.sums.take().unwrap_or_else(|| {
            sink.cut_off(self.last);
            told.sums(self.last)
        });
        told.settle(&sums, sink);
    }
}

impl RobotText {
    fn end_block(&mut self, double: bool) {
        let block = std::mem::take(&mut self.block);
        let Some((line, first)) = block.first.filter(|_| self.ruled) else { return };
        if let Some(name) = first.strip_prefix("FAIL: ") {
            let (suite, name) = name.rsplit_once('.').unwrap_or(("", name));
            self.told.case(Some(suite.to_owned()), name, CheckStatus::Failed, line);
            self.told.say(&block.said);
        } else if let Some((name, status)) = outcome(&first) {
            match block.sums.filter(|_| double) {
                Some(sums) => self.end_suite(title(name), status, sums),
                None => self.case(title(name), status, line, &block.said),
            }
        } else if let Some(status) = block.alone {
            self.case(title(&first), status, line, "");
        } else if double && block.said.is_empty() {
            title(&first).clone_into(&mut self.suite);
            if self.root.is_empty() {
                self.root.clone_from(&self.suite);
            }
        }
    }

    fn case(&mut self, name: &str, status: CheckStatus, line: u64, said: &str) {
        let suite = Some(self.suite.clone()).filter(|suite| !suite.is_empty());
        self.told.case(suite, name, status, line);
        self.told.say(said);
        self.told.done();
    }

    fn end_suite(&mut self, name: &str, status: CheckStatus, sums: Sums) {
        // A tear-down that fails takes the passes back.
        if status == CheckStatus::Failed && sums.passed == 0 {
            self.told.fail_suite(name);
        }
        if name == self.root {
            self.sums = Some(sums);
        }
    }
}

/// The name at the beginning of a line, without what pads it and without its documentation.
fn title(text: &str) -> &str {
    let name = text.split("  ").next().unwrap_or(text);
    name.split(" :: ").next().unwrap_or(name).trim()
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
