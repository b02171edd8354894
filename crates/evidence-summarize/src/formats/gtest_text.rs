//! What GoogleTest prints.

use std::collections::BTreeMap;

use contract::CheckStatus;
use contract::part::{Effect, Entry, RemarkKind};

use crate::sink::{Count, DETAIL, Sink};
use crate::text::{Claim, Line, LineReader, plain};
use crate::words;
use crate::xml::append;

/// The reader.
#[derive(Default)]
pub struct GTestText {
    running: Option<(String, u64, String)>,
    entries: Vec<Entry>,
    counts: BTreeMap<&'static str, (u64, u64)>,
    suites: Vec<(u64, String)>,
    ended: bool,
    signs: bool,
    last: u64,
}

impl LineReader for GTestText {
    fn line(&mut self, line: &Line<'_>) {
        self.last = line.number;
        let text = plain(line.text);
        let Some((word, rest)) = text.strip_prefix('[').and_then(|text| text.split_once("] "))
        else {
            if let Some((_, _, said)) = &mut self.running {
                append(said, &text, DETAIL);
                append(said, "\n", DETAIL);
            }
            return;
        };
        match (word.trim(), &self.running) {
            ("RUN", None) => {
                self.running = Some((rest.trim().to_owned(), line.number, String::new()));
            }
            ("OK" | "FAILED" | "SKIPPED", Some((name, _, _))) if of(rest) == name => {
                self.end(word.trim(), rest);
            }
            ("DISABLED", None) => {
                self.push(rest.trim(), CheckStatus::NotRun, line.number, "");
            }
            ("==========", None) if rest.contains(" ran.") => {
                (self.ended, self.signs) = (true, true);
            }
            ("==========", None) => self.signs = true,
            ("PASSED" | "FAILED" | "SKIPPED", None) if self.ended => {
                self.total(word.trim(), rest, line.number);
            }
            _ => {}
        }
    }

    fn name(&self) -> &'static str {
        "gtest"
    }

    fn claim(&self) -> Claim {
        match (self.signs, self.entries.is_empty() && self.running.is_none()) {
            (true, _) => Claim::Sure,
            (false, false) => Claim::Weak,
            (false, true) => Claim::No,
        }
    }

    fn inside(&self) -> bool {
        self.running.is_some()
    }

    fn finish(&mut self, sink: &mut Sink) {
        sink.format("gtest");
        if let Some((name, line, said)) = self.running.take() {
            self.push(
                &name,
                CheckStatus::Broken,
                line,
                &format!("it was started and did not end\n{said}"),
            );
        }
        if !self.ended {
            sink.cut_off(self.last);
        }
        let of = |status| self.entries.iter().filter(|entry| entry.status == status).count() as u64;
        let found = [("PASSED", of(CheckStatus::Passed)), ("FAILED", of(CheckStatus::Failed))];
        for (word, found) in found {
            let Some((line, declared)) = self.counts.get(word).copied() else { continue };
            let effect =
                if word == "FAILED" && declared > found { Effect::Fail } else { Effect::None };
            let name = if word == "FAILED" { "failures" } else { "passed" };
            sink.compare("", Some(line), Count { name, declared, found }, effect);
        }
        for (line, suite) in self.suites.drain(..) {
            let message = format!("set-up or tear-down of a suite failed: {suite}");
            sink.remark(Some(line), RemarkKind::LoadError, Effect::Fail, message);
        }
        for entry in self.entries.drain(..) {
            sink.push(entry);
        }
    }
}

impl GTestText {
    fn end(&mut self, word: &str, rest: &str) {
        let Some((name, line, said)) = self.running.take() else { return };
        let status = match word {
            "OK" => CheckStatus::Passed,
            "SKIPPED" => CheckStatus::Skipped,
            _ => CheckStatus::Failed,
        };
        self.push(&name, status, line, &said);
        let time = rest.rsplit_once(" (").and_then(|(_, time)| time.strip_suffix(" ms)"));
        if let (Some(entry), Some(time)) = (self.entries.last_mut(), time) {
            entry.duration_ms = time.parse().ok();
        }
    }

    fn push(&mut self, name: &str, status: CheckStatus, line: u64, said: &str) {
        let (suite, test) = name.split_once('.').unwrap_or(("", name));
        let mut entry = Entry::new(Some(suite.to_owned()), test.to_owned(), status);
        entry.line = Some(line);
        if status != CheckStatus::Passed {
            entry.detail = words::present(said);
            let place = |line: &&str| {
                !line.ends_with(": Failure")
                    && !line.ends_with(": Skipped")
                    && !line.trim().is_empty()
                    && *line != "Failed"
            };
            entry.message = said.lines().find(place).and_then(words::present);
        }
        self.entries.push(entry);
    }

    fn total(&mut self, word: &str, rest: &str, line: u64) {
        let number = rest.split(' ').next().and_then(|number| number.parse().ok());
        match (word, number) {
            ("PASSED", Some(number)) => {
                self.counts.insert("PASSED", (line, number));
            }
            ("FAILED", Some(number)) => {
                self.counts.insert("FAILED", (line, number));
            }
            ("FAILED", None) if rest.contains("TestSuite") || rest.contains("TestCase") => {
                self.suites.push((line, rest.trim().to_owned()));
            }
            _ => {}
        }
    }
}

/// The test's name in `A.B (0 ms)` and in `A.B, where …`.
fn of(rest: &str) -> &str {
    rest.split([' ', ',']).next().unwrap_or(rest)
}
