//! `cleanup-manifest`: the record of a deletion, one JSON object a line, each line tied to the one
//! before; and `cleanup-verification`, what a look at such a record found.

use serde::{Deserialize, Serialize};

use crate::cleanup::Rule;
use crate::{Generator, InputRef, PathText, Sha256, Tag};

/// One line of a manifest.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct ManifestLine {
    /// The document's kind and version.
    pub schema: Tag<Self>,
    /// SHA-256 of the line before, without its newline; 64 zeros in the first line.
    pub previous: Sha256,
    /// Number of the line, counted from 0.
    pub sequence: u64,
    /// What is recorded.
    pub event: ManifestEvent,
}

/// What a manifest records. Entries are named by their index in the plan, counted from 0; its
/// images are counted on behind the last entry, and have a path that says what they are.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum ManifestEvent {
    /// The plan that is about to be applied.
    Began {
        /// The tool that writes the record.
        generator: Generator,
        /// The plan's digest.
        digest: Sha256,
        /// The root.
        root: PathText,
        /// How many entries and images the plan has.
        entries: u64,
        /// The folder the entries are moved to, absolute; null: they are deleted.
        quarantine: Option<PathText>,
        /// When, in milliseconds since the Unix epoch.
        at_ms: u64,
    },
    /// An interrupted run is taken up again.
    Resumed {
        /// Bytes of a half-written line that were cut off before this one.
        torn_bytes: u64,
        /// When, in milliseconds since the Unix epoch.
        at_ms: u64,
    },
    /// The entries from `first` on are about to be worked off. On disk before the first of them is
    /// touched.
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
        /// Path below the root.
        path: PathText,
    },
    /// An entry was moved to the quarantine, with everything in it.
    Moved {
        /// Index in the plan of the entry itself.
        entry: u64,
        /// Index of the first entry that went with it; its content stands before it.
        first: u64,
        /// Path below the root.
        path: PathText,
        /// Name in the quarantine.
        name: String,
        /// Time of the last change of a folder's content, in nanoseconds since the Unix epoch,
        /// where moving that content away before has changed it.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        mtime_ns: Option<i64>,
    },
    /// An entry was kept.
    Kept {
        /// Index in the plan.
        entry: u64,
        /// Path below the root.
        path: PathText,
        /// The rule.
        rule: Rule,
        /// What was found.
        reason: String,
    },
    /// An entry is not there, though it was not seen to go: an interrupted run had announced it.
    GoneAfterIntent {
        /// Index in the plan.
        entry: u64,
        /// Path below the root.
        path: PathText,
    },
    /// The plan was worked off.
    Ended {
        /// Entries deleted or moved.
        done: u64,
        /// Entries kept.
        kept: u64,
        /// Entries that were gone after an interruption.
        gone: u64,
        /// When, in milliseconds since the Unix epoch.
        at_ms: u64,
    },
    /// Something was put back from the quarantine.
    Restored {
        /// Path below the root.
        path: PathText,
        /// Name it had in the quarantine.
        name: String,
        /// When, in milliseconds since the Unix epoch.
        at_ms: u64,
    },
}

/// What a look at a manifest found.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Verification {
    /// The document's kind and version.
    pub schema: Tag<Self>,
    /// The tool that made it.
    pub generator: Generator,
    /// The manifest.
    pub inputs: Vec<InputRef>,
    /// Whether every line is tied to the one before.
    pub intact: bool,
    /// Whether the run it records came to its end.
    pub complete: bool,
    /// Digest of the plan that was applied.
    pub digest: Sha256,
    /// Lines that hold.
    pub lines: u64,
    /// SHA-256 of the last line that holds.
    pub head: Sha256,
    /// Entries deleted or moved.
    pub done: u64,
    /// Entries kept.
    pub kept: u64,
    /// Entries that were gone after an interruption.
    pub gone: u64,
    /// What does not hold; empty exactly if `intact` and `complete`.
    pub problems: Vec<Problem>,
}

/// A place of a manifest that does not hold.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Problem {
    /// Line, counted from 1.
    pub line: u64,
    /// What is wrong there.
    pub reason: String,
}
