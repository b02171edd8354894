//! Deletes what a plan names, entry by entry, and nothing else.

use std::collections::{BTreeMap, BTreeSet};
use std::io;

use contract::PathText;
use contract::cleanup::{EntryType, Identity, Refusal, Rule};
use contract::cleanup_manifest::ManifestEvent;
use contract::cleanup_plan::{Entry, Plan};
use rustix::fs::{AtFlags, Mode, OFlags, openat, unlinkat};
use rustix::io::Errno;

use crate::chain::History;
use crate::decide::words;
use crate::ground::Ground;
use crate::manifest::Manifest;
use crate::rules::{Below, Forbidden, sound};
use crate::seen::{Seen, difference};
use crate::target::admit;

/// Entries that are announced together. A crash leaves the fate of at most so many to be found out.
const BATCH: usize = 1024;

/// What became of a plan.
#[derive(Clone, Debug, Default)]
pub struct Outcome {
    /// Entries deleted.
    pub done: u64,
    /// Bytes of the files among them.
    pub bytes: u64,
    /// Entries that an interrupted run had announced and that were gone.
    pub gone: u64,
    /// Entries kept.
    pub kept: Vec<Refusal>,
}

/// A plan at work.
pub struct Apply<'a> {
    /// The plan.
    pub plan: &'a Plan,
    /// Where it stands.
    pub ground: Ground,
    /// The record.
    pub manifest: &'a mut Manifest,
    /// What an interrupted run has done already.
    pub before: Option<&'a History>,
    /// Files this run itself needs.
    pub own: BTreeSet<(u64, u64)>,
}

/// What became of one entry.
enum Fate {
    Deleted,
    Gone,
    Kept(Rule, String),
}

impl Apply<'_> {
    /// Works the plan off. `tell` hears of each entry. An error is the manifest's: nothing is
    /// deleted that cannot be recorded.
    pub fn run(self, tell: &mut dyn FnMut(&Entry)) -> io::Result<Outcome> {
        let Self { plan, mut ground, manifest, before, own } = self;
        let targets = targets(plan, &mut ground);
        let resumed = before.is_some();
        let announced = before.map_or(0, |history| history.announced);
        let mut worker = Worker {
            ground,
            targets,
            own,
            resumed,
            left: None,
            kept_below: None,
            removed_links: BTreeMap::new(),
        };
        let mut outcome = Outcome::default();
        if let Some(history) = before {
            outcome.done = history.done;
            outcome.gone = history.gone;
        }
        let settled = |index: usize| before.and_then(|h| h.settled.get(index)) == Some(&true);
        for (batch, entries) in plan.entries.chunks(BATCH).enumerate() {
            let first = batch * BATCH;
            if (first..first + entries.len()).all(settled) {
                continue;
            }
            manifest
                .add(ManifestEvent::Intent { first: first as u64, count: entries.len() as u64 })?;
            manifest.sync()?;
            for (index, entry) in (first..).zip(entries) {
                tell(entry);
                if settled(index) {
                    continue;
                }
                let fate = worker.entry(entry, (index as u64) < announced);
                let event = record(index as u64, entry, fate, &mut outcome);
                manifest.add(event)?;
            }
        }
        Ok(outcome)
    }
}

fn record(index: u64, entry: &Entry, fate: Fate, outcome: &mut Outcome) -> ManifestEvent {
    let path = PathText { path: entry.path.clone(), path_bytes: entry.path_bytes.clone() };
    match fate {
        Fate::Deleted => {
            outcome.done += 1;
            if entry.kind == EntryType::File {
                outcome.bytes = outcome.bytes.saturating_add(entry.identity.size);
            }
            ManifestEvent::Deleted { entry: index, path }
        }
        Fate::Gone => {
            outcome.gone += 1;
            ManifestEvent::GoneAfterIntent { entry: index, path }
        }
        Fate::Kept(rule, reason) => {
            let PathText { path: shown, path_bytes } = path.clone();
            let reason_too = reason.clone();
            outcome.kept.push(Refusal { path: shown, path_bytes, rule, reason: reason_too });
            ManifestEvent::Kept { entry: index, path, rule, reason }
        }
    }
}

