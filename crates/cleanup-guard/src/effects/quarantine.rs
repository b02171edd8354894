//! A folder that things are moved to instead of being deleted.

use crate::effects::look;
use std::fs::File;
use std::io::{self, Write};

use contract::Sha256;
use contract::cleanup::{EntryType, Rule};
use rustix::fd::{AsFd, BorrowedFd, OwnedFd};
use rustix::fs::{AtFlags, Mode, OFlags, RenameFlags, mkdirat, openat, renameat_with, unlinkat};
use rustix::io::Errno;

use crate::effects::aside;
use crate::effects::carry;
use crate::effects::dirs::Dirs;
use crate::effects::way::Way;
use cleanup_guard::decide::words;
use cleanup_guard::rules::Forbidden;
use cleanup_guard::seen::Seen;

/// The file that tells a quarantine from any other folder.
pub const TAG: &[u8] = b"QUARANTINE.TAG";

/// How that file begins.
pub const SIGNATURE: &[u8] = b"proofline cleanup-guard quarantine\n";

/// Where quarantines are below a root, if nobody says otherwise.
pub const DEFAULT: [&[u8]; 2] = [b".proofline", b"quarantine"];

/// An open quarantine of one plan.
pub struct Quarantine {
    fd: OwnedFd,
    across: bool,
    /// Where it is, absolute.
    pub path: Vec<u8>,
}

/// The name of a plan's own folder in a quarantine.
#[must_use]
pub fn name_of(plan: &Sha256) -> String {
    plan.as_str()[..16].to_owned()
}

impl Quarantine {
    /// Makes or finds the folder for the plan with this digest in `base` (absolute, free of
    /// links). `names` are the folders to make first, below it.
    pub fn make(base: &[u8], names: &[&[u8]], plan: &Sha256) -> io::Result<Self> {
        let dirs = Dirs::open(base, false)?;
        let mut path = base.to_vec();
        let mut fd = openat(dirs.root(), c".", folder_flags(), Mode::empty())?;
        let own = name_of(plan);
        for name in names.iter().copied().chain([own.as_bytes()]) {
            match mkdirat(&fd, name, Mode::RWXU) {
                Ok(()) | Err(Errno::EXIST) => {}
                Err(error) => return Err(error.into()),
            }
            fd = openat(&fd, name, folder_flags(), Mode::empty())?;
            path = [&path, name].join(&b'/');
        }
        let quarantine = Self { fd, across: false, path };
        quarantine.tag(plan)?;
        Ok(quarantine)
    }

    /// Opens the one at `path` (absolute, free of links).
    pub fn open(path: &[u8]) -> io::Result<Self> {
        let dirs = Dirs::open(path, false)?;
        let fd = openat(dirs.root(), c".", folder_flags(), Mode::empty())?;
        Ok(Self { fd, across: false, path: path.to_vec() })
    }

    /// A way through what is in it.
    pub fn way(&self) -> io::Result<Way> {
        Ok(Way::new(Dirs::open(&self.path, false)?))
    }

    /// What the folder itself is.
    pub fn seen(&self) -> io::Result<Seen> {
        Ok(look::of(&self.fd)?)
    }

    /// What is in it under `item`.
    #[must_use]
    pub fn item(&self, item: &str) -> Option<Seen> {
        look::at(&self.fd, item.as_bytes()).ok()
    }

    /// Whether it is on another mount than `mount`, so that things have to be copied.
    pub fn stands_on(&mut self, mount: u64) -> io::Result<()> {
        self.across = self.seen()?.identity.mount != mount;
        Ok(())
    }

    /// Whether things have to be copied.
    #[must_use]
    pub fn across(&self) -> bool {
        self.across
    }

    /// Removes the copy that an interrupted move has left.
    pub fn forget(&self, item: &str) {
        carry::remove(self.fd.as_fd(), item.as_bytes());
    }

    /// Moves `name` in the open folder `from` here, if it is what `planned` says. If something else
    /// was put in its place at the last moment, that is put back.
    pub fn take(
        &self,
        from: BorrowedFd<'_>,
        name: &[u8],
        planned: &Seen,
        item: &str,
    ) -> Result<(), Forbidden> {
        if self.across {
            return self.take_across(from, name, planned, item);
        }
        let planned = &planned.identity;
        rename(from, name, self.fd.as_fd(), item.as_bytes())
            .map_err(|error| refused(error, name))?;
        let taken = self.item(item);
        let same = taken.is_some_and(|seen| {
            seen.same_file(planned)
                && (seen.identity.mode, seen.identity.mtime_ns) == (planned.mode, planned.mtime_ns)
        });
        if same {
            return Ok(());
        }
        let back = rename(self.fd.as_fd(), item.as_bytes(), from, name);
        let reason = match back {
            Ok(()) => "it was replaced while it was looked at".to_owned(),
            Err(error) => format!(
                "it was replaced while it was looked at, and could not be put back ({}): it is {} \
                 in {}",
                words(error),
                item,
                String::from_utf8_lossy(&self.path)
            ),
        };
        Err(Forbidden::new(Rule::Changed, reason))
    }

