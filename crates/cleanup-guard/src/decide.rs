//! Why something stays: from what was seen to a rule. No file is touched here.

use contract::cleanup::{EntryType, Rule};
use rustix::io::Errno;

use crate::git::Repo;
use crate::protected::Protected;
use crate::rules::Forbidden;
use crate::seen::Seen;

/// What an entry is held against.
pub struct Around<'a> {
    /// The mount of the root.
    pub mount: u64,
    /// The device of the root.
    pub device: u64,
    /// The caller.
    pub user: u32,
    /// Mode of the folder the entry lies in.
    pub folder_mode: u32,
    /// Owner of that folder.
    pub folder_owner: u32,
    /// Places that stay.
    pub protected: &'a Protected,
}

/// Why the entry must stay, from its own nature.
#[must_use]
pub fn entry(seen: &Seen, around: &Around<'_>) -> Option<Forbidden> {
    if seen.mount_root || seen.identity.mount != around.mount {
        return Some(Forbidden::new(
            Rule::MountPoint,
            "something is mounted here: unmount it first",
        ));
    }
    // A subvolume has no mount of its own. (Files may have other devices: overlayfs gives them
    // those of their layers.)
    if seen.kind == EntryType::Directory && seen.identity.device != around.device {
        return Some(Forbidden::new(
            Rule::MountPoint,
            "a subvolume of its own: delete it with the tools of its file system",
        ));
    }
    if seen.locked {
        return Some(immutable());
    }
    let sticky = around.folder_mode & 0o1000 != 0;
    let owners = [0, seen.owner, around.folder_owner];
    if sticky && around.user != 0 && !owners.contains(&around.user) {
        return Some(Forbidden::new(
            Rule::NotPermitted,
            "belongs to somebody else in a sticky folder: ask its owner",
        ));
    }
    if seen.kind == EntryType::Directory { around.protected.by_identity(seen.key()) } else { None }
}

/// Why `path` (absolute) must stay, from what git knows.
#[must_use]
pub fn tracked(repo: &Repo, path: &[u8]) -> Option<Forbidden> {
    let inside = repo.inside(path)?;
    match &repo.tracked {
        Err(why) => Some(Forbidden::new(
            Rule::GitIndexUnreadable,
            format!(
                "what git tracks in {} cannot be told: {why}; see `git status` there",
                String::from_utf8_lossy(&repo.top)
            ),
        )),
        Ok(tracked) if tracked.contains(inside) => {
            Some(Forbidden::new(Rule::GitTracked, "git tracks it: `git rm` it if it is to go"))
        }
        Ok(_) => None,
    }
}

/// A repository where none was named.
#[must_use]
pub fn nested() -> Forbidden {
    Forbidden::new(
        Rule::NestedRepository,
        "a repository of its own, with work that may be nowhere else: name it with \
         --allow-repository if it is to go",
    )
}

/// Part of a repository's own data.
#[must_use]
pub fn git_data() -> Forbidden {
    Forbidden::new(
        Rule::GitFolder,
        "part of a repository's own data: let its version control system clean it (`git gc`)",
    )
}

/// Something that cannot be removed at all.
#[must_use]
pub fn immutable() -> Forbidden {
    Forbidden::new(Rule::Immutable, "immutable or append-only: `chattr -i -a` it if that is meant")
}

/// Something that cannot be looked into.
#[must_use]
pub fn unreadable(error: Errno) -> Forbidden {
    Forbidden::new(Rule::Unreadable, format!("what lies in it cannot be told: {}", words(error)))
}

/// A folder that cannot be entered; `link`: because it is a link.
#[must_use]
pub fn blocked(error: Errno, link: bool, path: &[u8]) -> Forbidden {
    let shown = String::from_utf8_lossy(path);
    match error {
        _ if link => Forbidden::new(
            Rule::LinkInPath,
            format!("{shown} is a link, and links are never followed: use the real path"),
        ),
        Errno::NOENT => Forbidden::new(
            Rule::Missing,
            format!("there is no {shown}; paths are taken from the root"),
        ),
        Errno::NOTDIR => Forbidden::new(Rule::Missing, format!("{shown} is not a folder")),
        Errno::XDEV => Forbidden::new(
            Rule::MountPoint,
            format!("{shown} is on another mount: make a plan with a --root on that mount"),
        ),
        error => Forbidden::new(Rule::Unreadable, format!("{shown}: {}", words(error))),
    }
}

/// The system's words for an error.
#[must_use]
pub fn words(error: Errno) -> String {
    let text = std::io::Error::from(error).to_string();
    text.split(" (os error").next().unwrap_or_default().to_lowercase()
}
