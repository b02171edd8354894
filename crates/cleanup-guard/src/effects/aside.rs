//! Deleting a file that somebody else may replace at any moment.
//!
//! A name can be given to another file between a look at it and `unlink`. Renaming is the one
//! step that takes whatever has the name: then there is time to look at what was taken, and to
//! give it back.

use crate::effects::look;
use contract::cleanup::Identity;
use rustix::fd::BorrowedFd;
use rustix::fs::{AtFlags, RenameFlags, renameat_with, unlinkat};
use rustix::io::Errno;

use cleanup_guard::decide::words;

/// Why a file was not deleted.
pub enum Kept {
    /// The system refused.
    System(Errno),
    /// It was not the file that was looked at.
    Replaced(String),
}

/// Deletes `name` in the open folder `here`, if it is what `seen` says, by way of the name `aside`.
pub fn delete(here: BorrowedFd<'_>, name: &[u8], aside: &str, seen: &Identity) -> Result<(), Kept> {
    match renameat_with(here, name, here, aside, RenameFlags::NOREPLACE) {
        Ok(()) => {}
        // A file system that cannot rename without replacing.
        Err(Errno::INVAL | Errno::NOSYS | Errno::OPNOTSUPP) => {
            return unlinkat(here, name, AtFlags::empty()).map_err(Kept::System);
        }
        Err(error) => return Err(Kept::System(error)),
    }
    if is(here, aside, seen) {
        return unlinkat(here, aside, AtFlags::empty()).map_err(|error| {
            let _ = renameat_with(here, aside, here, name, RenameFlags::NOREPLACE);
            Kept::System(error)
        });
    }
    let why = match renameat_with(here, aside, here, name, RenameFlags::NOREPLACE) {
        Ok(()) => "it was replaced while it was looked at".to_owned(),
        Err(error) => format!(
            "it was replaced while it was looked at, and could not get its name back ({}): it is \
             {aside} in the same folder",
            words(error)
        ),
    };
    Err(Kept::Replaced(why))
}

/// Finishes an interrupted [`delete`]: whether the file is deleted now. What is not that file gets
/// its name back.
pub fn finish(here: BorrowedFd<'_>, name: &[u8], aside: &str, seen: &Identity) -> bool {
    if is(here, aside, seen) {
        return unlinkat(here, aside, AtFlags::empty()).is_ok();
    }
    let _ = renameat_with(here, aside, here, name, RenameFlags::NOREPLACE);
    false
}

/// Whether `name` is that file. Renaming changes nothing but its ctime.
fn is(here: BorrowedFd<'_>, name: &str, seen: &Identity) -> bool {
    look::at(here, name.as_bytes()).is_ok_and(|found| {
        let found = found.identity;
        let same = Identity { ctime_ns: found.ctime_ns, links: found.links, ..*seen };
        found == same
    })
}
