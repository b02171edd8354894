//! Folders by their descriptors. Nothing below the root is ever reached by a longer path than one
//! name in an open folder.

use crate::effects::look;
use rustix::fd::{AsFd, BorrowedFd, OwnedFd};
use rustix::fs::{CWD, Mode, OFlags, ResolveFlags, openat, openat2};
use rustix::io::{Errno, Result};

use cleanup_guard::seen::Seen;

/// How many of the deepest folders stay open. The others are found again through `..` of the one
/// below, and must prove to be the same.
const OPEN: usize = 128;

/// The way from the root to the folder at work.
pub struct Dirs {
    root: OwnedFd,
    root_seen: Seen,
    levels: Vec<Level>,
    flags: OFlags,
    openat2: bool,
}

/// One folder on the way.
pub struct Level {
    /// Its name in the folder above.
    pub name: Vec<u8>,
    /// What it was when it was entered.
    pub seen: Seen,
    fd: Option<OwnedFd>,
}

impl Dirs {
    /// Opens the absolute path `root`, in which no component may be a link. With `list`, folders
    /// can be listed; without, they need not be readable.
    pub fn open(root: &[u8], list: bool) -> Result<Self> {
        let access = if list { OFlags::RDONLY } else { OFlags::PATH };
        let flags = access | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        let mut fd = openat(CWD, c"/", flags | OFlags::PATH, Mode::empty())?;
        let mut components = root.split(|b| *b == b'/').filter(|c| !c.is_empty()).peekable();
        while let Some(component) = components.next() {
            let last = components.peek().is_none();
            let flags = if last { flags } else { flags | OFlags::PATH };
            fd = openat(&fd, component, flags, Mode::empty())?;
        }
        let root_seen = look::of(&fd)?;
        let openat2 = has_openat2(&fd);
        Ok(Self { root: fd, root_seen, levels: Vec::new(), flags, openat2 })
    }

    /// What the root was when it was opened.
    #[must_use]
    pub fn root_seen(&self) -> &Seen {
        &self.root_seen
    }

    /// The root itself.
    #[must_use]
    pub fn root(&self) -> BorrowedFd<'_> {
        self.root.as_fd()
    }

    /// The folder at work.
    #[must_use]
    pub fn here(&self) -> BorrowedFd<'_> {
        self.levels.last().and_then(|level| level.fd.as_ref()).unwrap_or(&self.root).as_fd()
    }

    /// The folders below the root, outermost first.
    #[must_use]
    pub fn levels(&self) -> &[Level] {
        &self.levels
    }

    /// Goes into the folder `name` of the folder at work: not through a link, not onto another
    /// mount.
    pub fn enter(&mut self, name: &[u8]) -> Result<Seen> {
        let fd = self.child(name)?;
        let seen = look::of(&fd)?;
        self.levels.push(Level { name: name.to_vec(), seen, fd: Some(fd) });
        if let Some(old) = self.levels.len().checked_sub(OPEN + 1) {
            self.levels[old].fd = None;
        }
        Ok(seen)
    }

    /// Goes back to the folder above. An error leaves the way empty: only the root is left.
    pub fn leave(&mut self) -> Result<Option<Level>> {
        let Some(left) = self.levels.pop() else { return Ok(None) };
        let reopened = match (self.levels.last(), &left.fd) {
            (Some(above), Some(below)) if above.fd.is_none() => self.parent(below, above),
            _ => return Ok(Some(left)),
        };
        match reopened {
            Ok(fd) => {
                if let Some(above) = self.levels.last_mut() {
                    above.fd = Some(fd);
                }
                Ok(Some(left))
            }
            Err(error) => {
                self.levels.clear();
                Err(error)
            }
        }
    }

    /// Goes back to the root.
    pub fn reset(&mut self) {
        self.levels.clear();
    }

    /// Opens the folder `name` of the folder at work.
    fn child(&mut self, name: &[u8]) -> Result<OwnedFd> {
        if name.is_empty() || name == b"." || name == b".." || name.contains(&b'/') {
            return Err(Errno::INVAL);
        }
        if self.openat2 {
            return self.beneath(name);
        }
        // As strict as openat2 for a single name: no `..` and no slash (above), no link
        // (NOFOLLOW), no other mount (compared here).
        let fd = openat(self.here(), name, self.flags, Mode::empty())?;
        let seen = look::of(&fd)?;
        let above = self.levels.last().map_or(&self.root_seen, |level| &level.seen);
        if seen.mount_root || seen.identity.mount != above.identity.mount {
            return Err(Errno::XDEV);
        }
        Ok(fd)
    }

    fn beneath(&self, name: &[u8]) -> Result<OwnedFd> {
        let mut tries = 0;
        loop {
            match openat2(self.here(), name, self.flags, Mode::empty(), strict()) {
                // The kernel could not rule out an escape while something was being renamed.
                Err(Errno::AGAIN) if tries < 1000 => tries += 1,
                other => return other,
            }
        }
    }

    fn parent(&self, below: &OwnedFd, above: &Level) -> Result<OwnedFd> {
        let fd = openat(below, c"..", self.flags, Mode::empty())?;
        if look::of(&fd)?.same_file(&above.seen.identity) { Ok(fd) } else { Err(Errno::STALE) }
    }
}

