//! What Playwright prints at its end: a count of each kind, with the names below it. Its marks
//! before that say whether a test threw, not whether it passed.

use contract::CheckStatus;
use contract::part::{Attempt, Effect, Entry, RemarkKind};

use super::console::{Sums, Told};
use crate::sink::Sink;
use crate::text::{Claim, Line, LineReader, plain};

/// The reader.
#[derive(Default)]
pub struct PlaywrightText {
    begun: bool,
    told: Told,
    flaky: Vec<(String, u64)>,
    section: Option<&'static str>,
    sums: Sums,
    last: u64,
    errors: u64,
}

const WORDS: [&str; 6] = ["passed", "failed", "flaky", "skipped", "did not run", "interrupted"];

impl LineReader for PlaywrightText {
    fn line(&mut self, line: &Line<'_>) {
        self.last = line.number;
        let text = plain(line.text);
        let text = text.trim_end();
        if text.starts_with("Running ") && text.contains(" using ") && text.contains(" worker") {
            *self = Self { begun: true, ..Self::default() };
        } else if !self.begun {
        } else if let Some((word, count)) = count(text) {
            self.section = Some(word);
            let slot = match word {
                "passed" => &mut self.sums.passed,
                "failed" => &mut self.sums.failed,
                "skipped" => &mut self.sums.skipped,
                "did not run" => &mut self.sums.idle,
                "interrupted" => &mut self.sums.broken,
                _ => return,
            };
            (*slot, self.sums.line) = (count, line.number);
        } else if text.contains("errors were not a part of any test")
            || text.contains("error was not a part of any test")
        {
            self.errors += 1;
        } else if let Some(name) = text.strip_prefix("    ").filter(|_| self.section.is_some()) {
            self.named(name.trim_end_matches('─').trim(), line.number);
        } else {
            self.section = None;
        }
    }

    fn name(&self) -> &'static str {
        "playwright-text"
    }

    fn claim(&self) -> Claim {
        if self.begun { Claim::Sure } else { Claim::No }
    }

    fn finish(&mut self, sink: &mut Sink) {
        sink.format("playwright-text");
        let cut = self.sums == Sums::default() && self.flaky.is_empty();
        std::mem::take(&mut self.told).settle(&self.sums, sink);
        for (name, line) in self.flaky.drain(..) {
            for status in [CheckStatus::Failed, CheckStatus::Passed] {
                let mut entry = Entry::new(None, name.clone(), status);
                (entry.line, entry.attempt) = (Some(line), Attempt::InOrder);
                sink.push(entry);
            }
        }
        if self.errors > 0 {
            let message = "errors outside of any test";
            sink.remark(None, RemarkKind::LoadError, Effect::Fail, message);
        } else if cut {
            sink.cut_off(self.last);
        }
    }
}

impl PlaywrightText {
    /// `[chromium] › a.spec.js:2:20 › suite › name`.
    fn named(&mut self, text: &str, line: u64) {
        let name = text.split(" › ").skip_while(|part| !part.contains(':')).skip(1);
        let name = name.collect::<Vec<_>>().join(" › ");
        match self.section {
            Some("failed") => self.told.case(None, &name, CheckStatus::Failed, line),
            Some("interrupted") => self.told.case(None, &name, CheckStatus::Broken, line),
            Some("flaky") if !name.is_empty() => self.flaky.push((name, line)),
            _ => {}
        }
        self.told.done();
    }
}

/// `  3 failed`, `  2 passed (6.7s)`.
fn count(text: &str) -> Option<(&'static str, u64)> {
    let (number, rest) = text.strip_prefix("  ")?.split_once(' ')?;
    let rest = rest.split_once(" (").map_or(rest, |(word, _)| word);
    let word = WORDS.into_iter().find(|word| *word == rest)?;
    Some((word, number.parse().ok()?))
}
