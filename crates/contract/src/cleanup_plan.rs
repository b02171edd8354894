//! `cleanup-plan`: exactly what `apply` will do.

use serde::{Deserialize, Serialize};

use crate::cleanup::{EntryType, Identity, Refusal};
use crate::{Generator, InputRef, PathText, Sha256, Tag};

/// Exactly what `apply` will do. Nothing is written while it is made.
///
/// The fields stand in this order, so that a plan can be written while the tree is walked.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Plan {
    /// The document's kind and version.
    pub schema: Tag<Self>,
    /// The tool that made it.
    pub generator: Generator,
    /// Lists the paths were read from.
    pub inputs: Vec<InputRef>,
    /// The folder every entry lies in, absolute and free of links.
    pub root: PathText,
    /// The root's own identity.
    pub root_identity: Identity,
    /// When the plan was made, in milliseconds since the Unix epoch.
    pub created_ms: u64,
    /// When it stops being valid, in milliseconds since the Unix epoch.
    pub expires_ms: u64,
    /// What decided about the entries.
    pub policy: Policy,
    /// Container images that are to be removed after the entries.
    pub images: Vec<Image>,
    /// What is to be deleted, in that order: the content of a folder before the folder.
    pub entries: Vec<Entry>,
    /// What was asked for and will not be touched.
    pub refused: Vec<Refusal>,
    /// What a profile names, without a proof that it is disposable. Not touched.
    pub needs_review: Vec<Review>,
    /// Sums over the entries and what is kept.
    pub totals: PlanTotals,
    /// SHA-256 of the compact JSON text of all the fields above: what `--confirm` repeats.
    pub digest: Sha256,
}

/// What decided about the entries of a plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Policy {
    /// Profiles that were searched for, by name.
    pub profiles: Vec<String>,
    /// Paths below the root that were given or found by a profile; every entry is one of them or
    /// lies in one.
    pub targets: Vec<PathText>,
    /// Whether the target is a quarantine, which is deleted and never moved to another one.
    pub purge: bool,
    /// Repositories below the root that may be deleted, each named by the caller.
    pub allowed_repositories: Vec<PathText>,
    /// The folder that was named as the root, absolute and free of links. It is `root` itself,
    /// unless something outside of it was asked for: then `root` is the folder that holds both.
    pub given_root: PathText,
    /// The targets that lie outside of `given_root`, absolute. Each has to be confirmed by its path.
    pub outside: Vec<PathText>,
    /// The container runtimes that answered when images were looked for.
    pub runtimes: Vec<Runtime>,
}

/// A program that keeps container images.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Runtime {
    /// `docker`.
    Docker,
    /// `podman`.
    Podman,
}

/// A container image to remove. Its volumes and containers are never touched.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Image {
    /// Who keeps it.
    pub runtime: Runtime,
    /// Its id: 64 hexadecimal digits, as the runtime writes them, with or without `sha256:`.
    pub id: String,
    /// Its only name.
    pub name: String,
    /// When it was made, as the runtime writes it.
    pub created: String,
    /// Its size in bytes, as the runtime counts.
    pub bytes: u64,
    /// Why it may go: the profile and the proof.
    pub reason: String,
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

/// Something a profile names by its name alone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Review {
    /// Path below the root; bytes that are not UTF-8 are shown as U+FFFD.
    pub path: String,
    /// The path's bytes in base64; present exactly if it is not UTF-8.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub path_bytes: Option<String>,
    /// The profile.
    pub profile: String,
    /// The proofs that were looked for, and the way on.
    pub reason: String,
}

/// Sums of a plan.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct PlanTotals {
    /// Entries of any type.
    pub entries: u64,
    /// Regular files among them.
    pub files: u64,
    /// Folders among them.
    pub directories: u64,
    /// Bytes of the regular files.
    pub bytes: u64,
    /// Length of `refused`.
    pub refused: u64,
    /// Length of `needs_review`.
    pub needs_review: u64,
    /// Length of `images`.
    pub images: u64,
}
