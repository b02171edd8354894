//! What `ctest` prints.

use std::sync::LazyLock;

use contract::CheckStatus;
use contract::part::{Effect, Entry, Span};
use regex::Regex;

use crate::sink::{Count, Sink};
use crate::text::{Claim, Line, LineReader};
use crate::words;

/// The reader.
#[derive(Default)]
pub struct CTestText {
    entries: Vec<Entry>,
    failed: Option<(u64, u64, u64)>,
    planned: u64,
    none: Option<u64>,
    /// Whether a line says that a run begins.
    begun: bool,
    last: u64,
}

// This module's own patterns: a mistake in one is found by the fixtures.
static TEST: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"^\s*\d+/(\d+) Test\s+#\d+: (.+?) \.*\s*(?:\*\*\*)?(Passed|Failed|Not Run|Skipped|Timeout|Exception|Completed|Subprocess \w+|Child \w+|Unable to|Bad \w+)(.*?)\s+([\d.]+) sec").ok()
});
static TOTAL: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"^\d+% tests passed, (\d+) tests? failed out of (\d+)").ok());

impl LineReader for CTestText {
    fn line(&mut self, line: &Line<'_>) {
        self.last = line.number;
        if line.text.starts_with("Test project ") {
            self.begun = true;
        } else if line.text.starts_with("No tests were found") {
            self.none = Some(line.number);
        } else if let Some(found) = TEST.as_ref().and_then(|pattern| pattern.captures(line.text)) {
            self.planned = found[1].parse().unwrap_or(0);
            let status = match (&found[3], found[4].contains("Disabled")) {
                ("Passed" | "Completed", _) => CheckStatus::Passed,
                ("Failed", _) => CheckStatus::Failed,
                ("Skipped", _) => CheckStatus::Skipped,
                ("Not Run", true) => CheckStatus::NotRun,
                _ => CheckStatus::Broken,
            };
            let mut entry = Entry::new(None, found[2].to_owned(), status);
            entry.duration_ms = words::seconds(&found[5]);
            entry.message =
                (status != CheckStatus::Passed).then(|| format!("{}{}", &found[3], &found[4]));
            entry.line = Some(line.number);
            entry.bytes = Some(Span { start: line.offset, end: line.end() });
            self.entries.push(entry);
        } else if let Some(found) = TOTAL.as_ref().and_then(|pattern| pattern.captures(line.text)) {
            let number = |index: usize| found[index].parse().unwrap_or(0);
            self.failed = Some((line.number, number(1), number(2)));
        }
    }

    fn name(&self) -> &'static str {
        "ctest"
    }

    fn claim(&self) -> Claim {
        if self.begun || self.none.is_some() || self.failed.is_some() {
            Claim::Sure
        } else if self.entries.is_empty() {
            Claim::No
        } else {
            Claim::Weak
        }
    }

    fn finish(&mut self, sink: &mut Sink) {
        sink.format("ctest");
        let failing =
            |entry: &&Entry| matches!(entry.status, CheckStatus::Failed | CheckStatus::Broken);
        let found = self.entries.iter().filter(failing).count() as u64;
        match self.failed {
            Some((line, failed, all)) => {
                let effect = if failed > found { Effect::Fail } else { Effect::None };
                sink.compare(
                    "",
                    Some(line),
                    Count { name: "failures", declared: failed, found },
                    effect,
                );
                if self.entries.is_empty() {
                    sink.unnamed("", Some(line), CheckStatus::Passed, all.saturating_sub(failed));
                    sink.unnamed("", Some(line), CheckStatus::Failed, failed);
                }
            }
            None if self.none.is_none() => {
                let told = self.entries.len() as u64;
                sink.unnamed(
                    "",
                    Some(self.last),
                    CheckStatus::NotRun,
                    self.planned.saturating_sub(told),
                );
                sink.cut_off(self.last);
            }
            None => {}
        }
        for entry in self.entries.drain(..) {
            sink.push(entry);
        }
    }
}
