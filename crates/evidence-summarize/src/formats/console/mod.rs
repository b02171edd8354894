//! What runners print for people: cases told one by one, and a sum at the end that says how many
//! there were. The sum decides; a case that it has no room for was printed by a test.

pub mod outline;

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

use contract::CheckStatus;
use contract::part::{Effect, Entry};

use crate::sink::{Count, DETAIL, Sink};
use crate::words;
use crate::xml::append;

/// No text names more cases than this; the sum speaks for the rest.
const MAX_TOLD: usize = 2_000_000;

/// The cases that a text tells.
#[derive(Default)]
pub struct Told {
    entries: Vec<Entry>,
    index: BTreeMap<String, usize>,
    /// The case that the following lines speak of.
    open: Option<usize>,
    /// Lines that no case and no headline stands on.
    noise: BTreeSet<u64>,
    /// Lines of cases.
    lines: BTreeSet<u64>,
}

impl Told {
    /// A case. One that was told before is told again: the worse status holds, and what follows
    /// is about it.
    pub fn case(&mut self, suite: Option<String>, name: &str, status: CheckStatus, line: u64) {
        self.open = None;
        self.lines.insert(line);
        if name.is_empty() || self.entries.len() >= MAX_TOLD {
            return;
        }
        let mut entry = Entry::new(suite, name.to_owned(), status);
        entry.line = Some(line);
        let at = *self.index.entry(entry.id.clone()).or_insert(self.entries.len());
        if at == self.entries.len() {
            self.entries.push(entry);
        } else if crate::fold::rank(status) > crate::fold::rank(self.entries[at].status) {
            self.entries[at].status = status;
        }
        let fails = matches!(status, CheckStatus::Failed | CheckStatus::Broken);
        self.open = fails.then_some(at);
    }

    /// A line that is no part of the list of cases: a test printed it, or it is about a failure.
    pub fn noise(&mut self, line: u64) {
        if self.noise.len() < MAX_TOLD {
            self.noise.insert(line);
        }
    }

    /// Whether the line stands, alone or with a few others, between lines that tests printed.
    fn between(&self, line: u64) -> bool {
        let beyond = |mut lines: std::ops::Range<u64>, up: bool| {
            let next = |lines: &mut std::ops::Range<u64>| {
                if up { lines.next_back() } else { lines.next() }
            };
            while let Some(line) = next(&mut lines) {
                if !self.lines.contains(&line) {
                    return self.noise.contains(&line);
                }
            }
            false
        };
        beyond(line.saturating_sub(5)..line, true) && beyond(line + 1..line + 6, false)
    }

    /// Drops cases that stand between lines that tests printed: as many as the sum has no room
    /// for; or all, if there is no list of cases.
    fn drop_printed(&mut self, status: CheckStatus, count: u64) {
        let told = self.count(status);
        let between = |entry: &Entry| self.between(entry.line.unwrap_or(0));
        let printed: Vec<_> =
            self.entries.iter().map(|entry| entry.status == status && between(entry)).collect();
        let all = printed.iter().filter(|printed| **printed).count() as u64 == told;
        let mut surplus = match told.cmp(&count) {
            Ordering::Greater => told - count,
            Ordering::Less if all => told,
            _ => return,
        };
        let mut printed = printed.into_iter();
        self.entries.retain(|_| {
            let drop = printed.next().unwrap_or(false) && surplus > 0;
            surplus -= u64::from(drop);
            !drop
        });
    }

    /// The reason why the last case was skipped.
    pub fn reason(&mut self, reason: &str) {
        if let Some(entry) = self.entries.last_mut() {
            entry.message = words::present(reason);
        }
    }

    /// More of what is said about the case at hand.
    pub fn say(&mut self, text: &str) {
        if let Some(entry) = self.open.and_then(|at| self.entries.get_mut(at)) {
            let detail = entry.detail.get_or_insert_default();
            append(detail, text, DETAIL);
            append(detail, "\n", DETAIL);
        }
    }

    /// Nothing more is said about the case at hand.
    pub fn done(&mut self) {
        self.open = None;
    }

