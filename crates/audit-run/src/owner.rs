//! Who can change a file, from who owns it and the folders it is in.

use std::collections::BTreeSet;

/// A file or a folder, as far as this matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its owner.
    pub user: u32,
    /// Its group.
    pub group: u32,
    /// Its mode, permissions and the sticky bit.
    pub mode: u32,
    /// Whether it is a folder.
    pub folder: bool,
}

/// Who can change the last of `chain`, or put another file in its place: `root`, and whoever else,
/// in the order `root, everyone, group 50, user 1000`. The chain begins with the root folder.
///
/// Access control lists are not looked at, and neither is whether a file system is read-only.
#[must_use]
pub fn writers(chain: &[Entry]) -> String {
    let mut writers = BTreeSet::new();
    for entry in chain {
        // In a sticky folder nobody replaces what is somebody else's.
        let shared = entry.folder && entry.mode & 0o1000 != 0;
        if entry.user != 0 {
            writers.insert(format!("user {}", entry.user));
        }
        if entry.mode & 0o020 != 0 && entry.group != 0 && !shared {
            writers.insert(format!("group {}", entry.group));
        }
        if entry.mode & 0o002 != 0 && !shared {
            writers.insert("everyone".to_owned());
        }
    }
    let all: Vec<String> = std::iter::once("root".to_owned()).chain(writers).collect();
    all.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(user: u32, group: u32, mode: u32, folder: bool) -> Entry {
        Entry { user, group, mode, folder }
    }

    #[test]
    fn what_only_root_can_write_to_is_roots() {
        assert_eq!(writers(&[entry(0, 0, 0o755, true), entry(0, 0, 0o664, false)]), "root");
        assert_eq!(writers(&[entry(0, 50, 0o755, true), entry(0, 0, 0o644, false)]), "root");
    }

    #[test]
    fn a_folder_on_the_way_counts_as_the_file_does() {
        let file = entry(0, 0, 0o644, false);
        assert_eq!(writers(&[entry(0, 0, 0o777, true), file]), "root, everyone");
        assert_eq!(writers(&[entry(0, 50, 0o775, true), file]), "root, group 50");
        assert_eq!(writers(&[entry(1000, 50, 0o755, true), file]), "root, user 1000");
        assert_eq!(writers(&[entry(0, 0, 0o1777, true), file]), "root");
        assert_eq!(writers(&[entry(7, 0, 0o1777, true), file]), "root, user 7");
    }

    #[test]
    fn the_file_itself_counts_sticky_or_not() {
        let writable = entry(3, 4, 0o1666, false);
        assert_eq!(writers(&[writable]), "root, everyone, group 4, user 3");
    }
}
