//! One run at a time for one root.

use crate::effects::look;
use std::fs::File;
use std::io;

use rustix::fd::AsFd;
use rustix::fs::{FlockOperation, Mode, OFlags, flock, openat};
use rustix::io::Errno;

/// Locks the open folder `root` until the file is closed; says who is at work there if somebody
/// is.
pub fn root(root: impl AsFd) -> io::Result<File> {
    let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
    let file = File::from(openat(root, c".", flags, Mode::empty())?);
    match flock(&file, FlockOperation::NonBlockingLockExclusive) {
        Ok(()) => Ok(file),
        Err(Errno::WOULDBLOCK) => {
            let inode = look::of(&file)?.identity.inode;
            let locks = std::fs::read_to_string("/proc/locks").unwrap_or_default();
            let who = holder(&locks, inode)
                .map_or("another run".to_owned(), |pid| format!("process {pid}"));
            Err(io::Error::other(format!("{who} is at work there: wait until it has ended")))
        }
        Err(error) => Err(error.into()),
    }
}

/// The process that holds a lock on `inode`, by the text of `/proc/locks` (proc(5)).
fn holder(locks: &str, inode: u64) -> Option<u64> {
    let suffix = format!(":{inode}");
    let mut lines = locks.lines().map(|line| line.split_whitespace().collect::<Vec<_>>());
    lines.find_map(|fields| match fields[..] {
        [_, "FLOCK", _, _, pid, file, ..] if file.ends_with(&suffix) => pid.parse().ok(),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_holder_is_found_by_the_inode() {
        let locks = "1: POSIX  ADVISORY  WRITE 7 fd:00:123 0 EOF\n\
                     2: FLOCK  ADVISORY  WRITE 4711 fd:00:123 0 EOF\n\
                     2: -> FLOCK  ADVISORY  WRITE 4712 fd:00:123 0 EOF\n";
        assert_eq!(super::holder(locks, 123), Some(4711));
        assert_eq!(super::holder(locks, 23), None);
    }
}
