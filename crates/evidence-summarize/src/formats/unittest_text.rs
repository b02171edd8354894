//! What Python's `unittest` prints.

use std::collections::{BTreeMap, BTreeSet};

use contract::CheckStatus;
use contract::part::{Effect, Entry};

use crate::sink::{Count, DETAIL, Sink};
use crate::text::{Claim, Line, LineReader};
use crate::words;
use crate::xml::append;

/// The reader.
#[derive(Default)]
pub struct UnittestText {
    done: Vec<Run>,
    run: Run,
    last: u64,
}

/// One run, up to the line that says whether all went well.
#[derive(Default)]
struct Run {
    entries: BTreeMap<String, Entry>,
    /// Names that only a line of `-v` told, and whether it stood where another test ran.
    verbose: BTreeMap<String, bool>,
    /// All names of lines of `-v`.
    seen: BTreeSet<String>,
    /// The test that was begun and has not ended, or whose outcome stands on the next line.
    begun: Option<String>,
    titled: Option<String>,
    /// The failure being told.
    telling: Option<String>,
    ruled: bool,
    dashed: bool,
    ran: Option<(u64, u64)>,
    end: Option<String>,
}

impl LineReader for UnittestText {
    fn line(&mut self, line: &Line<'_>) {
        self.last = line.number;
        self.run.line(line.text.trim_end(), line.number);
        if self.run.end.is_some() {
            self.done.push(std::mem::take(&mut self.run));
        }
    }

    fn claim(&self) -> Claim {
        let any = !self.run.is_empty();
        if !self.done.is_empty() {
            Claim::Sure
        } else if any || self.run.ran.is_some() {
            Claim::Weak
        } else {
            Claim::No
        }
    }

    fn finish(&mut self, sink: &mut Sink) {
        sink.format("unittest");
        let cut = self.done.is_empty() || !self.run.is_empty();
        for run in self.done.drain(..) {
            run.tell(sink);
        }
        if cut {
            let run = std::mem::take(&mut self.run);
            if let Some(name) = run.begun.clone().filter(|name| !run.entries.contains_key(name)) {
                let mut entry = Entry::new(None, name, CheckStatus::Unknown);
                entry.message = Some("it was begun and did not end".to_owned());
                sink.push(entry);
            }
            run.tell(sink);
            sink.cut_off(self.last);
        }
    }
}

impl Run {
    fn is_empty(&self) -> bool {
        self.entries.is_empty() && self.begun.is_none()
    }

    fn line(&mut self, text: &str, line: u64) {
        let dashed = self.dashed;
        if self.ran.is_none() && self.telling.is_none() && self.progress(text, line) {
            // A line of `-v`.
        } else if let Some(rest) =
            text.strip_prefix("Ran ").filter(|_| dashed).and_then(|rest| rest.split_once(" test"))
        {
            self.ran = rest.0.parse().ok().map(|count| (line, count));
            self.telling = None;
        } else if self.ran.is_some() && is_end(text) {
            self.end = Some(text.to_owned());
        } else if let Some((status, name)) = headed(text).filter(|_| self.ruled) {
            let entry = self
                .entries
                .entry(name.to_owned())
                .or_insert_with(|| Entry::new(None, name.to_owned(), status));
            entry.line.get_or_insert(line);
            (entry.status, entry.detail) = (status, None);
            self.verbose.remove(name);
            self.telling = Some(name.to_owned());
        } else if let Some(entry) =
            self.telling.as_ref().and_then(|name| self.entries.get_mut(name))
        {
            let detail = entry.detail.get_or_insert_default();
            append(detail, text, DETAIL);
            append(detail, "\n", DETAIL);
        }
        self.dashed = text.len() >= 60 && text.bytes().all(|byte| byte == b'-');
        self.ruled = text.len() >= 60 && text.bytes().all(|byte| byte == b'=');
    }

    fn counted(&self, word: &str) -> u64 {
        let part = self.end.as_deref().unwrap_or_default().split(['(', ',', ')']);
        let mut numbers = part.filter_map(|part| part.trim().strip_prefix(word)?.strip_prefix('='));
        numbers.next().and_then(|number| number.parse().ok()).unwrap_or(0)
    }

    fn found(&self, status: CheckStatus) -> u64 {
        self.entries.values().filter(|entry| entry.status == status).count() as u64
    }

    /// Drops, of `status`, what is more than the run counts: tests that only a line of `-v` told,
    /// first those told while another test ran.
    fn fit(&mut self, status: CheckStatus, count: u64) {
        for while_running in [true, false] {
            for (name, printed) in &self.verbose {
                let surplus = self.found(status) > count && *printed == while_running;
                if surplus && self.entries.get(name).is_some_and(|entry| entry.status == status) {
                    self.entries.remove(name);
                }
            }
        }
    }

