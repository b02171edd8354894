//! Places that are never deleted, whatever the plan says.

use std::collections::BTreeMap;

use contract::cleanup::Rule;

use crate::rules::Forbidden;

/// Trees of the operating system: they and everything in them.
const SYSTEM_TREES: [&str; 13] = [
    "/bin", "/boot", "/dev", "/etc", "/lib", "/lib32", "/lib64", "/libx32", "/proc", "/run",
    "/sbin", "/sys", "/usr",
];

/// Places in those trees, below which people keep work of their own.
const OPENINGS: [&str; 4] = ["/dev/shm", "/usr/src", "/usr/local/src", "/run/user/*"];

/// Folders of which the direct content is the system's, too.
const SYSTEM_PARENTS: [&str; 4] = ["/", "/home", "/var", "/var/lib"];

/// Folders that only contain other people's things.
const SYSTEM_FOLDERS: [&str; 8] =
    ["/media", "/mnt", "/opt", "/root", "/snap", "/srv", "/tmp", "/var/tmp"];

/// What is protected in one run.
#[derive(Clone, Debug, Default)]
pub struct Protected {
    /// Absolute paths, each protected together with the folders it lies in.
    pub places: Vec<(Vec<u8>, Rule)>,
    /// Absolute paths, each protected like that, and everything in them, too.
    pub trees: Vec<(Vec<u8>, Rule)>,
    /// The places by device and inode.
    pub identities: BTreeMap<(u64, u64), Rule>,
}

impl Protected {
    /// Why the folder or file at `path` (absolute, free of links) must stay.
    #[must_use]
    pub fn by_path(&self, path: &[u8]) -> Option<Forbidden> {
        if is_system(path) {
            return Some(forbidden(Rule::SystemFolder));
        }
        let mut places = self.places.iter().chain(&self.trees);
        let place = places.find(|(place, _)| is_or_contains(path, place));
        let place =
            place.or_else(|| self.trees.iter().find(|(tree, _)| is_or_contains(tree, path)));
        place.map(|(_, rule)| forbidden(*rule))
    }

    /// Why the folder with this device and inode must stay.
    #[must_use]
    pub fn by_identity(&self, key: (u64, u64)) -> Option<Forbidden> {
        self.identities.get(&key).map(|rule| forbidden(*rule))
    }
}

fn forbidden(rule: Rule) -> Forbidden {
    let reason = match rule {
        Rule::HomeFolder => "a home folder or a parent of one: name what lies deeper in it",
        Rule::CurrentFolder => {
            "the current folder or a parent of it: start the tool from somewhere else"
        }
        Rule::GitFolder => {
            "objects that another repository borrows (its objects/info/alternates): `git repack -a` \
             there and remove that file first"
        }
        Rule::RootItself => "the root or a parent of it: name what lies in it",
        _ => "belongs to the operating system: use its package manager",
    };
    Forbidden::new(rule, reason)
}

/// Whether `folder` is `place` or one of the folders it lies in.
fn is_or_contains(folder: &[u8], place: &[u8]) -> bool {
    match place.strip_prefix(folder) {
        Some(rest) => rest.is_empty() || rest.starts_with(b"/") || folder == b"/",
        None => false,
    }
}

fn is_system(path: &[u8]) -> bool {
    let parent = match path.iter().rposition(|b| *b == b'/') {
        Some(0) | None => &b"/"[..],
        Some(end) => &path[..end],
    };
    let among = |list: &[&str], path: &[u8]| list.iter().any(|known| known.as_bytes() == path);
    if among(&SYSTEM_PARENTS, path) || among(&SYSTEM_FOLDERS, path) {
        return true;
    }
    if among(&SYSTEM_PARENTS, parent) && parent != b"/" && !among(&SYSTEM_FOLDERS, path) {
        return true;
    }
    let in_tree = SYSTEM_TREES.iter().any(|tree| is_or_contains(tree.as_bytes(), path));
    in_tree && !OPENINGS.iter().any(|opening| lies_in(path, opening))
}

/// Whether `path` lies in `opening` (and is not `opening` itself); `*` is any one name.
fn lies_in(path: &[u8], opening: &str) -> bool {
    let mut components = path.split(|b| *b == b'/');
    for expected in opening.split('/') {
        match components.next() {
            Some(found) if expected == "*" || found == expected.as_bytes() => {}
            _ => return false,
        }
    }
    components.next().is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_system_s_own_folders_are_protected() {
        for path in [
            "/",
            "/usr",
            "/usr/lib/x",
            "/etc/passwd",
            "/home",
            "/home/somebody",
            "/var",
            "/var/log",
            "/var/lib/dpkg",
            "/tmp",
            "/dev/shm",
            "/usr/local",
            "/usr/src",
            "/run/user/1000",
            "/opt",
        ] {
            assert!(is_system(path.as_bytes()), "{path}");
        }
    }

    #[test]
    fn people_s_work_is_not() {
        for path in [
            "/home/somebody/project/target",
            "/tmp/x",
            "/var/tmp/x",
            "/dev/shm/x",
            "/usr/src/linux",
            "/run/user/1000/x",
            "/opt/x",
            "/var/lib/jenkins/workspace",
            "/usrx",
            "/data/x",
        ] {
            assert!(!is_system(path.as_bytes()), "{path}");
        }
    }

    #[test]
    fn a_tree_protects_its_parents_and_its_content() {
        let trees = vec![(b"/data/me".to_vec(), Rule::GitFolder)];
        let protected = Protected { trees, ..Protected::default() };
        for path in [&b"/data/me"[..], b"/data", b"/data/me/x"] {
            assert!(protected.by_path(path).is_some());
        }
        assert!(
            protected.by_path(b"/data/m").is_none() && protected.by_path(b"/data/mex").is_none()
        );
    }

    #[test]
    fn a_place_protects_its_parents_and_not_its_content() {
        let places = vec![(b"/data/me".to_vec(), Rule::HomeFolder)];
        let protected = Protected { places, ..Protected::default() };
        assert!(protected.by_path(b"/data/me").is_some());
        assert!(protected.by_path(b"/data").is_some());
        assert!(protected.by_path(b"/data/me/x").is_none());
        assert!(protected.by_path(b"/data/m").is_none());
    }
}
