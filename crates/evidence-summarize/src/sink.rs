//! Where readers put what they find.

use std::collections::{BTreeMap, BTreeSet};
use std::mem;
use std::sync::Arc;

use contract::part::{Attempt, Effect, Entry, RemarkKind, Unnamed};
use contract::summary::{Discrepancy, Finding};
use contract::{CheckStatus, SourceRef};

use crate::packed::{Packed, Passed};
use crate::rules::Rules;
use crate::tally::{SHOWN, Tally};
use crate::window::{Held, Window};

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
    /// Those that something else may speak of, and whatever can have several attempts. Of the rest
    /// passes are counted, and the others are counted once a summary would no longer show them.
    Named(Arc<Named>),
    /// The same; what is counted is packed, too, to be listed.
    Packed(Arc<Named>),
}

/// What has to be known to count a case without keeping it.
#[derive(Debug)]
pub struct Named {
    /// Ids and names of cases that are kept.
    pub ids: BTreeSet<String>,
    /// Rules for layers and actions.
    pub rules: Rules,
}

impl Named {
    fn speaks_of(&self, id: impl FnOnce() -> String, name: &str) -> bool {
        !self.ids.is_empty() && (self.ids.contains(name) || self.ids.contains(&id()))
    }
}

/// How many of the cases that need not be kept are kept, as a summary shows them.
#[derive(Clone, Copy, Debug, Default)]
pub struct Room {
    failing: usize,
    unproven: usize,
}

impl Room {
    /// Whether the entry has to be kept, if nothing speaks of it by name: another entry may
    /// belong to it, or it is among the first of those that did not pass.
    pub fn keeps(&mut self, entry: &Entry) -> bool {
        let plain = entry.attempt == Attempt::Only
            && entry.target.is_none()
            && entry.requirement.is_none()
            && entry.layer.is_none()
            && !entry.degraded;
        let kept = match entry.status {
            _ if !plain => return true,
            CheckStatus::Passed => return false,
            CheckStatus::Failed | CheckStatus::Broken => &mut self.failing,
            _ => &mut self.unproven,
        };
        *kept += 1;
        *kept <= SHOWN
    }
}

/// What was read of one input so far.
#[derive(Debug)]
pub struct Sink {
    keep: Keep,
    /// Entries in the order of the input.
    pub entries: Vec<Entry>,
    /// The position of each entry among all that were pushed.
    pub positions: Vec<u64>,
    /// How many passed entries were counted and not kept.
    pub passed: u64,
    /// Other entries that were counted and not kept.
    pub tally: Tally,
    /// What was counted, if it is to be listed.
    pub packed: Packed,
    room: Room,
    pushed: u64,
    window: Window,
    /// Cases that are counted and not shown.
    pub unnamed: Vec<Unnamed>,
    /// Declared counts that do not hold.
    pub miscounts: Vec<Discrepancy>,
    /// Everything else that has to be said.
    pub remarks: Vec<Finding>,
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
            positions: Vec::new(),
            passed: 0,
            tally: Tally::default(),
            packed: Packed::default(),
            room: Room::default(),
            pushed: 0,
            window: Window::default(),
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

    /// Adds a case that passed; `attempt` is how it belongs together with others of its id.
    pub fn pass(&mut self, case: &Passed<'_>, attempt: Attempt) {
        if !case.is_short() {
            self.push(Entry { attempt, ..case.entry() });
        } else if attempt == Attempt::Only && self.window.is_empty() {
            self.admit_passed(case, attempt);
        } else {
            self.window.push_passed(case, attempt);
            self.drain(false);
        }
    }

    /// Adds an entry.
    pub fn push(&mut self, mut entry: Entry) {
        shorten(&mut entry.id, MESSAGE);
        shorten(&mut entry.name, MESSAGE);
        entry.message.iter_mut().for_each(|text| shorten(text, MESSAGE));
        entry.detail.iter_mut().for_each(|text| shorten(text, DETAIL));
        if entry.attempt == Attempt::LastDecides || !self.window.is_empty() {
            self.window.push(entry);
            self.drain(false);
        } else {
            self.admit(entry);
        }
    }

    /// Nothing more comes.
    pub fn flush(&mut self) {
        self.drain(true);
        self.packed.close();
    }

    fn drain(&mut self, all: bool) {
        while let Some(held) = self.window.pop(all) {
            match held {
                Held::Entry(entry) => self.admit(*entry),
                Held::Passed(slim, attempt) => self.admit_passed(&slim.passed(), attempt),
            }
        }
    }

    fn admit_passed(&mut self, case: &Passed<'_>, attempt: Attempt) {
        let listed = match &self.keep {
            Keep::Named(named) | Keep::Packed(named)
                if attempt == Attempt::Only && !named.speaks_of(|| case.id(), case.name) =>
            {
                matches!(self.keep, Keep::Packed(_))
            }
            _ => return self.admit(Entry { attempt, ..case.entry() }),
        };
        // Most cases of most files: no entry is made of them.
        self.pushed += 1;
        self.passed += 1;
        if listed {
            self.packed.push(case);
        }
    }

    fn admit(&mut self, entry: Entry) {
        self.pushed += 1;
        let (named, listed) = match &self.keep {
            Keep::All => return self.hold(entry),
            Keep::Named(named) => (named, false),
            Keep::Packed(named) => (named, true),
        };
        if named.speaks_of(|| entry.id.clone(), &entry.name) || self.room.keeps(&entry) {
            return self.hold(entry);
        }
        if entry.status == CheckStatus::Passed {
            self.passed += 1;
            if listed {
                self.packed.push_entry(entry);
            }
            return;
        }
        let (line, bytes) = (entry.line, entry.bytes);
        let case = self.tally.add(entry, self.pushed, &named.rules);
        if listed {
            self.packed.push_case(case, line, bytes);
        }
    }

    fn hold(&mut self, entry: Entry) {
        self.positions.push(self.pushed);
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
        self.remarks.push(Finding { path: None, line, kind, message, effect });
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

    /// The bytes of the input cannot be read on: what was read before holds.
    pub fn damaged(&mut self, why: &str) {
        self.complete = false;
        let message = format!("cannot be unpacked to its end: {why}");
        self.remark(None, RemarkKind::Truncated, Effect::Incomplete, message);
    }

    /// Compares a declared count with what was found. `effect` is what a difference means.
    pub fn compare(&mut self, scope: &str, line: Option<u64>, count: Count<'_>, effect: Effect) {
        if count.declared != count.found {
            let mut scope = scope.to_owned();
            shorten(&mut scope, MESSAGE);
            self.miscounts.push(Discrepancy {
                path: None,
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
