//! One entry at a time: goes there, looks again, and takes it away.

use crate::effects::look;
use std::collections::{BTreeMap, BTreeSet};

use contract::cleanup::{EntryType, Identity, Rule};
use rustix::fs::{AtFlags, Mode, OFlags, openat, unlinkat};
use rustix::io::Errno;

use crate::effects::aside;
use crate::effects::ground::Ground;
use crate::effects::quarantine::{Quarantine, aside_name};
use cleanup_guard::decide::words;
use cleanup_guard::document::Planned;
use cleanup_guard::rules::{Forbidden, LONGEST, sound};
use cleanup_guard::seen::{Seen, difference};

/// Why each target may not be touched now; `None`: it may.
pub type Targets = BTreeMap<Vec<u8>, Option<Forbidden>>;

/// Takes entries away.
pub struct Worker<'a> {
    /// Where it stands.
    pub ground: Ground,
    /// The plan's targets.
    pub targets: Targets,
    /// Files this run itself needs.
    pub own: BTreeSet<(u64, u64)>,
    /// Whether an interrupted run has been here before.
    pub resumed: bool,
    /// Where entries are moved to; without, they are deleted.
    pub quarantine: Option<&'a Quarantine>,
    /// With a name of its own, each file is taken out of everybody's reach and looked at once more
    /// before it is deleted.
    pub aside: Option<String>,
    /// The target at work, which may be touched.
    admitted: Option<Vec<u8>>,
    left: Option<(Vec<u8>, Seen)>,
    kept: Option<Vec<u8>>,
    /// Files of several names, of which this run has taken some: what that left of them.
    links: BTreeMap<(u64, u64), Identity>,
}

impl<'a> Worker<'a> {
    /// A worker at the root.
    #[must_use]
    pub fn new(
        ground: Ground,
        targets: Targets,
        own: BTreeSet<(u64, u64)>,
        resumed: bool,
        quarantine: Option<&'a Quarantine>,
        aside: Option<String>,
    ) -> Self {
        let (admitted, left, kept, links) = (None, None, None, BTreeMap::new());
        Self { ground, targets, own, resumed, quarantine, aside, admitted, left, kept, links }
    }

    /// Notes that `path` was kept: the folders it lies in stay for that reason.
    pub fn keep(&mut self, path: &[u8]) {
        self.kept = Some(path.to_vec());
    }

    /// Whether the entry is as the plan saw it and nothing forbids to take it.
    pub fn verify(&mut self, path: &[u8], entry: &Planned<'_>) -> Result<(), Forbidden> {
        let name = self.arrive(path)?;
        let seen = look::at(self.ground.dirs.here(), name).map_err(gone)?;
        self.check(path, name, entry.kind, &entry.identity, &seen)
    }

    /// Takes the entry away: to `item` of the quarantine, or for ever.
    pub fn take(&mut self, path: &[u8], entry: &Planned<'_>, item: &str) -> Result<(), Forbidden> {
        let name = self.arrive(path)?;
        if entry.kind != EntryType::Directory && entry.identity.links > 1 {
            return self.linked(path, name, entry, item);
        }
        let seen = look::at(self.ground.dirs.here(), name).map_err(gone)?;
        self.check(path, name, entry.kind, &entry.identity, &seen)?;
        self.remove(path, name, &seen, item)
    }

    /// Finishes what an interrupted run had begun with the entry, if it had: whether it is deleted.
    pub fn finish(&mut self, path: &[u8], entry: &Planned<'_>, item: &str) -> bool {
        let aside = match self.quarantine {
            Some(_) => aside_name(item, entry.identity.inode),
            None => match self.aside(item) {
                Some(aside) => aside,
                None => return false,
            },
        };
        let Ok(name) = self.arrive(path) else { return false };
        aside::finish(self.ground.dirs.here(), name, &aside, &entry.identity)
    }

    /// Takes a whole folder, of which everything was verified, to the quarantine.
    pub fn take_tree(
        &mut self,
        path: &[u8],
        entry: &Planned<'_>,
        item: &str,
    ) -> Result<(), Forbidden> {
        let name = self.arrive(path)?;
        let Some(quarantine) = self.quarantine else { return Ok(()) };
        let seen = look::at(self.ground.dirs.here(), name).map_err(gone)?;
        if let Some(why) = difference(&entry.identity, &seen.identity) {
            return Err(Forbidden::new(Rule::Changed, why));
        }
        quarantine.take(self.ground.dirs.here(), name, &seen, item)
    }

    /// Puts a whole folder back.
    pub fn give_back(&mut self, path: &[u8], item: &str) -> Result<(), Forbidden> {
        let name = self.arrive(path)?;
        let Some(quarantine) = self.quarantine else { return Ok(()) };
        quarantine.give_back(item, self.ground.dirs.here(), name)
    }

