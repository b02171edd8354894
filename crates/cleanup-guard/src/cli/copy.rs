//! Reads a plan while it is copied, and tells its digest in the same pass.

use std::fs::File;
use std::io::Read;
use std::os::unix::fs::FileExt;
use std::path::Path;

use cleanup_guard::document::{self, DIGEST, Frame, Parts, Scan};
use contract::Sha256;
use plumb::{Failure, Run, Source};
use sha2::Digest as _;

use super::about;
use super::accept::Plan;
use crate::effects::entries::Entries;
use crate::effects::store::Store;

/// A plan is read in blocks of this size.
const BLOCK: u64 = 1 << 16;

/// The plan at `path`. `folder`: where there is room for a copy.
pub fn read(path: &Path, folder: &Path, run: &Run) -> Result<Plan, Failure> {
    match streamed(path, folder, run)? {
        Some(plan) => Ok(plan),
        None => whole(path, run),
    }
}

/// The plan, if its text is as this tool writes it.
fn streamed(path: &Path, folder: &Path, run: &Run) -> Result<Option<Plan>, Failure> {
    let Some(body) = body(path) else { return Ok(None) };
    let mut reader = run.open(&Source::File(path.to_owned()))?;
    let mut store = Store::beside(folder);
    let (mut scan, mut digest) = (Scan::default(), None);
    let (mut text, mut length) = (Vec::new(), 0);
    loop {
        // The digest counts what stands before it: there the reading pauses.
        let room = if length < body { BLOCK.min(body - length) } else { BLOCK };
        let held = text.len();
        text.resize(held + usize::try_from(room).unwrap_or_default(), 0);
        let count = reader.read(&mut text[held..]).map_err(|error| reader.failure(&error))?;
        text.truncate(held + count);
        if count == 0 {
            break;
        }
        store.add(&text[held..]).map_err(|error| cannot(folder, &error))?;
        length += count as u64;
        if length == body {
            digest = Some(Sha256::new(reader.sha256_with(b"}")));
        }
        let done = scan.look(&text, false);
        text.drain(..done);
    }
    scan.look(&text, true);
    let (Some(parts), Some(digest)) = (scan.end(), digest) else { return Ok(None) };
    let Some(frame) = frame(&store, &parts, length, &digest) else { return Ok(None) };
    let entries = Entries::new(store, parts);
    Ok(Some(Plan { frame, entries, digest: reader.finish()? }))
}

/// The plan, if it says what its digest was computed of, however it is spaced.
fn whole(path: &Path, run: &Run) -> Result<Plan, Failure> {
    let input = run.read(&Source::File(path.to_owned()))?;
    let text = document::compact(&input.json()?).unwrap_or_default();
    let changed = || input.failure("was changed after it was made: make a new plan");
    let body = memchr::memmem::rfind(&text, DIGEST).ok_or_else(changed)?;
    let hash = sha2::Sha256::new().chain_update(&text[..body]).chain_update(b"}");
    let digest = Sha256::new(hash.finalize().into());
    let mut scan = Scan::default();
    scan.look(&text, true);
    let parts = scan.end().ok_or_else(changed)?;
    let length = text.len() as u64;
    let store = Store::Memory(text);
    let frame = frame(&store, &parts, length, &digest).ok_or_else(changed)?;
    Ok(Plan { frame, entries: Entries::new(store, parts), digest: input.digest })
}

fn frame(store: &Store, parts: &Parts, length: u64, digest: &Sha256) -> Option<Frame> {
    let (mut before, mut after) = (Vec::new(), Vec::new());
    store.read(&(0..parts.entries.start), &mut before).ok()?;
    store.read(&(parts.entries.end..length), &mut after).ok()?;
    Frame::read(&before, after.trim_ascii_end(), parts.count as u64, digest)
}

/// How many bytes stand before the digest of a compact plan.
fn body(path: &Path) -> Option<u64> {
    let file = File::open(path).ok()?;
    let length = file.metadata().ok()?.len();
    let start = length.saturating_sub(4096);
    let mut tail = vec![0; usize::try_from(length - start).ok()?];
    file.read_exact_at(&mut tail, start).ok()?;
    let tail = tail.trim_ascii_end();
    let body = tail.len().checked_sub(DIGEST.len() + 64 + 2)?;
    let end = &tail[body..];
    (end.starts_with(DIGEST) && end.ends_with(b"\"}")).then_some(start + body as u64)
}

fn cannot(folder: &Path, error: &std::io::Error) -> Failure {
    let shown = if folder == Path::new("") { Path::new(".") } else { folder };
    about(shown, format!("no room for a copy of the plan: {error}"))
}
