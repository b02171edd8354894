//! From a target to its entries: what a plan consists of.

use crate::effects::look;
use contract::cleanup::{EntryType, Refusal, Rule};
use rustix::io::Errno;

use crate::effects::ground::Ground;
use crate::effects::list::{Lister, Name};
use crate::effects::target::{Target, admit};
use cleanup_guard::decide;
use cleanup_guard::rules::{Forbidden, sound};
use cleanup_guard::seen::Seen;

/// What a walk finds, one after the other.
pub enum Found<'a> {
    /// It can go.
    Entry {
        /// Path below the root.
        path: &'a [u8],
        /// What it is.
        seen: &'a Seen,
        /// Why it may go.
        reason: &'a str,
    },
    /// It stays.
    Refused(Refusal),
}

/// Takes what is found; an error ends the walk.
pub type Sink<'a, E> = &'a mut dyn FnMut(Found<'_>) -> Result<(), E>;

struct Frame {
    names: std::vec::IntoIter<Name>,
    seen: Seen,
    kept: bool,
}

/// Walks `target`: content before its folder, in the order of the names' bytes.
pub fn walk<E>(
    ground: &mut Ground,
    lister: &mut Lister,
    target: &Target,
    sink: Sink<'_, E>,
) -> Result<(), E> {
    let path = &target.below.path;
    let seen = match admit(ground, &target.below) {
        Ok(seen) => seen,
        Err(forbidden) => return sink(refused(path, forbidden)),
    };
    let name = path.rsplit(|b| *b == b'/').next().unwrap_or(path);
    if seen.kind != EntryType::Directory {
        return sink(Found::Entry { path, seen: &seen, reason: &target.reason });
    }
    Walk { ground, lister, reason: &target.reason, sink, frames: Vec::new() }.folder(name)
}

struct Walk<'a, E> {
    ground: &'a mut Ground,
    lister: &'a mut Lister,
    reason: &'a str,
    sink: Sink<'a, E>,
    frames: Vec<Frame>,
}

impl<E> Walk<'_, E> {
    fn folder(&mut self, name: &[u8]) -> Result<(), E> {
        self.enter(name)?;
        while let Some(frame) = self.frames.last_mut() {
            match frame.names.next() {
                Some((name, _)) => self.visit(&name)?,
                None => self.end()?,
            }
        }
        Ok(())
    }

    fn visit(&mut self, name: &[u8]) -> Result<(), E> {
        let path = self.ground.path_of(name);
        let seen = match look::at(self.ground.dirs.here(), name) {
            Ok(seen) => seen,
            // It went while the folder was read: nothing to plan.
            Err(Errno::NOENT) => return Ok(()),
            Err(error) => return self.refuse(&path, decide::unreadable(error)),
        };
        let forbidden = sound(&path).err().or_else(|| self.ground.judge(name, &seen));
        match forbidden {
            Some(forbidden) => self.refuse(&path, forbidden),
            None if seen.kind == EntryType::Directory => self.enter(name),
            None => (self.sink)(Found::Entry { path: &path, seen: &seen, reason: self.reason }),
        }
    }

    fn enter(&mut self, name: &[u8]) -> Result<(), E> {
        let seen = match self.ground.descend(name) {
            Ok(seen) => seen,
            Err(forbidden) => {
                let path = self.ground.path_of(name);
                return self.refuse(&path, forbidden);
            }
        };
        match self.lister.list(self.ground.dirs.here()) {
            Ok(names) => {
                self.frames.push(Frame { names: names.into_iter(), seen, kept: false });
                Ok(())
            }
            Err(error) => {
                let path = self.ground.path().to_vec();
                self.ground.leave();
                self.refuse(&path, decide::unreadable(error))
            }
        }
    }

    /// All content of the folder at work has been seen.
    fn end(&mut self) -> Result<(), E> {
        let Some(frame) = self.frames.pop() else { return Ok(()) };
        let path = self.ground.path().to_vec();
        let depth = self.ground.dirs.levels().len();
        self.ground.leave();
        if self.ground.dirs.levels().len() + 1 != depth {
            // The way back was lost: somebody moved a folder this is in. Nothing that follows
            // could be told to be where the plan would say it is.
            self.frames.clear();
            return self.refuse(&path, decide::unreadable(Errno::STALE));
        }
        if !frame.kept {
            return (self.sink)(Found::Entry {
                path: &path,
                seen: &frame.seen,
                reason: self.reason,
            });
        }
        if let Some(above) = self.frames.last_mut() {
            above.kept = true;
            return Ok(());
        }
        let forbidden = Forbidden::new(
            Rule::ContentKept,
            "the folder stays, because some of its content does: see the other refusals",
        );
        (self.sink)(refused(&path, forbidden))
    }

    fn refuse(&mut self, path: &[u8], forbidden: Forbidden) -> Result<(), E> {
        if let Some(frame) = self.frames.last_mut() {
            frame.kept = true;
        }
        (self.sink)(refused(path, forbidden))
    }
}

/// A refusal of a path below the root.
#[must_use]
pub fn refused(path: &[u8], forbidden: Forbidden) -> Found<'static> {
    Found::Refused(Refusal::new(path, forbidden.rule, forbidden.reason))
}
