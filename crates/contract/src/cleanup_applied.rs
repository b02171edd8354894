//! `cleanup-applied` and `cleanup-restored`: what became of a plan, and of a quarantine.

use serde::{Deserialize, Serialize};

use crate::cleanup::Refusal;
use crate::{Generator, InputRef, PathText, Sha256, Tag};

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
    /// The folder entries were moved to; absent: they were deleted.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub quarantine: Option<PathText>,
    /// How many entries were deleted, or moved to the quarantine, and images removed, by all runs
    /// of this plan.
    pub done: u64,
    /// Bytes of the regular files among them.
    pub bytes: u64,
    /// Entries that an interrupted run had announced and that were not there afterwards.
    pub gone: u64,
    /// Entries that were kept, each with the reason.
    pub kept: Vec<Refusal>,
    /// Where the manifest was written.
    pub manifest: PathText,
    /// SHA-256 of the manifest's last line.
    pub manifest_head: Sha256,
}

/// What was put back from a quarantine.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Restored {
    /// The document's kind and version.
    pub schema: Tag<Self>,
    /// The tool that made it.
    pub generator: Generator,
    /// The manifest.
    pub inputs: Vec<InputRef>,
    /// The root things were put back into.
    pub root: PathText,
    /// Whether this is only what would be done.
    pub dry_run: bool,
    /// What was put back, or would be.
    pub restored: Vec<PathText>,
    /// What stayed in the quarantine, each with the reason.
    pub kept: Vec<Refusal>,
}
