//! Works a plan off, announces before and records after.

use std::io;
use std::ops::Range;

use contract::PathText;
use contract::cleanup::{EntryType, Refusal, Rule};
use contract::cleanup_manifest::ManifestEvent;

use crate::effects::entries::Entries;
use crate::effects::ground::Ground;
use crate::effects::manifest::Manifest;
use crate::effects::quarantine::Quarantine;
use crate::effects::target::{admit, unmounted};
use crate::effects::way::Way;
use crate::effects::worker::{Targets, Worker, is_at_or_in};
use cleanup_guard::chain::History;
use cleanup_guard::document::{Frame, Planned};
use cleanup_guard::rules::{Below, Forbidden, sound};

/// Entries that are announced together. A crash leaves the fate of at most so many to be found out.
const BATCH: usize = 8192;

/// How often somebody is told how far the work has come.
const TOLD: usize = 256;

/// How the name of a folder in a quarantine begins that was moved with its content.
pub const WHOLE: char = 't';

/// What became of a plan.
#[derive(Clone, Debug, Default)]
pub struct Outcome {
    /// Entries deleted or moved.
    pub done: u64,
    /// Bytes of the files among them, as far as this run took them.
    pub bytes: u64,
    /// Entries that an interrupted run had announced and that were gone.
    pub gone: u64,
    /// Entries kept.
    pub kept: Vec<Refusal>,
}

/// A plan at work.
pub struct Apply<'a> {
    entries: Entries,
    manifest: &'a mut Manifest,
    before: Option<&'a History>,
    worker: Worker<'a>,
    outcome: Outcome,
}

/// What a look at all entries of one target told.
struct Survey {
    /// Where the target's entries end.
    end: usize,
    /// Whether all of them are as planned.
    whole: bool,
    /// Bytes of the files among them.
    bytes: u64,
}

/// Hears how far the work has come: the index of an entry and its path.
pub type Tell<'a> = &'a mut dyn FnMut(usize, &str);

impl<'a> Apply<'a> {
    /// Makes ready. `before` is what an interrupted run has done already.
    pub fn new(
        worker: Worker<'a>,
        entries: Entries,
        manifest: &'a mut Manifest,
        before: Option<&'a History>,
    ) -> Self {
        let mut outcome = Outcome::default();
        if let Some(history) = before {
            outcome.done = history.done;
            outcome.gone = history.gone;
        }
        Self { entries, manifest, before, worker, outcome }
    }

    /// Works the plan off. An error is the manifest's: nothing is taken that cannot be recorded.
    pub fn run(mut self, tell: Tell<'_>) -> io::Result<Outcome> {
        // What has to be copied goes one by one.
        if self.worker.quarantine.is_none_or(Quarantine::across) {
            self.one_by_one(0..self.entries.len(), tell)?;
            return Ok(self.outcome);
        }
        let mut start = 0;
        while start < self.entries.len() {
            let mut group = Vec::new();
            let mut end = start;
            while end < self.entries.len() && (end == start || end - start < BATCH) {
                let survey = self.survey(end)?;
                let from = std::mem::replace(&mut end, survey.end);
                group.push((from, survey));
            }
            self.announce(start..end)?;
            for (from, survey) in group {
                let range = from..survey.end;
                if !self.as_a_whole(from, survey)? {
                    self.each(range, tell)?;
                }
            }
            start = end;
        }
        Ok(self.outcome)
    }

    /// Says on disk what is about to be done.
    fn announce(&mut self, range: Range<usize>) -> io::Result<()> {
        if range.clone().all(|index| self.settled(index)) {
            return Ok(());
        }
        let (first, count) = (range.start as u64, range.len() as u64);
        self.manifest.add(ManifestEvent::Intent { first, count })?;
        self.manifest.sync()
    }

    /// Looks at every entry of the target that the entry `start` belongs to.
    fn survey(&mut self, start: usize) -> io::Result<Survey> {
        let mut survey = Survey { end: start, whole: true, bytes: 0 };
        let mut target: Option<Vec<u8>> = None;
        for index in start..self.entries.len() {
            let block = self.entries.block(index)?;
            let entry = Planned::read(block.entry(index));
            let path = entry.as_ref().ok().and_then(Planned::bytes);
            let (Ok(entry), Some(path)) = (&entry, path) else {
                return Ok(Survey { end: survey.end.max(start + 1), whole: false, bytes: 0 });
            };
            match &target {
                None => target = self.worker.target_of(&path).map(<[u8]>::to_vec),
                Some(target) if !is_at_or_in(&path, target) => break,
                Some(_) => {}
            }
            survey.end = index + 1;
            if target.is_none() {
                return Ok(Survey { whole: false, ..survey });
            }
            if entry.kind == EntryType::File {
                survey.bytes = survey.bytes.saturating_add(entry.identity.size);
            }
            let untouched = !self.announced(index as u64);
            if survey.whole && untouched {
                survey.whole = self.worker.verify(&path, entry).is_ok();
            }
        }
        Ok(survey)
    }

