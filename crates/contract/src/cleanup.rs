//! What the documents about a clean-up have in common: identities, types, and the rules by which
//! something is kept.

use serde::{Deserialize, Serialize};

use crate::PathText;

/// What makes a file this file, as `statx(2)` tells it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Identity {
    /// Device number (`makedev(major, minor)`).
    pub device: u64,
    /// Inode number.
    pub inode: u64,
    /// Id of the mount it is seen through; differs across a bind mount of the same device.
    pub mount: u64,
    /// Type and permission bits.
    pub mode: u32,
    /// Number of hard links.
    pub links: u64,
    /// Size in bytes.
    pub size: u64,
    /// Time of the last change of content, in nanoseconds since the Unix epoch.
    pub mtime_ns: i64,
    /// Time of the last change of the inode, in nanoseconds since the Unix epoch.
    pub ctime_ns: i64,
}

/// The type of a directory entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum EntryType {
    /// A regular file.
    File,
    /// A folder.
    Directory,
    /// A symbolic link; what it points at is never touched.
    Symlink,
    /// A named pipe.
    Fifo,
    /// A socket.
    Socket,
    /// A device node; the device itself is never touched.
    Device,
}

/// Something that will not be, or was not, touched.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Refusal {
    /// The path: as it was given, or below the root.
    pub path: String,
    /// The path's bytes in base64; present exactly if it is not UTF-8.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub path_bytes: Option<String>,
    /// The rule that forbids it.
    pub rule: Rule,
    /// What the rule protects, and the way on.
    pub reason: String,
}

impl Refusal {
    /// A refusal of the path with these bytes.
    #[must_use]
    pub fn new(path: &[u8], rule: Rule, reason: impl Into<String>) -> Self {
        let PathText { path, path_bytes } = PathText::new(path);
        Self { path, path_bytes, rule, reason: reason.into() }
    }
}

/// Why something is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Rule {
    /// The path is empty or nothing but white space: an unset variable.
    EmptyPath,
    /// The path contains `..`.
    ParentComponent,
    /// The path does not lie below the root.
    OutsideRoot,
    /// The path is the root itself, or contains it.
    RootItself,
    /// There is nothing at that path.
    Missing,
    /// A component of the path is a symbolic link.
    LinkInPath,
    /// The path ends with a slash and names a symbolic link.
    LinkWithSlash,
    /// The path is longer than can be handled.
    PathTooLong,
    /// A folder of the operating system, or one that contains such a folder.
    SystemFolder,
    /// Somebody's home, or a folder that contains it.
    HomeFolder,
    /// The folder the tool was started in, or one that contains it.
    CurrentFolder,
    /// A mount point, or something on another mount than the root.
    MountPoint,
    /// Something with a mount point inside.
    MountInside,
    /// Git knows the file.
    GitTracked,
    /// What git knows cannot be read.
    GitIndexUnreadable,
    /// A repository, a linked worktree, a submodule or a bare repository.
    NestedRepository,
    /// Part of a repository's own data.
    GitFolder,
    /// The file or its folder is immutable or append-only.
    Immutable,
    /// The system would not let the caller remove it.
    NotPermitted,
    /// The folder cannot be listed, so its content is not known.
    Unreadable,
    /// The folder has content that is kept.
    ContentKept,
    /// It is not what the plan saw.
    Changed,
    /// It was not there any more.
    Gone,
    /// Something that the plan does not name is in the folder.
    Appeared,
    /// The folder it lies in cannot be reached as it was when the plan was made.
    Unreachable,
    /// The plan, the manifest, or another file this run writes.
    OwnRecord,
    /// The system refused.
    SystemRefused,
    /// Something is in the way.
    Occupied,
    /// A container was made from the image, running or not.
    ImageInUse,
    /// The image has another name besides.
    ImageHasOtherName,
}

impl Rule {
    /// The word as it stands in documents.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::EmptyPath => "empty_path",
            Self::ParentComponent => "parent_component",
            Self::OutsideRoot => "outside_root",
            Self::RootItself => "root_itself",
            Self::Missing => "missing",
            Self::LinkInPath => "link_in_path",
            Self::LinkWithSlash => "link_with_slash",
            Self::PathTooLong => "path_too_long",
            Self::SystemFolder => "system_folder",
            Self::HomeFolder => "home_folder",
            Self::CurrentFolder => "current_folder",
            Self::MountPoint => "mount_point",
            Self::MountInside => "mount_inside",
            Self::GitTracked => "git_tracked",
            Self::GitIndexUnreadable => "git_index_unreadable",
            Self::NestedRepository => "nested_repository",
            Self::GitFolder => "git_folder",
            Self::Immutable => "immutable",
            Self::NotPermitted => "not_permitted",
            Self::Unreadable => "unreadable",
            Self::ContentKept => "content_kept",
            Self::Changed => "changed",
            Self::Gone => "gone",
            Self::Appeared => "appeared",
            Self::Unreachable => "unreachable",
            Self::OwnRecord => "own_record",
            Self::SystemRefused => "system_refused",
            Self::Occupied => "occupied",
            Self::ImageInUse => "image_in_use",
            Self::ImageHasOtherName => "image_has_other_name",
        }
    }
}