    fn tell(mut self, sink: &mut Sink) {
        let failures = self.counted("failures") + self.counted("unexpected successes");
        let skipped = self.counted("skipped") + self.counted("expected failures");
        let errors = self.counted("errors");
        let line = self.ran.map(|(line, _)| line);
        if let (Some((line, ran)), true) = (self.ran, self.end.is_some()) {
            // An error in the set-up of a class is no test, and its tests did not run.
            let set_up = |entry: &&Entry| {
                entry.name.starts_with("setUp") || entry.name.starts_with("tearDown")
            };
            let fixtures = self.entries.values().filter(set_up).count() as u64;
            let bad = failures + errors.saturating_sub(fixtures) + skipped;
            let passed = ran.saturating_sub(bad);
            // Without `-v` no line is told of each test.
            if (self.seen.len() as u64) < ran {
                self.entries.retain(|name, _| !self.verbose.contains_key(name));
            }
            self.fit(CheckStatus::Passed, passed);
            self.fit(CheckStatus::Failed, failures);
            self.fit(CheckStatus::Broken, errors);
            let told = self.found(CheckStatus::Passed);
            sink.unnamed("", Some(line), CheckStatus::Passed, passed.saturating_sub(told));
        }
        for (name, declared, found) in [
            ("failures", failures, self.found(CheckStatus::Failed)),
            ("errors", errors, self.found(CheckStatus::Broken)),
        ] {
            let effect = if declared > found { Effect::Fail } else { Effect::None };
            sink.compare("", line, Count { name, declared, found }, effect);
        }
        let told = self.found(CheckStatus::Skipped);
        sink.unnamed("", line, CheckStatus::Skipped, skipped.saturating_sub(told));
        for mut entry in self.entries.into_values() {
            if entry.message.is_none() {
                let last = |text: &str| {
                    text.lines()
                        .rev()
                        .filter(|line| !line.starts_with('-'))
                        .find_map(words::present)
                };
                entry.message = entry.detail.as_deref().and_then(last);
            }
            sink.push(entry);
        }
    }

    /// Takes a line of `-v`, if it is one.
    fn progress(&mut self, text: &str, line: u64) -> bool {
        let titled = self.titled.take();
        let (name, status, reason) = match verbose(text) {
            Some(Verbose::Case(name, status, reason)) => (name.to_owned(), status, reason),
            Some(Verbose::Outcome(status, reason)) => match self.begun.take() {
                Some(name) => (name, status, reason),
                None => return false,
            },
            Some(Verbose::Begun(name)) => {
                self.begun = Some(name.to_owned());
                self.seen.insert(name.to_owned());
                return true;
            }
            Some(Verbose::Title(name)) => {
                self.titled = Some(name.to_owned());
                return true;
            }
            None => {
                let word = text.rsplit_once(" ... ").and_then(|(_, word)| outcome(word));
                match (titled, word) {
                    (Some(name), Some((status, reason))) => (name, status, reason),
                    _ => return false,
                }
            }
        };
        // A test of which a subtest failed has no outcome of its own.
        if self.begun.as_ref().is_some_and(|begun| name.starts_with(begun.as_str())) {
            self.begun = None;
        }
        self.seen.insert(name.clone());
        self.verbose.insert(name.clone(), self.begun.is_some());
        let mut entry = Entry::new(None, name.clone(), status);
        (entry.line, entry.message) = (Some(line), reason);
        self.entries.insert(name, entry);
        true
    }
}

fn is_end(text: &str) -> bool {
    let ends = ["OK (", "FAILED (", "NO TESTS RAN"];
    text == "OK" || ends.iter().any(|start| text.starts_with(start))
}

/// What a line of `-v` says of a case.
enum Verbose<'a> {
    /// `test_x (m.C.test_x) ... ok`.
    Case(&'a str, CheckStatus, Option<String>),
    /// The same, with what the test prints instead of its outcome.
    Begun(&'a str),
    /// `test_x (m.C.test_x)`: its first line of documentation and its outcome follow.
    Title(&'a str),
    /// An outcome alone.
    Outcome(CheckStatus, Option<String>),
}

fn verbose(text: &str) -> Option<Verbose<'_>> {
    let text = text.trim();
    if let Some((status, reason)) = outcome(text) {
        return Some(Verbose::Outcome(status, reason));
    }
    let Some((name, word)) =
        text.rsplit_once(" ... ").or(text.strip_suffix(" ...").map(|n| (n, "")))
    else {
        return is_name(text).then_some(Verbose::Title(text));
    };
    if let (true, Some((status, reason))) = (is_name(name), outcome(word)) {
        return Some(Verbose::Case(name, status, reason));
    }
    let (name, _) = text.split_once(" ...")?;
    is_name(name).then_some(Verbose::Begun(name))
}

/// `test_x (m.C.test_x)`, also with the parameters of a subtest behind it.
fn is_name(text: &str) -> bool {
    let Some((method, rest)) = text.split_once(" (") else { return false };
    let Some((place, _)) = rest.split_once(')') else { return false };
    let word = |text: &str, also: &[char]| {
        !text.is_empty()
            && text.chars().all(|c| c.is_alphanumeric() || c == '_' || also.contains(&c))
    };
    word(method, &[]) && word(place, &['.', '<', '>'])
}

fn outcome(word: &str) -> Option<(CheckStatus, Option<String>)> {
    Some(match word {
        "ok" => (CheckStatus::Passed, None),
        "FAIL" | "unexpected success" => (CheckStatus::Failed, None),
        "ERROR" => (CheckStatus::Broken, None),
        "expected failure" => (CheckStatus::Skipped, Some("expected failure".to_owned())),
        word => (
            CheckStatus::Skipped,
            words::present(word.strip_prefix("skipped ")?.trim().trim_matches(['\'', '"'])),
        ),
    })
}

/// `ERROR: test_x (m.C.test_x)` below a rule.
fn headed(text: &str) -> Option<(CheckStatus, &str)> {
    for start in ["FAIL: ", "UNEXPECTED SUCCESS: "] {
        if let Some(name) = text.strip_prefix(start) {
            return Some((CheckStatus::Failed, name));
        }
    }
    text.strip_prefix("ERROR: ").map(|name| (CheckStatus::Broken, name))
}