    fn take_across(
        &self,
        from: BorrowedFd<'_>,
        name: &[u8],
        planned: &Seen,
        item: &str,
    ) -> Result<(), Forbidden> {
        carry::copy(from, name, planned, self.fd.as_fd(), item.as_bytes())
            .map_err(|error| Forbidden::new(Rule::SystemRefused, format!("copying: {error}")))?;
        let deleted = if planned.kind == EntryType::Directory {
            unlinkat(from, name, AtFlags::REMOVEDIR).map_err(|error| refused(error, name))
        } else {
            let aside = aside_name(item, planned.identity.inode);
            aside::delete(from, name, &aside, &planned.identity).map_err(|kept| match kept {
                aside::Kept::System(error) => refused(error, name),
                aside::Kept::Replaced(why) => Forbidden::new(Rule::Changed, why),
            })
        };
        if deleted.is_err() {
            self.forget(item);
        }
        deleted
    }

    /// Moves `item` to `name` in the open folder `to`; never over something that is there.
    pub fn give_back(&self, item: &str, to: BorrowedFd<'_>, name: &[u8]) -> Result<(), Forbidden> {
        let given = if self.across {
            self.copy_back(item, to, name)
        } else {
            rename(self.fd.as_fd(), item.as_bytes(), to, name).map_err(io::Error::from)
        };
        given.map_err(|error| match Errno::from_io_error(&error) {
            Some(Errno::EXIST | Errno::NOTEMPTY) => Forbidden::new(
                Rule::Occupied,
                "something else is there now: move it away and restore again",
            ),
            Some(Errno::NOENT) => {
                Forbidden::new(Rule::Gone, "it is not in the quarantine any more")
            }
            Some(error) => refused(error, name),
            None => Forbidden::new(Rule::SystemRefused, error.to_string()),
        })
    }

    fn copy_back(&self, item: &str, to: BorrowedFd<'_>, name: &[u8]) -> io::Result<()> {
        let seen = look::at(&self.fd, item.as_bytes())?;
        carry::copy(self.fd.as_fd(), item.as_bytes(), &seen, to, name)?;
        self.forget(item);
        Ok(())
    }

    /// Removes the quarantine if nothing is left in it.
    pub fn close(self) {
        let empty = {
            let names = std::fs::read_dir(as_path(&self.path));
            names.is_ok_and(|mut names| {
                names.all(|name| name.is_ok_and(|n| n.file_name().as_encoded_bytes() == TAG))
            })
        };
        if !empty {
            return;
        }
        let _ = unlinkat(&self.fd, TAG, AtFlags::empty());
        // Only what is empty goes, and only what was made for quarantines.
        let mut path = self.path.as_slice();
        for made in [None, Some(DEFAULT[1]), Some(DEFAULT[0])] {
            let name = path.rsplit(|b| *b == b'/').next().unwrap_or_default();
            if made.is_some_and(|made| made != name) || std::fs::remove_dir(as_path(path)).is_err()
            {
                return;
            }
            path = &path[..path.len() - name.len() - 1];
        }
    }

    fn tag(&self, plan: &Sha256) -> io::Result<()> {
        let flags =
            OFlags::CREATE | OFlags::EXCL | OFlags::WRONLY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        let mut file = match openat(&self.fd, TAG, flags, Mode::RUSR | Mode::WUSR) {
            Ok(fd) => File::from(fd),
            Err(Errno::EXIST) => return Ok(()),
            Err(error) => return Err(error.into()),
        };
        file.write_all(SIGNATURE)?;
        file.write_all(format!("plan {plan}\n").as_bytes())?;
        file.sync_all()
    }
}

/// The name a copied file has for the moment in which it is deleted.
#[must_use]
pub fn aside_name(item: &str, inode: u64) -> String {
    format!(".proofline-{item}-{inode}")
}

fn as_path(bytes: &[u8]) -> &std::path::Path {
    std::path::Path::new(<std::ffi::OsStr as std::os::unix::ffi::OsStrExt>::from_bytes(bytes))
}

fn folder_flags() -> OFlags {
    OFlags::RDONLY | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC
}

fn rename(from: BorrowedFd<'_>, old: &[u8], to: BorrowedFd<'_>, new: &[u8]) -> Result<(), Errno> {
    renameat_with(from, old, to, new, RenameFlags::NOREPLACE)
}

fn refused(error: Errno, name: &[u8]) -> Forbidden {
    match error {
        Errno::NOENT => Forbidden::new(Rule::Gone, "it is not there any more"),
        Errno::BUSY => Forbidden::new(Rule::MountPoint, "something is mounted here"),
        error => Forbidden::new(
            Rule::SystemRefused,
            format!("{}: {}", String::from_utf8_lossy(name), words(error)),
        ),
    }
}
