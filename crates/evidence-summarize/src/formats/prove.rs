//! What Perl's `prove` prints.

use contract::CheckStatus;
use contract::part::{Effect, Entry, RemarkKind};

use super::tap::Tap;
use crate::sink::{Keep, Sink};
use crate::text::{Claim, Line, LineReader};

/// The reader.
#[derive(Default)]
pub struct Prove {
    entries: Vec<Entry>,
    result: Option<(u64, CheckStatus)>,
    stopped: Option<(u64, String)>,
    current: Option<(String, u64)>,
    last: u64,
    /// Whether the last line was the one before the result.
    totals: bool,
    /// How many files the last lines count, and the failed ones they name.
    files: u64,
    failed: Vec<(String, u64)>,
    /// The points of the file at hand, as `-v` tells them; and whether any were told.
    tap: Tap,
    verbose: bool,
}

impl LineReader for Prove {
    fn line(&mut self, line: &Line<'_>) {
        self.last = line.number;
        let text = untimed(line.text.trim_end());
        if let Some(files) = text.strip_prefix("Files=").filter(|_| text.contains(", Tests=")) {
            self.files = files.split(',').next().and_then(|n| n.parse().ok()).unwrap_or(0);
        } else if let Some(name) = failed(text) {
            self.failed.push((name.to_owned(), line.number));
        }
        let totals = std::mem::replace(&mut self.totals, text.starts_with("Files="));
        if let Some(word) = text.strip_prefix("Result: ").filter(|_| totals) {
            let status = match word {
                "PASS" => CheckStatus::Passed,
                "NOTESTS" => CheckStatus::NotRun,
                _ => CheckStatus::Failed,
            };
            self.result = Some((line.number, status));
        } else if text.contains("Further testing stopped") || text.starts_with("Bailout called") {
            self.stopped.get_or_insert((line.number, text.to_owned()));
        } else if self.result.is_none() && text.starts_with(|c: char| !c.is_whitespace()) {
            self.file(text, line.number);
        }
        if self.current.is_some() && outcome(text).is_none() {
            self.tap.line(line);
        }
    }

    fn overrides(&self) -> &'static [&'static str] {
        &["tap"]
    }

    fn claim(&self) -> Claim {
        let result = self.result.is_some() || self.stopped.is_some();
        let told = !self.entries.is_empty() || self.current.is_some() || self.stopped.is_some();
        if result && (self.files > 0 || told) {
            Claim::Sure
        } else if self.named() {
            // Cut off: the last word on the whole is missing.
            if self.verbose { Claim::Sure } else { Claim::Weak }
        } else {
            Claim::No
        }
    }

    fn finish(&mut self, sink: &mut Sink) {
        sink.format("prove");
        let failing = self.entries.iter().any(|entry| entry.status == CheckStatus::Failed);
        let silent = !failing && !self.verbose;
        if let Some((line, CheckStatus::Failed)) = self.result.filter(|_| silent) {
            sink.remark(Some(line), RemarkKind::RunFailed, Effect::Fail, "the run failed");
        }
        if let Some((line, text)) = self.stopped.take() {
            sink.remark(Some(line), RemarkKind::RunFailed, Effect::Fail, text);
        }
        if let Some((name, _)) = self.current.take() {
            self.points(Some(&name));
        }
        if self.result.is_none() && self.stopped.is_none() {
            sink.cut_off(self.last);
        }
        // With `-Q` only the last lines speak.
        if let (true, Some((line, _))) = (self.entries.is_empty(), self.result) {
            let passed = self.files.saturating_sub(self.failed.len() as u64);
            sink.unnamed("", Some(line), CheckStatus::Passed, passed);
            for (name, line) in self.failed.drain(..) {
                let mut entry = Entry::new(None, name, CheckStatus::Failed);
                entry.line = Some(line);
                sink.push(entry);
            }
        }
        for entry in self.entries.drain(..) {
            sink.push(entry);
        }
    }
}

/// A line without the time that `--timer` writes before it.
fn untimed(text: &str) -> &str {
    let rest = text.strip_prefix('[').and_then(|rest| rest.split_once("] "));
    let time =
        |text: &str| text.len() == 8 && text.bytes().all(|b| b == b':' || b.is_ascii_digit());
    rest.filter(|(start, _)| time(start)).map_or(text, |(_, rest)| rest)
}

/// The file in `t/a.t (Wstat: 256 Tests: 7 Failed: 2)`, if it did not pass.
fn failed(text: &str) -> Option<&str> {
    let (name, rest) = text.split_once(" (Wstat: ")?;
    let well = rest.starts_with("0 ") && rest.contains(" Failed: 0)");
    (!well).then(|| name.trim())
}

impl Prove {
    /// Takes the points of `file`. Whether one of them failed, if there were any.
    fn points(&mut self, file: Option<&String>) -> Option<bool> {
        let mut points = Sink::new(Keep::All);
        std::mem::take(&mut self.tap).finish(&mut points);
        let file = file?;
        let fails = |entry: &Entry| entry.status == CheckStatus::Failed;
        let failing = points.entries.iter().any(fails);
        let any = !points.entries.is_empty();
        self.verbose |= any;
        for mut entry in points.entries {
            let suite = entry.suite.map_or(file.clone(), |suite| format!("{file} > {suite}"));
            entry.id = format!("{suite}::{}", entry.name);
            entry.suite = Some(suite);
            self.entries.push(entry);
        }
        any.then_some(failing)
    }

    /// Whether what was seen names test files.
    fn named(&self) -> bool {
        let names = self.entries.iter().map(|entry| entry.suite.as_ref().unwrap_or(&entry.name));
        names
            .chain(self.current.iter().map(|(name, _)| name))
            .any(|name| name.split(" > ").next().is_some_and(|file| file.ends_with(".t")))
    }

    /// `t/a.t .. ok`, or `t/a.t ..` with the outcome on a later line.
    fn file(&mut self, text: &str, line: u64) {
        let (name, word) = match text
            .split_once(" ..")
            .map(|(name, rest)| (name.trim(), rest.trim_start_matches('.').trim()))
        {
            Some((name, "")) => {
                self.points(None);
                self.current = Some((name.to_owned(), line));
                return;
            }
            Some((name, word)) if !name.contains(' ') => (name.to_owned(), word),
            _ => match self.current.take() {
                Some((name, _)) if outcome(text).is_some() => (name, text),
                other => {
                    self.current = other;
                    return;
                }
            },
        };
        let Some(status) = outcome(word) else {
            self.current = Some((name, line));
            return;
        };
        let mut entry = Entry::new(None, name, status);
        entry.line = Some(line);
        // With `-v` its points are the cases; the file is one only if it failed and none did.
        let failing = self.points(Some(&entry.name));
        if failing.is_some_and(|failing| failing || status != CheckStatus::Failed) {
            return;
        }
        entry.message = (status != CheckStatus::Passed).then(|| word.to_owned());
        self.entries.push(entry);
    }
}

fn outcome(word: &str) -> Option<CheckStatus> {
    if word == "ok" || word.starts_with("ok ") && word.contains("ms") {
        Some(CheckStatus::Passed)
    } else if word.starts_with("Failed ")
        || word.starts_with("Dubious")
        || word.starts_with("No subtests run")
    {
        Some(CheckStatus::Failed)
    } else if word.starts_with("skipped") {
        Some(CheckStatus::Skipped)
    } else {
        None
    }
}
