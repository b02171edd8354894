//! Takes something to another mount: copied, held against what it was copied from, and only then
//! put in its place. The original is somebody else's to delete.

use crate::effects::look;
use std::fs::File;
use std::io::{self, Read, Seek, Write};

use contract::cleanup::EntryType;
use rustix::fd::{AsFd, BorrowedFd};
use rustix::fs::{
    AtFlags, FileType, Gid, Mode, OFlags, RenameFlags, Stat, Timespec, Timestamps, Uid, XattrFlags,
    chownat, fgetxattr, flistxattr, fsetxattr, fstat, futimens, mkdirat, mknodat, openat,
    readlinkat, renameat_with, statat, symlinkat, unlinkat, utimensat,
};
use rustix::io::Errno;
use sha2::{Digest, Sha256};

use cleanup_guard::seen::Seen;

/// Copies `name` in the folder `from`, which is `seen`, to `new` in the folder `to`: never over
/// something that is there. A folder is copied without its content.
pub fn copy(
    from: BorrowedFd<'_>,
    name: &[u8],
    seen: &Seen,
    to: BorrowedFd<'_>,
    new: &[u8],
) -> io::Result<()> {
    let part = format!(".proofline-part-{}", seen.identity.inode);
    let part = part.as_bytes();
    remove(to, part);
    let made = make(from, name, seen, to, part);
    let named = made.and_then(|()| Ok(renameat_with(to, part, to, new, RenameFlags::NOREPLACE)?));
    if named.is_err() {
        remove(to, part);
    }
    named
}

/// Removes what a copy left: never a folder with something in it.
pub fn remove(dir: BorrowedFd<'_>, name: &[u8]) {
    if unlinkat(dir, name, AtFlags::empty()).is_err() {
        let _ = unlinkat(dir, name, AtFlags::REMOVEDIR);
    }
}

fn make(
    from: BorrowedFd<'_>,
    name: &[u8],
    seen: &Seen,
    to: BorrowedFd<'_>,
    part: &[u8],
) -> io::Result<()> {
    let stat = statat(from, name, AtFlags::SYMLINK_NOFOLLOW)?;
    match seen.kind {
        EntryType::File => return file(from, name, seen, to, part),
        EntryType::Directory => return folder(from, name, to, part),
        EntryType::Symlink => symlinkat(readlinkat(from, name, Vec::new())?, to, part)?,
        EntryType::Fifo => mknodat(to, part, FileType::Fifo, Mode::from_raw_mode(stat.st_mode), 0)?,
        EntryType::Device => {
            let kind = FileType::from_raw_mode(stat.st_mode);
            mknodat(to, part, kind, Mode::from_raw_mode(stat.st_mode), stat.st_rdev)?;
        }
        EntryType::Socket => {
            return Err(io::Error::other("a socket cannot be copied to another mount"));
        }
    }
    chownat(to, part, owner(&stat).0, owner(&stat).1, AtFlags::SYMLINK_NOFOLLOW)?;
    Ok(utimensat(to, part, &times(&stat), AtFlags::SYMLINK_NOFOLLOW)?)
}

fn file(
    from: BorrowedFd<'_>,
    name: &[u8],
    seen: &Seen,
    to: BorrowedFd<'_>,
    part: &[u8],
) -> io::Result<()> {
    let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC;
    let mut source = File::from(openat(from, name, flags, Mode::empty())?);
    if look::of(&source)?.identity != seen.identity {
        return Err(io::Error::other("it was replaced while it was looked at"));
    }
    let flags = OFlags::RDWR | OFlags::CREATE | OFlags::EXCL | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    let mut target = File::from(openat(to, part, flags, Mode::RUSR | Mode::WUSR)?);
    let written = pour(&mut source, &mut |block| target.write_all(block))?;
    attributes(source.as_fd(), target.as_fd())?;
    target.sync_all()?;
    target.rewind()?;
    let read = pour(&mut target, &mut |_| Ok(()))?;
    let stat = fstat(&source)?;
    futimens(&target, &times(&stat))?;
    target.sync_all()?;
    if written != read || look::of(&source)?.identity != seen.identity {
        return Err(io::Error::other("the copy is not what it was copied from"));
    }
    Ok(())
}

fn folder(from: BorrowedFd<'_>, name: &[u8], to: BorrowedFd<'_>, part: &[u8]) -> io::Result<()> {
    let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    let source = openat(from, name, flags, Mode::empty())?;
    mkdirat(to, part, Mode::RWXU)?;
    let target = openat(to, part, flags, Mode::empty())?;
    attributes(source.as_fd(), target.as_fd())?;
    Ok(futimens(&target, &times(&fstat(&source)?))?)
}

/// SHA-256 and length of what `source` still holds.
fn pour(
    source: &mut File,
    take: &mut dyn FnMut(&[u8]) -> io::Result<()>,
) -> io::Result<([u8; 32], u64)> {
    let (mut hash, mut length) = (Sha256::new(), 0);
    let mut block = vec![0; 1 << 16];
    loop {
        let count = source.read(&mut block)?;
        if count == 0 {
            return Ok((hash.finalize().into(), length));
        }
        hash.update(&block[..count]);
        take(&block[..count])?;
        length += count as u64;
    }
}

/// Owner, extended attributes and mode, in this order: changing the owner takes set-id bits away.
fn attributes(from: BorrowedFd<'_>, to: BorrowedFd<'_>) -> io::Result<()> {
    let stat = fstat(from)?;
    let (user, group) = owner(&stat);
    rustix::fs::fchown(to, user, group)?;
    let mut names = vec![0; 64 * 1024];
    let length = match flistxattr(from, &mut names) {
        Ok(length) => length,
        Err(Errno::OPNOTSUPP) => 0,
        Err(error) => return Err(error.into()),
    };
    for name in names[..length].split(|b| *b == 0).filter(|name| !name.is_empty()) {
        let mut value = vec![0; 64 * 1024];
        let length = fgetxattr(from, name, &mut value)?;
        fsetxattr(to, name, &value[..length], XattrFlags::empty())?;
    }
    Ok(rustix::fs::fchmod(to, Mode::from_raw_mode(stat.st_mode))?)
}

fn owner(stat: &Stat) -> (Option<Uid>, Option<Gid>) {
    (Some(Uid::from_raw(stat.st_uid)), Some(Gid::from_raw(stat.st_gid)))
}

fn times(stat: &Stat) -> Timestamps {
    let at = |seconds: i64, nanoseconds: u64| Timespec {
        tv_sec: seconds,
        tv_nsec: i64::try_from(nanoseconds).unwrap_or_default(),
    };
    Timestamps {
        last_access: at(stat.st_atime, stat.st_atime_nsec),
        last_modification: at(stat.st_mtime, stat.st_mtime_nsec),
    }
}