    /// Moves a whole target at once, if every entry of it is as planned and it holds nothing else.
    fn as_a_whole(&mut self, start: usize, survey: Survey) -> io::Result<bool> {
        let Survey { end, whole, bytes } = survey;
        let block = self.entries.block(end - 1)?;
        let Ok(top) = Planned::read(block.entry(end - 1)) else { return Ok(false) };
        let Some(path) = top.bytes() else { return Ok(false) };
        let last = end - 1;
        // Not the name it would have if its content had been moved before it: after an
        // interruption the two must not be taken for each other.
        let item = format!("{WHOLE}{last}");
        let begun = (start..end).any(|index| self.settled(index));
        let found = !begun && end - start > 1 && self.already_taken(last as u64, &item);
        let announced = self.announced(start as u64);
        let fit = whole
            && !announced
            && top.kind == EntryType::Directory
            && self.worker.targets.contains_key(&*path)
            && unmounted(&self.worker.ground, &self.worker.ground.absolute(&path)).is_ok();
        if !found && !fit {
            return Ok(false);
        }
        let (first, count) = (start as u64, (end - start) as u64);
        if !found && self.worker.take_tree(&path, &top, &item).is_err() {
            return Ok(false);
        }
        if !self.only_planned(start..end, &path, &item)? {
            // Out of everybody's reach it turned out to hold more than was verified.
            let Err(forbidden) = self.worker.give_back(&path, &item) else { return Ok(false) };
            let text = top.text();
            let reason = format!(
                "something appeared in it while it was moved, and came along; it could not be put back: {}",
                forbidden.reason
            );
            let PathText { path, path_bytes } = text;
            self.outcome.kept.push(Refusal { path, path_bytes, rule: Rule::Appeared, reason });
        }
        self.outcome.done += count;
        self.outcome.bytes = self.outcome.bytes.saturating_add(bytes);
        let (entry, path) = (last as u64, top.text());
        self.manifest.add(ManifestEvent::Moved {
            entry,
            first,
            path,
            name: item,
            mtime_ns: None,
        })?;
        Ok(true)
    }

