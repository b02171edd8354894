//! `cleanup-plan`, `cleanup-applied` and `cleanup-manifest`: what is to be deleted, what became of
//! it, and the record an auditor reads.

use serde::{Deserialize, Serialize};

use crate::{Generator, InputRef, PathText, Sha256, Tag};

/// Exactly what `apply` will do. Nothing is written while it is made.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Plan {
    /// The document's kind and version.
    pub schema: Tag<Self>,
    /// The tool that made it.
    pub generator: Generator,
    /// Lists the paths were read from.
    pub inputs: Vec<InputRef>,
    /// The folder every entry lies in, absolute.
    pub root: PathText,
    /// The root's own identity.
    pub root_identity: Identity,
    /// What is to be deleted, parents before their content.
    pub entries: Vec<Entry>,
    /// What was asked for and will not be touched.
    pub refused: Vec<Refusal>,
    /// Sums over `entries`.
    pub totals: PlanTotals,
    /// SHA-256 of root, entries and refusals in canonical form: what `--confirm` repeats.
    pub digest: Sha256,
}

/// What makes a file this file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Identity {
    /// Device number.
    pub device: u64,
    /// Inode number.
    pub inode: u64,
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
    /// A FIFO, socket or device.
    Special,
}

/// One thing to delete.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Entry {
    /// Path below the root; bytes that are not UTF-8 are shown as U+FFFD.
    pub path: String,
    /// The path's bytes in base64; present exactly if it is not UTF-8.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub path_bytes: Option<String>,
    /// Its type.
    #[serde(rename = "type")]
    pub kind: EntryType,
    /// Its identity when the plan was made.
    pub identity: Identity,
    /// Why it may go: the profile and the proof, or `explicit`.
    pub reason: String,
}

/// Something that will not be touched.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Refusal {
    /// The path as it was given.
    pub path: String,
    /// The path's bytes in base64; present exactly if it is not UTF-8.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub path_bytes: Option<String>,
    /// The rule that forbids it.
    pub rule: String,
    /// What the rule protects, and the way on.
    pub reason: String,
}

/// Sums over the entries of a plan.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct PlanTotals {
    /// Entries of any type.
    pub entries: u64,
    /// Bytes of regular files.
    pub bytes: u64,
    /// Things asked for and refused.
    pub refused: u64,
}

/// What became of a plan.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Applied {
    /// The document's kind and version.
    pub schema: Tag<Self>,
    /// The tool that made it.
    pub generator: Generator,
    /// The plan.
    pub inputs: Vec<InputRef>,
    /// The plan's digest.
    pub digest: Sha256,
    /// How many entries were deleted.
    pub deleted: u64,
    /// Bytes of the regular files among them.
    pub bytes: u64,
    /// Entries that were kept, each with the reason.
    pub kept: Vec<Refusal>,
    /// Where the manifest was written.
    pub manifest: PathText,
    /// The last link of the manifest's chain.
    pub manifest_head: Sha256,
}

/// One line of the manifest. Lines are chained: `previous` is the SHA-256 of the line before.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct ManifestLine {
    /// The document's kind and version.
    pub schema: Tag<Self>,
    /// SHA-256 of the line before without its newline; 64 zeros in the first line.
    pub previous: Sha256,
    /// Number of the line, counted from 0.
    pub sequence: u64,
    /// What is recorded.
    pub event: ManifestEvent,
}

/// What a manifest records.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum ManifestEvent {
    /// The plan that is about to be applied.
    Began {
        /// Its digest.
        digest: Sha256,
        /// The root.
        root: PathText,
        /// How many entries it has.
        entries: u64,
    },
    /// The entries from `first` on are about to be deleted.
    Intent {
        /// Index of the first entry.
        first: u64,
        /// How many.
        count: u64,
    },
    /// An entry was deleted.
    Deleted {
        /// Index in the plan.
        entry: u64,
    },
    /// An entry was kept.
    Kept {
        /// Index in the plan.
        entry: u64,
        /// Why.
        reason: String,
    },
    /// The plan was worked off.
    Ended {
        /// Entries deleted.
        deleted: u64,
        /// Entries kept.
        kept: u64,
    },
}
