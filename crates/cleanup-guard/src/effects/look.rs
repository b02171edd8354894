//! What `statx(2)` tells about a file, without following a link.

use cleanup_guard::seen::Seen;
use contract::cleanup::{EntryType, Identity};
use rustix::fd::AsFd;
use rustix::fs::{AtFlags, FileType, Statx, StatxAttributes, StatxFlags, makedev, statx};
use rustix::io::{Errno, Result};

/// `STATX_MNT_ID_UNIQUE` (Linux 6.8): a mount id that is never used again. Older kernels ignore it
/// and give the id that is unique among living mounts.
const MOUNT_ID_UNIQUE: StatxFlags = StatxFlags::from_bits_retain(0x4000);

/// Looks at `name` in the open folder `dir`.
pub fn at(dir: impl AsFd, name: &[u8]) -> Result<Seen> {
    seen(statx(dir, name, AtFlags::SYMLINK_NOFOLLOW | AtFlags::NO_AUTOMOUNT, mask())?)
}

/// Looks at what `fd` is.
pub fn of(fd: impl AsFd) -> Result<Seen> {
    seen(statx(fd, c"", AtFlags::EMPTY_PATH, mask())?)
}

fn seen(found: Statx) -> Result<Seen> {
    let mounts = StatxFlags::MNT_ID | MOUNT_ID_UNIQUE;
    if !StatxFlags::from_bits_retain(found.stx_mask).intersects(mounts) {
        // Linux before 5.8: a bind mount of the same device could not be told apart.
        return Err(Errno::NOSYS);
    }
    let attributes = found.stx_attributes;
    Ok(Seen {
        identity: Identity {
            device: makedev(found.stx_dev_major, found.stx_dev_minor),
            inode: found.stx_ino,
            mount: found.stx_mnt_id,
            mode: u32::from(found.stx_mode),
            links: u64::from(found.stx_nlink),
            size: found.stx_size,
            mtime_ns: nanoseconds(found.stx_mtime.tv_sec, found.stx_mtime.tv_nsec),
            ctime_ns: nanoseconds(found.stx_ctime.tv_sec, found.stx_ctime.tv_nsec),
        },
        kind: kind(u32::from(found.stx_mode)),
        owner: found.stx_uid,
        locked: attributes.intersects(StatxAttributes::IMMUTABLE | StatxAttributes::APPEND),
        mount_root: attributes.contains(StatxAttributes::MOUNT_ROOT),
    })
}

fn mask() -> StatxFlags {
    StatxFlags::BASIC_STATS | StatxFlags::MNT_ID | MOUNT_ID_UNIQUE
}

fn nanoseconds(seconds: i64, nanoseconds: u32) -> i64 {
    seconds.saturating_mul(1_000_000_000).saturating_add(i64::from(nanoseconds))
}

fn kind(mode: u32) -> EntryType {
    match FileType::from_raw_mode(mode) {
        FileType::Directory => EntryType::Directory,
        FileType::Symlink => EntryType::Symlink,
        FileType::Fifo => EntryType::Fifo,
        FileType::Socket => EntryType::Socket,
        FileType::BlockDevice | FileType::CharacterDevice => EntryType::Device,
        FileType::RegularFile | FileType::Unknown => EntryType::File,
    }
}
