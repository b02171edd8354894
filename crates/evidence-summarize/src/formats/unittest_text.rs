//! What Python's `unittest` prints.

use std::collections::BTreeMap;

use contract::CheckStatus;
use contract::part::{Effect, Entry};

use crate::sink::{Count, DETAIL, Sink};
use crate::text::{Claim, Line, LineReader};
use crate::words;
use crate::xml::append;

/// The reader.
#[derive(Default)]
pub struct UnittestText {
    entries: BTreeMap<String, Entry>,
    /// The failure being told.
    telling: Option<String>,
    ruled: bool,
    ran: Option<(u64, u64)>,
    end: Option<String>,
    last: u64,
}

impl LineReader for UnittestText {
    fn line(&mut self, line: &Line<'_>) {
        self.last = line.number;
        let text = line.text.trim_end();
        if let Some((name, status, reason)) =
            verbose(text).filter(|_| self.ran.is_none() && self.telling.is_none())
        {
            let mut entry = Entry::new(None, name.to_owned(), status);
            (entry.line, entry.message) = (Some(line.number), reason);
            self.entries.insert(name.to_owned(), entry);
        } else if let Some(rest) =
            text.strip_prefix("Ran ").and_then(|rest| rest.split_once(" test"))
        {
            self.ran = rest.0.parse().ok().map(|count| (line.number, count));
            self.telling = None;
        } else if self.ran.is_some()
            && (text == "OK"
                || text.starts_with("OK (")
                || text.starts_with("FAILED (")
                || text.starts_with("NO TESTS RAN"))
        {
            self.end = Some(text.to_owned());
        } else if let Some((status, name)) = headed(text).filter(|_| self.ruled) {
            let entry = self
                .entries
                .entry(name.to_owned())
                .or_insert_with(|| Entry::new(None, name.to_owned(), status));
            entry.line.get_or_insert(line.number);
            (entry.status, entry.detail) = (status, None);
            self.telling = Some(name.to_owned());
        } else if let Some(entry) =
            self.telling.as_ref().and_then(|name| self.entries.get_mut(name))
        {
            let detail = entry.detail.get_or_insert_default();
            append(detail, text, DETAIL);
            append(detail, "\n", DETAIL);
        }
        self.ruled = text.len() >= 60 && text.bytes().all(|byte| byte == b'=');
    }

    fn claim(&self) -> Claim {
        match (&self.ran, &self.end, self.entries.is_empty()) {
            (Some(_), Some(_), _) => Claim::Sure,
            (Some(_), None, _) => Claim::Weak,
            _ => Claim::No,
        }
    }

    fn finish(&mut self, sink: &mut Sink) {
        sink.format("unittest");
        let end = self.end.take().unwrap_or_default();
        let counted = |word: &str| {
            let part = end
                .split(['(', ',', ')'])
                .find_map(|part| part.trim().strip_prefix(word)?.strip_prefix('='));
            part.and_then(|number| number.parse::<u64>().ok()).unwrap_or(0)
        };
        let found =
            |status| self.entries.values().filter(|entry| entry.status == status).count() as u64;
        let failures = counted("failures") + counted("unexpected successes");
        let skipped = counted("skipped") + counted("expected failures");
        let line = self.ran.map(|(line, _)| line);
        for (name, declared, found) in [
            ("failures", failures, found(CheckStatus::Failed)),
            ("errors", counted("errors"), found(CheckStatus::Broken)),
        ] {
            let effect = if declared > found { Effect::Fail } else { Effect::None };
            sink.compare("", line, Count { name, declared, found }, effect);
        }
        sink.unnamed(
            "",
            line,
            CheckStatus::Skipped,
            skipped.saturating_sub(found(CheckStatus::Skipped)),
        );
        if let Some((line, ran)) = self.ran {
            // An error in the set-up of a class is no test, and its tests did not run.
            let set_up = |entry: &&Entry| {
                entry.name.starts_with("setUp") || entry.name.starts_with("tearDown")
            };
            let fixtures = self.entries.values().filter(set_up).count() as u64;
            let bad = failures + counted("errors").saturating_sub(fixtures) + skipped;
            let passed = ran.saturating_sub(bad);
            sink.unnamed(
                "",
                Some(line),
                CheckStatus::Passed,
                passed.saturating_sub(found(CheckStatus::Passed)),
            );
        }
        if self.ran.is_none() || end.is_empty() {
            sink.cut_off(self.last);
        }
        for mut entry in std::mem::take(&mut self.entries).into_values() {
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
}

/// `test_x (m.C.test_x) ... ok`.
fn verbose(text: &str) -> Option<(&str, CheckStatus, Option<String>)> {
    let (name, word) = text.rsplit_once(" ... ")?;
    let (status, reason) = match word {
        "ok" => (CheckStatus::Passed, None),
        "FAIL" | "unexpected success" => (CheckStatus::Failed, None),
        "ERROR" => (CheckStatus::Broken, None),
        "expected failure" => (CheckStatus::Skipped, Some("expected failure".to_owned())),
        word => (
            CheckStatus::Skipped,
            words::present(word.strip_prefix("skipped")?.trim().trim_matches(['\'', '"'])),
        ),
    };
    Some((name, status, reason))
}

/// `ERROR: test_x (m.C.test_x)` below a rule.
fn headed(text: &str) -> Option<(CheckStatus, &str)> {
    if let Some(name) = text.strip_prefix("FAIL: ") {
        return Some((CheckStatus::Failed, name));
    }
    text.strip_prefix("ERROR: ").map(|name| (CheckStatus::Broken, name))
}
