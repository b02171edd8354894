//! Writes a plan while it is made, and tells its digest.

use std::borrow::Cow;
use std::io::{self, Write};

use contract::cleanup::{EntryType, Identity, Refusal};
use contract::cleanup_plan::{Plan, PlanTotals, Policy, Review};
use contract::{Generator, InputRef, PathText, Sha256, Tag};
use memchr::memmem;
use serde::{Deserialize, Serialize};
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
        let totals = PlanTotals::default();
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
        self.hash.update(&self.buffer);
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

/// What a digest stands behind in the text of a plan.
const DIGEST: &[u8] = b",\"digest\":\"";

/// The digest that the text of a plan should have: SHA-256 of its compact form without `digest`.
/// `None`: the text is not in that form.
fn of_compact(text: &[u8]) -> Option<Sha256> {
    let text = text.trim_ascii_end();
    let (body, tail) = text.split_at_checked(text.len().checked_sub(DIGEST.len() + 64 + 2)?)?;
    if !tail.starts_with(DIGEST) || !tail.ends_with(b"\"}") {
        return None;
    }
    let hash = sha2::Sha256::new().chain_update(body).chain_update(b"}");
    Some(Sha256::new(hash.finalize().into()))
}

/// A plan as it is read: entries one at a time, when they are needed.
pub struct Text<'a> {
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
    /// The text of each entry: [`Planned`] reads it.
    pub entries: Vec<&'a [u8]>,
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
}

/// What stands after them.
#[derive(Deserialize)]
struct After {
    totals: PlanTotals,
    digest: Sha256,
}

/// The end of one entry and the beginning of the next. No string can hold this: in a string, the
/// quotes would be escaped.
const SEAM: &[u8] = b"},{\"path\":";

impl<'a> Text<'a> {
    /// Takes the compact text of a plan apart, if it is what its digest says.
    #[must_use]
    pub fn read(text: &'a [u8]) -> Option<Self> {
        let digest = of_compact(text)?;
        let start = memmem::find(text, b",\"entries\":[")?;
        let end = memmem::rfind(text, b"],\"refused\":[")?;
        let inner = text.get(start + b",\"entries\":[".len()..end)?;
        let before = [&text[..start], b"}"].concat();
        let after = [b"{", &text[end + 2..]].concat();
        let before: Before = serde_json::from_slice(&before).ok()?;
        let after: After = serde_json::from_slice(&after).ok()?;
        let mut entries = Vec::new();
        let mut from = 0;
        for seam in memmem::find_iter(inner, SEAM) {
            entries.push(&inner[from..=seam]);
            from = seam + 2;
        }
        if !inner.is_empty() {
            entries.push(&inner[from..]);
        }
        let Before { root, root_identity, created_ms, expires_ms, policy, .. } = before;
        let After { totals, digest: told } = after;
        let as_told = told == digest && totals.entries == entries.len() as u64;
        let text =
            Self { root, root_identity, created_ms, expires_ms, policy, entries, totals, digest };
        as_told.then_some(text)
    }
}

/// An entry as it is read: [`contract::cleanup_plan::Entry`] without a copy of anything.
#[derive(Deserialize)]
pub struct Planned<'a> {
    /// The path, as it is shown.
    #[serde(borrow)]
    pub path: Cow<'a, str>,
    /// Its bytes in base64, if it is not UTF-8.
    #[serde(borrow, default)]
    pub path_bytes: Option<Cow<'a, str>>,
    /// Its type.
    #[serde(rename = "type")]
    pub kind: EntryType,
    /// Its identity when the plan was made.
    pub identity: Identity,
}

impl<'a> Planned<'a> {
    /// Reads an entry.
    pub fn read(text: &'a [u8]) -> serde_json::Result<Self> {
        serde_json::from_slice(text)
    }

    /// Whether the text can be that of a folder; cheaper than reading it.
    #[must_use]
    pub fn may_be_directory(text: &[u8]) -> bool {
        memmem::find(text, b"\"directory\"").is_some()
    }

    /// The path's own bytes; `None` if they cannot be told.
    #[must_use]
    pub fn bytes(&self) -> Option<Cow<'_, [u8]>> {
        match &self.path_bytes {
            None => Some(Cow::Borrowed(self.path.as_bytes())),
            Some(_) => self.text().bytes().map(Cow::Owned),
        }
    }

    /// The path, as documents write it.
    #[must_use]
    pub fn text(&self) -> PathText {
        let path_bytes = self.path_bytes.clone().map(Cow::into_owned);
        PathText { path: self.path.clone().into_owned(), path_bytes }
    }
}

/// The compact text of a plan that may have been indented: what it says counts, not how it is
/// spaced.
pub fn compact(plan: &Plan) -> serde_json::Result<Vec<u8>> {
    serde_json::to_vec(plan)
}