    /// Whether a case failed in a suite of this name.
    pub fn failed_in(&self, suite: &str) -> bool {
        let inside = |entry: &&Entry| {
            entry.suite.as_deref().is_some_and(|path| path.split(" > ").any(|part| part == suite))
        };
        let fails =
            |entry: &Entry| matches!(entry.status, CheckStatus::Failed | CheckStatus::Broken);
        self.entries.iter().filter(inside).any(fails)
    }

    /// All cases of a suite failed after all, and of the suites inside it.
    pub fn fail_suite(&mut self, name: &str) {
        let inside = |suite: &str| {
            suite.strip_prefix(name).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
        };
        for entry in &mut self.entries {
            if entry.status == CheckStatus::Passed && entry.suite.as_deref().is_some_and(inside) {
                entry.status = CheckStatus::Failed;
            }
        }
    }

    /// The sums of what is told, where the text has none.
    pub fn sums(&self, line: u64) -> Sums {
        Sums {
            line,
            passed: self.count(CheckStatus::Passed),
            failed: self.count(CheckStatus::Failed),
            broken: self.count(CheckStatus::Broken),
            skipped: self.count(CheckStatus::Skipped),
            idle: self.count(CheckStatus::NotRun),
        }
    }

    /// Whether no case was told.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// How many cases are told with this status.
    pub fn count(&self, status: CheckStatus) -> u64 {
        self.entries.iter().filter(|entry| entry.status == status).count() as u64
    }

    /// Hands the cases to `sink`, held against `sums`.
    pub fn settle(mut self, sums: &Sums, sink: &mut Sink) {
        use CheckStatus::{Broken, Failed, NotRun, Passed, Skipped, Unknown};
        let declared = sums.failed.saturating_add(sums.broken);
        self.drop_printed(Passed, sums.passed);
        self.drop_printed(Skipped, sums.skipped);
        if self.count(Failed) > declared {
            self.drop_printed(Failed, declared);
        }
        let failing = self.count(Failed) + self.count(Broken);
        let missing = declared.saturating_sub(failing);
        if missing > 0 {
            let status = if sums.failed > 0 { Failed } else { Broken };
            let name = "(failures that are not named)".to_owned();
            let mut entry = Entry::new(None, name, status);
            (entry.line, entry.message) = (Some(sums.line), Some(format!("{missing} {status}")));
            sink.push(entry);
            sink.unnamed("", Some(sums.line), status, missing - 1);
        }
        if failing > declared {
            let count = Count { name: "failures", declared, found: failing };
            sink.compare("", Some(sums.line), count, Effect::Fail);
        }
        for (status, declared) in
            [(Passed, sums.passed), (Skipped, sums.skipped), (NotRun, sums.idle), (Unknown, 0)]
        {
            let mut room = declared;
            self.entries.retain(|entry| {
                let keep = entry.status != status || room > 0;
                room -= u64::from(entry.status == status && keep);
                keep
            });
            sink.unnamed("", Some(sums.line), status, room);
        }
        for mut entry in self.entries {
            if entry.message.is_none() {
                entry.message = entry.detail.as_deref().and_then(words::first_line);
            }
            entry.detail = entry.detail.as_deref().and_then(words::present);
            sink.push(entry);
        }
    }
}

/// What the end of a text says of the cases.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sums {
    /// Line of the sum.
    pub line: u64,
    pub passed: u64,
    pub failed: u64,
    pub broken: u64,
    pub skipped: u64,
    pub idle: u64,
}

/// The number before `word` in a line such as `3 passed, 1 failed`.
pub fn before(text: &str, word: &str) -> Option<u64> {
    let mut last = "";
    for part in text.split([' ', ',', '(', ')', '|', ';', '=']).filter(|part| !part.is_empty()) {
        if part == word {
            return last.parse().ok();
        }
        last = part;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_belongs_to_the_word_after_it() {
        let line = "DONE 17 tests, 2 skipped, 10 failures in 0.5s";
        assert_eq!(before(line, "tests"), Some(17));
        assert_eq!(before(line, "failures"), Some(10));
        assert_eq!(before(line, "errors"), None);
    }
}
