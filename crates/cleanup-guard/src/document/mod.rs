//! The text of a plan: written while it is made, taken apart while it goes by.

mod planned;
mod scan;
mod writer;

pub use planned::Planned;
pub use scan::{DIGEST, Mark, Parts, SEAM, Scan};
pub use writer::{Head, Summary, Writer};

use contract::cleanup::Identity;
use contract::cleanup_plan::{Image, Plan, PlanTotals, Policy};
use contract::{PathText, Sha256, Tag};
use serde::Deserialize;

/// What a plan says, but for its entries.
#[derive(Clone, Debug)]
pub struct Frame {
    /// See [`Plan`].
    pub root: PathText,
    /// See [`Plan`].
    pub root_identity: Identity,
    /// See [`Plan`].
    pub created_ms: u64,
    /// See [`Plan`].
    pub expires_ms: u64,
    /// See [`Plan`].
    pub policy: Policy,
    /// See [`Plan`].
    pub images: Vec<Image>,
    /// See [`Plan`].
    pub totals: PlanTotals,
    /// See [`Plan`].
    pub digest: Sha256,
}

/// What stands before the entries.
#[derive(Deserialize)]
struct Before {
    #[serde(rename = "schema")]
    _schema: Tag<Plan>,
    root: PathText,
    root_identity: Identity,
    created_ms: u64,
    expires_ms: u64,
    policy: Policy,
    images: Vec<Image>,
}

/// What stands after them.
#[derive(Deserialize)]
struct After {
    totals: PlanTotals,
    digest: Sha256,
}

impl Frame {
    /// Reads what stands `before` and `after` the entries of a compact plan, which are `entries`.
    /// `None`: it is no plan, or not the one that `digest` was computed of.
    #[must_use]
    pub fn read(before: &[u8], after: &[u8], entries: u64, digest: &Sha256) -> Option<Self> {
        // The text before the entries ends in `,"entries":[`, the text after begins with `],`.
        let before = before.strip_suffix(scan::BEGIN)?;
        let after = after.strip_prefix(b"],")?;
        let before: Before = serde_json::from_slice(&[before, b"}"].concat()).ok()?;
        let after: After = serde_json::from_slice(&[b"{", after].concat()).ok()?;
        let Before { root, root_identity, created_ms, expires_ms, policy, images, .. } = before;
        let After { totals, digest: told } = after;
        let as_told =
            told == *digest && totals.entries == entries && totals.images == images.len() as u64;
        let frame = Self {
            root,
            root_identity,
            created_ms,
            expires_ms,
            policy,
            images,
            totals,
            digest: told,
        };
        as_told.then_some(frame)
    }
}

/// The compact text of a plan that may have been indented: what it says counts, not how it is
/// spaced.
pub fn compact(plan: &Plan) -> serde_json::Result<Vec<u8>> {
    serde_json::to_vec(plan)
}