    /// Goes to the folder that holds `path`; gives back the name in it.
    fn arrive<'p>(&mut self, path: &'p [u8]) -> Result<&'p [u8], Forbidden> {
        let (parent, name) = match memchr::memrchr(b'/', path) {
            Some(end) => (&path[..end], &path[end + 1..]),
            None => (&b""[..], path),
        };
        let at_work = self.admitted.as_ref().is_some_and(|target| is_at_or_in(path, target));
        if at_work && self.ground.path() == parent && is_plain(name) && path.len() <= LONGEST {
            return Ok(name);
        }
        sound(path)?;
        self.in_a_target(path)?;
        self.go(parent)?;
        Ok(name)
    }

    /// The identity the plan saw, and no rule against it.
    fn check(
        &self,
        path: &[u8],
        name: &[u8],
        kind: EntryType,
        planned: &Identity,
        seen: &Seen,
    ) -> Result<(), Forbidden> {
        let entered = match &self.left {
            Some((left, entered)) if left == path => Some(entered),
            _ => None,
        };
        let changed = match entered {
            _ if kind != seen.kind => Some("it is of another type now".to_owned()),
            _ if kind != EntryType::Directory => difference(planned, &seen.identity),
            // Taking its content has changed the folder since it was entered, and an interrupted
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

    /// A file of several names: taking one of them changes the others.
    fn linked(
        &mut self,
        path: &[u8],
        name: &[u8],
        entry: &Planned<'_>,
        item: &str,
    ) -> Result<(), Forbidden> {
        let flags = OFlags::PATH | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        let file = openat(self.ground.dirs.here(), name, flags, Mode::empty()).map_err(gone)?;
        let seen = look::of(&file).map_err(gone)?;
        let mut expected = entry.identity;
        match self.links.get(&seen.key()) {
            Some(identity) => expected = *identity,
            None if self.resumed && seen.identity.links <= expected.links => {
                expected.links = seen.identity.links;
                expected.ctime_ns = seen.identity.ctime_ns;
            }
            None => {}
        }
        self.check(path, name, entry.kind, &expected, &seen)?;
        let by_name = look::at(self.ground.dirs.here(), name).map_err(gone)?;
        if by_name.identity != seen.identity {
            return Err(Forbidden::new(Rule::Changed, "it was replaced while it was looked at"));
        }
        self.remove(path, name, &seen, item)?;
        if let Ok(left) = look::of(&file) {
            self.links.insert(left.key(), left.identity);
        }
        Ok(())
    }

    fn remove(&self, path: &[u8], name: &[u8], seen: &Seen, item: &str) -> Result<(), Forbidden> {
        let folder = seen.kind == EntryType::Directory;
        let here = self.ground.dirs.here();
        let Some(quarantine) = self.quarantine else {
            if !folder && let Some(aside) = self.aside(item) {
                let done = aside::delete(here, name, &aside, &seen.identity);
                return done.map_err(|kept| match kept {
                    aside::Kept::System(error) => self.not_removed(path, error),
                    aside::Kept::Replaced(why) => Forbidden::new(Rule::Changed, why),
                });
            }
            let flags = if folder { AtFlags::REMOVEDIR } else { AtFlags::empty() };
            return unlinkat(here, name, flags).map_err(|error| self.not_removed(path, error));
        };
        if folder && !self.is_empty(name) {
            return Err(self.not_removed(path, Errno::NOTEMPTY));
        }
        quarantine.take(here, name, seen, item)
    }

    /// Whether the folder `name` in the folder at work has nothing in it.
    fn is_empty(&self, name: &[u8]) -> bool {
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        let opened = openat(self.ground.dirs.here(), name, flags, Mode::empty());
        let mut lister = crate::effects::list::Lister::default();
        use rustix::fd::AsFd as _;
        opened.is_ok_and(|fd| lister.list(fd.as_fd()).is_ok_and(|names| names.is_empty()))
    }

    /// The name under which the entry with the number `item` is looked at once more.
    fn aside(&self, item: &str) -> Option<String> {
        self.aside.as_ref().map(|own| format!(".proofline-{own}-{item}"))
    }

    fn not_removed(&self, path: &[u8], error: Errno) -> Forbidden {
        let kept_in = self.kept.as_deref().is_some_and(|kept| is_at_or_in(kept, path));
        match error {
            Errno::NOENT => gone(error),
            Errno::NOTEMPTY | Errno::EXIST if kept_in => {
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
        }
    }

    /// The target that `path` is or lies in.
    #[must_use]
    pub fn target_of<'p>(&self, path: &'p [u8]) -> Option<&'p [u8]> {
        let ends = path.iter().enumerate().filter(|(_, b)| **b == b'/').map(|(at, _)| at);
        let mut heads = ends.chain([path.len()]).map(|end| &path[..end]);
        heads.find(|head| self.targets.contains_key(*head))
    }

    fn in_a_target(&mut self, path: &[u8]) -> Result<(), Forbidden> {
        let target = self.target_of(path);
        match target.and_then(|target| self.targets.get(target)) {
            Some(None) => {
                self.admitted = target.map(<[u8]>::to_vec);
                Ok(())
            }
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
        for name in folder[known..].split(|b| *b == b'/').filter(|name| !name.is_empty()) {
            let path = self.ground.path_of(name);
            let entered = match self.in_a_target(&path) {
                Ok(()) => self.ground.descend(name),
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

/// Whether `name` is one name in a folder.
fn is_plain(name: &[u8]) -> bool {
    !matches!(name, b"" | b"." | b"..") && memchr::memchr(0, name).is_none()
}

fn gone(error: Errno) -> Forbidden {
    match error {
        Errno::NOENT | Errno::NOTDIR => {
            Forbidden::new(Rule::Gone, "it is not there any more: something else removed it")
        }
        error => Forbidden::new(Rule::SystemRefused, words(error)),
    }
}

/// Differences that taking a folder's content does not make.
fn folder_difference(planned: &Identity, seen: &Seen) -> Option<String> {
    if !seen.same_file(planned) {
        return Some("it is another folder now".to_owned());
    }
    let (was, is) = (planned.mode, seen.identity.mode);
    (was != is).then(|| format!("its mode was {was:o}, is {is:o}"))
}

/// Whether `path` is `folder` or lies in it; the empty folder is the root.
#[must_use]
pub fn is_at_or_in(path: &[u8], folder: &[u8]) -> bool {
    folder.is_empty()
        || path.strip_prefix(folder).is_some_and(|rest| rest.is_empty() || rest.starts_with(b"/"))
}
