//! What readers of XML reports with suites and cases have in common.

use std::collections::BTreeMap;

use contract::CheckStatus;
use contract::part::{Effect, Entry, RemarkKind, Span};

use crate::sink::{Count, DETAIL, MESSAGE, Sink};
use crate::words;
use crate::xml::{Place, Tag, append};

/// A case being read.
#[derive(Debug)]
pub struct OpenCase {
    /// What is known of it so far.
    pub entry: Entry,
    /// What it says first.
    pub message: String,
    /// What it says beside that.
    pub detail: String,
    begun: Place,
}

impl OpenCase {
    /// A case whose element begins at `at`.
    pub fn new(
        suite: Option<String>,
        name: Option<String>,
        status: CheckStatus,
        at: Place,
    ) -> Self {
        let name = name.filter(|name| !name.is_empty());
        let mut entry = Entry::new(suite, name.unwrap_or_else(|| "(no name)".to_owned()), status);
        entry.line = Some(at.line);
        Self { entry, message: String::new(), detail: String::new(), begun: at }
    }

    /// Adds to the message.
    pub fn say(&mut self, text: &str) {
        append(&mut self.message, text, MESSAGE);
    }

    /// Adds to what stands beside the message.
    pub fn add(&mut self, text: &str) {
        append(&mut self.detail, text, DETAIL);
    }

    /// The entry, whose element ends at `end`.
    pub fn close(mut self, end: Place) -> Entry {
        self.entry.bytes =
            Some(Span { start: self.begun.offset, end: end.offset.max(self.begun.offset) });
        if self.entry.status != CheckStatus::Passed || self.entry.degraded {
            self.entry.message = words::present(&self.message);
            self.entry.detail = words::present(&self.detail);
            if self.entry.message.is_none() {
                self.entry.message = self.entry.detail.as_deref().and_then(words::first_line);
            }
        }
        self.entry
    }
}

/// What a declared count speaks of, and so what it means if it is higher than what was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Of {
    /// Cases: some are missing.
    All,
    /// Failures: some are hidden.
    Failures,
    /// Anything else: the file is wrong.
    Others,
}

/// An attribute that declares a count.
pub type Declares = (&'static str, Of);

/// What was found, by the name of the attribute that would count it.
pub type Found = BTreeMap<&'static str, u64>;

/// An open element that declares counts.
#[derive(Debug)]
pub struct Level {
    /// Its name.
    pub name: String,
    /// What was found in it.
    pub found: Found,
    line: u64,
    declared: Vec<(Declares, u64)>,
}

/// The open elements that declare counts, outermost first.
#[derive(Debug, Default)]
pub struct Levels(Vec<Level>);

impl Levels {
    /// An element opens.
    pub fn open(&mut self, tag: &Tag<'_>, names: &[Declares], at: Place, sink: &mut Sink) {
        let mut level = Level {
            name: tag.get("name").unwrap_or_default(),
            found: Found::new(),
            line: at.line,
            declared: Vec::new(),
        };
        tag.each(|key, value| {
            let Some(declares) = names.iter().find(|(name, _)| *name == key) else { return };
            match count(value) {
                Some(count) => level.declared.push((*declares, count)),
                None => {
                    let message = format!("a declared count cannot be read: {key}={value:?}");
                    sink.remark(Some(at.line), RemarkKind::Malformed, Effect::None, message);
                }
            }
        });
        self.0.push(level);
    }

    /// A case belongs to each of these counts.
    pub fn count(&mut self, names: &[&'static str]) {
        if let Some(level) = self.0.last_mut() {
            for name in names {
                *level.found.entry(name).or_default() += 1;
            }
        }
    }

    /// As many cases belong to this count.
    pub fn add(&mut self, name: &'static str, count: u64) {
        if let Some(level) = self.0.last_mut() {
            let found = level.found.entry(name).or_default();
            *found = found.saturating_add(count);
        }
    }

    /// The innermost element closes: its counts are held against what was found. Other ways of
    /// counting are what `ways` gives for a name.
    pub fn close(&mut self, ways: fn(&str, &Found) -> Vec<u64>, sink: &mut Sink) -> Option<Level> {
        let level = self.0.pop()?;
        for ((name, of), declared) in &level.declared {
            let found = level.found.get(name).copied().unwrap_or(0);
            if *declared == found || ways(name, &level.found).contains(declared) {
                continue;
            }
            let effect = match of {
                Of::All if *declared > found => Effect::Incomplete,
                Of::Failures if *declared > found => Effect::Fail,
                _ => Effect::None,
            };
            let count = Count { name, declared: *declared, found };
            sink.compare(&level.name, Some(level.line), count, effect);
        }
        if let Some(outer) = self.0.last_mut() {
            for (name, count) in &level.found {
                let found = outer.found.entry(name).or_default();
                *found = found.saturating_add(*count);
            }
        }
        Some(level)
    }

    /// How many are open.
    pub fn depth(&self) -> usize {
        self.0.len()
    }

    /// The name of the innermost element that has one.
    pub fn name(&self) -> Option<String> {
        self.0.iter().rev().map(|level| level.name.clone()).find(|name| !name.is_empty())
    }
}

/// A count: digits alone. More than can be counted is more than is there.
pub fn count(text: &str) -> Option<u64> {
    let text = text.trim();
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    digits.then(|| text.parse().unwrap_or(u64::MAX))
}
