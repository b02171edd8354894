//! Writes a plan while it is made, and tells its digest.

use std::io::{self, Write};

use contract::cleanup::{EntryType, Identity, Refusal};
use contract::cleanup_plan::{Image, Plan, PlanTotals, Policy, Review};
use contract::{Generator, InputRef, PathText, Sha256, Tag};
use serde::Serialize;
use sha2::Digest;

use crate::seen::Seen;

/// The fields of a plan that stand before its entries.
#[derive(Clone, Debug, Serialize)]
pub struct Head {
    /// See [`Plan`].
    pub schema: Tag<Plan>,
    /// See [`Plan`].
    pub generator: Generator,
    /// See [`Plan`].
    pub inputs: Vec<InputRef>,
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
}

/// An entry as it is written: [`contract::cleanup_plan::Entry`] without a copy of anything.
#[derive(Serialize)]
struct Line<'a> {
    path: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    path_bytes: Option<String>,
    #[serde(rename = "type")]
    kind: EntryType,
    identity: &'a Identity,
    reason: &'a str,
}

/// A plan that is being written.
pub struct Writer<W> {
    out: Hashing<W>,
    refused: Vec<Refusal>,
    reviews: Vec<Review>,
    totals: PlanTotals,
}

impl<W: Write> Writer<W> {
    /// Begins a plan.
    pub fn begin(out: W, head: &Head) -> io::Result<Self> {
        let mut out = Hashing { out, hash: sha2::Sha256::new(), buffer: Vec::with_capacity(BLOCK) };
        let text = serde_json::to_vec(head)?;
        out.put(text.strip_suffix(b"}").unwrap_or(&text))?;
        out.put(b",\"entries\":[")?;
        let totals = PlanTotals { images: head.images.len() as u64, ..PlanTotals::default() };
        Ok(Self { out, refused: Vec::new(), reviews: Vec::new(), totals })
    }

    /// Adds an entry.
    pub fn entry(&mut self, path: &[u8], seen: &Seen, reason: &str) -> io::Result<()> {
        if self.totals.entries > 0 {
            self.out.put(b",")?;
        }
        self.totals.entries += 1;
        match seen.kind {
            EntryType::File => {
                self.totals.files += 1;
                self.totals.bytes = self.totals.bytes.saturating_add(seen.identity.size);
            }
            EntryType::Directory => self.totals.directories += 1,
            _ => {}
        }
        let (kind, identity) = (seen.kind, &seen.identity);
        match std::str::from_utf8(path) {
            Ok(path) => self.out.json(&Line { path, path_bytes: None, kind, identity, reason }),
            Err(_) => {
                let PathText { path, path_bytes } = PathText::new(path);
                self.out.json(&Line { path: &path, path_bytes, kind, identity, reason })
            }
        }
    }

    /// Notes something that stays.
    pub fn refuse(&mut self, refusal: Refusal) {
        self.refused.push(refusal);
    }

    /// Notes something that a person has to look at.
    pub fn review(&mut self, review: Review) {
        self.reviews.push(review);
    }

    /// Ends the plan; gives back what it was written to, and what it says.
    pub fn end(mut self) -> io::Result<(W, Summary)> {
        self.totals.refused = self.refused.len() as u64;
        self.totals.needs_review = self.reviews.len() as u64;
        self.out.put(b"],\"refused\":")?;
        self.out.json(&self.refused)?;
        self.out.put(b",\"needs_review\":")?;
        self.out.json(&self.reviews)?;
        self.out.put(b",\"totals\":")?;
        self.out.json(&self.totals)?;
        let (mut out, digest) = self.out.end(b"}")?;
        out.write_all(format!(",\"digest\":\"{digest}\"}}\n").as_bytes())?;
        let (refused, reviews, totals) = (self.refused, self.reviews, self.totals);
        Ok((out, Summary { refused, reviews, totals, digest }))
    }
}

/// What a finished plan says, but for its entries.
#[derive(Clone, Debug)]
pub struct Summary {
    /// What stays.
    pub refused: Vec<Refusal>,
    /// What a person has to look at.
    pub reviews: Vec<Review>,
    /// Sums.
    pub totals: PlanTotals,
    /// What `--confirm` repeats.
    pub digest: Sha256,
}

const BLOCK: usize = 1 << 16;

struct Hashing<W> {
    out: W,
    hash: sha2::Sha256,
    buffer: Vec<u8>,
}

impl<W: Write> Hashing<W> {
    fn put(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.buffer.extend_from_slice(bytes);
        if self.buffer.len() >= BLOCK { self.flush() } else { Ok(()) }
    }

    fn json(&mut self, value: &impl Serialize) -> io::Result<()> {
        serde_json::to_writer(&mut self.buffer, value)?;
        if self.buffer.len() >= BLOCK { self.flush() } else { Ok(()) }
    }

    fn flush(&mut self) -> io::Result<()> {
        // The digest is of the plan's text as `jq -c` prints it: without escapes that need not be.
        self.hash.update(&self.buffer);
        escape::json::visible(&mut self.buffer, 0);
        self.out.write_all(&self.buffer)?;
        self.buffer.clear();
        Ok(())
    }

    /// The digest counts `closing`, which is not written.
    fn end(mut self, closing: &[u8]) -> io::Result<(W, Sha256)> {
        self.flush()?;
        self.hash.update(closing);
        Ok((self.out, Sha256::new(self.hash.finalize().into())))
    }
}
