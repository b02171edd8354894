//! The folder at work, and everything that is known to protect what lies in it.

use crate::effects::look;
use std::collections::BTreeSet;

use contract::cleanup::Rule;
use rustix::fs::{Access, AtFlags, accessat};
use rustix::io::Errno;

use crate::effects::dirs::{Dirs, Level};
use crate::effects::git::{self, Kind, probe};
use cleanup_guard::decide::{self, Around};
use cleanup_guard::git::Repo;
use cleanup_guard::protected::Protected;
use cleanup_guard::rules::{Forbidden, in_vcs_data};
use cleanup_guard::seen::Seen;

/// What surrounds the root: gathered once, before anything is looked at.
#[derive(Clone, Debug, Default)]
pub struct Surroundings {
    /// The root, absolute and free of links.
    pub root: Vec<u8>,
    /// Places that stay.
    pub protected: Protected,
    /// Mount points of this process.
    pub mounts: Vec<Vec<u8>>,
    /// Working trees the root lies in.
    pub repos: Vec<Repo>,
    /// Whether the root lies in a repository's own data.
    pub in_git_data: bool,
    /// The caller.
    pub user: u32,
}

/// A position below the root.
pub struct Ground {
    /// The descriptors.
    pub dirs: Dirs,
    around: Surroundings,
    allowed: BTreeSet<Vec<u8>>,
    path: Vec<u8>,
    here: Vec<Here>,
}

/// What is known of one folder on the way.
struct Here {
    length: usize,
    repo: Option<Repo>,
    tracked_below: bool,
}

impl Ground {
    /// Stands at the root. `allowed` are the repositories below it that may be deleted.
    #[must_use]
    pub fn new(dirs: Dirs, around: Surroundings, allowed: BTreeSet<Vec<u8>>) -> Self {
        Self { dirs, around, allowed, path: Vec::new(), here: Vec::new() }
    }

    /// What surrounds the root.
    #[must_use]
    pub fn around(&self) -> &Surroundings {
        &self.around
    }

    /// The folder at work, below the root; empty for the root.
    #[must_use]
    pub fn path(&self) -> &[u8] {
        &self.path
    }

    /// The path below the root of `name` in the folder at work.
    #[must_use]
    pub fn path_of(&self, name: &[u8]) -> Vec<u8> {
        if self.path.is_empty() { name.to_vec() } else { [&self.path, name].join(&b'/') }
    }

    /// The absolute path of a path below the root.
    #[must_use]
    pub fn absolute(&self, path: &[u8]) -> Vec<u8> {
        [&self.around.root, path].join(&b'/')
    }

    /// Whether the caller has allowed the repository at `path` to be deleted, or one it is in.
    #[must_use]
    pub fn allowed(&self, path: &[u8]) -> bool {
        self.allowed.iter().any(|repo| {
            path.strip_prefix(repo.as_slice())
                .is_some_and(|rest| rest.is_empty() || rest.starts_with(b"/"))
        })
    }

    /// Goes into a folder on the way to a target.
    pub fn pass(&mut self, name: &[u8]) -> Result<Seen, Forbidden> {
        let seen = self.go(name)?;
        let repo = match self.probed()? {
            Some(Kind::Bare) => {
                self.leave();
                return Err(decide::git_data());
            }
            Some(Kind::Top) => {
                let top = self.absolute(&self.path);
                for tree in git::borrowed(&top) {
                    let kept = (tree, Rule::GitFolder);
                    if !self.around.protected.trees.contains(&kept) {
                        self.around.protected.trees.push(kept);
                    }
                }
                git::read(&top)
            }
            Some(Kind::Foreign) | None => None,
        };
        self.settle(repo);
        Ok(seen)
    }

    /// Goes into a folder that is a target or lies in one.
    pub fn descend(&mut self, name: &[u8]) -> Result<Seen, Forbidden> {
        let seen = self.go(name)?;
        if let Err(forbidden) = self.fit(&seen) {
            self.leave();
            return Err(forbidden);
        }
        self.settle(None);
        Ok(seen)
    }

