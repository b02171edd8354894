//! What a file was at one moment, and in what that differs from what was planned.

use contract::cleanup::{EntryType, Identity};

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