/// Each target of the plan, and why it may not be touched if that is so now.
fn targets(plan: &Plan, ground: &mut Ground) -> BTreeMap<Vec<u8>, Option<Forbidden>> {
    let paths = plan.policy.targets.iter().filter_map(PathText::bytes);
    let mut targets = BTreeMap::new();
    for path in paths {
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

struct Worker {
    ground: Ground,
    targets: BTreeMap<Vec<u8>, Option<Forbidden>>,
    own: BTreeSet<(u64, u64)>,
    resumed: bool,
    /// The folder that was left last, and what it was when it was entered.
    left: Option<(Vec<u8>, Seen)>,
    /// The last entry that was kept.
    kept_below: Option<Vec<u8>>,
    /// Files of several names, of which this run has deleted some: what deleting left of them.
    removed_links: BTreeMap<(u64, u64), Identity>,
}

impl Worker {
    fn entry(&mut self, entry: &Entry, announced: bool) -> Fate {
        let text = PathText { path: entry.path.clone(), path_bytes: entry.path_bytes.clone() };
        let Some(path) = text.bytes() else {
            return Fate::Kept(Rule::Changed, "its path_bytes are not base64".to_owned());
        };
        let fate = self.try_entry(&path, entry).unwrap_or_else(|kept| match kept.rule {
            Rule::Gone if announced => Fate::Gone,
            rule => Fate::Kept(rule, kept.reason),
        });
        if matches!(fate, Fate::Kept(..)) {
            self.kept_below = Some(path);
        }
        fate
    }

    fn try_entry(&mut self, path: &[u8], entry: &Entry) -> Result<Fate, Forbidden> {
        sound(path)?;
        self.in_a_target(path)?;
        let (parent, name) = match path.iter().rposition(|b| *b == b'/') {
            Some(end) => (&path[..end], &path[end + 1..]),
            None => (&b""[..], path),
        };
        self.go(parent)?;
        if entry.kind != EntryType::Directory && entry.identity.links > 1 {
            return self.linked(name, entry);
        }
        let seen = Seen::at(self.ground.dirs.here(), name).map_err(gone)?;
        self.check(path, name, entry, &seen)?;
        self.unlink(path, name, entry.kind).map(|()| Fate::Deleted)
    }

    /// The identity the plan saw, and no rule against it: looked up right before the unlink.
    fn check(&self, path: &[u8], name: &[u8], entry: &Entry, seen: &Seen) -> Result<(), Forbidden> {
        let planned = &entry.identity;
        let entered = match &self.left {
            Some((left, entered)) if left == path => Some(entered),
            _ => None,
        };
        let changed = match entered {
            _ if entry.kind != seen.kind => Some("it is of another type now".to_owned()),
            _ if entry.kind != EntryType::Directory => difference(planned, &seen.identity),
            // Deleting its content has changed the folder since it was entered, and an interrupted
            // run may have done so before.
            Some(entered) if !self.resumed => {
                difference(planned, &entered.identity).or_else(|| folder_difference(planned, seen))
            }
            None if !self.resumed => difference(planned, &seen.identity),
            _ => folder_difference(planned, seen),
        };
        if let Some(why) = changed {
            return Err(Forbidden::new(Rule::Changed, why));
        }
        if self.own.contains(&seen.key()) {
            return Err(Forbidden::new(Rule::OwnRecord, "this run needs it: delete it afterwards"));
        }
        match self.ground.judge(name, seen) {
            Some(forbidden) => Err(forbidden),
            None => Ok(()),
        }
    }

    /// A file of several names: deleting one of them changes the others.
    fn linked(&mut self, name: &[u8], entry: &Entry) -> Result<Fate, Forbidden> {
        let flags = OFlags::PATH | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        let file = openat(self.ground.dirs.here(), name, flags, Mode::empty()).map_err(gone)?;
        let seen = Seen::of(&file).map_err(gone)?;
        let mut expected = entry.clone();
        match self.removed_links.get(&seen.key()) {
            Some(identity) => expected.identity = *identity,
            None if self.resumed && seen.identity.links < entry.identity.links => {
                expected.identity.links = seen.identity.links;
                expected.identity.ctime_ns = seen.identity.ctime_ns;
            }
            None => {}
        }
        let path = self.ground.path_of(name);
        self.check(&path, name, &expected, &seen)?;
        let by_name = Seen::at(self.ground.dirs.here(), name).map_err(gone)?;
        if by_name.identity != seen.identity {
            return Err(Forbidden::new(Rule::Changed, "it was replaced while it was looked at"));
        }
        self.unlink(&path, name, entry.kind)?;
        if let Ok(left) = Seen::of(&file) {
            self.removed_links.insert(left.key(), left.identity);
        }
        Ok(Fate::Deleted)
    }

    fn unlink(&self, path: &[u8], name: &[u8], kind: EntryType) -> Result<(), Forbidden> {
        let folder = kind == EntryType::Directory;
        let flags = if folder { AtFlags::REMOVEDIR } else { AtFlags::empty() };
        unlinkat(self.ground.dirs.here(), name, flags).map_err(|error| match error {
            Errno::NOENT => gone(error),
            Errno::NOTEMPTY | Errno::EXIST if self.kept_in(path) => {
                Forbidden::new(Rule::ContentKept, "some of its content was kept")
            }
            Errno::NOTEMPTY | Errno::EXIST => {
                Forbidden::new(Rule::Appeared, "something in it is not in the plan: make a new one")
            }
            Errno::NOTDIR | Errno::ISDIR => {
                Forbidden::new(Rule::Changed, "it is of another type now")
            }
            Errno::BUSY => Forbidden::new(Rule::MountPoint, "something is mounted here"),
            error => Forbidden::new(Rule::SystemRefused, words(error)),
        })
    }

    fn kept_in(&self, folder: &[u8]) -> bool {
        self.kept_below.as_deref().is_some_and(|kept| is_at_or_in(kept, folder))
    }

    fn in_a_target(&self, path: &[u8]) -> Result<bool, Forbidden> {
        let ends = path.iter().enumerate().filter(|(_, b)| **b == b'/').map(|(at, _)| at);
        let found = ends.chain([path.len()]).find_map(|end| self.targets.get(&path[..end]));
        match found {
            Some(None) => Ok(true),
            Some(Some(forbidden)) => Err(forbidden.clone()),
            None => Err(Forbidden::new(Rule::OutsideRoot, "lies in none of the plan's targets")),
        }
    }

    /// Makes `folder` (below the root) the folder at work.
    fn go(&mut self, folder: &[u8]) -> Result<(), Forbidden> {
        if self.ground.path() == folder {
            return Ok(());
        }
        while !is_at_or_in(folder, self.ground.path()) {
            let path = self.ground.path().to_vec();
            self.left = self.ground.leave().map(|level| (path, level.seen));
        }
        let known = self.ground.path().len();
        let rest = &folder[known..];
        for name in rest.split(|b| *b == b'/').filter(|name| !name.is_empty()) {
            let path = self.ground.path_of(name);
            let entered = match self.in_a_target(&path) {
                Ok(_) => self.ground.descend(name),
                Err(_) => self.ground.pass(name),
            };
            entered.map_err(|forbidden| match forbidden.rule {
                Rule::Missing => Forbidden::new(Rule::Gone, forbidden.reason),
                Rule::LinkInPath | Rule::MountPoint => {
                    Forbidden::new(Rule::Unreachable, forbidden.reason)
                }
                _ => forbidden,
            })?;
        }
        Ok(())
    }
}

fn gone(error: Errno) -> Forbidden {
    match error {
        Errno::NOENT | Errno::NOTDIR => {
            Forbidden::new(Rule::Gone, "it is not there any more: something else removed it")
        }
        error => Forbidden::new(Rule::SystemRefused, words(error)),
    }
}

/// Differences that deleting a folder's content does not make.
fn folder_difference(planned: &Identity, seen: &Seen) -> Option<String> {
    if !seen.same_file(planned) {
        return Some("it is another folder now".to_owned());
    }
    let (was, is) = (planned.mode, seen.identity.mode);
    (was != is).then(|| format!("its mode was {was:o}, is {is:o}"))
}

/// Whether `path` is `folder` or lies in it; the empty folder is the root.
fn is_at_or_in(path: &[u8], folder: &[u8]) -> bool {
    folder.is_empty()
        || path.strip_prefix(folder).is_some_and(|rest| rest.is_empty() || rest.starts_with(b"/"))
}
