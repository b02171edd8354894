//! Where readers put what they find.

use std::collections::{BTreeMap, BTreeSet};
use std::mem;

use contract::part::{Attempt, Effect, Entry, Miscount, Remark, RemarkKind, Unnamed};
use contract::{CheckStatus, SourceRef};

/// Longest message that is kept, in bytes.
pub const MESSAGE: usize = 2_000;
/// Longest detail that is kept, in bytes.
pub const DETAIL: usize = 4_000;
/// No input has this many remarks worth reading.
const MAX_REMARKS: usize = 200;

/// Which passed entries have to be kept one by one.
#[derive(Clone, Debug)]
pub enum Keep {
    /// Every one.
    All,
    /// Those that something else may speak of: these ids, and whatever can have several attempts.
    /// The rest is counted.
    Named(BTreeSet<String>),
}

/// What was read of one input so far.
#[derive(Debug)]
pub struct Sink {
    keep: Keep,
    /// Entries in the order of the input.
    pub entries: Vec<Entry>,
    /// How many passed entries were counted and not kept.
    pub passed: u64,
    /// Cases that are counted and not shown.
    pub unnamed: Vec<Unnamed>,
    /// Declared counts that do not hold.
    pub miscounts: Vec<Miscount>,
    /// Everything else that has to be said.
    pub remarks: Vec<Remark>,
    /// Files the input refers to.
    pub attachments: Vec<String>,
    /// The commit the input says it is about.
    pub source: Option<SourceRef>,
    /// Whether the end of the input was there.
    pub complete: bool,
    formats: BTreeSet<&'static str>,
    /// Whether the last remarks were left out because there were too many.
    left_out: BTreeMap<RemarkKind, u64>,
}

impl Sink {
    /// An empty one.
    pub fn new(keep: Keep) -> Self {
        Self {
            keep,
            entries: Vec::new(),
            passed: 0,
            unnamed: Vec::new(),
            miscounts: Vec::new(),
            remarks: Vec::new(),
            attachments: Vec::new(),
            source: None,
            complete: true,
            formats: BTreeSet::new(),
            left_out: BTreeMap::new(),
        }
    }

    /// Names a format that was recognised.
    pub fn format(&mut self, name: &'static str) {
        self.formats.insert(name);
    }

    /// The formats that were recognised.
    pub fn formats(&self) -> String {
        let names: Vec<_> = self.formats.iter().copied().collect();
        if names.is_empty() { "unrecognised".to_owned() } else { names.join("+") }
    }

    /// Whether a format was recognised.
    pub fn recognised(&self) -> bool {
        !self.formats.is_empty()
    }

    /// Whether a passed entry with this id need not be kept: then it only has to be counted.
    pub fn counts_only(&self, id: impl FnOnce() -> String) -> bool {
        match &self.keep {
            Keep::All => false,
            Keep::Named(ids) => ids.is_empty() || !ids.contains(&id()),
        }
    }

    /// Adds an entry.
    pub fn push(&mut self, mut entry: Entry) {
        let plain = entry.status == CheckStatus::Passed
            && entry.attempt == Attempt::Only
            && entry.target.is_none()
            && entry.requirement.is_none()
            && entry.layer.is_none()
            && !entry.degraded;
        let named = |ids: &BTreeSet<String>| ids.contains(&entry.id) || ids.contains(&entry.name);
        if plain && matches!(&self.keep, Keep::Named(ids) if !named(ids)) {
            self.passed += 1;
            return;
        }
        shorten(&mut entry.id, MESSAGE);
        shorten(&mut entry.name, MESSAGE);
        entry.message.iter_mut().for_each(|text| shorten(text, MESSAGE));
        entry.detail.iter_mut().for_each(|text| shorten(text, DETAIL));
        self.entries.push(entry);
    }

    /// Says something about the input.
    pub fn remark(
        &mut self,
        line: Option<u64>,
        kind: RemarkKind,
        effect: Effect,
        message: impl Into<String>,
    ) {
        if self.remarks.len() >= MAX_REMARKS {
            *self.left_out.entry(kind).or_default() += 1;
            if let Some(last) = self.remarks.last_mut() {
                last.effect = last.effect.max(effect);
            }
            return;
        }
        let mut message = message.into();
        shorten(&mut message, MESSAGE);
        self.remarks.push(Remark { line, kind, message, effect });
    }

    /// The same, unless something of this kind was already said.
    pub fn remark_once(
        &mut self,
        line: Option<u64>,
        kind: RemarkKind,
        effect: Effect,
        message: impl Into<String>,
    ) {
        if !self.remarks.iter().any(|said| said.kind == kind && said.effect >= effect) {
            self.remark(line, kind, effect, message);
        }
    }

    /// The input ends before its end.
    pub fn cut_off(&mut self, line: u64) {
        if self.complete {
            self.complete = false;
            let message = "ends before its end: what comes after this line is not known";
            self.remark(Some(line), RemarkKind::Truncated, Effect::Incomplete, message);
        }
    }

    /// Compares a declared count with what was found. `effect` is what a difference means.
    pub fn compare(&mut self, scope: &str, line: Option<u64>, count: Count<'_>, effect: Effect) {
        if count.declared != count.found {
            let mut scope = scope.to_owned();
            shorten(&mut scope, MESSAGE);
            self.miscounts.push(Miscount {
                line,
                scope,
                count: count.name.to_owned(),
                declared: count.declared,
                found: count.found,
                effect,
            });
        }
    }

    /// Adds `count` cases that are counted and not shown.
    pub fn unnamed(&mut self, scope: &str, line: Option<u64>, status: CheckStatus, count: u64) {
        if count > 0 {
            let mut scope = scope.to_owned();
            shorten(&mut scope, MESSAGE);
            self.unnamed.push(Unnamed { line, scope, status, count });
        }
    }

    /// Forgets entries and counts from here on: what was read so far is no evidence after all.
    pub fn discard(&mut self) {
        let keep = mem::replace(&mut self.keep, Keep::All);
        *self = Self::new(keep);
    }
}

/// A declared count and the one that was found.
#[derive(Clone, Copy, Debug)]
pub struct Count<'a> {
    /// What is counted.
    pub name: &'a str,
    /// As declared.
    pub declared: u64,
    /// As found.
    pub found: u64,
}

/// The longest start of `text` that has at most `limit` bytes.
pub fn head(text: &str, limit: usize) -> &str {
    let mut end = limit.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

/// Cuts `text` to at most `limit` bytes, saying so.
pub fn shorten(text: &mut String, limit: usize) {
    if text.len() > limit {
        text.truncate(head(text, limit.saturating_sub(4)).len());
        text.push_str(" …");
    }
}