    /// Goes back to the folder above; says what the folder was when it was entered.
    pub fn leave(&mut self) -> Option<Level> {
        self.here.truncate(self.dirs.levels().len());
        if let Some(left) = self.here.pop() {
            self.path.truncate(left.length);
        }
        let left = self.dirs.leave();
        if left.is_err() {
            self.reset();
        }
        left.ok().flatten()
    }

    /// Goes back to the root.
    pub fn reset(&mut self) {
        self.dirs.reset();
        self.path.clear();
        self.here.clear();
    }

    /// Why `name` in the folder at work, seen as `seen`, must stay.
    #[must_use]
    pub fn judge(&self, name: &[u8], seen: &Seen) -> Option<Forbidden> {
        let folder = self.dirs.levels().last().map_or(self.dirs.root_seen(), |level| &level.seen);
        let around = Around {
            mount: self.dirs.root_seen().identity.mount,
            device: self.dirs.root_seen().identity.device,
            user: self.around.user,
            folder_mode: folder.identity.mode,
            folder_owner: folder.owner,
            protected: &self.around.protected,
        };
        decide::entry(seen, &around).or_else(|| self.tracked(name))
    }

    /// The working trees around the folder at work, innermost first.
    pub fn repos(&self) -> impl Iterator<Item = &Repo> {
        let inner = self.here.iter().rev().filter_map(|here| here.repo.as_ref());
        inner.chain(&self.around.repos)
    }

    fn tracked(&self, name: &[u8]) -> Option<Forbidden> {
        let below = self.here.last().map_or(!self.around.repos.is_empty(), |h| h.tracked_below);
        if !below {
            return None;
        }
        let path = self.absolute(&self.path_of(name));
        self.repos().find_map(|repo| decide::tracked(repo, &path))
    }

    fn go(&mut self, name: &[u8]) -> Result<Seen, Forbidden> {
        let entered = self.dirs.enter(name);
        let seen = entered.map_err(|error| self.blocked(name, error))?;
        let length = self.path.len();
        self.path = self.path_of(name);
        self.here.push(Here { length, repo: None, tracked_below: true });
        Ok(seen)
    }

    fn settle(&mut self, repo: Option<Repo>) {
        let above = self.here.iter().rev().nth(1).is_none_or(|here| here.tracked_below);
        let path = self.absolute(&self.path);
        let known = |repo: &Repo| match (&repo.tracked, repo.inside(&path)) {
            (Err(_), _) => true,
            (Ok(tracked), Some(inside)) => tracked.any_below(inside),
            (Ok(_), None) => false,
        };
        let tracked_below = repo.is_some() || above && self.repos().any(known);
        if let Some(here) = self.here.last_mut() {
            here.repo = repo;
            here.tracked_below = tracked_below;
        }
    }

    /// Whether the folder just entered may lose its content.
    fn fit(&self, seen: &Seen) -> Result<(), Forbidden> {
        if let Some(forbidden) = self.around.protected.by_identity(seen.key()) {
            return Err(forbidden);
        }
        if self.probed()?.is_some() && !self.allowed.contains(&self.path) {
            return Err(decide::nested());
        }
        if seen.locked {
            return Err(decide::immutable());
        }
        let wanted = Access::WRITE_OK | Access::EXEC_OK;
        accessat(self.dirs.here(), c".", wanted, AtFlags::empty()).map_err(|error| match error {
            Errno::ROFS => {
                Forbidden::new(Rule::NotPermitted, "lies on a read-only file system: remount it")
            }
            _ => Forbidden::new(
                Rule::NotPermitted,
                "a folder whose content may not be removed: chmod u+wx it, or ask its owner",
            ),
        })
    }

    fn probed(&self) -> Result<Option<Kind>, Forbidden> {
        // What looks like a repository inside of a repository's own data is part of that data.
        if in_vcs_data(&self.path) && self.allowed(&self.path) {
            return Ok(None);
        }
        probe(self.dirs.here()).map_err(decide::unreadable)
    }

    fn blocked(&self, name: &[u8], error: Errno) -> Forbidden {
        let link = matches!(error, Errno::LOOP | Errno::NOTDIR | Errno::MLINK)
            && look::at(self.dirs.here(), name)
                .is_ok_and(|seen| seen.kind == contract::cleanup::EntryType::Symlink);
        decide::blocked(error, link, &self.path_of(name))
    }
}