    /// Whether the folders of a moved tree are as planned: nothing came into them after they were
    /// verified.
    fn only_planned(&mut self, range: Range<usize>, top: &[u8], item: &str) -> io::Result<bool> {
        let Some(quarantine) = self.worker.quarantine else { return Ok(true) };
        let Ok(mut way) = quarantine.way() else { return Ok(false) };
        for index in range {
            let block = self.entries.block(index)?;
            if !as_planned(block.entry(index), &mut way, top, item) {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn one_by_one(&mut self, range: Range<usize>, tell: Tell<'_>) -> io::Result<()> {
        let mut first = range.start;
        while first < range.end {
            let end = range.end.min(first + BATCH);
            self.announce(first..end)?;
            self.each(first..end, tell)?;
            first = end;
        }
        Ok(())
    }

    fn each(&mut self, range: Range<usize>, tell: Tell<'_>) -> io::Result<()> {
        let first = range.start;
        for index in range {
            self.entry(index, (index - first).is_multiple_of(TOLD), tell)?;
        }
        Ok(())
    }

    fn entry(&mut self, index: usize, aloud: bool, tell: Tell<'_>) -> io::Result<()> {
        if self.settled(index) {
            return Ok(());
        }
        let block = self.entries.block(index)?;
        let entry = match Planned::read(block.entry(index)) {
            Ok(entry) => entry,
            Err(error) => {
                let forbidden = Forbidden::new(Rule::Changed, format!("not an entry: {error}"));
                return self.kept(index, PathText::new(b"?"), forbidden);
            }
        };
        if aloud {
            tell(index, &entry.path);
        }
        let Some(path) = entry.bytes() else {
            let forbidden = Forbidden::new(Rule::Changed, "its path_bytes are not base64");
            return self.kept(index, entry.text(), forbidden);
        };
        let named = self.worker.quarantine.is_some() || self.worker.aside.is_some();
        let item = if named { index.to_string() } else { String::new() };
        if self.already_taken(index as u64, &item) && !self.only_copied(&path, &entry, &item) {
            return self.done(index, &entry, item);
        }
        let deletes = self.worker.quarantine.is_none();
        if deletes && self.announced(index as u64) && self.worker.finish(&path, &entry, &item) {
            return self.done(index, &entry, item);
        }
        match self.worker.take(&path, &entry, &item) {
            Ok(()) => self.done(index, &entry, item),
            Err(forbidden) if forbidden.rule == Rule::Gone && self.announced(index as u64) => {
                self.outcome.gone += 1;
                let path = entry.text();
                self.manifest.add(ManifestEvent::GoneAfterIntent { entry: index as u64, path })
            }
            Err(forbidden) => {
                self.worker.keep(&path);
                self.kept(index, entry.text(), forbidden)
            }
        }
    }

    fn done(&mut self, index: usize, entry: &Planned<'_>, item: String) -> io::Result<()> {
        self.outcome.done += 1;
        if entry.kind == EntryType::File {
            self.outcome.bytes = self.outcome.bytes.saturating_add(entry.identity.size);
        }
        let number = index as u64;
        if self.worker.quarantine.is_none() {
            return self.manifest.deleted(number, entry);
        }
        let folder = entry.kind == EntryType::Directory;
        let mtime_ns = folder.then_some(entry.identity.mtime_ns);
        let path = entry.text();
        self.manifest.add(ManifestEvent::Moved {
            entry: number,
            first: number,
            path,
            name: item,
            mtime_ns,
        })
    }

    fn kept(&mut self, index: usize, path: PathText, forbidden: Forbidden) -> io::Result<()> {
        let Forbidden { rule, reason } = forbidden;
        let PathText { path: shown, path_bytes } = path.clone();
        self.outcome.kept.push(Refusal { path: shown, path_bytes, rule, reason: reason.clone() });
        self.manifest.add(ManifestEvent::Kept { entry: index as u64, path, rule, reason })
    }

    fn settled(&self, index: usize) -> bool {
        self.before.and_then(|history| history.settled.get(index)) == Some(&true)
    }

    fn announced(&self, index: u64) -> bool {
        self.before.is_some_and(|history| index < history.announced)
    }

    /// Whether an interrupted run has copied it and not deleted it yet; then the copy is removed.
    fn only_copied(&mut self, path: &[u8], entry: &Planned<'_>, item: &str) -> bool {
        let Some(quarantine) = self.worker.quarantine.filter(|q| q.across()) else { return false };
        let still_there = self.worker.verify(path, entry).is_ok();
        if still_there {
            quarantine.forget(item);
        } else {
            self.worker.finish(path, entry, item);
        }
        still_there
    }

    /// Whether an interrupted run has moved it and could not record that any more.
    fn already_taken(&self, index: u64, item: &str) -> bool {
        let quarantine = self.worker.quarantine.filter(|_| self.announced(index));
        quarantine.is_some_and(|quarantine| quarantine.item(item).is_some())
    }
}

/// Whether the entry `text`, if it is a folder, is in the quarantine as it was planned.
fn as_planned(text: &[u8], way: &mut Way, top: &[u8], item: &str) -> bool {
    if !Planned::may_be_directory(text) {
        return true;
    }
    let Ok(entry) = Planned::read(text) else { return false };
    if entry.kind != EntryType::Directory {
        return true;
    }
    let Some(path) = entry.bytes() else { return false };
    let place = [item.as_bytes(), &path[top.len()..]].concat();
    let Ok(found) = way.go(&place) else { return false };
    let mut planned = entry.identity;
    if *path == *top {
        // Its own name was changed.
        planned.ctime_ns = found.identity.ctime_ns;
    }
    found.identity == planned
}

/// Each target of the plan, and why it may not be touched if that is so now.
pub fn targets(plan: &Frame, ground: &mut Ground) -> Targets {
    let mut targets = Targets::new();
    for path in plan.policy.targets.iter().filter_map(PathText::bytes) {
        let forbidden = match sound(&path) {
            Err(forbidden) => Some(forbidden),
            Ok(()) => match admit(ground, &Below { path: path.clone(), slash: false }) {
                // What is missing is found out, and told, entry by entry.
                Err(forbidden) if forbidden.rule == Rule::Missing => None,
                other => other.err(),
            },
        };
        targets.insert(path, forbidden);
    }
    ground.reset();
    targets
}