fn strict() -> ResolveFlags {
    ResolveFlags::BENEATH
        | ResolveFlags::NO_SYMLINKS
        | ResolveFlags::NO_XDEV
        | ResolveFlags::NO_MAGICLINKS
}

/// Linux 5.6 has it; some sandboxes forbid it.
fn has_openat2(dir: &OwnedFd) -> bool {
    let flags = OFlags::PATH | OFlags::DIRECTORY | OFlags::CLOEXEC;
    openat2(dir, c".", flags, Mode::empty(), strict()).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::ffi::OsStrExt;

    /// The same refusals, whether the kernel helps or not.
    #[test]
    fn nothing_leads_out_with_and_without_openat2() {
        let folder = tempfile::tempdir().unwrap();
        let top = folder.path().canonicalize().unwrap();
        std::fs::create_dir_all(top.join("a/b")).unwrap();
        std::fs::write(top.join("file"), "").unwrap();
        std::os::unix::fs::symlink("a", top.join("link")).unwrap();
        for openat2 in [true, false] {
            let mut dirs = Dirs::open(top.as_os_str().as_bytes(), true).unwrap();
            dirs.openat2 &= openat2;
            for name in [&b""[..], b".", b"..", b"a/b", b"/", b"link", b"file", b"none"] {
                assert!(dirs.enter(name).is_err(), "{name:?}");
            }
            dirs.enter(b"a").unwrap();
            dirs.enter(b"b").unwrap();
            assert_eq!(dirs.leave().unwrap().unwrap().name, b"b");
            assert_eq!(dirs.levels().len(), 1);
        }
    }

    #[test]
    fn another_mount_is_not_entered_with_and_without_openat2() {
        for openat2 in [true, false] {
            let mut dirs = Dirs::open(b"/", false).unwrap();
            dirs.openat2 &= openat2;
            assert_eq!(dirs.enter(b"proc").unwrap_err(), Errno::XDEV);
        }
    }

    #[test]
    fn a_way_back_is_found_below_more_folders_than_are_kept_open() {
        let folder = tempfile::tempdir().unwrap();
        let top = folder.path().canonicalize().unwrap();
        std::fs::create_dir_all(top.join("d/".repeat(3 * OPEN))).unwrap();
        let mut dirs = Dirs::open(top.as_os_str().as_bytes(), true).unwrap();
        (0..3 * OPEN).for_each(|_| assert!(dirs.enter(b"d").is_ok()));
        for depth in (0..3 * OPEN).rev() {
            assert_eq!(dirs.leave().unwrap().unwrap().name, b"d");
            assert_eq!(dirs.levels().len(), depth);
            assert!(look::at(dirs.here(), b"d").is_ok());
        }
    }
}
