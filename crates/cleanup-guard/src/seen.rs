//! What `statx(2)` tells about a file, without following a link.

use contract::cleanup::{EntryType, Identity};
use rustix::fd::AsFd;
use rustix::fs::{AtFlags, FileType, Statx, StatxAttributes, StatxFlags, makedev, statx};
use rustix::io::{Errno, Result};

/// `STATX_MNT_ID_UNIQUE` (Linux 6.8): a mount id that is never used again. Older kernels ignore it
/// and give the id that is unique among living mounts.
const MOUNT_ID_UNIQUE: StatxFlags = StatxFlags::from_bits_retain(0x4000);

/// A file as it was seen at one moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seen {
    /// Its identity.
    pub identity: Identity,
    /// Its type.
    pub kind: EntryType,
    /// Its owner.
    pub owner: u32,
    /// Whether it is immutable or append-only.
    pub locked: bool,
    /// Whether a mount begins here.
    pub mount_root: bool,
}

impl Seen {
    /// Looks at `name` in the open folder `dir`.
    pub fn at(dir: impl AsFd, name: &[u8]) -> Result<Self> {
        Self::new(statx(dir, name, AtFlags::SYMLINK_NOFOLLOW | AtFlags::NO_AUTOMOUNT, mask())?)
    }

    /// Looks at what `fd` is.
    pub fn of(fd: impl AsFd) -> Result<Self> {
        Self::new(statx(fd, c"", AtFlags::EMPTY_PATH, mask())?)
    }

    /// Whether both are the same file, however it may have been changed.
    #[must_use]
    pub fn same_file(&self, other: &Identity) -> bool {
        let mine = &self.identity;
        (mine.device, mine.inode, mine.mount) == (other.device, other.inode, other.mount)
    }

    /// What tells the file apart on its file system.
    #[must_use]
    pub fn key(&self) -> (u64, u64) {
        (self.identity.device, self.identity.inode)
    }

    fn new(found: Statx) -> Result<Self> {
        let mounts = StatxFlags::MNT_ID | MOUNT_ID_UNIQUE;
        if !StatxFlags::from_bits_retain(found.stx_mask).intersects(mounts) {
            // Linux before 5.8: a bind mount of the same device could not be told apart.
            return Err(Errno::NOSYS);
        }
        let attributes = found.stx_attributes;
        Ok(Self {
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

/// The first difference between what was planned and what is there, in words.
#[must_use]
pub fn difference(planned: &Identity, found: &Identity) -> Option<String> {
    let numbers = [
        ("device", planned.device, found.device),
        ("inode", planned.inode, found.inode),
        ("mount", planned.mount, found.mount),
        ("links", planned.links, found.links),
        ("size", planned.size, found.size),
    ];
    if let Some((what, was, is)) = numbers.into_iter().find(|(_, was, is)| was != is) {
        return Some(format!("its {what} was {was}, is {is}"));
    }
    if planned.mode != found.mode {
        return Some(format!("its mode was {:o}, is {:o}", planned.mode, found.mode));
    }
    if planned.mtime_ns != found.mtime_ns {
        return Some("its content was changed since (mtime)".to_owned());
    }
    (planned.ctime_ns != found.ctime_ns)
        .then(|| "its content, name, mode or owner was changed since (ctime)".to_owned())
}
